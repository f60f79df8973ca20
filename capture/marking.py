"""Remember a moment of the take that is being recorded, from outside of whoever follows it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from capture.recorder_messages import Mark, send
from capture.rendezvous import reach


def mark_moment(folder: Path, text: str = "") -> bool:
    """Mark this moment of the take that is being recorded into ``folder``; return whether one is.

    Args:
        folder: The take's.
        text: What is to be remembered.
    """
    connection = reach(folder)
    if connection is None:
        return False
    with connection, contextlib.suppress(OSError):
        send(connection, Mark(text))
        # The recorder greets everyone: hearing that means that it has our message too.
        connection.poll(1.0)
        return True
    return False
