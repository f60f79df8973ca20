"""Let a recorder that loses frames have the machine: what works in the background pauses meanwhile.

The recorder calls ``ask_for_room`` whenever it has dropped a frame; everything that is done ahead of time
calls ``wait_for_room`` between small steps. The sign is a file in the library's media folder, so it needs no
process to be up, and one that was forgotten means nothing a few seconds later.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

SIGN_FILE = ".recorder-needs-room"
HOLD_S = 15.0  # the recorder tells of dropped frames every 10 to 12 s as long as it drops any
_POLL_S = 0.25


def ask_for_room(media: Path) -> None:
    """Ask everything in the background to pause for ``HOLD_S``. Never fails: a recording goes on anyway.

    Args:
        media: The library's media folder.
    """
    with contextlib.suppress(OSError):
        (media / SIGN_FILE).touch()


def is_room_asked_for(media: Path) -> bool:
    """Return whether a recorder asked within the last ``HOLD_S``."""
    try:
        asked_s = (media / SIGN_FILE).stat().st_mtime
    except OSError:
        return False
    return abs(time.time() - asked_s) < HOLD_S


def wait_for_room(media: Path, *, waiting: Callable[[], None] = lambda: None) -> None:
    """Return as soon as no recorder asks for room.

    Args:
        media: The library's media folder.
        waiting: Called several times a second meanwhile; what it raises ends the wait.
    """
    while is_room_asked_for(media):
        waiting()
        time.sleep(_POLL_S)
