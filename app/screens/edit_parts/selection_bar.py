"""What can be done with selected words: a bar that floats below them, and a field to fix their text."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app import messages
from app.widgets.buttons import Button
from app.widgets.fields import LineEdit
from app.widgets.paint import box


class SelectionBar(QFrame):
    """Cut, Play, Fix words; in its place a field while words are fixed.

    ``fixed`` tells the new text.
    """

    cut = Signal()
    play = Signal()
    fix = Signal()
    fixed = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAccessibleName(messages.text("edit.selection_name"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        self.cut_button = Button(messages.text("edit.cut"), icon="scissors", kind="plain", keys=("Del",))
        self.play_button = Button(messages.text("edit.play"), icon="play", kind="plain", keys=("/",))
        self.fix_button = Button(messages.text("edit.fix"), icon="pencil", kind="plain", keys=("F2",))
        self.field = _FixField()
        self.cut_button.clicked.connect(self.cut)
        self.play_button.clicked.connect(self.play)
        self.fix_button.clicked.connect(self.fix)
        self.field.returnPressed.connect(self._on_return)
        self.field.given_up.connect(self.end_fixing)
        for each in (self.cut_button, self.play_button, self.fix_button, self.field):
            row.addWidget(each)
        self.field.hide()
        self.hide()

    @property
    def fixing(self) -> bool:
        """Whether words are being fixed."""
        return self.field.isVisible()

    def show_at(self, where: QRect, *, struck: bool) -> None:
        """Float below a selection."""
        self.cut_button.setText(messages.text("edit.restore" if struck else "edit.cut"))
        self.adjustSize()
        over = self._over
        left = min(max(where.left(), 8), max(over.width() - self.width() - 8, 8))
        top = where.bottom() + 6
        if top + self.height() > over.height():
            top = max(where.top() - self.height() - 6, 4)
        self.move(left, top)
        self.show()
        self.raise_()

    def start_fixing(self, text: str) -> None:
        """Let the person write other words."""
        for each in (self.cut_button, self.play_button, self.fix_button):
            each.hide()
        self.field.setText(text)
        self.field.show()
        self.field.setMinimumWidth(min(max(len(text) * 9, 220), 400))
        self.adjustSize()
        self.field.setFocus()
        self.field.selectAll()

    def end_fixing(self) -> None:
        """Show the buttons again."""
        self.field.hide()
        for each in (self.cut_button, self.play_button, self.fix_button):
            each.show()
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plate."""
        box(QPainter(self), self.rect(), fill="surface-raised", edge="border-strong", radius=8)

    def _on_return(self) -> None:
        text = self.field.text().strip()
        self.end_fixing()
        if text:
            self.fixed.emit(text)


class _FixField(LineEdit):
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__(name=messages.text("edit.fix_name"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the words as they are."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
