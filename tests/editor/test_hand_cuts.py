"""Cuts made and moved on the timeline: exact, never a word by accident, and the other takes untouched."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.errors import BadInputError
from editor import cutlist, hand_cuts
from editor.hand_cuts import cut_take, gaps, move_edge, snapped, split_at
from editor.model import Cut, Edit, SplitPoint, TakeEdit, Word
from editor.speech import HOP_US, Levels
from tests.editor.test_cutlist import S, cuts, some_cuts, take

TEN = take("t")
WORDS = (Word(S, 2 * S, "one", 1.0), Word(2_100_000, 3 * S, "two", 1.0), Word(5 * S, 6 * S, "three", 1.0))


def edit_of(*stretches: tuple[float, float]) -> Edit:
    return Edit(takes=(cuts("t", *stretches),))


def cut_s(edit: Edit) -> list[tuple[float, float]]:
    return [(a / S, b / S) for a, b in gaps(TEN.duration_us, cutlist.take_edit(edit, "t").cuts)]


@given(st.integers(0, 12 * S), some_cuts)
def test_gaps_are_what_is_not_kept(duration_us, some):
    pieces = sorted([*gaps(duration_us, some), *cutlist.kept(duration_us, some)])
    assert [a for a, _ in pieces] == [0, *(b for _, b in pieces[:-1])][: len(pieces)]
    assert sum(b - a for a, b in pieces) == duration_us


def test_a_stretch_of_a_take_goes_also_while_another_is_chosen():
    edit = cut_take(edit_of((1, 2)), take("other"), in_us=S, out_us=99 * S)
    assert edit.takes == (cuts("t", (1, 2)), cuts("other", (1, 10)))


@pytest.mark.parametrize("stretch", [(-1, 2), (5, 5), (6, 5), (10, 12)])
def test_a_stretch_that_is_not_there_is_refused(stretch):
    with pytest.raises(BadInputError) as refused:
        cut_take(Edit(), TEN, in_us=stretch[0] * S, out_us=stretch[1] * S)
    assert refused.value.message_key == "edit.not_in_take"


@pytest.mark.parametrize(
    ("edge", "to", "left"),
    [
        (4, 5, [(2, 5)]),
        (4, 3, [(2, 3)]),
        (2, 1, [(1, 4)]),
        (2, 3, [(3, 4)]),
        (2, 4, []),
        (4, 1, []),  # dragged over the other edge
        (4, 8, [(2, 9)]),  # into the next cut
        (2, -3, [(0, 4)]),
    ],
)
def test_an_edge_is_dragged(edge, to, left):
    moved = move_edge(edit_of((2, 4), (7, 9)), TEN, edge_us=edge * S, to_us=to * S)
    assert cut_s(moved) == (left if (7, 9) in left or left == [(2, 9)] else [*left, (7, 9)])


def test_what_was_dragged_is_not_undone_by_asking_for_a_rule_again():
    edit = Edit(takes=(TakeEdit("t", (Cut(2 * S, 4 * S, "silence"),)),))
    moved = move_edge(edit, TEN, edge_us=4 * S, to_us=3 * S)
    again = cutlist.with_cuts(moved, "t", [], instead_of="silence")
    assert cut_s(again) == [(2, 3)]


def test_where_no_cut_ends_nothing_is_dragged():
    with pytest.raises(BadInputError) as refused:
        move_edge(edit_of((2, 4)), TEN, edge_us=3 * S, to_us=5 * S)
    assert refused.value.message_key == "edit.no_edge"


def test_an_edge_snaps_to_the_nearest_edge_of_a_word():
    assert snapped(2_080_000, WORDS) == 2_100_000
    assert snapped(2_020_000, WORDS) == 2 * S
    assert snapped(4 * S, WORDS) == 4 * S
    assert snapped(4 * S, ()) == 4 * S
    assert snapped(2_080_000, WORDS, reach_us=0) == 2_080_000


def test_with_the_sound_known_it_lies_in_the_quietest_moment_between_the_words():
    db = np.full(10 * S // HOP_US, -20, np.float32)
    db[2_050_000 // HOP_US] = -60
    at_us = snapped(2_090_000, WORDS, levels=Levels(db, -30, -40))
    assert abs(at_us - 2_050_000) <= HOP_US
    assert 2 * S <= at_us <= 2_100_000


def test_a_split_divides_and_changes_nothing():
    edit = split_at(edit_of((2, 4)), TEN, at_us=5 * S)
    assert edit.splits == (SplitPoint("t", 5 * S),)
    assert replace(edit, splits=()) == edit_of((2, 4))
    assert split_at(edit, TEN, at_us=5 * S) == edit_of((2, 4))


@pytest.mark.parametrize("at", [0, 2, 3, 4, 10, 11])
def test_there_is_no_split_inside_a_cut_or_at_an_end(at):
    with pytest.raises(BadInputError) as refused:
        split_at(edit_of((2, 4)), TEN, at_us=at * S)
    assert refused.value.message_key == "edit.split_in_cut"


@given(some_cuts, st.integers(0, 12 * S), st.data())
def test_dragging_moves_only_that_edge(some, to_us, data):
    edit = Edit(takes=(TakeEdit("t", tuple(some)),))
    before = gaps(TEN.duration_us, some)
    if not before:
        return
    chosen = data.draw(st.sampled_from(before))
    edge_us = data.draw(st.sampled_from(chosen))
    after = gaps(
        TEN.duration_us,
        cutlist.take_edit(hand_cuts.move_edge(edit, TEN, edge_us=edge_us, to_us=to_us), "t").cuts,
    )
    other = chosen[0] if edge_us == chosen[1] else chosen[1]
    lost = sorted((min(max(to_us, 0), TEN.duration_us), other))
    wanted = [gap for gap in before if gap != chosen]
    if (to_us > other) == (edge_us > other) and to_us != other:
        wanted.append(tuple(lost))
    assert after == gaps(TEN.duration_us, [Cut(a, b, "hand") for a, b in wanted])
