"""Tell voice from room noise by level alone, so that tidying works before any caption is written.

Thresholds come from the take itself: how loud its noise is and how loud its voice, never from a fixed
number of decibels, because every room and microphone differs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capture.take import Take
from capture.work import Work
from editor.audio import Sound, TakeSound
from editor.filters import Filter, high_pass

#: Stretches of a take in microseconds, the end exclusive.
Stretch = tuple[int, int]

HOP_US = 5_000
RATE_HZ = 16_000
_HOP = RATE_HZ * HOP_US // 1_000_000
_RUMBLE_HZ = 100  # below lie steps, traffic and mains hum, no voice
_RINGS = 2048
_SMOOTH_HOPS = 5  # 25 ms: longer than a period of the lowest voice
_NOTHING_DB = -100.0  # digital silence: a muted or gated microphone says nothing about its room
_NOISE_PERCENTILE = 5  # even fluent speech has dips to the noise in a twentieth of its time
_VOICE_OVER_NOISE_DB = 10.0
_FEWEST_VOICE_HOPS = 12
_STEADY_SOUND_DB = -55.0  # louder than this and never quieter: music, or a noisy place
_JOIN_US = 120_000  # the stop before a "t" is no pause
_CLICK_US = 65_000  # smoothing and ringing make 50 ms of a knock of 10
_ALONE_US = 250_000
_BLOCK_S = 30


@dataclass(frozen=True, eq=False)
class Levels:
    """How loud a take is over time.

    Args:
        db: Level of each ``HOP_US`` in dB below full scale, smoothed, shape (n,).
        enter_db: A voice reaches this.
        leave_db: And has died away below this.
    """

    db: NDArray[np.float32]
    enter_db: float
    leave_db: float

    @property
    def duration_us(self) -> int:
        """How long the levels reach."""
        return len(self.db) * HOP_US

    @cached_property
    def pauses(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where it is quiet: the starts of all such stretches in microseconds, rising, and their ends."""
        quiet = np.concatenate([[0], (self.db < self.leave_db).astype(np.int8), [0]])
        return np.flatnonzero(np.diff(quiet) == 1) * HOP_US, np.flatnonzero(np.diff(quiet) == -1) * HOP_US

    def quietest(self, low_us: int, high_us: int, *, near_us: int) -> int:
        """Return the quietest moment from ``low_us`` to ``high_us``; of two alike that nearer ``near_us``."""
        first, last = max(0, low_us // HOP_US), min(len(self.db), high_us // HOP_US + 1)
        if first >= last:
            return min(max(near_us, low_us), high_us)
        at_us = np.arange(first, last) * HOP_US + HOP_US // 2
        # A tenth of a second further away must be worth 3 dB.
        cost = self.db[first:last] + np.abs(at_us - near_us) * (3 / 100_000)
        return min(max(int(at_us[int(cost.argmin())]), low_us), high_us)

    def at(self, t_us: int) -> float:
        """Return the level at a moment, in dB."""
        return float(self.db[min(max(t_us // HOP_US, 0), len(self.db) - 1)]) if len(self.db) else _NOTHING_DB


def take_levels(folder: Path, take: Take, *, work: Work) -> Levels:
    """Return how loud a take is over time; an hour needs no more memory than a minute.

    Raises:
        MediaMissingError: A file of the take is gone.
        Cancelled: The person stopped the job.
    """

    def blocks() -> Iterator[Sound]:
        samples = take.duration_us * RATE_HZ // 1_000_000
        with contextlib.closing(TakeSound(folder, take, rate_hz=RATE_HZ, work=work)) as reader:
            while reader.at < samples:
                yield reader.read(reader.at, min(reader.at + _BLOCK_S * RATE_HZ, samples))
                work.report(reader.at / samples, "edit.listening")

    return measure_levels(blocks())


def measure_levels(blocks: Iterable[Sound]) -> Levels:
    """Return how loud a mono sound at 16 kHz is over time."""
    voice = Filter(high_pass(_RUMBLE_HZ, rate_hz=RATE_HZ), rings=_RINGS, dtype=np.float64)
    power: list[NDArray[np.float64]] = []
    rest = np.zeros(0)
    for block in blocks:
        heard = np.concatenate([rest, voice.push(block)])
        whole = len(heard) // _HOP * _HOP
        rest = heard[whole:]
        power.append(np.square(heard[:whole]).reshape(-1, _HOP).mean(axis=1))
    if len(rest):
        power.append(np.array([np.square(rest).mean()]))
    if not power:
        return _with_thresholds(np.zeros(0, np.float32))
    smooth = np.convolve(np.concatenate(power), np.full(_SMOOTH_HOPS, 1 / _SMOOTH_HOPS))
    centred = smooth[_SMOOTH_HOPS // 2 : len(smooth) - _SMOOTH_HOPS // 2]
    return _with_thresholds(np.asarray(10 * np.log10(centred + 1e-14), np.float32))


def _with_thresholds(db: NDArray[np.float32]) -> Levels:
    real = db[db > _NOTHING_DB]
    if not real.size:
        return Levels(db, 0.0, 0.0)
    noise_db = float(np.percentile(real, _NOISE_PERCENTILE))
    voice = real[real > noise_db + _VOICE_OVER_NOISE_DB]
    if voice.size < _FEWEST_VOICE_HOPS:  # nothing stands out: all of it is sound, or all of it is silence
        edge_db = _NOTHING_DB if noise_db > _STEADY_SOUND_DB else 0.0
        return Levels(db, edge_db, edge_db)
    over_db = float(np.median(voice)) - noise_db
    enter_db = noise_db + min(max(0.35 * over_db, 6.0), 12.0)
    return Levels(db, enter_db, noise_db + min(max(0.2 * over_db, 4.0), 7.0))


def voiced(levels: Levels) -> tuple[Stretch, ...]:
    """Return where something is heard above the noise: from where it rises to where it has died away."""
    found: list[Stretch] = []
    loud = np.concatenate([[0], (levels.db >= levels.leave_db).astype(np.int8), [0]])
    starts, ends = np.flatnonzero(np.diff(loud) == 1), np.flatnonzero(np.diff(loud) == -1)
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        if levels.db[first:last].max() < levels.enter_db:
            continue
        if found and first * HOP_US - found[-1][1] < _JOIN_US:
            found[-1] = (found[-1][0], last * HOP_US)
        else:
            found.append((first * HOP_US, last * HOP_US))
    words = [each for each in found if each[1] - each[0] >= _CLICK_US]
    # The "t" that ends a word may come late and alone; a click stands further off.
    return tuple(
        (a, b)
        for a, b in found
        if b - a >= _CLICK_US or any(a - end < _ALONE_US and start - b < _ALONE_US for start, end in words)
    )
