"""Where the files that ship with Lapel are: guides, player, fonts, strings, sample."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent

GUIDES = _HERE / "guides"
ICONS = _HERE / "icons"
FONTS = _HERE / "fonts"
PLAYER = _HERE / "player"
PREVIEW = _HERE / "preview"
SCHEMAS = _HERE / "schemas"
SAMPLE = _HERE / "sample"
STRINGS = _HERE / "strings"
THEME = _HERE / "theme"
TOKENS = THEME / "tokens.json"
PHRASING = _HERE / "captions" / "phrasing.toml"
MODEL_CATALOGUE = _HERE / "models.toml"

#: The folder that holds app, export, editor, capture and assets; child processes need it on their path.
ROOT = _HERE.parent


@functools.cache
def strings(language: str = "en") -> dict[str, Any]:
    """Return the texts shown to people, as nested tables."""
    with (STRINGS / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def text(key: str, /, **params: object) -> str:
    """Return the text at dotted ``key`` with its ``{placeholders}`` filled in.

    Raises:
        KeyError: No such text: a bug, found by ``tests/test_strings.py``.
    """
    found: Any = strings()
    for step in key.split("."):
        found = found[step]
    if not isinstance(found, str):
        raise KeyError(key)
    return found.format(**params) if params else found
