"""The questions of the guide with their takes: what is recorded, what is best, what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens.brief_presenter import Tab
from app.screens.studio_alerts import trouble_of
from app.screens.studio_parts.take_row import TakeRow
from app.screens.studio_presenter import PromptRow, StudioState
from app.theme import current, follow, pixmap
from app.widgets.boxes import clear
from app.widgets.fields import LineEdit
from app.widgets.paint import box, line, lines, width_of
from app.widgets.text import Label
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
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(self.updateGeometry)

    def nextCheckState(self) -> None:
        """Stay as it is: which one is current is shown, not pressed."""

    def hasHeightForWidth(self) -> bool:
        """Return that a question takes as many lines as it needs."""
        return True

    def heightForWidth(self, wide: int) -> int:
        """Return the room of them."""
        flags = int(Qt.TextFlag.TextWordWrap)
        metrics = QFontMetrics(current().font("strong"))
        text = metrics.boundingRect(
            QRect(0, 0, self._room(wide).width(), 10_000), flags, self.row.prompt.text
        )
        rows = max(round(text.height() / metrics.lineSpacing()), 1)
        return current().line("body") * rows + 16

    def sizeHint(self) -> QSize:
        """Return its room in the panel of the design."""
        wide = current().layout("promptList") - 16
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(160, self.sizeHint().height())

    def _room(self, wide: int) -> QRect:
        """Return where the question stands."""
        left = 14 + current().text(20) + 10
        return QRect(left, 8, max(wide - left - self._end_px() - 8, 40), 10_000)

    def _end_px(self) -> int:
        """Return how wide the end is: how many takes, or how long an answer takes."""
        return width_of(_takes(self.row), current().font("caption")) + 14

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
        count, wide = _takes(self.row), self._end_px()
        room = self._room(self.width())
        lines(painter, room, self.row.prompt.text, role="strong" if on else "body", most=9)
        end = QRect(self.width() - wide - 6, 8, wide - 8, theme.line("body"))
        line(painter, end, count, role="caption", tint="text-muted", align=Qt.AlignmentFlag.AlignRight)


def _takes(row: PromptRow) -> str:
    count = len(row.takes)
    if not count:
        return messages.text("studio.about", seconds=row.about_s)
    return messages.text("studio.one_take") if count == 1 else messages.text("studio.takes", count=count)


class PromptList(QWidget):
    """The questions of a tab, each with its takes; signals tell what the person wants.

    ``noted`` tells a take and what was written about it.
    """

    prompt_chosen = Signal(int)
    take_chosen = Signal(object)
    starred = Signal(object)
    played = Signal(object)
    noted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("studio.prompts_name"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 6)
        self._column.setSpacing(1)
        self._shown: object = None
        self._given: tuple[StudioState, dict[str, object]] | None = None
        self._noting = ""
        self._recorded: TakeRow | None = None

    def show_state(
        self,
        state: StudioState,
        *,
        tab: Tab,
        current_row: int,
        words: Mapping[str, str],
        unknown: Sequence[Take],
        chosen: str,
    ) -> None:
        """Show the prompts.

        Args:
            state: The resource.
            tab: Whose prompts.
            current_row: Which prompt is asked now, counted over all tabs.
            words: What to say of takes, by id: "Being checked".
            unknown: Takes that the library does not know yet: what is recorded, what is checked.
            chosen: The selected take.
        """
        shown = (state, tab, current_row, tuple(words.items()), tuple(unknown), chosen, self._noting)
        if shown == self._shown:
            return
        self._shown = shown
        given = {"tab": tab, "current_row": current_row, "words": words, "unknown": unknown, "chosen": chosen}
        self._given = (state, dict(given))
        clear(self._column)
        self._recorded = None
        for n, row in enumerate(state.rows):
            if row.tab != tab:
                continue
            button = PromptButton(n + 1, row, current_one=n == current_row)
            button.clicked.connect(lambda _=False, n=n: self.prompt_chosen.emit(n))
            self._column.addWidget(button)
            takes = [*row.takes, *(each for each in unknown if each.prompt.id == row.prompt.id)]
            if takes and (n == current_row or row.done):
                self._column.addWidget(self._takes(takes, row, words, chosen))
        self._column.addStretch(1)

    def show_time(self, time: str) -> None:
        """Show how long the take is that is recorded."""
        if self._recorded is not None:
            self._recorded.show_time(time)

    def _takes(self, takes: list[Take], row: PromptRow, words: Mapping[str, str], chosen: str) -> QWidget:
        made = QWidget()
        inside = QVBoxLayout(made)
        inside.setContentsMargins(32, 0, 12, 6)
        inside.setSpacing(1)
        for take in takes:
            one = TakeRow(
                take, best=take.id == row.best, state=words.get(take.id, ""), chosen=take.id == chosen
            )
            if take.state == "recording":
                self._recorded = one
            one.pressed.connect(lambda take=take: self.take_chosen.emit(take))
            one.star.clicked.connect(lambda _=False, take=take: self.starred.emit(take))
            one.play.clicked.connect(lambda _=False, take=take: self.played.emit(take))
            one.note.clicked.connect(lambda _=False, take=take: self._note(take.id))
            inside.addWidget(one)
            self._add_words(inside, take)
        return made

    def _add_words(self, inside: QVBoxLayout, take: Take) -> None:
        """Add what is wrong with a take, and what was written about it."""
        wrong = trouble_of(take)
        if wrong:
            inside.addWidget(_below(wrong, "warn"))
        if take.id == self._noting:
            field = LineEdit(take.note, name=messages.text("studio.note"))
            field.editingFinished.connect(lambda: self._keep_note(take, field.text()))
            inside.addWidget(field)
            field.setFocus()
        elif take.note:
            inside.addWidget(_below(take.note, "muted"))

    def _note(self, take_id: str) -> None:
        self._noting = "" if take_id == self._noting else take_id
        if self._given is not None:
            state, given = self._given
            self.show_state(state, **given)  # type: ignore[arg-type]

    def _keep_note(self, take: Take, text: str) -> None:
        if self._noting != take.id:
            return
        self._note(take.id)
        if text.strip() != take.note:
            self.noted.emit(take, text)


def _below(text: str, tint: str) -> Label:
    label = Label(text, "caption", tint=tint, wrap=True)
    label.setContentsMargins(8, 0, 8, 4)
    return label
