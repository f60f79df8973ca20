"""How a timeline's time lies on the screen: zoom, scroll, and what is under the pointer. No widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

US = 1_000_000
CLOSEST_PX_S = 400.0
_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_LABEL_PX = 84


@dataclass(frozen=True, slots=True)
class View:
    """What of a timeline is seen.

    Args:
        width_px: Of the stretch on the screen.
        length_us: Of the timeline.
        px_s: Pixels a second.
        first_us: At the left edge.
    """

    width_px: int
    length_us: int
    px_s: float
    first_us: int = 0

    @property
    def seen_us(self) -> int:
        """How much of the timeline is seen."""
        return round(self.width_px / self.px_s * US)

    @property
    def fit_px_s(self) -> float:
        """The zoom at which all of it is seen."""
        return max(self.width_px - 16, 50) / max(self.length_us / US, 1)

    @property
    def last_first_us(self) -> int:
        """The furthest it scrolls."""
        return max(0, self.length_us - self.seen_us + round(16 / self.px_s * US))

    def x(self, at_us: int) -> float:
        """Return where a moment is."""
        return (at_us - self.first_us) / US * self.px_s

    def at(self, x: float) -> int:
        """Return which moment is there, within the timeline."""
        return min(max(self.first_us + round(x / self.px_s * US), 0), max(self.length_us - 1, 0))

    def scrolled(self, first_us: int) -> View:
        """Return the view from another moment on."""
        return replace(self, first_us=min(max(first_us, 0), self.last_first_us))

    def zoomed(self, px_s: float, *, around_x: float) -> View:
        """Return the view at another zoom; what is at ``around_x`` stays there."""
        kept_us = self.first_us + around_x / self.px_s * US
        closer = replace(self, px_s=min(max(px_s, self.fit_px_s), CLOSEST_PX_S))
        return closer.scrolled(round(kept_us - around_x / closer.px_s * US))

    def fitted(self) -> View:
        """Return the view of all of it."""
        return replace(self, px_s=self.fit_px_s, first_us=0)

    def resized(self, width_px: int, length_us: int) -> View:
        """Return the view in another room, or of another timeline."""
        was_fitted = self.px_s <= self.fit_px_s * 1.001
        changed = replace(self, width_px=width_px, length_us=length_us)
        return changed.fitted() if was_fitted else changed.zoomed(changed.px_s, around_x=0)

    def revealing(self, at_us: int) -> View:
        """Return the view scrolled by a page if a moment is not in it."""
        if self.first_us <= at_us < self.first_us + self.seen_us * 0.97:
            return self
        return self.scrolled(at_us - self.seen_us // 12)

    def tick_us(self) -> int:
        """Return how far apart labels of the ruler are."""
        return round(next((s for s in _STEPS_S if s * self.px_s >= _LABEL_PX), _STEPS_S[-1]) * US)
