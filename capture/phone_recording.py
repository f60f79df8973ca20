"""Record a take whose camera is a phone: the recorder keeps the lapel, the phone keeps the picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture.devices import NONE
from capture.errors import UserError
from capture.phone_journal import segments_in
from capture.phone_server import PhoneServer
from capture.phone_take import DEVICE_ID, complete, with_phone
from capture.recorder_messages import FromRecorder, State
from capture.recording import record_take
from capture.take import Marker, Take, write_take
from capture.work import Cancelled, Work

US = 1_000_000
PATIENCE_S = 120.0
CHECK_S = 0.1


def record_with_phone(
    server: PhoneServer,
    *,
    media: Path,
    take: Take,
    mic: str,
    seconds: float | None = None,
    patience_s: float = PATIENCE_S,
    on_message: Callable[[FromRecorder], None] = lambda _: None,
    work: Work,
) -> Take:
    """Record one take into ``media/<resource>/<take>/`` and return it, verified and synchronised.

    Cancelling means Stop, as with :func:`capture.recording.record_take`; so does the phone's own button
    where there is no microphone. What the phone has not sent within ``patience_s`` of the stop it sends
    when it can, for as long as a server that was told of the take is up: then call
    :func:`capture.phone_take.with_phone` again.

    Args:
        server: Started, with a phone let in.
        media: The library's media folder.
        take: A fresh take, without segments.
        mic: A source for ``capture.devices.open_mic``; ``none`` takes the phone's own sound.
        seconds: Stop by itself after so long.
        patience_s: How long to wait for the rest.
        on_message: Told of levels, events and positions as they come.
        work: Told of progress; cancelling it stops the recording.

    Raises:
        UserError: The microphone cannot be used; nothing was written.
    """
    folder = media / take.resource_id / take.id
    if mic == NONE:
        _record_alone(server, folder, take, seconds=seconds, work=work)
    else:

        def heard(message: FromRecorder) -> None:
            # The folder is there from now on, and the lapel is being heard.
            if isinstance(message, State) and not message.verifying and server.recording != take.id:
                server.record(take.id, folder)
            on_message(message)

        try:
            take = record_take(
                media=media, take=take, camera=NONE, mic=mic, seconds=seconds, on_message=heard, work=work
            )
        except UserError:
            server.stop_recording()
            _wait(server, folder, patience_s=patience_s, work=work)
            if not segments_in(folder):
                raise
            take = replace(take, events=(*take.events, Marker(0, "mic.lost")))  # the phone heard it too
        finally:
            server.stop_recording()
    _wait(server, folder, patience_s=patience_s, work=work)
    # Not the caller's work: it was cancelled to stop, and a take is verified whatever happens.
    take = with_phone(folder, take, work=Work())
    if segments_in(folder) and not complete(folder):
        take = replace(take, state="unfinished")  # `repair` takes what is here by then
        write_take(folder, take)
    return take


def _record_alone(
    server: PhoneServer, folder: Path, take: Take, *, seconds: float | None, work: Work
) -> None:
    """Let the phone record, sound and all, until it is stopped on either side."""
    work.checkpoint()
    folder.mkdir(parents=True)
    devices = replace(take.devices, camera_id=DEVICE_ID)
    write_take(folder, replace(take, state="recording", devices=devices))
    server.record(take.id, folder)
    began_s = None
    while not work.cancelled and server.recording == take.id:
        state = server.state
        if began_s is None and state is not None and state.take == take.id:
            began_s = time.monotonic()  # the time that was asked for starts with the picture
        if began_s is not None and seconds is not None and time.monotonic() - began_s >= seconds:
            break
        work.report(None)
        time.sleep(CHECK_S)
    server.stop_recording()


def _wait(server: PhoneServer, folder: Path, *, patience_s: float, work: Work) -> None:
    deadline_s = time.monotonic() + patience_s

    def on_report(fraction: float | None, note: str) -> None:
        work.report(fraction, note)
        if time.monotonic() > deadline_s:
            waiting.cancel()

    waiting = Work(on_report)
    try:
        server.wait_for(folder, work=waiting)
    except Cancelled:
        return
