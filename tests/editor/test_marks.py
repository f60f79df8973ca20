"""A moment is marked once, taken back, and what was marked while recording stays."""

from dataclasses import replace

import pytest

from capture.errors import BadInputError
from capture.take import Marker, Take, TakePrompt
from editor.marks import marks_of, toggle_mark
from editor.model import TAKE_PARTS, Edit, Mark

S = 1_000_000
TAKE = Take(
    "t", "r", "", TakePrompt("p", "question", "", ""), 1, "safe", "", 60 * S, markers=(Marker(9 * S),)
)


def test_marks_of_recording_and_of_edit_are_one_list_in_order():
    edit = toggle_mark(toggle_mark(Edit(), TAKE, at_us=12 * S), TAKE, at_us=3 * S)
    assert marks_of(edit, TAKE) == (3 * S, 9 * S, 12 * S)
    assert marks_of(edit, replace(TAKE, id="u", markers=())) == ()


def test_marking_where_there_is_a_mark_takes_it_away():
    edit = toggle_mark(Edit(), TAKE, at_us=12 * S)
    assert toggle_mark(edit, TAKE, at_us=12 * S + 100_000) == Edit()
    assert len(toggle_mark(edit, TAKE, at_us=12 * S + 200_000).marks) == 2


def test_what_was_marked_while_recording_stays():
    with pytest.raises(BadInputError):
        toggle_mark(Edit(), TAKE, at_us=9 * S + 50_000)


def test_marks_go_with_their_take():
    assert "marks" in TAKE_PARTS
    assert Edit(marks=(Mark("t", 1),)) != Edit()
