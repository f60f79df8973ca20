"""A studio as a window has it: what it was told, and waiting for something to be told."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture.recorder_messages import Done, Event, Failed, Level, Position, State
from capture.studio import Gone, StudioSession, studio_folder
from capture.take import Take

PATIENCE_S = 25.0


class Studio:
    """A session and everything it told; ``take`` is what its takes are made from."""

    def __init__(self, media: Path, take: Take, *, reattach: bool = False, **given: object) -> None:
        self.media = media
        self.told: list[object] = []
        self._take = take
        folder = studio_folder(media)
        if reattach:
            session = StudioSession.reattach(folder, on_message=self.told.append)
            assert session is not None, "nothing is running"
        else:
            sources = {"camera": "none", "mic": "none", **given}
            session = StudioSession.open(folder, on_message=self.told.append, **sources)
        self.session = session

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()

    def folder(self, name: str) -> Path:
        return self.media / self._take.resource_id / name

    def record(self, name: str, **more: object) -> None:
        self.session.record(self.folder(name), replace(self._take, id=name), **more)

    def wait_for(self, true: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
        end_s = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < end_s, [each for each in self.told if not isinstance(each, Level)][-12:]
            assert not self.has_told(Gone), "the recorder has gone"
            time.sleep(0.01)

    def wait_until_live(self) -> None:
        def live() -> bool:
            devices = [each for each in (self.state.camera, self.state.mic) if each is not None]
            return bool(devices) and all(each.standing == "live" for each in devices)

        self.wait_for(live)

    def wait_until_recording(self, name: str = "", *, beyond_us: int = 0) -> None:
        begun = len(self.told)
        self.wait_for(
            lambda: self.state.state == "recording" and self.state.take == (name or self.state.take)
        )
        if beyond_us:
            self.wait_for(
                lambda: any(
                    isinstance(each, Position) and each.at_us > beyond_us for each in self.told[begun:]
                )
            )

    def done(self, name: str) -> Take:
        self.wait_for(lambda: name in [each.take.id for each in self.told if isinstance(each, Done)])
        return next(each.take for each in self.told if isinstance(each, Done) and each.take.id == name)

    def has_told(self, kind: type) -> bool:
        return any(isinstance(each, kind) for each in self.told)

    def failed(self) -> list[str]:
        return [each.key for each in self.told if isinstance(each, Failed)]

    def events(self) -> list[str]:
        return [each.key for each in self.told if isinstance(each, Event)]

    @property
    def state(self) -> State:
        return self.session.state
