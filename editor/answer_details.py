"""Take roles, prerequisites and moments out of answers: "for branch advisers" gives "Branch adviser"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from editor.answers import Found, capital, spoken, tidied

_MOST_LINE = 120
_MOST_ROLE_WORDS = 5
_MOST_BARE_WORDS = 10
_MOST_MOMENTS = 3

# Roles -------------------------------------------------------------------------------------------------

_PEOPLE = r"(?:any(?:one|body)|every(?:one|body)|some(?:one|body)|people|those|colleagues|staff|the\sperson)"
_MODAL = r"(?:should|needs?\sto|must|will|would|can|could|may|might|ought\sto)"
_GENERIC = spoken(rf"\b{_PEOPLE}\s((?:who|that)\s[^,.;?!]+|(?:in|on|at|from|with|working)\s[^,.;?!]+)")
_ROLE_PLACES = (
    spoken(
        r"""\b(?:is|are|'s|meant|aimed|useful|intended|made|good|great|helpful|relevant|suitable|works?|mostly
        |mainly|especially|also|really|it|and)\s(?:(?:really|mostly|mainly|also|just|especially|well|only)\s)*
        (?:for|at)\s(.+)"""
    ),
    spoken(rf"^(.+?)\s{_MODAL}\s"),
    spoken(r"\bif\syou(?:'re|\sare)\s(?:working\sas\s)?(?=an?\s|the\s)(.+)"),
    spoken(
        r"\b(?:any|every|each|all)\s(?:of\s)?(?:our\s|the\s)?(.+?)\s(?:who|that|should|needs?|will|can)\b"
    ),
    spoken(r"\bas\san?\s([\w\s-]+?)(?:,\syou|\syou|,|\.|$)"),
)
_ROLE_END = spoken(
    r"""\s(?:who|whose|that|which|because|when|where|while|if|so|but|since|to|than|like|even|though|although
    |rather|not|have|has|get|gets|too|as\swell\sas)\b | \s(?:in|on|at|with|from|across|within)\s | [.;:?!—]"""
)
_ROLE_SPLIT = spoken(r",\s*(?:and\s|or\s)?|\s(?:and|or|plus)\s(?:also\s)?|/")
_DETERMINERS = spoken(
    r"""^(?:(?:the|an?|all|any|every|each|our|your|their|some|most|both|either|also|mainly|mostly|especially
    |primarily|really|just|only|even|maybe|probably|particularly|of|for|as)\s)+"""
)
_PERSON_ENDING = spoken(
    r"""(?:(?:er|or|ist|ian|ant|ent|ee|man|men|woman|women|lead|head|rep|nurse|clerk|chef|cook|pilot|guard
    |coach|chief|staff|crew|team|intern|graduate|apprentice|associate|executive|representative|operative|host|people
    |secretary|mechanic|medic|professional|starter|midwife)
    |[a-z]{2,}(?<!s)s)$"""
)
_NO_ROLE = frozenset(
    re.findall(
        r"\w+",
        """you me us them it this that one ones they we i he she everyone everybody anyone anybody people days
        weeks months hours minutes times years things reasons other others first number answer moment never
        ever over under after before order matter whatever customer customers sales operations whether rather
        together""",
    )
)
_KEEP_INSIDE = {"sales", "operations", "customer", "order", "first"}  # "customer adviser", "order picker"
_KEEP_S = ("ss", "us", "is", "sales", "operations", "logistics", "accounts", "services", "communications")


def find_roles(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield who it is for, one role at a time, as a job title in the singular."""
    seen: set[str] = set()
    for n, sentence in enumerate(sentences):
        for value in _roles_in(tidied(sentence)):
            if value.casefold() not in seen:
                seen.add(value.casefold())
                yield Found(value, n)


def _roles_in(sentence: str) -> Iterator[str]:
    for match in _GENERIC.finditer(sentence):
        words = re.split(r"\s(?:and|but|because|so|should|will|can)\b", match[1])[0].split()
        if 2 <= len(words) <= _MOST_ROLE_WORDS + 2:
            yield f"People {' '.join(words)}"
    found = False
    for pattern in _ROLE_PLACES:
        place = pattern.search(sentence)
        if place is None or re.search(r"\bnot\b[^,]*$", sentence[: place.start(1)], re.IGNORECASE):
            continue
        phrase = _ROLE_END.split(place[1], maxsplit=1)[0]
        for role in _listed_roles(phrase):
            found = True
            yield role
    if not found and len(sentence.split()) <= _MOST_BARE_WORDS and not re.search(r"\bnot\b", sentence):
        yield from _listed_roles(sentence)  # "Apprentices, mechanical engineers and team leaders."


