"""Let every slow function tell how far it is, and stop when asked.

A slow function is plain Python whose last keyword is ``work: Work``. The window and the command line
hand in a ``Work`` that shows progress; a test hands in a bare ``Work()``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Report = Callable[[float | None, str], None]


class Cancelled(Exception):
    """The person stopped the job. Nothing half-written may remain."""


class Work:
    """Progress and cancellation of one job; safe to use from several threads.

    Args:
        on_report: Told ``(fraction, note)``: 0 to 1, or None while no size is known, and a string key
            below ``work`` that says what is being done.
    """

    def __init__(self, on_report: Report | None = None) -> None:
        self._on_report = on_report
        self._cancelled = threading.Event()
        self._note = ""

    def report(self, fraction: float | None, note: str = "") -> None:
        """Tell how far the job is; an empty note keeps the last one."""
        self._note = note or self._note
        if self._on_report is not None:
            self._on_report(None if fraction is None else min(max(fraction, 0.0), 1.0), self._note)

    def checkpoint(self) -> None:
        """Raise ``Cancelled`` if the person has asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the job to stop at its next checkpoint."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._cancelled.is_set()

    def part(self, start: float, end: float) -> Work:
        """Return the ``Work`` of one step, whose 0 to 1 is ``start`` to ``end`` of this one."""

        def scaled(fraction: float | None, note: str) -> None:
            self.report(None if fraction is None else start + fraction * (end - start), note)

        step = Work(scaled)
        step._cancelled = self._cancelled
        return step

    def quiet(self) -> Work:
        """Return the ``Work`` of a step that can be stopped like this one but is too small to be shown."""
        step = Work()
        step._cancelled = self._cancelled
        return step
