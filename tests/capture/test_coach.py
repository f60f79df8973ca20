"""The picture coach: right about one person in many pictures, steady, and of use without its face model."""

import itertools

import numpy as np
import pytest

import assets
from capture.coach import CHECKS, LOOK_EVERY_US, STEADY_US, Coach, open_coach
from capture.face_model import find_face_model
from capture.faces import FaceFinder
from tests.capture.pictures import (
    PORTRAIT,
    before_a_window,
    blurred,
    fitted,
    lit,
    lit_from,
    noisy,
    read,
    seated,
    turned,
)
from tests.conftest import SHARED

US = 1_000_000


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    model = find_face_model()
    if model is None:
        pytest.skip("the face model is not here: lapel models get face")
    return FaceFinder(model)


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    """A photographed face."""
    path = SHARED / "media" / "pictures" / "astronaut.png"
    if not path.exists():
        pytest.skip("../shared/media/pictures is not here")
    return read(path)


def told(coach: Coach, frame: np.ndarray, *, from_us: int = 0, for_us: int = 3 * US) -> dict[str, str]:
    for at_us in range(from_us, from_us + for_us, LOOK_EVERY_US):
        coach.look(frame, at_us=at_us)
    return {each.check: each.key for each in coach.advice}


def face(finder: FaceFinder, frame: np.ndarray) -> str:
    return told(Coach(finder), frame).get("face", "")


GOOD = {"face": "face.good", "light": "light.good", "focus": "focus.good"}


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame,
        lambda frame: frame[:, ::-1].copy(),
        lambda frame: noisy(frame, 12),
        lambda frame: lit(frame, 0.6),
        lambda frame: blurred(frame, 0.8),
        lambda frame: turned(frame, 12),
        lambda frame: turned(frame, -12),
        *(lambda frame, side=side: lit_from(frame, side) for side in (0, 90, 180, 270)),
    ],
)
def test_a_good_picture_is_good_in_any_ordinary_light(finder, person, change):
    assert told(Coach(finder), change(seated(person))) == GOOD


def test_a_drawn_face_with_dark_skin_before_a_light_wall_is_neither_dark_nor_backlit(finder):
    assert told(Coach(finder), fitted(read(PORTRAIT))) == GOOD


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ({"scale": 1.4, "x": 10, "y": -30}, "face.good"),
        ({"scale": 0.5, "x": 210, "y": 80}, "face.good"),
        ({"scale": 0.35, "x": 240, "y": 90}, "face.far"),
        ({"scale": 0.22, "x": 280, "y": 90}, "face.far"),
        ({"scale": 2.4, "x": -210, "y": -130}, "face.close"),
        ({"x": -170}, "face.cut"),
        ({"x": -60}, "face.side"),
        ({"x": 310}, "face.side"),
        ({"y": -35}, "face.high"),
        ({"y": 120}, "face.low"),
        ({"x": -40, "y": 100, "size": (640, 360)}, "face.good"),  # a phone held upright
    ],
)
def test_how_somebody_sits_in_the_picture(finder, person, where, key):
    assert face(finder, seated(person, **where)) == key


def test_two_people_are_told_from_one_and_a_picture_on_the_wall(finder, person):
    one = seated(person, scale=0.6, x=10, wall=0)
    other = seated(person[:, ::-1], scale=0.6, x=320, wall=0)
    assert face(finder, np.maximum(one, other)) == "face.several"
    small = seated(person, scale=0.35, x=440, y=200, wall=0)
    assert face(finder, np.where(small.any(axis=2, keepdims=True), small, seated(person))) == "face.good"


def test_no_face_is_made_out_of_what_is_none(finder, person):
    rng = np.random.default_rng(5)
    none = {
        "wall": np.full((360, 640, 3), 128, np.uint8),
        "noise": rng.integers(0, 255, (360, 640, 3), dtype=np.uint8),
        "black": np.zeros((360, 640, 3), np.uint8),
        "suit": fitted(person[250:]),
        "stripes": np.tile(np.uint8([[[0], [255]]]).repeat(8, axis=1), (360, 40, 3)),
    }
    assert {name: face(finder, frame) for name, frame in none.items()} == dict.fromkeys(none, "face.none")


