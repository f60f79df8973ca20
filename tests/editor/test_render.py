"""Every frame of the result is the one that the cut list says, from any camera, and the sound fits it."""

import contextlib
import errno
import hashlib
import resource as system
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from capture.errors import BadInputError, UserError
from capture.ffmpeg import file_name, run
from capture.probe import probe
from capture.take import Segment, Sync, Take
from capture.work import Cancelled, Work
from editor import encode, fit, loudness, render
from editor.audio import MediaMissingError, read_sound
from editor.cutlist import cut_list, place
from editor.fit import FrameKind, Size, canvas, filters
from editor.model import CutList, Span
from editor.picture import NoPictureError, PictureReader, frames_shown, grid_frames, take_pictures
from tests.editor.film_kit import S, a_resource, code_picture, coded_take, codes, even_times, write_camera

NTSC = Fraction(30000, 1001)


def spans(take: Take, *stretches: tuple[float, float], rate: Fraction | int) -> CutList:
    return place(
        [Span(take.id, take.prompt.id, round(a * S), round(b * S)) for a, b in stretches], rate=Fraction(rate)
    )


def rendered(folder: Path, take: Take, result: CutList) -> render.Rendered:
    return render.render(
        a_resource(take),
        [take],
        {take.id: folder},
        result,
        out=folder / "out.mp4",
        work=Work(),
    )


def wanted_frames(result: CutList) -> list[int]:
    return [each.take_frame + n for each in result.placed for n in range(each.frames)]


def beeps_heard_s(path: Path) -> np.ndarray:
    """When the beeps in a file begin."""
    heard = np.abs(read_sound(path, work=Work()))
    loud = np.convolve(heard > 0.3 * heard.max(), np.ones(960), "same") > 0
    return (np.flatnonzero(np.diff(loud.astype(int)) == 1) + 480) / 48_000