def _listed_roles(phrase: str) -> Iterator[str]:
    parts = [_DETERMINERS.sub("", part.strip(" ,.")) for part in _ROLE_SPLIT.split(phrase)]
    parts = [part for part in parts if part]
    for n, part in enumerate(parts):
        words = part.split()
        last = words[-1].casefold()
        if n + 1 < len(parts) and len(words) == 1 and not _is_person(last) and len(parts[n + 1].split()) > 1:
            # "sales and marketing managers" are two kinds of managers.
            words = [*words, parts[n + 1].split()[-1]]
            last = words[-1].casefold()
        small = set(map(str.casefold, words[:-1]))
        if _is_person(last) and len(words) <= _MOST_ROLE_WORDS and not small & (_NO_ROLE - _KEEP_INSIDE):
            yield capital(" ".join([*words[:-1], _singular(words[-1])]))


def _is_person(word: str) -> bool:
    return word not in _NO_ROLE and len(word) > 2 and _PERSON_ENDING.search(word) is not None


def _singular(word: str) -> str:
    lower = word.casefold()
    if not lower.endswith("s") or lower.endswith(_KEEP_S):
        return {"men": "man", "women": "woman"}.get(lower, word)
    if lower.endswith("ies"):
        return f"{word[:-3]}y"
    if lower.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1]


# Prerequisites -----------------------------------------------------------------------------------------

_SUBJECT = r"\b(?:you|they|people|we|some(?:one|body)|any(?:one|body)|he|she|learners|it)(?:'d|'ll|'ve)?"
_SOFTENER = (
    r"(?:\s(?:will|would|do|really|just|only|also|first|probably|already|definitely|actually|of\scourse))*"
)
_NEED_PLACES = (
    spoken(rf"{_SUBJECT}{_SOFTENER}\s(?:need|needs|have|has|ought|got|want)\sto\s(?:already\s)?(.+)"),
    spoken(rf"{_SUBJECT}{_SOFTENER}\s(?:should|must|better)\s(?:already\s)?(.+)"),
    spoken(rf"{_SUBJECT}{_SOFTENER}\s(?:need|needs|require|requires)\s(?!to\b)(.+)"),
    spoken(r"\bit(?:'s|\sis)?\s(?:helps?|good|useful|important|helpful|best)\s(?:if\syou|to)\s(.+)"),
    spoken(
        r"""\b((?:some|basic|a\sbit\sof|prior|previous|good|solid|working|at\sleast|a\s\w+)\b[^.;,]*?
        \b(?:knowledge|experience|understanding|grasp|training|skills?)\b[^.;,]*)"""
    ),
    spoken(r"\b(?:knowing|understanding|having)\s(.+?)\s(?:is|helps)\b"),
    spoken(r"^((?:know|learn|read|understand|have|finish|complete|get|do)\s.+)"),
)
_NEED_END = spoken(
    r",?\s(?:so\sthat|so\syou|so\sthey|because|otherwise|since|in\sorder\sto|before\syou|or\syou|and\sthen)\b.*"
    r"|\s(?:helps?|is\s(?:useful|good|enough|needed|helpful))$"
)
_NO_NEED = spoken(
    r"^(?:no|none|nope|nothing|not\sreally|not\sat\sall)\b | \b(?:don't|doesn't|do\snot|need\sno)\b"
)


def find_prerequisites(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield what must be known or in place first, one at a time."""
    for n, sentence in enumerate(sentences):
        text = tidied(sentence).rstrip(".!?")
        if _NO_NEED.search(text):
            continue
        for pattern in _NEED_PLACES:
            match = pattern.search(text)
            if match is None:
                continue
            value = _NEED_END.sub("", match[1]).strip(" ,")
            if len(value) > _MOST_LINE:
                value = value[: value.rfind(",", 0, _MOST_LINE)] if "," in value[:_MOST_LINE] else ""
            if value:
                yield Found(capital(value), n)
                break


# When to use it ------------------------------------------------------------------------------------------

_MARKER = r"""(?:when(?:ever)?|any\s?time|every\stime|each\stime|as\ssoon\sas|the\smoment|if|before|after
    |during|once|while|until|at\sthe\s(?:start|end|beginning)|every\s(?:day|week|month|morning|evening|year)
    |(?:mon|tues|wednes|thurs|fri|satur|sun)days?|in\sthe\s(?:morning|evening|afternoon)|daily|weekly|monthly
    |not\sfor|except)"""
_MOMENT = spoken(rf"\b{_MARKER}\b")
_MOMENT_LEAD = spoken(
    r"""^(?:you|i|we|they|people|it|this|that|use|apply)(?:'d|'s|'ll)?\b[^,.]{0,50}?\b
    (?=(?:when(?:ever)?|any\s?time|every\stime|as\ssoon\sas|the\smoment|if|before|after|during|once|while)\b)"""
)


def find_moments(sentences: Sequence[str]) -> Iterator[Found]:
    """Yield when to use it, a line each: sentences that name a moment, else the first one."""
    named = [n for n, sentence in enumerate(sentences) if _MOMENT.search(sentence)]
    for n in named[:_MOST_MOMENTS] or range(min(1, len(sentences))):
        text = _MOMENT_LEAD.sub("", tidied(sentences[n]).rstrip("."))
        if len(text.split()) >= 3 and len(text) <= _MOST_LINE:
            yield Found(capital(text), n)
