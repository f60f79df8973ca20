"""Library: find, judge and reopen resources (DESIGN.md 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QListView, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens.library_presenter import read_resources
from app.screens.screen import Action, BaseScreen
from capture.work import Work
from editor.model import Resource


class ResourceList(QAbstractListModel):
    """The resources as rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Resource, ...] = ()

    def show_rows(self, rows: tuple[Resource, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return how many resources there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return what a row says."""
        resource = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{resource.title}, {messages.text(f'status.{resource.status}')}"
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, 56)
        return None


class LibraryScreen(BaseScreen):
    """The resources of the library."""

    name: ClassVar[ScreenName] = "library"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model = ResourceList()
        self.list = QListView()
        self.list.setAccessibleName(messages.text("library.list_name"))
        self.list.setModel(self.model)
        self.list.activated.connect(lambda index: self._open(index.row()))
        self.content.addWidget(self.list)
        desk.holder.changed.connect(self._on_changed)

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Read the library again."""
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        def read(*, work: Work) -> tuple[Resource, ...]:
            with self.desk.holder.read() as library:
                return read_resources(library, work=work)

        self.desk.jobs.read(read, on_done=self._show, on_error=self.show_error)

    def _show(self, rows: tuple[Resource, ...]) -> None:
        self.model.show_rows(rows)
        if rows:
            self.show_content()
            return
        self.show_empty(
            messages.text("library.empty_title"),
            messages.text("library.empty_text"),
            icon="layout-grid",
            actions=[(messages.text("library.new"), "plus", "primary", self.desk.ways.new_resource)],
        )

    def _open(self, row: int) -> None:
        resource = self.model.rows[row]
        self.desk.ways.to("edit" if resource.status != "draft" else "brief", resource.id)

    def bindings(self) -> Mapping[str, Action]:
        """Return what Library's keys do."""
        return {"library_open": lambda: self._open(self.list.currentIndex().row())}

    def panels(self) -> Sequence[QWidget]:
        """Return the list."""
        return (self.list,)
