"""Record a take from the window or the command line, and finish the takes that something interrupted."""

from __future__ import annotations

import contextlib
import errno
import shutil
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from capture.devices import FILE_PREFIX
from capture.errors import BadInputError, UserError
from capture.files import sync_folder
from capture.launch import Child, start_child
from capture.phone_journal import segments_in
from capture.phone_take import is_left_out, take_what_is_here, with_phone
from capture.recorder_messages import (
    DeviceState,
    Done,
    Failed,
    FromRecorder,
    Open,
    Position,
    Record,
    State,
    Stop,
    Unfinished,
    receive_from_recorder,
    send,
)
from capture.rendezvous import is_reachable, reach, sweep
from capture.take import TAKE_FILE, Take, read_take
from capture.unfinished import finish_take
from capture.work import Work

US = 1_000_000
LOG_FILE = "recorder.log"
ALONE_S = 120.0
FLOOR_BYTES = 64 << 20
_START_WITHIN_S = 30.0
_END_WITHIN_S = 15.0
_POLL_S = 0.05
_LOG_LINES = 20
_HEADS_ALONE_BYTES = 1000  # of files in which nothing was captured yet


class RecorderDiedError(UserError):
    """The recorder ended before anything was recorded."""

    message_key = "record.recorder_died"


def record_take(
    *,
    media: Path,
    take: Take,
    camera: str,
    mic: str,
    seconds: float | None = None,
    paced: bool = True,
    alone_s: float = ALONE_S,
    floor_bytes: int = FLOOR_BYTES,
    on_message: Callable[[FromRecorder], None] = lambda _: None,
    work: Work,
) -> Take:
    """Record one take into ``media/<resource>/<take>/`` and return it, verified.

    Cancelling means Stop: the take is finished and returned. Should this process die, the recorder goes on
    and finishes the take by itself; should the recorder die, what it wrote is made into a take.

    Args:
        media: The library's media folder.
        take: A fresh take, without segments.
        camera: Source as :func:`capture.devices.open_camera` takes it.
        mic: Source as :func:`capture.devices.open_mic` takes it.
        seconds: Stop by itself after so long.
        paced: Whether file devices play at the speed of life, or as fast as they can be read.
        alone_s: How long the recorder goes on when this process has died.
        floor_bytes: The recorder stops by itself when the disk has no more than this left.
        on_message: Told of levels, events and positions as they come.
        work: Told of progress; cancelling it stops the recording.

    Raises:
        UserError: Nothing could be recorded; nothing was written.
    """
    work.checkpoint()
    folder = media / take.resource_id / take.id
    order = Open(
        camera=absolute(camera),
        mic=absolute(mic),
        alone_s=alone_s,
        idle_s=alone_s,
        preview=False,
        take=take_order(take, folder, seconds=seconds, floor_bytes=floor_bytes),
        paced=paced,
    )
    made = make_folder(folder, floor_bytes=floor_bytes)
    child = start_child("capture.recorder", [str(folder)], own_session=True, log=folder / LOG_FILE)
    try:
        with connect(folder, child) as connection:
            with contextlib.suppress(OSError):  # dead already: noticed below
                send(connection, order)
            finished = _follow(connection, take.id, on_message=on_message, work=work)
        child.wait(_END_WITHIN_S)
        return settled(folder, finished)
    except UserError:
        child.wait(_END_WITHIN_S)
        remove_if_empty(made)
        raise
    finally:
        child.wait(_END_WITHIN_S)


def reattach(
    folder: Path, *, on_message: Callable[[FromRecorder], None] = lambda _: None, work: Work
) -> Take:
    """Follow a recorder that is still at work in ``folder`` until its take is finished; return that.

    Cancelling means Stop, as in :func:`record_take`.
    """
    connection = reach(folder)
    if connection is None:
        return repair(folder)
    with connection:
        finished = _follow(connection, folder.name, on_message=on_message, work=work)
    return settled(folder, finished)


def repair(folder: Path, *, work: Work | None = None) -> Take:
    """Make a safe or damaged take of one whose recorder was killed; a finished one is returned as it is.

    Raises:
        UserError: A recorder is still at work on it.
        OSError: The folder holds no take, or cannot be written.
    """
    take = read_take(folder)
    is_finished = take.state in {"safe", "damaged"}
    if is_finished and not is_left_out(folder, take):
        return take
    if is_reachable(folder):
        raise UserError("record.still_recording", take=take.id)
    sweep(folder)
    finished = take if is_finished else finish_take(folder, take, work=work or Work())
    drop_empty_log(folder)
    if segments_in(folder):
        # What the phone still holds does not come any more: nobody is up to take it.
        take_what_is_here(folder)
        finished = with_phone(folder, finished, work=work or Work())
    return finished


def take_order(take: Take, folder: Path, *, seconds: float | None, floor_bytes: int) -> Record:
    """Return the order to record a take into its folder."""
    limit_us = None if seconds is None else round(seconds * US)
    return Record(take=take, folder=str(folder.absolute()), limit_us=limit_us, floor_bytes=floor_bytes)


def absolute(source: str) -> str:
    """Return a source that means the same in another process."""
    path = source.removeprefix(FILE_PREFIX)
    return f"{FILE_PREFIX}{Path(path).absolute()}" if path and path != source else source


