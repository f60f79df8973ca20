"""Say while recording how long the disk will last, as fast as it really fills and where it really is."""

from __future__ import annotations

import collections
import shutil
from pathlib import Path

US = 1_000_000
LOW_S = 30 * 60
VERY_LOW_S = 5 * 60
ENDING_S = 2 * 60
_WINDOW_US = 30 * US
_RATE_FROM_US = 5 * US  # of recording, before there is a rate worth believing
_ENOUGH_TIMES = 1.2  # that much above a limit it is told that there is room again

_LIMITS = ((ENDING_S, "disk.ending"), (VERY_LOW_S, "disk.very_low"), (LOW_S, "disk.low"))
_ENOUGH = "disk.enough"


class DiskLeft:
    """How long the disk of a take will last.

    Args:
        folder: Of the take.
        floor_bytes: Room that is not to be recorded into.
    """

    def __init__(self, folder: Path, *, floor_bytes: int) -> None:
        self._folder = folder
        self._floor_bytes = floor_bytes
        self._seen: collections.deque[tuple[int, int, int]] = collections.deque()
        self._told = _ENOUGH
        self.free_bytes = 0
        #: How long it will last at the rate of the last half minute; None while that is not known.
        self.left_s: float | None = None

    def look(self, at_us: int, *, remaining_us: int | None = None) -> str | None:
        """Return a key below ``events`` if there is something new to say.

        Args:
            at_us: How far the take is: on its own clock, so that a file played at any speed counts right.
            remaining_us: How much will come, where that is known: what fits is no reason to worry.

        Raises:
            OSError: The disk has gone.
        """
        written = sum(each.stat().st_size for each in self._folder.iterdir() if each.is_file())
        self.free_bytes = shutil.disk_usage(self._folder).free
        if self._seen and at_us <= self._seen[-1][0]:
            return None
        self._seen.append((at_us, written, self.free_bytes))
        while at_us - self._seen[0][0] > _WINDOW_US:
            self._seen.popleft()
        by_take_s, self.left_s = self._estimates()
        if by_take_s is None or self.left_s is None:
            return None
        fits = remaining_us is not None and remaining_us / US < by_take_s
        now = _ENOUGH if fits else self._level(by_take_s)
        if now == self._told:
            return None
        self._told = now
        return now

    def _estimates(self) -> tuple[float | None, float | None]:
        """Return how long the disk lasts for the take alone, and with what others write to it."""
        first_us, first_written, first_free = self._seen[0]
        last_us, written, free = self._seen[-1]
        if last_us - first_us < _RATE_FROM_US or written <= first_written:
            return None, None
        room = max(0, free - self._floor_bytes) * (last_us - first_us) / US
        return room / (written - first_written), room / max(written - first_written, first_free - free)

    def _level(self, by_take_s: float) -> str:
        for limit_s, key in _LIMITS:
            told_now = _rank(self._told) >= _rank(key)
            # What others write now they may stop writing: that is no reason to close a take.
            left_s = by_take_s if key == "disk.ending" else self.left_s or 0.0
            if left_s < limit_s * (_ENOUGH_TIMES if told_now else 1.0):
                return key
        return _ENOUGH


def _rank(key: str) -> int:
    """Return how bad it is."""
    return [_ENOUGH, "disk.low", "disk.very_low", "disk.ending"].index(key)
