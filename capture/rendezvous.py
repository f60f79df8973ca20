"""Let a window find its recorder again, even one that was restarted, and nobody else get in.

The recorder listens at an address of its own; a file in the take's folder says where, and holds the key.
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import msgspec

from capture.files import whole_file

RENDEZVOUS_FILE = "recorder.json"
ANSWER_S = 5.0
_KEY_BYTES = 32
_MOST_KNOCKING = 16  # macOS refuses who is one too many, and a recorder that refuses is taken for dead


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """Where a recorder listens, and the key that lets one in."""

    address: str
    key: str
    pid: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A recorder that can be found.

    Args:
        listener: Where windows come in.
        room: A folder of its own for as long as it can be found, which nobody else may enter.
        folder: Through which it is found.
    """

    listener: Listener
    room: Path
    folder: Path
    _rendezvous: Rendezvous

    def also_in(self, folder: Path) -> None:
        """Let it be found through another folder too.

        Raises:
            OSError: Nothing can be written there.
        """
        if folder != self.folder:
            _write(folder / RENDEZVOUS_FILE, self._rendezvous)

    def no_more_in(self, folder: Path) -> None:
        """Let it be found through that other folder no more."""
        if folder != self.folder:
            with contextlib.suppress(OSError):
                (folder / RENDEZVOUS_FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[Meeting]:
    """Yield a meeting that can be found through ``folder`` as long as the block runs."""
    key = secrets.token_hex(_KEY_BYTES)
    # Not in the take's folder: the address of a local socket may have 100 characters or so.
    home = Path(tempfile.mkdtemp(prefix="lapel-"))
    address = rf"\\.\pipe\{home.name}" if os.name == "nt" else str(home / "recorder")
    family = "AF_PIPE" if os.name == "nt" else "AF_UNIX"
    rendezvous = Rendezvous(address, key, os.getpid())
    try:
        with Listener(address, family, backlog=_MOST_KNOCKING, authkey=key.encode()) as listener:
            _write(folder / RENDEZVOUS_FILE, rendezvous)
            yield Meeting(listener, home, folder, rendezvous)
    finally:
        with contextlib.suppress(OSError):
            (folder / RENDEZVOUS_FILE).unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)


def reach(folder: Path) -> Connection | None:
    """Return a connection to the recorder of this folder, or None if none is there or it says nothing."""
    try:
        return _knock(folder)
    except _SilentError:
        return None


def is_reachable(folder: Path) -> bool:
    """Whether a recorder is still at work in this take folder, even one that is too busy to answer."""
    try:
        connection = _knock(folder)
    except _SilentError:
        return True
    if connection is None:
        return False
    connection.close()
    return True


def sweep(folder: Path) -> None:
    """Remove what a killed recorder left of its rendezvous."""
    file = folder / RENDEZVOUS_FILE
    with contextlib.suppress(OSError, msgspec.DecodeError):
        home = Path(msgspec.json.decode(file.read_bytes(), type=Rendezvous).address).parent
        if home.name.startswith("lapel-") and home.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(home, ignore_errors=True)
    file.unlink(missing_ok=True)


class _SilentError(Exception):
    """Somebody listens, and says nothing."""


def _knock(folder: Path) -> Connection | None:
    """Return a connection to who listens, or None if nobody does.

    Raises:
        _SilentError: There was no answer in time.
    """
    try:
        found = msgspec.json.decode((folder / RENDEZVOUS_FILE).read_bytes(), type=Rendezvous)
    except (OSError, msgspec.DecodeError):
        return None
    answers: queue.Queue[Connection | None] = queue.Queue()

    def enter() -> None:  # the handshake of multiprocessing has no end of its own
        try:
            answers.put(Client(found.address, authkey=found.key.encode()))
        except (OSError, EOFError, AuthenticationError):
            answers.put(None)

    threading.Thread(target=enter, name="knock", daemon=True).start()
    try:
        return answers.get(timeout=ANSWER_S)
    except queue.Empty:
        raise _SilentError from None


def _write(path: Path, rendezvous: Rendezvous) -> None:
    with whole_file(path) as part:
        # The library may be readable by others; the key is not for them.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(rendezvous))
