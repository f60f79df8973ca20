"""Look at frames of a result for the poster in a process of its own: the window has no memory to spare.

``python -m editor.poster_worker`` reads what it shall look at as one line of JSON from stdin and answers on
stdout, a document a line: ``Looked`` for each frame. It ends when stdin closes.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from capture.errors import UserError
from capture.launch import start_child
from capture.take import Take
from capture.work import Work
from editor.cutlist import place
from editor.model import CutList, Span

_MODULE = "editor.poster_worker"


class Wanted(msgspec.Struct, frozen=True):
    """To the worker: a cut list with its takes and where they are."""

    rate: str
    spans: tuple[Span, ...]
    takes: tuple[Take, ...]
    folders: dict[str, str]


class Looked(msgspec.Struct, frozen=True):
    """From the worker: what a frame is worth, and how much has been looked at, 0 to 1."""

    take_id: str
    take_frame: int
    result_frame: int
    worth: float
    fraction: float


def look_elsewhere(
    cut_list: CutList, takes: Sequence[Take], folders: Mapping[str, Path], *, work: Work
) -> Iterator[Looked]:
    """Yield what frames of a result are worth, as a process of its own finds out; it ends without a word.

    Raises:
        Cancelled: The person stopped the job.
    """
    wanted = Wanted(
        rate=str(cut_list.rate),
        spans=tuple(each.span for each in cut_list.placed),
        takes=tuple(takes),
        folders={take_id: str(folder.absolute()) for take_id, folder in folders.items()},
    )
    with start_child(_MODULE, low_priority=True, pipe=True) as child:
        child.stdin.write(msgspec.json.encode(wanted) + b"\n")
        child.stdin.flush()
        for line in child.lines(work=work):
            looked = msgspec.json.decode(line, type=Looked)
            work.report(looked.fraction, "render.poster")
            yield looked


def main() -> int:
    """Look at what was asked for; return the exit code."""
    from editor.copy_worker import end_with_stdin
    from editor.poster_frames import looks
    from editor.take_frames import open_take_frames

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it decides what becomes of it
    wanted = msgspec.json.decode(sys.stdin.buffer.readline(), type=Wanted)
    threading.Thread(target=end_with_stdin, name="end with stdin", daemon=True).start()
    cut_list = place(wanted.spans, rate=Fraction(wanted.rate))
    folders = {take_id: Path(folder) for take_id, folder in wanted.folders.items()}
    try:
        for looked in looks(cut_list, wanted.takes, folders, open_frames=open_take_frames):
            sys.stdout.buffer.write(msgspec.json.encode(looked) + b"\n")
            sys.stdout.buffer.flush()
    except UserError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
