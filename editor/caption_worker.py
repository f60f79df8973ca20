"""Write captions in a process of its own: the model is loaded once, and everything else runs first.

``python -m editor.caption_worker FOLDER`` reads what to hear from stdin and answers on stdout, one JSON
document a line (``caption_protocol``). All it keeps on disk is the finished parts of a take
(``caption_part``), so it may be ended at any moment and goes on from there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from capture.errors import BadInputError, UserError
from capture.giving_way import wait_for_room
from capture.take import Take
from capture.work import Work
from editor.audio import TakeSound
from editor.caption_part import PartFile
from editor.caption_protocol import (
    Failed,
    Gap,
    Hear,
    Heard,
    Message,
    Progress,
    Ready,
    Waiting,
    Words,
    to_line,
    to_worker,
)
from editor.hearing import Part, Written, read_blocks, write_down
from editor.listener import Listener
from editor.voice import RATE_HZ

_SURE = 0.5  # below it the language is a guess
_CLEAR = 0.6  # words heard in another language than is spoken come to 0.3 to 0.6, others to 0.75 and more
_FEW_WORDS = 5

Tell = Callable[[Message], None]


def main(arguments: list[str]) -> int:
    """Serve requests until stdin closes; return the exit code."""
    # Ctrl-C in a terminal reaches this process too: who started it decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell = _private_stdout()
    room = _Room(tell)
    model = Path(arguments[0])
    try:
        listener = Listener(model, between=room.wait)
    except (RuntimeError, ValueError, OSError) as error:
        tell(Failed("", "caption.model_broken", {"folder": arguments[0], "reason": str(error)}))
        return 1
    tell(Ready(listener.languages))
    for line in sys.stdin.buffer:
        wanted = to_worker(line)
        room.take(wanted)
        tell(answer(listener, wanted, tell, model=model.name))
    return 0


class _Room:
    """Waits while a recorder of the same library loses frames, and tells that it does."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._take_id = ""
        self._media: Path | None = None

    def take(self, wanted: Hear) -> None:
        """Note whose take is heard now: ``media/<resource>/<take>``."""
        self._take_id, self._media = wanted.take.id, Path(wanted.folder).parent.parent

    def wait(self) -> None:
        """Return when nobody needs the machine more."""
        if self._media is not None:
            wait_for_room(self._media, waiting=lambda: self._tell(Waiting(self._take_id)))


def answer(listener: Listener, wanted: Hear, tell: Tell, *, model: str) -> Heard | Failed:
    """Return the words of a take, or why it cannot be heard."""
    take = wanted.take
    kept = PartFile(Path(wanted.folder), model=model, asked=to_line(wanted).strip())
    start = kept.parts[-1].end if kept.parts else 0

    def keep(part: Part) -> None:
        kept.add(part)
        tell(Words(take.id, part.words))

    for part in kept.parts:
        tell(Words(take.id, part.words))
    reader = TakeSound(Path(wanted.folder), take, rate_hz=RATE_HZ, work=Work())
    try:
        with contextlib.closing(reader):
            written = write_down(
                listener,
                read_blocks(reader, duration_us=take.duration_us, start=start),
                language=wanted.language,
                duration_us=take.duration_us,
                tell=lambda fraction: tell(Progress(take.id, fraction)),
                terms=wanted.terms,
                before=kept.parts,
                keep=keep,
            )
    except UserError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return Failed(take.id, error.message_key, params, bad_input=isinstance(error, BadInputError))
    kept.remove()
    gaps = _gaps(written, take, heard=reader.heard or sum(part.voiced_us for part in kept.parts))
    return Heard(take.id, written.language, written.certainty, written.words, gaps)


def _gaps(written: Written, take: Take, *, heard: int) -> tuple[Gap, ...]:
    if not heard:
        return (Gap(0, take.duration_us, "no_sound"),)
    if not written.voiced_us:
        return (Gap(0, take.duration_us, "no_speech"),)
    sure = [word.confidence for word in written.words]
    doubt = "unsure_language" if written.certainty < _SURE else ""
    if not doubt and len(sure) >= _FEW_WORDS and sum(sure) / len(sure) < _CLEAR:
        doubt = "unsure_words"
    unsure = [Gap(0, take.duration_us, doubt)] if doubt else []
    return (*unsure, *(Gap(region.start_us, region.end_us, "no_words") for region in written.missing))


def _private_stdout() -> Tell:
    """Keep stdout for the protocol alone: whatever a library prints goes to stderr."""
    mine = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(message: Message) -> None:
        mine.write(to_line(message))
        mine.flush()

    return tell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
