"""What a producer does to a caption: write it, split it, join it, move it, break its line, find and replace.

Each function takes the captions as they are and returns a new edit. A decision is kept for the words it was
made for, so it survives every later cut: who only splits, joins or breaks a line fixes which words belong
together, and what remains of them is read; who writes a text fixes the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from capture.errors import BadInputError
from editor import cutlist
from editor.captions import Caption
from editor.cue_layout import GAP_FRAMES, LONGEST_US, SpokenWord, break_into_lines, columns, joined, needed_us
from editor.cutlist import frame_us
from editor.model import CueOverride, CueShift, CutList, Edit, Transcript
from editor.phrasing import break_penalty

Captions = Sequence[Caption]


# One caption -------------------------------------------------------------------------------------------


def write(edit: Edit, caption: Caption, *, lines: Sequence[str]) -> Edit:
    """Return the edit in which a caption reads so; without any text it is not shown."""
    kept = tuple(text for line in lines if (text := " ".join(line.split())))
    said = "" if _is_wordless(caption) else joined(caption.words)
    return _instead(edit, [caption], [replace(_own(caption), lines=kept, as_said=False, said=said)])


def as_said(edit: Edit, caption: Caption) -> Edit:
    """Return the edit without what the producer decided about a caption: its words speak again."""
    return _instead(edit, [caption], [])


def break_line(edit: Edit, caption: Caption, *, at_column: int | None = None) -> Edit:
    """Return the edit in which a caption has two lines.

    Args:
        edit: What was decided so far.
        caption: The caption.
        at_column: How many characters of its text come before the break, at the nearest blank; None means
            where it reads best.

    Raises:
        BadInputError: It is a single word.
    """
    if _is_written(caption):
        text = " ".join(caption.cue.lines)
        upper, lower = _halves(text, len(text) // 2 if at_column is None else at_column)
        return write(edit, caption, lines=(upper, lower))
    at = _word_index(caption.words, at_column) if at_column is not None else _best_break(caption.words)
    if not 0 < at < len(caption.words):
        raise BadInputError("captions.one_word")
    own = replace(_own(caption), as_said=True, lines=(), line_break_us=caption.words[at].take_us)
    return _instead(edit, [caption], [own])


def split(edit: Edit, caption: Caption, *, at_column: int | None = None) -> Edit:
    """Return the edit in which a caption is two, divided between words.

    Args:
        edit: What was decided so far.
        caption: The caption.
        at_column: How many characters of its text come before the caret; None means where it reads best.

    Raises:
        BadInputError: It is a single word.
    """
    words = caption.words
    at = _word_index(words, at_column) if at_column is not None else _best_break(words)
    if not 0 < at < len(words):
        raise BadInputError("captions.one_word")
    halves = [_stretch(words[:at]), _stretch(words[at:])]
    if not _is_written(caption):
        return _instead(edit, [caption], halves)
    text = " ".join(caption.cue.lines)
    column = at_column if at_column is not None else len(text) // 2
    texts = _halves(text, column)
    own = [
        replace(half, as_said=False, lines=(text,), said=joined(part))
        for half, text, part in zip(halves, texts, (words[:at], words[at:]), strict=True)
    ]
    return _instead(edit, [caption], own)


def join_next(edit: Edit, captions: Captions, index: int) -> Edit:
    """Return the edit in which a caption and the next one are one.

    Raises:
        BadInputError: There is no next one, or it belongs to another answer.
    """
    if index + 1 >= len(captions):
        raise BadInputError("captions.last_one")
    first, second = captions[index], captions[index + 1]
    if first.words[0].take_id != second.words[0].take_id:
        raise BadInputError("captions.other_answer")
    words = (*first.words, *second.words)
    own = _stretch(words)
    if _is_written(first) or _is_written(second):
        text = " ".join((*first.cue.lines, *second.cue.lines))
        own = replace(own, as_said=False, lines=_lines_of(text), said=joined(words))
    return _instead(edit, [first, second], [own])


def set_times(edit: Edit, caption: Caption, *, start_us: int, end_us: int) -> Edit:
    """Return the edit in which a caption is shown from here to there; never over its neighbours.

    Its times stay as far from its first and last word as they are now, wherever those go.

    Args:
        edit: What was decided so far.
        caption: The caption.
        start_us: On the result's clock.
        end_us: Likewise.

    Raises:
        BadInputError: It would end before it starts.
    """
    if end_us <= start_us:
        raise BadInputError("captions.backwards")
    words = caption.words
    shift_us = caption.moved_us  # that of all captions comes on top
    own = replace(
        _own(caption),
        exact=True,
        shift_in_us=start_us - words[0].start_us - shift_us,
        shift_out_us=end_us - words[-1].end_us - shift_us,
    )
    return _instead(edit, [caption], [own])


def stay_longer(edit: Edit, captions: Captions, index: int, *, cut_list: CutList) -> Edit:
    """Return the edit in which a caption stays until it can be read, as far as nobody else needs the time.

    Raises:
        BadInputError: There is no free time beside it.
    """
    caption = captions[index]
    start_us, end_us = longer(captions, index, cut_list=cut_list)
    if (start_us, end_us) == (caption.cue.start_us, caption.cue.end_us):
        raise BadInputError("captions.no_time")
    return set_times(edit, caption, start_us=start_us, end_us=end_us)


def longer(captions: Captions, index: int, *, cut_list: CutList) -> tuple[int, int]:
    """Return the times of a caption if it takes of the free time around it what it needs to be read."""
    cue, rate = captions[index].cue, cut_list.rate
    gap_us = frame_us(GAP_FRAMES, rate)
    wanted_us = min(needed_us(columns(" ".join(cue.lines))), LONGEST_US)
    missing_us = wanted_us - (cue.end_us - cue.start_us)
    after_us = (
        captions[index + 1].cue.start_us - gap_us if index + 1 < len(captions) else cut_list.duration_us
    )
    before_us = captions[index - 1].cue.end_us + gap_us if index else 0
    end_us = cue.end_us + max(0, min(missing_us, after_us - cue.end_us))
    missing_us -= end_us - cue.end_us
    return cue.start_us - max(0, min(missing_us, cue.start_us - before_us)), end_us


# Many captions -----------------------------------------------------------------------------------------


def shift_times(edit: Edit, captions: Captions, *, by_us: int, from_index: int = 0) -> Edit:
    """Return the edit in which all captions from one on come later by so much, or earlier."""
    shifts = list(edit.cue_shifts)
    seen: set[str] = set()
    for caption in captions[from_index:]:
        word = caption.words[0]
        if word.take_id not in seen:
            seen.add(word.take_id)
            from_us = word.take_us if caption is captions[from_index] and from_index else 0
            same = next((s for s in shifts if (s.take_id, s.from_us) == (word.take_id, from_us)), None)
            if same is not None:
                shifts.remove(same)
            shifts.append(CueShift(word.take_id, from_us, by_us + (same.by_us if same else 0)))
    return replace(edit, cue_shifts=tuple(each for each in shifts if each.by_us))


def find(captions: Captions, text: str, *, match_case: bool = False) -> tuple[int, ...]:
    """Return which captions have a text in them, from 0."""
    pattern = _pattern(text, match_case=match_case)
    return tuple(n for n, each in enumerate(captions) if pattern and pattern.search(" ".join(each.cue.lines)))


def find_and_replace(
    edit: Edit,
    captions: Captions,
    transcripts: Mapping[str, Transcript],
    *,
    text: str,
    by: str,
    match_case: bool = False,
) -> tuple[Edit, int]:
    """Return the edit in which captions read ``by`` for ``text``, and how many places that were.

    Words are corrected, so that transcript and search say the same; a written caption gets the new text.

    Args:
        edit: What was decided so far.
        captions: As they are.
        transcripts: By take.
        text: Whole words or parts, also of several words.
        by: What shall stand there; may be empty.
        match_case: Whether capital and small letters differ.
    """
    pattern = _pattern(text, match_case=match_case)
    count = 0
    if pattern is None:
        return edit, 0
    for caption in captions:
        shown = " ".join(caption.cue.lines)
        found = list(pattern.finditer(shown))
        if not found:
            continue
        count += len(found)
        if _is_written(caption):
            each_line = [pattern.subn(lambda _: by, line) for line in caption.cue.lines]
            lines = tuple(line for line, _ in each_line)
            if sum(times for _, times in each_line) < len(found):  # it reaches over a line break
                lines = _lines_of(pattern.sub(lambda _: by, shown))
            edit = write(edit, caption, lines=lines)
            continue
        for match in reversed(found):
            edit = _corrected(edit, caption, transcripts, match, by=by)
    return edit, count


def _corrected(
    edit: Edit, caption: Caption, transcripts: Mapping[str, Transcript], match: re.Match[str], *, by: str
) -> Edit:
    """Return the edit in which the words under a match are corrected."""
    starts, ends = _columns_of(caption.words)
    under = [n for n in range(len(starts)) if starts[n] < match.end() and match.start() < ends[n]]
    if not under:
        return edit
    first, last = under[0], under[-1]
    # Parts of one long word share its time: all of it is corrected.
    while first and caption.words[first].glued:
        first -= 1
    while last + 1 < len(caption.words) and caption.words[last + 1].glued:
        last += 1
    text = joined(caption.words[first : last + 1])
    at = match.start() - starts[first]
    new = f"{text[:at]}{by}{text[at + match.end() - match.start() :]}"
    take_id = caption.words[0].take_id
    own = cutlist.take_edit(edit, take_id)
    heard = cutlist.corrected_words(transcripts[take_id].words, own)
    low_us, high_us = caption.words[first].take_us, caption.words[last].take_us
    words = [word for word in heard if low_us <= (word.start_us + word.end_us) // 2 <= high_us]
    if len(words) != len({word.take_us for word in caption.words[first : last + 1]}):
        # Something between them was struck: the caption is written, the words stay as they are.
        text = joined(caption.words)
        return write(edit, caption, lines=_lines_of(f"{text[: match.start()]}{by}{text[match.end() :]}"))
    return cutlist.correct(edit, take_id, words, text=new)


# Inside ------------------------------------------------------------------------------------------------


def _instead(edit: Edit, old: Captions, new: Sequence[CueOverride]) -> Edit:
    """Return the edit with these overrides for the words of some captions, and no others for them."""
    gone = [(each.words[0].take_id, *_ends(each)) for each in old]
    kept = tuple(
        own
        for own in edit.cue_overrides
        if not any(own.take_id == id and own.in_us < out and first < own.out_us for id, first, out in gone)
    )
    return replace(edit, cue_overrides=(*kept, *new))


def _ends(caption: Caption) -> tuple[int, int]:
    """Return the stretch of the take that a caption stands for, in the middles of its words."""
    if caption.override is not None:
        return caption.override.in_us, caption.override.out_us
    return caption.words[0].take_us, caption.words[-1].take_us + 1


def _own(caption: Caption) -> CueOverride:
    """Return what the producer decided about a caption, or that its words belong together as they do."""
    return caption.override or _stretch(caption.words)


def _stretch(words: Sequence[SpokenWord]) -> CueOverride:
    return CueOverride(words[0].take_id, words[0].take_us, words[-1].take_us + 1, (), as_said=True)


def _is_written(caption: Caption) -> bool:
    return caption.override is not None and not caption.override.as_said


def _is_wordless(caption: Caption) -> bool:
    """Whether it stands where no word was found: then nobody's words are behind its text."""
    return _is_written(caption) and caption.override is not None and not caption.override.said


