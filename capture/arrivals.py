"""Turn blocks of sound as they happen to arrive into sound that lies evenly on the recorder's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capture.devices import MIC_RATE_HZ, SoundBlock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

US = 1_000_000
_WINDOW_US = US
_GAP_US = 60_000
_GAP_WINDOWS = 3  # a busy computer is late for a second and catches up; what was dropped never comes


@dataclass(frozen=True, slots=True)
class Arrived:
    """A block of mono sound, when it was there on the monotonic clock, and a key below ``events``."""

    samples: NDArray[np.float32]
    at_us: int
    event: str | None = None


class Stamper:
    """Gives blocks their times: evenly by count, as long as nothing is missing.

    Args:
        begin_us: When the first block began, from the recorder's start.
        start_us: The recorder's start on the monotonic clock.
    """

    def __init__(self, begin_us: int, start_us: int) -> None:
        self._begin_us = begin_us
        self._start_us = start_us
        self._samples = 0
        self._window_samples = 0
        self._least_us: int | None = None
        self._usual_us: int | None = None
        self._late: list[int] = []

    def stamped(self, arrived: Arrived) -> SoundBlock:
        """Return a block with its time and with how much was dropped before the next."""
        at_us = self._begin_us + self._samples * US // MIC_RATE_HZ
        came_us = arrived.at_us - self._start_us
        self._samples += len(arrived.samples)
        dropped = self._dropped(came_us - at_us, len(arrived.samples))
        self._samples += dropped
        return SoundBlock(at_us, arrived.samples, came_us, dropped, arrived.event)

    def _dropped(self, lag_us: int, samples: int) -> int:
        """Return how many samples must have been dropped, by how late even the least late blocks are."""
        self._least_us = lag_us if self._least_us is None else min(self._least_us, lag_us)
        self._window_samples += samples
        if self._window_samples * US < _WINDOW_US * MIC_RATE_HZ:
            return 0
        least_us, self._least_us, self._window_samples = self._least_us, None, 0
        usual_us = least_us if self._usual_us is None else self._usual_us
        if least_us - usual_us < _GAP_US:
            # Follows the drift of the clocks, which is no gap.
            self._usual_us = min(least_us, usual_us + 1000)
            self._late.clear()
            return 0
        self._late.append(least_us - usual_us)
        if len(self._late) < _GAP_WINDOWS:
            return 0
        missing_us = min(self._late)
        self._late.clear()
        return missing_us * MIC_RATE_HZ // US


class Resampler:
    """Brings blocks of any rate to ``MIC_RATE_HZ``."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._resampler: Any = None

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what is ready; some of it comes with the next block."""
        import av
        import numpy as np

        if self._rate_hz == MIC_RATE_HZ:
            return samples
        if self._resampler is None:
            self._resampler = av.AudioResampler("flt", "mono", MIC_RATE_HZ)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None, :]), format="flt", layout="mono"
        )
        frame.sample_rate = self._rate_hz
        parts = [part.to_ndarray()[0] for part in self._resampler.resample(frame)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)
