"""Find a moment again: marks that were set while recording, and those that a producer sets in Edit."""

from __future__ import annotations

from dataclasses import replace

from capture.errors import BadInputError
from capture.take import Take
from editor.model import Edit, Mark

#: A mark this near to another one is the same.
SAME_US = 150_000


def marks_of(edit: Edit, take: Take) -> tuple[int, ...]:
    """Return the marked moments of a take on its clock, in order."""
    own = [each.at_us for each in edit.marks if each.take_id == take.id]
    return tuple(sorted({*own, *(each.at_us for each in take.markers)}))


def toggle_mark(edit: Edit, take: Take, *, at_us: int) -> Edit:
    """Return the edit with a mark at a moment of a take, or without the one that is there.

    Raises:
        BadInputError: It was marked while recording; what was recorded does not change.
    """
    there = [each for each in edit.marks if each.take_id == take.id and abs(each.at_us - at_us) <= SAME_US]
    if there:
        return replace(edit, marks=tuple(each for each in edit.marks if each not in there))
    if any(abs(each.at_us - at_us) <= SAME_US for each in take.markers):
        raise BadInputError("edit.marked_already")
    ordered = sorted((*edit.marks, Mark(take.id, at_us)), key=lambda each: (each.take_id, each.at_us))
    return replace(edit, marks=tuple(ordered))
