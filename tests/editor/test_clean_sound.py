"""Noise goes, the voice stays: nothing is moved in time, and what was clean stays as it was."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import signal

import assets
from capture.work import Cancelled, Work
from editor import clean_sound, loudness
from editor.audio import RATE_HZ, Sound
from editor.model import CleanSound

SECONDS = 12


@pytest.fixture(scope="module")
def voice() -> Sound:
    sound, rate_hz = soundfile.read(assets.SAMPLE / "2-why.flac", dtype="float32")
    assert rate_hz == RATE_HZ
    return sound[: SECONDS * RATE_HZ]


def noise_of(kind: str, length: int) -> Sound:
    random = np.random.default_rng(3).standard_normal(length)
    if kind == "fan":
        return signal.sosfilt(signal.butter(2, (100, 1500), "band", fs=RATE_HZ, output="sos"), random)
    if kind == "hum":
        t = np.arange(length) / RATE_HZ
        return sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 8))
    return random


def mixed(voice: Sound, kind: str, *, snr_db: float) -> Sound:
    noise = noise_of(kind, len(voice))
    loud = np.abs(voice) > 0.05 * np.abs(voice).max()
    scale = np.sqrt((voice[loud] ** 2).mean() / (noise**2).mean()) * 10 ** (-snr_db / 20)
    return (voice + noise * scale).astype(np.float32)


def cleaned(folder: Path, sound: Sound, strength: CleanSound) -> Sound:
    source, out = folder / "source.f32", folder / "out.f32"
    loudness.write_sound(source, [sound], work=Work())
    clean_sound.clean(source, out, strength=strength, work=Work())
    return np.concatenate([np.zeros(0, np.float32), *loudness.read_blocks(out)])


def likeness_db(wanted: Sound, sound: Sound) -> float:
    """How much of a sound is what was wanted, against the rest (scale-invariant)."""
    own = wanted * float((wanted * sound).sum() / (wanted * wanted).sum())
    return float(10 * np.log10((own**2).sum() / ((sound - own) ** 2).sum()))


def quiet_db(voice: Sound, sound: Sound) -> float:
    """How loud a sound is where the voice pauses."""
    level = np.sqrt(np.convolve(voice**2, np.ones(2400) / 2400, "same"))
    return float(10 * np.log10((sound[level < 0.01 * level.max()] ** 2).mean()))


@pytest.mark.parametrize("kind", ["hiss", "fan", "hum"])
@pytest.mark.parametrize(("strength", "fall_db"), [("low", 6), ("mid", 12), ("high", 20)])
def test_pauses_get_quieter_by_what_was_asked_for(tmp_path, voice, kind, strength, fall_db):
    noisy = mixed(voice, kind, snr_db=15)
    out = cleaned(tmp_path, noisy, strength)
    assert fall_db - 1 <= quiet_db(voice, noisy) - quiet_db(voice, out) <= fall_db + 5


@pytest.mark.parametrize("kind", ["hiss", "fan", "hum"])
def test_the_voice_comes_out_of_the_noise(tmp_path, voice, kind):
    noisy = mixed(voice, kind, snr_db=10)
    out = cleaned(tmp_path, noisy, "mid")
    assert likeness_db(voice, out) > likeness_db(voice, noisy) + 3.5


@pytest.mark.parametrize("strength", ["low", "mid", "high"])
def test_a_clean_voice_stays_as_it_is(tmp_path, voice, strength):
    out = cleaned(tmp_path, voice, strength)
    assert likeness_db(voice, out) > 25
    assert float((out**2).mean() / (voice**2).mean()) == pytest.approx(1, abs=0.03)


def test_nothing_is_earlier_or_later(tmp_path, voice):
    out = cleaned(tmp_path, mixed(voice, "hiss", snr_db=20), "high")
    around = signal.correlate(out, voice, "same", "fft")
    assert int(np.argmax(around)) == len(voice) // 2


@pytest.mark.parametrize("length", [0, 1, 511, 2048, 48_000, 4 * RATE_HZ + 7, 9 * RATE_HZ])
def test_it_is_exactly_as_long(tmp_path, voice, length):
    assert len(cleaned(tmp_path, voice[:length], "mid")) == length


def test_silence_stays_silent(tmp_path):
    assert not cleaned(tmp_path, np.zeros(3 * RATE_HZ, np.float32), "high").any()


def test_the_loudest_words_stand_out_half_as_much():
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    sound = (np.sin(2 * np.pi * 440 * t) * np.where(t < 2, 0.05, 0.5)).astype(np.float32)
    blocks = [sound[at : at + 30_000] for at in range(0, len(sound), 30_000)]
    out = np.concatenate(list(clean_sound.compressed(blocks, loudness_lufs=-30.0)))
    assert len(out) == len(sound)
    assert np.abs(out[:RATE_HZ] - sound[:RATE_HZ]).max() == 0
    wanted_db = (-20 * np.log10(0.5 / np.sqrt(2)) - 26) / 2  # half of what is above the threshold
    assert 20 * np.log10(out[-RATE_HZ:].max() / 0.5) == pytest.approx(wanted_db, abs=0.3)


def test_levelled_it_is_as_loud_as_every_result(tmp_path, voice):
    source, out = tmp_path / "a.f32", tmp_path / "b.f32"
    loudness.write_sound(source, [mixed(voice, "fan", snr_db=15)], work=Work())
    done = clean_sound.clean_and_level(source, out, strength="mid", work=Work())
    assert done.before == loudness.measure_loudness(source, work=Work())
    assert done.after.integrated_lufs == pytest.approx(-16, abs=0.5)
    assert done.after.true_peak_dbtp <= -1.5
    assert {path.name for path in tmp_path.iterdir()} == {"a.f32", "b.f32"}


def test_it_can_be_stopped(tmp_path, voice):
    loudness.write_sound(tmp_path / "a.f32", [voice], work=Work())
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        clean_sound.clean(tmp_path / "a.f32", tmp_path / "b.f32", strength="mid", work=work)
