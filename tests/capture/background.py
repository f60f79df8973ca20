"""A take that is being recorded while the test does something to its devices."""

import threading
import time
from pathlib import Path

from capture.recorder_messages import Event, Position
from capture.recording import record_take
from capture.take import Take
from capture.work import Work

HEARD_DB = -35.0


class Recording:
    """A take that is being recorded in the background, begun once it is beyond ``begun_us``."""

    begun_us = 0
    patience_s = 20.0

    def __init__(self, media: Path, take: Take, **sources: object) -> None:
        self.folder = media / take.resource_id / take.id
        self.told: list[object] = []
        self._work = Work()
        self._made: list[Take] = []
        given = {"camera": "none", "mic": "mic:lapel_mic", **sources}
        self._thread = threading.Thread(
            target=lambda: self._made.append(
                record_take(media=media, take=take, on_message=self.told.append, work=self._work, **given)
            ),
            daemon=True,  # a drill that fails must not hang
        )
        self._thread.start()
        self.wait_for(
            lambda: any(isinstance(each, Position) and each.at_us > self.begun_us for each in self.told)
        )

    @property
    def events(self) -> list[str]:
        return [each.key for each in self.told if isinstance(each, Event)]

    def wait_for(self, true, *, within_s: float | None = None) -> None:
        end_s = time.monotonic() + (within_s or self.patience_s)
        while not true():
            assert time.monotonic() < end_s, f"waited too long; told {self.events}"
            assert self._thread.is_alive(), self._made
            time.sleep(0.02)

    def wait_until_heard(self) -> None:
        """Until what is played now has been recorded: a player takes its time on a busy computer."""
        begun = len(self.told)
        self.wait_for(lambda: any(_is_loud(each) for each in self.told[begun:]))

    def wait_for_event(self, key: str) -> None:
        self.wait_for(lambda: key in self.events)

    def stop(self) -> Take:
        self._work.cancel()
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self._made[0]


def _is_loud(message: object) -> bool:
    return isinstance(message, Position) and message.peak_db is not None and message.peak_db > HEARD_DB
