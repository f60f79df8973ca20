"""Camera and microphone as they are now: what the camera sees, and how loud the voice is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app import messages
from app.screens.first_run_parts.card import CARD_PX, MARGIN_PX, CheckCard, Fact
from app.screens.first_run_presenter import Listening, Verdict
from app.screens.studio_parts.meter import LevelMeter
from app.screens.studio_parts.picture import StudioPicture
from app.theme import current, follow
from app.widgets.boxes import column
from app.widgets.buttons import Button
from app.widgets.text import Label
from capture.coach import CHECKS, Advice
from capture.preview_ring import PreviewFrame


class DeviceCard(CheckCard):
    """A device to choose, and a way to try it again or to allow it."""

    def __init__(self, key: str, number: int, *, icon: str) -> None:
        super().__init__(key, number, icon=icon)
        self._settings = ""
        self.again = Button(messages.text("first_run.again"), icon="rotate-ccw")
        what = messages.text(f"first_run.{key}")
        self.again.setAccessibleName(messages.text("first_run.again_what", what=what))
        self.allow = Button(messages.text("first_run.allow"), icon="settings")
        self.allow.setAccessibleName(messages.text("first_run.allow_what", what=what))
        self.allow.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._settings)))
        self.buttons.addWidget(self.again)
        self.buttons.addWidget(self.allow)
        self.allow.hide()

    @property
    def source(self) -> str:
        """What is chosen, "" while nothing is known."""
        return self.choice.currentData() or ""

    def show_verdict(self, verdict: Verdict) -> None:
        """Say how it is, and offer the system's setting that would help."""
        self.show_look(verdict.look, verdict.words)
        self._settings = verdict.settings
        self.allow.setVisible(bool(verdict.settings))


class CameraCard(DeviceCard):
    """The live picture, and what the coach says of it."""

    def __init__(self) -> None:
        super().__init__("camera", 1, icon="camera")
        self.picture = StudioPicture()
        self.well.addWidget(self.picture)
        self._advice: dict[str, Fact] = {check: Fact() for check in CHECKS}
        for fact in self._advice.values():
            self.facts.addWidget(fact)
        self.show_advice(())
        follow(self._size_picture)

    def _size_picture(self) -> None:
        self.picture.setFixedHeight(round((current().text(CARD_PX[0]) - 2 * MARGIN_PX) * 9 / 16))

    def show_verdict(self, verdict: Verdict) -> None:
        """Say how it is; where there is no picture, its place says so."""
        super().show_verdict(verdict)
        live = verdict.look == "ready"
        self.picture.show_words("" if live else messages.text("first_run.no_picture"))
        if not live:
            self.show_advice(())

    def show_picture(self, frame: PreviewFrame) -> None:
        """Show what the camera sees."""
        self.picture.show_preview(frame)

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Show what the coach says; what it cannot judge is not there."""
        known = {each.check: each for each in advice}
        for check, fact in self._advice.items():
            fact.setVisible(check in known)
            if check in known:
                fact.say(messages.text(f"coach.{known[check].key}"), "ok" if known[check].good else "warn")


class MicCard(DeviceCard):
    """A sentence to say, how loud it is now, and how quiet the room is between the words."""

    def __init__(self) -> None:
        super().__init__("mic", 2, icon="mic")
        ground, inside = column(margins=(20, 20, 20, 16), spacing=8)
        ground.setProperty("ground", "sunken")
        inside.addWidget(Label(messages.text("first_run.say"), tint="muted", wrap=True))
        inside.addWidget(Label(messages.text("first_run.sentence"), "title", wrap=True))
        inside.addStretch(1)
        self.meter = LevelMeter()
        inside.addWidget(self.meter)
        self._ground: QWidget = ground
        self.well.addWidget(ground)
        self.level, self.noise = Fact(), Fact()
        self.facts.addWidget(self.level)
        self.facts.addWidget(self.noise)
        self.forget()
        follow(self._size_ground)

    def _size_ground(self) -> None:
        self._ground.setMinimumHeight(current().text(186))

    def show_verdict(self, verdict: Verdict) -> None:
        """Say how it is; a voice that was heard once stays heard."""
        if verdict.look != "listening" or not self._listening.heard:
            super().show_verdict(verdict)

    def forget(self) -> None:
        """Listen anew: it is another microphone."""
        self._listening = Listening()
        self.level.hide()
        self.noise.hide()

    def hear(self, peak_db: float, rms_db: float) -> None:
        """Show a tenth of a second."""
        listening = self._listening
        listening.add(peak_db, rms_db)
        self.meter.show_level(peak_db)
        self.show_verdict(listening.verdict())
        self.level.say(*listening.level())
        self.level.show()
        self.noise.say(*listening.noise())
        self.noise.show()
