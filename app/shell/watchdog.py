"""Measure how long the window was not listening, and name who kept it (DESIGN.md 1, Never 2)."""

from __future__ import annotations

import os
import signal
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, QTimer

_BEAT_MS = 10
_THREADS = Path("/proc/self/task")
_LINE_BYTES = 128  # three numbers


@dataclass(frozen=True, slots=True)
class Stall:
    """A stretch in which no event was handled; ``stack`` is what the main thread did meanwhile."""

    seconds: float
    stack: str


class Watchdog(QObject):
    """Beats on the event loop, and an alarm goes off where the beats do not come.

    Time in which other programs had the processor that a thread of ours was ready to use does not count,
    where the system tells it (Linux): whoever holds Python's lock then keeps everybody. On a computer that
    is idle there is none. The stack is taken by the main thread itself, in the handler of a signal: a frame
    held by another thread would keep a painter alive beyond its paint event.

    Args:
        longest_s: A stall beyond this is kept, with the stack where the system has such an alarm.
    """

    def __init__(self, *, longest_s: float = 0.25) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self.longest_s = 0.0
        self._limit_s = longest_s
        self._beat_s = self._waited_s = 0.0
        self._stack = ""
        self._files: dict[str, int] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Start to watch; on the main thread."""
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self._on_alarm)
        self._beat_s, self._waited_s = time.monotonic(), self._waited()
        self._timer.start()

    def stop(self) -> None:
        """End watching."""
        if not self._timer.isActive():
            return
        self._beat()
        self._timer.stop()
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for thread in list(self._files):
            self._close(thread)

    def _beat(self) -> None:
        now_s, waited_s = time.monotonic(), self._waited()
        stall_s = now_s - self._beat_s - _BEAT_MS / 1000 - max(waited_s - self._waited_s, 0.0)
        self.longest_s = max(self.longest_s, stall_s)
        if stall_s > self._limit_s:
            self.stalls.append(Stall(stall_s, self._stack))
        self._stack = ""
        self._beat_s, self._waited_s = now_s, waited_s
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, self._limit_s * 0.6)

    def _on_alarm(self, number: int, frame: FrameType | None) -> None:
        self._stack = "".join(traceback.format_stack(frame))

    def _waited(self) -> float:
        """Return how long our threads were ready and other programs had the processor, see proc(5).

        Files stay open: each call of the system gives Python's lock away, and may have to wait for it.
        """
        threads = os.listdir(_THREADS) if _THREADS.exists() else ()
        waited_ns = 0
        for thread in threads:
            try:
                if thread not in self._files:
                    self._files[thread] = os.open(_THREADS / thread / "schedstat", os.O_RDONLY)
                waited_ns += int(os.pread(self._files[thread], _LINE_BYTES, 0).split()[1])
            except (OSError, IndexError, ValueError):  # a thread that has just ended
                self._close(thread)
        for ended in self._files.keys() - set(threads):
            self._close(ended)
        return waited_ns / 1e9

    def _close(self, thread: str) -> None:
        if (file := self._files.pop(thread, None)) is not None:
            os.close(file)
