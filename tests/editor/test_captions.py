"""Captions follow the words that remain, break where a reader breathes, and stay inside the rules."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assets
from editor import cutlist
from editor.captions import make_cues
from editor.cue_layout import LONGEST_LINE, LONGEST_US, MOST_LINES, columns
from editor.cue_rules import RULES, check_cues
from editor.model import (
    Correction,
    Cue,
    CueOverride,
    Cut,
    CutList,
    Edit,
    Span,
    TakeEdit,
    Transcript,
    Word,
)
from editor.phrasing import break_penalty
from editor.spoken import spoken_words

RATE = Fraction(30)
S = 1_000_000


def words_of(text: str, *, start_s: float = 0.5, word_s: float = 0.3) -> tuple[Word, ...]:
    """The words of a text at an even pace, with half a second after each sentence."""
    words = []
    at = round(start_s * S)
    for each in text.split():
        words.append(Word(at, at + round(word_s * S * 0.9), each, 0.9))
        at += round(word_s * S) + (S // 2 if each[-1] in ".?!" else 0)
    return tuple(words)


def transcript(text: str, take_id: str = "t1", *, language: str = "en", word_s: float = 0.3) -> Transcript:
    return Transcript(take_id, language, "base", words_of(text, word_s=word_s))


def whole(*transcripts: Transcript, cuts: Sequence[Cut] = (), rate: Fraction = RATE) -> CutList:
    """Each take from start to a second after its last word, as a chapter of its own."""
    spans = []
    for each in transcripts:
        end_us = each.words[-1].end_us + S
        for in_us, out_us in cutlist.kept(end_us, cuts):
            spans.append(Span(each.take_id, f"p-{each.take_id}", in_us, out_us))
    return cutlist.place(spans, rate=rate)


def cues_of(text: str, **edit: object) -> tuple[Cue, ...]:
    made = transcript(text)
    return make_cues(whole(made), [made], Edit(**edit))  # type: ignore[arg-type]


def read(cues: Sequence[Cue]) -> str:
    return " ".join(line for cue in cues for line in cue.lines)


ANSWER = (
    "For a beginner, it is simply this. Ring within the hour, and open with their words, not yours. "
    "Intermediate is when you can hear that the first worry is not the real one, and you ask one more "
    "question before you offer a time. Advanced is coaching. You listen to two calls a week from somebody "
    "else, and you agree on one sentence to change."
)


# What they say -----------------------------------------------------------------------------------------


def test_every_word_is_there_once_and_in_order():
    assert read(cues_of(ANSWER)) == ANSWER


def test_words_that_were_cut_are_gone_and_the_rest_moves_up():
    made = transcript("One two three. Four five six. Seven eight nine.")
    middle = made.words[3:6]
    cut = Cut(middle[0].start_us - 50_000, middle[-1].end_us + 50_000, "hand")
    before = make_cues(whole(made), [made], Edit())
    after = make_cues(whole(made, cuts=[cut]), [made], Edit())
    assert read(after) == "One two three. Seven eight nine."
    assert after[-1].end_us <= before[-1].end_us - (cut.out_us - cut.in_us) + 70_000


def test_a_word_is_in_or_out_by_its_middle():
    made = transcript("alpha beta gamma")
    beta = made.words[1]
    nearly = Cut(beta.start_us, (beta.start_us + beta.end_us) // 2 - 40_000, "hand")
    assert read(make_cues(whole(made, cuts=[nearly]), [made], Edit())) == "alpha beta gamma"
    more = Cut(beta.start_us, (beta.start_us + beta.end_us) // 2 + 40_000, "hand")
    assert read(make_cues(whole(made, cuts=[more]), [made], Edit())) == "alpha gamma"


@pytest.mark.parametrize(
    ("text", "struck", "left"),
    [
        ("Um, we ring first. Then we wait.", [0], "We ring first. Then we wait."),
        ("We ring him back today. Good.", [4], "We ring him back. Good."),
        ("We ring, um. Then we wait.", [2], "We ring. Then we wait."),
        ("We ring. Um. Then we wait.", [2], "We ring. Then we wait."),
        ("We ring. Maybe never. Then we wait.", [2, 3], "We ring. Then we wait."),
        ("Do you, uh, know?", [3], "Do you, uh?"),
    ],
)
def test_sentences_are_mended_where_words_were_struck(text: str, struck: list[int], left: str):
    made = transcript(text)
    cuts = [Cut(made.words[n].start_us, made.words[n].end_us, "word") for n in struck]
    assert read(make_cues(whole(made, cuts=cuts), [made], Edit())) == left


def test_corrected_words_read_as_corrected():
    made = transcript("If we rang book to visit.")
    fixed = Correction(made.words[3].start_us, made.words[4].end_us, "booked a")
    edit = Edit(takes=(TakeEdit("t1", corrections=(fixed,)),))
    assert read(make_cues(whole(made), [made], edit)) == "If we rang booked a visit."


def test_a_take_without_a_transcript_has_no_captions():
    made = transcript("Hello there.")
    assert make_cues(whole(made), [], Edit()) == ()
    assert make_cues(CutList(RATE, ()), [made], Edit()) == ()


def test_no_caption_reaches_over_a_chapter():
    first, second = transcript("This ends here", "t1"), transcript("and this starts there", "t2")
    cut_list = whole(first, second)
    border_us = cutlist.frame_us(cut_list.placed[1].result_frame, RATE)
    cues = make_cues(cut_list, [first, second], Edit())
    assert [read([cue]) for cue in cues] == ["This ends here", "and this starts there"]
    assert cues[0].end_us <= border_us <= cues[1].start_us


# How they break ----------------------------------------------------------------------------------------


def test_lines_break_after_punctuation_and_before_small_words():
    cues = cues_of(ANSWER)
    ends = [line.split()[-1] for cue in cues for line in cue.lines]
    assert not {"the", "a", "is", "and", "to", "of"}.intersection(ends)
    assert sum(end[-1] in ",." for end in ends) >= 0.6 * len(ends)


@pytest.mark.parametrize(
    ("before", "after", "worse_before", "worse_after"),
    [
        ("worry", "and", "the", "worry"),
        ("hour,", "send", "send", "the"),
        ("ends.", "Then", "hour,", "then"),
        ("call", "Leeds", "Amara", "Osei"),
        ("two", "and", "rooms", "are"),
    ],
)
def test_some_breaks_are_better_than_others(before: str, after: str, worse_before: str, worse_after: str):
    good = break_penalty(before, after, pause_us=0, language="en")
    worse = break_penalty(worse_before, worse_after, pause_us=0, language="en")
    assert good < worse


def test_a_pause_is_a_good_place_to_break():
    assert break_penalty("we", "ring", pause_us=600_000, language="en") < break_penalty(
        "we", "ring", pause_us=0, language="en"
    )
    assert break_penalty("Dr.", "Smith", pause_us=0, language="en") == 1.0


def test_no_word_stands_alone_where_it_could_stand_with_others():
    cues = cues_of("We looked at all of our own numbers in Leeds last quarter before we rang anybody again")
    assert not [problem for problem in check_cues(cues, rate=RATE) if problem.rule == "orphan"]


def test_a_long_silence_ends_a_caption():
    words = (*words_of("Here it is", start_s=0.5), *words_of("and here it goes on", start_s=6))
    made = Transcript("t1", "en", "base", words)
    cues = make_cues(whole(made), [made], Edit())
    assert [read([cue]) for cue in cues] == ["Here it is", "and here it goes on"]
    assert cues[0].end_us < 4 * S


def test_a_word_longer_than_a_line_is_split_and_loses_nothing():
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3
    cues = cues_of(f"the {word} here")
    assert "".join(read(cues).split()) == f"the{word}here"
    assert all(columns(line) <= LONGEST_LINE for cue in cues for line in cue.lines)


def test_an_address_is_split_at_its_signs():
    address = "https://intranet.example.org/sales/first-call/how-to-open-a-call"
    assert "".join(read(cues_of(address)).split()) == address


def test_japanese_has_no_spaces_and_takes_two_columns_a_character():
    text = (
        "電話番号のあるお問い合わせが来たら、一時間以内に必ず電話をかけてください。お客様の言葉で始めます。"
    )
    words = tuple(Word(n * 150_000, (n + 1) * 150_000, each, 0.9) for n, each in enumerate(text))
    made = Transcript("t1", "ja", "base", words)
    cues = make_cues(whole(made), [made], Edit())
    assert "".join(line for cue in cues for line in cue.lines) == text
    assert all(len(line) <= LONGEST_LINE // 2 for cue in cues for line in cue.lines)


def test_arabic_keeps_its_order_and_words():
    text = "عندما يصل استفسار مع رقم هاتف، اتصل خلال ساعة واحدة وابدأ بكلماتهم هم وليس بكلماتك أنت."
    made = transcript(text, language="ar")
    assert read(make_cues(whole(made), [made], Edit())) == text


# The producer's own captions ---------------------------------------------------------------------------


def test_the_producers_own_caption_stands_for_its_words_and_survives_a_cut_elsewhere():
    made = transcript("One two three four. Five six seven eight. Nine ten.")
    own = CueOverride("t1", made.words[4].start_us, made.words[7].end_us, ("5 to 8,", "as said"))
    edit = Edit(cue_overrides=(own,))
    assert [cue.lines for cue in make_cues(whole(made), [made], edit)][1] == ("5 to 8,", "as said")
    cut = Cut(0, made.words[1].end_us, "trim")
    cues = make_cues(whole(made, cuts=[cut]), [made], edit)
    assert read(cues) == "Three four. 5 to 8, as said Nine ten."


def test_its_times_move_as_the_producer_moved_them_but_never_over_another():
    made = transcript("One two. Three four. Five six.")
    stretch = (made.words[2].start_us, made.words[3].end_us)
    plain = make_cues(whole(made), [made], Edit(cue_overrides=(CueOverride("t1", *stretch, ("3 4",)),)))
    moved = make_cues(
        whole(made), [made], Edit(cue_overrides=(CueOverride("t1", *stretch, ("3 4",), 100_000, -100_000),))
    )
    assert moved[1].start_us - plain[1].start_us == 100_000
    assert plain[1].end_us - moved[1].end_us == 100_000
    far = make_cues(
        whole(made), [made], Edit(cue_overrides=(CueOverride("t1", *stretch, ("3 4",), -9 * S, 9 * S),))
    )
    assert all(one.end_us <= other.start_us for one, other in pairwise(far))


def test_an_emptied_caption_is_not_shown_and_a_cut_one_is_gone():
    made = transcript("One two. Three four.")
    stretch = (made.words[2].start_us, made.words[3].end_us)
    empty = Edit(cue_overrides=(CueOverride("t1", *stretch, ("",)),))
    assert read(make_cues(whole(made), [made], empty)) == "One two."
    own = Edit(cue_overrides=(CueOverride("t1", *stretch, ("mine",)),))
    cut = Cut(stretch[0] - 1000, stretch[1] + 1000, "hand")
    assert read(make_cues(whole(made, cuts=[cut]), [made], own)) == "One two."


# Rules ---------------------------------------------------------------------------------------------------


def test_an_ordinary_answer_is_inside_every_rule():
    assert check_cues(cues_of(ANSWER), rate=RATE) == ()


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)])
def test_captions_start_and_end_on_frames(rate: Fraction):
    made = transcript(ANSWER)
    for cue in make_cues(whole(made, rate=rate), [made], Edit()):
        for at_us in (cue.start_us, cue.end_us):
            assert cutlist.frame_us(cutlist.frame_at(at_us, rate), rate) == at_us


def test_two_short_words_stay_long_enough_where_time_permits():
    cues = cues_of("Yes. No.")
    assert all(cue.end_us - cue.start_us >= 800_000 for cue in cues)


def test_what_is_said_too_fast_is_told_but_not_called_avoidable():
    text = "extraordinarily complicated conversations continue uninterruptedly throughout " * 3
    made = transcript(text, word_s=0.15)
    problems = check_cues(make_cues(whole(made), [made], Edit()), rate=RATE)
    assert {problem.rule for problem in problems} == {"too_fast"}
    assert not any(problem.avoidable for problem in problems[:-1])


def test_each_broken_rule_is_found():
    cues = (
        Cue(0, 8 * S, ("fine",)),
        Cue(8 * S, 8 * S + 300_000, ("x" * 50,)),
        Cue(10 * S, 12 * S, ("one", "two", "three words here")),
        Cue(13 * S, 14 * S, ("",)),
        Cue(15 * S, 16 * S, ("torn",)),
        Cue(16_100_000, 18 * S, ("from its sentence.",)),
    )
    problems = check_cues(cues, rate=RATE)
    assert {problem.rule for problem in problems} == set(RULES)
    for problem in problems:
        assert assets.text(f"rules.{problem.rule}", limit=problem.limit)


@st.composite
def edited(draw: st.DrawFn) -> tuple[CutList, list[Transcript], Edit]:
    """Takes with words of any kind and length at any pace, cut anywhere, with overrides anywhere."""
    texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=60)
    plain = st.sampled_from(["the", "and", "worry,", "call.", "Leeds", "a", "extraordinary", "12", "um,"])
    transcripts, spans, overrides = [], [], []
    rate = draw(st.sampled_from([Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(60)]))
    for take in ("t1", "t2"):
        at, words = draw(st.integers(0, S)), []
        for text in draw(st.lists(st.one_of(plain, plain, texts), max_size=25)):
            length = draw(st.integers(20_000, 1_500_000))
            words.append(Word(at, at + length, text, 0.5))
            at += length + draw(st.sampled_from([0, 0, 30_000, 400_000, 2_500_000]))
        duration = at + draw(st.integers(40_000, S))
        cuts = draw(st.lists(st.tuples(st.integers(0, duration), st.integers(0, duration)), max_size=3))
        transcripts.append(Transcript(take, draw(st.sampled_from(["en", "de", "ja"])), "base", tuple(words)))
        for in_us, out_us in cutlist.kept(duration, [Cut(a, b, "hand") for a, b in cuts]):
            spans.append(Span(take, f"p-{take}", in_us, out_us))
        for a, b in draw(st.lists(st.tuples(st.integers(0, duration), st.integers(0, duration)), max_size=2)):
            lines = tuple(draw(st.lists(texts, max_size=3)))
            shift = draw(st.integers(-S, S))
            overrides.append(CueOverride(take, min(a, b), max(a, b), lines, shift, -shift))
    return cutlist.place(spans, rate=rate), transcripts, Edit(cue_overrides=tuple(overrides))


@settings(max_examples=150, deadline=None)
@given(edited())
def test_captions_never_overlap_nor_leave_the_result_and_say_every_word(
    given_edit: tuple[CutList, list[Transcript], Edit],
):
    cut_list, transcripts, edit = given_edit
    for own in (edit, Edit()):
        cues = make_cues(cut_list, transcripts, own)
        assert all(0 <= cue.start_us < cue.end_us <= cut_list.duration_us + 1 for cue in cues)
        assert all(one.end_us <= other.start_us for one, other in pairwise(cues))
        assert all(cue.lines and all(cue.lines) for cue in cues)
    for cue in cues:  # without overrides
        assert len(cue.lines) <= MOST_LINES
        assert all(columns(line) <= LONGEST_LINE for line in cue.lines)
        assert cue.end_us - cue.start_us <= LONGEST_US
    shown = "".join("".join(line.split()) for cue in cues for line in cue.lines)
    wanted = "".join("".join(w.text.split()) for w in spoken_words(cut_list, transcripts, Edit()))
    assert shown == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ANSWER.split()), min_size=2, max_size=80), st.floats(0.28, 0.6))
def test_at_an_ordinary_pace_no_avoidable_rule_is_broken(chosen: list[str], word_s: float):
    made = transcript(" ".join(chosen), word_s=word_s)
    cues = make_cues(whole(made), [made], Edit())
    broken = [p for p in check_cues(cues, rate=RATE) if p.avoidable and p.rule != "orphan"]
    assert broken == []
