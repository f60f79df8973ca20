"""The zip inside a real SCORM 1.2 runtime (scorm-again), as Preview serves it: what an LMS receives."""

import re

import pytest

from capture.work import Work
from export.scorm12 import Scorm12
from tests.export.watching import pause, play, until

CALLS = "() => window.LAPEL_CALLS.map(({ name, values, answer }) => [name, ...values, answer])"
CMI = "() => window.LAPEL_RUNTIME.renderCMIToJSONObject().cmi"


@pytest.fixture
def launch(edition, tmp_path, serve_package, open_page):
    """``launch()``: the host page with the package started, and the frame the package runs in."""

    def start(**changes):
        package = Scorm12().build(edition(**changes), tmp_path, work=Work())
        page = open_page(serve_package(package, target="scorm12"))
        return page, started(page)

    return start


def started(page):
    page.wait_for_function("() => window.LAPEL_CALLS.some((call) => call.name === 'LMSCommit')")
    return page.frame(url=re.compile("/package/"))


def status(page):
    return page.evaluate(CMI)["core"]["lesson_status"]


def sets(page, element):
    return [call[2] for call in page.evaluate(CALLS) if call[0] == "LMSSetValue" and call[1] == element]


def test_it_starts_incomplete_and_says_so_at_once(launch):
    page, _ = launch()
    names = [call[0] for call in page.evaluate(CALLS)]
    assert names[0] == "LMSInitialize"
    assert names[-1] == "LMSCommit"
    assert sets(page, "cmi.core.lesson_status") == ["incomplete"]
    assert status(page) == "incomplete"


def test_it_completes_once_at_the_right_share_and_never_scores(launch):
    page, frame = launch(completion_percent=25)
    play(frame, rate=2)
    until(frame, "v.currentTime > 3")
    assert status(page) == "incomplete"
    page.wait_for_function("() => LAPEL_RUNTIME.cmi.core.lesson_status === 'completed'", timeout=8000)
    assert frame.evaluate("() => document.querySelector('video').currentTime") == pytest.approx(4, abs=0.9)
    until(frame, "v.currentTime > 5")
    pause(frame)
    assert sets(page, "cmi.core.lesson_status") == ["incomplete", "completed"]
    assert not [call for call in page.evaluate(CALLS) if "score" in str(call[1:])]
    assert all(call[-1] != "false" for call in page.evaluate(CALLS))


def test_seeking_to_the_end_stays_incomplete(launch):
    page, frame = launch()
    play(frame, at_s=15)
    until(frame, "v.ended")
    page.click("#leave")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'LMSFinish')")
    assert status(page) == "incomplete"


def test_opened_and_closed_at_once_stays_incomplete_and_finishes_once(launch):
    page, _ = launch()
    page.click("#leave")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'LMSFinish')")
    names = [call[0] for call in page.evaluate(CALLS)]
    assert names.count("LMSFinish") == 1
    assert names[-2:] == ["LMSCommit", "LMSFinish"]
    assert status(page) == "incomplete"
    assert sets(page, "cmi.core.exit") == ["suspend"]


def test_opening_completes_where_the_share_is_zero(launch):
    page, _ = launch(completion_percent=0)
    assert sets(page, "cmi.core.lesson_status") == ["incomplete", "completed"]


def test_it_resumes_position_ticks_and_answers(launch):
    page, frame = launch()
    play(frame, at_s=4, rate=2)
    until(frame, "v.currentTime > 6.5")
    pause(frame)
    frame.click("#yes")
    left = frame.evaluate("() => document.querySelector('video').currentTime")
    watched = frame.inner_text("#watched")
    with page.expect_navigation():
        page.click("#again")
    frame = started(page)
    until(frame, "v.currentTime > 4")
    assert frame.evaluate("() => document.querySelector('video').currentTime") == pytest.approx(left, abs=0.2)
    assert frame.inner_text("#watched") == watched
    assert frame.get_attribute("#yes", "aria-pressed") == "true"


def test_pause_commits_and_every_value_fits(launch):
    page, frame = launch()
    play(frame)
    until(frame, "v.currentTime > 0.8")
    before = len(page.evaluate(CALLS))
    pause(frame)
    page.wait_for_function(f"() => LAPEL_CALLS.length > {before}")
    cmi = page.evaluate(CMI)
    assert len(cmi["suspend_data"]) <= 4096
    assert len(cmi["core"]["lesson_location"]) <= 255
    assert re.fullmatch(r"\d{4}:\d\d:\d\d\.\d\d", sets(page, "cmi.core.session_time")[-1])


def test_feedback_reaches_the_learning_system(launch):
    page, frame = launch()
    play(frame, at_s=6)
    pause(frame)
    frame.click("#not-yet")
    frame.click("#comment")
    frame.fill("#comment-text", "Which number do we ring? <script>alert(1)</script>")
    frame.click("#comment-form >> text=Send")
    comments = page.evaluate(CMI)["comments"]
    assert comments.splitlines() == [
        "Did this help you do the job? Not yet",
        "[0:06] Which number do we ring? <script>alert(1)</script>",
    ]


def test_the_api_is_found_from_a_window_of_its_own(launch):
    page, _ = launch()
    page.click("#leave")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'LMSFinish')")
    page.evaluate("() => { LAPEL_CALLS.length = 0; LAPEL_RUNTIME.reset() }")
    with page.expect_popup():
        page.evaluate("() => { window.open('/package/index.html') }")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'LMSInitialize')")


def test_without_a_learning_system_the_video_plays_and_says_so(edition, tmp_path, serve_package, open_page):
    package = Scorm12().build(edition(), tmp_path, work=Work())
    page = open_page(serve_package(package, target="scorm12") + "package/index.html")
    page.wait_for_selector("#notice:not([hidden])")
    assert "not recorded" in page.inner_text("#notice")
    play(page)
    until(page, "v.currentTime > 0.3")


@pytest.mark.drill
@pytest.mark.parametrize("answer", ["'false'", "null", "undefined", "(() => { throw new Error('busy') })()"])
def test_a_failing_commit_never_stops_the_finish(launch, answer):
    page, frame = launch()
    refuse = f"LAPEL_CALLS.push({{name: 'refused', values: []}}); return {answer}"
    page.evaluate(f"() => {{ API.LMSCommit = () => {{ {refuse} }} }}")
    frame.click("#yes")
    page.wait_for_function("() => LAPEL_CALLS.some((call) => call.name === 'refused')")
    page.click("#leave")
    page.wait_for_function("() => LAPEL_CALLS.filter((call) => call.name === 'LMSFinish').length === 1")


@pytest.mark.drill
def test_a_commit_that_failed_is_tried_again(launch):
    page, frame = launch()
    page.evaluate(
        "() => { const r = API.LMSCommit; API.LMSCommit = () => { API.LMSCommit = r; return 'false' } }"
    )
    before = len(page.evaluate(CALLS))
    frame.click("#yes")
    page.wait_for_function(
        f"() => LAPEL_CALLS.slice({before}).some((call) => call.name === 'LMSCommit')", timeout=8000
    )


@pytest.mark.drill
def test_going_elsewhere_and_back_keeps_what_was_watched(launch):
    page, frame = launch()
    play(frame, rate=2)
    until(frame, "v.currentTime > 3")
    page.goto("about:blank")
    page.go_back()
    frame = started(page)
    assert frame.evaluate("() => LapelPlayer.tracker.share()") > 0.15
