"""Derive what remains of the takes, exact to the frame, so that nobody edits media by hand.

A take's frame ``n`` stands at ``n / rate`` on the take's clock, the result's likewise. Times are integer
microseconds, rates are fractions, and nothing is ever a float: adding up a thousand cuts loses no frame.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from capture.errors import BadInputError
from capture.take import Take
from editor.model import (
    Chapter,
    Correction,
    Cut,
    CutList,
    CutReason,
    Edit,
    Placed,
    Resource,
    Span,
    TakeEdit,
    Word,
)

#: A span shorter than this flashes by: it is left out.
SHORTEST_SPAN_FRAMES = 2
#: A shorter take is kept but never chosen by itself (DESIGN.md 2.4).
SHORTEST_CHOSEN_US = 3_000_000
#: What a result without any picture counts in.
SOUND_ONLY_RATE = Fraction(25)
#: The rates that players, learning systems and other editors all take.
SANE_RATES = (
    *(Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30)),
    *(Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60)),
)


# Frames and time -----------------------------------------------------------------------------------


def frame_at(t_us: int, rate: Fraction) -> int:
    """Return the frame whose start is nearest to ``t_us``; of two equally near the later."""
    # Whole numbers: asked 500 times for one moment of a long result, fractions took a tenth of a second.
    whole = 1_000_000 * rate.denominator
    return (2 * t_us * rate.numerator + whole) // (2 * whole)


def frame_us(frame: int, rate: Fraction) -> int:
    """Return when a frame starts; ``frame_at`` of it is the same frame again."""
    return (2 * frame * 1_000_000 * rate.denominator + rate.numerator) // (2 * rate.numerator)


def result_rate(rates: Iterable[Fraction]) -> Fraction:
    """Return the frame rate that shows most recordings as they are; without any picture 25.

    Args:
        rates: Frames a second of each take with a picture; of a variable rate its average. Each votes for
            the sane rate nearest to it, and one such as 15, which few players expect, for a multiple.
    """
    votes = Counter(_sane_rate(rate) for rate in rates if rate > 0)
    return max(votes, key=lambda rate: (votes[rate], rate)) if votes else SOUND_ONLY_RATE


def _sane_rate(rate: Fraction) -> Fraction:
    slow = SANE_RATES[0] * Fraction(99, 100)
    times = 1 if rate >= slow else math.ceil(slow / rate)
    shown = rate * times
    return min(SANE_RATES, key=lambda sane: max(sane / shown, shown / sane))


# Which takes, in which order -------------------------------------------------------------------------


def chosen_take(edit: Edit, prompt_id: str, takes: Iterable[Take]) -> Take | None:
    """Return the take that answers a prompt in the result, or None while there is no usable one.

    A star set by hand wins, also on a damaged take. Else it is the newest safe take of at least 3 s,
    else the newest safe one.

    Args:
        edit: Whose hand-set stars count.
        prompt_id: The prompt.
        takes: Takes that are not in the bin; those of other prompts are passed over.
    """
    own = [take for take in takes if take.prompt.id == prompt_id]
    starred = {choice.take_id for choice in edit.choices if choice.prompt_id == prompt_id}
    for take in own:
        if take.id in starred and take.state in ("safe", "damaged"):
            return take
    safe = [take for take in own if take.state == "safe"]
    long = [take for take in safe if take.duration_us >= SHORTEST_CHOSEN_US]
    return max(long or safe, key=_age, default=None)


def _age(take: Take) -> tuple[float, int]:
    try:
        recorded_s = datetime.fromisoformat(take.recorded_at).timestamp()
    except ValueError:
        recorded_s = 0.0
    return recorded_s, take.number


def chapters(resource: Resource) -> tuple[Chapter, ...]:
    """Return the chapters of the result in their order: as decided, and behind them the other prompts.

    A spoken consent is a record, not content: it appears only where it was put by hand.
    """
    return tuple(each for each in decided_chapters(resource) if each.included)


def decided_chapters(resource: Resource) -> tuple[Chapter, ...]:
    """Return the chapters in their order with those that were left out of the result."""
    decided = resource.edit.chapters
    named = {each.prompt_id for each in decided}
    asked = (p for p in resource.brief.prompts if p.included and p.key != "consent")
    return (*decided, *(Chapter(p.id) for p in asked if p.id not in named))


def chosen_takes(resource: Resource, takes: Sequence[Take]) -> tuple[Take, ...]:
    """Return the take of each chapter that has one, in the order of the result."""
    found = (chosen_take(resource.edit, chapter.prompt_id, takes) for chapter in chapters(resource))
    return tuple(take for take in found if take is not None)


# The cut list ------------------------------------------------------------------------------------------


def take_edit(edit: Edit, take_id: str) -> TakeEdit:
    """Return what was decided for a take, which may be nothing."""
    return next((each for each in edit.takes if each.take_id == take_id), TakeEdit(take_id))


def kept(duration_us: int, cuts: Iterable[Cut]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a take that no cut covers, in order, each with some length."""
    left: list[tuple[int, int]] = []
    at_us = 0
    for in_us, out_us in sorted((cut.in_us, cut.out_us) for cut in cuts if cut.out_us > cut.in_us):
        if min(in_us, duration_us) > at_us:
            left.append((at_us, min(in_us, duration_us)))
        at_us = max(at_us, out_us)
    if at_us < duration_us:
        left.append((at_us, duration_us))
    return tuple(left)


