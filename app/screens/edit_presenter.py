"""What Edit shows and decides, without a widget: text, timeline, what to tidy, each decision as an edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from app import messages
from capture.errors import BadInputError
from capture.work import Work
from editor import chapters, cutlist, selection
from editor.chapters import Part
from editor.hand_cuts import cut_take, move_edge, snapped, split_at
from editor.library import Library
from editor.marks import marks_of, toggle_mark
from editor.model import Choice, Cue, CutList, Edit, Resource, Take, Transcript, Word
from editor.playback import Programme
from editor.result import read_result
from editor.selection import Block, Lane, Selection, TextWord
from editor.speech import Levels
from editor.strike import restore_runs, strike_runs
from editor.undo import labelled

US = 1_000_000
READY = ("safe", "damaged")
#: Words that the model trusts less than this are marked.
UNSURE = 0.45


@dataclass(frozen=True)
class EditState:
    """A resource as Edit shows it; everything but the takes is derived.

    Args:
        takes: Every take that is not in the bin.
        folders: The folder of each take by its id.
        text: The words of the chosen takes, struck ones too.
        lanes: The chosen takes end to end.
        blocks: What remains of them and what is cut.
        parts: The chapters of the result.
        missing: Chosen takes of which a file is gone.
        unfinished: Takes whose words are still being recognised; those that are there stand in the text.
    """

    resource: Resource
    takes: tuple[Take, ...]
    folders: Mapping[str, Path]
    transcripts: tuple[Transcript, ...]
    cut_list: CutList
    cues: tuple[Cue, ...]
    text: tuple[TextWord, ...]
    lanes: tuple[Lane, ...]
    blocks: tuple[Block, ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()
    words: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()

    @property
    def programme(self) -> Programme:
        """What is played."""
        return Programme(self.cut_list, {take.id: take for take in self.takes}, self.folders)

    @property
    def timeline_us(self) -> int:
        """How long the timeline is."""
        return sum(lane.duration_us for lane in self.lanes)

    @property
    def cut_us(self) -> int:
        """How much is cut."""
        return sum(block.out_us - block.in_us for block in self.blocks if block.cut)

    @property
    def cuts(self) -> int:
        """In how many places."""
        return sum(block.cut for block in self.blocks)

    @property
    def marks(self) -> tuple[tuple[str, int], ...]:
        """The marked moments of the chosen takes: take and time on its clock."""
        return tuple(
            (lane.take_id, at_us)
            for lane in self.lanes
            for at_us in marks_of(self.resource.edit, self.take(lane.take_id))
        )

    def take(self, take_id: str) -> Take:
        """Return a take."""
        return next(take for take in self.takes if take.id == take_id)

    def takes_of(self, prompt_id: str) -> tuple[Take, ...]:
        """Return the takes of a prompt that could be chosen, oldest first."""
        own = [take for take in self.takes if take.prompt.id == prompt_id and take.state in READY]
        return tuple(sorted(own, key=lambda take: take.number))

    def timeline_of(self, take_id: str, at_us: int) -> int | None:
        """Return where a moment of a take is on the timeline."""
        return selection.timeline_us(self.lanes, take_id, at_us)

    def timeline_of_result(self, result_us: int) -> int:
        """Return where a moment of the result is on the timeline."""
        if not self.cut_list.frames:
            return 0
        take_id, at_us = cutlist.to_take(self.cut_list, min(result_us, self.cut_list.duration_us - 1))
        return self.timeline_of(take_id, at_us) or 0

    def result_of_timeline(self, at_us: int) -> int | None:
        """Return where the result plays on from a moment of the timeline."""
        place = selection.lane_at(self.lanes, at_us)
        return None if place is None else selection.nearest_result_us(self.cut_list, *place)

    def word_of_result(self, result_us: int) -> int | None:
        """Return the place in the text of the word that is said at a moment of the result."""
        if not self.text or not self.cut_list.frames:
            return None
        take_id, at_us = cutlist.to_take(self.cut_list, min(result_us, self.cut_list.duration_us - 1))
        return selection.word_at(self.text, self.places.get(take_id, range(0)), at_us)

    @cached_property
    def places(self) -> Mapping[str, range]:
        """Where in the text the words of each take stand."""
        return selection.ranges_of(self.text)

    def caption_at(self, result_us: int) -> tuple[str, ...]:
        """Return the caption on screen at a moment of the result."""
        found = (cue.lines for cue in self.cues if cue.start_us <= result_us < cue.end_us)
        return next(found, ())

    def part_at(self, result_us: int) -> int | None:
        """Return which chapter plays at a moment of the result."""
        inside = (n for n, part in enumerate(self.parts) if part.start_us <= result_us < part.end_us)
        return next(inside, None)


def read_state(
    library: Library,
    resource_id: str,
    *,
    so_far: Mapping[str, tuple[Word, ...]] | None = None,
    work: Work,
) -> EditState:
    """Return a resource as Edit shows it.

    Args:
        library: Where it is.
        resource_id: Which.
        so_far: What is recognised of takes that are still being heard, by take.
        work: Asked whether to stop.

    Raises:
        BadInputError: No such resource.
    """
    result = read_result(library, resource_id)
    work.checkpoint()
    resource, takes = result.resource, result.takes
    heard = {each.take_id for each in result.transcripts}
    coming = {take.id: so_far[take.id] for take in takes if so_far and take.id in so_far.keys() - heard}
    unfinished = tuple(Transcript(take_id, "", "", words) for take_id, words in coming.items())
    transcripts = (*result.transcripts, *unfinished)
    folders = {take.id: library.take_folder(take) for take in takes}
    words = {
        each.take_id: cutlist.corrected_words(each.words, cutlist.take_edit(resource.edit, each.take_id))
        for each in transcripts
    }
    state = EditState(
        resource=resource,
        takes=takes,
        folders=folders,
        transcripts=transcripts,
        cut_list=result.cut_list,
        cues=result.cues,
        text=selection.text_of(resource, takes, transcripts),
        lanes=selection.lanes(resource, takes),
        blocks=selection.blocks(resource, takes),
        parts=chapters.parts(resource, result.cut_list),
        words=words,
        unfinished=frozenset(coming),
    )
    return replace(state, missing=state.programme.missing())


def stretches(
    state: EditState, words: Selection | None, stretch: tuple[str, int, int] | None
) -> tuple[tuple[int, int], ...]:
    """Return where on the timeline is what is selected: words, or else a stretch of a take."""
    runs = selection.runs(state.text, words) if words is not None else ()
    found = [(run.take_id, run.in_us, run.out_us) for run in runs]
    if words is None and stretch is not None:
        found = [stretch]
    starts = {lane.take_id: lane.start_us for lane in state.lanes}
    return tuple(
        (starts[take_id] + in_us, starts[take_id] + out_us)
        for take_id, in_us, out_us in found
        if take_id in starts
    )


def words_between(state: EditState, first_us: int, last_us: int) -> Selection | None:
    """Return the words of a stretch of the timeline, which may reach over several takes; None if none."""
    found: list[Selection] = []
    for lane in state.lanes:
        in_us, out_us = first_us - lane.start_us, last_us - lane.start_us
        words = selection.select_stretch(state.text, lane.take_id, in_us=in_us, out_us=out_us)
        found += [words] if words is not None else []
    return Selection(found[0].first, found[-1].last) if found else None


def stretch_between(state: EditState, first_us: int, last_us: int) -> tuple[str, int, int] | None:
    """Return the stretch of one take that begins at a moment of the timeline, up to another or its end."""
    place = selection.lane_at(state.lanes, first_us)
    if place is None:
        return None
    take_id, in_us = place
    return take_id, in_us, min(in_us + last_us - first_us, state.take(take_id).duration_us)


def cut_beside(cut_list: CutList, at_us: int, direction: int) -> int | None:
    """Return where the next join of the result is, or the one before."""
    joins = [cutlist.frame_us(each.result_frame, cut_list.rate) for each in cut_list.placed]
    found = [join for join in joins if (join - at_us) * direction > 1000]
    return (found[0] if direction > 0 else found[-1]) if found else None


# Decisions: each returns a new edit -----------------------------------------------------------------------


def toggle_words(state: EditState, chosen: Selection, levels: Mapping[str, Levels]) -> Edit:
    """Return the edit after Delete on a selection: struck, or in again if all of it was struck."""
    runs = selection.runs(state.text, chosen)
    edit = state.resource.edit
    if selection.all_struck(state.text, chosen):
        return restore_runs(edit, runs, words=state.words)
    takes = {take.id: take for take in state.takes}
    return strike_runs(edit, runs, takes=takes, words=state.words, levels=levels)


def words_label(state: EditState, chosen: Selection) -> str:
    """Return what Undo calls Delete on a selection."""
    count = chosen.last - chosen.first + 1
    return labelled("word_back" if selection.all_struck(state.text, chosen) else "word_cut", count)


def cut_stretch(state: EditState, take_id: str, in_us: int, out_us: int) -> Edit:
    """Return the edit without a stretch of a take."""
    return cut_take(state.resource.edit, state.take(take_id), in_us=max(0, in_us), out_us=out_us)


def restore_block(state: EditState, block: Block) -> Edit:
    """Return the edit with a cut back in the result."""
    return cutlist.restore(state.resource.edit, block.take_id, in_us=block.in_us, out_us=block.out_us)


def drag_edge(
    state: EditState,
    levels: Mapping[str, Levels],
    take_id: str,
    *,
    edge_us: int,
    to_us: int,
    snap: bool,
) -> Edit:
    """Return the edit in which a cut's edge lies elsewhere."""
    place_us = snap_us(state, levels, take_id, to_us) if snap else to_us
    return move_edge(state.resource.edit, state.take(take_id), edge_us=edge_us, to_us=place_us)


