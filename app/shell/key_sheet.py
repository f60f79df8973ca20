"""The sheet of F1: every key of this screen, and a way to change it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.settings import SettingsFile
from app.shell.keys import shown
from app.shell.shortcuts import Scope, Shortcut, clashes, setting_name, shortcuts_of
from app.theme import current, dress
from app.widgets.boxes import clear, scrolled
from app.widgets.buttons import Button
from app.widgets.marks import KeyCaps
from app.widgets.text import Heading, Label


class KeySheet(QDialog):
    """The keys of a screen, its own first, then those that work everywhere."""

    def __init__(self, parent: QWidget, settings: SettingsFile, scope: Scope) -> None:
        super().__init__(parent)
        dress(self)
        self._settings, self._scope = settings, scope
        self.setWindowTitle(messages.text("keys.title"))
        self.resize(current().text(640), min(current().text(640), parent.height()))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 16, 16)
        column.setSpacing(12)
        column.addWidget(Heading(messages.text("keys.title")))
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 12, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        column.addWidget(scrolled(content, name=messages.text("keys.title")), 1)
        self.says = Label("", "caption", tint="muted", wrap=True)
        self.says.setText(messages.text("keys.how"))
        foot = QHBoxLayout()
        foot.addWidget(self.says, 1)
        self.reset = Button(messages.text("keys.reset"), kind="plain")
        self.reset.clicked.connect(self._reset)
        done = Button(messages.text("widgets.done"), kind="primary")
        done.clicked.connect(self.accept)
        foot.addWidget(self.reset)
        foot.addWidget(done)
        column.addLayout(foot)
        self._fill()
        done.setFocus()

    def _fill(self) -> None:
        clear(self._grid)
        for line, shortcut in enumerate(shortcuts_of(self._scope, changed=self._settings.now.keys)):
            what = messages.text(f"keys.{shortcut.action}")
            caps = QHBoxLayout()
            caps.setSpacing(8)
            holder = QWidget()
            holder.setLayout(caps)
            caps.setContentsMargins(0, 0, 0, 0)
            for names in dict.fromkeys(map(shown, shortcut.keys)):  # both Enter keys are called so
                caps.addWidget(KeyCaps(names))
            caps.addStretch(1)
            change = KeyButton(shortcut, what)
            change.on_key = self._take
            self._grid.addWidget(Label(what), line, 0)
            self._grid.addWidget(holder, line, 1)
            self._grid.addWidget(change, line, 2)
        self.reset.setEnabled(bool(self._settings.now.keys))

    def _take(self, shortcut: Shortcut, key: str) -> None:
        changed = {**self._settings.now.keys, setting_name(shortcut): key}
        taken = clashes(self._scope, changed=changed).get(key, ())
        others = [messages.text(f"keys.{each}") for each in taken if each != shortcut.action]
        if others:
            self.says.set_tint("record")
            self.says.setText(messages.text("keys.taken", key=" ".join(shown(key)), what=others[0]))
            return
        self.says.set_tint("muted")
        self.says.setText(messages.text("keys.how"))
        self._settings.change(keys=changed)
        self._fill()

    def _reset(self) -> None:
        self._settings.change(keys={})
        self._fill()


class KeyButton(Button):
    """Waits for a key when it is pressed."""

    def __init__(self, shortcut: Shortcut, what: str) -> None:
        super().__init__(messages.text("keys.change"), kind="link", size="small")
        self.setAccessibleName(messages.text("keys.change_what", what=what))
        self.entry = shortcut
        self.on_key: Callable[[Shortcut, str], None] = lambda shortcut, key: None
        self.waits = False
        self.clicked.connect(self._wait)

    def _wait(self) -> None:
        self.waits = True
        self.setText(messages.text("keys.press"))
        self.retheme()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key, if it waits for one; Esc stops waiting."""
        if not self.waits:
            super().keyPressEvent(event)
            return
        if event.key() in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            return
        self.waits = False
        self.setText(messages.text("keys.change"))
        self.retheme()
        if event.key() != Qt.Key.Key_Escape:
            key = QKeySequence(QKeyCombination(event.modifiers(), Qt.Key(event.key())))
            self.on_key(self.entry, key.toString(QKeySequence.SequenceFormat.PortableText))