def cut_list(resource: Resource, takes: Sequence[Take], *, rate: Fraction) -> CutList:
    """Return the result: what remains of the chosen takes, on the frame grid, in chapter order.

    Args:
        resource: Whose prompts and edit count.
        takes: Every take of the resource that is not in the bin.
        rate: Frames per second of the result, see ``result_rate``.
    """
    spans: list[Span] = []
    for chapter in chapters(resource):
        take = chosen_take(resource.edit, chapter.prompt_id, takes)
        if take is not None:
            cuts = take_edit(resource.edit, take.id).cuts
            spans += _snapped(take, chapter.prompt_id, cuts, rate=rate)
    return place(spans, rate=rate)


def _snapped(take: Take, prompt_id: str, cuts: Iterable[Cut], *, rate: Fraction) -> Iterator[Span]:
    """Yield the spans of a take on its frame grid: those that touch joined, those too short left out."""
    end = math.floor(Fraction(take.duration_us, 1_000_000) * rate)  # a frame beyond the end is no frame
    runs: list[tuple[int, int]] = []
    for in_us, out_us in kept(take.duration_us, cuts):
        first, last = frame_at(in_us, rate), min(frame_at(out_us, rate), end)
        if runs and first <= runs[-1][1]:
            first = runs.pop()[0]
        if last > first:
            runs.append((first, last))
    for first, last in runs:
        if last - first >= SHORTEST_SPAN_FRAMES:
            yield Span(take.id, prompt_id, frame_us(first, rate), frame_us(last, rate))


def place(spans: Iterable[Span], *, rate: Fraction) -> CutList:
    """Lay spans one after the other on the result's clock; so a version's stored spans play again."""
    placed: list[Placed] = []
    result_frame = 0
    for span in spans:
        take_frame = frame_at(span.in_us, rate)
        frames = frame_at(span.out_us, rate) - take_frame
        if frames > 0:
            placed.append(Placed(span, take_frame, result_frame, frames))
            result_frame += frames
    return CutList(rate, tuple(placed))


# From a take's clock to the result's and back --------------------------------------------------------


def to_result_us(cut_list: CutList, take_id: str, t_us: int) -> int | None:
    """Return where a moment of a take plays in the result, or None where it was cut."""
    rate = cut_list.rate
    for each in cut_list.placed:
        if each.span.take_id == take_id:
            into_us = t_us - frame_us(each.take_frame, rate)
            if 0 <= into_us < frame_us(each.take_frame + each.frames, rate) - frame_us(each.take_frame, rate):
                return frame_us(each.result_frame, rate) + into_us
    return None


