"""Measure captions: words right, fillers found, speed, and how many captions are inside the rules of reading.

Run ``python -m bench.captions [MODEL…]`` (default: base, and tiny.en if it is there). It listens to the
sample interview and, if it is there, to ``../shared/media/voices``; add ``--json`` for one JSON document.

Word error rate: small letters, no punctuation, hyphens are blanks, hesitations left out on both sides; no
spellings or contractions are made equal. Speed: seconds of work for each second of sound, once as the clock
has it (other work on the machine counts) and once as processor time on two cores would.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import jiwer
import numpy as np
from numpy.typing import NDArray

import assets
from capture.errors import UserError
from capture.work import Work
from editor import cutlist, fillers, models
from editor.audio import read_sound
from editor.captions import make_cues
from editor.cue_rules import RULES, check_cues
from editor.hearing import Block, Written, write_down
from editor.listener import THREADS, Hearing, Listener
from editor.model import Cue, Edit, Span, Transcript, Word
from editor.voice import RATE_HZ

VOICES = assets.ROOT.parent / "shared" / "media" / "voices"
FILLER = "um"
RATE = Fraction(30)


class PlainEar:
    """The same model asked without the disfluency prompt, to compare."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def require_language(self, language: str) -> str:
        return self._listener.require_language(language)

    def find_language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        return self._listener.find_language(sounds)

    def hear(
        self, sounds: Sequence[NDArray[np.float32]], *, language: str, prompt: str | None, terms: str = ""
    ) -> tuple[Hearing, ...]:
        del prompt
        return self._listener.hear(sounds, language=language, prompt=None, terms=terms)


