"""Choose where captions and their lines break: the best of all possible ways, not the first that fits.

Dynamic programming over the breaks, as Knuth and Plass set paragraphs: each caption has a cost, and the
cheapest row of captions that holds all words wins.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from editor.phrasing import AFTER_SENTENCE, BOUND, break_penalty, ends_sentence, space_between

LONGEST_LINE = 42
MOST_LINES = 2
LONGEST_US = 7_000_000
SHORTEST_US = 833_333  # 5/6 s
FASTEST_CPS = 17
GAP_FRAMES = 2

#: A caption may come this much before its first word if it could not be read otherwise.
LEAD_US = 1_000_000

_MOST_WAYS = 6
_KEPT_CHAPTERS, _KEPT_CUES = 256, 4096
_LONGEST_PAUSE_US = 2_000_000  # a caption that stays through a longer silence looks forgotten

# What counts how much. A cue costs 1; the others are set against that.
_CUE = 1.0
_BREAK = 3.0  # between captions
_LINE_BREAK = 1.2  # between the lines of one
_BOUND_BREAK = 4.0  # where no break may be if there is any other place, on top of either
_IMBALANCE = 0.6
_ORPHAN_LINE = 2.0
_ORPHAN_CUE = 2.5
_SECOND_SENTENCE = 0.4
_SECOND_LINE = 0.15
_PAUSE_INSIDE = 0.8  # for each second beyond the first half
_TOO_FAST = 4.0
_TOO_FAST_STEP = 5.0  # dearer than a poor break, but never than one after "the" or inside a name
_LEAD = 0.3  # for coming a second before its first word
_TOO_SHORT = 2.0


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is read, on the result's clock.

    Args:
        glued: Part of the word before it, which is too long for a line.
        take_id: Where it comes from.
        take_us: Its middle on the clock of that take.
        prompt_id: Its chapter.
    """

    text: str
    start_us: int
    end_us: int
    language: str = ""
    glued: bool = False
    take_id: str = ""
    take_us: int = 0
    prompt_id: str = ""


