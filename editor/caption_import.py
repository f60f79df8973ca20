"""Take captions from a file over as the producer's own, so that they follow every later cut.

A file counts on the result's clock. Each of its captions is kept for the words said while it is shown; where
a take has no words yet they are made from the captions, so that they can be cut by words all the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from editor import cutlist
from editor.cue_layout import SpokenWord, joined
from editor.model import Cue, CueOverride, CutList, Edit, Transcript, Word
from editor.spoken import spoken_words

#: What writes the words of a take that had none.
MODEL = "captions file"
#: A word this near to a caption belongs to it: files are seldom exact.
_NEAR_US = 700_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file comes to: the edit, words for takes that had none, and how many captions found a place."""

    edit: Edit
    transcripts: tuple[Transcript, ...]
    placed: int


def take_over(
    edit: Edit,
    cut_list: CutList,
    transcripts: Sequence[Transcript],
    cues: Sequence[Cue],
    *,
    language: str = "",
) -> Imported:
    """Return the edit with the captions of a file instead of all others.

    Args:
        edit: What was decided so far.
        cut_list: The result that the file was written for.
        transcripts: Of the takes in it, as many as there are.
        cues: Of the file, in order.
        language: Of the file, for takes without words.
    """
    inside = _apart([cue for cue in cues if cue.start_us < cut_list.duration_us])
    known = {each.take_id for each in transcripts}
    made = _words_of(cut_list, [cue for cue in inside if _take_of(cut_list, cue) not in known])
    new = tuple(Transcript(take_id, language, MODEL, words) for take_id, words in made.items() if words)
    used = {each.span.take_id for each in cut_list.placed}
    plain = replace(
        edit,
        cue_overrides=tuple(own for own in edit.cue_overrides if own.take_id not in used),
        cue_shifts=tuple(shift for shift in edit.cue_shifts if shift.take_id not in used),
    )
    words = spoken_words(cut_list, (*transcripts, *new), plain)
    said: dict[int, list[SpokenWord]] = {}
    for word, owner in zip(words, _owners(words, inside), strict=True):
        said.setdefault(owner, []).append(word)
    overrides: list[CueOverride] = []
    for number, cue in enumerate(inside):
        overrides += _overrides(cut_list, cue, said.get(number, []))
    return Imported(replace(plain, cue_overrides=(*plain.cue_overrides, *overrides)), new, len(inside))


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """Return captions of which none is shown beside another: each ends where the next one begins.

    Those that begin together are one.
    """
    found: list[Cue] = []
    for cue in cues:
        if found and cue.start_us == found[-1].start_us:
            before = found.pop()
            cue = Cue(cue.start_us, max(before.end_us, cue.end_us), (*before.lines, *cue.lines))
        elif found and cue.start_us < found[-1].end_us:
            found[-1] = replace(found[-1], end_us=cue.start_us)
        found.append(cue)
    return found


def _overrides(cut_list: CutList, cue: Cue, words: Sequence[SpokenWord]) -> list[CueOverride]:
    """Return a caption of the file for its words; over two answers it stands in the first."""
    if not words:
        take_id, at_us = cutlist.to_take(cut_list, cue.start_us)
        end_us = at_us + min(cue.end_us, cut_list.duration_us) - cue.start_us
        return [CueOverride(take_id, at_us, end_us, cue.lines)]
    made: list[CueOverride] = []
    for take_id, group in groupby(words, key=lambda word: word.take_id):
        own = list(group)
        lines = () if made else cue.lines
        first, last = own[0], own[-1]
        made.append(
            CueOverride(
                take_id,
                first.take_us,
                last.take_us + 1,
                lines,
                shift_in_us=cue.start_us - first.start_us,
                shift_out_us=cue.end_us - last.end_us,
                exact=True,
                said=joined(own),
            )
        )
    return made


def _owners(words: Sequence[SpokenWord], cues: Sequence[Cue]) -> Iterator[int]:
    """Yield which caption each word belongs to: that shown at its middle, else the nearest, else -1."""
    starts = [cue.start_us for cue in cues]
    for word in words:
        middle_us = (word.start_us + word.end_us) // 2
        after = bisect_right(starts, middle_us)
        near = [
            (max(cues[n].start_us - middle_us, middle_us - cues[n].end_us, 0), n)
            for n in range(max(after - 1, 0), min(after + 1, len(cues)))
        ]
        away_us, nearest = min(near, default=(_NEAR_US + 1, -1))
        yield nearest if away_us <= _NEAR_US else -1


def _take_of(cut_list: CutList, cue: Cue) -> str:
    return cutlist.to_take(cut_list, cue.start_us)[0]


def _words_of(cut_list: CutList, cues: Sequence[Cue]) -> dict[str, tuple[Word, ...]]:
    """Return words made from captions, each as long as its share of the text, by take."""
    found: dict[str, list[Word]] = {}
    for cue in cues:
        texts = " ".join(cue.lines).split()
        letters = sum(map(len, texts)) or 1
        done, length_us = 0, min(cue.end_us, cut_list.duration_us) - cue.start_us
        take_id, in_us = cutlist.to_take(cut_list, cue.start_us)
        for text in texts:
            start_us = cue.start_us + length_us * done // letters
            done += len(text)
            end_us = cue.start_us + length_us * done // letters
            take, at_us = cutlist.to_take(cut_list, start_us)
            if take == take_id:  # a caption that reaches into the next answer ends with this one
                found.setdefault(take, []).append(Word(at_us, at_us + end_us - start_us, text, 1.0))
            else:
                found[take_id].append(Word(in_us + length_us, in_us + length_us + 1, text, 1.0))
    return {take_id: tuple(sorted(words, key=lambda word: word.start_us)) for take_id, words in found.items()}
