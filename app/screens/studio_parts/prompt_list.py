"""The questions of the guide with their takes: what is recorded, what is best, what is next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.screens.studio_presenter import PromptRow, StudioState
from app.theme import current, follow, pixmap
from app.widgets.boxes import clear
from app.widgets.buttons import IconButton
from app.widgets.paint import box, line, lines, width_of
from capture.take import Take


class PromptButton(QAbstractButton):
    """One question; a press makes it the current one."""

    def __init__(self, number: int, row: PromptRow, *, current_one: bool) -> None:
        super().__init__()
        self.number, self.row = number, row
        self.setCheckable(True)
        self.setChecked(current_one)
        state = _takes(row)
        self.setAccessibleName(f"{number}, {row.prompt.text}, {state}".rstrip(", "))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return room for two lines."""
        theme = current()
        wide = theme.layout("promptList") - 130  # before it is laid out, its own width says nothing
        rows = 2 if width_of(self.row.prompt.text, theme.font("strong")) > wide else 1
        return QSize(260, theme.line("body") * rows + 16)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number or tick, question, number of takes."""
        painter, theme, on = QPainter(self), current(), self.isChecked()
        if on or self.underMouse():
            painter.fillRect(self.rect(), theme.colour("surface-selected" if on else "surface-hover"))
        if on:
            painter.fillRect(0, 0, 3, self.height(), theme.colour("accent"))
        side = theme.text(20)
        mark = QRect(14, 8, side, side)
        if self.row.done and not on:
            painter.drawPixmap(mark.topLeft(), pixmap("circle-check", "ok", size=20))
        else:
            box(
                painter,
                mark,
                fill="accent" if on else "",
                edge="accent" if on else "border-strong",
                radius=side / 2,
            )
            align = Qt.AlignmentFlag.AlignHCenter
            tint = "on-accent" if on else "text"
            line(painter, mark, str(self.number), role="caption-strong", tint=tint, align=align, tabular=True)
        left = mark.right() + 10
        count = _takes(self.row)
        wide = width_of(count, theme.font("caption")) + 14 if count else 14
        room = QRect(left, 8, self.width() - left - wide - 8, self.height() - 12)
        lines(painter, room, self.row.prompt.text, role="strong" if on else "body", most=2)
        end = QRect(self.width() - wide - 6, 8, wide - 8, theme.line("body"))
        line(painter, end, count, role="caption", tint="text-muted", align=Qt.AlignmentFlag.AlignRight)


def _takes(row: PromptRow) -> str:
    count = len(row.takes)
    if not count:
        return ""
    return messages.text("studio.one_take") if count == 1 else messages.text("studio.takes", count=count)


class TakeRow(QWidget):
    """One take: number, length, best or not, star and play."""

    pressed = Signal()

    def __init__(self, take: Take, *, best: bool, state: str, chosen: bool) -> None:
        super().__init__()
        self.take, self.best, self.state, self.chosen = take, best, state, chosen
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(0)
        row.addStretch(1)
        name = messages.text("edit.take_name", number=take.number)
        self.star = IconButton("star", messages.text("studio.star", take=name), size="small", checkable=True)
        self.star.setChecked(best)
        self.play = IconButton("play", messages.text("studio.play_take", take=name), size="small")
        ready = take.state in ("safe", "damaged")
        for button in (self.star, self.play):
            button.setVisible(ready)
            row.addWidget(button)
        self.setAccessibleName(f"{name}, {clock(take.duration_us)}, {state}".rstrip(", "))
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
        plate = self.rect().adjusted(0, 0, -1, -1)
        if recording or self.best or self.chosen:
            fill = "record-soft" if recording else "surface-hover"
            box(painter, plate, fill=fill, edge="accent" if self.chosen else "", radius=4)
        tint = "record" if recording else "text"
        name = messages.text("edit.take_name", number=self.take.number)
        room = QRect(8, 0, self.width() - 80, self.height())
        wide = line(painter, room, name, role="strong" if self.best or recording else "body", tint=tint)
        after = room.adjusted(wide + 8, 0, 0, 0)
        length = "" if recording else clock(self.take.duration_us)
        wide += line(painter, after, length, tint=tint, tabular=True) + 16
        words = room.adjusted(wide, 0, 70 if recording else 0, 0)
        said = self.state or (messages.text("studio.best") if self.best else "")
        kind = "record" if recording else "warn" if self.state else "ok"
        line(painter, words, said, role="caption-strong", tint=kind)


class PromptList(QWidget):
    """All questions, each with its takes; signals tell what the person wants."""

    prompt_chosen = Signal(int)
    take_chosen = Signal(object)
    starred = Signal(object)
    played = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("studio.prompts_name"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 6)
        self._column.setSpacing(1)
        self._shown: object = None

    def show_state(
        self,
        state: StudioState,
        *,
        current_row: int,
        states: Mapping[str, str],
        extra: Take | None,
        chosen: str,
    ) -> None:
        """Show the prompts.

        Args:
            state: The resource.
            current_row: Which prompt is asked now.
            states: What to say of takes, by id: "Being checked".
            extra: The take that is recorded now, which the library does not know yet.
            chosen: The selected take.
        """
        shown = (state, current_row, tuple(states.items()), extra and extra.id, chosen)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._column)
        for n, row in enumerate(state.rows):
            button = PromptButton(n + 1, row, current_one=n == current_row)
            button.clicked.connect(lambda _=False, n=n: self.prompt_chosen.emit(n))
            self._column.addWidget(button)
            takes = list(row.takes)
            if (
                extra is not None
                and extra.prompt.id == row.prompt.id
                and extra.id not in {t.id for t in takes}
            ):
                takes.append(extra)
            if takes and (n == current_row or row.done):
                self._column.addWidget(self._takes(takes, row, states, chosen))
        self._column.addStretch(1)

    def _takes(self, takes: list[Take], row: PromptRow, states: Mapping[str, str], chosen: str) -> QWidget:
        made = QWidget()
        inside = QVBoxLayout(made)
        inside.setContentsMargins(32, 0, 12, 6)
        inside.setSpacing(1)
        for take in takes:
            one = TakeRow(
                take, best=take.id == row.best, state=states.get(take.id, ""), chosen=take.id == chosen
            )
            one.pressed.connect(lambda take=take: self.take_chosen.emit(take))
            one.star.clicked.connect(lambda _=False, take=take: self.starred.emit(take))
            one.play.clicked.connect(lambda _=False, take=take: self.played.emit(take))
            inside.addWidget(one)
        return made
