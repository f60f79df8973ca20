"""The window plays the result itself: the cut list's frames, its sound, exact steps, and nothing else."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from capture.work import Work
from editor.audio import RATE_HZ, Sound, result_sound, sample_at
from editor.cutlist import frame_us, place
from editor.fit import Size
from editor.model import CutList, Expert, Span
from editor.play_clock import HeardClock
from editor.playback import Player, PlayState, Programme
from editor.take_frames import camera_frames
from editor.viewing import Shown
from tests.editor.film_kit import coded_take, even_times, read_code, write_camera

S = 1_000_000
RATE = Fraction(30)
SIZE = Size(160, 120)
WITHIN_S = 20


class Ear:
    """An output whose time a test moves; it keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[Sound] = []
        self.now_us = 0
        self.take: Callable[[int], Sound] | None = None
        self.starts = 0

    @property
    def clock(self) -> "Ear":
        return self

    def start(self, take: Callable[[int], Sound] | None = None) -> None:
        self.now_us = 0
        if take is not None:
            self.take = take
            self.starts += 1

    def elapsed_us(self) -> int:
        return self.now_us

    def stop(self) -> None:
        self.take = None

    def close(self) -> None:
        self.take = None

    def listen(self, us: int) -> None:
        """Let so much time pass, hearing all of it."""
        wanted = round((self.now_us + us) * RATE_HZ / S) - round(self.now_us * RATE_HZ / S)
        end_s = time.monotonic() + WITHIN_S
        while wanted and self.take is not None and time.monotonic() < end_s:
            got = self.take(wanted)
            self.heard.append(got)
            wanted -= len(got)
            time.sleep(0 if len(got) else 0.001)
        self.now_us += us


class Screen:
    """Keeps what was shown."""

    def __init__(self) -> None:
        self.frames: list[Shown] = []
        self.states: list[PlayState] = []

    def codes(self) -> list[int]:
        return [read_code(shown.pixels[..., 0]) for shown in self.frames]

    def numbers(self) -> list[int]:
        return [shown.frame for shown in self.frames]


def until(true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.002)


def open_frames(take, folder, rate):
    return camera_frames(take, folder, rate, work=Work())


class Stage:
    """A player of one take of 8 s whose every frame says which one it is."""

    def __init__(self, folder: Path, *spans: tuple[float, float]) -> None:
        write_camera(folder / "camera.mp4", even_times(240, 30), options={"g": "30", "bf": "2"})
        self.take = coded_take(folder, camera="camera.mp4", seconds=8, beeps_s=(1.0, 6.5))
        self.folder = folder
        self.ear, self.silent, self.screen = Ear(), Ear(), Screen()
        self.cut_list = self.cut(*spans)
        self.player = Player(
            self.programme(self.cut_list),
            size=SIZE,
            output=self.ear,
            open_frames=open_frames,
            on_frame=self.screen.frames.append,
            on_state=self.screen.states.append,
            silent_clock=self.silent,
        )
        until(lambda: len(self.screen.states) == 1)

    def cut(self, *spans: tuple[float, float]) -> CutList:
        return place([Span("t", "p-t", round(a * S), round(b * S)) for a, b in spans], rate=RATE)

    def programme(self, cut_list: CutList) -> Programme:
        return Programme(cut_list, {"t": self.take}, {"t": self.folder})

    def expected(self, frames: list[int]) -> list[int]:
        """What the frames of the result should show."""
        shown = []
        for frame in frames:
            each = next(
                p for p in self.cut_list.placed if p.result_frame <= frame < p.result_frame + p.frames
            )
            shown.append(each.take_frame + frame - each.result_frame)
        return shown

    def playing(self) -> None:
        before = len(self.screen.states)
        until(lambda: any(state.speed for state in self.screen.states[before - 1 :]))

    def watch(self, frames: int, *, ear: Ear | None = None) -> None:
        """Let so many frames pass, one by one, each seen before the next is due."""
        ear = ear or self.ear
        began = self.screen.states[-1]
        for _ in range(frames):
            ear.listen(round(S / 30) + 1)
            due = began.frame + int(ear.now_us * began.speed * 30 / S)
            until(lambda due=due: self.screen.numbers()[-1] == due or not self.screen.states[-1].speed)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def build(*spans: tuple[float, float]) -> Stage:
        stages.append(Stage(tmp_path, *spans))
        return stages[-1]

    yield build
    for each in stages:
        each.player.close()
    left = [thread.name for thread in threading.enumerate() if thread.name in {"playback", "sound ahead"}]
    assert left == []


