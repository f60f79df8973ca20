"""Get a safe take ready in the background: lips and voice, second copy, captions, working copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desk import Desk
from app.screens import studio_alerts
from capture.errors import UserError
from capture.second_copy import CopyPlace, copy_place
from capture.take import Take
from capture.work import Work
from editor import tasks
from editor.preparing import Outlines, plan_take, prepare_take, standard_steps


class Readying(QObject):
    """``said`` tells an error, ``troubled`` a take with which something went wrong on the way."""

    said = Signal(object)
    troubled = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._copy_places: dict[str, CopyPlace] = {}

    def start(self, take: Take) -> None:
        """Lay lips and voice together, write captions, make the copy: while the next is recorded."""
        library, model = self._desk.holder.for_job(), self._desk.settings.now.model
        second_copy = self.copy_place()

        def prepare(*, work: Work) -> Take:
            done = tasks.complete(library, take, second_copy=second_copy, work=work.part(0, 0.1))
            steps = (*standard_steps(model=model), Outlines())
            try:
                plans = plan_take(steps, library, done)
                for keep in prepare_take(plans, work=work.part(0.1, 1)) if plans else ():
                    keep(library)
            finally:
                for step in steps:
                    step.close()
            return done

        def ready(done: Take) -> None:
            if studio_alerts.trouble_of(done) != studio_alerts.trouble_of(take):
                self.troubled.emit(done)

        params = {"number": take.number, "prompt": take.prompt.title or take.prompt.text}
        self._desk.jobs.start(
            "jobs.preparing", prepare, on_done=ready, on_error=self.said.emit, params=params
        )

    def copy_place(self) -> CopyPlace | None:
        """Return where second copies go: the stick of the first take, not what is below a pulled one."""
        chosen = self._desk.settings.now.second_copy
        if chosen and chosen not in self._copy_places:
            try:
                self._copy_places[chosen] = copy_place(Path(chosen))
            except UserError as error:
                self.said.emit(error)
        return self._copy_places.get(chosen)
