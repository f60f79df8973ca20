"""Find the sounds people make while they think, so that a producer can take them out in one go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from editor.model import Word

# Whisper was trained on tidied-up text and leaves hesitations out unless the text before has some. Measured
# for English only (docs/measurements.md); a prompt in another language would pull the words towards English.
_PROMPTS = {"en": "Um, uh, so, um, you know, er, um, I mean, uh, like, um, well, uh, um."}

# By language, because one's filler is another's word: "um" is "a" in Portuguese, "er" is "he" in German.
_SOUNDS = {
    "da": r"ø+h+m*|e+h+m*|hm+",
    "de": r"[äö]+h+m*|h+m+|ehm",
    "en": r"u+h*m+|u+h+|a+h+|e+r+m+|er|h+m+|m{2,}",
    "es": r"e+h+m*|e+m+|m{2,}",
    "fi": r"ö+m*|h+m+",
    "fr": r"e+u+h+|h+e+u+|h+m+",
    "it": r"e+h+m+|u+h*m+|m{2,}",
    "ja": r"え[ーえ]*っ?と|えー+|うー+ん?|あのー+",
    "ko": r"음+|어+",
    "nl": r"u+h+m*|e+h+m*|h+m+",
    "no": r"ø+h+m*|e+h+m*|h+m+",
    "pl": r"y{2,}|e{2,}|h+m+",
    "pt": r"h+u+m+|a+h+n+|hã+",
    "ru": r"э+м*|х+м+|м{2,}",
    "sv": r"ö+h+m*|e+h+m*|h+m+",
    "uk": r"е{2,}|е+м+|х+м+|м{2,}",
    "zh": r"[嗯呃]+",
}
#: Fillers only when they stand apart: "you know, it broke" but not "you know the price list".
_PHRASES = {"en": (("you", "know"), ("i", "mean"), ("like",))}

_ENDS = ",.;:!?…—–-，。！？、"
_SOFT_ENDS = ",;:…—–-，、"


def disfluency_prompt(language: str) -> str | None:
    """Return the text that makes the model write hesitations down, or None where none was measured."""
    return _PROMPTS.get(primary(language))


def primary(language: str) -> str:
    """Return the language of a BCP 47 tag without script and region: "en" of "en-GB"."""
    return language.replace("_", "-").partition("-")[0].lower()


def bare(text: str) -> str:
    """Return a word in small letters without the punctuation around it."""
    return re.sub(r"^[^\w]+|[^\w]+$", "", text.casefold().replace("’", "'"))


def mark_fillers(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """Return the words, hesitations ("um") and phrases that stand apart ("you know,") marked as fillers."""
    marks = are_fillers([word.text for word in words], language)
    return tuple(replace(word, filler=mark) for word, mark in zip(words, marks, strict=True))


def are_fillers(texts: Sequence[str], language: str) -> tuple[bool, ...]:
    """Return of each word whether it is a hesitation or part of a phrase that stands apart."""
    tongue = primary(language)
    found = {n for n, text in enumerate(texts) if _is_sound(text, tongue)}
    for phrase in _PHRASES.get(tongue, ()):
        size = len(phrase)
        for first in range(len(texts) - size + 1):
            said = tuple(bare(text) for text in texts[first : first + size])
            if said == phrase and _stands_apart(texts, first, first + size):
                found.update(range(first, first + size))
    return tuple(n in found for n in range(len(texts)))


def _is_sound(text: str, language: str) -> bool:
    pattern = _SOUNDS.get(language)
    return pattern is not None and re.fullmatch(pattern, bare(text)) is not None


def _stands_apart(texts: Sequence[str], first: int, end: int) -> bool:
    """Whether punctuation stands on both sides; for a single word it must be commas."""
    before = texts[first - 1][-1:] if first else "."
    inside = any(text[-1:] in _ENDS for text in texts[first : end - 1])
    after = texts[end - 1][-1:]
    if end - first == 1:
        return before in _SOFT_ENDS and after in _SOFT_ENDS
    # "What do you know." has nothing before it; "It is hard, you know." has.
    ends = _SOFT_ENDS if before not in _SOFT_ENDS else _ENDS
    return before in _ENDS and after in ends and not inside
