"""Devices that come and go are told of while others are in use."""

import shutil
import sys
import time

import pytest

from capture.device_check import CheckedDevice, Look
from capture.device_watch import Change, DeviceWatch
from tests.capture.pulse import running_pulse
from tests.capture.studio_kit import Studio


def device(kind: str, name: str) -> CheckedDevice:
    return CheckedDevice(kind, f"{kind}:{name}", name)


def wait_until(true, *, within_s: float = 25) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.02)


def test_what_came_and_went_is_told_once():
    brio, lapel = device("camera", "Brio"), device("mic", "Lapel")
    looks = [
        Look((brio,)),
        Look((brio,)),
        Look((brio, lapel)),
        Look((), hung=True),
        Look((lapel,)),
        Look((lapel,), trouble="device.no_portaudio"),
    ]
    told: list[Change] = []
    watch = DeviceWatch(
        told.append, every_s=0.01, look=lambda work: looks.pop(0) if len(looks) > 1 else looks[0]
    )
    watch.start()
    wait_until(lambda: len(told) == 4)
    time.sleep(0.05)
    watch.close()
    assert told == [
        Change((brio,), came=(brio,)),
        Change((brio, lapel), came=(lapel,)),
        Change((lapel,), went=(brio,)),
        Change((lapel,), trouble="device.no_portaudio"),
    ]


def test_closing_does_not_wait_for_a_look_that_hangs():
    def hangs(work):
        while True:
            work.checkpoint()
            time.sleep(0.01)

    watch = DeviceWatch(lambda change: None, look=hangs)
    watch.start()
    watch.close()


@pytest.mark.drill
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("pulseaudio") is None,
    reason="needs PulseAudio as the microphone",
)
def test_a_microphone_is_plugged_in_while_another_records(tmp_path, monkeypatch, media, take):
    told: list[Change] = []
    with (
        running_pulse(tmp_path / "home", monkeypatch) as pulse,
        Studio(media, take, mic="mic:lapel_mic") as studio,
    ):
        studio.wait_until_live()
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=300_000)
        watch = DeviceWatch(told.append, every_s=0.2)
        watch.start()
        wait_until(lambda: told)
        pulse.plug("usb")
        wait_until(lambda: any("mic:pulse:usb.monitor" in [each.id for each in one.came] for one in told))
        pulse.unplug("usb")
        wait_until(lambda: any("mic:pulse:usb.monitor" in [each.id for each in one.went] for one in told))
        watch.close()
        studio.session.stop()
        made = studio.done("take-1")
    lost = {each.text for each in made.events} & {"mic.lost", "mic.moved", "mic.dropped"}
    assert not lost, "the one that records did not even notice"
    assert next(each.file for each in made.segments if each.track == "mic") == "mic-001.wav"
