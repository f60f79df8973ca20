"""Camera, microphone, checks and disk: the panel at the right of Studio."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.studio_parts.checks import ChecksPanel
from app.screens.studio_parts.line import Line
from app.screens.studio_parts.meter import LastSeconds, LevelMeter
from app.screens.studio_parts.phone_card import PhoneCard
from app.screens.studio_presenter import (
    FLOOR_DB,
    NOISE_TENTHS,
    PHONE,
    level_words,
    minutes_left,
    room_noise,
)
from app.widgets.boxes import rule
from app.widgets.buttons import Button, IconButton
from app.widgets.fields import ComboBox
from app.widgets.measures import Progress
from app.widgets.text import Heading, Label


class DevicePanel(QWidget):
    """Pickers, phone, meter, checks and room on the disk.

    ``camera_chosen`` and ``mic_chosen`` tell a source, ``settings_wanted`` asks for the sound settings.
    """

    camera_chosen = Signal(str)
    mic_chosen = Signal(str)
    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Heading(messages.text("studio.camera"), "title-small"), 1)
        self.grid = IconButton("grid-3x3", messages.text("studio.grid"), checkable=True)
        self.mirror = IconButton("flip-horizontal", messages.text("studio.mirror"), checkable=True)
        head.addWidget(self.grid)
        head.addWidget(self.mirror)
        whole.addLayout(head)
        self.camera = ComboBox(name=messages.text("studio.camera"), icon="video")
        whole.addWidget(self.camera)
        self.camera_line = Line()
        whole.addWidget(self.camera_line)
        self.phone = PhoneCard()
        self.phone.hide()
        whole.addWidget(self.phone)
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
        level_row = QHBoxLayout()
        level_row.addWidget(Label(messages.text("studio.input"), tint="muted"), 1)
        self.settings = Button(messages.text("studio.sound_settings"), after="external-link", size="small")
        self.settings.setToolTip(messages.text("studio.input_about"))
        self.settings.clicked.connect(self.settings_wanted)
        level_row.addWidget(self.settings)
        whole.addLayout(level_row)
        whole.addWidget(rule())
        self.checks = ChecksPanel()
        self._tenths: deque[float] = deque(maxlen=NOISE_TENTHS)
        whole.addWidget(self.checks)
        whole.addWidget(rule())
        disk = QHBoxLayout()
        disk.addWidget(Heading(messages.text("studio.disk"), "title-small"), 1)
        self.left = Label("", "strong", tabular=True)
        disk.addWidget(self.left)
        whole.addLayout(disk)
        self.used = Progress(messages.text("studio.disk_used"))
        whole.addWidget(self.used)
        self.free = Label("", "caption", tint="muted", wrap=True)
        whole.addWidget(self.free)
        whole.addStretch(1)
        for line in (self.camera_line, self.mic_line):
            line.hide()
        self.camera.activated.connect(lambda _: self.camera_chosen.emit(self.camera.currentData()))
        self.mic.activated.connect(lambda _: self.mic_chosen.emit(self.mic.currentData()))

    def show_choices(self, which: ComboBox, choices: Mapping[str, str], now: str) -> None:
        """Show what there is to choose from, and what is chosen."""
        if which is self.camera:
            self.phone.setVisible(now == PHONE)
            which.icon_name = "smartphone" if now == PHONE else "video"
        which.show_choices(choices, now)

    def show_level(self, peak_db: float | None, rms_db: float | None) -> None:
        """Show how loud it is."""
        for each in (self.meter, self.last):
            each.show_level(FLOOR_DB if peak_db is None else peak_db)
        key, tint = level_words(None if peak_db is None else self.meter.held_db, rms_db)
        self.level_line.say(messages.text(key), tint)
        held = messages.text("studio.held", db=messages.number(self.meter.held_db))
        self.held.setText(held if peak_db is not None else "")
        if rms_db is not None:
            self._tenths.append(rms_db)
        self.checks.show_room(*room_noise(self._tenths))

    def forget_level(self) -> None:
        """Begin anew: it is another microphone, or none."""
        self._tenths.clear()
        self.meter.forget()
        self.last.forget()
        self.show_level(None, None)

    def show_disk(self, free_bytes: int, total_bytes: int, folder: str, *, bytes_a_minute: int) -> None:
        """Show how long one can record into what is free."""
        words, tint = minutes_left(free_bytes, bytes_a_minute)
        self.left.setText(words)
        self.left.set_tint(tint)
        self.used.show_fraction(1 - free_bytes / total_bytes if total_bytes else 1.0)
        free = messages.text("studio.free", free=f"{free_bytes / 1e9:.0f}", folder=folder)
        self.free.setText(free)

    def lock(self, *, locked: bool, reason: str) -> None:
        """Let devices alone while a take is recorded."""
        for each in (self.camera, self.mic):
            each.setEnabled(not locked)
            each.setToolTip(reason if locked else "")
