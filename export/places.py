"""Where packages are built and where they go: whole or not at all, and never over what was there."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from capture.errors import BadInputError
from capture.files import sync_folder, write_whole
from editor import folders


@contextlib.contextmanager
def rooms(home: Path, *, out: Path | None) -> Iterator[tuple[Path, Path]]:
    """Yield a folder to render in and one to build packages in; both are gone afterwards.

    Args:
        home: Folder of the library that holds the versions of a resource.
        out: Folder the packages will go to; the second folder is in it, so that moving them is a rename.

    Raises:
        BadInputError: One of them cannot be written.
    """
    fresh = [each for folder in (out, home) if folder is not None for each in _missing(folder)]
    made: list[Path] = []
    try:
        try:
            for parent in (home, out or home):
                made.append(folders.unfinished_folder(parent))
        except OSError as error:
            raise cannot_write(parent, error) from error
        yield made[0], made[1]
    finally:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        for folder in fresh:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only where it stayed empty: a failed export leaves nothing behind


def move_in(built: Path, place: Path) -> None:
    """Move all that is in ``built`` into ``place``; a namesake there is replaced at the last moment.

    Raises:
        BadInputError: The disk refuses.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        for item in sorted(built.iterdir()):
            target = place / item.name
            if target.is_dir() or (target.exists() and item.is_dir()):
                aside = folders.unfinished_folder(place)
                target.rename(aside / "old")
                item.rename(target)
                shutil.rmtree(aside)
            else:
                item.replace(target)
        sync_folder(place)
    except OSError as error:
        raise cannot_write(place, error) from error


def write_record(path: Path, data: bytes) -> None:
    """Write a small file into a folder that may not be there yet.

    Raises:
        BadInputError: The disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise cannot_write(path.parent, error) from error


def _missing(folder: Path) -> list[Path]:
    """Return what would have to be made for ``folder`` to be there, the deepest first."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def cannot_write(folder: Path, error: OSError) -> BadInputError:
    """Return the error that says why a folder cannot be written."""
    return BadInputError("export.cannot_write", folder=folder, reason=error.strerror or error)
