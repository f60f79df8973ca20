"""Tell a whole MP4 or MOV file from one whose end is missing, by its outermost boxes.

ISO/IEC 14496-12 (4.2): a file is a row of boxes, each with its size in front. What plays an unfragmented
file stands in ``moov``, which cameras write last: a file without it cannot be played at all.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct(">I4s")
_LARGE_SIZE = struct.Struct(">Q")
_MOST_BOXES = 1_000_000  # more than a day of fragments; a bound for nonsense


@dataclass(frozen=True, slots=True)
class Boxes:
    """The kinds of the outermost boxes, in order, and whether the last one is all there."""

    kinds: tuple[str, ...]
    whole: bool

    @property
    def is_movie(self) -> bool:
        """Whether this is an MP4 or MOV at all."""
        return bool(self.kinds) and self.kinds[0] in {"ftyp", "moov", "mdat", "wide", "free", "skip"}

    @property
    def is_truncated(self) -> bool:
        """Whether the end is missing. A fragmented file plays up to where it was cut off."""
        return self.is_movie and ("moov" not in self.kinds or (not self.whole and "moof" not in self.kinds))


def read_boxes(path: Path) -> Boxes:
    """Return the outermost boxes of ``path``; nonsense gives few or none."""
    kinds: list[str] = []
    size_bytes = path.stat().st_size
    offset = 0
    with path.open("rb") as file:
        while offset + _HEADER.size <= size_bytes and len(kinds) < _MOST_BOXES:
            file.seek(offset)
            length, kind = _HEADER.unpack(file.read(_HEADER.size))
            if not all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind):
                break
            if length == 1:
                length = _LARGE_SIZE.unpack(file.read(_LARGE_SIZE.size).ljust(_LARGE_SIZE.size, b"\0"))[0]
            elif length == 0:  # reaches to the end of the file
                length = size_bytes - offset
            if length < _HEADER.size:
                break
            kinds.append(kind.decode("latin-1"))
            offset += length
    return Boxes(tuple(kinds), whole=offset == size_bytes)
