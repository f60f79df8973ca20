"""Notice pictures that no longer change, that do not come, or that come more slowly than before."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from capture.devices import CameraFormat
from capture.tracks import Tell

if TYPE_CHECKING:
    from av import Packet

US = 1_000_000
STILL_AFTER_US = 3 * US  # the same bytes for so long come from no sensor: those have noise
WINDOW_US = 2 * US
MISSED_SHARE = 0.1
DROPS_AGAIN_US = 10 * US
_AROUND = 4  # steps before and after one that tell the pace there
_SETTLING = 20  # steps in which a busy computer catches up


class PictureWatch:
    """Watches what a camera delivers, from one file of a take to the next.

    Args:
        camera: What it delivered when it was opened.
        tell: Told ``camera.still``, ``camera.dropped`` or ``camera.slow``.
    """

    def __init__(self, camera: CameraFormat, tell: Tell) -> None:
        self._tell = tell
        self._is_intra = camera.video.codec_context.name in {"mjpeg", "rawvideo"}
        self._usual_us = round(US / camera.rate)
        self._last = b""
        self._changed_us: int | None = None
        self._is_still = False
        self._times_us: list[int] = []
        self._looked_us: int | None = None
        self._lost = 0
        self._told_us = -DROPS_AGAIN_US
        self._told_slow = False

    def add(self, packet: Packet[Any], at_us: int, *, lost_pictures: int) -> None:
        """Look at one packet of the picture.

        Args:
            packet: Its bytes.
            at_us: When it was taken.
            lost_pictures: How many came until now and were not taken in, from the camera's beginning.
        """
        self._watch_still(packet, at_us)
        if self._looked_us is None:
            self._looked_us, self._lost = at_us, lost_pictures
        self._times_us.append(at_us)
        if at_us - self._looked_us >= WINDOW_US and len(self._times_us) > 2 * _AROUND + 1:
            self._look(at_us, lost=lost_pictures - self._lost)
            self._looked_us, self._lost = at_us, lost_pictures

    def _watch_still(self, packet: Packet[Any], at_us: int) -> None:
        if not self._is_intra:  # elsewhere a picture that does not change is a few equal bytes
            return
        data = bytes(packet)
        if data != self._last or self._changed_us is None:
            self._last, self._changed_us, self._is_still = data, at_us, False
        elif at_us - self._changed_us >= STILL_AFTER_US and not self._is_still:
            self._is_still = True
            self._tell("camera.still", at_us)

    def _look(self, at_us: int, *, lost: int) -> None:
        times_us = sorted(self._times_us)  # a picture may come after those that are shown later
        so_far = missing_so_far(times_us, usual_us=self._usual_us)
        # Late pictures look like missing ones until they come: where they were least late, the window ends.
        end = min(range(max(0, len(so_far) - _SETTLING), len(so_far)), key=so_far.__getitem__)
        there, missing = end + 1, max(so_far[end], lost)
        at_full_rate = (times_us[_AROUND + there] - times_us[_AROUND]) / self._usual_us
        self._times_us = times_us[there:]
        if missing >= MISSED_SHARE * (there + missing):
            if at_us - self._told_us >= DROPS_AGAIN_US:
                self._told_us = at_us
                self._tell("camera.dropped", at_us)
        elif at_full_rate - there >= MISSED_SHARE * at_full_rate and not self._told_slow:
            self._told_slow = True
            self._tell("camera.slow", at_us)


def missing_so_far(times_us: Sequence[int], *, usual_us: int) -> list[float]:
    """Return how many pictures are missing after each: as many as fit into a gap at the pace around it.

    A camera that slows down, as webcams do in the dark, leaves out none.

    Args:
        times_us: When the pictures were taken, in order; the first and last few only tell the pace.
        usual_us: From one to the next, at the camera's full rate.
    """
    steps_us = [after - before for before, after in itertools.pairwise(times_us)]
    return list(
        itertools.accumulate(
            steps_us[n] / max(usual_us, statistics.median(steps_us[n - _AROUND : n + _AROUND + 1])) - 1
            for n in range(_AROUND, len(steps_us) - _AROUND)
        )
    )