@contextlib.contextmanager
def small_disk(most_bytes: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, which programs are told as by a full disk.

    Over before the test is: the test runner's own output may go to a larger file.
    """
    before = system.getrlimit(system.RLIMIT_FSIZE)
    system.setrlimit(system.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        system.setrlimit(system.RLIMIT_FSIZE, before)


class TestFramesExact:
    CUT = ((0.2, 0.9), (1.0, 1.3), (1.7, 2.4), (2.45, 2.95))

    @pytest.mark.parametrize(
        ("rate", "name", "options"),
        [
            (30, "a.mp4", {}),
            (NTSC, "b frames.mp4", {"options": {"bf": "3", "g": "250"}}),
            (60, "a.mkv", {}),
            (25, "a.mov", {"codec": "prores_ks", "pixels": "yuv422p10le"}),
            (
                Fraction(24000, 1001),
                "hevc.mp4",
                {"codec": "libx265", "options": {"x265-params": "log-level=none"}},
            ),
            (30, "a.webm", {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}),
            (30, "motion jpeg.avi", {"codec": "mjpeg", "pixels": "yuvj420p"}),
            (30, "h264 in.avi", {"options": {"bf": "2"}}),
            (25, "a.mpg", {"codec": "mpeg2video", "options": {"bf": "2", "b": "2M"}}),
            (30, "stream.ts", {"options": {"bf": "2", "g": "30"}}),
            (30, "turned 90.mp4", {"rotation": 90, "size": (120, 160)}),
            (30, "turned 180.mp4", {"rotation": 180}),
            (30, "turned 270.mp4", {"rotation": 270, "size": (120, 160)}),
            (30, "odd size.mkv", {"pixels": "yuv444p", "size": (161, 121)}),
            (30, "wide samples.mp4", {"size": (120, 120), "sample_aspect": Fraction(4, 3)}),
            (30, "10 bit full range.mkv", {"codec": "ffv1", "pixels": "yuv444p10le"}),
        ],
        ids=lambda value: str(value) if not isinstance(value, dict) else "",
    )
    def test_from_any_camera(self, tmp_path, rate, name, options):
        rate = Fraction(rate)
        write_camera(tmp_path / name, even_times(int(3 * rate), rate), rate=rate, **options)
        take = coded_take(tmp_path, camera=name, seconds=3)
        result = spans(take, *self.CUT, rate=rate)
        done = rendered(tmp_path, take, result)
        assert codes(done.path) == wanted_frames(result)
        made = probe(done.path).video
        upright = options.get("size", (160, 120))
        assert done.frames == made.frames == result.frames
        assert made.rate == rate
        assert not made.variable_rate
        assert made.rotation == 0
        assert made.sample_aspect == 1
        assert (made.width_px, made.height_px) == (done.size.width_px, done.size.height_px)
        assert (made.width_px > made.height_px) == (
            name != "wide samples.mp4" and upright[0] > upright[1]
        ) or (name == "wide samples.mp4" and made.width_px == 160)

    def test_a_variable_rate_shows_the_nearest_frame(self, tmp_path):
        random = np.random.default_rng(5)
        times_s = np.cumsum([0, *random.choice([0.0331, 0.0493, 0.0667, 0.2011], 59)])
        write_camera(tmp_path / "phone.mp4", times_s)
        take = coded_take(tmp_path, camera="phone.mp4", seconds=float(times_s[-1]) + 0.1)
        result = spans(take, (0.3, 1.1), (1.5, 2.9), rate=30)
        shown = codes(rendered(tmp_path, take, result).path)
        places = np.floor(times_s * 30 + 0.5)
        assert shown == [int(np.flatnonzero(places <= frame)[-1]) for frame in wanted_frames(result)]

    def test_a_camera_that_came_late_and_left_early_stands_still(self, tmp_path):
        write_camera(tmp_path / "short.mp4", even_times(30, 30))
        take = coded_take(tmp_path, camera="short.mp4", seconds=3, start_s=1.0)
        result = spans(take, (0, 3), rate=30)
        assert codes(rendered(tmp_path, take, result).path) == [0] * 30 + list(range(30)) + [29] * 30

    def test_a_camera_that_came_back_goes_on_in_its_second_file(self, tmp_path):
        for name in ("camera-001.mp4", "camera-002.mp4"):
            write_camera(tmp_path / name, even_times(30, 30))
        take = coded_take(tmp_path, camera="camera-001.mp4", seconds=3)
        second = Segment("camera", "camera-002.mp4", 1_500_000, S)
        take = replace(take, segments=(take.segments[0], second, replace(take.segments[1], duration_us=S)))
        shown = codes(rendered(tmp_path, take, spans(take, (0, 3), rate=30)).path)
        assert shown == [*range(30), *[29] * 15, *range(30), *[29] * 15]

    def test_frames_that_cannot_be_decoded_are_stood_in_for(self, tmp_path):
        path = write_camera(tmp_path / "torn.mkv", even_times(60, 30), codec="mjpeg", pixels="yuvj420p")
        with av.open(str(path)) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
            at, size = packets[20].pos, packets[20].size
        data = bytearray(path.read_bytes())
        data[data.index(bytes(packets[20])[:64], at) :][:size] = bytes(size)
        start = data.index(bytes(packets[20])[:64], at)
        data[start : start + size] = bytes(size)
        path.write_bytes(data)
        take = coded_take(tmp_path, camera="torn.mkv", seconds=2)
        shown = codes(rendered(tmp_path, take, spans(take, (0, 2), rate=30)).path)
        assert shown[:20] + shown[21:] == [n for n in range(60) if n != 20]
        assert shown[20] == 19

    def test_far_apart_spans_are_reached_by_key_frames(self, tmp_path):
        write_camera(tmp_path / "long.mp4", even_times(900, 30), options={"g": "15", "bf": "2"})
        take = coded_take(tmp_path, camera="long.mp4", seconds=30)
        result = spans(take, *((n + 0.37, n + 0.61) for n in range(0, 29, 4)), rate=30)
        assert codes(rendered(tmp_path, take, result).path) == wanted_frames(result)
        (picture,) = take_pictures(tmp_path, take, rate=Fraction(30), work=Work())
        reader = PictureReader(picture)
        for index in (899, 0, 450, 449, 451):  # also backwards
            assert reader.frame(index).pts == picture.pts[index]
        reader.close()


class TestGrid:
    def test_jitter_at_half_a_frame_neither_drops_nor_doubles(self):
        random = np.random.default_rng(2)
        at_us = (np.arange(3000) + 0.5) / 30 * S + random.uniform(-8000, 8000, 3000)
        frames, shown_from = grid_frames(at_us, rate=Fraction(30))
        assert frames.tolist() == list(range(3000))
        assert (np.diff(shown_from) == 1).all()

    def test_drift_over_twenty_minutes_slips_whole_frames_only_when_due(self):
        at_us = np.arange(36_000) / 30 * S * (1 + 60e-6)
        frames, shown_from = grid_frames(at_us, rate=Fraction(30))
        assert np.abs(shown_from - at_us[frames] * 30 / S).max() <= 0.75
        assert frames.tolist() == list(range(36_000))
        assert (np.diff(shown_from) != 1).sum() == 2  # 72 ms are two frames

    @pytest.mark.parametrize(("camera", "grid"), [(60, 30), (25, 30), (24, 25), (15, 30), (50, 25)])
    def test_other_rates_show_the_nearest(self, camera, grid):
        jitter = np.random.default_rng(1).uniform(-0.0005, 0.0005, 300)  # as Matroska rounds
        at_us = (np.arange(300) / camera + jitter) * S
        frames, shown_from = grid_frames(at_us, rate=Fraction(grid))
        away = np.abs(shown_from - at_us[frames] * grid / S)
        assert away.max() <= 0.55
        assert (np.diff(frames) > 0).all()
        assert (np.diff(shown_from) > 0).all()
        if camera == 2 * grid:
            assert (np.diff(frames) == 2).all()

    def test_nothing_and_next_to_nothing(self):
        assert len(grid_frames(np.zeros(0), rate=Fraction(30))[0]) == 0
        assert grid_frames(np.array([40_000.0]), rate=Fraction(25))[1].tolist() == [1]

    def test_drift_is_what_the_sync_says(self, tmp_path):
        write_camera(tmp_path / "fast.mp4", even_times(20, 30))
        # What the take says at t is in the file at offset + t / (1 + drift), see capture.sync.
        sync = Sync(offset_us=-10 * S, drift_ppm=100_000, inliers=1.0)
        take = coded_take(tmp_path, camera="fast.mp4", seconds=20, sync=sync)
        pictures = take_pictures(tmp_path, take, rate=Fraction(30), work=Work())
        assert pictures[0].shown_from[0] == 330
        _, frames = frames_shown(pictures, 330, 12)
        assert frames.tolist() == [max(k for k in range(20) if 1.1 * k < n + 0.49) for n in range(12)]


class TestSound:
    def flashing(self, folder: Path, *, offset_s: float, drift_ppm: float, rate: Fraction, flashes_s) -> Take:
        """A take whose camera sees a flash whenever the lapel hears a beep, by the camera's own clock."""
        count = int((10.5 + max(0.0, offset_s)) * rate)
        in_file = [offset_s + t / (1 + drift_ppm / 1e6) for t in flashes_s]
        times_s = even_times(count, rate)
        dark, light = (np.full((120, 160), level, np.uint8) for level in (20, 235))
        pictures = [light if any(t <= at + 0.5 / rate < t + 0.1 for t in in_file) else dark for at in times_s]
        write_camera(folder / "flash.mp4", times_s, rate=rate, pictures=pictures)
        sync = Sync(round(offset_s * S), drift_ppm, 1.0)
        return coded_take(folder, camera="flash.mp4", seconds=10, beeps_s=flashes_s, sync=sync)

    @pytest.mark.parametrize(
        ("offset_s", "drift_ppm", "rate"),
        [
            (0.37, 60.0, Fraction(30)),
            (-0.215, -45.0, NTSC),
            (1.104, 400.0, Fraction(25)),
            (0.0, 0.0, Fraction(60)),
        ],
    )
    def test_lips_and_voice_stay_together(self, tmp_path, offset_s, drift_ppm, rate):
        flashes_s = [0.5, 2.3, 4.0, 6.61, 8.37]
        take = self.flashing(tmp_path, offset_s=offset_s, drift_ppm=drift_ppm, rate=rate, flashes_s=flashes_s)
        result = spans(take, (0.3, 1.0), (2.0, 4.9), (6.3, 9.0), rate=rate)
        done = rendered(tmp_path, take, result)
        with av.open(str(done.path)) as container:
            light = [frame.to_ndarray(format="gray").mean() > 128 for frame in container.decode(video=0)]
        seen_s = (np.flatnonzero(np.diff(np.array(light, int)) == 1) + 1) / float(rate)
        heard_s = beeps_heard_s(done.path)
        assert len(seen_s) == len(heard_s) == len(flashes_s)
        assert np.abs(seen_s - heard_s).max() <= 1 / float(rate)

    def test_sound_is_exactly_as_long_as_the_picture_and_at_its_loudness(self, tmp_path):
        write_camera(tmp_path / "a.mp4", even_times(150, NTSC), rate=NTSC)
        take = coded_take(tmp_path, camera="a.mp4", seconds=5, beeps_s=[n / 2 for n in range(10)])
        result = spans(take, (0.1, 1.7), (2.0, 4.9), rate=NTSC)
        done = rendered(tmp_path, take, result)
        made = probe(done.path)
        assert abs(made.audio.duration_us - made.video.duration_us) <= 25
        assert (made.audio.rate_hz, made.audio.channels, made.audio.codec) == (48_000, 1, "aac")
        measured = loudness.measure_loudness(done.path, work=Work())
        assert measured.integrated_lufs == pytest.approx(-16, abs=0.5)
        assert measured.true_peak_dbtp <= -1.5

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("5.1.mp4", ["-ac", "6", "-c:a", "aac"]),
            ("5.1 with the voice in front only.mkv", ["-af", "pan=5.1|FC=c0", "-c:a", "flac"]),
            ("8 kHz phone.mov", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
            ("8 kHz aac.mp4", ["-ar", "8000", "-c:a", "aac"]),
        ],
    )
    def test_whatever_a_camera_hears_with_is_one_voice_in_its_place(self, tmp_path, name, options):
        write_camera(tmp_path / "silent.mp4", even_times(150, 30))
        beeps_s = [0.5, 1.2, 2.4, 3.1, 4.3]
        take = coded_take(tmp_path, camera="silent.mp4", seconds=5, beeps_s=beeps_s)
        both = ["-i", file_name(tmp_path / "silent.mp4"), "-i", file_name(tmp_path / "mic-001.wav")]
        run([*both, "-c:v", "copy", *options], out=tmp_path / name, work=Work())
        take = replace(take, segments=(Segment("camera", name, 0, 5 * S),))
        result = spans(take, (0.2, 1.7), (2.0, 4.9), rate=30)
        done = rendered(tmp_path, take, result)
        made = probe(done.path)
        assert (made.audio.rate_hz, made.audio.channels) == (48_000, 1)
        assert abs(made.audio.duration_us - made.video.duration_us) <= 25
        # AAC smears a sudden tone over up to half of its frame, 11 ms.
        assert beeps_heard_s(done.path) == pytest.approx([0.3, 1.0, 1.9, 2.6, 3.8], abs=0.011)
        measured = loudness.measure_loudness(done.path, work=Work())
        assert measured.integrated_lufs == pytest.approx(-16, abs=0.5)
        assert measured.true_peak_dbtp <= -1.5


