"""Write down a take: find the voice, hear it in batches, look again where words are missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from editor import fillers
from editor.audio import TakeSound
from editor.listener import Hearing
from editor.model import Word
from editor.voice import (
    RATE_HZ,
    Chunk,
    Region,
    find_regions,
    pack,
    split_long,
    voice_probability,
)

_BLOCK_SAMPLES = RATE_HZ * 28 * 8  # about one batch: memory stays flat in a take of four hours
_SEAM_SAMPLES = RATE_HZ * 30  # a block may end this much earlier, to end in a pause

_MISSING_US = 1_500_000
_LEAST_COVERED = 0.4
_WORD_ROOM_US = 150_000  # between words people breathe
_SHORTEST_WORD_US = 20_000
_EARLY_US = 60_000  # the detector reacts this much late at most
_LATE_US = 120_000  # words die away more slowly than they start
_SHORTEST_SNAPPED_US = 100_000
_TAIL_US = 250_000  # Whisper ends the last word before a pause up to this much too early …
_HEAD_US = 150_000  # … and starts the first one after it up to this much too late


class Ear(Protocol):
    """What hears: ``editor.listener.Listener`` is the real one."""

    def require_language(self, language: str) -> str:
        """Return the ear's own code for a BCP 47 tag; raise ``BadInputError`` if it knows none."""

    def find_language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        """Return which language is spoken, BCP 47, and how sure that is."""

    def hear(
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None, terms: str = ""
    ) -> tuple[Hearing, ...]:
        """Return what is said in each sound; see ``Listener.hear``."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some sound of a take, 16 kHz mono, and when it starts on the take's clock."""

    sound: NDArray[np.float32]
    start_us: int


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a take, and the stretches where somebody speaks but none were found."""

    language: str
    certainty: float
    words: tuple[Word, ...]
    missing: tuple[Region, ...]
    voiced_us: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is written down of one block, on the take's clock; ``end`` is the sample after it.

    ``language`` is empty as long as nobody has said anything that tells.
    """

    end: int
    language: str
    certainty: float
    words: tuple[Word, ...]
    missing: tuple[Region, ...]
    voiced_us: int


def write_down(
    ear: Ear,
    blocks: Iterable[Block],
    *,
    language: str,
    duration_us: int,
    tell: Callable[[float], None],
    terms: str = "",
    before: Sequence[Part] = (),
    keep: Callable[[Part], None] = lambda _: None,
) -> Written:
    """Return the words said in a take.

    Args:
        ear: The loaded model.
        blocks: The take's sound in order, from where ``before`` ends.
        language: BCP 47; empty means: find out.
        duration_us: Of the take; no word lies outside.
        tell: Told how much is done, 0 to 1.
        terms: Words that are likely to be said.
        before: Parts that an earlier call has finished.
        keep: Given each part as soon as it is finished.

    Raises:
        BadInputError: The language is not one of the model's.
    """
    parts = list(before)
    certainty = 1.0 if language else 0.0
    if not language and parts:
        language, certainty = parts[-1].language, parts[-1].certainty
    code = ear.require_language(language) if language else ""
    for block in blocks:
        voice = _Voice.of(block.sound)
        if voice.chunks and not code:
            language, certainty = ear.find_language([voice.cut(chunk) for chunk in voice.chunks])
            code = ear.require_language(language)
        parts.append(_part(ear, block, voice, code=code, language=language, certainty=certainty, terms=terms))
        keep(parts[-1])
        tell(min((block.start_us + _length_us(block.sound)) / max(duration_us, 1), 1.0))
    within = Region(0, duration_us)
    words = in_order([word for part in parts for word in part.words], within)
    missing = [region for part in parts for region in part.missing if region.start_us < duration_us]
    return Written(
        language=language,
        certainty=certainty,
        words=fillers.mark_fillers(words, language),
        missing=tuple(_clip(region, within) for region in missing),
        voiced_us=sum(part.voiced_us for part in parts),
    )


