"""Open the window: build what it is made of and show it; heavy things come after the first paint."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.jobs import Jobs
from app.library_holder import LibraryHolder
from app.settings import SettingsFile, settings_folder
from app.shell.crash import Faults, log_folder, start_log
from app.shell.main_window import MainWindow
from app.shell.sweep import Sweep
from app.theme import Look
from capture.errors import UserError
from editor.place import default_folder

_TURN_S = 0.001
#: What names a screen on Linux, or a stand-in for one.
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def has_screen() -> bool:
    """Return whether there is a screen to open a window on."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREENS)


def make_window(application: QApplication, folder: Path, *, settings: Path, faults: Faults) -> MainWindow:
    """Return the window of a library, not shown yet.

    Args:
        application: Gets the look.
        folder: The library.
        settings: Folder of the settings.
        faults: Where bugs of jobs go.
    """
    # Painting calls Python back hundreds of times, and waits a turn each time while a job counts.
    sys.setswitchinterval(_TURN_S)
    look = Look(application)
    jobs = Jobs(faults.show)
    window = MainWindow(holder=LibraryHolder(folder), jobs=jobs, settings=SettingsFile(settings), look=look)
    faults.window, faults.jobs, faults.library_folder = window, jobs, folder
    return window


def run(folder: Path | None = None) -> int:
    """Open the window and return the exit code."""
    if not has_screen():
        raise UserError("window.no_screen")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Lapel")
    Sweep(application)
    faults = Faults(start_log(log_folder()))
    faults.watch()
    window = make_window(application, folder or default_folder(), settings=settings_folder(), faults=faults)
    window.show()
    window.start()
    return application.exec()
