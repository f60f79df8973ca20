"""Take out what nobody wants to hear (dead air, fillers, slips) without ever clipping a word.

Two witnesses say where a word is: the transcript, which may be some tenths of a second off, and the level
of the sound, which cannot tell a voice from a cough. A cut keeps away from both, lies where it is quietest,
and leaves a short pause, because speech without any sounds breathless.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from editor import cutlist
from editor.model import Cut, CutReason, Edit, Take, Word
from editor.speech import HOP_US, Levels, Stretch, voiced

LEAVE_US = 250_000
#: Of a pause that is shortened, this share stays after the word before; words die away slowly.
_AFTER_SHARE = 0.6
_SNAP_SHARE = 0.4  # how far a cut may move towards a quieter moment, against the pause beside it
_SHORTEST_CUT_US = 80_000
_STRAY_US = 400_000  # a sound this short before the first or after the last word is no word the model missed
_NEAR_WORD_US = 200_000
_PAUSE_US = 50_000
_LONGEST_PAUSE_LEFT_US = 400_000  # before a word that is taken out: a longer one is for remove_silences
_SLACK_US = 200_000  # a word is believed to reach this far beyond the sound of it
_REACH_US = 250_000  # how far a word's time may be off
_LEAD_US = 30_000
_DIP_DB = 12.0  # between two words run together it gets at least this much quieter than the louder of them


@dataclass(frozen=True, slots=True)
class WordCut:
    """How a run of words could be taken out.

    Args:
        first: Index of its first word in the transcript.
        last: Of its last.
        cut: The stretch of the take.
        clean: Whether both ends lie in a pause or a dip, so that no neighbour is clipped.
        confidence: The lowest of its words, 0 to 1.
    """

    first: int
    last: int
    cut: Cut
    clean: bool
    confidence: float


# Dead air ---------------------------------------------------------------------------------------------


def speech(take: Take, levels: Levels, words: Iterable[Word] = ()) -> tuple[Stretch, ...]:
    """Return where a take may not be cut: where it is loud, and wherever the transcript has a word."""
    loud = voiced(levels)
    spoken = [_where_heard(word, loud) for word in words]
    found: list[Stretch] = []
    for start_us, end_us in sorted([*loud, *spoken]):
        start_us, end_us = max(0, start_us), min(end_us, take.duration_us)
        if found and start_us <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end_us))
        elif end_us > start_us:
            found.append((start_us, end_us))
    return tuple(found)


def _where_heard(word: Word, loud: Sequence[Stretch]) -> Stretch:
    """Return the stretch of a word without the silence that models tend to count in; all of a faint one."""
    first = bisect_right(loud, word.start_us, key=lambda each: each[1])
    own = loud[first : bisect_left(loud, word.end_us, first, key=lambda each: each[0])]
    if not own:
        return word.start_us, word.end_us
    # Its middle always counts: by that, captions decide whether it is still there.
    start_us = min(own[0][0] - _SLACK_US, _middle(word))
    return max(word.start_us, start_us), min(word.end_us, max(own[-1][1] + _SLACK_US, _middle(word)))


def trim_ends(
    edit: Edit, take: Take, levels: Levels, words: Sequence[Word] = (), *, leave_us: int = LEAVE_US
) -> Edit:
    """Return the edit in which a take starts shortly before its speech and ends shortly after.

    A take in which nothing is said stays as it is.

    Args:
        edit: What was decided so far; an earlier trim of the take is replaced.
        take: The take.
        levels: Of the take.
        words: Its transcript, where there is one: short noises before and after its words go too.
        leave_us: What stays on either side.
    """
    said = speech(take, levels, words)
    if words:
        first_us, last_us = words[0].start_us - _NEAR_WORD_US, words[-1].end_us + _NEAR_WORD_US
        said = tuple((a, b) for a, b in said if b - a >= _STRAY_US or (b >= first_us and a <= last_us))
    if not said:
        return edit
    in_us, out_us = max(0, said[0][0] - leave_us), min(said[-1][1] + leave_us, take.duration_us)
    return cutlist.trim(edit, take, in_us=in_us, out_us=out_us)


def remove_silences(
    edit: Edit,
    take: Take,
    levels: Levels,
    words: Sequence[Word] = (),
    *,
    longer_than_us: int,
    leave_us: int = LEAVE_US,
) -> Edit:
    """Return the edit with each long silence of a take shortened; a take without speech stays as it is.

    Args:
        edit: What was decided so far; silences of the take that were removed before are looked at anew.
        take: The take.
        levels: Of the take.
        words: Its transcript, where there is one.
        longer_than_us: Shorter silences stay.
        leave_us: What stays of each.
    """
    cuts = silence_cuts(take, levels, words, longer_than_us=longer_than_us, leave_us=leave_us)
    return cutlist.with_cuts(edit, take.id, cuts, instead_of="silence")


def silence_cuts(
    take: Take,
    levels: Levels,
    words: Sequence[Word] = (),
    *,
    longer_than_us: int,
    leave_us: int = LEAVE_US,
) -> tuple[Cut, ...]:
    """Return how each long silence of a take could be shortened, for review one by one."""
    said = speech(take, levels, words)
    if not said:
        return ()
    after_us = round(leave_us * _AFTER_SHARE)
    cuts: list[Cut] = []
    ends = [None, *(end for _, end in said)]
    starts = [*(start for start, _ in said), None]
    for end_us, start_us in zip(ends, starts, strict=True):
        length_us = (take.duration_us if start_us is None else start_us) - (end_us or 0)
        if length_us <= longer_than_us:
            continue
        if end_us is None or start_us is None:  # before the first word, after the last
            in_us = 0 if end_us is None else end_us + leave_us
            out_us = take.duration_us if start_us is None else start_us - leave_us
        else:
            in_us = _quiet(levels, end_us + after_us, room_us=after_us)
            out_us = _quiet(levels, start_us - (leave_us - after_us), room_us=leave_us - after_us)
        if out_us - in_us >= _SHORTEST_CUT_US:
            cuts.append(Cut(in_us, out_us, "silence"))
    return tuple(cuts)


def _quiet(levels: Levels, at_us: int, *, room_us: int) -> int:
    """Return the quietest moment near ``at_us``, no nearer to speech than most of the room beside it."""
    reach_us = round(room_us * _SNAP_SHARE)
    return levels.quietest(at_us - reach_us, at_us + reach_us, near_us=at_us)


# Words ------------------------------------------------------------------------------------------------


def filler_cuts(take: Take, levels: Levels, words: Sequence[Word]) -> tuple[WordCut, ...]:
    """Return how each run of fillers could be taken out, for review one by one."""
    found: list[WordCut] = []
    first = 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and words[first].filler and words[last + 1].filler:
            last += 1
        if words[first].filler:
            found.append(_word_cut(take, levels, words, first=first, last=last, reason="filler"))
        first = last + 1
    return tuple(found)


def remove_fillers(edit: Edit, take: Take, levels: Levels, words: Sequence[Word]) -> Edit:
    """Return the edit without the fillers of a take; one run together with its neighbours stays.

    Args:
        edit: What was decided so far; fillers of the take that were removed before are looked at anew.
        take: The take.
        levels: Of the take.
        words: Its transcript.
    """
    cuts = [each.cut for each in filler_cuts(take, levels, words) if each.clean]
    return cutlist.with_cuts(edit, take.id, cuts, instead_of="filler")


def strike(edit: Edit, take: Take, levels: Levels, words: Sequence[Word], *, first: int, last: int) -> Edit:
    """Return the edit without the words ``first`` to ``last`` of a take and one of the pauses around them."""
    found = _word_cut(take, levels, words, first=first, last=last, reason="word")
    return cutlist.with_cuts(edit, take.id, [found.cut])


def _word_cut(
    take: Take, levels: Levels, words: Sequence[Word], *, first: int, last: int, reason: CutReason
) -> WordCut:
    """Return the cut that takes out a run of words, from the pause before to the pause after.

    Where there is a pause it is left as long as a shortened silence at most; where words run together the
    cut lies in the dip between them.
    """
    before = words[first - 1] if first else None
    after = words[last + 1] if last + 1 < len(words) else None
    start_us, end_us = words[first].start_us, words[last].end_us
    # What is selected goes: a cut reaches over the middle of the first and of the last word.
    from_us, to_us = _middle(words[first]), _middle(words[last]) + 1
    low_us = max(_middle(before) if before else 0, start_us - _REACH_US)
    high_us = min(_middle(after) if after else take.duration_us, end_us + _REACH_US)
    after_us = round(LEAVE_US * _AFTER_SHARE)
    pause = _pause(levels, low_us, from_us, near_us=start_us)
    if pause is None:
        in_us = levels.quietest(low_us, min(start_us + _REACH_US // 3, from_us), near_us=start_us)
    elif before is None:
        in_us = max(pause[0], pause[1] - _LEAD_US)
    else:
        length_us = pause[1] - pause[0]
        left_us = min(max(length_us // 2, after_us), _LONGEST_PAUSE_LEFT_US)
        in_us = max(pause[0] + left_us, before.end_us)
        in_us = min(in_us, pause[1] - min(_LEAD_US, length_us // 2))
    pause_after = _pause(levels, to_us, high_us, near_us=end_us)
    if pause_after is None:
        out_us = levels.quietest(max(end_us - _REACH_US // 3, to_us), high_us, near_us=end_us)
    elif after is None:
        out_us = min(pause_after[1], pause_after[0] + _LEAD_US)
    else:
        room_us = min(LEAVE_US - after_us, (pause_after[1] - pause_after[0]) // 2)
        out_us = max(min(pause_after[1] - room_us, after.start_us), pause_after[0])
    in_us, out_us = min(in_us, from_us), max(out_us, to_us)
    clean = (pause is not None or _is_dip(levels, in_us)) and (
        pause_after is not None or _is_dip(levels, out_us)
    )
    confidence = min(word.confidence for word in words[first : last + 1])
    return WordCut(first, last, Cut(in_us, out_us, reason), clean, confidence)


def _middle(word: Word) -> int:
    return (word.start_us + word.end_us) // 2


def _pause(levels: Levels, low_us: int, high_us: int, *, near_us: int) -> Stretch | None:
    """Return the pause nearest to a moment, whole, among those that reach into a stretch of a take."""
    import numpy as np

    starts, ends = levels.pauses
    near = (np.minimum(ends, high_us) - np.maximum(starts, low_us) >= _PAUSE_US).nonzero()[0]
    if not near.size:
        return None
    away_us = np.maximum(np.maximum(starts[near] - near_us, near_us - ends[near]), 0)
    best = near[int(away_us.argmin())]
    return int(starts[best]), int(ends[best])


def _is_dip(levels: Levels, at_us: int) -> bool:
    """Whether it is clearly quieter at a moment than on either side of it."""
    reach_us = 150_000
    around = [
        float(levels.db[max(0, a // HOP_US) : max(0, b // HOP_US) + 1].max(initial=-100.0))
        for a, b in ((at_us - reach_us, at_us), (at_us, at_us + reach_us))
    ]
    return levels.at(at_us) < max(min(around) - _DIP_DB, levels.enter_db)
