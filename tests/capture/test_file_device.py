"""A file plays as a camera or a microphone, at the speed of life or as fast as it can be read."""

import time

import numpy as np
import pytest
import soundfile

from capture.devices import open_camera, open_mic
from capture.errors import BadInputError
from capture.file_device import FileCamera, FileMicrophone


def played(mic: FileMicrophone, start_us: int = 0) -> np.ndarray:
    mic.open()
    try:
        return np.concatenate([block.samples for block in mic.blocks(start_us)])
    finally:
        mic.close()


def test_none_is_no_device():
    assert open_camera("none") is None
    assert open_mic("none") is None


@pytest.mark.parametrize("source", ["", "file:", "phone", "ftp://camera/video", "mic:x"])
def test_what_cannot_be_recorded_from_is_said_clearly(source):
    with pytest.raises(BadInputError) as caught:
        open_camera(source)
    assert caught.value.message_key == "device.unknown"
    assert caught.value.params["option"] == "--camera"


def test_a_microphone_plays_every_sample_unchanged(sample):
    path = sample / "4-who.flac"
    heard = played(FileMicrophone(path, paced=False))
    truth, _ = soundfile.read(path, dtype="float32")
    assert np.array_equal(heard, truth)


def test_a_microphone_mixes_and_resamples(tmp_path):
    rate_hz = 44_100
    left = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz)
    soundfile.write(tmp_path / "stereo.wav", np.stack([left, left], axis=1), rate_hz)
    heard = played(FileMicrophone(tmp_path / "stereo.wav", paced=False))
    assert abs(len(heard) - 48_000) <= 48
    assert heard.dtype == np.float32
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.01)


def test_times_count_from_the_beginning_and_have_no_gaps(tone):
    mic = FileMicrophone(tone, paced=False)
    mic.open()
    expected_samples = 0
    for block in mic.blocks(start_us=10**12):
        assert block.at_us == expected_samples * 1_000_000 // 48_000
        expected_samples += len(block.samples)
    mic.close()
    assert mic.length_us == 2_000_000


def test_paced_sound_comes_as_it_would_be_heard(tone):
    mic = FileMicrophone(tone, paced=True)
    mic.open()
    start_us = time.monotonic_ns() // 1000
    for block in mic.blocks(start_us):
        now_us = time.monotonic_ns() // 1000 - start_us
        heard_us = block.at_us + len(block.samples) * 1_000_000 // 48_000
        assert now_us >= heard_us
        if heard_us > 300_000:
            break
    mic.close()
    assert len(block.samples) == 480


def test_a_camera_says_what_it_delivers(clip):
    camera = FileCamera(clip, paced=False)
    delivered = camera.open()
    assert delivered.rate == 30
    assert delivered.keep_packets
    assert delivered.sound is not None
    assert camera.length_us == pytest.approx(2_000_000, abs=25_000)
    assert sum(packet.stream is delivered.video for packet in camera.packets(0)) == 60
    camera.close()


def test_times_count_from_zero_even_if_those_of_the_file_do_not(make_media):
    path = make_media("late.ts", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")
    camera = FileCamera(path, paced=False)
    camera.open()
    first_us = min(packet.pts * packet.time_base for packet in camera.packets(0)) * 1_000_000
    camera.close()
    assert abs(first_us) < 1000


@pytest.mark.parametrize(
    ("option", "value"), [("-g", "300"), ("-c:v", "mjpeg"), ("-x264-params", "open-gop=1:keyint=20")]
)
def test_what_cannot_be_cut_every_two_seconds_is_not_kept(make_media, option, value):
    codec = () if option == "-c:v" else ("-c:v", "libx264")
    path = make_media(
        f"not kept {value[:5]}.mkv", *codec, "-pix_fmt", "yuv420p", option, value, "-an", seconds=4
    )
    camera = FileCamera(path, paced=False)
    assert not camera.open().keep_packets
    camera.close()


def test_a_sound_file_is_no_camera_and_a_silent_film_no_microphone(tone, silent_clip):
    with pytest.raises(BadInputError) as caught:
        FileCamera(tone, paced=False).open()
    assert caught.value.message_key == "device.no_picture"
    with pytest.raises(BadInputError) as caught:
        FileMicrophone(silent_clip, paced=False).open()
    assert caught.value.message_key == "device.no_sound"
