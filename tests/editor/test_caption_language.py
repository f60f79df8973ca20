"""The language of a resource is that of its captions: heard where that leaves no doubt, else told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from editor import caption_worker, tasks
from editor.hearing import Written
from editor.library import Library
from editor.model import Flag, Transcript, Word
from tests.editor.library_values import a_resource, a_take

WORDS = (Word(0, 500_000, "Bore", 0.4), Word(600_000, 900_000, "da.", 0.4))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


@pytest.fixture
def take(library: Library):
    return a_take(library, a_resource(library))


def written(take, language: str, *, sure: bool = True) -> Transcript:
    doubt = Flag(take.id, 0, take.duration_us, "unsure_language")
    return Transcript(take.id, language, "base", WORDS, () if sure else (doubt,))


def language(library: Library, take) -> str:
    return library.resource(take.resource_id).tags.language


def test_the_first_captions_tell_it(library: Library, take):
    tasks.keep_transcript(library, take.resource_id, written(take, "en"))
    assert language(library, take) == "en"
    tasks.keep_transcript(library, take.resource_id, written(take, "cy"))
    assert language(library, take) == "en"


def test_a_guess_does_not_become_that_of_every_later_take(library: Library, take):
    tasks.keep_transcript(library, take.resource_id, written(take, "cy", sure=False))
    assert language(library, take) == ""
    tasks.keep_transcript(library, take.resource_id, written(take, "en"))
    assert language(library, take) == "en"


def test_one_that_was_told_stands_in_place_of_one_that_was_heard(library: Library, take):
    tasks.keep_transcript(library, take.resource_id, written(take, "cy"))
    tasks.keep_transcript(library, take.resource_id, written(take, "en"), told=True)
    assert language(library, take) == "en"


def test_what_a_producer_says_more_exactly_stays(library: Library, take):
    found = library.resource(take.resource_id)
    library.save(replace(found, tags=replace(found.tags, language="en-GB")), label="tags")
    tasks.keep_transcript(library, take.resource_id, written(take, "en"), told=True)
    assert language(library, take) == "en-GB"


@pytest.mark.parametrize(("confidence", "reasons"), [(0.3, ["unsure_words"]), (0.8, [])])
def test_a_take_in_another_language_than_its_words_is_told(library: Library, take, confidence, reasons):
    """Heard as German, English words come with a confidence of 0.3 to 0.6; as English with 0.9."""
    words = tuple(Word(n * 500_000, n * 500_000 + 400_000, "Priceless", confidence) for n in range(6))
    heard = Written("de", 1.0, words, (), voiced_us=3_000_000)
    gaps = caption_worker._gaps(heard, take, heard=48_000)
    assert [gap.reason for gap in gaps] == reasons
