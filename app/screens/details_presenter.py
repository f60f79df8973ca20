"""What Details shows and decides, without a widget: the tags, what was said about them, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from app import messages
from app.screens.details_parts.posters import PosterState, read_posters
from app.screens.library_presenter import CardFacts, read_facts
from capture.work import Work
from editor import chapters, cutlist, suggest
from editor.answers import MOST_SUMMARY
from editor.library import Library
from editor.model import KINDS, LEVELS, Dismissed, Kind, Level, Poster, Resource, Suggestion, Tags
from editor.result import read_result
from editor.typed import distinct, one_line, plain

LONGEST_TITLE = 70
LONGEST_SUMMARY = MOST_SUMMARY
_MOST_KNOWN = 2_000
#: Fields whose suggestions stand below them, in reading order.
SUGGESTED = (
    "title",
    "summary",
    "level",
    "kind",
    "roles",
    "prerequisites",
    "when_to_use",
    "keywords",
    "chapter",
)


@dataclass(frozen=True, slots=True)
class DetailsState:
    """A resource as Details shows it.

    Args:
        facts: Length and picture.
        posters: What a still can be chosen from.
        suggestions: What the answers say that is neither taken over nor dismissed.
        heard: Whether there is a transcript at all.
        roles: Known roles, to complete from.
        titles: Of the other resources: a prerequisite may be one.
    """

    resource: Resource
    facts: CardFacts
    posters: PosterState
    suggestions: tuple[Suggestion, ...]
    heard: bool
    roles: tuple[str, ...]
    titles: tuple[str, ...]

    def of(self, field: str) -> tuple[Suggestion, ...]:
        """Return the suggestions for a field."""
        return tuple(each for each in self.suggestions if each.field == field)


def read_state(library: Library, resource_id: str, *, work: Work) -> DetailsState:
    """Return a resource as Details shows it."""
    found = read_result(library, resource_id)
    work.checkpoint()
    proposed = (
        *suggest.suggest(found.resource, found.takes, found.transcripts),
        *suggest.suggest_chapters(found.resource, found.takes, found.transcripts),
    )
    facts = read_facts(library, found.resource, work=work)
    others = [each for each in library.resources(limit=_MOST_KNOWN) if each.id != resource_id]
    roles = {role for each in others for role in (*each.brief.audience, *each.tags.roles)}
    roles.update(found.resource.brief.audience)
    return DetailsState(
        found.resource,
        facts,
        read_posters(library, found),
        still_open(found.resource, proposed),
        bool(found.transcripts),
        tuple(sorted(roles, key=str.casefold)),
        tuple(sorted({each.title for each in others}, key=str.casefold)),
    )


# Suggestions --------------------------------------------------------------------------------------------


def still_open(resource: Resource, proposed: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Return the suggestions that are neither taken over nor dismissed."""
    return tuple(each for each in suggest.wanted(resource, proposed) if accept(resource, each) != resource)


def accept(resource: Resource, each: Suggestion) -> Resource:
    """Return the resource with a suggestion taken over; one with no room or use changes nothing."""
    tags, value = resource.tags, each.value
    match each.field:
        case "title":
            return replace(resource, title=one_line(value)) if _is_untitled(resource) else resource
        case "summary":
            longer = f"{resource.summary} {value}".strip()
            fits = value not in resource.summary and len(longer) <= LONGEST_SUMMARY
            return replace(resource, summary=longer) if fits else resource
        case "level":
            level = next((known for known in LEVELS if known == value), None)
            return resource if tags.level else _tagged(resource, replace(tags, level=level))
        case "kind":
            chosen = {*tags.kind, value}
            kind: tuple[Kind, ...] = tuple(known for known in KINDS if known in chosen)
            return resource if value in tags.kind else _tagged(resource, replace(tags, kind=kind))
        case "when_to_use":
            lines = tags.when_to_use.split("\n")
            return resource if value in lines else _tagged(resource, _with_moment(tags, value))
        case "chapter":
            return replace(resource, edit=chapters.name_answer(resource, each.prompt_id, title=value))
        case _:
            return _with_value(resource, each.field, value)


