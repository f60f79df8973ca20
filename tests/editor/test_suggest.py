"""What the expert said fills in the details, as proposals that show their sentence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from capture.take import Take, TakePrompt
from editor.fillers import mark_fillers
from editor.model import (
    Brief,
    Chapter,
    Choice,
    Cut,
    Dismissed,
    Edit,
    Prompt,
    Resource,
    Suggestion,
    TakeEdit,
    Transcript,
    Word,
)
from editor.suggest import suggest, suggest_chapters

Answers = Sequence[tuple[str, str]]

# None of these is the sample interview: three other trades, as people talk.
TILL: Answers = (
    ("what", "Well, my expertise is closing the till at the end of the day so that the numbers match."),
    ("why", "If the till doesn't match, somebody stays late. Last month that happened four times."),
    ("when", "You'd do it every evening, right after the last customer leaves. Not on stocktaking days."),
    (
        "who",
        "It's mainly for shift leads and new starters on the tills. Store managers should know it too, "
        "because they sign it off. It's not for security guards.",
    ),
    ("prerequisites", "You should already know how to use the till. Um, and you'll need your own login."),
    ("kind", "I'd say it's a mix of skill and strategy. It's not really theory."),
    ("levels", "Beginners just count the drawer. Once you've got some experience you look for patterns."),
)
PUMPS: Answers = (
    (
        "what",
        "I repair hydraulic pumps without taking the whole machine apart. That saves us a day every time.",
    ),
    ("why", "Because downtime costs about four thousand pounds an hour."),
    ("when", "Use it whenever the pressure drops below sixty bar. It is my favourite."),
    ("who", "Any maintenance technician can use this. Apprentices, mechanical engineers and team leaders."),
    (
        "prerequisites",
        "None really. Well, some basic knowledge of hydraulics helps. And it helps if you have done the "
        "safety course.",
    ),
    ("kind", "It's theory mostly, you have to understand pressure."),
    ("levels", "This one is advanced. It is not for beginners."),
)
WARD: Answers = (
    ("what", "So what we do is we, um, write letters to patients that they can actually understand."),
    ("why", "Patients turn up prepared, you know, more of them."),
    ("when", "When a consultant dictates a letter. And if a patient rings up confused."),
    (
        "who",
        "If you're a ward clerk or a medical secretary, this is for you. Also people who answer the phones.",
    ),
    ("prerequisites", "Nothing. Just bring a letter."),
    ("kind", "It's a skill, not a theory."),
    ("levels", "You start with one paragraph. Then you do a page."),
)


def words_of(text: str) -> tuple[Word, ...]:
    words = []
    at = 500_000
    for each in text.split():
        words.append(Word(at, at + 250_000, each, 0.9))
        at += 300_000 + (500_000 if each[-1] in ".?!" else 0)
    return mark_fillers(words, "en")


def interview(
    answers: Answers, language: str = "en"
) -> tuple[Resource, tuple[Take, ...], tuple[Transcript, ...]]:
    """A resource with one take and transcript for each answer."""
    prompts, takes, transcripts = [], [], []
    for n, (key, text) in enumerate(answers):
        words = words_of(text)
        prompts.append(Prompt(f"p{n}", key, key, key))  # type: ignore[arg-type]
        takes.append(
            Take(
                id=f"t{n}",
                resource_id="r",
                resource_title="T",
                prompt=TakePrompt(f"p{n}", key, key, key),
                number=1,
                state="safe",
                recorded_at="2026-01-01T10:00:00+00:00",
                duration_us=max(words[-1].end_us + 500_000, 4_000_000),
            )
        )
        transcripts.append(Transcript(f"t{n}", language, "base", words))
    return Resource("r", "T", brief=Brief(prompts=tuple(prompts))), tuple(takes), tuple(transcripts)


def values(found: Sequence[Suggestion], field: str) -> list[str]:
    return [each.value for each in found if each.field == field]


@pytest.mark.parametrize(
    ("answers", "field", "expected"),
    [
        (TILL, "title", ["Closing the till at the end of the day"]),
        (PUMPS, "title", ["Repair hydraulic pumps without taking the whole machine apart"]),
        (WARD, "title", ["Write letters to patients that they can actually understand"]),
        (PUMPS, "summary", [
            "Repair hydraulic pumps without taking the whole machine apart.",
            "Downtime costs about four thousand pounds an hour.",
        ]),
        (TILL, "roles", ["Shift lead", "New starter", "Store manager"]),
        (PUMPS, "roles", ["Maintenance technician", "Apprentice", "Mechanical engineer", "Team leader"]),
        (WARD, "roles", ["Ward clerk", "Medical secretary", "People who answer the phones"]),
        (TILL, "prerequisites", ["Know how to use the till", "Your own login"]),
        (PUMPS, "prerequisites", ["Some basic knowledge of hydraulics", "Have done the safety course"]),
        (WARD, "prerequisites", []),
        (TILL, "when_to_use", ["You'd do it every evening, right after the last customer leaves"]),
        (PUMPS, "when_to_use", ["Whenever the pressure drops below sixty bar"]),
        (WARD, "when_to_use", ["When a consultant dictates a letter", "If a patient rings up confused"]),
        (TILL, "kind", ["skill", "strategy"]),
        (PUMPS, "kind", ["theory"]),
        (WARD, "kind", ["skill"]),
        (TILL, "level", ["beginner"]),
        (PUMPS, "level", ["advanced"]),
        (WARD, "level", []),
    ],
)  # fmt: skip
def test_each_prompt_feeds_its_detail(answers: Answers, field: str, expected: list[str]):
    assert values(suggest(*interview(answers)), field) == expected


@pytest.mark.parametrize("answers", [TILL, PUMPS, WARD])
def test_every_suggestion_shows_where_it_was_said(answers: Answers):
    resource, takes, transcripts = interview(answers)
    found = suggest(resource, takes, transcripts)
    assert found
    said = {each.take_id: each for each in transcripts}
    for each in found:
        text = " ".join(word.text for word in said[each.take_id].words)
        assert each.sentence in text
        assert any(word.start_us == each.start_us for word in said[each.take_id].words)


def test_keywords_name_things_not_everyday_words():
    keywords = values(suggest(*interview(TILL)), "keywords")
    assert "till" in keywords
    assert not {"day", "month", "times", "end", "customer", "um"}.intersection(keywords)
    assert len(keywords) <= 8
    assert len(set(keywords)) == len(keywords)


def test_the_level_the_brief_wants_comes_first_if_it_is_spoken_of():
    answers = [("levels", "A beginner does one. Intermediate means two. And advanced is coaching others.")]
    resource, takes, transcripts = interview(answers)
    assert values(suggest(resource, takes, transcripts), "level") == ["beginner"]
    wanted = replace(resource, brief=replace(resource.brief, gap_level="advanced"))
    assert values(suggest(wanted, takes, transcripts), "level") == ["advanced"]


def test_struck_words_say_nothing():
    resource, takes, transcripts = interview([("kind", "It is a strategy. It is a skill.")])
    end_us = transcripts[0].words[3].end_us
    edit = Edit(takes=(TakeEdit("t0", cuts=(Cut(0, end_us, "hand"),)),))
    assert values(suggest(replace(resource, edit=edit), takes, transcripts), "kind") == ["skill"]


def test_only_the_chosen_take_speaks():
    resource, takes, transcripts = interview(
        [("kind", "It is a strategy, nothing else."), ("why", "Because.")]
    )
    other = replace(takes[0], id="t9", number=2)
    said = Transcript("t9", "en", "base", words_of("It is a theory, nothing else."))
    starred = replace(resource, edit=Edit(choices=(Choice("p0", "t9"),)))
    assert values(suggest(starred, (*takes, other), (*transcripts, said)), "kind") == ["theory"]


def test_what_was_said_twice_is_meant_once():
    found = suggest(*interview([("when", "Not, not for existing customers.")]))
    assert values(found, "when_to_use") == ["Not for existing customers"]
    assert found[0].sentence == "Not, not for existing customers."


def test_another_language_gets_keywords_only():
    text = (
        "Der Kassensturz am Abend ist wichtig. Ohne Kassensturz stimmt die Abrechnung nicht, und ohne "
        "Abrechnung bleibt jemand länger. Der Filialleiter prüft die Abrechnung."
    )
    found = suggest(*interview([("what", text), ("who", "Für Filialleiter und Kassierer.")], "de"))
    assert {each.field for each in found} == {"keywords"}
    assert "Abrechnung" in values(found, "keywords")


def test_what_was_dismissed_is_not_suggested_again():
    resource, takes, transcripts = interview(TILL)
    said = (*suggest(resource, takes, transcripts), *suggest_chapters(resource, takes, transcripts))
    gone = [next(each for each in said if each.field == field) for field in ("roles", "keywords", "chapter")]
    dismissed = tuple(Dismissed(each.field, each.value) for each in gone)
    resource = replace(resource, edit=replace(resource.edit, dismissed=dismissed))
    left = (*suggest(resource, takes, transcripts), *suggest_chapters(resource, takes, transcripts))
    assert set(said) - set(left) == set(gone)


def test_nothing_said_suggests_nothing():
    resource, takes, transcripts = interview([("what", "Hm.")])
    assert suggest(resource, takes, transcripts) == ()
    assert suggest(resource, takes, ()) == ()


def test_hostile_words_do_no_harm():
    text = "My expertise is <script>alert(1)</script> and ((((( [[[ \\1 $& %s {0}. " * 3
    found = suggest(*interview([(key, text) for key, _ in TILL]))
    assert all(each.value for each in found)


def test_a_very_long_answer_takes_no_time():
    text = "you need to a a a a a a a, " * 400 + "end."
    assert isinstance(suggest(*interview([(key, text) for key, _ in TILL])), tuple)


class TestChapterTitles:
    def test_each_answer_proposes_one_with_its_sentence(self):
        resource, takes, transcripts = interview(TILL)
        found = suggest_chapters(resource, takes, transcripts)
        assert found[0].value == "Closing the till at the end of the day"
        for each in found:
            assert each.field == "chapter"
            assert each.prompt_id in {take.prompt.id for take in takes}
            said = next(text for take, (_, text) in zip(takes, TILL, strict=True) if take.id == each.take_id)
            assert each.sentence in said

    def test_a_title_of_ones_own_stays(self):
        resource, takes, transcripts = interview(TILL)
        own = Chapter(takes[0].prompt.id, "Cashing up")
        named = replace(resource, edit=replace(resource.edit, chapters=(own,)))
        found = suggest_chapters(named, takes, transcripts)
        assert takes[0].prompt.id not in {each.prompt_id for each in found}

    def test_tags_are_taken_over_without_them(self):
        assert "chapter" not in {each.field for each in suggest(*interview(TILL))}
