"""The one door for what Lapel says to people: errors, progress and results in words."""

from __future__ import annotations

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
