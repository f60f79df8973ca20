"""Measure what the picture coach takes of one core beside a preview, and how often it is right.

``python -m bench.coach [--seconds S]``. Preview pictures of 640 × 360 come 15 times a second for S seconds
of picture time; processor time of the whole process, decoding excluded, is set against that time.
"""

from __future__ import annotations

import argparse
import resource
import time

import cv2
import numpy as np

from capture.coach import LOOK_EVERY_US, Coach, open_coach
from tests.capture.pictures import PORTRAIT, fitted, lit, noisy, read

US = 1_000_000
PREVIEW_RATE = 15
GOAL = 0.10


def main() -> None:
    """Print the share of a core with somebody in the picture, with nobody, and without the face model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    portrait = fitted(read(PORTRAIT))
    nobody = np.full((360, 640, 3), 120, np.uint8)
    cv2.setNumThreads(1)
    started_s = time.process_time()
    coach = open_coach()
    coach.look(portrait, at_us=0)
    print(f"opening and first look: {time.process_time() - started_s:.2f} s of processor time, once")
    for name, picture, each in (
        ("somebody", portrait, open_coach()),
        ("nobody", nobody, open_coach()),
        ("no face model", portrait, Coach(None)),
    ):
        used_s, looks, slowest_s = _run(each, picture, seconds=seconds)
        share = used_s / seconds
        print(
            f"{name}: {100 * share:.1f} % of one core (goal {100 * GOAL:.0f} %), {looks} looks,"
            f" {1000 * used_s / looks:.1f} ms each, slowest {1000 * slowest_s:.0f} ms"
        )
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _run(coach: Coach, picture: np.ndarray, *, seconds: float) -> tuple[float, int, float]:
    """Return processor time, number of looks and the slowest of them for so much of a preview."""
    variants = [lit(noisy(picture, 4, seed), 0.9 + 0.02 * seed) for seed in range(8)]
    used_s = slowest_s = 0.0
    looks = 0
    for n in range(round(seconds * PREVIEW_RATE)):
        before_s, before = time.process_time(), coach.seen
        coach.look(variants[n % 8], at_us=n * US // PREVIEW_RATE)
        took_s = time.process_time() - before_s
        used_s += took_s
        slowest_s = max(slowest_s, took_s)
        looks += coach.seen is not before
    if looks < seconds * US / LOOK_EVERY_US / 2:
        raise RuntimeError("the coach hardly looked")
    return used_s, looks, slowest_s


if __name__ == "__main__":
    main()
