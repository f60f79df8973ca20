"""What could be taken out of a result, and what that would save: long silences and filler words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.screens.edit_presenter import EditState
from capture.work import Work
from editor import review
from editor.review import Candidate
from editor.speech import Levels
from editor.undo import labelled

SHORTEST_SILENCE_US, LONGEST_SILENCE_US = 400_000, 2_000_000


@dataclass(frozen=True, slots=True)
class TidyUp:
    """What could be taken out, and what taking it out saves."""

    silences: tuple[Candidate, ...] = ()
    fillers: tuple[Candidate, ...] = ()

    @property
    def open_silences(self) -> tuple[Candidate, ...]:
        """Those that are still in."""
        return tuple(each for each in self.silences if not each.done)

    @property
    def open_fillers(self) -> tuple[Candidate, ...]:
        """Those that are still in and can go without clipping a neighbour."""
        return tuple(each for each in self.fillers if not each.done and each.clean)

    @property
    def saves_us(self) -> int:
        """How much shorter it would be without all of them."""
        return length_us((*self.open_silences, *self.open_fillers))


def length_us(candidates: Sequence[Candidate]) -> int:
    """Return how long they are together."""
    return sum(each.cut.out_us - each.cut.in_us for each in candidates)


def tidy_up(state: EditState, levels: Mapping[str, Levels], *, longer_than_us: int, work: Work) -> TidyUp:
    """Return the silences and fillers of the chosen takes."""
    silences: list[Candidate] = []
    fillers: list[Candidate] = []
    heard = {each.take_id: each.words for each in state.transcripts}
    edit = state.resource.edit
    for lane in state.lanes:
        work.checkpoint()
        if lane.take_id not in levels:
            continue
        take, own = state.take(lane.take_id), heard.get(lane.take_id, ())
        silences += review.silences(edit, take, levels[take.id], own, longer_than_us=longer_than_us)
        fillers += review.fillers(edit, take, levels[take.id], own)
    return TidyUp(tuple(silences), tuple(fillers))


def filler_words(candidates: Sequence[Candidate], *, most: int = 3) -> str:
    """Return which fillers there are, the commonest first: "um 8, you know 5"."""
    counted = Counter(each.text.strip(" ,.!?…").lower() for each in candidates)
    return ", ".join(f"{text} {count}" for text, count in counted.most_common(most))


def removed_label(kind: Literal["silence", "filler"], count: int) -> str:
    """Return what Undo calls taking out silences or fillers."""
    return labelled("silence_cut" if kind == "silence" else "filler_cut", count)
