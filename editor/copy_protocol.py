"""What Lapel and the process that makes a working copy say to each other: one JSON document a line."""

from __future__ import annotations

import msgspec

from editor.caption_protocol import Failed, Progress


class Written(msgspec.Struct, frozen=True, tag=True):
    """From the worker: the copy is whole. ``keys`` are the frames at which decoding can start."""

    rate: str
    width_px: int
    height_px: int
    crf: float
    options: dict[str, str]
    frames: int
    keys: tuple[int, ...]
    bytes: int
    sha256: str


Answer = Progress | Written | Failed


def from_worker(line: bytes) -> Answer:
    """Return what a line of the worker says."""
    answer: Answer = msgspec.json.decode(line, type=Answer)
    return answer
