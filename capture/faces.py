"""Find the faces in a picture, so that the coach can say how the expert sits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Pixels that the longer side is shrunk to: a face of an eighth of the picture's height is found, in 10 ms.
LOOK_PX = 256
#: For a second look where nobody was seen: a face of a twentieth, in 30 ms.
CLOSER_PX = 480
_STRIDE = 32  # of the network's coarsest layer: sides must be multiples of it
_CELL_PX = 4  # of its finest one, in which it answers
_SURE = 0.5
_OVERLAP = 0.3
# Centres, sizes, offsets, landmarks: https://arxiv.org/abs/1911.03599, section 3.
_OUTPUTS = ("537", "538", "539", "540")


@dataclass(frozen=True, slots=True)
class Face:
    """A face; all in parts of the picture's width and height, from its top left corner.

    Args:
        left: At or below 0, and ``right`` or ``bottom`` at or above 1: the picture cuts it off.
        eyes_x: Between the eyes.
        sure: 0 to 1.
    """

    left: float
    top: float
    right: float
    bottom: float
    eyes_x: float
    eyes_y: float
    sure: float

    @property
    def height(self) -> float:
        """How high it is: forehead to chin."""
        return self.bottom - self.top


class FaceFinder:
    """CenterFace, run by OpenCV.

    Args:
        model: Its verified file.
    """

    def __init__(self, model: Path) -> None:
        import cv2

        self._net = cv2.dnn.readNetFromONNX(str(model))

    def faces(self, rgb: NDArray[np.uint8], *, look_px: int = LOOK_PX) -> tuple[Face, ...]:
        """Return the faces in a picture, shape (height, width, 3), the surest first.

        Args:
            rgb: The picture.
            look_px: What its longer side is shrunk to: more finds smaller faces and takes longer.
        """
        import cv2

        height, width = rgb.shape[:2]
        scale = look_px / max(height, width)
        size = (_multiple(width * scale), _multiple(height * scale))
        blob = cv2.dnn.blobFromImage(rgb, 1.0, size, (0, 0, 0), swapRB=False, crop=False)
        self._net.setInput(blob)
        return _decoded(self._net.forward(list(_OUTPUTS)), width_px=size[0], height_px=size[1])


def _multiple(pixels: float) -> int:
    return max(_STRIDE, round(pixels / _STRIDE) * _STRIDE)


def _decoded(answers: Sequence[object], *, width_px: int, height_px: int) -> tuple[Face, ...]:
    """Return the faces that the network's four answers stand for."""
    import numpy as np

    centres, sizes, offsets, landmarks = (np.asarray(each)[0] for each in answers)
    found: list[Face] = []
    rows, columns = np.nonzero(centres[0] > _SURE)
    for row, column in sorted(
        zip(rows.tolist(), columns.tolist(), strict=True), key=lambda at: -centres[0][at]
    ):
        high, wide = (float(np.exp(each[row, column])) * _CELL_PX for each in sizes)
        top = (row + float(offsets[0, row, column]) + 0.5) * _CELL_PX - high / 2
        left = (column + float(offsets[1, row, column]) + 0.5) * _CELL_PX - wide / 2
        eyes = landmarks[:4, row, column]
        face = Face(
            left=left / width_px,
            top=top / height_px,
            right=(left + wide) / width_px,
            bottom=(top + high) / height_px,
            eyes_x=(left + float(eyes[1] + eyes[3]) / 2 * wide) / width_px,
            eyes_y=(top + float(eyes[0] + eyes[2]) / 2 * high) / height_px,
            sure=float(centres[0, row, column]),
        )
        if all(_overlap(face, each) < _OVERLAP for each in found):
            found.append(face)
    return tuple(found)


def _overlap(one: Face, other: Face) -> float:
    """Return how much of both together they share, 0 to 1."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (_area(one) + _area(other) - shared)


def _area(face: Face) -> float:
    return (face.right - face.left) * face.height
