"""``lapel record`` in a real terminal: Space goes on, M marks, Ctrl-C stops, all is restored."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

import assets
from capture.rendezvous import RENDEZVOUS_FILE
from capture.studio import StudioSession, studio_folder
from capture.take import Take, TakePrompt, read_take
from editor.library import Library
from tests.capture.network_camera import free_port, mjpeg

if os.name == "nt":
    pytest.skip("a terminal as on Linux and macOS", allow_module_level=True)


class Typed:
    """``lapel`` as a process in a terminal of its own, with somebody who types."""

    def __init__(self, *arguments: object) -> None:
        self.ours, theirs = pty.openpty()
        self.before = termios.tcgetattr(self.ours)
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _MAIN, *map(str, arguments)],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(assets.ROOT), "TERM": "xterm", "COLUMNS": "200"},
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self.ours, 4096):
                self.shown += data.decode(errors="replace")

    def wait_for(self, true, *, within_s: float = 40) -> None:
        end_s = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < end_s, self.shown[-2000:]
            assert self.process.poll() is None, self.shown[-2000:]
            time.sleep(0.05)

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def is_cbreak(self) -> bool:
        return not termios.tcgetattr(self.ours)[3] & termios.ICANON

    def end(self) -> tuple[int, bytes]:
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out


# The terminal becomes the controlling one, as a shell would have it.
_MAIN = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from app.main import main
main()
"""


@pytest.fixture
def resource(lapel) -> str:
    return lapel.json("new", "--title", "T", "--guide", "local-expert")["id"]


@contextlib.contextmanager
def typing(*arguments: object):
    made = Typed(*arguments)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
            made.process.wait(30)
        os.close(made.ours)


@pytest.fixture
def typed(lapel, resource, long_answer):
    with typing(
        *("record", resource, "--prompt", 1, "--camera", "none", "--mic", f"file:{long_answer}"),
        *("--library", lapel.folder, "--json"),
    ) as made:
        yield made


@pytest.fixture
def long_answer(sample):
    return sample / "1-what.flac"


def wait_until(true, *, within_s: float = 20) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.05)


def newest_grows(lapel, known: set) -> bool:
    return any(
        each.stat().st_size > 60_000
        for each in lapel.folder.glob("media/*/*/mic-001.wav")
        if each.parent.name not in known
    )


def test_space_m_and_ctrl_c(lapel, resource, typed):
    typed.wait_for(lambda: newest_grows(lapel, set()))
    assert typed.is_cbreak()
    assert "Space: next question" in typed.shown
    typed.type("m")
    typed.wait_for(lambda: "marked" in typed.shown)
    known = {each.name for each in lapel.folder.glob("media/*/*")}
    typed.type(" ")
    typed.wait_for(lambda: newest_grows(lapel, known))
    typed.type("\x1b[A?x")  # an arrow and other keys do nothing
    typed.type("\x03")
    code, out = typed.end()
    assert code == 0, typed.shown[-2000:]
    found = json.loads(out)
    assert [each["state"] for each in found["takes"]] == ["safe", "safe"]
    assert len(found["takes"][0]["markers_s"]) == 1
    assert 0 < found["takes"][0]["markers_s"][0] <= found["takes"][0]["duration_s"]
    prompts = lapel.json("show", resource)["prompts"]
    assert [len(each["takes"]) for each in prompts[:3]] == [1, 1, 0]
    assert termios.tcgetattr(typed.ours) == typed.before
    with Library.open(lapel.folder, write=False) as library:
        assert len(library.takes(resource)) == 2


