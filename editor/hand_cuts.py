"""Cut on the timeline: drag a cut's edge, take out a stretch of a take, divide it to select a part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from capture.errors import BadInputError
from editor import cutlist
from editor.model import Cut, Edit, SplitPoint, Take, Word
from editor.speech import Levels

#: A dragged edge is drawn to the edge of a word from this far.
SNAP_US = 200_000
#: Between two words, how far the quietest moment may be from the edge of the word.
_QUIET_US = 80_000


def gaps(duration_us: int, cuts: Iterable[Cut]) -> tuple[tuple[int, int], ...]:
    """Return what is cut out of a take as a timeline hatches it: cuts that touch are one."""
    edges = [0, *(edge for stretch in cutlist.kept(duration_us, cuts) for edge in stretch), duration_us]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((in_us, out_us) for in_us, out_us in pairs if out_us > in_us)


def cut_take(edit: Edit, take: Take, *, in_us: int, out_us: int) -> Edit:
    """Return the edit without a stretch of a take, by its own clock.

    Raises:
        BadInputError: The stretch is not in the take, or has no length.
    """
    if not 0 <= in_us < min(out_us, take.duration_us):
        given = f"{in_us / 1e6:g}-{out_us / 1e6:g}"
        raise BadInputError("edit.not_in_take", given=given, length_s=f"{take.duration_us / 1e6:g}")
    return cutlist.with_cuts(edit, take.id, [Cut(in_us, min(out_us, take.duration_us), "hand")])


def move_edge(edit: Edit, take: Take, *, edge_us: int, to_us: int) -> Edit:
    """Return the edit in which one edge of a cut lies elsewhere; dragged over the other edge, it is gone.

    What was dragged is a hand cut from then on: asking for a rule again does not undo it.

    Args:
        edit: What was decided so far.
        take: The take.
        edge_us: Where the edge is, as in ``gaps``.
        to_us: Where it shall be, see ``snapped``.

    Raises:
        BadInputError: There is no edge.
    """
    now = cutlist.take_edit(edit, take.id).cuts
    found = next((gap for gap in gaps(take.duration_us, now) if edge_us in gap), None)
    if found is None:
        raise BadInputError("edit.no_edge", at_s=f"{edge_us / 1e6:g}")
    to_us = min(max(to_us, 0), take.duration_us)
    left, right = (to_us, found[1]) if edge_us == found[0] else (found[0], to_us)
    edit = cutlist.restore(edit, take.id, in_us=found[0], out_us=found[1])
    return cutlist.with_cuts(edit, take.id, [Cut(left, right, "hand")])


def snapped(
    to_us: int, words: Sequence[Word], *, levels: Levels | None = None, reach_us: int = SNAP_US
) -> int:
    """Return where an edge put at a moment lies best: at the nearest edge of a word, where it is quiet.

    Args:
        to_us: Where it was put.
        words: Of the take, in order.
        levels: Of the take, where they are there yet; with them it lies in the quietest moment near.
        reach_us: Further away than this it stays as it was put.
    """
    edges = sorted({edge for word in words for edge in (word.start_us, word.end_us)})
    at = bisect_left(edges, to_us)
    near = min(edges[max(0, at - 1) : at + 1], key=lambda edge: abs(edge - to_us), default=None)
    if near is None or abs(near - to_us) > reach_us:
        return to_us
    if levels is None:
        return near
    # Not into a word: half of the pause at most, where there is one.
    before = max((word.end_us for word in words if word.end_us <= near), default=0)
    after = min((word.start_us for word in words if word.start_us >= near), default=levels.duration_us)
    low_us, high_us = max(before, near - _QUIET_US), min(after, near + _QUIET_US)
    return levels.quietest(min(low_us, near), max(high_us, near), near_us=near)


def split_at(edit: Edit, take: Take, *, at_us: int) -> Edit:
    """Return the edit in which a take is divided at a moment, so that either side can be selected by itself.

    The result plays as before. Split where it is split already, the two sides become one again.

    Raises:
        BadInputError: The moment is cut, or not inside the take.
    """
    cuts = cutlist.take_edit(edit, take.id).cuts
    inside = any(in_us < at_us < out_us for in_us, out_us in cutlist.kept(take.duration_us, cuts))
    if not inside:
        raise BadInputError("edit.split_in_cut")
    point = SplitPoint(take.id, at_us)
    if point in edit.splits:
        return replace(edit, splits=tuple(each for each in edit.splits if each != point))
    ordered = sorted((*edit.splits, point), key=lambda each: (each.take_id, each.at_us))
    return replace(edit, splits=tuple(ordered))
