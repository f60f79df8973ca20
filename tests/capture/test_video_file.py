"""What a camera delivers is kept or encoded, in step with its sound, and stays playable while it grows."""

import os
from pathlib import Path

import av
import numpy as np
import pytest

from capture.boxes import read_boxes
from capture.camera_feed import CameraFeed
from capture.camera_track import CameraTrack
from capture.file_device import FileCamera
from capture.probe import MediaInfo, probe
from capture.video_file import VideoFile, make_whole
from capture.work import Work

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def record(source: Path, out: Path) -> tuple[MediaInfo, CameraTrack]:
    camera = FileCamera(source, paced=False)
    given = (camera, camera.open())
    feed = CameraFeed(str(source), given, loops=False, tell=lambda key, at_us: None, on_standing=lambda: None)
    folder = out.parent / "take"
    folder.mkdir(exist_ok=True)
    track = CameraTrack(folder=folder, start_us=0, limit_us=None, live=False, tell=lambda key, at_us: None)
    feed.go_on(track)
    feed.start(0)
    assert track.join(60)
    track.sync()
    track.finish()
    feed.join(10)
    (folder / "camera-001.mp4").rename(out)
    return probe(out), track


def packets(path: Path) -> list[tuple[int, bytes]]:
    with av.open(str(path)) as container:
        return [(p.pts, bytes(p)) for p in container.demux(video=0) if p.size]


def key_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(p.is_keyframe for p in container.demux(video=0) if p.size)


def brightness(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]


def test_h264_that_can_be_cut_is_kept_bit_by_bit(sample, tmp_path):
    source = sample / "4-who.camera.mp4"
    info, file = record(source, tmp_path / "out.mp4")
    assert file.settings == {"encoder": "kept", "codec": "h264"}
    assert packets(tmp_path / "out.mp4") == packets(source)
    assert info == probe(source), "lengths, starts and key frames stay, and so does the sound"
    assert read_boxes(tmp_path / "out.mp4").kinds == ("ftyp", "free", "mdat", "moov"), "a plain MP4"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("mjpeg.avi", ("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
        ("rare keys.mp4", (*H264, "-g", "300", "-bf", "2", "-c:a", "aac")),
        ("browser.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")),
        ("raw.h264", (*H264, "-an")),
    ],
)
def test_anything_else_is_encoded_with_a_key_frame_every_second(make_media, tmp_path, name, options):
    source = make_media(name, *options, seconds=3)
    info, file = record(source, tmp_path / "out.mp4")
    assert info.video is not None
    assert (info.video.codec, info.video.pixel_format, info.video.frames) == ("h264", "yuv420p", 90)
    assert abs(info.video.duration_us - 3_000_000) < 2000
    assert info.video.longest_key_interval_us <= 1_001_000
    assert info.video.keepable
    assert key_frames(tmp_path / "out.mp4") == 3, "and no more, though every frame of an MJPEG is one"
    assert file.settings["encoder"] == "libx264"
    assert file.settings["crf"]
    assert abs(file.end_us - (file.first_us or 0) - info.video.duration_us) < 2000
    assert (info.audio is None) == (probe(source).audio is None)


def test_a_camera_that_slows_down_in_the_dark_still_has_a_key_frame_every_second(make_media, tmp_path):
    slow = ("-vf", "setpts='if(lt(N,30),N/30,1+(N-30)/10)/TB'", "-fps_mode", "vfr")
    source = make_media("slow.mkv", "-c:v", "mjpeg", *slow, "-an", seconds=3)
    info, _ = record(source, tmp_path / "out.mp4")
    assert info.video is not None
    assert info.video.variable_rate
    assert info.video.longest_key_interval_us <= 1_110_000


