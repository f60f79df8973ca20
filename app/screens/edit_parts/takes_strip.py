"""The takes of the prompt that plays: which one is in use, and swapping it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import EditState, clock
from app.theme import current, follow, pixmap
from app.widgets.boxes import clear, row, scrolled
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
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def nextCheckState(self) -> None:
        """Stay as it is: which take is in use is shown, not pressed."""

    def sizeHint(self) -> QSize:
        """Return the size of the design."""
        return QSize(current().text(204), current().grown(48))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that is of use."""
        return QSize(current().text(130), current().grown(48))

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
        high = theme.line("body")
        top = (self.height() - high - theme.line("caption")) // 2
        room = QRect(left, top, self.width() - left - 34, high)
        name = messages.text("edit.take_name", number=self.take.number)
        line(painter, room, name, role="strong")
        after = room.adjusted(width_of(name, theme.font("strong")) + 6, 0, 0, 0)
        line(painter, after, clock(self.take.duration_us), tint="text-muted", tabular=True)
        words = messages.text("edit.take_in_use") if self.chosen else self._words()
        below = QRect(left, top + high, room.width(), theme.line("caption"))
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
        cards, self.row = row(spacing=8)
        self._area = scrolled(cards, name=messages.text("edit.takes_name"))
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.horizontalScrollBar().rangeChanged.connect(self._on_range)
        column.addWidget(self._area)
        self._shown: tuple[object, ...] = ()
        follow(self._take_height)

    def _on_range(self) -> None:
        """Bring the take in use into sight, now that all have their places."""
        self._take_height()
        for n in range(self.row.count()):
            item = self.row.itemAt(n)
            card = item.widget() if item is not None else None
            if isinstance(card, TakeCard) and card.chosen:
                self._area.ensureWidgetVisible(card)

    def _take_height(self) -> None:
        """Be as high as a card, and as the bar below where there are more takes than fit."""
        bar = self._area.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self._area.setFixedHeight(current().grown(48) + below)

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
        for take in takes:
            card = TakeCard(take, chosen=used is not None and take.id == used.id, still=stills.get(take.id))
            card.clicked.connect(lambda _=False, take=take: self.swapped.emit(take))
            self.row.addWidget(card)
        self.row.addStretch(1)
