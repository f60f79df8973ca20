"""Record one take: run its tracks, keep ``take.json`` true at every moment, verify the result."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture.camera_track import CameraTrack
from capture.devices import Camera, CameraFormat, Microphone, open_camera, open_mic
from capture.errors import BadInputError
from capture.mic_clock import clock_file, drift_ppm, read_clock
from capture.mic_track import MicTrack
from capture.recorder_messages import Event, FromRecorder, Position, Record, State
from capture.take import Devices, Marker, Segment, Take, write_take
from capture.take_watch import ENDING, TakeWatch
from capture.verify import verified
from capture.work import Work

US = 1_000_000
SYNC_EVERY_S = 1.0
POSITION_EVERY_S = 0.1
JOIN_S = 10.0
GRACE_US = 2 * US  # for a device that does not notice the limit itself
RESERVE_FILE = ".reserve"

log = logging.getLogger(__name__)


class TakeRecording:
    """One take while it is being recorded.

    Args:
        folder: Its folder; must exist.
        order: What to record.
        tell: Told what the window should know; called from several threads, must not wait.

    Raises:
        UserError: A device cannot be used; nothing was written.
    """

    def __init__(self, folder: Path, order: Record, *, tell: Callable[[FromRecorder], None]) -> None:
        self._folder = folder
        self._order = order
        self._tell = tell
        self._devices = _Devices(order)
        self._events: list[tuple[str, int]] = []
        self._marks: list[tuple[str, int]] = []
        self._level: tuple[float, float] | None = None
        self._told_s = 0.0
        self._start_us = 0
        self._camera: CameraTrack | None = None
        self._mic: MicTrack | None = None
        self._written: Take | None = None
        self._watch = TakeWatch(
            folder,
            floor_bytes=order.floor_bytes,
            length_us=self._devices.length_us,
            tell=self._on_event,
        )
        self._done = threading.Event()
        self._syncer = threading.Thread(target=self._keep_synced, name="sync", daemon=True)

    def start(self) -> None:
        """Begin."""
        with contextlib.suppress(OSError):
            (self._folder / RESERVE_FILE).write_bytes(bytes(self._order.reserve_bytes))
        self._start_us = _now_us()
        limit_us = self._order.limit_us
        devices = self._devices
        if devices.camera is not None and devices.format is not None:
            self._camera = CameraTrack(
                devices.camera,
                devices.format,
                reopen=devices.camera_again,
                folder=self._folder,
                start_us=self._start_us,
                limit_us=limit_us,
                tell=self._on_event,
            )
        if devices.mic is not None:
            self._mic = MicTrack(
                devices.mic,
                reopen=devices.mic_again,
                folder=self._folder,
                start_us=self._start_us,
                limit_us=limit_us,
                tell=self._on_event,
                on_level=self._on_level,
            )
        for track in self._tracks:
            track.prepare()
        self._write()
        for track in self._tracks:
            track.start()
        self._syncer.start()
        self._tell(self.state())

    @property
    def running(self) -> bool:
        """Whether any device may deliver more."""
        return any(track.running for track in self._tracks)

    def state(self) -> State:
        """Return what a window must know that comes in now."""
        return State(
            "recording",
            verifying=self._done.is_set(),
            at_us=self._at_us(),
            length_us=self._devices.length_us,
            events=self._events_on_take_clock(),
        )

    def mark(self, text: str) -> None:
        """Remember this moment of the take."""
        self._marks.append((text, self._at_us()))

    def stop(self) -> None:
        """Ask every track to end."""
        for track in self._tracks:
            track.stop()

    def tick(self) -> None:
        """See after everything that is due; to be called many times a second."""
        self._write()
        if time.monotonic() - self._told_s >= POSITION_EVERY_S:
            self._told_s = time.monotonic()
            peak_db, rms_db = self._level or (None, None)
            self._tell(Position(self._at_us(), peak_db, rms_db))
        limit_us = self._order.limit_us
        overdue = limit_us is not None and _now_us() - self._start_us >= limit_us + GRACE_US
        if overdue and self._devices.live:
            self.stop()

    def finish(self, *, work: Work) -> Take:
        """Wait for the tracks, verify what they wrote, and return the take as it is on disk."""
        for track in self._tracks:
            track.join(JOIN_S)
        self._done.set()
        self._syncer.join(JOIN_S)
        self._tell(self.state())
        self._give_up_reserve()
        take = verified(self._folder, self._snapshot(final=True), work=work)
        write_take(self._folder, take)
        return take

    @property
    def _tracks(self) -> tuple[CameraTrack | MicTrack, ...]:
        return tuple(track for track in (self._camera, self._mic) if track is not None)

    def _at_us(self) -> int:
        return max((track.end_us for track in self._tracks), default=0)

    def _zero_us(self) -> int:
        """Return when 0 of the take's clock is: its first sound, without a microphone its first picture."""
        for track in (self._mic, self._camera):
            if track is not None and track.first_us is not None:
                return track.first_us
        return 0

    def _snapshot(self, *, final: bool) -> Take:
        """Return the take as it is now; how long it is, is known at the end."""
        zero_us = self._zero_us()
        segments = tuple(
            Segment(
                track.name, each.file, each.first_us - zero_us, each.end_us - each.first_us if final else 0
            )
            for track in self._tracks
            for each in track.pieces
        )
        camera = self._camera
        has_picture = camera is not None and camera.first_us is not None
        return replace(
            self._order.take,
            state="recording",
            segments=segments,
            duration_us=self._duration_us() if final else 0,
            has_picture=has_picture,
            picture_rate=str(camera.rate) if camera is not None and has_picture else "",
            devices=self._devices.named,
            mic_drift_ppm=self._mic_drift_ppm() if final else 0.0,
            camera_settings=camera.settings if camera is not None else {},
            markers=tuple(Marker(at_us - zero_us, text) for text, at_us in self._marks),
            events=self._events_on_take_clock(),
        )

    def _duration_us(self) -> int:
        """Return how long the take is: as long as the lapel was heard, unless it was lost on the way."""
        mic = self._mic
        if mic is not None and mic.first_us is not None and not mic.lost:
            return mic.end_us - self._zero_us()
        return self._at_us() - self._zero_us()

    def _mic_drift_ppm(self) -> float:
        """Return how the longest stretch of the microphone ran against this computer's clock."""
        pieces = self._mic.pieces if self._mic is not None else ()
        longest = max(pieces, key=lambda each: each.end_us - each.first_us, default=None)
        log_file = clock_file(self._folder / longest.file) if longest is not None else None
        return drift_ppm(read_clock(log_file)) if log_file is not None and log_file.exists() else 0.0

    def _events_on_take_clock(self) -> tuple[Marker, ...]:
        zero_us = self._zero_us()
        return tuple(Marker(at_us - zero_us, key) for key, at_us in list(self._events))

    def _write(self) -> None:
        """Write ``take.json`` if anything in it has changed."""
        take = self._snapshot(final=False)
        if take == self._written:
            return
        try:
            write_take(self._folder, take)
        except OSError:
            log.warning("cannot write take.json", exc_info=True)
            self._give_up_reserve()
        else:
            self._written = take

    def _on_event(self, key: str, at_us: int) -> None:
        if key in ENDING:
            self._give_up_reserve()
            self.stop()
            if key in {known for known, _ in self._events}:  # every track comes to notice it
                return
        self._events.append((key, at_us))
        self._tell(Event(at_us - self._zero_us(), key))

    def _on_level(self, peak_db: float, rms_db: float) -> None:
        self._level = (peak_db, rms_db)

    def _give_up_reserve(self) -> None:
        with contextlib.suppress(OSError):
            (self._folder / RESERVE_FILE).unlink(missing_ok=True)

    def _keep_synced(self) -> None:
        """Make what was written last, and end the take before the disk is full."""
        with self._watch:
            while not self._done.wait(SYNC_EVERY_S):
                for track in self._tracks:
                    try:
                        if track.running:
                            track.sync()
                    except OSError:
                        log.warning("cannot sync the %s", track.name, exc_info=True)
                        self._on_event("disk.failed", self._at_us())
                self._watch.look(self._at_us())


