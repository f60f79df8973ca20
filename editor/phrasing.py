"""Know where a sentence may be broken to read well: after punctuation, before "and", never after "the".

The rules follow what subtitlers agree on: https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/
and https://partnerhelp.netflixstudios.com/hc/en-us/articles/215758617. Word lists exist for some languages;
the others break at punctuation and pauses.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Final

import assets
from editor.fillers import bare, primary

SENTENCE_ENDS: Final = ".?!…。？！।؟"
_CLAUSE_ENDS: Final = tuple(",;:–—，、；：،؛")
_UNSPACED: Final = (
    *("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH"),
    *("THAI", "LAO", "KHMER", "MYANMAR"),
)
_CLOSING: Final = "\"'”’»)]」』）】"

# How bad a break is, 0 to 1.
AFTER_SENTENCE: Final = 0.0
_AFTER_CLAUSE: Final = 0.15
_AT_PAUSE: Final = 0.2
_BEFORE_OPENER: Final = 0.35
_BEFORE_PREPOSITION: Final = 0.45
_BETWEEN_CHARACTERS: Final = 0.6
_ANYWHERE: Final = 0.75
BOUND: Final = 1.0
_PAUSE_US: Final = 400_000


@dataclass(frozen=True, slots=True)
class _Words:
    """What matters of one language, see ``assets/captions/phrasing.toml``."""

    openers: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    clinging: frozenset[str] = frozenset()
    nouns_have_capitals: bool = False


@functools.cache
def _languages() -> dict[str, _Words]:
    with assets.PHRASING.open("rb") as file:
        table = tomllib.load(file)
    return {
        tongue: _Words(
            frozenset(words["openers"].split()),
            frozenset(words["prepositions"].split()),
            frozenset(words["clinging"].split()),
            bool(words.get("nouns_have_capitals", False)),
        )
        for tongue, words in table.items()
    }


@functools.cache
def _titles() -> frozenset[str]:
    """Return abbreviations of any language whose full stop ends nothing."""
    with assets.PHRASING.open("rb") as file:
        return frozenset(word for words in tomllib.load(file).values() for word in words["titles"].split())


_NO_WORDS: Final = _Words()


def is_unspaced(character: str) -> bool:
    """Return whether the character's script is written without spaces between words."""
    if (
        character < "\N{THAI CHARACTER KO KAI}"
    ):  # Latin, Greek, Cyrillic, Arabic, most of India: all with spaces
        return False
    return unicodedata.name(character, "").startswith(_UNSPACED)


def space_between(before: str, after: str) -> str:
    """Return what stands between two words: a space, or nothing where the script has none."""
    return "" if before and after and is_unspaced(before[-1]) and is_unspaced(after[0]) else " "


def ends_sentence(text: str) -> bool:
    """Return whether a sentence ends with this word."""
    bared = text.rstrip(_CLOSING)
    return bared.endswith(tuple(SENTENCE_ENDS)) and bare(bared) not in _titles()


def break_penalty(before: str, after: str, *, pause_us: int, language: str) -> float:
    """Return how bad it is to break between two words: 0 welcome, 1 only if there is no other place."""
    if ends_sentence(before):
        return AFTER_SENTENCE
    if before.rstrip(_CLOSING).endswith(_CLAUSE_ENDS):
        return _AFTER_CLAUSE
    words = _languages().get(primary(language), _NO_WORDS)
    last, first = bare(before), bare(after)
    binds = last in words.clinging or last in words.prepositions or last in words.openers
    if binds or last[-1:].isdigit() or _is_name(before, after, words):
        penalty = BOUND
    elif first in words.openers:
        penalty = _BEFORE_OPENER
    elif first in words.prepositions:
        penalty = _BEFORE_PREPOSITION
    else:
        penalty = _ANYWHERE if space_between(before, after) else _BETWEEN_CHARACTERS
    if pause_us < _PAUSE_US:
        return penalty
    # Who stops there has made the break already, even after "the".
    return _ANYWHERE if penalty == BOUND else min(penalty, _AT_PAUSE)


def _is_name(before: str, after: str, words: _Words) -> bool:
    """Two capitals in a row inside a sentence, except where every noun has one."""
    return not words.nouns_have_capitals and before[:1].isupper() and after[:1].isupper() and before != "I"
