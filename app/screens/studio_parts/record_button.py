"""The round button that starts and stops a take."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app import messages
from app.theme import current, follow
from app.widgets.paint import box


class RecordButton(QAbstractButton):
    """64 px: a red disc to start, a red square to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.recording = False
        self.show_recording(recording=False)
        follow(self.updateGeometry)

    def show_recording(self, *, recording: bool) -> None:
        """Say what a press does now."""
        self.recording = recording
        self.setAccessibleName(messages.text("studio.stop" if recording else "studio.record"))
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a circle."""
        side = current().height("record")
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring and disc or square."""
        painter = QPainter(self)
        side = float(min(self.width(), self.height()))
        ring = QRectF(1, 1, side - 2, side - 2)
        tint = "record-fill" if self.isEnabled() else "border-strong"
        box(painter, ring, edge=tint, radius=side / 2, width=3)
        if self.recording:
            box(painter, QRectF(side * 0.31, side * 0.31, side * 0.38, side * 0.38), fill=tint, radius=5)
        else:
            inner = side * (0.3 if self.isDown() else 0.34)
            middle = side / 2
            disc = QRectF(middle - inner, middle - inner, inner * 2, inner * 2)
            box(painter, disc, fill=tint, radius=inner)
