"""Paint what stands still on the timeline: ruler, chapters, pictures, voice, cuts, marks."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap, QPolygonF

from app import messages
from app.screens.edit_parts.timeline_view import US, View
from app.screens.edit_presenter import EditState, clock
from app.theme import current, pixmap
from app.widgets.paint import box, faded, line
from editor.peaks import Peaks
from editor.selection import Block, Lane
from editor.stills import Still

_BAR_PX = 3
_MOST_GAIN = 5.0  # a quiet voice is drawn larger, so that its words can be told from its pauses
_KEEP_PIXMAPS = 300
_LOAD_A_PAINT = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows are, in the coordinates of the widget."""

    ruler: QRect
    chapters: QRect
    picture: QRect
    voice: QRect

    @property
    def media(self) -> QRect:
        """Picture and voice."""
        return self.picture.united(self.voice)


def labels_px() -> int:
    """Return how much room the names of the rows take at the left."""
    return current().text(96)


def rows_of(size: QSize) -> Rows:
    """Return where the rows of a timeline are."""
    theme = current()
    left = labels_px()
    wide = max(size.width() - left, 50)
    ruler_px, chapters_px = theme.text(24), theme.text(28)
    rest = size.height() - ruler_px - chapters_px - 4
    picture_px = min(40, max(rest // 4, 20))
    top = ruler_px + chapters_px + 2
    return Rows(
        ruler=QRect(left, 0, wide, ruler_px),
        chapters=QRect(left, ruler_px, wide, chapters_px),
        picture=QRect(left, top, wide, picture_px),
        voice=QRect(left, top + picture_px, wide, rest - picture_px),
    )


def paint_flag(painter: QPainter, rect: QRectF) -> None:
    """Paint a flag on its pole, which stands at the left edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = current().colour("warn")
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QLineF(rect.left(), rect.top(), rect.left(), rect.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    high = rect.height() * 0.55
    corners = ((0.0, 0.0), (rect.width(), high / 2), (0.0, high))
    painter.drawPolygon(QPolygonF([rect.topLeft() + QPointF(dx, dy) for dx, dy in corners]))
    painter.restore()


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with where it begins and ends on the timeline."""

    block: Block
    start_us: int
    end_us: int


def placed_blocks(state: EditState) -> tuple[Placed, ...]:
    """Return what remains and what is cut, in order of the timeline."""
    starts = {lane.take_id: lane.start_us for lane in state.lanes}
    return tuple(
        Placed(each, starts[each.take_id] + each.in_us, starts[each.take_id] + each.out_us)
        for each in state.blocks
    )


def seen(blocks: tuple[Placed, ...], view: View) -> tuple[Placed, ...]:
    """Return the blocks of which something is seen."""
    first = bisect_left(blocks, view.first_us, key=lambda each: each.end_us)
    last = bisect_left(blocks, view.first_us + view.seen_us, key=lambda each: each.start_us)
    return blocks[first:last]


class Ground:
    """Paints the takes of a resource, their sound and pictures as far as they are known.

    Args:
        later: Called where some pictures are left for the next paint: each must be short.
    """

    def __init__(self, later: Callable[[], None]) -> None:
        self._later = later
        self._peaks: dict[str, Peaks] = {}
        self._stills: dict[str, tuple[Still, ...]] = {}
        self._pixmaps: OrderedDict[Path, QPixmap] = OrderedDict()
        self._gain = 1.0
        self._loads, self._left_out = 0, False

    def show_peaks(self, peaks: Mapping[str, Peaks]) -> None:
        """Know the voice of takes."""
        self._peaks.update(peaks)
        loudest = max(
            (int(abs(each.levels[-1]).max()) for each in self._peaks.values() if len(each.levels[-1])),
            default=127,
        )
        self._gain = min(_MOST_GAIN, 120 / max(loudest, 1))

    def show_stills(self, stills: Mapping[str, tuple[Still, ...]]) -> None:
        """Know small pictures of takes."""
        self._stills.update(stills)

    def paint(
        self,
        painter: QPainter,
        size: QSize,
        view: View,
        state: EditState | None,
        blocks: tuple[Placed, ...],
        *,
        part: int | None,
    ) -> None:
        """Paint all of it; ``part`` is the chapter that plays."""
        theme, rows = current(), rows_of(size)
        painter.fillRect(QRect(QPointF(0, 0).toPoint(), size), theme.colour("surface"))
        _paint_labels(painter, rows, size)
        painter.setClipRect(QRect(rows.ruler.left(), 0, rows.ruler.width(), size.height()))
        painter.fillRect(rows.media, theme.colour("waveform-bed"))
        _paint_ruler(painter, rows.ruler, view)
        if state is None:
            return
        self._loads, self._left_out = _LOAD_A_PAINT, False
        for lane in state.lanes:
            left, right = (view.x(lane.start_us + at) for at in (0, lane.duration_us))
            if right < 0 or left > rows.ruler.width():
                continue
            self._paint_stills(painter, rows.picture, view, lane)
            self._paint_voice(painter, rows.voice, view, lane)
            painter.setPen(QPen(theme.colour("border"), 1))
            x = rows.ruler.left() + left
            painter.drawLine(QLineF(x, rows.picture.top(), x, size.height()))
        _paint_blocks(painter, rows, view, state, blocks)
        _paint_chapters(painter, rows.chapters, view, state, part=part)
        for take_id, at_us in state.marks:
            x = rows.ruler.left() + view.x(state.timeline_of(take_id, at_us) or 0)
            paint_flag(painter, QRectF(x, rows.ruler.top() + 6, 8, rows.ruler.height() - 8))
        if self._left_out:
            self._later()

    def _paint_stills(self, painter: QPainter, rect: QRect, view: View, lane: Lane) -> None:
        stills = self._stills.get(lane.take_id, ())
        high = rect.height() - 2
        wide = high * 16 // 9
        step_us = round(wide / view.px_s * US)
        if not stills or step_us <= 0:
            return
        painter.save()
        left = rect.left() + view.x(lane.start_us)
        inside = QRectF(left, rect.top(), lane.duration_us / US * view.px_s, high)
        painter.setClipRect(inside.intersected(QRectF(rect)), Qt.ClipOperation.IntersectClip)
        at_us = max(0, (view.first_us - lane.start_us) // step_us) * step_us
        while at_us < lane.duration_us and view.x(lane.start_us + at_us) < view.width_px:
            found = self._pixmap(_nearest(stills, at_us + step_us // 2))
            if found is None:
                self._left_out = True
            elif not found.isNull():
                place = QRectF(rect.left() + view.x(lane.start_us + at_us), rect.top() + 1, wide - 1, high)
                painter.drawPixmap(place, found, QRectF(found.rect()))
            at_us += step_us
        painter.restore()

    def _pixmap(self, still: Still) -> QPixmap | None:
        """Return a small picture, or None where this paint has loaded enough of them."""
        found = self._pixmaps.get(still.path)
        if found is None and self._loads > 0:
            self._loads -= 1
            found = self._pixmaps[still.path] = QPixmap(str(still.path))
            while len(self._pixmaps) > _KEEP_PIXMAPS:
                self._pixmaps.popitem(last=False)
        return found

    def _paint_voice(self, painter: QPainter, rect: QRect, view: View, lane: Lane) -> None:
        peaks = self._peaks.get(lane.take_id)
        if peaks is None:
            return
        first_x = max(view.x(lane.start_us), 0.0)
        last_x = min(view.x(lane.start_us + lane.duration_us), float(view.width_px))
        count = int((last_x - first_x) // _BAR_PX)
        if count < 1:
            return
        in_us = round(view.first_us + first_x / view.px_s * US) - lane.start_us
        columns = peaks.columns(in_us, in_us + round(count * _BAR_PX / view.px_s * US), count)
        middle, half = rect.center().y() + 0.5, (rect.height() / 2 - 6) * self._gain
        left = rect.left() + first_x + 1
        lines = [
            QLineF(x, middle - max(high, 1) / 127 * half, x, middle - min(low, -1) / 127 * half)
            for x, (low, high) in zip(
                (left + n * _BAR_PX for n in range(count)), columns.tolist(), strict=True
            )
        ]
        painter.setPen(QPen(current().colour("waveform"), 2))
        painter.drawLines(lines)


def _nearest(stills: tuple[Still, ...], at_us: int) -> Still:
    after = bisect_left(stills, at_us, key=lambda each: each.at_us)
    around = stills[max(after - 1, 0) : after + 1]
    return min(around, key=lambda each: abs(each.at_us - at_us))


def _paint_labels(painter: QPainter, rows: Rows, size: QSize) -> None:
    theme = current()
    for rect, icon, key in (
        (rows.chapters, "bookmark", "edit.row_chapters"),
        (rows.picture, "video", "edit.row_picture"),
        (rows.voice, "audio-lines", "edit.row_voice"),
    ):
        middle = rect.center().y()
        side = theme.text(14)
        painter.drawPixmap(QPointF(14, middle - side // 2), pixmap(icon, "text-muted", size=14))
        room = QRect(20 + side, middle - theme.text(10), rect.left() - side - 22, theme.text(20))
        line(painter, room, messages.text(key), role="caption", tint="text-muted")
    painter.setPen(theme.colour("border"))
    painter.drawLine(rows.ruler.left() - 1, 0, rows.ruler.left() - 1, size.height())


def _paint_ruler(painter: QPainter, rect: QRect, view: View) -> None:
    theme, tick_us = current(), view.tick_us()
    at_us = view.first_us // tick_us * tick_us
    while at_us <= view.first_us + view.seen_us:
        x = rect.left() + round(view.x(at_us))
        painter.setPen(theme.colour("border-strong"))
        painter.drawLine(x, rect.top() + 2, x, rect.bottom() - 2)
        room = QRect(x + 6, rect.top(), 90, rect.height())
        label = clock(at_us, hundredths=tick_us < US)
        line(painter, room, label, role="caption", tint="text-muted", tabular=True)
        at_us += tick_us
    painter.setPen(theme.colour("border"))
    painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())


def _paint_chapters(
    painter: QPainter, rect: QRect, view: View, state: EditState, *, part: int | None
) -> None:
    starts = [state.timeline_of(each.take_id, each.at_us) or 0 for each in state.parts]
    ends = [*starts[1:], state.timeline_us]
    for n, (each, start, end) in enumerate(zip(state.parts, starts, ends, strict=True)):
        left = rect.left() + max(view.x(start), -8)
        right = rect.left() + min(view.x(end), view.width_px + 8)
        if right - left < 3:
            continue
        place = QRectF(left + 1, rect.top() + 2, right - left - 2, rect.height() - 4)
        edge = "accent" if n == part else ""
        box(painter, place, fill="accent-soft", edge=edge, radius=4, width=1.5)
        room = place.toRect().adjusted(8, 0, -4, 0)
        line(painter, room, f"{n + 1}  {each.title}", role="caption-strong", tint="accent-text")


def _paint_blocks(
    painter: QPainter, rows: Rows, view: View, state: EditState, blocks: tuple[Placed, ...]
) -> None:
    theme, media = current(), rows.media
    hatch = QBrush(faded(theme.colour("cut-line"), 0.45), Qt.BrushStyle.BDiagPattern)
    soft, edge = faded(theme.colour("cut-soft"), 0.88), QPen(theme.colour("cut-line"), 1.5)
    for each in seen(blocks, view):
        left, right = (media.left() + view.x(at_us) for at_us in (each.start_us, each.end_us))
        place = QRectF(left, media.top(), max(right - left, 1), media.height())
        if each.block.cut:
            painter.fillRect(place, soft)
            painter.fillRect(place, hatch)
            painter.setPen(edge)
            painter.drawLine(place.topLeft(), place.bottomLeft())
            painter.drawLine(place.topRight(), place.bottomRight())
        elif each.block.take_id in state.missing:
            _paint_missing(painter, place.intersected(QRectF(media)))


def _paint_missing(painter: QPainter, place: QRectF) -> None:
    """Hatch what has no file, and say so where there is room."""
    theme = current()
    painter.fillRect(place, theme.colour("warn-soft"))
    painter.fillRect(place, QBrush(faded(theme.colour("warn"), 0.45), Qt.BrushStyle.FDiagPattern))
    room = QRectF(0, 0, theme.text(110), theme.text(24))
    room.moveCenter(place.center())
    if place.contains(room):
        box(painter, room, fill="warn-soft", edge="warn", radius=4)
        align = Qt.AlignmentFlag.AlignCenter
        words = messages.text("edit.gone_here")
        line(painter, room.toRect(), words, role="caption-strong", tint="warn", align=align)
