"""``lapel feedback``: what workers said of a resource, and the files they saved to say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import messages
from app.terminal import clock, table
from app.verbs.common import Session, verb
from editor import feedback
from editor.model import Feedback


@click.group("feedback")
def feedback_verb() -> None:
    """Take in answers that were saved as files, and list what was said."""


@verb("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def import_answers(session: Session, *, files: tuple[Path, ...]) -> None:
    """Take in answers saved by the web page; a newer file of the same person replaces the older one."""
    with session.write() as library:
        read = [feedback.read_file(file) for file in files]  # all of them, before anything is kept
        with library.transaction():
            for file in files:
                feedback.import_file(library, file)
    documents = [{"id": each.resource_id, "said": [_document(said) for said in each.said]} for each in read]
    session.terminal.result(documents, table=_table([said for each in read for said in each.said]))


@verb("list")
@click.argument("id")
def list_answers(session: Session, *, id: str) -> None:
    """List what was said of a resource, the newest first."""
    with session.read() as library:
        library.resource(id)
        said = library.feedback(id)
    session.terminal.result([_document(each) for each in said], table=_table(said))


def _document(said: Feedback) -> dict[str, Any]:
    return {
        "version": said.version,
        "said_at": said.said_at,
        "helped": said.helped,
        "comment": said.comment,
        "at_s": None if said.at_us is None else said.at_us / 1e6,
    }


def _table(said: list[Feedback] | tuple[Feedback, ...]) -> Any:
    headings = [
        messages.text(f"cli.heading.{key}") for key in ("version", "said_at", "helped", "time", "comment")
    ]
    words = {None: "", True: messages.text("cli.yes"), False: messages.text("player.not_yet")}
    rows = [
        (
            each.version,
            each.said_at[:16].replace("T", " "),
            words[each.helped],
            "" if each.at_us is None else clock(each.at_us / 1e6),
            each.comment,
        )
        for each in said
    ]
    return table(headings, rows)


feedback_verb.add_command(import_answers)
feedback_verb.add_command(list_answers)
