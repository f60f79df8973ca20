"""Make the video that learners see: every frame the one in the cut list, every sample in its place.

Takes are decoded one after the other and encoded once, so an hour of many spans needs no more memory than
a minute of one.
"""

from __future__ import annotations

import contextlib
import errno
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from capture.errors import BadInputError, UserError
from capture.files import whole_file
from capture.take import Take
from capture.work import Work
from editor import encode, loudness
from editor.audio import RATE_HZ, result_sound, sample_at
from editor.encode import ResultFile, TrialEncoder
from editor.film import Film
from editor.fit import Size
from editor.loudness import Levelled
from editor.model import CutList, Resource

#: Most bytes a minute, sound included, by the shorter side of the picture (PRODUCT.md section 6).
_BYTES_A_MINUTE = ((720, 8_000_000), (1080, 15_000_000), (4320, 40_000_000))
_CAREFUL = 0.92  # a trial is not the whole
_MOST_TRIALS = 6
_TRIAL_EVERY_S = 40
_MOST_TRIES = 3
_CRF_PER_HALF = 6.0  # x264: six more is about half the size
_SOUND_FRAME_SAMPLES = 1024


class RenderError(UserError):
    """The written file is not what the cut list says; it was not kept."""

    message_key = "render.not_exact"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished result.

    Args:
        path: The MP4.
        frames: As counted in it.
        rate: Frames per second.
        size: Of the picture.
        duration_us: Of the picture.
        bytes: Of the file.
        crf: x264's constant quality; above ``encode.BEST_CRF`` where the size asked for it.
        sound: What levelling did.
    """

    path: Path
    frames: int
    rate: Fraction
    size: Size
    duration_us: int
    bytes: int
    crf: float
    sound: Levelled

    @property
    def bytes_a_minute(self) -> float:
        """How big a minute of it is."""
        return self.bytes * 60_000_000 / self.duration_us


def render(
    resource: Resource,
    takes: Iterable[Take],
    folders: Mapping[str, Path],
    cut_list: CutList,
    *,
    out: Path,
    height_px: int = 720,
    work: Work,
) -> Rendered:
    """Write the result as MP4: H.264 and AAC, sound at one loudness, index in front.

    The same resource, takes and cut list give the same bytes again.

    Args:
        resource: Whose title, expert and chapter titles stand in the file and on cards.
        takes: At least those in the cut list.
        folders: The folder of each take by its id.
        cut_list: The result.
        out: The MP4; it appears whole or not at all.
        height_px: Most the shorter side may have; nothing is made larger than its source.
        work: Told of progress; asked at every frame whether to stop.

    Raises:
        BadInputError: Nothing is left to render, or a file cannot be read.
        MediaMissingError: A file of a take is gone.
        NoPictureError: A picture cannot be decoded.
        RenderError: What was written is not the cut list.
        UserError: The disk is full or cannot be written to.
        Cancelled: The person stopped the job; nothing half-written remains.
    """
    if not cut_list.frames:
        raise BadInputError("render.nothing_left")
    by_id = {take.id: take for take in takes}
    with _told_of_disk(out), tempfile.TemporaryDirectory(prefix=".render-", dir=out.parent) as name:
        scratch = Path(name)
        sound = _write_sound(cut_list, by_id, folders, scratch, work=work.part(0, 0.15))
        film = Film(resource, by_id, folders, cut_list, limit_px=height_px, work=work)
        with contextlib.closing(film):
            crf = _fitting_crf(film, work=work.part(0.15, 0.2))
            crf = _write_to_fit(film, scratch, title=resource.title, crf=crf, work=work.part(0.2, 0.98))
        work.report(0.98, "render.checking")
        _check(scratch / "film.mp4", cut_list)
        with whole_file(out) as part:
            (scratch / "film.mp4").replace(part)
    work.report(1.0)
    return Rendered(
        path=out,
        frames=cut_list.frames,
        rate=cut_list.rate,
        size=film.size,
        duration_us=cut_list.duration_us,
        bytes=out.stat().st_size,
        crf=crf,
        sound=sound,
    )


def _write_sound(
    cut_list: CutList, takes: Mapping[str, Take], folders: Mapping[str, Path], scratch: Path, *, work: Work
) -> Levelled:
    """Write the result's sound, levelled, as ``levelled.f32``."""
    work.report(0.0, "render.sound")
    raw = scratch / "raw.f32"
    blocks = result_sound(cut_list, takes, folders, work=work.part(0, 0.6))
    loudness.write_sound(raw, blocks, work=work)
    levelled = loudness.level(raw, scratch / "levelled.f32", work=work.part(0.6, 1.0))
    raw.unlink()
    return levelled


