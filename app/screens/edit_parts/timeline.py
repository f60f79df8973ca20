"""The timeline: chapters, pictures and voice of the chosen takes, cuts hatched, edges that can be dragged."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
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
from app.screens.edit_parts.timeline_paint import (
    Ground,
    Placed,
    Rows,
    labels_px,
    placed_blocks,
    rows_of,
    seen,
)
from app.screens.edit_parts.timeline_view import US, View
from app.screens.edit_presenter import EditState
from app.theme import current, follow
from app.widgets.paint import faded
from editor import selection
from editor.peaks import Peaks
from editor.selection import Block
from editor.stills import Still

_EDGE_PX = 5
_DRAG_PX = 4
_LATER_MS = 15


class Timeline(QAbstractSlider):
    """The chosen takes end to end. A screen reader meets it as a slider: the place of the playhead in ms.

    ``went`` tells a moment to go to; ``stretch_chosen`` from and to where was dragged; ``edge_dragged`` a
    cut's edge (take id, from, to); ``restored`` a double-clicked cut; ``view_changed`` another zoom or part.
    """

    went = Signal(object)
    stretch_chosen = Signal(object, object)
    edge_dragged = Signal(str, object, object)
    restored = Signal(object)
    view_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("edit.timeline_name"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.valueChanged.connect(lambda ms: self.went.emit(ms * 1000))  # what a screen reader sets
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view = View(800, 1, 10.0)
        self._state: EditState | None = None
        self._blocks: tuple[Placed, ...] = ()
        self._ground = Ground(lambda: QTimer.singleShot(_LATER_MS, self, self._repaint_all))
        self._painted: QPixmap | None = None
        self._playhead_us = 0
        self._chosen: tuple[tuple[int, int], ...] = ()
        self._marks: tuple[int | None, int | None] = (None, None)
        self._part: int | None = None
        self._pressed: QPointF | None = None
        self._edge: tuple[Block, int] | None = None
        self._edge_x: float | None = None
        self._dragged: tuple[int, int] | None = None
        self._scrubbing = False
        follow(self._take_room)

    # What is shown --------------------------------------------------------------------------------------

    def show_state(self, state: EditState) -> None:
        """Show the takes and cuts of a resource."""
        self._state, self._blocks = state, placed_blocks(state)
        self.blockSignals(True)
        self.setRange(0, max(state.timeline_us // 1000, 0))
        self.blockSignals(False)
        self.view = self.view.resized(self._room_px(), max(state.timeline_us, 1))
        self._repaint_all()
        self.view_changed.emit()

    def show_peaks(self, peaks: Mapping[str, Peaks]) -> None:
        """Show the voice of takes."""
        self._ground.show_peaks(peaks)
        self._repaint_all()

    def show_stills(self, stills: Mapping[str, tuple[Still, ...]]) -> None:
        """Show small pictures of takes."""
        self._ground.show_stills(stills)
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
            x = labels_px() + self.view.x(moment)
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
        return max(self.width() - labels_px(), 50)

    # Painting -------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(800, 210)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest that is of use."""
        return QSize(400, 130)

    def rows(self) -> Rows:
        """Return where the rows are, in the coordinates of the widget."""
        return rows_of(self.size())

    def _repaint_all(self) -> None:
        self._painted = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the zoom, or all of it in sight."""
        self._take_room()

    def _take_room(self) -> None:
        self.view = self.view.resized(self._room_px(), self.view.length_us)
        self._repaint_all()
        self.view_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what stands still from a picture of it, then what moves."""
        if self._painted is None:
            ratio = self.devicePixelRatioF()
            self._painted = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._painted.setDevicePixelRatio(ratio)
            ground = QPainter(self._painted)
            self._ground.paint(ground, self.size(), self.view, self._state, self._blocks, part=self._part)
            ground.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted)
        rows = self.rows()
        painter.setClipRect(QRect(labels_px(), 0, self._room_px(), self.height()))
        self._paint_chosen(painter, rows)
        self._paint_playhead(painter, rows)

    def _paint_chosen(self, painter: QPainter, rows: Rows) -> None:
        theme = current()
        whole = rows.media
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

    def _paint_playhead(self, painter: QPainter, rows: Rows) -> None:
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
        return self.view.at(x - labels_px())

    def _edge_at(self, at: QPointF) -> tuple[Block, int] | None:
        state, rows = self._state, self.rows()
        if state is None or not rows.media.contains(at.toPoint()):
            return None
        for each in seen(self._blocks, self.view):
            if not each.block.cut:
                continue
            for edge_us, place_us in ((each.block.in_us, each.start_us), (each.block.out_us, each.end_us)):
                if abs(labels_px() + self.view.x(place_us) - at.x()) <= _EDGE_PX:
                    return each.block, edge_us
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grip an edge, or start to select or scrub."""
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < labels_px():
            return
        self._pressed = event.position()
        self._edge = self._edge_at(event.position())
        self._scrubbing = self._edge is None and event.position().y() < self.rows().picture.top()
        if self._scrubbing:
            self.went.emit(self._moment(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was gripped."""
        x = min(max(event.position().x(), labels_px()), self.width())
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
            self.stretch_chosen.emit(*dragged)
        elif not self._scrubbing:
            self.went.emit(self._moment(x))
        self._scrubbing = False
        self.update()

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
            x = event.position().x() - labels_px()
            self._set_view(self.view.zoomed(self.view.px_s * 1.25 ** (turned / 120), around_x=x))
        else:
            self._set_view(self.view.scrolled(self.view.first_us - round(turned * 0.8 / self.view.px_s * US)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the screen."""
        event.ignore()
