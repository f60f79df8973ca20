"""What the recorder and its window say to each other: small JSON messages, nothing that could run code."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Literal

import msgspec

from capture.errors import UserError
from capture.take import Marker, Take, TakeState

RESERVE_BYTES = 256 << 10
_MOST_BYTES = 4 << 20  # no message comes near


#: ``opening``: not there yet. ``lost``: waited for. ``gone``: let go.
Standing = Literal["opening", "live", "lost", "gone"]


class Record(msgspec.Struct, frozen=True, tag=True):
    """Record a take from the devices that are open, from this moment on.

    Args:
        take: As it stands before: no segments yet.
        folder: Where its files go; must exist.
        limit_us: Stop by itself after so long; None for as long as the devices deliver.
        floor_bytes: Stop by itself when the disk has no more than this left.
        reserve_bytes: Room held for ``take.json``, given up when the disk is full all the same.
        follows: Stop the take that is being recorded, and begin where it ends.
    """

    take: Take
    folder: str
    limit_us: int | None
    floor_bytes: int
    reserve_bytes: int = RESERVE_BYTES
    follows: bool = False


class Open(msgspec.Struct, frozen=True, tag=True):
    """Open camera and microphone; the first thing that a recorder is told.

    Args:
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        alone_s: How long a take goes on when nobody is connected any more.
        idle_s: How long to wait for somebody when no take is recorded.
        preview: Whether to show what the camera sees.
        take: Record this at once and end with it: then every device must be there, or nothing is written.
        paced: Whether file devices play at the speed of life; always, where there is no such take.
    """

    camera: str
    mic: str
    alone_s: float
    idle_s: float
    preview: bool = True
    take: Record | None = None
    paced: bool = True


class Use(msgspec.Struct, frozen=True, tag=True):
    """Take other devices; None for the one that is there.

    Refused while a take is recorded; one that was stopped gets its last pictures first.
    """

    camera: str | None = None
    mic: str | None = None


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Finish the take that is recorded; with its id, only if it is that one."""

    take: str = ""


class Mark(msgspec.Struct, frozen=True, tag=True):
    """Remember this moment."""

    text: str = ""


class Close(msgspec.Struct, frozen=True, tag=True):
    """Finish the take that is recorded, let the devices go, and end."""


class DeviceState(msgspec.Struct, frozen=True):
    """A camera or microphone, as a window shows it.

    Args:
        source: What was asked for.
        id: What to give to ``lapel record`` to get it again.
        name: What people call it; empty before it was open.
        trouble: Key below ``errors`` of why it cannot be opened.
        params: For that text.
        exit_code: Of that error.
    """

    source: str
    id: str
    name: str
    standing: Standing
    trouble: str = ""
    params: dict[str, str] = {}
    exit_code: int = UserError.exit_code


class State(msgspec.Struct, frozen=True, tag=True):
    """What the recorder is doing; also the first thing that a new window is told.

    Args:
        state: ``recording`` while a take is recorded, else None.
        take: Its id.
        verifying: The takes that were stopped and are not safe yet.
        at_us: How far the take is.
        length_us: How long it will be, where that is known before.
        events: What went wrong in it so far.
        camera: The camera, if one is used.
        mic: The microphone, if one is used.
        preview: The file that ``capture.preview_ring`` reads; empty if there is none.
        folder: Where the take is.
    """

    state: TakeState | None
    take: str = ""
    verifying: tuple[str, ...] = ()
    at_us: int = 0
    length_us: int | None = None
    events: tuple[Marker, ...] = ()
    camera: DeviceState | None = None
    mic: DeviceState | None = None
    preview: str = ""
    folder: str = ""


class Position(msgspec.Struct, frozen=True, tag=True):
    """How far the take is, and how loud the microphone since the last time (dB below full scale)."""

    at_us: int
    peak_db: float | None = None
    rms_db: float | None = None


class Level(msgspec.Struct, frozen=True, tag=True):
    """How loud the microphone is while no take is recorded (dB below full scale)."""

    peak_db: float
    rms_db: float


class Event(msgspec.Struct, frozen=True, tag=True):
    """Something went wrong, or right again: a key below ``events``.

    ``at_us`` is on the clock of the take; without one, ``take`` is empty and it is 0.
    """

    at_us: int
    key: str
    take: str = ""


class Done(msgspec.Struct, frozen=True, tag=True):
    """The take is on disk and verified."""

    take: Take


class Unfinished(msgspec.Struct, frozen=True, tag=True):
    """The take could not be finished; what was captured stays, for ``capture.recording.repair``."""

    take: str


class Failed(msgspec.Struct, frozen=True, tag=True):
    """An order could not be obeyed; nothing was written. A ``UserError`` in parts.

    ``take`` is the one that could not be started; empty for another order.
    """

    key: str
    params: dict[str, str]
    exit_code: int
    take: str = ""


ToRecorder = Open | Record | Use | Stop | Mark | Close
FromRecorder = State | Position | Level | Event | Done | Unfinished | Failed

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
