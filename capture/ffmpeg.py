"""Run FFmpeg for whatever has no better way, so that every long step shows progress and can be stopped."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from capture.errors import UserError
from capture.files import whole_file
from capture.work import Work

POLL_S = 0.05
PATIENCE_S = 0.6  # for each of: asked to quit, told to end
KEPT_LINES = 5000  # loudness measurements print a line per 100 ms unless told not to
SHOWN_LINES = 20
_WINDOWS_NO_CONSOLE = 0x08000000
#: FFmpeg exits with the negative error number of the task that failed, cut to a byte on POSIX.
_KEYS_BY_CODE = {
    -errno.ENOSPC & 0xFF: "ffmpeg.disk_full",
    -errno.EROFS & 0xFF: "ffmpeg.not_writable",
    -errno.EACCES & 0xFF: "ffmpeg.not_writable",
}


class FfmpegError(UserError):
    """FFmpeg gave up; ``params["details"]`` holds its last lines."""

    message_key = "ffmpeg.failed"


@functools.cache
def ffmpeg_path() -> str:
    """Return the FFmpeg binary that comes with Lapel."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def file_name(path: Path) -> str:
    """Return ``path`` as FFmpeg must be told it: a colon or a leading dash in a name means nothing then."""
    return f"file:{path.absolute()}"


def run(
    args: Sequence[str],
    *,
    out: Path | None = None,
    duration_us: int | None = None,
    note: str = "",
    work: Work,
) -> str:
    """Run FFmpeg to its end and return what it printed on stderr.

    Args:
        args: Everything after ``ffmpeg``, without the output file if ``out`` is given. File names as from
            :func:`file_name`.
        out: The file to make; it appears whole or not at all.
        duration_us: How long the output will be, for progress.
        note: String key below ``work`` of what is being done.
        work: Told of progress; asked several times a second whether to stop.

    Raises:
        FfmpegError: It failed; the disk being full has a key of its own.
        Cancelled: The person stopped the job; nothing half-written remains.
    """
    work.checkpoint()
    work.report(0.0 if duration_us else None, note)
    if out is None:
        text = _run(list(args), duration_us=duration_us, work=work)
    else:
        with whole_file(out) as part:
            text = _run([*args, file_name(part)], duration_us=duration_us, work=work)
    work.report(1.0)
    return text


def command(args: Sequence[str]) -> list[str]:
    """Return the whole command line for ``args``."""
    return [ffmpeg_path(), "-hide_banner", "-nostats", "-progress", "pipe:1", "-y", *args]


def _run(args: list[str], *, duration_us: int | None, work: Work) -> str:
    process = subprocess.Popen(  # our own binary; arguments are a list, so no shell reads them
        command(args),
        stdin=subprocess.PIPE,  # where it is asked to quit
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Ctrl-C in the terminal is ours to pass on; otherwise both of us would act on it.
        start_new_session=os.name != "nt",
        creationflags=_WINDOWS_NO_CONSOLE if os.name == "nt" else 0,
    )
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    done_us = _Latest()
    with process, _reading(process.stderr, lines.append), _reading(process.stdout, done_us.read):
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(POLL_S)
                    break
                work.checkpoint()
                if duration_us:
                    work.report(done_us.value / duration_us)
        finally:
            _stop(process)
    if process.returncode:
        key = _KEYS_BY_CODE.get(process.returncode & 0xFF)
        raise FfmpegError(key, code=process.returncode, details=_last(lines))
    return "\n".join(lines)


class _Latest:
    """How far FFmpeg says it is; written by the thread that reads, read by the one that waits."""

    def __init__(self) -> None:
        self.value = 0

    def read(self, line: str) -> None:
        key, _, value = line.partition("=")
        if key == "out_time_us" and value.strip().isdigit():  # "N/A" before the first frame
            self.value = int(value)


@contextlib.contextmanager
def _reading(pipe: IO[bytes] | None, take: Callable[[str], None]) -> Iterator[None]:
    """Hand every line of ``pipe`` to ``take`` in a thread that ends with the pipe, before this does."""

    def read() -> None:
        for line in pipe or ():
            take(line.decode("utf-8", "replace").rstrip())

    thread = threading.Thread(target=read, name="ffmpeg reader")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End FFmpeg if it still runs: ask, tell, kill."""
    if process.poll() is not None:
        return
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            os.write(process.stdin.fileno(), b"q")  # past the buffer, whose flush on close could fail
    for end in (process.terminate, process.kill):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
            return
        end()
    process.wait()


def _last(lines: Iterable[str]) -> str:
    return "\n".join(list(lines)[-SHOWN_LINES:])
