"""Draw on the picture of a result: who speaks, in the first seconds; captions where a video carries its own.

Texts are set by pillow, so that every script is shaped as it should be; each picture of text is made once.
Colours and places are those of a caption that can be read on anything: light on a dark, half clear ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.cutlist import frame_at
from editor.fit import Size
from editor.model import Cue, CutList, Expert, Rendition
from editor.poster import Block, Style, reads_leftwards, text_unit

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL.Image import Image

_LOWER_THIRD_FROM_S, _LOWER_THIRD_S = 1, 5
_FADE_FRAMES = 8
_GROUND = (17, 20, 22, 190)
_NAME = Style(0.046, 0.03, 1, 600, "#FFFFFF")
_ROLE = Style(0.034, 0.024, 2, 400, "#D5DCE0")
_CAPTION = Style(0.052, 0.034, 2, 500, "#FFFFFF")
_ACCENT = "#57BBDC"

Plane = NDArray[np.int32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Overlay:
    """A picture of text over a stretch of the result.

    Args:
        first: Its first frame.
        last: The frame after its last.
        image: RGBA.
        left: Of the image in the picture, even.
        top: Likewise.
        fades: Whether it comes and goes softly.
    """

    first: int
    last: int
    image: Image
    left: int
    top: int
    fades: bool = False

    def draw(self, frame: VideoFrame, number: int) -> VideoFrame:
        """Return a copy of the picture with this on it; ``number`` is that of the frame in the result."""
        from av import VideoFrame

        share = self._share(number)
        planes = frame.to_ndarray()
        height, width = frame.height, frame.width
        blue, red = planes[height:].reshape(2, height // 2, width // 2)
        for plane, (drawn, opaque), half in zip(
            (planes[:height], blue, red), self._drawn, (1, 2, 2), strict=True
        ):
            top, left = self.top // half, self.left // half
            there = plane[top : top + drawn.shape[0], left : left + drawn.shape[1]]
            rows, columns = there.shape
            alpha = opaque[:rows, :columns] * share
            mixed = there + (drawn[:rows, :columns] - there) * alpha // (255 * 256)
            there[:] = mixed.astype(np.uint8)
        out = VideoFrame.from_ndarray(planes, format="yuv420p")
        out.colorspace, out.color_range = frame.colorspace, frame.color_range
        return out

    def paint(self, pixels: Pixels, number: int) -> Pixels:
        """Return a copy of a picture for the screen with this on it: blue, green, red and 255 of each."""
        painted = pixels.copy()
        there = painted[self.top : self.top + self.image.height, self.left : self.left + self.image.width, :3]
        drawn = self._rgba[: there.shape[0], : there.shape[1]]
        alpha = drawn[..., 3:] * self._share(number)
        mixed = there + (drawn[..., 2::-1] - there.astype(np.int32)) * alpha // (255 * 256)
        there[:] = mixed.astype(np.uint8)
        return painted

    def _share(self, number: int) -> int:
        """Return how much of it is seen in a frame of the result, of 256."""
        into = min(number - self.first, self.last - 1 - number)
        return min(256, 256 * (into + 1) // _FADE_FRAMES) if self.fades else 256

    @cached_property
    def _rgba(self) -> Plane:
        return np.asarray(self.image, np.int32)

    @cached_property
    def _drawn(self) -> tuple[tuple[Plane, Plane], ...]:
        """Light, blue and red difference of the image in BT.709, each with how opaque it is, 0 to 255."""
        rgba = self._rgba.astype(np.float64)
        r, g, b, alpha = (rgba[..., n] for n in range(4))
        luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
        whole = (16 + luma * 219 / 255, alpha)
        halves = [
            (128 + (b - luma) / 1.8556 * 224 / 255, alpha),
            (128 + (r - luma) / 1.5748 * 224 / 255, alpha),
        ]
        quarter = [tuple(_halved(each) for each in plane) for plane in halves]
        return tuple(
            (np.rint(drawn).astype(np.int32), np.rint(opaque).astype(np.int32))
            for drawn, opaque in (whole, *quarter)
        )


def _halved(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = plane.shape
    return np.asarray(plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)), np.float64)


def drawn_on(overlays: Sequence[Overlay]) -> list[tuple[int, int]]:
    """Return the stretches of a result that anything is drawn on, in order, none touching another."""
    stretches: list[tuple[int, int]] = []
    for each in sorted(overlays, key=lambda overlay: overlay.first):
        if stretches and each.first <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], each.last)
        else:
            stretches.append((each.first, each.last))
    return stretches


def make_overlays(
    cut_list: CutList, *, size: Size, expert: Expert, cues: Sequence[Cue], rendition: Rendition
) -> tuple[Overlay, ...]:
    """Return what is drawn on a result, as its rendition asks; text that no font here has is left out.

    Args:
        cut_list: The result.
        size: Of its picture.
        expert: Whom the lower third names.
        cues: The captions.
        rendition: Which of these are drawn.
    """
    made: list[Overlay] = []
    if rendition.lower_third:
        rate = cut_list.rate
        first, last = round(_LOWER_THIRD_FROM_S * rate), round((_LOWER_THIRD_FROM_S + _LOWER_THIRD_S) * rate)
        image = _lower_third(expert, size)
        if image is not None and min(last, cut_list.frames) > first:
            top = _even(size.height_px * (0.62 if rendition.burnt_captions else 0.74))
            leftwards = reads_leftwards(expert.name or expert.role)
            left = size.width_px - image.width if leftwards else 0
            made.append(Overlay(first, min(last, cut_list.frames), image, _even(left), top, fades=True))
    for cue in cues if rendition.burnt_captions else ():
        first, last = frame_at(cue.start_us, cut_list.rate), frame_at(cue.end_us, cut_list.rate)
        image = _caption(cue, size)
        if image is not None and min(last, cut_list.frames) > first:
            left = _even((size.width_px - image.width) / 2)
            top = _even(size.height_px * 0.95 - image.height)
            made.append(Overlay(first, min(last, cut_list.frames), image, left, top))
    return tuple(made)


def _lower_third(expert: Expert, size: Size) -> Image | None:
    """Return a plate with the expert's name above the job role, at the edge that the name reads from."""
    from PIL import Image, ImageDraw

    unit = text_unit(size)
    room, pad = round(size.width_px * 0.6), round(unit * 0.03)
    texts = ((expert.name, _NAME), (expert.role, _ROLE))
    blocks = [block for text, style in texts if (block := Block.set(text, style, unit, room)).lines]
    if not blocks:
        return None
    rightwards = not reads_leftwards(expert.name or expert.role)
    bar = max(2, pad // 4)
    width = _even(max(block.width for block in blocks) + 3 * pad + bar)
    height = _even(sum(block.height for block in blocks) + 2 * pad)
    image = Image.new("RGBA", (min(width, size.width_px), height), _GROUND)
    draw = ImageDraw.Draw(image)
    left = 0 if rightwards else image.width - bar
    draw.rectangle((left, 0, left + bar, height), _ACCENT)
    top, edge = pad, 2 * pad + bar if rightwards else image.width - 2 * pad - bar
    for block in blocks:
        top = block.draw(draw, edge, top, rightwards=rightwards)
    return image


def _caption(cue: Cue, size: Size) -> Image | None:
    """Return a caption on its ground, in its own lines where they fit."""
    from PIL import Image, ImageDraw

    unit, room = text_unit(size), round(size.width_px * 0.9)
    block = Block.set(" ".join(cue.lines), _CAPTION, unit, room).in_lines(cue.lines, room)
    if not block.lines:
        return None
    pad = round(unit * 0.02)
    image = Image.new(
        "RGBA",
        (_even(min(block.width + 2 * pad, size.width_px)), _even(block.line_px * len(block.lines) + pad)),
        _GROUND,
    )
    draw = ImageDraw.Draw(image)
    for n, line in enumerate(block.lines):
        at = (image.width / 2, pad / 2 + n * block.line_px)
        draw.text(at, line, fill=block.style.colour, font=block.font, anchor="ma")
    return image


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2) if length > 0 else 0
