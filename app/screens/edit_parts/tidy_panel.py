"""Tidy up: long silences and filler words, in the panel at the right of Edit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_parts.tidy_presenter import (
    LONGEST_SILENCE_US,
    SHORTEST_SILENCE_US,
    TidyUp,
    filler_words,
    length_us,
)
from app.widgets.boxes import row
from app.widgets.buttons import Button, IconButton
from app.widgets.measures import Slider
from app.widgets.message import Icon
from app.widgets.text import Heading, Label

_PER_STEP_US = 100_000


class _Offer(QWidget):
    """Something that can be taken out in one step: icon, what, how much, Remove."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.what, self.more = Label("", "strong"), Label("", "caption", tint="muted", wrap=True)
        words.addWidget(self.what)
        words.addWidget(self.more)
        self.row.addWidget(Icon(icon, "text-muted"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.row.addLayout(words, 1)
        self.remove = Button(messages.text("edit.remove"))
        self.row.addWidget(self.remove)


class TidyPanel(QWidget):
    """Long silences and fillers.

    ``silences_asked`` and ``fillers_asked`` take all of them out; ``review_asked`` looks at them one by one;
    ``limit_changed`` tells from which length on a silence is long.
    """

    silences_asked = Signal()
    fillers_asked = Signal()
    review_asked = Signal()
    limit_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        head, line = row()
        line.addWidget(Heading(messages.text("edit.tidy"), "title-small"), 1)
        self.saves = Label("", "caption", tint="muted", tabular=True)
        line.addWidget(self.saves)
        column.addWidget(head)
        self.silences = _Offer("timer")
        self.silences.remove.clicked.connect(self.silences_asked)
        column.addWidget(self.silences)
        limit, line = row(margins=(26, 0, 0, 0))
        line.addWidget(Label(messages.text("edit.longer_than"), "caption", tint="muted"))
        self.limit = Slider(
            messages.text("edit.limit_name"),
            lowest=SHORTEST_SILENCE_US // _PER_STEP_US,
            highest=LONGEST_SILENCE_US // _PER_STEP_US,
            value=8,
        )
        self.limit_words = Label("", "caption-strong", tabular=True)
        line.addWidget(self.limit, 1)
        line.addWidget(self.limit_words)
        column.addWidget(limit)
        self.fillers = _Offer("message-square")
        self.fillers.remove.clicked.connect(self.fillers_asked)
        self.review = IconButton("list-checks", messages.text("edit.review"))
        self.review.clicked.connect(self.review_asked)
        self.fillers.row.insertWidget(2, self.review)
        column.addWidget(self.fillers)
        self.limit.valueChanged.connect(self._on_limit)
        self._show_limit()

    @property
    def longer_than_us(self) -> int:
        """From which length on a silence is long."""
        return self.limit.value() * _PER_STEP_US

    def show_tidy(self, tidy: TidyUp | None) -> None:
        """Show what could go; None while the sound is still being heard."""
        waiting = tidy is None
        self.silences.remove.setEnabled(not waiting and bool(tidy and tidy.open_silences))
        self.fillers.remove.setEnabled(not waiting and bool(tidy and tidy.open_fillers))
        self.review.setEnabled(not waiting and bool(tidy and (tidy.fillers or tidy.silences)))
        if tidy is None:
            self.silences.what.setText(messages.text("edit.hearing"))
            self.fillers.what.setText("")
            self.silences.more.setText("")
            self.fillers.more.setText("")
            self.saves.setText("")
            return
        seconds = f"{length_us(tidy.open_silences) / 1e6:.1f}"
        limit = f"{self.longer_than_us / 1e6:.1f}"
        self.silences.what.setText(messages.counted("edit.silences", len(tidy.open_silences)))
        self.silences.more.setText(messages.text("edit.silences_more", seconds=seconds, limit=limit))
        self.fillers.what.setText(messages.counted("edit.fillers", len(tidy.open_fillers)))
        self.fillers.more.setText(filler_words(tidy.open_fillers) or messages.text("edit.fillers_none"))
        saves = f"{tidy.saves_us / 1e6:.1f}"
        self.saves.setText(messages.text("edit.saves", seconds=saves) if tidy.saves_us else "")

    def _on_limit(self) -> None:
        self._show_limit()
        self.limit_changed.emit(self.longer_than_us)

    def _show_limit(self) -> None:
        self.limit_words.setText(messages.text("edit.pause", seconds=f"{self.longer_than_us / 1e6:.1f}"))
