"""Buttons: what they say, their icon and their key, painted from tokens."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from app.theme import Tint, TypeRole, current, follow, pixmap
from app.widgets import marks
from app.widgets.paint import set_property, width_of

Kind = Literal["standard", "primary", "plain", "link", "danger"]
Size = Literal["small", "normal", "large"]

_HEIGHTS: dict[Size, str] = {"small": "control-compact", "normal": "control", "large": "control-large"}
_ICON_PX: dict[Size, int] = {"small": 14, "normal": 16, "large": 18}
_TINTS: dict[Kind, Tint] = {
    "standard": "text",
    "primary": "on-accent",
    "plain": "text",
    "link": "accent-text",
    "danger": "record",
}


class Button(QPushButton):
    """A button with a text, perhaps an icon before or after it, and perhaps the caps of its key.

    Args:
        text: What it does.
        icon: Lucide icon before the text.
        after: Lucide icon after the text, as the arrow of "Open Studio".
        kind: ``primary`` once a screen; ``plain`` has no edge; ``link`` is text; ``danger`` erases.
        size: 28, 32 or 40 px high.
        keys: Its key as caps: ``("Ctrl", "↵")``.
        checkable: Whether it stays pressed.
    """

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        after: str = "",
        kind: Kind = "standard",
        size: Size = "normal",
        keys: tuple[str, ...] = (),
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.icon_name, self.after_name, self.kind, self.look_size, self.keys = icon, after, kind, size, keys
        self.setCheckable(checkable)
        self.setProperty("kind", kind)
        self.setProperty("size", size)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        follow(self.retheme)

    def retheme(self) -> None:
        """Take the font of the theme and measure again."""
        self.setFont(current().font(self.role))
        self.updateGeometry()
        self.update()

    @property
    def role(self) -> TypeRole:
        """The type of its text."""
        if self.look_size == "small":
            return "caption-strong"
        return "label" if self.kind in ("primary", "link") or self.look_size == "large" else "strong"

    def set_icon(self, icon: str) -> None:
        """Show another icon before the text."""
        self.icon_name = icon
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Become primary, plain and so on."""
        self.kind = kind
        set_property(self, "kind", kind)
        self.retheme()

    def sizeHint(self) -> QSize:
        """Return the room of icon, text and caps."""
        theme = current()
        if self.kind == "link":
            return QSize(self._content_width() + 10, theme.height("chip"))
        pad = {"small": 9, "normal": 13, "large": 17}[self.look_size]
        return QSize(self._content_width() + 2 * pad, theme.height(_HEIGHTS[self.look_size]))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a button's text is never cut."""
        return self.sizeHint()

    def _parts(self) -> list[int]:
        """Return the widths of what it shows, in order."""
        side = current().text(_ICON_PX[self.look_size])
        widths = [side] if self.icon_name else []
        if self.text():
            widths.append(width_of(self.text(), current().font(self.role)))
        if self.after_name:
            widths.append(side)
        if self.keys:
            widths.append(marks.caps_width(self.keys))
        return widths

    def _content_width(self) -> int:
        widths = self._parts()
        return sum(widths) + self._gap * max(len(widths) - 1, 0)

    @property
    def _gap(self) -> int:
        return 8 if self.look_size == "large" else 6

    @property
    def _tint(self) -> Tint:
        if not self.isEnabled():
            return "text-disabled"
        return "accent-text" if self.isChecked() else _TINTS[self.kind]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the style sheet paint the ground, and paint the rest."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        left = max((self.width() - self._content_width()) // 2, 2)
        middle = self.height() / 2
        side = current().text(_ICON_PX[self.look_size])
        if self.icon_name:
            self._paint_icon(painter, self.icon_name, left, middle)
            left += side + self._gap
        if self.text():
            wide = width_of(self.text(), current().font(self.role))
            painter.setFont(self.font())
            painter.setPen(current().colour(self._tint))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(QRect(left, 0, wide + 2, self.height()), int(flags), self.text())
            left += wide + self._gap
        if self.after_name:
            self._paint_icon(painter, self.after_name, left, middle)
            left += side + self._gap
        if self.keys:
            quiet = self._tint if self.kind == "primary" or not self.isEnabled() else "text-muted"
            marks.paint_caps(painter, self.keys, left=left, middle=round(middle), tint=quiet)

    def _paint_icon(self, painter: QPainter, name: str, left: int, middle: float) -> None:
        px = _ICON_PX[self.look_size]
        painter.drawPixmap(
            QPointF(left, round(middle - current().text(px) / 2)), pixmap(name, self._tint, size=px)
        )


class IconButton(Button):
    """A square button that shows an icon only; ``name`` is its name and its tooltip."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        kind: Kind = "plain",
        size: Size = "normal",
        checkable: bool = False,
        icon_px: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        self._icon_px = icon_px if size != "small" else 16
        super().__init__(icon=icon, kind=kind, size=size, checkable=checkable, parent=parent)
        self.setProperty("square", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say what it does now."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = current().height(_HEIGHTS[self.look_size])
        return QSize(side, side)

    def _content_width(self) -> int:
        return current().text(self._icon_px)

    def _paint_icon(self, painter: QPainter, name: str, left: int, middle: float) -> None:
        side = current().text(self._icon_px)
        at = QPointF(round((self.width() - side) / 2), round(middle - side / 2))
        painter.drawPixmap(at, pixmap(name, self._tint, size=self._icon_px))
