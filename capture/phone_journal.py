"""Keep every part that a phone sends, so that neither a dead link nor a dead laptop loses or doubles any.

A part is appended to ``phone-001.part``, made to last, journalled as one line of ``phone-001.jsonl``, made to
last again, and only then acknowledged. The journal is the truth: what lies in the file beyond it was never
acknowledged, still is on the phone, and is cut away when the file is opened again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

import msgspec

from capture.files import sync_folder, write_whole

CHUNK_BYTES = 1 << 20
MOST_SEGMENTS = 999
_MP4 = b"ftyp"
_WEBM = b"\x1a\x45\xdf\xa3"
_SEGMENT_FILE = re.compile(r"phone-(\d{3})\.jsonl")


class Part(msgspec.Struct, frozen=True):
    """One journalled part."""

    seq: int
    length: int
    sha256: str


class SegmentEnd(msgspec.Struct, frozen=True):
    """What the phone says of a segment that it has closed.

    Args:
        parts: How many it made.
        length: Bytes in all.
        started_us: When it began, on the laptop's monotonic clock as the phone reckons it; 0 if unknown.
        why: ``stopped``, or what ended it early (``track_ended``, ``interrupted``, ``space``).
    """

    parts: int
    length: int
    started_us: int = 0
    why: str = "stopped"


class OutOfOrderError(Exception):
    """A part came that is not the next one, which is ``expected``."""

    def __init__(self, expected: int) -> None:
        super().__init__(expected)
        self.expected = expected


class DifferentPartError(Exception):
    """A part of this number is already here, and it is another one."""


class WrongHashError(Exception):
    """The bytes are not those that the phone sent."""


class DamagedPartsError(Exception):
    """What is on disk is not what was acknowledged."""


class SegmentStore:
    """One file that a phone is sending. Not safe for several threads at once.

    Args:
        folder: The take's folder; must exist.
        segment: 1, 2, … within the take.
    """

    def __init__(self, folder: Path, segment: int) -> None:
        self._folder = folder
        self.segment = segment
        self._part_path = folder / f"phone-{segment:03}.part"
        self._journal_path = folder / f"phone-{segment:03}.jsonl"
        self._end_path = folder / f"phone-{segment:03}.json"
        self._files: tuple[BinaryIO, BinaryIO] | None = None
        self.parts: list[Part] = []
        self.length = 0
        self._journal_bytes = 0
        self._reopen()

    @property
    def next_seq(self) -> int:
        """The number of the part that is expected."""
        return len(self.parts)

    @property
    def finished_file(self) -> Path | None:
        """The finished file, if there is one."""
        found = (self._folder / f"phone-{self.segment:03}{suffix}" for suffix in (".mp4", ".webm"))
        return next((path for path in found if path.exists()), None)

    def add(self, seq: int, data: bytes, *, sha256: str) -> bool:
        """Keep a part for good; return whether it was new.

        Raises:
            WrongHashError: ``data`` is not what ``sha256`` says.
            OutOfOrderError: An earlier part is missing.
            DifferentPartError: That number is taken by another part.
            OSError: The disk does not take it; nothing is kept of it.
        """
        if hashlib.sha256(data).hexdigest() != sha256:
            raise WrongHashError
        if seq < self.next_seq:
            if self.parts[seq].sha256 != sha256:
                raise DifferentPartError
            return False
        if seq > self.next_seq or self.finished_file is not None:
            raise OutOfOrderError(self.next_seq)
        part = Part(seq, len(data), sha256)
        self._append(data, msgspec.json.encode(part) + b"\n")
        self.parts.append(part)
        self.length += len(data)
        return True

    def finish(self, end: SegmentEnd) -> Path:
        """Check every byte against the journal and give the file its name; may be asked again.

        Raises:
            OutOfOrderError: Parts are missing.
            DamagedPartsError: The file is not what was acknowledged; it stays as it is.
            OSError: The disk does not take it.
        """
        done = self.finished_file
        if done is not None:
            return done
        if (self.next_seq, self.length) != (end.parts, end.length) or not self.parts:
            raise OutOfOrderError(self.next_seq)
        self.close()
        head = self._checked()
        suffix = ".webm" if head.startswith(_WEBM) else ".mp4" if head[4:8] == _MP4 else ""
        if not suffix:
            raise DamagedPartsError
        write_whole(self._end_path, msgspec.json.encode(end))
        target = self._part_path.with_suffix(suffix)
        self._part_path.replace(target)
        sync_folder(self._folder)
        return target

    def close(self) -> None:
        """Let the files go; the next part opens them again."""
        for file in self._files or ():
            file.close()
        self._files = None

    def _reopen(self) -> None:
        """Take up what the journal says, and cut what it does not."""
        if self.finished_file is not None:
            self.parts = _journalled(self._journal_path)[0]
            self.length = sum(part.length for part in self.parts)
            return
        parts, journal_bytes = _journalled(self._journal_path)
        size = self._part_path.stat().st_size if self._part_path.exists() else 0
        while parts and sum(part.length for part in parts) > size:
            # Only a disk that lied about fsync gets here: better asked for again than played broken.
            journal_bytes -= len(msgspec.json.encode(parts.pop())) + 1
        self.parts, self.length = parts, sum(part.length for part in parts)
        _cut(self._part_path, self.length)
        _cut(self._journal_path, journal_bytes)
        self._journal_bytes = journal_bytes

    def _append(self, data: bytes, line: bytes) -> None:
        try:
            file, journal = self._opened()
            _write_through(file, data)
            _write_through(journal, line)
        except OSError:
            self.close()
            # A full disk may have taken half of it.
            with contextlib.suppress(OSError):
                _cut(self._part_path, self.length)
                _cut(self._journal_path, self._journal_bytes)
            raise
        self._journal_bytes += len(line)

    def _opened(self) -> tuple[BinaryIO, BinaryIO]:
        if self._files is None:
            file = self._part_path.open("ab", buffering=0)
            journal = self._journal_path.open("ab", buffering=0)
            self._files = file, journal
            sync_folder(self._folder)
        return self._files

    def _checked(self) -> bytes:
        """Return the first bytes of a file that holds exactly what was acknowledged."""
        head = b""
        with self._part_path.open("rb") as file:
            for part in self.parts:
                digest, left = hashlib.sha256(), part.length
                while left and (data := file.read(min(left, CHUNK_BYTES))):
                    head = head or data[:16]
                    digest.update(data)
                    left -= len(data)
                if digest.hexdigest() != part.sha256:
                    raise DamagedPartsError
            if file.read(1):
                raise DamagedPartsError
        return head


def segments_in(folder: Path) -> tuple[int, ...]:
    """Return the numbers of all segments of which anything was journalled in a take's folder."""
    found = (_SEGMENT_FILE.fullmatch(path.name) for path in folder.glob("phone-*.jsonl"))
    return tuple(sorted(int(match.group(1)) for match in found if match is not None))


def read_end(folder: Path, segment: int) -> SegmentEnd | None:
    """Return what the phone said of a finished segment."""
    path = folder / f"phone-{segment:03}.json"
    return msgspec.json.decode(path.read_bytes(), type=SegmentEnd) if path.exists() else None


def _journalled(path: Path) -> tuple[list[Part], int]:
    """Return the parts of a journal and how many of its bytes are whole lines in order."""
    parts: list[Part] = []
    whole_bytes = 0
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        try:
            part = msgspec.json.decode(line, type=Part)
        except msgspec.DecodeError:
            break
        if not line.endswith(b"\n") or part.seq != len(parts):
            break
        parts.append(part)
        whole_bytes += len(line)
    return parts, whole_bytes


def _write_through(file: BinaryIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    os.fsync(file.fileno())


def _cut(path: Path, length: int) -> None:
    if path.exists() and path.stat().st_size > length:
        with path.open("rb+") as file:
            file.truncate(length)
            os.fsync(file.fileno())
