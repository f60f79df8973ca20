"""Measure how loud a microphone is, and notice while there is still time that nobody will be heard."""

from __future__ import annotations

import math
from collections.abc import Callable

from capture.devices import MIC_RATE_HZ, SoundBlock

LEVEL_EVERY_SAMPLES = MIC_RATE_HZ // 10
CLIPPED_AT = 0.9999
SILENT_AFTER_SAMPLES = MIC_RATE_HZ  # exact zeros for so long come from no open microphone
QUIET_AFTER_SAMPLES = 5 * MIC_RATE_HZ  # nobody pauses so long who has been asked something
QUIET_BELOW_DB = -40.0  # peak: speech a metre away from a lapel microphone
FAINT_AFTER_SAMPLES = 12 * MIC_RATE_HZ  # long enough that somebody has spoken
FAINT_BELOW_DB = -30.0  # peak: far below the -20 to -6 that speech should have
FAINT_UNTIL_DB = -24.0
CLIPPING_AGAIN_SAMPLES = 10 * MIC_RATE_HZ
FLOOR_DB = -120.0


class Meter:
    """How loud the microphone is, and whether something is wrong with that.

    Args:
        tell: Told of an event and its time.
        on_level: Told peak and RMS, dB below full scale, ten times a second.
        watch_quiet: Whether a low level is worth a word: not for a file, which was recorded long ago.
    """

    def __init__(
        self,
        tell: Callable[[str, int], None],
        on_level: Callable[[float, float], None],
        *,
        watch_quiet: bool = False,
    ) -> None:
        self._tell = tell
        self._on_level = on_level
        self._watch_quiet = watch_quiet
        self._peak = 0.0
        self._power = 0.0
        self._samples = 0
        self._silent_samples = 0
        self._quiet_samples = 0
        self._faint_samples = 0
        self._is_faint = False
        self._since_clipping = CLIPPING_AGAIN_SAMPLES

    def add(self, block: SoundBlock) -> None:
        """Measure one block."""
        import numpy as np

        samples = block.samples
        if not len(samples):
            return
        peak = float(np.abs(samples).max())
        self._watch(block, peak)
        self._peak = max(self._peak, peak)
        self._power += float(np.square(samples, dtype=np.float64).sum())
        self._samples += len(samples)
        if self._samples >= LEVEL_EVERY_SAMPLES:
            self._on_level(decibels(self._peak), decibels(math.sqrt(self._power / self._samples)))
            self._peak = self._power = 0.0
            self._samples = 0

    def _watch(self, block: SoundBlock, peak: float) -> None:
        length = len(block.samples)
        before = self._silent_samples
        self._silent_samples = 0 if peak > 0 else before + length
        if before < SILENT_AFTER_SAMPLES <= self._silent_samples:
            self._tell("mic.silent", block.at_us)
        before = self._quiet_samples
        self._quiet_samples = before + length if 0 < decibels(peak) - FLOOR_DB < _QUIET_ABOVE_FLOOR_DB else 0
        if self._watch_quiet and before < QUIET_AFTER_SAMPLES <= self._quiet_samples:
            self._tell("mic.quiet", block.at_us)
        self._watch_faint(block, decibels(peak))
        self._since_clipping += length
        if peak >= CLIPPED_AT:
            if self._since_clipping >= CLIPPING_AGAIN_SAMPLES:  # said now and then: the meter shows the rest
                self._tell("mic.clipping", block.at_us)
            self._since_clipping = 0

    def _watch_faint(self, block: SoundBlock, peak_db: float) -> None:
        """Notice speech that is there but never loud enough, and that it has become so."""
        if peak_db >= (FAINT_UNTIL_DB if self._is_faint else FAINT_BELOW_DB):
            if self._is_faint:
                self._tell("mic.good", block.at_us)
            self._faint_samples, self._is_faint = 0, False
            return
        before = self._faint_samples
        self._faint_samples = before + len(block.samples)
        is_heard = self._quiet_samples < QUIET_AFTER_SAMPLES and self._silent_samples < SILENT_AFTER_SAMPLES
        is_long = self._faint_samples >= FAINT_AFTER_SAMPLES
        if self._watch_quiet and is_heard and is_long and not self._is_faint:
            self._is_faint = True
            self._tell("mic.faint", block.at_us)


_QUIET_ABOVE_FLOOR_DB = QUIET_BELOW_DB - FLOOR_DB


def decibels(level: float) -> float:
    """Return a level of 0 to 1 in dB below full scale."""
    return round(20 * math.log10(level), 1) if level > 0 else FLOOR_DB
