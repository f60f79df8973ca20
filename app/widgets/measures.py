"""Sliders and progress bars, painted from tokens."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QSlider, QWidget

from app.theme import Tint
from app.widgets.paint import box

_KNOB = 16


class Slider(QSlider):
    """A value on a line; a click goes there, arrows move one step, PageUp and PageDown ten."""

    def __init__(
        self, name: str, *, lowest: int = 0, highest: int = 100, value: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(name)
        self.setRange(lowest, highest)
        self.setPageStep(max((highest - lowest) // 10, 1))
        self.setValue(value)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the knob and for a finger."""
        return QSize(160, 28)

    def minimumSizeHint(self) -> QSize:
        """Return the shortest that can be aimed at."""
        return QSize(60, 28)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the click is."""
        self.setSliderDown(True)
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)

    def _go(self, event: QMouseEvent) -> None:
        room = max(self.width() - _KNOB, 1)
        share = min(max((event.position().x() - _KNOB / 2) / room, 0.0), 1.0)
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line and knob."""
        painter = QPainter(self)
        middle, span = self.height() / 2, max(self.maximum() - self.minimum(), 1)
        at = _KNOB / 2 + (self.value() - self.minimum()) / span * (self.width() - _KNOB)
        tint = "accent" if self.isEnabled() else "border-strong"
        box(painter, QRectF(0, middle - 2, self.width(), 4), fill="track", radius=2)
        box(painter, QRectF(0, middle - 2, at, 4), fill=tint, radius=2)
        knob = QRectF(at - _KNOB / 2, middle - _KNOB / 2, _KNOB, _KNOB)
        box(painter, knob, fill="surface", edge=tint, radius=_KNOB / 2, width=2)


class Progress(QProgressBar):
    """How far something is; without a known size it shows a quarter that does not move."""

    def __init__(self, name: str, *, tint: Tint = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tint = tint
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, 1000)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_fraction(self, fraction: float | None) -> None:
        """Show how far it is; None means that nobody knows yet."""
        self.setMaximum(0 if fraction is None else 1000)
        if fraction is not None:
            self.setValue(round(fraction * 1000))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a thin bar."""
        return QSize(120, 6)

    def minimumSizeHint(self) -> QSize:
        """Return the shortest that tells something."""
        return QSize(40, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter = QPainter(self)
        share = 0.25 if self.maximum() == 0 else self.value() / self.maximum()
        rect = QRectF(self.rect())
        box(painter, rect, fill="track", radius=rect.height() / 2)
        if share > 0:
            rect.setWidth(max(rect.width() * share, rect.height()))
            box(painter, rect, fill=self._tint, radius=rect.height() / 2)
