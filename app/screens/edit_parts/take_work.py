"""Get the takes of a resource ready while its producer edits already: outline, words, working copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from app.desk import Desk
from app.jobs import JobHandle
from app.screens.edit_presenter import READY, EditState
from capture.errors import UserError
from capture.work import Work
from editor.library import Library
from editor.missing import missing_media
from editor.model import Take
from editor.preparing import Captions, Keep, Outlines, Slow, Step, WorkingCopies, plan_take, standard_steps
from editor.speech import Levels, take_levels

#: Studio's own job, which gets a take ready that was just recorded.
_OTHERS = "jobs.preparing"


class TakeWork(QObject):
    """Does what is not done yet for the takes of a resource, each step for all of them before the next.

    ``outlined`` tells an ``Outline`` as it comes, ``levels_known`` how loud a take is over time,
    ``words_came`` the id of a take and its words so far, ``copied`` the take that plays at once from now on,
    ``writing_changed`` that words are being recognised or no more, ``failed`` what could not be done.
    """

    outlined = Signal(object)
    levels_known = Signal(str, object)
    words_came = Signal(str, object)
    copied = Signal(str)
    writing_changed = Signal()
    failed = Signal(object)
    _begun = Signal(object, bool)
    _refused = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._state: EditState | None = None
        self._job: JobHandle | None = None
        self._run: object = None
        self._met: set[str] = set()
        self._without_words: set[str] = set()
        self.writing = False
        self._begun.connect(self._on_begun, Qt.ConnectionType.QueuedConnection)
        self._refused.connect(self._on_refused, Qt.ConnectionType.QueuedConnection)
        desk.jobs.changed.connect(self._go_on)

    def forget(self) -> None:
        """Begin anew: another resource is shown. What runs for the last one goes on by itself."""
        self._state, self._job, self._run = None, None, None
        self._met, self._without_words = set(), set()
        self._write(now=False)

    def start(self, state: EditState) -> None:
        """Do what is not done yet for these takes."""
        self._state = state
        self._go_on()

    def try_again(self) -> None:
        """Do again what could not be done, or was stopped."""
        self._met, self._without_words = set(), set()
        self._go_on()

    def _takes(self, state: EditState) -> tuple[Take, ...]:
        """Return the takes that can be got ready, those of the result first."""
        chosen = [lane.take_id for lane in state.lanes]
        rest = [take.id for take in state.takes if take.id not in chosen and take.state in READY]
        return tuple(state.take(take_id) for take_id in (*chosen, *rest) if take_id not in state.missing)

    def _go_on(self) -> None:
        state = self._state
        if state is None:
            return
        if self._job is not None:
            if self._job.state == "running":
                return
            if self._job.state == "cancelled":  # by the person, who may ask for captions again
                self._without_words |= {take.id for take in state.takes}
            self._job = None
            self._write(now=False)
        takes = self._takes(state)
        heard = {each.take_id for each in state.transcripts if each.take_id not in state.unfinished}
        fresh = [take for take in takes if take.id not in self._met]
        silent = [take for take in takes if take.id not in heard | self._without_words]
        if not fresh and not silent:
            return
        if any(job.label == _OTHERS for job in self._desk.jobs.running):  # told again when it has ended
            return
        self._start(takes)

    def _start(self, takes: Sequence[Take]) -> None:
        run = self._run = object()
        settings, library = self._desk.settings.now, self._desk.holder.for_job()
        steps: tuple[Step, ...] = (
            Outlines(self.outlined.emit),
            _Hearing(self.levels_known.emit, frozenset(self._met)),
            *standard_steps(
                model=settings.model, language=settings.caption_language, on_words=self.words_came.emit
            ),
        )

        def prepare(*, work: Work) -> None:
            try:
                self._prepare(steps, library, takes, run=run, work=work)
            finally:
                for step in steps:
                    step.close()

        # Each is tried once; who wants to try captions again says so.
        self._met |= {take.id for take in takes}
        self._without_words |= {take.id for take in takes}
        self._job = self._desk.jobs.start("jobs.takes", prepare, on_error=self.failed.emit)

    def _prepare(
        self, steps: Sequence[Step], library: Library, takes: Sequence[Take], *, run: object, work: Work
    ) -> None:
        gone = {each.take.id for each in missing_media(library, takes)}
        there = [take for take in takes if take.id not in gone]
        count = max(len(steps) * len(there), 1)
        for n, step in enumerate(steps):
            self._begun.emit(run, isinstance(step, Captions))
            for number, take in enumerate(there, start=n * len(there)):
                try:
                    for slow in plan_take([step], library, take):
                        slow(work.part(number / count, (number + 1) / count))(library)
                        if isinstance(step, WorkingCopies):
                            self.copied.emit(take.id)
                except UserError as error:
                    self._refused.emit(run, error)
        self._begun.emit(run, False)

    def _on_begun(self, run: object, writing: bool) -> None:
        if run is self._run:
            self._write(now=writing)

    def _on_refused(self, run: object, error: UserError) -> None:
        if run is self._run:
            self.failed.emit(error)

    def _write(self, *, now: bool) -> None:
        if now != self.writing:
            self.writing = now
            self.writing_changed.emit()


class _Hearing:
    """Hears how loud takes are over time, which tidying goes by; it is not kept."""

    note = "edit.listening"

    def __init__(self, tell: Callable[[str, Levels], object], known: frozenset[str]) -> None:
        self._tell, self._known = tell, known

    def plan(self, library: Library, take: Take) -> Slow | None:
        """Return the hearing of a take that was not heard yet."""
        if take.id in self._known:
            return None
        folder = library.take_folder(take)

        def slow(work: Work) -> Keep:
            self._tell(take.id, take_levels(folder, take, work=work))
            return lambda _: None

        return slow

    def close(self) -> None:
        """Nothing is kept."""
