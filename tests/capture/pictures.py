"""Preview pictures with somebody in them, in any place, light and focus."""

from pathlib import Path

import cv2
import numpy as np

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "sample" / "portrait.png"
SIZE = (360, 640)


def read(path: Path) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def fitted(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, SIZE[::-1], interpolation=cv2.INTER_AREA)


def seated(
    person: np.ndarray, *, scale: float = 0.9, x: int = 120, y: int = 20, wall: int = 120, size=SIZE
) -> np.ndarray:
    """Put a picture of somebody before a wall, its top left corner at x, y."""
    scaled = cv2.resize(person, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = np.full((*size, 3), wall, np.uint8)
    left, top = max(0, x), max(0, y)
    right, bottom = min(size[1], x + scaled.shape[1]), min(size[0], y + scaled.shape[0])
    frame[top:bottom, left:right] = scaled[top - y : bottom - y, left - x : right - x]
    return frame


def lit(frame: np.ndarray, by: float) -> np.ndarray:
    return np.clip(frame * by, 0, 255).astype(np.uint8)


def blurred(frame: np.ndarray, pixels: float) -> np.ndarray:
    return cv2.GaussianBlur(frame, (0, 0), pixels)


def noisy(frame: np.ndarray, level: float, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, level, frame.shape)
    return np.clip(frame + noise, 0, 255).astype(np.uint8)


def turned(frame: np.ndarray, degrees: float) -> np.ndarray:
    middle = (frame.shape[1] / 2, frame.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    return cv2.warpAffine(frame, turn, frame.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def lit_from(frame: np.ndarray, degrees: float, darkest: float = 0.45) -> np.ndarray:
    """Light falling off across the picture, from any side."""
    rows, columns = np.mgrid[-1 : 1 : frame.shape[0] * 1j, -1 : 1 : frame.shape[1] * 1j]
    along = columns * np.cos(np.radians(degrees)) + rows * np.sin(np.radians(degrees))
    share = darkest + (1 - darkest) * (along + 1.42) / 2.84
    return np.clip(frame * share[:, :, None], 0, 255).astype(np.uint8)


def before_a_window(person: np.ndarray, *, by: float, window: int = 250) -> np.ndarray:
    """Somebody in the shade of a bright window behind."""
    frame = np.full((*SIZE, 3), window, np.uint8)
    dark = lit(cv2.resize(person, None, fx=0.9, fy=0.9, interpolation=cv2.INTER_AREA), by)
    frame[20:360, 240:440] = dark[:340, 120:320]
    return frame
