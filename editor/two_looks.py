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
    same: dict[Chosen, Chosen] = {}  # words of the first look, as the second has them
    for kind, i, i_end, j, j_end in SequenceMatcher(None, plain, hesitant, autojunk=False).get_opcodes():
        own = [(0, n) for n in range(i, i_end)]
        other = [(1, n) for n in range(j, j_end)]
        if kind == "equal":
            same.update(zip(own, other, strict=True))
            kept += own
        elif not any(marked[j:j_end]):
            kept += other if kind == "insert" and _is_said_again(hesitant, j, j_end) else own
        elif _is_short(marked[j:j_end], instead_of=i_end - i):
            kept += other
        else:
            kept += [each for each in other if marked[each[1]]] + own
    # Beside a hesitation the comma before it and the small letter after it are the second look's.
    around = [(None, *kept, None)[n : n + 3 : 2] for n in range(len(kept))]
    return tuple(
        same.get(each, each) if any(beside and beside[0] for beside in pair) else each
        for each, pair in zip(kept, around, strict=True)
    )


def _is_short(marked: Sequence[bool], *, instead_of: int) -> bool:
    """Whether words around a hesitation may be taken along with it, as a false start or as heard better."""
    spoken = len(marked) - sum(marked)
    return spoken <= _LONGEST_FALSE_START and (spoken > 0 or not instead_of)


def _is_said_again(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a few words repeat those before or after them, as somebody does who starts again."""
    size = end - start
    again = words[start:end]
    return size <= _LONGEST_FALSE_START and again in (
        words[end : end + size],
        words[max(0, start - size) : start],
    )
