"""Measure what the coach judges by: light and focus of a preview picture, on the face where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from capture.faces import Face

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BURNT_FROM = 250
_BOX_PX = 9  # wider than any edge that still looks sharp
_LEAST_CONTRAST = 12  # grey levels within a box; below is a wall, or noise
_LEAST_EDGES_PX = 50
_NOISE_PX = 0.7
_EDGE_SHARE = 90  # percentile: only the strongest contrasts are edges
_SHARPEST_SHARE = 80  # percentile among those: part of what is in a picture may be soft


@dataclass(frozen=True, slots=True)
class Seen:
    """What one preview picture shows.

    Args:
        faces: The largest first; None where nobody can look for them.
        face_height: Of the largest face, as a part of the picture's shorter side.
        highlights: Grey level (0 to 255) that a tenth of the face, or of the picture without one, passes:
            well lit skin of any colour has highlights.
        surroundings: Grey level that half of the picture passes.
        glare: Grey level that a quarter of the picture passes.
        burnt: Part of the picture that is white without any detail.
        burnt_face: The same of the face.
        sharpness: See :func:`sharpness`.
    """

    faces: tuple[Face, ...] | None
    face_height: float
    highlights: float
    surroundings: float
    glare: float
    burnt: float
    burnt_face: float
    sharpness: float | None


def look_at(rgb: NDArray[np.uint8], faces: tuple[Face, ...] | None) -> Seen:
    """Return what a picture, shape (height, width, 3), shows.

    Args:
        rgb: The picture.
        faces: Those in it, or None if nobody looked.
    """
    import cv2
    import numpy as np

    height, width = rgb.shape[:2]
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    largest_first = tuple(sorted(faces or (), key=lambda each: -each.height))
    subject, around = _subject(largest_first, width_px=width, height_px=height)
    inner, outer = grey[subject], grey[around]
    return Seen(
        faces=largest_first if faces is not None else None,
        face_height=largest_first[0].height * height / min(height, width) if largest_first else 0.0,
        highlights=float(np.percentile(inner, 90)),
        surroundings=float(np.median(grey)),
        glare=float(np.percentile(grey, 75)),
        burnt=float(np.mean(grey >= BURNT_FROM)),
        burnt_face=float(np.mean(inner >= BURNT_FROM)) if largest_first else 0.0,
        sharpness=sharpness(outer),
    )


Window = tuple[slice, slice]


def _subject(faces: tuple[Face, ...], *, width_px: int, height_px: int) -> tuple[Window, Window]:
    """Return where the face is, and that with hair and collar; without a face all of the picture."""
    if not faces:
        return (slice(None), slice(None)), (slice(None), slice(None))
    return (
        _window(faces[0], margin=0.0, width_px=width_px, height_px=height_px),
        _window(faces[0], margin=0.3, width_px=width_px, height_px=height_px),
    )


def _window(face: Face, *, margin: float, width_px: int, height_px: int) -> Window:
    wide, high = margin * (face.right - face.left), margin * face.height
    left, right = max(0.0, face.left - wide), min(1.0, face.right + wide)
    top, bottom = max(0.0, face.top - high), min(1.0, face.bottom + high)
    return (
        slice(int(top * height_px), max(int(top * height_px) + 1, int(bottom * height_px))),
        slice(int(left * width_px), max(int(left * width_px) + 1, int(right * width_px))),
    )


def sharpness(grey: NDArray[np.uint8]) -> float | None:
    """Return how steep the edges of a picture are, or None if it has none to judge by.

    The steepest slope beside a contrast, as a part of that contrast: 0.5 for an edge within a pixel, 0.2 for
    one blurred by 2 pixels. As a ratio it does not depend on how bright or how rich in contrast the picture
    is, and noise, small beside the contrasts it is measured at, hardly raises it.
    """
    import cv2
    import numpy as np

    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _NOISE_PX)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    box = np.ones((_BOX_PX, _BOX_PX), np.uint8)
    contrast = cv2.dilate(smooth, box) - cv2.erode(smooth, box)
    edges = contrast > max(_LEAST_CONTRAST, float(np.percentile(contrast, _EDGE_SHARE)))
    if int(edges.sum()) < _LEAST_EDGES_PX:
        return None
    steepest = cv2.dilate(cv2.magnitude(across, down), box)
    return float(np.percentile(steepest[edges] / contrast[edges], _SHARPEST_SHARE))
