"""The five-second test in Studio: recorded by the devices that are open already, judged, and played back."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Jobs
from app.screens.studio_parts.session import StudioDesk
from capture.errors import UserError
from capture.places import trial_folder
from capture.recorder_messages import Done, Failed, Unfinished
from capture.recording import user_error
from capture.take import Take
from capture.trial import SECONDS, TRIAL_ID, Trial, judge_trial, next_trial
from capture.work import Work

Stage = Literal["", "recording", "judging"]


class Trying(QObject):
    """Records a moment and says how it is.

    ``changed`` tells that it is at another ``stage``, ``tried`` the verdict, ``said`` why there is none.
    """

    changed = Signal()
    tried = Signal(object)
    said = Signal(object)

    def __init__(self, jobs: Jobs, recorder: StudioDesk) -> None:
        super().__init__()
        self._jobs, self._recorder = jobs, recorder
        self.stage: Stage = ""
        self.left_s = 0
        self._folder = Path()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)

    def start(self) -> None:
        """Record for five seconds."""
        if self.stage:
            return
        self._at("recording")
        self.left_s = round(SECONDS)
        self._jobs.read(
            lambda *, work: next_trial(trial_folder()), on_done=self._record, on_error=self._failed
        )

    def give_up(self) -> None:
        """Stop at once: a take is wanted."""
        if self.stage == "recording":
            self._recorder.stop()
            self._at("")

    def takes(self, message: object) -> bool:
        """Take what the recorder says of the test; return whether it was about that."""
        if isinstance(message, Done) and message.take.id == TRIAL_ID:
            self._judge(message.take)
        elif isinstance(message, Unfinished) and message.take == TRIAL_ID:
            self._at("")
        elif isinstance(message, Failed) and message.take == TRIAL_ID:
            self._failed(user_error(message))
        else:
            return False
        return True

    def _record(self, fresh: tuple[Take, Path]) -> None:
        if self.stage != "recording":
            return
        take, self._folder = fresh
        try:
            self._recorder.record(self._folder, take, seconds=SECONDS)
        except UserError as error:
            self._failed(error)
            return
        self._second.start()

    def _on_second(self) -> None:
        self.left_s = max(self.left_s - 1, 0)
        self.changed.emit()

    def _judge(self, take: Take) -> None:
        if self.stage != "recording":  # given up
            return
        self._at("judging")
        folder = self._folder

        def judge(*, work: Work) -> Trial:
            return judge_trial(take, folder)

        self._jobs.read(judge, on_done=self._on_judged, on_error=self._failed)

    def _on_judged(self, trial: Trial) -> None:
        self._at("")
        self.tried.emit(trial)

    def _failed(self, error: UserError) -> None:
        self._at("")
        self.said.emit(error)

    def _at(self, stage: Stage) -> None:
        self.stage = stage
        if stage != "recording":
            self._second.stop()
        self.changed.emit()
