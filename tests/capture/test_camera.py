"""Network cameras: FFmpeg serves motion JPEG over HTTP and a transport stream over TCP on loopback."""

import os
import signal
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest

from capture.camera import Input, LiveCamera, network_camera, without_password
from capture.camera_clock import SenderClock, TornClockError, rate_of
from capture.camera_list import list_cameras, way_to
from capture.devices import open_camera
from capture.errors import BadInputError, UserError
from capture.giving_way import is_room_asked_for
from capture.probe import probe
from capture.recording import record_take
from capture.take import read_take
from capture.video_file import VideoFile
from capture.work import Work
from tests.capture.background import Recording
from tests.capture.network_camera import free_port, mjpeg, serving, transport

US = 1_000_000


@pytest.fixture
def port() -> int:
    return free_port()


class CameraRecording(Recording):
    """A network camera needs a while until it is really there."""

    begun_us = US
    patience_s = 25.0


def key_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(packet.is_keyframe for packet in container.demux(video=0) if packet.size)


def test_motion_jpeg_over_http(media, take, port, long_tone):
    with mjpeg(port):
        recording = CameraRecording(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}")
        time.sleep(3)
        made = recording.stop()
    assert made.state == "safe", made.events
    assert made.devices.camera_name == f"127.0.0.1:{port}"
    assert made.picture_rate == "30"
    video = probe(recording.folder / "camera-001.mp4").video
    assert video is not None
    assert (video.codec, video.width_px, video.height_px) == ("h264", 640, 360)
    assert video.longest_key_interval_us <= 1_100_000
    assert key_frames(recording.folder / "camera-001.mp4") <= video.duration_us / US + 2, "not every frame"
    assert video.frames == pytest.approx(video.duration_us * 30 / US, rel=0.1)
    [camera] = [each for each in made.segments if each.track == "camera"]
    assert abs(camera.start_us) < US // 2
    assert camera.duration_us == pytest.approx(made.duration_us, abs=US // 2)


@pytest.mark.parametrize(("gop", "encoder"), [(30, "kept"), (300, "libx264")])
def test_a_transport_stream_is_kept_where_it_can_be_cut(media, take, port, long_tone, gop, encoder):
    with transport(port, gop):
        recording = CameraRecording(media, take, camera=f"tcp://127.0.0.1:{port}", mic=f"file:{long_tone}")
        time.sleep(3)
        made = recording.stop()
    assert made.state == "safe", made.events
    assert (made.camera_settings["encoder"], made.picture_rate) == (encoder, "30")
    info = probe(recording.folder / "camera-001.mp4")
    assert info.video is not None
    assert info.audio is not None
    assert info.video.frames == pytest.approx(info.video.duration_us * 30 / US, abs=3)
    assert info.audio.duration_us == pytest.approx(info.video.duration_us, abs=400_000)


def test_a_camera_of_this_computer(tmp_path):
    """FFmpeg's own test device stands in for v4l2, dshow and avfoundation: raw pictures, own clock."""
    way = Input("testsrc2=size=320x240:rate=30,realtime", "lavfi", ({"nonsense": "1"}, {}))
    camera = LiveCamera("camera:test", name="Test", way=way)
    delivers = camera.open()
    assert (delivers.rate, delivers.keep_packets, delivers.video.width) == (30, False, 320)
    start_us = time.monotonic_ns() // 1000
    file = VideoFile(tmp_path / "camera-001.mp4", delivers)
    for packet in camera.packets(start_us):
        at_us = round((packet.pts or 0) * packet.time_base * US)
        late_us = time.monotonic_ns() // 1000 - start_us - at_us
        assert late_us < US // 2, "stamped with when it was taken"
        if at_us > US:
            break
        for frame in packet.decode():
            file.write_frame(frame)
    file.close()
    camera.close()
    video = probe(tmp_path / "camera-001.mp4").video
    assert video is not None
    assert video.frames == pytest.approx(30, abs=4)


@pytest.mark.parametrize(
    ("platform", "url", "device_format"),
    [
        ("linux", "/dev/video0", "v4l2"),
        ("win32", "video=/dev/video0", "dshow"),
        ("darwin", "/dev/video0:none", "avfoundation"),
    ],
)
def test_every_platform_has_its_way_to_a_camera(platform, url, device_format):
    way = way_to("/dev/video0", platform=platform)
    assert (way.url, way.format) == (url, device_format)
    assert way.choices[-1].get("video_size") is None, "a camera without the usual modes is taken as it is"


@pytest.mark.parametrize(
    "url", ["ftp://camera/x", "concat://a", "http://", "phone", "", "file:", "mic:x", "http://[bad"]
)
def test_what_is_no_camera(url):
    with pytest.raises(BadInputError) as caught:
        open_camera(url)
    assert caught.value.message_key == "device.unknown"


def test_a_camera_that_is_not_there_leaves_nothing(media, take, port):
    with pytest.raises(UserError) as caught:
        record_take(media=media, take=take, camera=f"http://127.0.0.1:{port}", mic="none", work=Work())
    assert caught.value.message_key == "device.camera_refused"
    assert not media.exists()


def test_a_password_gets_into_no_file():
    assert without_password("rtsp://me:secret@camera.local:554/a@b") == "rtsp://camera.local:554/a@b"
    assert "secret" not in network_camera("rtsp://me:secret@camera.local/live").id


def test_cameras_of_linux_by_names_that_stay(tmp_path):
    sysfs, dev = tmp_path / "sys", tmp_path / "dev"
    (dev / "v4l" / "by-id").mkdir(parents=True)
    for node, index, name in (
        ("video0", "0", "Brio 100"),
        ("video1", "1", "Brio 100"),
        ("video10", "0", "Grabber"),
    ):
        (sysfs / node).mkdir(parents=True)
        (sysfs / node / "index").write_text(f"{index}\n")
        (sysfs / node / "name").write_text(f"{name}\n")
        (dev / node).write_text("")
    link = dev / "v4l" / "by-id" / "usb-Brio_100-index0"
    link.symlink_to(dev / "video0")
    assert [(each.id, each.name) for each in list_cameras(sysfs=sysfs, dev=dev)] == [
        (f"camera:{link}", "Brio 100"),
        (f"camera:{dev / 'video10'}", "Grabber"),
    ]


def test_the_clock_of_a_sender_is_laid_on_ours_by_its_least_late_packets():
    clock = SenderClock()
    clock.settle([700_000, 650_000])
    for n in range(300):
        stamp_us, late_us = n * 33_333, (n * 7919) % 40_000
        at_us = clock.at_us(stamp_us, stamp_us + 650_000 + late_us)
        assert at_us == pytest.approx(stamp_us + 650_000, abs=5_000)
    with pytest.raises(TornClockError):
        clock.at_us(90_000_000, 11_000_000)


def test_a_rate_is_the_usual_one_nearby():
    assert rate_of([n * 33_400 for n in range(30)]) == 30
    assert rate_of([n * 33_367 for n in range(100)]) == Fraction(30000, 1001)
    assert rate_of([n * 143_000 for n in range(30)]) == 7


# Drills -------------------------------------------------------------------------------------------


@pytest.mark.drill
@pytest.mark.parametrize(
    ("picture", "event"),
    [
        ("color=gray:size=320x240:rate=30", "camera.still"),
        ("testsrc2=size=320x240:rate=30,select='lt(t\\,4)+gt(random(0)\\,0.4)'", "camera.dropped"),
        ("testsrc2=size=320x240:rate=30,select='lt(t\\,4)+not(mod(n\\,2))'", "camera.slow"),
    ],
    ids=["still", "lost", "half as many, as in the dark"],
)
def test_pictures_that_stand_still_or_do_not_come_are_told_of(media, take, port, long_tone, picture, event):
    """Nothing is lost of what came: the take is safe, but the producer should look."""
    options = ["-re", "-f", "lavfi", "-i", picture, "-fps_mode", "passthrough", "-c:v", "mjpeg"]
    with serving(*options, "-f", "mpjpeg", "-listen", "1", f"http://127.0.0.1:{port}"):
        recording = CameraRecording(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}")
        recording.wait_for_event(event)
        if event == "camera.slow":
            time.sleep(3)
            assert recording.events == [event], "once, and nothing is called lost"
        assert is_room_asked_for(media) == (event == "camera.dropped")
        made = recording.stop()
    assert event in [each.text for each in made.events]
    assert made.state == "safe"


@pytest.mark.drill
@pytest.mark.parametrize("fault", ["frozen", "gone"])
def test_a_camera_that_is_lost_and_comes_back(media, take, port, long_tone, fault):
    with mjpeg(port) as sender:
        recording = CameraRecording(media, take, camera=f"http://127.0.0.1:{port}", mic=f"file:{long_tone}")
        time.sleep(1)
        if fault == "frozen":
            os.kill(sender.pid, signal.SIGSTOP)
        else:
            sender.kill()
        began_s = time.monotonic()
        recording.wait_for_event("camera.frozen" if fault == "frozen" else "camera.lost")
        print(f"camera {fault}: told after {time.monotonic() - began_s:.2f} s")
    with mjpeg(port):
        recording.wait_for_event("camera.back")
        time.sleep(2.5)
        made = recording.stop()
    assert made.state == "damaged"
    cameras = [each for each in made.segments if each.track == "camera"]
    assert [each.file for each in cameras] == ["camera-001.mp4", "camera-002.mp4"]
    assert cameras[1].start_us > cameras[0].start_us + cameras[0].duration_us
    for each in cameras:
        assert probe(recording.folder / each.file).duration_us == pytest.approx(each.duration_us, abs=40_000)
    [mic] = [each for each in made.segments if each.track == "mic"]
    assert mic.duration_us == made.duration_us, "the sound went on"
    assert made == read_take(recording.folder)
