"""Let the picture coach look at the preview, beside the window's thread, one picture at a time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from capture.coach import Advice, Coach, open_coach
from capture.errors import UserError
from capture.preview_ring import PreviewFrame
from capture.work import Work


class Coaching(QObject):
    """Looks now and then; ``advised`` tells what the coach says."""

    advised = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._coach: Coach | None = None
        self._looking = False

    def look(self, frame: PreviewFrame) -> None:
        """Look at a picture, if one is due."""
        if self._looking or (self._coach is not None and not self._coach.is_due(frame.at_us)):
            return
        self._looking = True
        coach = self._coach

        def look(*, work: Work) -> tuple[Coach, tuple[Advice, ...]]:
            found = coach or open_coach()
            rgb = np.frombuffer(frame.rgb, np.uint8).reshape(frame.height_px, frame.width_px, 3)
            return found, found.look(rgb, at_us=frame.at_us)

        self._jobs.read(look, on_done=self._on_advice, on_error=self._on_error)

    def forget(self) -> None:
        """Begin anew: it is another camera, or another place."""
        self._coach = None

    def _on_advice(self, found: tuple[Coach, tuple[Advice, ...]]) -> None:
        self._looking = False
        self._coach, advice = found
        self.advised.emit(advice)

    def _on_error(self, _: UserError) -> None:
        self._looking = False
