"""Where somebody speaks there are words, at the right times, or the producer is told."""

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import assets
from capture.errors import BadInputError
from capture.work import Work
from editor import fillers, hearing
from editor.audio import read_sound
from editor.hearing import Block, Part, fill_in, find_missing, in_order, reach_edges, snap, write_down
from editor.listener import HeardWord, Hearing
from editor.model import Word
from editor.voice import (
    LONGEST_CHUNK_US,
    RATE_HZ,
    Chunk,
    Region,
    find_regions,
    pack,
    split_long,
    voice_probability,
)

S = 1_000_000


def word(start_s: float, end_s: float, text: str = "word") -> Word:
    return Word(round(start_s * S), round(end_s * S), text, 0.9)


def region(start_s: float, end_s: float) -> Region:
    return Region(round(start_s * S), round(end_s * S))


def said(text: str) -> tuple[Word, ...]:
    """The words of a text, one every half second."""
    return tuple(word(n / 2, n / 2 + 0.4, each) for n, each in enumerate(text.split()))


# Voice and chunks --------------------------------------------------------------------------------------


def test_silence_and_noise_are_no_voice():
    noise = np.random.default_rng(1).normal(0, 0.1, RATE_HZ * 5).astype(np.float32)
    for sound in (np.zeros(0, np.float32), np.zeros(RATE_HZ * 5, np.float32), noise):
        assert find_regions(voice_probability(sound), until_us=len(sound) * S // RATE_HZ) == ()


def test_looking_for_voice_tells_nobody(tmp_path: Path):
    # onnxruntime, which runs the detector, keeps what it wants to send home in a cache below HOME.
    look = "import numpy, editor.voice as voice; voice.voice_probability(numpy.zeros(16_000, numpy.float32))"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", look], env=home, cwd=assets.ROOT, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@st.composite
def speech(draw: st.DrawFn) -> tuple[list[Region], int]:
    """Regions of voice with pauses between them, and where the sound ends."""
    at = draw(st.integers(0, 3 * S))
    regions = []
    for _ in range(draw(st.integers(1, 40))):
        length = draw(st.integers(64_000, LONGEST_CHUNK_US - S))
        regions.append(Region(at, at + length))
        at += length + draw(st.integers(96_000, 20 * S))
    return regions, regions[-1].end_us + draw(st.integers(0, 5 * S))


@given(speech())
def test_chunks_hold_all_voice_once_and_fit_the_model(given_speech: tuple[list[Region], int]):
    regions, until_us = given_speech
    chunks = pack(regions, until_us=until_us)
    assert all(chunk.length_us <= LONGEST_CHUNK_US for chunk in chunks)
    pieces = [piece for chunk in chunks for piece in chunk.pieces]
    assert all(before.end_us <= after.start_us for before, after in pairwise(pieces))
    assert pieces[0].start_us >= 0
    assert pieces[-1].end_us <= until_us
    for each in regions:
        assert any(piece.start_us <= each.start_us and each.end_us <= piece.end_us for piece in pieces)


@given(speech(), st.floats(0, 1), st.integers(0, S))
def test_a_time_in_a_chunk_is_found_again_on_the_clock(
    given_speech: tuple[list[Region], int], where: float, length_us: int
):
    regions, until_us = given_speech
    for chunk in pack(regions, until_us=until_us):
        start_us = round(where * (chunk.length_us - 1))
        place = chunk.to_clock(start_us, min(start_us + length_us, chunk.length_us))
        assert any(p.start_us <= place.start_us <= place.end_us <= p.end_us for p in chunk.pieces)


def test_a_long_pause_is_left_out_of_a_chunk_and_put_back_into_the_times():
    chunk = pack([region(1, 3), region(13, 15)], until_us=20 * S)[0]
    assert chunk.pieces == (region(0.6, 3.4), region(12.6, 15.4))
    assert chunk.to_clock(3 * S, 3 * S + 400_000) == region(12.8, 13.2)


def test_chunks_break_at_the_longest_pause_near_the_end():
    regions = [region(0, 10), region(10.2, 20), region(22, 27), region(27.2, 35)]
    assert [chunk.pieces[-1].end_us for chunk in pack(regions, until_us=35 * S)] == [
        round(20.4 * S),
        35 * S,
    ]


def test_speech_without_a_pause_is_split_where_it_is_least_likely():
    probability = np.ones(60 * RATE_HZ // 512, np.float32)
    probability[700] = 0.6
    parts = split_long([region(0, 60)], probability)
    assert parts[0].end_us == 700 * 32_000
    assert parts[-1].end_us == 60 * S
    assert all(part.length_us < LONGEST_CHUNK_US for part in parts)


def test_every_region_alone_fits_the_model_too():
    assert pack([], until_us=S) == ()
    assert Chunk((region(0, 1), region(2, 3))).length_us == 2 * S


# Times of words ----------------------------------------------------------------------------------------


def test_a_word_stretched_into_a_pause_shrinks_to_the_voice():
    assert snap(region(0.56, 1.06), [region(0.96, 2)]) == region(0.9, 1.06)
    assert snap(region(1.5, 2.9), [region(0.96, 2)]) == region(1.5, 2.12)


def test_a_word_the_detector_does_not_hear_keeps_its_time():
    assert snap(region(5, 5.3), [region(0.96, 2)]) == region(5, 5.3)
    assert snap(region(0.9, 1.0), [region(0.99, 2)]) == region(0.9, 1.0)


def test_words_beside_a_pause_reach_to_where_the_voice_ends():
    words = [word(1.1, 1.4), word(1.4, 1.8), word(3.1, 3.5)]
    reached = reach_edges(words, [region(1, 2), region(3, 3.6)])
    assert [(w.start_us / S, w.end_us / S) for w in reached] == [(1, 1.4), (1.4, 2), (3, 3.6)]


@given(
    st.lists(st.tuples(st.integers(-S, 9 * S), st.integers(-S, 9 * S)), max_size=60),
    st.integers(1, 8 * S),
)
def test_words_come_out_in_order_none_empty_none_outside(times: list[tuple[int, int]], duration_us: int):
    kept = in_order([Word(start, end, "x", 0.5) for start, end in times], Region(0, duration_us))
    assert all(0 <= each.start_us < each.end_us <= duration_us for each in kept)
    assert all(one.end_us <= other.start_us for one, other in pairwise(kept))


# Nothing missing ---------------------------------------------------------------------------------------


def test_a_voiced_stretch_without_words_is_missing():
    assert find_missing([region(0, 1.4), region(2, 5)], []) == (region(2, 5),)
    assert find_missing([region(0, 5)], [word(0, 0.5)]) == (region(0, 5),)


def test_a_sentence_lost_within_a_long_stretch_is_missing_too():
    words = [word(n / 2, n / 2 + 0.5) for n in range(40) if not 10 <= n / 2 < 14]
    assert find_missing([region(0, 20)], words) == (region(10, 14),)


def test_normal_speech_is_not_missing():
    assert find_missing([region(0, 10)], [word(n / 2, n / 2 + 0.4) for n in range(20)]) == ()


def test_only_the_missing_stretch_is_filled_in():
    words = [word(0, 1, "one"), word(5, 5.2, "mumble"), word(9, 10, "ten")]
    found = [word(4, 5, "four"), word(5, 6, "five"), word(9, 10, "TEN")]
    filled = fill_in(words, [region(3, 7)], found)
    assert [each.text for each in filled] == ["one", "four", "five", "ten"]
    assert [each.text for each in fill_in(words, [region(3, 7)], [])] == ["one", "mumble", "ten"]


class DroppingEar:
    """Hears every half second of a sound as a word, but with a prompt only the first ones."""

    def __init__(self, *, hears: int, again: bool) -> None:
        self.hears = hears
        self.again = again
        self.prompts: list[str | None] = []

    def require_language(self, language: str) -> str:
        if language == "tlh":
            raise BadInputError("caption.other_language", language=language)
        return language

    def find_language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        return "en", 0.9

    def hear(
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None, terms: str = ""
    ) -> tuple[Hearing, ...]:
        self.prompts.append(prompt)
        if prompt is None and not self.again:
            return tuple(Hearing((), sure=False) for _ in sounds)
        return tuple(self._words(len(sound) * S // RATE_HZ, first=prompt is not None) for sound in sounds)

    def _words(self, length_us: int, *, first: bool) -> Hearing:
        every = [HeardWord(at, at + S // 2, f"w{n}", 0.9) for n, at in enumerate(range(0, length_us, S // 2))]
        return Hearing(tuple(every[: self.hears] if first else every), sure=True)


@pytest.fixture(scope="module")
def reading() -> Block:
    """Nine seconds of a real answer."""
    sound = read_sound(assets.SAMPLE / "4-who.flac", rate_hz=RATE_HZ, work=Work())
    return Block(sound[: 9 * RATE_HZ], 0)


def written(ear: DroppingEar, block: Block, language: str = "en") -> hearing.Written:
    return write_down(ear, [block], language=language, duration_us=9 * S, tell=lambda _: None)


def test_dropped_speech_is_heard_again_alone_and_without_the_prompt(reading: Block):
    ear = DroppingEar(hears=2, again=True)
    result = written(ear, reading)
    assert ear.prompts == [fillers.disfluency_prompt("en"), None]
    assert len(result.words) > 10
    assert result.missing == ()


def test_what_is_still_missing_after_that_is_told(reading: Block):
    result = written(DroppingEar(hears=2, again=False), reading)
    assert result.missing
    assert all(each.length_us >= 1_500_000 for each in result.missing)


def test_nothing_is_heard_twice_when_nothing_is_missing(reading: Block):
    ear = DroppingEar(hears=100, again=True)
    assert written(ear, reading).missing == ()
    assert len(ear.prompts) == 1


def test_a_language_the_model_does_not_know_is_refused_before_anything_is_heard(reading: Block):
    ear = DroppingEar(hears=9, again=True)
    with pytest.raises(BadInputError):
        written(ear, reading, "tlh")
    assert ear.prompts == []


def test_the_language_is_found_where_none_is_given(reading: Block):
    result = written(DroppingEar(hears=100, again=True), reading, "")
    assert (result.language, result.certainty) == ("en", 0.9)


def test_finished_parts_are_not_heard_again_and_the_rest_goes_on_where_they_end():
    sound = read_sound(assets.SAMPLE / "4-who.flac", rate_hz=RATE_HZ, work=Work())
    cut = 8 * RATE_HZ
    blocks = [Block(sound[:cut], 0), Block(sound[cut:], 8 * S)]
    length_us = len(sound) * S // RATE_HZ
    parts: list[Part] = []
    ear = DroppingEar(hears=999, again=True)
    whole = write_down(
        ear, blocks, language="", duration_us=length_us, tell=lambda _: None, keep=parts.append
    )
    assert [part.end for part in parts] == [cut, len(sound)]
    resumed = DroppingEar(hears=999, again=True)
    told: list[float] = []
    again = write_down(
        resumed, blocks[1:], language="", duration_us=length_us, tell=told.append, before=parts[:1]
    )
    assert again == whole
    assert len(resumed.prompts) == 1
    assert told == [1.0]


# Fillers -----------------------------------------------------------------------------------------------


def marked(text: str, language: str = "en") -> str:
    return " ".join(f"[{w.text}]" if w.filler else w.text for w in fillers.mark_fillers(said(text), language))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So, um, what I do", "So, [um,] what I do"),
        ("Uh, I don't, Uhm... Erm wait. Hmm.", "[Uh,] I don't, [Uhm...] [Erm] wait. [Hmm.]"),
        ("It was, you know, the big one", "It was, [you] [know,] the big one"),
        (
            "Well, I mean, the price. You know, it works.",
            "Well, [I] [mean,] the price. [You] [know,] it works.",
        ),
        ("It was, like, huge.", "It was, [like,] huge."),
        ("On the shelf. Ah, it takes two.", "On the shelf. [Ah,] it takes two."),
    ],
)
def test_hesitations_and_phrases_that_stand_apart_are_fillers(text: str, expected: str):
    assert marked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "You need to know the price list",
        "What do you know. I mean the price, you know the one.",
        "It looks like rain, like yesterday.",
        "The human umbrella errs. Her museum hums. Aha, a hat.",
        "So, well, that is right.",
    ],
)
def test_words_that_mean_something_are_no_fillers(text: str):
    assert "[" not in marked(text)


def test_one_languages_filler_is_anothers_word():
    assert marked("um carro", "pt-BR") == "um carro"
    assert marked("er kommt, ähm, um acht", "de") == "er kommt, [ähm,] um acht"
    assert marked("euh, je pense", "fr-CA") == "[euh,] je pense"
    assert marked("um, well", "xx") == "um, well"


def test_only_english_gets_an_english_prompt():
    assert fillers.disfluency_prompt("en-GB")
    assert fillers.disfluency_prompt("de") is None
