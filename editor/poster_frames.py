"""Propose stills for the poster: sharp, the face large, nothing blurred by movement, and no two alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
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
from editor.poster_worker import Looked, look_elsewhere
from editor.sentences import sentences
from editor.viewing import OpenFrames, fitting

if TYPE_CHECKING:
    from av import VideoFrame
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
    work.checkpoint()
    by_id = {take.id: take for take in takes}
    if not any(by_id[each.span.take_id].has_picture for each in cut_list.placed):
        return ()
    looked = tuple(look_elsewhere(cut_list, takes, folders, work=work))
    said = {each.take_id: sentences(each.take_id, each.words) for each in transcripts}
    found: list[Proposal] = []
    for each in sorted(_best(looked, cut_list.rate), key=lambda each: each.result_frame):
        work.checkpoint()
        take = by_id[each.take_id]
        image = _small(take, folders[take.id], each.take_frame, cut_list.rate, open_frames)
        at_us = frame_us(each.take_frame, cut_list.rate)
        sentence = next((s.text for s in said.get(take.id, ()) if s.start_us <= at_us < s.end_us), "")
        suggestion = Suggestion("poster", str(at_us), sentence, take.id, at_us)
        result_us = frame_us(each.result_frame, cut_list.rate)
        found.append(Proposal(suggestion, result_us, image, each.worth))
    return tuple(found)


def looks(
    cut_list: CutList, takes: Sequence[Take], folders: Mapping[str, Path], *, open_frames: OpenFrames
) -> Iterator[Looked]:
    """Yield what frames from all over a result are worth; a take that cannot be read has none."""
    model = find_face_model()
    finder = FaceFinder(model) if model is not None else None
    by_id = {take.id: take for take in takes}
    wanted = _moments(cut_list)
    total, done = sum(map(len, wanted.values())), 0
    for take_id, moments in wanted.items():
        with contextlib.suppress(UserError):  # it is told elsewhere
            for looked in _looks(
                by_id[take_id], folders[take_id], moments, cut_list.rate, finder, open_frames
            ):
                done += 1
                yield Looked(take_id, *looked, done / total)


def _moments(cut_list: CutList) -> dict[str, list[tuple[int, int]]]:
    """Return frames of takes to look at, each with the frame of the result: evenly over all that remains."""
    step = max(1, cut_list.frames // _LOOKS)
    settled = cutlist.frame_at(_SETTLED_US, cut_list.rate)
    second = round(cut_list.rate)  # a working copy can be entered at each, so nothing else need be decoded
    found: dict[str, dict[int, int]] = {}
    for each in cut_list.placed:
        first = min(settled, each.frames // 2)
        for wanted in range(first, max(first + 1, each.frames - 1), step):
            into = -(-(each.take_frame + wanted) // second) * second - each.take_frame
            into = into if into < each.frames - 1 else wanted
            found.setdefault(each.span.take_id, {})[each.take_frame + into] = each.result_frame + into
    return {take_id: sorted(moments.items()) for take_id, moments in found.items()}


def _looks(
    take: Take,
    folder: Path,
    moments: Sequence[tuple[int, int]],
    rate: Fraction,
    finder: FaceFinder | None,
    open_frames: OpenFrames,
) -> Iterator[tuple[int, int, float]]:
    opened = open_frames(take, folder, rate) if take.has_picture else None
    if opened is None:
        return
    with contextlib.closing(opened):
        for take_frame, result_frame in moments:
            seen, after = (_pixels(opened.frame(number)) for number in (take_frame, take_frame + 1))
            yield take_frame, result_frame, still_worth(seen, after, finder)


def _small(take: Take, folder: Path, frame: int, rate: Fraction, open_frames: OpenFrames) -> Image:
    from PIL import Image

    opened = open_frames(take, folder, rate)
    if opened is None:
        raise ValueError("a take without a picture has no stills")
    with contextlib.closing(opened):
        return Image.fromarray(_pixels(opened.frame(frame)))


def _pixels(frame: VideoFrame) -> NDArray[np.uint8]:
    size = fitting(Size(frame.width, frame.height), ROOM)
    small = frame.reformat(width=size.width_px, height=size.height_px, format="rgb24")
    return np.asarray(small.to_ndarray(), np.uint8)


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


def _best(found: Sequence[Looked], rate: Fraction) -> list[Looked]:
    """Return the best, some seconds apart where there are enough."""
    ranked = sorted(found, key=lambda each: (-each.worth, each.result_frame))
    chosen: list[Looked] = []
    for apart in (cutlist.frame_at(_APART_US, rate), 0):
        for each in ranked:
            near = any(abs(each.result_frame - other.result_frame) <= apart for other in chosen)
            if len(chosen) < MOST and not near:
                chosen.append(each)
    return chosen
