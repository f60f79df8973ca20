"""Carry what a device delivers into its file, in a thread of its own, so that none can hold up another."""

from __future__ import annotations

import errno
import logging
import math
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from capture.devices import Camera, CameraFormat, DeviceLostError, Microphone, SoundBlock
from capture.sound_file import RATE_HZ, SoundFile
from capture.take import Track as TrackName
from capture.video_file import VideoFile

US = 1_000_000
LEVEL_EVERY_SAMPLES = RATE_HZ // 10
HEAD_EVERY_SAMPLES = RATE_HZ
CLIPPED_AT = 0.9999
SILENT_AFTER_SAMPLES = RATE_HZ  # exact zeros for so long come from no open microphone
FLOOR_DB = -120.0

log = logging.getLogger(__name__)

#: Told of an event: a key below ``events``, and when, on the recorder's clock.
Tell = Callable[[str, int], None]


class Track(ABC):
    """One device on its way into one file.

    Times count from the start of the recording. They are written by the track's thread and read by others.

    Args:
        file: Name of the file, in the take's folder.
        limit_us: Where to end by itself, or None.
        tell: Told what happens; called in the track's thread.
    """

    name: TrackName

    def __init__(self, file: str, *, limit_us: int | None, tell: Tell) -> None:
        self.file = file
        self.first_us: int | None = None
        self.end_us = 0
        self.lost = False
        self._limit_us = limit_us
        self._tell = tell
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{self.name} track", daemon=True)

    @property
    def duration_us(self) -> int:
        """How much is in the file."""
        return 0 if self.first_us is None else self.end_us - self.first_us

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; the device must be open."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end."""
        self._stop.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the end, but no longer than ``timeout_s``."""
        self._thread.join(timeout_s)

    @abstractmethod
    def sync(self) -> None:
        """Make everything written so far last through a power cut; called from another thread."""

    @abstractmethod
    def _record(self) -> None:
        """Write until the device ends or a stop is asked for."""

    @abstractmethod
    def _close(self) -> None:
        """Finish the file and let the device go."""

    def _ended(self, at_us: int) -> bool:
        return self._stop.is_set() or (self._limit_us is not None and at_us >= self._limit_us)

    def _run(self) -> None:
        for step in (self._record, self._close):
            try:
                step()
            except DeviceLostError:
                self.lost = True
                self._tell(f"{self.name}.lost", self.end_us)
            except OSError as error:
                log.warning("cannot write %s", self.file, exc_info=True)
                self._tell("disk.full" if error.errno == errno.ENOSPC else "disk.failed", self.end_us)
            except Exception:  # a bug in one track must not take the other with it
                log.exception("the %s track failed", self.name)
                self._tell("recorder.failed", self.end_us)


class CameraTrack(Track):
    """A camera on its way into its file."""

    name: TrackName = "camera"

    def __init__(
        self,
        camera: Camera,
        camera_format: CameraFormat,
        path: Path,
        *,
        start_us: int,
        limit_us: int | None,
        tell: Tell,
    ) -> None:
        super().__init__(path.name, limit_us=limit_us, tell=tell)
        self._camera = camera
        self._start_us = start_us
        self._file = VideoFile(path, camera_format)
        self.settings = self._file.settings
        self.rate = camera_format.rate

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        self._file.sync()

    def _record(self) -> None:
        for packet in self._camera.packets(self._start_us):
            # By decoding time: every frame shown before the limit has come when that has passed.
            decoded = packet.dts if packet.dts is not None else packet.pts
            if self._ended(round((decoded or 0) * packet.time_base * US)):
                break
            self._file.write(packet)
            self._update()

    def _close(self) -> None:
        try:
            self._file.close()
        finally:
            self._update()
            self._camera.close()
            if self._file.broken_packets:
                self._tell("camera.broken", self.end_us)

    def _update(self) -> None:
        if self._file.frames:  # its sound alone is no picture
            self.first_us, self.end_us = self._file.first_us, self._file.end_us


class MicTrack(Track):
    """A microphone on its way into its file, with a meter on the way.

    Args:
        on_level: Told peak and RMS, dB below full scale, ten times a second.
    """

    name: TrackName = "mic"

    def __init__(
        self,
        mic: Microphone,
        path: Path,
        *,
        start_us: int,
        limit_us: int | None,
        tell: Tell,
        on_level: Callable[[float, float], None],
    ) -> None:
        super().__init__(path.name, limit_us=limit_us, tell=tell)
        self._mic = mic
        self._start_us = start_us
        self._file = SoundFile(path)
        self._meter = _Meter(tell, on_level)

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        self._file.sync()

    def _record(self) -> None:
        headed = 0
        for block in self._mic.blocks(self._start_us):
            if self._ended(block.at_us):
                break
            if self._limit_us is not None:
                most = max(0, -(-(self._limit_us - block.at_us) * RATE_HZ // US))
                block = SoundBlock(block.at_us, block.samples[:most])
            self._file.write(block.samples)
            if self.first_us is None:
                self.first_us = block.at_us
            self.end_us = self.first_us + self._file.samples * US // RATE_HZ
            self._meter.add(block)
            if self._file.samples - headed >= HEAD_EVERY_SAMPLES:
                self._file.update_head()
                headed = self._file.samples

    def _close(self) -> None:
        try:
            self._file.close()
        finally:
            self._mic.close()


class _Meter:
    """How loud the microphone is, and whether something is wrong with that."""

    def __init__(self, tell: Tell, on_level: Callable[[float, float], None]) -> None:
        self._tell = tell
        self._on_level = on_level
        self._peak = 0.0
        self._power = 0.0
        self._samples = 0
        self._silent_samples = 0
        self._clipping = False

    def add(self, block: SoundBlock) -> None:
        """Measure one block."""
        import numpy as np

        samples = block.samples
        if not len(samples):
            return
        peak = float(np.abs(samples).max())
        self._watch(block, peak)
        self._peak = max(self._peak, peak)
        self._power += float(np.square(samples, dtype=np.float64).sum())
        self._samples += len(samples)
        if self._samples >= LEVEL_EVERY_SAMPLES:
            self._on_level(_db(self._peak), _db(math.sqrt(self._power / self._samples)))
            self._peak = self._power = 0.0
            self._samples = 0

    def _watch(self, block: SoundBlock, peak: float) -> None:
        before = self._silent_samples
        self._silent_samples = 0 if peak > 0 else before + len(block.samples)
        if before < SILENT_AFTER_SAMPLES <= self._silent_samples:
            self._tell("mic.silent", block.at_us)
        if peak >= CLIPPED_AT and not self._clipping:
            self._clipping = True  # said once: the level meter shows the rest
            self._tell("mic.clipping", block.at_us)


def _db(level: float) -> float:
    return round(20 * math.log10(level), 1) if level > 0 else FLOOR_DB
