"""The transcript: one text document whose words play, are selected, struck and put back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QPoint, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPyTextObject,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

from app import messages
from app.screens.edit_parts.timeline_paint import paint_flag
from app.screens.edit_presenter import UNSURE, EditState, clock
from app.theme import Tint, current, follow
from app.widgets.paint import box
from editor import selection
from editor.cutlist import take_edit
from editor.model import Cut
from editor.phrasing import space_between
from editor.selection import Selection, TextWord

_PILL = QTextFormat.ObjectTypes.UserObject + 1
_PILL_TEXT, _PILL_CUT = QTextFormat.Property.UserProperty + 1, QTextFormat.Property.UserProperty + 2
_FLAG = QTextFormat.ObjectTypes.UserObject + 2
_OBJECT = "\ufffc"
_Extra = QTextEdit.ExtraSelection


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a word stands in the document."""

    first: int
    last: int


class _Pill(QPyTextObject):
    """A pause between words as a pill with its length."""

    def intrinsicSize(self, doc: QTextDocument, pos: int, fmt: QTextFormat) -> QSizeF:
        """Return how much room it takes."""
        metrics = QFontMetricsF(current().font("caption", tabular=True))
        return QSizeF(metrics.horizontalAdvance(fmt.property(_PILL_TEXT)) + 18, metrics.height() + 3)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, pos: int, fmt: QTextFormat
    ) -> None:
        """Paint it."""
        is_cut = bool(fmt.property(_PILL_CUT))
        inside = QRectF(rect).adjusted(3, 0, -3, 0)
        box(painter, inside, fill="cut-soft" if is_cut else "", edge="" if is_cut else "control-border")
        font = current().font("caption", tabular=True)
        font.setStrikeOut(is_cut)
        painter.setFont(font)
        painter.setPen(current().colour("cut" if is_cut else "text-muted"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, fmt.property(_PILL_TEXT))


class _Flag(QPyTextObject):
    """A moment that was marked, as a flag between words."""

    def intrinsicSize(self, doc: QTextDocument, pos: int, fmt: QTextFormat) -> QSizeF:
        """Return how much room it takes."""
        high = QFontMetricsF(current().font("caption")).height()
        return QSizeF(high, high)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, pos: int, fmt: QTextFormat
    ) -> None:
        """Paint it."""
        paint_flag(painter, QRectF(rect).adjusted(3, 2, -3, 0))


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
        self._pill = _Pill(self)
        self._flag = _Flag(self)
        self.document().documentLayout().registerHandler(_PILL, self._pill)
        self.document().documentLayout().registerHandler(_FLAG, self._flag)
        self.document().setDocumentMargin(16)
        self.document().setUndoRedoEnabled(False)
        self._state: EditState | None = None
        self._placed: list[_Placed] = []
        self._shown: tuple[TextWord, ...] = ()
        self._places: list[int] = []
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
        scroll = self.verticalScrollBar().value()
        self._build()
        if same:
            self.verticalScrollBar().setValue(scroll)
        self._highlight()

    def show_cuts(self, *, on: bool) -> None:
        """Show struck words, or the text as the result has it."""
        self._show_cuts = on
        self._build()
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
        last = self._place_in_document(chosen.last)
        first = self._place_in_document(chosen.first)
        if last is None or first is None:
            return QRect()
        end, start = QTextCursor(self.document()), QTextCursor(self.document())
        end.setPosition(last.last)
        start.setPosition(first.first)
        return self.cursorRect(start).united(self.cursorRect(end))

    # The document -----------------------------------------------------------------------------------

    def _build(self) -> None:
        state = self._state
        self._placed, self._places = [], []
        self.setUpdatesEnabled(False)
        self.clear()
        if state is not None:
            cursor = QTextCursor(self.document())
            cursor.beginEditBlock()
            for n, lane in enumerate(state.lanes):
                self._add_heading(cursor, state, lane.take_id, lane.prompt_id, first=n == 0)
                self._add_words(cursor, state, lane.take_id)
            cursor.endEditBlock()
        self.setUpdatesEnabled(True)

    def _add_heading(
        self, cursor: QTextCursor, state: EditState, take_id: str, prompt_id: str, *, first: bool
    ) -> None:
        theme = current()
        fmt = QTextBlockFormat()
        fmt.setTopMargin(0 if first else 16)
        fmt.setBottomMargin(2)
        if first:
            cursor.setBlockFormat(fmt)
        else:
            cursor.insertBlock(fmt)
        start = QTextCharFormat()
        start.setFont(theme.font("label", tabular=True))
        start.setForeground(theme.colour("accent-text"))
        at_us = selection.nearest_result_us(state.cut_list, take_id, 0)
        cursor.insertText(clock(at_us or 0), start)
        title = QTextCharFormat()
        title.setFont(theme.font("caption-strong"))
        title.setForeground(theme.colour("text-muted"))
        take = state.take(take_id)
        cursor.insertText(f"  {take.prompt.text or take.prompt.title}", title)
        small = QTextCharFormat()
        small.setFont(theme.font("caption"))
        small.setForeground(theme.colour("text-muted"))
        cursor.insertText("  " + messages.text("edit.take_number", number=take.number), small)

    def _add_words(self, cursor: QTextCursor, state: EditState, take_id: str) -> None:
        theme = current()
        fmt = QTextBlockFormat()
        fmt.setLineHeight(theme.line("reading"), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.insertBlock(fmt)
        own = [place for place, each in enumerate(state.text) if each.take_id == take_id]
        if take_id in state.missing:
            self._add_note(cursor, "edit.take_missing", tint="warn")
            cursor.insertBlock(fmt)
        if not own:
            heard = any(each.take_id == take_id for each in state.transcripts)
            if take_id not in state.missing:
                self._add_note(cursor, "edit.no_words" if heard else "edit.words_coming")
            return
        cuts = take_edit(state.resource.edit, take_id).cuts
        flags = [at_us for marked, at_us in state.marks if marked == take_id]
        said = ""
        for place in own:
            each = state.text[place]
            if each.struck and not self._show_cuts:
                continue
            gap = space_between(said, each.word.text) if said else ""
            cursor.insertText(gap, self._format(each, is_gap=True))
            while flags and flags[0] < each.word.end_us:
                flags.pop(0)
                self._add_flag(cursor)
            first = cursor.position()
            cursor.insertText(each.word.text, self._format(each))
            self._placed.append(_Placed(first, cursor.position()))
            self._places.append(place)
            said += gap + each.word.text
            self._add_pause(cursor, state, place, cuts)
        for _ in flags:
            self._add_flag(cursor)
        if take_id in state.unfinished:
            cursor.insertBlock(fmt)
            self._add_note(cursor, "edit.words_more")

    def _add_note(self, cursor: QTextCursor, key: str, *, tint: Tint = "text-muted") -> None:
        note = QTextCharFormat()
        note.setFont(current().font("body"))
        note.setForeground(current().colour(tint))
        cursor.insertText(messages.text(key), note)

    def _add_flag(self, cursor: QTextCursor) -> None:
        flag = QTextCharFormat()
        flag.setObjectType(_FLAG)
        flag.setToolTip(messages.text("edit.marked"))
        flag.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertText(_OBJECT, flag)

    def _add_pause(self, cursor: QTextCursor, state: EditState, place: int, cuts: Sequence[Cut]) -> None:
        pause_us = selection.pause_after(state.text, place)
        if not pause_us:
            return
        middle_us = state.text[place].word.end_us + pause_us // 2
        is_cut = any(cut.in_us <= middle_us < cut.out_us for cut in cuts)
        if is_cut and not self._show_cuts:
            return
        fmt = QTextCharFormat()
        fmt.setFont(current().font("reading"))
        cursor.insertText(" ", fmt)
        pill = QTextCharFormat()
        pill.setObjectType(_PILL)
        pill.setProperty(_PILL_TEXT, messages.text("edit.pause", seconds=f"{pause_us / 1e6:.1f}"))
        pill.setProperty(_PILL_CUT, is_cut)
        pill.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertText(_OBJECT, pill)

    def _format(self, word: TextWord, *, is_gap: bool = False) -> QTextCharFormat:
        theme = current()
        fmt = QTextCharFormat()
        fmt.setFont(theme.font("reading"))
        fmt.setForeground(theme.colour("text"))
        if is_gap:
            return fmt
        if word.struck:
            fmt.setFontStrikeOut(True)
            fmt.setForeground(theme.colour("cut"))
            fmt.setBackground(theme.colour("cut-soft"))
        elif word.word.filler:
            fmt.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            fmt.setUnderlineColor(theme.colour("warn"))
        elif word.word.confidence < UNSURE:
            fmt.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            fmt.setUnderlineColor(theme.colour("warn"))
        return fmt

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
        low, high = bisect_left(self._places, first), bisect_right(self._places, last)
        take_of = self._state.text if self._state is not None else ()
        for _, group in groupby(range(low, high), key=lambda n: take_of[self._places[n]].take_id):
            own = list(group)  # headings between takes are not selected
            extra = _Extra()
            extra.cursor = QTextCursor(self.document())
            extra.cursor.setPosition(self._placed[own[0]].first)
            extra.cursor.setPosition(self._placed[own[-1]].last, QTextCursor.MoveMode.KeepAnchor)
            extra.format.setBackground(back)
            if front is not None:
                extra.format.setForeground(front)
            found.append(extra)
        return found

    def _place_in_document(self, place: int) -> _Placed | None:
        found = bisect_right(self._places, place) - 1
        if found < 0 or self._places[found] != place:
            return None
        return self._placed[found]

    def _reveal(self, place: int) -> None:
        at = self._place_in_document(place)
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
        self._build()
        self._highlight()

    # Pointer and keys ----------------------------------------------------------------------------------

    def _word_at(self, at: QPoint) -> int | None:
        if not self._placed:
            return None
        position = self.cursorForPosition(at).position()
        found = bisect_right([each.first for each in self._placed], position) - 1
        return self._places[max(found, 0)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to select, or go to a word."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self._word_at(event.position().toPoint())
        if place is None:
            return
        self._pressed_on = place
        self._caret = place
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            anchor = self._chosen.anchor if self._chosen is not None else self._caret
            self._select(Selection(anchor, place))
        elif self._chosen is not None:
            self._select(None)

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
        at = self._place_in_document(self._caret)
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
