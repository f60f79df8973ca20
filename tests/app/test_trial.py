"""``lapel doctor --test`` and ``--clap``: try the devices before the expert comes."""

import pytest

from capture.camera_delay import camera_delays
from capture.take import Take, TakePrompt
from tests.capture.claps import clap_take


@pytest.fixture
def take() -> Take:
    prompt = TakePrompt("p1", "what", "What?", "What")
    return Take("take-1", "resource-1", "Clap", prompt, 1, "recording", "2026-05-04T10:00:00+02:00")


def test_five_seconds_and_a_verdict(lapel, sample):
    camera, mic = f"file:{sample / '4-who.camera.mp4'}", f"file:{sample / '4-who.flac'}"
    found = lapel.json("doctor", "--test", "--camera", camera, "--mic", mic)
    assert found["sound"]["verdict"] == "good"
    assert found["sound"]["noise_db"] < -50
    assert found["picture"]["focus"] == "good"
    assert len(found["files"]) == 2
    code, out, _ = lapel("doctor", "--test", "--mic", mic)
    assert code == 0
    assert "Room noise" in out
    assert "mic-001.wav" in out


def test_a_clap_is_measured_and_remembered_for_that_camera(lapel, tmp_path, take):
    made = clap_take(tmp_path / "clap", take, delay_s=0.12, camera_start_s=0.0, size=(320, 180))
    camera, mic = (f"file:{tmp_path / 'clap' / each.file}" for each in made.segments)
    found = lapel.json("doctor", "--clap", "--camera", camera, "--mic", mic)
    assert found["camera_delay_s"] == pytest.approx(0.12, abs=1 / 30)
    assert {name: each.delay_us / 1e6 for name, each in camera_delays().items()} == {
        camera: found["camera_delay_s"]
    }


def test_without_a_clap_nothing_is_remembered(lapel, sample):
    camera, mic = f"file:{sample / '4-who.camera.mp4'}", f"file:{sample / '4-who.flac'}"
    assert "clap" in lapel.refuses("doctor", "--clap", "--camera", camera, "--mic", mic, code=1)
    assert camera_delays() == {}
    lapel.refuses("doctor", "--camera", camera)
    lapel.refuses("doctor", "--test")
