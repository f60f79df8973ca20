"""Draw a take's sound at any zoom: how far it swings, kept beside the take once it has been heard.

A point of the finest level is 5 ms; each coarser one holds four of the one before. An hour is 1.4 MB.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capture.files import write_whole
from capture.take import Take, camera_start_us
from capture.work import Work
from editor.audio import RATE_HZ, Sound, TakeSound

POINT_US = 5_000
FILE = "peaks.bin"
#: Lowest and highest swing of each point, -127 to 127, shape (n, 2).
Points = NDArray[np.int8]

_MAGIC = b"LAPELPK1"
_POINT = RATE_HZ * POINT_US // 1_000_000
_BLOCK_S = 20
_PER_LEVEL = 4
_FULL = 127
_FINE = 4  # points a column at the least, so that an edge is off by a quarter of a column at the most


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The outline of a take's sound.

    Args:
        levels: From the finest to the coarsest.
        is_whole: Whether all of the take has been heard.
    """

    levels: tuple[Points, ...]
    is_whole: bool = True

    @property
    def duration_us(self) -> int:
        """How far the outline reaches."""
        return len(self.levels[0]) * POINT_US

    def columns(self, in_us: int, out_us: int, count: int) -> Points:
        """Return lowest and highest swing of ``count`` equal parts of a stretch, shape (count, 2).

        Beyond either end it is silent. What a zoom costs does not depend on how long the stretch is.
        """
        if count <= 0 or out_us <= in_us:
            return np.zeros((max(0, count), 2), np.int8)
        level, point_us = 0, POINT_US
        while level + 1 < len(self.levels) and point_us * _PER_LEVEL * _FINE * count <= out_us - in_us:
            level, point_us = level + 1, point_us * _PER_LEVEL
        points = self.levels[level]
        edges = in_us + (out_us - in_us) * np.arange(count + 1, dtype=np.int64) // count
        first = edges[:-1] // point_us
        last = np.maximum(first + 1, -(-edges[1:] // point_us))
        found = np.zeros((count, 2), np.int8)
        inside = (last > 0) & (first < len(points))
        first, last = np.clip(first, 0, len(points)), np.clip(last, 0, len(points))
        for reduce, side in ((np.minimum, 0), (np.maximum, 1)):
            at = np.stack([first[inside], last[inside]], axis=1).ravel()
            padded = np.append(points[:, side], points[-1:, side])  # reduceat wants every index to exist
            found[inside, side] = reduce.reduceat(padded, at)[::2] if at.size else 0
        return found


def take_peaks(
    folder: Path, take: Take, *, on_part: Callable[[Peaks], object] | None = None, work: Work
) -> Peaks:
    """Return the outline of a take's sound: from beside it, else by listening through it once.

    Args:
        folder: The take's folder.
        take: What stands in it.
        on_part: Told what is there so far, every 20 s of sound.
        work: Told of progress; asked often whether to stop.

    Raises:
        MediaMissingError: A file of the take is gone.
        Cancelled: The person stopped the job.
    """
    kept = read_peaks(folder, take)
    if kept is not None:
        return kept
    parts: list[Points] = []
    for block, fraction in _blocks(folder, take, work=work):
        parts.append(_points(block))
        work.report(fraction, "edit.listening")
        if on_part is not None:
            on_part(Peaks(_levels(np.concatenate(parts)), is_whole=False))
    finest = np.concatenate(parts) if parts else np.zeros((0, 2), np.int8)
    # Without room for it, it is only slower the next time.
    with contextlib.suppress(OSError):
        write_whole(folder / FILE, _MAGIC + _source(folder, take) + finest.tobytes())
    work.report(1.0)
    return Peaks(_levels(finest))


def read_peaks(folder: Path, take: Take) -> Peaks | None:
    """Return the outline that was kept; None if there is none, or the take's sound is another now."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return None
    head = _MAGIC + _source(folder, take)
    if not data.startswith(head) or (len(data) - len(head)) % 2:
        return None
    return Peaks(_levels(np.frombuffer(data, np.int8, offset=len(head)).reshape(-1, 2)))


def _blocks(folder: Path, take: Take, *, work: Work) -> Iterator[tuple[Sound, float]]:
    samples = take.duration_us * RATE_HZ // 1_000_000
    with contextlib.closing(TakeSound(folder, take, work=work)) as reader:
        while reader.at < samples:
            yield reader.read(reader.at, min(reader.at + _BLOCK_S * RATE_HZ, samples)), reader.at / samples


def _points(sound: Sound) -> Points:
    filled = np.pad(sound, (0, -len(sound) % _POINT)).reshape(-1, _POINT)
    swing = np.stack([filled.min(axis=1), filled.max(axis=1)], axis=1)
    return np.asarray(np.clip(np.rint(swing * _FULL), -_FULL, _FULL), np.int8)


def _levels(finest: Points) -> tuple[Points, ...]:
    levels = [finest]
    while len(levels[-1]) > _PER_LEVEL:
        before = levels[-1]
        starts = np.arange(0, len(before), _PER_LEVEL)
        low, high = np.minimum.reduceat(before[:, 0], starts), np.maximum.reduceat(before[:, 1], starts)
        levels.append(np.stack([low, high], axis=1))
    return tuple(levels)


def _source(folder: Path, take: Take) -> bytes:
    """Return what tells this sound from another: its files, how big they are, and where they lie."""
    heard = [s for s in take.segments if s.track == "mic"] or list(take.segments)
    told = [str(take.duration_us)]
    for segment in heard:
        path = folder / segment.file
        bytes_there = path.stat().st_size if path.is_file() else -1
        start_us = segment.start_us if segment.track == "mic" else camera_start_us(take, segment)
        told.append(f"{segment.file}\0{bytes_there}\0{start_us}")
    return hashlib.sha256("\n".join(told).encode()).digest()