def to_take(cut_list: CutList, result_us: int) -> tuple[str, int]:
    """Return the take that plays at a moment of the result, and the moment on that take's clock.

    Raises:
        ValueError: The result is over by then, or has not begun.
    """
    rate, placed = cut_list.rate, cut_list.placed
    found = bisect_right(placed, result_us, key=lambda each: frame_us(each.result_frame, rate)) - 1
    if found < 0 or result_us >= frame_us(placed[found].result_frame + placed[found].frames, rate):
        raise ValueError(result_us)
    each = placed[found]
    return each.span.take_id, frame_us(each.take_frame, rate) + result_us - frame_us(each.result_frame, rate)


def chapter_titles(resource: Resource) -> Mapping[str, str]:
    """Return the title of each prompt's chapter: its own where one was given, else the prompt's."""
    titles = {prompt.id: prompt.title or prompt.text for prompt in resource.brief.prompts}
    return titles | {each.prompt_id: each.title for each in resource.edit.chapters if each.title}


# Decisions: each returns a new edit, so that every one can be undone ------------------------------------


def with_take_edit(edit: Edit, take: TakeEdit) -> Edit:
    """Return the edit with other decisions for one take; those for the others stay."""
    if not any(each.take_id == take.take_id for each in edit.takes):
        return replace(edit, takes=(*edit.takes, take))
    return replace(edit, takes=tuple(take if each.take_id == take.take_id else each for each in edit.takes))


def with_cuts(edit: Edit, take_id: str, cuts: Iterable[Cut], *, instead_of: CutReason | None = None) -> Edit:
    """Return the edit with more cuts in a take.

    Args:
        edit: What was decided so far.
        take_id: The take.
        cuts: Those to add; one without length is passed over.
        instead_of: Cuts of this reason are taken back first: asked again, a rule replaces what it did.
    """
    before = take_edit(edit, take_id)
    left = {cut for cut in before.cuts if instead_of is None or cut.reason != instead_of}
    left.update(cut for cut in cuts if cut.out_us > cut.in_us)
    in_order = tuple(sorted(left, key=lambda cut: (cut.in_us, cut.out_us, cut.reason)))
    return edit if in_order == before.cuts else with_take_edit(edit, replace(before, cuts=in_order))


def strike(edit: Edit, take_id: str, words: Sequence[Word]) -> Edit:
    """Return the edit without a run of words, by their times alone; ``tidy.strike`` heeds the sound too."""
    if not words:
        return edit
    return with_cuts(edit, take_id, [Cut(words[0].start_us, words[-1].end_us, "word")])


def restore(edit: Edit, take_id: str, *, in_us: int, out_us: int) -> Edit:
    """Return the edit with a stretch of a take back in the result, whatever had cut it."""
    before = take_edit(edit, take_id)
    left: list[Cut] = []
    for cut in before.cuts:
        if cut.out_us <= in_us or cut.in_us >= out_us:
            left.append(cut)
        else:
            parts = ((cut.in_us, in_us), (out_us, cut.out_us))
            left += [Cut(first, last, cut.reason) for first, last in parts if last > first]
    return with_cuts(with_take_edit(edit, replace(before, cuts=())), take_id, left)


def trim(edit: Edit, take: Take, *, in_us: int, out_us: int) -> Edit:
    """Return the edit in which a take starts at ``in_us`` and ends at ``out_us``."""
    ends = [Cut(0, in_us, "trim"), Cut(out_us, take.duration_us, "trim")]
    return with_cuts(edit, take.id, ends, instead_of="trim")


def cut(edit: Edit, cut_list: CutList, *, in_us: int, out_us: int) -> Edit:
    """Return the edit without a stretch of the result, also where it reaches over several takes.

    Args:
        edit: What was decided so far.
        cut_list: What it comes to.
        in_us: Start on the result's clock; it snaps to a frame.
        out_us: End, likewise.

    Raises:
        BadInputError: The stretch is not in the result, is shorter than a frame, or is all of it.
    """
    first, last = _frames_of(cut_list, in_us, out_us)
    return _cut_frames(edit, cut_list, [(first, last)])


