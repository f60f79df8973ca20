"""Say in time, before the answer and not after it, how the picture could be better: advice, never a stop.

The coach looks at preview pictures a few times a second and gives one steady piece of advice for each check.
It runs where the preview is shown, never in the recorder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from capture.face_model import find_face_model
from capture.faces import CLOSER_PX, FaceFinder
from capture.picture_look import Seen, look_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOOK_EVERY_US = 400_000
CLOSER_EVERY = 3  # looks: nobody to be seen is looked for closer now and then
STEADY_US = 1_500_000  # how long something must be so, most of the time, before it is said
_SWITCH_FROM = 0.6  # share of the votes

Check = Literal["face", "light", "focus"]
CHECKS: tuple[Check, ...] = ("face", "light", "focus")
GOOD = {"face": "face.good", "light": "light.good", "focus": "focus.good"}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say of one check: a key below ``coach``; ``good`` if there is nothing to do."""

    check: Check
    key: str
    good: bool


class Coach:
    """Looks at preview pictures and gives advice that does not flicker.

    Args:
        finder: Finds faces; None skips that check.
    """

    def __init__(self, finder: FaceFinder | None) -> None:
        self._finder = finder
        self._steady = {check: _Steady() for check in CHECKS}
        self._looked_us: int | None = None
        self._looks = 0
        self.seen: Seen | None = None

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What to say now; a check that cannot be judged is left out."""
        told = [(check, self._steady[check].key) for check in CHECKS]
        return tuple(Advice(check, key, good=key == GOOD[check]) for check, key in told if key)

    def is_due(self, at_us: int) -> bool:
        """Whether a picture of this moment would be looked at."""
        return self._looked_us is None or not 0 <= at_us - self._looked_us < LOOK_EVERY_US

    def look(self, rgb: NDArray[np.uint8], *, at_us: int) -> tuple[Advice, ...]:
        """Return what to say, having looked at a picture if it is time to.

        Args:
            rgb: Shape (height, width, 3), as the preview shows it but not mirrored; at most 640 wide.
            at_us: When it was taken, on any clock that only goes forward.
        """
        if not self.is_due(at_us):
            return self.advice
        self._looked_us = at_us
        self._looks += 1
        seen = self.seen = self._seen(rgb)
        for check, judge in _JUDGES.items():
            steady = self._steady[check]
            steady.add(judge(seen, now=steady.key), at_us=at_us)
        return self.advice

    def _seen(self, rgb: NDArray[np.uint8]) -> Seen:
        if self._finder is None:
            return look_at(rgb, None)
        faces = self._finder.faces(rgb)
        if not faces and self._looks % CLOSER_EVERY == 1:
            faces = self._finder.faces(rgb, look_px=CLOSER_PX)
        elif not faces and self.seen is not None and self.seen.faces:
            last = self.seen.faces[0]
            if last.height < _FAR[1]:  # seen by a closer look only: it still holds
                faces = self.seen.faces
        return look_at(rgb, faces)


def open_coach() -> Coach:
    """Return a coach that finds faces if the model for that is on this computer."""
    import cv2

    cv2.setNumThreads(1)  # a few looks a second are not worth a second core that the recorder needs
    model = find_face_model()
    return Coach(FaceFinder(model) if model is not None else None)


@dataclass(slots=True)
class _Steady:
    """One check's advice, which changes when most of the recent looks say so."""

    key: str = ""
    _votes: list[tuple[int, str]] = field(default_factory=list)

    def add(self, vote: str, *, at_us: int) -> None:
        self._votes = [each for each in self._votes if 0 <= at_us - each[0] <= STEADY_US]
        self._votes.append((at_us, vote))
        share = sum(each == vote for _, each in self._votes) / len(self._votes)
        is_long_enough = at_us - self._votes[0][0] >= STEADY_US - LOOK_EVERY_US
        if vote != self.key and share >= _SWITCH_FROM and is_long_enough:
            self.key = vote


# Each limit has two values: where advice begins, and where it ends again once given.
_FAR = (0.13, 0.16)
_CLOSE = (0.62, 0.56)
_EDGE = (0.005, 0.02)
_LEFT = (0.27, 0.31)
_HIGH = (0.21, 0.24)
_LOW = (0.46, 0.43)
_DARK_FACE = (75.0, 90.0)
_DARK = (85.0, 100.0)
_GLARE = (220.0, 205.0)  # a window or a lamp, not a light wall: dark skin before one is no fault
_SHADED_FACE = (110.0, 125.0)
_BLACK_FACE = (60.0, 70.0)
_TIMES_BRIGHTER = (2.0, 1.7)
_BURNT = (0.35, 0.28)
_BURNT_BEHIND = (0.6, 0.5)  # a white backdrop does no harm to a face that is well lit
_BURNT_FACE = (0.12, 0.08)
_BLURRED = (0.195, 0.215)
_OTHER_FACE = 0.5  # as high as the largest: a second person, not a picture on the wall


def _judge_face(seen: Seen, *, now: str) -> str:
    if seen.faces is None:
        return ""
    if not seen.faces:
        return "face.none"
    face = seen.faces[0]
    edge = _limit(_EDGE, now=now, key="face.cut")
    if len(seen.faces) > 1 and seen.faces[1].height > _OTHER_FACE * face.height:
        return "face.several"
    if min(face.left, face.top, 1 - face.right, 1 - face.bottom) < edge:
        return "face.cut"
    if seen.face_height < _limit(_FAR, now=now, key="face.far"):
        return "face.far"
    if seen.face_height > _limit(_CLOSE, now=now, key="face.close"):
        return "face.close"
    if min(face.eyes_x, 1 - face.eyes_x) < _limit(_LEFT, now=now, key="face.side"):
        return "face.side"
    if face.eyes_y < _limit(_HIGH, now=now, key="face.high"):
        return "face.high"
    if face.eyes_y > _limit(_LOW, now=now, key="face.low"):
        return "face.low"
    return "face.good"


def _judge_light(seen: Seen, *, now: str) -> str:
    if seen.burnt_face > _limit(_BURNT_FACE, now=now, key="light.burnt"):
        return "light.burnt"
    if seen.faces and _is_backlit(seen, now=now):
        return "light.backlit"
    burnt = _BURNT_BEHIND if seen.faces else _BURNT
    if seen.burnt > _limit(burnt, now=now, key="light.burnt"):
        return "light.burnt"
    dark = _DARK_FACE if seen.faces else _DARK
    return "light.dark" if seen.highlights < _limit(dark, now=now, key="light.dark") else "light.good"


def _is_backlit(seen: Seen, *, now: str) -> bool:
    glare, shaded, black, times = (
        _limit(each, now=now, key="light.backlit")
        for each in (_GLARE, _SHADED_FACE, _BLACK_FACE, _TIMES_BRIGHTER)
    )
    if seen.highlights < shaded and seen.glare > glare:
        return True
    return seen.highlights < black and seen.surroundings > times * seen.highlights


def _judge_focus(seen: Seen, *, now: str) -> str:
    if seen.sharpness is None:
        return ""
    is_blurred = seen.sharpness < _limit(_BLURRED, now=now, key="focus.blurred")
    return "focus.blurred" if is_blurred else "focus.good"


def _limit(values: tuple[float, float], *, now: str, key: str) -> float:
    """Return where advice begins, or where it ends if it is being given."""
    return values[1] if now == key else values[0]


_JUDGES: dict[Check, Callable[..., str]] = {"face": _judge_face, "light": _judge_light, "focus": _judge_focus}
