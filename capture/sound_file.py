"""Write the lapel's sound so that whatever happens, what was heard so far is a file that plays.

A WAV file says in its head how long it is. The head is written anew every second, and mended from the
file's real size after a kill or a power cut (Microsoft RIFF, "WAVE_FORMAT_PCM").
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capture.lasting import Lasting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 48_000
BYTES_PER_SAMPLE = 3
_FULL_SCALE = 1 << 23
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
#: Sizes in the head have 32 bits: 8.2 hours. The head of a longer file says the most it can.
_MOST_BYTES = (1 << 32) - 1 - _HEADER.size


class SoundFile:
    """A WAV file that grows: PCM, 24 bit, 48 kHz, mono.

    Nothing is held back in a buffer of this process, so a kill loses nothing that was written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._lasting = Lasting(path)
        self.samples = 0
        self._write_all(_head(0))

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append samples, shape (n,), full scale +/-1.0.

        Raises:
            OSError: The disk is full or gone; whole samples written so far stay.
        """
        self._write_all(_packed(samples))
        self.samples += len(samples)

    def update_head(self) -> None:
        """Let the head say how long the file is by now."""
        self._file.seek(0)
        self._file.write(_head(self.samples * BYTES_PER_SAMPLE))
        self._file.seek(0, os.SEEK_END)

    def sync(self) -> None:
        """Make everything written so far last through a power cut; may be called from another thread."""
        self._lasting.sync()

    def close(self) -> None:
        """Cut off a sample written in part, write the last head, and let the file go."""
        try:
            self._file.truncate(_HEADER.size + self.samples * BYTES_PER_SAMPLE)
            self.update_head()
            self.sync()
        finally:
            self._file.close()
            self._lasting.close()

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]


def repair_sound(path: Path) -> int:
    """Let the head of a WAV file of ours say what is really there; return the number of samples."""
    samples = max(path.stat().st_size - _HEADER.size, 0) // BYTES_PER_SAMPLE
    with path.open("rb+") as file:
        file.write(_head(samples * BYTES_PER_SAMPLE))
        file.truncate(_HEADER.size + samples * BYTES_PER_SAMPLE)
        file.flush()
        os.fsync(file.fileno())
    return samples


def _head(data_bytes: int) -> bytes:
    size = min(data_bytes, _MOST_BYTES)
    byte_rate = RATE_HZ * BYTES_PER_SAMPLE
    return _HEADER.pack(
        *(b"RIFF", size + _HEADER.size - 8, b"WAVE"),
        *(b"fmt ", 16, 1, 1, RATE_HZ, byte_rate, BYTES_PER_SAMPLE, BYTES_PER_SAMPLE * 8),
        *(b"data", size),
    )


def _packed(samples: NDArray[Any]) -> bytes:
    import numpy as np

    scaled = np.rint(samples.astype(np.float64) * _FULL_SCALE)
    whole = np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, :BYTES_PER_SAMPLE].tobytes()
