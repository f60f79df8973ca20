"""Measure search, filters and saving in a library of 10,000 resources with a transcript each.

Run ``python -m bench.library``; the generated library is kept for the next run (``--folder``). Words follow
Zipf's law as speech does, so that "the" is in most sentences: common words are the hard case, not rare ones.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from capture.take import Take, TakePrompt
from editor.library import Filter, Library
from editor.model import KINDS, LEVELS, Brief, Expert, Resource, Tags, Transcript, Word

GOAL_MS = 50
TAKES, SENTENCES, WORDS_A_SENTENCE = 7, 7, 14
RUNS = 15
COMMON = """the of to and a in is it you that he was for on are with as I his they be at one have this from
or had by not but what some we can out other were all there when up use your how said an each she which do
their time if will way about many then them write would like so these her long make thing see him two has look
more day could go come did my sound no most number who over know water than first people may down side been
now find price customer call order stock floor shift"""
PRIORITIES = ("Grow digital sales", "Managers give feedback", "Protect margin", "Safer loading bays")
ROLES = tuple(f"Role {letter}" for letter in "ABCDEFGHIJKLMNOP")


def vocabulary(rng: random.Random) -> tuple[list[str], list[float]]:
    """Return words and their cumulative weights."""
    made = {
        "".join(
            rng.choice("aeiou" if place % 2 else "bcdfghklmnprstvw") for place in range(rng.randint(4, 10))
        )
        for _ in range(20_000)
    }
    words = [*COMMON.split(), *sorted(made)]
    return words, list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))


def speech(rng: random.Random, words: list[str], weights: list[float]) -> tuple[Word, ...]:
    """Return the words of one take, in sentences."""
    spoken: list[Word] = []
    for _ in range(SENTENCES):
        texts = rng.choices(words, cum_weights=weights, k=WORDS_A_SENTENCE)
        texts[0], texts[-1] = texts[0].title(), f"{texts[-1]}."
        for text in texts:
            at_us = len(spoken) * 400_000
            spoken.append(Word(at_us, at_us + 350_000, text, 0.9))
    return tuple(spoken)


def fill(library: Library, *, count: int) -> None:
    """Add ``count`` resources with their takes and transcripts; their media folders stay empty."""
    rng = random.Random(1)
    words, weights = vocabulary(rng)
    for first in range(library.count(), count, 200):
        with library.transaction():
            for number in range(first, min(first + 200, count)):
                resource = Resource(
                    id=f"r{number:05}",
                    title=" ".join(rng.choices(words, cum_weights=weights, k=6)),
                    brief=Brief(
                        priority=rng.choice(PRIORITIES), expert=Expert(f"Expert {number % 400}", "Lead")
                    ),
                    tags=Tags(
                        level=rng.choice(LEVELS),
                        roles=tuple(rng.sample(ROLES, 2)),
                        kind=(rng.choice(KINDS),),
                        keywords=tuple(rng.choices(words, cum_weights=weights, k=5)),
                    ),
                )
                library.save(resource, label="new")
                for index in range(TAKES):
                    prompt = TakePrompt(id=f"p{index}", key="question", text="What?", title="What")
                    take = Take(
                        f"t{number:05}{index}", resource.id, resource.title, prompt, 1, "safe",
                        "2026-01-01T00:00:00+00:00", 40_000_000,
                    )  # fmt: skip
                    library.adopt(take, library.take_folder(take))
                    spoken = speech(rng, words, weights)
                    library.save_transcript(Transcript(take.id, "en", "base", spoken))


def times_ms(call: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the worst of several calls."""
    taken: list[float] = []
    for _ in range(RUNS):
        start_s = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start_s) * 1000)
    return statistics.median(taken), max(taken)


def cases(library: Library) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what people do, by name; first as the keys are pressed, then what only a nasty person types."""
    rare = max(library.resource("r00042").tags.keywords, key=len)
    narrow = Filter(levels=("beginner",), roles=("Role A",))
    for words in ("p", "pr", "pri", "pric", "price", "price floor", "price customer call", rare, "the"):
        yield f"search {words!r}", lambda words=words: library.search(words)  # type: ignore[misc]
    for words in ("t", "the of to", "a a a a a a a a a a a a", '" OR * NOT (', "no such wording"):
        yield f"search {words!r}", lambda words=words: library.search(words)  # type: ignore[misc]
    yield "search 'price' under filters", lambda: library.search("price", wanted=narrow)
    yield "first page by last change", lambda: library.resources(limit=50)
    yield "first page under filters", lambda: library.resources(narrow, sort="title", limit=50)
    yield "counts", library.counts
    yield "counts under filters and words", lambda: library.counts(replace(narrow, words="price"))
    yield "open a resource", lambda: (library.resource("r00042"), library.takes("r00042"))


def saving(library: Library) -> Callable[[], object]:
    """Return a call that changes a resource and takes it back."""

    def change() -> None:
        resource = library.resource("r00007")
        tags = replace(resource.tags, when_to_use=f"At {time.perf_counter_ns()}")
        library.save(replace(resource, tags=tags), label="tags")

    return change


def main() -> None:
    """Fill the library if need be, measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/lapel-bench-library"))
    parser.add_argument("--resources", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    start_s = time.perf_counter()
    with Library.open(given.folder, write=True, holder="bench.library") as library:
        fill(library, count=given.resources)
        filled_s = time.perf_counter() - start_s
        results = {name: times_ms(call) for name, call in cases(library)}
        results["save one change"] = times_ms(saving(library))
    worst = max(median for name, (median, _) in results.items() if name.startswith("search"))
    if given.json:
        print(json.dumps({"resources": given.resources, "worst_search_ms": worst, "ms": results}))
        return
    print(
        f"{given.resources} resources, {given.resources * TAKES * SENTENCES} sentences,"
        f" filled in {filled_s:.0f} s"
    )
    for name, (median, most) in results.items():
        print(f"{name:45} {median:8.1f} ms   worst of {RUNS}: {most:.1f} ms")
    print(f"slowest search: {worst:.1f} ms, goal {GOAL_MS} ms: {'met' if worst <= GOAL_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
