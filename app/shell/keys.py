"""Let keys do what the table says: the current screen's and those that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.shell.shortcuts import PLAIN_KEYS, Scope, shortcuts_of

Action = Callable[[], None]


class Keys(QObject):
    """Binds the actions of a window.

    A letter acts only when no text field has focus, since fields take what can be typed. A plain key
    (Space, Enter, arrows) acts only when the focused control leaves it alone: a button keeps its Space.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shortcuts: list[QShortcut] = []
        self._plain: dict[str, Action] = {}

    def bind(self, scope: Scope, actions: Mapping[str, Action], *, changed: Mapping[str, str]) -> None:
        """Bind the actions of a screen and of the window; what has no action does nothing."""
        for each in self._shortcuts:
            each.setEnabled(False)
            each.deleteLater()
        self._shortcuts, self._plain = [], {}
        for shortcut in shortcuts_of(scope, changed=changed):
            action = actions.get(shortcut.action)
            if action is not None:
                for key in shortcut.keys:
                    self._bind(key, action)

    def _bind(self, key: str, action: Action) -> None:
        if key in PLAIN_KEYS:
            self._plain[key] = action
            return
        made = QShortcut(QKeySequence(key), self._window)
        made.setContext(Qt.ShortcutContext.WindowShortcut)
        made.activated.connect(action)
        self._shortcuts.append(made)

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key that nothing else wanted; return whether it meant something."""
        name = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        action = self._plain.get(name)
        if action is None:
            return False
        action()
        return True


def shown(key: str) -> tuple[str, ...]:
    """Return the caps of a key as the person's keyboard names them: ("Ctrl", "F")."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    native = native.replace("Return", "Enter")
    if native.endswith("++"):
        return (*native[:-2].split("+"), "+")
    if native == "+":
        return ("+",)
    return tuple(part for part in native.split("+") if part)


__all__ = ["Action", "Keys", "shown"]
