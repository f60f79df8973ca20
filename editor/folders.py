"""Remove and move folders so that they are there or gone, never half."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from capture.errors import UserError
from capture.files import sync_folder

#: How the names of folders start that are being filled or emptied; nobody else looks at them.
UNFINISHED = ".lapel-"


def unfinished_folder(parent: Path) -> Path:
    """Make and return a new folder in ``parent`` that ``clear_unfinished`` removes if nobody renames it."""
    folder = parent / f"{UNFINISHED}{secrets.token_hex(6)}"
    folder.mkdir(parents=True)
    return folder


def move_folder(folder: Path, to: Path) -> None:
    """Rename a folder within the library, and make that last through a power cut.

    Raises:
        UserError: A file in it is open elsewhere, or the disk refuses.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(to)
        sync_folder(to.parent)
        sync_folder(folder.parent)
    except OSError as error:
        raise UserError("library.folder_in_use", folder=folder, reason=error.strerror) from error


def remove_folder(folder: Path) -> None:
    """Remove a folder for good; it is out of sight before the first file of it goes.

    Raises:
        UserError: A file in it is open elsewhere, or the disk refuses.
    """
    if not folder.exists():
        return
    doomed = folder.with_name(f"{UNFINISHED}{secrets.token_hex(6)}")
    move_folder(folder, doomed)
    try:
        shutil.rmtree(doomed)
    except OSError as error:
        raise UserError("library.folder_in_use", folder=doomed, reason=error.strerror) from error


def clear_unfinished(parent: Path) -> None:
    """Remove what a killed program left in ``parent``: half-filled and half-emptied folders."""
    for folder in parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)  # still open elsewhere: next time
