"""The expert's window as Studio keeps it: opened and closed, followed, and how it looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app import messages
from app.screens.studio_parts.layout import StudioLayout
from app.screens.studio_parts.prompter import Asked, Prompter, PrompterLook
from app.screens.studio_presenter import StudioState
from app.settings import SettingsFile

PERCENTS = (75, 100, 125, 150)


class Prompting(QObject):
    """Keeps the prompter and its three options: turned for a mirror, text size, time."""

    def __init__(self, settings: SettingsFile, view: StudioLayout) -> None:
        super().__init__()
        self._settings, self._view = settings, view
        self.window: Prompter | None = None
        self._told = Asked()
        view.prompter_look.clicked.connect(self._show_menu)

    @property
    def shown(self) -> bool:
        """Whether the expert has it in front of them."""
        return self.window is not None and self.window.isVisible()

    @property
    def look(self) -> PrompterLook:
        """How it is shown."""
        now = self._settings.now
        return PrompterLook(now.prompter_mirror, now.prompter_percent, now.prompter_time)

    def toggle(self) -> None:
        """Open or close it."""
        if self.window is not None and self.shown:
            self.window.close()
            return
        self.window = self.window or Prompter(self._view)
        self.window.open()

    def close(self) -> None:
        """Close it."""
        if self.window is not None:
            self.window.close()

    def follow(self, state: StudioState, row: int, *, time: str, recording: bool) -> None:
        """Show what Studio asks."""
        prompt = state.rows[row].prompt
        after = state.rows[row + 1 :][:1]
        self._told = Asked(
            prompt=prompt.text,
            hint=prompt.hint,
            time=time,
            following=after[0].prompt.text if after else "",
            number=row + 1,
            of=len(state.rows),
            done=tuple(each.done for each in state.rows),
            recording=recording,
        )
        if self.window is not None:
            self.window.tell(self._told, self.look)

    def menu(self) -> QMenu:
        """Return the menu of its options."""
        menu = QMenu(self._view)
        now = self._settings.now
        mirror = self._switch(menu, "studio.prompter_mirror", on=now.prompter_mirror)
        mirror.toggled.connect(lambda on: self._change(prompter_mirror=on))
        time = self._switch(menu, "studio.prompter_time", on=now.prompter_time)
        time.toggled.connect(lambda on: self._change(prompter_time=on))
        menu.addSeparator()
        sizes = QActionGroup(menu)
        for percent in PERCENTS:
            size = menu.addAction(messages.text("studio.prompter_size", percent=percent))
            size.setCheckable(True)
            size.setChecked(percent == now.prompter_percent)
            size.triggered.connect(lambda _=False, percent=percent: self._change(prompter_percent=percent))
            sizes.addAction(size)
        return menu

    def _switch(self, menu: QMenu, key: str, *, on: bool) -> QAction:
        made = menu.addAction(messages.text(key))
        made.setCheckable(True)
        made.setChecked(on)
        return made

    def _show_menu(self) -> None:
        button = self._view.prompter_look
        self.menu().popup(button.mapToGlobal(QPoint(0, button.height())))

    def _change(self, **fields: object) -> None:
        self._settings.change(**fields)
        if self.window is not None:
            self.window.tell(self._told, self.look)
