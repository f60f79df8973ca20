"""One of a few, side by side: a segmented control, and tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.theme import TypeRole, current, follow, pixmap
from app.widgets.paint import box, line, plate, plate_size, width_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment or tab; without ``text`` it shows its icon and is called ``name``."""

    key: str
    text: str = ""
    icon: str = ""
    name: str = ""


class _Part(QAbstractButton):
    def __init__(self, choice: Choice, *, large: bool) -> None:
        super().__init__()
        self.choice, self.large = choice, large
        self.setText(choice.text)
        self.setCheckable(True)
        self.setAccessibleName(choice.name or choice.text)
        self.setToolTip("" if choice.text else choice.name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        theme = current()
        wide = width_of(self.text(), theme.font("label")) if self.text() else 0
        wide += theme.text(16) if self.choice.icon else 0
        wide += 6 if self.text() and self.choice.icon else 0
        return QSize(wide + 26, theme.grown(32 if self.large else 28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        tint = ("text" if on else "text-muted") if self.isEnabled() else "text-disabled"
        if on:
            box(painter, self.rect(), fill="surface-raised", edge="border-strong", radius=4)
        elif self.underMouse() and self.isEnabled():
            box(painter, self.rect(), fill="surface-hover", radius=4)
        side = current().text(16)
        left = 13
        if self.choice.icon:
            at = QPointF(left, round((self.height() - side) / 2))
            painter.drawPixmap(at, pixmap(self.choice.icon, tint))
            left += side + 6
        if self.text():
            room = QRect(left, 0, self.width() - left, self.height())
            line(painter, room, self.text(), role="label" if on else "strong", tint=tint)


class Segmented(QWidget):
    """One of a few values; ``chosen`` tells its key when the person changes it."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[Choice], *, name: str, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self.group = QButtonGroup(self)
        self.parts: dict[str, _Part] = {}
        for choice in choices:
            part = _Part(choice, large=large)
            self.parts[choice.key] = part
            self.group.addButton(part)
            row.addWidget(part)
        self.group.buttonClicked.connect(self._on_click)

    @property
    def value(self) -> str:
        """The key of what is chosen, "" for nothing."""
        return next((key for key, part in self.parts.items() if part.isChecked()), "")

    def choose(self, key: str) -> None:
        """Show another choice; "" for none."""
        self.group.setExclusive(False)
        for each, part in self.parts.items():
            part.setChecked(each == key)
        self.group.setExclusive(True)

    def _on_click(self) -> None:
        self.chosen.emit(self.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the well."""
        box(QPainter(self), self.rect(), fill="surface-sunken", radius=current().radius("control"))


class _Tab(QAbstractButton):
    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice, self.count = choice, ""
        self.setText(choice.text)
        self.setCheckable(True)
        self.setAccessibleName(choice.text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        theme = current()
        wide = width_of(self.text(), theme.font("label")) + 20
        wide += plate_size(self.count)[0] + 6 if self.count else 0
        return QSize(wide, theme.grown(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        role: TypeRole = "label" if on else "strong"
        tint = "text" if on else "text-muted"
        if not on and self.underMouse():
            box(painter, self.rect().adjusted(2, 5, -2, -5), fill="surface-hover", radius=4)
        wide = line(painter, self.rect().adjusted(10, 0, 0, 0), self.text(), role=role, tint=tint)
        if self.count:
            high = plate_size(self.count)[1]
            at = QPoint(16 + wide, (self.height() - high) // 2)
            plate(painter, at, self.count, fill="surface-sunken", tint="text-muted")
        if on:
            painter.fillRect(8, self.height() - 2, self.width() - 16, 2, current().colour("accent"))


class Tabs(QWidget):
    """Tabs over a panel, perhaps with counts; ``chosen`` tells the key when the person changes it."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[Choice], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(4)
        self.group = QButtonGroup(self)
        self.parts: dict[str, _Tab] = {}
        for choice in choices:
            part = _Tab(choice)
            self.parts[choice.key] = part
            self.group.addButton(part)
            row.addWidget(part)
        row.addStretch(1)
        self.parts[choices[0].key].setChecked(True)
        self.group.buttonClicked.connect(self._on_click)

    @property
    def value(self) -> str:
        """The key of the tab that is open."""
        return next(key for key, part in self.parts.items() if part.isChecked())

    def choose(self, key: str) -> None:
        """Open another tab."""
        self.parts[key].setChecked(True)

    def show_count(self, key: str, count: int | None) -> None:
        """Show how much is behind a tab."""
        self.parts[key].count = "" if count is None else str(count)
        self.parts[key].updateGeometry()
        self.parts[key].update()

    def _on_click(self) -> None:
        self.chosen.emit(self.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line below."""
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, current().colour("border"))


__all__ = ["Choice", "Segmented", "Tabs"]
