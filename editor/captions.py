"""Derive captions from words and cut list, so that they can never drift from the cut."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from editor import cutlist
from editor.cue_layout import (
    GAP_FRAMES,
    LEAD_US,
    LONGEST_US,
    SpokenWord,
    break_into_cues,
    break_into_lines,
    columns,
    joined,
    needed_us,
)
from editor.cutlist import frame_at, frame_us
from editor.model import Cue, CueOverride, CutList, Edit, Transcript
from editor.spoken import spoken_words

#: A shorter pause between two captions only flickers: the first one stays until the second.
_FLICKER_US = 500_000
_LINGER_US = 250_000


@dataclass(frozen=True, slots=True)
class Caption:
    """A cue with where it comes from, which is what a producer edits.

    Args:
        words: What is said in it, as it is read; none in a caption written where no word was found.
        override: The producer's own decision, if it is one.
        first: Frame of the result in which its first word begins.
        last: Frame in which its last word has ended.
        chapter_first: It stays in its chapter: the first frame of that.
        chapter_end: And the one after the last.
        moved_us: How far it was moved together with others.
    """

    cue: Cue
    words: tuple[SpokenWord, ...]
    override: CueOverride | None
    first: int
    last: int
    chapter_first: int
    chapter_end: int
    prompt_id: str = ""
    moved_us: int = 0


def make_cues(cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit) -> tuple[Cue, ...]:
    """Return the captions of the result.

    Words that were struck or lie outside the spans are gone, corrected ones read as corrected, and the
    producer's own captions stand for the words they were written for. No cue reaches over a chapter.

    Args:
        cut_list: The result.
        transcripts: Of the takes in it; a take without one has no captions.
        edit: Where corrections and overrides stand.
    """
    return tuple(each.cue for each in make_captions(cut_list, transcripts, edit))


def make_captions(cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit) -> tuple[Caption, ...]:
    """Return the captions of the result with the words and decisions behind each, see ``make_cues``."""
    words = spoken_words(cut_list, transcripts, edit)
    found = [
        replace(each, moved_us=_together_us(edit, each.words[0]))
        for each in _captions(cut_list, transcripts, words, edit)
        if each.cue.lines
    ]
    return tuple(_timed(found, rate=cut_list.rate))


def _captions(
    cut_list: CutList, transcripts: Sequence[Transcript], words: Sequence[SpokenWord], edit: Edit
) -> Iterator[Caption]:
    rate = cut_list.rate
    gap_us = frame_us(GAP_FRAMES, rate)
    wordless = _wordless(cut_list, transcripts, edit)
    overrides = _overrides_of(words, edit)
    for prompt_id, first, end in _chapters(cut_list):
        inside = [word for word in words if word.prompt_id == prompt_id]
        starts = [word.start_us for word in inside]
        made = [
            _caption((word,), own_lines(own, (word,)), rate=rate, chapter=(first, end), override=own)
            for own, word in wordless
            if word.prompt_id == prompt_id
        ]
        free_us = frame_us(first, rate)
        for override, run in groupby(inside, key=lambda word: overrides.get((word.take_id, word.take_us))):
            own = tuple(run)
            if override is not None:
                lines = own_lines(override, own)
                made.append(_caption(own, lines, rate=rate, chapter=(first, end), override=override))
            else:
                after = bisect_left(starts, own[-1].end_us)
                until = frame_at(starts[after], rate) - GAP_FRAMES if after < len(starts) else end
                left = iter(own)
                for group in _groups(own, rate=rate, free=frame_at(free_us, rate), until=until):
                    said = [next(left) for _ in group]
                    lines = break_into_lines(group)
                    made.append(_caption(said, lines, rate=rate, chapter=(first, end), override=None))
            free_us = own[-1].end_us + gap_us
        yield from sorted(made, key=lambda each: (each.first, each.last))


def own_lines(override: CueOverride, words: Sequence[SpokenWord]) -> tuple[str, ...]:
    """Return what the producer's own caption reads for the words that remain of it."""
    if not override.as_said:
        return tuple(text for line in override.lines if (text := " ".join(line.split())))
    at = sum(word.take_us < override.line_break_us for word in words)
    if not override.line_break_us or not 0 < at < len(words):
        return break_into_lines(tuple(words))
    return joined(words[:at]), joined(words[at:])


