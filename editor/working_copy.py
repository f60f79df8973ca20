"""Keep a second file of each take's picture that plays at once and is cut without waiting.

A camera's file is whatever the camera made: huge, turned, of a variable rate, without a place to start in
for seconds. The working copy ``work.mp4`` beside it is upright, of one constant rate, with a key frame at
least every second, of publishing size, and on the take's clock: frame n of it is frame n of the take's grid
(``editor.cutlist``), whatever the camera missed. It holds no sound: that is always taken from the take.

``work.json`` says how it was encoded, so that cutting can encode the frames at the joins alike, and what it
was made from, so that a copy that no longer fits its take is noticed. The take's own media are only read.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from capture.errors import BadInputError, UserError
from capture.files import whole_file, write_whole
from capture.launch import Child, start_child
from capture.take import Take
from capture.work import Work
from editor.audio import picture_segments
from editor.caption_protocol import Failed, Progress
from editor.copy_protocol import Written, from_worker
from editor.cutlist import result_rate
from editor.encode import PictureSettings, house_settings, told_of_disk
from editor.fit import Size
from editor.picture import clock_drift_ppm

COPY_FILE = "work.mp4"
SETTINGS_FILE = "work.json"
HEIGHT_PX = 720
FORMAT = 1
_WORKER = "editor.copy_worker"
_LOOKED_AT_BYTES = 64 << 10
_ABANDONED_S = 3600


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """The working copy of a take.

    Args:
        path: The MP4, picture only.
        settings: What it is encoded with.
        frames: How many it has: as many as the take's grid.
        keys: The frames at which decoding can start, rising, the first 0. Groups of pictures are closed.
        bytes: Of the file.
        sha256: Of the file, in hexadecimal digits.
    """

    path: Path
    settings: PictureSettings
    frames: int
    keys: tuple[int, ...]
    bytes: int
    sha256: str

    @property
    def rate(self) -> Fraction:
        """Frames per second."""
        return self.settings.rate

    @property
    def size(self) -> Size:
        """Of the picture, upright, in square samples."""
        return self.settings.size


@dataclass(frozen=True, slots=True)
class _Source:
    """A camera's file: where it starts on the take's clock, and what tells it from another."""

    file: str
    start_us: int
    bytes: int
    ends: str


@dataclass(frozen=True, slots=True)
class _Stored:
    """What stands in ``work.json``."""

    written: Written
    sources: tuple[_Source, ...]
    drift_ppm: float
    duration_us: int
    format: int = FORMAT


def copy_rate(take: Take) -> Fraction:
    """Return the frames per second of a take's working copy."""
    return result_rate([Fraction(take.picture_rate)] if take.picture_rate else [])


def copy_frames(take: Take) -> int:
    """Return how many frames the grid of a take has; one that would end after the take is none."""
    return math.floor(Fraction(take.duration_us, 1_000_000) * copy_rate(take))


def can_have_copy(take: Take) -> bool:
    """Whether there is a picture to make a working copy of."""
    return take.has_picture and bool(picture_segments(take)) and copy_frames(take) > 0


def working_copy(take: Take, folder: Path) -> WorkingCopy | None:
    """Return the working copy of a take; None where there is none, or it no longer fits the take.

    Args:
        take: As it stands now: another sync needs another copy.
        folder: The take's folder.
    """
    try:
        stored = msgspec.json.decode((folder / SETTINGS_FILE).read_bytes(), type=_Stored)
        size_bytes = (folder / COPY_FILE).stat().st_size
    except (OSError, msgspec.DecodeError):
        return None
    written = stored.written
    size = Size(written.width_px, written.height_px)
    settings = house_settings(Fraction(written.rate), size, crf=written.crf)
    fits = (
        stored.format == FORMAT
        and settings.options == written.options  # never handed to an encoder unless they are ours
        and size_bytes == written.bytes
        and stored.duration_us == take.duration_us
        and stored.drift_ppm == clock_drift_ppm(take)
        and settings.rate == copy_rate(take)
        and _same_sources(stored.sources, take, folder)
    )
    if not fits:
        return None
    return WorkingCopy(
        folder / COPY_FILE, settings, written.frames, written.keys, written.bytes, written.sha256
    )


def is_intact(copy: WorkingCopy) -> bool:
    """Whether a working copy is, to the bit, what was written then; all of it is read."""
    try:
        with copy.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == copy.sha256
    except OSError:
        return False


