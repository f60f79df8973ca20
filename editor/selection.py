"""One selection for transcript and timeline: words selected in the text are selected in the picture.

The text holds the words of the chosen takes in the order of the result, struck ones too. The timeline lays
the same takes whole, end to end, with their cuts hatched. Both look at the same places: a take and a moment
on its clock. A third clock, that of the result, counts only what remains (``cutlist.to_take``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from editor import cutlist
from editor.hand_cuts import gaps
from editor.model import CutList, Edit, Resource, Take, Transcript, Word
from editor.phrasing import ends_sentence, space_between

#: A pause from this length on is shown between the words.
SHOWN_PAUSE_US = 400_000


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word of the text.

    Args:
        take_id: Its take.
        prompt_id: Its chapter.
        index: Which word of the take it is, corrected words counted.
        word: With its time on the clock of the take.
        struck: Whether it is left out of the result.
    """

    take_id: str
    prompt_id: str
    index: int
    word: Word
    struck: bool

    @property
    def middle_us(self) -> int:
        """The moment that decides whether it is selected, struck or shown."""
        return (self.word.start_us + self.word.end_us) // 2


@dataclass(frozen=True, slots=True)
class Selection:
    """A run of words of the text, which may reach over several takes; ``anchor`` stays, ``focus`` moves."""

    anchor: int
    focus: int

    @property
    def first(self) -> int:
        """The place of its first word in the text."""
        return min(self.anchor, self.focus)

    @property
    def last(self) -> int:
        """The place of its last word."""
        return max(self.anchor, self.focus)


