"""The company's own words are told to the model, proposed where misheard, and rules are followed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.errors import BadInputError
from editor import cutlist, glossary, tasks
from editor.library import Library
from editor.model import Edit, Resource, Term, Transcript, Word
from tests.editor.library_values import a_resource, a_take, say, words


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def unsure(text: str) -> Transcript:
    """Words half a second apart that the model is unsure of."""
    heard = [Word(n * 500_000, n * 500_000 + 400_000, each, 0.3) for n, each in enumerate(text.split())]
    return Transcript("t1", "en", "base", tuple(heard))


def sure(text: str) -> Transcript:
    return Transcript("t1", "en", "base", words(text))


def corrected(transcript: Transcript, edit: Edit) -> str:
    kept = cutlist.corrected_words(transcript.words, cutlist.take_edit(edit, transcript.take_id))
    return " ".join(word.text for word in kept)


def text_of(library: Library, resource: Resource, take_id: str) -> str:
    transcript = library.transcript(take_id)
    assert transcript is not None
    return corrected(transcript, library.resource(resource.id).edit)


def test_a_term_and_a_rule_are_read():
    assert glossary.parse_term(" Lapel ") == Term("Lapel")
    assert glossary.parse_term("scorn = SCORM") == Term("SCORM", "scorn")


@pytest.mark.parametrize("given", ["", "=", "heard=", "=write", "...", "same=same"])
def test_what_is_neither_is_refused(given: str):
    with pytest.raises(BadInputError):
        glossary.parse_term(given)


def test_the_terms_of_library_and_resource_hold_together(library: Library):
    resource = a_resource(library)
    glossary.change(library, add=[Term("SCORM")])
    glossary.change(library, resource.id, add=[Term("Odoo", "oh do")])
    assert glossary.terms_of(library, library.resource(resource.id)) == (Term("Odoo", "oh do"), Term("SCORM"))
    assert glossary.terms_of(library, a_resource(library)) == (Term("SCORM"),)


def test_a_new_rule_for_the_same_sound_replaces_the_old_one(library: Library):
    glossary.change(library, add=[Term("Odoo", "oh do")])
    assert glossary.change(library, add=[Term("ODO", "Oh do")]) == (Term("ODO", "Oh do"),)


def test_removing_what_is_not_there_is_refused(library: Library):
    glossary.change(library, add=[Term("SCORM")])
    with pytest.raises(BadInputError):
        glossary.change(library, remove=[Term("SCROM")])
    assert glossary.change(library, remove=[Term("SCORM")]) == ()


def test_the_model_is_told_as_many_terms_as_fit():
    assert glossary.hot_words([Term("SCORM"), Term("Odoo", "oh do"), Term("SCORM", "scorn")]) == "SCORM, Odoo"
    assert len(glossary.hot_words([Term(f"Company word {n}") for n in range(200)])) <= 400


def test_a_rule_is_followed_where_it_is_said_and_keeps_the_punctuation():
    said = sure("We use scorn, and “oh do”. Scorn it is.")
    edit = glossary.with_rules(Edit(), said, [Term("SCORM", "scorn"), Term("Odoo", "oh do")])
    assert corrected(said, edit) == "We use SCORM, and “Odoo”. SCORM it is."


def test_what_was_corrected_by_hand_stays():
    said = sure("We use scorn daily, scorn at night.")
    by_hand = cutlist.correct(Edit(), "t1", said.words[2:4], text="contempt daily,")
    edit = glossary.with_rules(by_hand, said, [Term("SCORM", "scorn")])
    assert corrected(said, edit) == "We use contempt daily, SCORM at night."


def test_following_the_rules_again_changes_nothing():
    said = sure("We use scorn.")
    once = glossary.with_rules(Edit(), said, [Term("SCORM", "scorn")])
    assert glossary.with_rules(once, said, [Term("SCORM", "scorn")]) == once


def test_new_captions_are_written_by_the_rules_and_undone_in_one_step(library: Library):
    resource = a_resource(library)
    glossary.change(library, add=[Term("SCORM", "scorn")])
    take = a_take(library, resource)
    tasks.keep_transcript(library, resource.id, Transcript(take.id, "en", "base", words("We use scorn.")))
    assert text_of(library, resource, take.id) == "We use SCORM."
    library.undo(resource.id)
    assert text_of(library, resource, take.id) == "We use scorn."


def test_a_correction_is_learnt_with_one_action_and_followed_in_old_captions(library: Library):
    resource = a_resource(library)
    first, second = a_take(library, resource), a_take(library, resource, prompt=2)
    say(library, first, "We use scorn.")
    say(library, second, "Scorn again.")
    glossary.learn(library, resource.id, heard="scorn.", write="SCORM.", everywhere=True)
    assert library.glossary() == (Term("SCORM", "scorn"),)
    glossary.follow_rules(library, resource.id)
    assert [text_of(library, resource, each.id) for each in (first, second)] == [
        "We use SCORM.",
        "SCORM again.",
    ]


@pytest.mark.parametrize(
    ("heard", "write", "worth"),
    [
        ("scorn", "SCORM", True),
        ("lapel,", "Lapel,", True),
        ("the hour", "the hour.", False),
        ("scorn", "—", False),
        ("and then we all go home early", "and then we all go home late", False),
    ],
)
def test_a_correction_is_offered_as_a_rule_only_where_it_is_one(heard: str, write: str, worth: bool):
    assert glossary.is_rule(heard, write) == worth


@pytest.mark.parametrize(
    ("heard", "term", "place"),
    [
        ("We record with a lapell, always.", "Lapel", "lapell,"),
        ("It goes to score um today.", "SCORM", "score um"),
        ("Ask Amara Oseye about it.", "Amara Osei", "Amara Oseye"),
        ("The vexitron is empty.", "Vexatron", "vexitron"),
    ],
)
def test_a_term_is_proposed_where_something_like_it_was_heard(heard: str, term: str, place: str):
    (found,) = glossary.misheard(unsure(heard), Edit(), [Term(term)])
    assert " ".join(word.text for word in found.words) == place
    assert found.text.startswith(term)


@pytest.mark.parametrize(
    ("heard", "term"),
    [
        ("The lap is long and the label is red.", "Lapel"),
        ("The store is open today.", "SCORM"),
        ("We use SCORM.", "SCORM"),
        ("It is at the door.", "AD"),
    ],
)
def test_other_words_are_left_alone(heard: str, term: str):
    assert glossary.misheard(sure(heard), Edit(), [Term(term)]) == ()


def test_nothing_is_proposed_where_the_producer_has_corrected():
    said = unsure("We record with a lapell.")
    edit = cutlist.correct(Edit(), "t1", said.words[4:], text="label.")
    assert glossary.misheard(said, edit, [Term("Lapel")]) == ()
