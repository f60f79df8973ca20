"""Take captions from a file over as the producer's own, so that they follow every later cut.

A file counts on the result's clock. Each of its captions is kept for the words said while it is shown; where
a take has no words yet they are made from the captions, so that they can be cut by words all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    inside = [cue for cue in cues if cue.start_us < cut_list.duration_us]
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
    owners = [_owner(word, inside) for word in words]
    overrides: list[CueOverride] = []
    for number, cue in enumerate(inside):
        own = [word for word, owner in zip(words, owners, strict=True) if owner == number]
        overrides += _overrides(cut_list, cue, own)
    return Imported(replace(plain, cue_overrides=(*plain.cue_overrides, *overrides)), new, len(inside))


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


def _owner(word: SpokenWord, cues: Sequence[Cue]) -> int | None:
    """Return which caption a word belongs to: the one shown at its middle, else the nearest if near."""
    middle_us = (word.start_us + word.end_us) // 2
    away = [max(cue.start_us - middle_us, middle_us - cue.end_us, 0) for cue in cues]
    best = min(range(len(cues)), key=away.__getitem__, default=None)
    return best if best is not None and away[best] <= _NEAR_US else None


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
