"""Carry what a device delivers into the files of one take, whatever happens to the device meanwhile.

A track is fed by a device's own thread (``capture.feeds``), so that none can hold up another. A device that
was lost ends its file; when it returns, the take goes on in a new one.
"""

from __future__ import annotations

import errno
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from capture.take import Track as TrackName

US = 1_000_000

#: Told of an event: a key below ``events``, and when, on the recorder's clock.
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is in one file of a track; times count from the start of the take."""

    file: str
    first_us: int
    end_us: int


class Track(ABC):
    """One device on its way into the files of a take.

    Times count from the start of the take. They are written by the device's thread and read by others.

    Args:
        folder: The take's.
        start_us: The start of the take, on the monotonic clock.
        limit_us: Where to end by itself, or None.
        live: Whether the device may return when it is lost.
        tell: Told what happens to this device; may be called in its thread.
    """

    name: TrackName
    suffix: str

    def __init__(self, *, folder: Path, start_us: int, limit_us: int | None, live: bool, tell: Tell) -> None:
        self.pieces: tuple[Piece, ...] = ()
        self.lost = False
        self.start_us = start_us
        self.live = live
        self.tell = tell
        self._folder = folder
        self._limit_us = limit_us
        self._stop_us: int | None = None
        self._files = 0
        self._released = threading.Event()

    @property
    def first_us(self) -> int | None:
        """When the first of it begins, or None if there is nothing yet."""
        return self.pieces[0].first_us if self.pieces else None

    @property
    def end_us(self) -> int:
        """When the last of it ends."""
        return self.pieces[-1].end_us if self.pieces else 0

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return not self._released.is_set()

    def stop(self, at_us: int) -> None:
        """Ask it to take nothing that was captured after this moment."""
        self._stop_us = at_us if self._stop_us is None else min(at_us, self._stop_us)

    def beyond_limit(self, at_us: int) -> bool:
        """Whether the take is to end by itself before this moment."""
        return self._limit_us is not None and at_us >= self._limit_us

    def ended(self, at_us: int) -> bool:
        """Whether what is captured at this moment comes too late for the take."""
        return self.beyond_limit(at_us) or (self._stop_us is not None and at_us >= self._stop_us)

    def wants(self, at_us: int) -> bool:
        """Whether what is captured at this moment belongs to the take."""
        return at_us >= 0 and not self.ended(at_us)

    def join(self, timeout_s: float) -> bool:
        """Wait until the device's thread has let it go, but no longer than this; return whether it has."""
        return self._released.wait(timeout_s)

    # What the device's thread calls.

    def release(self) -> None:
        """Say that nothing more will come."""
        self._released.set()

    def give_up(self, error: Exception) -> None:
        """Take note that no more can be written; what is in the files is good."""
        key = "recorder.failed"
        if isinstance(error, OSError):
            key = "disk.full" if error.errno == errno.ENOSPC else "disk.failed"
        self.tell(key, self.end_us)
        self.release()

    def _next_path(self) -> Path:
        self._files += 1
        return self._folder / f"{self.name}-{self._files:03}{self.suffix}"

    def _grown(self, file: str, *, first_us: int, end_us: int) -> None:
        """Note how much is in the newest file."""
        before = self.pieces[:-1] if self.pieces and self.pieces[-1].file == file else self.pieces
        self.pieces = (*before, Piece(file, first_us, end_us))

    @abstractmethod
    def sync(self) -> None:
        """Make everything written so far last through a power cut; called from another thread."""

    @abstractmethod
    def finish(self) -> None:
        """Finish the newest file; called once nothing more comes.

        Raises:
            OSError: The disk is full or gone; what is in the file stays.
        """
