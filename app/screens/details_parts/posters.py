"""What the poster picker shows and decides, without a widget: moments of the result, stills proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app import messages
from capture.work import Work
from editor import cutlist, poster_frames, still
from editor.fit import Size
from editor.library import Library
from editor.model import CutList, Poster, Take, Transcript
from editor.poster_frames import Proposal
from editor.result import Result
from editor.take_frames import open_take_frames
from editor.viewing import fitting

if TYPE_CHECKING:
    from PIL.Image import Image

#: Nothing is shown larger, at twice the pixels of the design.
_ROOM = Size(912, 514)


@dataclass(frozen=True, slots=True)
class PosterState:
    """A result as the picker shows it.

    Args:
        takes: Those of the result by their ids.
        chosen: The still that was chosen, if it is still there.
    """

    resource_id: str
    cut_list: CutList
    takes: Mapping[str, Take]
    folders: Mapping[str, Path]
    transcripts: tuple[Transcript, ...]
    chosen: Poster | None

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to choose a moment from."""
        return any(self.takes[each.span.take_id].has_picture for each in self.cut_list.placed)

    @property
    def home(self) -> Take | None:
        """The take with which a picture of one's own is kept: the first of the result."""
        return next((self.takes[each.span.take_id] for each in self.cut_list.placed), None)

    def same_film(self, other: PosterState | None) -> bool:
        """Return whether the same stills can be proposed for both."""
        return (
            other is not None
            and (self.resource_id, self.cut_list) == (other.resource_id, other.cut_list)
            and self.takes == other.takes
        )


def read_posters(library: Library, result: Result) -> PosterState:
    """Return a result as the picker shows it."""
    return PosterState(
        result.resource.id,
        result.cut_list,
        {take.id: take for take in result.takes},
        {take.id: library.take_folder(take) for take in result.takes},
        result.transcripts,
        still.chosen_poster(result.resource, result.takes),
    )


def moment_of(state: PosterState, frame: int) -> Poster:
    """Return a frame of the result as a moment of a take."""
    take_id, at_us = cutlist.to_take(state.cut_list, cutlist.frame_us(frame, state.cut_list.rate))
    return Poster(take_id, at_us)


def frame_of(state: PosterState, poster: Poster) -> int | None:
    """Return where a moment comes in the result; None where it was cut, or is a picture of one's own."""
    if poster.file:
        return None
    at_us = cutlist.to_result_us(state.cut_list, poster.take_id, poster.at_us)
    return None if at_us is None else cutlist.frame_at(at_us, state.cut_list.rate)


def clock_of(state: PosterState, frame: int) -> str:
    """Return a frame's time on the result's clock, in words."""
    return messages.clock(cutlist.frame_us(frame, state.cut_list.rate) / 1e6)


def look(state: PosterState, poster: Poster, *, work: Work) -> QImage:
    """Return a still to look at; an empty one where there is nothing to see.

    Raises:
        UserError: A file is gone, or cannot be read.
    """
    take, folder = state.takes[poster.take_id], state.folders[poster.take_id]
    own = still.own_picture(folder, poster)
    if own is not None:
        return QImage(str(own))
    work.checkpoint()
    seen = None if poster.file else still.moment(take, folder, poster.at_us, rate=state.cut_list.rate)
    if seen is None:
        return QImage()
    size = fitting(Size(seen.width, seen.height), _ROOM)
    return qimage(seen.resize((size.width_px, size.height_px)))


def propose(state: PosterState, *, work: Work) -> tuple[tuple[Proposal, QImage], ...]:
    """Return the proposed stills with their pictures.

    Raises:
        Cancelled: The person stopped the job.
    """
    found = poster_frames.propose(
        state.cut_list,
        tuple(state.takes.values()),
        state.folders,
        state.transcripts,
        open_frames=open_take_frames,
        work=work,
    )
    return tuple((each, qimage(each.image)) for each in found)


def keep_picture(state: PosterState, path: Path, *, work: Work) -> Poster:
    """Keep a picture of one's own beside the first take, and return it as a choice.

    Raises:
        BadInputError: It is no picture, or too small.
        UserError: It cannot be kept.
    """
    home = state.home
    if home is None:
        raise ValueError("a resource without takes has no poster")
    return Poster(home.id, file=still.keep_picture(state.folders[home.id], path, work=work))


def is_moment(proposal: Proposal, poster: Poster | None, *, rate: Fraction) -> bool:
    """Return whether a proposal is what was chosen."""
    if poster is None or poster.file or poster.take_id != proposal.suggestion.take_id:
        return False
    return cutlist.frame_at(poster.at_us, rate) == cutlist.frame_at(proposal.suggestion.start_us, rate)


def said_at(proposal: Proposal) -> str:
    """Return when a proposal comes, and what is said there."""
    at = messages.clock(proposal.result_us / 1e6)
    if not proposal.suggestion.sentence:
        return messages.text("details.still_at", at=at)
    return messages.text("details.still_said", at=at, sentence=proposal.suggestion.sentence)


def qimage(image: Image) -> QImage:
    """Return a picture of Pillow as one of Qt."""
    rgb = image.convert("RGB")
    return QImage(rgb.tobytes(), rgb.width, rgb.height, rgb.width * 3, QImage.Format.Format_RGB888).copy()
