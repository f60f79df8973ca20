"""What Lapel and its caption worker say to each other: one JSON document a line, each of one kind.

Structs, not dataclasses: msgspec tells tagged messages apart by their type.
"""

from __future__ import annotations

import msgspec

from capture.take import Take
from editor.model import Word


class Hear(msgspec.Struct, frozen=True, tag=True):
    """To the worker: write down the take in ``folder``.

    ``language`` is BCP 47, empty means: find out. ``terms`` are words likely to be said.
    """

    take: Take
    folder: str
    language: str = ""
    terms: str = ""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """From the worker: the model is loaded. ``languages`` are BCP 47."""

    languages: tuple[str, ...]


class Progress(msgspec.Struct, frozen=True, tag=True):
    """From the worker: how much of the take is heard, 0 to 1."""

    take_id: str
    fraction: float


class Words(msgspec.Struct, frozen=True, tag=True):
    """From the worker: the words of a finished part of a take, in order of time."""

    take_id: str
    words: tuple[Word, ...]


class Waiting(msgspec.Struct, frozen=True, tag=True):
    """From the worker: a recorder loses frames, so it pauses."""

    take_id: str


class Gap(msgspec.Struct, frozen=True):
    """A stretch of the take's clock to look at; ``reason`` is a string key below ``flags``."""

    start_us: int
    end_us: int
    reason: str


class Heard(msgspec.Struct, frozen=True, tag=True):
    """From the worker: all words of a take. ``certainty`` is how sure the language is, 0 to 1."""

    take_id: str
    language: str
    certainty: float
    words: tuple[Word, ...]
    gaps: tuple[Gap, ...]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """From the worker: why a take (or with an empty id, the model) cannot be used, as a ``UserError``."""

    take_id: str
    message_key: str
    params: dict[str, str]
    bad_input: bool = False


Answer = Ready | Progress | Words | Waiting | Heard | Failed
Message = Hear | Answer


def to_line(message: Message) -> bytes:
    """Return the line that says ``message``."""
    return msgspec.json.encode(message) + b"\n"


def from_worker(line: bytes) -> Answer:
    """Return what a line of the worker says."""
    answer: Answer = msgspec.json.decode(line, type=Answer)
    return answer


def to_worker(line: bytes) -> Hear:
    """Return what a line to the worker asks for."""
    return msgspec.json.decode(line, type=Hear)
