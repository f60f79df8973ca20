"""Carry a camera's pictures into files that play whatever happens, and notice what is missing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.camera_clock import usual_rate
from capture.devices import Camera, CameraFormat
from capture.take import Track as TrackName
from capture.tracks import Tell, Track
from capture.video_file import VideoFile

if TYPE_CHECKING:
    from av import Packet

US = 1_000_000
STILL_AFTER_US = 3 * US  # the same bytes for so long come from no sensor: those have noise
DROPS_WINDOW_US = 2 * US
DROPPED_SHARE = 0.1
DROPS_AGAIN_US = 10 * US
RATE_FROM_FRAMES = 60


class CameraTrack(Track[Camera]):
    """A camera on its way into its files.

    Args:
        formats: What it delivers, as its ``open`` said; asked again after it was reopened.
    """

    name: TrackName = "camera"
    suffix = ".mp4"

    def __init__(
        self,
        device: Camera,
        camera_format: CameraFormat,
        *,
        reopen: Callable[[], tuple[Camera, CameraFormat]],
        folder: Path,
        start_us: int,
        limit_us: int | None,
        tell: Tell,
    ) -> None:
        self._format = camera_format

        def again() -> Camera:
            camera, self._format = reopen()
            return camera

        super().__init__(device, reopen=again, folder=folder, start_us=start_us, limit_us=limit_us, tell=tell)
        self._file: VideoFile | None = None
        self._path = folder
        self._base_us = 0
        self.settings: dict[str, str] = {}
        self.rate = camera_format.rate

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        if self._file is not None:
            self._file.sync()

    def _begin(self, device: Camera, path: Path) -> None:
        self._path = path
        self._file = VideoFile(path, self._format)
        self._base_us = 0
        self.settings = self.settings or self._file.settings

    def _record(self, device: Camera) -> None:
        file = self._file
        if file is None:
            raise ValueError("not prepared")
        watch = _PictureWatch(self._format, self._tell) if self._live else None
        begun = False
        for packet in device.packets(self._start_us):
            # By decoding time: every frame shown before the limit has come when that has passed.
            decoded = packet.dts if packet.dts is not None else packet.pts
            at_us = round((decoded or 0) * packet.time_base * US)
            if self._ended(at_us):
                break
            if watch is not None:
                watch.add(packet, at_us)
                is_picture = packet.stream is self._format.video
                if not begun and is_picture:  # a file begins at 0, or players show nothing for as long
                    begun, self._base_us = True, _shown_us(packet)
                if not begun or (not is_picture and _shown_us(packet) < self._base_us):
                    continue
                _shift(packet, -self._base_us)
            file.write(packet)
            self._update(file)

    def _finish(self) -> None:
        file = self._file
        if file is None:
            return
        try:
            file.close()
        finally:
            self._update(file)
            if self._live and file.frames >= RATE_FROM_FRAMES:
                length_us = file.end_us - (file.first_us or 0)
                self.rate = usual_rate(Fraction(file.frames * US, max(1, length_us)))
            if file.broken_packets:
                self._tell("camera.broken", self.end_us)

    def _update(self, file: VideoFile) -> None:
        if file.frames and file.first_us is not None:  # its sound alone is no picture
            self._grown(
                self._path.name, first_us=self._base_us + file.first_us, end_us=self._base_us + file.end_us
            )


class _PictureWatch:
    """Notices pictures that no longer change, and pictures that do not come."""

    def __init__(self, camera: CameraFormat, tell: Tell) -> None:
        self._camera = camera
        self._tell = tell
        self._is_intra = camera.video.codec_context.name in {"mjpeg", "rawvideo"}
        self._last: bytes = b""
        self._changed_us: int | None = None
        self._is_still = False
        self._window_us: int | None = None
        self._frames = 0
        self._told_us = -DROPS_AGAIN_US

    def add(self, packet: Packet[Any], at_us: int) -> None:
        """Look at one packet."""
        if packet.stream is not self._camera.video:
            return
        self._watch_still(packet, at_us)
        self._watch_drops(at_us)

    def _watch_still(self, packet: Packet[Any], at_us: int) -> None:
        if not self._is_intra:  # elsewhere a picture that does not change is a few equal bytes
            return
        data = bytes(packet)
        if data != self._last or self._changed_us is None:
            self._last, self._changed_us, self._is_still = data, at_us, False
        elif at_us - self._changed_us >= STILL_AFTER_US and not self._is_still:
            self._is_still = True
            self._tell("camera.still", at_us)

    def _watch_drops(self, at_us: int) -> None:
        if self._window_us is None:
            self._window_us, self._frames = at_us, 0
            return
        self._frames += 1
        length_us = at_us - self._window_us
        if length_us < DROPS_WINDOW_US:
            return
        expected = Fraction(length_us, US) * self._camera.rate
        self._window_us = None
        if self._frames < expected * Fraction(1 - DROPPED_SHARE) and at_us - self._told_us >= DROPS_AGAIN_US:
            self._told_us = at_us
            self._tell("camera.dropped", at_us)


def _shown_us(packet: Packet[Any]) -> int:
    at = packet.pts if packet.pts is not None else packet.dts
    return round((at or 0) * packet.time_base * US)


def _shift(packet: Packet[Any], by_us: int) -> None:
    ticks = round(by_us / (packet.time_base * US))
    packet.pts = None if packet.pts is None else packet.pts + ticks
    packet.dts = None if packet.dts is None else packet.dts + ticks
