"""Record five seconds with the chosen devices and say how they look and sound, before the expert comes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from capture.coach import Advice, Coach, open_coach
from capture.probe import open_media, picture_stream
from capture.recorder_messages import FromRecorder
from capture.recording import record_take
from capture.sound_check import SoundCheck, check_sound
from capture.take import Take, TakePrompt
from capture.work import Work

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

US = 1_000_000
SECONDS = 5.0
_PREVIEW_PX = 640
TRIAL_ID = "trial"


@dataclass(frozen=True, slots=True)
class Trial:
    """A test recording and what to say of it.

    Args:
        folder: Where its files are, until the next one.
        sound: None if no microphone was tried.
        picture: What the coach says; empty if no camera was tried.
    """

    take: Take
    folder: Path
    sound: SoundCheck | None
    picture: tuple[Advice, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """What can be played back."""
        return tuple(self.folder / segment.file for segment in self.take.segments)


def record_trial(
    place: Path,
    *,
    camera: str,
    mic: str,
    seconds: float = SECONDS,
    on_message: Callable[[FromRecorder], None] = lambda _: None,
    work: Work,
) -> Trial:
    """Record a moment through the ordinary recorder and judge it.

    Args:
        place: A folder for test recordings; the one before is removed.
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        seconds: How long.
        on_message: Told of levels and events as they come.
        work: Told of progress; cancelling it ends the recording early.

    Raises:
        UserError: A device cannot be used.
    """
    fresh, folder = next_trial(place)
    take = record_take(
        media=place,
        take=fresh,
        camera=camera,
        mic=mic,
        seconds=seconds,
        on_message=on_message,
        work=work,
    )
    return judge_trial(take, folder)


def next_trial(place: Path) -> tuple[Take, Path]:
    """Return a fresh test take and its folder below ``place``; the one before is removed."""
    shutil.rmtree(place / TRIAL_ID, ignore_errors=True)
    take = Take(
        id=TRIAL_ID,
        resource_id=TRIAL_ID,
        resource_title="",
        prompt=TakePrompt("", "", "", ""),
        number=1,
        state="recording",
        recorded_at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
    )
    return take, place / TRIAL_ID / TRIAL_ID


def judge_trial(take: Take, folder: Path) -> Trial:
    """Return what to say of a recording."""
    mic = next((each.file for each in take.segments if each.track == "mic"), None)
    camera = next((each.file for each in take.segments if each.track == "camera"), None)
    return Trial(
        take,
        folder,
        _sound(folder / mic) if mic is not None else None,
        _picture(folder / camera, open_coach()) if camera is not None else (),
    )


def _sound(file: Path) -> SoundCheck:
    import soundfile

    samples, rate_hz = soundfile.read(file, dtype="float32")
    return check_sound(samples, rate_hz=rate_hz)


def _picture(file: Path, coach: Coach) -> tuple[Advice, ...]:
    with open_media(file) as container:
        stream = picture_stream(container)
        for frame in container.decode(stream) if stream is not None else ():
            at_us = round((frame.pts or 0) * (frame.time_base or 0) * US)
            if coach.is_due(at_us):
                coach.look(_preview(frame.width, frame.height, frame.reformat), at_us=at_us)
    return coach.advice


def _preview(width: int, height: int, reformat: Callable[..., object]) -> NDArray[np.uint8]:
    scale = min(1.0, _PREVIEW_PX / max(width, height))
    size = {"width": round(width * scale / 2) * 2, "height": round(height * scale / 2) * 2}
    picture: NDArray[np.uint8] = reformat(**size, format="rgb24").to_ndarray()  # type: ignore[attr-defined]
    return picture
