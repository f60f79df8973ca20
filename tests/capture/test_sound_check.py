"""A few seconds of sound are judged: room noise, voice, clipping, hum."""

import numpy as np
import pytest
import soundfile

from capture.sound_check import check_sound
from capture.trial import record_trial
from capture.work import Work

RATE_HZ = 48_000


def room(level_db: float, *, seconds: float = 5.0, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, round(seconds * RATE_HZ))
    return (10 ** (level_db / 20) * noise).astype(np.float32)


@pytest.fixture(params=["1-what", "5-prerequisites"])
def voice(request, sample) -> np.ndarray:
    samples, _ = soundfile.read(sample / f"{request.param}.flac", dtype="float32")
    return samples[RATE_HZ : 6 * RATE_HZ]


def key(samples: np.ndarray) -> str:
    return check_sound(samples.astype(np.float32), rate_hz=RATE_HZ).key


def test_a_voice_in_a_quiet_room_is_good(voice):
    found = check_sound(voice, rate_hz=RATE_HZ)
    assert found.key == "sound.good"
    assert found.noise_db < -50
    assert -40 < found.voice_db < -15
    assert (found.clipped_samples, found.hum_hz) == (0, 0.0)


def test_the_room_is_measured(voice):
    for level_db in (-70, -55, -40):
        assert check_sound(room(level_db), rate_hz=RATE_HZ).noise_db == pytest.approx(level_db, abs=1)
    assert key(voice + room(-36)) == "sound.noisy"


@pytest.mark.parametrize("mains_hz", [50, 60])
@pytest.mark.parametrize("level", [0.002, 0.02])
def test_hum_is_heard_below_a_voice(voice, mains_hz, level):
    t = np.arange(len(voice)) / RATE_HZ
    hum = sum(level / n * np.sin(2 * np.pi * mains_hz * n * t) for n in (1, 2, 3))
    found = check_sound((voice + hum).astype(np.float32), rate_hz=RATE_HZ)
    assert (found.key, found.hum_hz) == ("sound.hum", mains_hz)


def test_what_spoils_it(voice):
    assert key(np.clip(voice * 12, -1, 1)) == "sound.clipped"
    assert key(voice * 0.04) in {"sound.faint", "sound.noisy"}
    assert key(room(-65)) == "sound.nobody"
    assert key(np.zeros(RATE_HZ * 5)) == "sound.silent"
    assert key(np.zeros(0)) == "sound.silent"


def test_a_real_voice_of_somebody_else_has_no_hum(voices):
    samples, rate_hz = soundfile.read(voices / "ss_0880.wav", dtype="float32")
    samples = samples if samples.ndim == 1 else samples[:, 0]
    assert check_sound(samples, rate_hz=rate_hz).hum_hz == 0


def test_a_test_recording_says_how_it_is_and_the_next_one_replaces_it(tmp_path, sample):
    given = {
        "camera": f"file:{sample / '4-who.camera.mp4'}",
        "mic": f"file:{sample / '4-who.flac'}",
        "seconds": 3.0,
    }
    made = record_trial(tmp_path, **given, work=Work())
    assert made.sound is not None
    assert made.sound.key == "sound.good"
    told = {each.check: each.key for each in made.picture}
    assert (told["light"], told["focus"]) == ("light.good", "focus.good")
    assert [each.name for each in made.files] == ["camera-001.mp4", "mic-001.wav"]
    assert all(each.exists() for each in made.files)
    again = record_trial(tmp_path, camera="none", mic=given["mic"], seconds=1.0, work=Work())
    assert again.picture == ()
    assert [each.name for each in again.folder.iterdir() if each.suffix != ".json"] == ["mic-001.wav"]
