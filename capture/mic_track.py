"""Carry a microphone's sound into WAV files that are good at every moment, with a meter on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from capture.devices import Microphone, SoundBlock
from capture.meter import Meter
from capture.mic_clock import MicClock, clock_file
from capture.sound_file import RATE_HZ, SoundFile
from capture.take import Track as TrackName
from capture.tracks import Tell, Track

US = 1_000_000
HEAD_EVERY_SAMPLES = RATE_HZ


class MicTrack(Track[Microphone]):
    """A microphone on its way into its files.

    Args:
        on_level: Told peak and RMS, dB below full scale, ten times a second.
    """

    name: TrackName = "mic"
    suffix = ".wav"

    def __init__(
        self,
        device: Microphone,
        *,
        reopen: Callable[[], Microphone],
        folder: Path,
        start_us: int,
        limit_us: int | None,
        tell: Tell,
        on_level: Callable[[float, float], None],
    ) -> None:
        super().__init__(
            device, reopen=reopen, folder=folder, start_us=start_us, limit_us=limit_us, tell=tell
        )
        self._meter = Meter(tell, on_level, watch_quiet=device.length_us is None)
        self._file: SoundFile | None = None
        self._clock: MicClock | None = None
        self._path = folder

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        if self._file is not None:
            self._file.sync()

    def _begin(self, device: Microphone, path: Path) -> None:
        self._path = path
        self._file = SoundFile(path)
        self._clock = MicClock(clock_file(path)) if device.length_us is None else None

    def _record(self, device: Microphone) -> None:
        file = self._file
        if file is None:
            raise ValueError("not prepared")
        first_us: int | None = None
        headed = 0
        for block in device.blocks(self._start_us):
            if self._ended(block.at_us):
                break
            first_us = block.at_us if first_us is None else first_us
            self._write(file, block)
            self._grown(self._path.name, first_us=first_us, end_us=first_us + file.samples * US // RATE_HZ)
            self._meter.add(block)
            if file.samples - headed >= HEAD_EVERY_SAMPLES:
                file.update_head()
                headed = file.samples

    def _write(self, file: SoundFile, block: SoundBlock) -> None:
        import numpy as np

        samples = block.samples
        if self._limit_us is not None:
            samples = samples[: max(0, -(-(self._limit_us - block.at_us) * RATE_HZ // US))]
        file.write(samples)
        if self._clock is not None and block.came_us is not None:
            self._clock.add(file.samples, block.came_us)
        if block.dropped_samples:  # or all that follows would come too early
            file.write(np.zeros(block.dropped_samples, np.float32))
            self._tell("mic.dropped", block.at_us)
        if block.event is not None:
            self._tell(block.event, block.at_us)

    def _finish(self) -> None:
        try:
            if self._clock is not None:
                self._clock.close()
        finally:
            if self._file is not None:
                self._file.close()
