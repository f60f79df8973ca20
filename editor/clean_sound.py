"""Take room noise, hum and hiss out of a voice, so that a learner listens to the words.

What stands still in the spectrum is noise, what moves is the voice. The noise of each stretch is read off the
quietest moments around it, and every frequency is turned down by how little it stands out: Wiener's filter
with the "decision-directed" estimate of Ephraim and Malah (IEEE Trans. ASSP 32(6), 1984), which leaves no
musical tones. Nothing is turned down by more than the strength allows, so a room stays a room. Levelling
comes after this (``editor.loudness``). The stored takes keep their sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capture.work import Work
from editor.audio import RATE_HZ, Sound
from editor.loudness import SOUND_SUFFIX, Levelled, level, measure_loudness, read_blocks, write_sound
from editor.model import CleanSound

#: How much noise is turned down at most.
NOISE_DB: dict[CleanSound, float] = {"off": 0.0, "low": 6.0, "mid": 12.0, "high": 20.0}
_WINDOW = 2048  # 43 ms: fine enough for a hum between two tones of a voice
_HOP = _WINDOW // 4
_STRETCH_FRAMES = 4 * RATE_HZ // _HOP
_AROUND = 3  # stretches before and behind whose quietest moments count too
_SMOOTH_FRAMES = 9
_QUIETEST = 0.1
_QUIETEST_TO_MEAN = 2.2  # noise is so much stronger on average than in its quietest moments
_STEADY = 0.98
_HIGH_PASS_HZ = 75.0  # below any voice: steps, a hand on the table
_COMPRESS_FROM_DB = 4.0  # above the loudness of the whole
_COMPRESS_RATIO = 2.0
_COMPRESS_STEP = RATE_HZ // 100
_FALL = 0.12  # of the way to a quieter level in a hundredth of a second; a louder one counts at once

Spectra = NDArray[np.complex64]
Powers = NDArray[np.float32]


def clean_and_level(source: Path, out: Path, *, strength: CleanSound, work: Work) -> Levelled:
    """Write a sound cleaned, its loudest words held back a little, at the target loudness.

    Args:
        source: A file of ``loudness.write_sound``.
        out: Another one, as long.
        strength: How much noise to take out; with "off" only the loudness changes.
        work: Told of progress; asked often whether to stop.

    Returns:
        How loud it was before anything was done, and after all.
    """
    if strength == "off":
        return level(source, out, work=work)
    before = measure_loudness(source, work=work.part(0, 0.1))
    cleaned, even = out.with_suffix(f".cleaned{SOUND_SUFFIX}"), out.with_suffix(f".even{SOUND_SUFFIX}")
    try:
        clean(source, cleaned, strength=strength, work=work.part(0.1, 0.6))
        blocks = compressed(read_blocks(cleaned), loudness_lufs=before.integrated_lufs)
        write_sound(even, blocks, work=work)
        done = level(even, out, work=work.part(0.6, 1.0))
    finally:
        cleaned.unlink(missing_ok=True)
        even.unlink(missing_ok=True)
    return replace(done, before=before)


def clean(source: Path, out: Path, *, strength: CleanSound, work: Work) -> None:
    """Write a sound with its noise turned down: as long, and nothing of it earlier or later.

    Args:
        source: A file of ``loudness.write_sound``.
        out: Another one.
        strength: How much.
        work: Told of progress; asked often whether to stop.
    """
    work.report(0.0, "render.cleaning")
    sound = np.memmap(source, "<f4", "r") if source.stat().st_size else np.zeros(0, np.float32)
    frames = -(-(len(sound) + _WINDOW - _HOP) // _HOP)
    starts = range(0, frames, _STRETCH_FRAMES)
    quietest = np.array(
        [_quietest(_spectra(sound, at, frames, step=work.part(0.0, 0.4))) for at in starts], np.float32
    )
    gains = _Gains(least=10 ** (-NOISE_DB[strength] / 20))
    with out.open("wb") as file:
        tail = np.zeros(_WINDOW - _HOP, np.float32)
        for n, at in enumerate(starts):
            around = quietest[max(0, n - _AROUND) : n + _AROUND + 1]
            noise = np.quantile(around, 0.25, axis=0).astype(np.float32) * _QUIETEST_TO_MEAN
            spectra = _spectra(sound, at, frames, step=work.part(0.4, 1.0))
            shaped = np.fft.irfft(spectra * gains.of(spectra, noise), axis=1).astype(np.float32) * _window()
            hops = np.zeros(len(shaped) * _HOP + _WINDOW - _HOP, np.float32)
            hops[: len(tail)] = tail
            for frame, each in enumerate(shaped):
                hops[frame * _HOP : frame * _HOP + _WINDOW] += each
            ready, tail = np.split(hops, [len(shaped) * _HOP])
            late = _WINDOW - _HOP if n == 0 else 0  # what the first frames hold lies before the sound
            written = at * _HOP + late - (_WINDOW - _HOP)
            file.write(ready[late:][: len(sound) - written].astype("<f4").tobytes())


def _window() -> Sound:
    """Return the window that a frame is seen through, twice: four overlapping ones add up to 1."""
    return np.sqrt(np.hanning(_WINDOW + 1)[:-1] / 2).astype(np.float32)


def _spectra(sound: Sound, at: int, frames: int, *, step: Work) -> Spectra:
    """Return the spectra of a stretch, shape (frames, frequencies); outside of the sound it is silent."""
    step.checkpoint()
    step.report(at / frames)
    count = min(_STRETCH_FRAMES, frames - at)
    first, last = at * _HOP - (_WINDOW - _HOP), (at + count) * _HOP
    inside = np.asarray(sound[max(first, 0) : min(last, len(sound))], np.float32)
    padded = np.pad(inside, (max(-first, 0), max(last - max(len(sound), first, 0), 0)))
    views = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    return np.asarray(np.fft.rfft(views * _window(), axis=1), np.complex64)


def _powers(spectra: Spectra) -> Powers:
    return np.asarray(np.square(spectra.real) + np.square(spectra.imag), np.float32)


def _quietest(spectra: Spectra) -> Powers:
    """Return how strong each frequency is in the quietest moments of a stretch."""
    from scipy import ndimage

    smooth = ndimage.uniform_filter1d(_powers(spectra), _SMOOTH_FRAMES, axis=0, mode="nearest")
    return np.asarray(np.quantile(smooth, _QUIETEST, axis=0), np.float32)


class _Gains:
    """How much of each frequency is let through, from frame to frame."""

    def __init__(self, *, least: float) -> None:
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
        self._high_pass = (1 / np.sqrt(1 + (_HIGH_PASS_HZ / np.maximum(frequencies, 1.0)) ** 4)).astype(
            np.float32
        )
        self._least = np.float32(least)
        self._before = np.zeros(len(frequencies), np.float32)

    def of(self, spectra: Spectra, noise: Powers) -> Powers:
        """Return the gains of a stretch, shape (frames, frequencies)."""
        against_noise = _powers(spectra) / np.maximum(noise, 1e-12)
        fresh = (1 - _STEADY) * np.maximum(against_noise - 1, 0)
        gains = np.empty_like(against_noise)
        before = self._before
        for n, ratio in enumerate(against_noise):
            stands_out = _STEADY * before + fresh[n]
            gain = stands_out / (1 + stands_out)
            before = np.square(gain) * ratio
            gains[n] = gain
        self._before = before
        return np.asarray(np.maximum(gains, self._least) * self._high_pass, np.float32)


# Level ----------------------------------------------------------------------------------------------------


def compressed(blocks: Iterable[Sound], *, loudness_lufs: float) -> Iterator[Sound]:
    """Yield a sound whose loudest words stand out half as much, gently.

    Args:
        blocks: Mono sound at 48 kHz in order.
        loudness_lufs: Of all of it.
    """
    threshold = 10 ** ((loudness_lufs + _COMPRESS_FROM_DB) / 10)
    level, held = 0.0, 1.0
    for block in blocks:
        padded = np.pad(block, (0, -len(block) % _COMPRESS_STEP)).reshape(-1, _COMPRESS_STEP)
        gains = [held]
        for power in np.square(padded, dtype=np.float64).mean(axis=1).tolist():
            level = power if power > level else level + (power - level) * _FALL
            gains.append(max(level / threshold, 1.0) ** (-(1 - 1 / _COMPRESS_RATIO) / 2))
        held = gains[-1]
        at = np.arange(len(block)) / _COMPRESS_STEP
        yield np.asarray(block * np.interp(at, np.arange(len(gains)), gains), np.float32)
