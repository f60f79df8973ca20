"""The zip that a learning system takes: a file that says what is in it, then the player page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from capture.work import Work
from export import player
from export.package import Entry, write_zip
from export.target import Edition


def write_course(
    edition: Edition,
    folder: Path,
    *,
    target: str,
    name: str,
    write: Callable[[Sequence[str]], bytes],
    work: Work,
) -> Path:
    """Write the zip of ``target`` into ``folder`` and return it.

    Args:
        name: What the file that says what is in it is called.
        write: What it holds, from the names of the other files, the page first.
    """
    pages = player.page(edition, adapter=target)
    path = folder / f"{edition.stem}-{target}.zip"
    written = Entry(name, write([entry.name for entry in pages]))
    write_zip(path, [written, *pages], work=work)
    return path
