"""Bring pictures of any kind to one: upright, square samples, one even size, the colours of HD television."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import Graph

#: Bars narrower than this are not worth their edge: the picture is stretched over them.
_NO_BARS_PX = 6
_TURNS = {90: ("transpose", "cclock"), 180: ("hflip", ""), 270: ("transpose", "clock")}
#: Names of ``scale`` for the numbers of ITU-T H.273, table 4 (0 is RGB, 2 unknown).
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_FULL_RANGE = 2
_RANGES = {1: "tv", _FULL_RANGE: "pc"}
_HDR_TRANSFERS = (16, 18)  # PQ and HLG, table 3
_HD_HEIGHT_PX = 720  # unlabelled pictures from this height on are taken to be HD colours


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in square samples."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class FrameKind:
    """What a decoded frame is, as far as bringing it to the common kind depends on it.

    Args:
        width_px: As stored, before turning.
        height_px: Likewise.
        pixels: FFmpeg's name of the pixel format.
        rotation: Degrees, counter-clockwise, that turn it upright: 0, 90, 180 or 270.
        sample_aspect: Width of a stored sample against its height.
        matrix: ITU-T H.273 number, as are ``range`` (1 TV, 2 full) and ``transfer``.
    """

    width_px: int
    height_px: int
    pixels: str
    rotation: int = 0
    sample_aspect: Fraction = Fraction(1)
    matrix: int = 2
    range: int = 0
    transfer: int = 2

    @property
    def shown(self) -> Size:
        """The size it is meant to be seen at, upright."""
        aspect = self.sample_aspect if self.sample_aspect > 0 else Fraction(1)
        wide = max(1, round(self.width_px * aspect))
        return Size(self.height_px, wide) if self.rotation % 180 else Size(wide, self.height_px)


def kind_of(frame: VideoFrame, sample_aspect: Fraction) -> FrameKind:
    """Return what a decoded frame is."""
    return FrameKind(
        width_px=frame.width,
        height_px=frame.height,
        pixels=frame.format.name,
        rotation=round(frame.rotation / 90) * 90 % 360,
        sample_aspect=sample_aspect,
        matrix=int(frame.colorspace),
        range=int(frame.color_range),
        transfer=int(frame.color_trc or 2),
    )


def canvas(sizes: Iterable[tuple[Size, int]], *, limit_px: int) -> Size:
    """Return the common size: that of the picture seen longest, made no larger than any of them needs.

    Args:
        sizes: Size of each take's picture as shown, and for how many frames it is seen.
        limit_px: Most that the shorter side may have, so "720" means 1280×720 and upright 720×1280.
    """
    seen: dict[Size, int] = {}
    for size, frames in sizes:
        seen[size] = seen.get(size, 0) + frames
    if not seen:
        return Size(limit_px * 16 // 9 // 2 * 2, limit_px // 2 * 2)
    main = max(seen, key=lambda size: (seen[size], size.width_px))
    sharpest = max(min(size.width_px, size.height_px) for size in seen)
    short = min(limit_px, sharpest)
    scale = Fraction(short, min(main.width_px, main.height_px))
    return Size(_even(main.width_px * scale), _even(main.height_px * scale))


def _even(length: Fraction) -> int:
    return max(2, round(length / 2) * 2)


def filters(kind: FrameKind, onto: Size) -> tuple[tuple[str, str], ...]:
    """Return the filters, in order, that bring a frame to the common kind: name and arguments of each.

    A frame that is of that kind already needs none.
    """
    if _is_common(kind, onto):
        return ()
    inside = _inside(kind.shown, onto)
    left = (onto.width_px - inside.width_px) // 4 * 2
    top = (onto.height_px - inside.height_px) // 4 * 2
    chain = [_TURNS[kind.rotation]] if kind.rotation in _TURNS else []
    if kind.rotation == 180:
        chain.append(("vflip", ""))
    chain += [("scale", _scale(kind, inside)), ("format", "yuv420p"), ("setsar", "1")]
    if inside != onto:
        chain.append(("pad", f"{onto.width_px}:{onto.height_px}:{left}:{top}:black"))
    return tuple(chain)


def _is_common(kind: FrameKind, onto: Size) -> bool:
    stored = Size(kind.width_px, kind.height_px)
    return (
        stored == kind.shown == onto
        and kind.rotation == 0
        and kind.pixels == "yuv420p"
        and _matrix(kind) == "bt709"
        and kind.range != _FULL_RANGE
        and kind.transfer not in _HDR_TRANSFERS
    )


def _matrix(kind: FrameKind) -> str:
    unlabelled = "bt709" if min(kind.width_px, kind.height_px) >= _HD_HEIGHT_PX else "bt601"
    return _MATRICES.get(kind.matrix, unlabelled)


def _inside(shown: Size, onto: Size) -> Size:
    """Return the size at which a picture fits onto the common one, all of it to be seen."""
    scale = min(Fraction(onto.width_px, shown.width_px), Fraction(onto.height_px, shown.height_px))
    width, height = _even(shown.width_px * scale), _even(shown.height_px * scale)
    return Size(
        onto.width_px if onto.width_px - width < _NO_BARS_PX else width,
        onto.height_px if onto.height_px - height < _NO_BARS_PX else height,
    )


def _scale(kind: FrameKind, size: Size) -> str:
    arguments = {
        "w": str(size.width_px),
        "h": str(size.height_px),
        "flags": "bicubic+accurate_rnd+bitexact",  # the same bits on every processor
        "out_color_matrix": "bt709",
        "out_range": "tv",
    }
    if kind.matrix != 0:
        arguments["in_color_matrix"] = _matrix(kind)
    if kind.range in _RANGES:
        arguments["in_range"] = _RANGES[kind.range]
    if kind.transfer in _HDR_TRANSFERS:
        # Phones film in HLG: mapped to what an ordinary screen shows, diffuse white staying white.
        arguments |= {"out_primaries": "bt709", "out_transfer": "bt709", "intent": "relative_colorimetric"}
    return ":".join(f"{name}={value}" for name, value in arguments.items())


class Fitter:
    """Brings frame after frame to the common kind; a camera may change its kind midway."""

    def __init__(self, onto: Size) -> None:
        self._onto = onto
        self._graphs: dict[FrameKind, Graph | None] = {}

    def fit(self, frame: VideoFrame, *, sample_aspect: Fraction = Fraction(1)) -> VideoFrame:
        """Return the frame as yuv420p in BT.709 at the common size."""
        kind = kind_of(frame, sample_aspect)
        if kind not in self._graphs:
            chain = filters(kind, self._onto)
            self._graphs[kind] = _graph(frame, chain) if chain else None
        graph = self._graphs[kind]
        if graph is None:
            return frame
        graph.vpush(frame)
        return graph.vpull()


def _graph(frame: VideoFrame, chain: Iterable[tuple[str, str]]) -> Graph:
    from av.filter import Graph

    graph = Graph()
    at = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=frame.time_base or Fraction(1, 25),
    )
    for name, arguments in chain:
        following = graph.add(name, arguments or None)
        at.link_to(following)
        at = following
    at.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
