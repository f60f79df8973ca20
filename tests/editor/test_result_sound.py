"""What a producer hears before and after cleaning is the result itself, whole, and equally loud."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

import assets
from capture.take import Segment, Take, TakePrompt
from capture.work import Cancelled, Work
from editor.audio import RATE_HZ, MediaMissingError
from editor.cutlist import place
from editor.loudness import measure_loudness
from editor.model import CutList, Span
from editor.result_sound import file_sound, write_result_sound

S = 1_000_000
SECONDS = 8


@pytest.fixture
def noisy(tmp_path: Path) -> tuple[Take, Path]:
    """A take of a voice with hiss, recorded quietly."""
    voice, _ = soundfile.read(assets.SAMPLE / "2-why.flac", dtype="float32", frames=SECONDS * RATE_HZ)
    hiss = np.random.default_rng(3).standard_normal(len(voice)) * 0.004
    soundfile.write(tmp_path / "mic-001.wav", (voice + hiss) * 0.3, RATE_HZ, subtype="PCM_24")
    segment = Segment("mic", "mic-001.wav", 0, SECONDS * S)
    asked = TakePrompt("p", "question", "", "")
    return Take("t", "r", "", asked, 1, "safe", "", SECONDS * S, (segment,)), tmp_path


def the_result(*spans: tuple[int, int]) -> CutList:
    return place([Span("t", "p", start * S, end * S) for start, end in spans], rate=Fraction(25))


def written(noisy, into: Path, *, strength="off", cut_list=None, work=None):
    take, folder = noisy
    into.mkdir()
    return write_result_sound(
        cut_list or the_result((0, 3), (4, 8)),
        {"t": take},
        {"t": folder},
        strength=strength,
        into=into,
        work=work or Work(),
    )


def test_both_are_as_long_as_the_result_and_equally_loud(noisy, tmp_path):
    made = written(noisy, tmp_path / "out", strength="mid")
    lengths = {soundfile.info(path).frames for path in (made.published, made.original)}
    assert lengths == {7 * RATE_HZ}
    loud = [measure_loudness(path, work=Work()).integrated_lufs for path in (made.published, made.original)]
    assert loud[0] == pytest.approx(loud[1], abs=0.15)
    assert made.after.integrated_lufs == pytest.approx(-16, abs=0.5)
    assert made.after.true_peak_dbtp <= -1.5
    assert made.before.integrated_lufs < -24
    assert made.gain_db == pytest.approx(-16 - made.before.integrated_lufs, abs=0.5)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"published.flac", "original.flac"}


def test_the_cleaned_one_has_less_noise_in_its_pauses(noisy, tmp_path):
    made = written(noisy, tmp_path / "out", strength="high")
    published, original = (soundfile.read(path)[0] for path in (made.published, made.original))

    def quietest(sound):
        return np.sort(np.square(sound).reshape(-1, RATE_HZ // 20).mean(axis=1))[:5].mean()

    assert quietest(published) < 0.25 * quietest(original)


def test_uncleaned_there_is_one_file_for_both(noisy, tmp_path):
    made = written(noisy, tmp_path / "out")
    assert made.published == made.original


def test_it_is_read_from_any_sample_on(noisy, tmp_path):
    made = written(noisy, tmp_path / "out")
    whole = soundfile.read(made.published, dtype="float32")[0]
    rest = np.concatenate(list(file_sound(made.published, start=100_000, block_s=0.25, work=Work())))
    assert np.array_equal(rest, whole[100_000:])
    assert list(file_sound(made.published, start=10**9, block_s=0.25, work=Work())) == []


def test_a_silent_result_gains_nothing(noisy, tmp_path):
    take, folder = noisy
    soundfile.write(folder / "mic-001.wav", np.zeros(SECONDS * RATE_HZ), RATE_HZ, subtype="PCM_24")
    assert written((take, folder), tmp_path / "out", strength="mid").gain_db == 0


def test_a_missing_take_and_a_stop_are_told(noisy, tmp_path):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        written(noisy, tmp_path / "stopped", work=work)
    (noisy[1] / "mic-001.wav").unlink()
    with pytest.raises(MediaMissingError):
        written(noisy, tmp_path / "missing")
