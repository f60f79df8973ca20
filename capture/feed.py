"""Read one device for as long as a session lasts, and hand what it delivers to the take being recorded.

A device that stalls or goes away is waited for and taken back. Whatever may hang with a device (opening and
closing it) happens in threads that nobody waits for.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Generic, Literal, TypeVar

from capture.device_return import RETRY_S, Device, Return, let_go
from capture.devices import DeviceLostError
from capture.errors import UserError
from capture.recorder_messages import DeviceState, Standing
from capture.tracks import Tell, Track

US = 1_000_000
LET_GO_S = 1.0

log = logging.getLogger(__name__)


Item = TypeVar("Item")
TrackType = TypeVar("TrackType", bound=Track)
_End = Literal["over", "lost", "closed"]


class Feed(ABC, Generic[Device, Item, TrackType]):
    """A device, read in a thread of its own.

    A device that plays a file plays it from its beginning for every take, and over and over in between.

    Args:
        source: As in ``lapel record``.
        device: It, open already; None to open it in the thread, for as long as that takes.
        loops: Whether a file is played again when it has come to its end.
        after: The feed that this one takes the place of: its device must be closed before.
        tell: Told what happens while no take is recorded.
        on_standing: Told whenever the device came or went.
    """

    name: str
    opens_within_s: float

    def __init__(
        self,
        source: str,
        device: Device | None,
        *,
        loops: bool = True,
        after: Feed[Device, Item, TrackType] | None = None,
        tell: Tell,
        on_standing: Callable[[], None],
    ) -> None:
        self.source = source
        self._device = device
        self._loops = loops
        self._after = after
        self._tell = tell
        self._on_standing = on_standing
        self._standing: Standing = "opening" if device is None else "live"
        self._trouble: UserError | None = None
        self._lost_event = ""
        self._zero_us = 0
        self._track: TrackType | None = None
        self._wanted: TrackType | None = None
        self._go = threading.Event()
        self._go.set()
        self._closing = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{self.name} feed", daemon=True)

    @property
    def device(self) -> Device | None:
        """The device as it was opened last, or None if it has not been there yet."""
        return self._device

    @property
    def is_live(self) -> bool:
        """Whether it delivers as life goes on, and not out of a file."""
        return self._device is None or self._device.length_us is None

    @property
    def _device_is_away(self) -> bool:
        return self._standing in {"opening", "lost"}

    @property
    def delivers(self) -> bool:
        """Whether it is there at this moment."""
        return self._standing == "live"

    @property
    def state(self) -> DeviceState:
        """What a window shows of it."""
        device, trouble = self._device, self._trouble
        return DeviceState(
            source=self.source,
            id=device.id if device is not None else self.source,
            name=device.name if device is not None else "",
            standing=self._standing,
            trouble=trouble.message_key if trouble is not None else "",
            params={key: str(value) for key, value in trouble.params.items()} if trouble is not None else {},
            exit_code=trouble.exit_code if trouble is not None else UserError.exit_code,
        )

    def start(self, zero_us: int) -> None:
        """Begin to read; times count from ``zero_us`` on the monotonic clock."""
        self._zero_us = zero_us
        self._thread.start()

    def hold(self) -> None:
        """Let what is captured from now on wait for the next track; to be followed by ``go_on``."""
        self._go.clear()

    def go_on(self, track: TrackType | None = None) -> None:
        """Go on, and hand over everything to this track, as far as it belongs there.

        A track that was stopped before and still has something to come gets that first.
        """
        self._wanted = track if track is not None else self._wanted
        self._go.set()
        if self._over.is_set():
            self._release_all()

    def close(self) -> None:
        """Ask it to end and to let the device go."""
        self._closing.set()
        self._go.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the end, but no longer than this."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    @abstractmethod
    def _opened_again(self) -> Device:
        """Return the device, open again; may hang.

        Raises:
            UserError: It is not there yet.
        """

    @abstractmethod
    def _items(self, device: Device) -> Iterator[Item]:
        """Yield what it delivers; times count from ``_zero_us``."""

    @abstractmethod
    def _opened(self, device: Device) -> None:
        """Get ready for a device that was opened anew."""

    @abstractmethod
    def _begin_file(self, track: TrackType) -> None:
        """Let a track begin a new file: for its take, or for a device that returned."""

    @abstractmethod
    def _is_over(self, item: Item, track: TrackType) -> bool:
        """Whether this and what follows comes too late for a track."""

    @abstractmethod
    def _heed(self, item: Item, track: TrackType | None) -> None:
        """Measure what came, and give it to the track."""

    @abstractmethod
    def _drain_into(self, track: TrackType) -> None:
        """Give a track what was held back of a device that delivers no more."""

    def _say(self, key: str, at_us: int) -> None:
        """Tell an event at a time on the monotonic clock."""
        track = self._track
        if track is not None:
            track.tell(key, at_us - track.start_us)
        else:
            self._tell(key, at_us)

    # The thread.

    def _run(self) -> None:
        try:
            self._go_on_reading()
        except Exception:  # a bug: the takes must come to an end all the same
            log.exception("the %s is read no more", self.name)
            self._standing = "gone"
            self._on_standing()
        finally:
            self._standing = "gone"
            self._over.set()
            self._release_all()

    def _release_all(self) -> None:
        """Let the tracks go: nothing more will come."""
        self._leave_track()
        if self._take_track():
            self._leave_track()

    def _go_on_reading(self) -> None:
        device = self._device if self._device is not None else self._returned(None)
        while device is not None:
            self._device = device
            end = self._read(device)
            if end == "lost" and not self.is_live:
                self._closing.wait(RETRY_S)
            if end == "closed" or self._closing.is_set() or not (self.is_live or self._loops):
                let_go(device, within_s=LET_GO_S)
                break
            device = self._returned(device)

    def _read(self, device: Device) -> _End:
        """Hand on what the device delivers until it ends, is lost, or is to begin anew."""
        self._take_track()
        if not self.is_live:
            self._zero_us = self._track.start_us if self._track is not None else now_us()
        self._take_up(device)
        try:
            for item in self._items(device):
                self._go.wait()
                if self._closing.is_set():
                    return "closed"
                dropped = self._drop_track_after(item)
                took = self._take_track()
                if (dropped or took) and not self.is_live:
                    return "over"
                if took:
                    self._begin()
                self._heed_safely(item)
        except DeviceLostError as error:
            self._lose(error.event or f"{self.name}.lost")
            return "lost"
        except Exception:  # a bug, or a driver's: what else works goes on
            log.exception("reading the %s failed", self.name)
            self._lose("recorder.failed")
            return "lost"
        self._drain()
        return "over"

    def _take_up(self, device: Device) -> None:
        """Begin with a device that was opened anew."""
        self._standing, self._trouble = "live", None
        self._opened(device)
        track, event = self._track, self._lost_event
        self._lost_event = ""
        if track is not None:
            track.lost = False
            self._begin()
        if event:
            self._say(f"{self.name}.back", now_us())
        self._on_standing()

    def _begin(self) -> None:
        with self._writing() as track:
            self._begin_file(track)

    def _drop_track_after(self, item: Item) -> bool:
        """Let the track go if this comes too late for it; return whether."""
        track = self._track
        if track is None or not self._is_over(item, track):
            return False
        self._drain()
        return True

    def _heed_safely(self, item: Item) -> None:
        if self._track is None:
            self._heed(item, None)
            return
        with self._writing() as track:
            self._heed(item, track)

    def _lose(self, event: str) -> None:
        self._standing, self._lost_event = "lost", event
        track = self._track
        if track is None:
            self._tell(event, now_us())
        else:
            track.lost = True
            track.tell(event, now_us() - track.start_us if self.is_live else track.end_us)
            with self._writing():
                self._drain_into(track)
                track.finish()
            if not self.is_live:
                self._leave_track()
        self._on_standing()

    def _drain(self) -> None:
        """Let the track go, with what was held back if the device has come to its end."""
        if self._track is not None and not self.is_live:
            with self._writing() as track:
                self._drain_into(track)
        self._leave_track()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[TrackType]:
        """Let a track go whose files cannot be written, and nothing else come of it."""
        track = self._track
        if track is None:
            raise ValueError("no take is being recorded")
        try:
            yield track
        except Exception as error:
            log.exception("cannot go on with the %s track", self.name)
            self._track = None
            track.give_up(error)

    def _take_track(self) -> bool:
        """Take the track that waits, once the one before has all of its own; return whether there was one."""
        if self._track is not None or self._wanted is None:
            return False
        self._track, self._wanted = self._wanted, None
        return True

    def _leave_track(self) -> None:
        track, self._track = self._track, None
        if track is not None:
            track.release()

    def _returned(self, before: Device | None) -> Device | None:
        """Return the device, open again, or None if it is wanted no more."""
        back = Return(
            before,
            self._opened_again,
            name=before.name if before is not None else self.source,
            within_s=self.opens_within_s,
            after=self._after.join if self._after is not None else None,
        )
        self._after = None
        back.start()
        while not self._closing.is_set():
            with contextlib.suppress(queue.Empty):
                return back.opened.get(timeout=0.05)
            if back.trouble is not None and self._trouble is None:
                self._standing, self._trouble = "lost", back.trouble
                self._lost_event = self._lost_event or f"{self.name}.lost"
                self._on_standing()
            self._wait_with_track()
        back.give_up()
        return None

    def _wait_with_track(self) -> None:
        """See after the take while the device is not there."""
        track = self._track
        is_over = track is not None and track.ended(now_us() - track.start_us)
        if is_over and self._device_is_away:  # not while a file is only being wound back
            self._leave_track()
        if self._take_track() and self._track is not None and self._device_is_away:
            self._lost_event = self._lost_event or f"{self.name}.lost"
            self._track.lost = True
            self._track.tell(self._lost_event, 0)


def now_us() -> int:
    """Return the time on the monotonic clock."""
    return time.monotonic_ns() // 1000