@dataclass(frozen=True, slots=True)
class Run:
    """The selected words of one take, by their indexes in it, and the stretch that they span."""

    take_id: str
    first: int
    last: int
    in_us: int
    out_us: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A whole take on the timeline."""

    take_id: str
    prompt_id: str
    start_us: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class Block:
    """What a timeline draws as one piece: a stretch of a take that remains, or a cut."""

    take_id: str
    in_us: int
    out_us: int
    cut: bool


# The text --------------------------------------------------------------------------------------------


def text_of(
    resource: Resource, takes: Sequence[Take], transcripts: Sequence[Transcript]
) -> tuple[TextWord, ...]:
    """Return the words of the chosen takes in the order of the result."""
    heard = {each.take_id: each for each in transcripts}
    found: list[TextWord] = []
    for take in cutlist.chosen_takes(resource, takes):
        if take.id not in heard:
            continue
        edit = cutlist.take_edit(resource.edit, take.id)
        cut = gaps(take.duration_us, edit.cuts)
        for index, word in enumerate(cutlist.corrected_words(heard[take.id].words, edit)):
            middle_us = (word.start_us + word.end_us) // 2  # which decides, as in ``cutlist.is_struck``
            before = bisect_right(cut, middle_us, key=lambda gap: gap[0]) - 1
            struck = before >= 0 and middle_us < cut[before][1]
            found.append(TextWord(take.id, take.prompt.id, index, word, struck))
    return tuple(found)


def ranges_of(text: Sequence[TextWord]) -> Mapping[str, range]:
    """Return where in the text the words of each take stand."""
    found: dict[str, range] = {}
    for place, each in enumerate(text):
        first = found[each.take_id].start if each.take_id in found else place
        found[each.take_id] = range(first, place + 1)
    return found


def pause_after(text: Sequence[TextWord], place: int) -> int:
    """Return how long the pause behind a word is, where it is long enough to be shown; else 0."""
    if place + 1 >= len(text) or text[place + 1].take_id != text[place].take_id:
        return 0
    length_us = text[place + 1].word.start_us - text[place].word.end_us
    return length_us if length_us >= SHOWN_PAUSE_US else 0


def word_at(text: Sequence[TextWord], own: range, at_us: int) -> int | None:
    """Return the place of the word that is said at a moment of a take, or was said last before it.

    Args:
        text: All words.
        own: Those of the take, as ``ranges_of`` tells.
        at_us: On the take's clock.
    """
    found = bisect_right(own, at_us, key=lambda place: text[place].word.start_us)
    return own[max(found - 1, 0)] if own else None


def plain_text(text: Sequence[TextWord], selection: Selection) -> str:
    """Return the selected words as running text, to copy."""
    said = ""
    for each in text[selection.first : selection.last + 1]:
        said += f"{space_between(said, each.word.text) if said else ''}{each.word.text}"
    return said


# The selection ---------------------------------------------------------------------------------------


def extended(text: Sequence[TextWord], selection: Selection, *, by: int) -> Selection:
    """Return the selection with its moving end some words further, or back, as Shift and arrows do."""
    return Selection(selection.anchor, min(max(selection.focus + by, 0), len(text) - 1))


def select_stretch(text: Sequence[TextWord], take_id: str, *, in_us: int, out_us: int) -> Selection | None:
    """Return the words whose middle lies in a stretch of a take, as dragged on the timeline; None if none."""
    inside = [
        n for n, each in enumerate(text) if each.take_id == take_id and in_us <= each.middle_us < out_us
    ]
    return Selection(inside[0], inside[-1]) if inside else None


def select_sentence(text: Sequence[TextWord], place: int) -> Selection:
    """Return the sentence around a word."""
    first = last = place
    take_id = text[place].take_id
    while first and text[first - 1].take_id == take_id and not ends_sentence(text[first - 1].word.text):
        first -= 1
    while (
        last + 1 < len(text) and text[last + 1].take_id == take_id and not ends_sentence(text[last].word.text)
    ):
        last += 1
    return Selection(first, last)


def runs(text: Sequence[TextWord], selection: Selection) -> tuple[Run, ...]:
    """Return what is selected of each take, in order."""
    chosen = text[selection.first : selection.last + 1]
    found: list[Run] = []
    for take_id, group in groupby(chosen, key=lambda each: each.take_id):
        own = list(group)
        stretch = own[0].word.start_us, own[-1].word.end_us
        found.append(Run(take_id, own[0].index, own[-1].index, *stretch))
    return tuple(found)


def all_struck(text: Sequence[TextWord], selection: Selection) -> bool:
    """Return whether Delete would restore: every selected word is struck already."""
    return all(each.struck for each in text[selection.first : selection.last + 1])


# The timeline ----------------------------------------------------------------------------------------


def lanes(resource: Resource, takes: Sequence[Take]) -> tuple[Lane, ...]:
    """Return the chosen takes laid end to end, whole, in the order of the result."""
    chosen = cutlist.chosen_takes(resource, takes)
    starts = [0, *accumulate(take.duration_us for take in chosen)]
    return tuple(
        Lane(take.id, take.prompt.id, start_us, take.duration_us)
        for take, start_us in zip(chosen, starts, strict=False)
    )


def lane_at(timeline: Sequence[Lane], at_us: int) -> tuple[str, int] | None:
    """Return the take, and the moment on its clock, at a moment of the timeline; None on an empty one."""
    if not timeline:
        return None
    found = timeline[max(bisect_right(timeline, at_us, key=lambda lane: lane.start_us) - 1, 0)]
    return found.take_id, min(max(at_us - found.start_us, 0), found.duration_us)


def timeline_us(timeline: Sequence[Lane], take_id: str, at_us: int) -> int | None:
    """Return where a moment of a take is on the timeline; None where the take is not on it."""
    return next((lane.start_us + at_us for lane in timeline if lane.take_id == take_id), None)


def nearest_result_us(cut_list: CutList, take_id: str, at_us: int) -> int | None:
    """Return where the result plays on from a moment of a take: behind the cut, if it was cut.

    Returns:
        None where nothing of the take remains; its last moment where all behind the moment is cut.
    """
    exact = cutlist.to_result_us(cut_list, take_id, at_us)
    if exact is not None:
        return exact
    own = [each for each in cut_list.placed if each.span.take_id == take_id]
    if not own:
        return None
    rate = cut_list.rate
    after = [each for each in own if cutlist.frame_us(each.take_frame, rate) >= at_us]
    if after:
        return cutlist.frame_us(after[0].result_frame, rate)
    return cutlist.frame_us(own[-1].result_frame + own[-1].frames - 1, rate)


def blocks(resource: Resource, takes: Sequence[Take]) -> tuple[Block, ...]:
    """Return what a timeline draws, take after take: what remains, divided as the producer did, and cuts."""
    return tuple(
        block for take in cutlist.chosen_takes(resource, takes) for block in _take_blocks(resource.edit, take)
    )


def _take_blocks(edit: Edit, take: Take) -> Iterator[Block]:
    cuts = gaps(take.duration_us, cutlist.take_edit(edit, take.id).cuts)
    splits = sorted(each.at_us for each in edit.splits if each.take_id == take.id)
    at_us = 0
    for in_us, out_us in (*cuts, (take.duration_us, take.duration_us)):
        edges = [at_us, *splits[bisect_right(splits, at_us) : bisect_left(splits, in_us)], in_us]
        for first_us, last_us in pairwise(edges):
            if last_us > first_us:
                yield Block(take.id, first_us, last_us, cut=False)
        if out_us > in_us:
            yield Block(take.id, in_us, out_us, cut=True)
        at_us = out_us


def block_at(drawn: Sequence[Block], take_id: str, at_us: int) -> Block | None:
    """Return the block at a moment of a take: what a click on the timeline selects."""
    return next((b for b in drawn if b.take_id == take_id and b.in_us <= at_us < b.out_us), None)


def durations(timeline: Sequence[Lane], cut_list: CutList) -> Mapping[str, int]:
    """Return how long each take was and how much of it remains, by take: ``{id: remaining_us}``."""
    left = dict.fromkeys((lane.take_id for lane in timeline), 0)
    for each in cut_list.placed:
        end, rate = each.take_frame + each.frames, cut_list.rate
        length_us = cutlist.frame_us(end, rate) - cutlist.frame_us(each.take_frame, rate)
        left[each.span.take_id] = left.get(each.span.take_id, 0) + length_us
    return left
