"""Look at what Lapel needs on this machine, so that nothing is missing when the expert sits down."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from app import messages
from capture import ffmpeg
from capture.errors import UserError
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
        *_cameras(),
        *_microphones(),
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


def _cameras() -> tuple[Finding, ...]:
    if not sys.platform.startswith("linux"):
        return ()
    found = sorted(Path("/dev").glob("video*"))
    return (
        Finding(
            "camera",
            ok=bool(found),
            detail=", ".join(map(str, found)),
            fix="" if found else messages.text("doctor.no_camera"),
            needed=False,
        ),
    )


def _microphones() -> tuple[Finding, ...]:
    try:
        import sounddevice
    except OSError as error:  # the PortAudio library itself is missing
        fix = messages.text("doctor.no_portaudio")
        return (Finding("microphone", ok=False, detail=str(error), fix=fix, needed=False),)
    names = [each["name"] for each in sounddevice.query_devices() if each["max_input_channels"] > 0]
    fix = "" if names else messages.text("doctor.no_microphone")
    return (Finding("microphone", ok=bool(names), detail=", ".join(names), fix=fix, needed=False),)


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
