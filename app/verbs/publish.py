"""Verbs that bring a resource to its readers: check, export, preview."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from app import messages
from app.terminal import Terminal, clock, table
from app.verbs.common import Session, rendition_options, targets_option, verb, wanted_rendition
from capture.errors import UserError
from editor.result import read_result
from export import checks, preview, publish, rehearsal
from export.checks import Check
from export.publish import Published
from export.target import target_title
from export.terms import Terms


@verb("check")
@click.argument("id")
@click.pass_context
def check_verb(ctx: click.Context, session: Session, *, id: str) -> None:
    """Say what stands between this resource and publishing; exits 1 while something must be mended."""
    with session.read() as library, session.terminal.work(messages.text("cli.checking")) as work:
        found = rehearsal.check_all(read_result(library, id), work=work)
    headings = [messages.text(f"cli.heading.{key}") for key in ("check", "what", "fix")]
    rows = [
        (messages.text(f"cli.check_{each.level}"), checks.text(each), f"{checks.fix(each)} {command}".strip())
        for each, command in ((each, checks.command(each, resource_id=id)) for each in found)
    ]
    session.terminal.result(
        [check_document(each, resource_id=id) for each in found], table=table(headings, rows)
    )
    ctx.exit(1 if checks.errors(found) else 0)


def check_document(check: Check, *, resource_id: str) -> dict[str, Any]:
    """Return one finding of ``check --json``: what it is, what to do, and on which screen."""
    return {
        "level": check.level,
        "check": check.key,
        "text": checks.text(check),
        "fix": checks.fix(check),
        "command": checks.command(check, resource_id=resource_id) or None,
        "place": check.place,
        "field": check.field,
        "target": check.target or None,
    }


@verb("export")
@click.argument("id")
@targets_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the packages; the library's else.")
@click.option(
    "--completion",
    type=click.IntRange(0, 100),
    default=80,
    show_default=True,
    metavar="PERCENT",
    help="Complete when so much was watched; 0: when opened.",
)
@click.option("--feedback/--no-feedback", default=True, help="Ask whether it helped.")
@click.option("--transcript/--no-transcript", default=True, help="What is said as text to read and search.")
@click.option("--download/--no-download", default=False, help="Offer the video as a file to keep.")
@click.option("--note", default="", help="What changed in this version.")
@click.option(
    "--base-iri", metavar="URL", help="What names in record stores start with; kept for later ones."
)
@click.option("--feedback-to", "feedback_url", metavar="URL", help="Where the web page sends answers.")
@rendition_options
def export_verb(
    session: Session,
    *,
    id: str,
    targets: tuple[str, ...],
    out: Path | None,
    completion: int,
    feedback: bool,
    transcript: bool,
    download: bool,
    note: str,
    base_iri: str | None,
    feedback_url: str | None,
    **rendition: Any,
) -> None:
    """Publish the next version as packages."""
    terms = Terms(
        completion_percent=completion,
        feedback=feedback,
        transcript=transcript,
        download=download,
        note=note,
        base_iri=base_iri,
        feedback_url=feedback_url,
        rendition=wanted_rendition(**rendition),
    )
    with session.write() as library, session.terminal.work(messages.text("cli.exporting")) as work:
        done = publish.publish(library, id, targets=targets, out=out, terms=terms, work=work)
    answer(session.terminal, done)


@verb("preview")
@click.argument("id")
@click.option("--target", default="scorm12", show_default=True)
def preview_verb(session: Session, *, id: str, target: str) -> None:
    """Serve the newest package inside a real runtime on this computer, until Ctrl-C."""
    with session.read() as library:
        package = publish.newest_package(library, id, target=target)

    def told(url: str) -> None:
        session.terminal.tell(messages.text("cli.previewing", url=url))
        if session.terminal.as_json:
            session.terminal.result({"url": url})

    with session.terminal.work("") as work:
        preview.serve(package, target=target, on_ready=told, work=work)


def answer(terminal: Terminal, done: Published, *, timings_s: dict[str, float] | None = None) -> None:
    """Print what was made; a target that could not be built is told, and makes the verb fail.

    Raises:
        UserError: Why a target could not be built; the others are there.
    """
    terminal.result(
        published_document(done, timings_s=timings_s), table=published_table(done, timings_s=timings_s)
    )
    for told in dict.fromkeys(map(checks.words, done.checks)):
        terminal.tell(told)
    if done.rendered is not None and done.rendered.why:
        terminal.tell(messages.text(f"render.why.{done.rendered.why}"))
    for target, reason in done.failed:
        name = target_title(target)
        terminal.tell(messages.text("cli.target_failed", target=name, reason=messages.sentence(reason)))
    if done.failed:
        names = ", ".join(target_title(target) for target, _ in done.failed)
        raise UserError("export.some_failed", targets=names)


def published_document(done: Published, *, timings_s: dict[str, float] | None = None) -> dict[str, Any]:
    """Return the document of ``export --json`` and ``make --json``, as PRODUCT.md section 5 fixes it."""
    return {
        "id": done.resource_id,
        "version": done.version,
        "duration_s": done.duration_us / 1e6,
        "cues": done.cues,
        "packages": [
            {"target": each.target, "path": str(each.path), "bytes": each.bytes, "seconds": each.seconds}
            for each in done.packages
        ],
        "timings_s": timings_s or done.timings_s,
        "video": _video_document(done),
    }


def _video_document(done: Published) -> dict[str, Any] | None:
    made = done.rendered
    if made is None:
        return None
    return {
        "width": made.size.width_px,
        "height": made.size.height_px,
        "bytes": made.bytes,
        "copied_share": round(made.copied_frames / made.frames, 4),
        "encoded_anew": messages.text(f"render.why.{made.why}") if made.why else None,
    }


def published_table(done: Published, *, timings_s: dict[str, float] | None = None) -> Table:
    """Return what was made and where, then how long each step took."""
    headings = [messages.text(f"cli.heading.{key}") for key in ("target", "path", "size", "seconds")]
    rows: list[tuple[object, ...]] = [
        (each.target, each.path, f"{each.bytes / 1e6:.1f} MB", f"{each.seconds:.1f}")
        for each in done.packages
    ]
    for step, seconds in (timings_s or done.timings_s).items():
        rows.append((messages.text(f"cli.step.{step}"), "", "", f"{seconds:.1f}"))
    title = messages.text(
        "cli.published", version=done.version, title=done.title, length=clock(done.duration_us / 1e6)
    )
    return table(headings, rows, title=title)