# Size -----------------------------------------------------------------------------------------------------


def _most_bytes_a_minute(size: Size) -> int:
    short_px = min(size.width_px, size.height_px)
    return next((most for px, most in _BYTES_A_MINUTE if short_px <= px), _BYTES_A_MINUTE[-1][1])


def _fitting_crf(film: Film, *, work: Work) -> float:
    """Return the best constant quality at which the result will keep to its size, by trying some of it."""
    work.report(0.0, "render.measuring_picture")
    rate, total = film.cut_list.rate, film.cut_list.frames
    length = min(total, round(rate * encode.GOP_S))
    trials = min(_MOST_TRIALS, math.ceil(total / (rate * _TRIAL_EVERY_S)))
    starts = [(total - length) * (2 * n + 1) // (2 * trials) for n in range(trials)]
    most_bytes = _most_bytes_a_minute(film.size) - encode.SOUND_BITS_PER_S * 60 // 8
    crf = encode.BEST_CRF
    for _ in range(_MOST_TRIES):
        spent = 0
        for start in starts:
            trial = TrialEncoder(rate, film.size, crf=crf)
            for frame in film.frames(start, length):
                work.checkpoint()
                trial.picture(frame)
            trial.finish()
            spent += trial.bytes
        heavier = spent * float(rate) * 60 / (length * trials) / (most_bytes * _CAREFUL)
        if heavier <= 1 or crf >= encode.WORST_CRF:
            break
        crf = _softer(crf, heavier)
    work.report(1.0)
    return crf


def _softer(crf: float, heavier: float) -> float:
    """Return the quality at which something so many times too heavy will about fit."""
    return min(round(crf + _CRF_PER_HALF * math.log2(heavier) + 0.25, 2), encode.WORST_CRF)


def _write_to_fit(film: Film, scratch: Path, *, title: str, crf: float, work: Work) -> float:
    """Write ``film.mp4``, again where the trial promised too much, and return the quality used."""
    path = scratch / "film.mp4"
    for n in range(_MOST_TRIES):
        step = work.part(1 - 0.5**n, 1.0)
        _write_film(film, path, title=title, sound=scratch / "levelled.f32", crf=crf, work=step)
        heavier = path.stat().st_size * 60e6 / film.cut_list.duration_us / _most_bytes_a_minute(film.size)
        if heavier <= 1 or crf >= encode.WORST_CRF or n + 1 == _MOST_TRIES:
            break
        crf = _softer(crf, heavier / _CAREFUL)
    return crf


def _write_film(film: Film, path: Path, *, title: str, sound: Path, crf: float, work: Work) -> None:
    work.report(0.0, "render.picture")
    cut_list = film.cut_list
    target = ResultFile(path, rate=cut_list.rate, size=film.size, title=title, crf=crf)
    blocks = loudness.read_blocks(sound, samples=encode.GOP_S * RATE_HZ)
    with contextlib.closing(target), contextlib.closing(blocks):
        for frame in film.frames(0, cut_list.frames):
            work.checkpoint()
            # Sound goes a little ahead, so that neither waits long for the other in the muxer.
            while target.samples <= sample_at(target.frames, cut_list.rate):
                block = next(blocks, None)
                if block is None:
                    break
                target.sound(block)
            target.picture(frame)
            work.report(target.frames / cut_list.frames)
        for block in blocks:
            target.sound(block)
        target.finish()


# Afterwards -----------------------------------------------------------------------------------------------


def _check(path: Path, cut_list: CutList) -> None:
    """Make sure that a written file has every frame, evenly, and all of the sound.

    Raises:
        RenderError: It has not.
    """
    frames, uneven, samples = encode.count_frames(path)
    wanted = sample_at(cut_list.frames, cut_list.rate)
    if frames != cut_list.frames or uneven or not wanted <= samples < wanted + _SOUND_FRAME_SAMPLES:
        raise RenderError(frames=frames, wanted=cut_list.frames, uneven=uneven, samples=samples)


@contextlib.contextmanager
def _told_of_disk(out: Path) -> Iterator[None]:
    """Say in words what the system says of the place a file was to go to.

    Raises:
        UserError: The disk is full or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UserError("render.disk_full", folder=out.parent) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOENT, errno.ENOTDIR):
            raise UserError("render.cannot_write", folder=out.parent, reason=error.strerror or "") from error
        raise
