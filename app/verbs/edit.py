"""Verbs that decide what remains: edit, choose, split."""

from __future__ import annotations

from pathlib import Path

import click

from app import messages
from app.terminal import clock
from app.verbs.common import Seconds, Session, Stretch, verb
from editor import cutlist, resources, tasks
from editor.model import CLEAN_SOUNDS, CleanSound
from editor.result import read_result


@verb("edit")
@click.argument("id")
@click.option("--trim", is_flag=True, help="Take off what is before and after the speech.")
@click.option("--remove-silence", "silence_s", type=Seconds(min=0.3), help="Cut pauses longer than SECONDS.")
@click.option("--remove-fillers", "fillers", is_flag=True, help="Cut um, uh and the like.")
@click.option("--cut", "cuts", multiple=True, type=Stretch(), help="Take out a stretch of the result.")
@click.option("--keep", "keeps", multiple=True, type=Stretch(), help="Keep only these stretches.")
@click.option("--clean-sound", type=click.Choice(CLEAN_SOUNDS), help="Take out noise; the takes keep theirs.")
@click.option("--captions", "captions_file", type=click.Path(path_type=Path), help="Take over a VTT or SRT.")
@click.option("--undo", is_flag=True, help="Take the last change back.")
@click.option("--redo", is_flag=True, help="Make the change again that was taken back last.")
def edit_verb(
    session: Session,
    *,
    id: str,
    trim: bool,
    silence_s: float | None,
    fillers: bool,
    cuts: tuple[tuple[int, int], ...],
    keeps: tuple[tuple[int, int], ...],
    clean_sound: CleanSound | None,
    captions_file: Path | None,
    undo: bool,
    redo: bool,
) -> None:
    """Make it shorter, or cleaner. All that one call does is one step that --undo takes back."""
    rules = bool(trim or fillers or silence_s is not None or cuts or keeps or clean_sound)
    if [undo, redo, rules, captions_file is not None].count(True) != 1:
        raise click.UsageError(messages.text("cli.edit_what"))
    with session.write() as library:
        before = read_result(library, id).cut_list
        step = library.next_undo(id) if undo else library.next_redo(id) if redo else None
        if undo and library.undo(id) is None:
            raise click.UsageError(messages.text("cli.nothing_undone"))
        if redo and library.redo(id) is None:
            raise click.UsageError(messages.text("cli.nothing_redone"))
        if rules:
            silence_us = None if silence_s is None else round(silence_s * 1e6)
            wanted = tasks.Tidy(
                trim=trim,
                silence_us=silence_us,
                fillers=fillers,
                cuts=cuts,
                keeps=keeps,
                clean_sound=clean_sound,
            )
            with session.terminal.work(messages.text("cli.tidying")) as work:
                tasks.edit(library, id, wanted, work=work)
        if captions_file is not None:
            tasks.read_captions(library, id, captions_file)
        found = read_result(library, id)
    after = found.cut_list
    document = {
        "id": id,
        "before_s": before.duration_us / 1e6,
        "duration_s": after.duration_us / 1e6,
        "spans": len(after.placed),
    }
    lengths = {"before": clock(before.duration_us / 1e6), "after": clock(after.duration_us / 1e6)}
    if step is None:
        line = messages.text("cli.edited", **lengths)
    else:
        key = "cli.undone" if undo else "cli.redone"
        line = messages.text(key, label=messages.done(step.label), **lengths)
    session.terminal.result(document, table=line)
    heard = {each.take_id for each in found.transcripts}
    chosen = cutlist.chosen_takes(found.resource, found.takes)
    silent = [take.prompt.title or take.prompt.text for take in chosen if take.id not in heard]
    if fillers and silent:
        session.terminal.tell(messages.text("cli.no_words_yet", prompts=", ".join(silent), id=id))


@verb("choose")
@click.argument("id")
@click.argument("take")
@click.option("--note", help="Also keep a note on it; an empty one takes the note away.")
def choose_verb(session: Session, *, id: str, take: str, note: str | None) -> None:
    """Make a take the one for its prompt."""
    with session.write() as library:
        resources.choose(library, id, take_id=take)
        if note is not None:
            tasks.note_take(library, take, note=note)
    session.terminal.result({"id": id, "take": take}, table=messages.text("cli.chosen"))


@verb("split")
@click.argument("id")
@click.option("--chapters", required=True, metavar="N,N", help="Which chapters, from 1.")
@click.option("--title", required=True)
def split_verb(session: Session, *, id: str, chapters: str, title: str) -> None:
    """Make a new resource from chapters of this one, sharing the takes."""
    numbers = [part.strip() for part in chapters.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in numbers):
        raise click.UsageError(messages.text("cli.no_chapters", given=chapters))
    with session.write() as library:
        made = resources.split(library, id, chapters=[int(part) for part in numbers], title=title)
    session.terminal.result(
        {"id": made.id, "title": made.title},
        table=messages.text("cli.split", id=made.id, title=made.title, chapters=len(numbers)),
    )
