"""Copy each safe take to a second place, such as a USB stick, and believe it only once it was read back.

The copy is laid out like the library's media folder, so that ``lapel recover`` can make takes of it again.
``take.json`` comes last: where it is, the copy is whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from capture.errors import BadInputError
from capture.files import sync_folder
from capture.take import TAKE_FILE, Take
from capture.work import Work

_BLOCK_BYTES = 1 << 20
#: What was captured; the rest is made again from it.
_PATTERNS = ("camera-*", "mic-*", "phone-*")
_KEYS = {
    errno.ENOSPC: "copy.full",
    errno.EDQUOT: "copy.full",
    errno.EFBIG: "copy.full",
    errno.EROFS: "copy.read_only",
    errno.EACCES: "copy.read_only",
    errno.EPERM: "copy.read_only",
}


class CopyError(Exception):
    """The second copy could not be made; the take itself is safe. ``key`` is one below ``events``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """A folder for second copies, and the device that it was on: a stick that was pulled leaves a folder."""

    folder: Path
    device: int


def copy_place(folder: Path) -> CopyPlace:
    """Return a place for second copies.

    Raises:
        BadInputError: There is no such folder.
    """
    try:
        if folder.is_dir():
            return CopyPlace(folder.absolute(), folder.stat().st_dev)
    except OSError as error:
        raise BadInputError("record.no_copy_folder", folder=folder) from error
    raise BadInputError("record.no_copy_folder", folder=folder)


def copy_take(folder: Path, take: Take, place: CopyPlace, *, work: Work) -> Path:
    """Copy the files of a take and return where they are, every byte read back.

    What an interrupted copy left is gone on with. A copy that is there is compared, and made again only where
    it differs.

    Args:
        folder: Where the take is.
        take: The take.
        place: Where to.
        work: Told of progress; asked whether to stop.

    Raises:
        CopyError: Full, gone, read-only, or what was read back differs.
    """
    work.report(0.0, "record.copying")
    target = place.folder / take.resource_id / take.id
    files = _files(folder)
    total = sum(each.stat().st_size for each in files) or 1
    done = 0
    try:
        for each in files:
            _require_there(place)
            target.mkdir(parents=True, exist_ok=True)
            size = each.stat().st_size
            _copy(each, target / each.name, work=work.part(done / total, min(1.0, (done + size) / total)))
            done += size
        _require_there(place)
    except OSError as error:
        raise CopyError(_KEYS.get(error.errno or 0, "copy.gone")) from error
    return target


def _files(folder: Path) -> list[Path]:
    """Return what makes a take, ``take.json`` last."""
    captured = {each for pattern in _PATTERNS for each in folder.glob(pattern) if each.is_file()}
    return [*sorted(captured), folder / TAKE_FILE]


def _require_there(place: CopyPlace) -> None:
    if place.folder.stat().st_dev != place.device:
        raise CopyError("copy.gone")


def _copy(source: Path, target: Path, *, work: Work) -> None:
    part = target.with_name(f".{target.name}.part")
    if target.exists() and _same(source, target, work=work):
        return
    with source.open("rb") as original, part.open("r+b" if part.exists() else "w+b") as copy:
        wanted = _fill(original, copy, work=work)
        copy.flush()
        os.fsync(copy.fileno())
        _forget_cached(copy)
        if _sha256(copy, work=work) != wanted:
            copy.truncate(0)
            raise CopyError("copy.differs")
    part.replace(target)
    sync_folder(target.parent)


def _fill(original: IO[bytes], copy: IO[bytes], *, work: Work) -> str:
    """Bring the copy up to the original from where they differ, and return the original's checksum."""
    digest = hashlib.sha256()
    size = os.fstat(original.fileno()).st_size or 1
    is_same = True
    done = 0
    while block := original.read(_BLOCK_BYTES):
        work.checkpoint()
        digest.update(block)
        if is_same and copy.read(len(block)) != block:
            is_same = False
            copy.seek(done)
        if not is_same:
            copy.write(block)
        done += len(block)
        work.report(done / size)
    copy.truncate(done)
    return digest.hexdigest()


def _same(source: Path, target: Path, *, work: Work) -> bool:
    if source.stat().st_size != target.stat().st_size:
        return False
    with source.open("rb") as original, target.open("rb") as copy:
        return _sha256(original, work=work) == _sha256(copy, work=work)


def _sha256(file: IO[bytes], *, work: Work) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK_BYTES):
        work.checkpoint()
        digest.update(block)
    return digest.hexdigest()


def _forget_cached(file: IO[bytes]) -> None:
    """Let what is read back come from the stick and not from memory, where the system can do that."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
