"""Measure from one clap of hands by how much a silent camera's pictures come late.

A webcam has no sound of its own to lay against the lapel; but its delay is always the same. At a clap the
hands stop at once, and in the same moment there is the sharpest sound that people can make.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.errors import UserError
from capture.probe import open_media, picture_stream, sound_stream
from capture.take import Take
from capture.work import Work

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

US = 1_000_000
RATE_HZ = 48_000
#: What a camera may be late; a clap on the screen that is further away belongs to another one.
EARLIEST_US = -150_000
LATEST_US = 600_000

_SOUND_STEP_US = 1_000
_SOUND_BEFORE_STEPS = 30
_SOUND_ALONE_US = 250_000  # echoes of the same clap come within
_CLEAR_DB = 9.0  # by which it is sharper than any other sound
_SHARP_DB = 15.0  # by which it rises within a few milliseconds
_PICTURE_PX = (160, 90)
_LEAST_MOTION = 6.0  # times what moves when nobody does
_STOP_SHARE = 0.45  # of their speed that the hands may have after the clap
_RIVAL_SHARE = 0.7
_FAST_SHARE = 0.5
_FRAMES_AFTER = 3


class NoClapError(UserError):
    """There is not one clear clap in the recording; nothing was remembered."""


@dataclass(frozen=True, slots=True)
class Clap:
    """When a clap was heard and seen, on the clock of the take."""

    heard_us: int
    seen_us: int

    @property
    def delay_us(self) -> int:
        """By how much the picture is late."""
        return self.seen_us - self.heard_us


def measure_clap(folder: Path, take: Take, *, work: Work) -> Clap:
    """Return the one clap of a take that was recorded with a camera and a microphone.

    Args:
        folder: Where its files are.
        take: As it was recorded: no delay must have been applied, or it is taken out again.
        work: Told of progress; asked whether to stop.

    Raises:
        NoClapError: No clap, or more than one, or not to be seen.
    """
    mic = next((each for each in take.segments if each.track == "mic"), None)
    camera = next((each for each in take.segments if each.track == "camera"), None)
    if mic is None or camera is None:
        raise NoClapError("clap.needs_both")
    work.report(0.0, "clap.measuring")
    sound = _sound(folder / mic.file, work=work.part(0.0, 0.3))
    heard_us = find_in_sound(sound, rate_hz=RATE_HZ)
    times_us, motion = _motion(folder / camera.file, work=work.part(0.3, 1.0))
    shift_us = camera.start_us - mic.start_us
    seen_us = find_in_motion([each + shift_us for each in times_us], motion, heard_us=heard_us)
    return Clap(heard_us + mic.start_us, seen_us + mic.start_us)


def find_in_sound(samples: NDArray[np.float32], *, rate_hz: int) -> int:
    """Return when the one sharp sound begins, in microseconds from the first sample.

    Raises:
        NoClapError: Nothing so sharp, or it happens more than once.
    """
    import numpy as np

    step = rate_hz * _SOUND_STEP_US // US
    whole = samples[: len(samples) // step * step].astype(np.float64)
    if len(whole) < 100 * step:
        raise NoClapError("clap.not_heard")
    # The first difference lets through what is sharp, and takes out hum and most of a voice.
    sharp = np.diff(whole, prepend=whole[:1]).reshape(-1, step)
    level_db = 10 * np.log10(np.mean(sharp**2, axis=1) + 1e-12)
    before_db = _largest_before(level_db, _SOUND_BEFORE_STEPS)
    rise_db = np.minimum(level_db - before_db, 60.0)
    # Sharp and loud at once: a mouse click is sharp too, but it is not as loud.
    loudest = int(np.argmax(level_db))
    first = max(0, loudest - 10)
    onset = first + int(np.argmax(level_db[first : loudest + 1] >= level_db[loudest] - 12.0))
    around = _SOUND_ALONE_US // _SOUND_STEP_US
    others = level_db.copy()
    others[max(0, onset - around) : onset + 2 * around] = -120.0
    is_sharp = rise_db[onset] >= _SHARP_DB
    if not is_sharp:
        raise NoClapError("clap.not_heard")
    if float(others.max()) > float(level_db[loudest]) - _CLEAR_DB:
        raise NoClapError("clap.several")
    loud = np.abs(sharp[onset])
    within = int(np.argmax(loud >= 0.3 * loud.max()))
    return (onset * step + within) * US // rate_hz


def _largest_before(level_db: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Return for each step the largest level of those before it, but for the two just before."""
    import numpy as np

    padded = np.concatenate([np.full(steps, level_db[:5].max()), level_db])
    windows = np.lib.stride_tricks.sliding_window_view(padded, steps - 2)
    return np.asarray(windows[: len(level_db)].max(axis=1))


