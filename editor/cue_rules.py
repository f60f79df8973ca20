"""Tell the producer which captions break which rule of reading, and whether anything can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from editor.cue_layout import (
    FASTEST_CPS,
    GAP_FRAMES,
    LONGEST_LINE,
    LONGEST_US,
    MOST_LINES,
    SHORTEST_US,
    columns,
    needed_us,
)
from editor.model import Cue
from editor.phrasing import ends_sentence

Rule = Literal[
    "line_length", "lines", "too_long", "too_short", "too_fast", "gap", "orphan", "empty", "changed"
]
RULES: tuple[Rule, ...] = (
    *("line_length", "lines", "too_long", "too_short", "too_fast", "gap", "orphan", "empty"),
)

_NEAR_US = 1_000_000  # a lone word this near to the caption before it could have stood in that one
_ROUNDING_US = 1_000  # caption files count in milliseconds


@dataclass(frozen=True, slots=True)
class CueProblem:
    """A caption outside a rule.

    Args:
        index: Which caption, from 0.
        rule: Which rule; its text is a string key below ``rules``.
        value: What it is: columns, lines, seconds, or columns a second.
        limit: What the rule allows.
        avoidable: Whether there is free time, or another place to break, that would mend it.
    """

    index: int
    rule: Rule
    value: float
    limit: float
    avoidable: bool


def check_cues(cues: Sequence[Cue], *, rate: Fraction = Fraction(25)) -> tuple[CueProblem, ...]:
    """Return every rule that a caption breaks, in order.

    Args:
        cues: In order of time.
        rate: Frames a second, which the gap between captions is counted in.
    """
    gap_us = round(GAP_FRAMES * 1_000_000 / rate)
    return tuple(
        problem
        for index in range(len(cues))
        for problem in (*_text_problems(index, cues), *_time_problems(index, cues, gap_us=gap_us))
    )


def _text_problems(index: int, cues: Sequence[Cue]) -> Iterator[CueProblem]:
    lines = cues[index].lines
    if not any(line.strip() for line in lines):
        yield CueProblem(index, "empty", 0, 1, avoidable=True)
        return
    widest = max(map(columns, lines))
    if widest > LONGEST_LINE:
        yield CueProblem(index, "line_length", widest, LONGEST_LINE, avoidable=True)
    if len(lines) > MOST_LINES:
        yield CueProblem(index, "lines", len(lines), MOST_LINES, avoidable=True)
    words = " ".join(lines).split()
    if len(words) == 1 and columns(words[0]) < LONGEST_LINE // 2 and _belongs_to_neighbour(index, cues):
        yield CueProblem(index, "orphan", 1, 2, avoidable=True)
    elif len(lines) > 1 and len(words) > 2 and len(lines[-1].split()) == 1:
        first = lines[0].rsplit(maxsplit=1)
        other = columns(f"{first[-1]} {lines[-1]}") <= LONGEST_LINE if len(first) > 1 else False
        yield CueProblem(index, "orphan", 1, 2, avoidable=other)


def _belongs_to_neighbour(index: int, cues: Sequence[Cue]) -> bool:
    """Whether a lone word is torn from its sentence without a pause; "Yes." by itself is a sentence."""
    before = cues[index - 1] if index else None
    after = cues[index + 1] if index + 1 < len(cues) else None
    torn_before = (
        before is not None
        and not ends_sentence(before.lines[-1])
        and cues[index].start_us - before.end_us < _NEAR_US
    )
    torn_after = (
        after is not None
        and not ends_sentence(cues[index].lines[-1])
        and after.start_us - cues[index].end_us < _NEAR_US
    )
    return torn_before or torn_after


def _time_problems(index: int, cues: Sequence[Cue], *, gap_us: int) -> Iterator[CueProblem]:
    cue = cues[index]
    length_us = cue.end_us - cue.start_us
    before_us = cues[index - 1].end_us + gap_us if index else 0
    after_us = cues[index + 1].start_us - gap_us if index + 1 < len(cues) else cue.end_us
    # Time beside it that nobody else needs; where words follow at once there is none.
    free_us = max(0, cue.start_us - before_us) + max(0, after_us - cue.end_us)
    if length_us > LONGEST_US + _ROUNDING_US:
        yield CueProblem(index, "too_long", length_us / 1e6, LONGEST_US / 1e6, avoidable=True)
    if length_us < SHORTEST_US - _ROUNDING_US:
        mended = length_us + free_us >= SHORTEST_US
        yield CueProblem(index, "too_short", length_us / 1e6, SHORTEST_US / 1e6, avoidable=mended)
    width = columns(" ".join(cue.lines))
    if length_us < width * 1_000_000 / FASTEST_CPS - _ROUNDING_US:
        speed = width * 1e6 / max(length_us, 1)
        mended = length_us + free_us >= min(needed_us(width), LONGEST_US)
        yield CueProblem(index, "too_fast", speed, FASTEST_CPS, avoidable=mended)
    if index and cue.start_us < before_us - _ROUNDING_US:
        gap_s = (cue.start_us - cues[index - 1].end_us) / 1e6
        yield CueProblem(index, "gap", gap_s, gap_us / 1e6, avoidable=True)
