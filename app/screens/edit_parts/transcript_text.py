"""The words of a resource as one text document: headings, words, pauses as pills, marks as flags."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from PySide6.QtCore import QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from app import messages
from app.screens.edit_parts.timeline_paint import paint_flag
from app.screens.edit_presenter import UNSURE, EditState, clock
from app.theme import Tint, current
from app.widgets.paint import box
from editor import selection
from editor.phrasing import space_between
from editor.selection import Block, Lane, TextWord

_PILL = QTextFormat.ObjectTypes.UserObject + 1
_PILL_TEXT, _PILL_CUT, _PILL_SIZE = (QTextFormat.Property.UserProperty + n for n in (1, 2, 3))
_FLAG = QTextFormat.ObjectTypes.UserObject + 2
_OBJECT = "\ufffc"

Look = Literal["plain", "struck", "filler", "unsure"]
#: From and to where in the document, and how it looks now.
_Changed = tuple[int, int, QTextCharFormat]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a word stands in the document."""

    first: int
    last: int


class _Pill(QPyTextObject):
    """A pause between words as a pill with its length."""

    def intrinsicSize(self, doc: QTextDocument, pos: int, fmt: QTextFormat) -> QSizeF:
        """Return how much room it takes."""
        size: QSizeF = fmt.property(_PILL_SIZE)
        return size

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


