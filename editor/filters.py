"""Filter a sound that comes in pieces, with NumPy alone: loading SciPy's signals takes over a second."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Numerator and denominator of a second-order section: b0, b1, b2, a0, a1, a2.
Stage = tuple[float, float, float, float, float, float]

_TRANSFORMED_RINGS = 8
_BUTTERWORTH_4 = (0.54119610, 1.30656296)  # the quality of each pair of poles


def high_pass(from_hz: float, *, rate_hz: int) -> tuple[Stage, ...]:
    """Return the sections of a Butterworth high-pass of the fourth order."""
    turn = 2 * math.pi * from_hz / rate_hz
    cosine = math.cos(turn)
    stages = []
    for quality in _BUTTERWORTH_4:
        width = math.sin(turn) / (2 * quality)
        numerator = ((1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2)
        stages.append((*numerator, 1 + width, -2 * cosine, 1 - width))
    return tuple(stages)


class Filter:
    """Sections one after the other, by Fourier transforms that overlap.

    Args:
        stages: The sections.
        rings: Samples after which nothing of what came in can be told any more.
        dtype: In what it counts.
    """

    def __init__(self, stages: Sequence[Stage], *, rings: int, dtype: type[np.floating] = np.float32) -> None:
        self._size = _TRANSFORMED_RINGS * rings
        turn = np.exp(-2j * np.pi * np.fft.rfftfreq(self._size))
        powers = np.stack([np.ones_like(turn), turn, turn**2])
        response = np.ones_like(turn)
        for stage in stages:
            response *= (np.array(stage[:3]) @ powers) / (np.array(stage[3:]) @ powers)
        self._response = response.astype(np.result_type(dtype, np.complex64))
        self._before = np.zeros(rings, dtype)

    def push(self, sound: NDArray[np.float32]) -> NDArray[np.floating]:
        """Return the next piece, filtered, shape (n,)."""
        rings, dtype = len(self._before), self._before.dtype
        if not len(sound):
            return np.zeros(0, dtype)
        filled = np.zeros(-len(sound) % (self._size - rings), dtype)
        padded = np.concatenate([self._before, sound.astype(dtype, copy=False), filled])
        self._before = padded[len(sound) : len(sound) + rings]
        pieces = np.lib.stride_tricks.sliding_window_view(padded, self._size)[:: self._size - rings]
        heard = np.fft.irfft(np.fft.rfft(pieces) * self._response, self._size)
        return heard[:, rings:].reshape(-1)[: len(sound)].astype(dtype, copy=False)
