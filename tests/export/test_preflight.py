"""What stands between a resource and publishing, in words with a fix."""

from dataclasses import replace
from fractions import Fraction

import pytest

from capture.take import Take, TakePrompt
from editor import chapters, cutlist
from editor.approval import fingerprint
from editor.loudness import Loudness
from editor.model import (
    Brief,
    Consent,
    Cue,
    Expert,
    Flag,
    Prompt,
    Rendition,
    Resource,
    Tags,
    Transcript,
)
from editor.result import Result
from export import preflight

S = 1_000_000
RATE = Fraction(25)
PROMPT = Prompt(id="p1", key="what", text="What do you do?", title="What it is")
GOOD = Resource(
    id="r1",
    title="Turn a web enquiry into a booked call",
    summary="How Leeds rings back.",
    brief=Brief(
        expert=Expert("Amara Osei", "Sales Lead"),
        prompts=(PROMPT,),
        consent=Consent(given=True, shown_to="all"),
    ),
    tags=Tags(level="beginner", roles=("Adviser",), language="en"),
)
TAKE = Take(
    id="t1",
    resource_id="r1",
    resource_title="",
    prompt=TakePrompt("p1", "what", "What do you do?", "What it is"),
    number=1,
    state="safe",
    recorded_at="2025-11-23T10:00:00+00:00",
    duration_us=60 * S,
    has_picture=True,
)
CUES = (Cue(0, 3 * S, ("If we rang inside the hour,", "one in three booked.")),)


def result(resource=GOOD, takes=(TAKE,), cues=CUES, transcripts=(), approved=True):
    cut_list = cutlist.cut_list(resource, takes, rate=RATE)
    made = Result(
        resource, tuple(takes), transcripts, cut_list, cues, chapters.chapter_marks(resource, cut_list)
    )
    return approve(made) if approved else made


def approve(made):
    consent = replace(made.resource.brief.consent, approved_content=fingerprint(made))
    return replace(made, resource=replace(made.resource, brief=replace(made.resource.brief, consent=consent)))


def keys(found, level):
    return {each.key for each in found if each.level == level}


def test_a_good_resource_has_nothing_to_mend():
    found = preflight.check(result())
    assert keys(found, "error") == set()
    assert keys(found, "warning") == set()
    assert keys(found, "ok") == {"video", "captions", "consent", "approved"}


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (result(takes=()), "no_takes"),
        (result(takes=(replace(TAKE, state="recording"),)), "no_takes"),
        (result(takes=(replace(TAKE, duration_us=0),)), "nothing_left"),
        (result(resource=replace(GOOD, title=" ")), "no_title"),
    ],
)
def test_errors_stop_an_export(given, key):
    assert key in keys(preflight.check(given), "error")
    assert preflight.errors(preflight.check(given))


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (result(takes=(replace(TAKE, duration_us=60 * 60 * S),)), "large"),
        (result(cues=()), "no_captions"),
        (result(cues=(Cue(0, S, ("x" * 60,)),)), "caption_rules"),
        (result(transcripts=(Transcript("t1", "en", "base", (), (Flag("t1", 0, S, "missing"),)),)), "flags"),
        (result(resource=replace(GOOD, title="x" * 71)), "long_title"),
        (result(resource=replace(GOOD, summary="")), "no_summary"),
        (result(resource=replace(GOOD, summary="x" * 1001)), "long_summary"),
        (result(approved=False), "not_approved"),
        (replace(result(), cues=(Cue(0, 3 * S, ("Said otherwise.",)),)), "approval_outdated"),
        (result(resource=replace(GOOD, tags=Tags(roles=("Adviser",), language="en"))), "no_level"),
        (result(resource=replace(GOOD, tags=Tags(level="beginner", language="en"))), "no_role"),
        (result(resource=replace(GOOD, tags=Tags(level="beginner", roles=("Adviser",)))), "no_language"),
        (result(resource=replace(GOOD, brief=replace(GOOD.brief, expert=Expert()))), "no_expert"),
        (result(resource=replace(GOOD, brief=replace(GOOD.brief, consent=Consent()))), "no_consent"),
        (
            result(
                resource=replace(GOOD, brief=replace(GOOD.brief, prompts=(PROMPT, replace(PROMPT, id="p2"))))
            ),
            "unanswered",
        ),
    ],
)
def test_warnings_do_not(given, key):
    found = preflight.check(given)
    assert keys(found, "warning") == {key}
    assert preflight.errors(found) == ()


@pytest.mark.parametrize(
    ("minutes", "rendition", "megabytes"),
    [
        (30, Rendition(), 0),
        (30, Rendition(1080), 450),
        (40, Rendition(), 320),
        (40, Rendition(most_bytes=300_000_000), 300),
        (40, Rendition(1080, 250_000_000), 0),
    ],
)
def test_the_size_is_that_of_the_rendition_that_was_chosen(minutes, rendition, megabytes):
    long = result(takes=(replace(TAKE, duration_us=minutes * 60 * S),))
    found = [each for each in preflight.check(long, rendition=rendition) if each.key == "large"]
    assert [each.params["megabytes"] for each in found] == ([megabytes] if megabytes else [])


def test_sound_alone_is_fine():
    found = preflight.check(result(takes=(replace(TAKE, has_picture=False),)))
    assert "sound_only" in keys(found, "ok")


def test_errors_come_first_and_every_check_has_words():
    worst = replace(GOOD, title="", summary="", tags=Tags(), brief=Brief(prompts=(PROMPT,)))
    found = preflight.check(result(resource=worst, cues=()))
    levels = [each.level for each in found]
    assert levels == sorted(levels, key=["error", "warning", "ok"].index)
    for each in found:
        assert "{" not in preflight.words(each)
        assert (preflight.fix(each) == "") == (each.level == "ok")


@pytest.mark.parametrize(
    ("key", "place", "field"),
    [
        ("no_title", "details", "title"),
        ("no_summary", "details", "summary"),
        ("no_level", "details", "level"),
        ("no_role", "details", "roles"),
        ("no_expert", "brief", "expert"),
        ("no_consent", "brief", "consent"),
        ("no_captions", "captions", ""),
        ("not_approved", "publish", "approval"),
    ],
)
def test_every_finding_says_on_which_screen_and_field_it_is_mended(key, place, field):
    worst = replace(GOOD, title="", summary="", tags=Tags(), brief=Brief(prompts=(PROMPT,)))
    found = preflight.check(result(resource=worst, cues=(), approved=False))
    assert [(each.place, each.field) for each in found if each.key == key] == [(place, field)]


@pytest.mark.parametrize(
    ("lufs", "level"), [(-16.0, "ok"), (-17.4, "ok"), (-19.0, "warning"), (-12.0, "warning")]
)
def test_the_finished_sound_is_as_loud_as_every_other(lufs, level):
    assert preflight.check_sound(Loudness(lufs, 4.0, -2.0)).level == level
