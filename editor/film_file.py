"""Write pictures and sound of a result as one file: put together from working copies, or encoded anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.errors import UserError
from capture.work import Work
from editor import encode, fitting, loudness
from editor.audio import RATE_HZ, sample_at
from editor.encode import CannotJoinError, PictureSettings, ResultFile, encoded, house_settings
from editor.fast_cut import joined
from editor.film import Film
from editor.fit import Size
from editor.joins import Run, joinable, plan_runs
from editor.model import CutList
from editor.overlay import drawn_on
from editor.working_copy import WorkingCopy, is_intact

if TYPE_CHECKING:
    from av import Packet, VideoStream

_SOUND_FRAME_SAMPLES = 1024
Copies = Mapping[str, WorkingCopy]


class RenderError(UserError):
    """The written file is not what the cut list says; it was not kept."""

    message_key = "render.not_exact"


@dataclass(frozen=True, slots=True)
class FilmFile:
    """A written file.

    Args:
        size: Of the picture.
        crf: x264's constant quality, of the worst part.
        copied_frames: How many pictures were copied from working copies.
        why: Key below ``render.why`` of why every picture was encoded anew; empty where they were not.
    """

    size: Size
    crf: float
    copied_frames: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How large a file may be.

    Args:
        most_bytes: Of a minute of it; None means as much as a result of its size may have.
        softest: The worst quality that is worth having; what would be worse is not written at all.
    """

    most_bytes: float | None = None
    softest: float = encode.WORST_CRF

    def bytes_a_minute(self, size: Size) -> float:
        """Return how large a minute of a file may be whose picture has this size."""
        return self.most_bytes or fitting.most_bytes_a_minute(size)


class TooSoftError(Exception):
    """What fits into the room is not worth having."""


def write_film_file(
    film_of: Callable[[Copies], Film],
    copies: Copies,
    *,
    path: Path,
    sound: Path,
    title: str,
    room: Room,
    work: Work,
) -> FilmFile:
    """Write the file, by copying what working copies hold; where anything differs, by encoding all of it.

    Args:
        film_of: Returns the film, seen through those working copies that it is given.
        copies: Working copies by the ids of their takes.
        path: Where it goes.
        sound: A file of ``loudness.write_sound``, as long as the film.
        title: As a player shows it.
        room: How large it may be.
        work: Told of progress; asked at every frame whether to stop.

    Raises:
        RenderError: What was written is not the cut list.
        NoPictureError: A picture cannot be decoded.
        TooSoftError: It does not fit with a picture worth having.
        Cancelled: The person stopped the job.
    """
    why = "no_copies" if not copies else "not_alike"
    if copies and all(is_intact(copy) for copy in copies.values()):
        with contextlib.closing(film_of(copies)) as film:
            most = room.bytes_a_minute(film.size)
            try:
                done = _join(film, copies, path=path, sound=sound, title=title, work=work)
            except (CannotJoinError, RenderError):
                pass
            else:
                if done.copied_frames and path.stat().st_size * 60e6 <= most * film.cut_list.duration_us:
                    return done
                why = "too_big" if done.copied_frames else "no_copies"
    with contextlib.closing(film_of({})) as film:
        crf = _encode(film, path=path, sound=sound, title=title, room=room, work=work)
        return FilmFile(film.size, crf, why=why if film.is_filmed else "")


def _join(film: Film, copies: Copies, *, path: Path, sound: Path, title: str, work: Work) -> FilmFile:
    """Write the file from working copies.

    Raises:
        CannotJoinError: They do not go together.
        RenderError: What was written is not the cut list.
    """
    usable = joinable(copies, film.cut_list, film.size)
    runs = plan_runs(film.cut_list, usable, drawn_on=drawn_on(film.overlays))
    copied = sum(run.frames for run in runs if run.copied)
    crf = max(run.crf for run in runs)
    if copied:
        target = ResultFile(path, settings=house_settings(film.cut_list.rate, film.size), title=title)
        with contextlib.closing(target):
            packets = joined(film, runs, usable, headers=target.headers)
            _write(target, packets, film.cut_list, sound=sound, work=work)
        check(path, film.cut_list, runs)
    return FilmFile(film.size, crf, copied)


def _encode(film: Film, *, path: Path, sound: Path, title: str, room: Room, work: Work) -> float:
    """Write the file with every picture encoded, at the best quality that fits, and return that."""
    cut_list = film.cut_list
    most = room.bytes_a_minute(film.size)
    sound_bits = fitting.sound_bits_per_s(most)
    sound_bytes = sound_bits * 60 / 8
    most_picture = max(most - sound_bytes, 1.0)

    def write(settings: PictureSettings, step: Work) -> None:
        packets = ((packet, 0) for packet in encoded(settings, film.frames(0, cut_list.frames)))
        target = ResultFile(path, settings=settings, title=title, sound_bits_per_s=sound_bits)
        with contextlib.closing(target):
            _write(target, packets, cut_list, sound=sound, work=step)

    settings = fitting.fitting_settings(film, most_bytes=most_picture, work=work.part(0, 0.05))
    if settings.crf > room.softest:
        raise TooSoftError
    settings = fitting.write_to_fit(
        write,
        path,
        duration_us=cut_list.duration_us,
        most_bytes=most,
        sound_bytes=sound_bytes,
        settings=settings,
        work=work.part(0.05, 1.0),
    )
    check(path, cut_list, ())
    return settings.crf


def _write(
    target: ResultFile,
    packets: Iterable[tuple[Packet[VideoStream], int]],
    cut_list: CutList,
    *,
    sound: Path,
    work: Work,
) -> None:
    work.report(0.0, "render.picture")
    with contextlib.closing(loudness.read_blocks(sound, samples=encode.GOP_S * RATE_HZ)) as blocks:
        for packet, run_frame in packets:
            work.checkpoint()
            # Sound goes a little ahead, so that neither waits long for the other in the muxer.
            while target.samples <= sample_at(target.frames, cut_list.rate):
                block = next(blocks, None)
                if block is None:
                    break
                target.sound(block)
            target.picture(packet, run_frame=run_frame)
            work.report(target.frames / cut_list.frames)
        for block in blocks:
            target.sound(block)
        target.finish()


def check(path: Path, cut_list: CutList, runs: Iterable[Run]) -> None:
    """Make sure that a written file has every frame, evenly, and all of the sound.

    Raises:
        RenderError: It has not, or a run does not start with a key frame.
    """
    found = encode.count(path)
    wanted = sample_at(cut_list.frames, cut_list.rate)
    has_sound = wanted <= found.samples < wanted + _SOUND_FRAME_SAMPLES
    closed = {run.result_frame for run in runs} <= set(found.keys)
    if found.frames != cut_list.frames or found.uneven or not has_sound or not closed:
        raise RenderError(
            frames=found.frames, wanted=cut_list.frames, uneven=found.uneven, samples=found.samples
        )
