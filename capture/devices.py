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
MIC_PREFIX = "mic:"
CAMERA_PREFIX = "camera:"
NONE = "none"
PHONE = "phone"


class DeviceLostError(Exception):
    """The device stopped delivering; what it delivered so far is good.

    Args:
        device_id: Which.
        event: Key below ``events`` that says why, where that is known.
    """

    def __init__(self, device_id: str, *, event: str = "") -> None:
        super().__init__(device_id)
        self.event = event


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device that could be opened: what to give to ``lapel record``, and what people call it."""

    id: str
    name: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """What an open camera delivers.

    Args:
        video: The stream of its picture packets; gives codec, size and time base.
        sound: The stream of its own sound, or None. It is scratch sound, kept for synchronising.
        rate: Frames a second it says it delivers.
        keep_packets: Its H.264 can be kept as it is: it can be entered every two seconds or sooner.
        rotation: Degrees, counter-clockwise, that turn its frames upright.
        tick: What its pictures count time in, if not in their stream's time base.
    """

    video: VideoStream
    sound: AudioStream | None
    rate: Fraction
    keep_packets: bool
    rotation: int = 0
    tick: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """Sound as it came.

    ``samples`` is mono, shape (n,), full scale +/-1.0; ``at_us`` is the time of the first of them.

    Args:
        came_us: When the block was there, if the device is live.
        dropped_samples: How many the device lost behind this block; silence must stand for them.
        event: Key below ``events`` of what the device noticed.
    """

    at_us: int
    samples: NDArray[np.float32]
    came_us: int | None = None
    dropped_samples: int = 0
    event: str | None = None


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

    @property
    def lost_pictures(self) -> int:
        """How many came and were not taken in, since nobody came for them in time."""

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

    def newest(self) -> tuple[Packet[Any], int] | None:
        """Return the packet of the picture that came last, and when on the monotonic clock; None from a file.

        It is only to be looked at: ``packets`` may still have to come to it.
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
        source: ``file:PATH``, ``none``, a URL, or the id, name or number of a camera of this computer.
        paced: Whether a file plays at the speed of life, or as fast as it can be read.

    Raises:
        BadInputError: No such kind of source.
    """
    from capture.camera import network_camera
    from capture.camera_list import local_camera
    from capture.file_device import FileCamera

    if source == NONE:
        return None
    path = _file_of(source)
    if path is not None:
        return FileCamera(path, paced=paced)
    if "://" in source:
        return network_camera(source)
    if source in {"", PHONE, FILE_PREFIX} or source.startswith(MIC_PREFIX):
        raise BadInputError("device.unknown", option="--camera", source=source)
    return local_camera(source)


def open_mic(source: str, *, paced: bool = True) -> Microphone | None:
    """Return the microphone that ``source`` names, not yet opened, or None for ``none``.

    Args:
        source: ``file:PATH``, ``none``, or the id, name or number of a microphone of this computer.
        paced: Whether a file plays at the speed of life, or as fast as it can be read.

    Raises:
        BadInputError: No such kind of source.
    """
    from capture.file_device import FileMicrophone
    from capture.microphone import LiveMicrophone

    if source == NONE:
        return None
    path = _file_of(source)
    if path is not None:
        return FileMicrophone(path, paced=paced)
    if source in {"", PHONE, FILE_PREFIX} or "://" in source or source.startswith(CAMERA_PREFIX):
        raise BadInputError("device.unknown", option="--mic", source=source)
    return LiveMicrophone(source)


def _file_of(source: str) -> Path | None:
    path = source.removeprefix(FILE_PREFIX)
    return Path(path).absolute() if path and path != source else None
