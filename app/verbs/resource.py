"""Verbs about the resource itself: new, tag, bin, restore."""

from __future__ import annotations

from pathlib import Path

import click

from app import messages
from app.verbs.common import Session, verb
from editor import approval, resources, result, suggest
from editor.model import KINDS, LEVELS


@verb("new")
@click.option("--title", required=True, help="What the resource answers.")
@click.option("--guide", default="local-expert", show_default=True, help="Guide id, or a guide FILE.")
@click.option("--expert", default="", metavar='"NAME, ROLE"', help="Who knows how.")
@click.option("--priority", default="", help="The business priority it serves.")
@click.option("--gap", default="", help="The performance gap it closes.")
@click.option("--question", "questions", multiple=True, help="A question people keep asking; may repeat.")
@click.option("--consent", metavar="WHERE", help="The expert agreed to be recorded and shown there.")
def new_verb(
    session: Session,
    *,
    title: str,
    guide: str,
    expert: str,
    priority: str,
    gap: str,
    questions: tuple[str, ...],
    consent: str | None,
) -> None:
    """Start a resource: its brief and its prompts."""
    with session.write() as library:
        resource = resources.new_resource(
            library,
            title=title,
            guide=Path(guide) if Path(guide).suffix else guide,
            expert=expert,
            priority=priority,
            gap=gap,
            questions=questions,
        )
        if consent is not None:
            resource = resources.consent(library, resource.id, shown_to=consent)
    session.terminal.result(
        {"id": resource.id, "title": resource.title, "prompts": len(resource.brief.prompts)},
        table=messages.text("cli.new", id=resource.id, title=resource.title),
    )


@verb("tag")
@click.argument("id")
@click.option("--level", type=click.Choice(LEVELS))
@click.option("--role", "roles", multiple=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS))
@click.option("--prerequisite", "prerequisites", multiple=True)
@click.option("--when", "when_to_use", help="When to use it.")
@click.option("--keyword", "keywords", multiple=True)
@click.option("--language", help="BCP 47, such as en or de-AT.")
@click.option("--consent", metavar="WHERE", help="The expert agreed to be recorded and shown there.")
@click.option("--approved", is_flag=True, help="The expert has seen it as it is now and agreed to it.")
@click.option("--accept-suggestions", is_flag=True, help="Fill what is still empty from the answers.")
def tag_verb(
    session: Session,
    *,
    id: str,
    level: str | None,
    roles: tuple[str, ...],
    kinds: tuple[str, ...],
    prerequisites: tuple[str, ...],
    when_to_use: str | None,
    keywords: tuple[str, ...],
    language: str | None,
    consent: str | None,
    approved: bool,
    accept_suggestions: bool,
) -> None:
    """Say whom it is for, how hard it is and when to use it."""
    with session.write() as library:
        resource = resources.tag(
            library,
            id,
            level=level,
            roles=roles,
            kind=kinds,
            prerequisites=prerequisites,
            when_to_use=when_to_use,
            keywords=keywords,
            language=language,
        )
        if accept_suggestions:
            found = result.read_result(library, id)
            proposed = suggest.suggest(found.resource, found.takes, found.transcripts)
            resource = resources.accept(library, id, suggestions=proposed)
        if consent is not None:
            resource = resources.consent(library, id, shown_to=consent)
        if approved:
            resource = approval.approve(library, id)
    session.terminal.result(
        {"id": resource.id, "tags": resource.tags}, table=messages.text("cli.tagged", title=resource.title)
    )


@verb("bin")
@click.argument("id")
def bin_verb(session: Session, *, id: str) -> None:
    """Move a resource or a take to the bin; it stays there for 30 days."""
    with session.write() as library:
        resources.to_bin(library, id)
    session.terminal.result({"id": id, "binned": True}, table=messages.text("cli.binned", id=id))


@verb("restore")
@click.argument("id")
def restore_verb(session: Session, *, id: str) -> None:
    """Take a resource or a take back out of the bin."""
    with session.write() as library:
        resources.from_bin(library, id)
    session.terminal.result({"id": id, "binned": False}, table=messages.text("cli.restored", id=id))
