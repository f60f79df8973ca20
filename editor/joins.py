"""Say which stretches of the result can be taken from working copies as they are, and which must be encoded.

Only whole groups of pictures can be copied. So a span gives all groups that lie in it; what is left at its
ends, and what something is drawn on, is encoded anew. Neighbours are encoded in one go.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from editor.encode import BEST_CRF
from editor.fit import Size
from editor.model import CutList, Placed
from editor.working_copy import WorkingCopy


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the result that begins with a key frame and needs nothing before it.

    Args:
        result_frame: Where it starts.
        frames: How long it is.
        crf: The quality of its pictures.
        take_id: The take whose working copy it is taken from; empty where it is encoded.
        copy_frame: Where it starts in that copy.
    """

    result_frame: int
    frames: int
    crf: float
    take_id: str = ""
    copy_frame: int = 0

    @property
    def copied(self) -> bool:
        """Whether it is taken from a working copy as it is."""
        return bool(self.take_id)

    @property
    def end(self) -> int:
        """The frame of the result after its last."""
        return self.result_frame + self.frames


def joinable(copies: Mapping[str, WorkingCopy], cut_list: CutList, size: Size) -> dict[str, WorkingCopy]:
    """Return those copies whose pictures can stand in a result as they are."""
    return {take: copy for take, copy in copies.items() if (copy.rate, copy.size) == (cut_list.rate, size)}


def plan_runs(
    cut_list: CutList, copies: Mapping[str, WorkingCopy], *, drawn_on: Sequence[tuple[int, int]] = ()
) -> tuple[Run, ...]:
    """Return the runs of a result in order; together they are all of it.

    Args:
        cut_list: The result.
        copies: The joinable working copies by the ids of their takes.
        drawn_on: First frame and the one after the last of stretches of the result that something is drawn
            on, in order, none overlapping another.
    """
    worst = max((copy.settings.crf for copy in copies.values()), default=BEST_CRF)
    runs: list[Run] = []
    for each in cut_list.placed:
        for run in _span_runs(each, copies.get(each.span.take_id), drawn_on, otherwise=worst):
            _append(runs, run)
    return tuple(runs)


def _span_runs(
    each: Placed, copy: WorkingCopy | None, drawn_on: Sequence[tuple[int, int]], *, otherwise: float
) -> Iterator[Run]:
    crf = otherwise if copy is None else copy.settings.crf
    at = each.take_frame
    shift = each.result_frame - each.take_frame
    for first, last in _whole_groups(each, copy) if copy is not None else ():
        if _is_touched(first + shift, last + shift, drawn_on):
            continue
        # One key frame alone between others would need another number than theirs (H.264, 7.4.3).
        if first - at == 1:
            continue
        if first > at:
            yield Run(at + shift, first - at, crf)
        yield Run(first + shift, last - first, crf, each.span.take_id, first)
        at = last
    end = each.take_frame + each.frames
    if end > at:
        yield Run(at + shift, end - at, crf)


def _whole_groups(each: Placed, copy: WorkingCopy) -> Iterable[tuple[int, int]]:
    """Yield first frame and the one after the last of each group of pictures that lies in a span."""
    keys = (*copy.keys, copy.frames)
    begin = bisect.bisect_left(keys, each.take_frame)
    end = bisect.bisect_right(keys, each.take_frame + each.frames)
    return itertools.pairwise(keys[begin:end])


def _is_touched(first: int, last: int, drawn_on: Sequence[tuple[int, int]]) -> bool:
    n = bisect.bisect_right(drawn_on, first, key=lambda stretch: stretch[1])
    return n < len(drawn_on) and drawn_on[n][0] < last


def _append(runs: list[Run], run: Run) -> None:
    """Add a run, as part of the last one where it goes on like it."""
    last = runs[-1] if runs else None
    goes_on = (
        last is not None
        and last.take_id == run.take_id
        and last.crf == run.crf
        and (not run.copied or run.copy_frame == last.copy_frame + last.frames)
    )
    if last is not None and goes_on:
        runs[-1] = replace(last, frames=last.frames + run.frames)
    else:
        runs.append(run)
