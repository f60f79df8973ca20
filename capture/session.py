"""Keep camera and microphone open, and record one take after the other from them.

Nobody waits: a take begins with the next picture after the order, since the devices run already, and the
take before is verified meanwhile.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capture.camera_feed import CameraFeed
from capture.devices import NONE, Camera, CameraFormat, Microphone, open_camera, open_mic
from capture.encoder import EncoderChoice
from capture.errors import BadInputError, UserError
from capture.feed import now_us
from capture.mic_feed import MicFeed
from capture.preview_ring import Preview, PreviewRing
from capture.recorder_messages import (
    Close,
    Done,
    Event,
    Failed,
    FromRecorder,
    Level,
    Mark,
    Open,
    Position,
    Record,
    State,
    Stop,
    ToRecorder,
    Unfinished,
    Use,
)
from capture.rendezvous import Meeting
from capture.take_recording import TakeRecording
from capture.work import Work

LEVEL_EVERY_S = 0.1
LET_GO_S = 3.0
FINISHED_WITHIN_S = 120.0
PREVIEW_FILE = "preview"

log = logging.getLogger(__name__)


class Session:
    """Devices that are open, and the takes recorded from them.

    Args:
        order: Which devices.
        meeting: Where windows find the recorder: while a take is recorded, also in its folder.
        tell: Told what the windows should know; called from several threads, must not wait.
    """

    def __init__(self, order: Open, meeting: Meeting, *, tell: Callable[[FromRecorder], None]) -> None:
        self._order = order
        self._meeting = meeting
        self._tell = tell
        self._camera: CameraFeed | None = None
        self._mic: MicFeed | None = None
        self._ring: PreviewRing | None = None
        self._encoders = EncoderChoice()
        self._recording: TakeRecording | None = None
        self._finishing: dict[str, threading.Thread] = {}
        self._later: list[ToRecorder] = []
        self._level: tuple[float, float] | None = None
        self._told_s = 0.0
        self._ending = False

    @property
    def over(self) -> bool:
        """Whether there is nothing more to do."""
        return self._ending and self._recording is None and not self._finishing

    @property
    def patience_s(self) -> float:
        """How long to go on when nobody is connected any more."""
        return self._order.alone_s if self._recording is not None else self._order.idle_s

    def open(self) -> None:
        """Open the devices; record the first take if there is one in the order."""
        try:
            self._open()
        except UserError as error:
            take = self._order.take
            self._fail(error, take=take.take.id if take is not None else "")
            self._ending = True

    def obey(self, order: ToRecorder) -> None:
        """Do what a window wants.

        Devices are changed when a take that was stopped has its last pictures; what is wanted after that
        keeps its turn.
        """
        recording = self._recording
        waits = bool(self._later) or (isinstance(order, Use) and recording is not None and recording.stopped)
        if waits and not isinstance(order, Close):
            self._later.append(order)
            return
        try:
            if isinstance(order, Record):
                self._record(order)
            elif isinstance(order, Use):
                self._use(order)
            elif isinstance(order, Close):
                self.end()
            elif isinstance(order, Stop) and recording is not None and order.take in {"", recording.id}:
                recording.stop(now_us())
            elif isinstance(order, Mark) and recording is not None:
                recording.mark(order.text)
        except UserError as error:
            self._fail(error, take=order.take.id if isinstance(order, Record) else "")

    def tick(self) -> None:
        """See after everything that is due; to be called many times a second."""
        recording = self._recording
        if recording is not None:
            recording.tick()
            if not recording.running:
                self._finish(recording)
                later, self._later = self._later, []
                for order in later:
                    self.obey(order)
        if time.monotonic() - self._told_s >= LEVEL_EVERY_S:
            self._told_s = time.monotonic()
            if self._mic is None or not self._mic.delivers:
                self._level = None
            peak_db, rms_db = self._level or (None, None)
            if recording is not None:
                self._tell(Position(recording.at_us, peak_db, rms_db))
            elif peak_db is not None and rms_db is not None:
                self._tell(Level(peak_db, rms_db))

    def end(self) -> None:
        """Finish what is recorded and come to an end."""
        self._ending = True
        if self._recording is not None:
            self._recording.stop(now_us())

    def close(self) -> None:
        """Let the devices go."""
        for thread in list(self._finishing.values()):
            thread.join(FINISHED_WITHIN_S)
        for feed in self._feeds:
            feed.close()
        for feed in self._feeds:
            feed.join(LET_GO_S)
        if self._ring is not None:
            self._ring.close()

    def state(self) -> State:
        """Return what a window must know that comes in now."""
        recording = self._recording
        return State(
            "recording" if recording is not None else None,
            take=recording.id if recording is not None else "",
            verifying=tuple(self._finishing),
            at_us=recording.at_us if recording is not None else 0,
            length_us=recording.length_us if recording is not None else None,
            events=recording.events if recording is not None else (),
            camera=self._camera.state if self._camera is not None else None,
            mic=self._mic.state if self._mic is not None else None,
            preview=str(self._preview_file) if self._ring is not None else "",
            folder=str(recording.folder) if recording is not None else "",
        )

    @property
    def _preview_file(self) -> Path:
        return self._meeting.room / PREVIEW_FILE

    # Devices.

    def _open(self) -> None:
        order = self._order
        if order.camera == order.mic == NONE:
            raise BadInputError("record.no_source")
        camera, mic = _open_now(order) if order.take is not None else (None, None)
        if order.preview and order.camera != NONE:
            self._ring = PreviewRing(self._preview_file)
        self._camera = self._camera_feed(order.camera, camera)
        self._mic = self._mic_feed(order.mic, mic)
        if order.take is not None:
            self._record(order.take)
            self._ending = True
        start_us = self._recording.start_us if self._recording is not None else now_us()
        for feed in self._feeds:
            feed.start(start_us)
        self._say_state()

    @property
    def _feeds(self) -> tuple[CameraFeed | MicFeed, ...]:
        return tuple(feed for feed in (self._camera, self._mic) if feed is not None)

    def _camera_feed(
        self,
        source: str,
        camera: tuple[Camera, CameraFormat] | None = None,
        *,
        after: CameraFeed | None = None,
    ) -> CameraFeed | None:
        if source == NONE:
            return None
        preview = Preview(self._ring) if self._ring is not None else None
        return CameraFeed(
            source, camera, preview=preview, encoders=self._encoders, after=after, **self._given
        )

    def _mic_feed(
        self, source: str, mic: Microphone | None = None, *, after: MicFeed | None = None
    ) -> MicFeed | None:
        if source == NONE:
            return None
        return MicFeed(source, mic, on_level=self._on_level, after=after, **self._given)

    @property
    def _given(self) -> dict[str, Any]:
        once = self._order.take is not None
        return {
            "paced": self._order.paced or not once,
            "loops": not once,
            "tell": self._on_event,
            "on_standing": self._say_state,
        }

    def _use(self, order: Use) -> None:
        if self._recording is not None:
            raise UserError("record.take_running")
        camera = self._camera.source if order.camera is None and self._camera is not None else order.camera
        mic = self._mic.source if order.mic is None and self._mic is not None else order.mic
        if (camera or NONE) == (mic or NONE) == NONE:
            raise BadInputError("record.no_source")
        if order.camera is not None:
            before, self._camera = self._camera, None
            if before is not None:
                before.close()
            if self._ring is None and self._order.preview and order.camera != NONE:
                self._ring = PreviewRing(self._preview_file)
            self._camera = self._camera_feed(order.camera, after=before)
            if self._camera is not None:
                self._camera.start(now_us())
        if order.mic is not None:
            heard, self._mic = self._mic, None
            if heard is not None:
                heard.close()
            self._level = None
            self._mic = self._mic_feed(order.mic, after=heard)
            if self._mic is not None:
                self._mic.start(now_us())
        self._say_state()

    def _on_level(self, peak_db: float, rms_db: float) -> None:
        self._level = (peak_db, rms_db)

    def _on_event(self, key: str, at_us: int) -> None:
        """Pass on what happens to a device while no take is recorded."""
        self._tell(Event(0, key))

    # Takes.

    def _record(self, order: Record) -> None:
        before = self._recording
        if self._ending or (before is not None and not before.stopped and not order.follows):
            raise UserError("record.take_running")
        for feed in self._feeds:  # until all is ready for what they deliver from now on
            feed.hold()
        start_us = now_us()
        if before is not None:  # its last pictures may be on their way still
            before.stop(start_us)
            self._finish(before)
        folder = Path(order.folder)
        try:  # before there is anything that somebody might take for the take of a dead recorder
            self._meeting.also_in(folder)
        except OSError:  # it is found through the session all the same
            log.exception("cannot say in the take's folder where it is recorded")
        try:
            self._recording = TakeRecording(
                order, camera=self._camera, mic=self._mic, start_us=start_us, tell=self._tell
            )
        except OSError as error:
            log.exception("cannot begin a take")
            self._meeting.no_more_in(folder)
            for feed in self._feeds:
                feed.go_on()
            key = "record.disk_full" if error.errno == errno.ENOSPC else "record.not_writable"
            raise BadInputError(key, path=folder, reason=error.strerror or "") from error
        self._say_state()

    def _finish(self, recording: TakeRecording) -> None:
        """Let the take be verified in a thread of its own."""
        thread = threading.Thread(target=self._verify, args=(recording,), name="verify", daemon=True)
        self._finishing = {**self._finishing, recording.id: thread}
        self._recording = None
        self._say_state()
        thread.start()

    def _verify(self, recording: TakeRecording) -> None:
        try:
            take = recording.finish(work=Work())
        except Exception:  # what was captured stays, and is made into a take at the next start
            log.exception("cannot finish take %s", recording.id)
            told: FromRecorder = Unfinished(recording.id)
        else:
            told = Done(take)
        self._meeting.no_more_in(recording.folder)
        self._tell(told)
        self._forget(recording)

    def _forget(self, recording: TakeRecording) -> None:
        self._finishing = {key: each for key, each in self._finishing.items() if key != recording.id}
        self._say_state()

    def _say_state(self) -> None:
        self._tell(self.state())

    def _fail(self, error: UserError, *, take: str) -> None:
        params = {key: str(value) for key, value in error.params.items()}
        self._tell(Failed(error.message_key, params, error.exit_code, take))


def _open_now(order: Open) -> tuple[tuple[Camera, CameraFormat] | None, Microphone | None]:
    """Open both devices, or none.

    Raises:
        UserError: One of them cannot be used.
    """
    camera = open_camera(order.camera, paced=order.paced)
    mic = open_mic(order.mic, paced=order.paced)
    with contextlib.ExitStack() as opened:
        delivers = None
        if camera is not None:
            opened.callback(camera.close)
            delivers = camera.open()
        if mic is not None:
            opened.callback(mic.close)
            mic.open()
        opened.pop_all()  # the feeds close them
    return (camera, delivers) if camera is not None and delivers is not None else None, mic
