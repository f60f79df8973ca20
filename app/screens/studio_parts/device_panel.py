"""Camera, microphone, checks and disk: the panel at the right of Studio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.studio_parts.meter import LastSeconds, LevelMeter
from app.screens.studio_presenter import level_words
from app.theme import Tint
from app.widgets.boxes import column, rule
from app.widgets.buttons import IconButton
from app.widgets.fields import ComboBox
from app.widgets.message import Icon
from app.widgets.text import Heading, Label
from capture.coach import Advice

_ICONS = {"ok": "circle-check", "warn": "triangle-alert", "record": "triangle-alert", "muted": "info"}


class Line(QWidget):
    """A small icon and words of one tint."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.icon, self.text = Icon("info", "text-muted"), Label("", "caption", wrap=True)
        row.addWidget(self.icon)
        row.addWidget(self.text, 1)

    def say(self, words: str, tint: Tint) -> None:
        """Say something."""
        self.icon.show_icon(_ICONS.get(tint, "info"), "text-muted" if tint == "muted" else tint)
        self.text.setText(words)
        self.text.set_tint(tint)


class DevicePanel(QWidget):
    """Pickers, meter, advice and room on the disk; ``camera_chosen`` and ``mic_chosen`` tell a source."""

    camera_chosen = Signal(str)
    mic_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Heading(messages.text("studio.camera"), "title-small"), 1)
        self.grid = IconButton("grid-3x3", messages.text("studio.grid"), checkable=True)
        self.mirror = IconButton("flip-horizontal-2", messages.text("studio.mirror"), checkable=True)
        head.addWidget(self.grid)
        head.addWidget(self.mirror)
        whole.addLayout(head)
        self.camera = ComboBox(name=messages.text("studio.camera"), icon="video")
        whole.addWidget(self.camera)
        self.camera_line = Line()
        whole.addWidget(self.camera_line)
        whole.addWidget(rule())
        whole.addWidget(Heading(messages.text("studio.mic"), "title-small"))
        self.mic = ComboBox(name=messages.text("studio.mic"), icon="mic")
        whole.addWidget(self.mic)
        self.mic_line = Line()
        whole.addWidget(self.mic_line)
        self.meter, self.last = LevelMeter(), LastSeconds()
        whole.addWidget(self.meter)
        level = QHBoxLayout()
        self.level_line = Line()
        self.held = Label("", "caption", tint="muted", tabular=True)
        level.addWidget(self.level_line, 1)
        level.addWidget(self.held)
        whole.addLayout(level)
        whole.addWidget(self.last)
        ago = QHBoxLayout()
        ago.addWidget(Label(messages.text("studio.ten_seconds"), "caption", tint="muted"), 1)
        ago.addWidget(Label(messages.text("studio.now"), "caption", tint="muted"))
        whole.addLayout(ago)
        whole.addWidget(rule())
        whole.addWidget(Heading(messages.text("studio.checks"), "title-small"))
        checks, self._checks = column(spacing=4)
        self.check_lines: dict[str, Line] = {}
        whole.addWidget(checks)
        whole.addWidget(rule())
        disk = QHBoxLayout()
        disk.addWidget(Heading(messages.text("studio.disk"), "title-small"), 1)
        self.left = Label("", "strong", tabular=True)
        disk.addWidget(self.left)
        whole.addLayout(disk)
        self.free = Label("", "caption", tint="muted", wrap=True)
        whole.addWidget(self.free)
        whole.addStretch(1)
        for line in (self.camera_line, self.mic_line):
            line.hide()
        self.camera.activated.connect(lambda _: self.camera_chosen.emit(self.camera.currentData()))
        self.mic.activated.connect(lambda _: self.mic_chosen.emit(self.mic.currentData()))

    def show_choices(self, which: ComboBox, choices: Mapping[str, str], now: str) -> None:
        """Show what there is to choose from, and what is chosen."""
        which.blockSignals(True)
        which.clear()
        for source, words in choices.items():
            which.addItem(words, source)
        which.setCurrentIndex(max(which.findData(now), 0))
        which.blockSignals(False)

    def show_level(self, peak_db: float | None, rms_db: float | None) -> None:
        """Show how loud it is."""
        if peak_db is not None:
            self.meter.show_level(peak_db)
            self.last.show_level(peak_db)
        key, tint = level_words(None if peak_db is None else self.meter.held_db, rms_db)
        self.level_line.say(messages.text(key), tint)
        held = messages.text("studio.held", db=f"{self.meter.held_db:.0f}".replace("-", "−"))
        self.held.setText(held if peak_db is not None else "")

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Show what the coach says."""
        for each in advice:
            if each.check not in self.check_lines:
                line = Line()
                self.check_lines[each.check] = line
                self._checks.addWidget(line)
            words = messages.text(f"coach.{each.key}")
            self.check_lines[each.check].say(words, "ok" if each.good else "warn")

    def lock(self, *, locked: bool, reason: str) -> None:
        """Let devices alone while a take is recorded."""
        for each in (self.camera, self.mic):
            each.setEnabled(not locked)
            each.setToolTip(reason if locked else "")
