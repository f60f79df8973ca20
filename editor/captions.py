"""Derive captions from words and cut list, so that they can never drift from the cut."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, zip_longest

from editor.cue_layout import (
    GAP_FRAMES,
    LONGEST_US,
    SpokenWord,
    break_into_cues,
    break_into_lines,
    columns,
    needed_us,
)
from editor.cutlist import frame_us
from editor.model import Cue, CueOverride, CutList, Edit, Transcript
from editor.spoken import spoken_words

#: A shorter pause between two captions only flickers: the first one stays until the second.
_FLICKER_US = 500_000
_LINGER_US = 250_000
#: A caption may come this much before its first word if it could not be read otherwise.
_LEAD_US = 1_000_000


@dataclass(frozen=True, slots=True)
class _Caption:
    """A cue on its way: its lines, when its words are said, and the chapter it must stay in, in frames."""

    lines: tuple[str, ...]
    first: int
    last: int
    chapter_first: int
    chapter_end: int
    override: CueOverride | None


def make_cues(cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit) -> tuple[Cue, ...]:
    """Return the captions of the result.

    Words that were struck or lie outside the spans are gone, corrected ones read as corrected, and the
    producer's own captions stand for the words they were written for. No cue reaches over a chapter.

    Args:
        cut_list: The result.
        transcripts: Of the takes in it; a take without one has no captions.
        edit: Where corrections and overrides stand.
    """
    words = spoken_words(cut_list, transcripts, edit)
    captions = [each for each in _captions(cut_list, words, edit) if each.lines]
    return tuple(_timed(captions, rate=cut_list.rate))


def _captions(cut_list: CutList, words: Sequence[SpokenWord], edit: Edit) -> Iterator[_Caption]:
    rate = cut_list.rate
    gap_us = frame_us(GAP_FRAMES, rate)
    for prompt_id, first, end in _chapters(cut_list):
        until_us = frame_us(end, rate)
        inside = [word for word in words if word.prompt_id == prompt_id]
        for override, run in groupby(inside, key=lambda word: _override_of(word, edit)):
            own = tuple(run)
            if override is not None:
                lines = tuple(text for line in override.lines if (text := " ".join(line.split())))
                yield _caption(own, lines, rate=rate, chapter=(first, end), override=override)
                continue
            after = next((w.start_us - gap_us for w in inside if w.start_us >= own[-1].end_us), until_us)
            for group in break_into_cues(own, until_us=after, gap_us=gap_us):
                yield _caption(group, break_into_lines(group), rate=rate, chapter=(first, end), override=None)


def _chapters(cut_list: CutList) -> Iterator[tuple[str, int, int]]:
    """Yield each chapter's prompt and its first frame and the one after its last, in the result."""
    for prompt_id, group in groupby(cut_list.placed, key=lambda placed: placed.span.prompt_id):
        spans = list(group)
        yield prompt_id, spans[0].result_frame, spans[-1].result_frame + spans[-1].frames


def _override_of(word: SpokenWord, edit: Edit) -> CueOverride | None:
    found = (
        each
        for each in reversed(edit.cue_overrides)
        if each.take_id == word.take_id and each.in_us <= word.take_us < each.out_us
    )
    return next(found, None)


def _caption(
    words: Sequence[SpokenWord],
    lines: tuple[str, ...],
    *,
    rate: Fraction,
    chapter: tuple[int, int],
    override: CueOverride | None,
) -> _Caption:
    first = math.floor(Fraction(words[0].start_us, 1_000_000) * rate)
    last = math.ceil(Fraction(words[-1].end_us, 1_000_000) * rate)
    return _Caption(lines, max(first, chapter[0]), min(last, chapter[1]), *chapter, override)


def _timed(captions: Sequence[_Caption], *, rate: Fraction) -> Iterator[Cue]:
    """Yield the cues: each as long as it takes to read it where time permits, gaps kept, flicker closed."""
    longest = _frames(LONGEST_US, rate, up=False)
    free_from = 0
    for each, following in zip_longest(captions, captions[1:]):
        limit = _limit(each, following, rate=rate)
        first = max(each.first - _lead(each, following, rate=rate), free_from, each.chapter_first)
        needed = max(each.last, first + _wanted(each, rate=rate))
        if following is not None:
            # The next one may start early to be readable, but not at the cost of this one.
            limit = max(limit - _lead(following, None, rate=rate), min(needed, limit))
        end = max(each.last + _frames(_LINGER_US, rate), needed)
        if limit - end < _frames(_FLICKER_US, rate):
            end = limit
        first, end = _shifted(each, first, min(end, limit, first + longest), rate=rate)
        first = max(first, free_from, each.chapter_first)
        # Faster than it can be shown: better a frame too near the next one than not at all.
        end = min(max(end, first + 1), each.chapter_end)
        if end > first:
            free_from = end + GAP_FRAMES
            yield Cue(frame_us(first, rate), frame_us(end, rate), each.lines)


def _wanted(caption: _Caption, *, rate: Fraction) -> int:
    return _frames(needed_us(columns(" ".join(caption.lines))), rate)


def _limit(caption: _Caption, following: _Caption | None, *, rate: Fraction) -> int:
    """Return the frame by which a caption is gone if the next one starts with its first word."""
    limit = min(caption.chapter_end, caption.first + _frames(LONGEST_US, rate, up=False))
    return limit if following is None else min(limit, following.first - GAP_FRAMES)


def _lead(caption: _Caption, following: _Caption | None, *, rate: Fraction) -> int:
    """Return how many frames early a caption should start because it could not be read otherwise."""
    missing = _wanted(caption, rate=rate) - (_limit(caption, following, rate=rate) - caption.first)
    return min(max(missing, 0), _frames(_LEAD_US, rate))


def _shifted(caption: _Caption, first: int, end: int, *, rate: Fraction) -> tuple[int, int]:
    """Return the times as the producer moved them."""
    if caption.override is None:
        return first, end
    shifts = (caption.override.shift_in_us, caption.override.shift_out_us)
    moved_in, moved_out = (round(Fraction(us, 1_000_000) * rate) for us in shifts)
    return first + moved_in, end + moved_out


def _frames(us: int, rate: Fraction, *, up: bool = True) -> int:
    exact = Fraction(us, 1_000_000) * rate
    return math.ceil(exact) if up else math.floor(exact)