def make_folder(folder: Path, *, floor_bytes: int) -> list[Path]:
    """Make the take's folder and return what had to be made, innermost first.

    Raises:
        BadInputError: It cannot be made, or there is too little room.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    if not missing:  # a take of this id is there: not ours to touch
        raise FileExistsError(folder)
    try:
        folder.mkdir(parents=True)
        for each in missing:
            sync_folder(each.parent)
    except OSError as error:
        remove_if_empty(missing)
        key = "record.disk_full" if error.errno == errno.ENOSPC else "record.not_writable"
        raise BadInputError(key, path=folder, reason=error.strerror or "") from error
    if shutil.disk_usage(folder).free < floor_bytes:
        remove_if_empty(missing)
        raise BadInputError("record.disk_full", path=folder)
    return missing


def remove_if_empty(made: list[Path]) -> None:
    """Remove the folders that were made for a take, unless anything was captured into it."""
    folder = made[0]
    captured = [*folder.glob("camera-*"), *folder.glob("mic-*")]
    if any(file.stat().st_size > _HEADS_ALONE_BYTES for file in captured) or any(folder.glob("phone-*")):
        return
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        for each in made[1:]:
            each.rmdir()


def connect(folder: Path, child: Child) -> Connection:
    """Return a connection to a recorder that was just started.

    Raises:
        RecorderDiedError: It ended before.
    """
    end_s = time.monotonic() + _START_WITHIN_S
    while (connection := reach(folder)) is None:
        if not child.running or time.monotonic() > end_s:
            child.close()
            raise RecorderDiedError(details=log_tail(folder))
        time.sleep(0.01)
    return connection


def _follow(
    connection: Connection, take: str, *, on_message: Callable[[FromRecorder], None], work: Work
) -> Take | None:
    """Return the finished take, or None if the recorder died.

    Raises:
        UserError: The recorder could not start; nothing was written.
    """
    length_us: int | None = None
    failed: Failed | None = None
    work.report(None, "record.recording")
    try:
        for message in _messages(connection, take, work=work):
            on_message(message)
            if isinstance(message, Done) and message.take.id == take:
                return message.take
            if isinstance(message, Unfinished) and message.take == take:
                return None
            if isinstance(message, Failed) and message.take == take:
                failed = message
                break
            if isinstance(message, State) and message.take == take:
                length_us = message.length_us
            _report(message, take, length_us=length_us, work=work)
    except BaseException:  # Ctrl-C pressed twice, or a bug of ours: the take is finished all the same
        with contextlib.suppress(EOFError, OSError, msgspec.ValidationError):
            send(connection, Stop(take))
            _drain(connection, take, within_s=_END_WITHIN_S)
        raise
    if failed is not None:
        raise user_error(failed)
    return None


def _messages(connection: Connection, take: str, *, work: Work) -> Iterator[FromRecorder]:
    """Yield what the recorder says until it has gone; pass on the wish to stop."""
    stopped = False
    while True:
        try:
            if work.cancelled and not stopped:
                stopped = True
                send(connection, Stop(take))
            if not connection.poll(_POLL_S):
                continue
            message = receive_from_recorder(connection)
        except (EOFError, OSError):
            return
        yield message


def _report(message: FromRecorder, take: str, *, length_us: int | None, work: Work) -> None:
    if isinstance(message, State) and take in message.verifying:
        work.report(1.0 if length_us else None, "record.verifying")
    elif isinstance(message, Position) and length_us:
        work.report(message.at_us / length_us)


def _drain(connection: Connection, take: str, *, within_s: float) -> None:
    end_s = time.monotonic() + within_s
    while connection.poll(max(0.0, end_s - time.monotonic())):
        message = receive_from_recorder(connection)
        ended = message.take.id if isinstance(message, Done) else None
        if isinstance(message, Failed | Unfinished):
            ended = message.take
        if ended == take:
            return


def settled(folder: Path, finished: Take | None) -> Take:
    """Return the finished take; mend one whose recorder died.

    Raises:
        RecorderDiedError: There is nothing to mend.
        UserError: It cannot be written; what was captured stays.
    """
    if finished is None and (folder / TAKE_FILE).exists():
        try:
            finished = repair(folder)
        except OSError as error:
            raise UserError("record.unfinished", path=folder, reason=error.strerror or "") from error
    if finished is None or not finished.segments:
        sweep(folder)
        raise RecorderDiedError(details=log_tail(folder))
    drop_empty_log(folder)
    return finished


def user_error(message: Failed) -> UserError:
    """Return what the recorder could not do as the error that it was there."""
    kind: type[UserError] = BadInputError if message.exit_code == BadInputError.exit_code else UserError
    params: dict[str, Any] = dict(message.params)
    return kind(message.key, **params)


def device_error(device: DeviceState) -> UserError | None:
    """Return why a device cannot be opened, or None if it can."""
    if not device.trouble:
        return None
    return user_error(Failed(device.trouble, device.params, device.exit_code))


def log_tail(folder: Path) -> str:
    """Return the last lines of a recorder's log."""
    with contextlib.suppress(OSError):
        lines = (folder / LOG_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
        return " ".join(lines[-_LOG_LINES:])
    return ""


def drop_empty_log(folder: Path) -> None:
    """Remove the log of a recorder that had nothing to say."""
    log = folder / LOG_FILE
    with contextlib.suppress(OSError):
        if log.stat().st_size == 0:
            log.unlink()
