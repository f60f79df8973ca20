"""Notice a battery that will not last, while there is time to plug in."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

LOW_PERCENT = 20.0
VERY_LOW_PERCENT = 8.0
POWER_VARIABLE = "LAPEL_POWER_SUPPLY"
_RANKS = ("", "battery.low", "battery.very_low")
#: https://www.kernel.org/doc/html/latest/power/power_supply_class.html
_LINUX = Path("/sys/class/power_supply")


@dataclass(frozen=True, slots=True)
class Battery:
    """How full the computer's battery is, 0 to 100, and whether it is being emptied."""

    percent: float
    in_use: bool


def read_battery() -> Battery | None:
    """Return how full the battery is, or None if there is none or nobody knows."""
    is_linux = sys.platform.startswith("linux")
    return _linux_battery(Path(os.environ.get(POWER_VARIABLE, _LINUX))) if is_linux else _other_battery()


class BatteryWatch:
    """Says once when the battery gets low, again when it gets very low, and when it is charged again."""

    def __init__(self) -> None:
        self._told = ""

    def look(self) -> str | None:
        """Return a key below ``events`` if there is something new to say."""
        battery = read_battery()
        if battery is None:
            return None
        now = _level(battery)
        if battery.in_use and _RANKS.index(now) <= _RANKS.index(self._told):
            return None  # a percent more is no news while it is being emptied
        before, self._told = self._told, now
        return now or ("battery.charging" if before else None)


def _level(battery: Battery) -> str:
    if not battery.in_use or battery.percent > LOW_PERCENT:
        return ""
    return "battery.very_low" if battery.percent <= VERY_LOW_PERCENT else "battery.low"


def _linux_battery(folder: Path) -> Battery | None:
    """Return the battery of this computer as the kernel tells it; one of a mouse does not count."""
    found: list[Battery] = []
    with contextlib.suppress(OSError):
        for each in sorted(folder.iterdir()):
            if _read(each / "type") != "Battery" or _read(each / "scope") == "Device":
                continue
            with contextlib.suppress(ValueError):
                found.append(
                    Battery(float(_read(each / "capacity")), _read(each / "status") == "Discharging")
                )
    if not found:
        return None
    # Two batteries are emptied one after the other: together they last.
    percent = sum(each.percent for each in found) / len(found)
    return Battery(percent, any(each.in_use for each in found))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _other_battery() -> Battery | None:
    import psutil

    try:
        seen = psutil.sensors_battery()
    except (AttributeError, OSError):  # not on this platform, or not now
        return None
    return Battery(float(seen.percent), not seen.power_plugged) if seen is not None else None
