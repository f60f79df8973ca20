"""Show any frame of the result at once: what the window plays, steps and scrubs through.

A take's working copy can be entered every second; where there is none yet the camera's own file serves, more
slowly. What was decoded on the way is kept for a while, because people scrub back and forth.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from capture.take import Take
from editor.cutlist import frame_us
from editor.fit import Size
from editor.model import CutList, Expert, Placed, Rendition
from editor.overlay import Overlay, Pixels, make_overlays

if TYPE_CHECKING:
    from av import VideoFrame

#: What is kept of decoded pictures, at the size at which they are shown.
KEEP_BYTES = 96 << 20
#: A step back brings those before it along, so that the next steps back cost nothing.
_STEP_BACK_FRAMES, _BACK_FRAMES = 2, 10
_NAMED = Rendition(lower_third=True)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One picture of the result, ready to be painted.

    Args:
        frame: Which one, counted from 0.
        at_us: When it is shown, on the result's clock.
        pixels: Blue, green, red and 255 of each, shape (height, width, 4), rows without gaps.
    """

    frame: int
    at_us: int
    pixels: Pixels


class TakeFrames(Protocol):
    """Any frame of one take on its constant frame grid."""

    def frame(self, number: int) -> VideoFrame:
        """Return the frame that shows grid frame ``number``.

        Raises:
            UserError: It cannot be had.
        """

    def close(self) -> None:
        """Let the files go."""


#: Opens the pictures of a take: take, folder, rate of the grid. None where it has none.
OpenFrames = Callable[[Take, Path, Fraction], "TakeFrames | None"]


class Viewer:
    """The pictures of a result at the size at which they are shown; one thread at a time.

    Args:
        takes: The takes of the result by their ids.
        folders: The folder of each take by its id.
        cut_list: The result.
        named: Whom the lower third names; None for none.
        size: The room on the screen; pictures fill it as far as their shape allows.
        open_frames: How a take's pictures are opened.
    """

    def __init__(
        self,
        takes: Mapping[str, Take],
        folders: Mapping[str, Path],
        cut_list: CutList,
        *,
        named: Expert | None = None,
        size: Size,
        open_frames: OpenFrames,
    ) -> None:
        self._takes, self._folders = dict(takes), dict(folders)
        self._cut_list = cut_list
        self._named = named
        self._lower_third: tuple[Size, tuple[Overlay, ...]] | None = None
        self._size = size
        self._open_frames = open_frames
        self._open: dict[str, TakeFrames | None] = {}
        self._kept: OrderedDict[tuple[str, int], Pixels] = OrderedDict()
        self._kept_bytes = 0
        self._last: tuple[str, int] = ("", 0)

    @property
    def cut_list(self) -> CutList:
        """The result that is shown."""
        return self._cut_list

    def show(
        self,
        takes: Mapping[str, Take],
        folders: Mapping[str, Path],
        cut_list: CutList,
        *,
        named: Expert | None = None,
    ) -> None:
        """Show another result; pictures of takes that are the same as before are kept."""
        gone = [each for each in self._open if takes.get(each) != self._takes.get(each)]
        if cut_list.rate != self._cut_list.rate:
            gone = list(self._open)
        for take_id in gone:
            self._let_go(take_id)
        self._takes, self._folders, self._cut_list = dict(takes), dict(folders), cut_list
        self._named, self._lower_third = named, None

    def refresh(self, take_id: str) -> None:
        """Open a take again: its working copy is there now, or its folder was found."""
        self._let_go(take_id)

    def resize(self, size: Size) -> None:
        """Show pictures at another size."""
        if size != self._size:
            self._size = size
            self._kept.clear()
            self._kept_bytes = 0

    def shown(self, frame: int) -> Shown:
        """Return a frame of the result; of a sound without a picture a black one.

        Raises:
            ValueError: The result has no such frame.
            UserError: It cannot be had: a file is gone or broken.
        """
        placed = _placed_at(self._cut_list, frame)
        take_id, number = placed.span.take_id, placed.take_frame + frame - placed.result_frame
        pixels = self._kept.get((take_id, number))
        if pixels is None:
            pixels = self._fetch(take_id, number, back_to=placed.take_frame)
        else:
            self._kept.move_to_end((take_id, number))
        self._last = (take_id, number)
        return Shown(frame, frame_us(frame, self._cut_list.rate), self._drawn(pixels, frame))

    def close(self) -> None:
        """Let every file go."""
        for take_id in list(self._open):
            self._let_go(take_id)

    def _drawn(self, pixels: Pixels, frame: int) -> Pixels:
        """Return the picture with what the rendition draws on it; captions are the window's to show."""
        if self._named is None:
            return pixels
        size = Size(pixels.shape[1], pixels.shape[0])
        if self._lower_third is None or self._lower_third[0] != size:
            made = make_overlays(self._cut_list, size=size, expert=self._named, cues=(), rendition=_NAMED)
            self._lower_third = size, made
        for each in self._lower_third[1]:
            if each.first <= frame < each.last:
                pixels = each.paint(pixels, frame)
        return pixels

    def _fetch(self, take_id: str, number: int, *, back_to: int) -> Pixels:
        frames = self._frames(take_id)
        if frames is None:
            return np.zeros((max(2, self._size.height_px), max(2, self._size.width_px), 4), np.uint8)
        last_take, last = self._last
        if last_take == take_id and 0 < last - number <= _STEP_BACK_FRAMES:
            for before in range(max(back_to, number - _BACK_FRAMES), number):
                if (take_id, before) not in self._kept:
                    self._keep((take_id, before), self._pixels(frames.frame(before)))
        pixels = self._pixels(frames.frame(number))
        self._keep((take_id, number), pixels)
        return pixels

    def _frames(self, take_id: str) -> TakeFrames | None:
        if take_id not in self._open:
            take, folder = self._takes[take_id], self._folders[take_id]
            self._open[take_id] = self._open_frames(take, folder, self._cut_list.rate)
        return self._open[take_id]

    def _pixels(self, frame: VideoFrame) -> Pixels:
        size = fitting(Size(frame.width, frame.height), self._size)
        small = frame.reformat(
            width=size.width_px, height=size.height_px, format="bgra", interpolation="AREA"
        )
        return np.ascontiguousarray(small.to_ndarray())

    def _keep(self, key: tuple[str, int], pixels: Pixels) -> None:
        self._kept[key] = pixels
        self._kept_bytes += pixels.nbytes
        while self._kept_bytes > KEEP_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.nbytes

    def _let_go(self, take_id: str) -> None:
        frames = self._open.pop(take_id, None)
        if frames is not None:
            frames.close()
        for key in [key for key in self._kept if key[0] == take_id]:
            self._kept_bytes -= self._kept.pop(key).nbytes


def fitting(picture: Size, room: Size) -> Size:
    """Return the largest even size of a picture's shape that fits into a room."""
    scale = min(Fraction(room.width_px, picture.width_px), Fraction(room.height_px, picture.height_px))
    return Size(
        max(2, int(picture.width_px * scale) // 2 * 2), max(2, int(picture.height_px * scale) // 2 * 2)
    )


def _placed_at(cut_list: CutList, frame: int) -> Placed:
    low, high = 0, len(cut_list.placed)
    while low < high:
        middle = (low + high) // 2
        if cut_list.placed[middle].result_frame <= frame:
            low = middle + 1
        else:
            high = middle
    found = cut_list.placed[low - 1] if low else None
    if found is None or not 0 <= frame - found.result_frame < found.frames:
        raise ValueError(frame)
    return found