def test_the_next_answer_begins_at_once_with_the_devices_that_are_open(lapel, long_answer):
    """The camera lets nobody in twice; the last open question is followed by the end."""
    asked = ["--question", "Who rings?", "--question", "Who rings back?"]
    made = lapel.json("new", "--title", "T", "--guide", "common-questions", *asked)["id"]
    port = free_port()
    with (
        mjpeg(port),
        typing(
            *("record", made, "--prompt", 2, "--camera", f"http://127.0.0.1:{port}"),
            *("--mic", f"file:{long_answer}", "--library", lapel.folder, "--json"),
        ) as typed,
    ):
        typed.wait_for(lambda: newest_grows(lapel, set()))
        known = {each.name for each in lapel.folder.glob("media/*/*")}
        typed.type(" ")
        typed.wait_for(lambda: newest_grows(lapel, known))
        typed.type(" ")
        code, out = typed.end()
        assert code == 0, typed.shown[-2000:]
    takes = json.loads(out)["takes"]
    assert [(each["state"], each["events"]) for each in takes] == [("safe", []), ("safe", [])]
    first, second = (read_take(Path(each["path"])) for each in takes)
    assert (first.prompt.text, second.prompt.text) == ("Who rings back?", "Who rings?")
    assert first.has_picture
    assert second.has_picture
    [camera] = [each for each in second.segments if each.track == "camera"]
    assert camera.start_us < 150_000, "from its first picture on"


@pytest.mark.drill
def test_a_recorder_killed_in_the_second_answer(lapel, resource, typed):
    typed.wait_for(lambda: newest_grows(lapel, set()))
    known = {each.name for each in lapel.folder.glob("media/*/*")}
    typed.type(" ")
    typed.wait_for(lambda: newest_grows(lapel, known))
    found = json.loads((studio_folder(lapel.folder / "media") / RENDEZVOUS_FILE).read_bytes())
    os.kill(found["pid"], signal.SIGKILL)
    code, out = typed.end()
    assert code == 0, typed.shown[-2000:]
    takes = json.loads(out)["takes"]
    assert [each["state"] for each in takes] == ["safe", "safe"]
    assert [each["events"] for each in takes] == [[], ["recorder.killed"]]
    assert termios.tcgetattr(typed.ours) == typed.before


def test_a_session_that_a_dead_window_left_is_ended_and_its_take_finished(
    lapel, resource, sample, long_answer
):
    media = lapel.folder / "media"
    other = f"file:{sample / '2-why.flac'}"
    left = StudioSession.open(studio_folder(media), camera="none", mic=other, on_message=lambda _: None)
    prompt = TakePrompt(id="p1", key="what", text="What?", title="What")
    take = Take("t-left", resource, "T", prompt, 1, "recording", "2026-05-04T10:00:00+02:00")
    folder = media / resource / take.id
    wait_until(lambda: left.state.mic is not None and left.state.mic.standing == "live")
    left.record(folder, take)
    wait_until(lambda: newest_grows(lapel, set()))
    left.leave()
    source = f"file:{long_answer}"
    made = lapel.json("record", resource, "--prompt", 1, "--camera", "none", "--mic", source, "--seconds", 1)
    assert made["state"] == "safe"
    assert read_take(Path(made["path"])).devices.mic_id == source, "with its own devices"
    finished = read_take(folder)
    assert finished.state == "safe", finished.events


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_as_it_was_after_any_end(lapel, typed, number):
    typed.wait_for(lambda: newest_grows(lapel, set()))
    assert typed.is_cbreak()
    typed.process.send_signal(number)
    code, out = typed.end()
    assert code == 0
    assert json.loads(out)["state"] == "safe"
    assert termios.tcgetattr(typed.ours) == typed.before


def test_an_error_leaves_the_terminal_as_it_was(lapel, resource):
    with typing(
        *("record", resource, "--prompt", 1, "--camera", "none", "--mic", "file:/nowhere.wav"),
        *("--library", lapel.folder),
    ) as typed:
        code, _ = typed.end()
        assert code == 2
        assert "There is no file" in typed.shown
        assert termios.tcgetattr(typed.ours) == typed.before


def test_without_a_terminal_it_records_all_the_same(lapel, resource, sample):
    made = lapel.json(
        *("record", resource, "--prompt", 2, "--camera", "none"),
        *("--mic", f"file:{sample / '4-who.flac'}", "--seconds", 1),
    )
    assert made["state"] == "safe"
    assert "takes" not in made
