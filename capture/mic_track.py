"""Carry a microphone's sound into WAV files that are good at every moment."""

from __future__ import annotations

from pathlib import Path

from capture.devices import SoundBlock
from capture.mic_clock import MicClock, clock_file
from capture.sound_file import RATE_HZ, SoundFile
from capture.take import Track as TrackName
from capture.tracks import Tell, Track

US = 1_000_000
HEAD_EVERY_SAMPLES = RATE_HZ


class MicTrack(Track):
    """A microphone on its way into its files."""

    name: TrackName = "mic"
    suffix = ".wav"

    def __init__(self, *, folder: Path, start_us: int, limit_us: int | None, live: bool, tell: Tell) -> None:
        super().__init__(folder=folder, start_us=start_us, limit_us=limit_us, live=live, tell=tell)
        self._file: SoundFile | None = None
        self._clock: MicClock | None = None
        self._path = folder
        self._first_us: int | None = None
        self._headed = 0

    def sync(self) -> None:
        """Make everything written so far last through a power cut."""
        file = self._file  # another thread may finish it
        if file is not None:
            file.sync()

    def begin(self) -> None:
        """Get a new file ready.

        Raises:
            OSError: It cannot be made.
        """
        self._path = self._next_path()
        self._file = SoundFile(self._path)
        self._clock = MicClock(clock_file(self._path)) if self.live else None
        self._first_us = None
        self._headed = 0

    def add(self, block: SoundBlock, *, at_us: int, came_us: int | None) -> None:
        """Write a block, as far as it belongs to the take.

        Args:
            block: As it came.
            at_us: When it begins, on the take's clock.
            came_us: When it was there, on the take's clock.

        Raises:
            OSError: The disk is full or gone.
        """
        import numpy as np

        file = self._file
        if file is None:
            return
        early = max(0, -(at_us * RATE_HZ // US))  # samples from before the take
        samples = block.samples[early:]
        if early and not len(samples):
            return
        at_us += early * US // RATE_HZ
        for end_us in (self._limit_us, self._stop_us if self.live else None):
            if end_us is not None:
                samples = samples[: max(0, -(-(end_us - at_us) * RATE_HZ // US))]
        self._first_us = at_us if self._first_us is None else self._first_us
        file.write(samples)
        if self._clock is not None and came_us is not None:
            self._clock.add(file.samples, came_us)
        if block.dropped_samples:  # or all that follows would come too early
            file.write(np.zeros(block.dropped_samples, np.float32))
            self.tell("mic.dropped", at_us)
        first_us = self._first_us
        self._grown(self._path.name, first_us=first_us, end_us=first_us + file.samples * US // RATE_HZ)
        if file.samples - self._headed >= HEAD_EVERY_SAMPLES:
            file.update_head()
            self._headed = file.samples

    def finish(self) -> None:
        """Finish the newest file."""
        file, self._file = self._file, None
        clock, self._clock = self._clock, None
        try:
            if clock is not None:
                clock.close()
        finally:
            if file is not None:
                file.close()