def snap_us(state: EditState, levels: Mapping[str, Levels], take_id: str, at_us: int) -> int:
    """Return the moment near by that does not lie in a word."""
    return snapped(at_us, state.words.get(take_id, ()), levels=levels.get(take_id))


def split_here(state: EditState, timeline_us: int) -> Edit:
    """Return the edit divided at a moment of the timeline.

    Raises:
        BadInputError: It is cut there.
    """
    place = selection.lane_at(state.lanes, timeline_us)
    if place is None:
        raise BadInputError("edit.split_in_cut")
    return split_at(state.resource.edit, state.take(place[0]), at_us=place[1])


def fix_words(state: EditState, chosen: Selection, text: str) -> Edit:
    """Return the edit in which a selection of one take reads otherwise."""
    (run, *_) = selection.runs(state.text, chosen)
    own = [each.word for each in state.text[chosen.first : chosen.last + 1] if each.take_id == run.take_id]
    return cutlist.correct(state.resource.edit, run.take_id, own, text=text)


def choose_take(state: EditState, take: Take) -> Edit:
    """Return the edit in which another take answers its prompt; the cuts of every take are kept."""
    others = tuple(each for each in state.resource.edit.choices if each.prompt_id != take.prompt.id)
    return replace(state.resource.edit, choices=(*others, Choice(take.prompt.id, take.id)))


