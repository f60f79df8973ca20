"""Make a new resource from some chapters: one for beginners and one for advanced out of one interview."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.theme import current
from app.widgets.boxes import column, scrolled
from app.widgets.buttons import Button
from app.widgets.checks import CheckBox
from app.widgets.fields import LineEdit
from app.widgets.text import Heading, Label
from editor.chapters import Part


class NewResourceDialog(QDialog):
    """The chapters to tick, and the title of what is made of them."""

    def __init__(self, parent: QWidget, parts: Sequence[Part], *, playing: int | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(messages.text("edit.new_from_chapters"))
        self.resize(current().text(520), min(current().text(520), parent.height()))
        self._lengths_us = [part.end_us - part.start_us for part in parts]
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(Heading(messages.text("edit.new_from_chapters")))
        whole.addWidget(Label(messages.text("edit.new_hint"), tint="muted", wrap=True))
        body, rows = column(spacing=4)
        self.boxes: list[CheckBox] = []
        for n, part in enumerate(parts):
            words = messages.text(
                "edit.new_chapter_row", number=n + 1, title=part.title, length=clock(self._lengths_us[n])
            )
            box = CheckBox(words)
            box.setChecked(n == playing)
            box.toggled.connect(self._show_count)
            self.boxes.append(box)
            rows.addWidget(box)
        rows.addStretch(1)
        whole.addWidget(scrolled(body, name=messages.text("edit.chapters")), 1)
        whole.addWidget(Label(messages.text("edit.new_title"), "caption-strong"))
        self.field = LineEdit(name=messages.text("edit.new_title"), large=True)
        self.field.textChanged.connect(self._show_count)
        whole.addWidget(self.field)
        foot = QHBoxLayout()
        self.count = Label("", "caption", tint="muted", tabular=True)
        foot.addWidget(self.count, 1)
        cancel = Button(messages.text("widgets.cancel"))
        cancel.clicked.connect(self.reject)
        self.make = Button(messages.text("edit.new_make"), kind="primary")
        self.make.clicked.connect(self.accept)
        self.field.returnPressed.connect(self.make.click)
        foot.addWidget(cancel)
        foot.addWidget(self.make)
        whole.addLayout(foot)
        self.field.setFocus()
        self._show_count()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The ticked chapters, counted from 1."""
        return tuple(n for n, box in enumerate(self.boxes, start=1) if box.isChecked())

    @property
    def title(self) -> str:
        """What it shall be called."""
        return self.field.text().strip()

    def _show_count(self) -> None:
        length_us = sum(self._lengths_us[number - 1] for number in self.numbers)
        self.count.setText(messages.counted("edit.new_count", len(self.numbers), length=clock(length_us)))
        self.make.setEnabled(bool(self.numbers) and bool(self.title))
