"""The list of captions: rows that are painted, and one real row where the current caption is edited."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_presenter import BAR_CPS, CaptionsState, Pace, Typed
from app.screens.edit_parts.captions_row import PAD, CaptionRow, finding_tint
from app.screens.edit_presenter import clock
from app.theme import Tint, current, follow, pixmap
from app.widgets.paint import box, line
from editor.cue_layout import FASTEST_CPS
from editor.cue_report import Finding

Index = QModelIndex | QPersistentModelIndex
_NUMBER, _TIMES, _TEXT, _SPEED = range(4)
_HEADINGS = ("captions.number", "captions.times", "captions.text", "captions.reading_speed")
_PACE_TINTS: dict[Pace, tuple[Tint, Tint]] = {
    "ok": ("meter-low", "text-muted"),
    "mid": ("meter-mid", "warn"),
    "bad": ("meter-high", "record"),
}
_BAR_PX = 72
_LINE = 20


class CaptionModel(QAbstractTableModel):
    """The captions that are listed: all of them, or those to check."""

    def __init__(self) -> None:
        super().__init__()
        self.state: CaptionsState | None = None
        self.listed: Sequence[int] = ()

    def show(self, state: CaptionsState, *, only: Sequence[int] | None) -> None:
        """List other captions."""
        self.beginResetModel()
        self.state = state
        self.listed = range(len(state.captions)) if only is None else only
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return how many are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return number, times, text and speed."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is said of a cell; painting is the delegate's."""
        if self.state is None or not index.isValid():
            return None
        number = self.listed[index.row()]
        cue = self.state.captions[number].cue
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return presenter.row_words(self.state, number) if index.column() == _TEXT else self._cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(cue.lines) if index.column() == _TEXT else self._cell(index)
        return None

    def _cell(self, index: Index) -> str:
        assert self.state is not None
        number = self.listed[index.row()]
        cue = self.state.captions[number].cue
        if index.column() == _NUMBER:
            return str(number + 1)
        if index.column() == _TIMES:
            return f"{clock(cue.start_us, hundredths=True)}\n{clock(cue.end_us, hundredths=True)}"
        return presenter.speed_words(presenter.speed(cue))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the words above a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return messages.text(_HEADINGS[section])
        return None


