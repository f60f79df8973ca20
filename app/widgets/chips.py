"""Chips: a value with a way to remove it, a suggestion to accept, and a field made of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.theme import current, follow, pixmap
from app.widgets.boxes import flow
from app.widgets.fields import complete_from
from app.widgets.paint import box, line, set_property, width_of

_PAD = 8


class Chip(QAbstractButton):
    """A value on a plate.

    Args:
        text: The value.
        kind: ``plain`` to read, ``accent`` for what was chosen.
        removable: Whether it has a cross; ``removed`` tells when that, Del or Backspace is pressed.
        icon: Lucide icon before the text.
    """

    removed = Signal()

    def __init__(
        self,
        text: str,
        *,
        kind: str = "plain",
        removable: bool = False,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self.removable, self.icon_name = kind, removable, icon
        self.setText(text)
        self.setAccessibleName(messages.text("widgets.remove", what=text) if removable else text)
        self.setToolTip(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if removable else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_click)
        follow(self.updateGeometry)

    def _on_click(self) -> None:
        if self.removable:
            self.removed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Del and Backspace remove it."""
        if self.removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the room of text, icon and cross, never wider than a card."""
        theme = current()
        extra = theme.text(12) + 4
        wide = width_of(self.text(), theme.font("caption-strong")) + 2 * _PAD
        wide += extra * (self.removable + bool(self.icon_name))
        return QSize(min(wide, theme.text(320)), theme.height("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plate and what is on it."""
        painter = QPainter(self)
        fill, tint = ("accent-soft", "accent-text") if self.kind == "accent" else ("surface-sunken", "text")
        if not self.isEnabled():
            tint = "text-disabled"
        edge = "accent" if self.removable and self.underMouse() else ""
        box(painter, self.rect(), fill=fill, edge=edge, radius=4)
        side, left, right = current().text(12), _PAD, self.width() - _PAD
        if self.icon_name:
            painter.drawPixmap(
                QPointF(left, round((self.height() - side) / 2)), pixmap(self.icon_name, tint, size=12)
            )
            left += side + 4
        if self.removable:
            right -= side
            painter.drawPixmap(QPointF(right, round((self.height() - side) / 2)), pixmap("x", tint, size=12))
            right -= 4
        room = QRect(left, 0, right - left + 2, self.height())
        line(painter, room, self.text(), role="caption-strong", tint=tint)


class SuggestionChip(QAbstractButton):
    """A dashed chip: a click accepts it, a right click dismisses it for good.

    Args:
        text: What is suggested.
        source: The sentence it comes from, shown as its tooltip and read out.
    """

    accepted = Signal()
    dismissed = Signal()

    def __init__(self, text: str, *, source: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(messages.text("widgets.accept", what=text))
        self.setAccessibleDescription(source)
        self.setToolTip(source)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.accepted)
        follow(self.updateGeometry)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Dismiss it."""
        self.dismissed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter accept and Del dismiss it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the room of plus and text."""
        theme = current()
        wide = width_of(self.text(), theme.font("caption-strong")) + 2 * _PAD + theme.text(12) + 6
        return QSize(min(wide, theme.text(420)), theme.height("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashes, the plus and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            box(painter, self.rect(), fill="surface-hover", radius=4)
        painter.setPen(QPen(current().colour("border-strong"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side = current().text(12)
        painter.drawPixmap(
            QPointF(_PAD, round((self.height() - side) / 2)), pixmap("plus", "accent-text", size=12)
        )
        left = _PAD + side + 6
        line(
            painter,
            QRect(left, 0, self.width() - left - _PAD + 2, self.height()),
            self.text(),
            role="caption-strong",
        )


class TokenField(QFrame):
    """A field of values: type and press Enter or comma to add one, Backspace to remove the last.

    Args:
        name: What it holds, for screen readers.
        placeholder: What to type.
        known: Values to complete from.
    """

    changed = Signal()

    def __init__(
        self, name: str, *, placeholder: str = "", known: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("field", True)
        self.setAccessibleName(name)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4, 3, 4, 3)
        holder, self._flow = flow()
        outer.addWidget(holder)
        self._chips: list[Chip] = []
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setMinimumWidth(120)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit.installEventFilter(self)
        self.edit.returnPressed.connect(self._take_typed)
        self.edit.editingFinished.connect(self._take_typed)
        self._flow.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.know(known)
        follow(self._retheme)

    @property
    def values(self) -> tuple[str, ...]:
        """What is in it."""
        return tuple(chip.text() for chip in self._chips)

    def show_values(self, values: Sequence[str]) -> None:
        """Show other values, without telling anybody."""
        if tuple(values) == self.values:
            return
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
            self._flow.removeWidget(chip)
        self._chips = []
        for value in values:
            self._add(value)

    def know(self, known: Sequence[str]) -> None:
        """Complete from these values."""
        complete_from(self.edit, known)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Watch the keys and the focus of the text inside."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_property(self, "focused", event.type() == QEvent.Type.FocusIn)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.text() == ",":
                self._take_typed()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.edit.text() and self._chips:
                self._remove(self._chips[-1])
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click anywhere in it start typing."""
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def _retheme(self) -> None:
        self.edit.setFont(current().font())
        high = current().height("chip")
        self.edit.setStyleSheet(f"min-height: {high}px; max-height: {high}px")
        self.setMinimumHeight(current().height("control"))

    def _take_typed(self) -> None:
        value = " ".join(self.edit.text().split()).strip(",")
        self.edit.clear()
        if value and value.casefold() not in {each.casefold() for each in self.values}:
            self._add(value)
            self.changed.emit()

    def _add(self, value: str) -> None:
        chip = Chip(value, kind="accent", removable=True)
        chip.removed.connect(lambda: self._remove(chip))
        self._flow.insertWidget(len(self._chips), chip)
        self._chips.append(chip)
        self.updateGeometry()

    def _remove(self, chip: Chip) -> None:
        if chip not in self._chips:
            return
        self._chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self.edit.setFocus()
        self.updateGeometry()
        self.changed.emit()


__all__ = ["Chip", "SuggestionChip", "TokenField"]
