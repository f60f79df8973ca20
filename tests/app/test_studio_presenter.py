"""What Studio decides without a widget: order of prompts, the room, how the phone is doing."""

import pytest

from app.screens.studio_presenter import (
    choices_of,
    phone_look,
    phone_name,
    read_studio,
    room_noise,
    tab_shown,
)
from capture.device_check import CheckedDevice
from capture.phone_words import PhoneState
from capture.work import Work
from editor import resources
from editor.library import Library

WELL = PhoneState(
    camera="ready",
    recorded_bytes=1000,
    unsent_bytes=60,
    unsent_parts=1,
    battery_percent=78,
    free_bytes=41_000_000_000,
    width_px=1920,
    height_px=1080,
)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", write=True) as library:
        yield library


def test_one_tab_is_asked_after_the_other(library):
    made = resources.new_resource(
        library, title="Feedback", gap="Managers struggle", questions=["What do I say first?", "How soon?"]
    )
    state = read_studio(library, made.id, work=Work())
    tabs = [row.tab for row in state.rows]
    assert tabs == sorted(tabs, key=("expert", "questions").index)
    assert state.rows[-1].prompt.text == "How soon?"
    assert tab_shown(state, "questions") == "questions"


def test_a_picker_offers_what_is_plugged_in_and_names_what_was_pulled_out():
    plugged = [CheckedDevice("camera", "c1", "Webcam"), CheckedDevice("mic", "m1", "Desk mic")]
    assert choices_of(plugged, "mic", "m1") == {"m1": "Desk mic", "none": "No microphone"}
    gone = choices_of(plugged, "mic", "m2", names={"m2": "Lapel mic (USB)"})
    assert gone["m2"] == "Lapel mic (USB), not plugged in"
    assert choices_of(plugged, "camera", "file:/a/b.mp4")["file:/a/b.mp4"] == "b.mp4"


def test_a_guide_of_one_kind_has_one_tab(library):
    state = read_studio(library, resources.new_resource(library, title="Ring back").id, work=Work())
    assert state.tabs == ("expert",)
    assert tab_shown(state, "questions") == "expert"
    assert 10 <= state.rows[0].about_s <= 120


@pytest.mark.parametrize(
    ("levels_db", "words", "tint"),
    [
        ([-60.0] * 99, "Listening how quiet the room is", "muted"),
        ([-60.0] * 100, "Quiet room, noise −60 dB", "ok"),
        ([-46.0] * 20 + [-18.0] * 80, "Room noise −46 dB: a fan, a window?", "warn"),
        ([-57.0] * 20 + [-18.0] * 80, "Quiet room, noise −57 dB", "ok"),
    ],
)
def test_the_pauses_tell_how_quiet_the_room_is(levels_db, words, tint):
    assert room_noise(levels_db) == (words, tint)


def test_a_phone_that_is_here_tells_battery_space_and_what_was_sent():
    look = phone_look(WELL, paired=True, present=True, awaited=False)
    assert (look.link, look.tint, look.battery, look.space, look.sent) == (
        "Phone connected",
        "ok",
        "78 %",
        "41 GB",
        "94 %",
    )
    assert look.tints == {}
    assert phone_name(WELL) == "Phone, 1920 × 1080"


@pytest.mark.parametrize(
    ("state", "paired", "present", "link", "rest"),
    [
        (None, False, False, "No phone yet", False),
        (None, True, False, "Waiting for the phone", False),
        (WELL, True, False, "Link to the phone lost", True),
    ],
)
def test_a_phone_that_is_not_here(state, paired, present, link, rest):
    look = phone_look(state, paired=paired, present=present, awaited=rest)
    assert (look.link, look.may_go_without) == (link, rest)


def test_a_phone_that_is_nearly_empty_and_nearly_full_says_so():
    low = PhoneState(camera="ready", battery_percent=9, free_bytes=900_000_000)
    look = phone_look(low, paired=True, present=True, awaited=False)
    assert look.tints == {"battery": "warn", "space": "warn"}
    assert look.sent_share == 1.0


def test_what_a_browser_does_not_tell_is_said_to_be_unknown():
    look = phone_look(PhoneState(camera="ready"), paired=True, present=True, awaited=False)
    assert (look.battery, look.space) == ("not told", "not told")
