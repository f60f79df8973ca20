"""Propose title, summary and tags from what was said: never applied by itself, always with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from editor import cutlist
from editor.answer_details import find_moments, find_prerequisites, find_roles
from editor.answers import MOST_SUMMARY, Found, find_chapter, find_kinds, find_level, find_summary, find_title
from editor.fillers import primary
from editor.keywords import find_keywords
from editor.model import Dismissed, Level, Resource, Sentence, Suggestion, Take, Transcript, Word
from editor.phrasing import space_between
from editor.sentences import sentences as sentences_of

_Field = Literal["title", "summary", "level", "roles", "kind", "prerequisites", "when_to_use", "chapter"]

_MOST_KEYWORDS = 8
_NO_TOPIC = {"who", "kind", "consent"}  # what they name is a role or a kind already


@dataclass(frozen=True, slots=True)
class _Answer:
    """What remains of one take: its sentences as said, and the same ones without fillers."""

    key: str
    language: str
    said: tuple[Sentence, ...]
    clean: tuple[str, ...]


def suggest(
    resource: Resource, takes: Sequence[Take], transcripts: Sequence[Transcript]
) -> tuple[Suggestion, ...]:
    """Return what the answers say about the resource; struck words and takes not chosen say nothing.

    Which detail an answer feeds follows from the key of its prompt. Keywords come from all answers together.
    What the producer never wants to see again is left out.

    Args:
        resource: Whose edit and brief count.
        takes: Every take of it.
        transcripts: Of those takes, as many as there are.
    """
    heard = {transcript.take_id: transcript for transcript in transcripts}
    answers = [
        _answer(resource, take, heard[take.id])
        for take in cutlist.chosen_takes(resource, takes)
        if take.id in heard
    ]
    found: list[Suggestion] = []
    for answer in answers:
        if primary(answer.language) == "en":
            found.extend(_details(answer, wanted=resource.brief.gap_level))
    return wanted(resource, (*_short_enough(found), *_keywords(answers)))


def suggest_chapters(
    resource: Resource, takes: Sequence[Take], transcripts: Sequence[Transcript]
) -> tuple[Suggestion, ...]:
    """Return titles for the chapters that still have those of their prompts, out of their own answers.

    Args:
        resource: Whose edit and brief count.
        takes: Every take of it.
        transcripts: Of those takes, as many as there are.
    """
    heard = {transcript.take_id: transcript for transcript in transcripts}
    named = {each.prompt_id for each in resource.edit.chapters if each.title or not each.marked}
    found: list[Suggestion] = []
    for take in cutlist.chosen_takes(resource, takes):
        if take.id not in heard or take.prompt.key == "consent" or take.prompt.id in named:
            continue
        answer = _answer(resource, take, heard[take.id])
        if primary(answer.language) == "en":
            titles = _from(answer, "chapter", find_chapter(answer.clean))
            found.extend(replace(each, prompt_id=take.prompt.id) for each in titles)
    return wanted(resource, found)


def wanted(resource: Resource, found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Return the suggestions without those that the producer never wants to see again."""
    gone = set(resource.edit.dismissed)
    return tuple(each for each in found if Dismissed(each.field, each.value) not in gone)


def _answer(resource: Resource, take: Take, transcript: Transcript) -> _Answer:
    edit = cutlist.take_edit(resource.edit, take.id)
    words = [
        word
        for word in cutlist.corrected_words(transcript.words, edit)
        if not cutlist.is_struck(edit.cuts, word)
    ]
    said = sentences_of(take.id, words)
    return _Answer(take.prompt.key, transcript.language, said, tuple(_clean(each, words) for each in said))


def _clean(sentence: Sentence, words: Sequence[Word]) -> str:
    """Return the sentence without its fillers and the commas that set them apart."""
    text = ""
    after_filler = False
    for word in words:
        if not sentence.start_us <= word.start_us < sentence.end_us:
            continue
        if word.filler:
            after_filler = True
            continue
        if after_filler and word.text[:1].islower():
            text = text.rstrip(",")
        text += space_between(text, word.text) + word.text if text else word.text
        after_filler = False
    return text


def _details(answer: _Answer, *, wanted: Level | None) -> Iterator[Suggestion]:
    """Yield what the answer to this prompt feeds."""
    match answer.key:
        case "what":
            yield from _from(answer, "title", find_title(answer.clean))
            yield from _from(answer, "summary", find_summary(answer.clean))
        case "why":
            yield from _from(answer, "summary", find_summary(answer.clean))
        case "when":
            yield from _from(answer, "when_to_use", find_moments(answer.clean))
        case "who":
            yield from _from(answer, "roles", find_roles(answer.clean))
        case "prerequisites":
            yield from _from(answer, "prerequisites", find_prerequisites(answer.clean))
        case "kind":
            yield from _from(answer, "kind", find_kinds(answer.clean))
        case "levels":
            yield from _from(answer, "level", find_level(answer.clean, wanted=wanted))


def _from(answer: _Answer, field: _Field, found: Iterator[Found]) -> Iterator[Suggestion]:
    for each in found:
        said = answer.said[each.sentence]
        yield Suggestion(field, each.value, said.text, said.take_id, said.start_us)


def _short_enough(found: Sequence[Suggestion]) -> Iterator[Suggestion]:
    """Yield the suggestions, of the summaries as many as fit together."""
    length = 0
    for each in found:
        if each.field == "summary":
            length += len(each.value) + 1
            if length > MOST_SUMMARY + 1:
                continue
        yield each


def _keywords(answers: Sequence[_Answer]) -> Iterator[Suggestion]:
    """Yield what the answers keep naming, each with the first sentence that says it."""
    topical = [answer for answer in answers if answer.key not in _NO_TOPIC]
    if not topical:
        return
    clean = [sentence for answer in topical for sentence in answer.clean]
    said = [sentence for answer in topical for sentence in answer.said]
    for keyword in find_keywords(clean, language=topical[0].language, most=_MOST_KEYWORDS):
        source = next(
            (each for text, each in zip(clean, said, strict=True) if keyword.casefold() in text.casefold()),
            None,
        )
        if source is not None:
            yield Suggestion("keywords", keyword, source.text, source.take_id, source.start_us)
