"""Find the quality at which a film keeps to its size, so that nobody waits for a package of a gigabyte."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from capture.work import Work
from editor import encode
from editor.encode import PictureSettings, encoded, house_settings
from editor.film import Film
from editor.fit import Size

#: Most bytes a minute, sound included, by the shorter side of the picture (PRODUCT.md section 6).
_BYTES_A_MINUTE = ((720, 8_000_000), (1080, 15_000_000), (4320, 40_000_000))
CAREFUL = 0.92  # a trial is not the whole, and a cut may keep what is hardest to encode
SOUND_BYTES_A_MINUTE = encode.SOUND_BITS_PER_S * 60 // 8
_SOUND_SHARE = 0.25  # of what there is room for: rather a thinner sound than no picture
_MOST_TRIALS = 6
_TRIAL_EVERY_S = 40
_MOST_TRIES = 3
_MOST_WRITES = 6  # hardly ever more than two; giving up would mean no video at all
_CRF_PER_HALF = 6.0  # x264: six more is about half the size


def most_bytes_a_minute(size: Size) -> int:
    """Return how big a minute of a result of this size may be, sound included."""
    short_px = min(size.width_px, size.height_px)
    return next((most for px, most in _BYTES_A_MINUTE if short_px <= px), _BYTES_A_MINUTE[-1][1])


def sound_bits_per_s(most_bytes: float) -> int:
    """Return how thick the sound may be where a minute of the file may have so many bytes."""
    thick = most_bytes * _SOUND_SHARE >= SOUND_BYTES_A_MINUTE
    return encode.SOUND_BITS_PER_S if thick else encode.LEAST_SOUND_BITS_PER_S


def fitting_settings(film: Film, *, most_bytes: float, work: Work) -> PictureSettings:
    """Return the best quality at which a film will keep to its size, by trying some of it.

    Args:
        film: What is to be encoded.
        most_bytes: Of a minute of pictures.
        work: Told of progress; asked often whether to stop.
    """
    work.report(0.0, "render.measuring_picture")
    rate, total = film.cut_list.rate, film.cut_list.frames
    length = min(total, round(rate * encode.GOP_S))
    trials = min(_MOST_TRIALS, math.ceil(total / (rate * _TRIAL_EVERY_S)))
    starts = [(total - length) * (2 * n + 1) // (2 * trials) for n in range(trials)]
    settings = house_settings(rate, film.size)
    for _ in range(_MOST_TRIES):
        spent = 0
        for start in starts:
            work.checkpoint()
            spent += sum(packet.size for packet in encoded(settings, film.frames(start, length)))
        heavier = spent * float(rate) * 60 / (length * trials) / (most_bytes * CAREFUL)
        if heavier <= 1 or settings.crf >= encode.WORST_CRF:
            break
        settings = softer(settings, heavier)
    work.report(1.0)
    return settings


def write_to_fit(
    write: Callable[[PictureSettings, Work], None],
    path: Path,
    *,
    duration_us: int,
    most_bytes: float,
    sound_bytes: float = 0.0,
    settings: PictureSettings,
    work: Work,
) -> PictureSettings:
    """Write a file, again where the trial promised too much, and return the settings used.

    Args:
        write: Writes it.
        path: Where it does.
        duration_us: How long it is.
        most_bytes: Of a minute of it.
        sound_bytes: How much of that is sound, which softer pictures do not make smaller.
        settings: To begin with.
        work: Told of progress.
    """
    for n in range(_MOST_WRITES):
        write(settings, work.part(1 - 0.5**n, 1.0))
        found_bytes = path.stat().st_size * 60e6 / duration_us
        heavier = (found_bytes - sound_bytes) / max(most_bytes - sound_bytes, 1.0)
        if found_bytes <= most_bytes or settings.crf >= encode.WORST_CRF or n + 1 == _MOST_WRITES:
            break
        settings = softer(settings, heavier / CAREFUL)
    return settings


def softer(settings: PictureSettings, heavier: float) -> PictureSettings:
    """Return the settings with which something so many times too heavy will about fit."""
    crf = min(round(settings.crf + _CRF_PER_HALF * math.log2(heavier) + 0.25, 2), encode.WORST_CRF)
    return replace(settings, options={**settings.options, "crf": f"{crf:.2f}"})
