"""What went wrong while recording, in lines on the picture that stay until it is over or was read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.studio_alerts import is_red, words_of
from app.theme import Tint, current
from app.widgets.buttons import IconButton
from app.widgets.message import Icon
from app.widgets.paint import box
from app.widgets.text import Label


class _Close(IconButton):
    """The cross of a line, in the colour of its words."""

    def __init__(self, name: str, tint: Tint) -> None:
        self._own_tint = tint
        super().__init__("x", name, size="small")

    @property
    def _tint(self) -> Tint:
        return self._own_tint


class AlertLine(QFrame):
    """One warning: red where something is not recorded, amber else; the sign tells them apart too."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setProperty("plain", True)
        self.key = key
        self._fill: Tint = "record-fill" if is_red(key) else "warn-fill"
        tint: Tint = "on-record" if is_red(key) else "on-warn"
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(8)
        self.text = Label(words_of(key), "label", tint=tint, wrap=True)
        self.close_button = _Close(messages.text("studio.alert_read", text=words_of(key)), tint)
        sign = Icon("circle-x" if is_red(key) else "triangle-alert", tint)
        sign.in_line = True
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(words_of(key))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        box(QPainter(self), self.rect(), fill=self._fill, radius=current().radius("control"))


class AlertStack(QWidget):
    """The lines, the worst first; ``read`` tells which one was closed, ``changed`` that there are others."""

    read = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.keys: tuple[str, ...] = ()

    def show_alerts(self, keys: Sequence[str]) -> None:
        """Show these and no others."""
        wanted = tuple(sorted(keys, key=lambda key: not is_red(key)))
        if wanted == self.keys:
            return
        self.keys = wanted
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        for key in wanted:
            line = AlertLine(key)
            line.close_button.clicked.connect(lambda _=False, key=key: self.read.emit(key))
            self._column.addWidget(line)
        self.changed.emit()

    @property
    def lines(self) -> list[AlertLine]:
        """The lines that are shown."""
        found = (self._column.itemAt(n) for n in range(self._column.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, AlertLine)]
