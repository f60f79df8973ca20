"""Make the working copy of a take in a process of its own: everything else runs first.

``python -m editor.copy_worker FOLDER OUT`` reads the take as one line of JSON from stdin and answers on
stdout (``copy_protocol``). It ends when stdin closes, so it does not outlive whoever started it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import msgspec

from capture.errors import BadInputError, UserError
from capture.giving_way import wait_for_room
from capture.take import Take
from capture.work import Work
from editor import encode, fitting
from editor.caption_protocol import Failed, Progress
from editor.copy_protocol import Answer, Written
from editor.cutlist import frame_us, place
from editor.encode import PictureSettings, ResultFile, encoded, told_of_disk
from editor.film import Film
from editor.model import CutList, Resource, Span
from editor.working_copy import HEIGHT_PX, copy_frames, copy_rate

_WORTH_TELLING = 0.005


def main(arguments: list[str]) -> int:
    """Write one working copy; return the exit code."""
    # Ctrl-C in a terminal reaches this process too: who started it decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder, out = map(Path, arguments)
    take = msgspec.json.decode(sys.stdin.buffer.readline(), type=Take)
    threading.Thread(target=end_with_stdin, name="end with stdin", daemon=True).start()
    try:
        with told_of_disk(out):
            written = write_copy(take, folder, out, work=Work(_teller(take.id, media=folder.parent.parent)))
    except UserError as error:
        params = {key: str(value) for key, value in error.params.items()}
        _tell(Failed(take.id, error.message_key, params, bad_input=isinstance(error, BadInputError)))
        return 1
    _tell(written)
    return 0


def write_copy(take: Take, folder: Path, out: Path, *, work: Work) -> Written:
    """Write the picture of a take, all of its grid, as large as a minute may be.

    Raises:
        UserError: A file is gone or cannot be read or decoded, or what was written is not whole.
    """
    film = Film(
        Resource(take.resource_id, take.resource_title),
        {take.id: take},
        {take.id: folder},
        whole_take(take, rate=copy_rate(take)),
        limit_px=HEIGHT_PX,
        work=work.quiet(),
    )
    most_bytes = fitting.most_bytes_a_minute(film.size) - fitting.SOUND_BYTES_A_MINUTE

    def write(settings: PictureSettings, step: Work) -> None:
        _write(film, out, settings=settings, work=step)

    with contextlib.closing(film):
        settings = fitting.fitting_settings(film, most_bytes=most_bytes, work=work.part(0, 0.03))
        settings = fitting.write_to_fit(
            write,
            out,
            duration_us=film.cut_list.duration_us,
            most_bytes=most_bytes * fitting.CAREFUL,
            settings=settings,
            work=work.part(0.03, 0.98),
        )
    pictures = encode.count(out)
    if pictures.frames != film.cut_list.frames or pictures.uneven or pictures.keys[:1] != (0,):
        raise UserError(
            "render.not_exact",
            frames=pictures.frames,
            wanted=film.cut_list.frames,
            uneven=pictures.uneven,
            samples=0,
        )
    with out.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(
        rate=str(settings.rate),
        width_px=settings.size.width_px,
        height_px=settings.size.height_px,
        crf=settings.crf,
        options=settings.options,
        frames=pictures.frames,
        keys=pictures.keys,
        bytes=out.stat().st_size,
        sha256=sha256,
    )


def whole_take(take: Take, *, rate: Fraction) -> CutList:
    """Return the cut list of a take of which nothing is cut."""
    end_us = frame_us(copy_frames(take), rate)
    return place([Span(take.id, take.prompt.id, 0, end_us)], rate=rate)


def _write(film: Film, out: Path, *, settings: PictureSettings, work: Work) -> None:
    total = film.cut_list.frames
    target = ResultFile(out, settings=settings, title="", sound_bits_per_s=0)
    with contextlib.closing(target):
        for packet in encoded(settings, film.frames(0, total)):
            target.picture(packet, run_frame=0)
            work.report(target.frames / total)
        target.finish()


def _teller(take_id: str, *, media: Path) -> Callable[[float | None, str], None]:
    told = 0.0

    def tell(fraction: float | None, note: str) -> None:
        nonlocal told
        wait_for_room(media)  # after every picture
        if fraction is not None and fraction >= told + _WORTH_TELLING:
            told = fraction
            _tell(Progress(take_id, fraction))

    return tell


def _tell(answer: Answer) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def end_with_stdin() -> None:
    """End this process when whoever started it closes its stdin; runs in a thread."""
    while os.read(sys.stdin.fileno(), 1):  # past the buffer, whose lock would be missed at the end
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