def chapter_here(state: EditState, timeline_us: int) -> Edit:
    """Return the edit with a chapter at a moment of the timeline."""
    place = selection.lane_at(state.lanes, timeline_us)
    if place is None:
        raise BadInputError("edit.nothing_left")
    take_id, at_us = place
    title = messages.text("edit.new_chapter", number=len(state.parts) + 1)
    words = state.words.get(take_id, ())
    return chapters.add_chapter(state.resource.edit, take_id, at_us=at_us, title=title, words=words)


def move_part(state: EditState, part: Part, timeline_us: int) -> Edit:
    """Return the edit in which a chapter starts at a moment of the timeline."""
    place = selection.lane_at(state.lanes, timeline_us)
    if place is None:
        raise BadInputError("edit.nothing_left")
    take_id, at_us = place
    words = state.words.get(take_id, ())
    return chapters.move_chapter(state.resource, part, take_id=take_id, at_us=at_us, words=words)


def move_answer(state: EditState, prompt_id: str, step: int) -> Edit:
    """Return the edit in which an answer comes earlier (-1) or later (1)."""
    order = [lane.prompt_id for lane in state.lanes]
    now = order.index(prompt_id)
    then = min(max(now + step, 0), len(order) - 1)
    order.insert(then, order.pop(now))
    return chapters.reorder(state.resource, order)


def mark_here(state: EditState, timeline_us: int) -> Edit:
    """Return the edit with a mark at a moment of the timeline, or without the one that is there."""
    place = selection.lane_at(state.lanes, timeline_us)
    if place is None:
        raise BadInputError("edit.nothing_left")
    return toggle_mark(state.resource.edit, state.take(place[0]), at_us=place[1])


def spoken_word(text: Sequence[TextWord], place: int) -> str:
    """Return what a screen reader says of a word: "cut, I don't, er" for all that is struck around it."""
    word = text[place]
    if word.struck:
        first = last = place
        while first and _struck_along(text, first - 1, word):
            first -= 1
        while last + 1 < len(text) and _struck_along(text, last + 1, word):
            last += 1
        said = selection.plain_text(text, Selection(first, last))
        return messages.text("edit.said_cut", words=said)
    if word.word.filler:
        return messages.text("edit.said_filler", words=word.word.text)
    if word.word.confidence < UNSURE:
        return messages.text("edit.said_unsure", words=word.word.text)
    return word.word.text


def _struck_along(text: Sequence[TextWord], place: int, word: TextWord) -> bool:
    return text[place].struck and text[place].take_id == word.take_id


def find_words(state: EditState, typed: str) -> tuple[int, ...]:
    """Return the places of the words that begin a hit of what was typed."""
    wanted = typed.lower().split()
    if not wanted:
        return ()
    said = [each.word.text.lower().strip(" ,.!?;:“”\"'") for each in state.text]
    last = len(said) - len(wanted) + 1

    def is_hit(place: int) -> bool:
        whole = said[place : place + len(wanted) - 1] == wanted[:-1]
        return whole and said[place + len(wanted) - 1].startswith(wanted[-1])

    return tuple(place for place in range(last) if is_hit(place))


def clock(us: int, *, hundredths: bool = False) -> str:
    """Return a time as people read it: 1:05, or 1:05.12."""
    seconds, rest = divmod(max(us, 0), US)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{start}.{rest // 10_000:02}" if hundredths else start
