"""List the cameras and microphones of this computer and try them, before the expert sits down.

Looking happens in a process of its own (``python -m capture.device_check``): a sound server or a driver that
hangs then takes nobody with it, and what was found until then counts.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Literal

import msgspec

from capture.devices import DeviceInfo, DeviceLostError, Microphone, open_camera, open_mic
from capture.errors import UserError
from capture.launch import start_child
from capture.meter import decibels
from capture.work import Work

WITHIN_S = 25.0
_TRY_WITHIN_S = 12.0  # after that the rest is only listed
_LISTEN_US = 600_000

Kind = Literal["camera", "mic"]


class CheckedDevice(msgspec.Struct, frozen=True):
    """A device, and how it did when tried.

    Args:
        tried: Whether it was; there may have been no time.
        trouble: Key below ``errors`` of why it cannot be used; empty if it can.
        peak_db: How loud a microphone was at most, below full scale.
        width_px: Of a camera's picture.
        height_px: Of a camera's picture.
        rate: Pictures a second, as a fraction.
    """

    kind: Kind
    id: str
    name: str
    is_default: bool = False
    tried: bool = False
    trouble: str = ""
    params: dict[str, str] = {}
    peak_db: float | None = None
    width_px: int = 0
    height_px: int = 0
    rate: str = ""


class Look(msgspec.Struct, frozen=True):
    """What there is; ``hung``: looking did not come to an end, ``trouble``: why there are no microphones."""

    devices: tuple[CheckedDevice, ...]
    hung: bool = False
    trouble: str = ""


class _End(msgspec.Struct, frozen=True):
    trouble: str


def check_devices(*, try_them: bool = True, within_s: float = WITHIN_S, work: Work) -> Look:
    """Return the cameras and microphones of this computer.

    Args:
        try_them: Whether to open each for a moment; a camera's lamp goes on.
        within_s: When to go on with what is known.
        work: Asked whether to stop.
    """
    lines: list[bytes] = []
    # Only a list is wanted while a take is recorded: it lets everything else run first.
    args, low_priority = (["try"], False) if try_them else ([], True)
    with start_child(
        "capture.device_check", args, own_session=True, low_priority=low_priority, pipe=True
    ) as child:
        reader = threading.Thread(target=lambda: lines.extend(child.stdout), name="devices", daemon=True)
        reader.start()
        end_s = time.monotonic() + within_s
        try:
            while reader.is_alive() and time.monotonic() < end_s:
                reader.join(0.05)
                work.checkpoint()
        finally:
            child.kill()
            reader.join()
    return _read(lines)


def _read(lines: list[bytes]) -> Look:
    devices: dict[str, CheckedDevice] = {}
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            device = msgspec.json.decode(line, type=CheckedDevice)
            devices[device.id] = device
            continue
        with contextlib.suppress(msgspec.DecodeError):
            end = msgspec.json.decode(line, type=_End)
            return Look(tuple(devices.values()), trouble=end.trouble)
    return Look(tuple(devices.values()), hung=True)


def main(*, try_them: bool) -> None:
    """Print a line for each device as it is known, again when it was tried, and one at the end."""
    from capture.camera_list import list_cameras
    from capture.microphone import list_mics

    trouble = ""
    listed: list[tuple[Kind, DeviceInfo]] = [("camera", each) for each in list_cameras()]
    try:
        listed += [("mic", each) for each in list_mics()]
    except UserError as error:
        trouble = error.message_key
    found = [CheckedDevice(kind, each.id, each.name, each.is_default) for kind, each in listed]
    for device in found:
        _print(device)
    end_s = time.monotonic() + _TRY_WITHIN_S
    for device in found if try_them else ():
        if time.monotonic() < end_s:
            _print(tried(device))
    _print(_End(trouble))


def tried(device: CheckedDevice) -> CheckedDevice:
    """Return the device with how it did when opened for a moment."""
    try:
        return _tried_mic(device) if device.kind == "mic" else _tried_camera(device)
    except UserError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return msgspec.structs.replace(device, tried=True, trouble=error.message_key, params=params)
    except DeviceLostError:
        key = "device.mic_mute" if device.kind == "mic" else "device.camera_mute"
        return msgspec.structs.replace(device, tried=True, trouble=key, params={"name": device.name})


def _tried_mic(device: CheckedDevice) -> CheckedDevice:
    mic = open_mic(device.id)
    if mic is None:
        raise ValueError("nothing to try")
    try:
        mic.open()
        peak = max(_peaks(mic), default=0.0)
    finally:
        mic.close()
    return msgspec.structs.replace(device, tried=True, peak_db=decibels(peak))


def _peaks(mic: Microphone) -> Iterator[float]:
    import numpy as np

    for block in mic.blocks(time.monotonic_ns() // 1000):
        yield float(np.abs(block.samples).max(initial=0.0))
        if block.at_us > _LISTEN_US:
            return


def _tried_camera(device: CheckedDevice) -> CheckedDevice:
    camera = open_camera(device.id)
    if camera is None:
        raise ValueError("nothing to try")
    try:
        seen = camera.open()
    finally:
        camera.close()
    return msgspec.structs.replace(
        device, tried=True, width_px=seen.video.width, height_px=seen.video.height, rate=str(seen.rate)
    )


def _print(line: CheckedDevice | _End) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(try_them="try" in sys.argv[1:])
