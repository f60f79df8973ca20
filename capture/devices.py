"""Name what the recorder needs of a camera and of a microphone, so that any device can be one.

Every device counts its times, in microseconds or in the ticks of its streams, from the ``start_us`` it is
given on this computer's monotonic clock. A live device stamps what arrives; a file device plays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from capture.errors import BadInputError

if TYPE_CHECKING:
    import numpy as np
    from av import AudioStream, Packet, VideoStream
    from numpy.typing import NDArray

MIC_RATE_HZ = 48_000
FILE_PREFIX = "file:"
NONE = "none"


class DeviceLostError(Exception):
    """The device stopped delivering; what it delivered so far is good."""


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """What an open camera delivers.

    Args:
        video: The stream of its picture packets; gives codec, size and time base.
        sound: The stream of its own sound, or None. It is scratch sound, kept for synchronising.
        rate: Frames a second it says it delivers.
        keep_packets: Its H.264 can be kept as it is: it can be entered every two seconds or sooner.
        rotation: Degrees, counter-clockwise, that turn its frames upright.
    """

    video: VideoStream
    sound: AudioStream | None
    rate: Fraction
    keep_packets: bool
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """Sound as it came.

    ``samples`` is mono, shape (n,), full scale +/-1.0; ``at_us`` is the time of the first of them.
    """

    at_us: int
    samples: NDArray[np.float32]


class Camera(Protocol):
    """Something that delivers pictures."""

    @property
    def id(self) -> str:
        """What to give to ``--camera`` to get it again."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def length_us(self) -> int | None:
        """How long it will play; None for a live one, which may end only by being lost."""

    def open(self) -> CameraFormat:
        """Get ready and return what it delivers.

        Raises:
            UserError: It cannot be used.
        """

    def packets(self, start_us: int) -> Iterator[Packet[Any]]:
        """Yield its packets as they come, in decoding order, until it ends.

        Raises:
            DeviceLostError: It stopped delivering.
        """

    def close(self) -> None:
        """Let it go; called once, whatever happened."""


class Microphone(Protocol):
    """Something that delivers sound at ``MIC_RATE_HZ``."""

    @property
    def id(self) -> str:
        """What to give to ``--mic`` to get it again."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def length_us(self) -> int | None:
        """How long it will play; None for a live one, which may end only by being lost."""

    def open(self) -> None:
        """Get ready.

        Raises:
            UserError: It cannot be used.
        """

    def blocks(self, start_us: int) -> Iterator[SoundBlock]:
        """Yield its sound as it comes, without gaps, until it ends.

        Raises:
            DeviceLostError: It stopped delivering.
        """

    def close(self) -> None:
        """Let it go; called once, whatever happened."""


def open_camera(source: str, *, paced: bool = True) -> Camera | None:
    """Return the camera that ``source`` names, not yet opened, or None for ``none``.

    Args:
        source: ``file:PATH`` or ``none``.
        paced: Whether a file plays at the speed of life, or as fast as it can be read.

    Raises:
        BadInputError: No such kind of source.
    """
    from capture.file_device import FileCamera

    path = _file_of(source, option="--camera")
    return None if path is None else FileCamera(path, paced=paced)


def open_mic(source: str, *, paced: bool = True) -> Microphone | None:
    """Return the microphone that ``source`` names, not yet opened, or None for ``none``.

    Args:
        source: ``file:PATH`` or ``none``.
        paced: Whether a file plays at the speed of life, or as fast as it can be read.

    Raises:
        BadInputError: No such kind of source.
    """
    from capture.file_device import FileMicrophone

    path = _file_of(source, option="--mic")
    return None if path is None else FileMicrophone(path, paced=paced)


def _file_of(source: str, *, option: str) -> Path | None:
    if source == NONE:
        return None
    if source.startswith(FILE_PREFIX) and len(source) > len(FILE_PREFIX):
        return Path(source[len(FILE_PREFIX) :]).absolute()
    raise BadInputError("device.unknown", option=option, source=source)
