"""Measure how many automatic cuts fall outside speech, against boundaries that the recogniser had no part in.

Run ``python -m bench.cuts`` (``--json`` for one JSON document; ``--words FILE`` keeps what was heard). The
sample is judged by ``tests/media/word-boundaries``, unseen voices by espeak-ng, which knows its times, over
noise and with word times as wrong as a recogniser's. A cut is outside speech if what it takes of any word
that stays is within ``TOLERANCE_US``; it is judged where the render cuts, on frames of 30 a second.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import assets
from bench import _espeak
from bench.cues import heard_words
from capture.take import Take, TakePrompt
from capture.work import Work
from editor import cutlist, tidy
from editor.audio import read_sound
from editor.fillers import mark_fillers
from editor.model import Edit, Word
from editor.speech import RATE_HZ, Levels, measure_levels

BOUNDARIES = assets.ROOT / "tests" / "media" / "word-boundaries"
RATE = Fraction(30)
LONGER_THAN_US = 400_000
TOLERANCE_US = 20_000
STRIKES = 60  # random strikes in each recording
VOICES = (("en-gb", 150), ("en-us", 170), ("en-gb-scotland", 140), ("en-us+f3", 180), ("en-gb+m5", 160))
NOISES_DB = (30, 20, 15)
JITTER_US = 60_000

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recording:
    """A take with what is known of it: ``truth`` is ``(word, start_us, end_us)``."""

    name: str
    take: Take
    levels: Levels
    words: tuple[Word, ...]
    truth: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How one kind of cut fared in one set of recordings."""

    recordings: str
    kind: str
    cuts: int
    outside_speech_percent: float
    worst_ms: float
    removed_s: float
    left_of_struck_percent: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--words", type=Path, default=None)
    options = parser.parse_args()
    scores: list[Score] = []
    for noise_db in NOISES_DB:  # first: espeak-ng does not bear the libraries of the sound reader beside it
        found = list(synthetic(noise_db))
        scores += measure(f"espeak at {noise_db} dB", found) if found else []
    scores += measure("interview", list(sample(options.words)))
    if options.json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    for each in scores:
        print(
            f"{each.recordings:16} {each.kind:10} {each.cuts:4} cuts, {each.removed_s:6.1f} s: "
            f"{each.outside_speech_percent:5.1f} % outside speech, worst {each.worst_ms:.0f} ms into a word"
            f", {each.left_of_struck_percent:.1f} % of what was struck is left"
        )


def measure(name: str, recordings: Sequence[Recording]) -> Iterator[Score]:
    """Yield the score of each kind of cut, and of all automatic ones together."""
    kinds: dict[str, Callable[[Recording], Iterator[Stretch]]] = {
        "trim": _trims,
        "silence": _silences,
        "filler": _fillers,
        "strike": _strikes,
    }
    found = {kind: [(each, cut) for each in recordings for cut in make(each)] for kind, make in kinds.items()}
    found["automatic"] = [*found["trim"], *found["silence"], *found["filler"]]
    for kind, cuts in found.items():
        if not cuts:
            continue
        into = [_into_speech_us(each.truth, cut) for each, cut in cuts]
        left = [share for each, cut in cuts for share in _left(each.truth, cut)]
        yield Score(
            recordings=name,
            kind=kind,
            cuts=len(cuts),
            outside_speech_percent=100 * sum(us <= TOLERANCE_US for us in into) / len(into),
            worst_ms=max(into) / 1000,
            removed_s=sum(b - a for _, (a, b) in cuts) / 1e6,
            left_of_struck_percent=100 * sum(left) / len(left) if left else 0.0,
        )


def _into_speech_us(truth: Sequence[tuple[str, int, int]], cut: Stretch) -> int:
    """Return the most that a cut takes of a word that stays."""
    overlaps = [
        min(cut[1], end_us) - max(cut[0], start_us)
        for _, start_us, end_us in truth
        if not cut[0] <= (start_us + end_us) // 2 < cut[1]
    ]
    return max(0, *overlaps)


def _left(truth: Sequence[tuple[str, int, int]], cut: Stretch) -> Iterator[float]:
    """Yield how much is still heard of each word that was struck, as a share of it."""
    for _, start_us, end_us in truth:
        if cut[0] <= (start_us + end_us) // 2 < cut[1]:
            inside = min(cut[1], end_us) - max(cut[0], start_us)
            yield 1 - inside / (end_us - start_us)


# Cuts -------------------------------------------------------------------------------------------------


def _on_frames(each: Recording, edit: Edit) -> Iterator[Stretch]:
    """Yield the cuts of an edit as the render makes them."""
    for cut in cutlist.take_edit(edit, each.take.id).cuts:
        first, last = (cutlist.frame_at(us, RATE) for us in (cut.in_us, cut.out_us))
        if last > first:
            yield cutlist.frame_us(first, RATE), cutlist.frame_us(last, RATE)


