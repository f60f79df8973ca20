"""The list of captions: rows that are painted, and one real row where the current caption is edited."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_cells import (
    LARGE_PERCENT,
    LINE_PX,
    CaptionCells,
    CaptionHeader,
    lines_of,
)
from app.screens.edit_parts.captions_model import NUMBER, SPEED, TEXT, TIMES, CaptionModel, Index
from app.screens.edit_parts.captions_presenter import CaptionsState, Typed
from app.screens.edit_parts.captions_row import PAD, CaptionRow
from app.theme import current, follow


class CaptionList(QTableView):
    """All captions. The current one is edited in place.

    ``went`` tells another current caption; ``typed`` what was typed into one that is left; ``entered`` Enter;
    ``mended`` a fix of the current caption.
    """

    went = Signal(int)
    typed = Signal(object)
    entered = Signal()
    mended = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("captions.list_name"))
        self.model_now = CaptionModel()
        self._only: Sequence[int] | None = None
        self._large: list[int] = []
        self._index: int | None = None
        self._showing = False
        self.setHorizontalHeader(CaptionHeader())
        self.setModel(self.model_now)
        self.setItemDelegate(CaptionCells(self, self.model_now))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(8)
        self.row = CaptionRow(self.viewport())
        self.row.hide()
        self.row.field.entered.connect(self.entered)
        self.row.field.left.connect(self.keep)
        self.row.field.grew.connect(self._measure_current)
        self.row.mended.connect(self.mended)
        self.verticalScrollBar().valueChanged.connect(self._place)
        follow(self._retheme)

    # What is shown --------------------------------------------------------------------------------------

    def show_state(self, state: CaptionsState, *, only: Sequence[int] | None) -> None:
        """List captions; the current one stays, and so does what is being typed into it."""
        before, index = self.model_now.state, self._index
        scroll = self.verticalScrollBar().value()
        self._showing = True
        self._only = only
        self.model_now.show(state, only=only)
        self._measure()
        self._showing = False
        if before is not None and index is not None:
            index = _same(before, index, state)
        self._index = index if index is None or index < len(state.captions) else None
        self.updateGeometries()  # else the bar has no range yet
        self.verticalScrollBar().setValue(scroll)
        self.choose(self._index if self._index is not None else 0, tell=False, reveal=False)

    def show_lines(self, state: CaptionsState) -> None:
        """Show other texts or times of the same captions."""
        self.model_now.state = state
        self.viewport().update()

    @property
    def index(self) -> int | None:
        """The current caption."""
        return self._index

    @property
    def is_typing(self) -> bool:
        """Whether the text of the current caption has the focus."""
        return self.row.field.hasFocus()

    def choose(self, index: int, *, tell: bool = True, reveal: bool = True) -> None:
        """Make a caption the current one; where it is not listed, the next that is."""
        listed = self.model_now.listed
        if not listed:
            self._index = None
            self.row.hide()
            return
        place = min(bisect_left(listed, index), len(listed) - 1)
        self._showing = not tell
        self.setCurrentIndex(self.model_now.index(place, TEXT))
        self._showing = False
        self._take_current(reload=listed[place] != self._index or not self._is_modified)
        if reveal:
            self.scrollTo(self.model_now.index(place, TEXT))
        self._place()

    def edit_text(self) -> None:
        """Put the caret into the current caption."""
        if not self.row.isHidden():
            self.row.field.setFocus()
            self.row.field.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def _is_modified(self) -> bool:
        return self.row.field.document().isModified()

    @property
    def now(self) -> Typed | None:
        """The current caption with what was typed into it."""
        if self._index is None:
            return None
        text = self.row.field.toPlainText()
        return Typed(self._index, presenter.typed_lines(text) if self._is_modified else None)

    @property
    def caret(self) -> int | None:
        """Before which character of the caption the caret stands, while it is being typed."""
        if not self.is_typing:
            return None
        return self.row.field.textCursor().position()

    def keep(self) -> None:
        """Tell what was typed, once."""
        now = self.now
        if now is not None and now.lines is not None:
            self.row.field.document().setModified(False)
            self.typed.emit(now)

    def forget(self) -> None:
        """Take back what was typed and is not kept yet."""
        self._take_current(reload=True)
        self.setFocus()

    # Where things are -----------------------------------------------------------------------------------

    def _retheme(self) -> None:
        theme = current()
        header = self.horizontalHeader()
        header.setFixedHeight(theme.text(28))
        header.setMinimumSectionSize(24)
        for column, fixed, wide in ((NUMBER, 19, 41), (TIMES, 12, 80), (SPEED, 96, 94)):
            self.setColumnWidth(column, fixed + theme.text(wide))
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        if self.model_now.state is not None:
            self.show_state(self.model_now.state, only=self._only)

    def _measure(self) -> None:
        """Give every row its height: most have the same."""
        state, high = self.model_now.state, current().text(LINE_PX)
        header = self.verticalHeader()
        usual = 2 * high + 2 * PAD + 1
        header.setDefaultSectionSize(usual)
        if state is None:
            return
        rows = self.model_now.listed
        header.blockSignals(True)
        for n, index in enumerate(rows):
            lines = lines_of(state, index, self._text_px)
            if lines > 2:
                header.resizeSection(n, lines * high + 2 * PAD + 1)
        header.blockSignals(False)
        self._measure_current()

    @property
    def _text_px(self) -> int:
        return self.columnWidth(TEXT) - 8

    def _measure_current(self) -> None:
        at = self.currentIndex()
        if at.isValid() and not self._showing and not self.row.isHidden():
            self.setRowHeight(at.row(), self.row.wanted_px(self._text_px))
            self._place()

    def _measure_left(self, row: int) -> None:
        state = self.model_now.state
        if state is None or not 0 <= row < len(self.model_now.listed):
            return
        index, high = self.model_now.listed[row], current().text(LINE_PX)
        lines = max(lines_of(state, index, self._text_px), 2)
        self.setRowHeight(row, lines * high + 2 * PAD + 1)

    def _take_current(self, *, reload: bool) -> None:
        """Fill the real row with the current caption."""
        state, at = self.model_now.state, self.currentIndex()
        if state is None or not at.isValid():
            self.row.hide()
            return
        self._index = self.model_now.listed[at.row()]
        field = self.row.field
        if reload:
            field.blockSignals(True)
            caret = field.textCursor().position() if field.hasFocus() else -1
            text = "\n".join(state.captions[self._index].cue.lines)
            if text != field.toPlainText() or self._is_modified:
                field.setPlainText(text)
                cursor = field.textCursor()
                cursor.setPosition(min(caret, len(text)) if caret >= 0 else len(text))
                field.setTextCursor(cursor)
            field.document().setModified(False)
            field.blockSignals(False)
        self.row.show_findings(state, self._index)
        self.row.show()
        self._measure_current()

    def _place(self) -> None:
        """Put the real row where its caption is."""
        at = self.currentIndex()
        if not at.isValid() or self.row.isHidden():
            return
        rect = self.visualRect(self.model_now.index(at.row(), TEXT))
        self.row.setGeometry(rect.adjusted(-1, 0, -8, -1))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Keep what was typed, and edit another caption."""
        super().currentChanged(current, previous)
        if self._showing or not current.isValid():
            return
        self.keep()
        self._measure_left(previous.row())
        listed = self.model_now.listed
        if listed[current.row()] != self._index:
            self._take_current(reload=True)
            self.went.emit(listed[current.row()])

    def updateGeometries(self) -> None:
        """Follow the rows."""
        super().updateGeometries()
        if hasattr(self, "row"):
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew: every row with large text, which wraps."""
        super().resizeEvent(event)
        if current().text_percent > LARGE_PERCENT:
            self._measure()
        self._measure_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, leave the rest to the screen."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if event.key() in (*keys, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)
        else:
            event.ignore()


def _same(before: CaptionsState, index: int, state: CaptionsState) -> int:
    """Return where the caption is now that was at a place before, by its first word."""
    if index >= len(before.captions):
        return index
    word = before.captions[index].words[0]
    key = (word.take_id, word.take_us)
    if index < len(state.captions):
        here = state.captions[index].words[0]
        if (here.take_id, here.take_us) == key:
            return index
    found = (
        n for n, each in enumerate(state.captions) if (each.words[0].take_id, each.words[0].take_us) == key
    )
    return next(found, min(index, max(len(state.captions) - 1, 0)))
