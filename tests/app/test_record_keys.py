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

import pytest

import assets
from editor.library import Library

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


@pytest.fixture
def typed(lapel, resource, long_answer):
    made = Typed(
        *("record", resource, "--prompt", 1, "--camera", "none", "--mic", f"file:{long_answer}"),
        *("--library", lapel.folder, "--json"),
    )
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    os.close(made.ours)


@pytest.fixture
def long_answer(sample):
    return sample / "1-what.flac"


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
    typed = Typed(
        *("record", resource, "--prompt", 1, "--camera", "none", "--mic", "file:/nowhere.wav"),
        *("--library", lapel.folder),
    )
    code, _ = typed.end()
    assert code == 2
    assert "There is no file" in typed.shown
    assert termios.tcgetattr(typed.ours) == typed.before
    os.close(typed.ours)


def test_without_a_terminal_it_records_all_the_same(lapel, resource, sample):
    made = lapel.json(
        *("record", resource, "--prompt", 2, "--camera", "none"),
        *("--mic", f"file:{sample / '4-who.flac'}", "--seconds", 1),
    )
    assert made["state"] == "safe"
    assert "takes" not in made