class TestPlaying:
    def test_rests_at_the_first_frame_until_asked(self, stage):
        here = stage((1, 2))
        assert here.screen.numbers() == [0]
        assert here.screen.codes() == [30]
        assert here.screen.states[-1].speed == 0

    def test_shows_every_frame_of_the_cut_list_across_its_joins(self, stage):
        here = stage((0.5, 1.2), (6, 7), (3, 3.5))
        here.player.play()
        here.playing()
        here.watch(here.cut_list.frames - 1)
        seen = here.screen.numbers()
        assert seen[1:] == list(range(here.cut_list.frames)) or seen == list(range(here.cut_list.frames))
        assert here.screen.codes() == here.expected(seen)

    def test_what_is_heard_is_the_sound_of_the_result(self, stage):
        here = stage((0.5, 1.2), (6, 7), (3, 3.5))
        here.player.play()
        here.playing()
        here.ear.listen(here.cut_list.duration_us)
        heard = np.concatenate(here.ear.heard)
        wanted = np.concatenate(
            list(result_sound(here.cut_list, {"t": here.take}, {"t": here.folder}, work=Work()))
        )
        assert np.array_equal(heard[: len(wanted)], wanted)

    def test_ends_at_the_last_frame_and_starts_over_when_asked_again(self, stage):
        here = stage((1, 1.5))
        here.player.play()
        here.playing()
        here.ear.listen(S)
        until(lambda: not here.screen.states[-1].speed)
        assert here.screen.states[-1].frame == here.screen.numbers()[-1] == 14
        here.player.play()
        until(lambda: here.screen.states[-1].speed == 1)
        assert here.screen.states[-1].frame == 0

    def test_pauses_where_it_is(self, stage):
        here = stage((0, 4))
        here.player.play()
        here.playing()
        here.watch(10)
        here.player.toggle()
        until(lambda: not here.screen.states[-1].speed)
        assert here.screen.states[-1].frame == 10
        assert here.screen.codes()[-1] == 10

    def test_a_picture_that_comes_late_is_passed_over_not_caught_up_with(self, stage):
        here = stage((0, 8))
        here.player.play()
        here.playing()
        here.ear.listen(3 * S)
        until(lambda: here.screen.numbers()[-1] >= 90)
        here.watch(3)
        assert len(here.screen.frames) < 60


class TestGoingTo:
    @pytest.mark.parametrize("frame", [0, 1, 20, 21, 50, 65])
    def test_shows_exactly_the_frame(self, stage, frame):
        here = stage((0.5, 1.2), (6, 7), (3, 3.5))
        here.player.seek(frame_us(frame, RATE))
        until(lambda: len(here.screen.states) == 2)
        assert here.screen.numbers()[-1] == frame
        assert here.screen.codes()[-1:] == here.expected([frame])

    def test_steps_on_and_back_by_single_frames_also_over_a_join(self, stage):
        here = stage((0.5, 1.2), (6, 7))
        here.player.seek(frame_us(19, RATE))
        for step in (1, 1, 1, -1, -1, -1, -1):
            here.player.step(step)
        until(lambda: len(here.screen.states) == 9)
        assert here.screen.numbers()[1:] == [19, 20, 21, 22, 21, 20, 19, 18]
        assert here.screen.codes()[1:] == here.expected([19, 20, 21, 22, 21, 20, 19, 18])

    def test_beyond_either_end_it_stays_at_that(self, stage):
        here = stage((1, 2))
        here.player.step(-5)
        here.player.seek(99 * S)
        until(lambda: len(here.screen.states) == 3)
        assert here.screen.numbers()[1:] == [0, 29]

    def test_while_scrubbing_only_the_newest_place_counts(self, stage):
        here = stage((0, 8))
        for n in range(200):
            here.player.seek(n * 40_000)
        until(lambda: here.screen.numbers()[-1] == round(199 * 0.04 * 30))
        assert len(here.screen.frames) < 150

    def test_while_playing_it_plays_on_from_there(self, stage):
        here = stage((0, 8))
        here.player.play()
        here.playing()
        here.watch(2)
        here.player.seek(5 * S)
        until(lambda: here.ear.starts == 2)
        here.watch(5)
        assert here.screen.numbers()[-1] == 155
        assert here.screen.codes()[-1] == 155


