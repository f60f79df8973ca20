"""Let one program at a time write to a library, and tell the others who it is."""

from __future__ import annotations

import contextlib
import datetime
import os
from dataclasses import dataclass
from pathlib import Path

import filelock
import msgspec

from capture.errors import BadInputError, UserError
from capture.files import write_whole

LOCK_FILE = "library.lock"
HOLDER_FILE = "library.holder.json"  # beside the lock: Windows does not let others read a locked file
_PATIENCE_S = 0.3  # a verb in a script may start while the one before it is closing


class LibraryBusyError(UserError):
    """Somebody else writes to the library."""

    message_key = "library.busy"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes to a library: "the Lapel window" or a verb."""

    who: str
    pid: int
    since: str


class Hold:
    """The right to write to a library until ``release``; the system takes it back when the process dies.

    Args:
        folder: The library, which exists.
        who: Told to others who want to write.

    Raises:
        LibraryBusyError: Somebody else has it.
        BadInputError: The folder cannot be written to.
    """

    def __init__(self, folder: Path, *, who: str) -> None:
        self._file = folder / HOLDER_FILE
        self._lock = filelock.FileLock(folder / LOCK_FILE, timeout=_PATIENCE_S, thread_local=False)
        try:
            self._lock.acquire()
        except filelock.Timeout as error:
            raise _busy(folder) from error
        except OSError as error:
            raise BadInputError("library.unwritable", folder=folder, reason=error.strerror) from error
        try:
            since = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            write_whole(self._file, msgspec.json.encode(Holder(who, os.getpid(), since)))
        except OSError as error:
            self._lock.release()
            raise BadInputError("library.unwritable", folder=folder, reason=error.strerror) from error

    def release(self) -> None:
        """Let others write."""
        with contextlib.suppress(OSError):  # a stale name is harmless: the lock alone decides
            self._file.unlink(missing_ok=True)
        self._lock.release()


def holder(folder: Path) -> Holder | None:
    """Return who wrote to the library last without closing it, or None where nobody is known."""
    try:
        return msgspec.json.decode((folder / HOLDER_FILE).read_bytes(), type=Holder)
    except (OSError, msgspec.MsgspecError):
        return None


def _busy(folder: Path) -> LibraryBusyError:
    found = holder(folder)
    if found is None or not found.who:
        return LibraryBusyError("library.busy_unknown", folder=folder)
    return LibraryBusyError(folder=folder, holder=found.who, pid=found.pid)
