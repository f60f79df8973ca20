"""Give the program its look, and change it while it runs: system, light or dark, text size, motion."""

from __future__ import annotations

import functools
import os
import string
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QLayout, QWidget

import assets
from app.theme.tokens import Scheme, Theme, tokens

Choice = Literal["system", "light", "dark"]

_PROPERTY = "lapel.theme"
_LOOK = "lapel.look"
_SHEET = "lapel.qss"


class _Template(string.Template):
    idpattern = r"[a-z][a-z0-9-]*"


def current() -> Theme:
    """Return the theme of the running program.

    It hangs on the application, as palette and style sheet do, so that a widget need not be handed it.
    """
    application = QApplication.instance()
    found = application.property(_PROPERTY) if application is not None else None
    return found if isinstance(found, Theme) else Theme("light")


def follow(retheme: Callable[[], None]) -> None:
    """Call ``retheme`` now and after each change of the theme.

    Args:
        retheme: A bound method of a widget, so that Qt forgets it together with the widget.
    """
    retheme()
    look = _look()
    if look is not None:
        look.changed.connect(retheme)


def dress(root: QWidget) -> None:
    """Give a screen, a part of the frame or a dialog the style sheet, and that of each theme to come.

    What is inside it has it too, dialogs and menus that it opens among them. A root that is hidden gets
    another sheet when it is next shown: one sheet for the whole program took ten times as long to change.
    """
    _Dress(root)


class _Dress(QObject):
    """The style sheet of one root."""

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self._root = root
        root.installEventFilter(self)
        self._put()
        look = _look()
        if look is not None:
            look.dressing.connect(self._put_if_seen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Catch up when it is shown."""
        if event.type() == QEvent.Type.Show:
            self._put()
        return False

    def _put_if_seen(self) -> None:
        if self._root.isVisible():
            self._put()

    def _put(self) -> None:
        wanted = sheet(current())
        if self._root.styleSheet() == wanted:
            return
        # No layout may measure text in the middle: the font of a label that waits for its turn is gone then.
        resting = [each for each in self._root.findChildren(QLayout) if each.isEnabled()]
        for each in resting:
            each.setEnabled(False)
        self._root.setStyleSheet(wanted)
        for each in resting:
            each.setEnabled(True)
            each.invalidate()


def _look() -> Look | None:
    application = QApplication.instance()
    found = application.property(_LOOK) if application is not None else None
    return found if isinstance(found, Look) else None


@functools.lru_cache(maxsize=4)
def sheet(theme: Theme) -> str:
    """Return the program's style sheet: one template, filled with one theme."""
    values = dict(tokens()["themes"][theme.scheme])
    values["button"] = values["surface-raised" if theme.scheme == "dark" else "surface"]
    values["field"] = values["surface-sunken" if theme.scheme == "dark" else "surface"]
    values |= {f"h-{name}": f"{theme.height(name) - 2}px" for name in tokens()["height"]}
    values |= {f"r-{name}": f"{px}px" for name, px in tokens()["radius"].items()}
    return _Template(assets.THEME.joinpath(_SHEET).read_text(encoding="utf-8")).substitute(values)


class Look(QObject):
    """Decides the theme from the system, the settings and the screen that is shown, and applies it."""

    #: Told before ``changed``: a new sheet may forget a font that a widget then takes anew.
    dressing = Signal()
    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice: Choice = "system"
        self._text_percent = 100
        self._moving = True
        self._dark_here = False
        application.setProperty(_LOOK, self)
        application.setStyle("Fusion")
        QFontDatabase.addApplicationFont(str(assets.FONTS / "InterVariable.ttf"))
        application.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    def choose(self, choice: Choice, *, text_percent: int, reduced_motion: bool) -> None:
        """Follow other settings."""
        self._choice, self._text_percent = choice, text_percent
        self._moving = not reduced_motion and not os.environ.get("LAPEL_REDUCED_MOTION")
        self.apply()

    def darken(self, *, dark: bool) -> None:
        """Be dark as long as the screen that is shown wants it, whatever the system says."""
        self._dark_here = dark
        self.apply()

    def apply(self) -> None:
        """Change what is shown, if it is not so already."""
        theme = Theme(self._scheme(), self._text_percent, self._moving)
        if self._application.property(_PROPERTY) == theme:
            return
        self._application.setProperty(_PROPERTY, theme)
        self._application.setFont(theme.font())
        self._application.setPalette(theme.palette())
        self.dressing.emit()
        self.changed.emit()

    def _scheme(self) -> Scheme:
        if self._dark_here:
            return "dark"
        if self._choice != "system":
            return self._choice
        system = self._application.styleHints().colorScheme()
        return "dark" if system == Qt.ColorScheme.Dark else "light"
