"""``lapel glossary``: the company's own words, for the whole library or for one resource."""

from __future__ import annotations

from typing import Any

import click

from app import messages
from app.terminal import table
from app.verbs.common import Session, verb
from editor import glossary
from editor.glossary import Misheard
from editor.library import Library
from editor.model import Term


@verb("glossary")
@click.argument("id", required=False, default="")
@click.option("--add", "add", multiple=True, metavar='"[HEARD=]WRITE"', help="A term, or a rule; may repeat.")
@click.option("--remove", "remove", multiple=True, metavar='"[HEARD=]WRITE"', help="Take it out; may repeat.")
@click.option("--apply", "again", is_flag=True, help="Follow the rules in the captions that ID has already.")
def glossary_verb(
    session: Session, *, id: str, add: tuple[str, ...], remove: tuple[str, ...], again: bool
) -> None:
    """Say how the company writes its words: a TERM that is likely to be said, or a rule HEARD=WRITE.

    Without ID they hold for every resource. With ID, the places where a term may have been meant are listed.
    """
    if again and not id:
        raise click.UsageError(messages.text("cli.glossary_needs_id"))
    changes = [[glossary.parse_term(each) for each in given] for given in (add, remove)]
    if not (add or remove or again):
        with session.read() as library:
            terms, places = _terms(library, id), _places(library, id)
    else:
        with session.write() as library, library.transaction():
            glossary.change(library, id, add=changes[0], remove=changes[1])
            if again:
                glossary.follow_rules(library, id)
            terms, places = _terms(library, id), _places(library, id)
    suggestions: list[dict[str, Any]] = [
        {
            "take": each.take_id,
            "start_s": each.words[0].start_us / 1e6,
            "heard": " ".join(word.text for word in each.words),
            "write": each.text,
        }
        for each in places
    ]
    document = {
        "id": id,
        "terms": [{"write": term.write, "heard": term.heard} for term in terms],
        "suggestions": suggestions,
    }
    headings = [messages.text(f"cli.heading.{key}") for key in ("heard", "write")]
    rows = [(term.heard, term.write) for term in terms]
    rows += [(f"{each['heard']} ({each['start_s']:.1f} s)", f"{each['write']}?") for each in suggestions]
    session.terminal.result(document, table=table(headings, rows))


def _terms(library: Library, resource_id: str) -> tuple[Term, ...]:
    if not resource_id:
        return library.glossary()
    return glossary.terms_of(library, library.resource(resource_id))


def _places(library: Library, resource_id: str) -> tuple[Misheard, ...]:
    if not resource_id:
        return ()
    resource = library.resource(resource_id)
    terms = glossary.terms_of(library, resource)
    heard = [library.transcript(take.id) for take in library.takes(resource_id)]
    return tuple(
        place
        for transcript in heard
        if transcript is not None
        for place in glossary.misheard(transcript, resource.edit, terms)
    )