@dataclass(frozen=True, slots=True)
class Score:
    """What one model made of one set of recordings; ``None`` where there is nothing to measure."""

    model: str
    prompt: bool
    recordings: str
    word_error_percent: float
    fillers_said: int
    fillers_found: int
    fillers_invented: int
    clock_factor: float
    processor_factor: float
    stretches_without_words: int
    captions: int
    inside_percent: dict[str, float]
    inside_all_percent: float
    inside_where_possible_percent: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("models", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--made", type=Path, metavar="FOLDER", help="also what bench.speech_sets made there")
    options = parser.parse_args()
    scores = [
        score
        for name in options.models or ["base", "tiny.en"]
        for score in measure(name, made=options.made, quiet=options.json)
    ]
    if options.json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    print(f"load before and now: {os.getloadavg()}")
    for score in scores:
        show(score)


def measure(name: str, *, made: Path | None, quiet: bool) -> list[Score]:
    """Return the scores of a model on every set of recordings, with one look and with two."""
    try:
        folder = models.find_model(name, work=Work())
    except UserError as error:
        if not quiet:
            print(f"{name}: not measured ({error.message_key})")
        return []
    started = time.perf_counter()
    listener = Listener(folder)
    if not quiet:
        print(f"{name}: loaded in {time.perf_counter() - started:.1f} s")
    sets = {"interview": sorted(assets.SAMPLE.glob("*.flac"))}
    if VOICES.is_dir():
        sets["voices"] = sorted(each for each in VOICES.iterdir() if each.suffix in {".mp3", ".wav"})
    for folder_of in sorted(made.iterdir()) if made is not None else ():
        sets[folder_of.name] = sorted(folder_of.glob("*.wav"))
    return [
        score_of(listener, files, model=name, recordings=recordings, prompt=prompt)
        for recordings, files in sets.items()
        for prompt in (False, True)
    ]


def score_of(
    listener: Listener, files: Sequence[Path], *, model: str, recordings: str, prompt: bool
) -> Score:
    """Return how well and how fast the model heard some recordings."""
    sounds = [read_sound(file, rate_hz=RATE_HZ, work=Work()) for file in files]
    before, started = _processor_s(), time.perf_counter()
    heard = [hear(listener if prompt else PlainEar(listener), sound) for sound in sounds]
    clock_s, processor_s = time.perf_counter() - started, _processor_s() - before
    length_s = sum(map(len, sounds)) / RATE_HZ
    texts = [file.with_suffix(".txt").read_text() for file in files]
    said = [normal(text) for text in texts]
    written = [normal(" ".join(word.text for word in each.words)) for each in heard]
    found, invented = filler_hits(said, written)
    cues = [cues_of(each.words, len(sound)) for each, sound in zip(heard, sounds, strict=True)]
    problems = [(n, p) for n, each in enumerate(cues) for p in check_cues(each, rate=RATE)]
    count = sum(map(len, cues))
    bad = {(n, p.index) for n, p in problems}
    avoidable = {(n, p.index) for n, p in problems if p.avoidable}
    return Score(
        model=model,
        prompt=prompt,
        recordings=recordings,
        word_error_percent=100 * jiwer.wer(_joined(said), _joined(written)),
        fillers_said=sum(each.count(FILLER) for each in said),
        fillers_found=found,
        fillers_invented=invented,
        clock_factor=clock_s / length_s,
        processor_factor=processor_s / THREADS / length_s,
        stretches_without_words=sum(len(each.missing) for each in heard),
        captions=count,
        inside_percent={
            rule: 100 * (1 - len({(n, p.index) for n, p in problems if p.rule == rule}) / count)
            for rule in RULES
        },
        inside_all_percent=100 * (1 - len(bad) / count),
        inside_where_possible_percent=100 * (1 - len(avoidable) / count),
    )


def hear(ear: Listener | PlainEar, sound: NDArray[np.float32]) -> Written:
    """Return what is said, as the caption worker would write it."""
    duration_us = len(sound) * 1_000_000 // RATE_HZ
    return write_down(ear, [Block(sound, 0)], language="en", duration_us=duration_us, tell=lambda _: None)


def normal(text: str) -> list[str]:
    """Return the words of a text so that only what was said counts; every hesitation is the same."""
    plain = re.sub(r"[-–—\s]+", " ", text.lower().replace("’", "'"))
    words = [word.strip("'") for word in re.sub(r"[^\w' ]", " ", plain).split()]
    marks = fillers.mark_fillers([Word(0, 1, word, 1.0) for word in words], "en")
    return [FILLER if mark.filler else word for word, mark in zip(words, marks, strict=True) if word]


def filler_hits(said: Sequence[list[str]], written: Sequence[list[str]]) -> tuple[int, int]:
    """Return how many hesitations were found where they were said, and how many were written elsewhere."""
    found = written_in_all = 0
    for spoken, wrote in zip(said, written, strict=True):
        out = jiwer.process_words(" ".join(spoken), " ".join(wrote))
        written_in_all += wrote.count(FILLER)
        for chunk in out.alignments[0]:
            if chunk.type == "equal":
                found += spoken[chunk.ref_start_idx : chunk.ref_end_idx].count(FILLER)
    return found, written_in_all - found


def cues_of(words: tuple[Word, ...], samples: int) -> tuple[Cue, ...]:
    """Return the captions of a take that nothing was cut from."""
    span = Span("take", "prompt", 0, samples * 1_000_000 // RATE_HZ)
    transcript = Transcript("take", "en", "", words)
    return make_cues(cutlist.place([span], rate=RATE), [transcript], Edit())


def show(score: Score) -> None:
    """Print a score for people."""
    print(
        f"{score.model:8} {score.recordings:13} {'two looks' if score.prompt else 'one look':9} "
        f"WER {score.word_error_percent:4.1f} %  fillers {score.fillers_found} of {score.fillers_said}, "
        f"{score.fillers_invented} invented  clock {score.clock_factor:.3f}, "
        f"processor {score.processor_factor:.3f}  without words {score.stretches_without_words}"
    )
    rules = "  ".join(f"{rule} {share:.0f}" for rule, share in score.inside_percent.items())
    print(
        f"{'':28}{score.captions} captions, inside all rules {score.inside_all_percent:.0f} %, "
        f"where words and time permit {score.inside_where_possible_percent:.0f} % ({rules})"
    )


def _joined(texts: Sequence[list[str]]) -> list[str]:
    return [" ".join(word for word in text if word != FILLER) for text in texts]


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
