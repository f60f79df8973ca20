"""A camera is laid against the lapel by what both hear, or refused."""

import dataclasses
import json
import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import assets
from bench.sync import (
    babble,
    heard_by_camera,
    hum,
    in_room,
    interview,
    music,
    read,
    telephone,
    with_noise,
    worst_ms,
)
from capture.errors import BadInputError
from capture.sync import (
    SYNC_RATE_HZ,
    CannotSyncError,
    SilentSoundError,
    TooShortToSyncError,
    UnrelatedSoundError,
    camera_time_us,
    find_sync,
    sync_take,
    take_time_us,
)
from capture.take import TAKE_FILE, Segment, Sync, Take, TakePrompt, read_take, write_take
from capture.work import Cancelled, Work

TAKES = ("1-what", "2-why", "3-when", "4-who", "5-prerequisites", "6-kind", "7-levels")
US = 1_000_000


@pytest.fixture(scope="session")
def lapels():
    return {key: read(assets.SAMPLE / f"{key}.flac") for key in TAKES}


@pytest.fixture(scope="session")
def cameras():
    return {key: read(assets.SAMPLE / f"{key}.camera.mp4") for key in TAKES}


@pytest.fixture(scope="session")
def talk(lapels):
    """Eight people at once, none of them saying what the tested take says."""
    return babble([lapels[key] for key in TAKES[4:]], seconds=30)


@pytest.fixture
def take_of(tmp_path):
    """Put files into a take's folder as import does: ``take_of(mic=[...], camera=[...])``."""

    def make(**tracks: list[tuple[Path, float]]) -> tuple[Path, Take]:
        segments = []
        for track, files in tracks.items():
            for n, (file, start_s) in enumerate(files, 1):
                name = f"{track}-{n:03}{file.suffix}"
                shutil.copyfile(file, tmp_path / name)
                segments.append(Segment(track, name, round(start_s * US), 20 * US))
        prompt = TakePrompt("p1", "what", "What do you do?", "What")
        take = Take("t1", "r1", "R", prompt, 1, "safe", "2026-01-02T03:04:05+00:00", segments=tuple(segments))
        write_take(tmp_path, take)
        return tmp_path, take

    return make


def write_sound(path: Path, sound, *, rate_hz=SYNC_RATE_HZ, parts=((0.0, None),), first_s=0.0):
    """Write mono PCM; ``parts`` of it at their own times, so that what lies between is a gap."""
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate_hz, layout="mono")
        for begin_s, end_s in parts:
            begin, end = round(begin_s * rate_hz), len(sound) if end_s is None else round(end_s * rate_hz)
            for at in range(begin, end, 1000):
                samples = (sound[at : min(at + 1000, end)] * 32000).astype(np.int16)[None]
                frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
                frame.rate, frame.time_base = rate_hz, Fraction(1, rate_hz)
                frame.pts = at + round(first_s * rate_hz)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


class TestTheInterview:
    @pytest.mark.parametrize("key", TAKES[:4])
    def test_is_laid_within_10_ms_of_the_truth_from_its_first_word_to_its_last(self, key, take_of):
        truth = json.loads((assets.SAMPLE / "truth.json").read_text())[key]
        folder, take = take_of(
            mic=[(assets.SAMPLE / f"{key}.flac", 0)], camera=[(assets.SAMPLE / f"{key}.camera.mp4", 0)]
        )
        synced = sync_take(folder, take, work=Work())
        assert worst_ms(synced.sync, **truth, seconds=26) < 3
        assert synced.sync.drift_ppm == pytest.approx(truth["drift_ppm"], abs=2)
        assert synced.sync.inliers > 0.9
        assert read_take(folder) == synced == dataclasses.replace(take, sync=synced.sync)

    @pytest.mark.parametrize(
        ("key", "offset_s", "drift_ppm"),
        [("5-prerequisites", -0.640, 80), ("6-kind", 0.333, -20), ("7-levels", 0.0, 35)],
    )
    def test_says_the_same_of_the_other_takes_with_noise_as_without(
        self, key, offset_s, drift_ppm, lapels, cameras, talk
    ):
        noise = babble([lapels[other] for other in TAKES[:4]], seconds=25)
        noisy = with_noise(cameras[key], noise, snr_db=0)
        for camera in (cameras[key], noisy):
            sync = find_sync(lapels[key], camera, SYNC_RATE_HZ, work=Work())
            assert worst_ms(sync, offset_s=offset_s, drift_ppm=drift_ppm, seconds=25) < 3


