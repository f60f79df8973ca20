"""Hold the library for the window: one writer on the main thread, readers for jobs.

Jobs call the same functions as the command line does (``tasks.caption(library, …)``), which read and write.
They are handed a ``JobLibrary``: its reads run where they are called, its writes on the main thread.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt, Signal

from app import messages
from capture.work import Cancelled, Work
from editor.model import Resource

if TYPE_CHECKING:  # it brings numpy along, which must not delay the first paint
    from editor.library import Library

#: What takes long and so stays in the job's thread, under the library's own lock.
ERASES = frozenset({"erase", "erase_take", "purge"})

#: The library's other methods that change it: short, and made on the main thread.
WRITES = frozenset(
    {
        "adopt",
        "add_version",
        "bin",
        "bin_take",
        "link",
        "redo",
        "restore",
        "restore_take",
        "save",
        "save_transcript",
        "undo",
    }
)


class LibraryHolder(QObject):
    """The window's library.

    ``changed`` tells the id of each resource that was changed, by a screen or by a job; screens that show it
    read it again.
    """

    changed = Signal(str)
    saved = Signal()
    _called = Signal()
    _told = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._library: Library | None = None
        #: Held by a job that mends takes: two would be in each other's way.
        self.mending = threading.Lock()
        self._calls: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._called.connect(self.serve, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self.tell, Qt.ConnectionType.QueuedConnection)

    def opened(self, *, work: Work) -> Library:
        """Return the library opened for writing, which may take a moment; ``take`` makes it the window's.

        Raises:
            LibraryBusyError: Somebody else writes to it.
            UserError: It cannot be opened; nothing was changed.
        """
        from editor.library import Library

        made = Library.open(self.folder, write=True, holder=messages.text("window.holder"))
        try:
            work.checkpoint()
        except Cancelled:  # the window was closed meanwhile
            made.close()
            raise
        return made

    def take(self, library: Library) -> None:
        """Hold a library that was opened for writing, until ``close``."""
        self._library = library

    @property
    def is_open(self) -> bool:
        """Whether the library can be written to."""
        return self._library is not None

    @property
    def library(self) -> Library:
        """The library, on the main thread only."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the library belongs to the main thread: give jobs `for_job()`")
        if self._library is None:
            raise RuntimeError("the library is not open")
        return self._library

    def save(self, resource: Resource, *, label: str) -> Resource:
        """Keep a resource as one undo step; ``label`` is a string key below ``undo``."""
        kept = self.library.save(resource, label=label)
        self.tell(resource.id)
        return kept

    def undo(self, resource_id: str) -> Resource | None:
        """Take the last change of a resource back."""
        kept = self.library.undo(resource_id)
        if kept is not None:
            self.tell(resource_id)
        return kept

    def redo(self, resource_id: str) -> Resource | None:
        """Make the change again that was taken back last."""
        kept = self.library.redo(resource_id)
        if kept is not None:
            self.tell(resource_id)
        return kept

    def tell(self, resource_id: str) -> None:
        """Tell everybody that a resource was changed through ``library`` itself."""
        self.saved.emit()
        self.changed.emit(resource_id)

    def tell_from_job(self, resource_id: str) -> None:
        """Tell everybody, from any thread."""
        self._told.emit(resource_id)

    @contextlib.contextmanager
    def read(self) -> Iterator[Library]:
        """Yield a reader of its own for a job, in that job's thread."""
        from editor.library import Library

        with Library.open(self.folder, write=False) as library:
            yield library

    def for_job(self) -> Library:
        """Return the library for a function that runs in a job and both reads and writes."""
        return cast("Library", JobLibrary(self, self.library))

    def serve(self) -> None:
        """Make the changes that jobs wait for."""
        while True:
            try:
                call, answer = self._calls.get_nowait()
            except queue.Empty:
                return
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001 - it belongs to the job that asked
                answer.set_exception(error)

    def ask(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call returns
        """Run ``call`` on the main thread and return its result."""
        if threading.current_thread() is threading.main_thread():
            return call()
        answer: Future[Any] = Future()
        self._calls.put((call, answer))
        self._called.emit()
        return answer.result()

    def close(self) -> None:
        """Let others write."""
        if self._library is not None:
            self._library.close()
            self._library = None


class JobLibrary:
    """A ``Library`` for jobs: whatever changes it is done on the main thread, and then told."""

    def __init__(self, holder: LibraryHolder, library: Library) -> None:
        self._holder = holder
        self._library = library
        self._here = threading.local()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method of Library
        found = getattr(self._library, name)
        if name not in WRITES | ERASES:
            return found

        def write(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of that method
            if name in ERASES or getattr(self._here, "whole", False):
                result = found(*args, **kwargs)
            else:
                result = self._holder.ask(lambda: found(*args, **kwargs))
            changed = _resource_id(result, args)
            self._holder.tell_from_job(changed)
            return result

        return write

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several changes as one, in the job's thread, holding the library's lock."""
        with self._library.transaction():
            self._here.whole = True
            try:
                yield
            finally:
                self._here.whole = False


def _resource_id(result: object, args: tuple[object, ...]) -> str:
    """Return which resource a write was about, as far as that can be seen; "" means any."""
    for each in (result, *args):
        if isinstance(each, Resource):
            return each.id
        found = getattr(each, "resource_id", None)
        if isinstance(found, str):
            return found
    return args[0] if args and isinstance(args[0], str) else ""


__all__ = ["ERASES", "WRITES", "JobLibrary", "LibraryHolder"]