class TestShuttle:
    def test_l_again_is_faster_and_k_rests(self, stage):
        here = stage((0, 8))
        for _ in range(4):
            here.player.shuttle(1)
        here.player.pause()
        until(lambda: len(here.screen.states) == 6)
        assert [state.speed for state in here.screen.states] == [0, 1, 2, 4, 4, 0]

    def test_at_four_times_the_speed_every_fourth_frame_is_shown_in_silence(self, stage):
        here = stage((0, 8))
        for _ in range(3):
            here.player.shuttle(1)
        until(lambda: here.screen.states[-1].speed == 4)
        first, heard = len(here.screen.frames), len(here.ear.heard)
        here.watch(20, ear=here.silent)
        assert here.screen.numbers()[-1] == 80
        assert 15 <= len(here.screen.frames) - first <= 22
        assert len(here.ear.heard) == heard

    def test_j_plays_backwards_to_the_start(self, stage):
        here = stage((0.5, 1.2), (6, 7))
        here.player.seek(frame_us(40, RATE))
        here.player.shuttle(-1)
        until(lambda: here.screen.states[-1].speed == -1)
        here.watch(41, ear=here.silent)
        until(lambda: not here.screen.states[-1].speed)
        numbers = here.screen.numbers()[2:]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[-1] == 0
        assert set(range(41)) <= set(here.screen.numbers())
        assert here.screen.codes()[2:] == here.expected(numbers)


class TestPace:
    @pytest.mark.parametrize("pace", [0.5, 1.5, 2.0])
    def test_the_voice_keeps_its_pitch(self, stage, pace):
        here = stage((1.0, 1.1), (6.5, 6.6), (1.0, 1.1), (6.5, 6.6))  # beeps of 1 kHz only
        here.player.set_pace(pace)
        here.player.play()
        here.playing()
        here.ear.listen(round(here.cut_list.duration_us / pace))
        heard = np.concatenate(here.ear.heard)
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        assert np.argmax(spectrum) * RATE_HZ / len(heard) == pytest.approx(1000, abs=40)

    def test_pictures_keep_step(self, stage):
        here = stage((0, 8))
        here.player.set_pace(0.5)
        here.player.play()
        here.playing()
        here.ear.listen(2 * S)
        until(lambda: here.screen.numbers()[-1] >= 30)
        assert here.screen.numbers()[-1] == 30

    def test_other_paces_are_refused(self, stage):
        with pytest.raises(ValueError, match="3"):
            stage((0, 1)).player.set_pace(3)


