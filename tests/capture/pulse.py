"""A sound server of the test's own, whose null sinks stand in for microphones through PortAudio."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ASOUNDRC = """
pcm.lapel_mic {{ type pulse
  device "{source}"
  hint {{ show on
    description "Lapel" }} }}
pcm.!default {{ type pulse }}
ctl.!default {{ type pulse }}
"""


class Pulse:
    """A running PulseAudio; ``plug`` and ``unplug`` are its microphones'."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen | None = None
        self._modules: dict[str, str] = {}

    def start(self) -> None:
        command = ["pulseaudio", "-n", "--system=false", "--exit-idle-time=-1", "--daemonize=no"]
        command += ["--load=module-native-protocol-unix", "--load=module-rescue-streams"]
        log = (self._home / "pulse.log").open("ab")
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        end_s = time.monotonic() + 10
        while subprocess.run(["pactl", "info"], check=False, capture_output=True).returncode:
            assert time.monotonic() < end_s, (self._home / "pulse.log").read_text()
            time.sleep(0.05)

    def plug(self, name: str) -> None:
        self._modules[name] = self._pactl(
            "load-module", "module-null-sink", f"sink_name={name}", "rate=48000"
        )

    def unplug(self, name: str) -> None:
        self._pactl("unload-module", self._modules.pop(name))

    def move(self, to: str) -> None:
        """Move what records to another microphone, as a desktop's settings do."""
        for line in self._pactl("list", "short", "source-outputs").splitlines():
            self._pactl("move-source-output", line.split()[0], to)

    @contextlib.contextmanager
    def playing(self, path: Path, *, to: str) -> Iterator[None]:
        command = ["paplay", f"--device={to}", "--latency-msec=1000", str(path)]  # else it falters under load
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as player:
            try:
                yield
            finally:
                player.kill()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
        self._modules.clear()

    def _pactl(self, *args: str) -> str:
        done = subprocess.run(["pactl", *args], check=True, capture_output=True, text=True)
        return done.stdout.strip()


@contextlib.contextmanager
def running_pulse(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """Yield a sound server with the microphones ``lapel`` (also ALSA's ``lapel_mic``) and ``other``."""
    (home / "run").mkdir(parents=True, mode=0o700)
    (home / ".asoundrc").write_text(ASOUNDRC.format(source="lapel.monitor"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    monkeypatch.setenv("PULSE_LATENCY_MSEC", "30")
    pulse = Pulse(home)
    pulse.start()
    try:
        pulse.plug("lapel")
        pulse.plug("other")
        yield pulse
    finally:
        pulse.stop()
