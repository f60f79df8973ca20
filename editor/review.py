"""Show each silence and each filler before it goes, so that a producer can keep the one that matters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from editor import cutlist, tidy
from editor.cue_layout import SpokenWord, joined
from editor.model import Cut, Edit, Take, Word
from editor.speech import Levels

_CONTEXT_WORDS = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be taken out, with what a producer needs to decide.

    Args:
        kind: What it is.
        take_id: In which take.
        cut: The stretch that would go; words around it stay whole.
        text: What is said in it; empty for a silence.
        before: The words before it.
        after: The words after it.
        confidence: How sure it is that this was said, 0 to 1; 1 for a silence.
        clean: Whether it can go without clipping a neighbour. What is not clean is shown, and left in.
        done: Whether it is taken out already.
    """

    kind: Literal["filler", "silence"]
    take_id: str
    cut: Cut
    text: str
    before: str
    after: str
    confidence: float
    clean: bool
    done: bool


def fillers(edit: Edit, take: Take, levels: Levels, words: Sequence[Word]) -> tuple[Candidate, ...]:
    """Return every filler of a take in order, taken out already or not.

    Args:
        edit: What was decided so far.
        take: The take.
        levels: Of the take.
        words: Its transcript.
    """
    cuts = cutlist.take_edit(edit, take.id).cuts
    return tuple(
        Candidate(
            "filler",
            take.id,
            each.cut,
            text=_text(words[each.first : each.last + 1]),
            before=_text(words[max(0, each.first - _CONTEXT_WORDS) : each.first]),
            after=_text(words[each.last + 1 : each.last + 1 + _CONTEXT_WORDS]),
            confidence=each.confidence,
            clean=each.clean,
            done=all(cutlist.is_struck(cuts, word) for word in words[each.first : each.last + 1]),
        )
        for each in tidy.filler_cuts(take, levels, words)
    )


def silences(
    edit: Edit, take: Take, levels: Levels, words: Sequence[Word] = (), *, longer_than_us: int
) -> tuple[Candidate, ...]:
    """Return every silence of a take that is longer, in order, taken out already or not.

    Args:
        edit: What was decided so far.
        take: The take.
        levels: Of the take.
        words: Its transcript, where there is one.
        longer_than_us: Shorter silences are not listed.
    """
    cuts = cutlist.take_edit(edit, take.id).cuts
    found: list[Candidate] = []
    for cut in tidy.silence_cuts(take, levels, words, longer_than_us=longer_than_us):
        middle_us = (cut.in_us + cut.out_us) // 2
        at = bisect_right(words, middle_us, key=lambda word: word.end_us)
        after = bisect_left(words, middle_us, at, key=lambda word: word.start_us)
        found.append(
            Candidate(
                "silence",
                take.id,
                cut,
                text="",
                before=_text(words[max(0, at - _CONTEXT_WORDS) : at]),
                after=_text(words[after : after + _CONTEXT_WORDS]),
                confidence=1.0,
                clean=True,
                done=any(each.in_us <= middle_us < each.out_us for each in cuts),
            )
        )
    return tuple(found)


def take_out(edit: Edit, candidates: Iterable[Candidate]) -> Edit:
    """Return the edit without these, also those that are not clean: the producer has seen them."""
    for take_id, own in _by_take(candidates).items():
        edit = cutlist.with_cuts(edit, take_id, [each.cut for each in own])
    return edit


def put_back(edit: Edit, candidates: Iterable[Candidate]) -> Edit:
    """Return the edit with these in the result again."""
    for take_id, own in _by_take(candidates).items():
        for each in own:
            edit = cutlist.restore(edit, take_id, in_us=each.cut.in_us, out_us=each.cut.out_us)
    return edit


def _by_take(candidates: Iterable[Candidate]) -> Mapping[str, list[Candidate]]:
    ordered = sorted(candidates, key=lambda each: each.take_id)
    return {take_id: list(own) for take_id, own in groupby(ordered, key=lambda each: each.take_id)}


def _text(words: Sequence[Word]) -> str:
    return joined([SpokenWord(word.text, word.start_us, word.end_us) for word in words])
