"""The one door for what Lapel says to people: errors, progress and results in words."""

from __future__ import annotations

import math

import assets
from capture.errors import UserError
from editor import undo

text = assets.text


def sentence(error: UserError) -> str:
    """Return what happened, what is safe and what to do, on one line."""
    words = assets.text(f"errors.{error.message_key}", **error.params)
    return " ".join(words.split())


def note(key: str) -> str:
    """Return the words for a ``Work`` note."""
    return assets.text(f"work.{key}") if key else ""


def done(label: str) -> str:
    """Return what an undo step did, as Undo and Redo say it: "Cut 3 words"."""
    key, count = undo.label_parts(label)
    if key not in assets.strings()["undo"]:
        key, count = "edit", None  # kept by a newer Lapel
    if count is None:
        return assets.text(f"undo.{key}")
    return assets.text(f"undo.{key}.{'one' if count == 1 else 'many'}", count=count)


def counted(key: str, count: int, **params: object) -> str:
    """Return the words for one or for many, ``key.one`` or ``key.many``."""
    return assets.text(f"{key}.{'one' if count == 1 else 'many'}", count=count, **params)


def percent(fraction: float) -> str:
    """Return a share in words."""
    return assets.text("statusbar.percent", percent=round(fraction * 100))


def time_left(seconds: float | None) -> str:
    """Return how much longer something takes, as exactly as anybody wants to know."""
    if seconds is None:
        return ""
    if seconds < 60:
        return assets.text("statusbar.left_s", seconds=max(round(seconds), 1))
    return assets.text("statusbar.left_min", minutes=round(seconds / 60))


def clock(seconds: float) -> str:
    """Return ``m:ss``, or ``h:mm:ss`` from an hour on."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def number(value: float, *, decimals: int = 0) -> str:
    """Return a number with a minus as wide as a plus, or a dash where there is none."""
    return f"{value:.{decimals}f}".replace("-", "−") if math.isfinite(value) else "–"


def language(tag: str) -> str:
    """Return the name of a language, or its tag where there is no name for it."""
    known: dict[str, str] = assets.strings()["languages"]
    return known.get(tag.partition("-")[0], tag)


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    if count < 1_000_000:
        return assets.text("units.kilobytes", count=max(round(count / 1000), 1))
    if count < 1_000_000_000:
        return assets.text("units.megabytes", count=round(count / 1e6))
    return assets.text("units.gigabytes", count=f"{count / 1e9:.1f}")
