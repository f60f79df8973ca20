"""Remember by how much the pictures of each silent camera come late, once a clap has shown it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from capture.errors import UserError
from capture.files import write_whole
from capture.places import config_folder

CAMERAS_FILE = "cameras.json"


class CameraDelay(msgspec.Struct, frozen=True):
    """By how much the pictures of a camera come late, and when that was measured (ISO 8601)."""

    name: str
    delay_us: int
    measured_at: str


def camera_delay_us(camera_id: str) -> int:
    """Return by how much the pictures of this camera come late; 0 where nobody has measured it."""
    known = camera_delays().get(camera_id)
    return known.delay_us if known is not None else 0


def camera_delays() -> dict[str, CameraDelay]:
    """Return what was measured, by the identity of the camera."""
    try:
        data = (config_folder() / CAMERAS_FILE).read_bytes()
        return msgspec.json.decode(data, type=dict[str, CameraDelay])
    except (OSError, msgspec.DecodeError):
        return {}


def remember_delay(camera_id: str, name: str, delay_us: int) -> CameraDelay:
    """Keep the delay of a camera for all takes to come; the next measurement replaces it.

    Raises:
        UserError: It cannot be written.
    """
    made = CameraDelay(name, delay_us, datetime.now(UTC).isoformat(timespec="seconds"))
    _write({**camera_delays(), camera_id: made})
    return made


def forget_delay(camera_id: str) -> None:
    """Forget the delay of a camera."""
    _write({known: each for known, each in camera_delays().items() if known != camera_id})


def _write(delays: dict[str, CameraDelay]) -> None:
    folder = config_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / CAMERAS_FILE, msgspec.json.format(msgspec.json.encode(delays), indent=1))
    except OSError as error:
        raise UserError("clap.cannot_keep", folder=folder, reason=error.strerror or "") from error
