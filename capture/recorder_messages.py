"""What the recorder and its window say to each other: small JSON messages, nothing that could run code."""

from __future__ import annotations

from multiprocessing.connection import Connection

import msgspec

from capture.take import Marker, Take, TakeState

RESERVE_BYTES = 256 << 10
_MOST_BYTES = 4 << 20  # no message comes near


class Record(msgspec.Struct, frozen=True, tag=True):
    """Record one take.

    Args:
        take: As it stands before: no segments yet.
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        limit_us: Stop by itself after so long; None for as long as the devices deliver.
        paced: Whether file devices play at the speed of life.
        alone_s: How long to go on when nobody is connected any more.
        floor_bytes: Stop by itself when the disk has no more than this left.
        reserve_bytes: Room held for ``take.json``, given up when the disk is full all the same.
    """

    take: Take
    camera: str
    mic: str
    limit_us: int | None
    paced: bool
    alone_s: float
    floor_bytes: int
    reserve_bytes: int = RESERVE_BYTES


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Finish the take."""


class Mark(msgspec.Struct, frozen=True, tag=True):
    """Remember this moment."""

    text: str = ""


class State(msgspec.Struct, frozen=True, tag=True):
    """What the recorder is doing; also the first thing that a new window is told.

    ``length_us`` is how long the take will be, where that is known before.
    """

    state: TakeState | None
    verifying: bool = False
    at_us: int = 0
    length_us: int | None = None
    events: tuple[Marker, ...] = ()


class Position(msgspec.Struct, frozen=True, tag=True):
    """How far the take is, and how loud the microphone since the last time (dB below full scale)."""

    at_us: int
    peak_db: float | None = None
    rms_db: float | None = None


class Event(msgspec.Struct, frozen=True, tag=True):
    """Something went wrong, or right again: a key below ``events``."""

    at_us: int
    key: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The take is on disk and verified."""

    take: Take


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The take could not be started; nothing was written. A ``UserError`` in parts."""

    key: str
    params: dict[str, str]
    exit_code: int


ToRecorder = Record | Stop | Mark
FromRecorder = State | Position | Event | Done | Failed

_to_recorder: msgspec.json.Decoder[ToRecorder] = msgspec.json.Decoder(ToRecorder)
_from_recorder: msgspec.json.Decoder[FromRecorder] = msgspec.json.Decoder(FromRecorder)


def send(connection: Connection, message: ToRecorder | FromRecorder) -> None:
    """Send one message.

    Raises:
        OSError: The other side has gone.
    """
    connection.send_bytes(msgspec.json.encode(message))


def receive_by_recorder(connection: Connection) -> ToRecorder:
    """Wait for a message of the window.

    Raises:
        EOFError, OSError: The window has gone.
        msgspec.ValidationError: It said something that this version does not know.
    """
    return _to_recorder.decode(connection.recv_bytes(_MOST_BYTES))


def receive_from_recorder(connection: Connection) -> FromRecorder:
    """Wait for a message of the recorder.

    Raises:
        EOFError, OSError: The recorder has gone.
        msgspec.ValidationError: It said something that this version does not know.
    """
    return _from_recorder.decode(connection.recv_bytes(_MOST_BYTES))
