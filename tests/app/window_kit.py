"""A producer at the window: opens it, presses its keys, finds its controls by the names they tell."""

import contextlib
import json
import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QDialog, QLabel, QWidget

from app.shell.crash import Faults
from app.shell.main_window import MainWindow
from app.shell.watchdog import Watchdog
from app.window import make_window
from editor.library import Library
from editor.model import Transcript, Word
from tests.conftest import REPO

LONGEST_STALL_S = 0.25


def crowd():
    """Return how many times slower than alone this computer is just now, by what waits for its processors."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) if hasattr(os, "getloadavg") else 1.0


class Recorded(Faults):
    """Keeps faults instead of asking a person to look at them."""

    def __init__(self, log_file):
        super().__init__(log_file)
        self.bugs = []

    def show(self, bug):
        self.bugs.append(bug)


class Producer:
    """Acts on the real window with the real jobs.

    Leaving fails the test if anything was a bug or kept the window from listening for over 250 ms.
    """

    def __init__(self, qtbot, application, folder):
        self.qtbot, self.application, self.folder = qtbot, application, folder / "library"
        self.settings = folder / "settings"
        self.faults = Recorded(folder / "logs" / "lapel.log")
        self.window: MainWindow | None = None
        self.watchdog: Watchdog | None = None
        self.answers = []

    def library(self):
        """Open the library as another program would, before the window does."""
        return Library.open(self.folder, write=True)

    def opens(self, *, first_run=False, wait=True):
        """Open the window and wait until it shows its first screen."""
        made = make_window(self.application, self.folder, settings=self.settings, faults=self.faults)
        self.window = made
        if not first_run:
            made.desk.settings.change(first_run_done=True)
        made.door.ask = self._answer
        self.qtbot.addWidget(made, before_close_func=lambda _: self.watchdog and self.watchdog.stop())
        if not made.desk.settings.now.window.geometry:
            made.resize(1440, 900)
        made.show()
        made.start()
        if wait:
            self.wait(lambda: made.screen_name is not None or made.shut.isVisible())
            self.rest()
        self.watchdog = Watchdog(longest_s=LONGEST_STALL_S * crowd())
        self.watchdog.start()
        return made

    def _answer(self, title, text, *, yes, no, danger=False):
        self.answers.append((title, text))
        return True

    def wait(self, condition, timeout=10_000):
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def rest(self):
        """Wait until nothing is being read or done."""
        self.application.processEvents()
        self.wait(lambda: not self.window.desk.jobs.running, timeout=60_000)
        self.application.processEvents()

    def goes_to(self, screen, resource_id="", spot=None):
        self.window.to(screen, resource_id, spot=spot)
        self.rest()
        return self.window.screens[screen]

    def presses(self, keys, on=None):
        """Press a key as the keyboard would: on the focused control of the active window."""
        target = on or QApplication.focusWidget() or self.window
        combination = QKeySequence(keys)[0]
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.rest()

    def types(self, text, on):
        on.setFocus()
        QTest.keyClicks(on, text)

    def finds(self, name, kind=QWidget, within=None):
        """Return the visible control that tells this name."""
        found = [each for each in controls(within or self.window, kind) if spoken_name(each) == name]
        assert found, f"nothing visible is called {name!r}; there is {names(within or self.window, kind)}"
        return found[0]

    def clicks(self, name, within=None):
        button = self.finds(name, QAbstractButton, within)
        assert button.isEnabled(), f"{name!r} is disabled"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.application.processEvents()

    @contextlib.contextmanager
    def dialog(self, open_it):
        """Yield the dialog that ``open_it`` opens, and close it afterwards."""
        seen = []
        before = QDialog.exec
        QDialog.exec = lambda dialog: (dialog.show(), seen.append(dialog), 0)[-1]
        try:
            open_it()
            self.application.processEvents()
            yield seen[0]
        finally:
            QDialog.exec = before
            for each in seen:
                each.close()

    def leave(self):
        """Close the window as a person does."""
        if self.watchdog is not None:
            self.watchdog.stop()
        if self.window is not None:
            self.window.close()
        QApplication.processEvents()
        assert self.faults.bugs == []
        if self.watchdog is not None:
            assert self.watchdog.stalls == [], "\n".join(
                f"{each.seconds:.3f} s\n{each.stack}" for each in self.watchdog.stalls
            )


def spoken_name(widget):
    """Return what a screen reader calls a widget."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return widget.accessibleName() or text


def controls(root, kind=QWidget):
    return [each for each in root.findChildren(kind) if each.isVisible()]


def names(root, kind=QWidget):
    return sorted({spoken_name(each) for each in controls(root, kind)} - {""})


def nameless(root):
    """Return the visible controls that take the keyboard or a click and have no name."""
    found = []
    for each in controls(root):
        takes = each.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(each, QAbstractButton)
        inside = isinstance(each.parent(), QAbstractScrollArea) and not each.accessibleName()
        if takes and not spoken_name(each) and not inside:
            found.append(each)
    return found


def clipped(root):
    """Return the visible labels and buttons that are smaller than what they say needs."""
    from app.widgets.text import ElidedLabel

    found = []
    for each in controls(root):
        if isinstance(each, ElidedLabel) or not isinstance(each, QLabel | QAbstractButton):
            continue
        text = each.text()
        if not text:
            continue
        need = (
            each.heightForWidth(each.width()) if each.hasHeightForWidth() else each.minimumSizeHint().height()
        )
        wide = 0 if isinstance(each, QLabel) and each.wordWrap() else each.minimumSizeHint().width()
        if each.height() < need - 1 or each.width() < wide - 1:
            found.append((type(each).__name__, text, each.size(), (wide, need)))
    return found


def say(library, take, name: str) -> None:
    """Give a take the words that are said in it, where they are said."""
    spoken = json.loads((REPO / "tests" / "media" / "word-boundaries" / f"{name}.json").read_text())
    heard = tuple(
        Word(
            round(start_s * 1_000_000),
            round(end_s * 1_000_000),
            text,
            0.9,
            filler=text.strip(",.").lower() in ("um", "uh"),
        )
        for text, start_s, end_s in spoken
    )
    library.save_transcript(Transcript(take.id, "en", "base", heard))
