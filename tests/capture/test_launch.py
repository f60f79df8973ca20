"""Our own processes find our packages from anywhere, and end when they should."""

import os
import sys
from pathlib import Path

import pytest

from capture.launch import LOWEST_NICENESS, start_child

SLEEP = ["-n1", "-r1", "-s", "import time", "time.sleep(30)"]


def test_a_child_finds_our_packages_from_any_folder(tmp_path, monkeypatch):
    (tmp_path / "capture").mkdir()
    (tmp_path / "capture" / "__init__.py").write_text("raise SystemExit('a stranger')")
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger')")
    monkeypatch.chdir(tmp_path)
    with start_child("capture.recorder", ["/nowhere"], log=tmp_path / "log") as child:
        assert child.wait(20) == 1
    log = (tmp_path / "log").read_text()
    assert "a stranger" not in log
    assert "FileNotFoundError" in log, "it ran, and found no folder"


def test_pipes_carry_bytes_both_ways():
    with start_child("base64", pipe=True) as child:
        child.stdin.write(b"Lapel")
        child.stdin.close()
        assert child.stdout.read() == b"TGFwZWw=\n"
        assert child.wait(10) == 0


def test_without_pipes_there_is_nothing_to_read():
    with start_child("timeit", ["-n1", "-r1", "0"]) as child:
        with pytest.raises(ValueError, match="without pipes"):
            _ = child.stdout
        assert child.wait(10) == 0


def test_leaving_the_block_ends_what_still_runs():
    with start_child("timeit", SLEEP) as child:
        assert child.running
        assert child.wait(0.1) is None
    assert not child.running


@pytest.mark.skipif(os.name == "nt", reason="niceness as on Linux and macOS")
def test_a_patient_child_lets_everything_else_run_first():
    with start_child("timeit", SLEEP, low_priority=True) as child:
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == LOWEST_NICENESS
        child.kill()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks into /proc")
def test_a_child_with_a_session_of_its_own_holds_none_of_our_streams():
    with start_child("timeit", SLEEP, own_session=True) as child:
        assert os.getsid(child.pid) == child.pid
        streams = [os.readlink(f"/proc/{child.pid}/fd/{number}") for number in range(3)]
        assert streams == ["/dev/null"] * 3
        child.kill()
    assert sys.stdin is None or not sys.stdin.closed
