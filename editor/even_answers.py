"""Bring the answers of a result to one loudness: each may come from another microphone, or another day.

One static gain for each take, as for the whole afterwards (``editor.loudness``): nothing pumps, and within an
answer loud and quiet keep their difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from capture.take import Take
from capture.work import Work
from editor.audio import RATE_HZ, result_sound, sample_at
from editor.loudness import (
    SAMPLE_BYTES,
    SILENT_LUFS,
    STEP_SAMPLES,
    integrated_lufs,
    read_blocks,
    read_outline,
    write_sound,
)
from editor.model import CutList, Placed

_MOST_DB = 20.0  # more would bring up little but noise
_ALIKE_LU = 1.0  # nobody hears less
_BLOCK = 10 * RATE_HZ
_SHORTEST_STEPS = 1_000  # a second: what is shorter has no loudness worth the name


def write_even_sound(
    cut_list: CutList, takes: Mapping[str, Take], folders: Mapping[str, Path], out: Path, *, work: Work
) -> None:
    """Write the sound of a result as it was recorded, each take as loud as the whole of it.

    Args:
        cut_list: The result.
        takes: Its takes by their ids.
        folders: The folder of each take by its id.
        out: A file of ``loudness.write_sound``.
        work: Told of progress; asked often whether to stop.

    Raises:
        MediaMissingError: A file of a take is gone.
        OSError: The disk is full or gone.
        Cancelled: The person stopped the job.
    """
    write_sound(out, result_sound(cut_list, takes, folders, work=work.part(0.0, 0.9)), work=work)
    gains_db = _gains_db(cut_list, out, work=work)
    if max(map(abs, gains_db.values()), default=0.0) < _ALIKE_LU:
        return
    with out.open("r+b") as file:
        for each in cut_list.placed:
            first, end = _samples(cut_list, each)
            factor = np.float32(10 ** (gains_db[each.span.take_id] / 20))
            for at in range(first, end, _BLOCK):
                work.checkpoint()
                file.seek(at * SAMPLE_BYTES)
                heard = np.frombuffer(file.read((min(at + _BLOCK, end) - at) * SAMPLE_BYTES), "<f4")
                file.seek(at * SAMPLE_BYTES)
                file.write((heard * factor).tobytes())


def _gains_db(cut_list: CutList, sound: Path, *, work: Work) -> dict[str, float]:
    """Return by how much each take must become louder; one in which nobody speaks stays as it is."""
    placed: dict[str, list[Placed]] = {}
    for each in cut_list.placed:
        placed.setdefault(each.span.take_id, []).append(each)
    if len(placed) < 2:
        return {}
    power = read_outline(read_blocks(sound), exact_from=math.inf, work=work).power
    wanted_lufs = integrated_lufs(power)
    gains_db: dict[str, float] = {}
    for take_id, own in placed.items():
        edges = [tuple(at // STEP_SAMPLES for at in _samples(cut_list, each)) for each in own]
        heard = np.concatenate([power[first:end] for first, end in edges])
        found_lufs = integrated_lufs(heard)
        is_said = len(heard) >= _SHORTEST_STEPS and found_lufs > SILENT_LUFS
        gains_db[take_id] = min(max(wanted_lufs - found_lufs, -_MOST_DB), _MOST_DB) if is_said else 0.0
    return gains_db


def _samples(cut_list: CutList, each: Placed) -> tuple[int, int]:
    rate = cut_list.rate
    return sample_at(each.result_frame, rate), sample_at(each.result_frame + each.frames, rate)
