"""Things to tick and to switch, painted from tokens."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.theme import current, follow, pixmap
from app.widgets.paint import box, line, width_of

_GAP = 8


def tick_box(painter: QPainter, rect: QRectF, *, on: bool, enabled: bool = True) -> None:
    """Paint a tick box; also for rows of lists."""
    edge = "border-strong" if enabled else "border"
    box(painter, rect, fill="accent" if on else "surface", edge="accent" if on else edge, radius=4, width=1.5)
    if on:
        size = rect.width() * 0.75
        drawn = pixmap("check", "on-accent", size=12)
        painter.drawPixmap(
            QRectF(0, 0, size, size).translated(rect.center() - QPointF(size / 2, size / 2)),
            drawn,
            QRectF(drawn.rect()),
        )


class CheckBox(QCheckBox):
    """A box to tick; without a text of its own it needs ``name``."""

    def __init__(self, text: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(name or text)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the room of a box of 16 px and the text."""
        theme = current()
        wide = width_of(self.text(), theme.font("body")) + _GAP if self.text() else 0
        return QSize(theme.text(16) + wide + 4, theme.height("control-compact"))

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box and text."""
        painter, side = QPainter(self), current().text(16)
        mark = QRectF(1, (self.height() - side) / 2, side, side)
        tick_box(painter, mark, on=self.isChecked(), enabled=self.isEnabled())
        left = side + _GAP + 1
        room = QRect(left, 0, self.width() - left, self.height())
        line(painter, room, self.text(), tint="text" if self.isEnabled() else "text-disabled")


class Toggle(QCheckBox):
    """A switch that acts at once; its words stand beside it, so it needs ``name``."""

    def __init__(self, name: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setChecked(on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the room of the switch."""
        theme = current()
        return QSize(theme.text(34), max(theme.text(20), 28))

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the switch; the knob's place tells as much as the colour."""
        painter = QPainter(self)
        scale = current().text_percent / 100
        rect = QRectF(0, (self.height() - 20 * scale) / 2, 34 * scale, 20 * scale)
        on = self.isChecked()
        edge = ("accent" if on else "border-strong") if self.isEnabled() else "border"
        fill = ("accent" if self.isEnabled() else "track") if on else "surface"
        box(painter, rect, fill=fill, edge=edge, radius=10 * scale, width=1.5)
        side, left = (13 * scale, 17.5 * scale) if on else (11 * scale, 4.5 * scale)
        knob = QRectF(left, rect.center().y() - side / 2, side, side)
        box(painter, knob, fill="on-accent" if on else "border-strong", radius=side / 2)


__all__ = ["CheckBox", "Toggle", "tick_box"]