def _part(
    ear: Ear, block: Block, voice: _Voice, *, code: str, language: str, certainty: float, terms: str
) -> Part:
    heard, silent = _write_block(ear, voice, code=code, language=language, terms=terms)
    shift_us = block.start_us
    return Part(
        end=-(-shift_us * RATE_HZ // 1_000_000) + len(block.sound),  # up: block.start_us was rounded down
        language=language,
        certainty=certainty,
        words=tuple(replace(w, start_us=w.start_us + shift_us, end_us=w.end_us + shift_us) for w in heard),
        missing=tuple(Region(r.start_us + shift_us, r.end_us + shift_us) for r in silent),
        voiced_us=sum(region.length_us for region in voice.regions),
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """A block's sound, where somebody speaks in it, and how that is packed for the model."""

    sound: NDArray[np.float32]
    probability: NDArray[np.float32]
    regions: tuple[Region, ...]
    chunks: tuple[Chunk, ...]

    @staticmethod
    def of(sound: NDArray[np.float32]) -> _Voice:
        probability = voice_probability(sound)
        regions = find_regions(probability, until_us=_length_us(sound))
        chunks = pack(split_long(regions, probability), until_us=_length_us(sound))
        return _Voice(sound, probability, regions, chunks)

    def cut(self, chunk: Chunk) -> NDArray[np.float32]:
        """Return the sound of a chunk."""
        return np.concatenate([self.sound[_sample(p.start_us) : _sample(p.end_us)] for p in chunk.pieces])

    def alone(self, regions: Sequence[Region]) -> tuple[Chunk, ...]:
        """Return each region as a chunk by itself, those too long split."""
        until_us = _length_us(self.sound)
        parts = split_long(regions, self.probability)
        return tuple(chunk for part in parts for chunk in pack([part], until_us=until_us))


def _write_block(
    ear: Ear, voice: _Voice, *, code: str, language: str, terms: str
) -> tuple[tuple[Word, ...], tuple[Region, ...]]:
    """Return the words of a block, on its clock, and where some are missing even at a second look."""
    prompt = fillers.disfluency_prompt(language)
    cuts = [voice.cut(chunk) for chunk in voice.chunks]
    hearings = ear.hear(cuts, language=code, prompt=prompt, terms=terms)
    words = _placed(zip(voice.chunks, hearings, strict=True), voice.regions)
    missing = find_missing(voice.regions, words)
    if not missing:
        return reach_edges(words, voice.regions), ()
    alone = voice.alone(missing)
    hearings = ear.hear([voice.cut(chunk) for chunk in alone], language=code, prompt=None, terms=terms)
    trusted = [(chunk, hearing) for chunk, hearing in zip(alone, hearings, strict=True) if hearing.sure]
    words = fill_in(words, missing, _placed(trusted, voice.regions))
    return reach_edges(words, voice.regions), find_missing(voice.regions, words)


def _placed(heard: Iterable[tuple[Chunk, Hearing]], regions: Sequence[Region]) -> tuple[Word, ...]:
    """Return the words of all chunks on the block's clock, in order."""
    words = []
    for chunk, hearing in heard:
        for word in hearing.words:
            if not _says_something(word.text):
                continue
            place = snap(chunk.to_clock(word.start_us, word.end_us), regions)
            words.append(Word(place.start_us, place.end_us, word.text, word.confidence))
    return in_order(words, Region(0, max((word.end_us for word in words), default=0)))


def snap(word: Region, regions: Sequence[Region]) -> Region:
    """Return a word's time without the silence before or after it.

    Whisper stretches the first word after a pause back into the pause, and the last one before it forward.
    """
    voiced = [r for r in regions if r.start_us < word.end_us and r.end_us > word.start_us]
    if not voiced:
        return word
    start_us = max(word.start_us, voiced[0].start_us - _EARLY_US)
    end_us = min(word.end_us, voiced[-1].end_us + _LATE_US)
    return Region(start_us, end_us) if end_us - start_us >= _SHORTEST_SNAPPED_US else word


def reach_edges(words: Sequence[Word], regions: Sequence[Region]) -> tuple[Word, ...]:
    """Return the words, those next to a pause reaching to where the voice starts or dies away.

    A cut beside the word then takes nothing of it.
    """
    reached: list[Word] = []
    for n, word in enumerate(words):
        before_us = reached[-1].end_us if reached else 0
        after_us = words[n + 1].start_us if n + 1 < len(words) else word.end_us + _TAIL_US
        start_us, end_us = word.start_us, word.end_us
        for region in regions:
            if before_us <= region.start_us < start_us <= min(region.start_us + _HEAD_US, region.end_us):
                start_us = region.start_us
            if word.start_us < region.end_us and end_us < region.end_us <= min(after_us, end_us + _TAIL_US):
                end_us = region.end_us
        reached.append(replace(word, start_us=start_us, end_us=end_us))
    return tuple(reached)


def in_order(words: Iterable[Word], within: Region) -> tuple[Word, ...]:
    """Return the words in order of time, none before the end of the one before, none empty or outside."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda each: (each.start_us, each.end_us)):
        floor_us = kept[-1].end_us if kept else within.start_us
        start_us = max(word.start_us, floor_us)
        end_us = min(max(word.end_us, start_us + _SHORTEST_WORD_US), within.end_us)
        if end_us - start_us >= _SHORTEST_WORD_US:
            kept.append(replace(word, start_us=start_us, end_us=end_us))
    return tuple(kept)


def find_missing(regions: Sequence[Region], words: Sequence[Word]) -> tuple[Region, ...]:
    """Return where somebody speaks for over 1.5 s and (almost) no word was written."""
    missing: list[Region] = []
    for region in regions:
        if region.length_us < _MISSING_US:
            continue
        inside = [w for w in words if w.start_us < region.end_us and w.end_us > region.start_us]
        covered = sum(_clip(Region(w.start_us, w.end_us), region).length_us for w in inside)
        if covered < _LEAST_COVERED * region.length_us:
            missing.append(region)
            continue
        # A long stretch without a pause can be well covered and still lack a sentence.
        edges = [region.start_us, *(at for w in inside for at in (w.start_us, w.end_us)), region.end_us]
        for start_us, end_us in zip(edges[::2], edges[1::2], strict=True):
            if end_us - start_us - 2 * _WORD_ROOM_US >= _MISSING_US:
                missing.append(Region(start_us, end_us))
    return tuple(missing)


def fill_in(words: Sequence[Word], missing: Sequence[Region], found: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words with those found at a second look in the missing stretches, and only there."""

    def lost(word: Word) -> bool:
        middle = (word.start_us + word.end_us) // 2
        return any(region.start_us <= middle < region.end_us for region in missing)

    better = [word for word in found if lost(word)]
    # Where the second look found nothing, the little that the first one found stays.
    kept = [w for w in words if not (lost(w) and _near(w, better, missing))]
    merged = [*kept, *better]
    return in_order(merged, Region(0, max((word.end_us for word in merged), default=0)))


def _near(word: Word, found: Sequence[Word], missing: Sequence[Region]) -> bool:
    middle = (word.start_us + word.end_us) // 2
    place = next(region for region in missing if region.start_us <= middle < region.end_us)
    return any(place.start_us <= (w.start_us + w.end_us) // 2 < place.end_us for w in found)


def read_blocks(reader: TakeSound, *, duration_us: int, start: int = 0) -> Iterator[Block]:
    """Yield the sound of a take block by block, split in pauses, from the sample where a block ended."""
    end = _sample(duration_us)
    held = np.zeros(0, np.float32)
    at = start
    while at < end:
        sound = reader.read(at + len(held), min(at + _BLOCK_SAMPLES, end))
        held = np.concatenate((held, sound))
        size = _quietest(held) if at + len(held) < end else len(held)
        yield Block(held[:size], at * 1_000_000 // RATE_HZ)
        held = held[size:]
        at += size


def _quietest(sound: NDArray[np.float32]) -> int:
    """Return the middle of the quietest half second near the end of a full block."""
    tail = sound[-_SEAM_SAMPLES:]
    step = RATE_HZ // 20
    loudness = np.square(tail[: len(tail) // step * step].reshape(-1, step), dtype=np.float64).mean(axis=1)
    smooth = np.convolve(loudness, np.ones(10), mode="valid")
    return len(sound) - len(tail) + (int(np.argmin(smooth)) + 5) * step


def _says_something(text: str) -> bool:
    return any(
        each.isalnum() or unicodedata.category(each) in {"Sc", "Sm"} or each in "%&@#" for each in text
    )


def _clip(region: Region, within: Region) -> Region:
    return Region(max(region.start_us, within.start_us), min(region.end_us, within.end_us))


def _length_us(sound: NDArray[np.float32]) -> int:
    return len(sound) * 1_000_000 // RATE_HZ


def _sample(at_us: int) -> int:
    return at_us * RATE_HZ // 1_000_000
