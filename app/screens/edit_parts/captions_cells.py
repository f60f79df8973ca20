"""Paint the cells of the list of captions, and the words above its columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_model import HEADINGS, NUMBER, SPEED, TEXT, TIMES, CaptionModel, Index
from app.screens.edit_parts.captions_presenter import BAR_CPS, CaptionsState, Pace
from app.screens.edit_parts.captions_row import PAD, finding_tint
from app.screens.edit_presenter import clock
from app.theme import Tint, TypeRole, current, pixmap
from app.widgets.paint import box, line, lines
from editor.cue_layout import FASTEST_CPS
from editor.cue_report import Finding

_PACE_TINTS: dict[Pace, tuple[Tint, Tint]] = {
    "ok": ("meter-low", "text-muted"),
    "mid": ("meter-mid", "warn"),
    "bad": ("meter-high", "record"),
}
_BAR_PX = 72
#: From here on text wraps in its cell.
LARGE_PERCENT = 130
_MOST_LINES = 9
#: How high a line of a caption is, at text of 100 %.
LINE_PX = 20


def lines_of(state: CaptionsState, index: int, wide: int) -> int:
    """Return how many lines a caption takes with what is to check in it; large text may wrap."""
    texts = state.captions[index].cue.lines
    finding = presenter.worst(state.findings.get(index, ()))
    if current().text_percent <= LARGE_PERCENT:
        return len(texts) + (finding is not None)
    count = sum(_wrapped(text, "body", wide) for text in texts)
    if finding is not None:
        count += _wrapped(presenter.finding_words(finding), "caption-strong", wide - _sign_px())
    return count


def _wrapped(text: str, role: TypeRole, wide: int) -> int:
    metrics = QFontMetrics(current().font(role))
    room = metrics.boundingRect(QRect(0, 0, max(wide, 1), 10_000), Qt.TextFlag.TextWordWrap, text)
    return max(round(room.height() / metrics.lineSpacing()), 1)


def _sign_px() -> int:
    return current().text(14) + 5


class CaptionHeader(QHeaderView):
    """The words above the columns, as the design has them."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(messages.text("captions.list_name"))
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint the words above a column."""
        painter.fillRect(rect, current().colour("window"))
        room = rect.adjusted(19 if logicalIndex == NUMBER else 0, 0, -4, 0)
        line(painter, room, messages.text(HEADINGS[logicalIndex]), role="caption-strong", tint="text-muted")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, current().colour("border"))


class CaptionCells(QStyledItemDelegate):
    """Paints a cell; the text of the current row is a field instead."""

    def __init__(self, view: QTableView, model: CaptionModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint it."""
        state = self._model.state
        rect = option.rect
        if state is None:
            return
        theme = current()
        number = self._model.listed[index.row()]
        is_current = index.row() == self._view.currentIndex().row()
        painter.fillRect(rect, theme.colour("surface-selected" if is_current else "surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("border"))
        cue = state.captions[number].cue
        high = theme.text(LINE_PX)
        top = QRect(rect.left(), rect.top() + PAD, rect.width() - 8, high)
        if index.column() == NUMBER:
            if is_current:
                painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
            room = top.adjusted(19, 0, 0, 0)
            line(painter, room, str(number + 1), role="caption", tint="text-muted", tabular=True)
        elif index.column() == TIMES:
            for n, at_us in enumerate((cue.start_us, cue.end_us)):
                role, tint = ("caption", "text-muted") if n else ("caption-strong", "text")
                text = clock(at_us, hundredths=True)
                line(painter, top.translated(0, n * high), text, role=role, tint=tint, tabular=True)  # type: ignore[arg-type]
        elif index.column() == TEXT and not is_current:
            self._paint_text(painter, top, cue.lines, presenter.worst(state.findings.get(number, ())))
        elif index.column() == SPEED:
            self._paint_speed(painter, top, presenter.speed(cue))

    def _paint_text(
        self, painter: QPainter, top: QRect, texts: Sequence[str], finding: Finding | None
    ) -> None:
        high, room = top.height(), QRect(top)
        for text in texts:
            room.translate(0, lines(painter, room, text, most=_MOST_LINES, line_px=high))
        if finding is None:
            return
        tint = finding_tint(finding)
        side = current().text(14)
        painter.drawPixmap(
            QPointF(room.left(), room.center().y() - side / 2), pixmap("triangle-alert", tint, size=14)
        )
        words, beside = presenter.finding_words(finding), room.adjusted(_sign_px(), 0, 0, 0)
        lines(painter, beside, words, role="caption-strong", tint=tint, most=_MOST_LINES, line_px=high)

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
