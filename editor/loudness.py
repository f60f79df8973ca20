"""Bring every result to one loudness, so that no learner reaches for the volume.

Measured as EBU R128 does, then one static gain for the whole result and a limiter for its peaks: nothing
pumps, and loud and quiet keep their difference (EBU Tech 3341; https://tech.ebu.ch/loudness).
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capture.ffmpeg import file_name, run
from capture.work import Work
from editor.audio import RATE_HZ, Sound
from editor.filters import Filter

TARGET_LUFS = -16.0
#: The limiter stays below the -1.5 dBTP promised, because AAC overshoots a little.
CEILING_DBTP = -2.8
#: Below this there is no voice to bring up, only noise.
SILENT_LUFS = -60.0
MOST_GAIN_DB = 36.0
#: Loudness that the limiter takes away is given back up to this much; more would squash the voice.
MOST_MAKE_UP_DB = 6.0
#: Gain is set a thousand times a second, and runs straight in between.
STEP_SAMPLES = RATE_HZ // 1000
_LOOK_STEPS = 12  # both ways: the gain is down before the peak comes, and back as gently
_OVERSAMPLE = 4  # ITU-R BS.1770-5, annex 2
_REACH = 10  # samples either side that a value in between is made of
_EDGE = 16  # samples either side of a step that are at hand
_RINGS = 4096  # samples after which nothing of K weighting's high-pass can be told any more
_BLOCK = 10 * RATE_HZ
#: Between two steps sound is kept as bare samples: no limit to the length, and a full disk is told as such.
SOUND_SUFFIX = ".f32"
SAMPLE_BYTES = 4
_SOUND_FILE = {"format": "f32le", "ar": str(RATE_HZ), "ac": "1"}
# K weighting at 48 kHz: ITU-R BS.1770-5, annex 1, tables 1 and 2.
_K_WEIGHTING = (
    (1.53512485958697, -2.69169619938640, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621),
)


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a sound is; of silence all are minus infinity."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float


@dataclass(frozen=True, slots=True)
class Levelled:
    """What levelling did: one static gain, and how loud it was before and after."""

    gain_db: float
    before: Loudness
    after: Loudness


def measure_args(path: Path) -> list[str]:
    """Return FFmpeg's arguments that measure the loudness of a file."""
    import ffmpeg

    told = _SOUND_FILE if path.suffix == SOUND_SUFFIX else {}
    meter = ffmpeg.input(file_name(path), **told).audio.filter("ebur128", peak="true", framelog="quiet")
    return list(ffmpeg.get_args(meter.output("-", format="null")))


def measure_loudness(path: Path, *, duration_us: int | None = None, work: Work) -> Loudness:
    """Return how loud the sound of a file is.

    Args:
        path: Any file with sound.
        duration_us: How long it is, for progress.
        work: Told of progress; asked often whether to stop.

    Raises:
        FfmpegError: It cannot be read.
        Cancelled: The person stopped the job.
    """
    return read_summary(run(measure_args(path), duration_us=duration_us, note="render.measuring", work=work))


def read_summary(printed: str) -> Loudness:
    """Return the loudness from what FFmpeg's ``ebur128`` prints at its end."""
    summary = printed[printed.rindex("Summary:") :]

    def value(name: str) -> float:
        found = re.search(rf"\b{name}:\s+(-?inf|-?[\d.]+)", summary)
        return float(found[1]) if found else -math.inf

    return Loudness(value("I"), value("LRA"), value("Peak"))


def level(source: Path, out: Path, *, work: Work) -> Levelled:
    """Write a sound at the target loudness, with no true peak above the ceiling.

    Args:
        source: A sound file as ``write_sound`` makes them.
        out: Where the levelled one goes, exactly as long.
        work: Told of progress; asked often whether to stop.
    """
    duration_us = round(samples_in(source) * 1_000_000 / RATE_HZ)
    before = measure_loudness(source, duration_us=duration_us, work=work.part(0, 0.2))
    _, most_db = _gains_db(before)
    loudest = _most_before(most_db, ceiling_dbtp=CEILING_DBTP)
    outline = read_outline(read_blocks(source), exact_from=loudest, work=work)
    work.report(0.5)
    gain_db = gain_for(before, outline)
    write_sound(out, limited(read_blocks(source), outline, gain_db=gain_db), work=work)
    after = measure_loudness(out, duration_us=duration_us, work=work.part(0.8, 1.0))
    return Levelled(gain_db, before, after)


