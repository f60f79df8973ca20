"""Fields: something to type or choose, with its label above, its hint and its error below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.theme import TypeRole, current, dress, follow, pixmap
from app.widgets.buttons import IconButton
from app.widgets.marks import KeyCaps
from app.widgets.paint import set_property
from app.widgets.text import ElidedLabel, Label

#: A search waits so long after the last key.
REST_MS = 150


class LineEdit(QLineEdit):
    """One line of text."""

    def __init__(
        self,
        text: str = "",
        *,
        name: str,
        placeholder: str = "",
        role: TypeRole = "body",
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._large = role, large
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        if large:
            self.setProperty("size", "large")
        follow(self.retheme)

    def retheme(self) -> None:
        """Take the font of the theme."""
        self.setFont(current().font(self._role))

    def event(self, event: QEvent) -> bool:
        """Leave Undo to the window where nothing was typed here."""
        return _leaves_undo(event, own=self.isUndoAvailable()) or super().event(event)

    def show_text(self, text: str) -> None:
        """Show another text, unless it is there already or being typed just now."""
        if text != self.text() and not (self.hasFocus() and self.isModified()):
            self.setText(text)


class TextArea(QPlainTextEdit):
    """Some lines of text; ``left`` tells that the person is done with it, Tab goes on."""

    left = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        name: str,
        placeholder: str = "",
        rows: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._rows = rows
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.retheme)

    def retheme(self) -> None:
        """Take font and height of the theme."""
        self.setFont(current().font())
        self.setFixedHeight(self._rows * (self.fontMetrics().lineSpacing() + 1) + 22)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person left."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Leave Undo to the window where nothing was typed here."""
        return _leaves_undo(event, own=self.document().isUndoAvailable()) or super().event(event)

    def show_text(self, text: str) -> None:
        """Show another text, unless it is there already or being typed just now."""
        if text != self.toPlainText() and not (self.hasFocus() and self.document().isModified()):
            self.setPlainText(text)


