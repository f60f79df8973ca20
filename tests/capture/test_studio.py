"""The studio: devices open before Record, takes one after the other, nobody waits, nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from capture.probe import probe
from capture.recorder_messages import Done, Event, Level, Position, State
from capture.recording import reattach, repair
from capture.rendezvous import RENDEZVOUS_FILE, is_reachable
from capture.studio import Gone, StudioSession, studio_folder
from capture.take import read_take
from capture.work import Work
from tests.capture.network_camera import free_port, mjpeg, transport
from tests.capture.studio_kit import Studio

US = 1_000_000
REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    return free_port()


def wait_until(true, *, within_s: float = 25) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.02)


def recorder_pid(media: Path) -> int:
    return msgspec.json.decode((studio_folder(media) / RENDEZVOUS_FILE).read_bytes())["pid"]


def test_a_take_is_never_without_somebody_who_says_that_it_is_recorded(media, take, long_clip, long_tone):
    """Else it would be taken for that of a dead recorder, and mended while it is recorded."""
    with Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        for name in ("take-1", "take-2", "take-3"):
            folder = studio.folder(name)
            studio.record(name)
            while not (folder / "take.json").exists():
                assert not list(folder.glob("camera-*"))
            assert is_reachable(folder)
            studio.session.stop()


def test_picture_and_level_before_record_then_take_after_take(media, take, clip, tone):
    """Files stand in for devices: each take plays them from their beginning, to the sample."""
    with Studio(media, take, camera=f"file:{clip}", mic=f"file:{tone}") as studio:
        studio.wait_until_live()
        studio.wait_for(lambda: studio.session.preview())
        studio.wait_for(lambda: studio.has_told(Level))
        assert any(each.peak_db > -30 for each in studio.told if isinstance(each, Level))
        assert not media.exists(), "nothing is written before Record"
        for name in ("take-1", "take-2"):
            studio.record(name)
            made = studio.done(name)
            assert (made.state, made.events) == ("safe", ())
            assert made == read_take(studio.folder(name))
            assert made.duration_us == pytest.approx(2 * US, abs=2)
            assert [(each.file, each.start_us) for each in made.segments] == [
                ("camera-001.mp4", 0),
                ("mic-001.wav", 0),
            ]
            heard, _ = soundfile.read(studio.folder(name) / "mic-001.wav", dtype="float32")
            truth, _ = soundfile.read(tone, dtype="float32")
            assert np.array_equal(heard, truth)
            names = sorted(each.name for each in studio.folder(name).iterdir())
            assert names == ["camera-001.mp4", "mic-001.wav", "take.json"]
        studio.wait_for(lambda: studio.session.preview(), within_s=5)
    assert studio.told[-1] == Gone()
    assert list(studio_folder(media).iterdir()) == []


def test_a_take_begins_with_the_next_picture_of_a_camera_that_runs(media, take, port, long_tone):
    with (
        mjpeg(port),
        Studio(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}") as studio,
    ):
        studio.wait_until_live()
        for name in ("take-1", "take-2"):
            studio.record(name)
            studio.wait_until_recording(name, beyond_us=1_200_000)
            studio.session.stop()
        for name in ("take-1", "take-2"):
            made = studio.done(name)
            assert made.state == "safe", made.events
            [camera] = [each for each in made.segments if each.track == "camera"]
            assert 0 <= camera.start_us < 150_000, "not a second of it is missing"
            assert camera.duration_us == pytest.approx(made.duration_us, abs=200_000)
            video = probe(studio.folder(name) / "camera-001.mp4").video
            assert video is not None
            assert video.frames == pytest.approx(video.duration_us * 30 / US, rel=0.1)


def test_h264_that_is_kept_begins_before_record_so_that_nothing_is_missing(media, take, port, long_tone):
    """It can be entered once a second only: the take takes along what its first picture needs."""
    with (
        transport(port, 30),
        Studio(media, take, camera=f"tcp://127.0.0.1:{port}", mic=f"file:{long_tone}") as studio,
    ):
        studio.wait_until_live()
        studio.wait_for(lambda: studio.session.preview())
        for name in ("take-1", "take-2"):
            studio.record(name)
            studio.wait_until_recording(name, beyond_us=1_500_000)
            studio.session.stop()
            made = studio.done(name)
            assert (made.state, made.camera_settings["encoder"]) == ("safe", "kept"), made.events
            [camera] = [each for each in made.segments if each.track == "camera"]
            assert -2_200_000 < camera.start_us <= 50_000
            info = probe(studio.folder(name) / "camera-001.mp4")
            assert info.video is not None
            assert info.video.frames == pytest.approx(info.video.duration_us * 30 / US, abs=4)


def test_the_next_take_does_not_wait_until_the_last_one_is_verified(media, take, long_clip, long_tone):
    with Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=800_000)
        studio.session.stop()
        studio.wait_for(lambda: studio.state.state is None)
        studio.record("take-2")
        studio.wait_until_recording()
        order = [type(each) for each in studio.told if isinstance(each, Done)]
        studio.session.mark("the gauge")
        studio.wait_until_recording(beyond_us=800_000)
        studio.session.stop()
        first, second = studio.done("take-1"), studio.done("take-2")
        print("done before the second began:", len(order))
    assert first.state == second.state == "safe"
    assert [each.text for each in second.markers] == ["the gauge"]


def test_a_limit_ends_a_take_by_itself(media, take, long_clip, long_tone):
    with Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.record("take-1", seconds=1.5)
        made = studio.done("take-1")
    assert made.duration_us == pytest.approx(1_500_000, abs=21), "to the sample"
    assert made.state == "safe"


def test_devices_are_changed_between_takes_only(media, take, clip, long_clip, long_tone, tone):
    with Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.record("take-1")
        studio.wait_until_recording()
        studio.session.use(mic=f"file:{tone}")
        studio.wait_for(lambda: studio.failed() == ["record.take_running"])
        studio.session.stop()
        studio.done("take-1")
        studio.session.use(mic=f"file:{tone}", camera=f"file:{clip}")
        studio.wait_for(lambda: studio.state.mic.name == tone.name and studio.state.camera.name == clip.name)
        studio.record("take-2")
        made = studio.done("take-2")
        assert (made.state, made.devices.mic_name, made.devices.camera_name) == ("safe", tone.name, clip.name)
        studio.session.use(camera="none")
        studio.wait_for(lambda: studio.state.camera is None)
        studio.session.use(mic="none")
        studio.wait_for(lambda: studio.failed()[-1] == "record.no_source")
        studio.record("take-3")
        assert studio.done("take-3").has_picture is False


def test_devices_are_changed_right_after_stop_and_the_next_take_has_them(
    media, take, long_clip, long_tone, tone
):
    with Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=500_000)
        studio.session.stop()  # its last pictures are on their way while the next orders come
        studio.session.use(mic=f"file:{tone}")
        studio.record("take-2")
        first, second = studio.done("take-1"), studio.done("take-2")
        assert studio.failed() == []
        assert (first.state, first.devices.mic_name) == ("safe", long_tone.name)
        assert (second.state, second.devices.mic_name) == ("safe", tone.name)


def test_a_device_that_cannot_be_opened_says_why_and_is_waited_for(media, take, port, long_tone):
    with Studio(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}") as studio:
        studio.wait_for(lambda: studio.state.camera and studio.state.camera.trouble)
        assert studio.state.camera.trouble == "device.camera_refused"
        studio.wait_for(lambda: studio.has_told(Level)), "the other one is there"
        with mjpeg(port):
            studio.wait_until_live()
            assert studio.state.camera.trouble == ""
            assert "camera.back" in studio.events()


def test_orders_that_make_no_sense_do_no_harm(media, take, long_tone):
    with Studio(media, take, mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.session.stop()
        studio.session.mark("nothing")
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=300_000)
        with pytest.raises(FileExistsError):
            studio.record("take-1")
        studio.record("take-2")
        studio.wait_for(lambda: studio.failed() == ["record.take_running"])
        studio.wait_for(lambda: not studio.folder("take-2").exists())
        studio.session.stop()
        assert studio.done("take-1").state == "safe"


def test_closing_finishes_the_take(media, take, long_tone):
    studio = Studio(media, take, mic=f"file:{long_tone}")
    studio.wait_until_live()
    studio.record("take-1")
    studio.wait_until_recording(beyond_us=500_000)
    studio.session.close()
    assert studio.told[-1] == Gone()
    assert read_take(studio.folder("take-1")).state == "safe"


def test_a_restarted_window_finds_the_session_with_and_without_a_take(media, take, long_clip, long_tone):
    studio = Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}")
    studio.wait_until_live()
    pid = recorder_pid(media)
    studio.session.leave()
    with Studio(media, take, reattach=True) as again:
        again.wait_until_live()
        again.wait_for(lambda: again.session.preview())
        again.record("take-1")
        again.wait_until_recording(beyond_us=400_000)
        again.session.leave()
    with Studio(media, take, camera="file:/other", mic="none") as third:  # opening takes over what is there
        third.wait_for(lambda: third.told)
        first = third.told[0]
        assert isinstance(first, State)
        assert (first.state, first.take, first.mic.name) == ("recording", "take-1", long_tone.name)
        third.wait_for(lambda: third.session.preview())
        third.wait_for(lambda: third.has_told(Position))
        assert recorder_pid(media) == pid
        third.session.stop()
        made = third.done("take-1")
    assert made.state == "safe"


def test_a_take_of_a_session_is_found_through_its_folder(media, take, long_tone):
    with Studio(media, take, mic=f"file:{long_tone}") as studio:
        studio.wait_until_live()
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=300_000)
        folder = studio.folder("take-1")
        wait_until(lambda: is_reachable(folder))
        with pytest.raises(Exception, match="still_recording"):
            repair(folder)
        work = Work()
        work.cancel()
        made = reattach(folder, work=work)
        assert made == studio.done("take-1")
        assert not is_reachable(folder)
        assert is_reachable(studio_folder(media)), "the session goes on"


def test_a_session_without_window_and_take_ends_soon(media, take, long_tone):
    studio = Studio(media, take, mic=f"file:{long_tone}", idle_s=0.5)
    studio.wait_until_live()
    studio.session.leave()
    wait_until(lambda: not is_reachable(studio_folder(media)) or time.sleep(0.7))
    assert not (studio_folder(media) / RENDEZVOUS_FILE).exists()


# Drills -------------------------------------------------------------------------------------------

WINDOW = """
import sys, time
from pathlib import Path
from capture.studio import StudioSession, studio_folder
from capture.take import Take, TakePrompt
media, camera, mic, alone_s = sys.argv[1:]
media = Path(media)
prompt = TakePrompt(id="p1", key="what", text="What do you know?", title="What")
take = Take("take-1", "resource-1", "Reading a gauge", prompt, 1, "recording", "2026-05-04T10:00:00+02:00")
studio = StudioSession.open(
    studio_folder(media), camera=camera, mic=mic, alone_s=float(alone_s), idle_s=1, on_message=lambda m: None
)
def live():
    devices = (studio.state.camera, studio.state.mic)
    return all(each is not None and each.standing == "live" for each in devices)
