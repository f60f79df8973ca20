"""Sound in pieces comes out as SciPy's own filters make it, whatever the pieces."""

import numpy as np
import pytest
from scipy import signal

from editor.filters import Filter, high_pass

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(5).normal(0, 0.1, 3 * RATE_HZ + 77)


@pytest.mark.parametrize("cutoff_hz", [40, 100, 700])
def test_a_high_pass_is_that_of_butterworth(cutoff_hz: int):
    found = np.array(high_pass(cutoff_hz, rate_hz=RATE_HZ))
    expected = signal.butter(4, cutoff_hz, "highpass", fs=RATE_HZ, output="sos")
    assert signal.sosfreqz(found / found[:, 3:4])[1] == pytest.approx(signal.sosfreqz(expected)[1], abs=1e-6)


@pytest.mark.parametrize("lengths", [[10**6], [1, 2, 3, 5000], [16_384, 100], [0, 4096]])
def test_the_pieces_a_sound_comes_in_make_no_difference(noise: np.ndarray, lengths: list[int]):
    sections = high_pass(100, rate_hz=RATE_HZ)
    expected = signal.sosfilt(np.array(sections) / np.array(sections)[:, 3:4], noise)
    tried = Filter(sections, rings=2048, dtype=np.float64)
    heard, at = [], 0
    while at < len(noise):
        for length in lengths:
            heard.append(tried.push(noise[at : at + length]))
            at += length
    assert np.concatenate(heard) == pytest.approx(expected, abs=1e-9)


def test_silence_stays_silence():
    silent = Filter(high_pass(100, rate_hz=RATE_HZ), rings=2048)
    assert not silent.push(np.zeros(5000, np.float32)).any()
