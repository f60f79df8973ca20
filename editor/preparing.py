"""Get takes ready in the background as soon as they are safe, so that nobody waits after the last Stop.

What stands here is only ever done ahead of time: whoever needs the words or the working copy of a take asks
for it as before, and finds it done. A step that failed is therefore not the end of anything; the one who
needs its outcome tries again, and tells the producer.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from capture.errors import UserError
from capture.work import Cancelled, Work
from editor import glossary, models, tasks
from editor.library import Library
from editor.model import Take
from editor.peaks import Peaks, read_peaks, take_peaks
from editor.stills import Still, read_stills, take_stills
from editor.take_frames import open_take_frames
from editor.transcript import CaptionWorker, OnWords, write_transcript
from editor.working_copy import can_have_copy, make_working_copy, working_copy

_POLL_S = 0.05
_READY: tuple[str, ...] = ("safe", "damaged")
_STILLS_A_TIME = 8  # told together: each telling paints a timeline

#: Keeps the outcome of a step; called in the thread that owns the library.
Keep = Callable[[Library], object]
#: The slow part of a step: touches the take's folder alone, never the library.
Slow = Callable[[Work], Keep]


class Step(Protocol):
    """Something every take needs before it can be published."""

    #: String key below ``work`` that says what is done.
    note: str

    def plan(self, library: Library, take: Take) -> Slow | None:
        """Return what is to be done for a take, or None where it is done already.

        Called in the thread that owns the library: read from it here, not in what is returned.
        """

    def close(self) -> None:
        """Let go of what is kept from take to take."""


@dataclass(frozen=True, slots=True)
class Unprepared:
    """A step that could not be done for a take, and why."""

    take_id: str
    note: str
    error: UserError


@dataclass(order=True, slots=True)
class _Task:
    rank: int
    number: int
    take: Take = field(compare=False)
    step: Step = field(compare=False)
    slow: Slow = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Outcome:
    task: _Task
    keep: Keep | None = None
    error: UserError | None = None
    bug: BaseException | None = None


def prepare_take(plans: Sequence[Slow], *, work: Work) -> tuple[Keep, ...]:
    """Do the steps planned for one take, in order, and return what keeps their outcomes.

    For the window: plan in its own thread, run this as a job, and call what it returns in ``on_done``.

    Raises:
        UserError: The first step that could not be done.
    """
    return tuple(slow(work.part(n / len(plans), (n + 1) / len(plans))) for n, slow in enumerate(plans))


def plan_take(steps: Sequence[Step], library: Library, take: Take) -> tuple[Slow, ...]:
    """Return what is still to be done for a take, in order; nothing while it is being recorded."""
    if take.state not in _READY:
        return ()
    planned = (step.plan(library, take) for step in steps)
    return tuple(slow for slow in planned if slow is not None)


class Preparing:
    """Does steps for takes in a thread of its own, the first step of every take before the second of any.

    For the command line. Everything but the slow part of a step runs in the caller's thread: ``add`` plans,
    ``keep`` and ``finish`` write to the library. As a context manager it ends what still runs.

    Args:
        library: Where outcomes are kept.
        steps: In the order of need; closed with this.
    """

    def __init__(self, library: Library, steps: Sequence[Step]) -> None:
        self.failed: list[Unprepared] = []
        self._library = library
        self._steps = tuple(steps)
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._number = 0
        self._open = 0
        self._now = 0.0
        self._note = ""
        self._work = Work(self._on_report)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="preparing takes", daemon=True)

    def add(self, take: Take) -> None:
        """Get a take ready as soon as those before it are; what is ready so far is kept meanwhile."""
        self.keep()
        if take.state not in _READY:
            return
        for rank, step in enumerate(self._steps):
            slow = step.plan(self._library, take)
            if slow is not None:
                self._number += 1
                self._open += 1
                self._tasks.put(_Task(rank, self._number, take, step, slow))

    def keep(self) -> None:
        """Write what is ready to the library, without waiting for more."""
        while self._open:
            try:
                outcome = self._outcomes.get_nowait()
            except queue.Empty:
                return
            self._settle(outcome)

    def finish(self, *, work: Work) -> None:
        """Wait until every take added is ready, and keep it. Cancelling ends what runs.

        Raises:
            Cancelled: The person stopped it; what was ready is kept.
        """
        total = self._open
        while self._open:
            if work.cancelled:
                self._work.cancel()
                raise Cancelled
            try:
                self._settle(self._outcomes.get(timeout=_POLL_S))
            except queue.Empty:
                work.report((total - self._open + self._now) / total, self._note)
        work.report(1.0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for step in self._steps:
            step.close()

    def stop(self) -> None:
        """End what runs and let go of its files; nothing that is added later is done."""
        self._work.cancel()
        self._closing.set()
        self._thread.join()

    def _settle(self, outcome: _Outcome) -> None:
        self._open -= 1
        if outcome.bug is not None:
            raise outcome.bug
        error = outcome.error
        if outcome.keep is not None:
            try:
                outcome.keep(self._library)
            except UserError as refused:  # erased meanwhile, or no room to write
                error = refused
        if error is not None:
            self.failed.append(Unprepared(outcome.task.take.id, outcome.task.step.note, error))

    def _on_report(self, fraction: float | None, note: str) -> None:
        self._now, self._note = fraction or 0.0, note

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                task = self._tasks.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            self._now, self._note = 0.0, task.step.note
            try:
                self._outcomes.put(_Outcome(task, keep=task.slow(self._work)))
            except Cancelled:
                return
            except UserError as error:
                self._outcomes.put(_Outcome(task, error=error))
            except Exception as bug:  # noqa: BLE001 - carried to the caller's thread and raised there
                self._outcomes.put(_Outcome(task, bug=bug))


class Captions:
    """Writes down what is said; the model is loaded with the first take and stays loaded.

    Args:
        model: Name in the catalogue, or a folder.
        language: BCP 47; empty means that of take or resource, or whatever is heard.
        on_words: Told the words of a take as they are recognised.
    """

    note = "caption.listening"

    def __init__(
        self,
        model: str | Path = models.DEFAULT_MODEL,
        *,
        language: str = "",
        on_words: OnWords | None = None,
    ) -> None:
        self._model = model
        self._wished = language
        self._on_words = on_words
        self._worker: CaptionWorker | None = None
        self._language = ""
        self._turn = threading.Lock()

    def plan(self, library: Library, take: Take) -> Slow | None:
        """Return the writing down of a take that has no words yet."""
        if library.transcript(take.id) is not None:
            return None
        folder = library.take_folder(take)
        resource = library.resource(take.resource_id)
        language = resource.tags.language
        terms = glossary.hot_words(glossary.terms_of(library, resource))

        def slow(work: Work) -> Keep:
            with self._my_turn(work):
                if self._worker is None:
                    self._worker = CaptionWorker(models.find_model(self._model, work=work.part(0.0, 0.05)))
                found = write_transcript(
                    self._worker,
                    take,
                    folder,
                    language=self._wished or language or take.language or self._language,
                    terms=terms,
                    on_words=self._on_words,
                    work=work.part(0.05, 1.0),
                )
                self._language = self._language or found.settled
            return lambda kept: tasks.keep_transcript(kept, take.resource_id, found.transcript)

        return slow

    @contextlib.contextmanager
    def _my_turn(self, work: Work) -> Iterator[None]:
        """Wait until no other take is heard: the worker hears one at a time."""
        while not self._turn.acquire(timeout=_POLL_S):
            work.checkpoint()
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()


class WorkingCopies:
    """Makes the second file of a take that plays at once and is cut without waiting."""

    note = "copy.making"

    def plan(self, library: Library, take: Take) -> Slow | None:
        """Return the making for a take whose copy is not there or no longer fits."""
        folder = library.take_folder(take)
        if not can_have_copy(take) or working_copy(take, folder) is not None:
            return None

        def slow(work: Work) -> Keep:
            make_working_copy(take, folder, work=work)
            return lambda _: None

        return slow

    def close(self) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is there of a take's outline: its sound, of which more may come, or its small pictures so far."""

    take_id: str
    peaks: Peaks | None = None
    stills: tuple[Still, ...] = ()


