"""Show where one is in a take: a small picture every few seconds, kept beside it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from capture.files import whole_file, write_whole
from capture.take import Take, camera_start_us
from capture.work import Work
from editor.cutlist import frame_at, frame_us, result_rate
from editor.fit import Size
from editor.viewing import OpenFrames, fitting

if TYPE_CHECKING:
    from av import VideoFrame

FOLDER = "stills"
LIST = "stills.json"
ROOM = Size(256, 144)
_EVERY_US = 2_000_000
_MOST = 400
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Still:
    """A small picture of a take: when it is seen, on the take's clock, and its JPEG."""

    at_us: int
    path: Path


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stands in ``stills.json``; written last, so that what it lists is there."""

    source: str
    at_us: tuple[int, ...]


def still_times(duration_us: int, rate: Fraction) -> tuple[int, ...]:
    """Return when stills are taken: every two seconds, less often in long takes, always on a frame."""
    every_us = max(_EVERY_US, -(-duration_us // _MOST // 1_000_000) * 1_000_000)
    return tuple(frame_us(frame_at(at_us, rate), rate) for at_us in range(0, max(1, duration_us), every_us))


def take_stills(
    folder: Path,
    take: Take,
    *,
    open_frames: OpenFrames,
    on_still: Callable[[Still], object] | None = None,
    work: Work,
) -> tuple[Still, ...]:
    """Return small pictures of a take in order of time; none of a take that is sound only.

    Args:
        folder: The take's folder.
        take: What stands in it.
        open_frames: How its pictures are opened.
        on_still: Told each as soon as it is there.
        work: Told of progress; asked at each whether to stop.

    Raises:
        UserError: A file is gone, or its picture cannot be decoded.
        Cancelled: The person stopped the job; what was made is used when asked again.
    """
    kept = read_stills(folder, take)
    if kept is not None:
        return kept
    rate = result_rate([Fraction(take.picture_rate)] if take.picture_rate else [])
    frames = open_frames(take, folder, rate) if take.has_picture else None
    if frames is None:
        return ()
    times = still_times(take.duration_us, rate)
    source = _source(folder, take)
    made: list[Still] = []
    with contextlib.closing(frames):
        for n, at_us in enumerate(times):
            work.checkpoint()
            still = Still(at_us, folder / FOLDER / f"{source[:8]}-{at_us // 1000:08}.jpg")
            if not still.path.exists():
                still.path.parent.mkdir(exist_ok=True)
                _write(frames.frame(frame_at(at_us, rate)), still.path)
            made.append(still)
            if on_still is not None:
                on_still(still)
            work.report((n + 1) / len(times), "edit.looking")
    write_whole(folder / LIST, msgspec.json.encode(_Kept(source, tuple(each.at_us for each in made))))
    return tuple(made)


def read_stills(folder: Path, take: Take) -> tuple[Still, ...] | None:
    """Return the stills that were kept; None if they are not all there, or the picture is another now."""
    try:
        kept = msgspec.json.decode((folder / LIST).read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
    if kept.source != _source(folder, take):
        return None
    stills = tuple(
        Still(at_us, folder / FOLDER / f"{kept.source[:8]}-{at_us // 1000:08}.jpg") for at_us in kept.at_us
    )
    return stills if all(each.path.is_file() for each in stills) else None


def _write(frame: VideoFrame, path: Path) -> None:
    from PIL import Image

    size = fitting(Size(frame.width, frame.height), ROOM)
    small = frame.reformat(width=size.width_px, height=size.height_px, format="rgb24", interpolation="AREA")
    with whole_file(path) as part:
        Image.fromarray(small.to_ndarray()).save(part, "JPEG", quality=_QUALITY)


def _source(folder: Path, take: Take) -> str:
    """Return what tells this picture from another: its files, how big they are, and where they lie."""
    told = [str(take.duration_us)]
    for segment in take.segments:
        if segment.track != "mic":
            path = folder / segment.file
            bytes_there = path.stat().st_size if path.is_file() else -1
            told.append(f"{segment.file}\0{bytes_there}\0{camera_start_us(take, segment)}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
