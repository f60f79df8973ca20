"""The captions on a strip of time, with the voice below: which is shown when, and what lies between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from app import messages
from app.screens.edit_parts.captions_presenter import CaptionsState
from app.screens.edit_parts.timeline_view import US, View
from app.screens.edit_presenter import clock
from app.theme import current, follow
from app.widgets.paint import box, line, lines
from editor.peaks import Peaks

_PX_S = 58.0
_BAR_PX = 3
_GAIN = 2.0


class CaptionTimeline(QAbstractSlider):
    """A screen reader meets it as a slider: the place of the playhead in ms.

    ``went`` tells a moment of the result to go to, ``chosen`` a caption that was clicked.
    """

    went = Signal(object)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("captions.timeline_name"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(lambda ms: self.went.emit(ms * 1000))  # what a screen reader sets
        self.view = View(800, 1, _PX_S)
        self._state: CaptionsState | None = None
        self._peaks: dict[str, Peaks] = {}
        self._playhead_us = 0
        self._current: int | None = None
        follow(self._retheme)

    def _retheme(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        ruler, row, voice = self._rows()
        return QSize(800, ruler + row + voice)

    def _rows(self) -> tuple[int, int, int]:
        """Return how high ruler, captions and voice are."""
        return current().grown(24), max(48, current().line("caption") + 20), 40

    def show_state(self, state: CaptionsState) -> None:
        """Show captions."""
        self._state = state
        length_us = max(state.cut_list.duration_us, 1)
        self.blockSignals(True)
        self.setRange(0, length_us // 1000)
        self.blockSignals(False)
        self.view = View(max(self.width(), 50), length_us, self.view.px_s, self.view.first_us)
        self.view = self.view.scrolled(self.view.first_us)
        self.update()

    def show_peaks(self, peaks: Mapping[str, Peaks]) -> None:
        """Show the voice of takes."""
        self._peaks.update(peaks)
        self.update()

    def show_current(self, index: int | None) -> None:
        """Mark the caption that is edited, and bring it into sight."""
        self._current = index
        if index is not None and self._state is not None and index < len(self._state.captions):
            self.view = self.view.revealing(self._state.captions[index].cue.start_us)
        self.update()

    def show_playhead(self, at_us: int, *, follow_it: bool) -> None:
        """Show where playing is."""
        self._playhead_us = at_us
        if follow_it:
            self.view = self.view.revealing(at_us)
        self.blockSignals(True)
        self.setValue(at_us // 1000)
        self.blockSignals(False)
        self.update()

    # Painting -------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the room there is."""
        self.view = View(max(self.width(), 50), self.view.length_us, self.view.px_s, self.view.first_us)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        theme, painter = current(), QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        ruler_px, _, voice_px = self._rows()
        voice = QRect(0, self.height() - voice_px, self.width(), voice_px)
        painter.fillRect(voice, theme.colour("waveform-bed"))
        self._paint_ruler(painter, QRect(0, 0, self.width(), ruler_px))
        if self._state is None:
            return
        self._paint_voice(painter, voice, self._state)
        self._paint_captions(painter, QRect(0, ruler_px, self.width(), voice.top() - ruler_px), self._state)
        x = self.view.x(self._playhead_us)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("playhead"), 2))
        painter.drawLine(QLineF(x, 4, x, self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("playhead"))
        corners = ((-6, 0), (6, 0), (6, 8), (0, 14), (-6, 8))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, 2 + dy) for dx, dy in corners]))

    def _paint_ruler(self, painter: QPainter, rect: QRect) -> None:
        theme, tick_us = current(), self.view.tick_us()
        at_us = self.view.first_us // tick_us * tick_us
        while at_us <= self.view.first_us + self.view.seen_us:
            x = round(self.view.x(at_us))
            painter.setPen(theme.colour("border-strong"))
            painter.drawLine(x, rect.top() + 2, x, rect.bottom() - 1)
            room = QRect(x + 6, rect.top(), 90, rect.height())
            line(painter, room, clock(at_us), role="caption", tint="text-muted", tabular=True)
            at_us += tick_us
        painter.fillRect(0, rect.bottom(), rect.width(), 1, theme.colour("border"))

    def _paint_captions(self, painter: QPainter, rect: QRect, state: CaptionsState) -> None:
        first = max(bisect_left(state.starts_us, self.view.first_us) - 1, 0)
        to_check = set(state.to_check)
        for number in range(first, len(state.captions)):
            cue = state.captions[number].cue
            left, right = self.view.x(cue.start_us), self.view.x(cue.end_us)
            if left > rect.width():
                return
            place = QRectF(left, rect.top() + 4, max(right - left, 3), rect.height() - 8)
            is_current = number == self._current
            edge = "accent" if is_current else "record" if number in to_check else "border-strong"
            fill = "surface-selected" if is_current else "surface"
            box(painter, place, fill=fill, edge=edge, width=2 if is_current else 1)
            room = place.toRect().adjusted(6, 2, -4, -2)
            if room.width() > 12:
                most = max(room.height() // current().line("caption"), 1)
                lines(painter, room, " ".join(cue.lines), role="caption", most=most)

    def _paint_voice(self, painter: QPainter, rect: QRect, state: CaptionsState) -> None:
        rate = state.cut_list.rate
        middle, half = rect.center().y() + 0.5, rect.height() / 2 - 2
        played: list[QLineF] = []
        coming: list[QLineF] = []
        for placed in state.cut_list.placed:
            peaks = self._peaks.get(placed.span.take_id)
            start_us = round(placed.result_frame * US / rate)
            left = max(self.view.x(start_us), 0.0)
            right = min(self.view.x(start_us + round(placed.frames * US / rate)), float(rect.width()))
            count = int((right - left) // _BAR_PX)
            if peaks is None or count < 1:
                continue
            in_us = placed.span.in_us + round(self.view.first_us + left / self.view.px_s * US) - start_us
            swings = peaks.columns(in_us, in_us + round(count * _BAR_PX / self.view.px_s * US), count)
            for n, (low, high) in enumerate(swings.tolist()):
                x = left + n * _BAR_PX + 1
                up, down = (min(max(abs(v), 1) / 127 * half * _GAIN, half) for v in (high, low))
                bar = QLineF(x, middle - up, x, middle + down)
                (played if x < self.view.x(self._playhead_us) else coming).append(bar)
        for tint, bars in (("waveform-played", played), ("waveform", coming)):
            painter.setPen(QPen(current().colour(tint), 2))
            painter.drawLines(bars)

    # Pointer --------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to a caption, or to a moment."""
        if self._state is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at_us = self.view.at(event.position().x())
        index = self._state.at(at_us)
        ruler_px, _, voice_px = self._rows()
        in_row = ruler_px <= event.position().y() < self.height() - voice_px
        if in_row and index is not None and at_us < self._state.captions[index].cue.end_us:
            self.chosen.emit(index)
        else:
            self.went.emit(at_us)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub along the ruler."""
        if event.buttons() & Qt.MouseButton.LeftButton and event.position().y() < self._rows()[0]:
            self.went.emit(self.view.at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Have nothing to do."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl zoom at the pointer."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            x = event.position().x()
            self.view = self.view.zoomed(self.view.px_s * 1.25 ** (turned / 120), around_x=x)
        else:
            self.view = self.view.scrolled(self.view.first_us - round(turned * 0.8 / self.view.px_s * US))
        self.update()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the screen."""
        event.ignore()
