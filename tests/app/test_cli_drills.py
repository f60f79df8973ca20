"""Stopping and killing the command line at a bad moment leaves nothing half-written and loses nothing."""

import json
import signal
import subprocess
import sys
import time

import pytest

import assets
from tests.app.kit import files_below

LAPEL = [sys.executable, "-P", "-c", "from app.main import main; main()"]
pytestmark = pytest.mark.drill


def start(*arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [*LAPEL, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=assets.ROOT,
        start_new_session=True,
    )


@pytest.fixture
def interview(lapel, sample) -> str:
    """A resource with one real answer."""
    made = lapel.json("new", "--title", "An answer")["id"]
    camera, voice = sample / "5-prerequisites.camera.mp4", sample / "5-prerequisites.flac"
    lapel.json("import", made, camera, "--mic", voice)
    return made


def half_written(*folders) -> list:
    return [path for folder in folders for path in files_below(folder) if ".part" in path.name]


@pytest.mark.parametrize("after_s", [0.8, 2.5, 5.0])
def test_ctrl_c_during_make_says_so_and_leaves_nothing_half_written(lapel, sample, tmp_path, after_s):
    out = tmp_path / "out"
    process = start(
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
    process = start("export", interview, "--to", "web,scorm12", "--library", lapel.folder)
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    assert files_below(lapel.folder / "exports") == before
    assert lapel.json("show", interview)["version"] == made["version"] == 1


def test_a_killed_export_leaves_the_last_version_and_the_next_one_works(lapel, interview):
    lapel.json("export", interview, "--to", "web")
    before = {path: path.read_bytes() for path in files_below(lapel.folder / "exports")}
    process = start("export", interview, "--to", "web", "--library", lapel.folder)
    time.sleep(2.0)
    process.kill()
    process.communicate()
    assert lapel.json("show", interview)["version"] == 1
    assert all(path.read_bytes() == data for path, data in before.items())
    made = lapel.json("export", interview, "--to", "web")
    assert made["version"] == 2
    assert half_written(lapel.folder) == []


def test_ctrl_c_while_recording_keeps_the_take(lapel, sample):
    made = lapel.json("new", "--title", "An answer")["id"]
    process = start(
        *("record", made, "--prompt", 1, "--camera", f"file:{sample / '1-what.camera.mp4'}"),
        *("--mic", f"file:{sample / '1-what.flac'}", "--json", "--library", lapel.folder),
    )
    time.sleep(6.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    take = json.loads(out)
    assert take["state"] == "safe"
    assert 2 < take["duration_s"] < 8
    (kept,) = lapel.json("show", made)["prompts"][0]["takes"]
    assert kept["id"] == take["id"]


def test_a_client_killed_while_recording_loses_nothing_that_recover_cannot_bring_back(lapel, sample):
    made = lapel.json("new", "--title", "An answer")["id"]
    process = start(
        *("record", made, "--prompt", 1, "--camera", f"file:{sample / '4-who.camera.mp4'}"),
        *("--mic", f"file:{sample / '4-who.flac'}", "--library", lapel.folder),
    )
    time.sleep(4.0)
    process.kill()
    process.communicate()
    time.sleep(18.0)  # the recorder goes on until the answer, 16 s long, is over
    assert lapel.json("recover")["takes"] == 1
    (take,) = lapel.json("show", made)["prompts"][0]["takes"]
    assert take["state"] == "safe"
    assert take["duration_s"] == pytest.approx(16.41, abs=0.3)