class _Header(QHeaderView):
    """The words above the columns, as the design has them."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(messages.text("captions.list_name"))
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.fillRect(rect, current().colour("window"))
        room = rect.adjusted(19 if logicalIndex == _NUMBER else 0, 0, -4, 0)
        line(painter, room, messages.text(_HEADINGS[logicalIndex]), role="caption-strong", tint="text-muted")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, current().colour("border"))


class _Delegate(QStyledItemDelegate):
    """Paints a cell; the text of the current row is a field instead."""

    def __init__(self, view: CaptionList) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint it."""
        state = self._view.model_now.state
        rect = option.rect
        if state is None:
            return
        theme = current()
        number = self._view.model_now.listed[index.row()]
        is_current = index.row() == self._view.currentIndex().row()
        painter.fillRect(rect, theme.colour("surface-selected" if is_current else "surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("border"))
        cue = state.captions[number].cue
        high = theme.text(_LINE)
        top = QRect(rect.left(), rect.top() + PAD, rect.width() - 8, high)
        if index.column() == _NUMBER:
            if is_current:
                painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
            room = top.adjusted(19, 0, 0, 0)
            line(painter, room, str(number + 1), role="caption", tint="text-muted", tabular=True)
        elif index.column() == _TIMES:
            for n, at_us in enumerate((cue.start_us, cue.end_us)):
                role, tint = ("caption", "text-muted") if n else ("caption-strong", "text")
                text = clock(at_us, hundredths=True)
                line(painter, top.translated(0, n * high), text, role=role, tint=tint, tabular=True)  # type: ignore[arg-type]
        elif index.column() == _TEXT and not is_current:
            self._paint_text(painter, top, cue.lines, presenter.worst(state.findings.get(number, ())))
        elif index.column() == _SPEED:
            self._paint_speed(painter, top, presenter.speed(cue))

    def _paint_text(
        self, painter: QPainter, top: QRect, lines: Sequence[str], finding: Finding | None
    ) -> None:
        high = top.height()
        for n, text in enumerate(lines):
            line(painter, top.translated(0, n * high), text, role="body")
        if finding is None:
            return
        tint = finding_tint(finding)
        room = top.translated(0, len(lines) * high)
        side = current().text(14)
        painter.drawPixmap(
            QPointF(room.left(), room.center().y() - side / 2), pixmap("triangle-alert", tint, size=14)
        )
        words = presenter.finding_words(finding)
        line(painter, room.adjusted(side + 5, 0, 0, 0), words, role="caption-strong", tint=tint)

    def _paint_speed(self, painter: QPainter, top: QRect, cps: float) -> None:
        fill, tint = _PACE_TINTS[presenter.pace(cps)]
        wide, middle = _BAR_PX, top.center().y() + 1
        bar = QRectF(top.left(), middle - 3, wide, 6)
        box(painter, bar, fill="track", radius=3)
        box(painter, QRectF(bar.left(), bar.top(), wide * min(cps / BAR_CPS, 1), 6), fill=fill, radius=3)
        mark = bar.left() + wide * FASTEST_CPS / BAR_CPS
        painter.fillRect(QRectF(mark, middle - 6, 1.5, 12), current().colour("text-muted"))
        role = "caption" if tint == "text-muted" else "caption-strong"
        room = top.adjusted(wide + 8, 0, 0, 0)
        line(painter, room, presenter.speed_words(cps), role=role, tint=tint, tabular=True)  # type: ignore[arg-type]


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
        self.setHorizontalHeader(_Header())
        self.setModel(self.model_now)
        self.setItemDelegate(_Delegate(self))
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
        from bisect import bisect_left

        place = min(bisect_left(listed, index), len(listed) - 1)
        self._showing = not tell
        self.setCurrentIndex(self.model_now.index(place, _TEXT))
        self._showing = False
        self._take_current(reload=listed[place] != self._index or not self._is_modified)
        if reveal:
            self.scrollTo(self.model_now.index(place, _TEXT))
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
        for column, fixed, wide in ((_NUMBER, 19, 41), (_TIMES, 12, 80), (_SPEED, 96, 94)):
            self.setColumnWidth(column, fixed + theme.text(wide))
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        if self.model_now.state is not None:
            self.show_state(self.model_now.state, only=self._only)

    def _measure(self) -> None:
        """Give every row its height: most have the same."""
        state, high = self.model_now.state, current().text(_LINE)
        header = self.verticalHeader()
        usual = 2 * high + 2 * PAD + 1
        header.setDefaultSectionSize(usual)
        if state is None:
            return
        rows = self.model_now.listed
        header.blockSignals(True)
        for n, index in enumerate(rows):
            lines = len(state.captions[index].cue.lines) + (index in state.findings)
            if lines > 2:
                header.resizeSection(n, lines * high + 2 * PAD + 1)
        header.blockSignals(False)
        self._measure_current()

    def _measure_current(self) -> None:
        at = self.currentIndex()
        if at.isValid() and not self._showing and not self.row.isHidden():
            wide = self.columnWidth(_TEXT) - 8
            self.setRowHeight(at.row(), self.row.wanted_px(wide))
            self._place()

    def _measure_left(self, row: int) -> None:
        state = self.model_now.state
        if state is None or not 0 <= row < len(self.model_now.listed):
            return
        index, high = self.model_now.listed[row], current().text(_LINE)
        lines = max(len(state.captions[index].cue.lines) + (index in state.findings), 2)
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
        rect = self.visualRect(self.model_now.index(at.row(), _TEXT))
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
        """Measure the current row anew."""
        super().resizeEvent(event)
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
