"""What is known of a take, and the ``take.json`` beside its media that makes it recoverable.

The folder of a take is enough to rebuild it: the library database only repeats what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from capture.files import write_whole

TAKE_FILE = "take.json"
FORMAT = 1

#: ``recording``: being written. ``unfinished``: the recorder ended early, not yet repaired.
#: ``safe``: verified on disk. ``damaged``: kept, but a check failed.
TakeState = Literal["recording", "unfinished", "safe", "damaged"]
Track = Literal["camera", "mic", "phone"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One media file of a take; a device that comes back starts a new one.

    ``start_us`` is on the take's clock, whose 0 is the start of its first sound (without a microphone:
    of its first picture), so it is negative for a camera that started earlier.
    """

    track: Track
    file: str
    start_us: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment the producer marked while recording."""

    at_us: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sync:
    """How the camera's clock lies against the lapel's, found by sound.

    ``offset_us`` is how long before the lapel the camera started; ``drift_ppm`` how much faster the
    camera's sound runs (above 0, late words come early in its file); ``inliers`` the share (0 to 1) of
    windows that agree.
    """

    offset_us: int
    drift_ppm: float
    inliers: float


@dataclass(frozen=True, slots=True)
class TakePrompt:
    """The question a take answers, as it stood when it was recorded."""

    id: str
    key: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Devices:
    """What recorded a take: identities as given to ``lapel record``, names as people know them."""

    camera_id: str = ""
    camera_name: str = ""
    mic_id: str = ""
    mic_name: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """One recorded answer to one prompt. Its media never changes after recording.

    Args:
        resource_id: The resource it was recorded for; its folder is ``media/<resource_id>/<id>/``.
        resource_title: As it stood then, so that a lost database can be rebuilt.
        expert: "Name, role", likewise.
        number: 1, 2, … within its prompt.
        recorded_at: ISO 8601 with offset.
        duration_us: From 0 of the take's clock to its end.
        has_picture: Whether any segment holds video.
        picture_rate: Frames a second as a fraction ("30000/1001"); empty without a picture.
        mic_drift_ppm: How much faster the microphone's samples came than this computer's clock, which stamps
            the pictures; its sign is that of ``Sync.drift_ppm``. 0 where it is not known.
        camera_settings: Encoder settings of the camera file, stored so that cutting can reuse them.
        camera_delay_us: By how much the pictures of this camera come late, as a clap has shown.
        events: Plain-language keys of what went wrong while recording, with their times.
    """

    id: str
    resource_id: str
    resource_title: str
    prompt: TakePrompt
    number: int
    state: TakeState
    recorded_at: str
    duration_us: int = 0
    segments: tuple[Segment, ...] = ()
    has_picture: bool = False
    picture_rate: str = ""
    devices: Devices = Devices()
    expert: str = ""
    language: str = ""
    sync: Sync | None = None
    markers: tuple[Marker, ...] = ()
    note: str = ""
    camera_settings: dict[str, str] = field(default_factory=dict)
    events: tuple[Marker, ...] = ()
    mic_drift_ppm: float = 0.0
    camera_delay_us: int = 0
    format: int = FORMAT


def camera_start_us(take: Take, segment: Segment) -> int:
    """Return when a picture segment starts on the take's clock; a measured sync wins over time stamps."""
    return -take.sync.offset_us if take.sync is not None else segment.start_us - take.camera_delay_us


def read_take(folder: Path) -> Take:
    """Return the take whose folder this is.

    Raises:
        OSError: No readable ``take.json``.
        msgspec.ValidationError: It is not a take of a format this version knows.
    """
    return msgspec.json.decode((folder / TAKE_FILE).read_bytes(), type=Take)


def write_take(folder: Path, take: Take) -> None:
    """Write ``take.json`` whole or not at all, and make it last through a power cut."""
    write_whole(folder / TAKE_FILE, msgspec.json.format(msgspec.json.encode(take), indent=1))
