"""The words that remain after the edit, on the result's clock, ready to be read."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from editor import cutlist
from editor.cue_layout import LONGEST_LINE, SpokenWord, columns
from editor.model import CutList, Edit, Placed, Transcript, Word
from editor.phrasing import ends_sentence

_SOFT = ",;:–—-"
_MARKS = {"Mn", "Mc", "Me", "Cf", "Sk"}  # accents, joiners, skin tones: each belongs to what stands before
_JOINER = "\N{ZERO WIDTH JOINER}"


def spoken_words(cut_list: CutList, transcripts: Sequence[Transcript], edit: Edit) -> tuple[SpokenWord, ...]:
    """Return the words of the result in order, corrected, without struck ones.

    Punctuation is mended around what was struck, and what is too long for a line comes in parts.
    """
    heard = {transcript.take_id: transcript for transcript in transcripts}
    readable = {
        take_id: _mended(
            sorted(cutlist.corrected_words(transcript.words, cutlist.take_edit(edit, take_id)), key=_middle),
            [placed for placed in cut_list.placed if placed.span.take_id == take_id],
            cut_list,
        )
        for take_id, transcript in heard.items()
    }
    return tuple(_spoken(cut_list, readable, {take_id: each.language for take_id, each in heard.items()}))


def _spoken(
    cut_list: CutList, words: Mapping[str, Sequence[Word]], languages: Mapping[str, str]
) -> Iterator[SpokenWord]:
    at_us = 0
    middles = {take_id: [_middle(word) for word in own] for take_id, own in words.items()}
    for placed in cut_list.placed:
        in_us, out_us = _limits(placed, cut_list)
        shift_us = cutlist.frame_us(placed.result_frame, cut_list.rate) - in_us
        own = middles.get(placed.span.take_id, [])
        for n in range(bisect_left(own, in_us), bisect_left(own, out_us)):
            word, middle_us = words[placed.span.take_id][n], own[n]
            start_us = max(max(word.start_us, in_us) + shift_us, at_us)
            at_us = max(min(word.end_us, out_us) + shift_us, start_us + 1)
            yield from _parts(
                SpokenWord(
                    text=word.text,
                    start_us=start_us,
                    end_us=at_us,
                    language=languages[placed.span.take_id],
                    take_id=placed.span.take_id,
                    take_us=middle_us,
                    prompt_id=placed.span.prompt_id,
                )
            )


def _limits(placed: Placed, cut_list: CutList) -> tuple[int, int]:
    """Return the stretch of its take that a span plays, exact to the frame."""
    first, rate = placed.take_frame, cut_list.rate
    return cutlist.frame_us(first, rate), cutlist.frame_us(first + placed.frames, rate)


def _middle(word: Word) -> int:
    return (word.start_us + word.end_us) // 2


def _mended(words: Sequence[Word], spans: Sequence[Placed], cut_list: CutList) -> tuple[Word, ...]:
    """Return the words that some span plays; sentences that lost their first or last word are mended."""
    limits = sorted(_limits(placed, cut_list) for placed in spans)
    starts = [in_us for in_us, _ in limits]
    left: list[Word] = []
    new_sentence = True  # whether the next word starts one
    headless = False  # whether that one's first word is gone
    for word in words:
        text = " ".join(word.text.split())
        at = bisect_right(starts, _middle(word)) - 1
        if text and at >= 0 and _middle(word) < limits[at][1]:
            left.append(replace(word, text=_capital(text) if headless else text))
            headless, new_sentence = False, ends_sentence(text)
            continue
        headless = headless or new_sentence
        new_sentence = ends_sentence(text)
        if new_sentence:
            if not headless and left:
                left[-1] = replace(left[-1], text=left[-1].text.rstrip(_SOFT) + text.rstrip("\"'”’»)]")[-1])
            headless = False
    return tuple(left)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _parts(word: SpokenWord) -> Iterator[SpokenWord]:
    """Yield the word in parts that fit a line, its time shared out by length."""
    texts: list[tuple[str, bool]] = []
    for whole in word.text.split():
        texts += [(part, n > 0) for n, part in enumerate(_fitting(whole))]
    length_us = word.end_us - word.start_us
    total = sum(len(text) for text, _ in texts)
    done = 0
    for text, glued in texts:
        start_us = word.start_us + length_us * done // total
        done += len(text)
        end_us = word.start_us + length_us * done // total
        yield replace(word, text=text, start_us=start_us, end_us=end_us, glued=glued)


def _fitting(text: str) -> Iterator[str]:
    """Yield pieces of a text without spaces, none wider than a line, split after a hyphen or slash if any."""
    while columns(text) > LONGEST_LINE:
        fits = next(n for n in range(len(text), 0, -1) if columns(text[:n]) <= LONGEST_LINE)
        good = max(text.rfind(mark, LONGEST_LINE // 2, fits) for mark in "-/_.") + 1
        at = good or _whole_characters(text, fits)
        yield text[:at]
        text = text[at:]
    yield text


def _whole_characters(text: str, at: int) -> int:
    """Return the last place up to ``at`` that does not tear a character from its marks."""
    place = at
    while place > 1 and (unicodedata.category(text[place]) in _MARKS or text[place - 1] == _JOINER):
        place -= 1
    return place if place > 1 else at
