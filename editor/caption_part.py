"""Keep what is written down of a long take, so that nothing finished is heard again after a crash."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from capture.files import write_whole
from editor.hearing import Part

PART_FILE = "captions.part"
_VERSION = 1  # of the way of hearing: what an older one left is not mixed with ours


class _Begun(msgspec.Struct, frozen=True):
    """The first line: what the parts that follow belong to."""

    version: int
    model: str
    asked: str


class PartFile:
    """The finished parts of one take, a line each, beside its media.

    A folder that cannot be written keeps nothing; the take is then heard from the start again.

    Args:
        folder: The take's.
        model: Name of the model.
        asked: Everything else that decides what is written; parts of another question are thrown away.
    """

    def __init__(self, folder: Path, *, model: str, asked: bytes) -> None:
        self._path = folder / PART_FILE
        self._head = msgspec.json.encode(_Begun(_VERSION, model, asked.decode()))
        self.parts: tuple[Part, ...] = self._read()

    def add(self, part: Part) -> None:
        """Keep a finished part."""
        with contextlib.suppress(OSError), self._path.open("ab") as file:
            if not file.tell():
                file.write(self._head + b"\n")
            file.write(msgspec.json.encode(part) + b"\n")

    def remove(self) -> None:
        """Forget all parts: the take is done, or to be heard anew."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[Part, ...]:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            head, *lines = self._path.read_bytes().splitlines(keepends=True) or [b""]
            if head == self._head + b"\n":
                whole = [line for line in lines if line.endswith(b"\n")]  # the last may be torn
                parts = tuple(msgspec.json.decode(line, type=Part) for line in whole)
                if len(whole) == len(lines) or self._rewrite(whole):
                    return parts
        self.remove()
        return ()

    def _rewrite(self, whole: list[bytes]) -> bool:
        """Leave only whole lines, so that the next one starts a line of its own."""
        try:
            write_whole(self._path, self._head + b"\n" + b"".join(whole))
        except OSError:
            return False
        return True
