"""Where a version goes: a card a target to tick, and while it is built, how far each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens import publish_presenter as presenter
from app.theme import current, follow, pixmap
from app.widgets.boxes import row
from app.widgets.buttons import Button
from app.widgets.checks import tick_box
from app.widgets.paint import box, line, width_of
from app.widgets.text import Heading
from export.registry import BUILT
from export.steps import Step
from export.target import target_title


class Targets(QWidget):
    """The cards; ``chosen_changed`` tells that other ones are ticked, ``left_out`` which one not to build."""

    chosen_changed = Signal()
    left_out = Signal(str)
    store_asked = Signal()

    def __init__(self, chosen: Sequence[str]) -> None:
        super().__init__()
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        self._head, head_row = row(spacing=8)
        head_row.addWidget(Heading(messages.text("publish.to"), "title-small"))
        head_row.addStretch(1)
        self.store = Button(messages.text("publish.store.open"), kind="link", icon="database")
        self.store.clicked.connect(self.store_asked)
        head_row.addWidget(self.store)
        inner.addWidget(self._head)
        self.cards: dict[str, TargetCard] = {}
        self._stops: dict[str, Button] = {}
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, target in enumerate(BUILT):
            card = TargetCard(target)
            card.setChecked(target in chosen)
            card.clicked.connect(self.chosen_changed)
            stop = Button(messages.text("publish.cancel_one"), kind="link", size="small")
            stop.setAccessibleName(messages.text("statusbar.cancel_what", what=card.words))
            stop.clicked.connect(lambda _=False, target=target: self.left_out.emit(target))
            stop.hide()
            self.cards[target], self._stops[target] = card, stop
            grid.addWidget(card, place, 0)
            grid.addWidget(stop, place, 1)
        inner.addLayout(grid)
        inner.addStretch(1)
        follow(self._retheme)

    def _retheme(self) -> None:
        self._head.setMinimumHeight(current().height("control"))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The targets that are ticked."""
        return tuple(target for target, card in self.cards.items() if card.isChecked())

    def show_sizes(self, sizes: Mapping[str, str]) -> None:
        """Show how large each will be."""
        for target, card in self.cards.items():
            card.show_size(sizes.get(target, ""))

    def show_steps(self, steps: Mapping[str, Step], *, locked: bool) -> None:
        """Show how far each is; while anything is published, nothing can be ticked."""
        self.store.setEnabled(not locked)
        for target, card in self.cards.items():
            step = steps.get(target)
            waits = step is not None and step.state in ("waiting", "building")
            card.show_step(step or replace(card.step, state="waiting", fraction=0.0), locked=locked)
            self._stops[target].setVisible(waits and len(steps) > 1)


class TargetCard(QCheckBox):
    """A target to tick: its icon, its name, what it is for and how large; while it is built, how far."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
        self.words = target_title(target)
        self.about = messages.text(f"publish.target.{target}.about")
        self.extent, self.step = "", Step(target)
        self.locked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _: self._name())
        self._name()
        follow(self.updateGeometry)

    def show_size(self, size: str) -> None:
        """Show how large it will be."""
        self.extent = size
        self._name()
        self.update()

    def show_step(self, step: Step, *, locked: bool) -> None:
        """Show how far it is; while anything is published, nothing can be ticked."""
        self.step, self.locked = step, locked
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, locked)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        self._name()
        self.update()

    def _name(self) -> None:
        state = messages.text(f"publish.step.{self.step.state}") if self.locked and self.isChecked() else ""
        parts = [self.words, self.about, self.extent if self.isChecked() else "", state]
        self.setAccessibleName(", ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        """Return the room of a card."""
        return QSize(current().text(240), current().text(72))

    def minimumSizeHint(self) -> QSize:
        """Return the least."""
        return QSize(current().text(180), current().text(72))

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        painter, theme = QPainter(self), current()
        on, faded = self.isChecked(), self.locked and not self.isChecked()
        painter.setOpacity(0.45 if faded else 1)
        fill = "accent-soft" if on else "surface-hover" if self.underMouse() else "surface"
        width = 2 if on else 1
        box(painter, self.rect(), fill=fill, edge="accent" if on else "border", radius=8, width=width)
        side = theme.text(16)
        mark = QRectF(14, (self.height() - side) / 2, side, side)
        if self.locked and on:
            self._paint_state(painter, mark)
        else:
            tick_box(painter, mark, on=on)
        left = round(mark.right()) + 10
        big = theme.text(20)
        tint = "accent-text" if on else "text-muted"
        sign = pixmap(presenter.TARGET_ICONS[self.target], tint, size=20)
        painter.drawPixmap(QPointF(left, round((self.height() - big) / 2)), sign)
        self._paint_words(painter, left + big + 12)

    def _paint_words(self, painter: QPainter, left: int) -> None:
        theme = current()
        right = self.width() - 14
        busy = self.locked and self.isChecked()
        side = messages.text(f"publish.step.{self.step.state}") if busy else self.extent
        wide = width_of(side, theme.font("caption", tabular=True)) if side and self.isChecked() else 0
        first, second = theme.text(20), theme.text(16)
        top = (self.height() - first - second) // 2
        line(painter, QRect(left, top, right - left - wide - 8, first), self.words, role="label")
        if wide:
            room = QRect(right - wide, top, wide + 2, first)
            line(painter, room, side, role="caption", tint="text-muted", tabular=True)
        below = QRect(left, top + first, right - left, second)
        if busy and self.step.state == "building":
            bar = QRectF(left, below.center().y() - 2, right - left, 6)
            box(painter, bar, fill="track", radius=3)
            bar.setWidth(max(bar.width() * self.step.fraction, 6))
            box(painter, bar, fill="accent", radius=3)
        else:
            line(painter, below, self.about, role="caption", tint="text-muted")

    def _paint_state(self, painter: QPainter, mark: QRectF) -> None:
        signs = {
            "waiting": ("clock", "text-muted"),
            "building": ("clock", "accent-text"),
            "done": ("circle-check", "ok"),
            "failed": ("circle-x", "record"),
            "left": ("x", "text-muted"),
        }
        painter.drawPixmap(mark.topLeft(), pixmap(*signs[self.step.state]))
