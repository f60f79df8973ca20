"""The fields that change the wording and the hint of a prompt, in its place in the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.widgets.buttons import Button
from app.widgets.fields import LineEdit
from app.widgets.paint import set_property
from app.widgets.text import Label
from editor.model import Prompt


class PromptEditor(QWidget):
    """Wording and hint. Leaving it or Enter keeps them, Esc gives up."""

    kept = Signal(str, str)
    removed = Signal()
    given_up = Signal()
    grown = Signal()

    def __init__(self, prompt: Prompt, *, removable: bool) -> None:
        super().__init__()
        self._open = True
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 10, 16, 10)
        column.setSpacing(6)
        self.text = LineEdit(prompt.text, name=messages.text("brief.wording"), role="label")
        hint = messages.text("brief.hint")
        self.hint = LineEdit(prompt.hint, name=hint, placeholder=hint)
        self.wrong = Label("", "caption", tint="record", wrap=True)
        self.wrong.hide()
        row = QHBoxLayout()
        self.remove = Button(messages.text("brief.remove"), icon="trash-2", kind="plain", size="small")
        if not removable:
            self.remove.hide()
        self.done = Button(messages.text("widgets.done"), icon="check", size="small")
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(self.done)
        for part in (self.text, self.hint, self.wrong):
            column.addWidget(part)
        column.addLayout(row)
        self.done.clicked.connect(self.keep)
        self.remove.clicked.connect(self._remove)
        for control in (self.text, self.hint, self.remove, self.done):
            control.installEventFilter(self)

    def keep(self) -> None:
        """Hand over what was typed."""
        if self._open:
            self.kept.emit(self.text.text(), self.hint.text())

    def show_error(self, words: str) -> None:
        """Say what is wrong with it."""
        self.wrong.setText(words)
        self.wrong.show()
        set_property(self.text, "bad", bool(words))
        self.text.setAccessibleDescription(words)
        self.grown.emit()

    def has_focus(self) -> bool:
        """Return whether the keyboard is in one of its fields."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def close_quietly(self) -> None:
        """Take no more notice of the keyboard's leaving."""
        self._open = False

    def _remove(self) -> None:
        self._open = False
        self.removed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep with Enter and on leaving, give up with Esc."""
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
                return False  # another program; it goes on here
            QTimer.singleShot(0, self._on_left)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, LineEdit):
                self.keep()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.given_up.emit()
                return True
        return False

    def _on_left(self) -> None:

        if self._open and not self.has_focus() and QApplication.activePopupWidget() is None:
            self.keep()
