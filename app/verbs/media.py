"""Verbs about takes: record, import, caption."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import messages
from app.phone import PHONE, record_by_phone
from app.recording import record_answers
from app.terminal import clock
from app.verbs.common import Seconds, Session, tell_unheard, verb
from capture.second_copy import copy_place
from editor import tasks
from editor.library import Library
from editor.model import Take
from editor.result import read_result
from editor.working_copy import make_working_copy

_CAMERA_HELP = (
    "Id, name or number of a camera (see `lapel doctor`), a URL (http, tcp, rtsp), phone, file:PATH or none."
)
_MIC_HELP = "Id, name or number of a microphone (see `lapel doctor`), default, file:PATH or none."


@verb("record")
@click.argument("id")
@click.option("--prompt", required=True, type=click.IntRange(min=1), help="Which prompt is answered, from 1.")
@click.option("--camera", required=True, metavar="SRC", help=_CAMERA_HELP)
@click.option("--mic", required=True, metavar="SRC", help=_MIC_HELP)
@click.option("--seconds", type=Seconds(min=0, min_open=True), help="Stop by itself after so long.")
@click.option("--second-copy", type=click.Path(path_type=Path), help="Folder, such as a stick, for a copy.")
@click.option("--phone-address", help="Address of this laptop on the network to reach the phone over.")
def record_verb(
    session: Session,
    *,
    id: str,
    prompt: int,
    camera: str,
    mic: str,
    seconds: float | None,
    second_copy: Path | None,
    phone_address: str | None,
) -> None:
    """Record a take for a prompt. Space ends it and begins the next open prompt; M marks a moment.

    Ctrl-C ends it cleanly; the take is kept.
    """
    place = copy_place(second_copy) if second_copy is not None else None
    with session.write() as library:
        takes: list[Take] = []
        given: dict[str, Any] = {"prompt": prompt, "mic": mic, "seconds": seconds, "on_take": takes.append}
        try:
            if camera == PHONE:
                record_by_phone(session.terminal, library, id, address=phone_address, **given)
            else:
                record_answers(session.terminal, library, id, camera=camera, **given)
        finally:
            with session.terminal.work(messages.text("cli.recording")) as work:
                done = [tasks.complete(library, each, second_copy=place, work=work) for each in takes]
        _answer(session, library, done, resource_id=id)


@verb("import")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--prompt", type=click.IntRange(min=1), help="Which prompt it answers; the first open one.")
@click.option("--mic", type=click.Path(path_type=Path), help="A separate lapel track of the same moment.")
def import_verb(session: Session, *, id: str, file: Path, prompt: int | None, mic: Path | None) -> None:
    """Copy any camera's file into the library as a take."""
    with session.write() as library:
        with session.terminal.work(messages.text("cli.importing", name=file.name)) as work:
            take = tasks.import_file(library, id, file, prompt=prompt, mic=mic, work=work.part(0, 0.3))
            folder = library.take_folder(take)
            make_working_copy(take, folder, in_background=False, work=work.part(0.3, 1))
        _answer(session, library, [take], resource_id=id)


@verb("caption")
@click.argument("id")
@click.option("--model", default="base", show_default=True, help="Name in the catalogue, or a folder.")
@click.option(
    "--language",
    default="",
    help="BCP 47, such as en or de-AT; else the resource's, else the one that is heard.",
)
@click.option("--again", is_flag=True, help="Also takes that have their words already.")
def caption_verb(session: Session, *, id: str, model: str, language: str, again: bool) -> None:
    """Write down what is said in every take that has no words yet."""
    with session.write() as library:
        with session.terminal.work(messages.text("cli.captioning")) as work:
            made = tasks.caption(library, id, model=model, language=language, again=again, work=work)
        found = read_result(library, id)
    words = sum(len(each.words) for each in made)
    line = messages.text("cli.captioned", takes=len(made), words=words)
    session.terminal.result(
        {"id": id, "takes": [each.take_id for each in made], "words": words},
        table=line if made else messages.text("cli.nothing_to_caption"),
    )
    tell_unheard(session, found)


def _answer(session: Session, library: Library, takes: list[Take], *, resource_id: str) -> None:
    """Say what was recorded; of several takes the document is that of the last, with all in ``takes``."""
    documents = [_document(library, each, resource_id=resource_id) for each in takes]
    document = {**documents[-1], "takes": documents} if len(documents) > 1 else documents[-1]
    lines = [
        messages.text(
            "cli.recorded",
            length=clock(each.duration_us / 1e6),
            prompt=each.prompt.title,
            path=library.take_folder(each),
        )
        for each in takes
    ]
    session.terminal.result(document, table="\n".join(lines))
    for each in takes:
        _tell_events(session, each)


def _document(library: Library, take: Take, *, resource_id: str) -> dict[str, Any]:
    return {
        "id": take.id,
        "resource": resource_id,
        "prompt": take.prompt.id,
        "state": take.state,
        "duration_s": take.duration_us / 1e6,
        "path": str(library.take_folder(take)),
        "events": [each.text for each in take.events],
        "markers_s": [each.at_us / 1e6 for each in take.markers],
    }


def _tell_events(session: Session, take: Take) -> None:
    if take.state == "unfinished":
        session.terminal.tell(messages.text("cli.take_unfinished"))
        return
    told = ", ".join(messages.text(f"events.{each.text}") for each in take.events)
    if take.state == "safe" and told:
        session.terminal.tell(messages.text("cli.take_note", events=told))
    elif take.state == "damaged":
        session.terminal.tell(messages.text("cli.take_damaged", events=told))