class Outlines:
    """Draws the sound of a take and takes small pictures of it, for the timeline of the window.

    Args:
        tell: Told what there is as it comes; called in the thread of the job.
    """

    note = "edit.looking"

    def __init__(self, tell: Callable[[Outline], object] = lambda _: None) -> None:
        self._tell = tell

    def plan(self, library: Library, take: Take) -> Slow | None:
        """Return the drawing of a take whose outline or pictures are not there yet; else tell them."""
        folder, tell = library.take_folder(take), self._tell
        peaks, stills = read_peaks(folder, take), read_stills(folder, take)
        if peaks is not None and stills is not None:
            tell(Outline(take.id, peaks, stills))
            return None

        def slow(work: Work) -> Keep:
            step = work.part(0.0, 0.3)
            heard = take_peaks(folder, take, on_part=lambda part: tell(Outline(take.id, part)), work=step)
            tell(Outline(take.id, heard))
            made: list[Still] = []

            def on_still(still: Still) -> None:
                made.append(still)
                if len(made) % _STILLS_A_TIME == 1:
                    tell(Outline(take.id, stills=tuple(made)))

            step = work.part(0.3, 1.0)
            found = take_stills(folder, take, open_frames=open_take_frames, on_still=on_still, work=step)
            tell(Outline(take.id, stills=found))
            return lambda _: None

        return slow

    def close(self) -> None:
        """Nothing is kept."""


def standard_steps(
    *, model: str | Path = models.DEFAULT_MODEL, language: str = "", on_words: OnWords | None = None
) -> tuple[Step, ...]:
    """Return what every take needs to be published, in the order of need: captions first."""
    return (Captions(model, language=language, on_words=on_words), WorkingCopies())
