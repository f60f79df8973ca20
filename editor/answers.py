"""Take out of an answer what its question asked for: the role, the level, what to know first, when to use it.

Patterns of spoken English, not of any one interview; whatever they find is only ever a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from editor.model import KINDS, Level

MOST_TITLE = 70  # DESIGN.md 2.7
MOST_SUMMARY = 240
MOST_CHAPTER = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and which sentence of the answer it came from."""

    value: str
    sentence: int


def spoken(pattern: str) -> re.Pattern[str]:
    """Return a pattern for speech in any case; it may be laid out, as only an escaped blank is one."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


# Spoken sentences, tidied ----------------------------------------------------------------------------

_STARTERS = spoken(
    r"^(?:(?:so|well|okay|ok|right|now|and|but|basically|actually|yeah|yes|oh|then|also)\b[,\s]+)+"
)
# "not, not", "I don't, I don't", "is, is": said again, meant once.
_AGAIN = spoken(r"\b(\w[\w']*(?:\s\w[\w']*){0,2})(?:,|\s?[—–-])?\s+\1\b")


def tidied(sentence: str) -> str:
    """Return a sentence without a start nobody needs and without what was said twice."""
    text = _AGAIN.sub(r"\1", _STARTERS.sub("", sentence.strip()))
    return capital(re.sub(r"\s*,(?:\s*,)+", ",", text).strip(" ,"))


def capital(text: str) -> str:
    """Return the text with a capital in front."""
    return text[:1].upper() + text[1:]


# Title and summary -----------------------------------------------------------------------------------

_LEAD_IN = spoken(
    r"""^(?:
    what\s(?:i|we)\s(?:actually\s|really\s)?do(?:\shere)?\sis(?:\sto\b|\s(?:i|we)\b)?
    | (?:my|our|the)\s(?:expertise|job|speciality|specialty|skill|thing|role)\s(?:here\s)?is(?:\sto)?
    | (?:it|this|that|the\sexpertise)(?:'s|\sis|\swas)\s(?:all\s|really\s|basically\s|mostly\s)?about
    | (?:it|this|that|the\sexpertise)(?:'s|\sis)\s(?:really\s|basically\s)?
    | (?:i'm|i\sam|we're)\sgoing\sto\s(?:talk\sabout|show\s(?:you\s)?|explain|tell\syou\s(?:about)?)
    | i(?:'d\slike|\swant)\sto\s(?:talk\sabout|show\s(?:you\s)?|explain)
    | (?:i|we)\s(?:can\s)?(?:teach|show)\s(?:people|you|others|colleagues)\s
    | (?:i|we)\s(?:mostly\s|mainly\s|basically\s|just\s|usually\s)?(?=[a-z]+(?<!\bam)(?<!\bwas)(?<!\bhave)\s)
    )\s*"""
)
# A clause that starts so points at what was said before, or only leads on to what matters.
_ABOUT_NOTHING = spoken(
    r"""(?:i|we|you|he|she|it|they|this|that|these|those|there|for|if|not|no|nothing|yes|to\sbe|let|what)
    (?:'\w+)?\b"""
)
_TITLE_END = spoken(r"[.;:?!—]|,|\s(?:which|because|so\sthat|usually|normally|every\sday)\b")


def find_title(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield what the expertise is in a few words: "Turn a web enquiry into a booked call"."""
    for n, sentence in enumerate(sentences[:2]):
        text = tidied(sentence)
        said = _LEAD_IN.sub("", text)
        value = _TITLE_END.split(said, maxsplit=1)[0].strip()
        if said != text and len(value.split()) >= 2 and len(value) <= MOST_TITLE:
            yield Found(capital(value), n)
            return


def find_chapter(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield what an answer says in a few words: "An enquiry goes cold fast"."""
    for found in find_title(sentences):
        yield found
        return
    for n, sentence in enumerate(sentences):
        said = re.sub(r"^because\s", "", tidied(sentence), flags=re.IGNORECASE)
        value = _TITLE_END.split(said, maxsplit=1)[0].strip()
        long_enough = len(value.split()) >= 3 and len(value) <= MOST_CHAPTER
        if long_enough and not _ABOUT_NOTHING.match(value):
            yield Found(capital(value), n)
            return


def find_summary(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield the first sentence of an answer that says something, ready to stand by itself."""
    for n, sentence in enumerate(sentences):
        said = re.sub(r"^because\s", "", _LEAD_IN.sub("", tidied(sentence)), flags=re.IGNORECASE)
        if len(said.split()) >= 4 and len(said) <= MOST_SUMMARY:
            yield Found(capital(said), n)
            return


# Levels and kinds ------------------------------------------------------------------------------------

_LEVEL_WORDS = {
    "beginner": spoken(r"\b(?:beginners?|novices?|newcomers?|new\sstarters?|entry.level|(?:the\s)?basics)\b"),
    "intermediate": spoken(r"\b(?:intermediates?|mid.level|some\sexperience)\b"),
    "advanced": spoken(r"\b(?:advanced|experts?|experienced|masters?)\b"),
}
_NOT = r"\b(?:not|no|isn't|aren't|never|rather\sthan|instead\sof|less|hardly|without)\b[^,.;]{0,25}$"
_A_LITTLE = r"\b(?:a\s(?:little|bit)|some|small|tiny|slightly|touch)\b[^,.;]{0,15}$"
_MIX = spoken(r"\b(?:mix(?:ture)?|both|all\sthree|combination|bit\sof\s(?:both|each))\b")
_KIND_WORDS = {
    "skill": spoken(r"\bskills?\b"),
    "theory": spoken(r"\b(?:theory|theories|theoretical)\b"),
    "strategy": spoken(r"\b(?:strategy|strategies|strategic)\b"),
}


def find_level(sentences: Sequence[str], *, wanted: Level | None) -> Iterator[Found]:
    """Yield one level: the one the brief wants if it is spoken of, else the first that is."""
    spoken = [
        Found(level, n)
        for n, sentence in enumerate(sentences)
        for at, level in sorted(_spoken_of(sentence, _LEVEL_WORDS))
        if not re.search(_NOT, sentence[:at], re.IGNORECASE)
    ]
    yield from [found for found in spoken if found.value == wanted][:1] or spoken[:1]


def find_kinds(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield the kinds the answer says it is; "a little theory" counts only beside nothing stronger."""
    strong: dict[str, int] = {}
    weak: dict[str, int] = {}
    for n, sentence in enumerate(sentences):
        for at, kind in sorted(_spoken_of(sentence, _KIND_WORDS)):
            before = sentence[:at]
            if re.search(_NOT, before, re.IGNORECASE):
                continue
            little = re.search(_A_LITTLE, before, re.IGNORECASE) and not _MIX.search(sentence)
            (weak if little else strong).setdefault(kind, n)
        if not strong and re.search(r"\ball\sthree\b", sentence, re.IGNORECASE):
            strong = dict.fromkeys(KINDS, n)
    for kind, n in (strong or weak).items():
        yield Found(kind, n)


def _spoken_of(sentence: str, words: Mapping[str, re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    for name, pattern in words.items():
        for match in pattern.finditer(sentence):
            yield match.start(), name
