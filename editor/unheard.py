"""Say where the result has sound that nothing was written down of, until it is written or cut."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from editor.cutlist import frame_us, take_edit
from editor.model import CueOverride, CutList, Edit, Flag, Transcript

#: What was cut down to less is not worth a look.
_SHORTEST_US = 500_000
_WRITABLE, _READABLE = "no_words", "unsure_words"


@dataclass(frozen=True, slots=True)
class Unheard:
    """Something a producer should look at.

    Args:
        flag: What was noticed, and where in its take.
        start_us: Where that begins in the result.
        end_us: Where it ends there.
    """

    flag: Flag
    start_us: int
    end_us: int

    @property
    def can_be_written(self) -> bool:
        """Whether a caption can be written there by hand."""
        return self.flag.reason == _WRITABLE


def unheard(cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit) -> tuple[Unheard, ...]:
    """Return what was noticed about the takes of a result and still holds, in its order.

    Args:
        cut_list: The result.
        transcripts: Of the takes in it.
        edit: Whose captions written by hand count.
    """
    flags = [flag for each in transcripts for flag in each.flags]
    found = [each for flag in flags if not _is_written(flag, edit) for each in _in_result(flag, cut_list)]
    return tuple(sorted(found, key=lambda each: each.start_us))


def write_in(edit: Edit, transcript: Transcript, flag: Flag, *, text: str) -> Edit:
    """Return the edit with a caption where somebody speaks and no words were found."""
    middles = [(word.start_us + word.end_us) // 2 for word in transcript.words]
    edges = [flag.start_us, *(at for at in middles if flag.start_us < at < flag.end_us), flag.end_us]
    in_us, out_us = max(itertools.pairwise(edges), key=lambda gap: gap[1] - gap[0])
    own = CueOverride(flag.take_id, in_us + (in_us in middles), out_us, (text,))
    return replace(edit, cue_overrides=(*edit.cue_overrides, own))


def _is_written(flag: Flag, edit: Edit) -> bool:
    if flag.reason == _READABLE and take_edit(edit, flag.take_id).corrections:
        return True  # somebody has read it
    return flag.reason == _WRITABLE and any(
        own.take_id == flag.take_id and own.in_us < flag.end_us and flag.start_us < own.out_us and own.lines
        for own in edit.cue_overrides
    )


def _in_result(flag: Flag, cut_list: CutList) -> Iterator[Unheard]:
    """Yield a flag with what is left of it in the result, if that is enough."""
    rate, left_us = cut_list.rate, 0
    edges: list[int] = []
    for each in cut_list.placed:
        in_us, out_us = (frame_us(frame, rate) for frame in (each.take_frame, each.take_frame + each.frames))
        first_us, last_us = max(in_us, flag.start_us), min(out_us, flag.end_us)
        if each.span.take_id == flag.take_id and first_us < last_us:
            left_us += last_us - first_us
            begin_us = frame_us(each.result_frame, rate) - in_us
            edges += [begin_us + first_us, begin_us + last_us]
    if left_us >= min(_SHORTEST_US, flag.end_us - flag.start_us) > 0:
        yield Unheard(flag, min(edges), max(edges))
