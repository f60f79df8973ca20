"""Files appear whole or not at all, and are still there after a power cut."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it into place if the block ends well.

    On any exception, cancelling included, the temporary file is removed and ``path`` stays as it was.
    """
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part{path.suffix[:12]}")
    try:
        yield part
        sync_file(part)
        part.replace(path)
        sync_folder(path.parent)
    finally:
        # On a disk that refuses this too, the first error is the one to hear of.
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(data)


def sync_file(path: Path) -> None:
    """Make the content of ``path`` last through a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` last through a power cut (Windows does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
