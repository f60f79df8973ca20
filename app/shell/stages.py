"""How far a resource is through Brief, Studio, Edit, Details and Publish; words for what the bar shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app import messages
from app.desk import ScreenName
from editor.model import Resource, Take, Version
from editor.typed import expert_line


@dataclass(frozen=True, slots=True)
class BarState:
    """What the stage bar shows of a resource."""

    title: str
    under: str
    done: frozenset[ScreenName]
    badge: str


def bar_state(resource: Resource, takes: Sequence[Take], versions: Sequence[Version]) -> BarState:
    """Return what the stage bar shows of a resource."""
    return BarState(
        title=resource.title or messages.text("library.untitled"),
        under=expert_line(resource.brief.expert) or messages.text("library.no_expert"),
        done=done_stages(resource, takes, versions),
        badge=version_badge(resource, takes, versions),
    )


def done_stages(
    resource: Resource, takes: Sequence[Take], versions: Sequence[Version]
) -> frozenset[ScreenName]:
    """Return the stages whose work is there; any can be opened again at any time."""
    brief, tags = resource.brief, resource.tags
    wanted = {prompt.id for prompt in brief.prompts if prompt.included}
    answered = {take.prompt.id for take in takes}
    done: set[ScreenName] = set()
    if brief.expert.name and wanted:
        done.add("brief")
    if takes and wanted <= answered:
        done.add("studio")
    if resource.status in ("captioned", "published"):
        done.add("edit")
    if resource.title and tags.level and tags.roles:
        done.add("details")
    if versions and not _changed_since(resource, versions):
        done.add("publish")
    return frozenset(done)


def version_badge(resource: Resource, takes: Sequence[Take], versions: Sequence[Version]) -> str:
    """Return which version this is."""
    if not versions:
        return messages.text("stage.draft" if takes else "stage.new")
    if _changed_since(resource, versions):
        return messages.text("stage.next_version", number=versions[-1].number + 1)
    return messages.text("stage.version", number=versions[-1].number)


def _changed_since(resource: Resource, versions: Sequence[Version]) -> bool:
    newest = versions[-1]
    frozen = (newest.title, newest.summary, newest.tags, newest.expert)
    return frozen != (resource.title, resource.summary, resource.tags, resource.brief.expert) or (
        _instant(resource.changed_at) > _instant(newest.published_at) + 1  # kept in whole seconds
    )


def _instant(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp() if text else 0.0
