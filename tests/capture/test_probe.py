"""What a file really holds, whatever its name or header says; and why a file cannot be used."""

from fractions import Fraction
from pathlib import Path

import pytest

from capture.boxes import read_boxes
from capture.errors import BadInputError
from capture.probe import probe
from capture.work import Cancelled, Work

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
ONE_FRAME_US = 33_334


def reason(path: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        probe(path)
    assert caught.value.exit_code == 2
    return caught.value.message_key


def test_a_camera_file_of_the_sample(sample):
    info = probe(sample / "2-why.camera.mp4")
    assert info.duration_us == 25_635_000
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width_px, info.video.height_px) == ("h264", 1280, 720)
    assert (info.video.rate, info.video.variable_rate, info.video.frames) == (30, False, 769)
    assert (info.video.start_us, info.video.duration_us) == (0, 25_633_333)
    assert info.video.longest_key_interval_us == 2_000_000
    assert info.video.keepable
    assert (info.audio.codec, info.audio.rate_hz, info.audio.channels) == ("aac", 48_000, 1)
    assert (info.audio.start_us, info.audio.duration_us) == (0, 25_635_000)


def test_a_sound_file_has_its_exact_length_and_depth(sample):
    info = probe(sample / "1-what.flac")
    assert info.video is None
    assert info.audio is not None
    assert info.audio.duration_us == round(1_096_954 / 48_000 * 1e6)
    assert info.audio.bits == 16


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", (*H264, "-bf", "2", "-c:a", "aac")),
        ("a.mov", (*H264, "-c:a", "pcm_s16le")),
        ("a.mkv", (*H264, "-bf", "2", "-c:a", "libopus")),
        ("a.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")),
        ("a.ts", (*H264, "-c:a", "aac")),
        ("a.avi", ("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
        ("a.mpg", ("-c:v", "mpeg2video", "-c:a", "mp2")),
        ("a.h264", (*H264, "-an")),
    ],
)
def test_every_container_has_its_true_length(make_media, name, options):
    info = probe(make_media(name, *options, seconds=3))
    assert info.video is not None
    assert info.video.frames == 90
    assert abs(info.video.duration_us - 3_000_000) < 2000
    assert info.video.rate == 30
    assert not info.video.variable_rate
    if info.audio is not None:
        assert abs(info.audio.duration_us - 3_000_000) < 60_000  # codecs work in blocks


def test_a_header_without_a_length_does_not_matter(make_media):
    """As MediaRecorder writes it: WebM to a pipe has neither length nor index."""
    info = probe(
        make_media(
            "live.webm",
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-c:a",
            "libopus",
            "-live",
            "1",
        )
    )
    assert info.video is not None
    assert abs(info.video.duration_us - 2_000_000) <= ONE_FRAME_US


def test_a_changing_frame_rate_is_noticed(make_media):
    path = make_media(
        "vfr.mp4", *H264, "-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr", "-an", seconds=3
    )
    info = probe(path)
    assert info.video is not None
    assert info.video.variable_rate
    assert 25 < info.video.rate < 26.5


def test_the_television_rate_is_exact_though_times_are_rounded(make_media):
    path = make_media("ntsc.mkv", *H264, "-r", "30000/1001", "-an", seconds=4)
    info = probe(path)
    assert info.video is not None
    assert info.video.rate == Fraction(30_000, 1001)
    assert not info.video.variable_rate


def test_a_phone_held_upright(make_media):
    stored = make_media("stored.mp4", *H264, "-c:a", "aac")
    path = make_media("turned.mp4", "-c", "copy", inputs=("-display_rotation", "90", "-i", str(stored)))
    info = probe(path)
    assert info.video is not None
    assert (info.video.width_px, info.video.height_px, info.video.rotation) == (120, 160, 90)


def test_odd_sizes_and_oblong_pixels(make_media):
    path = make_media("odd.mkv", "-c:v", "ffv1", "-vf", "scale=161:121,setsar=4/3", "-an")
    info = probe(path)
    assert info.video is not None
    assert (info.video.width_px, info.video.height_px) == (161, 121)
    assert info.video.sample_aspect == Fraction(4, 3)


def test_the_longest_stretch_without_a_key_frame(make_media):
    path = make_media("keys.mp4", *H264, "-force_key_frames", "0,0.5,3", "-g", "999", "-an", seconds=4)
    info = probe(path)
    assert info.video is not None
    assert info.video.longest_key_interval_us == 2_500_000


