"""The filters of Library: values to tick, with how many resources each has under the other groups."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import messages
from app.screens import library_presenter as presenter
from app.screens.library_presenter import Shelf
from app.theme import current, follow, pixmap
from app.widgets.boxes import Panel, column, rule, scrolled
from app.widgets.buttons import Button
from app.widgets.checks import tick_box
from app.widgets.paint import box, line, width_of
from app.widgets.text import Heading
from editor.search import GROUPS, Filter, Group

#: So many values of a group are listed at first.
FEW = 5


class FilterRow(QCheckBox):
    """A value to tick, with its count at the right."""

    def __init__(self, group: Group, value: str) -> None:
        super().__init__()
        self.value, self.count = value, 0
        self.words = presenter.value_words(group, value)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def show_count(self, count: int, *, on: bool) -> None:
        """Show how many there are, and whether it is ticked."""
        self.count = count
        self.setChecked(on)
        self.setAccessibleName(messages.counted("library.filter", count, value=self.words))
        self.setToolTip(self.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of a line."""
        return QSize(120, current().height("control-compact"))

    def minimumSizeHint(self) -> QSize:
        """Return the least."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, box, words and count."""
        painter = QPainter(self)
        on = self.isChecked()
        if on or self.underMouse():
            box(painter, self.rect(), fill="surface-selected" if on else "surface-hover", radius=4)
        theme = current()
        side = theme.text(16)
        tick_box(painter, QRectF(4, (self.height() - side) / 2, side, side), on=on)
        count = str(self.count)
        wide = width_of(count, theme.font("caption", tabular=True))
        right = QRect(self.width() - wide - 5, 0, wide + 2, self.height())
        line(painter, right, count, role="caption", tint="text-muted", tabular=True)
        left = side + 12
        room = QRect(left, 0, right.left() - left - 8, self.height())
        line(painter, room, self.words, tint="text" if self.count or on else "text-muted")


class GroupHead(QAbstractButton):
    """The name of a group, which folds it."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.setText(messages.text(f"library.group.{group}"))
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(messages.text("library.fold", group=self.text()))
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the room of a line."""
        return QSize(120, current().height("control-compact"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name and the arrow."""
        painter = QPainter(self)
        line(painter, self.rect().adjusted(4, 0, -28, 0), self.text(), role="label")
        side = current().text(14)
        icon = "chevron-down" if self.isChecked() else "chevron-right"
        at = QPointF(self.width() - side - 4, round((self.height() - side) / 2))
        painter.drawPixmap(at, pixmap(icon, "text-muted", size=14))


class FilterGroup(QWidget):
    """One group: its head, its values, and the way to see all of them."""

    toggled = Signal(str, str)

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.group = group
        self.rows: dict[str, FilterRow] = {}
        self._all = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 0, 12, 12)
        outer.setSpacing(0)
        self.head = GroupHead(group)
        self.head.toggled.connect(self._fold)
        self.body, self._column = column(spacing=0)
        self.more = Button("", kind="link", size="small")
        self.more.clicked.connect(self._show_all)
        outer.addWidget(self.head)
        outer.addWidget(self.body)
        outer.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._choices: tuple[tuple[str, int], ...] = ()
        self._on: tuple[str, ...] = ()

    def show_choices(self, choices: tuple[tuple[str, int], ...], on: tuple[str, ...]) -> None:
        """Show other values; those that stay keep the focus."""
        self._choices, self._on = choices, on
        kept = [each for each in choices if each[0] in on]
        few = (
            choices if self._all else (*choices[:FEW], *(each for each in kept if each not in choices[:FEW]))
        )
        for value in set(self.rows) - {value for value, _ in few}:
            gone = self.rows.pop(value)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (value, count) in enumerate(few):
            row = self.rows.get(value)
            if row is None:
                row = FilterRow(self.group, value)
                row.clicked.connect(lambda _=False, value=value: self.toggled.emit(self.group, value))
                self.rows[value] = row
            self._column.insertWidget(place, row)
            row.show_count(count, on=value in on)
        rest = len(choices) - len(few)
        self.more.setVisible(rest > 0 and self.head.isChecked())
        self.more.setText(messages.text("library.more", count=rest))
        self.more.retheme()
        self.setVisible(bool(choices))

    def _show_all(self) -> None:
        self._all = True
        self.show_choices(self._choices, self._on)

    def _fold(self) -> None:
        self.body.setVisible(self.head.isChecked())
        self.show_choices(self._choices, self._on)


class FilterPanel(Panel):
    """All groups, Clear above and the bin below."""

    toggled = Signal(str, str)
    cleared = Signal()
    bin_asked = Signal()

    def __init__(self) -> None:
        super().__init__(name=messages.text("library.filters"), edge="right", width="filters")
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 16, 12, 8)
        self.clear = Button(messages.text("library.clear"), kind="link")
        self.clear.clicked.connect(self.cleared)
        row.addWidget(Heading(messages.text("library.filters"), "title-small"))
        row.addStretch(1)
        row.addWidget(self.clear)
        content, inner = column(margins=(0, 4, 0, 0), spacing=0)
        self.groups: dict[Group, FilterGroup] = {}
        for group in GROUPS:
            self.groups[group] = FilterGroup(group)
            self.groups[group].toggled.connect(self.toggled)
            inner.addWidget(self.groups[group])
        inner.addStretch(1)
        self.bin = Button("", icon="trash-2", kind="plain", checkable=True)
        self.bin.clicked.connect(self.bin_asked)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 6, 8, 6)
        foot.addWidget(self.bin)
        foot.addStretch(1)
        self.column.addWidget(head)
        self.column.addWidget(scrolled(content, name=messages.text("library.filters")), 1)
        self.column.addWidget(rule())
        self.column.addLayout(foot)

    def show_shelf(self, shelf: Shelf, wanted: Filter) -> None:
        """Show the counts of a shelf and what is ticked."""
        for group, part in self.groups.items():
            part.show_choices(presenter.choices(shelf, wanted, group), wanted.group(group))
        self.clear.setEnabled(bool(presenter.ticked(wanted)))
        self.bin.setChecked(wanted.binned)
        self.bin.setText(messages.text("library.bin_count", count=shelf.binned))
        self.bin.retheme()
