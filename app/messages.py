"""The one door for what Lapel says to people: errors, progress and results in words."""

from __future__ import annotations

import assets
from capture.errors import UserError

text = assets.text


def sentence(error: UserError) -> str:
    """Return what happened, what is safe and what to do, on one line."""
    words = assets.text(f"errors.{error.message_key}", **error.params)
    return " ".join(words.split())


def note(key: str) -> str:
    """Return the words for a ``Work`` note."""
    return assets.text(f"work.{key}") if key else ""
