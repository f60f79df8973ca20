"""What nobody wrote down is told with its time until it is written, or no longer in the result."""

from dataclasses import replace
from fractions import Fraction

import pytest

from editor import cue_edits, cutlist
from editor.captions import make_captions
from editor.cue_report import report
from editor.cutlist import place
from editor.model import CueOverride, CutList, Edit, Flag, Span, Transcript, Word
from editor.unheard import unheard, write_in

S = 1_000_000
GAP = Flag("t", 10 * S, 14 * S, "no_words")
WORDS = (Word(9 * S, 9_500_000, "Before.", 1.0), Word(15 * S, 15_500_000, "After.", 1.0))
HEARD = Transcript("t", "en", "base", WORDS, (GAP,))


def result(*spans: tuple[float, float]) -> CutList:
    return place([Span("t", "p", int(a * S), int(b * S)) for a, b in spans], rate=Fraction(25))


def places(cut_list: CutList, edit: Edit | None = None) -> list[tuple[float, float]]:
    return [(each.start_us / S, each.end_us / S) for each in unheard(cut_list, [HEARD], edit or Edit())]


def test_it_is_told_on_the_clock_of_the_result():
    assert places(result((0, 20))) == [(10, 14)]
    assert places(result((8, 20))) == [(2, 6)]
    assert places(result((0, 5), (8, 11), (13, 20))) == [(7, 9)]


@pytest.mark.parametrize("spans", [[(0, 10)], [(14, 20)], [(0, 10.2)], []])
def test_what_is_cut_needs_no_words(spans):
    assert places(result(*spans)) == []


def test_a_take_that_is_not_in_the_result_is_not_told():
    other = place([Span("other", "p", 0, 20 * S)], rate=Fraction(25))
    assert places(other) == []


def test_written_by_hand_it_is_told_no_more():
    now = result((0, 20))
    edit = write_in(Edit(), HEARD, GAP, text="[inaudible]")
    assert places(now, edit) == []
    (own,) = [each for each in make_captions(now, [HEARD], edit) if each.override is not None]
    assert (own.cue.start_us, own.cue.lines) == (10 * S, ("[inaudible]",))
    others = [each.cue.lines for each in make_captions(now, [HEARD], edit) if each.override is None]
    assert others == [("Before.",), ("After.",)]


def test_the_few_words_that_were_found_there_stay():
    few = replace(HEARD, words=(*WORDS[:1], Word(11 * S, 11_200_000, "hm", 0.3), *WORDS[1:]))
    edit = write_in(Edit(), few, GAP, text="[inaudible]")
    texts = [" ".join(each.cue.lines) for each in make_captions(result((0, 20)), [few], edit)]
    assert "[inaudible]" in texts
    assert any("hm" in text for text in texts)


def test_fixing_which_words_belong_together_is_not_writing():
    joined = CueOverride("t", 9_200_000, 12 * S, (), as_said=True)
    assert places(result((0, 20)), Edit(cue_overrides=(joined,))) == [(10, 14)]


def test_what_is_typed_there_reads_as_typed_and_nothing_is_said_to_have_changed():
    now = result((0, 20))
    edit = write_in(Edit(), HEARD, GAP, text="[inaudible]")
    for text in ("Ring them.", "Ring them first."):
        own = next(each for each in make_captions(now, [HEARD], edit) if each.override is not None)
        edit = cue_edits.write(edit, own, lines=(text,))
    made = make_captions(now, [HEARD], edit)
    assert "Ring them first." in [each.cue.lines[0] for each in made]
    assert "changed" not in {each.problem.rule for each in report(made, cut_list=now)}


def test_a_take_without_speech_is_told_as_a_whole():
    silent = Transcript("t", "en", "base", (), (Flag("t", 0, 20 * S, "no_speech"),))
    (found,) = unheard(result((0, 20)), [silent], Edit())
    assert (found.start_us, found.end_us, found.can_be_written) == (0, 20 * S, False)


def test_words_in_doubt_are_told_until_somebody_has_corrected_one():
    doubt = replace(HEARD, flags=(Flag("t", 0, 20 * S, "unsure_words"),))
    assert [each.flag.reason for each in unheard(result((0, 20)), [doubt], Edit())] == ["unsure_words"]
    read = cutlist.correct(Edit(), "t", WORDS[:1], text="Beforehand.")
    assert unheard(result((0, 20)), [doubt], read) == ()
