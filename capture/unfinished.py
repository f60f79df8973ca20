"""Make a take of what a killed recorder, or a power cut, left in its folder."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture.boxes import read_boxes
from capture.errors import BadInputError
from capture.probe import probe
from capture.sound_file import RATE_HZ, repair_sound
from capture.take import Marker, Segment, Take, Track, write_take
from capture.take_recording import RESERVE_FILE
from capture.verify import verified
from capture.video_file import make_whole
from capture.work import Work

US = 1_000_000
_PATTERNS: tuple[tuple[Track, str], ...] = (("camera", "camera-*.mp4"), ("mic", "mic-*.wav"))

log = logging.getLogger(__name__)


def finish_take(folder: Path, take: Take, *, work: Work) -> Take:
    """Mend the files of an unfinished take, verify them, and write and return the take.

    Safe to stop at any moment and to be done again. Nothing that was captured is thrown away.

    Args:
        folder: Where its files are; no recorder may be at work there.
        take: As its ``take.json`` says.
        work: Told of progress; asked whether to stop.
    """
    work.report(None, "record.repairing")
    for leftover in (folder / RESERVE_FILE, *folder.glob(".*.part*")):
        leftover.unlink(missing_ok=True)
    mended = {"camera": _mended_camera, "mic": _mended_mic}
    segments = []
    for segment in _all_segments(folder, take):
        work.checkpoint()
        repair: Callable[[Path], int] | None = mended.get(segment.track)
        duration_us = repair(folder / segment.file) if repair is not None else segment.duration_us
        if duration_us:
            segments.append(replace(segment, duration_us=duration_us))
    take = _with_segments(take, tuple(segments))
    take = verified(folder, take, work=work)
    write_take(folder, take)
    return take


def _all_segments(folder: Path, take: Take) -> list[Segment]:
    """Return the segments that ``take.json`` names, and files that it did not come to name."""
    known = {segment.file for segment in take.segments}
    found = [
        Segment(track, path.name, 0, 0)
        for track, pattern in _PATTERNS
        for path in sorted(folder.glob(pattern))
        if path.name not in known
    ]
    return [*(each for each in take.segments if (folder / each.file).exists()), *found]


def _mended_camera(path: Path) -> int:
    """Return how long a camera file is, made whole if there is room for that; 0 if it holds nothing."""
    try:
        if "moof" in read_boxes(path).kinds:
            make_whole(path, work=Work())
    except BadInputError:
        return 0
    except OSError:  # no room for a copy: the pieces play as they are
        log.warning("cannot make %s whole", path, exc_info=True)
    with contextlib.suppress(BadInputError):
        return probe(path).picture_end_us
    return 0


def _mended_mic(path: Path) -> int:
    return repair_sound(path) * US // RATE_HZ


def _with_segments(take: Take, segments: tuple[Segment, ...]) -> Take:
    ends = {
        track: [s.start_us + s.duration_us for s in segments if s.track == track]
        for track in ("mic", "camera")
    }
    duration_us = max(ends["mic"] or ends["camera"] or [0])
    return replace(
        take,
        segments=segments,
        duration_us=duration_us,
        has_picture=any(segment.track != "mic" for segment in segments),
        events=(*take.events, Marker(duration_us, "recorder.killed")),
    )
