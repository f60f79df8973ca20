"""What holds other things: cards, panels, the foot of a screen, rows that wrap, what scrolls."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.theme import current, follow


class Card(QFrame):
    """A framed surface with a column in it: ``card.column.addWidget(…)``."""

    def __init__(self, *, margins: int = 20, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margins, margins - 4, margins, margins - 4)
        self.column.setSpacing(spacing)


class Panel(QFrame):
    """A surface at the side of a screen with a column in it; ``width`` is a token of ``layout`` or px."""

    def __init__(
        self,
        *,
        name: str,
        edge: Literal["left", "right", "top", "bottom"],
        width: int | str = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("edge", edge)
        self._width = width
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        follow(self._take_width)

    def _take_width(self) -> None:
        theme = current()
        if isinstance(self._width, str):
            self.setFixedWidth(theme.layout(self._width))
        elif self._width:
            self.setFixedWidth(round(self._width * (1 + (theme.text_percent - 100) / 200)))


class Foot(QFrame):
    """The bar of 64 px at the foot of a screen: ``foot.row.addWidget(…)``; the primary button comes last."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("edge", "top")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(24, 8, 24, 8)
        self.row.setSpacing(12)
        follow(self._take_height)

    def _take_height(self) -> None:
        self.setMinimumHeight(current().grown(64))


def rule(*, upright: bool = False) -> QFrame:
    """Return a thin line between things."""
    made = QFrame()
    made.setProperty("rule", True)
    if upright:
        made.setFixedSize(1, 24)
    else:
        made.setFixedHeight(1)
    return made


def scrolled(content: QWidget, *, name: str) -> QScrollArea:
    """Return what scrolls ``content`` up and down when there is no room: panels scroll, nothing is cut."""
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)  # which setWidget switches on
    return area


def column(
    *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8
) -> tuple[QWidget, QVBoxLayout]:
    """Return a widget with a column in it."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return made, layout


def row(
    *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8
) -> tuple[QWidget, QHBoxLayout]:
    """Return a widget with a row in it."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return made, layout


def clear(layout: QLayout) -> None:
    """Remove everything from a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class FlowLayout(QLayout):
    """A row that wraps: chips, buttons, badges; what is lower stands in the middle of its row.

    Args:
        spacing: Between parts, and between rows.
        at_end: Whether rows stand at the right edge.
    """

    def __init__(self, *, spacing: int = 4, at_end: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._at_end = at_end
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item; Qt calls it."""
        self._items.append(item)

    def insertWidget(self, index: int, widget: QWidget) -> None:
        """Put a widget before another."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that height follows width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high it is at a width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Lay everything out."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size in one row."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.adjusted(margins.left(), margins.top(), -margins.right(), -margins.bottom())
        x, y, high = inner.x(), inner.y(), 0
        placed: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            if item.expandingDirections() & Qt.Orientation.Horizontal:
                wide = max(size.width(), inner.right() + 1 - x)
                size.setWidth(min(max(size.width(), item.minimumSize().width()), wide))
            if x + size.width() > inner.right() + 1 and x > inner.x():
                self._stand(placed, high, inner, move=move)
                placed = []
                x, y, high = inner.x(), y + high + self.spacing(), 0
            if item.expandingDirections() & Qt.Orientation.Horizontal:
                rest = min(inner.right() + 1 - x, item.maximumSize().width())
                size.setWidth(max(rest, item.minimumSize().width()))
            size.setWidth(min(size.width(), max(inner.width(), 1)))
            placed.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
            high = max(high, size.height())
        self._stand(placed, high, inner, move=move)
        return y + high - rect.y() + margins.bottom()

    def _stand(self, placed: list[tuple[QLayoutItem, QRect]], high: int, inner: QRect, *, move: bool) -> None:
        """Put the items of a row where they belong, in the middle of its height."""
        if not move or not placed:
            return
        spare = inner.right() - placed[-1][1].right() if self._at_end else 0
        for item, rect in placed:
            item.setGeometry(rect.translated(spare, (high - rect.height()) // 2))


def flow(*, spacing: int = 4, at_end: bool = False) -> tuple[QWidget, FlowLayout]:
    """Return a widget whose parts wrap, from the left or at the right edge."""
    made = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made, FlowLayout(spacing=spacing, at_end=at_end, parent=made)


__all__ = ["Card", "FlowLayout", "Foot", "Panel", "clear", "column", "flow", "row", "rule", "scrolled"]
