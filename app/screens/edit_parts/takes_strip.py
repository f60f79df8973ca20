"""The takes of the prompt that plays: which one is in use, and swapping it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import EditState, clock
from app.theme import current, follow, pixmap
from app.widgets.boxes import clear
from app.widgets.paint import box, line, picture, width_of
from app.widgets.text import ElidedLabel, Label
from editor.cutlist import chosen_take
from editor.model import Take


class TakeCard(QAbstractButton):
    """One take; a press puts it to use."""

    def __init__(self, take: Take, *, chosen: bool, still: Path | None) -> None:
        super().__init__()
        self.take, self.chosen = take, chosen
        self._still = QPixmap(str(still)) if still is not None else QPixmap()
        self.setCheckable(True)
        self.setChecked(chosen)
        name = messages.text("edit.take_name", number=take.number)
        state = messages.text("edit.take_in_use" if chosen else "edit.take_use")
        self.setAccessibleName(f"{name}, {clock(take.duration_us)}, {state}")
        self.setToolTip(take.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(204, current().grown(48))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that is of use."""
        return QSize(130, current().grown(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, number, length and what a press does."""
        painter, theme = QPainter(self), current()
        fill = "surface-selected" if self.chosen else "surface-hover" if self.underMouse() else "surface"
        box(painter, self.rect(), fill=fill, edge="accent" if self.chosen else "border", radius=6, width=1.5)
        high = self.height() - 14
        left = 8
        if self.width() > 170:
            place = QRect(7, 7, high * 16 // 9, high)
            box(painter, place, fill="video", radius=3)
            if not self._still.isNull():
                picture(painter, place, self._still, radius=3)
            left = place.right() + 10
        row = theme.line("body")
        top = (self.height() - row - theme.line("caption")) // 2
        room = QRect(left, top, self.width() - left - 34, row)
        name = messages.text("edit.take_name", number=self.take.number)
        line(painter, room, name, role="strong")
        after = room.adjusted(width_of(name, theme.font("strong")) + 6, 0, 0, 0)
        line(painter, after, clock(self.take.duration_us), tint="text-muted", tabular=True)
        words = messages.text("edit.take_in_use") if self.chosen else self._words()
        below = QRect(left, top + row, room.width(), theme.line("caption"))
        tint = "accent-text" if self.chosen else "text-muted"
        line(painter, below, words, role="caption-strong" if self.chosen else "caption", tint=tint)
        icon = "circle-check" if self.chosen else "repeat-2"
        side = theme.text(16)
        drawn = pixmap(icon, tint, size=16)
        painter.drawPixmap(self.width() - side - 10, (self.height() - side) // 2, drawn)

    def _words(self) -> str:
        if self.take.note:
            return self.take.note
        if self.take.events:
            return messages.text("edit.take_check")
        return messages.text("edit.take_marked", count=len(self.take.markers)) if self.take.markers else ""


class TakesStrip(QWidget):
    """The takes of one prompt side by side; ``swapped`` tells which one to use."""

    swapped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("edit.takes_name"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        self.title = ElidedLabel("", "caption-strong")
        head.addWidget(self.title, 1)
        self.hint = Label(messages.text("edit.takes_hint"), "caption", tint="muted")
        head.addWidget(self.hint)
        column.addLayout(head)
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        column.addLayout(self.row)
        self._shown: tuple[object, ...] = ()

    def show_prompt(self, state: EditState, prompt_id: str, stills: dict[str, Path]) -> None:
        """Show the takes of a prompt."""
        takes = state.takes_of(prompt_id)
        used = chosen_take(state.resource.edit, prompt_id, state.takes)
        shown = (prompt_id, takes, used and used.id, tuple(sorted(stills.items())))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self.row)
        if not takes:
            return
        self.title.setText(
            messages.text("edit.takes_of", prompt=takes[0].prompt.text or takes[0].prompt.title)
        )
        for take in takes[-4:]:
            card = TakeCard(take, chosen=used is not None and take.id == used.id, still=stills.get(take.id))
            card.clicked.connect(lambda _=False, take=take: self.swapped.emit(take))
            self.row.addWidget(card)
        for _ in range(3 - len(takes)):
            self.row.addStretch(1)
