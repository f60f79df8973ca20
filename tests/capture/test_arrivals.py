"""Blocks arrive late, at other rates, or not at all: the sound lies evenly on the clock all the same."""

import numpy as np
import pytest

from capture.arrivals import Arrived, Resampler, Stamper

US = 1_000_000
BLOCK = np.zeros(480, np.float32)


def lateness_us(n: int) -> int:
    return n * 7919 % 30_000


def test_late_blocks_are_laid_evenly():
    stamper = Stamper(100_000, start_us=5 * US)
    for n in range(2000):
        block = stamper.stamped(Arrived(BLOCK, 5 * US + 110_000 + n * 10_000 + lateness_us(n)))
        assert (block.at_us, block.dropped_samples) == (100_000 + n * 10_000, 0)


def test_a_busy_second_is_no_gap():
    stamper = Stamper(0, start_us=0)
    for n in range(1000):
        busy_us = 200_000 if 300 <= n < 450 else 0
        block = stamper.stamped(Arrived(BLOCK, n * 10_000 + busy_us))
        assert block.dropped_samples == 0


def test_dropped_sound_is_noticed_and_what_follows_lies_right_again():
    stamper = Stamper(0, start_us=0)
    blocks = []
    for n in range(2000):
        if not 500 <= n < 530:  # 300 ms are dropped
            blocks.append(stamper.stamped(Arrived(BLOCK, 10_000 + n * 10_000 + lateness_us(n))))
    dropped = [block.dropped_samples for block in blocks if block.dropped_samples]
    assert dropped == [pytest.approx(14_400, abs=480)]
    assert blocks[-1].at_us == pytest.approx(1999 * 10_000, abs=10_000)


def test_clocks_that_drift_drop_nothing():
    stamper = Stamper(0, start_us=0)
    for n in range(20_000):
        block = stamper.stamped(Arrived(BLOCK, round(n * 10_000 * 1.0002)))
        assert block.dropped_samples == 0


def test_another_rate_is_brought_to_ours():
    resampled = Resampler(44_100)
    tone = np.sin(2 * np.pi * 440 * np.arange(44_100 * 2) / 44_100).astype(np.float32)
    out = np.concatenate([resampled(tone[n : n + 441]) for n in range(0, len(tone), 441)])
    assert len(out) == pytest.approx(96_000, abs=200)
    spectrum = np.abs(np.fft.rfft(out[:48_000]))
    assert int(np.argmax(spectrum)) == 440
    assert np.array_equal(Resampler(48_000)(tone), tone)
