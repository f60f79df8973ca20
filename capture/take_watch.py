"""Watch, while a take is recorded, what could end it early: disk, battery, sleep."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from capture.awake import Awake, slept_us
from capture.battery import BatteryWatch
from capture.disk_left import DiskLeft

US = 1_000_000
_SLEPT_US = US // 2  # less is no sleep but the clocks read one after the other
_AWAKE_AFTER_S = 1.0
_BATTERY_EVERY = 10  # looks

log = logging.getLogger(__name__)

#: Events after which a recorder closes the take.
ENDING = frozenset({"disk.full", "disk.failed", "disk.ending"})


class TakeWatch:
    """What is watched beside the devices; as a context manager it keeps the computer awake.

    Args:
        folder: The take's.
        floor_bytes: Room on its disk that is not to be recorded into.
        length_us: How long the take will be, where that is known.
        tell: Told a key below ``events``, and when.
        slept: Returns for how long the computer has slept since it was started.
    """

    def __init__(
        self,
        folder: Path,
        *,
        floor_bytes: int,
        length_us: int | None,
        tell: Callable[[str, int], None],
        slept: Callable[[], int | None] = slept_us,
    ) -> None:
        self.disk = DiskLeft(folder, floor_bytes=floor_bytes)
        self.awake = Awake(after_s=_AWAKE_AFTER_S)
        self._floor_bytes = floor_bytes
        self._length_us = length_us
        self._tell = tell
        self._slept = slept
        self._slept_us = slept()
        self._battery = BatteryWatch()
        self._looks = 0

    def __enter__(self) -> TakeWatch:
        self.awake.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.awake.stop()

    def look(self, at_us: int) -> None:
        """See after everything; to be called about once a second.

        Args:
            at_us: How far the take is.
        """
        keys = (
            self._look_for_sleep(),
            self._look_at_disk(at_us),
            self._battery.look() if self._looks % _BATTERY_EVERY == 0 else None,
        )
        self._looks += 1
        for key in keys:
            if key is not None:
                self._tell(key, at_us)

    def _look_at_disk(self, at_us: int) -> str | None:
        remaining_us = None if self._length_us is None else max(0, self._length_us - at_us)
        try:
            key = self.disk.look(at_us, remaining_us=remaining_us)
        except OSError:
            log.warning("the disk of the take does not answer", exc_info=True)
            return "disk.failed"
        return "disk.full" if self.disk.free_bytes < self._floor_bytes else key

    def _look_for_sleep(self) -> str | None:
        before, self._slept_us = self._slept_us, self._slept()
        if before is None or self._slept_us is None or self._slept_us - before <= _SLEPT_US:
            return None
        return "sleep.slept"
