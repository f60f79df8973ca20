"""Stopping and killing the command line at a bad moment leaves nothing half-written and loses nothing."""

import json
import signal
import time

import pytest

from capture.take import read_take
from tests.app.kit import files_below, start_lapel

pytestmark = pytest.mark.drill


@pytest.fixture
def interview(lapel, sample) -> str:
    """A resource with one real answer."""
    made = lapel.json("new", "--title", "An answer")["id"]
    camera, voice = sample / "5-prerequisites.camera.mp4", sample / "5-prerequisites.flac"
    lapel.json("import", made, camera, "--mic", voice)
    return made


def wait_until(condition, within_s=60.0) -> None:
    end_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.2)


def half_written(*folders) -> list:
    return [
        path
        for folder in folders
        for path in files_below(folder)
        if ".part" in path.name or ".lapel-" in str(path)
    ]


def wait_until_half_written(folder) -> None:
    """Return in the middle of the work, however fast it is."""
    end_s = time.monotonic() + 60
    while not half_written(folder):
        assert time.monotonic() < end_s
        time.sleep(0.01)


@pytest.mark.parametrize("after_s", [0.8, 2.5, 5.0])
def test_ctrl_c_during_make_says_so_and_leaves_nothing_half_written(lapel, sample, tmp_path, after_s):
    out = tmp_path / "out"
    process = start_lapel(
        *("make", sample / "1-what.camera.mp4", "--title", "T", "--out", out),
        *("--library", lapel.folder),
    )
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    assert b"Stopped" in err
    assert b"Traceback" not in err
    assert files_below(out) == set()
    assert half_written(lapel.folder) == []
    for each in lapel.json("list"):  # what was imported by then is whole
        takes = [take for prompt in lapel.json("show", each["id"])["prompts"] for take in prompt["takes"]]
        assert [take["state"] for take in takes] == ["safe"]


def test_ctrl_c_during_export_leaves_the_last_version(lapel, interview, tmp_path):
    made = lapel.json("export", interview, "--to", "web")
    before = files_below(lapel.folder / "exports")
    process = start_lapel("export", interview, "--to", "web,scorm12", "--library", lapel.folder)
    wait_until_half_written(lapel.folder)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    assert files_below(lapel.folder / "exports") == before
    assert lapel.json("show", interview)["version"] == made["version"] == 1


def test_a_killed_export_leaves_the_last_version_and_the_next_one_works(lapel, interview):
    lapel.json("export", interview, "--to", "web")
    before = {path: path.read_bytes() for path in files_below(lapel.folder / "exports")}
    process = start_lapel("export", interview, "--to", "web", "--library", lapel.folder)
    wait_until_half_written(lapel.folder)
    process.kill()
    process.communicate(timeout=30)
    assert lapel.json("show", interview)["version"] == 1
    assert all(path.read_bytes() == data for path, data in before.items())
    made = lapel.json("export", interview, "--to", "web")
    assert made["version"] == 2
    assert half_written(lapel.folder) == []


def test_ctrl_c_while_recording_keeps_the_take(lapel, sample):
    made = lapel.json("new", "--title", "An answer")["id"]
    process = start_lapel(
        *("record", made, "--prompt", 1, "--camera", f"file:{sample / '1-what.camera.mp4'}"),
        *("--mic", f"file:{sample / '1-what.flac'}", "--json", "--library", lapel.folder),
    )
    wait_until(lambda: any((lapel.folder / "media").glob("*/*/take.json")))
    time.sleep(4.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    take = json.loads(out)
    assert take["state"] == "safe"
    assert 2 < take["duration_s"] < 8
    (kept,) = lapel.json("show", made)["prompts"][0]["takes"]
    assert kept["id"] == take["id"]
    assert kept["sync"]["offset_s"] == pytest.approx(0.370, abs=0.01)


def test_a_client_killed_while_recording_loses_nothing_that_recover_cannot_bring_back(lapel, sample):
    made = lapel.json("new", "--title", "An answer")["id"]
    process = start_lapel(
        *("record", made, "--prompt", 1, "--camera", f"file:{sample / '4-who.camera.mp4'}"),
        *("--mic", f"file:{sample / '4-who.flac'}", "--library", lapel.folder),
    )
    media = lapel.folder / "media" / made
    wait_until(lambda: any(media.glob("*/take.json")))
    time.sleep(2.0)
    process.kill()
    process.communicate(timeout=30)
    (folder,) = media.iterdir()
    wait_until(lambda: read_take(folder).state != "recording")  # the recorder goes on to the answer's end
    assert lapel.json("recover")["takes"] == 1
    (take,) = lapel.json("show", made)["prompts"][0]["takes"]
    assert take["state"] == "safe"
    assert take["duration_s"] == pytest.approx(16.41, abs=0.3)
