"""Before a take is called safe: everything is there, as long as it was, playable, and someone is heard."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from capture.importing import import_take
from capture.sound_file import SoundFile
from capture.take import Devices, Marker, Segment, Take
from capture.verify import peak_reaches, verified
from capture.work import Cancelled, Work

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


@pytest.fixture
def imported(make_media, tone, media, take) -> tuple[Path, Take]:
    """Four seconds of camera, and two of lapel."""
    video = make_media("four.mp4", *H264, "-g", "30", "-c:a", "aac", seconds=4)
    made = import_take(video, media=media, take=take, mic=tone, work=Work())
    assert made.state == "safe"
    return media / "resource-1" / "take-1", made


def faults(folder: Path, take: Take) -> list[str]:
    found = verified(folder, replace(take, events=()), work=Work())
    assert found.state == ("damaged" if found.events else "safe")
    return [event.text for event in found.events]


def test_a_good_take_is_safe(imported):
    assert faults(*imported) == []


def test_a_file_that_is_gone_or_nonsense(imported):
    folder, take = imported
    (folder / "camera-001.mp4").write_bytes(b"nonsense")
    (folder / "mic-001.flac").unlink()
    assert faults(folder, take) == ["camera.unreadable", "mic.unreadable", "mic.mute"]


def test_a_device_that_delivered_nothing(imported):
    folder, take = imported
    take = replace(take, segments=take.segments[:1], devices=Devices("cam", "cam", "mic", "mic"))
    assert faults(folder, take) == ["mic.missing"]
    assert faults(folder, replace(take, segments=())) == ["camera.missing", "mic.missing"]


@pytest.mark.parametrize(
    ("track", "more_us", "fault"), [(0, 34_000, "camera.short"), (1, 1_100, "mic.short")]
)
def test_a_frame_less_than_was_captured_is_noticed(imported, track, more_us, fault):
    folder, take = imported
    segments = list(take.segments)
    segments[track] = replace(segments[track], duration_us=segments[track].duration_us + more_us)
    assert faults(folder, replace(take, segments=tuple(segments))) == [fault]
    segments[track] = replace(segments[track], duration_us=take.segments[track].duration_us + more_us // 2)
    assert faults(folder, replace(take, segments=tuple(segments))) == []


def test_a_last_second_of_rubbish_is_noticed(imported):
    folder, take = imported
    path = folder / "camera-001.mp4"
    data = bytearray(path.read_bytes())
    media_end = data.index(b"moov")
    start = media_end - (media_end - data.index(b"mdat")) // 2
    data[start : media_end - 4] = bytes(media_end - 4 - start)
    path.write_bytes(data)
    assert "camera.undecodable" in faults(folder, take)


def test_silence_is_found_where_it_matters(tmp_path, imported):
    folder, take = imported
    quiet = np.random.default_rng(1).uniform(-1, 1, 96_000).astype(np.float32)
    for level_db, expected in [(-70, ["mic.mute"]), (-50, [])]:
        path = folder / f"mic{level_db}.wav"
        file = SoundFile(path)
        file.write(quiet * 10 ** (level_db / 20))
        file.close()
        mic = Segment("mic", path.name, 0, 2_000_000)
        assert faults(folder, replace(take, segments=(take.segments[0], mic))) == expected


def test_one_word_in_a_long_silence_is_enough(tmp_path):
    sound = np.zeros(48_000 * 20, np.float32)
    sound[-1000:] = 0.1
    soundfile.write(tmp_path / "late.wav", sound, 48_000)
    assert peak_reaches(tmp_path / "late.wav", -60, work=Work())
    assert not peak_reaches(tmp_path / "late.wav", -10, work=Work())


@pytest.mark.parametrize(
    ("event", "state"), [("disk.full", "damaged"), ("mic.lost", "damaged"), ("mic.clipping", "safe")]
)
def test_what_happened_while_recording_counts_if_something_is_missing(imported, event, state):
    folder, take = imported
    assert verified(folder, replace(take, events=(Marker(5, event),)), work=Work()).state == state


def test_looking_can_be_stopped(imported):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        verified(*imported, work=work)