def accept_all(resource: Resource, suggestions: Sequence[Suggestion]) -> Resource:
    """Return the resource with every suggestion taken over."""
    for each in suggestions:
        resource = accept(resource, each)
    return resource


def dismiss(resource: Resource, each: Suggestion) -> Resource:
    """Return the resource for which a suggestion is never made again."""
    gone = (*resource.edit.dismissed, Dismissed(each.field, each.value))
    return replace(resource, edit=replace(resource.edit, dismissed=tuple(dict.fromkeys(gone))))


def set_poster(resource: Resource, poster: Poster | None) -> Resource:
    """Return the resource with another still, or with none: then Lapel chooses."""
    wanted = () if poster is None else (poster,)
    return replace(resource, edit=replace(resource.edit, poster=wanted))


def words_of(each: Suggestion, resource: Resource) -> str:
    """Return a suggestion as its chip says it."""
    if each.field == "chapter":
        now = cutlist.chapter_titles(resource).get(each.prompt_id, "")
        return messages.text("details.chapter_as", now=now, title=each.value)
    if each.field in ("level", "kind"):
        return messages.text(f"{each.field}.{each.value}")
    return each.value


def source_of(each: Suggestion) -> str:
    """Return the sentence a suggestion comes from, and how to be rid of it."""
    return messages.text("details.source", sentence=each.sentence)


def _with_moment(tags: Tags, value: str) -> Tags:
    return replace(tags, when_to_use=f"{tags.when_to_use}\n{value}".strip())


def _with_value(resource: Resource, field: str, value: str) -> Resource:
    values: tuple[str, ...] = getattr(resource.tags, field)
    if value.casefold() in {each.casefold() for each in values}:
        return resource
    return _tagged(resource, replace(resource.tags, **{field: (*values, value)}))  # type: ignore[arg-type]


def _tagged(resource: Resource, tags: Tags) -> Resource:
    return replace(resource, tags=tags)


# Typed ---------------------------------------------------------------------------------------------------


def set_title(resource: Resource, typed: str) -> Resource:
    """Return the resource with another title; without one it keeps its own."""
    return replace(resource, title=one_line(typed) or resource.title)


def set_summary(resource: Resource, typed: str) -> Resource:
    """Return the resource with another summary."""
    return replace(resource, summary=plain(typed))


def set_level(resource: Resource, level: str) -> Resource:
    """Return the resource with another level."""
    chosen: Level | None = next((each for each in get_args(Level) if each == level), None)
    return _tagged(resource, replace(resource.tags, level=chosen))


def set_kind(resource: Resource, kind: Sequence[str]) -> Resource:
    """Return the resource with other kinds."""
    return _tagged(resource, replace(resource.tags, kind=tuple(each for each in KINDS if each in kind)))


def set_when(resource: Resource, typed: str) -> Resource:
    """Return the resource with other moments, one a line."""
    return _tagged(
        resource, replace(resource.tags, when_to_use="\n".join(distinct(plain(typed).split("\n"))))
    )


def set_values(resource: Resource, field: str, values: Sequence[str]) -> Resource:
    """Return the resource with other roles, prerequisites or keywords."""
    kept = {field: distinct(tuple(values))}
    return _tagged(resource, replace(resource.tags, **kept))  # type: ignore[arg-type]


# What is missing -------------------------------------------------------------------------------------------


def missing(resource: Resource) -> tuple[str, ...]:
    """Return the fields that Publish needs and that are empty."""
    there = {
        "title": not _is_untitled(resource),
        "level": resource.tags.level is not None,
        "roles": bool(resource.tags.roles),
    }
    return tuple(field for field, is_there in there.items() if not is_there)


def missing_words(fields: Sequence[str]) -> str:
    """Return what is missing in words."""
    if not fields:
        return messages.text("details.complete")
    names = ", ".join(messages.text(f"details.missing_{field}") for field in fields)
    return messages.text("details.missing", fields=names)


def counter(text: str, most: int) -> str:
    """Return how much of the room is used."""
    return messages.text("details.used", count=len(text), most=most)


def _is_untitled(resource: Resource) -> bool:
    return resource.title in ("", messages.text("library.untitled"))
