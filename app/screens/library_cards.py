"""The shelf of Library: a list of any length, painted as cards or as rows."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView

from app import messages
from app.screens import library_presenter as presenter
from app.screens.library_paint import FACTS_ROLE, GAP, ROW_ROLE, CardDelegate, Index
from app.screens.library_presenter import CardFacts, Row
from app.theme import current, follow
from editor.model import Resource

_SCROLL_BAR_PX = 12


class ShelfModel(QAbstractListModel):
    """The rows that were read so far.

    ``wanted_facts`` asks for what a card shows when it is first painted, ``wanted_more`` for the next page
    when the list is scrolled to its end.
    """

    wanted_facts = Signal(object)
    wanted_more = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.total = 0
        self.words = ""
        self._facts: dict[str, CardFacts] = {}
        self._asked: set[str] = set()

    def show_rows(self, rows: tuple[Row, ...], *, total: int, words: str) -> None:
        """Show another page; the same resources in the same order only change in place."""
        same = [row.resource.id for row in rows] == [row.resource.id for row in self.rows]
        self._asked.clear()
        self.words = words
        if same and rows:
            self.rows, self.total = list(rows), total
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows, self.total = list(rows), total
        self.endResetModel()

    def add_rows(self, rows: tuple[Row, ...]) -> None:
        """Show the next page behind."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def learn(self, resource_id: str, facts: CardFacts) -> None:
        """Know what a card shows."""
        self._facts[resource_id] = facts
        row = self.row_of(resource_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def facts(self, resource_id: str) -> CardFacts | None:
        """Return what a card shows, as far as it was read."""
        return self._facts.get(resource_id)

    def forget(self, resource_id: str) -> None:
        """Ask again for what a card shows; "" for all."""
        if resource_id:
            self._asked.discard(resource_id)
        else:
            self._asked.clear()

    def row_of(self, resource_id: str) -> int:
        """Return where a resource stands, -1 where it does not."""
        return next((n for n, row in enumerate(self.rows) if row.resource.id == resource_id), -1)

    def resource(self, index: Index) -> Resource | None:
        """Return the resource of an index."""
        return self.rows[index.row()].resource if index.isValid() and index.row() < len(self.rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows were read."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether there are more."""
        return not self.words and 0 < len(self.rows) < self.total

    def fetchMore(self, parent: Index) -> None:
        """Ask for more; they come when they are read."""
        self.wanted_more.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a card says."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == FACTS_ROLE:
            return self._facts_of(row.resource)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return presenter.spoken(row, self._facts.get(row.resource.id))
        return None

    def _facts_of(self, resource: Resource) -> CardFacts | None:
        if resource.id not in self._asked:
            self._asked.add(resource.id)
            self.wanted_facts.emit(resource)
        return self._facts.get(resource.id)


class Shelf(QListView):
    """The list: four cards in a row, three or five with less or more room, or rows."""

    deleted = Signal()
    played = Signal()
    menu_wanted = Signal(object)

    def __init__(self, model: ShelfModel) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("library.list_name"))
        self.cards = CardDelegate(self)
        self.searching = False
        self.setModel(model)
        self.setItemDelegate(self.cards)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalScrollBar().setSingleStep(40)
        follow(self.measure)

    def show_as(self, view: str) -> None:
        """Show cards or rows."""
        self.cards.as_cards = view == "cards"
        icons = QListView.ViewMode.IconMode if self.cards.as_cards else QListView.ViewMode.ListMode
        self.setViewMode(icons)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.measure()

    def measure(self) -> None:
        """Give the cards the room there is."""
        theme = current()
        wide = max(self.width() - _SCROLL_BAR_PX, 200)  # whether or not there is one just now
        if self.cards.as_cards:
            columns = card_columns(self.window().width(), theme.text_percent)
            cell = (wide - 2) // columns
            high = (cell - GAP) * 9 // 16 + self.cards.body_height(searching=self.searching) + GAP
            self.cards.cell = QSize(cell, high)
            self.setGridSize(self.cards.cell)
        else:
            self.cards.cell = QSize(wide, theme.grown(64) + theme.text(4))
            self.setGridSize(QSize())
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again."""
        super().resizeEvent(event)
        self.measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the shelf before the list searches by letters."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.deleted.emit()
        elif event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.played.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.activated.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_wanted.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def card_columns(window_px: int, text_percent: int) -> int:
    """Return how many cards stand in a row: 4, 3 below 1300 px, 5 above 1700; fewer with larger text."""
    columns = 3 if window_px < 1300 else 5 if window_px > 1700 else 4
    return max(1, round(columns * 100 / max(text_percent, 100) + 0.1)) if text_percent > 125 else columns


__all__ = ["Shelf", "ShelfModel", "card_columns"]
