"""A small icon and words of one tint: how a device is, what a check says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.widgets.message import Icon
from app.widgets.text import Label

_ICONS = {"ok": "circle-check", "warn": "triangle-alert", "record": "triangle-alert", "muted": "info"}


class Line(QWidget):
    """A small icon and words of one tint."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.icon, self.text = Icon("info", "text-muted"), Label("", "caption", wrap=True)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)

    def say(self, words: str, tint: str) -> None:
        """Say something; nothing is told anew that stands there already."""
        if words == self.text.text():
            return
        self.icon.show_icon(_ICONS.get(tint, "info"), "text-muted" if tint == "muted" else tint)
        self.text.setText(words)
        self.text.set_tint(tint)
