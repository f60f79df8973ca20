"""Every take gets a second file that plays at once: frame n of it is frame n of the take, from any camera."""

import hashlib
import os
import signal
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from capture.errors import BadInputError, UserError
from capture.giving_way import SIGN_FILE, ask_for_room
from capture.probe import probe
from capture.take import Segment, Sync, Take
from capture.work import Cancelled, Work
from editor import encode
from editor.audio import MediaMissingError
from editor.fit import Size
from editor.working_copy import COPY_FILE, SETTINGS_FILE, WorkingCopy, make_working_copy, working_copy
from tests.editor.film_kit import S, coded_take, codes, even_times, write_camera

NTSC = Fraction(30000, 1001)


def made(folder: Path, take: Take) -> WorkingCopy:
    found = make_working_copy(take, folder, in_background=False, work=Work())
    assert found is not None
    return found


def a_take(
    folder: Path, name: str = "a.mp4", *, seconds: float = 2, rate: Fraction | int = 30, **options
) -> Take:
    write_camera(folder / name, even_times(round(seconds * rate), rate), rate=Fraction(rate), **options)
    return replace(coded_take(folder, camera=name, seconds=seconds), picture_rate=str(rate))


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestFromAnyCamera:
    @pytest.mark.parametrize(
        ("rate", "name", "options"),
        [
            (NTSC, "b frames.mp4", {"options": {"bf": "3", "g": "250"}}),
            (60, "fast.mkv", {}),
            (25, "a.mov", {"codec": "prores_ks", "pixels": "yuv422p10le"}),
            (30, "hevc.mp4", {"codec": "libx265", "options": {"x265-params": "log-level=none"}}),
            (30, "vp9.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
            (30, "turned.mp4", {"rotation": 90, "size": (120, 160)}),
            (30, "odd size.mkv", {"pixels": "yuv444p", "size": (161, 121)}),
        ],
        ids=lambda value: str(value) if not isinstance(value, dict) else "",
    )
    def test_it_is_upright_even_and_the_take_s_frames(self, tmp_path, rate, name, options):
        take = a_take(tmp_path, name, rate=rate, **options)
        copy = made(tmp_path, take)
        frames = int(2 * Fraction(rate))
        assert codes(copy.path) == list(range(frames))
        picture = probe(copy.path).video
        assert (picture.rate, picture.variable_rate, picture.rotation) == (rate, False, 0)
        assert picture.sample_aspect == 1
        assert copy.frames == picture.frames == frames
        assert copy.size == Size(picture.width_px, picture.height_px)
        assert (copy.size.width_px > copy.size.height_px) == (options.get("size", (160, 120))[0] > 120)

    def test_a_variable_rate_lies_on_the_take_s_grid(self, tmp_path):
        random = np.random.default_rng(5)
        times_s = np.cumsum([0, *random.choice([0.0331, 0.0493, 0.0667, 0.2011], 39)])
        write_camera(tmp_path / "phone.mp4", times_s)
        take = coded_take(tmp_path, camera="phone.mp4", seconds=float(times_s[-1]) + 0.1)
        copy = made(tmp_path, replace(take, picture_rate="30"))
        places = np.floor(times_s * 30 + 0.5)
        assert codes(copy.path) == [int(np.flatnonzero(places <= n)[-1]) for n in range(copy.frames)]

    def test_where_the_camera_was_away_the_picture_stands_still(self, tmp_path):
        for name in ("camera-001.mp4", "camera-002.mp4"):
            write_camera(tmp_path / name, even_times(30, 30))
        take = coded_take(tmp_path, camera="camera-001.mp4", seconds=4, start_s=0.5)
        second = Segment("camera", "camera-002.mp4", 2_000_000, S)
        first = replace(take.segments[1], duration_us=S)
        take = replace(take, segments=(take.segments[0], first, second), picture_rate="30")
        shown = codes(made(tmp_path, take).path)
        assert shown == [*[0] * 15, *range(30), *[29] * 15, *range(30), *[29] * 30]

    def test_the_sync_places_it(self, tmp_path):
        sync = Sync(offset_us=500_000, drift_ppm=0.0, inliers=1.0)
        take = replace(a_take(tmp_path), sync=sync)
        assert codes(made(tmp_path, take).path) == [*range(15, 60), *[59] * 15]

    def test_nothing_is_larger_than_it_is_published(self, tmp_path):
        take = a_take(tmp_path, size=(1920, 1080), seconds=0.5)
        assert made(tmp_path, take).size == Size(1280, 720)

    def test_sound_alone_has_none(self, tmp_path):
        take = coded_take(tmp_path, seconds=1)
        assert make_working_copy(take, tmp_path, work=Work()) is None


class TestTheFile:
    def test_can_be_entered_every_second_and_says_where(self, tmp_path):
        copy = made(tmp_path, a_take(tmp_path, seconds=4.5, options={"g": "999"}))
        assert np.diff([*copy.keys, copy.frames]).max() <= 30
        with av.open(str(copy.path)) as container:
            (stream,) = container.streams
            step = 1 / (copy.rate * stream.time_base)
            keys = [packet.pts / step for packet in container.demux() if packet.is_keyframe]
        assert keys == list(copy.keys)

    def test_is_encoded_with_what_its_settings_say(self, tmp_path):
        copy = made(tmp_path, a_take(tmp_path))
        with av.open(str(copy.path)) as container:
            headers = container.streams.video[0].codec_context.extradata
        assert headers == encode.PictureEncoder(copy.settings).headers

    def test_comes_out_the_same_again(self, tmp_path):
        take = a_take(tmp_path)
        first = made(tmp_path, take)
        first.path.unlink()
        assert working_copy(take, tmp_path) is None
        assert made(tmp_path, take) == first
        assert checksum(first.path) == first.sha256

    def test_keeps_to_its_size_whatever_is_filmed(self, tmp_path):
        random = np.random.default_rng(1)
        noise = [random.integers(16, 235, (180, 320), dtype=np.uint8) for _ in range(60)]
        copy = made(tmp_path, a_take(tmp_path, size=(320, 180), pictures=noise))
        assert copy.settings.crf > encode.BEST_CRF
        assert copy.bytes * 30 <= 8_000_000

    def test_the_take_s_own_files_are_only_read(self, tmp_path):
        take = a_take(tmp_path)
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        made(tmp_path, take)
        after = {path: path.read_bytes() for path in tmp_path.iterdir()}
        assert {path: data for path, data in after.items() if path in before} == before
        assert {path.name for path in after} - {path.name for path in before} == {COPY_FILE, SETTINGS_FILE}


class TestThatItFits:
    def test_it_is_made_once(self, tmp_path):
        take = a_take(tmp_path)
        first = made(tmp_path, take)
        written_ns = first.path.stat().st_mtime_ns
        assert made(tmp_path, take) == first == working_copy(take, tmp_path)
        assert first.path.stat().st_mtime_ns == written_ns

    def test_a_take_that_changed_needs_another(self, tmp_path):
        take = a_take(tmp_path)
        made(tmp_path, take)
        changed = {
            "sync": replace(take, sync=Sync(40_000, 0.0, 1.0)),
            "drift": replace(take, mic_drift_ppm=20.0),
            "length": replace(take, duration_us=take.duration_us - S // 2),
            "rate": replace(take, picture_rate="25"),
            "no picture": replace(take, segments=take.segments[:1]),
        }
        assert {name for name, other in changed.items() if working_copy(other, tmp_path)} == set()

    def test_another_camera_file_needs_another(self, tmp_path):
        take = a_take(tmp_path)
        made(tmp_path, take)
        pictures = [np.full((120, 160), n, np.uint8) for n in range(60)]
        write_camera(tmp_path / "a.mp4", even_times(60, 30), pictures=pictures)
        assert working_copy(take, tmp_path) is None

    def test_it_still_plays_when_the_camera_s_file_is_away(self, tmp_path):
        take = a_take(tmp_path)
        first = made(tmp_path, take)
        (tmp_path / "a.mp4").rename(tmp_path / "elsewhere.mp4")
        assert working_copy(take, tmp_path) == first

    def test_half_of_one_is_none(self, tmp_path):
        take = a_take(tmp_path)
        copy = made(tmp_path, take)
        os.truncate(copy.path, copy.bytes // 2)
        assert working_copy(take, tmp_path) is None

    def test_settings_that_cannot_be_read_are_none(self, tmp_path):
        take = a_take(tmp_path)
        made(tmp_path, take)
        for settings in (b"", b"{}", b"\xff", b"[1, 2]"):
            (tmp_path / SETTINGS_FILE).write_bytes(settings)
            assert working_copy(take, tmp_path) is None

    def test_settings_of_a_stranger_reach_no_encoder(self, tmp_path):
        take = a_take(tmp_path)
        made(tmp_path, take)
        stored = msgspec.json.decode((tmp_path / SETTINGS_FILE).read_bytes())
        stored["written"]["options"]["x264-params"] += ":dump-yuv=/tmp/anything"
        (tmp_path / SETTINGS_FILE).write_bytes(msgspec.json.encode(stored))
        assert working_copy(take, tmp_path) is None


class TestWhatGoesWrong:
    def test_a_missing_file_is_named(self, tmp_path):
        take = a_take(tmp_path)
        (tmp_path / "a.mp4").unlink()
        with pytest.raises(UserError) as refused:
            make_working_copy(take, tmp_path, work=Work())
        assert refused.value.message_key == MediaMissingError.message_key
        assert refused.value.params["prompt"] == "About t"

    def test_a_broken_file_is_named(self, tmp_path):
        take = a_take(tmp_path)
        (tmp_path / "a.mp4").write_bytes(b"no recording at all")
        with pytest.raises(BadInputError) as refused:
            make_working_copy(take, tmp_path, work=Work())
        assert refused.value.params["name"] == "a.mp4"
        assert not (tmp_path / COPY_FILE).exists()

    def test_stopped_nothing_is_left_and_nobody_goes_on(self, tmp_path):
        take = a_take(tmp_path, seconds=20, size=(640, 480))

        def stop(fraction: float | None, note: str) -> None:
            if (fraction or 0) > 0.1:
                work.cancel()

        work = Work(stop)
        there = set(tmp_path.iterdir())
        with pytest.raises(Cancelled):
            make_working_copy(take, tmp_path, work=work)
        assert set(tmp_path.iterdir()) == there

    def test_progress_rises_to_the_end(self, tmp_path):
        told: list[float] = []
        take = a_take(tmp_path)
        make_working_copy(take, tmp_path, work=Work(lambda fraction, note: told.append(fraction or 0)))
        assert told == sorted(told)
        assert told[-1] == 1.0
        assert len(told) > 10

    def test_it_waits_while_a_recorder_loses_frames(self, tmp_path):
        folder = tmp_path / "media" / "r1" / "t1"
        folder.mkdir(parents=True)
        take = a_take(folder, seconds=0.5)
        ask_for_room(tmp_path / "media")
        sign = tmp_path / "media" / SIGN_FILE
        early: list[float] = []

        def note(fraction: float | None, _note: str) -> None:
            if fraction and sign.exists():
                early.append(fraction)

        enough = threading.Timer(2.0, sign.unlink)
        enough.start()
        assert make_working_copy(take, folder, work=Work(note)) is not None
        enough.join(10)
        assert early == []

    @pytest.mark.drill
    def test_a_process_that_is_killed_is_replaced_once(self, tmp_path):
        take = a_take(tmp_path, seconds=10, size=(640, 480))
        killed: list[int] = []

        def kill(fraction: float | None, note: str) -> None:
            if (fraction or 0) > 0.1 and not killed:
                killed.extend(_children("editor.copy_worker", str(tmp_path)))
                os.kill(killed[0], signal.SIGKILL)

        copy = make_working_copy(take, tmp_path, work=Work(kill))
        assert len(killed) == 1
        assert codes(copy.path) == list(range(300))

    @pytest.mark.drill
    def test_it_runs_after_everything_else_and_ends_with_who_started_it(self, tmp_path):
        take = a_take(tmp_path, seconds=20, size=(640, 480))
        seen: list[int] = []
        work = Work()

        def look(fraction: float | None, note: str) -> None:
            if (fraction or 0) > 0.05:
                for process in _children("editor.copy_worker", str(tmp_path)):
                    tasks = Path(f"/proc/{process}/task").iterdir()
                    seen.extend(os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in tasks)
                work.cancel()

        work = Work(look)
        with pytest.raises(Cancelled):
            make_working_copy(take, tmp_path, work=work)
        assert set(seen) == {19}
        assert len(seen) > 4  # the encoder's and decoder's threads too
        assert not _children("editor.copy_worker", str(tmp_path))


def _children(module: str, folder: str) -> list[int]:
    """The ids of processes that run a module of ours on a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if module in words and folder in words:
            found.append(int(each.parent.name))
    return found
