"""Join what a model writes in two manners: tidied up, and with every "um" and false start.

Whisper was trained on tidied-up text. Asked as it is, it hears the words best but leaves hesitations out;
asked in the manner of somebody who hesitates, it writes them down but now and then bends a word. So the
words come from the first look and only the hesitations from the second (figures: docs/measurements.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from editor import fillers

_LONGEST_FALSE_START = 4  # words; what is said again is short, a longer repetition is the model's own loop

Chosen = tuple[int, int]


def joined(first: Sequence[str], second: Sequence[str], *, language: str) -> tuple[Chosen, ...]:
    """Return which words stand in the joined text, in order, as ``(look, index)``; ``look`` is 0 or 1.

    Args:
        first: Words heard plainly, as the model writes them.
        second: Words heard in the manner of somebody who hesitates.
        language: BCP 47.
    """
    plain, hesitant = ([fillers.bare(word) for word in look] for look in (first, second))
    marked = fillers.are_fillers(second, language)
    kept: list[Chosen] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, plain, hesitant, autojunk=False).get_opcodes():
        own = [(0, n) for n in range(i, i_end)]
        other = [(1, n) for n in range(j, j_end)]
        spoken = sum(not marked[n] for _, n in other)
        if kind == "insert" and not any(marked[j:j_end]):
            kept += other if _is_said_again(hesitant, j, j_end) else []
        elif not any(marked[j:j_end]):
            kept += own
        elif spoken <= _LONGEST_FALSE_START and (kind == "insert" or spoken):
            kept += other
        else:
            kept += [each for each in other if marked[each[1]]] + own
    return tuple(kept)


def _is_said_again(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a few words repeat those before or after them, as somebody does who starts again."""
    size = end - start
    again = words[start:end]
    return size <= _LONGEST_FALSE_START and again in (
        words[end : end + size],
        words[max(0, start - size) : start],
    )
