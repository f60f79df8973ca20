"""Answers that were recorded apart are heard equally loud, each with one gain and nothing moved."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

import assets
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor.audio import RATE_HZ, result_sound
from editor.cutlist import place
from editor.even_answers import write_even_sound
from editor.loudness import measure_loudness
from editor.model import Span

S = 1_000_000
SECONDS = 6


def written(folder: Path, gains: dict[str, float], spans: list[tuple[str, int, int]]) -> tuple:
    """Record one voice once for each name with its gain; return the sound before, and after, and its file."""
    voice, _ = soundfile.read(assets.SAMPLE / "2-why.flac", dtype="float32", frames=SECONDS * RATE_HZ)
    takes, folders = {}, {}
    for name, gain in gains.items():
        folders[name] = folder / name
        folders[name].mkdir()
        soundfile.write(folders[name] / "mic-001.wav", voice * gain, RATE_HZ, subtype="FLOAT")
        segment = Segment("mic", "mic-001.wav", 0, SECONDS * S)
        asked = TakePrompt(name, "question", "", "")
        takes[name] = Take(name, "r", "", asked, 1, "safe", "", SECONDS * S, (segment,))
    result = place([Span(t, t, first * S, end * S) for t, first, end in spans], rate=Fraction(25))
    out = folder / "sound.f32"
    write_even_sound(result, takes, folders, out, work=Work())
    before = np.concatenate(list(result_sound(result, takes, folders, work=Work())))
    return before, np.fromfile(out, "<f4"), out


def loudness(folder: Path, sound: np.ndarray) -> float:
    soundfile.write(folder / "part.wav", sound, RATE_HZ, subtype="FLOAT")
    return measure_loudness(folder / "part.wav", work=Work()).integrated_lufs


def test_a_phone_far_away_is_as_loud_as_the_lapel(tmp_path):
    before, after, out = written(
        tmp_path, {"lapel": 0.8, "phone": 0.09}, [("lapel", 0, 5), ("phone", 0, 2), ("phone", 3, 6)]
    )
    halves = np.split(after, [5 * RATE_HZ])
    first, second = (loudness(tmp_path, each) for each in halves)
    assert first == pytest.approx(second, abs=0.6)
    whole = measure_loudness(out, work=Work()).integrated_lufs
    assert whole == pytest.approx(loudness(tmp_path, before), abs=0.6)


def test_each_answer_has_one_gain_and_no_sample_is_moved(tmp_path):
    before, after, _ = written(tmp_path, {"a": 0.5, "b": 0.1}, [("a", 0, 5), ("b", 1, 3), ("b", 4, 6)])
    assert len(after) == len(before)
    for part in (slice(0, 5 * RATE_HZ), slice(5 * RATE_HZ, 9 * RATE_HZ)):
        loud = np.abs(before[part]) > 1e-3
        factors = after[part][loud] / before[part][loud]
        assert factors == pytest.approx(factors[0], rel=1e-4)


def test_what_was_recorded_alike_is_not_touched(tmp_path):
    before, after, _ = written(tmp_path, {"a": 0.5, "b": 0.47}, [("a", 0, 5), ("b", 0, 5)])
    assert np.array_equal(before, after)


def test_an_answer_in_which_nothing_is_said_stays_quiet(tmp_path):
    before, after, _ = written(tmp_path, {"a": 0.5, "b": 0.00002}, [("a", 0, 5), ("b", 0, 5)])
    assert np.abs(after[5 * RATE_HZ :]).max() == np.abs(before[5 * RATE_HZ :]).max()


def test_one_answer_by_itself_keeps_what_is_loud_and_quiet_in_it(tmp_path):
    before, after, _ = written(tmp_path, {"a": 0.5}, [("a", 0, 2), ("a", 3, 6)])
    assert np.array_equal(before, after)