def _pattern(text: str, *, match_case: bool) -> re.Pattern[str] | None:
    wanted = " ".join(text.split())
    return re.compile(re.escape(wanted), 0 if match_case else re.IGNORECASE) if wanted else None


def _columns_of(words: Sequence[SpokenWord]) -> tuple[list[int], list[int]]:
    """Return where each word starts and ends in the text of them all."""
    ends = [len(joined(words[: n + 1])) for n in range(len(words))]
    return [end - len(word.text) for end, word in zip(ends, words, strict=True)], ends


def _word_index(words: Sequence[SpokenWord], at_column: int) -> int:
    """Return before which word a caret stands, at the nearest beginning of one."""
    starts, _ = _columns_of(words)
    return min(range(len(words)), key=lambda n: abs(starts[n] - at_column))


def _best_break(words: Sequence[SpokenWord]) -> int:
    """Return before which word a caption reads best if it is two: where it may break, near its middle."""
    _, ends = _columns_of(words)

    def cost(n: int) -> float:
        before, after = words[n - 1], words[n]
        pause_us = after.start_us - before.end_us
        penalty = break_penalty(before.text, after.text, pause_us=pause_us, language=after.language)
        return penalty + abs(ends[n - 1] - ends[-1] / 2) / ends[-1]

    return min(range(1, len(words)), key=cost, default=0)


def _halves(text: str, column: int) -> tuple[str, str]:
    """Return a text in two at the blank nearest to a column; without any, in the middle of the word."""
    blanks = [found.start() for found in re.finditer(" ", text)]
    at = min(blanks, key=lambda blank: abs(blank - column), default=min(max(column, 1), len(text)))
    return text[:at].strip(), text[at:].strip()


def _lines_of(text: str) -> tuple[str, ...]:
    words = tuple(SpokenWord(word, n, n + 1) for n, word in enumerate(text.split()))
    return break_into_lines(words) if words else ()
