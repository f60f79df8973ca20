"""Collect Python's garbage on the main thread alone.

A widget in a cycle of references dies wherever the collector happens to run. In the thread of a job that is
forbidden to widgets, and ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class Sweep(QObject):
    """Collects on the event loop what is due, as Python would by itself, and nowhere else.

    Args:
        parent: Ends it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what was imported stays: it need not be looked through each time
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _sweep(self) -> None:
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(2 - due[::-1].index(True))
