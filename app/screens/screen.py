"""What a screen is, and what every screen has: content, or words while there is none.

How to add one stands in ARCHITECTURE.md, "How to add a screen".
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QVBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.shell.shortcuts import Scope
from app.theme import dress
from app.widgets.message import EmptyState, Step
from app.widgets.text import Label
from capture.errors import UserError
from capture.work import Work

Action = Callable[[], None]
Result = TypeVar("Result")
Part = TypeVar("Part", bound=QObject)


@runtime_checkable
class Screen(Protocol):
    """What the shell asks of a screen; ``BaseScreen`` answers all of it."""

    name: ClassVar[ScreenName]

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource ("" on Library and first run), perhaps at a spot. Called each time it is shown."""

    def may_leave(self) -> bool:
        """Return whether another screen may be shown now; ask the person here if it matters."""

    def leave(self) -> None:
        """Keep what was typed and stop what plays; another screen is shown next, or the window closes."""

    def scope(self) -> Scope:
        """Return which shortcuts hold now; tell ``scope_changed`` when it is others."""

    def bindings(self) -> Mapping[str, Action]:
        """Return what the shortcuts of the scope do, by their names in ``app/shell/shortcuts.py``."""

    def primary(self) -> QAbstractButton | None:
        """Return the one primary button, which Ctrl+Enter presses."""

    def panels(self) -> Sequence[QWidget]:
        """Return what F6 moves between, in reading order."""

    def locked(self) -> str:
        """Return why no other stage may be opened now, in words, or "" where any may."""


class BaseScreen(QWidget):
    """A screen with its four states: loading, content, empty, error.

    Build the content in ``__init__`` into ``self.content`` (a column without margins), then call
    ``show_loading``, ``show_content``, ``show_empty`` or ``show_error``. Override what else ``Screen`` asks.
    """

    name: ClassVar[ScreenName]

    scope_changed = Signal()
    lock_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        dress(self)
        self.desk = desk
        self._asked = 0
        self.setProperty("ground", "window")
        self.setAccessibleName(messages.text(f"stage.{self.name}"))
        self._states = QStackedLayout(self)
        self._body = QWidget()
        self.content = QVBoxLayout(self._body)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(0)
        self._words = EmptyState()
        self._loading = Label("", tint="muted")
        self._loading.setContentsMargins(32, 32, 32, 32)
        for each in (self._body, self._words, self._loading):
            self._states.addWidget(each)

    def own(self, part: Part) -> Part:
        """Return what works behind the screen: its timers end with what it shows in."""
        part.setParent(self)
        return part

    # States --------------------------------------------------------------------------------------

    def show_content(self) -> None:
        """Show what was built."""
        self._states.setCurrentWidget(self._body)

    def show_loading(self, text: str) -> None:
        """Say what is being read; only for what may take longer than a blink."""
        self._loading.setText(text)
        self._states.setCurrentWidget(self._loading)

    def show_empty(
        self,
        title: str,
        text: str = "",
        *,
        icon: str = "info",
        actions: Sequence[Step] = (),
    ) -> None:
        """Say why there is nothing, and offer the next step: ``(words, icon, kind, what it does)``."""
        self._words.say(title, text, icon=icon, actions=actions)
        self._states.setCurrentWidget(self._words)

    def show_error(self, error: UserError, *, actions: Sequence[Step] = ()) -> None:
        """Say in place of the content what went wrong, what is safe and what to do."""
        title = messages.text("window.cannot_show")
        self._words.say(title, messages.sentence(error), icon="triangle-alert", tint="warn", actions=actions)
        self._states.setCurrentWidget(self._words)

    @property
    def state(self) -> str:
        """What is shown: "content", "words" or "loading"."""
        shown = self._states.currentWidget()
        return "content" if shown is self._body else "words" if shown is self._words else "loading"

    @property
    def words(self) -> EmptyState:
        """What ``show_empty`` and ``show_error`` say."""
        return self._words

    # Reading ---------------------------------------------------------------------------------------

    def read(
        self,
        fn: Callable[..., Result],
        show: Callable[[Result], None],
        *,
        on_error: Callable[[UserError], None] | None = None,
        more: bool = False,
    ) -> None:
        """Read in the library beside the window; what was overtaken by a newer reading is not shown.

        Args:
            fn: Called as ``fn(library, work=…)`` with a reader of its own.
            show: Told what it returned, on the window's thread.
            on_error: Told what went wrong; without it ``show_error`` is.
            more: It adds to what is shown, so it overtakes nothing.
        """
        self._asked += 0 if more else 1
        asked, holder, failed = self._asked, self.desk.holder, on_error or self.show_error

        def read(*, work: Work) -> Result:
            with holder.read() as library:
                return fn(library, work=work)

        def done(found: Result) -> None:
            if asked == self._asked:
                show(found)

        def fail(error: UserError) -> None:
            if asked == self._asked:
                failed(error)

        self.desk.jobs.read(read, on_done=done, on_error=fail)

    # What the shell asks ---------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource."""
        raise NotImplementedError

    def may_leave(self) -> bool:
        """Return that it may be left."""
        return True

    def leave(self) -> None:
        """Have nothing to keep."""

    def scope(self) -> Scope:
        """Return the shortcuts that are called as the screen is."""
        return self.name

    def bindings(self) -> Mapping[str, Action]:
        """Return no actions."""
        return {}

    def primary(self) -> QAbstractButton | None:
        """Return no primary button."""
        return None

    def panels(self) -> Sequence[QWidget]:
        """Return the whole screen as the one panel."""
        return (self,)

    def locked(self) -> str:
        """Return that nothing keeps the person here."""
        return ""


#: Where each screen lives. It is imported when it is first shown, so that none delays the window.
SCREENS: dict[ScreenName, str] = {
    "library": "app.screens.library:LibraryScreen",
    "first-run": "app.screens.first_run:FirstRunScreen",
    "brief": "app.screens.brief:BriefScreen",
    "studio": "app.screens.studio:StudioScreen",
    "edit": "app.screens.edit:EditScreen",
    "details": "app.screens.details:DetailsScreen",
    "publish": "app.screens.publish:PublishScreen",
}


def is_built(name: ScreenName) -> bool:
    """Return whether a screen is there; one that is not yet is left out of the window."""
    return importlib.util.find_spec(SCREENS[name].partition(":")[0]) is not None


def import_screen(name: ScreenName, *, work: Work) -> None:
    """Import a screen and what it needs, which may take a second: in a job, before ``make_screen``."""
    work.checkpoint()
    importlib.import_module(SCREENS[name].partition(":")[0])


def is_imported(name: ScreenName) -> bool:
    """Return whether a screen can be made at once."""
    return SCREENS[name].partition(":")[0] in sys.modules


def make_screen(name: ScreenName, desk: Desk) -> BaseScreen:
    """Import and make a screen."""
    module, _, kind = SCREENS[name].partition(":")
    made = getattr(importlib.import_module(module), kind)(desk)
    if not isinstance(made, BaseScreen):
        raise TypeError(f"{kind} is no BaseScreen")
    return made
