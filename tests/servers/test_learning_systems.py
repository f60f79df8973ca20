"""Every package in real learning systems: launches, completes once at the right second, resumes, is heard."""

import pytest

from export import registry
from tests.servers.systems import until

pytestmark = pytest.mark.drill

PLACES = [
    ("scorm12", "scorm-again"),
    ("scorm12", "scormhost"),
    ("scorm2004", "scorm-again"),
    ("scorm2004", "scormhost"),
    ("cmi5", "preview"),
    ("cmi5", "ralph"),
    ("xapi", "preview"),
    ("xapi", "ralph"),
    ("web", "browser"),
]
PLACES = [place for place in PLACES if place[0] in registry.BUILT]
everywhere = pytest.mark.parametrize(("target", "place"), PLACES)


def play(frame, *, at_s=None):
    frame.wait_for_function("() => document.querySelector('video').readyState >= 1")
    frame.evaluate(
        "(at) => { const v = document.querySelector('video'); v.muted = true;"
        " if (at !== null) v.currentTime = at; return v.play() }",
        at_s,
    )


def pause(frame):
    frame.evaluate("() => document.querySelector('video').pause()")


def now_s(frame):
    return frame.evaluate("() => document.querySelector('video').currentTime")


@everywhere
def test_it_launches_and_is_not_complete(open_in, cell, target, place):
    system = open_in(place, target)
    cell(target, "launches", system.name)
    frame = system.launch()
    until(frame.page, lambda: system.status() in ("incomplete", "unknown"))
    if place != "browser":
        system.leave()
    assert system.completed_at_s() == []


@everywhere
def test_it_completes_once_at_the_right_second(open_in, cell, target, place):
    system = open_in(place, target, completion_percent=25)
    cell(target, "completes once at the right second", system.name)
    frame = system.launch()
    play(frame)
    frame.wait_for_function("() => document.querySelector('video').currentTime > 6.5", timeout=60_000)
    pause(frame)
    until(frame.page, lambda: system.status() == "completed")
    play(frame)
    frame.wait_for_function("() => document.querySelector('video').currentTime > 8", timeout=60_000)
    if place != "browser":  # where nobody but the page itself knows
        system.leave()
    found = system.completed_at_s()
    assert len(found) == 1
    assert found[0] == pytest.approx(4, abs=0.6)


@everywhere
def test_it_resumes_where_it_was_left(open_in, cell, target, place):
    system = open_in(place, target)
    cell(target, "resumes", system.name)
    frame = system.launch()
    play(frame, at_s=4)
    frame.wait_for_function("() => document.querySelector('video').currentTime > 6", timeout=60_000)
    pause(frame)
    frame.click("#yes")
    left_s, watched = now_s(frame), frame.inner_text("#watched")
    frame.page.wait_for_timeout(800)
    system.leave()
    frame = system.launch()
    frame.wait_for_function("() => document.querySelector('video').currentTime > 4", timeout=20_000)
    assert now_s(frame) == pytest.approx(left_s, abs=0.3)
    assert frame.inner_text("#watched") == watched
    assert frame.get_attribute("#yes", "aria-pressed") == "true"


@everywhere
def test_what_a_learner_says_arrives(open_in, cell, target, place):
    system = open_in(place, target)
    cell(target, "feedback arrives", system.name)
    frame = system.launch()
    play(frame, at_s=6)
    pause(frame)
    frame.click("#not-yet")
    frame.click("#comment")
    frame.fill("#comment-text", "Which number do we ring?")
    frame.click("#comment-form >> text=Send")
    until(frame.page, lambda: "Which number do we ring?" in system.said())
