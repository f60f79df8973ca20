"""Verbs that look after the machine and the library: doctor, recover, bundle, unbundle."""

from __future__ import annotations

from pathlib import Path

import click

from app import doctor, messages, trial
from app.terminal import table
from app.verbs.common import Session, verb
from editor import bundle, missing, resources


@verb("doctor")
@click.option("--test", "is_test", is_flag=True, help="Record 5 s with --camera and --mic, and judge them.")
@click.option("--clap", "is_clap", is_flag=True, help="Clap once meanwhile: measures how late the camera is.")
@click.option("--camera", default="none", metavar="SRC", help="For --test and --clap, as in lapel record.")
@click.option("--mic", default="none", metavar="SRC", help="For --test and --clap, as in lapel record.")
@click.pass_context
def doctor_verb(
    ctx: click.Context, session: Session, *, is_test: bool, is_clap: bool, camera: str, mic: str
) -> None:
    """Say what is ready on this machine and what to do about the rest."""
    if is_test or is_clap:
        trial.run(session.terminal, camera=camera, mic=mic, is_clap=is_clap)
        return
    if (camera, mic) != ("none", "none"):
        raise click.UsageError(messages.text("cli.test_what"))
    found = doctor.examine(session.folder)
    documents = [{"check": each.key, "ok": each.ok, "detail": each.detail, "fix": each.fix} for each in found]
    headings = [messages.text(f"cli.heading.{key}") for key in ("check", "ready", "what", "fix")]
    rows = [
        (
            messages.text(f"doctor.{each.key}"),
            messages.text("cli.yes" if each.ok else "cli.no"),
            each.detail,
            each.fix,
        )
        for each in found
    ]
    session.terminal.result(documents, table=table(headings, rows))
    ctx.exit(0 if all(each.ok for each in found if each.needed) else 1)


@verb("recover")
@click.option("--take", "take_id", help="A take whose files are missing; copy them back instead.")
@click.option("--from", "source", type=click.Path(path_type=Path, exists=True), help="Where its files are.")
def recover_verb(session: Session, *, take_id: str | None, source: Path | None) -> None:
    """Rebuild the takes of a lost database from their folders, or copy lost files of a take back."""
    if (take_id is None) != (source is None):
        raise click.UsageError(messages.text("cli.relocate_both"))
    if take_id is not None and source is not None:
        _relocate(session, take_id, source)
        return
    with session.write() as library, session.terminal.work(messages.text("cli.recovering")) as work:
        found = resources.recover(library, work=work)
    session.terminal.result(
        found,
        table=messages.text(
            "cli.recovered", takes=found.takes, resources=found.resources, repaired=found.repaired
        ),
    )
    for each in found.unreadable:
        session.terminal.tell(messages.text("cli.unreadable", path=each))


def _relocate(session: Session, take_id: str, source: Path) -> None:
    with session.write() as library, session.terminal.work(messages.text("cli.relocating")) as work:
        take = missing.relocate(library, take_id, source, work=work)
        path = str(library.take_folder(take))
    session.terminal.result(
        {"id": take.id, "path": path}, table=messages.text("cli.relocated", take=take.id, path=path)
    )


@verb("bundle")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def bundle_verb(session: Session, *, id: str, file: Path) -> None:
    """Pack a resource with its takes and edits into one .lapel file."""
    with session.read() as library, session.terminal.work(messages.text("cli.bundling")) as work:
        bundle.bundle(library, id, file=file, work=work)
    size = f"{file.stat().st_size / 1e6:.1f} MB"
    session.terminal.result(
        {"id": id, "path": str(file), "bytes": file.stat().st_size},
        table=messages.text("cli.bundled", path=file, size=size),
    )


@verb("unbundle")
@click.argument("file", type=click.Path(path_type=Path))
def unbundle_verb(session: Session, *, file: Path) -> None:
    """Bring a resource in from a .lapel file."""
    with session.write() as library, session.terminal.work(messages.text("cli.bundling")) as work:
        resource = bundle.unbundle(library, file, work=work)
    session.terminal.result(
        {"id": resource.id, "title": resource.title},
        table=messages.text("cli.unbundled", id=resource.id, title=resource.title),
    )
