"""Record one take: run its tracks, keep ``take.json`` true at every moment, verify the result."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from capture.camera_delay import camera_delay_us
from capture.camera_feed import CameraFeed
from capture.camera_track import CameraTrack
from capture.feed import now_us
from capture.giving_way import ask_for_room
from capture.mic_clock import clock_file, drift_ppm, read_clock
from capture.mic_feed import MicFeed
from capture.mic_track import MicTrack
from capture.recorder_messages import Event, FromRecorder, Record
from capture.take import Devices, Marker, Segment, Take, write_take
from capture.take_watch import ENDING, TakeWatch
from capture.verify import verified
from capture.work import Work

US = 1_000_000
SYNC_EVERY_S = 1.0
JOIN_S = 15.0
GRACE_US = 2 * US  # for a device that does not notice the limit itself
RESERVE_FILE = ".reserve"
_WANTS_ROOM = frozenset({"camera.dropped", "mic.dropped"})

log = logging.getLogger(__name__)


class TakeRecording:
    """One take while it is being recorded.

    Args:
        order: What to record; its folder must exist.
        camera: The camera that is open, if there is one; held.
        mic: The microphone that is open, if there is one; held.
        start_us: When it begins, on the monotonic clock.
        tell: Told what the window should know; called from several threads, must not wait.

    Raises:
        OSError: Nothing can be written there; the devices are still held.
    """

    def __init__(
        self,
        order: Record,
        *,
        camera: CameraFeed | None,
        mic: MicFeed | None,
        start_us: int,
        tell: Callable[[FromRecorder], None],
    ) -> None:
        self.folder = Path(order.folder)
        self.id = order.take.id
        self._order = order
        self._tell = tell
        self._events: list[tuple[str, int]] = []
        self._marks: list[tuple[str, int]] = []
        #: 0 of the recorder's clock, on the monotonic clock.
        self.start_us = start_us
        given: dict[str, Any] = {
            "folder": self.folder,
            "start_us": self.start_us,
            "limit_us": order.limit_us,
            "tell": self._on_event,
        }
        self._camera = CameraTrack(**given, live=camera.is_live) if camera is not None else None
        self._mic = MicTrack(**given, live=mic.is_live) if mic is not None else None
        feeds = tuple(feed for feed in (camera, mic) if feed is not None)
        self._live = any(feed.is_live for feed in feeds)
        self._length_us = _length_us(feeds, order.limit_us)
        self._feeds = (camera, mic)
        self._named = Devices()
        self._name_devices()
        self._stopped = False
        self._written: Take | None = None
        self._camera_delay_us = camera_delay_us(self._named.camera_id)
        self._watch = TakeWatch(
            self.folder,
            floor_bytes=order.floor_bytes,
            length_us=self._length_us,
            tell=self._on_event,
        )
        self._done = threading.Event()
        self._syncer = threading.Thread(target=self._keep_synced, name="sync", daemon=True)
        self._start(camera, mic)

    def _start(self, camera: CameraFeed | None, mic: MicFeed | None) -> None:
        """Begin with what has been captured since the order, however long it took to get ready."""
        with contextlib.suppress(OSError):
            (self.folder / RESERVE_FILE).write_bytes(bytes(self._order.reserve_bytes))
        write_take(self.folder, self._snapshot(final=False))
        if camera is not None:
            camera.go_on(self._camera)
        if mic is not None:
            mic.go_on(self._mic)
        self._syncer.start()

    def _name_devices(self) -> None:
        """Name the devices; one that was still being opened when the take began has no name before."""
        (camera, mic), named = self._feeds, self._named
        if camera is not None and not named.camera_name:
            named = replace(named, camera_id=camera.state.id, camera_name=camera.state.name)
        if mic is not None and not named.mic_name:
            named = replace(named, mic_id=mic.state.id, mic_name=mic.state.name)
        self._named = named

    @property
    def running(self) -> bool:
        """Whether any device may deliver more."""
        return any(track.running for track in self._tracks)

    @property
    def at_us(self) -> int:
        """How far the take is."""
        return max((track.end_us for track in self._tracks), default=0)

    @property
    def length_us(self) -> int | None:
        """How long the take will be, if the devices or the limit tell."""
        return self._length_us

    @property
    def events(self) -> tuple[Marker, ...]:
        """What went wrong so far, on the take's clock."""
        zero_us = self._zero_us()
        return tuple(Marker(at_us - zero_us, key) for key, at_us in list(self._events))

    def mark(self, text: str) -> None:
        """Remember this moment of the take."""
        self._marks.append((text, self.at_us))

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end; what was captured until then may still come."""
        return self._stopped

    def stop(self, at_us: int) -> None:
        """Take nothing that was captured after this moment on the monotonic clock."""
        self._stopped = True
        for track in self._tracks:
            track.stop(at_us - self.start_us)

    def tick(self) -> None:
        """See after everything that is due; to be called many times a second."""
        self._write()
        limit_us = self._order.limit_us
        overdue = limit_us is not None and now_us() - self.start_us >= limit_us + GRACE_US
        if overdue and self._live:
            self.stop(now_us())

    def finish(self, *, work: Work) -> Take:
        """Wait for the tracks, verify what they wrote, and return the take as it is on disk."""
        for track in self._tracks:
            if track.join(JOIN_S):
                self._finish_track(track)
            else:
                log.error("the %s did not let the take go", track.name)
        self._done.set()
        self._syncer.join(JOIN_S)
        self._give_up_reserve()
        take = verified(self.folder, self._snapshot(final=True), work=work)
        write_take(self.folder, take)
        return take

    def _finish_track(self, track: CameraTrack | MicTrack) -> None:
        try:
            track.finish()
        except Exception as error:
            log.exception("cannot finish the %s", track.name)
            track.give_up(error)

    @property
    def _tracks(self) -> tuple[CameraTrack | MicTrack, ...]:
        return tuple(track for track in (self._camera, self._mic) if track is not None)

    def _zero_us(self) -> int:
        """Return when 0 of the take's clock is: its first sound, without a microphone its first picture."""
        for track in (self._mic, self._camera):
            if track is not None and track.first_us is not None:
                return track.first_us
        return 0

    def _snapshot(self, *, final: bool) -> Take:
        """Return the take as it is now; how long it is, is known at the end."""
        self._name_devices()
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
            devices=self._named,
            mic_drift_ppm=self._mic_drift_ppm() if final else 0.0,
            camera_settings=camera.settings if camera is not None else {},
            markers=tuple(Marker(at_us - zero_us, text) for text, at_us in self._marks),
            events=self.events,
            camera_delay_us=self._camera_delay_us,
        )

    def _duration_us(self) -> int:
        """Return how long the take is: as long as the lapel was heard, unless it was lost on the way."""
        mic = self._mic
        if mic is not None and mic.first_us is not None and not mic.lost:
            return mic.end_us - self._zero_us()
        return self.at_us - self._zero_us()

    def _mic_drift_ppm(self) -> float:
        """Return how the longest stretch of the microphone ran against this computer's clock."""
        pieces = self._mic.pieces if self._mic is not None else ()
        longest = max(pieces, key=lambda each: each.end_us - each.first_us, default=None)
        log_file = clock_file(self.folder / longest.file) if longest is not None else None
        return drift_ppm(read_clock(log_file)) if log_file is not None and log_file.exists() else 0.0

    def _write(self) -> None:
        """Write ``take.json`` if anything in it has changed."""
        take = self._snapshot(final=False)
        if take == self._written:
            return
        try:
            write_take(self.folder, take)
        except OSError:
            log.warning("cannot write take.json", exc_info=True)
            self._give_up_reserve()
        else:
            self._written = take

    def _on_event(self, key: str, at_us: int) -> None:
        if key in ENDING:
            self._give_up_reserve()
            self.stop(now_us())
            if key in {known for known, _ in self._events}:  # every track comes to notice it
                return
        if key in _WANTS_ROOM:
            ask_for_room(self.folder.parent.parent)
        self._events.append((key, at_us))
        self._tell(Event(at_us - self._zero_us(), key, self.id))

    def _give_up_reserve(self) -> None:
        with contextlib.suppress(OSError):
            (self.folder / RESERVE_FILE).unlink(missing_ok=True)

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
                        self._on_event("disk.failed", self.at_us)
                self._watch.look(self.at_us)


def _length_us(feeds: tuple[CameraFeed | MicFeed, ...], limit_us: int | None) -> int | None:
    devices = [feed.device for feed in feeds]
    lengths = [each.length_us if each is not None else None for each in devices]
    longest = None if None in lengths else max((each or 0 for each in lengths), default=None)
    return min((each for each in (limit_us, longest) if each is not None), default=None)
