"""Tidy up, clean audio and chapters: the panel at the right of Edit."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import (
    LONGEST_SILENCE_US,
    SHORTEST_SILENCE_US,
    EditState,
    TidyUp,
    clock,
    filler_words,
    length_us,
)
from app.theme import current, follow
from app.widgets.boxes import clear
from app.widgets.buttons import Button, IconButton
from app.widgets.measures import Slider
from app.widgets.message import Icon
from app.widgets.paint import box, line
from app.widgets.text import Heading, Label

_PER_STEP_US = 100_000


def _row() -> tuple[QWidget, QHBoxLayout]:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    return made, row


class _Offer(QWidget):
    """Something that can be taken out in one step: icon, what, how much, Remove."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.what, self.more = Label("", "strong"), Label("", "caption", tint="muted", wrap=True)
        words.addWidget(self.what)
        words.addWidget(self.more)
        row.addWidget(Icon(icon, "text-muted"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        self.row = row
        self.remove = Button(messages.text("edit.remove"))
        row.addWidget(self.remove)


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
        head, row = _row()
        row.addWidget(Heading(messages.text("edit.tidy"), "title-small"), 1)
        self.saves = Label("", "caption", tint="muted", tabular=True)
        row.addWidget(self.saves)
        column.addWidget(head)
        self.silences = _Offer("timer")
        self.silences.remove.clicked.connect(self.silences_asked)
        column.addWidget(self.silences)
        limit, row = _row()
        row.setContentsMargins(26, 0, 0, 0)
        row.addWidget(Label(messages.text("edit.longer_than"), "caption", tint="muted"))
        self.limit = Slider(
            messages.text("edit.limit_name"),
            lowest=SHORTEST_SILENCE_US // _PER_STEP_US,
            highest=LONGEST_SILENCE_US // _PER_STEP_US,
            value=8,
        )
        self.limit_words = Label("", "caption-strong", tabular=True)
        row.addWidget(self.limit, 1)
        row.addWidget(self.limit_words)
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
        self.silences.what.setText(messages.text("edit.silences", count=len(tidy.open_silences)))
        self.silences.more.setText(messages.text("edit.silences_more", seconds=seconds, limit=limit))
        self.fillers.what.setText(messages.text("edit.fillers", count=len(tidy.open_fillers)))
        self.fillers.more.setText(filler_words(tidy.open_fillers) or messages.text("edit.fillers_none"))
        saves = f"{tidy.saves_us / 1e6:.1f}"
        self.saves.setText(messages.text("edit.saves", seconds=saves) if tidy.saves_us else "")

    def _on_limit(self) -> None:
        self._show_limit()
        self.limit_changed.emit(self.longer_than_us)

    def _show_limit(self) -> None:
        self.limit_words.setText(messages.text("edit.pause", seconds=f"{self.longer_than_us / 1e6:.1f}"))


class _ChapterRow(QAbstractButton):
    """One chapter; a press goes there, F2 or a double click renames it."""

    renamed = Signal()
    removed = Signal()

    def __init__(self, number: int, start: str, title: str, length: str, *, playing: bool) -> None:
        super().__init__()
        self.start, self.title, self.length, self.playing = start, title, length, playing
        self.setAccessibleName(messages.text("edit.chapter_name", number=number, title=title, start=start))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return a row of 30 px."""
        return QSize(200, current().grown(30))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(100, current().grown(30))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename."""
        self.renamed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with it."""
        menu = QMenu(self)
        menu.addAction(messages.text("edit.chapter_rename")).triggered.connect(self.renamed)
        menu.addAction(messages.text("edit.chapter_remove")).triggered.connect(self.removed)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint start, title and length."""
        painter, theme = QPainter(self), current()
        if self.playing or self.underMouse():
            box(painter, self.rect(), fill="surface-selected" if self.playing else "surface-hover", radius=0)
        wide = theme.text(52)
        room = QRect(16, 0, wide, self.height())
        line(painter, room, self.start, role="caption-strong", tint="accent-text", tabular=True)
        line(painter, QRect(16 + wide, 0, self.width() - wide - 72, self.height()), self.title)
        end = QRect(self.width() - 56, 0, 40, self.height())
        align = Qt.AlignmentFlag.AlignRight
        line(painter, end, self.length, role="caption", tint="text-muted", tabular=True, align=align)


class ChaptersPanel(QWidget):
    """The chapters of the result; ``went`` tells a start, ``renamed`` and ``removed`` which one."""

    went = Signal(object)
    added = Signal()
    renamed = Signal(int)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 4)
        column.setSpacing(2)
        head, row = _row()
        row.setContentsMargins(16, 0, 12, 0)
        row.addWidget(Heading(messages.text("edit.chapters"), "title-small"))
        row.addWidget(Label(messages.text("edit.from_prompts"), "caption", tint="muted"), 1)
        add = IconButton("plus", messages.text("edit.chapter_add"))
        add.clicked.connect(self.added)
        row.addWidget(add)
        column.addWidget(head)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column.addLayout(self.rows)
        column.addStretch(1)
        self._shown: tuple[object, ...] = ()

    def show_state(self, state: EditState, playing: int | None) -> None:
        """Show the chapters, and which one plays."""
        shown = (state.parts, playing)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self.rows)
        for n, part in enumerate(state.parts):
            length = clock(part.end_us - part.start_us)
            row = _ChapterRow(n + 1, clock(part.start_us), part.title, length, playing=n == playing)
            row.clicked.connect(lambda _=False, at_us=part.start_us: self.went.emit(at_us))
            row.renamed.connect(lambda n=n: self.renamed.emit(n))
            row.removed.connect(lambda n=n: self.removed.emit(n))
            self.rows.addWidget(row)
