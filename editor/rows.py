"""Turn resources, takes and versions into rows of the library's tables, and back."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from editor.model import Brief, Edit, Feedback, Resource, Tags, Take, UndoStep, Version
from editor.typed import expert_line

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourceText:
    """The full-text row of a resource."""

    title: str
    summary: str
    tags: str
    expert: str
    spoken: str


def resource_row(resource: Resource) -> dict[str, object]:
    """Return the row of a resource."""
    brief, tags = resource.brief, resource.tags
    return {
        "id": resource.id,
        "title": resource.title,
        "title_order": order_key(resource.title),
        "summary": resource.summary,
        "expert": expert_line(brief.expert),
        "priority": brief.priority,
        "level": tags.level or "",
        "status": resource.status,
        "version": resource.version,
        "created_at": resource.created_at,
        "changed_at": resource.changed_at,
        "binned_at": resource.binned_at,
        "brief": msgspec.json.encode(brief).decode(),
        "tags": msgspec.json.encode(tags).decode(),
        "edit": msgspec.json.encode(resource.edit).decode(),
    }


def resource_of(row: Row) -> Resource:
    """Return the resource of a row."""
    return Resource(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        brief=msgspec.json.decode(row["brief"], type=Brief),
        tags=msgspec.json.decode(row["tags"], type=Tags),
        edit=msgspec.json.decode(row["edit"], type=Edit),
        status=row["status"],
        version=row["version"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        binned_at=row["binned_at"],
    )


def tag_rows(tags: Tags) -> set[tuple[str, str]]:
    """Return ``(field, value)`` of the tags that lists are filtered by and that have many values."""
    return {("role", role) for role in tags.roles} | {("kind", kind) for kind in tags.kind}


def resource_text(resource: Resource, *, spoken: str) -> ResourceText:
    """Return what a search for the resource looks through."""
    tags, brief = resource.tags, resource.brief
    words = (
        *tags.roles,
        *tags.kind,
        *tags.prerequisites,
        *tags.keywords,
        tags.when_to_use,
        tags.level or "",
        brief.priority,
        brief.gap,
    )
    return ResourceText(
        title=resource.title,
        summary=resource.summary,
        tags="\n".join(word for word in words if word),
        expert=expert_line(brief.expert),
        spoken=spoken,
    )


def take_row(take: Take) -> dict[str, object]:
    """Return the row of a take."""
    return {
        "id": take.id,
        "resource_id": take.resource_id,
        "state": take.state,
        "recorded_at": take.recorded_at,
        "duration_us": take.duration_us,
        "take": msgspec.json.encode(take).decode(),
    }


def take_of(row: Row) -> Take:
    """Return the take of a row; ``prompt_id``, where there is one, is the prompt it answers in a resource."""
    take = msgspec.json.decode(row["take"], type=Take)
    prompt_id = row.get("prompt_id", take.prompt.id)
    return take if prompt_id == take.prompt.id else replace(take, prompt=replace(take.prompt, id=prompt_id))


def version_row(version: Version) -> dict[str, object]:
    """Return the row of a version."""
    return {
        "resource_id": version.resource_id,
        "number": version.number,
        "published_at": version.published_at,
        "version": msgspec.json.encode(version).decode(),
    }


def feedback_row(feedback: Feedback, *, who: str, number: int) -> dict[str, object]:
    """Return the row of the nth thing that somebody said."""
    return {
        "resource_id": feedback.resource_id,
        "who": who,
        "number": number,
        "version": feedback.version,
        "said_at": feedback.said_at,
        "helped": feedback.helped,
        "comment": feedback.comment,
        "at_us": feedback.at_us,
    }


def feedback_of(row: Row) -> Feedback:
    """Return what was said in a row."""
    helped = None if row["helped"] is None else bool(row["helped"])
    return Feedback(row["resource_id"], row["version"], row["said_at"], helped, row["comment"], row["at_us"])


def undo_step_of(row: Row) -> UndoStep:
    """Return the undo step of a row."""
    return UndoStep(row["number"], row["at"], row["label"], row["before"], row["after"])


def order_key(title: str) -> str:
    """Return what titles are sorted by: without accents and capitals."""
    spread = unicodedata.normalize("NFKD", title.casefold())
    return "".join(character for character in spread if not unicodedata.combining(character))
