"""Give sound a face: a card that stands in for a missing picture, and the still that invites to play."""

from __future__ import annotations

import bisect
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import assets
from capture.files import write_whole
from capture.work import Work
from editor.fit import Size

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

POSTER_BYTES = 200_000
FONT_FILE = "InterVariable.ttf"
# tokens.json, theme dark: a card must not glare between two filmed answers.
_GROUND, _TEXT, _MUTED, _ACCENT = "#111416", "#ECF0F2", "#A4AFB6", "#57BBDC"
_OTHER_FONTS = (
    *(
        "DejaVuSans.ttf",
        "NotoSansArabic-Regular.ttf",
        "NotoSansHebrew-Regular.ttf",
        "NotoSansCJK-Regular.ttc",
    ),
    *("segoeui.ttf", "arial.ttf", "msyh.ttc", "malgun.ttf", "YuGothM.ttc", "Nirmala.ttc"),
    *("Arial Unicode.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc"),
)
_HEADING_SIZE = 32  # Inter's optical size for large letters
_MISSING = "\U0010fffd"  # a private place that no font fills
_LONGEST = 400  # signs of a text that are looked at: more never fit
_STILLS = 24
_DARKEST, _BRIGHTEST = 40, 215
_QUALITIES = (88, 80, 72, 64, 56, 48, 40, 32)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: font height against the card's, its limits, weight and colour."""

    largest: float
    smallest: float
    lines: int
    weight: int
    colour: str


_HEADING = Style(0.105, 0.042, 4, 700, _TEXT)
_LABEL = Style(0.04, 0.028, 2, 500, _ACCENT)
_NAME = Style(0.05, 0.03, 1, 600, _TEXT)
_ROLE = Style(0.04, 0.028, 1, 400, _MUTED)


def card(size: Size, *, heading: str, label: str = "", name: str = "", role: str = "") -> Image:
    """Return a card that stands in for a picture.

    Texts wrap, shrink and at last end in an ellipsis; signs that no font here has are left out.

    Args:
        size: Of the card.
        heading: What this part is about.
        label: A line above it: the title of the whole.
        name: Who speaks.
        role: Their job role.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (size.width_px, size.height_px), _GROUND)
    draw = ImageDraw.Draw(image)
    unit = text_unit(size)
    margin = round(unit * 0.11)
    room = size.width_px - 2 * margin
    rightwards = not reads_leftwards(heading or label or name)
    foot = [Block.set(text, style, unit, room) for text, style in ((name, _NAME), (role, _ROLE))]
    body = [Block.set(text, style, unit, room) for text, style in ((label, _LABEL), (heading, _HEADING))]
    foot_top = size.height_px - margin - sum(block.height for block in foot)
    top = max(margin, (foot_top - sum(block.height for block in body)) // 2)
    edge = margin if rightwards else size.width_px - margin
    for block in body:
        top = block.draw(draw, edge, top, rightwards=rightwards)
    if any(block.lines for block in foot):
        bar = round(unit * 0.14)
        left = edge if rightwards else edge - bar
        draw.rectangle(
            (left, foot_top - round(unit * 0.035), left + bar, foot_top - round(unit * 0.029)), _ACCENT
        )
    for block in foot:
        foot_top = block.draw(draw, edge, foot_top, rightwards=rightwards)
    return image


def text_unit(size: Size) -> float:
    """Return what the heights of text are shares of: the picture's height, less where it stands upright."""
    return min(size.width_px * 0.75, size.height_px)


