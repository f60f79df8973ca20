"""The package in the browser as publishing now would make it, in what stands in for a learning system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.desk import Desk
from app.jobs import JobHandle
from capture.errors import UserError
from capture.work import Work
from export.terms import Terms


class Previewing(QObject):
    """One preview at a time: each keeps one of the few lanes of the jobs until it is cancelled."""

    ready = Signal(str)

    def __init__(self, desk: Desk, *, on_error: Callable[[UserError], None]) -> None:
        super().__init__()
        self._desk, self._on_error = desk, on_error
        self.job: JobHandle | None = None
        self.ready.connect(open_address)

    def show(self, resource_id: str, *, title: str, target: str, terms: Terms) -> None:
        """Build a package, or take the one that was published just so, and show it."""
        from export import draft, preview

        if self.job is not None:
            self.job.cancel()

        def serve(*, work: Work) -> None:
            with (
                self._desk.holder.read() as library,
                draft.draft_package(library, resource_id, target=target, terms=terms, work=work) as package,
            ):
                preview.serve(package, target=target, on_ready=self.ready.emit, work=work)

        self.job = self._desk.jobs.start(
            "jobs.preview", serve, params={"title": title}, on_error=self._on_error
        )


def open_path(path: Path) -> None:
    """Open a file or folder in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_address(url: str) -> None:
    """Open an address in the browser."""
    QDesktopServices.openUrl(QUrl(url))