class TestACamera:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda sound, talk: sound,
            lambda sound, talk: -sound,
            lambda sound, talk: with_noise(sound, talk, snr_db=0),
            lambda sound, talk: with_noise(in_room(sound, echo_s=0.5, direct=1), talk, snr_db=0),
            lambda sound, talk: with_noise(in_room(sound, echo_s=1.0, direct=0.3), talk, snr_db=0),
            lambda sound, talk: telephone(with_noise(in_room(sound, echo_s=0.5, direct=1), talk, snr_db=0)),
            lambda sound, talk: sound + hum(seconds=30)[: len(sound)],
        ],
        ids=["clean", "wired wrongly", "0 dB SNR", "room, 0 dB", "hall, 0 dB", "telephone, 0 dB", "hum"],
    )
    def test_is_found_however_badly_it_hears(self, spoil, lapels, talk):
        lapel = lapels["3-when"]
        camera = heard_by_camera(lapel, offset_s=2.345, drift_ppm=-50, seconds=24)
        sync = find_sync(lapel, spoil(camera, talk), SYNC_RATE_HZ, work=Work())
        assert worst_ms(sync, offset_s=2.345, drift_ppm=-50, seconds=21) < 5

    @pytest.mark.parametrize("offset_s", [-17.5, -0.6, 0.0, 1.5, 240.0])
    def test_may_start_long_before_or_after_the_lapel(self, offset_s, lapels):
        lapel = lapels["2-why"]
        camera = heard_by_camera(lapel, offset_s=offset_s, drift_ppm=30, seconds=max(offset_s, 0) + 40)
        camera += 0.002 * np.random.default_rng(1).standard_normal(len(camera)).astype(np.float32)
        sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=Work())
        assert worst_ms(sync, offset_s=offset_s, drift_ppm=30, seconds=25) < 2

    @pytest.mark.parametrize("begin_s", [1.0, 8.0, 13.0])
    def test_is_found_for_a_take_of_three_seconds_whose_drift_no_one_can_tell(self, begin_s, lapels, talk):
        begin = round(begin_s * SYNC_RATE_HZ)
        lapel = lapels["1-what"][begin : begin + 3 * SYNC_RATE_HZ]
        camera = heard_by_camera(lapel, offset_s=4.2, drift_ppm=60, seconds=9)
        camera = with_noise(in_room(camera, echo_s=0.5, direct=1), talk, snr_db=10)
        sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=Work())
        assert sync.drift_ppm == 0
        assert sync.offset_us == pytest.approx(4.2 * US, abs=1000)

    def test_is_found_where_its_file_is_digitally_silent_before_and_after(self, lapels):
        for begin_s, offset_s in ((3.0, 0.8), (9.0, 5.1), (14.0, 2.2)):
            begin = round(begin_s * SYNC_RATE_HZ)
            lapel = lapels["1-what"][begin : begin + 3 * SYNC_RATE_HZ]
            camera = heard_by_camera(lapel, offset_s=offset_s, drift_ppm=0, seconds=offset_s + 6)
            sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=Work())
            assert sync.offset_us == pytest.approx(offset_s * US, abs=1000)

    def test_is_right_anywhere_in_a_long_take_while_its_clock_runs_away(self, lapels, talk):
        lapel = interview(list(lapels.values()), seconds=400)
        camera = heard_by_camera(lapel, offset_s=-75, drift_ppm=150, seconds=360)
        camera = with_noise(in_room(camera, echo_s=0.5, direct=1), talk, snr_db=5)
        sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=Work())
        assert sync.drift_ppm == pytest.approx(150, abs=0.5)
        assert worst_ms(sync, offset_s=-75, drift_ppm=150, seconds=400) < 2

    def test_that_was_covered_for_a_third_of_the_take_still_belongs(self, lapels):
        lapel = interview(list(lapels.values()), seconds=90)
        camera = heard_by_camera(lapel, offset_s=3, drift_ppm=20, seconds=95)
        camera[40 * SYNC_RATE_HZ : 70 * SYNC_RATE_HZ] = 0
        sync = find_sync(lapel, camera, SYNC_RATE_HZ, work=Work())
        assert worst_ms(sync, offset_s=3, drift_ppm=20, seconds=90) < 2
        assert 0.5 < sync.inliers < 0.8


