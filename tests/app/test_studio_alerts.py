"""Every event that the recorder can tell has plain words in Studio, a place, and an end."""

import re
from dataclasses import replace

import pytest

import assets
from app.screens.studio_alerts import ENDS, after, at_begin, is_red, trouble_of, without, words_of
from app.screens.studio_parts.alerts import AlertStack
from capture.take import Marker, Take, TakePrompt
from tests.conftest import REPO

KEYS = [f"{group}.{key}" for group, keys in assets.strings()["events"].items() for key in keys]
TAKE = Take(
    "t1", "r1", "Title", TakePrompt("p1", "why", "Why?", "Why"), 1, "safe", "2026-11-23T10:00:00+01:00"
)


def told_by_the_recorder() -> set[str]:
    sources = " ".join(path.read_text() for path in (REPO / "capture").glob("*.py"))
    groups = "|".join(assets.strings()["events"])
    return set(re.findall(rf'"((?:{groups})\.[a-z_]+)"', sources)) & {*KEYS}


def test_the_recorder_tells_nothing_that_has_no_words():
    assert {"mic.stalled", "disk.very_low", "battery.low", "camera.frozen"} <= told_by_the_recorder()


@pytest.mark.parametrize("key", KEYS)
def test_an_event_is_a_line_on_the_picture_or_the_end_of_one(qtbot, key):
    stack = AlertStack()
    qtbot.addWidget(stack)
    shown = after((), key)
    stack.show_alerts(shown)
    lines = [line.text.text() for line in stack.lines]
    assert lines == ([] if key in ENDS else [words_of(key)])
    assert words_of(key)[0].isupper()
    assert words_of(key).endswith(".")


@pytest.mark.parametrize(("good", "bad"), [(good, bad) for good, ended in ENDS.items() for bad in ended])
def test_good_news_ends_what_it_is_about_and_nothing_else(good, bad):
    assert after(("camera.broken", bad), good) == ("camera.broken",)


def test_one_warning_does_not_hide_another():
    shown: tuple[str, ...] = ()
    for key in ("battery.low", "mic.stalled", "disk.low", "battery.very_low"):
        shown = after(shown, key)
    assert shown == ("mic.stalled", "disk.low", "battery.very_low")
    assert after(shown, "mic.stalled") == ("disk.low", "battery.very_low", "mic.stalled")


def test_the_next_take_keeps_what_is_still_so():
    assert at_begin(("mic.dropped", "mic.silent", "battery.low", "camera.broken")) == (
        "mic.silent",
        "battery.low",
    )
    assert without(("mic.silent", "battery.low"), "mic") == ("battery.low",)


def test_what_is_not_recorded_is_red_and_comes_first(qtbot):
    stack = AlertStack()
    qtbot.addWidget(stack)
    stack.show_alerts(("battery.low", "mic.lost"))
    assert [line.key for line in stack.lines] == ["mic.lost", "battery.low"]
    assert is_red("mic.lost")
    assert not is_red("phone.away")


def test_a_take_says_what_is_wrong_with_it():
    told = (Marker(0, "mic.clipping"), Marker(0, "mic.back"), Marker(9, "mic.short"))
    assert trouble_of(replace(TAKE, events=told)) == "", "it is safe: a peak that clipped is no fault of it"
    damaged = replace(TAKE, state="damaged", events=told)
    assert trouble_of(damaged).startswith(words_of("mic.clipping"))
    assert words_of("mic.short") in trouble_of(damaged)
    assert trouble_of(replace(TAKE, events=(Marker(9, "copy.gone"),))) == words_of("copy.gone")
