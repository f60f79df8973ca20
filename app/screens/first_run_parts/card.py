"""One check of the first run: what it is, a well that shows it live, what was found, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens import first_run_presenter as presenter
from app.screens.first_run_presenter import Look
from app.theme import current, follow, pixmap
from app.widgets.boxes import Card, column, flow
from app.widgets.fields import ComboBox
from app.widgets.marks import Badge, BadgeKind
from app.widgets.message import Icon
from app.widgets.paint import box, line
from app.widgets.text import Heading, Label

CARD_PX = (368, 456)
MARGIN_PX = 20
LARGE_PERCENT = 130
_BADGES: dict[Look, BadgeKind] = {"looking": "neutral", "listening": "accent", "ready": "ok", "see": "warn"}
_SIGNS = {"ok": "circle-check", "warn": "triangle-alert", "record": "triangle-alert"}


class CheckCard(Card):
    """A card with a number that becomes a tick; parts are added to ``well``, ``facts`` and ``buttons``."""

    def __init__(self, key: str, number: int, *, icon: str) -> None:
        super().__init__(margins=MARGIN_PX, spacing=12)
        title = messages.text(f"first_run.{key}")
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(10)
        self.mark, self.badge = StepMark(number), Badge()
        head.addWidget(self.mark)
        head.addWidget(Heading(title, "title-small"), 1)
        head.addWidget(self.badge)
        self.column.addLayout(head)
        self.well = QVBoxLayout()
        self.well.setContentsMargins(0, 0, 0, 0)
        self.column.addLayout(self.well)
        self.choice = ComboBox(name=messages.text(f"first_run.{key}_choice"), icon=icon)
        self.column.addWidget(self.choice)
        holder, self.facts = column(spacing=6)
        self.said = Fact()
        self.facts.addWidget(self.said)
        self.column.addWidget(holder)
        self.column.addStretch(1)
        acts, self.buttons = flow(spacing=8)
        self.column.addWidget(acts)
        follow(self._take_size)

    def _take_size(self) -> None:
        wide, high = CARD_PX
        self.setFixedWidth(current().text(wide))
        self.setMinimumHeight(high if current().text_percent <= LARGE_PERCENT else 0)

    def show_look(self, look: Look, words: str) -> None:
        """Say how it is."""
        self.badge.say(presenter.badge(look), kind=_BADGES[look])
        self.mark.show_done(done=look == "ready")
        self.said.say(words, {"ready": "ok", "see": "warn"}.get(look, "muted"))


class StepMark(QWidget):
    """The number of a check in a circle, or a tick once it is passed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._done = number, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def show_done(self, *, done: bool) -> None:
        """Show the tick, or the number."""
        self._done = done
        self.update()

    def sizeHint(self) -> QSize:
        """Return the circle of the design."""
        side = current().text(28)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter, side = QPainter(self), current().text(28)
        circle = QRect(0, 0, side, side)
        if self._done:
            box(painter, circle, fill="ok-soft", radius=side / 2)
            at = (side - current().text(16)) // 2
            painter.drawPixmap(at, at, pixmap("check", "ok"))
        else:
            box(painter, circle.adjusted(1, 1, -1, -1), edge="border-strong", radius=side / 2)
            centre = Qt.AlignmentFlag.AlignHCenter
            line(painter, circle, str(self._number), role="label", tint="text-muted", align=centre)


class Fact(QWidget):
    """One thing that was found, with its measure at the right."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._sign, self.text = Icon("clock", "text-muted"), Label("", wrap=True)
        self.value = Label("", "caption", tint="muted", tabular=True)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.value, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, words: str, tint: str, value: str = "") -> None:
        """Say what was found."""
        self.value.setText(value)
        self.value.set_tint("warn" if tint == "warn" else "muted")
        if words != self.text.text() or tint != self._sign.tint:
            self._sign.show_icon(_SIGNS.get(tint, "clock"), "text-muted" if tint == "muted" else tint)
            self.text.setText(words)
