"""The zip inside a real SCORM 2004 runtime (scorm-again): what an LMS receives."""

import re

import pytest

from capture.work import Work
from export.scorm2004 import Scorm2004
from tests.export.lms2004 import CALLS, CMI, leave, open_lms, started
from tests.export.watching import pause, play, until


@pytest.fixture
def launch(edition, tmp_path, serve_package, open_page):
    """``launch()``: the learning system's page with the package started, and the package's frame."""

    def start(**changes):
        package = Scorm2004().build(edition(**changes), tmp_path, work=Work())
        page = open_lms(open_page, serve_package(package, target="scorm2004"))
        return page, started(page)

    return start


def sets(page, element):
    return [call[2] for call in page.evaluate(CALLS) if call[0] == "SetValue" and call[1] == element]


def failed_calls(page):
    return [call for call in page.evaluate(CALLS) if call[-1] == "false"]


def test_it_starts_incomplete_and_says_so_at_once(launch):
    page, _ = launch()
    names = [call[0] for call in page.evaluate(CALLS)]
    assert names[0] == "Initialize"
    assert names[-1] == "Commit"
    assert sets(page, "cmi.completion_status") == ["incomplete"]
    assert sets(page, "cmi.exit") == ["suspend"]
    assert sets(page, "cmi.progress_measure") == ["0"]
    assert failed_calls(page) == []


def test_it_completes_once_and_progress_agrees_with_the_threshold(launch):
    page, frame = launch(completion_percent=25)
    play(frame, rate=2)
    until(frame, "v.currentTime > 3")
    assert page.evaluate(CMI)["completion_status"] == "incomplete"
    page.wait_for_function("() => LAPEL_RUNTIME.cmi.completion_status === 'completed'", timeout=8000)
    until(frame, "v.currentTime > 5")
    pause(frame)
    assert sets(page, "cmi.completion_status") == ["incomplete", "completed"]
    measures = [float(each) for each in sets(page, "cmi.progress_measure")]
    done = [call[1:3] for call in page.evaluate(CALLS) if call[0] == "SetValue"]
    at = done.index(["cmi.completion_status", "completed"])
    said = [float(value) for name, value in done[:at] if name == "cmi.progress_measure"]
    assert all(each < 0.25 for each in said[:-1])
    assert said[-1] >= 0.25
    assert measures == sorted(measures)
    assert not [name for name, _ in done if "score" in name or "success" in name]
    assert failed_calls(page) == []


def test_seeking_to_the_end_stays_incomplete(launch):
    page, frame = launch()
    play(frame, at_s=15)
    until(frame, "v.ended")
    leave(page)
    cmi = page.evaluate(CMI)
    assert cmi["completion_status"] == "incomplete"
    assert float(cmi["progress_measure"]) < 0.1


def test_opened_and_closed_at_once_stays_incomplete_and_terminates_once(launch):
    page, _ = launch()
    leave(page)
    names = [call[0] for call in page.evaluate(CALLS)]
    assert names.count("Terminate") == 1
    assert names[-2:] == ["Commit", "Terminate"]
    assert page.evaluate(CMI)["completion_status"] == "incomplete"


def test_opening_completes_where_the_share_is_zero(launch):
    page, _ = launch(completion_percent=0)
    assert sets(page, "cmi.completion_status") == ["incomplete", "completed"]


def test_it_resumes_place_ticks_and_answers(launch):
    page, frame = launch()
    play(frame, at_s=4, rate=2)
    until(frame, "v.currentTime > 6.5")
    pause(frame)
    frame.click("#yes")
    left = frame.evaluate("() => document.querySelector('video').currentTime")
    watched = frame.inner_text("#watched")
    leave(page)
    page.reload()
    frame = started(page)
    until(frame, "v.currentTime > 4")
    assert frame.evaluate("() => document.querySelector('video').currentTime") == pytest.approx(left, abs=0.2)
    assert frame.inner_text("#watched") == watched
    assert frame.get_attribute("#yes", "aria-pressed") == "true"


def test_every_value_fits_and_has_its_form(launch):
    page, frame = launch()
    play(frame)
    until(frame, "v.currentTime > 0.8")
    pause(frame)
    page.wait_for_function("() => LAPEL_CALLS.filter((call) => call.name === 'Commit').length > 1")
    cmi = page.evaluate(CMI)
    assert len(cmi["suspend_data"]) <= 4096
    assert len(cmi["location"]) <= 255
    assert re.fullmatch(r"PT(\d+H)?(\d+M)?\d+\.\d\dS", sets(page, "cmi.session_time")[-1])


def test_feedback_reaches_the_learning_system_and_the_answer_keeps_its_place(launch):
    page, frame = launch()
    play(frame, at_s=6)
    pause(frame)
    frame.click("#not-yet")
    frame.click("#comment")
    frame.fill("#comment-text", "Which number do we ring? <script>alert(1)</script>")
    frame.click("#comment-form >> text=Send")
    frame.click("#yes")
    leave(page)
    page.reload()
    frame = started(page)
    frame.click("#not-yet")
    frame.click("#yes")
    comments = page.evaluate(
        "() => LAPEL_RUNTIME.cmi.comments_from_learner.childArray.map((c) => [c.comment, c.location])"
    )
    assert comments == [
        ["Did this help you do the job? Yes", ""],
        ["[0:06] Which number do we ring? <script>alert(1)</script>", "0:06"],
    ]
    assert failed_calls(page) == []


def test_watching_the_first_half_twice_is_half(launch):
    page, frame = launch()
    for _ in range(2):
        frame.evaluate("() => { LapelPlayer.tracker.watch(0, 8); LapelPlayer.tracker.flush() }")
    leave(page)
    cmi = page.evaluate(CMI)
    assert (cmi["completion_status"], float(cmi["progress_measure"])) == ("incomplete", 0.5)


@pytest.mark.drill
def test_two_windows_at_once_do_not_undo_each_other(edition, tmp_path, serve_package, open_page):
    package = Scorm2004().build(edition(), tmp_path, work=Work())
    one = open_lms(open_page, serve_package(package, target="scorm2004"))
    first = started(one)
    other = one.context.new_page()
    other.goto(one.url)
    second = started(other)
    first.evaluate("() => { LapelPlayer.tracker.watch(0, 8); LapelPlayer.tracker.flush() }")
    second.wait_for_function("() => LapelPlayer.tracker.share() === 0.5")
    second.evaluate("() => { LapelPlayer.tracker.watch(8, 13); LapelPlayer.tracker.flush() }")
    leave(other)
    assert other.evaluate(CMI)["completion_status"] == "completed"
    first.wait_for_function("() => LapelPlayer.tracker.state.completed")
    leave(one)
    assert one.evaluate(CMI)["completion_status"] == "completed"


@pytest.mark.drill
@pytest.mark.parametrize("answer", ["'false'", "null", "undefined", "(() => { throw new Error('busy') })()"])
def test_a_failing_commit_never_stops_the_terminate(launch, answer):
    page, frame = launch()
    refuse = f"LAPEL_CALLS.push({{name: 'refused', values: []}}); return {answer}"
    page.evaluate(f"() => {{ API_1484_11.Commit = () => {{ {refuse} }} }}")
    frame.click("#yes")
    page.wait_for_function("() => window.LAPEL_CALLS.some((call) => call.name === 'refused')")
    leave(page)
    assert [call[0] for call in page.evaluate(CALLS)].count("Terminate") == 1
