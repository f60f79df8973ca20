"""Make a file that is still growing last through a power cut, without holding up whoever writes it."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class Lasting:
    """A second descriptor of a growing file, for a thread that waits for the disk every second.

    The file need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._closed = False
        self._lock = threading.Lock()

    def sync(self) -> None:
        """Make everything written so far last; does nothing before the file is there and after ``close``.

        Raises:
            OSError: The disk is full or gone.
        """
        with self._lock:  # or the writer could close the descriptor under the disk's feet
            if self._closed:
                return
            if self._handle is None:
                if not self._path.exists():
                    return
                self._handle = os.open(self._path, os.O_RDWR)
            os.fsync(self._handle)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._closed = True
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None