class TestTheFile:
    @pytest.fixture
    def take(self, tmp_path) -> Take:
        write_camera(tmp_path / "a.mp4", even_times(90, 30))
        return coded_take(tmp_path, camera="a.mp4", seconds=3)

    def test_plays_anywhere(self, tmp_path, take):
        done = rendered(tmp_path, take, spans(take, (0, 2.9), rate=30))
        with av.open(str(done.path)) as container:
            picture = container.streams.video[0]
            codec = picture.codec_context
            assert (codec.name, codec.profile, codec.pix_fmt) == ("h264", "High", "yuv420p")
            assert (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range) == (
                1,
                1,
                1,
                1,
            )
            assert container.metadata["title"] == "Call back within the hour"
            keys = [packet.pts for packet in container.demux(picture) if packet.is_keyframe]
        assert (
            max(np.diff(keys, append=2.9 * picture.time_base.denominator))
            <= 1 * picture.time_base.denominator
        )
        head = done.path.read_bytes()
        assert head.index(b"moov") < head.index(b"mdat")

    def test_what_kind_a_frame_was_in_the_camera_s_file_does_not_count(self, tmp_path):
        still = [code_picture(5, 160, 120)] * 90
        write_camera(tmp_path / "intra.mp4", even_times(90, 30), pictures=still, options={"g": "1"})
        take = coded_take(tmp_path, camera="intra.mp4", seconds=3)
        done = rendered(tmp_path, take, spans(take, (0, 3), rate=30))
        with av.open(str(done.path)) as container:
            assert sum(packet.is_keyframe for packet in container.demux(video=0)) == 3

    def test_comes_out_the_same_again(self, tmp_path, take):
        result = spans(take, (0.1, 1.2), (1.5, 2.9), rate=30)
        first = hashlib.sha256(rendered(tmp_path, take, result).path.read_bytes()).hexdigest()
        assert hashlib.sha256(rendered(tmp_path, take, result).path.read_bytes()).hexdigest() == first

    def test_keeps_to_its_size_whatever_is_filmed(self, tmp_path):
        random = np.random.default_rng(1)
        noise = [random.integers(16, 235, (180, 320), dtype=np.uint8) for _ in range(60)]
        write_camera(tmp_path / "noise.mp4", even_times(60, 30), size=(320, 180), pictures=noise)
        take = coded_take(tmp_path, camera="noise.mp4", seconds=2)
        done = rendered(tmp_path, take, spans(take, (0, 2), rate=30))
        assert done.crf > encode.BEST_CRF
        assert done.bytes_a_minute <= 8_000_000

    def test_progress_rises_to_the_end_and_says_what_is_done(self, tmp_path, take):
        told: list[tuple[float, str]] = []
        result = spans(take, (0, 2.9), rate=30)
        work = Work(lambda fraction, note: told.append((fraction, note)))
        render.render(a_resource(take), [take], {"t": tmp_path}, result, out=tmp_path / "out.mp4", work=work)
        fractions = [fraction for fraction, _ in told]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1.0
        assert {"render.sound", "render.measuring_picture", "render.picture"} <= {note for _, note in told}

    @pytest.mark.parametrize("at", [0.05, 0.18, 0.5])
    def test_stopped_at_any_moment_nothing_is_left(self, tmp_path, take, at):
        def stop(fraction: float | None, note: str) -> None:
            if (fraction or 0) >= at:
                work.cancel()

        work = Work(stop)
        there = set(tmp_path.iterdir())
        with pytest.raises(Cancelled):
            render.render(
                *(a_resource(take), [take], {"t": tmp_path}, spans(take, (0, 2.9), rate=30)),
                out=tmp_path / "out.mp4",
                work=work,
            )
        assert set(tmp_path.iterdir()) == there

    def test_what_stood_there_stays_when_rendering_fails(self, tmp_path, take):
        (tmp_path / "out.mp4").write_text("the last one")
        (tmp_path / "a.mp4").unlink()
        with pytest.raises(MediaMissingError):
            rendered(tmp_path, take, spans(take, (0, 2), rate=30))
        assert (tmp_path / "out.mp4").read_text() == "the last one"

    def test_nothing_left_is_refused(self, tmp_path, take):
        with pytest.raises(BadInputError):
            rendered(tmp_path, take, spans(take, rate=30))

    def test_a_picture_that_cannot_be_decoded_is_named(self, tmp_path, take):
        (picture,) = take_pictures(tmp_path, take, rate=Fraction(30), work=Work())
        data = (tmp_path / "a.mp4").read_bytes()
        start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
        (tmp_path / "a.mp4").write_bytes(data[:start] + bytes(end - start) + data[end:])
        with pytest.raises(NoPictureError):
            PictureReader(picture).frame(5)

    def test_a_folder_that_is_not_there_is_said_in_words(self, tmp_path, take):
        with pytest.raises(UserError) as refused:
            render.render(
                *(a_resource(take), [take], {"t": tmp_path}, spans(take, (0, 2), rate=30)),
                out=tmp_path / "gone" / "out.mp4",
                work=Work(),
            )
        assert refused.value.message_key == "render.cannot_write"

    @pytest.mark.drill
    def test_a_full_disk_is_said_in_words_and_leaves_nothing(self, tmp_path, take):
        there = set(tmp_path.iterdir())
        with small_disk(50_000), pytest.raises(UserError) as refused:
            rendered(tmp_path, take, spans(take, (0, 2), rate=30))
        assert refused.value.message_key == "render.disk_full"
        assert set(tmp_path.iterdir()) == there

    @pytest.mark.drill
    @pytest.mark.parametrize("most_bytes", [2_000, 60_000])
    def test_the_video_itself_may_be_what_fills_the_disk(self, tmp_path, most_bytes):
        random = np.random.default_rng(1)
        with small_disk(most_bytes):
            settings = encode.house_settings(Fraction(30), Size(320, 180), crf=20)
            target = encode.ResultFile(tmp_path / "a.mp4", settings=settings, title="")
            noise = (random.integers(16, 235, (180, 320, 3), dtype=np.uint8) for _ in range(60))
            frames = (
                av.VideoFrame.from_ndarray(each, format="rgb24").reformat(format="yuv420p") for each in noise
            )
            with pytest.raises(OSError) as full:  # noqa: PT012 - any of these may be the one that finds out
                for packet in encode.encoded(settings, frames):
                    target.picture(packet, run_frame=0)
                target.finish()
            target.close()
        assert full.value.errno == errno.EFBIG


