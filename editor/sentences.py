"""Cut the words of a take into sentences, so that a search finds what was said and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from editor.model import Sentence, Word

_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")
_CLOSING = "\"'”’»)]"
_PAUSE_US = 1_500_000  # nobody pauses so long inside a sentence that is worth showing as one
_MOST_WORDS = 40  # a model without punctuation must not make one sentence of a whole answer


def sentences(take_id: str, words: Sequence[Word]) -> tuple[Sentence, ...]:
    """Return the sentences of a take in order of time; every word is in exactly one of them."""
    return tuple(
        Sentence(
            take_id=take_id,
            start_us=group[0].start_us,
            end_us=group[-1].end_us,
            text=" ".join(" ".join(word.text for word in group).split()),
        )
        for group in _groups(words)
    )


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for index, word in enumerate(words):
        group.append(word)
        following = words[index + 1] if index + 1 < len(words) else None
        if following is None or len(group) >= _MOST_WORDS or _ends(word, following):
            yield group
            group = []


def _ends(word: Word, following: Word) -> bool:
    if following.start_us - word.end_us > _PAUSE_US:
        return True
    # "e.g. this" goes on: after a true end the next word does not start with a small letter.
    return word.text.rstrip().rstrip(_CLOSING).endswith(_ENDS) and not following.text.lstrip()[:1].islower()