class ComboBox(QComboBox):
    """One of a list, or new text where ``editable``."""

    def __init__(
        self,
        *,
        name: str,
        icon: str = "",
        editable: bool = False,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setEditable(editable)
        self.icon_name = icon
        self.setAccessibleName(name)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if large:
            self.setProperty("size", "large")
        edit = self.lineEdit()
        if edit is not None:
            edit.setAccessibleName(name)
            edit.setProperty("bare", True)
        follow(self.retheme)

    def retheme(self) -> None:
        """Take the font of the theme."""
        self.setFont(current().font())
        edit = self.lineEdit()
        if edit is not None:
            edit.setFont(current().font())
        if self.icon_name:
            self.setStyleSheet(f"ComboBox {{ padding-left: {current().text(16) + 18}px; }}")

    def wheelEvent(self, event: QEvent) -> None:
        """Leave the wheel to what scrolls around it: nobody means to change a value while scrolling."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the icon and the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = current().text(16)
        tint = "text-muted" if self.isEnabled() else "text-disabled"
        top = round((self.height() - side) / 2)
        painter.drawPixmap(QPointF(self.width() - side - 10, top), pixmap("chevron-down", tint))
        if self.icon_name:
            painter.drawPixmap(QPointF(10, top), pixmap(self.icon_name, tint))

    def show_choices(self, choices: Mapping[str, str], now: str) -> None:
        """Show what there is to choose from, words by their data, and what is chosen; tells nobody."""
        before = self.blockSignals(True)
        self.clear()
        for value, words in choices.items():
            self.addItem(words, value)
        self.choose(now)
        self.blockSignals(before)

    def choose(self, value: object) -> None:
        """Show the entry with this data, if there is one."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)


class Field(QWidget):
    """A label, a control, and below it a hint or, in its place, an error.

    Args:
        label: Words above.
        control: What is typed or chosen; it gets the label as its name if it has none.
        hint: Words below.
        extra: Quiet words beside the label.
    """

    def __init__(
        self, label: str, control: QWidget, *, hint: str = "", extra: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.control = control
        if not control.accessibleName():
            control.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        self.label = Label(label, "label")
        self.label.setBuddy(control)
        self.extra = ElidedLabel(extra, tint="muted")
        head.addWidget(self.label)
        head.addWidget(self.extra, 1)
        column.addLayout(head)
        column.addWidget(control)
        self._hint = hint
        self.below = Label(hint, "caption", tint="muted", wrap=True)
        column.addWidget(self.below)
        if not hint:
            self.below.hide()

    def show_hint(self, hint: str) -> None:
        """Show another hint."""
        self._hint = hint
        if not self.control.property("bad"):
            self._say(hint, tint="muted")

    def show_error(self, error: str) -> None:
        """Say what is wrong, where it is wrong; "" takes it back."""
        set_property(self.control, "bad", bool(error))
        self.control.setAccessibleDescription(error)
        self._say(error or self._hint, tint="record" if error else "muted")

    def _say(self, text: str, *, tint: str) -> None:
        self.below.set_tint(tint)
        self.below.setText(text)
        self.below.setVisible(bool(text))


class Leaving(QObject):
    """Tells when the keyboard leaves a field, whether or not anything was typed."""

    left = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch."""
        out = isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut
        if out and event.reason() != Qt.FocusReason.PopupFocusReason:  # type: ignore[attr-defined]
            self.left.emit()
        return False


class SearchField(QFrame):
    """Where to type what is looked for; ``searched`` tells the text once the person rests."""

    searched = Signal(str)
    left_downwards = Signal()

    def __init__(
        self, *, name: str, placeholder: str, keys: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("field", True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 6, 0)
        row.setSpacing(8)
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
        self.edit.installEventFilter(self)
        self.caps = KeyCaps(keys)
        self.clear_button = IconButton("x", messages.text("widgets.clear"), size="small")
        self.clear_button.hide()
        self._lens = _Lens()
        row.addWidget(self._lens)
        row.addWidget(self.edit, 1)
        row.addWidget(self.caps)
        row.addWidget(self.clear_button)
        self.setFocusProxy(self.edit)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._tell)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self._tell)
        self.clear_button.clicked.connect(self.edit.clear)
        follow(self._retheme)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def _retheme(self) -> None:
        self.edit.setFont(current().font())
        self.setFixedHeight(current().height("control-large"))

    def _on_text(self, text: str) -> None:
        self.clear_button.setVisible(bool(text))
        self.caps.setVisible(not text)
        self._rest.start()

    def _tell(self) -> None:
        self._rest.stop()
        self.searched.emit(self.edit.text())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Show the focus, let Esc clear and Down leave."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_property(self, "focused", event.type() == QEvent.Type.FocusIn)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.edit.text():
                self.edit.clear()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.left_downwards.emit()
                return True
        return False


class _Lens(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = current().text(18)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(QPointF(0, 0), pixmap("search", "text-muted", size=18))


def _leaves_undo(event: QEvent, *, own: bool) -> bool:
    """Return whether this asks if Undo is the field's own, which it is not without ``own`` steps."""
    asks = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
    if not asks or own or not event.matches(QKeySequence.StandardKey.Undo):  # type: ignore[attr-defined]
        return False
    event.ignore()
    return True


def being_typed() -> bool:
    """Return whether a text field has the focus."""
    return isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)


def complete_from(edit: QLineEdit, known: Sequence[str]) -> None:
    """Complete what is typed in a field from values that are known already."""
    completer = edit.completer()
    model = completer.model() if completer is not None else None
    if isinstance(model, QStringListModel):
        if model.stringList() != list(known):
            model.setStringList(list(known))
        return
    made = QCompleter(QStringListModel(list(known), edit), edit)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    popup = QListView()  # of no window, so it has nobody's style sheet
    popup.setProperty("popup", True)
    dress(popup)
    made.setPopup(popup)
    edit.setCompleter(made)


__all__ = [
    "REST_MS",
    "ComboBox",
    "Field",
    "Leaving",
    "LineEdit",
    "SearchField",
    "TextArea",
    "being_typed",
    "complete_from",
]
