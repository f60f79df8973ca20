"""One of two ways to start: a card with a radio mark, what it is and an icon; and what stands for a face."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.theme import current, follow, pixmap
from app.widgets.paint import box, line, lines, width_of


class OptionCard(QAbstractButton):
    """A way to choose, with a line about it."""

    def __init__(self, text: str, about: str, *, icon: str) -> None:
        super().__init__()
        self.about, self.icon_name = about, icon
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(about)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def _room(self, wide: int) -> QRect:
        theme = current()
        left = 16 + theme.text(16) + 12
        return QRect(left, 12, max(wide - left - theme.text(20) - 26, 40), 1000)

    def hasHeightForWidth(self) -> bool:
        """Return that large text may take two lines."""
        return True

    def heightForWidth(self, wide: int) -> int:
        """Return how high it is."""
        theme = current()
        room = self._room(wide).width()
        about = 1 if width_of(self.about, theme.font("caption")) <= room else 2
        return 24 + theme.line("label") + about * theme.line("caption")

    def sizeHint(self) -> QSize:
        """Return the room of both lines."""
        wide = width_of(self.text(), current().font("label")) + 100
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the least."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        painter, theme, on = QPainter(self), current(), self.isChecked()
        fill = "surface-selected" if on else "surface-hover" if self.underMouse() else "surface"
        edge = "accent" if on else "border-strong"
        box(painter, self.rect(), fill=fill, edge=edge, radius=theme.radius("card"), width=2 if on else 1)
        room, side = self._room(self.width()), theme.text(16)
        mark = QRectF(16, 12 + (theme.line("label") - side) / 2, side, side)
        box(painter, mark, fill="surface", edge=edge, radius=side / 2, width=1.5)
        if on:
            inner = mark.adjusted(*(side / 4,) * 2, *(-side / 4,) * 2)
            box(painter, inner, fill="accent", radius=side / 4)
        first = QRect(room.left(), 12, room.width(), theme.line("label"))
        line(painter, first, self.text(), role="label")
        below = QRect(room.left(), first.bottom() + 1, room.width(), 2 * theme.line("caption"))
        lines(painter, below, self.about, role="caption", tint="text-muted")
        at = QPointF(self.width() - theme.text(20) - 14, 12)
        painter.drawPixmap(at, pixmap(self.icon_name, "accent-text" if on else "text-muted", size=20))


class Initials(QWidget):
    """What stands for an expert's face: initials on a circle."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def show_letters(self, letters: str) -> None:
        """Show others."""
        self.letters = letters
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the circle."""
        return QSize(current().text(56), current().text(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circle and letters."""
        painter, rect = QPainter(self), self.rect()
        fill = "accent-soft" if self.letters else "surface-sunken"
        box(painter, rect, fill=fill, radius=rect.width() / 2)
        centre = Qt.AlignmentFlag.AlignHCenter
        line(painter, rect, self.letters, role="title", tint="accent-text", align=centre)
