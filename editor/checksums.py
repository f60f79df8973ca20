"""Join and checksum files, and remember what a verified one looked like so that the next look is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from capture.files import sync_file, write_whole
from capture.work import Work

STAMP_FILE = ".verified.json"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a verified file looked like, so that the next use need not read all of it again."""

    name: str
    size_bytes: int
    mtime_ns: int
    sha256: str


def stamp(path: Path, sha256: str) -> Stamp:
    """Return how ``path`` looks now, with the checksum it was found to have."""
    status = path.stat()
    return Stamp(path.name, status.st_size, status.st_mtime_ns, sha256)


def join(paths: Sequence[Path], target: Path, *, work: Work) -> Stamp:
    """Write the files one after the other into ``target`` and return what came out."""
    total = sum(path.stat().st_size for path in paths)
    digest = hashlib.sha256()
    done = 0
    with target.open("wb") as out:
        for path in paths:
            with path.open("rb") as file:
                for block in _blocks(file):
                    work.checkpoint()
                    digest.update(block)
                    out.write(block)
                    done += len(block)
                    work.report(done / total)
    sync_file(target)
    return stamp(target, digest.hexdigest())


def file_sha256(path: Path, *, work: Work) -> str:
    """Return the checksum of a file."""
    digest = hashlib.sha256()
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        for block in _blocks(file):
            work.checkpoint()
            digest.update(block)
            work.report(file.tell() / size, "models.verifying")
    return digest.hexdigest()


def write_stamps(folder: Path, stamps: Sequence[Stamp]) -> None:
    """Remember in ``folder`` what its verified files look like."""
    write_whole(folder / STAMP_FILE, msgspec.json.encode(list(stamps)))


def read_stamps(folder: Path) -> dict[str, Stamp]:
    """Return what was remembered of the files in ``folder``, by name."""
    try:
        stamps = msgspec.json.decode((folder / STAMP_FILE).read_bytes(), type=list[Stamp])
    except (OSError, msgspec.DecodeError):
        return {}
    return {stamp.name: stamp for stamp in stamps}


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK_BYTES):
        yield block
