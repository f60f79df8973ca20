"""What every verb shares: where the library is, how to answer, how times and lists are written."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app import messages
from app.terminal import Terminal, clock
from editor import library as libraries
from editor.library import Library
from editor.model import Rendition
from editor.result import Result
from editor.unheard import unheard
from export import registry

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")


class Session:
    """One call of a verb: its library and its terminal."""

    def __init__(self, *, folder: Path | None, as_json: bool, verb: str) -> None:
        self.folder_given = folder is not None
        self.folder = folder or libraries.default_folder()
        self.terminal = Terminal(as_json=as_json)
        self._verb = verb

    def read(self) -> Library:
        """Open the library to look at it."""
        return Library.open(self.folder, write=False)

    def write(self) -> Library:
        """Open the library to change it; fails at once, naming the holder, while somebody else does."""
        return Library.open(self.folder, write=True, holder=f"lapel {self._verb}")


def verb(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a click command that takes ``--library`` and ``--json`` and hands on a ``Session`` first."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @click.option("--library", "folder", type=click.Path(path_type=Path), help="Folder of the library.")
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
        @functools.wraps(function)
        def call(folder: Path | None, as_json: bool, **given: Any) -> None:
            function(Session(folder=folder, as_json=as_json, verb=name), **given)

        return click.command(name)(call)

    return decorate


def tell_unheard(session: Session, found: Result) -> None:
    """Say of a result where somebody speaks and nothing was written down."""
    prompts = {take.id: take.prompt.title or take.prompt.text for take in found.takes}
    for each in unheard(found.cut_list, found.transcripts, found.resource.edit):
        session.terminal.tell(
            messages.text(
                "cli.flag",
                start=clock(each.start_us / 1e6),
                end=clock(each.end_us / 1e6),
                prompt=prompts[each.flag.take_id],
                reason=messages.text(f"flags.{each.flag.reason}"),
            )
        )


class Seconds(click.FloatRange):
    """A length in seconds; neither nan nor inf."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds."""
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(messages.text("cli.no_seconds", given=value), param, ctx)
        return float(seconds)


class Stretch(click.ParamType[tuple[int, int]]):
    """``A-B`` in seconds or ``m:ss``, as a pair of microseconds."""

    name = "A-B"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return ``(start_us, end_us)``."""
        if isinstance(value, tuple):
            return value
        parts = [_clock_us(part) for part in str(value).split("-")]
        if len(parts) != 2 or None in parts:
            self.fail(messages.text("cli.no_stretch", given=value), param, ctx)
        start_us, end_us = parts
        if start_us is None or end_us is None or end_us <= start_us:
            self.fail(messages.text("cli.backwards", given=value), param, ctx)
        return start_us, end_us


def _clock_us(written: str) -> int | None:
    found = _CLOCK.fullmatch(written.strip())
    if not found:
        return None
    hours, minutes, seconds = found.groups()
    return round((int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)) * 1_000_000)


def _targets(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return registry.BUILT
    return tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


targets_option = click.option(
    "--to",
    "targets",
    metavar="TARGET,...",
    callback=_targets,
    help="Which packages; all if left out.",
)


def rendition_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a verb take how the video is made."""
    options = (
        click.option(
            "--height",
            type=click.Choice(["720", "1080"]),
            default="720",
            show_default=True,
            help="Lines of the picture; 1080 is made from the cameras' own files and takes longer.",
        ),
        click.option("--lower-third", is_flag=True, help="Show name and role of the expert at the start."),
        click.option(
            "--burn-captions", is_flag=True, help="Captions in the picture of the video target's file."
        ),
        click.option("--max-mb", type=click.FloatRange(min=2), help="Keep every package under so many MB."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def wanted_rendition(
    *, height: str, max_mb: float | None, lower_third: bool, burn_captions: bool
) -> Rendition:
    """Return how the video is made, as ``rendition_options`` were given."""
    most_bytes = round((max_mb or 0) * 1e6)
    return Rendition(int(height), most_bytes, lower_third=lower_third, burnt_captions=burn_captions)
