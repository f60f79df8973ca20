"""Show what the camera sees: the recorder writes small pictures, any number of windows look at them.

A file with three slots, mapped into the memory of both sides. The writer never waits for a reader; a reader
gets the newest picture whole or none at all. (Python's ``shared_memory`` will not do: its tracker removes
segments that another process still uses.)
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av import VideoFrame

MOST_PX = 640  # of the longer side
RATE_HZ = 15
_LEAST_GAP_US = 1_000_000 // RATE_HZ - 8_000  # pictures come a little early now and then
_SELDOM_GAP_US = 200_000
_BACK_US = 1_000_000  # an older picture than the one on the screen is of no use
_SLOTS = 3
_BYTES_PER_PX = 3
_MAGIC = b"LAPELPV1"
_FRONT = struct.Struct("<8sQ")  # what it is, and the number of the newest picture
_HEAD = struct.Struct("<QqIIII")  # number, time, width, height, bytes, checksum of all of it
_SLOT_BYTES = _HEAD.size + MOST_PX * MOST_PX * _BYTES_PER_PX
_FILE_BYTES = _FRONT.size + _SLOTS * _SLOT_BYTES


@dataclass(frozen=True, slots=True)
class PreviewFrame:
    """A small picture.

    Args:
        seq: Its number, from 1; pictures that nobody looked at in time are skipped.
        at_us: When it was taken, on this computer's monotonic clock.
        rgb: ``width_px * height_px * 3`` bytes, row by row from the top, without gaps.
    """

    seq: int
    at_us: int
    width_px: int
    height_px: int
    rgb: bytes


class PreviewRing:
    """The writer's side; there must be only one.

    Args:
        path: The file to make; removed again by ``close``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.truncate(path, _FILE_BYTES)
            self._map = mmap.mmap(handle, _FILE_BYTES)
        finally:
            os.close(handle)
        self._seq = 0
        _FRONT.pack_into(self._map, 0, _MAGIC, 0)

    def put(self, *, at_us: int, width_px: int, height_px: int, rgb: bytes) -> None:
        """Publish a picture, no side of which is longer than ``MOST_PX``."""
        if len(rgb) != width_px * height_px * _BYTES_PER_PX or max(width_px, height_px) > MOST_PX:
            raise ValueError("not a picture of this ring")
        seq = self._seq + 1
        head = (seq, at_us, width_px, height_px, len(rgb))
        offset = _offset(seq)
        _HEAD.pack_into(self._map, offset, *head, _checksum(head, rgb))
        begin = offset + _HEAD.size
        self._map[begin : begin + len(rgb)] = rgb
        self._seq = seq
        _FRONT.pack_into(self._map, 0, _MAGIC, seq)

    def close(self) -> None:
        """Let the file go; who still looks at it keeps the last picture."""
        self._map.close()
        self._path.unlink(missing_ok=True)


class PreviewReader:
    """The side of a window.

    Args:
        path: As ``State.preview`` of the recorder says.

    Raises:
        OSError: There is no such file.
        ValueError: It is no preview of this version.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != _FILE_BYTES:
                raise ValueError("not a preview of this version")
            self._map = mmap.mmap(file.fileno(), _FILE_BYTES, access=mmap.ACCESS_READ)
        if self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not a preview of this version")

    def newest(self, *, after: int = 0) -> PreviewFrame | None:
        """Return the newest whole picture, or None if there is none with a number above ``after``."""
        _, newest = _FRONT.unpack_from(self._map, 0)
        # The one before may be whole where the newest is being overwritten already.
        for seq in range(newest, max(after, newest - _SLOTS + 1, 0), -1):
            frame = self._read(seq)
            if frame is not None:
                return frame
        return None

    def close(self) -> None:
        """Look no more."""
        self._map.close()

    def __enter__(self) -> PreviewReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, seq: int) -> PreviewFrame | None:
        """Return this picture, or None if what was read is not it, all of it and nothing else."""
        offset = _offset(seq)
        *head, checksum = _HEAD.unpack_from(self._map, offset)
        found, at_us, width_px, height_px, length = head
        if found != seq or length > _SLOT_BYTES - _HEAD.size:
            return None
        begin = offset + _HEAD.size
        rgb = self._map[begin : begin + length]
        # A checksum, not the numbers alone: no processor promises the order of another one's writes.
        if _checksum(tuple(head), rgb) != checksum:
            return None
        return PreviewFrame(seq, at_us, width_px, height_px, rgb)


class Preview:
    """Makes small pictures of a camera's and publishes them, no more than ``RATE_HZ`` a second.

    Args:
        ring: Where to.
    """

    def __init__(self, ring: PreviewRing) -> None:
        from av.video.reformatter import VideoReformatter

        self._ring = ring
        self._reformatter = VideoReformatter()
        self._last_us: int | None = None

    def is_due(self, at_us: int, *, seldom: bool = False) -> bool:
        """Whether a picture taken at this moment is worth showing; ``seldom``: there is little time for."""
        last_us = self._last_us
        least_us = _SELDOM_GAP_US if seldom else _LEAST_GAP_US
        return last_us is None or not -_BACK_US <= at_us - last_us < least_us

    def show(self, frame: VideoFrame, *, at_us: int, rotation: int = 0) -> None:
        """Show a picture.

        Args:
            frame: As decoded, of any size and format.
            at_us: When it was taken, on the monotonic clock.
            rotation: Degrees, counter-clockwise, that turn it upright.
        """
        from av.video.reformatter import Interpolation

        from capture.video_file import range_of

        self._last_us = at_us
        scale = min(1.0, MOST_PX / max(frame.width, frame.height))
        width, height = (max(2, round(side * scale) & ~1) for side in (frame.width, frame.height))
        small = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            src_color_range=range_of(frame),
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        ).to_ndarray()
        if rotation % 90 == 0 and rotation % 360:
            import numpy as np

            small = np.rot90(small, rotation // 90)
        height, width = small.shape[:2]
        self._ring.put(at_us=at_us, width_px=width, height_px=height, rgb=small.tobytes())


def _offset(seq: int) -> int:
    return _FRONT.size + seq % _SLOTS * _SLOT_BYTES


def _checksum(head: tuple[int, ...], rgb: bytes) -> int:
    return zlib.crc32(rgb, zlib.crc32(repr(head).encode()))