def test_full_range_pictures_keep_their_brightness(make_media, tmp_path):
    grey = ("-f", "lavfi", "-i", "color=0xC0C0C0:size=64x64:rate=10:duration=1")
    source = make_media("grey.avi", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", inputs=grey)
    record(source, tmp_path / "out.mp4")
    assert np.mean(brightness(tmp_path / "out.mp4")) == pytest.approx(np.mean(brightness(source)), abs=2)


def test_odd_sizes_and_turned_pictures(make_media, tmp_path):
    odd = make_media("odd.mkv", "-c:v", "ffv1", "-vf", "scale=161:121", "-an", seconds=1)
    info, _ = record(odd, tmp_path / "odd.mp4")
    assert info.video is not None
    assert (info.video.width_px, info.video.height_px) == (160, 120)
    for keys in ("30", "300"):  # kept, encoded
        stored = make_media(f"stored{keys}.mp4", *H264, "-g", keys, seconds=4)
        turned = make_media(
            f"up{keys}.mp4", "-c", "copy", inputs=("-display_rotation", "90", "-i", str(stored))
        )
        info, file = record(turned, tmp_path / f"turned{keys}.mp4")
        assert info.video is not None
        assert file.settings["encoder"] == {"30": "kept", "300": "libx264"}[keys]
        assert (info.video.width_px, info.video.height_px, info.video.rotation) == (120, 160, 90)


@pytest.mark.parametrize("name", ["in step.mp4", "in step.mkv", "in step.ts"])
def test_sound_stays_in_step_with_the_picture(make_media, tmp_path, name):
    """A flash and a beep one second in are still together, whether kept or encoded."""
    inputs = (
        *("-f", "lavfi", "-i", "color=black:size=64x64:rate=30:duration=2"),
        *("-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000:duration=2"),
    )
    source = make_media(
        name,
        *("-vf", "drawbox=color=white:t=fill:enable='gte(t,1)'", "-af", "volume=0:enable='lt(t,1)'"),
        *(*H264, "-bf", "2", "-g", "30", "-c:a", "aac"),
        inputs=inputs,
    )
    record(source, tmp_path / "out.mp4")
    assert abs(beep_after_flash_s(tmp_path / "out.mp4") - beep_after_flash_s(source)) < 0.002


def beep_after_flash_s(path: Path) -> float:
    with av.open(str(path)) as container:
        flash_s = next(f.time for f in container.decode(video=0) if f.to_ndarray(format="gray").mean() > 128)
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.05)
            if loud.size:
                return frame.time + float(loud[0]) / frame.sample_rate - flash_s
    raise AssertionError("no beep")


def test_a_growing_file_plays_and_can_be_made_whole(long_clip, tmp_path):
    camera = FileCamera(long_clip, paced=False)
    file = VideoFile(tmp_path / "out.mp4", camera.open())
    written_us = 0
    for packet in camera.packets(0):
        file.write(packet)
        if packet.stream.type == "video":
            written_us = int(packet.pts * packet.time_base * 1_000_000)
        if written_us >= 10_000_000:
            break
    left = tmp_path / "left.mp4"
    left.write_bytes((tmp_path / "out.mp4").read_bytes() + b"\0\0\0\x50moof\0\0")
    file.close()
    camera.close()
    assert "moof" in read_boxes(left).kinds
    in_pieces = probe(left)
    make_whole(left, work=Work())
    assert "moof" not in read_boxes(left).kinds
    assert probe(left) == in_pieces
    assert in_pieces.video is not None
    assert written_us - in_pieces.video.duration_us < 500_000


def test_broken_packets_are_counted_and_the_rest_is_kept(make_media, tmp_path):
    source = make_media("broken.avi", "-c:v", "mjpeg", "-an", seconds=1)
    data = bytearray(source.read_bytes())
    at = data.index(b"00dc", len(data) // 2)
    data[at + 8 : at + 2000] = os.urandom(1992)
    broken = tmp_path / "broken.avi"
    broken.write_bytes(data)
    info, file = record(broken, tmp_path / "out.mp4")
    assert info.video is not None
    assert info.video.frames >= 25
    assert file.broken_packets <= 5


def test_a_camera_that_delivers_nothing_leaves_no_trouble(clip, tmp_path):
    camera = FileCamera(clip, paced=False)
    file = VideoFile(tmp_path / "out.mp4", camera.open())
    file.sync()
    file.close()
    camera.close()
    assert file.first_us is None
