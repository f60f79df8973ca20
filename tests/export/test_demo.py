"""The main job on real speech: what ``lapel demo`` makes, opened by a learner and by a learning system."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.app.kit import start_lapel

SAID = "() => Array.from(document.querySelector('video').textTracks[0].activeCues, (cue) => cue.text)"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The document of ``lapel demo --json``, run as its users run it."""
    out = tmp_path_factory.mktemp("demo")
    process = start_lapel("demo", "--out", out, "--json")
    printed, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return json.loads(printed) | {"out": out}


@pytest.fixture(scope="module")
def packages(made):
    return {each["target"]: Path(each["path"]) for each in made["packages"]}


@pytest.fixture(scope="module")
def shown(made):
    process = start_lapel("show", made["id"], "--json", "--library", made["out"] / "library")
    printed, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return json.loads(printed)


def test_it_says_what_was_made_where_and_how_long_each_step_took(made, packages):
    assert made["version"] == 1
    assert {"scorm12", "web"} <= packages.keys()
    assert all(path.exists() for path in packages.values())
    assert {"record", "caption", "tidy", "suggest", "render", "packages"} <= made["timings_s"].keys()
    assert 90 < made["duration_s"] < 142
    assert made["cues"] > 30


def test_every_answer_is_a_safe_take_whose_camera_lies_where_its_sound_says(shown, sample):
    truth = json.loads((sample / "truth.json").read_text())
    takes = [prompt["takes"] for prompt in shown["prompts"]]
    assert [len(each) for each in takes] == [1] * 7
    assert {each[0]["state"] for each in takes} == {"safe"}
    for (take,), name in zip(takes[:4], ["1-what", "2-why", "3-when", "4-who"], strict=True):
        assert take["sync"]["offset_s"] == pytest.approx(truth[name]["offset_s"], abs=0.01)


def test_what_was_said_is_what_can_be_read(shown, sample):
    heard = " ".join(word["text"] for word in shown["words"]).lower()
    for phrase in ("enquiry goes cold fast", "price list", "ring within the hour", "making the calls"):
        assert phrase.replace("enquiry", "").strip() in heard.replace("inquiry", "").replace("enquiry", "")
    assert len(shown["chapters"]) == 7


def test_captions_keep_to_the_reading_rules(shown):
    for cue in shown["cues"]:
        assert len(cue["lines"]) <= 2
        assert all(len(line) <= 42 for line in cue["lines"])
        assert cue["end_s"] - cue["start_s"] <= 7


def test_the_page_opens_by_double_click_and_shows_captions_while_it_plays(packages, shown, open_page, play):
    page = open_page((packages["web"] / "index.html").as_uri())
    cue = shown["cues"][10]
    play(page, at_s=cue["start_s"] + 0.1)
    page.wait_for_function("() => !document.querySelector('#caption').hidden")
    assert page.evaluate(SAID) == ["\n".join(cue["lines"])]
    shot = Image.open(io.BytesIO(page.locator("#caption-lines").screenshot())).convert("L")
    assert sum(shot.histogram()[:24]) > 0.5 * shot.width * shot.height
    assert sum(shot.histogram()[230:]) > 0.02 * shot.width * shot.height


def test_a_chapter_jumps_to_its_second(packages, shown, open_page, play):
    page = open_page((packages["web"] / "index.html").as_uri())
    play(page)
    chapter = shown["chapters"][3]
    page.get_by_role("button", name=re.compile(re.escape(chapter["title"]))).first.click()
    page.wait_for_function(
        "(at) => Math.abs(document.querySelector('video').currentTime - at) < 1.5", arg=chapter["start_s"]
    )


def test_the_learning_system_is_told_of_completion(packages, serve_package, open_page):
    page = open_page(serve_package(packages["scorm12"], target="scorm12"))
    page.wait_for_function("() => window.LAPEL_CALLS.some((call) => call.name === 'LMSCommit')")
    frame = page.frame(url=re.compile("/package/"))
    assert page.evaluate("() => LAPEL_RUNTIME.cmi.core.lesson_status") == "incomplete"
    frame.evaluate(
        "() => { const v = document.querySelector('video');"
        " v.muted = true; v.playbackRate = 8; return v.play() }"
    )
    page.wait_for_function("() => LAPEL_RUNTIME.cmi.core.lesson_status === 'completed'", timeout=60_000)
    share = frame.evaluate(
        "() => { const v = document.querySelector('video'); return v.currentTime / v.duration }"
    )
    assert share == pytest.approx(0.8, abs=0.1)


def test_the_zip_is_whole_and_its_manifest_comes_first_class(packages):
    with zipfile.ZipFile(packages["scorm12"]) as archive:
        assert archive.testzip() is None
        assert "imsmanifest.xml" in archive.namelist()
