"""Know where a sentence may be broken to read well: after punctuation, before "and", never after "the".

The rules follow what subtitlers agree on: https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/
and https://partnerhelp.netflixstudios.com/hc/en-us/articles/215758617. Word lists exist for some languages;
the others break at punctuation and pauses.
"""

from __future__ import annotations

import unicodedata
from typing import Final

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

#: Titles and the like, whose full stop ends nothing.
_ABBREVIATIONS: Final = frozenset(["mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "z.b", "bzw"])
#: Words that start a clause: a line may well begin with them.
_OPENERS: Final = {
    "de": """und oder aber sondern denn weil dass wenn als ob während obwohl damit sodass bevor nachdem
        also""",
    "en": """and or but so because that which who when where while if unless until although though since
        before after than then""",
    "es": "y e o u pero sino porque que cuando donde mientras si aunque como pues entonces",
    "fr": "et ou mais donc or ni car que qui quand où lorsque si parce comme alors puis",
}
_PREPOSITIONS: Final = {
    "de": """in an auf aus bei mit nach von zu für gegen ohne um durch über unter vor hinter neben zwischen
        seit bis""",
    "en": """in on at to of for from with by about into over under between through during without within
        against around behind across along towards like as""",
    "es": "a ante bajo con contra de desde en entre hacia hasta para por según sin sobre tras",
    "fr": "à de dans en pour par sur avec sans sous chez vers entre depuis pendant contre",
}
#: Words that belong to the next one: a line never ends with them.
_CLINGING: Final = {
    "de": """der die das den dem des ein eine einen einem einer eines kein keine mein dein sein ihr unser
        euer ich du er wir sehr zu nicht im am vom zum zur beim""",
    "en": """a an the my your his her its our their this these those some any no every each i you he she we
        they very too not don't doesn't isn't aren't can't won't is are was were be been have has had will
        would can could should may might must do does did there's it's i'm you're we're they're mr mrs ms
        dr""",
    "es": """el la los las lo un una unos unas mi tu su mis tus sus este esta ese esa yo muy no se me te le
        al del""",
    "fr": """le la les un une des mon ton son ma ta sa mes tes ses notre votre leur ce cet cette ces je tu
        il elle on nous vous ils elles très ne pas se me te au aux du""",
}


def _split(table: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in table.items()}


_OPENING: Final = _split(_OPENERS)
_BEFORE: Final = _split(_PREPOSITIONS)
#: What a line never ends with.
_BINDING: Final = _split(
    {tongue: f"{_CLINGING[tongue]} {_PREPOSITIONS[tongue]} {_OPENERS[tongue]}" for tongue in _OPENERS}
)
_NONE: Final[frozenset[str]] = frozenset()


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
    return bared.endswith(tuple(SENTENCE_ENDS)) and bare(bared) not in _ABBREVIATIONS


def break_penalty(before: str, after: str, *, pause_us: int, language: str) -> float:
    """Return how bad it is to break between two words: 0 welcome, 1 only if there is no other place."""
    if ends_sentence(before):
        return AFTER_SENTENCE
    if before.rstrip(_CLOSING).endswith(_CLAUSE_ENDS):
        return _AFTER_CLAUSE
    tongue = primary(language)
    last, first = bare(before), bare(after)
    if last in _BINDING.get(tongue, _NONE) or last[-1:].isdigit() or _is_name(before, after, tongue):
        penalty = BOUND
    elif first in _OPENING.get(tongue, _NONE):
        penalty = _BEFORE_OPENER
    elif first in _BEFORE.get(tongue, _NONE):
        penalty = _BEFORE_PREPOSITION
    else:
        penalty = _ANYWHERE if space_between(before, after) else _BETWEEN_CHARACTERS
    if pause_us < _PAUSE_US:
        return penalty
    # Who stops there has made the break already, even after "the".
    return _ANYWHERE if penalty == BOUND else min(penalty, _AT_PAUSE)


def _is_name(before: str, after: str, language: str) -> bool:
    """Two capitals in a row inside a sentence, except where every noun has one."""
    return language != "de" and before[:1].isupper() and after[:1].isupper() and before != "I"
