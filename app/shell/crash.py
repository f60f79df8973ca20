"""When Lapel has a fault: write it down, say so, and say that the takes are safe only once that was seen."""

from __future__ import annotations

import logging
import logging.handlers
import os
import platform
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.theme import current, dress
from app.widgets.buttons import Button
from app.widgets.message import InlineMessage
from app.widgets.text import Heading, Label
from capture.work import Work

if TYPE_CHECKING:
    from app.jobs import Jobs

log = logging.getLogger(__name__)

LOG_FILE = "lapel.log"
_LOG_BYTES = 1_000_000


def log_folder() -> Path:
    """Return ``LAPEL_LOGS``, else the platform's folder for logs."""
    given = os.environ.get("LAPEL_LOGS", "").strip()
    return Path(given).expanduser() if given else platformdirs.user_log_path("Lapel", appauthor=False)


def start_log(folder: Path) -> Path:
    """Write warnings and faults to a file that never grows beyond a few megabytes; return it."""
    path = folder / LOG_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError as error:
        log.warning("no log file: %s", error)
        return path
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return path


@dataclass(frozen=True, slots=True)
class Safety:
    """How many takes were looked at, and which are not whole, by their folders."""

    takes: int
    broken: tuple[Path, ...]


def check_takes(folder: Path, *, work: Work) -> Safety:
    """Look whether every take is there: its description, and each file that it names, not empty."""
    from editor.library import Library

    takes, broken = 0, list[Path]()
    with Library.open(folder, write=False) as library:
        for resource in library.resources():
            work.checkpoint()
            for take in library.takes(resource.id):
                takes += 1
                place = library.take_folder(take)
                files = [place / "take.json", *(place / each.file for each in take.segments)]
                if not all(each.is_file() and each.stat().st_size for each in files):
                    broken.append(place)
    return Safety(takes, tuple(broken))


class CrashDialog(QDialog):
    """Says that Lapel has a fault, where the log is, and whether the takes are safe."""

    def __init__(self, bug: BaseException, *, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self)
        self.setWindowTitle(messages.text("window.bug_title"))
        self._log_file = log_file
        self.details = "".join(traceback.format_exception(bug))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(Heading(messages.text("window.bug_title")))
        words = Label(messages.text("window.bug", path=log_file), wrap=True)
        words.setMinimumWidth(current().text(440))
        column.addWidget(words)
        self.takes = InlineMessage()
        self.takes.say(messages.text("window.takes_checking"), closable=False)
        column.addWidget(self.takes)
        line = QHBoxLayout()
        self.copy = Button(messages.text("window.bug_copy"))
        self.folder = Button(messages.text("window.bug_folder"), icon="folder-open")
        self.go_on = Button(messages.text("window.bug_go_on"), kind="primary")
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file.parent)))
        )
        self.go_on.clicked.connect(self.accept)
        for each in (self.copy, self.folder):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self.go_on)
        column.addLayout(line)
        self.go_on.setFocus()

    def check(self, jobs: Jobs, folder: Path) -> None:
        """Look after the takes, and say what was found."""
        jobs.read(
            lambda *, work: check_takes(folder, work=work),
            on_done=self.show_safety,
            on_error=lambda error: self.takes.say(messages.sentence(error), kind="warn", closable=False),
        )

    def show_safety(self, safety: Safety) -> None:
        """Say whether every take is there."""
        if safety.broken:
            text = messages.text("window.takes_broken", count=len(safety.broken), path=safety.broken[0])
            self.takes.say(text, kind="warn", closable=False)
        else:
            text = messages.text("window.takes_safe", count=safety.takes)
            self.takes.say(text, kind="ok", closable=False)

    def _copy(self) -> None:
        about = f"{platform.platform()}, Python {platform.python_version()}\n"
        QGuiApplication.clipboard().setText(about + self.details)


class Faults:
    """Takes every exception that nobody expected, on any thread, and shows it once at a time."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self._shows = False
        self.window: QWidget | None = None
        self.jobs: Jobs | None = None
        self.library_folder: Path | None = None

    def watch(self) -> None:
        """Take over what Python does with an exception that nothing caught."""
        sys.excepthook = self.on_exception

    def on_exception(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        """Show an exception of the main thread."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, bug, trace)
        else:
            self.show(bug)

    def show(self, bug: BaseException) -> None:
        """Write a fault down and show it; a second one meanwhile is only written down."""
        log.critical("a fault", exc_info=bug)
        if self._shows:
            return
        self._shows = True
        try:
            dialog = CrashDialog(bug, log_file=self._log_file, parent=self.window)
            if self.jobs is not None and self.library_folder is not None:
                dialog.check(self.jobs, self.library_folder)
            dialog.exec()
        finally:
            self._shows = False
