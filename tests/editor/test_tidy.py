"""Dead air and fillers go, and no word is ever clipped: not by a late transcript, not by a loud room."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from capture.take import Segment, Take, TakePrompt
from capture.work import Cancelled, Work
from editor import cutlist, speech, tidy
from editor.model import Edit, Word
from editor.speech import RATE_HZ, Levels, measure_levels, voiced

S = 1_000_000


def sound(
    *stretches: tuple[float, float],
    seconds: float,
    noise_db: float = -60,
    voice_db: float = -25,
    seed: int = 1,
) -> np.ndarray:
    """Voice-like bursts at these seconds, that swell and die away, over steady room noise."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    made = random.standard_normal(len(t)) * 10 ** (noise_db / 20)
    for start, end in stretches:
        inside = (t >= start) & (t < end)
        into = t[inside] - start
        tone = sum(np.sin(2 * np.pi * 130 * k * into) / k for k in range(1, 20))
        shape = np.minimum(1, np.minimum(into / 0.02, (end - start - into) / 0.08))
        made[inside] += tone * shape * 10 ** (voice_db / 20)
    return made.astype(np.float32)


def a_take(seconds: float) -> Take:
    return Take(
        "t", "r", "", TakePrompt("p", "question", "", ""), 1, "safe", "", duration_us=round(seconds * S)
    )


def words(*times: tuple[float, float], fillers: Sequence[int] = ()) -> tuple[Word, ...]:
    return tuple(
        Word(round(a * S), round(b * S), "um" if n in fillers else "word", 0.9, n in fillers)
        for n, (a, b) in enumerate(times)
    )


def seconds_cut(edit: Edit) -> list[tuple[float, float]]:
    return [(cut.in_us / S, cut.out_us / S) for cut in cutlist.take_edit(edit, "t").cuts]


def clips(edit: Edit, *stretches: tuple[float, float]) -> bool:
    """Whether any cut, moved by half a frame of 25 a second, reaches into one of these."""
    return any(a - 0.02 < end and b + 0.02 > start for a, b in seconds_cut(edit) for start, end in stretches)


SAID = ((1.0, 1.6), (1.65, 2.2), (4.0, 4.9), (5.2, 6.0))
LENGTH = 7.5


class TestVoiced:
    @pytest.mark.parametrize("noise_db", [-90, -60, -45])
    def test_finds_speech_in_quiet_and_in_noisy_rooms(self, noise_db):
        found = voiced(measure_levels([sound(*SAID, seconds=LENGTH, noise_db=noise_db)]))
        expected = [(1.0, 2.2), (4.0, 4.9), (5.2, 6.0)]
        assert len(found) == 3
        for (a, b), (start, end) in zip(found, expected, strict=True):
            assert a / S == pytest.approx(start, abs=0.03)
            assert b / S == pytest.approx(end, abs=0.04)

    def test_a_click_is_no_speech(self):
        made = sound((2, 3), seconds=5)
        made[round(4 * RATE_HZ) : round(4.01 * RATE_HZ)] += 0.5
        assert len(voiced(measure_levels([made]))) == 1

    def test_hum_is_no_speech(self):
        made = sound((2, 3), seconds=5)
        made += 0.05 * np.sin(2 * np.pi * 50 * np.arange(len(made)) / RATE_HZ).astype(np.float32)
        found = voiced(measure_levels([made]))
        assert [(round(a / S, 1), round(b / S, 1)) for a, b in found] == [(2.0, 3.0)]

    def test_a_muted_microphone_says_nothing_of_the_room(self):
        made = sound((2, 3), seconds=20, noise_db=-50)
        made[round(5 * RATE_HZ) :] = 0
        found = voiced(measure_levels([made]))
        assert [(round(a / S, 1), round(b / S, 1)) for a, b in found] == [(2.0, 3.0)]

    def test_steady_music_is_all_sound_and_silence_is_none(self):
        music = sound((0, 5), seconds=5)
        assert sum(b - a for a, b in voiced(measure_levels([music[RATE_HZ:-RATE_HZ]]))) == 3 * S
        assert voiced(measure_levels([sound(seconds=5, noise_db=-70)])) == ()
        assert voiced(measure_levels([np.zeros(RATE_HZ, np.float32)])) == ()
        assert voiced(measure_levels([])) == ()

    def test_levels_do_not_depend_on_the_blocks_they_came_in(self):
        made = sound(*SAID, seconds=LENGTH)
        whole, pieces = measure_levels([made]), measure_levels(np.array_split(made, 37))
        assert np.allclose(whole.db, pieces.db, atol=1e-3)
        assert whole.duration_us == round(LENGTH * S)


@pytest.fixture(scope="module")
def levels() -> Levels:
    return measure_levels([sound(*SAID, seconds=LENGTH)])


