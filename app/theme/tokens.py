"""The design's tokens as one value: what every widget reads when it paints or measures."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtGui import QColor, QFont, QPalette

import assets

Scheme = Literal["light", "dark"]

#: Name of a colour in ``tokens.json``, such as ``text-muted``; its job is told there under ``roles``.
Tint = str

TypeRole = Literal[
    "caption",
    "caption-strong",
    "body",
    "strong",
    "label",
    "card-title",
    "reading",
    "title-small",
    "title",
    "display",
    "prompt-studio",
    "prompt-second-screen",
    "timer",
]

#: Emphasised forms that the pictures use and the type table does not name: base role and weight.
_STRONGER: dict[str, tuple[str, int]] = {
    "caption-strong": ("caption", 600),
    "strong": ("body", 550),
    "card-title": ("label", 600),
}
#: Sizes that the pictures use and the type table does not name.
_SIZES: dict[str, int] = {"card-title": 14}
_SMALLEST_PX = 12
_PALETTE: tuple[tuple[QPalette.ColorRole, Tint], ...] = (
    (QPalette.ColorRole.Window, "window"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "surface"),
    (QPalette.ColorRole.AlternateBase, "surface-hover"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.PlaceholderText, "text-muted"),
    (QPalette.ColorRole.Button, "surface"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.BrightText, "record"),
    (QPalette.ColorRole.Highlight, "selection"),
    (QPalette.ColorRole.HighlightedText, "text"),
    (QPalette.ColorRole.Link, "accent-text"),
    (QPalette.ColorRole.LinkVisited, "accent-text"),
    (QPalette.ColorRole.ToolTipBase, "scrim"),
    (QPalette.ColorRole.ToolTipText, "on-scrim"),
    (QPalette.ColorRole.Accent, "accent"),
)


@functools.cache
def tokens() -> dict[str, Any]:
    """Return ``assets/theme/tokens.json``."""
    found: dict[str, Any] = json.loads(assets.TOKENS.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Theme:
    """One scheme at one text size, with or without motion.

    Args:
        scheme: Light or dark.
        text_percent: Size of text; 100 is the design, controls grow with their text.
        moving: False with reduced motion: then every duration is 0.
    """

    scheme: Scheme
    text_percent: int = 100
    moving: bool = True

    def colour(self, name: Tint) -> QColor:
        """Return a colour for painting."""
        return QColor(self.hex(name))

    def hex(self, name: Tint) -> str:
        """Return a colour as ``#RRGGBB``."""
        colours: dict[str, str] = tokens()["themes"][self.scheme]
        return colours[name]

    def font(self, role: TypeRole = "body", *, tabular: bool = False) -> QFont:
        """Return the font of a type role; ``tabular`` for times, counts and meters.

        Inter is one variable file, whose weight Qt takes as an axis and not from a style sheet. That is why
        style sheets here never set fonts.
        """
        return QFont(_font(self, role, tabular))

    def _make_font(self, role: TypeRole, *, tabular: bool) -> QFont:
        base, weight = _STRONGER.get(role, (role, 0))
        kind = tokens()["type"][base]
        size_px = max(self.text(_SIZES.get(role, kind["size"])), _SMALLEST_PX)
        font = QFont(["Inter Variable", *tokens()["font"]["family"]])
        font.setPixelSize(size_px)
        font.setVariableAxis(QFont.Tag("wght"), weight or kind["weight"])
        font.setVariableAxis(QFont.Tag("opsz"), min(max(size_px, 14), 32))
        if (weight or kind["weight"]) >= 600:
            font.setWeight(QFont.Weight.DemiBold)  # for the fonts that stand in for Inter
        if tabular or kind.get("figures") == "tabular":
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def text(self, px: float) -> int:
        """Return a length that follows the size of text."""
        return round(px * self.text_percent / 100)

    def line(self, role: TypeRole = "body") -> int:
        """Return the line height of a type role."""
        return self.text(tokens()["type"][_STRONGER.get(role, (role, 0))[0]]["line"])

    def height(self, name: str) -> int:
        """Return the height of a control by its token name, grown as much as its one line of text grew."""
        return self.grown(tokens()["height"][name])

    def grown(self, px: int) -> int:
        """Return a height that holds one line of body text, grown as much as that line grew."""
        designed: int = tokens()["type"]["body"]["line"]
        return px + self.line("body") - designed

    def space(self, step: int) -> int:
        """Return a distance by its step, 1 to 8."""
        found: int = tokens()["spacing"][str(step)]
        return found

    def radius(self, name: str) -> int:
        """Return a corner radius by its token name."""
        found: int = tokens()["radius"][name]
        return found

    def layout(self, name: str) -> int:
        """Return the width of a panel by its token name, wider with larger text."""
        designed: int = tokens()["layout"][name]
        return round(designed * (1 + (self.text_percent - 100) / 200))

    def motion_ms(self, name: Literal["fast", "normal"]) -> int:
        """Return how long a change takes."""
        found: int = tokens()["motion"][name if self.moving else "reduced"]
        return found

    def palette(self) -> QPalette:
        """Return the palette for what no style sheet reaches."""
        made = QPalette()
        for role, name in _PALETTE:
            made.setColor(role, self.colour(name))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            made.setColor(QPalette.ColorGroup.Disabled, role, self.colour("text-disabled"))
        return made


@functools.lru_cache(maxsize=256)
def _font(theme: Theme, role: TypeRole, tabular: bool) -> QFont:
    return theme._make_font(role, tabular=tabular)