class TestLoop:
    def test_a_stretch_comes_again_until_it_is_ended(self, stage):
        here = stage((0, 8))
        here.player.loop(S, 2 * S)
        until(lambda: here.screen.states[-1].speed == 1)
        here.ear.listen(S + 10_000)
        until(lambda: here.ear.starts == 2)
        here.watch(1)
        assert here.screen.numbers()[-1] in (30, 31)
        here.player.end_loop()
        here.ear.listen(S + S // 2)
        until(lambda: here.screen.numbers()[-1] > 65)


class TestOtherResults:
    def test_after_a_cut_it_plays_on_in_the_new_result(self, stage):
        here = stage((0, 8))
        here.player.play()
        here.playing()
        here.watch(5)
        here.cut_list = here.cut((0, 1), (4, 8))
        here.player.load(here.programme(here.cut_list), at_us=frame_us(28, RATE))
        until(lambda: here.ear.starts == 2)
        here.watch(5)
        assert here.screen.numbers()[-1] == 33
        assert here.screen.codes()[-1] == 123

    def test_name_and_role_are_shown_in_the_first_seconds_if_the_video_gets_them(self, stage):
        here = stage((0, 8))
        plain = here.programme(here.cut_list)

        def picture(at_us: int, named: Expert | None) -> np.ndarray:
            before = len(here.screen.frames)
            here.player.load(replace(plain, named=named), at_us=at_us)
            until(lambda: len(here.screen.frames) > before)
            return here.screen.frames[-1].pixels.astype(int)

        amara = Expert("Amara Osei", "Sales Lead")
        changed = {at_us: np.abs(picture(at_us, None) - picture(at_us, amara)) for at_us in (0, 3 * S, 7 * S)}
        assert changed[0].max() == changed[7 * S].max() == 0
        rows = changed[3 * S].max(axis=(1, 2))
        assert rows[: SIZE.height_px // 2].max() == 0
        assert rows.max() > 60

    def test_a_missing_take_is_black_and_silent_while_the_others_play_on(self, tmp_path, stage):
        here = stage((0, 1))
        other = tmp_path / "other"
        other.mkdir()
        write_camera(other / "camera.mp4", even_times(60, 30), options={"g": "30"})
        gone = coded_take(other, camera="camera.mp4", seconds=2, name="gone")
        (other / "mic-001.wav").unlink()
        spans = [Span("gone", "p-gone", 0, S), Span("t", "p-t", 2 * S, 3 * S)]
        cut_list = place(spans, rate=RATE)
        takes, folders = {"gone": gone, "t": here.take}, {"gone": other, "t": tmp_path}
        here.player.load(Programme(cut_list, takes, folders), at_us=0)
        until(lambda: len(here.screen.states) == 2)
        assert here.screen.states[-1].missing == ("gone",)
        assert not here.screen.frames[-1].pixels[..., :3].any()
        here.player.play()
        here.playing()
        here.ear.listen(S + S // 2)
        until(lambda: here.screen.numbers()[-1] >= 45)
        assert here.screen.codes()[-1] == 75
        heard = np.concatenate(here.ear.heard)
        assert not heard[: RATE_HZ - 1000].any()
        assert heard[RATE_HZ + 1000 :].any()

    def test_an_empty_result_shows_nothing_and_does_not_mind(self, stage):
        here = stage((0, 1))
        here.player.load(here.programme(place([], rate=RATE)), at_us=0)
        here.player.play()
        here.player.step(1)
        until(lambda: len(here.screen.states) >= 3)
        assert len(here.screen.frames) == 1

    def test_the_sound_of_a_file_is_heard_from_where_it_plays(self, stage, tmp_path):
        here = stage((0, 2))
        ramp = np.linspace(-0.5, 0.5, 2 * RATE_HZ, dtype=np.float32)
        soundfile.write(tmp_path / "all of it.flac", ramp, RATE_HZ, subtype="PCM_24")
        here.player.seek(S)
        here.player.play()
        here.playing()
        here.player.hear(tmp_path / "all of it.flac", gain_db=0)
        until(lambda: here.ear.starts == 2)
        here.ear.listen(S // 2)
        heard = np.concatenate(here.ear.heard)
        assert np.allclose(heard[:20_000], ramp[RATE_HZ : RATE_HZ + 20_000], atol=1e-5)

    def test_without_a_file_takes_are_played_louder_and_never_too_loud(self, stage):
        here = stage((0, 2))
        plain = np.concatenate(
            list(result_sound(here.cut_list, {"t": here.take}, {"t": here.folder}, work=Work()))
        )
        here.player.load(replace(here.programme(here.cut_list), gain_db=6), at_us=0)
        here.player.play()
        here.playing()
        here.ear.listen(S)
        wanted = np.clip(plain[:40_000] * 10 ** (6 / 20), -1, 1)
        assert np.allclose(np.concatenate(here.ear.heard)[:40_000], wanted, atol=1e-6)

    def test_a_new_size_shows_the_same_picture_again(self, stage):
        here = stage((1, 2))
        here.player.resize(Size(640, 200))
        until(lambda: len(here.screen.frames) == 2)
        assert here.screen.frames[-1].pixels.shape == (200, 266, 4)
        assert here.screen.codes()[-1] == 30


class TestHeardClock:
    def test_runs_on_between_blocks_but_never_past_what_was_handed_over(self):
        now = [0.0]
        clock = HeardClock(RATE_HZ, late_us=50_000, now_s=lambda: now[0])
        clock.start()
        told = []
        for block in range(100):
            clock.handed_over(960)
            for step in range(4):
                now[0] = block * 0.02 + step * 0.005
                told.append(clock.elapsed_us())
        assert told == sorted(told)
        assert told[-1] == pytest.approx(99 * 20_000 + 15_000 - 50_000, abs=21_000)
        now[0] += 5
        assert clock.elapsed_us() <= 100 * 20_000 - 50_000


def test_sample_counts_of_a_result_and_its_pictures_agree(stage):
    here = stage((0.5, 1.2), (6, 7))
    assert sample_at(here.cut_list.frames, RATE) == 51 * RATE_HZ // 30
