"""The timeline: chapters, pictures and voice of the chosen takes, cuts hatched, edges that can be dragged."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from app import messages
from app.screens.edit_parts.timeline_view import US, View
from app.screens.edit_presenter import EditState, clock
from app.theme import current, follow, pixmap
from app.widgets.paint import box, faded, line
from editor import selection
from editor.peaks import Peaks
from editor.selection import Block
from editor.stills import Still

_EDGE_PX = 5
_DRAG_PX = 4
_BAR_PX = 3
_MOST_GAIN = 5.0  # a quiet voice is drawn larger, so that its words can be told from its pauses
_KEEP_PIXMAPS = 300
_LOAD_A_PAINT = 8
_LABELS_PX = 96


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows are."""

    ruler: QRect
    chapters: QRect
    picture: QRect
    voice: QRect


class Timeline(QAbstractSlider):
    """The chosen takes end to end. A screen reader meets it as a slider: the place of the playhead in ms.

    ``went`` tells a moment to go to; ``stretch_chosen`` a stretch of a take (id, in, out); ``edge_dragged`` a
    cut's edge (take id, from, to); ``restored`` a double-clicked cut; ``view_changed`` another zoom or part.
    """

    went = Signal(object)
    stretch_chosen = Signal(str, object, object)
    edge_dragged = Signal(str, object, object)
    restored = Signal(object)
    view_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("edit.timeline_name"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view = View(800, 1, 10.0)
        self._state: EditState | None = None
        self._peaks: dict[str, Peaks] = {}
        self._gain = 1.0
        self._stills: dict[str, tuple[Still, ...]] = {}
        self._pixmaps: OrderedDict[Path, QPixmap] = OrderedDict()
        self._ground: QPixmap | None = None
        self._playhead_us = 0
        self._chosen: tuple[tuple[int, int], ...] = ()
        self._marks: tuple[int | None, int | None] = (None, None)
        self._part: int | None = None
        self._pressed: QPointF | None = None
        self._edge: tuple[Block, int] | None = None
        self._edge_x: float | None = None
        self._dragged: tuple[int, int] | None = None
        self._scrubbing = False
        follow(self._repaint_all)

    # What is shown --------------------------------------------------------------------------------------

    def show_state(self, state: EditState) -> None:
        """Show the takes and cuts of a resource."""
        self._state = state
        self.setRange(0, max(state.timeline_us // 1000, 0))
        self.view = self.view.resized(self._room_px(), max(state.timeline_us, 1))
        self._repaint_all()
        self.view_changed.emit()

    def show_peaks(self, peaks: Mapping[str, Peaks]) -> None:
        """Show the voice of takes."""
        self._peaks.update(peaks)
        loudest = max(
            (int(abs(each.levels[-1]).max()) for each in self._peaks.values() if len(each.levels[-1])),
            default=127,
        )
        self._gain = min(_MOST_GAIN, 120 / max(loudest, 1))
        self._repaint_all()

    def show_stills(self, stills: Mapping[str, tuple[Still, ...]]) -> None:
        """Show small pictures of takes."""
        self._stills.update(stills)
        self._repaint_all()

    def show_playhead(self, at_us: int, *, follow_it: bool) -> None:
        """Show where playing is."""
        if follow_it:
            self._set_view(self.view.revealing(at_us))
        old, self._playhead_us = self._playhead_us, at_us
        self.blockSignals(True)
        self.setValue(at_us // 1000)
        self.blockSignals(False)
        for moment in (old, at_us):
            x = _LABELS_PX + self.view.x(moment)
            self.update(QRect(int(x) - 9, 0, 18, self.height()))

    def show_part(self, part: int | None) -> None:
        """Mark the chapter that plays."""
        if part != self._part:
            self._part = part
            self._repaint_all()

    def choose(self, stretches: tuple[tuple[int, int], ...]) -> None:
        """Mark stretches of the timeline as selected."""
        if stretches != self._chosen:
            self._chosen = stretches
            self.update()

    def mark(self, in_us: int | None, out_us: int | None) -> None:
        """Show the in and out points."""
        self._marks = (in_us, out_us)
        self.update()

    # Zoom and scroll ------------------------------------------------------------------------------------

    def zoom(self, factor: float, *, around_us: int | None = None) -> None:
        """Look closer (above 1) or from further away."""
        x = self.view.x(self._playhead_us if around_us is None else around_us)
        x = x if 0 <= x <= self.view.width_px else self.view.width_px / 2
        self._set_view(self.view.zoomed(self.view.px_s * factor, around_x=x))

    def fit(self) -> None:
        """Show all of it."""
        self._set_view(self.view.fitted())

    def scroll_to(self, first_us: int) -> None:
        """Show another part."""
        self._set_view(self.view.scrolled(first_us))

    def _set_view(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self._repaint_all()
            self.view_changed.emit()

    def _room_px(self) -> int:
        return max(self.width() - _LABELS_PX, 50)

    # Painting -------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(800, 210)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest that is of use."""
        return QSize(400, 130)

    def rows(self) -> _Rows:
        """Return where the rows are, in the coordinates of the widget."""
        theme = current()
        left, wide = _LABELS_PX, self._room_px()
        ruler_px, chapters_px = theme.text(24), theme.text(28)
        rest = self.height() - ruler_px - chapters_px - 4
        picture_px = min(40, max(rest // 4, 20))
        top = ruler_px + chapters_px + 2
        return _Rows(
            ruler=QRect(left, 0, wide, ruler_px),
            chapters=QRect(left, ruler_px, wide, chapters_px),
            picture=QRect(left, top, wide, picture_px),
            voice=QRect(left, top + picture_px, wide, rest - picture_px),
        )

    def _repaint_all(self) -> None:
        self._ground = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the zoom, or all of it in sight."""
        self.view = self.view.resized(self._room_px(), self.view.length_us)
        self._repaint_all()
        self.view_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what stands still from a picture of it, then what moves."""
        if self._ground is None:
            ratio = self.devicePixelRatioF()
            self._ground = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._ground.setDevicePixelRatio(ratio)
            with_painter = QPainter(self._ground)
            self._paint_ground(with_painter)
            with_painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        rows = self.rows()
        painter.setClipRect(QRect(_LABELS_PX, 0, self._room_px(), self.height()))
        self._paint_chosen(painter, rows)
        self._paint_playhead(painter, rows)

    def _paint_ground(self, painter: QPainter) -> None:
        theme, rows = current(), self.rows()
        painter.fillRect(self.rect(), theme.colour("surface"))
        self._paint_labels(painter, rows)
        painter.setClipRect(QRect(_LABELS_PX, 0, self._room_px(), self.height()))
        painter.fillRect(rows.picture.united(rows.voice), theme.colour("waveform-bed"))
        self._paint_ruler(painter, rows.ruler)
        if self._state is None:
            return
        loads = _LOAD_A_PAINT
        for lane in self._state.lanes:
            left, right = (self.view.x(lane.start_us + at) for at in (0, lane.duration_us))
            if right < 0 or left > self._room_px():
                continue
            loads = self._paint_stills(painter, rows.picture, lane.take_id, lane.start_us, loads)
            self._paint_voice(painter, rows.voice, lane.take_id, lane.start_us, lane.duration_us)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QLineF(_LABELS_PX + left, rows.picture.top(), _LABELS_PX + left, self.height()))
        self._paint_cuts(painter, rows)
        self._paint_chapters(painter, rows.chapters)

    def _paint_labels(self, painter: QPainter, rows: _Rows) -> None:
        theme = current()
        for rect, icon, key in (
            (rows.chapters, "bookmark", "edit.row_chapters"),
            (rows.picture, "video", "edit.row_picture"),
            (rows.voice, "audio-lines", "edit.row_voice"),
        ):
            middle = rect.center().y()
            painter.drawPixmap(QPointF(14, middle - 7), pixmap(icon, "text-muted", size=14))
            room = QRect(34, middle - theme.text(10), _LABELS_PX - 36, theme.text(20))
            line(painter, room, messages.text(key), role="caption", tint="text-muted")
        painter.setPen(theme.colour("border"))
        painter.drawLine(_LABELS_PX - 1, 0, _LABELS_PX - 1, self.height())

    def _paint_ruler(self, painter: QPainter, rect: QRect) -> None:
        theme, tick_us = current(), self.view.tick_us()
        painter.setPen(theme.colour("border-strong"))
        at_us = self.view.first_us // tick_us * tick_us
        while at_us <= self.view.first_us + self.view.seen_us:
            x = rect.left() + round(self.view.x(at_us))
            painter.setPen(theme.colour("border-strong"))
            painter.drawLine(x, rect.top() + 2, x, rect.bottom() - 2)
            room = QRect(x + 6, rect.top(), 90, rect.height())
            label = clock(at_us, hundredths=tick_us < US)
            line(painter, room, label, role="caption", tint="text-muted", tabular=True)
            at_us += tick_us
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def _paint_chapters(self, painter: QPainter, rect: QRect) -> None:
        state = self._state
        if state is None:
            return
        starts = [state.timeline_of(part.take_id, part.at_us) or 0 for part in state.parts]
        ends = [*starts[1:], state.timeline_us]
        for n, (part, start, end) in enumerate(zip(state.parts, starts, ends, strict=True)):
            left = rect.left() + max(self.view.x(start), -8)
            right = rect.left() + min(self.view.x(end), self.view.width_px + 8)
            if right - left < 3:
                continue
            place = QRectF(left + 1, rect.top() + 2, right - left - 2, rect.height() - 4)
            edge = "accent" if n == self._part else ""
            box(painter, place, fill="accent-soft", edge=edge, radius=4, width=1.5)
            room = place.toRect().adjusted(8, 0, -4, 0)
            line(painter, room, f"{n + 1}  {part.title}", role="caption-strong", tint="accent-text")

    def _paint_stills(self, painter: QPainter, rect: QRect, take_id: str, start_us: int, loads: int) -> int:
        stills = self._stills.get(take_id, ())
        high = rect.height() - 2
        wide = high * 16 // 9
        step_us = round(wide / self.view.px_s * US)
        if not stills or step_us <= 0:
            return loads
        duration_us = next(lane.duration_us for lane in self._state.lanes if lane.take_id == take_id)  # type: ignore[union-attr]
        first = max(0, (self.view.first_us - start_us) // step_us)
        painter.save()
        inside = QRectF(
            rect.left() + self.view.x(start_us), rect.top(), duration_us / US * self.view.px_s, high
        )
        painter.setClipRect(inside.intersected(QRectF(rect)), Qt.ClipOperation.IntersectClip)
        at_us = first * step_us
        while at_us < duration_us and self.view.x(start_us + at_us) < self.view.width_px:
            still = min(stills, key=lambda each: abs(each.at_us - at_us - step_us // 2))
            found = self._pixmaps.get(still.path)
            if found is None and loads > 0:
                found = QPixmap(str(still.path))
                self._pixmaps[still.path] = found
                loads -= 1
                while len(self._pixmaps) > _KEEP_PIXMAPS:
                    self._pixmaps.popitem(last=False)
            if found is not None and not found.isNull():
                place = QRectF(rect.left() + self.view.x(start_us + at_us), rect.top() + 1, wide - 1, high)
                painter.drawPixmap(place, found, QRectF(found.rect()))
            elif found is None:
                self._later()
            at_us += step_us
        painter.restore()
        return loads

    def _later(self) -> None:
        """Paint the rest of the pictures in a moment: a paint must be short."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(15, self, self._repaint_all)

    def _paint_voice(
        self, painter: QPainter, rect: QRect, take_id: str, start_us: int, duration_us: int
    ) -> None:
        peaks = self._peaks.get(take_id)
        if peaks is None:
            return
        first_x = max(self.view.x(start_us), 0.0)
        last_x = min(self.view.x(start_us + duration_us), float(self.view.width_px))
        count = int((last_x - first_x) // _BAR_PX)
        if count < 1:
            return
        in_us = round(self.view.first_us + first_x / self.view.px_s * US) - start_us
        out_us = in_us + round(count * _BAR_PX / self.view.px_s * US)
        columns = peaks.columns(in_us, out_us, count)
        middle, half = rect.center().y() + 0.5, (rect.height() / 2 - 6) * self._gain
        lines = [
            QLineF(x, middle - max(high, 1) / 127 * half, x, middle - min(low, -1) / 127 * half)
            for x, (low, high) in zip(
                (rect.left() + first_x + n * _BAR_PX + 1 for n in range(count)), columns.tolist(), strict=True
            )
        ]
        painter.setPen(QPen(current().colour("waveform"), 2))
        painter.drawLines(lines)

    def _paint_cuts(self, painter: QPainter, rows: _Rows) -> None:
        state, theme = self._state, current()
        if state is None:
            return
        hatch = QBrush(faded(theme.colour("cut-line"), 0.45), Qt.BrushStyle.BDiagPattern)
        edge = QPen(theme.colour("cut-line"), 1.5)
        for block in state.blocks:
            start = state.timeline_of(block.take_id, block.in_us) or 0
            left = rows.picture.left() + self.view.x(start)
            right = rows.picture.left() + self.view.x(start + block.out_us - block.in_us)
            if right < rows.picture.left() or left > rows.picture.right() + 1:
                continue
            place = QRectF(
                left, rows.picture.top(), max(right - left, 1), rows.voice.bottom() - rows.picture.top()
            )
            if block.cut:
                painter.fillRect(place, faded(theme.colour("cut-soft"), 0.88))
                painter.fillRect(place, hatch)
                painter.setPen(edge)
                painter.drawLine(place.topLeft(), place.bottomLeft())
                painter.drawLine(place.topRight(), place.bottomRight())
            elif block.take_id in state.missing:
                painter.fillRect(place, QBrush(theme.colour("warn"), Qt.BrushStyle.FDiagPattern))

    def _paint_chosen(self, painter: QPainter, rows: _Rows) -> None:
        theme = current()
        whole = rows.picture.united(rows.voice)
        stretches = (self._dragged,) if self._dragged is not None else self._chosen
        for in_us, out_us in stretches:
            left, right = rows.picture.left() + self.view.x(in_us), rows.picture.left() + self.view.x(out_us)
            place = QRectF(left, whole.top(), max(right - left, 1.5), whole.height())
            painter.fillRect(place, faded(theme.colour("selection"), 0.55))
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawLine(place.topLeft(), place.bottomLeft())
            painter.drawLine(place.topRight(), place.bottomRight())
        for moment in self._marks:
            if moment is not None:
                x = rows.picture.left() + self.view.x(moment)
                painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(x, rows.ruler.top(), x, whole.bottom()))
        if self._edge_x is not None:
            painter.setPen(QPen(theme.colour("cut-line"), 2))
            painter.drawLine(QLineF(self._edge_x, whole.top(), self._edge_x, whole.bottom()))

    def _paint_playhead(self, painter: QPainter, rows: _Rows) -> None:
        x = rows.ruler.left() + self.view.x(self._playhead_us)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = current().colour("playhead")
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QLineF(x, rows.ruler.top() + 4, x, rows.voice.bottom()))
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        top = rows.ruler.top() + 2
        corners = [(-6, 0), (6, 0), (6, 8), (0, 14), (-6, 8)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, top + dy) for dx, dy in corners]))

    # Pointer and keys -------------------------------------------------------------------------------------

    def _moment(self, x: float) -> int:
        return self.view.at(x - _LABELS_PX)

    def _edge_at(self, at: QPointF) -> tuple[Block, int] | None:
        state, rows = self._state, self.rows()
        if state is None or not rows.picture.united(rows.voice).contains(at.toPoint()):
            return None
        for block in state.blocks:
            if not block.cut:
                continue
            start = state.timeline_of(block.take_id, 0) or 0
            for edge_us in (block.in_us, block.out_us):
                x = _LABELS_PX + self.view.x(start + edge_us)
                if abs(x - at.x()) <= _EDGE_PX:
                    return block, edge_us
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grip an edge, or start to select or scrub."""
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < _LABELS_PX:
            return
        self._pressed = event.position()
        self._edge = self._edge_at(event.position())
        self._scrubbing = self._edge is None and event.position().y() < self.rows().picture.top()
        if self._scrubbing:
            self.went.emit(self._moment(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was gripped."""
        x = min(max(event.position().x(), _LABELS_PX), self.width())
        if self._pressed is None:
            shape = (
                Qt.CursorShape.SplitHCursor if self._edge_at(event.position()) else Qt.CursorShape.ArrowCursor
            )
            self.setCursor(shape)
        elif self._edge is not None:
            self._edge_x = x
            self.update()
        elif self._scrubbing:
            self.went.emit(self._moment(x))
        elif abs(x - self._pressed.x()) > _DRAG_PX:
            first, last = sorted((self._moment(self._pressed.x()), self._moment(x)))
            self._dragged = (first, last)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what was dragged; a click goes there."""
        pressed, edge, dragged = self._pressed, self._edge, self._dragged
        self._pressed = self._edge = self._edge_x = self._dragged = None
        if pressed is None or self._state is None:
            return
        x = event.position().x()
        if edge is not None:
            if abs(x - pressed.x()) > 1:
                block, edge_us = edge
                start = self._state.timeline_of(block.take_id, 0) or 0
                self.edge_dragged.emit(block.take_id, edge_us, self._moment(x) - start)
        elif dragged is not None:
            self._choose_dragged(dragged)
        elif not self._scrubbing:
            self.went.emit(self._moment(x))
        self._scrubbing = False
        self.update()

    def _choose_dragged(self, dragged: tuple[int, int]) -> None:
        assert self._state is not None
        place = selection.lane_at(self._state.lanes, dragged[0])
        if place is None:
            return
        take_id, in_us = place
        lane = next(each for each in self._state.lanes if each.take_id == take_id)
        out_us = min(dragged[1] - lane.start_us, lane.duration_us)
        self.stretch_chosen.emit(take_id, in_us, out_us)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put a cut back."""
        self._pressed = None
        state = self._state
        place = (
            selection.lane_at(state.lanes, self._moment(event.position().x())) if state is not None else None
        )
        if state is None or place is None:
            return
        block = selection.block_at(state.blocks, *place)
        if block is not None and block.cut:
            self.restored.emit(block)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl zoom at the pointer."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            x = event.position().x() - _LABELS_PX
            self._set_view(self.view.zoomed(self.view.px_s * 1.25 ** (turned / 120), around_x=x))
        else:
            self._set_view(self.view.scrolled(self.view.first_us - round(turned * 0.8 / self.view.px_s * US)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the screen."""
        event.ignore()
