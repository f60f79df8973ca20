"""Cameras and microphones are listed and tried in a process of its own, which may hang without harm."""

import shutil
import signal
import sys
import time

import pytest

from capture.device_check import check_devices
from capture.work import Cancelled, Work
from tests.capture.pulse import running_pulse

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("pulseaudio") is None,
    reason="needs PulseAudio as the microphone",
)


@pytest.fixture
def pulse(tmp_path, monkeypatch):
    with running_pulse(tmp_path / "home", monkeypatch) as running:
        yield running


def test_microphones_are_listed_and_tried(pulse):
    looked = check_devices(work=Work())
    assert not looked.hung
    mics = {each.id: each for each in looked.devices if each.kind == "mic"}
    lapel = mics["mic:pulse:lapel.monitor"]
    assert lapel.tried
    assert not lapel.trouble
    assert lapel.peak_db == -120, "a null sink delivers zeros"
    assert len({each.id for each in looked.devices}) == len(looked.devices)


def test_a_look_can_be_stopped(pulse):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        check_devices(work=work)


@pytest.mark.drill
def test_a_sound_server_that_hangs_is_said_so(pulse):
    pulse.signal(signal.SIGSTOP)
    began_s = time.monotonic()
    looked = check_devices(within_s=2, work=Work())
    pulse.signal(signal.SIGCONT)
    assert looked.hung
    assert time.monotonic() - began_s < 6
