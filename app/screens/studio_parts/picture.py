"""What the camera sees, and what is said over it: recording, device, framing, count-in, advice."""

from __future__ import annotations

import math
import time

import numpy as np
from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLayout, QVBoxLayout

from app import messages
from app.screens.studio_parts.alerts import AlertStack
from app.theme import current
from app.widgets.paint import box, faded, line, plate, plate_size
from app.widgets.video import VideoSurface
from capture.preview_ring import PreviewFrame

_BREATH_MS = 100
_FAINTEST = 0.55


def dot_opacity(at_s: float) -> float:
    """Return how much of the record dot is seen at a moment: once a second from all of it to 55 %."""
    return _FAINTEST + (1 - _FAINTEST) * (0.5 + 0.5 * math.cos(2 * math.pi * at_s))


class StudioPicture(VideoSurface):
    """The live picture with its overlays."""

    def __init__(self) -> None:
        super().__init__(messages.text("studio.picture_name"))
        self.grid = False
        self._recording = False
        self.device = ""
        self.device_icon = "video"
        self.count = 0
        self.advice = ""
        self._plate = QRect()
        self._breath = QTimer(self)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self._breathe)
        self.alerts = AlertStack()
        self._over = QVBoxLayout(self)
        self._over.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._over.addWidget(self.alerts)
        self._over.addStretch(1)

    def show_grid(self, *, on: bool) -> None:
        """Show the grid that helps to frame."""
        self.grid = on
        self.update()

    def show_recording(self, *, on: bool) -> None:
        """Show the red frame, and a dot that breathes once a second unless motion is to be less."""
        if on != self._recording:
            self._recording = on
            self._breath.start() if on else self._breath.stop()
            self.update()

    def _breathe(self) -> None:
        if current().moving:
            self.update(self._plate)

    def show_preview(self, frame: PreviewFrame) -> None:
        """Show a picture of the recorder."""
        rgb = np.frombuffer(frame.rgb, np.uint8).reshape(frame.height_px, frame.width_px, 3)
        pixels = np.empty((frame.height_px, frame.width_px, 4), np.uint8)
        pixels[..., :3] = rgb[..., ::-1]
        pixels[..., 3] = 255
        self.show_pixels(pixels)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, then what is said over it."""
        super().paintEvent(event)
        painter = QPainter(self)
        where = self.picture_rect() if self.has_picture else self.rect()
        self._place_alerts(where)
        if self.grid and self.has_picture:
            self._paint_grid(painter, where)
        if self._recording:
            self._paint_recording(painter, where)
        if self.device:
            wide = plate_size(self.device, icon=self.device_icon)[0]
            at = QPoint(where.right() - wide - 12, where.top() + 12)
            plate(
                painter,
                at,
                self.device,
                fill="scrim",
                tint="on-scrim",
                icon=self.device_icon,
                height=current().text(24),
            )
        if self.advice and self.has_picture:
            high = current().text(24)
            at = QPoint(where.left() + 12, where.bottom() - high - 12)
            plate(painter, at, self.advice, fill="scrim", tint="on-scrim", icon="scan-face", height=high)
        if self.count:
            self._paint_count(painter, where)

    def _place_alerts(self, where: QRect) -> None:
        """Let warnings lie on the picture, below the plates of its upper corners."""
        side = where.left() + 12
        margins = QMargins(side, where.top() + current().text(46), side, 12)
        if margins != self._over.contentsMargins():
            self._over.setContentsMargins(margins)

    def _paint_grid(self, painter: QPainter, where: QRect) -> None:
        painter.setPen(QPen(faded(current().colour("on-scrim"), 0.45), 1))
        for n in (1, 2):
            x, y = where.left() + where.width() * n // 3, where.top() + where.height() * n // 3
            painter.drawLine(x, where.top(), x, where.bottom())
            painter.drawLine(where.left(), y, where.right(), y)

    def _paint_recording(self, painter: QPainter, where: QRect) -> None:
        theme = current()
        text = messages.text("studio.rec")
        rect = QRect(where.left() + 12, where.top() + 12, theme.text(58), theme.text(26))
        self._plate = rect
        box(painter, rect, fill="record-fill", radius=4)
        dot = QRectF(rect.left() + 9, rect.center().y() - 4, 8, 8)
        painter.setOpacity(dot_opacity(time.monotonic()) if theme.moving else 1.0)
        box(painter, dot, fill="on-record", radius=4)
        painter.setOpacity(1.0)
        line(painter, rect.adjusted(24, 0, -4, 0), text, role="caption-strong", tint="on-record")
        painter.setPen(QPen(theme.colour("record-fill"), 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(1, 1, -2, -2))

    def _paint_count(self, painter: QPainter, where: QRect) -> None:
        theme = current()
        side = min(where.height() // 2, 180)
        circle = QRectF(0, 0, side, side)
        circle.moveCenter(where.center().toPointF())
        box(painter, circle, fill="scrim", radius=side / 2)
        font = theme.font("display")
        font.setPixelSize(side // 2)
        painter.setFont(font)
        painter.setPen(theme.colour("on-scrim"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self.count))
