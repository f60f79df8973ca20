"""One clap shows by how much a silent camera is late; without one clear clap nothing is believed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from capture.camera_delay import camera_delay_us, camera_delays, forget_delay, remember_delay
from capture.clap import NoClapError, find_in_motion, find_in_sound, measure_clap
from capture.recording import record_take
from capture.take import camera_start_us, read_take
from capture.work import Cancelled, Work
from tests.capture.claps import clap_take

US = 1_000_000


def refused(folder, take) -> str:
    with pytest.raises(NoClapError) as caught:
        measure_clap(folder, take, work=Work())
    return caught.value.message_key


@pytest.mark.parametrize(
    ("rate", "delay_s", "more"),
    [
        (15, 0.21, {"size": (320, 180)}),
        (25, 0.0, {"noise": 8.0, "size": (320, 180)}),
        (30, 0.083, {"noise_db": -40}),
        (30, 0.4, {"voice": True, "size": (320, 180), "jitter_s": 0.004}),
        (60, 0.12, {"size": (320, 180)}),
    ],
)
def test_the_delay_is_found_within_a_frame(tmp_path, take, rate, delay_s, more):
    made = clap_take(tmp_path, take, delay_s=delay_s, rate=rate, **more)
    clap = measure_clap(tmp_path, made, work=Work())
    assert clap.heard_us == pytest.approx(1.9 * US, abs=2_000)
    print(f"{rate} pictures a second: {(clap.delay_us / US - delay_s) * rate:+.2f} frames off")
    assert abs(clap.delay_us / US - delay_s) < 1 / rate


def test_two_claps_no_clap_and_a_clap_out_of_the_picture_are_refused(tmp_path, take):
    small = {"size": (320, 180)}
    twice = clap_take(tmp_path / "a", take, delay_s=0.1, more_at_s=(3.0,), **small)
    assert refused(tmp_path / "a", twice) == "clap.several"
    only_voice = clap_take(tmp_path / "b", take, delay_s=0.1, level=0.0, voice=True, **small)
    assert refused(tmp_path / "b", only_voice) in {"clap.not_heard", "clap.several"}
    still = clap_take(tmp_path / "c", take, delay_s=60, **small)  # the hands come when the film is over
    assert refused(tmp_path / "c", still) == "clap.not_seen"
    late = clap_take(tmp_path / "d", take, delay_s=1.2, **small)
    assert refused(tmp_path / "d", late) == "clap.not_seen"
    alone = clap_take(tmp_path / "e", take, delay_s=0.1, **small)
    without_picture = replace(alone, segments=alone.segments[1:])
    assert refused(tmp_path / "e", without_picture) == "clap.needs_both"


def test_silence_noise_and_no_motion_hold_no_clap():
    rng = np.random.default_rng(4)
    for sound in (np.zeros(96_000), rng.normal(0, 0.1, 96_000), np.zeros(10)):
        with pytest.raises(NoClapError):
            find_in_sound(sound.astype(np.float32), rate_hz=48_000)
    times_us = [n * 33_333 for n in range(90)]
    for motion in (np.zeros(90), rng.uniform(0, 1, 90), np.full(90, 3.0)):
        with pytest.raises(NoClapError):
            find_in_motion(times_us, motion, heard_us=US)


def test_looking_for_it_can_be_stopped(tmp_path, take):
    made = clap_take(tmp_path, take, delay_s=0.1, size=(320, 180))
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        measure_clap(tmp_path, made, work=work)


def test_a_delay_is_kept_for_that_camera_and_no_other():
    assert camera_delays() == {}
    remember_delay("camera:usb-1", "Webcam", 80_000)
    remember_delay("camera:usb-2", "Other", 120_000)
    remember_delay("camera:usb-1", "Webcam", 90_000)
    assert (camera_delay_us("camera:usb-1"), camera_delay_us("camera:usb-2")) == (90_000, 120_000)
    forget_delay("camera:usb-2")
    assert camera_delay_us("camera:usb-2") == 0


def test_what_somebody_made_of_the_file_is_no_reason_not_to_record(tmp_path):
    remember_delay("camera:usb-1", "Webcam", 80_000)
    (tmp_path / "config" / "cameras.json").write_text("{broken")
    assert camera_delay_us("camera:usb-1") == 0


def test_takes_with_that_camera_are_laid_earlier(clip, tone, media, take):
    remember_delay(f"file:{clip}", "a camera", 100_000)
    made = record_take(
        media=media, take=take, camera=f"file:{clip}", mic=f"file:{tone}", paced=False, work=Work()
    )
    assert made.camera_delay_us == 100_000
    folder = media / take.resource_id / take.id
    assert read_take(folder) == made
    camera = next(each for each in made.segments if each.track == "camera")
    assert camera_start_us(made, camera) == camera.start_us - 100_000
    shutil.rmtree(folder)
