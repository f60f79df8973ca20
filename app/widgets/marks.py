"""Small marks: badges, level bars, key caps, rows of them."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import messages
from app.theme import Tint, current, follow
from app.widgets.paint import box, level_bars, line, plate, plate_size, show_when, width_of
from editor.model import LEVELS, Level

BadgeKind = Literal["neutral", "ok", "warn", "record", "accent", "feedback"]

BADGE_TINTS: dict[BadgeKind, tuple[Tint, Tint]] = {
    "neutral": ("surface-sunken", "text-muted"),
    "ok": ("ok-soft", "ok"),
    "warn": ("warn-soft", "warn"),
    "record": ("record-soft", "record"),
    "accent": ("accent-soft", "accent-text"),
    "feedback": ("warn-fill", "on-warn"),
}

_CAP_GAP = 4


def caps_width(keys: tuple[str, ...]) -> int:
    """Return how wide the caps of a key are."""
    return sum(_cap_width(key) for key in keys) + _CAP_GAP * (len(keys) - 1)


def paint_caps(painter: QPainter, keys: tuple[str, ...], *, left: int, middle: int, tint: Tint) -> None:
    """Paint the caps of a key from ``left`` on."""
    high = current().text(20)
    for key in keys:
        rect = QRect(left, middle - high // 2, _cap_width(key), high)
        edge = tint if tint in ("on-accent", "text-disabled") else "border-strong"
        box(painter, rect, edge=edge, radius=4)
        line(painter, rect, key, role="caption-strong", tint=tint, align=Qt.AlignmentFlag.AlignHCenter)
        left += rect.width() + _CAP_GAP


def _cap_width(key: str) -> int:
    return max(width_of(key, current().font("caption-strong")) + 10, current().text(20))


class KeyCaps(QWidget):
    """The caps of a key, for hints and for the sheet of shortcuts."""

    def __init__(self, keys: tuple[str, ...], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = keys
        self.setAccessibleName(" ".join(keys))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the room of the caps."""
        return QSize(caps_width(self.keys), current().text(20) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caps."""
        paint_caps(QPainter(self), self.keys, left=0, middle=self.height() // 2, tint="text-muted")


class Badge(QWidget):
    """A word or two on a coloured plate, with an icon: colour never stands alone."""

    def __init__(
        self, text: str = "", *, kind: BadgeKind = "neutral", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text, kind=kind, icon=icon)
        follow(self.updateGeometry)

    def say(self, text: str, *, kind: BadgeKind = "neutral", icon: str = "") -> None:
        """Say something else."""
        self.text, self.kind, self.icon = text, kind, icon
        self.setAccessibleName(text)
        show_when(self, wanted=bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the plate."""
        return QSize(*plate_size(self.text, icon=self.icon))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plate."""
        fill, tint = BADGE_TINTS[self.kind]
        plate(QPainter(self), QPoint(0, 0), self.text, fill=fill, tint=tint, icon=self.icon)


class LevelBars(QWidget):
    """A level as bars and as a word."""

    def __init__(self, level: Level | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_level(level)
        follow(self.updateGeometry)

    def show_level(self, level: Level | None) -> None:
        """Show another level, or none."""
        self.level = level
        self.text = messages.text(f"level.{level}") if level else ""
        self.setAccessibleName(self.text)
        show_when(self, wanted=level is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of bars and word."""
        theme = current()
        return QSize(theme.text(22) + width_of(self.text, theme.font("caption-strong")) + 2, theme.text(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars and word."""
        painter = QPainter(self)
        scale = current().text_percent / 100
        number = LEVELS.index(self.level) + 1 if self.level else 0
        left = level_bars(painter, 0, self.height() // 2, number, scale=scale) + current().text(6)
        line(
            painter, self.rect().adjusted(left, 0, 0, 0), self.text, role="caption-strong", tint="text-muted"
        )
