"""The transport under the picture: where playing is, to start and stop it, single frames, how fast."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QWidget

from app import messages
from app.screens.edit_presenter import clock
from app.theme import current, follow
from app.widgets.buttons import Button, IconButton
from app.widgets.text import Label

_LARGE_PERCENT = 130
PACES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class PlayButton(IconButton):
    """The round button in the middle, 40 px."""

    def __init__(self) -> None:
        super().__init__("play", messages.text("edit.play"), size="large", kind="standard", icon_px=20)
        self.setProperty("round", True)

    def sizeHint(self) -> QSize:
        """Return a circle."""
        side = current().height("control-large")
        return QSize(side, side)

    def show_playing(self, *, playing: bool) -> None:
        """Say what a press does now."""
        self.set_icon("pause" if playing else "play")
        self.set_name(messages.text("edit.pause_playing" if playing else "edit.play"))


class Transport(QWidget):
    """A row of 56 px."""

    toggled = Signal()
    stepped = Signal(int)
    jumped = Signal(int)
    pace_chosen = Signal(float)
    captions_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(messages.text("edit.transport_name"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setSpacing(6)
        self.time = Label("0:00.00", "title-small", tabular=True)
        self.length = Label("/ 0:00", "body", tint="muted", tabular=True)
        self.play = PlayButton()
        self.play.clicked.connect(self.toggled)
        left, middle, right = QWidget(), QWidget(), QWidget()
        self._fill(left, [self.time, self.length], Qt.AlignmentFlag.AlignLeft)
        buttons: list[QWidget] = [
            self._button("skip-back", "edit.go_start", lambda: self.jumped.emit(-1)),
            self._button("step-back", "edit.frame_back", lambda: self.stepped.emit(-1)),
            self.play,
            self._button("step-forward", "edit.frame_on", lambda: self.stepped.emit(1)),
            self._button("skip-forward", "edit.go_end", lambda: self.jumped.emit(1)),
        ]
        self._fill(middle, buttons, Qt.AlignmentFlag.AlignCenter)
        self.pace = Button("1×", kind="plain")
        self.pace.setAccessibleName(messages.text("edit.pace", pace="1"))
        self.pace.clicked.connect(self._choose_pace)
        self.captions = IconButton("captions", messages.text("edit.captions_on"), checkable=True)
        self.captions.setChecked(True)
        self.captions.toggled.connect(self.captions_toggled)
        self.sound = IconButton("volume-x", messages.text("edit.no_sound"))
        self.sound.hide()
        self._fill(right, [self.pace, self.captions, self.sound], Qt.AlignmentFlag.AlignRight)
        self._parts = (left, middle, right)
        follow(self._take_place)

    def show_time(self, at_us: int, length_us: int) -> None:
        """Show where playing is."""
        self.time.setText(clock(at_us, hundredths=True))
        self.length.setText(f"/ {clock(length_us)}")

    def show_pace(self, pace: float) -> None:
        """Show how fast it plays."""
        self.pace.setText(f"{pace:g}×")
        self.pace.setAccessibleName(messages.text("edit.pace", pace=f"{pace:g}"))

    def show_silent(self, reason: str) -> None:
        """Show that nothing can be heard, and why."""
        self.sound.set_name(reason)
        self.sound.show()

    def _fill(self, part: QWidget, widgets: list[QWidget], align: Qt.AlignmentFlag) -> None:
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if align != Qt.AlignmentFlag.AlignLeft:
            row.addStretch(1)
        for each in widgets:
            row.addWidget(each)
        if align != Qt.AlignmentFlag.AlignRight:
            row.addStretch(1)

    def _button(self, icon: str, key: str, act: object) -> IconButton:
        made = IconButton(icon, messages.text(key), size="large", icon_px=20)
        made.clicked.connect(act)
        return made

    def _choose_pace(self) -> None:
        menu = QMenu(self)
        for pace in PACES:
            action = menu.addAction(f"{pace:g}×")
            action.triggered.connect(lambda _=False, pace=pace: self.pace_chosen.emit(pace))
        menu.popup(self.pace.mapToGlobal(self.pace.rect().topLeft()))

    def _take_place(self) -> None:
        """Stand in one row, or with large text in two."""
        left, middle, right = self._parts
        large = current().text_percent > _LARGE_PERCENT
        for part in self._parts:
            self._grid.removeWidget(part)
        for number in range(3):
            self._grid.setColumnStretch(number, 0 if large else 1)
        if large:
            self._grid.addWidget(middle, 0, 0, 1, 2)
            self._grid.addWidget(left, 1, 0)
            self._grid.addWidget(right, 1, 1)
        else:
            for number, part in enumerate(self._parts):
                self._grid.addWidget(part, 0, number)
        self.setFixedHeight(current().grown(112 if large else 56))
