"""Words in the place where something happened, and what a screen says while it has nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.theme import Tint, current, follow, pixmap
from app.widgets.boxes import clear
from app.widgets.buttons import Button, IconButton, Kind
from app.widgets.paint import box
from app.widgets.text import Label

MessageKind = Literal["info", "ok", "warn", "error"]

KIND_LOOKS: dict[MessageKind, tuple[str, Tint, Tint]] = {
    "info": ("info", "accent-soft", "accent-text"),
    "ok": ("circle-check", "ok-soft", "ok"),
    "warn": ("triangle-alert", "warn-soft", "warn"),
    "error": ("circle-x", "record-soft", "record"),
}

#: What a message offers: the words of a button, and what it does.
Offer = tuple[str, Callable[[], None]]


#: What an empty state offers: words, icon, kind of button, and what it does.
Step = tuple[str, str, Kind, Callable[[], None]]


class Icon(QWidget):
    """A Lucide icon that stands alone and says nothing of its own."""

    def __init__(
        self, icon: str, tint: Tint = "text", *, size: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.icon, self.tint, self._size = icon, tint, size
        self.in_line = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return its square, or as high as a line of small buttons where it is ``in_line`` with some."""
        side = current().text(self._size)
        return QSize(side, max(side, current().height("chip")) if self.in_line else side)

    def show_icon(self, icon: str, tint: Tint) -> None:
        """Show another one."""
        self.icon, self.tint = icon, tint
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        tint = self.tint if self.isEnabled() else "text-disabled"
        drawn = pixmap(self.icon, tint, size=self._size)
        spare = self.height() - current().text(self._size)
        QPainter(self).drawPixmap(QPointF(0, spare // 2), drawn)


class InlineMessage(QFrame):
    """A line where something happened, with what can be done about it; hidden while it has nothing to say."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("plain", True)
        self.kind: MessageKind = "info"
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        self._icon = Icon("info")
        self.text = Label(wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(4)
        self._close = IconButton("x", messages.text("widgets.close"), size="small")
        self._close.clicked.connect(self.say_nothing)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(
        self, text: str, *, kind: MessageKind = "info", offers: Sequence[Offer] = (), closable: bool = True
    ) -> None:
        """Say something; ``offers`` become buttons."""
        self.kind = kind
        icon, _, tint = KIND_LOOKS[kind]
        self._icon.show_icon(icon, tint)
        self.text.setText(text)
        self.setAccessibleName(text)
        clear(self._buttons)
        for words, act in offers:
            button = Button(words, size="small")
            button.clicked.connect(act)
            self._buttons.addWidget(button)
        self._close.setVisible(closable)
        self.show()
        self.update()

    def say_nothing(self) -> None:
        """Go away."""
        self.text.setText("")
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        box(QPainter(self), self.rect(), fill=KIND_LOOKS[self.kind][1], radius=current().radius("control"))


class EmptyState(QWidget):
    """What a screen shows in place of its content: nothing yet, nothing found, not readable.

    ``actions`` are ``(words, icon, kind, what it does)``; the first is offered first.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(8)
        self._icon = Icon("info", "text-muted", size=32)
        self.title = Label("", "title")
        self.text = Label("", tint="muted", wrap=True)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setMaximumWidth(640)
        self.title.setWordWrap(True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self.buttons: list[Button] = []
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        inner = QHBoxLayout()
        inner.addStretch(1)
        inner.addWidget(self.text, 10)
        inner.addStretch(1)
        column.addLayout(inner)
        column.addSpacing(8)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addLayout(self._row)
        centre.addStretch(1)
        column.addLayout(centre)
        column.addStretch(3)

    def say(
        self,
        title: str,
        text: str = "",
        *,
        icon: str = "info",
        tint: Tint = "text-muted",
        actions: Sequence[Step] = (),
    ) -> None:
        """Say something else."""
        self._icon.show_icon(icon, tint)
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(title)
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self.buttons = []
        for words, sign, kind, act in actions:
            button = Button(words, icon=sign, kind=kind, size="large")
            button.clicked.connect(act)
            self._row.addWidget(button)
            self.buttons.append(button)


__all__ = ["KIND_LOOKS", "EmptyState", "Icon", "InlineMessage", "MessageKind", "Offer", "Step"]