class _Devices:
    """The devices of a take, open."""

    def __init__(self, order: Record) -> None:
        self.camera: Camera | None = open_camera(order.camera, paced=order.paced)
        self.mic: Microphone | None = open_mic(order.mic, paced=order.paced)
        self.format: CameraFormat | None = None
        self._limit_us = order.limit_us
        self._camera_source = order.camera
        if self.camera is None and self.mic is None:
            raise BadInputError("record.no_source")
        with contextlib.ExitStack() as opened:
            if self.camera is not None:
                opened.callback(self.camera.close)
                self.format = self.camera.open()
            if self.mic is not None:
                opened.callback(self.mic.close)
                self.mic.open()
            opened.pop_all()  # the tracks close them

    def camera_again(self) -> tuple[Camera, CameraFormat]:
        """Return the camera, open again; may hang.

        Raises:
            UserError: It is not there yet.
        """
        # The id of a network camera lacks its password; that of one of ours says which it really is.
        is_network = "://" in self._camera_source
        source = self._camera_source if is_network or self.camera is None else self.camera.id
        camera = open_camera(source)
        if camera is None:
            raise ValueError("there was no camera")
        try:
            return camera, camera.open()
        except BaseException:
            camera.close()
            raise

    def mic_again(self) -> Microphone:
        """Return the microphone, open again; may hang.

        Raises:
            UserError: It is not there yet.
        """
        mic = open_mic(self.mic.id) if self.mic is not None else None
        if mic is None:
            raise ValueError("there was no microphone")
        try:
            mic.open()
        except BaseException:
            mic.close()
            raise
        return mic

    @property
    def live(self) -> bool:
        """Whether any of them could go on for ever."""
        return any(each is not None and each.length_us is None for each in (self.camera, self.mic))

    @property
    def length_us(self) -> int | None:
        """How long the take will be, if the devices or the limit tell."""
        lengths = [each.length_us or 0 for each in (self.camera, self.mic) if each is not None]
        longest = None if self.live else max(lengths)
        limits = [limit for limit in (self._limit_us, longest) if limit is not None]
        return min(limits, default=None)

    @property
    def named(self) -> Devices:
        """What to write down of them."""
        return Devices(
            camera_id=self.camera.id if self.camera is not None else "",
            camera_name=self.camera.name if self.camera is not None else "",
            mic_id=self.mic.id if self.mic is not None else "",
            mic_name=self.mic.name if self.mic is not None else "",
        )


def _now_us() -> int:
    return time.monotonic_ns() // 1000
