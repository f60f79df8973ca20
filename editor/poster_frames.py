"""Propose stills for the poster: sharp, the face large, nothing blurred by movement, and no two alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capture.errors import UserError
from capture.face_model import find_face_model
from capture.faces import FaceFinder
from capture.take import Take
from capture.work import Work
from editor import cutlist
from editor.cutlist import frame_us
from editor.fit import Size
from editor.model import CutList, Suggestion, Transcript
from editor.sentences import sentences
from editor.viewing import OpenFrames, fitting

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 4
ROOM = Size(480, 270)
_LOOKS = 36  # frames that are looked at
_SETTLED_US = 400_000  # after a join everybody is still moving
_APART_US = 3_000_000
_NO_FACE = 0.05  # as good as one that is a twentieth as high as the picture
_FACE_PX = 96  # a face is measured at this size, so that a near one does not count as blurred
_DARKEST, _BRIGHTEST = 40, 215
_MOVED = 4.0  # grey values between two frames that halve what a still is worth


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A still that may stand for the resource.

    Args:
        suggestion: Take and moment, and the sentence that is being said.
        result_us: When it comes on the result's clock.
        image: The still, small.
        worth: The more the better; says nothing by itself.
    """

    suggestion: Suggestion
    result_us: int
    image: Image
    worth: float


def propose(
    cut_list: CutList,
    takes: Sequence[Take],
    folders: Mapping[str, Path],
    transcripts: Sequence[Transcript],
    *,
    open_frames: OpenFrames,
    work: Work,
) -> tuple[Proposal, ...]:
    """Return up to four stills of the result in order of time; none where there is only sound.

    Args:
        cut_list: The result.
        takes: The takes of it.
        folders: The folder of each take by its id.
        transcripts: Of those takes, as many as there are.
        open_frames: How a take's pictures are opened.
        work: Told of progress; asked often whether to stop.

    Raises:
        Cancelled: The person stopped the job.
    """
    model = find_face_model()
    finder = FaceFinder(model) if model is not None else None
    by_id = {take.id: take for take in takes}
    said = {each.take_id: sentences(each.take_id, each.words) for each in transcripts}
    found: list[Proposal] = []
    wanted = _moments(cut_list)
    for n, (take_id, frames) in enumerate(wanted.items()):
        step = work.part(n / len(wanted), (n + 1) / len(wanted))
        with contextlib.suppress(UserError):  # a take that cannot be read has no still; it is told elsewhere
            for frame, result_us, image, worth in _looks(
                cut_list, by_id[take_id], folders[take_id], frames, finder, open_frames, step
            ):
                at_us = frame_us(frame, cut_list.rate)
                sentence = next((s.text for s in said.get(take_id, ()) if s.start_us <= at_us < s.end_us), "")
                suggestion = Suggestion("poster", str(at_us), sentence, take_id, at_us)
                found.append(Proposal(suggestion, result_us, image, worth))
    return tuple(sorted(_best(found), key=lambda each: each.result_us))


def _moments(cut_list: CutList) -> dict[str, list[tuple[int, int]]]:
    """Return frames of takes to look at, each with the frame of the result: evenly over all that remains."""
    step = max(1, cut_list.frames // _LOOKS)
    settled = cutlist.frame_at(_SETTLED_US, cut_list.rate)
    second = round(cut_list.rate)  # a working copy can be entered at each, so nothing else need be decoded
    found: dict[str, list[tuple[int, int]]] = {}
    for each in cut_list.placed:
        first = min(settled, each.frames // 2)
        for wanted in range(first, max(first + 1, each.frames - 1), step):
            into = -(-(each.take_frame + wanted) // second) * second - each.take_frame
            into = into if into < each.frames - 1 else wanted
            moments = found.setdefault(each.span.take_id, [])
            moments.append((each.take_frame + into, each.result_frame + into))
    return found


def _looks(
    cut_list: CutList,
    take: Take,
    folder: Path,
    wanted: Sequence[tuple[int, int]],
    finder: FaceFinder | None,
    open_frames: OpenFrames,
    work: Work,
) -> Iterator[tuple[int, int, Image, float]]:
    from PIL import Image

    opened = open_frames(take, folder, cut_list.rate) if take.has_picture else None
    if opened is None:
        return
    with contextlib.closing(opened):
        for n, (frame, result_frame) in enumerate(sorted(set(wanted))):
            work.checkpoint()
            work.report(n / len(wanted), "render.poster")
            pictures: list[NDArray[np.uint8]] = []
            for number in (frame, frame + 1):
                decoded = opened.frame(number)
                size = fitting(Size(decoded.width, decoded.height), ROOM)
                small = decoded.reformat(width=size.width_px, height=size.height_px, format="rgb24")
                pictures.append(np.asarray(small.to_ndarray(), np.uint8))
            worth = still_worth(pictures[0], pictures[1], finder)
            yield frame, frame_us(result_frame, cut_list.rate), Image.fromarray(pictures[0]), worth


def still_worth(rgb: NDArray[np.uint8], after: NDArray[np.uint8], finder: FaceFinder | None) -> float:
    """Return how good a still is.

    Args:
        rgb: The still, shape (height, width, 3).
        after: The frame that follows: what differs has moved.
        finder: Finds the face; without one the whole picture counts.
    """
    import cv2

    height, width = rgb.shape[:2]
    faces = finder.faces(rgb) if finder is not None else ()
    share, window = _NO_FACE, (slice(0, height), slice(0, width))
    if faces:
        face = max(faces, key=lambda each: each.height)
        rows = slice(max(0, int(face.top * height)), min(height, int(face.bottom * height) + 1))
        columns = slice(max(0, int(face.left * width)), min(width, int(face.right * width) + 1))
        if rows.stop - rows.start > 1 and columns.stop - columns.start > 1:
            share, window = max(_NO_FACE, face.height), (rows, columns)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    moved = np.abs(grey.astype(np.int16) - cv2.cvtColor(after, cv2.COLOR_RGB2GRAY))[window].mean()
    seen = cv2.resize(grey[window], (_FACE_PX, _FACE_PX), interpolation=cv2.INTER_AREA)
    sharp = float(cv2.Laplacian(seen, cv2.CV_32F).std())
    exposed = 1.0 if _DARKEST <= float(grey.mean()) <= _BRIGHTEST else 0.1
    return share * sharp * exposed / (1 + float(moved) / _MOVED)


def _best(found: Sequence[Proposal]) -> list[Proposal]:
    """Return the best, some seconds apart where there are enough."""
    ranked = sorted(found, key=lambda each: (-each.worth, each.result_us))
    chosen: list[Proposal] = []
    for apart_us in (_APART_US, 0):
        for each in ranked:
            near = any(abs(each.result_us - other.result_us) <= apart_us for other in chosen)
            if len(chosen) < MOST and not near:
                chosen.append(each)
    return chosen
