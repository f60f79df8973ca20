"""Three, two, one on the picture before a take begins."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.screens.studio_parts.picture import StudioPicture
from app.screens.studio_parts.ticking import BEFORE_MS

_SECOND_MS = 1000


class CountIn(QObject):
    """Counts down; ``nearly`` and ``over`` tell that it is time, unless it was called off."""

    nearly = Signal()
    over = Signal()

    def __init__(self, video: StudioPicture) -> None:
        super().__init__()
        self._video = video
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self._on_second)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.setInterval(_SECOND_MS - BEFORE_MS)
        self._last.timeout.connect(self.nearly)

    @property
    def running(self) -> bool:
        """Whether it counts."""
        return self._timer.isActive()

    def start(self, seconds: int) -> None:
        """Count from so many; from 0 it is over at once."""
        if seconds:
            self._timer.start()
            self._show(seconds)
        else:
            self.nearly.emit()
            self.over.emit()

    def call_off(self) -> None:
        """Count no more."""
        self._timer.stop()
        self._last.stop()
        self._show(0)

    def _on_second(self) -> None:
        self._show(self._video.count - 1)
        if self._video.count <= 0:
            self._timer.stop()
            self.over.emit()

    def _show(self, count: int) -> None:
        self._video.count = max(count, 0)
        if count == 1:
            self._last.start()
        self._video.update()
