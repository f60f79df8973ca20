"""Tell a window what was plugged in and what is gone, without touching the devices that are in use.

PortAudio only sees what was there when it was initialised, and initialising it anew ends every stream of its
process. So the looking is done by a process of its own (``capture.device_check``), every few seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from capture.device_check import CheckedDevice, Look, check_devices
from capture.work import Cancelled, Work

EVERY_S = 6.0  # a look takes a quarter of a second of processor
_WITHIN_S = 8.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """What there is now, and what is different from before.

    Args:
        devices: All of them, cameras first; not tried, only listed.
        came: Those that were not there before.
        went: Those that are there no more.
        trouble: Key below ``errors`` of why there are no microphones, if that is known.
    """

    devices: tuple[CheckedDevice, ...]
    came: tuple[CheckedDevice, ...] = ()
    went: tuple[CheckedDevice, ...] = ()
    trouble: str = ""


class DeviceWatch:
    """Looks for devices until it is closed.

    Args:
        on_change: Told what there is at first, then whenever something came or went; in a thread of its own.
        every_s: How long to wait between two looks.
        look: Lists the devices of this computer.
    """

    def __init__(
        self,
        on_change: Callable[[Change], None],
        *,
        every_s: float = EVERY_S,
        look: Callable[[Work], Look] = lambda work: check_devices(
            try_them=False, within_s=_WITHIN_S, work=work
        ),
    ) -> None:
        self._on_change = on_change
        self._every_s = every_s
        self._look = look
        self._work = Work()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="device watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more, and wait for the end of it."""
        self._work.cancel()
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        known: dict[str, CheckedDevice] | None = None
        trouble = ""
        while not self._closed.is_set():
            try:
                looked = self._look(self._work)
            except Cancelled:
                return
            # A sound server that hangs says nothing of what is there: nothing has gone for that.
            if not looked.hung:
                found = {each.id: each for each in looked.devices}
                if known is None or found.keys() != known.keys() or looked.trouble != trouble:
                    self._on_change(_change(known or {}, found, trouble=looked.trouble))
                known, trouble = found, looked.trouble
            self._closed.wait(self._every_s)


def _change(before: dict[str, CheckedDevice], now: dict[str, CheckedDevice], *, trouble: str) -> Change:
    return Change(
        devices=tuple(now.values()),
        came=tuple(each for key, each in now.items() if key not in before),
        went=tuple(each for key, each in before.items() if key not in now),
        trouble=trouble,
    )
