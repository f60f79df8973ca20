"""The microphone's level: now, held peak, where it should be, and the last ten seconds."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import messages
from app.screens.studio_presenter import CLIPPING_DB, FLOOR_DB, LOUDEST_DB, QUIETEST_DB, level_words
from app.theme import current, follow
from app.widgets.paint import box, line

_HOLD_S = 1.5
_TICKS_DB = (-60, -40, -20, -12, -6, 0)
_BARS_PX = 6
_KEPT = 100  # ten a second for ten seconds


def share_of(db: float) -> float:
    """Return where a level is on the scale, 0 to 1: the upper 20 dB take half of it, as the design draws."""
    if db <= -20:
        return max(0.0, (db - FLOOR_DB) / (-20 - FLOOR_DB)) * 0.5
    return min(1.0, 0.5 + (db + 20) / 20 * 0.5)


class LevelMeter(QWidget):
    """Bars from -60 to 0 dBFS; a clipped peak stays red until it is clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._peak_db = self._held_db = FLOOR_DB
        self._held_s = 0.0
        self._clipped = False
        self._name()
        follow(self.updateGeometry)

    @property
    def held_db(self) -> float:
        """The highest peak of the last moment."""
        return self._held_db

    @property
    def clipped(self) -> bool:
        """Whether it was too loud since the last click."""
        return self._clipped

    def show_level(self, peak_db: float) -> None:
        """Show how loud it is now."""
        now_s = time.monotonic()
        if peak_db >= self._held_db or now_s - self._held_s > _HOLD_S:
            self._held_db, self._held_s = peak_db, now_s
        self._clipped = self._clipped or peak_db >= CLIPPING_DB
        self._peak_db = peak_db
        self._name()
        self.update()

    def _name(self) -> None:
        # Read when it has the focus; it is not announced by itself.
        level = messages.text(level_words(self._held_db, self._held_db)[0])
        name = messages.text("studio.meter_name", level=level, db=round(abs(self._held_db)))
        if name != self.accessibleName():
            self.setAccessibleName(name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Forget that it was too loud."""
        self._forgive()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Forget with Space that it was too loud; other keys belong to the screen."""
        if event.key() == Qt.Key.Key_Space and self._clipped:
            self._forgive()
        else:
            event.ignore()

    def _forgive(self) -> None:
        self._clipped = False
        self.update()

    def forget(self) -> None:
        """Show no level: it is another microphone, or none."""
        self._peak_db = self._held_db = FLOOR_DB
        self._name()
        self._forgive()

    def sizeHint(self) -> QSize:
        """Return the height of bars, zone and scale."""
        return QSize(240, 28 + current().line("caption"))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(160, 28 + current().line("caption"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, peak, zone and scale."""
        painter, theme = QPainter(self), current()
        well = QRect(0, 0, self.width(), 20)
        box(painter, well, fill="surface-sunken", edge="record" if self._clipped else "border", radius=3)
        inner = well.adjusted(2, 2, -2, -2)
        lit = share_of(self._peak_db)
        count = inner.width() // _BARS_PX
        for n in range(count):
            at = n / count
            if at >= lit:
                break
            name = "meter-low" if at < share_of(-6) else "meter-mid" if at < share_of(-3) else "meter-high"
            painter.fillRect(
                inner.left() + n * _BARS_PX, inner.top(), _BARS_PX - 2, inner.height(), theme.colour(name)
            )
        if self._held_db > FLOOR_DB:
            x = inner.left() + share_of(self._held_db) * inner.width()
            tint = "meter-high" if self._clipped else "playhead"
            painter.fillRect(QRectF(x - 1, inner.top(), 2.5, inner.height()), theme.colour(tint))
        zones = (
            (FLOOR_DB, QUIETEST_DB, "track"),
            (QUIETEST_DB, LOUDEST_DB, "meter-low"),
            (LOUDEST_DB, -1, "meter-mid"),
            (-1, 0, "meter-high"),
        )
        for low, high, name in zones:
            left, right = share_of(low) * self.width(), share_of(high) * self.width()
            painter.fillRect(QRectF(left, 23, right - left - 1, 2.5), theme.colour(name))
        for db in _TICKS_DB:
            text = messages.number(db)
            x = share_of(db) * self.width()
            room = QRect(round(x) - 24, 28, 48, theme.line("caption"))
            align = Qt.AlignmentFlag.AlignHCenter
            if db == FLOOR_DB:
                room, align = QRect(0, room.top(), 48, room.height()), Qt.AlignmentFlag.AlignLeft
            elif db == 0:
                room = QRect(self.width() - 48, room.top(), 48, room.height())
                align = Qt.AlignmentFlag.AlignRight
            line(painter, room, text, role="caption", tint="text-muted", tabular=True, align=align)


class LastSeconds(QWidget):
    """How loud it was in the last ten seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("studio.last_name"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._levels: deque[float] = deque(maxlen=_KEPT)

    def show_level(self, peak_db: float) -> None:
        """Add a tenth of a second."""
        self._levels.append(peak_db)
        self.update()

    def forget(self) -> None:
        """Begin anew."""
        self._levels.clear()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(240, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line for each tenth of a second, the newest at the right."""
        painter = QPainter(self)
        box(painter, self.rect(), fill="waveform-bed", edge="border", radius=3)
        if not self._levels:
            return
        step = (self.width() - 8) / _KEPT
        middle, half = self.height() / 2, self.height() / 2 - 4
        painter.setPen(QPen(current().colour("waveform-played"), max(step - 1, 1)))
        first = self.width() - 4 - len(self._levels) * step
        for n, db in enumerate(self._levels):
            high = max(share_of(db) * half, 0.75)
            x = first + n * step
            painter.drawLine(QLineF(x, middle - high, x, middle + high))