@pytest.mark.parametrize("by", [0.3, 0.15, 0.07])
def test_too_dark(finder, person, by):
    assert told(Coach(finder), lit(seated(person), by))["light"] == "light.dark"


@pytest.mark.parametrize(("by", "window"), [(0.15, 250), (0.3, 245), (0.45, 235)])
def test_lit_from_behind(finder, person, by, window):
    assert told(Coach(finder), before_a_window(person, by=by, window=window))["light"] == "light.backlit"


def test_a_light_wall_behind_a_lit_face_is_no_backlight(finder, person):
    assert told(Coach(finder), before_a_window(person, by=1.0, window=245))["light"] == "light.good"


@pytest.mark.parametrize("by", [1.6, 2.5])
def test_burnt_out(finder, person, by):
    assert told(Coach(finder), lit(seated(person), by))["light"] == "light.burnt"


@pytest.mark.parametrize("scale", [0.6, 0.9, 1.4])
@pytest.mark.parametrize("noise", [0, 8])
@pytest.mark.parametrize("by", [1.0, 0.5])
def test_blurred_whatever_the_light_the_noise_and_the_size(finder, person, scale, noise, by):
    where = {"scale": scale, "x": round(320 - 220 * scale), "y": round(130 - 110 * scale)}
    sharp = seated(person, **where)
    assert told(Coach(finder), lit(noisy(sharp, noise), by))["focus"] == "focus.good"
    assert told(Coach(finder), lit(noisy(blurred(sharp, 3.5), noise), by))["focus"] == "focus.blurred"


def test_without_the_model_the_coach_says_nothing_of_faces_and_is_right_about_the_rest(person):
    coach = Coach(None)
    assert told(coach, seated(person)) == {"light": "light.good", "focus": "focus.good"}
    assert told(Coach(None), lit(blurred(seated(person), 4), 0.2)) == {
        "light": "light.dark",
        "focus": "focus.blurred",
    }


def test_nothing_is_said_of_what_was_seen_too_short(finder, person):
    assert told(Coach(finder), seated(person), for_us=STEADY_US // 2) == {}


def test_a_moment_changes_nothing_and_what_lasts_is_said(finder, person):
    coach = Coach(finder)
    assert told(coach, seated(person)) == GOOD
    away = np.full((360, 640, 3), 120, np.uint8)
    assert told(coach, away, from_us=3 * US, for_us=LOOK_EVERY_US)["face"] == "face.good", "a blink"
    assert told(coach, away, from_us=4 * US, for_us=3 * US)["face"] == "face.none"


def test_somebody_who_moves_across_a_limit_gets_one_advice_not_many(finder, person):
    coach = Coach(finder)
    rng = np.random.default_rng(2)
    heard = []
    for n in range(100):  # 40 s of leaning to and fro about where "to one side" begins
        frame = seated(person, x=round(-47 + rng.normal(0, 6)))
        coach.look(frame, at_us=n * LOOK_EVERY_US)
        heard.append({each.check: each.key for each in coach.advice}.get("face", ""))
    changes = [now for before, now in itertools.pairwise(heard) if now != before]
    assert set(changes) <= {"face.good", "face.side"}
    assert len(changes) <= 4, changes


def test_pictures_between_looks_cost_nothing(person):
    coach = Coach(None)
    coach.look(seated(person), at_us=0)
    first = coach.seen
    coach.look(lit(seated(person), 0.1), at_us=LOOK_EVERY_US - 1)
    assert coach.seen is first
    coach.look(lit(seated(person), 0.1), at_us=LOOK_EVERY_US)
    assert coach.seen is not first


def test_every_advice_has_words():
    words = assets.strings()["coach"]
    assert set(words) == set(CHECKS)
    assert all(text for table in words.values() for text in table.values())


def test_a_coach_opens_whatever_is_on_this_computer(tmp_path, monkeypatch, person):
    monkeypatch.setenv("LAPEL_MODELS", str(tmp_path))
    assert "face" not in told(open_coach(), seated(person))