def write_sound(path: Path, blocks: Iterable[Sound], *, work: Work) -> None:
    """Write blocks of mono sound at 48 kHz as one file.

    Raises:
        OSError: The disk is full or gone.
        Cancelled: The person stopped the job.
    """
    with path.open("wb") as file:
        for block in blocks:
            work.checkpoint()
            file.write(block.astype("<f4").tobytes())


def read_blocks(path: Path, *, samples: int = _BLOCK) -> Generator[Sound]:
    """Yield a file of ``write_sound`` in blocks."""
    with path.open("rb") as file:
        while data := file.read(samples * SAMPLE_BYTES):
            yield np.frombuffer(data, "<f4")


def samples_in(path: Path) -> int:
    """Return how many samples a file of ``write_sound`` holds."""
    return path.stat().st_size // SAMPLE_BYTES


# The limiter ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What a limiter must know of a sound, a thousand times a second.

    Args:
        peaks: True peak around each step, shape (n,); of quiet steps, something above it, see
            ``read_outline``.
        power: Mean power of each step after K weighting, shape (n,).
    """

    peaks: NDArray[np.float64]
    power: NDArray[np.float64]


def read_outline(blocks: Iterable[Sound], *, exact_from: float = 0.0, work: Work) -> Outline:
    """Return the outline of a mono sound at 48 kHz that comes in blocks of any length.

    Args:
        blocks: The sound.
        exact_from: Up to here no peak needs limiting. Where none can be higher, the outline has a bound of
            it that is not higher either, which is much sooner known.
        work: Asked often whether to stop.
    """
    weighting = Filter(_K_WEIGHTING, rings=_RINGS)
    peaks, power = [np.zeros(0)], [np.zeros(0)]
    before = np.zeros(_EDGE, np.float32)
    for sound, after in _whole_steps(blocks):
        work.checkpoint()
        peaks.append(_true_peaks(np.concatenate([before, sound, after]), exact_from=exact_from))
        heard = np.square(weighting.push(sound), dtype=np.float64)
        power.append(heard.reshape(-1, STEP_SAMPLES).mean(axis=1))
        before = sound[-_EDGE:]
    return Outline(np.concatenate(peaks), np.concatenate(power))


def _whole_steps(blocks: Iterable[Sound]) -> Iterator[tuple[Sound, Sound]]:
    """Yield the sound in whole steps, the last filled up with silence, each with the edge that follows."""
    held = np.zeros(0, np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        ready = (len(held) - _EDGE) // STEP_SAMPLES * STEP_SAMPLES
        if ready > 0:
            yield held[:ready], held[ready : ready + _EDGE]
            held = held[ready:]
    if len(held):
        filled = np.pad(held, (0, -len(held) % STEP_SAMPLES + _EDGE))
        yield filled[:-_EDGE], filled[-_EDGE:]


def _true_peaks(sound: Sound, *, exact_from: float) -> NDArray[np.float64]:
    """Return the true peak of each step of a sound that has an edge on either side."""
    around = np.lib.stride_tricks.sliding_window_view(sound, STEP_SAMPLES + 2 * _EDGE)[::STEP_SAMPLES]
    between = _between()
    peaks = np.maximum(around.max(axis=1), -around.min(axis=1)) * np.abs(between).sum(axis=1).max()
    near = np.flatnonzero(peaks > exact_from)
    seen = around[near]
    peaks[near] = np.abs(seen[:, _EDGE:-_EDGE]).max(axis=1, initial=0.0)
    for taps in between:
        fine = np.zeros((len(near), STEP_SAMPLES), np.float32)
        for at, tap in enumerate(taps, _EDGE - _REACH + 1):
            fine += tap * seen[:, at : at + STEP_SAMPLES]
        peaks[near] = np.maximum(peaks[near], np.abs(fine).max(axis=1, initial=0.0))
    return np.asarray(peaks, np.float64)


@functools.cache
def _between() -> Sound:
    """Return what the values between two samples are made of, shape (values, samples)."""
    at = np.arange(-_REACH * _OVERSAMPLE, _REACH * _OVERSAMPLE + 1)
    low_pass = np.sinc(at / _OVERSAMPLE) * np.kaiser(len(at), 5.0)
    low_pass *= _OVERSAMPLE / low_pass.sum()
    return np.array([low_pass[n::_OVERSAMPLE][::-1] for n in range(1, _OVERSAMPLE)], np.float32)


def limiter_curve(
    outline: Outline, gain_db: float, *, ceiling_dbtp: float = CEILING_DBTP
) -> NDArray[np.float64]:
    """Return the factor at the middle of each step that keeps a sound below the ceiling after a gain."""
    most = _most_before(gain_db, ceiling_dbtp=ceiling_dbtp)
    wanted = np.minimum(1.0, most / np.maximum(outline.peaks, 1e-9))
    if not wanted.size or wanted.min() == 1.0:
        return wanted
    # Each smoothed value averages only values low enough for the step in their middle and both beside it.
    reach = _LOOK_STEPS + 1
    around = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, reach, "edge"), 2 * reach + 1)
    window = np.hanning(2 * _LOOK_STEPS + 3)[1:-1]
    return np.convolve(np.pad(around.min(axis=1), _LOOK_STEPS, "edge"), window / window.sum(), "valid")


def _most_before(gain_db: float, *, ceiling_dbtp: float) -> float:
    """Return the highest true peak that a gain leaves below the ceiling."""
    return float(10 ** ((ceiling_dbtp - gain_db) / 20))


def _gains_db(before: Loudness) -> tuple[float, float]:
    """Return the least and the greatest gain in dB that may be right for a sound."""
    low_db = min(TARGET_LUFS - before.integrated_lufs, MOST_GAIN_DB)
    return low_db, low_db + MOST_MAKE_UP_DB


def gain_for(before: Loudness, outline: Outline) -> float:
    """Return the static gain in dB after which, limited, a sound is at the target; silence stays as it is."""
    if before.integrated_lufs <= SILENT_LUFS:
        return 0.0
    low_db, high_db = _gains_db(before)
    # The weighting filter commutes with so slow a gain, so that the outline tells what limiting will do.
    offset_lu = before.integrated_lufs - integrated_lufs(outline.power)
    while high_db - low_db > 0.05:
        middle_db = (low_db + high_db) / 2
        factor = limiter_curve(outline, middle_db) * 10 ** (middle_db / 20)
        if integrated_lufs(outline.power * factor**2) + offset_lu < TARGET_LUFS:
            low_db = middle_db
        else:
            high_db = middle_db
    return round(low_db, 2)


def integrated_lufs(power: NDArray[np.float64]) -> float:
    """Return the gated loudness of K-weighted power in steps of 1 ms (ITU-R BS.1770-5, annex 1)."""
    sums = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, max(1, len(power) - 400 + 1), 100)
    blocks = (sums[np.minimum(starts + 400, len(power))] - sums[starts]) / 400

    def lufs(gated: NDArray[np.float64]) -> float:
        return -0.691 + 10 * math.log10(float(gated.mean())) if gated.size else -math.inf

    audible = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    relative = 10 ** ((lufs(audible) - 10 + 0.691) / 10)
    return lufs(audible[audible > relative])


def limited(blocks: Iterable[Sound], outline: Outline, *, gain_db: float) -> Iterator[Sound]:
    """Yield a sound with a static gain and its peaks turned down, in blocks as they come.

    Args:
        blocks: Mono sound at 48 kHz, in order.
        outline: Of the same sound.
        gain_db: Static gain, in front of the limiter.
    """
    curve = limiter_curve(outline, gain_db) * 10 ** (gain_db / 20)
    middles = (np.arange(len(curve)) + 0.5) * STEP_SAMPLES
    at = 0
    for block in blocks:
        factor = np.interp(np.arange(at, at + len(block)) + 0.5, middles, curve)
        at += len(block)
        yield np.asarray(block * factor, np.float32)
