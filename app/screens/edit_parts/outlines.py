"""Hear and look through the chosen takes once, for the timeline and for tidying; told take by take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.screens.edit_presenter import EditState
from capture.work import Work
from editor.peaks import Peaks, take_peaks
from editor.speech import Levels, take_levels
from editor.stills import Still, take_stills
from editor.take_frames import open_take_frames


@dataclass(frozen=True, slots=True)
class Outline:
    """What is there of a take so far."""

    take_id: str
    peaks: Peaks | None = None
    stills: tuple[Still, ...] = ()


def read_outlines(
    state: EditState, known: Mapping[str, Levels], *, tell: Callable[[Outline], object], work: Work
) -> dict[str, Levels]:
    """Return how loud each chosen take is over time, after telling the outline of its sound and picture.

    Args:
        state: Whose takes.
        known: Takes heard before; they are passed over.
        tell: Told outlines as they come; called in the thread of the job.
        work: Told of progress; asked often whether to stop.

    Raises:
        UserError: A file cannot be read.
        Cancelled: The person stopped the job.
    """
    levels = dict(known)
    takes = [
        state.take(lane.take_id)
        for lane in state.lanes
        if lane.take_id not in known and lane.take_id not in state.missing
    ]
    for n, take in enumerate(takes):
        folder = state.folders[take.id]
        step = work.part(n / (2 * len(takes)), (n + 1) / (2 * len(takes)))
        tell(Outline(take.id, take_peaks(folder, take, on_part=_telling(tell, take.id), work=step)))
        levels[take.id] = take_levels(folder, take, work=step)
    for n, take in enumerate(takes):
        step = work.part(0.5 + n / (2 * len(takes)), 0.5 + (n + 1) / (2 * len(takes)))
        stills = take_stills(state.folders[take.id], take, open_frames=open_take_frames, work=step)
        tell(Outline(take.id, stills=stills))
    return levels


def _telling(tell: Callable[[Outline], object], take_id: str) -> Callable[[Peaks], object]:
    return lambda peaks: tell(Outline(take_id, peaks))
