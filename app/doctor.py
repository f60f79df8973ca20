"""Look at what Lapel needs on this machine, so that nothing is missing when the expert sits down."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from app import messages
from capture import ffmpeg
from capture.awake import Awake
from capture.device_check import CheckedDevice, Look, check_devices
from capture.errors import UserError
from capture.face_model import find_face_model
from capture.meter import FLOOR_DB
from capture.work import Work
from editor import library as libraries
from editor import models

ENOUGH_DISK_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: is it ready, what was seen, and what to do if not."""

    key: str
    ok: bool
    detail: str
    fix: str = ""
    needed: bool = True


def examine(folder: Path) -> tuple[Finding, ...]:
    """Return what was found; ``folder`` is the library's."""
    return (
        _ffmpeg(),
        _caption_model(),
        _face_model(),
        *device_findings(check_devices(work=Work())),
        _sleep(),
        _disk(folder),
        *_place(folder),
    )


def _ffmpeg() -> Finding:
    try:
        said = ffmpeg.run(["-version"], work=Work())
    except UserError as error:
        return Finding(
            "ffmpeg", ok=False, detail=messages.sentence(error), fix=messages.text("doctor.reinstall")
        )
    return Finding("ffmpeg", ok=True, detail=said.splitlines()[0] if said else ffmpeg.ffmpeg_path())


def _caption_model() -> Finding:
    try:
        path = models.find_model("base", work=Work())
    except UserError as error:
        return Finding("model", ok=False, detail=messages.sentence(error), fix="lapel models get base")
    return Finding("model", ok=True, detail=str(path))


def _face_model() -> Finding:
    path = find_face_model()
    if path is None:
        return Finding("face", ok=False, detail="", fix=messages.text("doctor.no_face"), needed=False)
    return Finding("face", ok=True, detail=str(path), needed=False)


def device_findings(looked: Look) -> tuple[Finding, ...]:
    """Return what was found of cameras and microphones, and what to do where one is of no use."""
    cameras = [_device(each) for each in looked.devices if each.kind == "camera"]
    mics = [_device(each) for each in looked.devices if each.kind == "mic"]
    if not cameras:
        cameras = [_none("camera", messages.text("doctor.no_camera"))]
    if looked.trouble:
        mics = [_none("microphone", messages.text(f"errors.{looked.trouble}"))]
    elif not mics:
        mics = [_none("microphone", messages.text("doctor.no_microphone"))]
    hung = [_none("devices", messages.text("doctor.devices_hang"))] if looked.hung else []
    return (*cameras, *mics, *hung)


def _none(key: str, fix: str) -> Finding:
    return Finding(key, ok=False, detail="", fix=f"{fix} {permission_words(key)}".strip(), needed=False)


def permission_words(key: str, platform: str = sys.platform) -> str:
    """Return where a platform asks whether a program may see and hear people; "" where that is unknown."""
    if key == "devices":
        return ""
    platform = "linux" if platform.startswith("linux") else platform
    known = {"linux", "darwin", "win32"}
    return messages.text(f"doctor.permissions.{platform}.{key}") if platform in known else ""


def _device(device: CheckedDevice) -> Finding:
    key = "camera" if device.kind == "camera" else "microphone"
    named = f"{device.name} ({device.id})"
    if device.trouble:
        words = messages.text(f"errors.{device.trouble}", **device.params)
        return Finding(key, ok=False, detail=named, fix=f"{words} {permission_words(key)}", needed=False)
    if device.tried and device.kind == "camera":
        rate = round(float(Fraction(device.rate or 0)), 2)
        seen = messages.text(
            "doctor.camera_works", width=device.width_px, height=device.height_px, rate=f"{rate:g}"
        )
        return Finding(key, ok=True, detail=f"{named}: {seen}", needed=False)
    if device.peak_db is not None and device.peak_db <= FLOOR_DB:
        fix = messages.text("doctor.mic_silent")
        return Finding(key, ok=False, detail=named, fix=f"{fix} {permission_words(key)}", needed=False)
    if device.peak_db is not None:
        heard = messages.text("doctor.mic_works", peak=f"{device.peak_db:.0f}")
        return Finding(key, ok=True, detail=f"{named}: {heard}", needed=False)
    return Finding(key, ok=True, detail=named, needed=False)


def _sleep() -> Finding:
    """Return whether this computer can be kept from falling asleep during a take."""
    awake = Awake()
    awake.start()
    held = awake.wait()
    awake.stop()
    if not held:
        return Finding("sleep", ok=False, detail="", fix=messages.text("doctor.may_sleep"), needed=False)
    return Finding("sleep", ok=True, detail=messages.text("doctor.stays_awake", by=held), needed=False)


def _disk(folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    enough = free >= ENOUGH_DISK_BYTES
    detail = messages.text("doctor.free", gigabytes=f"{free / 1e9:.1f}", folder=folder)
    return Finding("disk", ok=enough, detail=detail, fix="" if enough else messages.text("doctor.disk_full"))


def _place(folder: Path) -> tuple[Finding, ...]:
    warnings = libraries.place_warnings(folder)
    return tuple(
        Finding("place", ok=False, detail=str(folder), fix=messages.text(f"doctor.{key}"), needed=False)
        for key in warnings
    )
