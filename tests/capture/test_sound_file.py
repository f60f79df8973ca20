"""The lapel's file is valid at every moment and mended after a kill."""

import numpy as np
import pytest
import soundfile

from capture.sound_file import SoundFile, repair_sound


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.9, 0.9, 48_000).astype(np.float32)


def test_what_is_written_is_24_bit_48_khz_mono(tmp_path, noise):
    file = SoundFile(tmp_path / "mic.wav")
    for block in np.split(noise, 100):
        file.write(block)
    file.close()
    info = soundfile.info(tmp_path / "mic.wav")
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (48_000, 1, "PCM_24", 48_000)
    read, _ = soundfile.read(tmp_path / "mic.wav", dtype="float32")
    assert np.abs(read - noise).max() <= 2**-24


def test_sixteen_bit_sound_comes_through_exactly(tmp_path):
    exact = (np.arange(-32768, 32768, dtype=np.int64) / 32768).astype(np.float32)
    file = SoundFile(tmp_path / "mic.wav")
    file.write(exact)
    file.close()
    read, _ = soundfile.read(tmp_path / "mic.wav", dtype="float32")
    assert np.array_equal(read, exact)


def test_too_loud_is_clipped_and_does_not_wrap(tmp_path):
    file = SoundFile(tmp_path / "mic.wav")
    file.write(np.array([1.5, -1.5, 1.0], np.float32))
    file.close()
    read, _ = soundfile.read(tmp_path / "mic.wav")
    assert read == pytest.approx([1, -1, 1], abs=1e-6)


def test_everything_written_is_on_disk_at_once_and_the_head_can_be_mended(tmp_path, noise):
    path = tmp_path / "mic.wav"
    file = SoundFile(path)
    file.write(noise)
    # As a kill would leave it: nobody closed it, and a part of a sample is there.
    left = tmp_path / "left.wav"
    left.write_bytes(path.read_bytes() + b"\x01")
    file.close()
    assert soundfile.info(left).frames == 0, "the head is out of date"
    assert repair_sound(left) == 48_000
    assert left.read_bytes() == path.read_bytes()


def test_the_head_can_be_brought_up_to_date_while_the_file_grows(tmp_path, noise):
    path = tmp_path / "mic.wav"
    file = SoundFile(path)
    file.write(noise)
    file.update_head()
    file.sync()
    assert soundfile.info(path).frames == 48_000
    file.write(noise)
    file.close()
    assert soundfile.info(path).frames == 96_000


def test_a_head_written_in_part_is_mended_too(tmp_path):
    path = tmp_path / "mic.wav"
    path.write_bytes(b"RIFF")
    assert repair_sound(path) == 0
    assert soundfile.info(path).frames == 0


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "mic.wav"
    path.write_bytes(b"an earlier take")
    with pytest.raises(FileExistsError):
        SoundFile(path)
    assert path.read_bytes() == b"an earlier take"
