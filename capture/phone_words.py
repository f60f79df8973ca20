"""What laptop and phone tell each other, and what the window hears of it."""

from __future__ import annotations

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """The question that the phone shows: the ``number``-th ``of`` so many, ``take`` counts from 1."""

    text: str = ""
    number: int = 0
    of: int = 0
    take: int = 0


class Wish(msgspec.Struct, frozen=True):
    """What the phone is to do, in full: a phone that was away needs to know nothing else.

    ``take`` is the take to record, empty for none.
    """

    take: str = ""
    prompt: Prompt = Prompt()


class PhoneState(msgspec.Struct, frozen=True):
    """How the phone is doing, as it says itself; None is unknown.

    Args:
        camera: ``ready``, ``asking``, ``refused`` or ``lost``.
        take: The take it records at this moment.
        recorded_us: How long that has been going on.
        recorded_bytes: What it has recorded since it was opened, sent or not.
        unsent_bytes: What this laptop has not acknowledged yet; ``unsent_parts`` likewise.
        free_bytes: What its browser may still store.
        asks: ``start`` or ``stop`` if its button was pressed.
    """

    camera: str = "asking"
    take: str = ""
    recorded_us: int = 0
    recorded_bytes: int = 0
    unsent_bytes: int = 0
    unsent_parts: int = 0
    battery_percent: int | None = None
    charging: bool | None = None
    free_bytes: int | None = None
    width_px: int = 0
    height_px: int = 0
    asks: str = ""
    kind: str = ""


class PhoneNews(msgspec.Struct, frozen=True):
    """Something the window should know at once.

    Args:
        what: ``paired``, ``state``, ``asks``, ``part``, ``finished``, ``damaged``, ``disk``, ``intruder``.
        take: The take it is about.
        segment: The segment it is about.
        text: ``start`` or ``stop`` of ``asks``; the file's name of ``finished``.
    """

    what: str
    take: str = ""
    segment: int = 0
    text: str = ""
