"""Which events of a recording are warnings in Studio, for how long, and in which words. No widget here."""

from __future__ import annotations

from app import messages
from capture.take import Take

#: What good news ends. Good news itself is no warning: it is said once.
ENDS: dict[str, tuple[str, ...]] = {
    "camera.back": ("camera.lost", "camera.frozen", "camera.still"),
    "mic.back": ("mic.lost", "mic.stalled", "mic.silent", "mic.moved", "mic.returned"),
    "mic.returned": ("mic.moved",),
    "mic.good": ("mic.faint", "mic.quiet"),
    "disk.enough": ("disk.low", "disk.very_low"),
    "battery.charging": ("battery.low", "battery.very_low"),
    "phone.back": ("phone.away",),
}
#: What is said by something worse, or by something that means the same.
_REPLACES: dict[str, tuple[str, ...]] = {
    "disk.very_low": ("disk.low",),
    "disk.ending": ("disk.low", "disk.very_low"),
    "disk.full": ("disk.low", "disk.very_low", "disk.ending"),
    "disk.failed": ("disk.low", "disk.very_low", "disk.ending"),
    "battery.very_low": ("battery.low",),
    "mic.faint": ("mic.quiet",),
    "mic.stalled": ("mic.silent",),
    "camera.frozen": ("camera.still",),
}
#: Something is not recorded, or soon will not be.
_RED = frozenset(
    {
        *("camera.lost", "camera.frozen"),
        *("mic.lost", "mic.stalled", "mic.silent", "mic.moved"),
        *("disk.very_low", "disk.ending", "disk.full", "disk.failed"),
        *("battery.very_low", "recorder.failed", "recorder.killed", "sleep.slept", "phone.damaged"),
    }
)
#: What is so until it is said to be over; anything else is about the one take.
_LASTING = frozenset(key for keys in ENDS.values() for key in keys) | {"phone.disk", "phone.intruder"}
#: What was found after a take and does not make it damaged, but is worth a word.
_WORTH_A_WORD = ("copy.", "sync.", "phone.")


def after(alerts: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return what is shown after an event, oldest first."""
    over = {*ENDS.get(key, ()), *_REPLACES.get(key, ()), key}
    left = tuple(each for each in alerts if each not in over)
    return left if key in ENDS else (*left, key)


def at_begin(alerts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is still so when the next take begins."""
    return tuple(each for each in alerts if each in _LASTING)


def without(alerts: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return what is left when a device was changed: "mic", "camera" or "phone"."""
    return tuple(each for each in alerts if not each.startswith(f"{kind}."))


def is_red(key: str) -> bool:
    """Whether something is not recorded, or soon will not be."""
    return key in _RED


def words_of(key: str) -> str:
    """Return what is said of an event, as a sentence."""
    text = messages.text(f"events.{key}")
    return f"{text[0].upper()}{text[1:]}."


def trouble_of(take: Take) -> str:
    """Return what is wrong with a take that was recorded, in words, or ""."""
    damaged = take.state == "damaged"
    keys = dict.fromkeys(each.text for each in take.events)
    told = [key for key in keys if key not in ENDS and (damaged or key.startswith(_WORTH_A_WORD))]
    return " ".join(words_of(key) for key in told)
