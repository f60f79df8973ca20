"""Log how a microphone's sample count runs against this computer's clock, so that drift can be taken out.

Two clocks never agree: 50 parts in a million are 90 ms in half an hour. Pictures are stamped by the
computer's clock, the take counts the microphone's samples; the log says how the one lies on the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from capture.devices import MIC_RATE_HZ

US = 1_000_000
_HEAD = "samples,at_us\n"
_LEAST_POINTS = 60  # a minute: arrival times jitter by milliseconds, drifts are counted in millionths
_MOST_PPM = 500.0  # more comes from no crystal: something else disturbed the times


class MicClock:
    """The log of one sound file: once a second, how many samples there were and when.

    Of each second the block that was least late counts: a block can come late, never early.

    Args:
        path: The file to write; CSV, appended to and flushed every second.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("x", encoding="ascii", newline="")
        self._file.write(_HEAD)
        self._least: tuple[float, int, int] | None = None
        self._second = 0

    def add(self, samples: int, at_us: int) -> None:
        """Note that ``samples`` had come by ``at_us`` on the recorder's clock."""
        if samples // MIC_RATE_HZ > self._second:
            self._write()
            self._second = samples // MIC_RATE_HZ
        lag_us = at_us - samples * US / MIC_RATE_HZ
        if self._least is None or lag_us < self._least[0]:
            self._least = lag_us, samples, at_us

    def close(self) -> None:
        """Write what is left and let the file go."""
        try:
            self._write()
        finally:
            self._file.close()

    def _write(self) -> None:
        if self._least is not None:
            self._file.write(f"{self._least[1]},{self._least[2]}\n")
            self._file.flush()
            self._least = None


def clock_file(sound: Path) -> Path:
    """Return where the clock of a sound file is logged."""
    return sound.with_suffix(".clock.csv")


def read_clock(path: Path) -> tuple[tuple[int, int], ...]:
    """Return the log, as far as it was written: samples, and when on the recorder's clock."""
    points = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines(keepends=True)[1:]:
        samples, _, at_us = line.partition(",")
        if line.endswith("\n") and samples.isdigit() and at_us.strip().isdigit():
            points.append((int(samples), int(at_us)))
    return tuple(points)


def drift_ppm(points: tuple[tuple[int, int], ...]) -> float:
    """Return how much faster the microphone's samples come than this computer's clock says they should.

    Above 0, late words come early in the pictures: the sign is that of ``Sync.drift_ppm``. A log of less
    than a minute says nothing: then 0.
    """
    import numpy as np

    if len(points) < _LEAST_POINTS:
        return 0.0
    samples, at_us = (np.asarray(column, np.float64) for column in zip(*points, strict=True))
    # Theil and Sen's line, over pairs half the take apart: single late seconds do not bend it.
    half = len(points) // 2
    heard_us = samples * US / MIC_RATE_HZ
    speeds = (heard_us[half:] - heard_us[:-half]) / (at_us[half:] - at_us[:-half])
    ppm = (float(np.median(speeds)) - 1) * US
    return round(ppm, 1) if abs(ppm) <= _MOST_PPM else 0.0
