"""Say how far playing is: by what has been heard where there is sound, else by the computer's clock."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

US = 1_000_000
_LATES = 15
_MOST_LATE_US = 500_000


class Clock(Protocol):
    """What pictures follow; it counts from its start, whatever the speed of playing is."""

    def start(self) -> None:
        """Begin at 0."""

    def elapsed_us(self) -> int:
        """Return how much has been played since the start."""


class SteadyClock:
    """The computer's clock, where nothing is heard.

    Args:
        now_s: Returns seconds that only go up.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._start_s = now_s()

    def start(self) -> None:
        """Begin at 0."""
        self._start_s = self._now_s()

    def elapsed_us(self) -> int:
        """Return the time since the start."""
        return round((self._now_s() - self._start_s) * US)


class HeardClock:
    """What has left the loudspeaker, as an output tells it block by block; still while nothing comes.

    Between two blocks it runs on with the computer's clock, but never past what was handed over.

    Args:
        rate_hz: Samples a second.
        late_us: From handing a block over to hearing its first sample, until the output tells it better.
        now_s: Returns seconds that only go up.
    """

    def __init__(self, rate_hz: int, *, late_us: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._rate_hz = rate_hz
        self._now_s = now_s
        self._lock = threading.Lock()
        self._lates_us = deque([late_us], maxlen=_LATES)
        self._before = 0
        self._handed = 0
        self._handed_s = 0.0
        self._told_us = 0

    def start(self) -> None:
        """Begin at 0."""
        with self._lock:
            self._before = self._handed = self._told_us = 0
            self._handed_s = self._now_s()

    def handed_over(self, samples: int, *, late_us: int | None = None) -> None:
        """Count samples that were given to the output; called from its thread.

        Args:
            samples: How many.
            late_us: When the first of them will be heard, as the output says; a single one may be far off.
        """
        with self._lock:
            if late_us is not None and 0 < late_us < _MOST_LATE_US:
                self._lates_us.append(late_us)
            self._before = self._handed
            self._handed += samples
            self._handed_s = self._now_s()

    def elapsed_us(self) -> int:
        """Return how much has been heard since the start."""
        with self._lock:
            late_us = sorted(self._lates_us)[len(self._lates_us) // 2]
            on_us = (self._now_s() - self._handed_s) * US
            heard_us = self._before * US / self._rate_hz + on_us - late_us
            most_us = self._handed * US / self._rate_hz - late_us
            # Blocks do not come evenly; pictures must not go back for that.
            self._told_us = max(self._told_us, round(min(heard_us, most_us)))
            return self._told_us