def _trims(each: Recording) -> Iterator[Stretch]:
    yield from _on_frames(each, tidy.trim_ends(Edit(), each.take, each.levels, each.words))


def _silences(each: Recording) -> Iterator[Stretch]:
    edit = tidy.remove_silences(Edit(), each.take, each.levels, each.words, longer_than_us=LONGER_THAN_US)
    inner = (s for s in _on_frames(each, edit) if s[0] > 0 and s[1] < each.take.duration_us - 100_000)
    yield from inner


def _fillers(each: Recording) -> Iterator[Stretch]:
    yield from _on_frames(each, tidy.remove_fillers(Edit(), each.take, each.levels, each.words))


def _strikes(each: Recording) -> Iterator[Stretch]:
    dice = random.Random(each.name)
    for _ in range(STRIKES):
        first = dice.randrange(len(each.words))
        last = min(first + dice.randrange(3), len(each.words) - 1)
        edit = tidy.strike(Edit(), each.take, each.levels, each.words, first=first, last=last)
        yield from _on_frames(each, edit)


# Recordings -------------------------------------------------------------------------------------------


def sample(keep: Path | None) -> Iterator[Recording]:
    """Yield the answers of the sample interview, with words as the recogniser heard them."""
    files = sorted(assets.SAMPLE.glob("*.flac"))
    heard = heard_words(files, keep)
    for file in files:
        sound = read_sound(file, rate_hz=RATE_HZ, work=Work())
        truth = json.loads((BOUNDARIES / f"{file.stem}.json").read_text())
        said = tuple((word, round(a * 1e6), round(b * 1e6)) for word, a, b in truth)
        yield _recording(file.stem, sound, heard[file.stem], said)


def synthetic(noise_db: int) -> Iterator[Recording]:
    """Yield the texts of the sample in other voices over noise, with word times off as a recogniser's are."""
    voices = _espeak.load()
    if voices is None:
        return
    texts = [file.read_text().strip() for file in sorted(assets.SAMPLE.glob("*.txt"))]
    for number, text in enumerate(texts):
        voice, speed = VOICES[number % len(VOICES)]
        spoken = _espeak.say(voices, text, voice=voice, words_a_minute=speed)
        dice = random.Random(number)
        sound, truth = _with_pauses(spoken, dice)
        loud = np.sqrt(np.square(sound[sound != 0]).mean())
        noise = np.random.default_rng(number).standard_normal(len(sound))
        noisy = (sound + noise * loud * 10 ** (-noise_db / 20)).astype(np.float32)
        words = tuple(_misheard(truth, dice))
        yield _recording(f"{voice} {number}", noisy, mark_fillers(words, "en"), truth)


def _with_pauses(
    spoken: _espeak.Spoken, dice: random.Random
) -> tuple[NDArray[np.float32], tuple[tuple[str, int, int], ...]]:
    """Return speech with pauses of people's lengths where it has some, and a second before and after."""
    pieces: list[NDArray[np.float32]] = [np.zeros(RATE_HZ, np.float32)]
    truth: list[tuple[str, int, int]] = []
    shift_us, at = 1_000_000, 0
    for word, following in zip(spoken.words, (*spoken.words[1:], None), strict=True):
        truth.append((word[0], word[1] + shift_us, word[2] + shift_us))
        if following is not None and following[1] - word[2] > 100_000:
            middle = (word[2] + following[1]) // 2 * RATE_HZ // 1_000_000
            extra = dice.randrange(round(1.5 * RATE_HZ))
            pieces += [spoken.sound[at:middle], np.zeros(extra, np.float32)]
            at, shift_us = middle, shift_us + extra * 1_000_000 // RATE_HZ
    pieces += [spoken.sound[at:], np.zeros(RATE_HZ, np.float32)]
    return np.concatenate(pieces), tuple(truth)


def _misheard(truth: Sequence[tuple[str, int, int]], dice: random.Random) -> Iterator[Word]:
    """Yield words whose boundaries are off by some hundredths of a second, one after the other."""
    at_us = 0
    for text, start_us, end_us in truth:
        first_us = max(at_us, start_us + round(dice.gauss(0, JITTER_US)))
        at_us = max(first_us + 20_000, end_us + round(dice.gauss(0, JITTER_US)))
        yield Word(first_us, at_us, text, 0.9)


def _recording(
    name: str,
    sound: NDArray[np.float32],
    words: tuple[Word, ...],
    truth: tuple[tuple[str, int, int], ...],
) -> Recording:
    duration_us = len(sound) * 1_000_000 // RATE_HZ
    take = Take(name, "r", "", TakePrompt(name, "question", "", ""), 1, "safe", "", duration_us)
    return Recording(name, take, measure_levels([sound]), words, truth)


if __name__ == "__main__":
    main()
