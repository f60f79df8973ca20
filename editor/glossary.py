"""Write the company's own words as the company does: told to the model, proposed where it misheard them.

A term without ``heard`` is only made likelier to be heard, and proposed where something like it stands. A
term with ``heard`` is a rule that the producer has made: it is followed in new captions, and in old ones when
asked. Both become corrections in the edit, so the sound, the words as heard and undo stay.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from capture.errors import BadInputError
from editor import cutlist
from editor.fillers import bare
from editor.library import Library
from editor.model import Edit, Resource, Term, Transcript, Word
from editor.typed import one_line

MOST_TERMS = 500
_MOST_HOT_CHARACTERS = 400  # about 120 tokens: Whisper's prompt holds 224, the disfluencies need some
_UNSURE = 0.7  # words the model is surer of are left alone unless they sound the same
_ALIKE = 0.78
_LONGEST_EXTRA_WORDS = 2  # "scorm" may have been heard as "score um"
_SHORTEST_TERM = 3
_MOST_RULE_WORDS = 4  # whoever writes a whole clause anew corrects one place


@dataclass(frozen=True, slots=True)
class Misheard:
    """A place where a term may have been meant: the words there, and what would stand instead."""

    take_id: str
    words: tuple[Word, ...]
    text: str
    likeness: float


def parse_term(given: str) -> Term:
    """Return the term of ``"write"`` or ``"heard=write"``.

    Raises:
        BadInputError: Nothing to write, or a rule that changes nothing.
    """
    heard, equals, write = given.rpartition("=")
    heard, write = one_line(heard), one_line(write)
    if not _spoken(write) or (equals and (not _spoken(heard) or heard == write)):
        raise BadInputError("glossary.term", given=given)
    return Term(write, heard)


def terms_of(library: Library, resource: Resource) -> tuple[Term, ...]:
    """Return the terms that hold for a resource: its own before those of the library."""
    return tuple(dict.fromkeys((*resource.brief.glossary, *library.glossary())))


def change(
    library: Library, resource_id: str = "", *, add: Sequence[Term] = (), remove: Sequence[Term] = ()
) -> tuple[Term, ...]:
    """Change the glossary of a resource, or of the library, and return it.

    Raises:
        BadInputError: What shall be removed is not there, or there would be too many. Nothing was changed.
    """
    resource = library.resource(resource_id) if resource_id else None
    old = resource.brief.glossary if resource else library.glossary()
    for term in remove:
        if term not in old:
            raise BadInputError("glossary.unknown", term=_line(term))
    ruled = {term.heard.casefold() for term in add if term.heard}
    # A new rule for the same sound takes the place of the old one.
    kept = (t for t in old if t not in remove and not (t.heard and t.heard.casefold() in ruled))
    new = tuple(dict.fromkeys((*kept, *add)))
    if len(new) > MOST_TERMS:
        raise BadInputError("glossary.too_many", count=len(new), most=MOST_TERMS)
    if resource:
        brief = replace(resource.brief, glossary=new)
        return library.save(replace(resource, brief=brief), label="glossary").brief.glossary
    library.keep_glossary(new)
    return new


def is_rule(heard: str, write: str) -> bool:
    """Return whether a correction is worth following elsewhere: other words, few of them, not other signs."""
    before, after = _plain(heard), _plain(write)
    few = len(before.split()) <= _MOST_RULE_WORDS and len(after.split()) <= _MOST_RULE_WORDS
    return few and before != after and _spoken(before) and _spoken(after)


def learn(library: Library, resource_id: str, *, heard: str, write: str, everywhere: bool) -> Term:
    """Keep a correction the producer has made as a rule, for this resource or for the whole library.

    Raises:
        BadInputError: It is no correction of words.
    """
    term = parse_term(f"{_plain(heard)}={_plain(write)}")
    change(library, "" if everywhere else resource_id, add=(term,))
    return term


def hot_words(terms: Iterable[Term]) -> str:
    """Return what the model is told that is likely to be said; what does not fit is left out."""
    told = ""
    for write in dict.fromkeys(term.write for term in terms):
        longer = f"{told}, {write}" if told else write
        if len(longer) <= _MOST_HOT_CHARACTERS:
            told = longer
    return told


# In words -----------------------------------------------------------------------------------------------


def follow_rules(library: Library, resource_id: str, *, take_ids: Sequence[str] = ()) -> Resource:
    """Follow the producer's rules in the captions of a resource, as one undo step.

    Args:
        library: Where it is kept.
        resource_id: Whose captions.
        take_ids: Only in these takes; all of them if left out.
    """
    resource = library.resource(resource_id)
    rules = [term for term in terms_of(library, resource) if term.heard]
    edit = resource.edit
    for take in library.takes(resource_id) if rules else ():
        transcript = library.transcript(take.id)
        if transcript is not None and (not take_ids or take.id in take_ids):
            edit = with_rules(edit, transcript, rules)
    return library.save(replace(resource, edit=edit), label="glossary")


def with_rules(edit: Edit, transcript: Transcript, rules: Sequence[Term]) -> Edit:
    """Return the edit in which a take is written as the rules say; what was corrected already stays."""
    for rule in rules:
        for words in _said(transcript, edit, rule.heard.split()):
            edit = cutlist.correct(edit, transcript.take_id, words, text=_dressed(words, rule.write))
    return edit


def misheard(transcript: Transcript, edit: Edit, terms: Iterable[Term]) -> tuple[Misheard, ...]:
    """Return where terms may have been meant, in order of time; never more than one for a word.

    Only what the model was unsure of counts, or what sounds the same; what was corrected already stays.
    """
    texts = [bare(word.text) for word in transcript.words]
    found = [
        Misheard(transcript.take_id, words, _dressed(words, write), likeness)
        for write in dict.fromkeys(term.write for term in terms)
        for words, likeness in _alike(transcript, texts, edit, write)
    ]
    chosen: list[Misheard] = []
    for each in sorted(found, key=lambda one: (-one.likeness, one.words[0].start_us)):
        if not any(_meet(each.words, other.words) for other in chosen):
            chosen.append(each)
    return tuple(sorted(chosen, key=lambda one: one.words[0].start_us))


def _said(transcript: Transcript, edit: Edit, heard: Sequence[str]) -> Iterator[tuple[Word, ...]]:
    """Yield the runs of untouched words that read ``heard``."""
    wanted = [bare(each) for each in heard]
    words = transcript.words
    at = 0
    while at + len(wanted) <= len(words):
        run = words[at : at + len(wanted)]
        if [bare(word.text) for word in run] == wanted and not _is_corrected(run, transcript, edit):
            yield run
            at += len(wanted)
        else:
            at += 1


def _alike(
    transcript: Transcript, texts: Sequence[str], edit: Edit, write: str
) -> Iterator[tuple[tuple[Word, ...], float]]:
    """Yield the runs of words, whose bare ``texts`` are given, that resemble ``write`` but do not read so."""
    meant = "".join(map(bare, write.split()))
    if len(meant) < _SHORTEST_TERM:
        return
    words, size = transcript.words, len(write.split())
    for length in range(max(1, size - 1), size + _LONGEST_EXTRA_WORDS + 1):
        for at in range(len(words) - length + 1):
            text = "".join(texts[at : at + length])
            if abs(len(text) - len(meant)) > max(2, len(meant) // 3) or text == meant:
                continue
            run = words[at : at + length]
            unsure = min(word.confidence for word in run) < _UNSURE
            likeness = _likeness(text, meant) if unsure else float(_sounds_like(text, meant))
            if likeness >= _ALIKE and not _is_corrected(run, transcript, edit):
                yield run, likeness


def _likeness(one: str, other: str) -> float:
    """Return how alike two words look and sound, 0 to 1; 1 is the same sound."""
    if _sounds_like(one, other):
        return 1.0
    sounds = _sound(one), _sound(other)
    ratios = [SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in ((one, other), sounds)]
    return min(sum(ratios) / 2, 0.99)


def _sounds_like(one: str, other: str) -> bool:
    return _sound(one) == _sound(other) and len(_sound(one)) >= _SHORTEST_TERM


#: Ways to write one sound, the longer first; English as most listeners would spell it.
_SPELLINGS = {
    **{"tch": "ch", "sch": "sk", "ph": "f", "ck": "k", "qu": "kw", "gh": "", "wh": "w", "kn": "n"},
    **{"x": "ks", "z": "s", "ce": "se", "ci": "si", "cy": "si", "c": "k", "y": "i"},
}


@functools.lru_cache(maxsize=50_000)  # each run of words is held against every term
def _sound(text: str) -> str:
    """Return the consonants of a word as they sound, with one mark for a vowel in front."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    for written, spoken in _SPELLINGS.items():
        plain = plain.replace(written, spoken)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return re.sub(r"^[aeiou]", "a", plain)[:1] + re.sub(r"[aeiouhw]", "", plain[1:])


def _is_corrected(run: Sequence[Word], transcript: Transcript, edit: Edit) -> bool:
    corrections = cutlist.take_edit(edit, transcript.take_id).corrections
    return any(c.in_us < run[-1].end_us and c.out_us > run[0].start_us for c in corrections)


def _meet(one: Sequence[Word], other: Sequence[Word]) -> bool:
    return one[0].start_us < other[-1].end_us and other[0].start_us < one[-1].end_us


def _dressed(words: Sequence[Word], write: str) -> str:
    """Return ``write`` with the punctuation that stood around the words."""
    first, last = words[0].text, words[-1].text
    before = first[: len(first) - len(first.lstrip("\"'“‘«([¿¡"))]
    after = last[len(last.rstrip(".,;:!?…\"'”’»)]—–-")) :]
    return f"{before}{write}{after}"


def _plain(text: str) -> str:
    return text.strip(' .,;:!?…"“”«»()[]')


def _spoken(text: str) -> bool:
    return any(map(bare, text.split()))


def _line(term: Term) -> str:
    return f"{term.heard}={term.write}" if term.heard else term.write
