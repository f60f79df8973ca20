"""Write packages: the same entries give the same bytes on every computer, and memory stays flat."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capture.files import sync_file, whole_file
from capture.work import Work

CHUNK_BYTES = 1 << 20
NAME_LENGTH = 120  # learning systems unpack below long folders of their own
STEM_LENGTH = 60  # names stay well below the 260 characters of a Windows path
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell: a package does not depend on when it was made
_NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package: its ASCII name, and its bytes or the file that holds them."""

    name: str
    source: bytes | Path

    @property
    def size_bytes(self) -> int:
        """How long the file is."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size


def stem_of(title: str, *, otherwise: str) -> str:
    """Return an ASCII file name for a title; ``otherwise`` (an id) where nothing of it can be spelt."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:STEM_LENGTH].strip("-")
    if not stem or _RESERVED.fullmatch(stem):
        return f"resource-{re.sub(r'[^A-Za-z0-9]+', '', otherwise)}"
    return stem


def is_portable(name: str) -> bool:
    """Return whether every system can unpack a name: plain ASCII, not too long, nothing reserved."""
    parts = name.split("/")
    return (
        _NAME.fullmatch(name) is not None
        and ".." not in parts
        and len(name) <= NAME_LENGTH
        and not any(_RESERVED.fullmatch(part.partition(".")[0]) for part in parts)
    )


def clean(text: str) -> str:
    """Return the text without what XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""
    return "".join(
        each
        if each in "\t\n\r" or " " <= each < "\ud800" or "\ue000" <= each <= "\ufffd" or each > "\uffff"
        else " "
        for each in text
    )


def write_zip(path: Path, entries: Sequence[Entry], *, work: Work) -> None:
    """Write a zip in the order of ``entries``, whole or not at all.

    Nothing is deflated: video does not shrink, and what zlib makes of the rest differs between its builds,
    which would cost the promise that a rebuilt package is identical.
    """
    total = sum(entry.size_bytes for entry in entries)
    done = 0
    with whole_file(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for entry in _checked(entries):
            info = zipfile.ZipInfo(entry.name, _DATE)
            info.create_system = 3  # Unix on every computer
            info.external_attr = 0o100644 << 16
            info.file_size = entry.size_bytes  # lets zipfile choose Zip64 before it writes
            with archive.open(info, "w") as out:
                for chunk in _chunks(entry):
                    out.write(chunk)
                    done += len(chunk)
                    work.report(done / max(1, total))
                    work.checkpoint()


def write_folder(folder: Path, entries: Sequence[Entry], *, work: Work) -> None:
    """Write the entries as files below ``folder``, which the caller removes if this fails."""
    total = sum(entry.size_bytes for entry in entries)
    done = 0
    for entry in _checked(entries):
        path = folder / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            for chunk in _chunks(entry):
                out.write(chunk)
                done += len(chunk)
                work.report(done / max(1, total))
                work.checkpoint()
        sync_file(path)


def size_bytes(path: Path) -> int:
    """Return the size of a file, or of all files below a folder."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size


def _checked(entries: Sequence[Entry]) -> Sequence[Entry]:
    names = [entry.name.lower() for entry in entries]
    strange = [name for name in names if not _NAME.fullmatch(name) or ".." in name.split("/")]
    if strange or len(set(names)) != len(names):
        raise ValueError(f"package names must be plain ASCII and distinct: {strange or names}")
    return entries


def _chunks(entry: Entry) -> Iterator[bytes]:
    if isinstance(entry.source, bytes):
        yield entry.source
        return
    with entry.source.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
