"""Show in a terminal how a recording goes: how long, how loud, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from app import messages
from app.terminal import clock
from capture.recorder_messages import Event, Position
from capture.studio import FromStudio

US = 1_000_000
_CELLS = 12
_LOWEST_DB = -60.0
_HOLD_FOR = 15  # positions: one and a half seconds


class RecordingView:
    """What the recorder says, for a terminal.

    Args:
        tell: Prints a line that stays.
    """

    def __init__(self, *, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.begin()

    def begin(self) -> None:
        """Begin anew with the next take."""
        self._position = Position(0)
        self._held_db, self._held_for = _LOWEST_DB, 0

    def on_message(self, message: FromStudio) -> None:
        """Take in what the recorder says."""
        if isinstance(message, Event):
            at = clock(max(0, message.at_us) / US)
            self._tell(messages.text("cli.event", at=at, event=messages.text(f"events.{message.key}")))
        elif isinstance(message, Position):
            self._position = message
            self._hold(message.peak_db)

    @property
    def at_us(self) -> int:
        """How far the take is."""
        return max(0, self._position.at_us)

    def line(self) -> str:
        """Return the time and the level: how loud on average, the peak held for a moment."""
        at = clock(max(0, self._position.at_us) / US)
        if self._position.rms_db is None:
            return at
        filled, peak = _cells(self._position.rms_db), _cells(self._held_db)
        cells = ["█" if n < filled else " " for n in range(_CELLS)]
        if peak:
            cells[peak - 1] = "│"
        return f"{at} ▕{''.join(cells)}▏ {self._held_db:3.0f} dB"

    def _hold(self, peak_db: float | None) -> None:
        self._held_for -= 1
        if peak_db is not None and (peak_db >= self._held_db or self._held_for <= 0):
            self._held_db, self._held_for = max(peak_db, _LOWEST_DB), _HOLD_FOR


def _cells(level_db: float) -> int:
    return max(0, min(_CELLS, round((1 - level_db / _LOWEST_DB) * _CELLS)))