def make_working_copy(
    take: Take, folder: Path, *, in_background: bool = True, work: Work
) -> WorkingCopy | None:
    """Make the working copy of a take unless it has one that fits, and return it; None without a picture.

    It is made in a process of its own, which nothing can take down with it and which can always be ended.

    Args:
        take: A finished take, synchronised if it will be.
        folder: Its folder; the copy appears in it whole or not at all.
        in_background: Whether everything else on the computer runs first; not while somebody waits for it.
        work: Told of progress; asked often whether to stop.

    Raises:
        MediaMissingError: A file of the take is gone.
        BadInputError: A file cannot be read.
        UserError: The picture cannot be decoded, the disk is full, or the process ended twice.
        Cancelled: The person stopped the job; what was there before stays.
    """
    if not can_have_copy(take):
        return None
    found = working_copy(take, folder)
    if found is not None:
        return found
    work.report(0.0, "copy.making")
    _clear_abandoned(folder)
    sources = _sources(take, folder)
    out = folder / COPY_FILE
    with told_of_disk(out):
        with whole_file(out) as part:
            written = _written(take, folder, part, in_background=in_background, work=work)
            # Between these two no settings fit the file; it would be made again.
            (folder / SETTINGS_FILE).unlink(missing_ok=True)
        stored = _Stored(written, sources, clock_drift_ppm(take), take.duration_us)
        write_whole(folder / SETTINGS_FILE, msgspec.json.format(msgspec.json.encode(stored), indent=1))
    work.report(1.0)
    return working_copy(take, folder)


# The process ----------------------------------------------------------------------------------------------


def _written(take: Take, folder: Path, out: Path, *, in_background: bool, work: Work) -> Written:
    """Have the copy written by a process of its own; one that ends on the way is replaced once."""
    for _ in range(2):
        arguments = [str(folder.absolute()), str(out.absolute())]
        with start_child(_WORKER, arguments, low_priority=in_background, pipe=True) as child:
            child.stdin.write(msgspec.json.encode(take) + b"\n")
            child.stdin.flush()
            with contextlib.suppress(EOFError):
                return _answered(child, work=work)
    raise UserError("render.copy_crashed", prompt=take.prompt.title or take.prompt.text, number=take.number)


def _answered(child: Child, *, work: Work) -> Written:
    """Return what the process says at its end.

    Raises:
        EOFError: It ended without a word.
        UserError: It says that it cannot do it.
        Cancelled: The person stopped it.
    """
    for line in child.lines(work=work):
        match from_worker(line):
            case Progress(fraction=fraction):
                work.report(fraction)
            case Failed() as failed:
                kind = BadInputError if failed.bad_input else UserError
                raise kind(failed.message_key, **failed.params)
            case Written() as written:
                return written
    raise EOFError


def _clear_abandoned(folder: Path) -> None:
    """Remove what a program that was killed had begun."""
    for each in folder.glob(f".{COPY_FILE}.*.part*"):
        with contextlib.suppress(OSError):
            if time.time() - each.stat().st_mtime > _ABANDONED_S:
                each.unlink()


# What it is made from ---------------------------------------------------------------------------------------


def _sources(take: Take, folder: Path) -> tuple[_Source, ...]:
    found: list[_Source] = []
    for segment, start_us in picture_segments(take):
        size_bytes, ends = _look(folder / segment.file)
        found.append(_Source(segment.file, start_us, size_bytes, ends))
    return tuple(found)


def _same_sources(stored: tuple[_Source, ...], take: Take, folder: Path) -> bool:
    """Whether a copy was made from the files that a take has now; one that is gone is not held against it."""
    segments = picture_segments(take)
    if [(each.file, each.start_us) for each in stored] != [(s.file, at) for s, at in segments]:
        return False
    return all((each.bytes, each.ends) == _look(folder / each.file, missing=each) for each in stored)


def _look(path: Path, *, missing: _Source | None = None) -> tuple[int, str]:
    """Return the length of a file and a checksum of its first and last bytes."""
    try:
        with path.open("rb") as file:
            size_bytes = os.fstat(file.fileno()).st_size
            checksum = hashlib.sha256(file.read(_LOOKED_AT_BYTES))
            file.seek(max(0, size_bytes - _LOOKED_AT_BYTES))
            checksum.update(file.read(_LOOKED_AT_BYTES))
    except OSError:
        return (missing.bytes, missing.ends) if missing is not None else (0, "")
    return size_bytes, checksum.hexdigest()
