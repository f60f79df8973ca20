"""Give resources, takes and prompts short ids that are safe as folder names and easy to type."""

from __future__ import annotations

import re
import secrets

# No vowels and nothing that is mistaken for something else when read aloud or typed; lower case only, because
# some file systems do not tell A from a.
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
_LENGTH = 9  # 27**9 ids: one chance in 150,000 that any two of 10,000 are alike
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LONGEST_NAME_BYTES = 200
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # device names on Windows


def new_id(kind: str) -> str:
    """Return a fresh id that starts with ``kind``: r for resources, t for takes, p for prompts."""
    return kind + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_id(text: str) -> bool:
    """Return whether ``text`` may name a folder; what comes from a file must be asked first."""
    return _ID.fullmatch(text) is not None and _RESERVED.fullmatch(text) is None


def is_file_name(text: str) -> bool:
    """Return whether ``text`` can name a file on every system, and a file in this folder only."""
    return (
        text.isprintable()
        and 0 < len(text.encode()) <= _LONGEST_NAME_BYTES
        and not _NOT_IN_NAMES.intersection(text)
        and text.strip(" .") == text
        and _RESERVED.fullmatch(text.partition(".")[0]) is None
    )