while not live():
    time.sleep(0.02)
studio.record(media / "resource-1" / "take-1", take)
time.sleep(60)
"""


@pytest.mark.drill
@pytest.mark.parametrize("alone_s", [1.5, 120])
def test_a_window_killed_in_a_take_of_the_studio(media, take, long_clip, long_tone, alone_s):
    """Not restarted: the take is finished by itself. Restarted in time: nothing is lost."""
    command = [
        sys.executable,
        "-c",
        WINDOW,
        str(media),
        f"file:{long_clip}",
        f"file:{long_tone}",
        str(alone_s),
    ]
    folder = media / "resource-1" / "take-1"
    with subprocess.Popen(command, cwd=REPO, start_new_session=True) as window:
        wait_until(lambda: is_reachable(folder) and (folder / "mic-001.wav").exists())
        time.sleep(0.7)
        os.killpg(window.pid, signal.SIGKILL)
    if alone_s < 10:
        wait_until(lambda: read_take(folder).state != "recording")
        wait_until(lambda: not (studio_folder(media) / RENDEZVOUS_FILE).exists())
    else:
        time.sleep(2)
        with Studio(media, take, reattach=True) as studio:
            assert studio.wait_for(lambda: studio.state.state == "recording") is None
            studio.session.stop()
            studio.done("take-1")
    made = read_take(folder)
    assert (made.state, made.events) == ("safe", ())
    assert made.duration_us > 2 * US


@pytest.mark.drill
def test_a_recorder_of_the_studio_that_is_killed(media, take, long_clip, long_tone):
    studio = Studio(media, take, camera=f"file:{long_clip}", mic=f"file:{long_tone}")
    studio.wait_until_live()
    studio.record("take-1", seconds=1)
    studio.done("take-1")
    studio.record("take-2")
    studio.wait_until_recording(beyond_us=1_800_000)
    captured_us = max(each.at_us for each in studio.told[-20:] if isinstance(each, Position))
    os.kill(recorder_pid(media), signal.SIGKILL)
    wait_until(lambda: isinstance(studio.told[-1], Gone))
    assert studio.told[-1] == Gone((studio.folder("take-2"),))
    studio.session.close()
    made = repair(studio.folder("take-2"))
    assert (made.state, [each.text for each in made.events]) == ("safe", ["recorder.killed"])
    lost_us = captured_us - made.duration_us
    print(f"recorder of the studio killed: lost {lost_us / US:.3f} s")
    assert lost_us < US // 2
    assert read_take(studio.folder("take-1")).state == "safe"
    with Studio(media, take, mic=f"file:{long_tone}") as again:
        again.wait_until_live()


@pytest.mark.drill
def test_a_camera_that_goes_between_takes_and_comes_back(media, take, port, long_tone):
    with Studio(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}") as studio:
        with mjpeg(port):
            studio.wait_until_live()
        studio.wait_for(lambda: Event(0, "camera.lost") in studio.told)
        assert studio.state.camera.standing == "lost"
        studio.record("take-1")
        studio.wait_until_recording(beyond_us=500_000)
        with mjpeg(port):
            studio.wait_for(lambda: studio.state.camera.standing == "live")
            time.sleep(1)
            studio.session.stop()
            made = studio.done("take-1")
    assert [each.text for each in made.events] == ["camera.lost", "camera.back"]
    assert [each.file for each in made.segments] == ["camera-001.mp4", "mic-001.wav"]
    assert made.segments[0].start_us > 500_000


def test_only_a_running_session_can_be_taken_over(media):
    assert StudioSession.reattach(studio_folder(media), on_message=lambda message: None) is None