def keep(edit: Edit, cut_list: CutList, stretches: Iterable[tuple[int, int]]) -> Edit:
    """Return the edit with only these stretches of the result left.

    Args:
        edit: What was decided so far.
        cut_list: What it comes to.
        stretches: Start and end in microseconds on the result's clock, in any order.

    Raises:
        BadInputError: As for ``cut``.
    """
    runs = sorted(_frames_of(cut_list, in_us, out_us) for in_us, out_us in stretches)
    at = 0
    gaps: list[tuple[int, int]] = []
    for first, last in runs:
        gaps.append((at, first))
        at = max(at, last)
    gaps.append((at, cut_list.frames))
    return _cut_frames(edit, cut_list, gaps)


def _frames_of(cut_list: CutList, in_us: int, out_us: int) -> tuple[int, int]:
    """Return a stretch of the result in frames."""
    if not 0 <= in_us < min(out_us, cut_list.duration_us):
        given = f"{in_us / 1_000_000:g}-{out_us / 1_000_000:g}"
        raise BadInputError(
            "edit.not_in_result", given=given, length_s=f"{cut_list.duration_us / 1_000_000:g}"
        )
    first, last = frame_at(in_us, cut_list.rate), min(frame_at(out_us, cut_list.rate), cut_list.frames)
    if first >= last:
        raise BadInputError("edit.under_a_frame", frame_s=f"{1 / float(cut_list.rate):.3f}")
    return first, last


def _cut_frames(edit: Edit, cut_list: CutList, runs: Iterable[tuple[int, int]]) -> Edit:
    left = cut_list.frames
    for first, last in runs:
        for each in cut_list.placed:
            start = max(first, each.result_frame)
            end = min(last, each.result_frame + each.frames)
            if start < end:
                shift = each.take_frame - each.result_frame
                in_us, out_us = (frame_us(frame + shift, cut_list.rate) for frame in (start, end))
                edit = with_cuts(edit, each.span.take_id, [Cut(in_us, out_us, "hand")])
                left -= end - start
    if left < SHORTEST_SPAN_FRAMES:
        raise BadInputError("edit.nothing_left")
    return edit


def correct(edit: Edit, take_id: str, words: Sequence[Word], *, text: str) -> Edit:
    """Return the edit in which a run of words reads ``text``; corrections it covers are replaced."""
    if not words:
        return edit
    before = take_edit(edit, take_id)
    new = Correction(words[0].start_us, words[-1].end_us, " ".join(text.split()))
    others = [c for c in before.corrections if not (new.in_us <= c.in_us and c.out_us <= new.out_us)]
    return with_take_edit(edit, replace(before, corrections=(*others, new)))


# Words under the edit ---------------------------------------------------------------------------------


def is_struck(cuts: Iterable[Cut], word: Word) -> bool:
    """Tell whether a word is left out: its middle decides, so a cut may lie in the pause around it."""
    middle_us = (word.start_us + word.end_us) // 2
    return any(cut.in_us <= middle_us < cut.out_us for cut in cuts)


def corrected_words(words: Sequence[Word], edit: TakeEdit) -> tuple[Word, ...]:
    """Return the words as the producer wants them read; their sound stays as it is.

    A correction replaces the words whose middle lies in its stretch. With as many words as before each
    keeps its time, else their time is shared out by length. Of corrections that overlap the later wins.
    """
    left = list(words)
    for correction in edit.corrections:
        inside = [w for w in left if correction.in_us <= (w.start_us + w.end_us) // 2 < correction.out_us]
        if inside:
            at = left.index(inside[0])
            left[at : at + len(inside)] = _reworded(inside, correction.text.split())
    return tuple(left)


def _reworded(words: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    if len(texts) == len(words):
        return [
            word if text == word.text else replace(word, text=text, confidence=1.0, filler=False)
            for word, text in zip(words, texts, strict=True)
        ]
    start_us, length_us = words[0].start_us, words[-1].end_us - words[0].start_us
    letters = sum(map(len, texts))
    said: list[Word] = []
    done = 0
    for text in texts:
        first_us, done = start_us + length_us * done // letters, done + len(text)
        said.append(Word(first_us, start_us + length_us * done // letters, text, 1.0))
    return said
