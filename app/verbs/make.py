"""Verbs that do the whole job in one go: make, demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

import assets
from app import messages
from app.verbs.common import (
    Session,
    rendition_options,
    targets_option,
    tell_unheard,
    verb,
    wanted_rendition,
)
from app.verbs.publish import answer
from editor.library import Library
from editor.model import LEVELS
from editor.result import read_result
from export import demo, make


@verb("make")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--title", required=True)
@click.option("--expert", default="", metavar='"NAME, ROLE"')
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the packages; the library's else.")
@targets_option
@click.option("--level", type=click.Choice(LEVELS))
@click.option("--role", "roles", multiple=True)
@rendition_options
def make_verb(
    session: Session,
    *,
    files: tuple[Path, ...],
    title: str,
    expert: str,
    out: Path | None,
    targets: tuple[str, ...],
    level: str | None,
    roles: tuple[str, ...],
    **rendition: Any,
) -> None:
    """Make packages out of recordings: import, tidy, caption, tag, check, export, in one go."""
    with session.write() as library, session.terminal.work(messages.text("cli.making")) as work:
        made = make.make(
            library,
            files,
            title=title,
            expert=expert,
            level=level,
            roles=roles,
            targets=targets,
            out=out,
            rendition=wanted_rendition(**rendition),
            work=work,
        )
        found = read_result(library, made.resource.id)
    answer(session.terminal, made.published, timings_s=made.timings_s)
    tell_unheard(session, found)


@verb("demo")
@click.option("--out", type=click.Path(path_type=Path), default=Path("lapel-demo"), show_default=True)
def demo_verb(session: Session, *, out: Path) -> None:
    """Record the bundled interview through file devices and publish it, end to end."""
    folder = session.folder if session.folder_given else out / "library"
    with (
        Library.open(folder, write=True, holder="lapel demo") as library,
        session.terminal.work(messages.text("cli.making")) as work,
    ):
        made = demo.demo(library, assets.SAMPLE, out=out, work=work)
    answer(session.terminal, made.published, timings_s=made.timings_s)
    page = next(each.path / "index.html" for each in made.published.packages if each.target == "web")
    session.terminal.tell(messages.text("cli.demo_done", path=out.resolve(), page=page.resolve()))
    if sys.stdin.isatty() and not session.terminal.as_json:
        from app import window

        if window.has_screen() and click.confirm(messages.text("cli.offer_window"), default=True, err=True):
            window.run(folder)