class TranscriptText:
    """Writes the document, and knows where each word stands in it.

    Args:
        document: What is written to.
        owner: Keeps what paints pills and flags alive.
        at_once: So many words are enough for one go.
    """

    def __init__(self, document: QTextDocument, owner: QObject, *, at_once: int = 1000) -> None:
        self._document, self._at_once = document, at_once
        self._objects = (_Pill(owner), _Flag(owner))
        for kind, each in zip((_PILL, _FLAG), self._objects, strict=True):
            document.documentLayout().registerHandler(kind, each)
        self._state: EditState | None = None
        self._show_cuts = True
        self._headings: list[tuple[int, str]] = []
        self._pills: list[tuple[int, int, bool]] = []
        self._left: list[Lane] = []
        self.placed: list[Placed] = []
        self.places: list[int] = []

    def write(self, state: EditState | None, *, show_cuts: bool) -> bool:
        """Write the words of a resource, with struck ones or without; return whether ``more`` must follow."""
        self.placed, self.places, self._headings, self._pills = [], [], [], []
        self._state, self._show_cuts = state, show_cuts
        self._left = [] if state is None else list(state.lanes)
        self._document.clear()
        return self.more()

    def more(self) -> bool:
        """Write some of the answers that are left; return whether there are more.

        An hour has 9,000 words: all of them at once would keep the window from listening.
        """
        state, looks = self._state, _looks()
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        enough = len(self.places) + self._at_once
        while state is not None and self._left and len(self.places) < enough:
            lane = self._left.pop(0)
            cursor.beginEditBlock()
            self._add_heading(cursor, state, lane.take_id, first=not self._headings)
            self._add_words(cursor, state, lane.take_id, looks)
            cursor.endEditBlock()
        return bool(self._left)

    def change(self, state: EditState) -> bool:
        """Show in place what is struck now and was not; return whether there is no more to change.

        Writing all words of a long result again takes longer than a person waits for one to be struck.
        """
        before = self._state
        if before is None or self._left or not self._show_cuts or not _same_words(before, state):
            return False
        starts = [_start(state, lane.take_id) for lane in state.lanes]
        if [len(text) for text in starts] != [len(text) for _, text in self._headings]:
            return False
        self._state = state
        cursor = QTextCursor(self._document)
        for n, (position, text) in enumerate(self._headings):
            if starts[n] != text:
                _select(cursor, position, position + len(text))
                cursor.insertText(starts[n], _start_format())
                self._headings[n] = (position, starts[n])
        # One edit for each answer: what lies between the ends of an edit is laid out anew.
        for changed in self._changed(before, state).values():
            cursor.beginEditBlock()
            for first, last, fmt in changed:
                _select(cursor, first, last)
                cursor.setCharFormat(fmt)
            cursor.endEditBlock()
        return True

    def _changed(self, before: EditState, state: EditState) -> dict[str, list[_Changed]]:
        """Return what looks otherwise than before, by take."""
        found: dict[str, list[_Changed]] = {lane.take_id: [] for lane in state.lanes}
        looks, cuts = _looks(), _cut_stretches(state)
        for place, at in zip(self.places, self.placed, strict=True):
            word = state.text[place]
            if word.struck != before.text[place].struck:
                found[word.take_id].append((at.first, at.last, looks[look_of(word)]))
        for n, (place, position, was_cut) in enumerate(self._pills):
            is_cut = _is_pause_cut(state, place, cuts)
            if is_cut != was_cut:
                pill = _pill(state, place, is_cut=is_cut)
                found[state.text[place].take_id].append((position, position + 1, pill))
                self._pills[n] = (place, position, is_cut)
        return {take_id: changed for take_id, changed in found.items() if changed}

    def place_of(self, place: int) -> Placed | None:
        """Return where a word of the text stands; None for one that is not shown."""
        found = bisect_right(self.places, place) - 1
        return None if found < 0 or self.places[found] != place else self.placed[found]

    def word_at(self, position: int) -> int | None:
        """Return the word that stands at a position of the document, or before it."""
        if not self.placed:
            return None
        found = bisect_right(self.placed, position, key=lambda each: each.first) - 1
        return self.places[max(found, 0)]

    def _add_heading(self, cursor: QTextCursor, state: EditState, take_id: str, *, first: bool) -> None:
        theme = current()
        fmt = QTextBlockFormat()
        fmt.setTopMargin(0 if first else 16)
        fmt.setBottomMargin(2)
        if first:
            cursor.setBlockFormat(fmt)
        else:
            cursor.insertBlock(fmt)
        start = _start(state, take_id)
        self._headings.append((cursor.position(), start))
        cursor.insertText(start, _start_format())
        title = QTextCharFormat()
        title.setFont(theme.font("caption-strong"))
        title.setForeground(theme.colour("text-muted"))
        take = state.take(take_id)
        cursor.insertText(f"  {take.prompt.text or take.prompt.title}", title)
        small = QTextCharFormat()
        small.setFont(theme.font("caption"))
        small.setForeground(theme.colour("text-muted"))
        cursor.insertText("  " + messages.text("edit.take_number", number=take.number), small)

    def _add_words(
        self, cursor: QTextCursor, state: EditState, take_id: str, looks: Mapping[Look, QTextCharFormat]
    ) -> None:
        fmt = QTextBlockFormat()
        fmt.setLineHeight(current().line("reading"), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.insertBlock(fmt)
        own = [place for place, each in enumerate(state.text) if each.take_id == take_id]
        if take_id in state.missing:
            _add_note(cursor, "edit.take_missing", tint="warn")
            cursor.insertBlock(fmt)
        if not own:
            heard = any(each.take_id == take_id for each in state.transcripts)
            if take_id not in state.missing:
                _add_note(cursor, "edit.no_words" if heard else "edit.words_coming")
            return
        self._add_line(_Line(cursor, looks), state, own)
        if take_id in state.unfinished:
            cursor.insertBlock(fmt)
            _add_note(cursor, "edit.words_more")

    def _add_line(self, line: _Line, state: EditState, own: list[int]) -> None:
        cuts = _cut_stretches(state)
        flags = [at_us for take_id, at_us in state.marks if take_id == state.text[own[0]].take_id]
        said = ""
        for place in own:
            each = state.text[place]
            if each.struck and not self._show_cuts:
                continue
            line.add(space_between(said, each.word.text) if said else "")
            while flags and flags[0] < each.word.end_us:
                flags.pop(0)
                line.add_object(_flag())
            first = line.add(each.word.text, look_of(each))
            self.placed.append(Placed(first, line.position))
            self.places.append(place)
            said = each.word.text
            if not selection.pause_after(state.text, place):
                continue
            is_cut = _is_pause_cut(state, place, cuts)
            if self._show_cuts or not is_cut:
                line.add(" ")
                self._pills.append((place, line.position, is_cut))
                line.add_object(_pill(state, place, is_cut=is_cut))
        for _ in flags:
            line.add_object(_flag())
        line.end()


class _Line:
    """Puts words behind one another: what looks plain in one go, since each insertion is slow."""

    def __init__(self, cursor: QTextCursor, looks: Mapping[Look, QTextCharFormat]) -> None:
        self._cursor, self._looks = cursor, looks
        self._held: list[str] = []
        self._special: list[tuple[int, int, Look]] = []
        self.position = cursor.position()

    def add(self, text: str, look: Look = "plain") -> int:
        """Add a word and return where it begins, in the UTF-16 units of Qt."""
        first = self.position
        self._held.append(text)
        self.position += len(text.encode("utf-16-le")) // 2
        if look != "plain":
            self._special.append((first, self.position, look))
        return first

    def add_object(self, fmt: QTextCharFormat) -> None:
        """Add a pill or a flag."""
        self._flush()
        self._cursor.insertText(_OBJECT, fmt)
        self.position += 1

    def end(self) -> None:
        """Give words that are not plain their look."""
        self._flush()
        for first, last, look in self._special:
            _select(self._cursor, first, last)
            self._cursor.setCharFormat(self._looks[look])
        self._cursor.clearSelection()
        self._cursor.setPosition(self.position)

    def _flush(self) -> None:
        self._cursor.insertText("".join(self._held), self._looks["plain"])
        self._held = []


def look_of(word: TextWord) -> Look:
    """Return how a word is marked."""
    if word.struck:
        return "struck"
    if word.word.filler:
        return "filler"
    return "unsure" if word.word.confidence < UNSURE else "plain"


def _looks() -> dict[Look, QTextCharFormat]:
    theme = current()
    looks: dict[Look, QTextCharFormat] = {}
    for look in get_args(Look):
        fmt = looks[look] = QTextCharFormat()
        fmt.setFont(theme.font("reading"))
        fmt.setForeground(theme.colour("text"))
    looks["struck"].setFontStrikeOut(True)
    looks["struck"].setForeground(theme.colour("cut"))
    looks["struck"].setBackground(theme.colour("cut-soft"))
    looks["filler"].setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    looks["unsure"].setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    for underlined in (looks["filler"], looks["unsure"]):
        underlined.setUnderlineColor(theme.colour("warn"))
    return looks


def _same_words(one: EditState, other: EditState) -> bool:
    """Return whether nothing but what is struck may be different."""

    def around(state: EditState) -> tuple[object, ...]:
        return (len(state.text), state.lanes, state.marks, state.missing, state.unfinished, state.takes)

    words = zip(one.text, other.text, strict=False)
    return around(one) == around(other) and all(a.word == b.word and a.take_id == b.take_id for a, b in words)


def _start(state: EditState, take_id: str) -> str:
    return clock(selection.nearest_result_us(state.cut_list, take_id, 0) or 0)


def _start_format() -> QTextCharFormat:
    fmt = QTextCharFormat()
    fmt.setFont(current().font("label", tabular=True))
    fmt.setForeground(current().colour("accent-text"))
    return fmt


def _add_note(cursor: QTextCursor, key: str, *, tint: Tint = "text-muted") -> None:
    note = QTextCharFormat()
    note.setFont(current().font("body"))
    note.setForeground(current().colour(tint))
    cursor.insertText(messages.text(key), note)


def _flag() -> QTextCharFormat:
    flag = QTextCharFormat()
    flag.setObjectType(_FLAG)
    flag.setToolTip(messages.text("edit.marked"))
    flag.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    return flag


def _pill(state: EditState, place: int, *, is_cut: bool) -> QTextCharFormat:
    seconds = f"{selection.pause_after(state.text, place) / 1e6:.1f}"
    pill = QTextCharFormat()
    pill.setObjectType(_PILL)
    words = messages.text("edit.pause", seconds=seconds)
    metrics = QFontMetricsF(current().font("caption", tabular=True))
    pill.setProperty(_PILL_TEXT, words)
    pill.setProperty(_PILL_SIZE, QSizeF(metrics.horizontalAdvance(words) + 18, metrics.height() + 3))
    pill.setProperty(_PILL_CUT, is_cut)
    pill.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    return pill


def _cut_stretches(state: EditState) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {lane.take_id: [] for lane in state.lanes}
    for block in state.blocks:
        if block.cut:
            found[block.take_id].append(block)
    return found


def _is_pause_cut(state: EditState, place: int, cuts: Mapping[str, list[Block]]) -> bool:
    """Return whether the middle of the pause behind a word is cut."""
    word = state.text[place]
    middle_us = word.word.end_us + selection.pause_after(state.text, place) // 2
    own = cuts[word.take_id]
    at = bisect_right(own, middle_us, key=lambda block: block.in_us) - 1
    return at >= 0 and middle_us < own[at].out_us


def _select(cursor: QTextCursor, first: int, last: int) -> None:
    cursor.setPosition(first)
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
