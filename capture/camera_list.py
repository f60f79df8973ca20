"""Find the cameras of this computer, by names that people know and identities that stay.

Linux lists them below ``/sys/class/video4linux``; elsewhere FFmpeg's device formats are asked.
"""

from __future__ import annotations

import sys
from pathlib import Path

from capture.camera import Input, LiveCamera
from capture.devices import CAMERA_PREFIX, DeviceInfo
from capture.errors import BadInputError

_FORMATS = {"win32": "dshow", "darwin": "avfoundation"}
_MODES: tuple[dict[str, str], ...] = (  # the best first; a camera that has none of them is taken as it is
    {"video_size": "1920x1080", "framerate": "30"},
    {"video_size": "1280x720", "framerate": "30"},
    {},
)


def list_cameras(
    *, sysfs: Path = Path("/sys/class/video4linux"), dev: Path = Path("/dev"), platform: str = sys.platform
) -> tuple[DeviceInfo, ...]:
    """Return the cameras of this computer.

    Args:
        sysfs: Where Linux lists them.
        dev: Where its device files are.
        platform: As ``sys.platform``.
    """
    if platform.startswith("linux"):
        return _linux_cameras(sysfs, dev)
    return _other_cameras(_FORMATS.get(platform, ""))


def local_camera(source: str) -> LiveCamera:
    """Return a camera of this computer, not yet opened.

    Args:
        source: Its id, its name, or its number in the list, from 0.

    Raises:
        BadInputError: There is none of that name.
    """
    wanted = source.removeprefix(CAMERA_PREFIX)
    cameras = list_cameras()
    for n, each in enumerate(cameras):
        if wanted in {each.id.removeprefix(CAMERA_PREFIX), each.name, str(n)}:
            return LiveCamera(each.id, name=each.name, way=way_to(each.id.removeprefix(CAMERA_PREFIX)))
    raise BadInputError("device.no_such_camera", name=wanted)


def way_to(device: str, *, platform: str = sys.platform) -> Input:
    """Return how FFmpeg is to open a camera of this computer."""
    if platform.startswith("linux"):
        # Motion JPEG: raw pictures of 1080p do not fit through USB 2 at 30 a second.
        jpeg = tuple({**mode, "input_format": "mjpeg"} for mode in _MODES)
        return Input(device, "v4l2", (*jpeg, *_MODES))
    if platform == "win32":
        return Input(f"video={device}", "dshow", tuple({**mode, "rtbufsize": "256M"} for mode in _MODES))
    return Input(f"{device}:none", "avfoundation", _MODES)


def _linux_cameras(sysfs: Path, dev: Path) -> tuple[DeviceInfo, ...]:
    stable: dict[Path, Path] = {}
    for folder in ("by-path", "by-id"):  # the plug, then the camera itself, which counts more
        for link in sorted((dev / "v4l" / folder).glob("*")):
            stable[link.resolve()] = link
    found = []
    for node in sorted(sysfs.glob("video*"), key=lambda each: (len(each.name), each.name)):
        # A camera has more nodes than one; those after the first carry no picture.
        if _read(node / "index") not in {"", "0"}:
            continue
        device = dev / node.name
        link = stable.get(device.resolve(), device)
        found.append(DeviceInfo(f"{CAMERA_PREFIX}{link}", _read(node / "name") or node.name))
    return tuple(found)


def _other_cameras(device_format: str) -> tuple[DeviceInfo, ...]:
    import av

    try:
        devices = av.enumerate_input_devices(device_format)
    except (ValueError, av.error.FFmpegError, OSError):
        return ()
    return tuple(
        DeviceInfo(f"{CAMERA_PREFIX}{each.name}", each.description or each.name, is_default=each.is_default)
        for each in devices
        if "video" in each.media_types
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