class TestMixedTakes:
    def test_different_sizes_share_one_canvas_and_sound_gets_a_card(self, tmp_path):
        folders = {name: tmp_path / name for name in ("wide", "tall", "heard")}
        for folder in folders.values():
            folder.mkdir()
        write_camera(folders["wide"] / "a.mp4", even_times(60, 30), size=(320, 180))
        write_camera(folders["tall"] / "b.mp4", even_times(60, 30), size=(120, 160))
        takes = [
            coded_take(folders["wide"], camera="a.mp4", seconds=2, name="wide"),
            coded_take(folders["tall"], camera="b.mp4", seconds=1, name="tall"),
            coded_take(folders["heard"], seconds=1, name="heard"),
        ]
        found = a_resource(*takes)
        result = cut_list(found, takes, rate=Fraction(30))
        done = render.render(found, takes, folders, result, out=tmp_path / "out.mp4", work=Work())
        assert done.size == Size(320, 180)
        assert codes(done.path)[:60] == list(range(60))
        assert codes(done.path, (92, 0, 136, 180))[60:90] == list(range(30))
        with av.open(str(done.path)) as container:
            frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
        assert frames[70][:, :88].max() < 30  # bars
        assert len(frames) == 120
        assert frames[100].max() > 150  # letters
        assert np.abs(frames[95].astype(int) - frames[115]).mean() < 1

    def test_sound_alone_is_shown_as_a_card(self, tmp_path):
        take = coded_take(tmp_path, seconds=1.5)
        done = rendered(tmp_path, take, spans(take, (0.2, 1.4), rate=25))
        assert done.size == Size(1280, 720)
        assert probe(done.path).video.frames == 30
        assert done.why == ""


