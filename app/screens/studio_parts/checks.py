"""What is checked before and while recording: picture, room, and the five-second test with its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import messages
from app.screens.studio_parts.line import Line
from app.screens.studio_parts.trying import Stage
from app.widgets.boxes import Card, clear, column
from app.widgets.buttons import Button, IconButton
from app.widgets.paint import show_when
from app.widgets.text import Heading, Label
from capture.coach import Advice
from capture.trial import Trial


class Verdict(Card):
    """How the test went; ``played`` asks to hear and see it, ``closed`` to put it away."""

    played = Signal()

    def __init__(self) -> None:
        super().__init__(margins=12, spacing=6)
        head = QHBoxLayout()
        head.addWidget(Label(messages.text("studio.verdict"), "label"), 1)
        self.close_button = IconButton("x", messages.text("studio.verdict_close"), size="small")
        self.close_button.clicked.connect(self.hide)
        head.addWidget(self.close_button)
        self.column.addLayout(head)
        inner, self._lines = column(spacing=4)
        self.column.addWidget(inner)
        self.levels = Label("", "caption", tint="muted", wrap=True, tabular=True)
        self.column.addWidget(self.levels)
        self.play = Button(messages.text("studio.verdict_play"), icon="play", size="small")
        self.play.clicked.connect(self.played)
        self.column.addWidget(self.play, 0, Qt.AlignmentFlag.AlignLeft)
        self.said: list[str] = []
        self.hide()

    def show_trial(self, trial: Trial) -> None:
        """Say how it was."""
        clear(self._lines)
        sound = trial.sound
        told = [] if sound is None else [(f"trial.{sound.key}", sound.key == "sound.good")]
        told += [(f"coach.{each.key}", each.good) for each in trial.picture]
        self.said = [messages.text(key) for key, _ in told]
        for words, (_, good) in zip(self.said, told, strict=True):
            line = Line()
            line.say(words, "ok" if good else "warn")
            self._lines.addWidget(line)
        if sound is not None:
            levels = {"noise": sound.noise_db, "voice": sound.voice_db, "peak": sound.peak_db}
            shown = {name: messages.number(db) for name, db in levels.items()}
            self.levels.setText(messages.text("trial.levels", **shown))
        show_when(self.levels, wanted=sound is not None)
        self.show()


class ChecksPanel(QWidget):
    """Advice line by line, how quiet the room is, and the test; ``test_wanted`` asks for that."""

    test_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(Heading(messages.text("studio.checks"), "title-small"))
        advice, self._advice = column(spacing=4)
        self.lines: dict[str, Line] = {}
        whole.addWidget(advice)
        self.room = Line()
        whole.addWidget(self.room)
        self.test = Button(messages.text("studio.test"), icon="audio-lines")
        self.test.setToolTip(messages.text("studio.test_about"))
        self.test.clicked.connect(self.test_wanted)
        whole.addWidget(self.test, 0, Qt.AlignmentFlag.AlignLeft)
        self.testing = Label("", tint="accent", wrap=True)
        whole.addWidget(self.testing)
        self.verdict = Verdict()
        whole.addWidget(self.verdict)
        self.show_stage("", left_s=0)

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Show what the coach says."""
        for each in advice:
            if each.check not in self.lines:
                self.lines[each.check] = Line()
                self._advice.addWidget(self.lines[each.check])
            words = messages.text(f"coach.{each.key}")
            self.lines[each.check].say(words, "ok" if each.good else "warn")

    def show_no_picture(self) -> None:
        """Say nothing of a picture that is not there."""
        for line in self.lines.values():
            line.hide()
            line.deleteLater()
        self.lines = {}

    def show_room(self, words: str, tint: str) -> None:
        """Show how quiet the room is."""
        self.room.say(words, tint)

    def show_stage(self, stage: Stage, *, left_s: int) -> None:
        """Show how far the test is."""
        self.test.setVisible(not stage)
        words = messages.text("studio.testing", left=left_s) if stage == "recording" else ""
        self.testing.setText(messages.text("studio.test_judging") if stage == "judging" else words)
        show_when(self.testing, wanted=bool(stage))
        if stage:
            self.verdict.hide()

    def lock(self, *, reason: str) -> None:
        """Let the test alone while a take is recorded, or where there is nothing to test."""
        self.test.setEnabled(not reason)
        self.test.setToolTip(reason or messages.text("studio.test_about"))
