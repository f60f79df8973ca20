"""One take below its question: how long it is, whether it is the best, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.theme import Tint, TypeRole, current, follow, pixmap
from app.widgets.buttons import IconButton
from app.widgets.paint import box, line, plate, plate_size, width_of
from capture.take import Take


class _Star(IconButton):
    """Filled where the take is the best of its prompt; a press never takes that away, another star does."""

    def __init__(self, name: str, *, on: bool) -> None:
        super().__init__("star-filled" if on else "star", name, size="small", checkable=True)
        self.setProperty("mark", True)
        self.setChecked(on)

    def nextCheckState(self) -> None:
        """Stay as it is until the library says otherwise."""


class TakeRow(QWidget):
    """One take: number, length, best or not, star, note and play."""

    pressed = Signal()

    def __init__(self, take: Take, *, best: bool, state: str, chosen: bool) -> None:
        super().__init__()
        self.take, self.best, self.state, self.chosen = take, best, state, chosen
        self.time = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(0)
        row.addStretch(1)
        name = messages.text("edit.take_name", number=take.number)
        self.star = _Star(messages.text("studio.star", take=name), on=best)
        self.play = IconButton("play", messages.text("studio.play_take", take=name), size="small")
        self.note = IconButton("message-square", messages.text("studio.note_take", take=name), size="small")
        ready = take.state in ("safe", "damaged")
        for button in (self.note, self.star, self.play):
            row.addWidget(button)
            button.setVisible(ready)  # once it has its place: before, it would be a window for a moment
        said = state or (messages.text("studio.best") if best else "")
        self.setAccessibleName(f"{name}, {clock(take.duration_us)}, {said}".rstrip(", "))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self._take_height)

    def _take_height(self) -> None:
        self.setFixedHeight(current().grown(30))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select it."""
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what it is."""
        painter = QPainter(self)
        recording = self.take.state == "recording"
        ground = self.rect().adjusted(0, 0, -1, -1)
        if recording or self.best or self.chosen:
            fill = "record-soft" if recording else "surface-hover"
            box(painter, ground, fill=fill, edge="accent" if self.chosen else "", radius=4)
        name = messages.text("edit.take_name", number=self.take.number)
        buttons = 3 * current().height("control-compact") if self.note.isVisible() else 8
        left = 8
        if recording:
            box(painter, QRectF(left, self.height() / 2 - 4, 8, 8), fill="record-fill", radius=4)
            left += 16
        room = QRect(left, 0, self.width() - buttons - left - 6, self.height())
        plain: Tint = "text" if self.best else "text-muted"
        role: TypeRole = "strong" if self.best or recording else "body"
        wide = line(painter, room, name, role=role, tint="record" if recording else plain)
        after = room.adjusted(wide + 8, 0, 0, 0)
        length = self.time if recording else clock(self.take.duration_us)
        wide += line(painter, after, length, tint="record" if recording else "text", tabular=True) + 16
        self._paint_words(painter, room.adjusted(wide, 0, 0, 0), recording=recording)

    def _paint_words(self, painter: QPainter, room: QRect, *, recording: bool) -> None:
        """Say what becomes of it, else that it is the best: the star says so too where there is no room."""
        fits = width_of(self.state, current().font("caption-strong")) <= room.width()
        if self.take.state == "damaged" and not fits:
            side = current().text(14)
            at = QPoint(room.left(), (room.height() - side) // 2)
            painter.drawPixmap(at, pixmap("triangle-alert", "warn", size=14))
        elif self.state:
            tint: Tint = "record" if recording else "warn"
            align = Qt.AlignmentFlag.AlignRight if recording else Qt.AlignmentFlag.AlignLeft
            line(painter, room, self.state, role="caption-strong", tint=tint, align=align)
        elif self.best and plate_size(messages.text("studio.best"))[0] <= room.width():
            at = QPoint(room.left(), (room.height() - current().text(20)) // 2)
            plate(painter, at, messages.text("studio.best"), fill="ok-soft", tint="ok")

    def show_time(self, time: str) -> None:
        """Show how long it is by now."""
        if time != self.time:
            self.time = time
            self.update()