class TestWhatDoesNotBelong:
    @pytest.mark.parametrize(
        ("one", "other"), [("1-what", "2-why"), ("4-who", "1-what"), ("7-levels", "3-when")]
    )
    def test_the_same_voice_saying_something_else_is_refused(self, one, other, lapels, cameras):
        with pytest.raises(UnrelatedSoundError):
            find_sync(lapels[one], cameras[other], SYNC_RATE_HZ, work=Work())

    @pytest.mark.parametrize("begin_s", [2.0, 7.0, 12.0])
    def test_three_seconds_of_another_answer_are_refused(self, begin_s, lapels, cameras):
        begin = round(begin_s * SYNC_RATE_HZ)
        lapel = lapels["6-kind"][begin : begin + 3 * SYNC_RATE_HZ]
        with pytest.raises(UnrelatedSoundError):
            find_sync(lapel, cameras["2-why"], SYNC_RATE_HZ, work=Work())

    def test_music_and_noise_are_refused(self, lapels):
        noise = np.random.default_rng(2).standard_normal(20 * SYNC_RATE_HZ).astype(np.float32) * 0.1
        for sound in (music(seconds=20), noise):
            with pytest.raises(UnrelatedSoundError):
                find_sync(lapels["1-what"], sound, SYNC_RATE_HZ, work=Work())

    def test_the_hum_of_one_building_does_not_make_two_recordings_one(self, lapels, cameras):
        buzz = hum(seconds=30)
        lapel = lapels["1-what"] + buzz[: len(lapels["1-what"])]
        for other in ("2-why", "3-when", "5-prerequisites"):
            with pytest.raises(UnrelatedSoundError):
                find_sync(lapel, cameras[other] + buzz[: len(cameras[other])], SYNC_RATE_HZ, work=Work())

    def test_a_human_reading_another_poem_is_refused(self, voices):
        one, other = (read(voices / f"sonnet_p00{n}.mp3") for n in (1, 2))
        with pytest.raises(UnrelatedSoundError):
            find_sync(one, other, SYNC_RATE_HZ, work=Work())

    def test_silence_and_snippets_are_told_apart_from_the_wrong_sound(self, lapels):
        lapel = lapels["1-what"]
        with pytest.raises(SilentSoundError):
            find_sync(lapel, np.zeros_like(lapel), SYNC_RATE_HZ, work=Work())
        with pytest.raises(TooShortToSyncError):
            find_sync(lapel, lapel[:SYNC_RATE_HZ], SYNC_RATE_HZ, work=Work())

    def test_the_words_are_there_and_the_command_line_calls_it_bad_input(self):
        for kind in (UnrelatedSoundError, SilentSoundError, TooShortToSyncError):
            assert issubclass(kind, CannotSyncError)
            assert issubclass(kind, BadInputError)
            assert assets.text(f"errors.{kind.message_key}", seconds=2)

    def test_a_refused_take_stays_as_it_was(self, take_of):
        folder, take = take_of(
            mic=[(assets.SAMPLE / "4-who.flac", 0)], camera=[(assets.SAMPLE / "6-kind.camera.mp4", 0)]
        )
        before = (folder / TAKE_FILE).read_bytes()
        with pytest.raises(UnrelatedSoundError):
            sync_take(folder, take, work=Work())
        assert (folder / TAKE_FILE).read_bytes() == before


