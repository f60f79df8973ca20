"""What is selected in the text is selected on the timeline, and struck or put back from either."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor import cutlist, selection, strike
from editor.model import Correction, Edit, SplitPoint, TakeEdit, Transcript, Word
from editor.selection import Block, Run, Selection
from tests.editor.test_cutlist import RATE, S, cuts, moments, resource, results, take


def said(take_id: str, text: str, *, every_s: float = 1.0) -> Transcript:
    words = tuple(
        Word(round((n * every_s + 0.1) * S), round((n * every_s + 0.6 * every_s) * S), word, 0.9)
        for n, word in enumerate(text.split())
    )
    return Transcript(take_id, "en", "base", words)


TAKES = (take("ta"), take("tb", of="b"))
HEARD = (said("ta", "So um we ring. Then wait."), said("tb", "One two three"))
FOUND = resource("a", "b")
TEXT = selection.text_of(FOUND, TAKES, HEARD)
WORDS = {each.take_id: each.words for each in HEARD}


def struck(edit: Edit) -> str:
    text = selection.text_of(replace(FOUND, edit=edit), TAKES, HEARD)
    return " ".join(each.word.text for each in text if each.struck)


def test_the_text_has_the_chosen_takes_in_order_struck_words_too():
    said_all = " ".join(each.word.text for each in TEXT)
    assert said_all == "So um we ring. Then wait. One two three"
    assert struck(Edit(takes=(cuts("ta", (1, 2)),))) == "um"


def test_a_selection_over_two_takes_is_a_run_of_each():
    chosen = Selection(7, 4)
    assert selection.runs(TEXT, chosen) == (
        Run("ta", 4, 5, 4_100_000, 5_600_000),
        Run("tb", 0, 1, 100_000, 1_600_000),
    )
    assert selection.plain_text(TEXT, chosen) == "Then wait. One two"


def test_struck_and_put_back_over_two_takes_is_as_before():
    chosen = selection.runs(TEXT, Selection(4, 7))
    edit = strike.strike_runs(Edit(), chosen, takes={}, words=WORDS, levels={})
    assert struck(edit) == "Then wait. One two"
    text = selection.text_of(replace(FOUND, edit=edit), TAKES, HEARD)
    assert selection.all_struck(text, Selection(4, 7))
    assert not selection.all_struck(text, Selection(3, 7))
    back = strike.restore_runs(edit, chosen, words=WORDS)
    assert [each.cuts for each in back.takes] == [(), ()]


def test_one_word_of_a_struck_run_comes_back_with_half_of_the_pauses():
    edit = Edit(takes=(cuts("ta", (0.7, 3.9)),))  # "um we ring."
    back = strike.restore_runs(edit, (Run("ta", 2, 2, 2_100_000, 2_600_000),), words=WORDS)
    assert struck(back) == "um ring."
    assert [(cut.in_us / S, cut.out_us / S) for cut in back.takes[0].cuts] == [(0.7, 1.85), (2.85, 3.9)]


def test_shift_and_arrows_move_one_end():
    chosen = selection.extended(TEXT, Selection(3, 3), by=2)
    assert (chosen.first, chosen.last) == (3, 5)
    chosen = selection.extended(TEXT, chosen, by=-4)
    assert (chosen.first, chosen.last) == (1, 3)
    assert selection.extended(TEXT, chosen, by=99).last == len(TEXT) - 1


def test_dragged_on_the_timeline_it_holds_the_words_whose_middle_is_inside():
    assert selection.select_stretch(TEXT, "ta", in_us=1_200_000, out_us=2_500_000) == Selection(1, 2)
    assert selection.select_stretch(TEXT, "tb", in_us=1_200_000, out_us=1_300_000) is None


def test_a_sentence_is_selected_as_a_whole():
    assert selection.select_sentence(TEXT, 2) == Selection(0, 3)
    assert selection.select_sentence(TEXT, 5) == Selection(4, 5)
    assert selection.select_sentence(TEXT, 6) == Selection(6, 8)


def test_the_word_at_a_moment_is_the_last_one_begun():
    own = selection.ranges_of(TEXT)
    assert selection.word_at(TEXT, own["ta"], 0) == 0
    assert selection.word_at(TEXT, own["ta"], 1_900_000) == 1
    assert selection.word_at(TEXT, own["tb"], 99 * S) == 8
    assert selection.word_at(TEXT, range(0), 0) is None


def test_pauses_are_shown_from_four_tenths_on():
    assert selection.pause_after(TEXT, 0) == 500_000
    assert selection.pause_after(TEXT, 5) == 0  # the take ends
    assert selection.pause_after(selection.text_of(FOUND, TAKES, (said("ta", "a b", every_s=0.3),)), 0) == 0


def test_corrected_words_are_those_that_are_selected():
    fixed = Edit(takes=(TakeEdit("ta", corrections=(Correction(0, 2 * S, "Right"),)),))
    text = selection.text_of(replace(FOUND, edit=fixed), TAKES, HEARD)
    assert [each.word.text for each in text[:2]] == ["Right", "we"]
    assert [each.index for each in text[:2]] == [0, 1]


def test_the_timeline_lays_whole_takes_end_to_end():
    timeline = selection.lanes(FOUND, TAKES)
    assert [(lane.take_id, lane.start_us // S) for lane in timeline] == [("ta", 0), ("tb", 10)]
    assert selection.lane_at(timeline, 12 * S) == ("tb", 2 * S)
    assert selection.lane_at(timeline, 99 * S) == ("tb", 10 * S)
    assert selection.lane_at((), 0) is None
    assert selection.timeline_us(timeline, "tb", 2 * S) == 12 * S
    assert selection.timeline_us(timeline, "other", 2 * S) is None


def test_blocks_are_what_remains_divided_where_it_was_split_and_the_cuts_between():
    edit = Edit(takes=(cuts("ta", (2, 4)),), splits=(SplitPoint("ta", 6 * S), SplitPoint("ta", 3 * S)))
    drawn = selection.blocks(replace(FOUND, edit=edit), TAKES)
    assert [(b.in_us // S, b.out_us // S, b.cut) for b in drawn if b.take_id == "ta"] == [
        (0, 2, False),
        (2, 4, True),
        (4, 6, False),
        (6, 10, False),
    ]
    assert selection.block_at(drawn, "ta", 3 * S) == Block("ta", 2 * S, 4 * S, cut=True)


def test_from_inside_a_cut_the_result_plays_on_behind_it():
    found = replace(FOUND, edit=Edit(takes=(cuts("ta", (2, 4), (9, 10)),)))
    result = cutlist.cut_list(found, TAKES, rate=RATE)
    assert selection.nearest_result_us(result, "ta", S) == S
    assert selection.nearest_result_us(result, "ta", 3 * S) == 2 * S
    assert selection.nearest_result_us(result, "ta", 9_500_000) == pytest.approx(7 * S, abs=40_000)
    assert selection.nearest_result_us(result, "none", 0) is None
    assert selection.durations(selection.lanes(found, TAKES), result) == {"ta": 7 * S, "tb": 10 * S}


@given(results(), moments)
def test_blocks_cover_each_take_once_and_say_what_the_result_plays(given_values, at_us):
    found, takes, rate = given_values
    drawn = selection.blocks(found, takes)
    for each in takes:
        own = [block for block in drawn if block.take_id == each.id]
        assert own[0].in_us == 0
        assert own[-1].out_us == each.duration_us
        assert all(a.out_us == b.in_us for a, b in pairwise(own))
    result = cutlist.cut_list(found, takes, rate=rate)
    there = selection.nearest_result_us(result, takes[0].id, at_us)
    assert there is None or 0 <= there < result.duration_us + 1


@given(st.integers(0, 8), st.integers(0, 8))
def test_whatever_is_struck_comes_back(a, b):
    chosen = selection.runs(TEXT, Selection(a, b))
    edit = strike.strike_runs(Edit(), chosen, takes={}, words=WORDS, levels={})
    text = selection.text_of(replace(FOUND, edit=edit), TAKES, HEARD)
    assert [n for n, each in enumerate(text) if each.struck] == list(range(min(a, b), max(a, b) + 1))
    assert struck(strike.restore_runs(edit, chosen, words=WORDS)) == ""
