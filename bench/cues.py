"""Measure captions against the rules of reading, before and after tidying, in one run with what is possible.

Run ``python -m bench.cues`` (``--json`` for one JSON document). The words come from the caption model, heard
anew; ``--words FILE`` keeps them for the next run. "Possible" is the fewest captions outside a rule that any
way to break these words could have, found by the same search with nothing else to care for: whoever speaks
faster than 17 characters a second for longer than the pauses around can make up for cannot be read in time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

import assets
from bench.captions import VOICES, hear
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor import cue_layout, cutlist, models, tidy
from editor.audio import read_sound
from editor.captions import make_cues
from editor.cue_rules import RULES, check_cues
from editor.listener import Listener
from editor.model import Brief, CutList, Edit, Prompt, Resource, Transcript, Word
from editor.speech import RATE_HZ, measure_levels

RATE = Fraction(30)
LONGER_THAN_US = 400_000
#: What the search minds in its ordinary work, and nothing of when it looks for what is possible.
STYLE = ("_BREAK", "_LINE_BREAK", "_IMBALANCE", "_SECOND_SENTENCE", "_SECOND_LINE", "_PAUSE_INSIDE", "_LEAD")


@dataclass(frozen=True, slots=True)
class Score:
    """How the captions of one set of recordings fare."""

    recordings: str
    tidied: bool
    seconds: float
    captions: int
    outside: dict[str, int]
    inside_percent: float
    possible_percent: float
    inside_of_possible_percent: float
    characters_a_second: float
    milliseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--words", type=Path, default=None)
    options = parser.parse_args()
    scores = measure(options.words)
    if options.json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    for score in scores:
        rules = ", ".join(f"{rule} {count}" for rule, count in score.outside.items()) or "none outside"
        print(
            f"{score.recordings:9} {'tidied' if score.tidied else 'as said':8} {score.seconds:6.1f} s "
            f"{score.captions:4} captions: {score.inside_percent:5.1f} % inside every rule, "
            f"{score.possible_percent:5.1f} % possible, so {score.inside_of_possible_percent:5.1f} %; "
            f"{rules}; {score.characters_a_second:.1f} characters a second; {score.milliseconds:.0f} ms"
        )


def measure(words_file: Path | None) -> list[Score]:
    """Return the scores of each set of recordings, as said and tidied."""
    sets = {"interview": sorted(assets.SAMPLE.glob("*.flac"))}
    if VOICES.is_dir():
        sets["voices"] = sorted(each for each in VOICES.iterdir() if each.suffix in {".mp3", ".wav"})
    heard = heard_words([file for files in sets.values() for file in files], words_file)
    scores = []
    for name, files in sets.items():
        for tidied in (False, True):
            scores.append(_score(name, files, heard, tidied=tidied))
    return scores


def heard_words(files: list[Path], keep: Path | None) -> dict[str, tuple[Word, ...]]:
    """Return the words of each file as the caption model hears them, kept in a file if one is given."""
    if keep is not None and keep.exists():
        kept = msgspec.json.decode(keep.read_bytes(), type=dict[str, tuple[Word, ...]])
        if set(kept) >= {file.stem for file in files}:
            return kept
    listener = Listener(models.find_model("base", work=Work()))
    heard = {
        file.stem: hear(listener, read_sound(file, rate_hz=RATE_HZ, work=Work())).words for file in files
    }
    if keep is not None:
        keep.write_bytes(msgspec.json.encode(heard))
    return heard


def interview(
    files: list[Path], heard: dict[str, tuple[Word, ...]], *, tidied: bool
) -> tuple[CutList, list[Transcript], Edit]:
    """Return recordings as the answers of one resource, whole or trimmed, without silences and fillers."""
    takes, transcripts, prompts = [], [], []
    edit = Edit()
    for file in files:
        sound = read_sound(file, rate_hz=RATE_HZ, work=Work())
        length_us = len(sound) * 1_000_000 // RATE_HZ
        asked = TakePrompt(file.stem, "question", file.stem, file.stem)
        segments = (Segment("mic", file.name, 0, length_us),)
        take = Take(file.stem, "r", "", asked, 1, "safe", "", length_us, segments)
        takes.append(take)
        prompts.append(Prompt(file.stem, "question", file.stem, file.stem))
        transcripts.append(Transcript(take.id, "en", "base", heard[file.stem]))
        if tidied:
            levels = measure_levels([sound])
            words = heard[file.stem]
            edit = tidy.trim_ends(edit, take, levels, words)
            edit = tidy.remove_silences(edit, take, levels, words, longer_than_us=LONGER_THAN_US)
            edit = tidy.remove_fillers(edit, take, levels, words)
    resource = Resource("r", "R", brief=Brief(prompts=tuple(prompts)), edit=edit)
    return cutlist.cut_list(resource, takes, rate=RATE), transcripts, edit


def _score(name: str, files: list[Path], heard: dict[str, tuple[Word, ...]], *, tidied: bool) -> Score:
    cut_list, transcripts, edit = interview(files, heard, tidied=tidied)
    started = time.perf_counter()
    cues = make_cues(cut_list, transcripts, edit)
    took_s = time.perf_counter() - started
    problems = check_cues(cues, rate=RATE)
    bad = len({problem.index for problem in problems})
    fewest = min(bad, *(_fewest(cut_list, transcripts, edit, step=step) for step in (10.0, 100.0)))
    counted = Counter(problem.rule for problem in problems)
    said = sum(cue_layout.columns(" ".join(cue.lines)) for cue in cues)
    return Score(
        recordings=name,
        tidied=tidied,
        seconds=cut_list.duration_us / 1e6,
        captions=len(cues),
        outside={rule: counted[rule] for rule in RULES if counted[rule]},
        inside_percent=100 * (1 - bad / len(cues)),
        possible_percent=100 * (1 - fewest / len(cues)),
        inside_of_possible_percent=100 * (len(cues) - bad) / (len(cues) - fewest),
        characters_a_second=said / (cut_list.duration_us / 1e6),
        milliseconds=took_s * 1000,
    )


def _fewest(cut_list: CutList, transcripts: list[Transcript], edit: Edit, *, step: float) -> int:
    """Return how few captions are outside a rule if nothing but the rules counts."""
    before: dict[str, Any] = {each: getattr(cue_layout, each) for each in (*STYLE, "_TOO_FAST_STEP")}
    try:
        for each in STYLE:
            setattr(cue_layout, each, 0.0)
        cue_layout._TOO_FAST_STEP = step
        cues = make_cues(cut_list, transcripts, edit)
    finally:
        for each, value in before.items():
            setattr(cue_layout, each, value)
    return len({problem.index for problem in check_cues(cues, rate=RATE)})


if __name__ == "__main__":
    main()
