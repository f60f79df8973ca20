"""Say when a picture was really taken, on this computer's clock, whatever the camera's own clock says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

US = 1_000_000
_LOOK_EVERY_US = US
_MOST_STEP_US = 1_000  # a second: far more than clocks drift, far less than a frame
_TORN_US = US
_WHOLE_RATES = tuple(Fraction(each) for each in (5, 10, 15, 20, 24, 25, 30, 50, 60))
_BROKEN_RATES = tuple(Fraction(each, 1001) for each in (24_000, 30_000, 60_000))
_WHOLE_WITHIN = Fraction(4, 100)
_BROKEN_WITHIN = Fraction(2, 10_000)  # they lie a thousandth beside the whole ones: only exact times tell


class TornClockError(Exception):
    """The camera's time stamps jumped: it was restarted, or plays in a loop."""


class SenderClock:
    """Lays the time stamps of a sender on this computer's clock.

    A stamp is exact against its neighbours, an arrival is not, but never early: so the least delay of all
    counts, and follows the drift of the two clocks by at most a millisecond a second.
    """

    def __init__(self) -> None:
        self._offset_us: int | None = None
        self._least_us: int | None = None
        self._looked_us = 0

    def at_us(self, stamp_us: int, came_us: int) -> int:
        """Return when what carries this stamp was taken.

        Raises:
            TornClockError: The stamps jumped.
        """
        lag_us = came_us - stamp_us
        if self._offset_us is None:
            self._offset_us, self._looked_us = lag_us, came_us
        self._least_us = lag_us if self._least_us is None else min(self._least_us, lag_us)
        if lag_us < self._offset_us - _TORN_US:
            raise TornClockError
        if came_us - self._looked_us >= _LOOK_EVERY_US:
            off_us = self._least_us - self._offset_us
            if off_us > 10 * _TORN_US:  # stamps that went back, not mere congestion
                raise TornClockError
            self._offset_us += max(-_MOST_STEP_US, min(_MOST_STEP_US, off_us))
            self._looked_us, self._least_us = came_us, None
        return stamp_us + self._offset_us

    def settle(self, lags_us: Sequence[int]) -> None:
        """Begin with the least delay of what came already."""
        self._offset_us = min(lags_us)


def rate_of(times_us: Sequence[int]) -> Fraction:
    """Return the frame rate of pictures taken at these times: the usual one nearby, or as measured.

    Raises:
        ValueError: There are fewer than two.
    """
    if len(times_us) < 2 or times_us[-1] <= times_us[0]:
        raise ValueError("no rate without time between pictures")
    return usual_rate(Fraction((len(times_us) - 1) * US, times_us[-1] - times_us[0]))


def usual_rate(measured: Fraction) -> Fraction:
    """Return the frame rate that cameras have and that is near the measured one, else the measured one."""
    for rates, within in ((_BROKEN_RATES, _BROKEN_WITHIN), (_WHOLE_RATES, _WHOLE_WITHIN)):
        nearest = min(rates, key=lambda each: abs(each - measured))
        if abs(nearest - measured) <= nearest * within:
            return nearest
    return max(Fraction(1), Fraction(round(measured)))
