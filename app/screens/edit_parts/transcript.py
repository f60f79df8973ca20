"""The transcript: one text document whose words play, are selected, struck and put back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit

from app import messages
from app.screens.edit_parts.transcript_text import TranscriptText
from app.screens.edit_presenter import EditState
from app.theme import current, follow
from editor import selection
from editor.selection import Selection, TextWord

_Extra = QTextEdit.ExtraSelection


class TranscriptView(QTextEdit):
    """The words of the result, struck ones too.

    ``word_clicked`` tells the place of a word to go to; ``stepped`` the word that the keys went to, to be
    said to screen readers; ``selected`` a new selection or None; ``moved`` that words are elsewhere on the
    screen now.
    """

    word_clicked = Signal(int)
    stepped = Signal(int)
    selected = Signal(object)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("edit.transcript_name"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setProperty("reading", True)
        self.document().setDocumentMargin(16)
        self.document().setUndoRedoEnabled(False)
        self._state: EditState | None = None
        self._text = TranscriptText(self.document(), self)
        self._scroll_to: int | None = None
        self._chosen: Selection | None = None
        self._caret = 0
        self._played: int | None = None
        self._hits: tuple[int, ...] = ()
        self._hit_words = 1
        self._show_cuts = True
        self._pressed_on: int | None = None
        self.verticalScrollBar().valueChanged.connect(self.moved)
        follow(self._retheme)

    # What is shown --------------------------------------------------------------------------------

    def show_state(self, state: EditState) -> None:
        """Show the words of a resource; the selection stays where its words are the same."""
        before, self._state = self._state, state
        same = before is not None and _same_text(before.text, state.text)
        if not same:
            self._chosen = None
            self._caret = 0
        if not self._text.change(state):
            self._scroll_to = self.verticalScrollBar().value() if same else None
            self._write()
        self._highlight()

    def show_cuts(self, *, on: bool) -> None:
        """Show struck words, or the text as the result has it."""
        self._show_cuts = on
        self._write()
        self._highlight()

    def show_played(self, place: int | None) -> None:
        """Mark the word that is said now, and keep it in sight while nobody selects."""
        if place == self._played:
            return
        self._played = place
        self._highlight()
        if place is not None and self._chosen is None and self._pressed_on is None:
            self._reveal(place)

    def show_hits(self, places: tuple[int, ...], words: int) -> None:
        """Mark what was searched for."""
        self._hits, self._hit_words = places, max(1, words)
        self._highlight()
        if places:
            self._reveal(places[0])

    @property
    def chosen(self) -> Selection | None:
        """The selected words."""
        return self._chosen

    @property
    def caret(self) -> int:
        """The word that the arrows start from."""
        return self._caret

    def choose(self, chosen: Selection | None, *, reveal: bool = False) -> None:
        """Select words, or none."""
        self._chosen = chosen
        if chosen is not None:
            self._caret = chosen.focus
            if reveal:
                self._reveal(chosen.focus)
        self._highlight()

    def rect_of(self, chosen: Selection) -> QRect:
        """Return where a selection ends, in the coordinates of the viewport."""
        last = self._text.place_of(chosen.last)
        first = self._text.place_of(chosen.first)
        if last is None or first is None:
            return QRect()
        end, start = QTextCursor(self.document()), QTextCursor(self.document())
        end.setPosition(last.last)
        start.setPosition(first.first)
        return self.cursorRect(start).united(self.cursorRect(end))

    def _write(self) -> None:
        self.setUpdatesEnabled(False)
        left = self._text.write(self._state, show_cuts=self._show_cuts)
        self._written(left=left)

    def _write_more(self) -> None:
        self.setUpdatesEnabled(False)
        self._written(left=self._text.more())
        self._highlight()

    def _written(self, *, left: bool) -> None:
        """Show what is written, and go on with the rest in a moment."""
        self.setUpdatesEnabled(True)
        if left:
            QTimer.singleShot(0, self, self._write_more)
        elif self._scroll_to is not None:
            self.verticalScrollBar().setValue(self._scroll_to)
            self._scroll_to = None

    # Highlights --------------------------------------------------------------------------------------

    def _highlight(self) -> None:
        theme = current()
        marks: list[_Extra] = []
        for hit in self._hits:
            marks += self._marked(
                hit,
                hit + self._hit_words - 1,
                back=theme.colour("highlight"),
                front=theme.colour("on-highlight"),
            )
        if self._chosen is not None:
            marks += self._marked(
                self._chosen.first, self._chosen.last, back=theme.colour("selection"), front=None
            )
        if self._played is not None:
            marks += self._marked(
                self._played, self._played, back=theme.colour("accent"), front=theme.colour("on-accent")
            )
        self.setExtraSelections(marks)

    def _marked(self, first: int, last: int, *, back: QColor, front: QColor | None) -> list[_Extra]:
        found: list[_Extra] = []
        places, placed = self._text.places, self._text.placed
        low, high = bisect_left(places, first), bisect_right(places, last)
        words = self._state.text if self._state is not None else ()
        for _, group in groupby(range(low, high), key=lambda n: words[places[n]].take_id):
            own = list(group)  # headings between takes are not selected
            extra = _Extra()
            extra.cursor = QTextCursor(self.document())
            extra.cursor.setPosition(placed[own[0]].first)
            extra.cursor.setPosition(placed[own[-1]].last, QTextCursor.MoveMode.KeepAnchor)
            extra.format.setBackground(back)
            if front is not None:
                extra.format.setForeground(front)
            found.append(extra)
        return found

    def _reveal(self, place: int) -> None:
        at = self._text.place_of(place)
        if at is None:
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(at.first)
        rect = self.cursorRect(cursor)
        room = self.viewport().height()
        if rect.top() < 24 or rect.bottom() > room - 48:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + rect.top() - room // 3)

    def _retheme(self) -> None:
        self._write()
        self._highlight()

    # Pointer and keys ----------------------------------------------------------------------------------

    def _word_at(self, at: QPoint) -> int | None:
        return self._text.word_at(self.cursorForPosition(at).position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to select, or go to a word."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self._word_at(event.position().toPoint())
        if place is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pressed_on = self._chosen.anchor if self._chosen is not None else self._caret
            self._select(Selection(self._pressed_on, place))
        else:
            self._pressed_on = place
            self._select(None)
        self._caret = place

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select word by word."""
        if self._pressed_on is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        place = self._word_at(event.position().toPoint())
        if place is not None and (place != self._pressed_on or self._chosen is not None):
            self._select(Selection(self._pressed_on, place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the word that was clicked."""
        pressed, self._pressed_on = self._pressed_on, None
        if pressed is not None and self._chosen is None:
            self.word_clicked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the sentence."""
        place = self._word_at(event.position().toPoint())
        if place is not None and self._state is not None:
            self._pressed_on = None
            self._select(selection.select_sentence(self._state.text, place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by words and lines, with Shift to select; other keys belong to the screen."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._state is None or not self._state.text:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_words()
        elif step is not None and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self._step_word(step, extend=shift)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self._step_line(up=event.key() == Qt.Key.Key_Up)
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self._select(None)
        else:
            event.ignore()

    def copy_words(self) -> None:
        """Put the selected words on the clipboard."""
        if self._state is not None and self._chosen is not None:
            QGuiApplication.clipboard().setText(selection.plain_text(self._state.text, self._chosen))

    def _step_word(self, step: int, *, extend: bool) -> None:
        assert self._state is not None
        text = self._state.text
        if extend:
            now = self._chosen or Selection(self._caret, self._caret)
            moved = now if self._chosen is None else selection.extended(text, now, by=step)
            self._select(moved)
            self._caret = moved.focus
        else:
            self._caret = min(max(self._caret + step, 0), len(text) - 1)
            self._select(None)
            self.word_clicked.emit(self._caret)
        self.stepped.emit(self._caret)
        self._reveal(self._caret)

    def _step_line(self, *, up: bool) -> None:
        at = self._text.place_of(self._caret)
        if at is None:
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(at.first)
        rect = self.cursorRect(cursor)
        line_px = current().line("reading")
        wanted = QPoint(rect.left() + 2, rect.center().y() + (-line_px if up else line_px))
        place = self._word_at(wanted)
        if place is not None:
            self._caret = place
            self._select(None)
            self.word_clicked.emit(place)
            self.stepped.emit(place)
            self._reveal(place)

    def _select(self, chosen: Selection | None) -> None:
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self._highlight()
        self.selected.emit(chosen)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Start from the word that is said."""
        super().focusInEvent(event)
        if self._chosen is None and self._played is not None:
            self._caret = self._played

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew; what floats over the text moves along."""
        super().resizeEvent(event)
        self.moved.emit()


def _same_text(one: Sequence[TextWord], other: Sequence[TextWord]) -> bool:
    return len(one) == len(other) and all(
        a.take_id == b.take_id and a.word.text == b.word.text for a, b in zip(one, other, strict=True)
    )
