"""Carry a camera's pictures into files that play whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.camera_clock import usual_rate
from capture.devices import CameraFormat
from capture.encoder import Encoder
from capture.take import Track as TrackName
from capture.tracks import Tell, Track
from capture.video_file import VideoFile, shown_us

if TYPE_CHECKING:
    from av import Packet, VideoFrame

US = 1_000_000
RATE_FROM_FRAMES = 60


class CameraTrack(Track):
    """A camera on its way into its files."""

    name: TrackName = "camera"
    suffix = ".mp4"

    def __init__(self, *, folder: Path, start_us: int, limit_us: int | None, live: bool, tell: Tell) -> None:
        super().__init__(folder=folder, start_us=start_us, limit_us=limit_us, live=live, tell=tell)
        self._file: VideoFile | None = None
        self._format: CameraFormat | None = None
        self._path = folder
        self._base_us: int | None = None
        self.settings: dict[str, str] = {}
        self.rate = Fraction(0)
        #: What could not be decoded; counted by the camera's thread.
        self.broken_packets = 0

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        file = self._file  # another thread may finish it
        if file is not None:
            file.sync()

    def begin(self, camera: CameraFormat, *, encoder: Encoder | None = None) -> None:
        """Get a new file ready for what the camera will deliver.

        Args:
            camera: What that is.
            encoder: For what cannot be kept.

        Raises:
            OSError: It cannot be made.
        """
        self._format = camera
        self._path = self._next_path()
        self._file = VideoFile(self._path, camera, encoder=encoder)
        self._base_us = None if self.live else 0
        self.settings = self.settings or self._file.settings
        self.rate = self.rate or camera.rate

    def add(self, packet: Packet[Any], frames: Sequence[VideoFrame] | None, *, shift_us: int) -> None:
        """Write what is new, as far as it belongs to the take.

        Args:
            packet: As it came; belongs to the track afterwards.
            frames: What was decoded from it, if pictures of this camera are decoded at all.
            shift_us: Brings its times onto the take's clock.

        Raises:
            OSError: The disk is full or gone.
        """
        file, camera = self._file, self._format
        if file is None or camera is None:
            return
        if packet.stream is camera.video and frames is not None and not camera.keep_packets:
            self.add_frames(frames, shift_us=shift_us)
            return
        at_us = shown_us(packet) + shift_us
        if self._base_us is None:  # a file begins at 0, or players show nothing for as long
            if packet.stream is not camera.video or not packet.is_keyframe or not camera.keep_packets:
                return
            self._base_us = at_us
        if packet.stream is camera.video or at_us >= self._base_us:
            file.write(packet, shift_us=shift_us - self._base_us)
            self._update(file)

    def add_frames(self, frames: Sequence[VideoFrame], *, shift_us: int) -> None:
        """Write pictures, as far as they belong to the take.

        Raises:
            OSError: The disk is full or gone.
        """
        file = self._file
        if file is None:
            return
        for frame in frames:
            at_us = file.at_us(frame, shift_us=shift_us)
            if at_us is not None and (self.beyond_limit(at_us) or (self.live and not self.wants(at_us))):
                continue
            if self._base_us is None:
                self._base_us = at_us or 0
            file.write_frame(frame, shift_us=shift_us - self._base_us)
        self._update(file)

    def drain(self, frames: Sequence[VideoFrame], *, shift_us: int) -> None:
        """Write what the camera's decoders still held back: it delivers no more."""
        if self._file is not None:
            self.add_frames(frames, shift_us=shift_us)
            self._file.drain_sound()

    def finish(self) -> None:
        """Finish the newest file."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.close()
        finally:
            self._update(file)
            if self.live and file.frames >= RATE_FROM_FRAMES:
                length_us = file.end_us - (file.first_us or 0)
                self.rate = usual_rate(Fraction(file.frames * US, max(1, length_us)))
            if self.broken_packets or file.broken_packets:
                self.tell("camera.broken", self.end_us)

    def _update(self, file: VideoFile) -> None:
        if file.frames and file.first_us is not None:  # its sound alone is no picture
            base_us = self._base_us or 0
            self._grown(self._path.name, first_us=base_us + file.first_us, end_us=base_us + file.end_us)
