"""What the three checks of the first run say, without a widget."""

from __future__ import annotations

import shutil
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import doctor, messages
from app.screens.studio_presenter import NOISE_TENTHS, NOTHING, PHONE, level_words, room_noise
from capture.device_check import CheckedDevice
from capture.errors import UserError
from capture.recorder_messages import DeviceState
from capture.sound_check import FAINT_BELOW_DB, SILENT_BELOW_DB
from editor import models

Kind = Literal["camera", "mic"]
Look = Literal["looking", "listening", "ready", "see"]
ModelState = Literal["ready", "at_hand", "missing"]

#: What a system's own switch for privacy is called by, to be opened at once. Linux has none.
_PRIVACY = {
    ("darwin", "camera"): "x-apple.systempreferences:com.apple.preference.security?Privacy_Camera",
    ("darwin", "mic"): "x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone",
    ("win32", "camera"): "ms-settings:privacy-webcam",
    ("win32", "mic"): "ms-settings:privacy-microphone",
}
_REFUSED = ("device.camera_refused", "device.mic_refused")
_DOCTOR_KEYS: dict[Kind, str] = {"camera": "camera", "mic": "microphone"}
_TENTHS_KEPT = 50  # five seconds
ENOUGH_DISK_BYTES = doctor.ENOUGH_DISK_BYTES


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a device is: the badge, the words, and the address of the system's setting that would help."""

    look: Look
    words: str
    settings: str = ""


def device_verdict(
    kind: Kind,
    state: DeviceState | None,
    *,
    chosen: str,
    devices: Sequence[CheckedDevice],
    trouble: str = "",
    platform: str = sys.platform,
) -> Verdict:
    """Return how a device is.

    Args:
        kind: Which of the two.
        state: What the recorder says of it, None while it says nothing.
        chosen: The source that is wanted, "" while it is not known what there is.
        devices: What is plugged in.
        trouble: Key below ``errors`` of why there is none of this kind, if that is known.
        platform: As ``sys.platform``.
    """
    if chosen == PHONE:
        return Verdict("see", messages.text("first_run.phone"))
    if chosen == NOTHING:
        if any(each.kind == kind for each in devices):
            return Verdict("see", messages.text(f"first_run.without_{kind}"))
        key = _DOCTOR_KEYS[kind]
        if trouble:
            return refused(kind, UserError(trouble), platform=platform)
        words = f"{messages.text(f'doctor.no_{key}')} {doctor.permission_words(key, platform)}".strip()
        return Verdict("see", words, _PRIVACY.get((platform, kind), ""))
    if state is None or state.standing == "opening":
        return Verdict("looking", messages.text("first_run.looking"))
    if state.trouble:
        return refused(kind, UserError(state.trouble, **state.params), platform=platform)
    if state.standing in ("lost", "gone"):
        return Verdict("see", messages.text("first_run.lost", name=state.name))
    return Verdict("ready" if kind == "camera" else "listening", messages.text("first_run.works"))


def refused(kind: Kind, error: UserError, *, platform: str = sys.platform) -> Verdict:
    """Return why a device cannot be used, and the exact setting where it may be one that forbids it."""
    words = messages.sentence(error)
    if error.message_key not in _REFUSED:
        return Verdict("see", words)
    words = f"{words} {doctor.permission_words(_DOCTOR_KEYS[kind], platform)}".strip()
    return Verdict("see", words, _PRIVACY.get((platform, kind), ""))


class Listening:
    """What was heard in the last seconds: whether a voice, how loud, and how quiet the room is without it."""

    def __init__(self) -> None:
        self._peaks_db: deque[float] = deque(maxlen=_TENTHS_KEPT)
        self._rms_db: deque[float] = deque(maxlen=NOISE_TENTHS)
        self.heard = False

    def add(self, peak_db: float, rms_db: float) -> None:
        """Take in a tenth of a second."""
        self._peaks_db.append(peak_db)
        self._rms_db.append(rms_db)
        self.heard = self.heard or self.peak_db >= FAINT_BELOW_DB

    @property
    def peak_db(self) -> float:
        """The loudest of the last seconds."""
        return max(self._peaks_db)

    @property
    def is_full(self) -> bool:
        """Whether it was long enough to judge what never changes."""
        return len(self._peaks_db) == _TENTHS_KEPT

    def verdict(self) -> Verdict:
        """Return whether a voice can be heard."""
        if self.heard:
            return Verdict("ready", messages.text("first_run.heard"))
        if self.is_full and self.peak_db < SILENT_BELOW_DB:
            return Verdict("see", messages.text("doctor.mic_silent"))
        return Verdict("listening", messages.text("first_run.speak"))

    def level(self) -> tuple[str, str, str]:
        """Return how loud the voice is: words, tint, and the peak."""
        key, tint = level_words(self.peak_db, self._rms_db[-1])
        return messages.text(key), tint, messages.text("studio.held", db=messages.number(self.peak_db))

    def noise(self) -> tuple[str, str]:
        """Return how quiet the room is between words, and the tint of that."""
        return room_noise(self._rms_db)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model that writes captions, whether it is here, and the room for it."""

    title: str
    size_bytes: int
    state: ModelState
    free_bytes: int

    @property
    def words(self) -> str:
        """Whether it is here, in words."""
        size = messages.size(self.size_bytes)
        return messages.text(f"first_run.model_{self.state}", title=self.title, size=size)

    @property
    def room(self) -> tuple[str, str, str]:
        """Whether there is room on the disk: words, tint, and how much."""
        enough = self.free_bytes >= ENOUGH_DISK_BYTES
        words = messages.text("first_run.room_on_disk" if enough else "first_run.little_room")
        free = messages.text("statusbar.free", gigabytes=round(self.free_bytes / 1e9))
        return words, "ok" if enough else "warn", free


def model_card(name: str, folder: Path) -> ModelCard:
    """Return whether a model is set up, could be without a network, or has to be brought.

    Args:
        name: Of the catalogue, or of one that was added.
        folder: Of the library, whose disk takes the recordings.
    """
    here = next((each for each in models.installed() if each.name == name), None)
    known = next((each for each in models.catalogue() if each.name == name), None)
    at_hand = known is not None and models.is_available(known)
    state: ModelState = "ready" if here is not None else "at_hand" if at_hand else "missing"
    size = known.size_bytes if known is not None else here.size_bytes if here is not None else 0
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return ModelCard(known.title if known is not None else name, size, state, shutil.disk_usage(there).free)


def so_far(fraction: float | None, size_bytes: int) -> str:
    """Return how much of a model is there."""
    done = messages.size(round((fraction or 0.0) * size_bytes))
    return messages.text("first_run.so_far", done=done, size=messages.size(size_bytes))


def badge(look: Look) -> str:
    """Return the word in the corner of a card."""
    return messages.text(f"first_run.badge.{look}")
