"""People find what was said by typing the start of a word, and come to the second where it is said."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from editor.library import Filter, Library
from editor.model import Word
from editor.resources import tag
from editor.search import match_words, snippet
from editor.sentences import sentences
from tests.editor.library_values import a_resource, a_take, say, words


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with Library.open(tmp_path_factory.mktemp("library"), write=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def floor(library):
    """Two takes; the second says the price twice."""
    made = a_resource(library, title="Set a floor before you negotiate")
    tag(library, made.id, level="beginner", roles=["Key account manager"], keywords=["margin"])
    say(
        library,
        a_take(library, made, prompt=1),
        "I never talk first. You write the floor down before you go.",
    )
    say(
        library,
        a_take(library, made, prompt=2),
        "Say nothing. Your price floor is the number you leave the room at. Prices rise; the café does not.",
    )
    return library.resource(made.id)


@pytest.fixture(scope="module")
def cheaper(library):
    made = a_resource(library, title="Answer “I found it cheaper online”")
    tag(library, made.id, level="advanced")
    say(library, a_take(library, made), "I never defend the price first. I ask which one they found.")
    return library.resource(made.id)


def test_typing_finds_the_sentence_its_time_and_how_many_places_say_it(library, floor, cheaper):
    hits = {hit.resource_id: hit for hit in library.search("pric")}
    assert set(hits) == {floor.id, cheaper.id}
    hit = hits[floor.id]
    second = library.takes(floor.id)[1]
    assert hit.places == 2
    assert (hit.take_id, hit.start_us) == (second.id, 1_000_000)
    assert hit.snippet == "Your price floor is the number you leave the room at."
    place = hit.found[0]
    assert [place.text[a:b] for a, b in place.marks] == ["price"]
    assert hit.title == floor.title
    assert hit.expert == "Henrik Dahl, Key Account Manager"


def test_the_whole_word_beats_a_longer_one(library, floor):
    assert library.search("prices")[0].snippet.startswith("Prices rise")


def test_all_words_must_be_said_but_not_in_one_sentence(library, floor, cheaper):
    assert [hit.resource_id for hit in library.search("price room")] == [floor.id]
    (hit,) = library.search("number nothing")  # two sentences of one answer
    assert hit.places == 2
    assert library.search("price zebra") == ()


def test_title_expert_and_tags_are_found_without_a_place(library, floor, cheaper):
    by_title = library.search("cheaper")
    assert [(hit.resource_id, hit.take_id, hit.places) for hit in by_title] == [(cheaper.id, "", 0)]
    assert [hit.resource_id for hit in library.search("margin")] == [floor.id]
    assert {hit.resource_id for hit in library.search("henrik")} == {floor.id, cheaper.id}
    assert [hit.resource_id for hit in library.search("advanced")] == [cheaper.id]


def test_a_match_in_the_title_comes_first(library, floor, cheaper):
    say_it_often = a_resource(library, title="Something else")
    say(library, a_take(library, say_it_often), "Negotiate. We negotiate. They negotiate all day.")
    try:
        assert [hit.resource_id for hit in library.search("negotiate")] == [floor.id, say_it_often.id]
    finally:
        library.erase(say_it_often.id)


def test_accents_and_capitals_do_not_matter(library, floor):
    for typed in ("CAFE", "café", "cafe\u0301"):
        assert [hit.resource_id for hit in library.search(typed)] == [floor.id]


def test_filters_narrow_a_search_and_its_counts(library, floor, cheaper):
    wanted = Filter(levels=("beginner",))
    assert [hit.resource_id for hit in library.search("price", wanted=wanted)] == [floor.id]
    assert library.counts(replace(wanted, words="price"))["level"] == {"beginner": 1, "advanced": 1}
    assert library.count(Filter(words="price")) == 2


def test_a_take_in_the_bin_is_not_found(library):
    made = a_resource(library, title="Binned")
    take = a_take(library, made)
    say(library, take, "Rhubarb is said here.")
    library.bin_take(made.id, take.id)
    assert library.search("rhubarb") == ()
    library.restore_take(made.id, take.id)
    assert len(library.search("rhubarb")) == 1


def test_new_words_of_a_take_replace_the_old(library):
    made = a_resource(library, title="Again")
    take = a_take(library, made)
    say(library, take, "Quince was heard.")
    say(library, take, "Prince was said.")
    assert library.search("quince") == ()
    assert library.search("prince")[0].places == 1


HOSTILE = [
    '"', "''", "a OR b", "NEAR(a b)", "*", "title:x", "-x", "(", "^a", "\0", "🎤", "a\0b", "\ud800",
    "{a} : b", "a" * 100_000, "x " * 10_000, "%_", "; DROP TABLE takes", "\u202e", "   ",
]  # fmt: skip


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("price")
def test_nothing_that_is_typed_ever_fails(library, floor, typed):
    for hit in library.search(typed):
        assert library.resource(hit.resource_id)
    library.count(Filter(words=typed))


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_only_words(library, floor, typed):
    library.search(typed)
    library.counts(Filter(words=typed))


def test_what_is_typed_becomes_phrases_that_cost_no_more_than_they_must():
    assert match_words('say "hi" to') == ('"say"*', '"""hi"""*', '"to"*')
    assert match_words("a an AND and") == ('"and"*',)
    assert match_words("🎤 * !") == ()
    assert len(match_words(" ".join(map(str, range(100, 200))))) == 12


def test_a_long_sentence_is_shown_around_the_found_word(library):
    made = a_resource(library, title="Long")
    said = " ".join(["filler"] * 20 + ["marzipan"] + ["stuffing"] * 17)
    say(library, a_take(library, made), said)
    shown = snippet(library.search("marzipan")[0].found[0])
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "marzipan" in shown
    assert len(shown) < 180


# Sentences -------------------------------------------------------------------------------------------


def texts(spoken: tuple[Word, ...]) -> list[str]:
    return [each.text for each in sentences("t", spoken)]


def test_sentences_end_at_marks_and_long_pauses_but_not_inside_an_abbreviation():
    assert texts(words('He said "go!" Then, e.g. this. And')) == ['He said "go!"', "Then, e.g. this.", "And"]
    pause = (*words("One two"), *words("three", start_us=9_000_000))
    assert texts(pause) == ["One two", "three"]
    assert texts(()) == []


def test_words_without_any_punctuation_do_not_make_one_sentence():
    assert [len(text.split()) for text in texts(words("word " * 100))] == [40, 40, 20]


@given(st.lists(st.text(alphabet="ab .?!\n", min_size=1, max_size=5), max_size=60))
def test_every_word_is_in_exactly_one_sentence_and_times_rise(spoken):
    given_words = tuple(Word(n * 10, n * 10 + 9, text, 1.0) for n, text in enumerate(spoken))
    found = sentences("t", given_words)
    assert "".join("".join(each.text.split()) for each in found) == "".join(
        "".join(t.split()) for t in spoken
    )
    assert [each.start_us for each in found] == sorted({each.start_us for each in found})
    assert all(each.start_us < each.end_us for each in found)