@dataclass(frozen=True, slots=True)
class Block:
    """A text set in lines."""

    lines: tuple[str, ...]
    font: FreeTypeFont
    line_px: int
    style: Style

    @classmethod
    def set(cls, text: str, style: Style, unit: float, room: int) -> Block:
        """Set a text as large as it fits."""
        px = round(unit * style.largest)
        smallest = max(8, round(unit * style.smallest))
        font, text = _font_for(text[:_LONGEST], px, style.weight)
        lines = _wrapped(text, room, font.getlength)
        while len(lines) > style.lines and px > smallest:
            px = max(smallest, px * 9 // 10)
            font = _sized(font, px, style.weight)
            lines = _wrapped(text, room, font.getlength)
        if len(lines) > style.lines:
            lines = [*lines[: style.lines - 1], _shortened(lines[style.lines - 1], room, font.getlength)]
        return cls(tuple(lines), font, round(px * 1.2), style)

    @property
    def height(self) -> int:
        """With the space below it."""
        return self.line_px * len(self.lines) + (self.line_px // 3 if self.lines else 0)

    @property
    def width(self) -> int:
        """Of its longest line."""
        return math.ceil(max(map(self.font.getlength, self.lines), default=0))

    def in_lines(self, lines: Sequence[str], room: int) -> Block:
        """Return it broken into these lines, where they fit; signs that were left out stay so."""
        kept = {*"".join(self.lines), " "}
        own = tuple("".join(sign for sign in line if sign in kept) for line in lines)
        fit = "".join(own).split() and all(self.font.getlength(line) <= room for line in own)
        return replace(self, lines=own) if fit else self

    def draw(self, draw: ImageDraw, edge: int, top: int, *, rightwards: bool) -> int:
        """Draw it and return where the next one starts."""
        for n, line in enumerate(self.lines):
            draw.text(
                (edge, top + n * self.line_px),
                line,
                fill=self.style.colour,
                font=self.font,
                anchor="la" if rightwards else "ra",
            )
        return top + self.height


def _wrapped(text: str, room: int, width: Callable[[str], float]) -> list[str]:
    """Return a text in lines no wider than ``room``; a word that is wider breaks anywhere."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while width(word) > room and len(word) > 1:
            fits = max(1, bisect.bisect(range(1, len(word)), room, key=lambda n: math.ceil(width(word[:n]))))
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def _shortened(line: str, room: int, width: Callable[[str], float]) -> str:
    while line and width(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def reads_leftwards(text: str) -> bool:
    """Whether the first letter with a direction is Arabic, Hebrew or the like (UAX #9, P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def _font_for(text: str, px: int, weight: int) -> tuple[FreeTypeFont, str]:
    """Return the font that has most of a text's letters, and the text without the signs it lacks."""
    best, kept = _inter(px, weight), ""
    letters = {sign for sign in text if unicodedata.category(sign)[0] in "LN"}
    covered = -1
    for file in ("", *_OTHER_FONTS):
        font = _system_font(file, px) if file else best
        if font is not None:
            has = {sign for sign in set(text) if sign.isspace() or _has(font, sign)}
            if len(has & letters) > covered:
                best, covered = font, len(has & letters)
                kept = "".join(sign for sign in text if sign in has)
        if covered == len(letters):
            break
    return best, kept


def _inter(px: int, weight: int) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(str(assets.FONTS / FONT_FILE), px)
    font.set_variation_by_axes([_HEADING_SIZE, weight])
    return font


def _sized(font: FreeTypeFont, px: int, weight: int) -> FreeTypeFont:
    """Return the same font at another size."""
    return _inter(px, weight) if font.path == str(assets.FONTS / FONT_FILE) else font.font_variant(size=px)


def _system_font(name: str, px: int) -> FreeTypeFont | None:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(name, px)
    except OSError:
        return None


def _has(font: FreeTypeFont, sign: str) -> bool:
    """Whether a font draws a sign as something else than its box for what it lacks."""
    category = unicodedata.category(sign)
    if category == "Cf":  # joiners and marks of direction are obeyed, not drawn
        return True
    if category[0] == "C" or sign == _MISSING:
        return False
    drawn, missing = font.getmask(sign), font.getmask(_MISSING)
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


# A still of the result ------------------------------------------------------------------------------------


def poster_frame(video: Path, *, out: Path, work: Work) -> None:
    """Write the still that invites to play a video: the sharpest of some, neither dark nor glaring.

    Args:
        video: The rendered result.
        out: A JPEG of at most 200 kB; it appears whole or not at all.
        work: Told of progress; asked often whether to stop.

    Raises:
        Cancelled: The person stopped the job.
    """
    from PIL import Image

    stills = _stills(video, work=work)
    frame = max(stills, key=_worth)
    write_whole(out, jpeg(Image.fromarray(frame.to_ndarray(format="rgb24"))))


def jpeg(image: Image, *, most_bytes: int = POSTER_BYTES) -> bytes:
    """Return an image as JPEG, as good as fits; one that never fits is made smaller."""
    while True:
        for quality in _QUALITIES:
            buffer = BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            if buffer.tell() <= most_bytes:
                return buffer.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def _stills(video: Path, *, work: Work) -> list[VideoFrame]:
    """Return frames from all over a video, those that can be had quickly."""
    import av

    found: list[VideoFrame] = []
    with av.open(f"file:{video.absolute()}") as container:
        stream = container.streams.video[0]
        length = stream.duration or 0
        for n in range(_STILLS):
            work.checkpoint()
            work.report(n / _STILLS, "render.poster")
            container.seek((stream.start_time or 0) + length * n // _STILLS, stream=stream)
            frame = next(container.decode(stream), None)
            if frame is not None and all(frame.pts != other.pts for other in found):
                found.append(frame)
    return found


def _worth(frame: VideoFrame) -> float:
    """Return how good a still is: how strong its finest edges are, less if it is dark or glaring."""
    values = frame.to_ndarray(format="gray").astype(np.float32)
    edges = (
        4 * values[1:-1, 1:-1] - values[:-2, 1:-1] - values[2:, 1:-1] - values[1:-1, :-2] - values[1:-1, 2:]
    )
    exposed = 1.0 if _DARKEST <= float(values.mean()) <= _BRIGHTEST else 0.1
    return float(np.square(edges).mean()) * exposed
