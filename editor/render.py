"""Make the video that learners see: every frame the one in the cut list, every sample in its place.

Takes are decoded one after the other and encoded once, so an hour of many spans needs no more memory than
a minute of one.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from capture.errors import BadInputError, UserError
from capture.files import whole_file
from capture.take import Take
from capture.work import Work
from editor import encode, fitting, loudness
from editor.audio import RATE_HZ, result_sound, sample_at
from editor.encode import PictureSettings, ResultFile, encoded, told_of_disk
from editor.film import Film
from editor.fit import Size
from editor.loudness import Levelled
from editor.model import CutList, Resource

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
    with told_of_disk(out), tempfile.TemporaryDirectory(prefix=".render-", dir=out.parent) as name:
        scratch = Path(name)
        sound = _write_sound(cut_list, by_id, folders, scratch, work=work.part(0, 0.15))
        film = Film(resource, by_id, folders, cut_list, limit_px=height_px, work=work)
        with contextlib.closing(film):
            most_bytes = fitting.most_bytes_a_minute(film.size)
            settings = fitting.fitting_settings(
                film, most_bytes=most_bytes - fitting.SOUND_BYTES_A_MINUTE, work=work.part(0.15, 0.2)
            )
            path = scratch / "film.mp4"

            def write(settings: PictureSettings, step: Work) -> None:
                sound_file = scratch / "levelled.f32"
                _write_film(film, path, title=resource.title, sound=sound_file, settings=settings, work=step)

            settings = fitting.write_to_fit(
                write,
                path,
                duration_us=cut_list.duration_us,
                most_bytes=most_bytes,
                settings=settings,
                work=work.part(0.2, 0.98),
            )
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
        crf=settings.crf,
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


# Picture --------------------------------------------------------------------------------------------------


def _write_film(
    film: Film, path: Path, *, title: str, sound: Path, settings: PictureSettings, work: Work
) -> None:
    work.report(0.0, "render.picture")
    cut_list = film.cut_list
    target = ResultFile(path, settings=settings, title=title)
    blocks = loudness.read_blocks(sound, samples=encode.GOP_S * RATE_HZ)
    with contextlib.closing(target), contextlib.closing(blocks):
        for packet in encoded(settings, film.frames(0, cut_list.frames)):
            work.checkpoint()
            # Sound goes a little ahead, so that neither waits long for the other in the muxer.
            while target.samples <= sample_at(target.frames, cut_list.rate):
                block = next(blocks, None)
                if block is None:
                    break
                target.sound(block)
            target.picture(packet, run_frame=0)
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
    found = encode.count(path)
    wanted = sample_at(cut_list.frames, cut_list.rate)
    has_sound = wanted <= found.samples < wanted + _SOUND_FRAME_SAMPLES
    if found.frames != cut_list.frames or found.uneven or not has_sound:
        raise RenderError(
            frames=found.frames, wanted=cut_list.frames, uneven=found.uneven, samples=found.samples
        )
