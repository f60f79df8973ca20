"""Any camera's file becomes a take, byte for byte; what cannot be used leaves nothing behind."""

import os
import threading
from pathlib import Path

import pytest

from capture.errors import BadInputError
from capture.importing import import_take
from capture.take import read_take
from capture.work import Cancelled, Work

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2")


def refused(file: Path, media: Path, take, **more) -> str:
    with pytest.raises(BadInputError) as caught:
        import_take(file, media=media, take=take, work=Work(), **more)
    assert not media.exists(), "nothing is left behind"
    assert caught.value.exit_code == 2
    return caught.value.message_key


def test_a_video_becomes_a_take(sample, media, take):
    source = sample / "4-who.camera.mp4"
    seen = []
    made = import_take(source, media=media, take=take, work=Work(lambda *each: seen.append(each)))
    folder = media / "resource-1" / "take-1"
    assert made == read_take(folder)
    assert made.state == "safe"
    assert (made.has_picture, made.picture_rate, made.duration_us) == (True, "30", 16_466_667)
    assert [(s.track, s.file, s.start_us) for s in made.segments] == [("camera", "camera-001.mp4", 0)]
    assert (made.devices.camera_id, made.devices.camera_name) == ("import", "4-who.camera.mp4")
    assert (folder / "camera-001.mp4").read_bytes() == source.read_bytes()
    assert sorted(each.name for each in folder.iterdir()) == ["camera-001.mp4", "take.json"]
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_lapel_track_of_its_own_goes_beside_it(sample, media, take):
    made = import_take(
        sample / "4-who.camera.mp4", media=media, take=take, mic=sample / "4-who.flac", work=Work()
    )
    assert [(s.track, s.file) for s in made.segments] == [
        ("camera", "camera-001.mp4"),
        ("mic", "mic-001.flac"),
    ]
    assert made.duration_us == 16_408_438, "the lapel's clock is the take's"
    assert made.sync is None, "sync comes after"


def test_sound_alone_is_a_take_without_a_picture(tone, media, take):
    made = import_take(tone, media=media, take=take, work=Work())
    assert (made.state, made.has_picture, made.picture_rate) == ("safe", False, "")
    assert [(s.track, s.file, s.duration_us) for s in made.segments] == [("mic", "mic-001.flac", 2_000_000)]


def test_a_podcast_with_a_cover_is_sound_alone(make_media, tone, media, take):
    cover = make_media("cover.png", "-frames:v", "1", inputs=("-f", "lavfi", "-i", "color=red:size=64x64"))
    podcast = make_media(
        "podcast.m4a",
        *("-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "copy", "-disposition:v:0", "attached_pic"),
        inputs=("-i", str(tone), "-i", str(cover)),
    )
    made = import_take(podcast, media=media, take=take, work=Work())
    assert (made.state, made.has_picture) == ("safe", False)
    assert made.segments[0].file == "mic-001.m4a"


def test_a_video_without_sound_is_refused_unless_the_lapel_heard(silent_clip, tone, media, take):
    assert refused(silent_clip, media, take) == "import.no_voice"
    made = import_take(silent_clip, media=media, take=take, mic=tone, work=Work())
    assert made.state == "safe"


def test_a_lapel_track_makes_no_sense_beside_sound_and_must_hold_some(tone, silent_clip, clip, media, take):
    assert refused(tone, media, take, mic=tone) == "import.no_picture"
    assert refused(clip, media, take, mic=silent_clip) == "import.mic_without_sound"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mov", (*H264, "-c:a", "pcm_s16le")),
        ("a.mkv", (*H264, "-bf", "2", "-g", "999", "-c:a", "libopus")),
        ("a.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")),
        ("a.mts", (*H264, "-f", "mpegts", "-c:a", "ac3")),
        ("a.avi", ("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
        ("odd.mkv", ("-c:v", "ffv1", "-vf", "scale=161:121", "-c:a", "flac")),
        ("vfr.mp4", (*H264, "-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr", "-c:a", "aac")),
    ],
)
def test_any_container_and_codec(make_media, media, take, name, options):
    made = import_take(make_media(name, *options), media=media, take=take, work=Work())
    assert (made.state, made.events) == ("safe", ())
    assert abs(made.duration_us - 2_000_000) < 80_000
    assert made.segments[0].file == f"camera-001{Path(name).suffix}"


