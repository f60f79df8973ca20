"""Carry what a device delivers into its files, in a thread of its own, so that none can hold up another.

A live device that stalls or goes away ends its file; when it returns, it goes on in a new one. Whatever
may hang with a device (opening and closing it) happens in threads that nobody waits for.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from capture.devices import DeviceLostError
from capture.errors import UserError
from capture.take import Track as TrackName

US = 1_000_000
RETRY_S = 0.5
LET_GO_S = 1.0

log = logging.getLogger(__name__)

#: Told of an event: a key below ``events``, and when, on the recorder's clock.
Tell = Callable[[str, int], None]


class Closable(Protocol):
    """What every device has in common here."""

    @property
    def length_us(self) -> int | None:
        """None for a live one."""

    def close(self) -> None:
        """Let it go."""


Device = TypeVar("Device", bound=Closable)


@dataclass(frozen=True, slots=True)
class Piece:
    """What is in one file of a track; times count from the start of the recording."""

    file: str
    first_us: int
    end_us: int


class Track(ABC, Generic[Device]):
    """One device on its way into its files.

    Times count from the start of the recording. They are written by the track's thread and read by others.

    Args:
        device: Open already.
        reopen: Returns the same device, open again; may hang.
        folder: The take's.
        start_us: The start of the recording, on the monotonic clock.
        limit_us: Where to end by itself, or None.
        tell: Told what happens; called in the track's thread.
    """

    name: TrackName
    suffix: str

    def __init__(
        self,
        device: Device,
        *,
        reopen: Callable[[], Device],
        folder: Path,
        start_us: int,
        limit_us: int | None,
        tell: Tell,
    ) -> None:
        self.pieces: tuple[Piece, ...] = ()
        self.lost = False
        self._device = device
        self._reopen = reopen
        self._folder = folder
        self._start_us = start_us
        self._limit_us = limit_us
        self._tell = tell
        self._live = device.length_us is None
        self._files = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{self.name} track", daemon=True)

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
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; the device must be open."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end."""
        self._stop.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the end, but no longer than ``timeout_s``."""
        self._thread.join(timeout_s)

    @abstractmethod
    def sync(self) -> None:
        """Make everything written so far last through a power cut; called from another thread."""

    @abstractmethod
    def _begin(self, device: Device, path: Path) -> None:
        """Get the file ready for what this device will deliver."""

    @abstractmethod
    def _record(self, device: Device) -> None:
        """Write until the device ends or a stop is asked for."""

    @abstractmethod
    def _finish(self) -> None:
        """Finish the file."""

    def _ended(self, at_us: int) -> bool:
        return self._stop.is_set() or (self._limit_us is not None and at_us >= self._limit_us)

    def _now_us(self) -> int:
        return time.monotonic_ns() // 1000 - self._start_us

    def _grown(self, file: str, *, first_us: int, end_us: int) -> None:
        """Note how much is in the newest file."""
        before = self.pieces[:-1] if self.pieces and self.pieces[-1].file == file else self.pieces
        self.pieces = (*before, Piece(file, first_us, end_us))

    def prepare(self) -> None:
        """Get the first file ready, before anything is said to be recorded.

        Raises:
            OSError: It cannot be made.
        """
        self._prepare(self._device)

    def _prepare(self, device: Device) -> None:
        self._files += 1
        self._begin(device, self._folder / f"{self.name}-{self._files:03}{self.suffix}")

    def _run(self) -> None:
        device = self._device
        self._guarded(functools.partial(self._record, device))
        self._guarded(self._finish)
        while self.lost and self._live and not self._ended(self._now_us()):
            returned = self._wait_for(_Return(device, self._reopen))
            if returned is None:
                return
            device = returned
            self._guarded(functools.partial(self._go_on, device))
            self._guarded(self._finish)
        let_go(device, within_s=LET_GO_S)

    def _go_on(self, device: Device) -> None:
        self._prepare(device)
        self.lost = False
        self._tell(f"{self.name}.back", self._now_us())
        self._record(device)

    def _wait_for(self, back: _Return[Device]) -> Device | None:
        """Return the device, open again, or None if the take has ended before."""
        back.start()
        while not self._ended(self._now_us()):
            with contextlib.suppress(queue.Empty):
                return back.opened.get(timeout=0.05)
        back.give_up()
        return None

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except DeviceLostError as error:
            self.lost = True
            self._tell(error.event or f"{self.name}.lost", self._now_us() if self._live else self.end_us)
        except OSError as error:
            log.warning("cannot write the %s", self.name, exc_info=True)
            self._stop.set()
            self._tell("disk.full" if error.errno == errno.ENOSPC else "disk.failed", self.end_us)
        except Exception:  # a bug in one track must not take the other with it
            log.exception("the %s track failed", self.name)
            self._stop.set()
            self._tell("recorder.failed", self.end_us)


class _Return(threading.Thread, Generic[Device]):
    """Waits for a lost device to come back, in a thread that may hang for as long as the device does.

    Args:
        lost: The device that was lost; closed first.
        reopen: Returns it, open again.
    """

    def __init__(self, lost: Device, reopen: Callable[[], Device]) -> None:
        super().__init__(name="device return", daemon=True)
        self.opened: queue.SimpleQueue[Device] = queue.SimpleQueue()
        self._lost = lost
        self._reopen = reopen
        self._given_up = threading.Event()

    def give_up(self) -> None:
        """Try no more."""
        self._given_up.set()

    def run(self) -> None:
        """Try until it is there or nobody wants it any more."""
        try:
            self._lost.close()
        except Exception:  # it is lost already: what counts is whether it comes back
            log.exception("closing a lost device failed")
        while not self._given_up.is_set():
            try:
                device = self._reopen()
            except (UserError, OSError):
                self._given_up.wait(RETRY_S)
                continue
            if self._given_up.is_set():
                device.close()
            else:
                self.opened.put(device)
            return


def let_go(device: Closable, *, within_s: float) -> None:
    """Close a device, but leave it behind if that hangs."""
    closing = threading.Thread(target=device.close, name="close device", daemon=True)
    closing.start()
    closing.join(within_s)