def find_in_motion(times_us: list[int], motion: NDArray[np.float64], *, heard_us: int) -> int:
    """Return when the hands met, on the clock of ``times_us``, finer than a picture.

    Args:
        times_us: Of the pictures.
        motion: How much of each differs from the one before; the first is 0.
        heard_us: When the clap was heard; only what is near is looked at.

    Raises:
        NoClapError: Nothing stops at once there, or more than one thing does.
    """
    import numpy as np

    times = np.asarray(times_us)
    motion = np.maximum(0.0, motion - np.median(motion))
    near = np.flatnonzero((times >= heard_us + EARLIEST_US) & (times <= heard_us + LATEST_US))
    near = near[(near >= 2) & (near < len(times) - _FRAMES_AFTER)]
    if len(near) < _FRAMES_AFTER:
        raise NoClapError("clap.not_seen")
    after = np.asarray([float(np.max(motion[at + 2 : at + 2 + _FRAMES_AFTER - 1])) for at in near])
    fast = np.asarray([float(max(motion[at - 1], motion[at])) for at in near])
    drop = np.maximum(0.0, fast - after / _STOP_SHARE)
    best = int(np.argmax(drop))
    resting = float(np.median(np.abs(motion))) + 1e-9
    if drop[best] <= 0 or fast[best] < _LEAST_MOTION * resting:
        raise NoClapError("clap.not_seen")
    rivals = np.abs(near - near[best]) > _FRAMES_AFTER
    if np.any(drop[rivals] > _RIVAL_SHARE * drop[best]):
        raise NoClapError("clap.several")
    return _met_us(times, motion, at=int(near[best]))


def _met_us(times: NDArray[np.int64], motion: NDArray[np.float64], *, at: int) -> int:
    """Return when within the last moving pictures the hands met: where their way at full speed ends."""
    last = at
    while last + 1 < len(motion) and motion[last + 1] >= _FAST_SHARE * motion[at]:
        last += 1
    while motion[last] < _FAST_SHARE * max(motion[last - 1], motion[last - 2]):
        last -= 1
    speed = float(max(motion[last - 1], motion[last]))
    rest = float(motion[last + 1]) if last + 1 < len(motion) else 0.0
    frame_us = int(times[last] - times[last - 1])
    way = min(2.0, (float(motion[last]) + rest) / speed) if speed > 0 else 1.0
    return int(times[last - 1]) + round(way * frame_us)


def _sound(path: Path, *, work: Work) -> NDArray[np.float32]:
    import av
    import numpy as np

    parts = []
    with open_media(path) as container:
        stream = sound_stream(container)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        for frame in container.decode(stream) if stream is not None else ():
            work.checkpoint()
            parts += [each.to_ndarray()[0] for each in resampler.resample(frame)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _motion(path: Path, *, work: Work) -> tuple[list[int], NDArray[np.float64]]:
    """Return the times of the pictures of a file, from its first, and how much each differs from the last."""
    import numpy as np

    times_us: list[int] = []
    motion: list[float] = []
    before: NDArray[np.float32] | None = None
    width, height = _PICTURE_PX
    with open_media(path) as container:
        stream = picture_stream(container)
        for frame in container.decode(stream) if stream is not None else ():
            work.checkpoint()
            seen = frame.reformat(width=width, height=height, format="gray").to_ndarray().astype(np.float32)
            difference = np.abs(seen - before) if before is not None else np.zeros_like(seen)
            noise = 3.0 * float(np.median(difference)) + 4.0
            motion.append(float(np.mean(np.maximum(0.0, difference - noise))))
            times_us.append(round((frame.pts or 0) * (frame.time_base or 0) * US))
            before = seen
    first_us = times_us[0] if times_us else 0
    return [each - first_us for each in times_us], np.asarray(motion)