@pytest.mark.parametrize(
    "name", ["a b.MP4", "🎥 «שלום» <script>'\".mp4", "no extension", "x.§§", "y." + "z" * 200]
)
def test_a_hostile_name_is_kept_as_words_only(tmp_path, clip, media, take, name):
    source = tmp_path / name
    source.write_bytes(clip.read_bytes())
    made = import_take(source, media=media, take=take, work=Work())
    assert made.devices.camera_name == name
    assert made.segments[0].file in {"camera-001.mp4", "camera-001.mov"}


def test_bad_input_leaves_nothing(tmp_path, clip, media, take, make_media, sample):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "note.mp4").write_text("Dear expert,\n" * 500)
    (tmp_path / "cut.mp4").write_bytes(clip.read_bytes()[:-2000])
    nothing = make_media("nothing.mp4", *H264, "-c:a", "aac", "-t", "0")
    assert refused(tmp_path / "missing.mp4", media, take) == "import.missing"
    assert refused(tmp_path, media, take) == "import.directory"
    assert refused(tmp_path / "empty.mp4", media, take) == "import.empty"
    assert refused(tmp_path / "note.mp4", media, take) == "import.not_media"
    assert refused(tmp_path / "cut.mp4", media, take) == "import.truncated"
    assert refused(nothing, media, take) == "import.no_length"
    assert refused(sample / "portrait.png", media, take) == "import.still_picture"


def test_a_picture_that_is_nothing_but_noise_is_refused(make_media, tmp_path, media, take):
    source = make_media("to break.mp4", *H264, "-g", "10", "-an", seconds=1)
    data = bytearray(source.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov")
    data[start:end] = bytes(end - start)
    (tmp_path / "noise.mp4").write_bytes(data)
    assert refused(tmp_path / "noise.mp4", media, take) == "import.cannot_decode"


def test_silence_is_kept_but_not_called_safe(make_media, media, take):
    silence = ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "2")
    source = make_media("silence.wav", inputs=silence)
    made = import_take(source, media=media, take=take, work=Work())
    assert made.state == "damaged"
    assert [event.text for event in made.events] == ["mic.mute"]


def test_cancelling_leaves_nothing(sample, media, take):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        import_take(sample / "4-who.camera.mp4", media=media, take=take, work=work)
    assert not media.exists()

    def cancel_while_copying(fraction, note):
        if note == "import.copying":
            work.cancel()

    work = Work(cancel_while_copying)
    with pytest.raises(Cancelled):
        import_take(sample / "4-who.camera.mp4", media=media, take=take, work=work)
    assert not media.exists()


def test_takes_that_are_there_are_never_touched(clip, tone, media, take):
    made = import_take(clip, media=media, take=take, work=Work())
    folder = media / "resource-1" / "take-1"
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(FileExistsError):
        import_take(tone, media=media, take=take, work=Work())
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert read_take(folder) == made


def test_what_a_killed_import_left_is_swept_away(clip, media, take):
    left = media / "resource-1" / ".take-1.part"
    left.mkdir(parents=True)
    (left / "camera-001.mp4").write_bytes(b"half")
    assert import_take(clip, media=media, take=take, work=Work()).state == "safe"
    assert [each.name for each in left.parent.iterdir()] == ["take-1"]


def test_a_file_that_is_still_being_written_is_refused(sample, tmp_path, media, take):
    source = tmp_path / "growing.mp4"
    source.write_bytes((sample / "4-who.camera.mp4").read_bytes())

    def grow(fraction, note):
        if note == "import.copying" and threading.main_thread() is threading.current_thread():
            os.truncate(source, 1000)

    with pytest.raises(BadInputError) as caught:
        import_take(source, media=media, take=take, work=Work(grow))
    assert caught.value.message_key == "import.changing"
    assert not media.exists()


@pytest.mark.drill
def test_no_room_is_noticed_before_anything_is_copied(sample, make_disk, take):
    disk = make_disk(size_kb=4000)
    assert refused(sample / "4-who.camera.mp4", disk / "media", take) == "import.disk_full"


@pytest.mark.drill
def test_a_disk_that_becomes_full_while_copying_is_left_as_it_was(sample, make_disk, take):
    """The guard above is switched off by asking for less than no room."""
    disk = make_disk(size_kb=200)
    source = sample / "4-who.camera.mp4"
    assert refused(source, disk / "media", take, spare_bytes=-(1 << 40)) == "import.disk_full_meanwhile"
    assert list(disk.iterdir()) == []


@pytest.mark.drill
def test_a_read_only_library_is_left_as_it_was(clip, make_disk, take):
    disk = make_disk(size_kb=40_000, options="ro")
    assert refused(clip, disk / "media", take) == "import.not_writable"
