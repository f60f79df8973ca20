"""The one door through which the window speaks: a toast, a line above the screen, a question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.desk import Offer
from app.theme import current, dress
from app.widgets.boxes import clear
from app.widgets.buttons import Button, IconButton
from app.widgets.message import InlineMessage
from app.widgets.text import Heading, Label
from capture.errors import UserError

_TOAST_MS = 6000
_TOAST_WITH_OFFER_MS = 12_000


class Toast(QFrame):
    """Words over the foot of the screen that go away by themselves; never the only place of an error."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        dress(self)
        self.setProperty("card", True)
        self._over = over
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 8, 8)
        line.setSpacing(8)
        self.text = Label(wrap=False)
        self._offers = QHBoxLayout()
        self._offers.setSpacing(4)
        close = IconButton("x", messages.text("widgets.close"), size="small")
        close.clicked.connect(self.hide)
        line.addWidget(self.text, 1)
        line.addLayout(self._offers)
        line.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str, offers: Sequence[Offer]) -> None:
        """Say something for some seconds."""
        self.text.setText(text)
        self.setAccessibleName(text)
        clear(self._offers)
        for words, act in offers:
            button = Button(words, kind="link")
            button.clicked.connect(act)
            button.clicked.connect(self.hide)
            self._offers.addWidget(button)
        self._fit()
        self.show()
        self.raise_()
        self._timer.start(_TOAST_WITH_OFFER_MS if offers else _TOAST_MS)

    def _end(self) -> None:
        # Whoever is on its buttons or reads it with the pointer there is not hurried.
        if self.underMouse() or self.isAncestorOf(self.window().focusWidget() or self._over):
            self._timer.start()
        else:
            self.hide()

    def _fit(self) -> None:
        self.adjustSize()
        self._place()

    def _place(self) -> None:
        self.setMaximumWidth(max(self._over.width() - 48, 200))
        left = (self._over.width() - self.width()) // 2
        self.move(left, self._over.height() - self.height() - 80)

    def event(self, event: QEvent) -> bool:
        """Grow with its words."""
        known = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return known

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window grows."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


class Question(QDialog):
    """A question before something that cannot be taken back."""

    def __init__(self, parent: QWidget, title: str, text: str, *, yes: str, no: str, danger: bool) -> None:
        super().__init__(parent)
        dress(self)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        heading = Heading(title)
        heading.setWordWrap(True)
        words = Label(text, wrap=True)
        words.setMinimumWidth(current().text(380))
        self.yes = Button(yes, kind="danger" if danger else "primary")
        self.no = Button(no)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.no)
        line.addWidget(self.yes)
        for each in (heading, words):
            column.addWidget(each)
        column.addSpacing(8)
        column.addLayout(line)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.no.setFocus()
        (self.no if danger else self.yes).setDefault(True)


class WindowDoor:
    """The door of one window.

    Args:
        window: Whose dialogs they are.
        over: What toasts lie on.
        line: The place above the screen for errors that belong to no field.
    """

    def __init__(self, window: QWidget, *, over: QWidget, line: InlineMessage) -> None:
        self._window = window
        self.toasts = Toast(over)
        self.line = line

    def toast(self, text: str, *, offers: Sequence[Offer] = ()) -> None:
        """Say for some seconds that something was done."""
        self.toasts.say(text, offers)
        self.announce(text)

    def error(self, error: UserError, *, offers: Sequence[Offer] = ()) -> None:
        """Say above the screen what went wrong."""
        text = messages.sentence(error)
        self.line.say(text, kind="error", offers=offers)
        self.announce(text)

    def ask(self, title: str, text: str, *, yes: str, no: str, danger: bool = False) -> bool:
        """Ask; the safe answer is the one that Enter and Esc give when there is danger."""
        return (
            Question(self._window, title, text, yes=yes, no=no, danger=danger).exec()
            == QDialog.DialogCode.Accepted
        )

    def announce(self, text: str) -> None:
        """Say something to screen readers only."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