def columns(text: str) -> int:
    """Return how much of a line the text takes; Chinese, Japanese and Korean characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def joined(words: Sequence[SpokenWord]) -> str:
    """Return the words as running text."""
    text = ""
    for word in words:
        text += word.text if word.glued or not text else space_between(text, word.text) + word.text
    return text


def needed_us(text_columns: int) -> int:
    """Return how long a text of so many columns must stay to be read."""
    return max(SHORTEST_US, math.ceil(text_columns * 1_000_000 / FASTEST_CPS))


@functools.lru_cache(maxsize=_KEPT_CHAPTERS)
def break_into_cues(
    words: tuple[SpokenWord, ...], *, until_us: int, gap_us: int, from_us: int | None = None
) -> tuple[tuple[SpokenWord, ...], ...]:
    """Return the words of one chapter in the groups that make the best captions.

    Breaks and times are chosen together: a caption that is said too fast to be read may stay longer or come
    earlier while nobody speaks, and what one takes of a pause the next one lacks. What was found is kept: of
    all chapters, a strike changes one.

    Args:
        words: In order, none wider than a line.
        until_us: When the last caption must be gone.
        gap_us: What stays free between two captions.
        from_us: When the first caption may come; with its first word if not given.
    """
    if not words:
        return ()
    row = _Row(words, until_us=until_us, gap_us=gap_us)
    free_us = words[0].start_us if from_us is None else from_us
    ways: list[list[_Way]] = [[_Way(0.0, free_us, 0, None)], *([] for _ in words)]
    for end in range(1, len(words) + 1):
        for first in range(end - 1, -1, -1):
            cost = row.cue_cost(first, end)
            if cost == math.inf:
                break
            for way in ways[first]:
                for late_cost, gone_us in row.time_costs(first, end, free_us=way.free_us):
                    ways[end].append(_Way(way.cost + cost + late_cost, gone_us + gap_us, first, way))
        ways[end] = _best(ways[end])
    cues: list[tuple[SpokenWord, ...]] = []
    end, best = len(words), min(ways[-1], key=lambda way: way.cost)
    while best.before is not None:
        cues.append(tuple(words[best.first : end]))
        end, best = best.first, best.before
    return tuple(reversed(cues))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """A way to caption the first words: what it costs, and from when the next caption may be shown."""

    cost: float
    free_us: int
    first: int
    before: _Way | None


def _best(ways: list[_Way]) -> list[_Way]:
    """Return the few ways worth following: none is both dearer and later free than another."""
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda way: (way.cost, way.free_us)):
        if not kept or way.free_us < kept[-1].free_us:
            kept.append(way)
        if len(kept) == _MOST_WAYS:
            break
    return kept


@functools.lru_cache(maxsize=_KEPT_CUES)
def break_into_lines(words: tuple[SpokenWord, ...]) -> tuple[str, ...]:
    """Return the words of one caption as one line, or as two that break well."""
    row = _Row(words, until_us=words[-1].end_us, gap_us=0)
    _, at = row.layout(0, len(words))
    return (joined(words[:at]), joined(words[at:])) if at else (joined(words),)


class _Row:
    """The words of a chapter with all that the costs need, looked up instead of counted again."""

    def __init__(self, words: Sequence[SpokenWord], *, until_us: int, gap_us: int) -> None:
        self._words = words
        self._until_us = until_us
        self._gap_us = gap_us
        self._starts = [0] * len(words)
        self._ends = [0] * len(words)
        self._breaks = [AFTER_SENTENCE] * (len(words) + 1)
        self._sentences = [0] * (len(words) + 1)
        self._pauses = [0.0] * (len(words) + 1)
        self._silences = [0] * (len(words) + 1)
        at = 0
        for n, word in enumerate(words):
            if n:
                self._look_between(n)
                at += 0 if word.glued else columns(space_between(words[n - 1].text, word.text))
            self._starts[n] = at
            at += columns(word.text)
            self._ends[n] = at

    def _look_between(self, n: int) -> None:
        before, after = self._words[n - 1], self._words[n]
        pause_us = after.start_us - before.end_us
        self._breaks[n] = (
            BOUND
            if after.glued
            else break_penalty(before.text, after.text, pause_us=pause_us, language=after.language)
        )
        self._sentences[n] = self._sentences[n - 1] + ends_sentence(before.text)
        self._pauses[n] = self._pauses[n - 1] + max(0.0, pause_us / 1_000_000 - 0.5)
        self._silences[n] = self._silences[n - 1] + (pause_us > _LONGEST_PAUSE_US)

    def _width(self, first: int, end: int) -> int:
        return self._ends[end - 1] - self._starts[first]

    def cue_cost(self, first: int, end: int) -> float:
        """Return what a caption of these words costs; infinite where it breaks a rule that can be kept."""
        start_us, end_us = self._words[first].start_us, self._words[end - 1].end_us
        pauses = self._pauses[end - 1] - self._pauses[first]
        silent = self._silences[end - 1] > self._silences[first]
        if end - first > 1 and (end_us - start_us > LONGEST_US or silent):
            return math.inf
        layout, _ = self.layout(first, end)
        if layout == math.inf:
            return math.inf
        cost = _CUE + layout + _BREAK * self._breaks[end] + _PAUSE_INSIDE * pauses
        cost += _BOUND_BREAK * (self._breaks[end] >= BOUND)
        cost += _SECOND_SENTENCE * (self._sentences[end - 1] - self._sentences[first])
        if end - first == 1 and not self._is_sentence(first):
            cost += _ORPHAN_CUE
        return cost

    def time_costs(self, first: int, end: int, *, free_us: int) -> Iterator[tuple[float, int]]:
        """Yield what it costs to show a caption in the time there is, and when it is gone, in up to two ways.

        One way takes of the pause behind it first, the other of the pause before it, which is lost otherwise.
        """
        start_us, said_us = self._words[first].start_us, self._words[end - 1].end_us
        limit_us = self._words[end].start_us - self._gap_us if end < len(self._words) else self._until_us
        limit_us = max(limit_us, start_us + 1)
        frame_us = max(self._gap_us // GAP_FRAMES, 1)
        reading_us = -(-min(needed_us(self._width(first, end)), LONGEST_US) // frame_us) * frame_us
        earliest_us = min(max(free_us, start_us - LEAD_US), start_us)
        late_us = max(free_us - start_us, 0)  # the one before could not be gone in time
        room_us = min(limit_us - earliest_us - late_us, LONGEST_US)
        cost = 0.0
        if room_us < reading_us - 1_000:
            cost += _TOO_FAST_STEP + _TOO_FAST * (reading_us - room_us) / reading_us
        if room_us < SHORTEST_US:
            cost += _TOO_SHORT * (SHORTEST_US - room_us) / SHORTEST_US + _CUE
        begin_us = start_us + late_us
        missing_us = max(0, reading_us - max(0, min(said_us, limit_us) - begin_us))
        after_us = min(missing_us, max(0, limit_us - said_us))
        before_us = min(missing_us - after_us, start_us - earliest_us)
        yield cost + _LEAD * before_us / LEAD_US, min(said_us + after_us, limit_us)
        before_us = min(missing_us, start_us - earliest_us)
        if before_us and after_us:
            after_us = min(missing_us - before_us, max(0, limit_us - said_us))
            yield cost + _LEAD * before_us / LEAD_US, min(said_us + after_us, limit_us)

    def _is_sentence(self, n: int) -> bool:
        starts = n == 0 or ends_sentence(self._words[n - 1].text)
        return starts and ends_sentence(self._words[n].text)

    def layout(self, first: int, end: int) -> tuple[float, int]:
        """Return what the best lines cost, and how many words stand in the first of two; 0 means one line."""
        width = self._width(first, end)
        if width <= LONGEST_LINE:
            return 0.0, 0
        best, best_at = math.inf, 0
        if width > MOST_LINES * LONGEST_LINE + 1:
            return best, best_at
        for at in range(first + 1, end):
            upper, lower = self._width(first, at), self._width(at, end)
            if upper > LONGEST_LINE:
                break
            if lower > LONGEST_LINE:
                continue
            cost = _SECOND_LINE + _LINE_BREAK * self._breaks[at]
            cost += _BOUND_BREAK * (self._breaks[at] >= BOUND)
            cost += _IMBALANCE * abs(upper - lower) / LONGEST_LINE
            cost += _ORPHAN_LINE * ((at - first == 1) + (end - at == 1))
            if cost < best:
                best, best_at = cost, at - first
        return best, best_at
