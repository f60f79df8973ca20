"""Write captions in a process of its own: the model is loaded once, and everything else runs first.

``python -m editor.caption_worker FOLDER`` reads what to hear from stdin and answers on stdout, one JSON
document a line (``caption_protocol``). It keeps nothing on disk, so it may be ended at any moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from capture.errors import BadInputError, UserError
from capture.take import Take
from capture.work import Work
from editor.audio import TakeSound
from editor.caption_protocol import Failed, Gap, Hear, Heard, Message, Progress, Ready, to_line, to_worker
from editor.hearing import Written, read_blocks, write_down
from editor.listener import Listener
from editor.voice import RATE_HZ

_SURE = 0.5  # below it the language is a guess

Tell = Callable[[Message], None]


def main(arguments: list[str]) -> int:
    """Serve requests until stdin closes; return the exit code."""
    # Ctrl-C in a terminal reaches this process too: who started it decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell = _private_stdout()
    try:
        listener = Listener(Path(arguments[0]))
    except (RuntimeError, ValueError, OSError) as error:
        tell(Failed("", "caption.model_broken", {"folder": arguments[0], "reason": str(error)}))
        return 1
    tell(Ready(listener.languages))
    for line in sys.stdin.buffer:
        tell(answer(listener, to_worker(line), tell))
    return 0


def answer(listener: Listener, wanted: Hear, tell: Tell) -> Heard | Failed:
    """Return the words of a take, or why it cannot be heard."""
    take = wanted.take
    reader = TakeSound(Path(wanted.folder), take, rate_hz=RATE_HZ, work=Work())
    try:
        with contextlib.closing(reader):
            written = write_down(
                listener,
                read_blocks(reader, duration_us=take.duration_us),
                language=wanted.language,
                duration_us=take.duration_us,
                tell=lambda fraction: tell(Progress(take.id, fraction)),
            )
    except UserError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return Failed(take.id, error.message_key, params, bad_input=isinstance(error, BadInputError))
    gaps = _gaps(written, take, heard=reader.heard)
    return Heard(take.id, written.language, written.certainty, written.words, gaps)


def _gaps(written: Written, take: Take, *, heard: int) -> tuple[Gap, ...]:
    if not heard:
        return (Gap(0, take.duration_us, "no_sound"),)
    if not written.voiced_us:
        return (Gap(0, take.duration_us, "no_speech"),)
    unsure = [Gap(0, take.duration_us, "unsure_language")] if written.certainty < _SURE else []
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