class TestATake:
    def test_with_one_track_alone_is_left_alone(self, take_of):
        folder, take = take_of(mic=[(assets.SAMPLE / "4-who.flac", 0)])
        assert sync_take(folder, take, work=Work()) is take
        folder, take = take_of(camera=[(assets.SAMPLE / "4-who.camera.mp4", 0)])
        assert sync_take(folder, take, work=Work()) is take

    def test_whose_webcam_is_mute_is_left_alone(self, take_of, tmp_path):
        mute = tmp_path / "mute.mp4"
        with av.open(assets.SAMPLE / "4-who.camera.mp4") as source, av.open(mute, "w") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
        folder, take = take_of(mic=[(assets.SAMPLE / "4-who.flac", 0)], camera=[(mute, 0)])
        assert sync_take(folder, take, work=Work()) is take

    def test_goes_by_time_stamps_where_the_phone_left_a_gap_or_started_late(self, take_of, tmp_path, lapels):
        lapel = lapels["2-why"]
        heard = heard_by_camera(lapel, offset_s=1.0, drift_ppm=0, seconds=27)
        write_sound(tmp_path / "gap.mka", heard, parts=((0, 9), (11.5, None)), first_s=5)
        folder, take = take_of(mic=[(assets.SAMPLE / "2-why.flac", 0)], phone=[(tmp_path / "gap.mka", 0)])
        sync = sync_take(folder, take, work=Work()).sync
        assert worst_ms(sync, offset_s=1.0, drift_ppm=0, seconds=25) < 2

    def test_counts_from_its_own_clock_when_the_microphone_came_back(self, take_of, tmp_path, lapels):
        lapel = lapels["2-why"]
        write_sound(tmp_path / "a.wav", lapel[: 8 * SYNC_RATE_HZ])
        write_sound(tmp_path / "b.wav", lapel[12 * SYNC_RATE_HZ :])
        folder, take = take_of(
            mic=[(tmp_path / "a.wav", 0), (tmp_path / "b.wav", 12)],
            camera=[(assets.SAMPLE / "2-why.camera.mp4", 0)],
        )
        sync = sync_take(folder, take, work=Work()).sync
        assert worst_ms(sync, offset_s=-0.215, drift_ppm=-45, seconds=25) < 3

    def test_tells_how_far_it_is_and_stops_when_asked(self, take_of):
        folder, take = take_of(
            mic=[(assets.SAMPLE / "4-who.flac", 0)], camera=[(assets.SAMPLE / "4-who.camera.mp4", 0)]
        )
        told = []
        work = Work(lambda fraction, note: told.append((fraction, note)))
        sync_take(folder, take, work=work)
        fractions = [fraction for fraction, _ in told]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1
        assert all(assets.text(f"work.{note}") for _, note in told)

        stopped = Work(lambda fraction, note: stopped.cancel() if fraction > 0.7 else None)
        before = (folder / TAKE_FILE).read_bytes()
        with pytest.raises(Cancelled):
            sync_take(folder, take, work=stopped)
        assert (folder / TAKE_FILE).read_bytes() == before


class TestTheMap:
    def test_an_offset_above_zero_says_that_the_camera_started_first(self):
        assert camera_time_us(Sync(370_000, 0, 1), 0) == 370_000
        assert take_time_us(Sync(370_000, 0, 1), 0) == -370_000

    def test_a_drift_above_zero_says_that_late_words_come_early_in_the_file(self):
        sync = Sync(-600 * US, 100.0, 1)
        assert camera_time_us(sync, 0) == -600 * US
        assert camera_time_us(sync, 1200 * US) == 600 * US - 119_988

    @pytest.mark.parametrize("drift_ppm", [-300.0, -0.07, 0, 59.81, 500.0])
    def test_there_and_back_is_the_same_microsecond_in_any_take(self, drift_ppm):
        sync = Sync(-123_456_789, drift_ppm, 1)
        for take_us in (0, 1, 999_999, 7_200_000_001):
            assert abs(take_time_us(sync, camera_time_us(sync, take_us)) - take_us) <= 1