def test_pictures_that_reach_past_a_key_frame_cannot_be_kept(make_media):
    closed = make_media("closed.mp4", *H264, "-g", "30", "-an")
    opened = make_media(
        "open.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-x264-params", "open-gop=1:keyint=20", "-an"
    )
    kept, not_kept = probe(closed).video, probe(opened).video
    assert kept is not None
    assert not_kept is not None
    assert (kept.keepable, not_kept.keepable) == (True, False)


def test_frames_hidden_by_an_edit_list_do_not_count(make_media):
    whole = make_media("whole.mp4", *H264, "-g", "60", "-an", seconds=4)
    path = make_media("trimmed.mp4", "-c", "copy", inputs=("-ss", "0.5", "-i", str(whole)))
    info = probe(path)
    assert info.video is not None
    assert abs(info.video.duration_us - 3_500_000) <= ONE_FRAME_US
    assert not info.video.keepable


def test_a_cover_picture_is_no_video(make_media, tone):
    cover = make_media("cover.png", "-frames:v", "1", inputs=("-f", "lavfi", "-i", "color=red:size=64x64"))
    path = make_media(
        "podcast.m4a",
        *("-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "copy", "-disposition:v:0", "attached_pic"),
        inputs=("-i", str(tone), "-i", str(cover)),
    )
    info = probe(path)
    assert info.video is None
    assert info.audio is not None


def test_hostile_names_and_titles_are_only_names(make_media, tmp_path, clip):
    for name in (
        "a b.mp4",
        "quote\"'.mp4",
        "🎥.mp4",
        "שלום.mp4",
        "<script>.mp4",
        "-i.mp4",
        "a:b.mp4",
        "%03d.mp4",
    ):
        path = tmp_path / name
        path.write_bytes(clip.read_bytes())
        assert probe(path).video is not None


def test_a_name_longer_than_any_file_can_have(tmp_path):
    assert reason(tmp_path / ("x" * 300 + ".mp4")) == "import.unreadable"


def test_what_is_not_there_or_not_a_file(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "note.mp4").write_text("Dear expert,\n" * 500)
    assert reason(tmp_path / "nothing.mp4") == "import.missing"
    assert reason(tmp_path) == "import.directory"
    assert reason(Path("/dev/null")) == "import.not_file"
    assert reason(tmp_path / "empty.mp4") == "import.empty"
    assert reason(tmp_path / "note.mp4") == "import.not_media"


def test_a_playlist_is_never_followed(tmp_path, clip):
    (tmp_path / "clip.mp4").write_bytes(clip.read_bytes())
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXTINF:2,\nclip.mp4\n#EXT-X-ENDLIST\n")
    (tmp_path / "web.mp4").write_text("#EXTM3U\n#EXTINF:2,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "concat.mp4").write_text("ffconcat version 1.0\nfile clip.mp4\n")
    for name in ("list.mp4", "web.mp4", "concat.mp4"):
        assert reason(tmp_path / name) == "import.not_media"


def test_a_picture_is_no_recording(sample):
    assert reason(sample / "portrait.png") == "import.still_picture"


def test_a_camera_that_was_switched_off_before_it_wrote_the_index(tmp_path, clip):
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip.read_bytes()[: clip.stat().st_size * 2 // 3])
    assert "moov" not in read_boxes(path).kinds
    assert reason(path) == "import.truncated"


def test_a_copy_that_broke_off_after_the_index(make_media, tmp_path):
    whole = make_media("web.mp4", *H264, "-c:a", "aac", "-movflags", "faststart")
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    assert "moov" in read_boxes(path).kinds
    assert reason(path) == "import.truncated"


def test_a_fragmented_file_plays_up_to_where_it_broke_off(make_media, tmp_path):
    whole = make_media(
        "pieces.mp4", *H264, "-g", "15", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"
    )
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    info = probe(path)
    assert 700_000 < info.duration_us < 1_900_000


def test_a_clip_of_no_length(make_media):
    assert reason(make_media("nothing.mp4", *H264, "-c:a", "aac", "-t", "0")) == "import.no_length"


def test_looking_can_be_stopped(sample):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        probe(sample / "2-why.camera.mp4", work=work)


def test_looking_leaves_nothing_open(sample):
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    for _ in range(5):
        probe(sample / "4-who.camera.mp4")
    after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    assert after <= before
