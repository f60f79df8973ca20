"""Say of each caption which rule of reading it breaks, and which one keystroke mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from editor import cue_edits
from editor.captions import Caption
from editor.cue_layout import (
    FASTEST_CPS,
    LONGEST_LINE,
    LONGEST_US,
    MOST_LINES,
    break_into_lines,
    columns,
    joined,
    needed_us,
)
from editor.cue_rules import CueProblem, check_cues
from editor.model import CutList, Edit

Fix = Literal["stay_longer", "split", "break_line", "join_next", "join_before", "as_said"]

#: A caption of up to so many columns a second is amber, a faster one red (DESIGN.md 2.6).
AMBER_CPS = 19


@dataclass(frozen=True, slots=True)
class Finding:
    """A caption outside a rule.

    Args:
        problem: Which rule, by how much, and whether anything can be done.
        fixes: What would mend it, the best first; none where the speech leaves no choice.
    """

    problem: CueProblem
    fixes: tuple[Fix, ...]


def report(captions: Sequence[Caption], *, cut_list: CutList) -> tuple[Finding, ...]:
    """Return every rule that a caption breaks, in order, with what mends it."""
    problems = check_cues([each.cue for each in captions], rate=cut_list.rate)
    changed = (
        CueProblem(index, "changed", 0, 0, avoidable=True)
        for index, each in enumerate(captions)
        if each.override is not None and each.override.said and each.override.said != joined(each.words)
    )
    found = sorted((*problems, *changed), key=lambda problem: problem.index)
    return tuple(Finding(each, tuple(_fixes(captions, each, cut_list=cut_list))) for each in found)


def mend(edit: Edit, captions: Sequence[Caption], finding: Finding, fix: Fix, *, cut_list: CutList) -> Edit:
    """Return the edit with one fix of a finding made."""
    index = finding.problem.index
    if fix == "stay_longer":
        return cue_edits.stay_longer(edit, captions, index, cut_list=cut_list)
    if fix == "split":
        return cue_edits.split(edit, captions[index])
    if fix == "break_line":
        return cue_edits.break_line(edit, captions[index])
    if fix == "as_said":
        return cue_edits.as_said(edit, captions[index])
    return cue_edits.join_next(edit, captions, index if fix == "join_next" else index - 1)


def _fixes(captions: Sequence[Caption], problem: CueProblem, *, cut_list: CutList) -> Iterator[Fix]:
    index, rule = problem.index, problem.rule
    caption = captions[index]
    if rule in {"too_fast", "too_short"}:
        start_us, end_us = cue_edits.longer(captions, index, cut_list=cut_list)
        if end_us - start_us > caption.cue.end_us - caption.cue.start_us:
            yield "stay_longer"
    if rule in {"line_length", "lines"} and len(caption.words) > 1 and _fits_in_lines(caption):
        yield "break_line"
    elif rule in {"line_length", "lines", "too_long"} and len(caption.words) > 1:
        yield "split"
    if rule in {"too_fast", "too_short", "orphan"}:
        if _may_join(captions, index):
            yield "join_next"
        if index and _may_join(captions, index - 1):
            yield "join_before"
    if caption.override is not None and rule in {"gap", "empty", "changed"}:
        yield "as_said"


def _fits_in_lines(caption: Caption) -> bool:
    lines = break_into_lines(caption.words)
    return len(lines) <= MOST_LINES and all(columns(line) <= LONGEST_LINE for line in lines)


def _may_join(captions: Sequence[Caption], index: int) -> bool:
    """Return whether a caption and the next one are inside the rules as one."""
    if index + 1 >= len(captions):
        return False
    first, second = captions[index], captions[index + 1]
    if first.words[0].take_id != second.words[0].take_id or first.prompt_id != second.prompt_id:
        return False
    text = " ".join((*first.cue.lines, *second.cue.lines))
    length_us = second.cue.end_us - first.cue.start_us
    lines = break_into_lines((*first.words, *second.words))
    return (
        length_us <= LONGEST_US
        and needed_us(columns(text)) <= length_us
        and columns(text) <= FASTEST_CPS * LONGEST_US / 1_000_000
        and all(columns(line) <= LONGEST_LINE for line in lines)
    )
