"""The window of the foundation: the resources of a library, and their newest page in the browser.

The shell of Brief, Studio, Edit, Details and Publish replaces it.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListView,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QStatusBar,
)

from app import messages, theme
from app.jobs import Jobs
from capture.errors import UserError
from capture.work import Work
from editor import library as libraries
from editor.library import Library
from editor.model import Resource
from export import publish

log = logging.getLogger(__name__)
Row = tuple[Resource, Path | None]

#: What names a screen on Linux, or a stand-in for one.
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def read_rows(folder: Path, *, work: Work) -> tuple[Row, ...]:
    """Return each resource with the page of its newest version, if it has one."""
    with Library.open(folder, write=False) as library:
        rows = []
        for resource in library.resources():
            work.checkpoint()
            rows.append((resource, _newest_page(library, resource)))
        return tuple(rows)


def _newest_page(library: Library, resource: Resource) -> Path | None:
    if not resource.version:
        return None
    try:
        return publish.newest_package(library, resource.id, target="web") / "index.html"
    except UserError:
        return None


class ResourceList(QAbstractListModel):
    """The resources of a library as rows: title above, state below."""

    def __init__(self, rows: tuple[Row, ...] = ()) -> None:
        super().__init__()
        self.rows = rows

    def show_rows(self, rows: tuple[Row, ...]) -> None:
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
        resource, page = self.rows[index.row()]
        status = messages.text(f"status.{resource.status}")
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{resource.title}\n{resource.brief.expert.name} · {status}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{resource.title}, {resource.brief.expert.name}, {status}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(page) if page else messages.text("window.no_page")
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, 64)
        return None


class Window(QMainWindow):
    """The list of resources; Enter or double click opens the newest page of one in the browser."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        super().__init__()
        self.jobs = jobs
        self.setWindowTitle(messages.text("window.title", folder=folder))
        self.resize(960, 640)
        self.model = ResourceList()
        self.list = QListView()
        self.list.setAccessibleName(messages.text("window.list_name"))
        self.list.setModel(self.model)
        self.list.activated.connect(self.open_page)
        self.says = QLabel(
            messages.text("window.reading"), alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.says)
        self.pages.addWidget(self.list)
        self.pages.setContentsMargins(16, 16, 16, 0)
        self.setCentralWidget(self.pages)
        self.setStatusBar(QStatusBar())
        jobs.start(
            "window.reading",
            lambda *, work: read_rows(folder, work=work),
            on_done=self.show_rows,
            on_error=self.show_error,
        )

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show the resources, or how to get the first one."""
        self.model.show_rows(rows)
        self.says.setText(messages.text("window.empty"))
        self.pages.setCurrentWidget(self.list if rows else self.says)
        self.statusBar().showMessage(messages.text("window.hint") if rows else "")

    def show_error(self, error: UserError) -> None:
        """Say what went wrong in the place of the list."""
        self.says.setText(messages.sentence(error))
        self.pages.setCurrentWidget(self.says)

    def open_page(self, index: QModelIndex) -> None:
        """Open the newest page of a resource in the browser."""
        page = self.model.rows[index.row()][1]
        if page is None:
            self.statusBar().showMessage(messages.text("window.no_page"))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def closeEvent(self, event: object) -> None:
        """Let running jobs clean up."""
        self.jobs.close()


def has_screen() -> bool:
    """Return whether there is a screen to open a window on."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREENS)


def run(folder: Path | None = None) -> int:
    """Open the window and return the exit code."""
    if not has_screen():
        raise UserError("window.no_screen")
    application = QApplication(sys.argv[:1])
    theme.apply(application)

    def show_bug(bug: BaseException) -> None:
        log.critical("bug", exc_info=bug)
        QMessageBox.critical(None, messages.text("window.bug_title"), messages.text("window.bug", bug=bug))

    window = Window(folder or libraries.default_folder(), Jobs(show_bug))
    window.show()
    return application.exec()
