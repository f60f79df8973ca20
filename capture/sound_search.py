"""Find about where one recording of a voice lies inside another, by the ups and downs of its loudness.

Loudness survives what a room, a telephone and a codec do to a voice, and it is quick to compare: lags of
many minutes cost one transform. ``capture.sound_match`` then looks closely.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capture.work import Work

Sound = NDArray[np.float32]

MIN_OVERLAP_S = 2.0  # less than this says too little of a voice
LOW_HZ, HIGH_HZ = 250.0, 4500.0  # voice without rumble and hum; a telephone has no more

_BLOCK_S = 0.002  # 500 Hz
_SMOOTH_BLOCKS = 5
_TREND_S = 1.0  # slower changes of loudness are automatic gain, not words
_CHUNK_BLOCKS = 50_000
_PEAKS_APART_S = 0.2


def coarse_lags_s(lapel: Sound, camera: Sound, rate_hz: int, *, count: int, work: Work) -> tuple[float, ...]:
    """Return the likeliest lags, best first, good to about 20 ms.

    A lag is where a moment of the lapel lies in the camera's sound, less where it lies in the lapel's own.
    ``count`` is how many to return at most.
    """
    from scipy import fft, signal

    block = round(_BLOCK_S * rate_hz)
    blocks_hz = rate_hz / block
    first = _loudness(lapel, rate_hz, work=work)
    second = _loudness(camera, rate_hz, work=work)
    work.checkpoint()
    size = fft.next_fast_len(len(first) + len(second), real=True)
    product = fft.rfft(second, size) * np.conj(fft.rfft(first, size))
    sums = fft.irfft(product, size)
    lags = np.arange(-(len(first) - 1), len(second))
    sums = np.concatenate([sums[size - (len(first) - 1) :], sums[: len(second)]])
    start = np.maximum(0, -lags)
    end = np.minimum(len(first), len(second) - lags)
    energy_first, energy_second = _running_energy(first), _running_energy(second)
    energy = (energy_first[end] - energy_first[start]) * (
        energy_second[end + lags] - energy_second[start + lags]
    )
    # A correlation over n blocks of unrelated sound is about 1/sqrt(n): weigh by that.
    overlap = end - start
    score = sums / np.sqrt(energy + 1e-9) * np.sqrt(overlap)
    score[overlap < MIN_OVERLAP_S * blocks_hz] = 0
    peaks, _ = signal.find_peaks(score, distance=max(1, round(_PEAKS_APART_S * blocks_hz)))
    best = peaks[np.argsort(-score[peaks])][:count]
    return tuple(float(lag) for lag in lags[best] / blocks_hz)


def _loudness(sound: Sound, rate_hz: int, *, work: Work) -> NDArray[np.float32]:
    """Return the logarithm of the power of the voice's band, 500 times a second, without its slow trend."""
    from scipy import signal

    block = round(_BLOCK_S * rate_hz)
    power = _band_power(sound, rate_hz, block=block, work=work)
    # Below this lies the noise between words, whose ups and downs say nothing.
    floor = max(float(np.percentile(power, 30)), float(power.mean()) * 1e-3, 1e-12)
    loudness = np.convolve(np.log(power + floor), np.full(_SMOOTH_BLOCKS, 1 / _SMOOTH_BLOCKS), "same")
    trend = np.hanning(round(_TREND_S * rate_hz / block) | 1)
    ones = signal.fftconvolve(np.ones_like(loudness), trend, "same")
    smooth = signal.fftconvolve(loudness, trend, "same") / ones
    return np.asarray(loudness - smooth, np.float32)


def _band_power(sound: Sound, rate_hz: int, *, block: int, work: Work) -> NDArray[np.float64]:
    """Return the mean power of each block within the voice's band, filtered piece by piece to save memory."""
    from scipy import signal

    band = [LOW_HZ, min(HIGH_HZ, 0.45 * rate_hz)]
    sections = signal.butter(2, band, "bandpass", fs=rate_hz, output="sos").astype(np.float32)
    state = np.zeros((len(sections), 2), np.float32)
    power = []
    for at in range(0, len(sound) // block * block, block * _CHUNK_BLOCKS):
        work.checkpoint()
        heard, state = signal.sosfilt(sections, sound[at : at + block * _CHUNK_BLOCKS], zi=state)
        blocks = heard[: len(heard) // block * block].reshape(-1, block)
        power.append(np.einsum("ij,ij->i", blocks, blocks, dtype=np.float64) / block)
    return np.concatenate(power)


def _running_energy(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the energy up to each value; silence counts a little, so that it is never a perfect match."""
    energy = np.square(values, dtype=np.float64)
    return np.concatenate([[0.0], np.cumsum(energy + 0.05 * energy.mean())])