def _wordless(
    cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit
) -> list[tuple[CueOverride, SpokenWord]]:
    """Return the producer's captions for stretches in which no word was found, such as "[Applause]"."""
    found: list[tuple[CueOverride, SpokenWord]] = []
    middles = {
        each.take_id: sorted((word.start_us + word.end_us) // 2 for word in each.words)
        for each in transcripts
    }
    for each in edit.cue_overrides:
        own = middles.get(each.take_id, [])
        if bisect_left(own, each.in_us) < bisect_left(own, each.out_us):
            continue
        middle_us = (each.in_us + each.out_us) // 2
        at_us = cutlist.to_result_us(cut_list, each.take_id, middle_us)
        text = " ".join(each.lines).strip()
        if at_us is None or not text:
            continue
        stretch = max(0, at_us - (middle_us - each.in_us)), at_us + each.out_us - middle_us
        prompt_id = next(p.span.prompt_id for p in cut_list.placed if p.span.take_id == each.take_id)
        word = SpokenWord(text, *stretch, take_id=each.take_id, take_us=middle_us, prompt_id=prompt_id)
        found.append((each, word))
    return found


def _chapters(cut_list: CutList) -> Iterator[tuple[str, int, int]]:
    """Yield each answer's prompt and its first frame and the one after its last, in the result."""
    for prompt_id, group in groupby(cut_list.placed, key=lambda placed: placed.span.prompt_id):
        spans = list(group)
        yield prompt_id, spans[0].result_frame, spans[-1].result_frame + spans[-1].frames


def _overrides_of(words: Sequence[SpokenWord], edit: Edit) -> dict[tuple[str, int], CueOverride]:
    """Return the producer's caption for each word that has one, by take and middle; the last one counts."""
    middles: dict[str, list[int]] = {}
    for take_id, take_us in sorted({(word.take_id, word.take_us) for word in words}):
        middles.setdefault(take_id, []).append(take_us)
    found: dict[tuple[str, int], CueOverride] = {}
    for each in edit.cue_overrides:
        own = middles.get(each.take_id, [])
        inside = own[bisect_left(own, each.in_us) : bisect_left(own, each.out_us)]
        found.update(((each.take_id, take_us), each) for take_us in inside)
    return found


def _groups(
    words: Sequence[SpokenWord], *, rate: Fraction, free: int, until: int
) -> tuple[tuple[SpokenWord, ...], ...]:
    """Return the words in groups that make captions, timed by the frames they begin and have ended in.

    Their clock starts with the first word, so that a cut before them changes nothing.

    Args:
        words: In order.
        rate: Frames a second.
        free: From which frame the first caption may be shown.
        until: In which frame the last one must be gone.
    """
    limits = [_frames_of(word, rate) for word in words]
    begin = limits[0][0]
    on_frames = tuple(
        replace(word, start_us=frame_us(first - begin, rate), end_us=frame_us(last - begin, rate))
        for word, (first, last) in zip(words, limits, strict=True)
    )
    return break_into_cues(
        on_frames,
        from_us=frame_us(free - begin, rate),
        until_us=frame_us(until - begin, rate),
        gap_us=frame_us(GAP_FRAMES, rate),
    )


def _frames_of(word: SpokenWord, rate: Fraction) -> tuple[int, int]:
    """Return the frame in which a word begins, and that in which it has ended."""
    scale = 1_000_000 * rate.denominator
    return word.start_us * rate.numerator // scale, -(-word.end_us * rate.numerator // scale)


def _caption(
    words: Sequence[SpokenWord],
    lines: tuple[str, ...],
    *,
    rate: Fraction,
    chapter: tuple[int, int],
    override: CueOverride | None,
) -> Caption:
    first, last = _frames_of(words[0], rate)[0], _frames_of(words[-1], rate)[1]
    return Caption(
        Cue(words[0].start_us, words[-1].end_us, lines),
        tuple(words),
        override,
        max(first, chapter[0]),
        min(last, chapter[1]),
        *chapter,
        prompt_id=words[0].prompt_id,
    )


def _timed(captions: Sequence[Caption], *, rate: Fraction) -> Iterator[Caption]:
    """Yield the cues: each as long as it takes to read it where time permits, gaps kept, flicker closed."""
    longest = _frames(LONGEST_US, rate, up=False)
    leads = _leads(captions, rate=rate)
    free_from = moved_from = 0
    for n, each in enumerate(captions):
        hard = _limit(captions, n, rate=rate)
        first = max(each.first - leads[n], free_from, each.chapter_first)
        needed = max(each.last, first + _wanted(each, rate=rate))
        # The next one may start early to be readable, but not at the cost of this one.
        limit = max(hard - leads[n + 1], min(needed, hard))
        end = max(each.last + _frames(_LINGER_US, rate), needed)
        if limit - end < _frames(_FLICKER_US, rate):
            end = limit
        end = min(end, limit, first + longest)
        free_from = max(end, first + 1) + GAP_FRAMES
        first, end = _moved(each, first, end, rate=rate)
        first = max(first, moved_from, each.chapter_first)
        # Faster than it can be shown: better a frame too near the next one than not at all.
        end = min(max(end, first + 1), each.chapter_end)
        if end > first:
            moved_from = end + GAP_FRAMES
            cue = Cue(frame_us(first, rate), frame_us(end, rate), each.cue.lines)
            yield replace(each, cue=cue)


def _wanted(caption: Caption, *, rate: Fraction) -> int:
    needed = needed_us(columns(" ".join(caption.cue.lines)))
    return min(_frames(needed, rate), _frames(LONGEST_US, rate, up=False))


def _limit(captions: Sequence[Caption], n: int, *, rate: Fraction) -> int:
    """Return the frame by which a caption is gone if the next one starts with its first word."""
    each = captions[n]
    limit = min(each.chapter_end, each.first + _frames(LONGEST_US, rate, up=False))
    return limit if n + 1 == len(captions) else min(limit, captions[n + 1].first - GAP_FRAMES)


def _leads(captions: Sequence[Caption], *, rate: Fraction) -> list[int]:
    """Return how many frames early each caption should start because it could not be read otherwise.

    Looked at from the end: what a caption leaves of the pause behind it to the next one, it lacks itself.
    """
    leads = [0] * (len(captions) + 1)
    most = _frames(LEAD_US, rate)
    for n in range(len(captions) - 1, -1, -1):
        each = captions[n]
        room = _limit(captions, n, rate=rate) - each.first
        spare = max(0, _limit(captions, n, rate=rate) - each.last)
        room -= min(leads[n + 1], spare)
        before = captions[n - 1].last + GAP_FRAMES if n else 0
        free = max(0, each.first - max(before, each.chapter_first))
        leads[n] = min(max(_wanted(each, rate=rate) - room, 0), most, free)
    return leads


def _moved(caption: Caption, first: int, end: int, *, rate: Fraction) -> tuple[int, int]:
    """Return the times as the producer moved them."""
    if (own := caption.override) is not None:
        if own.exact:
            words = caption.words[0].start_us + own.shift_in_us, caption.words[-1].end_us + own.shift_out_us
            first, end = (frame_at(us, rate) for us in words)
        else:
            first += round(Fraction(own.shift_in_us, 1_000_000) * rate)
            end += round(Fraction(own.shift_out_us, 1_000_000) * rate)
    moved = round(Fraction(caption.moved_us, 1_000_000) * rate)
    return first + moved, end + moved


def _together_us(edit: Edit, word: SpokenWord) -> int:
    """Return how far the producer moved this caption together with others."""
    return sum(
        each.by_us
        for each in edit.cue_shifts
        if each.take_id == word.take_id and word.take_us >= each.from_us
    )


def _frames(us: int, rate: Fraction, *, up: bool = True) -> int:
    exact = Fraction(us, 1_000_000) * rate
    return math.ceil(exact) if up else math.floor(exact)