class TestTrim:
    def test_leaves_a_quarter_of_a_second_without_any_captions(self, levels):
        (_, start), (end, out) = seconds_cut(tidy.trim_ends(Edit(), a_take(LENGTH), levels))
        assert start == pytest.approx(0.75, abs=0.03)
        assert end == pytest.approx(6.25, abs=0.04)
        assert out == LENGTH

    def test_a_word_too_quiet_to_be_heard_counts_by_its_time(self, levels):
        said = words((0.4, 0.6), *SAID)
        assert seconds_cut(tidy.trim_ends(Edit(), a_take(LENGTH), levels, said))[0][1] == pytest.approx(0.15)

    def test_a_word_that_is_said_to_start_in_the_silence_is_believed_in_part(self, levels):
        said = words((0.0, 1.6), *SAID[1:])
        assert 0.5 < seconds_cut(tidy.trim_ends(Edit(), a_take(LENGTH), levels, said))[0][1] < 0.75

    def test_a_knock_before_the_first_word_goes_where_words_are_known(self):
        knock = sound((0.3, 0.5), *SAID, seconds=LENGTH)
        take, heard = a_take(LENGTH), measure_levels([knock])
        assert seconds_cut(tidy.trim_ends(Edit(), take, heard))[0][1] < 0.1
        assert seconds_cut(tidy.trim_ends(Edit(), take, heard, words(*SAID)))[0][1] > 0.7

    def test_long_speech_that_the_captions_missed_stays(self):
        take, heard = a_take(LENGTH), measure_levels([sound(*SAID, seconds=LENGTH)])
        assert not clips(tidy.trim_ends(Edit(), take, heard, words(*SAID[2:])), *SAID)

    def test_a_silent_take_stays_as_it_is(self):
        heard = measure_levels([sound(seconds=5)])
        assert tidy.trim_ends(Edit(), a_take(5), heard) == Edit()
        assert tidy.remove_silences(Edit(), a_take(5), heard, longer_than_us=S) == Edit()


class TestSilences:
    def test_only_long_ones_are_shortened_to_a_quarter_of_a_second(self, levels):
        edit = tidy.remove_silences(Edit(), a_take(LENGTH), levels, longer_than_us=S)
        (start, end), _ = seconds_cut(edit)
        assert (start - 2.2) + (4.0 - end) == pytest.approx(0.25, abs=0.08)
        assert not clips(edit, *SAID)

    def test_asked_again_with_another_length_it_starts_anew(self, levels):
        take = a_take(LENGTH)
        short = tidy.remove_silences(Edit(), take, levels, longer_than_us=S // 4)
        again = tidy.remove_silences(short, take, levels, longer_than_us=S)
        assert len(seconds_cut(short)) == len(seconds_cut(again)) + 1
        assert again == tidy.remove_silences(Edit(), take, levels, longer_than_us=S)

    @pytest.mark.parametrize("seed", range(6))
    @pytest.mark.parametrize("noise_db", [-75, -60, -48])
    def test_no_word_is_clipped_whatever_the_transcript_says(self, seed, noise_db):
        random = np.random.default_rng(seed)
        at, said = 0.5, []
        for _ in range(25):
            said.append((at, at + random.uniform(0.15, 0.7)))
            at = said[-1][1] + random.choice([0.03, 0.1, 0.4, 0.9, 2.0])
        take = a_take(at + 1)
        heard = measure_levels([sound(*said, seconds=at + 1, noise_db=noise_db, seed=seed)])
        late = words(*((a + random.uniform(-0.15, 0.15), b + random.uniform(-0.15, 0.15)) for a, b in said))
        for transcript in ((), late):
            edit = tidy.trim_ends(Edit(), take, heard, transcript)
            edit = tidy.remove_silences(edit, take, heard, transcript, longer_than_us=300_000)
            assert len(seconds_cut(edit)) > 5
            assert not clips(edit, *said)


class TestFillers:
    said = ((0.5, 1.2), (1.5, 1.8), (2.2, 2.9), (3.1, 3.4), (3.42, 4.0))
    length = 4.5

    def cut(self, transcript: Sequence[Word], **options) -> list[tuple[float, float]]:
        heard = measure_levels([sound(*self.said, seconds=self.length, **options)])
        return seconds_cut(tidy.remove_fillers(Edit(), a_take(self.length), heard, transcript))

    def test_the_filler_goes_with_its_pauses_but_a_short_one(self):
        ((start, end),) = self.cut(words(*self.said, fillers=[1]))
        assert 1.2 + 0.1 < start < 1.5
        assert 1.8 < end < 2.2 - 0.05

    def test_a_transcript_a_tenth_of_a_second_off_clips_nobody(self):
        for off in (-0.1, 0.1):
            moved = words(*((a + off, b + off) for a, b in self.said), fillers=[1])
            ((start, end),) = self.cut(moved)
            assert 1.2 < start <= 1.5
            assert 1.8 <= end < 2.2

    def test_between_words_run_together_the_cut_lies_in_the_dip(self):
        ((start, end),) = self.cut(words(*self.said, fillers=[3]))
        assert 2.9 < start <= 3.1
        assert end == pytest.approx(3.41, abs=0.03)

    def test_one_that_runs_into_its_neighbour_without_a_dip_stays_and_is_shown(self):
        heard = measure_levels([sound((0.5, 3.0), seconds=self.length)])
        said = words((0.5, 1.2), (1.2, 1.5), (1.5, 3.0), fillers=[1])
        (found,) = tidy.filler_cuts(a_take(self.length), heard, said)
        assert not found.clean
        assert tidy.remove_fillers(Edit(), a_take(self.length), heard, said) == Edit()

    def test_two_words_of_one_filler_are_one_cut(self):
        said = words(*self.said, fillers=[0, 1])
        heard = measure_levels([sound(*self.said, seconds=self.length)])
        (found,) = tidy.filler_cuts(a_take(self.length), heard, said)
        assert (found.first, found.last, found.confidence) == (0, 1, 0.9)

    def test_with_the_silences_removed_no_sliver_is_left_between(self):
        take = a_take(self.length)
        heard = measure_levels([sound(*self.said, seconds=self.length)])
        said = words(*self.said, fillers=[1])
        edit = tidy.remove_silences(Edit(), take, heard, said, longer_than_us=250_000)
        edit = tidy.remove_fillers(edit, take, heard, said)
        kept = cutlist.kept(take.duration_us, edit.takes[0].cuts)
        assert min(b - a for a, b in kept) > 400_000

    def test_a_struck_word_takes_the_pause_after_it_along(self):
        heard = measure_levels([sound(*self.said, seconds=self.length)])
        said = words(*self.said)
        edit = tidy.strike(Edit(), a_take(self.length), heard, said, first=2, last=2)
        ((start, end),) = seconds_cut(edit)
        assert 1.8 < start <= 2.2
        assert 2.9 <= end < 3.1
        assert cutlist.is_struck(edit.takes[0].cuts, said[2])

    @pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 1), (1, 2), (2, 3)])
    def test_whatever_is_struck_is_struck_though_nothing_was_heard_there(self, first, last):
        heard = measure_levels([sound((5.0, 6.0), seconds=8)])
        said = words((0.0, 0.9), (1.0, 1.9), (2.0, 2.1), (2.1, 6.5))
        edit = tidy.strike(Edit(), a_take(8), heard, said, first=first, last=last)
        struck = [cutlist.is_struck(edit.takes[0].cuts, word) for word in said]
        assert struck == [first <= n <= last for n in range(4)]