class TestFit:
    def test_nothing_is_made_larger_than_it_is(self):
        assert canvas([(Size(640, 360), 10)], limit_px=720) == Size(640, 360)

    def test_the_shorter_side_is_limited(self):
        assert canvas([(Size(1920, 1080), 10)], limit_px=720) == Size(1280, 720)
        assert canvas([(Size(1080, 1920), 10)], limit_px=720) == Size(720, 1280)

    def test_the_picture_seen_longest_gives_the_shape(self):
        seen = [(Size(1920, 1080), 10), (Size(640, 480), 6), (Size(640, 480), 6)]
        assert canvas(seen, limit_px=720) == Size(960, 720)

    def test_odd_sizes_become_even(self):
        assert canvas([(Size(161, 121), 1)], limit_px=720) == Size(160, 120)

    def test_without_a_picture_it_is_wide(self):
        assert canvas([], limit_px=720) == Size(1280, 720)

    def test_a_frame_that_fits_needs_no_filter(self):
        assert filters(FrameKind(1280, 720, "yuv420p", matrix=1, range=1), Size(1280, 720)) == ()

    def test_a_phone_held_upright_is_turned_scaled_and_framed(self):
        kind = FrameKind(1920, 1080, "yuv420p", rotation=270, matrix=1, range=1)
        assert filters(kind, Size(1280, 720)) == (
            ("transpose", "clock"),
            (
                "scale",
                "w=404:h=720:flags=bicubic+accurate_rnd+bitexact:out_color_matrix=bt709:out_range=tv"
                ":in_color_matrix=bt709:in_range=tv",
            ),
            ("format", "yuv420p"),
            ("setsar", "1"),
            ("pad", "1280:720:438:0:black"),
        )

    def test_wide_samples_are_made_square(self):
        kind = FrameKind(720, 576, "yuv420p", sample_aspect=Fraction(64, 45), matrix=5)
        assert kind.shown == Size(1024, 576)
        assert filters(kind, Size(1024, 576))[0][1].startswith("w=1024:h=576:")

    def test_bright_phone_colours_are_mapped(self):
        ((_, arguments), *_) = filters(
            FrameKind(1280, 720, "yuv420p10le", matrix=9, transfer=18), Size(1280, 720)
        )
        assert "in_color_matrix=bt2020" in arguments
        assert arguments.endswith("out_primaries=bt709:out_transfer=bt709:intent=relative_colorimetric")

    def test_old_and_full_range_colours_come_out_as_today_s(self):
        # Red in BT.601 full range, as a webcam's Motion JPEG has it.
        frame = av.VideoFrame(64, 64, "yuvj420p")
        for plane, value in zip(frame.planes, (76, 85, 255), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.colorspace, frame.color_range, frame.pts = 5, 2, 0
        out = fit.Fitter(Size(64, 64)).fit(frame)
        y, u, v = (bytes(plane)[5] for plane in out.planes)
        assert (y, u, v) == pytest.approx((63, 102, 240), abs=2)  # the same red in BT.709, TV range

    def test_a_camera_may_change_its_kind_midway(self):
        fitter = fit.Fitter(Size(160, 120))
        for width, height in ((160, 120), (320, 240), (160, 120)):
            grey = code_picture(77, width, height)
            frame = av.VideoFrame.from_ndarray(np.repeat(grey[..., None], 3, 2), format="rgb24")
            out = fitter.fit(frame)
            assert (out.width, out.height) == (160, 120)


def test_the_encoder_s_options_are_the_same_on_every_machine():
    options = encode.house_settings(NTSC, Size(1280, 720)).options
    assert options["g"] == "30"
    assert options["threads"] == "4"
    assert "lookahead-threads=2" in options["x264-params"]
    assert "maxrate" not in options  # would make threads count, see encode.py
