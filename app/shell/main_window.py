"""The main window: the frame, the screens in it, and what works on all of them."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

import assets
from app import messages
from app.desk import STAGES, Desk, ScreenName, Spot
from app.jobs import Jobs
from app.library_holder import LibraryHolder
from app.screens.screen import SCREENS, BaseScreen, import_screen, is_built, is_imported, make_screen
from app.settings import Settings, SettingsFile, WindowState
from app.shell.door import WindowDoor
from app.shell.keys import Keys
from app.shell.shortcuts import shortcuts_of
from app.shell.shut import ShutLibrary
from app.shell.stage_bar import StageBar
from app.shell.stages import BarState, bar_state
from app.shell.status_bar import StatusBar
from app.theme import Look, dress
from app.widgets.focus import FocusRing
from app.widgets.message import InlineMessage
from capture.errors import UserError
from capture.work import Work
from editor.model import UndoStep

if TYPE_CHECKING:  # it brings numpy along, which must not delay the first paint
    from editor.library import Library

log = logging.getLogger(__name__)

DESIGN_SIZE, SMALLEST = QSize(1440, 900), QSize(1180, 720)


class MainWindow(QMainWindow):
    """The window. It owns the desk that every screen works with, and is the ways between screens itself."""

    def __init__(self, *, holder: LibraryHolder, jobs: Jobs, settings: SettingsFile, look: Look) -> None:
        super().__init__()
        self.look = look
        self.resource_id = ""
        self.screen_name: ScreenName | None = None
        self.screens: dict[ScreenName, BaseScreen] = {}
        self.built = frozenset(name for name in SCREENS if is_built(name))
        self._asked_state = 0
        self._is_opening = False
        self.setWindowTitle("Lapel")
        self.setWindowIcon(QIcon(str(assets.ICONS / "lapel.svg")))
        self.setMinimumSize(SMALLEST)
        self.bar = StageBar(built=self.built)
        self.line = InlineMessage()
        self.stack, self.shut = QStackedWidget(), ShutLibrary(self._open_library)
        self.status = StatusBar(jobs, holder.folder)
        self._lay_out()
        self.door = WindowDoor(self, over=self.stack, line=self.line)
        self.desk = Desk(holder=holder, jobs=jobs, settings=settings, door=self.door, ways=self)
        self.keys = Keys(self)
        self.ring = FocusRing(self)
        self._connect()
        self._follow(settings.now)
        self._restore_place(settings.now.window)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self.bar, 0), (self.line, 0), (self.stack, 1), (self.status, 0)):
            column.addWidget(part, stretch)
        for part in (self.bar, self.line, self.status):
            dress(part)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        bar, desk = self.bar, self.desk
        bar.asked.connect(self._on_asked)
        bar.new_asked.connect(self.new_resource)
        bar.undo_asked.connect(self.undo)
        bar.redo_asked.connect(self.redo)
        bar.keys_asked.connect(self.show_keys)
        bar.settings_asked.connect(self.show_settings)
        desk.holder.changed.connect(self._on_changed)
        desk.holder.saved.connect(lambda: self.status.show_saved())
        desk.settings.listen(self._follow)
        desk.settings.on_error = self.door.error

    # Opening ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the first screen, and open the library once the window is painted."""
        QTimer.singleShot(0, self._open_library)

    def _open_library(self) -> None:
        if not self._is_opening:
            self._is_opening = True
            holder = self.desk.holder
            self.desk.jobs.read(holder.opened, on_done=self._on_opened, on_error=self._show_shut)

    def _on_opened(self, library: Library) -> None:
        self._is_opening = False
        self.desk.holder.take(library)
        self.bar.show_shut("")
        self.status.show_disk()
        first_run = "first-run" in self.built and not self.desk.settings.now.first_run_done
        self.to("first-run" if first_run else "library")
        self._import_the_rest()
        self._bring_back()

    def _show_shut(self, error: UserError) -> None:
        """Say in place of a screen why the library is not open."""
        self._is_opening = False
        if self.shut.isVisible():  # tried again
            self.door.toast(messages.text("window.still_shut"))
        self.stack.addWidget(self.shut)  # twice does no harm
        self.stack.setCurrentWidget(self.shut)
        self.bar.show_shut(self.shut.say_why(error))
        self.door.announce(self.shut.accessibleName())

    # Ways ------------------------------------------------------------------------------------------

    def to(self, screen: ScreenName, resource_id: str = "", *, spot: Spot | None = None) -> None:
        """Show a screen, for a resource where it is a stage."""
        resource_id = resource_id or self.resource_id
        if not self.desk.holder.is_open:  # it is on its way, or the window says why it is not
            return
        if screen not in self.built or (screen in STAGES and not resource_id):
            return
        if screen not in self.screens and not is_imported(screen):
            self._import_first(screen, resource_id, spot)
            return
        current = self.current
        if current is not None and screen != self.screen_name:
            if not current.may_leave():
                return
            current.leave()
            current.hide()  # so that it is not given colours that nobody sees any more
        self.screen_name = screen
        changed = resource_id != self.resource_id
        if screen in STAGES:
            self.resource_id = resource_id
        self.look.darken(dark=wants_dark(screen) and self.desk.settings.now.dark_in_studio_and_edit)
        made = self._screen(screen)
        self.stack.setCurrentWidget(made)
        self.bar.show_screen(screen)
        if screen in STAGES:
            if changed:
                self.bar.show_resource(BarState("", "", frozenset(), ""))
            self._refresh_bar()
        self._bind_keys()
        made.open(self.resource_id if screen in STAGES else "", spot)
        focus = QApplication.focusWidget()
        if focus is None or not made.isAncestorOf(focus):
            made.setFocus()  # from here Tab goes to its first control
        self._name_window()
        self.door.announce(made.accessibleName())

    def _import_first(self, screen: ScreenName, resource_id: str, spot: Spot | None) -> None:
        def import_it(*, work: Work) -> None:
            import_screen(screen, work=work)

        self.desk.jobs.read(import_it, on_done=lambda _: self.to(screen, resource_id, spot=spot))

    def _import_the_rest(self) -> None:
        """Import the other screens while the first one is looked at, so that none keeps anybody waiting."""

        def import_all(*, work: Work) -> None:
            for name in sorted(self.built):
                import_screen(name, work=work)

        self.desk.jobs.read(import_all)

    def _bring_back(self) -> None:
        """Go on with a take that is still recorded, and take in others: a window was closed or killed."""
        library = self.desk.holder.for_job()

        def find(*, work: Work) -> tuple[tuple[Path, ...], Path | None]:
            from capture.rendezvous import is_reachable
            from editor.recovery import left_behind

            work.checkpoint()
            left = left_behind(library)
            recorded = next((each for each in left if is_reachable(each)), None)
            return tuple(each for each in left if each != recorded), recorded

        def go_on(told: tuple[tuple[Path, ...], Path | None]) -> None:
            left, recorded = told
            if recorded is not None and self.screen_name == "library":
                self.to("studio", recorded.parent.name)
            mend(left)

        def mend(found: tuple[Path, ...]) -> None:
            def bring(*, work: Work) -> int:
                from editor.recovery import recover_from

                with self.desk.holder.mending:
                    return recover_from(library, found, work=work).takes

            if found:
                self.desk.jobs.start("jobs.repairing", bring, on_done=say, on_error=self.door.error)

        def say(takes: int) -> None:
            if takes:
                self.door.toast(messages.text("studio.brought_back", count=takes))

        self.desk.jobs.read(find, on_done=go_on, on_error=self.door.error)

    def new_resource(self) -> None:
        """Start a new resource and open its brief."""
        from editor import resources

        if not self.desk.holder.is_open or (self.current is not None and self.current.locked()):
            return
        made = resources.new_resource(self.desk.holder.library, title=messages.text("library.untitled"))
        self.desk.holder.tell(made.id)
        self.to("brief" if "brief" in self.built else "library", made.id)

    @property
    def current(self) -> BaseScreen | None:
        """The screen that is shown."""
        return self.screens.get(self.screen_name) if self.screen_name is not None else None

    def _screen(self, name: ScreenName) -> BaseScreen:
        if name not in self.screens:
            made = make_screen(name, self.desk)
            made.scope_changed.connect(self._bind_keys)
            made.lock_changed.connect(self._show_lock)
            self.screens[name] = made
            self.stack.addWidget(made)
        return self.screens[name]

    def _on_asked(self, name: str) -> None:
        for each in SCREENS:
            if each == name:
                self.to(each)

    def _show_lock(self) -> None:
        self.bar.show_lock(self.current.locked() if self.current is not None else "")

    def _name_window(self) -> None:
        title = self.bar.title.text() if self.screen_name in STAGES else ""
        self.setWindowTitle(messages.text("window.title_of", title=title) if title else "Lapel")

    # What the bar shows ------------------------------------------------------------------------------

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in (self.resource_id, ""):
            self._refresh_bar()

    def _refresh_bar(self) -> None:
        resource_id, holder = self.resource_id, self.desk.holder
        if not resource_id:
            return
        self._asked_state += 1
        asked = self._asked_state

        def read(*, work: Work) -> tuple[BarState, UndoStep | None, UndoStep | None]:
            with holder.read() as library:
                resource = library.resource(resource_id)
                state = bar_state(resource, library.takes(resource_id), library.versions(resource_id))
                return state, library.next_undo(resource_id), library.next_redo(resource_id)

        def show(found: tuple[BarState, UndoStep | None, UndoStep | None]) -> None:
            if asked == self._asked_state:
                state, undo, redo = found
                self.bar.show_resource(state)
                self.bar.show_undo(undo, redo)
                self._show_lock()
                self._name_window()

        self.desk.jobs.read(read, on_done=show, on_error=self.door.error)

    # Undo --------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last change of the resource that is open."""
        self._step(self.desk.holder.undo)

    def redo(self) -> None:
        """Make it again."""
        self._step(self.desk.holder.redo)

    def _step(self, step: Callable[[str], object]) -> None:
        if self.screen_name not in STAGES or (self.current is not None and self.current.locked()):
            return
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()  # what is being typed is kept as a step of its own first
        try:
            step(self.resource_id)
        except UserError as error:
            self.door.error(error)

    # Keys ----------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        screen = self.current
        if screen is None:
            return
        changed = self.desk.settings.now.keys
        actions = {**self._own_actions(), **screen.bindings()}
        self.keys.bind(screen.scope(), actions, changed=changed)
        known = [each for each in shortcuts_of(screen.scope(), changed=changed) if each.action in actions]
        self.status.show_hints(known)

    def _own_actions(self) -> dict[str, Callable[[], None]]:
        actions: dict[str, Callable[[], None]] = {
            "library": lambda: self.to("library"),
            "new": self.new_resource,
            "undo": self.undo,
            "redo": self.redo,
            "primary": self.press_primary,
            "save": self._save_now,
            "settings": self.show_settings,
            "shortcuts": self.show_keys,
            "panel_next": lambda: self.next_panel(1),
            "panel_previous": lambda: self.next_panel(-1),
        }
        for stage in STAGES:
            actions[stage] = lambda stage=stage: self.to(stage)  # type: ignore[misc]
        return actions

    def press_primary(self) -> None:
        """Press the primary button of the screen."""
        button = self.current.primary() if self.current is not None else None
        if button is not None and button.isVisible() and button.isEnabled():
            button.click()

    def next_panel(self, step: int) -> None:
        """Move the focus to the next or previous panel."""
        if self.current is None:
            return
        own = [each for each in self.current.panels() if each.isVisible()] or [self.current]
        panels = [self.bar, *own, self.status]
        focus = QApplication.focusWidget()
        here = next((n for n, each in enumerate(panels) if focus is not None and each.isAncestorOf(focus)), 0)
        for number in range(1, len(panels) + 1):
            panel = panels[(here + step * number) % len(panels)]
            target = first_focusable(panel)
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _save_now(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()
            focus.setFocus()
        self.status.show_saved()
        self.door.toast(messages.text("statusbar.saved_already"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on keys that the focused control left alone."""
        if not self.keys.press(event):
            super().keyPressEvent(event)

    # Dialogs -------------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """Show the keys of this screen."""
        from app.shell.key_sheet import KeySheet

        if self.current is not None:
            KeySheet(self, self.desk.settings, self.current.scope()).exec()
            self._bind_keys()

    def show_settings(self) -> None:
        """Show the settings."""
        from app.shell.settings_dialog import SettingsDialog

        SettingsDialog(self, self.desk).exec()

    def _follow(self, settings: Settings) -> None:
        dark = wants_dark(self.screen_name) and settings.dark_in_studio_and_edit
        self.look.choose(
            settings.theme, text_percent=settings.text_percent, reduced_motion=settings.reduced_motion
        )
        self.look.darken(dark=dark)

    # Leaving -------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if something runs, keep what was typed, let jobs clean up, give the library back."""
        current = self.current
        if current is not None and not current.may_leave():
            event.ignore()
            return
        if not self._may_end_jobs():
            event.ignore()
            return
        if current is not None:
            current.leave()
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        self.hide()  # what still runs is waited for unseen
        window = WindowState(geometry, self.desk.settings.now.window.folded)
        self.desk.settings.change(window=window)
        self.desk.jobs.close(meanwhile=self.desk.holder.serve)
        self.desk.holder.close()
        event.accept()

    def _may_end_jobs(self) -> bool:
        shown = [each for each in self.desk.jobs.running if each.shown]
        if not shown:
            return True
        names = ", ".join(messages.text(each.label, **each.params) for each in shown)
        return self.door.ask(
            messages.text("window.close_title"),
            messages.text("window.close_jobs", jobs=names),
            yes=messages.text("window.close_yes"),
            no=messages.text("window.close_no"),
        )

    def _restore_place(self, state: WindowState) -> None:
        if state.geometry and self.restoreGeometry(QByteArray(base64.b64decode(state.geometry))):
            return
        room = self.screen().availableSize()
        self.resize(DESIGN_SIZE.boundedTo(room).expandedTo(SMALLEST))


def wants_dark(name: ScreenName | None) -> bool:
    """Return whether a screen is one of those that "Dark in Studio and Edit" is about."""
    return name in ("studio", "edit")


def first_focusable(panel: QWidget) -> QWidget | None:
    """Return the first control of a panel that takes the keyboard."""
    for each in (panel, *panel.findChildren(QWidget)):
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return each
    return None
