"""Run slow work off the window's thread, one way for the whole program.

``jobs.start("jobs.captions", fn, on_done=…)`` calls ``fn(work=…)`` in a worker thread. Callbacks come on
the window's thread. Cancelling is not an error: neither callback is called.

``jobs.read(fn, on_done=…)`` does the same for what takes a moment, such as reading a page of the library: it
is not shown to anybody and never waits behind a long job.

``jobs.finish(fn)`` lets something go that must be let go, such as a camera: nothing cancels it, and a
window that closes waits for it.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from capture.errors import UserError
from capture.work import Cancelled, Work

Result = TypeVar("Result")
State = Literal["running", "done", "failed", "cancelled"]

log = logging.getLogger(__name__)

_PATIENCE_S = 0.02  # how often a closing window serves the jobs that are ending


class JobHandle:
    """One job as the window sees it: its label, how far it is, how much longer, and a way to cancel it.

    ``params`` fill the placeholders of the label's text. A job that is not ``shown`` is a short read.
    """

    def __init__(
        self, number: int, label: str, work: Work, *, params: Mapping[str, object], shown: bool
    ) -> None:
        self.number = number
        self.label = label
        self.params = params
        self.shown = shown
        self.state: State = "running"
        self.fraction: float | None = None
        self.note = ""
        self._work = work
        self._started_s = time.monotonic()

    def cancel(self) -> None:
        """Ask the job to stop; it ends at its next checkpoint."""
        self._work.cancel()

    @property
    def left_s(self) -> float | None:
        """How much longer it will take, or None while that cannot be known."""
        if not self.fraction:
            return None
        return (time.monotonic() - self._started_s) * (1 - self.fraction) / self.fraction


class Jobs(QObject):
    """Starts jobs and tells the window of them.

    Args:
        on_bug: Told of an exception that is not a ``UserError``, on the window's thread.
        lanes: How many jobs run at once; the others wait.

    ``closing`` tells that the window closes: the last moment to ``finish`` something.
    """

    changed = Signal()
    closing = Signal()
    _reported = Signal(int, object, str)
    _ended = Signal(int, str, object)
    _broke = Signal(object)

    def __init__(self, on_bug: Callable[[BaseException], None], *, lanes: int = 2) -> None:
        super().__init__()
        self._on_bug = on_bug
        self._pool = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="job")
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read")
        self._finishers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="finish")
        self._numbers = itertools.count(1)
        self._running: dict[int, tuple[JobHandle, Callable[[Any], None], Callable[[UserError], None]]] = {}
        self._futures: set[Future[None]] = set()
        self._closed = False
        self._reported.connect(self._on_report, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_end, Qt.ConnectionType.QueuedConnection)
        self._broke.connect(on_bug, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[JobHandle, ...]:
        """The jobs that have not ended, oldest first."""
        return tuple(job for job, _, _ in self._running.values())

    def start(
        self,
        label: str,
        fn: Callable[..., Result],
        *,
        on_done: Callable[[Result], None] = lambda _: None,
        on_error: Callable[[UserError], None] = lambda _: None,
        params: Mapping[str, object] | None = None,
    ) -> JobHandle:
        """Call ``fn(work=…)`` in a worker thread and return its handle.

        Args:
            label: String key of what the job does, shown in the status bar.
            fn: The slow function; takes only the keyword ``work``.
            on_done: Told the result, on the window's thread.
            on_error: Told what the person can do something about, on the window's thread.
            params: Values for the placeholders of the label's text.
        """
        number = next(self._numbers)
        work = Work(lambda fraction, note: self._reported.emit(number, fraction, note))
        job = JobHandle(number, label, work, params=params or {}, shown=True)
        if self._closed:
            job.state = "cancelled"
            return job
        self._running[number] = (job, on_done, on_error)
        self._submit(self._pool, number, fn, work)
        self.changed.emit()
        return job

    def read(
        self,
        fn: Callable[..., Result],
        *,
        on_done: Callable[[Result], None] = lambda _: None,
        on_error: Callable[[UserError], None] = lambda _: None,
    ) -> JobHandle:
        """Call ``fn(work=…)``, which takes a moment and changes nothing, beside the jobs that people see."""
        number = next(self._numbers)
        work = Work()
        job = JobHandle(number, "", work, params={}, shown=False)
        if self._closed:  # a last timer of a window that is being closed
            job.state = "cancelled"
            return job
        self._running[number] = (job, on_done, on_error)
        self._submit(self._readers, number, fn, work)
        return job

    def finish(self, fn: Callable[[], None]) -> Future[None]:
        """Let something go, off the window's thread; return what tells when that is done."""
        future = self._finishers.submit(self._finish, fn)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def _finish(self, fn: Callable[[], None]) -> None:
        try:
            fn()
        except Exception as error:
            log.exception("letting something go failed")
            self._broke.emit(error)

    def close(self, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Cancel what runs and wait until it has cleaned up; no callback is called any more.

        Args:
            meanwhile: Called often while waiting, for what the ending jobs want from this thread.
        """
        self.closing.emit()
        self._closed = True
        for job in self.running:
            job.cancel()
        for pool in (self._pool, self._readers):
            pool.shutdown(wait=False, cancel_futures=True)
        left = set(self._futures)
        while left:
            meanwhile()
            left = wait(left, timeout=_PATIENCE_S).not_done
        for pool in (self._pool, self._readers):
            pool.shutdown(wait=True)
        self._finishers.shutdown(wait=True)

    def _submit(self, pool: ThreadPoolExecutor, number: int, fn: Callable[..., Any], work: Work) -> None:
        future = pool.submit(self._run, number, fn, work)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)

    def _run(self, number: int, fn: Callable[..., Any], work: Work) -> None:
        try:
            work.checkpoint()
            result = fn(work=work)
        except Cancelled:
            self._ended.emit(number, "cancelled", None)
        except Exception as error:  # noqa: BLE001 - the one place where a job's bug is caught and shown
            self._ended.emit(number, "failed", error)
        else:
            self._ended.emit(number, "done", result)

    def _on_report(self, number: int, fraction: float | None, note: str) -> None:
        if number in self._running and not self._closed:
            job = self._running[number][0]
            job.fraction, job.note = fraction, note
            self.changed.emit()

    def _on_end(self, number: int, state: State, outcome: object) -> None:
        job, on_done, on_error = self._running.pop(number)
        job.state = state
        if self._closed:
            return
        if job.shown:
            self.changed.emit()
        if state == "done":
            on_done(outcome)
        elif isinstance(outcome, UserError):
            on_error(outcome)
        elif isinstance(outcome, BaseException):
            log.error("job %s failed", job.label, exc_info=outcome)
            self._on_bug(outcome)
