"""A take recorded by the recorder's own process: complete, verified, kept whatever the window does."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from capture.errors import BadInputError, UserError
from capture.probe import probe
from capture.recorder_messages import Event, Mark, Position, State, Stop, send
from capture.recording import reattach, record_take, repair
from capture.rendezvous import is_reachable, reach
from capture.take import read_take, write_take
from capture.work import Cancelled, Work
from tests.capture.conftest import H264


def record(media, take, **more):
    given = {"camera": "none", "mic": "none", "paced": False, "work": Work(), **more}
    return record_take(media=media, take=take, **given)


def file(path: Path) -> str:
    return f"file:{path}"


def folder_of(media: Path) -> Path:
    return media / "resource-1" / "take-1"


def test_an_answer_of_the_sample(sample, media, take):
    camera, mic = sample / "4-who.camera.mp4", sample / "4-who.flac"
    seen = []
    work = Work(lambda fraction, note: seen.append((fraction, note)))
    started_s = time.monotonic()
    made = record(media, take, camera=file(camera), mic=file(mic), work=work)
    assert time.monotonic() - started_s < 8
    folder = folder_of(media)
    assert made == read_take(folder)
    assert (made.state, made.events, made.has_picture, made.picture_rate) == ("safe", (), True, "30")
    assert [(s.track, s.file, s.start_us) for s in made.segments] == [
        ("camera", "camera-001.mp4", 0),
        ("mic", "mic-001.wav", 0),
    ]
    assert made.duration_us == pytest.approx(probe(mic).duration_us, abs=2)
    assert (made.devices.camera_name, made.devices.mic_id) == ("4-who.camera.mp4", file(mic))
    assert made.camera_settings["encoder"] == "kept"
    assert probe(folder / "camera-001.mp4") == probe(camera)
    heard, _ = soundfile.read(folder / "mic-001.wav", dtype="float32")
    truth, _ = soundfile.read(mic, dtype="float32")
    assert np.array_equal(heard, truth)
    assert sorted(each.name for each in folder.iterdir()) == ["camera-001.mp4", "mic-001.wav", "take.json"]
    assert {"record.recording", "record.verifying"} <= {note for _, note in seen}


def test_sound_alone_and_a_camera_with_its_own_sound(tone, clip, media, take):
    heard = record(media, take, mic=file(tone))
    assert (heard.state, heard.has_picture, heard.duration_us) == ("safe", False, 2_000_000)
    seen = record(media.with_name("other"), take, camera=file(clip))
    assert (seen.state, seen.has_picture, len(seen.segments)) == ("safe", True, 1)


def test_a_picture_without_anything_to_hear_is_kept_but_not_called_safe(silent_clip, media, take):
    made = record(media, take, camera=file(silent_clip))
    assert made.state == "damaged"
    assert [event.text for event in made.events] == ["camera.mute"]
    assert (folder_of(media) / "camera-001.mp4").exists()


def test_digital_silence_is_told_while_recording_and_found_afterwards(make_media, media, take):
    silence = make_media("zeros.wav", inputs=("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "2"))
    told = []
    made = record(media, take, mic=file(silence), on_message=told.append)
    assert [event.text for event in made.events] == ["mic.silent", "mic.mute"]
    assert "mic.silent" in [message.key for message in told if isinstance(message, Event)]


def test_a_limit_ends_the_take_on_the_frame_and_the_sample(long_clip, long_tone, media, take):
    made = record(media, take, camera=file(long_clip), mic=file(long_tone), seconds=2.5)
    assert made.state == "safe"
    assert made.duration_us == 2_500_000
    assert made.segments[0].duration_us == pytest.approx(2_500_000, abs=2)


def test_a_paced_take_lasts_as_long_as_it_is(clip, tone, media, take):
    started_s = time.monotonic()
    told = []
    made = record(media, take, camera=file(clip), mic=file(tone), paced=True, on_message=told.append)
    assert time.monotonic() - started_s >= 2
    assert made.state == "safe"
    positions = [message for message in told if isinstance(message, Position)]
    assert len(positions) > 10
    assert any(-30 < (message.peak_db or -200) < -10 for message in positions), "the meter follows the tone"
    assert next(message for message in told if isinstance(message, State) and message.state).length_us


def test_cancelling_means_stop_and_keeps_the_take(long_clip, long_tone, media, take):
    work = Work()

    def stop(message):
        if isinstance(message, Position) and message.at_us > 800_000:
            work.cancel()

    made = record(
        media, take, camera=file(long_clip), mic=file(long_tone), paced=True, on_message=stop, work=work
    )
    assert made.state == "safe"
    assert 500_000 < made.duration_us < 8_000_000
    assert made == read_take(folder_of(media))


def test_a_job_cancelled_before_it_began_records_nothing(tone, media, take):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        record(media, take, mic=file(tone), work=work)
    assert not media.exists()


def test_an_interruption_finishes_the_take_before_it_goes_on(long_tone, media, take):
    """As Ctrl-C pressed twice does it."""

    def interrupt(message):
        if isinstance(message, Position) and message.at_us > 500_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(media, take, mic=file(long_tone), paced=True, on_message=interrupt)
    assert read_take(folder_of(media)).state == "safe"
    wait_until(lambda: not is_reachable(folder_of(media)))


@pytest.mark.parametrize(
    ("camera", "mic", "key"),
    [
        ("none", "none", "record.no_source"),
        ("file:/nowhere.mp4", "none", "import.missing"),
        ("none", "file:{clip}x", "import.missing"),
        ("file:{tone}", "none", "device.no_picture"),
        ("file:{clip}", "file:{silent}", "device.no_sound"),
        ("camera:nothing", "none", "device.no_such_camera"),
        ("gopher://x", "none", "device.unknown"),
        ("none", "http://mic", "device.unknown"),
    ],
)
def test_a_source_that_cannot_be_used_leaves_nothing(clip, tone, silent_clip, media, take, camera, mic, key):
    words = {"clip": clip, "tone": tone, "silent": silent_clip}
    with pytest.raises(BadInputError) as caught:
        record(media, take, camera=camera.format(**words), mic=mic.format(**words))
    assert caught.value.message_key == key
    assert not media.exists()


def test_a_take_that_is_there_is_never_touched(tone, media, take):
    made = record(media, take, mic=file(tone))
    with pytest.raises(FileExistsError):
        record(media, take, mic=file(tone))
    assert read_take(folder_of(media)) == made


def test_a_library_where_nothing_can_be_made(tmp_path, tone, take):
    (tmp_path / "media").write_text("a file, no folder")
    with pytest.raises(BadInputError) as caught:
        record(tmp_path / "media", take, mic=file(tone))
    assert caught.value.message_key == "record.not_writable"


def test_a_second_window_marks_watches_and_stops(long_tone, media, take):
    folder = folder_of(media)
    result = []
    first = threading.Thread(
        target=lambda: result.append(record(media, take, mic=file(long_tone), paced=True))
    )
    first.start()
    wait_until(lambda: (folder / "mic-001.wav").exists() and is_reachable(folder))
    with pytest.raises(UserError) as caught:
        repair(folder)
    assert caught.value.message_key == "record.still_recording"
    connection = reach(folder)
    assert connection is not None
    with connection:
        send(connection, Mark("here"))
        time.sleep(0.5)
        send(connection, Stop())
        second = reattach(folder, work=Work())
    first.join(30)
    assert second == result[0] == read_take(folder)
    assert [marker.text for marker in second.markers] == ["here"]
    assert 0 <= second.markers[0].at_us < second.duration_us


def test_a_finished_take_is_left_as_it_is(tone, media, take):
    made = record(media, take, mic=file(tone))
    assert repair(folder_of(media)) == made


def test_a_take_is_called_damaged_when_what_is_on_disk_is_less_than_was_captured(tone, media, take):
    made = record(media, take, mic=file(tone))
    folder = folder_of(media)
    (folder / "mic-001.wav").unlink()
    write_take(folder, replace(made, state="unfinished"))
    again = repair(folder)
    assert again.state == "damaged"
    assert "mic.missing" in [event.text for event in again.events]


def wait_until(true, *, within_s: float = 15) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.02)


@pytest.mark.parametrize("frames", [31, 32, 33, 34])
def test_a_take_ends_with_every_picture_that_is_shown_before_its_last(make_media, tone, media, take, frames):
    """Pictures that come out of order: a file that ended in between would have holes, which players hide."""
    options = [*H264, "-g", "60", "-bf", "3", "-x264-params", "b-adapt=0:bframes=3"]
    camera = make_media("b frames.mp4", *options, "-an", seconds=3)
    made = record_take(
        media=media,
        take=take,
        camera=f"file:{camera}",
        mic=f"file:{tone}",
        seconds=(frames - 0.5) / 30,
        paced=False,
        work=Work(),
    )
    assert (made.state, made.events) == ("safe", ())
    with av.open(str(media / take.resource_id / take.id / made.segments[0].file)) as container:
        shown = sorted(frame.time for frame in container.decode(video=0))
    assert len(shown) >= frames - 1
    assert shown == pytest.approx([n / 30 for n in range(len(shown))], abs=0.001), "no holes"
