"""Find where somebody speaks in a take, and pack it into pieces the caption model can take at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000  # what Whisper and Silero were trained on
LONGEST_CHUNK_US = 28_000_000  # Whisper hears 30 s; a little room keeps the last word whole

_WINDOW = 512  # Silero's window at 16 kHz
_WINDOW_US = _WINDOW * 1_000_000 // RATE_HZ
_VOICED = 0.5  # Silero's own thresholds, with its hysteresis
_UNVOICED = 0.35
_SHORTEST_PAUSE_US = 96_000
_SHORTEST_VOICE_US = 64_000
_PAD_US = 400_000  # soft beginnings and endings the detector misses
_LONGEST_PAUSE_US = 1_600_000  # longer ones make Whisper invent words, so their middle is left out


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of sound; ``end_us`` is exclusive."""

    start_us: int
    end_us: int

    @property
    def length_us(self) -> int:
        """How long it is."""
        return self.end_us - self.start_us


@dataclass(frozen=True, slots=True)
class Chunk:
    """Pieces of sound put one after the other and heard as one; the silence between them is left out."""

    pieces: tuple[Region, ...]

    @property
    def length_us(self) -> int:
        """How long the pieces are together."""
        return sum(piece.length_us for piece in self.pieces)

    def to_clock(self, start_us: int, end_us: int) -> Region:
        """Return where a stretch of the chunk lies on the clock of its pieces, all of it in one piece."""
        middle = (start_us + end_us) // 2
        before = 0
        for piece in self.pieces[:-1]:
            if middle < before + piece.length_us:
                break
            before += piece.length_us
        else:
            piece = self.pieces[-1]
        shift = piece.start_us - before
        return Region(
            min(max(start_us + shift, piece.start_us), piece.end_us),
            min(max(end_us + shift, piece.start_us), piece.end_us),
        )


def voice_probability(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how likely somebody speaks, 0 to 1, for every 32 ms of 16 kHz mono sound, shape (n,)."""
    # The runtime below Silero would otherwise make up an id for this computer and send its use to its makers.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from faster_whisper.vad import get_vad_model

    if not sound.size:
        return np.zeros(0, np.float32)
    padded = np.pad(sound, (0, -len(sound) % _WINDOW))
    return np.asarray(get_vad_model()(padded), np.float32).reshape(-1)


def find_regions(probability: NDArray[np.float32], *, until_us: int) -> tuple[Region, ...]:
    """Return the stretches where somebody speaks, tight: nothing is added before or after.

    Args:
        probability: As ``voice_probability`` gives it.
        until_us: Where the sound ends.
    """
    voiced: list[Region] = []
    start: int | None = None
    for n, each in enumerate(probability):
        if start is None and each >= _VOICED:
            start = n
        elif start is not None and each < _UNVOICED:
            voiced.append(Region(start * _WINDOW_US, n * _WINDOW_US))
            start = None
    if start is not None:
        voiced.append(Region(start * _WINDOW_US, until_us))
    joined: list[Region] = []
    for region in voiced:
        if joined and region.start_us - joined[-1].end_us < _SHORTEST_PAUSE_US:
            joined[-1] = Region(joined[-1].start_us, region.end_us)
        else:
            joined.append(region)
    return tuple(region for region in joined if region.length_us >= _SHORTEST_VOICE_US)


def split_long(
    regions: Sequence[Region], probability: NDArray[np.float32], *, longest_us: int = LONGEST_CHUNK_US
) -> tuple[Region, ...]:
    """Return the regions, those too long for one chunk split where speech is least likely."""
    longest_us -= 2 * _PAD_US
    parts: list[Region] = []
    for region in regions:
        rest = region
        while rest.length_us > longest_us:
            low = (rest.start_us + longest_us * 6 // 10) // _WINDOW_US
            high = (rest.start_us + longest_us) // _WINDOW_US
            at_us = (low + int(np.argmin(probability[low:high]))) * _WINDOW_US
            parts.append(Region(rest.start_us, at_us))
            rest = Region(at_us, rest.end_us)
        parts.append(rest)
    return tuple(parts)


def pack(
    regions: Sequence[Region], *, until_us: int, longest_us: int = LONGEST_CHUNK_US
) -> tuple[Chunk, ...]:
    """Return chunks that hold all regions in order, each as full as the pauses allow.

    Args:
        regions: Where somebody speaks, none longer than a chunk; see ``split_long``.
        until_us: Where the sound ends.
        longest_us: What fits in a chunk.
    """
    chunks: list[Chunk] = []
    first = 0
    while first < len(regions):
        end = first + 1
        while end < len(regions) and _chunk(regions, first, end + 1, until_us).length_us <= longest_us:
            end += 1
        if end < len(regions):
            end = _best_break(regions, first, end)
        chunks.append(_chunk(regions, first, end, until_us))
        first = end
    return tuple(chunks)


def _best_break(regions: Sequence[Region], first: int, end: int) -> int:
    """Return the break with the longest pause before it among those that leave the chunk mostly full."""
    spoken = [region.length_us for region in regions[first:end]]
    full_enough = (n for n in range(first + 1, end + 1) if sum(spoken[: n - first]) >= 0.6 * sum(spoken))
    return max(full_enough, key=lambda n: (regions[n].start_us - regions[n - 1].end_us, n))


def _chunk(regions: Sequence[Region], first: int, end: int, until_us: int) -> Chunk:
    """Return the chunk of some consecutive regions; its padding never reaches into another chunk's."""
    lower = (regions[first - 1].end_us + regions[first].start_us) // 2 if first else 0
    upper = (regions[end - 1].end_us + regions[end].start_us) // 2 if end < len(regions) else until_us
    pieces: list[Region] = []
    for n in range(first, end):
        start_us = max(regions[n].start_us - _PAD_US, lower)
        end_us = min(regions[n].end_us + _PAD_US, upper)
        if pieces and regions[n].start_us - regions[n - 1].end_us <= _LONGEST_PAUSE_US:
            pieces[-1] = Region(pieces[-1].start_us, end_us)
        else:
            pieces.append(Region(start_us, end_us))
    return Chunk(tuple(pieces))