class TestRealSpeech:
    """The bundled interview: a voice over a quiet room at about -58 dB."""

    def test_cuts_lie_in_the_noise_of_the_room_and_take_no_voice(self, sample: Path):
        import soundfile

        for name in ("2-why", "6-kind"):
            samples, rate_hz = soundfile.read(sample / f"{name}.flac", dtype="float32")
            take = replace(
                a_take(len(samples) / rate_hz), segments=(Segment("mic", f"{name}.flac", 0, len(samples)),)
            )
            heard = speech.take_levels(sample, take, work=Work())
            edit = tidy.trim_ends(Edit(), take, heard)
            edit = tidy.remove_silences(edit, take, heard, longer_than_us=400_000)
            cut_s = sum(b - a for a, b in seconds_cut(edit) if a > 0)
            assert cut_s > 3
            for a, b in seconds_cut(edit):
                # Judged in another way than it was found: plain power, with half a frame around.
                inside = samples[max(0, round((a - 0.02) * rate_hz)) : round((b + 0.02) * rate_hz)]
                inside = inside[: len(samples) - 2400 - round(a * rate_hz)]  # the file ends with a click
                blocks = inside[: len(inside) // 480 * 480].reshape(-1, 480)
                # The room is at -58 dB, the voice at -20 to -40.
                assert np.square(blocks).mean(axis=1).max() < 10 ** (-50 / 10)

    def test_can_be_stopped(self, sample: Path):
        take = replace(a_take(25), segments=(Segment("mic", "2-why.flac", 0, 25 * S),))
        work = Work()
        work.cancel()
        with pytest.raises(Cancelled):
            speech.take_levels(sample, take, work=work)


def test_a_tidied_take_is_shorter_by_its_cuts(levels):
    take = a_take(LENGTH)
    edit = tidy.remove_silences(Edit(), take, levels, longer_than_us=S)
    left_us = sum(b - a for a, b in cutlist.kept(take.duration_us, edit.takes[0].cuts))
    assert Fraction(left_us, S) < 5
