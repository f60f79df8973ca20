"""Verbs that only look: show, list, search."""

from __future__ import annotations

from typing import Any

import click

from app import messages
from app.terminal import clock, table
from app.verbs.common import Session, tell_unheard, verb
from editor import cutlist, missing
from editor.library import Filter, Library
from editor.model import KINDS, LEVELS, STATUSES, Prompt, Take, Transcript
from editor.result import Result, read_result


@verb("show")
@click.argument("id")
def show_verb(session: Session, *, id: str) -> None:
    """Show one resource: prompts and takes, what remains, captions, tags."""
    with session.read() as library:
        found = read_result(library, id)
        document = show_document(library, found)
        lost = missing.missing_media(library, found.takes)
    rows = [
        (prompt["n"], prompt["text"], len(prompt["takes"]), ", ".join(t["state"] for t in prompt["takes"]))
        for prompt in document["prompts"]
    ]
    title = messages.text(
        "cli.show_title",
        title=found.resource.title,
        status=messages.text(f"status.{found.resource.status}"),
        length=clock(document["duration_s"]),
    )
    headings = [messages.text(f"cli.heading.{key}") for key in ("number", "prompt", "takes", "state")]
    session.terminal.result(document, table=table(headings, rows, title=title))
    tell_unheard(session, found)
    for each in lost:
        session.terminal.tell(
            messages.text(
                "cli.missing_media",
                files=", ".join(each.files),
                take=each.take.id,
                prompt=each.take.prompt.title,
                folder=each.folder,
            )
        )


@verb("list")
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS))
@click.option("--role", "roles", multiple=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS))
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES))
@click.option("--priority", "priorities", multiple=True)
@click.option("--bin", "binned", is_flag=True, help="What is in the bin instead.")
def list_verb(session: Session, **wanted: Any) -> None:
    """List the resources of the library; options of one kind mean or, different kinds mean and."""
    with session.read() as library:
        found = library.resources(Filter(**wanted))
    headings = [messages.text(f"cli.heading.{key}") for key in ("id", "title", "expert", "level", "status")]
    rows = [
        (
            each.id,
            each.title,
            each.brief.expert.name,
            messages.text(f"level.{each.tags.level}") if each.tags.level else "",
            messages.text(f"status.{each.status}"),
        )
        for each in found
    ]
    documents = [
        {
            "id": each.id,
            "title": each.title,
            "status": each.status,
            "version": each.version,
            "level": each.tags.level,
            "roles": each.tags.roles,
            "expert": each.brief.expert,
            "changed_at": each.changed_at,
        }
        for each in found
    ]
    session.terminal.result(documents, table=table(headings, rows))


@verb("search")
@click.argument("words", nargs=-1, required=True)
def search_verb(session: Session, *, words: tuple[str, ...]) -> None:
    """Find resources by what their titles, tags and transcripts say."""
    with session.read() as library:
        hits = library.search(" ".join(words))
    headings = [messages.text(f"cli.heading.{key}") for key in ("id", "title", "time", "said")]
    rows = [
        (hit.resource_id, hit.title, clock(hit.start_us / 1e6) if hit.take_id else "", hit.snippet)
        for hit in hits
    ]
    documents = [
        {
            "id": hit.resource_id,
            "title": hit.title,
            "take": hit.take_id or None,
            "start_s": hit.start_us / 1e6 if hit.take_id else None,
            "text": hit.snippet,
            "places": hit.places,
        }
        for hit in hits
    ]
    session.terminal.result(documents, table=table(headings, rows))


def show_document(library: Library, found: Result) -> dict[str, Any]:
    """Return the document of ``lapel show --json``, as PRODUCT.md section 5 fixes it."""
    resource, cut_list = found.resource, found.cut_list
    return {
        "id": resource.id,
        "title": resource.title,
        "summary": resource.summary,
        "status": resource.status,
        "version": resource.version,
        "language": resource.tags.language,
        "duration_s": cut_list.duration_us / 1e6,
        "tags": {
            "level": resource.tags.level,
            "roles": resource.tags.roles,
            "kind": resource.tags.kind,
            "prerequisites": resource.tags.prerequisites,
            "when_to_use": resource.tags.when_to_use,
            "keywords": resource.tags.keywords,
        },
        "prompts": [
            _prompt_document(library, found, number, prompt)
            for number, prompt in enumerate(resource.brief.prompts, start=1)
        ],
        "spans": [
            {"take": each.span.take_id, "in_s": each.span.in_us / 1e6, "out_s": each.span.out_us / 1e6}
            for each in cut_list.placed
        ],
        "words": [word for each in found.transcripts for word in _word_documents(found, each)],
        "cues": [
            {"start_s": cue.start_us / 1e6, "end_s": cue.end_us / 1e6, "lines": cue.lines}
            for cue in found.cues
        ],
        "chapters": [{"start_s": each.start_us / 1e6, "title": each.title} for each in found.chapters],
        "flags": [
            *(
                {
                    "take": each.take.id,
                    "start_s": 0.0,
                    "end_s": each.take.duration_us / 1e6,
                    "reason": "media_missing",
                }
                for each in missing.missing_media(library, found.takes)
            ),
            *(
                {
                    "take": flag.take_id,
                    "start_s": flag.start_us / 1e6,
                    "end_s": flag.end_us / 1e6,
                    "reason": flag.reason,
                }
                for each in found.transcripts
                for flag in each.flags
            ),
        ],
    }


def _prompt_document(library: Library, found: Result, number: int, prompt: Prompt) -> dict[str, Any]:
    chosen = cutlist.chosen_take(found.resource.edit, prompt.id, found.takes)
    return {
        "n": number,
        "key": prompt.key,
        "text": prompt.text,
        "takes": [
            _take_document(library, take, chosen=chosen is not None and chosen.id == take.id)
            for take in found.takes
            if take.prompt.id == prompt.id
        ],
    }


def _take_document(library: Library, take: Take, *, chosen: bool) -> dict[str, Any]:
    sync = take.sync and {
        "offset_s": take.sync.offset_us / 1e6,
        "drift_ppm": take.sync.drift_ppm,
        "inliers": take.sync.inliers,
    }
    return {
        "id": take.id,
        "chosen": chosen,
        "state": take.state,
        "duration_s": take.duration_us / 1e6,
        "path": str(library.take_folder(take)),
        "sync": sync,
    }


def _word_documents(found: Result, transcript: Transcript) -> list[dict[str, Any]]:
    edit = cutlist.take_edit(found.resource.edit, transcript.take_id)
    return [
        {
            "take": transcript.take_id,
            "start_s": word.start_us / 1e6,
            "end_s": word.end_us / 1e6,
            "text": word.text,
            "struck": cutlist.is_struck(edit.cuts, word),
            "confidence": word.confidence,
        }
        for word in cutlist.corrected_words(transcript.words, edit)
    ]
