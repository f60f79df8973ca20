"""Start Lapel's own processes: the recorder that outlives its window, the worker that yields to it."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import assets
from capture.work import Work

LOWEST_NICENESS = 19
_POLL_S = 0.05
_LAST_WORDS_S = 0.5
_GONE_WITHIN_S = 10.0  # after it was killed; longer only where a driver hangs
_WINDOWS_IDLE_PRIORITY = 0x40
_WINDOWS_NEW_GROUP = 0x200
_WINDOWS_NO_CONSOLE = 0x08000000


class Child:
    """A running process of ours, ended only by its own id.

    As a context manager it closes the pipes, and ends the process if it still runs.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def stdin(self) -> IO[bytes]:
        """Where it reads from; only with ``pipe=True``."""
        if self._process.stdin is None:
            raise ValueError("started without pipes")
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """Where it writes to; only with ``pipe=True``."""
        if self._process.stdout is None:
            raise ValueError("started without pipes")
        return self._process.stdout

    def lines(self, *, work: Work) -> Iterator[bytes]:
        """Yield the lines it writes, as they come; half a line at its end is left out.

        Args:
            work: Asked many times a second whether to stop.

        Raises:
            Cancelled: The person stopped the job; the process has been ended.
        """
        found: queue.SimpleQueue[bytes] = queue.SimpleQueue()

        def read() -> None:
            for line in self.stdout:
                found.put(line)
            found.put(b"")

        reader = threading.Thread(target=read, name="answers of a process", daemon=True)
        reader.start()
        try:
            while True:
                work.checkpoint()
                with contextlib.suppress(queue.Empty):
                    line = found.get(timeout=_POLL_S)
                    if not line.endswith(b"\n"):
                        return
                    yield line
        finally:
            # The reader holds the pipe's lock until the process is gone.
            if self.wait(_LAST_WORDS_S) is None:
                self.kill()
            reader.join(_GONE_WITHIN_S)

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Return its exit code, or None if it still runs after ``timeout_s``."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def leave(self) -> None:
        """Let it live on; nobody here waits for it any more."""
        if self.running:
            self._process.returncode = 0  # or Python warns of a process that nobody waited for

    def close(self, *, patience_s: float = 2.0) -> None:
        """Close the pipes and end the process: by the closed pipe, by asking, then hard."""
        pipes = [pipe for pipe in (self._process.stdin, self._process.stdout) if pipe is not None]
        for pipe in pipes:
            with contextlib.suppress(OSError):
                pipe.close()
        if not pipes and self.running:
            self.terminate()
        for end in (self.terminate, self.kill):
            if self.running and self.wait(patience_s) is None:
                end()
        self.wait(_GONE_WITHIN_S)

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(patience_s=2.0 if error is None else 0.2)


def start_child(
    module: str,
    args: Sequence[str] = (),
    *,
    own_session: bool = False,
    low_priority: bool = False,
    pipe: bool = False,
    log: Path | None = None,
) -> Child:
    """Start ``python -m module args`` so that it finds Lapel's packages wherever they are installed.

    Args:
        module: Dotted name of one of our modules.
        args: Its command line.
        own_session: Let it live on when the terminal or this process goes; it gets no signals of the
            terminal and keeps no stream of ours open.
        low_priority: Let everything else run first.
        pipe: Give it pipes for stdin and stdout; otherwise both are closed to it.
        log: Where its stderr goes; without it, to ours (with ``own_session``: nowhere).
    """
    stream = subprocess.PIPE if pipe else subprocess.DEVNULL
    with _error_stream(log, own_session=own_session) as errors:
        process = subprocess.Popen(  # our own interpreter and modules
            # -P: a file named like a module in the current folder must never run.
            [sys.executable, "-P", "-m", module, *args],
            stdin=stream,
            stdout=stream,
            stderr=errors,
            env=_environment(),
            start_new_session=own_session and os.name != "nt",
            creationflags=_windows_flags(own_session=own_session, low_priority=low_priority),
        )
    if low_priority and os.name != "nt":
        # From outside: code run between fork and exec (preexec_fn) can deadlock in a threaded program.
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST_NICENESS)
    return Child(process)


@contextlib.contextmanager
def _error_stream(log: Path | None, *, own_session: bool) -> Iterator[IO[bytes] | int | None]:
    if log is None:
        yield subprocess.DEVNULL if own_session else None
        return
    with log.open("ab") as file:
        yield file


def _environment() -> dict[str, str]:
    known = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([str(assets.ROOT), *([known] if known else [])])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}


def _windows_flags(*, own_session: bool, low_priority: bool) -> int:
    if os.name != "nt":
        return 0
    group = _WINDOWS_NEW_GROUP if own_session else 0
    return _WINDOWS_NO_CONSOLE | group | (_WINDOWS_IDLE_PRIORITY if low_priority else 0)
