"""cmi5 and xAPI packages in Chromium, with a learning system that keeps records: what it is told, and when.

The pages are not ``quiet``: a store answers 404 where it keeps nothing yet, and the browser notes that.
"""

import contextlib
import json
import re
import uuid
from datetime import datetime

import pytest
from playwright.sync_api import Error

from capture.work import Work
from export.cmi5 import Cmi5
from export.iri import iris
from export.xapi import Xapi
from tests.export.lrs import ACTIVITY, ACTOR, LMS_SESSION, REGISTRATION, Lrs
from tests.export.watching import pause, play, until

VIDEO = "https://w3id.org/xapi/video"
EXTENSION = f"{VIDEO}/extensions/"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
TARGETS = {"cmi5": Cmi5(), "xapi": Xapi()}
PLAYING = "document.querySelector('video')"


@pytest.fixture
def lrs(edition, tmp_path):
    """``lrs("cmi5", completion_percent=…)``: a running learning system with that package."""
    running = []

    def start(target, **changes):
        running.append(Lrs(TARGETS[target].build(edition(**changes), tmp_path, work=Work())))
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.fixture
def launch(lrs, open_page):
    """``launch("xapi")``: the learning system, and the page in its window."""

    def start(target, *, system=None, number=1, mode="Normal", data=None, **changes):
        system = system or lrs(target, **changes)
        address = (
            system.launch_cmi5(number=number, mode=mode, **(data or {}))
            if target == "cmi5"
            else system.launch_xapi()
        )
        page = open_page(address, quiet=False)
        wait(page, lambda: "initialized" in system.verbs() and (mode != "Normal" or system.state))
        return system, page

    return start


def wait(page, holds, timeout_ms=8000):
    for _ in range(timeout_ms // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come to hold")


def leave(page, system):
    page.goto("about:blank")
    wait(page, lambda: "terminated" in system.verbs())


def result(statement, name):
    return statement["result"]["extensions"][EXTENSION + name]


def context(statement, name):
    return statement["context"]["extensions"][EXTENSION + name]


def categories(statement):
    return {each["id"] for each in statement["context"]["contextActivities"].get("category", [])}


both = pytest.mark.parametrize("target", ["cmi5", "xapi"])


@both
def test_a_session_is_told_in_order_and_completes_once_at_the_right_share(launch, target):
    system, page = launch(target, completion_percent=25)
    play(page, rate=2)
    until(page, "v.currentTime > 6")
    pause(page)
    leave(page, system)
    assert system.verbs() == ["initialized", "played", "completed", "paused", "terminated"]
    times = [datetime.fromisoformat(each["timestamp"]) for each in system.statements]
    assert times == sorted(times)
    done = system.said("completed")[0]
    assert done["result"]["completion"] is True
    assert 0.25 <= result(done, "progress") < 0.3
    assert re.fullmatch(r"PT\d+(\.\d+)?S", done["result"]["duration"])
    assert [("completion" in each.get("result", {})) for each in system.statements].count(True) == 1
    assert "score" not in json.dumps(system.statements)
    assert "success" not in json.dumps(system.statements)


@both
def test_every_statement_says_who_what_and_in_which_session(launch, target):
    system, page = launch(target)
    play(page, rate=2)
    until(page, "v.currentTime > 1")
    leave(page, system)
    first = system.statements[0]
    for each in system.statements:
        assert each["actor"] == ACTOR
        assert each["context"]["registration"] == REGISTRATION
        assert uuid.UUID(each["id"]).version in (4, 5)
        # Video Profile 2.6.2.1: the session is named after the statement that begins it
        assert context(each, "session-id") == first["id"]
        assert context(each, "length") == 16
        assert context(each, "completion-threshold") == 0.8
        assert each["object"]["definition"]["type"] == f"{VIDEO}/activity-type/video"
        assert VIDEO in categories(each)
        assert each["context"]["revision"] == "3"
        assert 3 in each["object"]["definition"]["extensions"].values()
    assert context(first, "cc-subtitle-enabled") is True
    assert context(first, "cc-subtitle-lang") == "en"


def test_cmi5_statements_carry_what_the_system_gave_and_their_categories(launch):
    system, page = launch("cmi5", completion_percent=10)
    play(page, rate=2)
    until(page, "v.currentTime > 3")
    leave(page, system)
    for each in system.statements:
        name = each["verb"]["id"].rsplit("/", 1)[1]
        assert each["object"]["id"] == ACTIVITY
        assert each["context"]["extensions"][LMS_SESSION] == "session-1"
        assert each["context"]["contextActivities"]["grouping"] == [{"id": "urn:uuid:publisher"}]
        assert (f"{CATEGORY}cmi5" in categories(each)) == (name in ("initialized", "completed", "terminated"))
        assert (f"{CATEGORY}moveon" in categories(each)) == (name == "completed")
    assert system.tokens == {"token-760e-1": "given"}
    assert [path for _, path, _ in system.asked].count("/fetch") == 1
    assert ("GET", "/lrs/agents/profile", 404) in system.asked


def test_xapi_speaks_of_the_resource_by_its_own_name(launch, edition):
    system, page = launch("xapi")
    leave(page, system)
    assert {each["object"]["id"] for each in system.statements} == {iris(edition().version).video}


@both
def test_seeking_is_told_with_both_ends_and_is_not_watching(launch, target):
    system, page = launch(target)
    play(page, rate=2)
    until(page, "v.currentTime > 1")
    play(page, at_s=14, rate=2)
    until(page, "v.ended", timeout_ms=6000)
    leave(page, system)
    assert system.verbs() == ["initialized", "played", "seeked", "played", "paused", "terminated"]
    seeked = system.said("seeked")[0]
    assert result(seeked, "time-from") == pytest.approx(1.2, abs=0.6)
    assert result(seeked, "time-to") == pytest.approx(14, abs=0.05)
    first, second = result(system.said("terminated")[0], "played-segments").split("[,]")
    assert float(first.split("[.]")[1]) == result(seeked, "time-from")
    assert float(second.split("[.]")[0]) == result(seeked, "time-to")
    assert result(system.said("terminated")[0], "progress") < 0.3


@both
def test_opened_and_closed_at_once_stays_incomplete(launch, target):
    system, page = launch(target)
    leave(page, system)
    assert system.verbs() == ["initialized", "terminated"]


@both
def test_opening_completes_where_the_share_is_zero(launch, target):
    system, page = launch(target, completion_percent=0)
    wait(page, lambda: "completed" in system.verbs())
    assert context(system.said("completed")[0], "completion-threshold") == 0


@both
def test_the_next_session_on_another_device_resumes_and_does_not_complete_again(launch, target):
    system, page = launch(target, completion_percent=25)
    play(page, at_s=1, rate=2)
    until(page, "v.currentTime > 6")
    pause(page)
    left_s = page.evaluate("() => document.querySelector('video').currentTime")
    leave(page, system)
    _, other = launch(target, system=system, number=2)
    until(other, "v.currentTime > 5")
    assert other.evaluate("() => document.querySelector('video').currentTime") == pytest.approx(
        left_s, abs=0.2
    )
    assert "Completed" in other.inner_text("#watched")
    play(other, rate=2)
    until(other, "v.currentTime > 8")
    leave(other, system)
    assert system.verbs().count("completed") == 1
    last = system.said("terminated")[-1]
    assert result(last, "played-segments").startswith("1.0")
    assert result(last, "progress") > 0.4


@both
def test_answers_and_comments_arrive_as_statements(launch, target):
    system, page = launch(target)
    play(page, at_s=6, rate=2)
    until(page, "v.currentTime > 6.2")
    pause(page)
    page.click("#not-yet")
    page.click("#comment")
    page.fill("#comment-text", "Which number do we ring? <script>alert(1)</script>")
    page.click("#comment-form >> text=Send")
    page.click("#yes")
    wait(page, lambda: len(system.said("responded")) == 2 and system.said("commented"))
    assert [each["result"]["response"] for each in system.said("responded")] == ["false", "true"]
    said = system.said("commented")[0]
    assert said["result"]["response"] == "Which number do we ring? <script>alert(1)</script>"
    assert result(said, "time") == pytest.approx(6.3, abs=0.4)


@both
def test_captions_volume_and_full_screen_are_told(launch, target):
    system, page = launch(target)
    play(page, rate=2)
    until(page, "v.currentTime > 0.5")
    page.click("#captions")
    page.keyboard.press("m")
    page.keyboard.press("f")
    wait(page, lambda: len(system.said("interacted")) >= 3)
    told = [each["context"]["extensions"] for each in system.said("interacted")]
    assert any(each.get(f"{EXTENSION}cc-subtitle-enabled") is False for each in told)
    assert any(f"{EXTENSION}full-screen" in each for each in told)
    assert any(each.get(f"{EXTENSION}volume") for each in told)


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_nothing_but_the_session_is_recorded_while_somebody_only_looks(launch, mode):
    system, page = launch("cmi5", mode=mode, completion_percent=0)
    play(page, rate=2)
    until(page, "v.currentTime > 2")
    leave(page, system)
    assert system.verbs() == ["initialized", "terminated"]
    assert system.state == {}


def test_the_systems_wishes_for_sound_and_return_are_followed(lrs, open_page):
    system = lrs("cmi5")
    system.profile["cmi5LearnerPreferences"] = json.dumps({"audioPreference": "off"})
    page = open_page(system.launch_cmi5(returnURL="https://lms.example.com/back"), quiet=False)
    until(page, "v.muted")
    page.wait_for_selector("#leave:not([hidden])")
    assert page.get_attribute("#leave", "href") == "https://lms.example.com/back"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", ""])
def test_a_return_that_is_no_address_is_not_offered(launch, address):
    _, page = launch("cmi5", data={"returnURL": address})
    assert page.is_hidden("#leave")


def test_a_token_that_was_used_up_is_said_and_the_video_plays(lrs, open_page):
    system = lrs("cmi5")
    address = system.launch_cmi5()
    system.tokens["token-760e-1"] = "given"
    page = open_page(address, quiet=False)
    page.wait_for_selector("#notice:not([hidden])")
    play(page, rate=2)
    until(page, "v.currentTime > 0.5")
    assert system.statements == []


@both
def test_without_a_launch_the_page_plays_and_says_so(lrs, open_page, target):
    page = open_page(lrs(target).address + "package/index.html")
    page.wait_for_selector("#notice:not([hidden])")
    assert "not recorded" in page.inner_text("#notice")


@both
def test_the_policy_lets_the_page_speak_to_record_stores_only_encrypted(lrs, open_page, target):
    page = open_page(lrs(target).address + "package/index.html", quiet=False)
    blocked = page.evaluate(
        "() => new Promise((resolve) => { document.addEventListener('securitypolicyviolation',"
        " (event) => resolve(event.blockedURI)); fetch('http://127.0.0.1:9/').catch(() => {}) })"
    )
    assert blocked.startswith("http://127.0.0.1:9")


# Drills --------------------------------------------------------------------------------------------


@pytest.mark.drill
@both
@pytest.mark.parametrize("fault", [500, 503, 429])
def test_a_store_that_fails_for_a_while_gets_everything_once(launch, target, fault):
    system, page = launch(target, completion_percent=10)
    system.fault = fault
    play(page, rate=2)
    until(page, "v.currentTime > 3")
    pause(page)
    page.wait_for_timeout(500)
    system.fault = 0
    wait(page, lambda: "paused" in system.verbs(), timeout_ms=12000)
    assert system.verbs() == ["initialized", "played", "completed", "paused"]


@pytest.mark.drill
@both
def test_what_is_said_without_a_network_is_kept_over_a_reload_and_sent_once(launch, target):
    system, page = launch(target, completion_percent=10)
    system.down = True
    play(page, rate=2)
    until(page, "v.currentTime > 3")
    pause(page)
    page.wait_for_timeout(200)
    page.goto("about:blank")
    assert system.verbs() == ["initialized"]
    system.down = False
    page.go_back()
    wait(page, lambda: "terminated" in system.verbs(), timeout_ms=12000)
    wanted = ["initialized", "played", "completed", "paused", "terminated"]
    assert system.verbs()[:5] == wanted
    assert system.verbs().count("completed") == 1
    ids = [each["id"] for each in system.statements]
    assert len(ids) == len(set(ids))


@pytest.mark.drill
@both
def test_what_could_not_be_sent_before_the_end_completes_with_the_next_session(launch, target):
    system, page = launch(target, completion_percent=10)
    system.down = True
    before = dict(system.state)
    play(page, rate=2)
    until(page, "v.currentTime > 3")
    page.goto("about:blank")
    page.wait_for_timeout(500)  # what a browser tries again after the page has gone is lost as well
    assert (system.verbs(), system.state) == (["initialized"], before)
    system.down = False
    system.closed = {"session-1"}
    address = system.launch_cmi5(number=2) if target == "cmi5" else system.launch_xapi()
    page.goto(address)
    wait(page, lambda: "completed" in system.verbs(), timeout_ms=12000)
    until(page, "window.LapelPlayer && LapelPlayer.player && LapelPlayer.tracker.share() > 0.1")
    page.wait_for_timeout(500)
    assert system.verbs().count("completed") == 1


@pytest.mark.drill
def test_a_reload_ends_a_cmi5_session_and_nothing_is_said_after_its_end(launch):
    system, page = launch("cmi5")
    play(page, rate=2)
    until(page, "v.currentTime > 2")
    page.reload()
    page.wait_for_selector("#notice:not([hidden])")
    play(page, rate=2)
    until(page, "v.currentTime > 4")
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert system.verbs()[-1] == "terminated"
    assert system.verbs().count("initialized") == system.verbs().count("terminated") == 1
    kept = json.loads(next(iter(system.state.values())))
    assert kept["told"] is False


@pytest.mark.drill
@both
def test_two_tabs_at_once_complete_once_and_lose_nothing(launch, target):
    system, page = launch(target)
    other = page.context.new_page()
    other.goto(system.launch_cmi5(number=2) if target == "cmi5" else system.launch_xapi())
    wait(page, lambda: system.verbs().count("initialized") == 2)
    wait(page, lambda: other.evaluate("() => Boolean(window.LapelPlayer && LapelPlayer.player)"))
    page.evaluate("() => { LapelPlayer.tracker.watch(0, 7); LapelPlayer.tracker.flush() }")
    other.evaluate("() => { LapelPlayer.tracker.watch(8, 16); LapelPlayer.tracker.flush() }")
    wait(page, lambda: "completed" in system.verbs())
    page.evaluate("() => { LapelPlayer.tracker.watch(7, 8); LapelPlayer.tracker.flush() }")
    page.goto("about:blank")
    other.goto("about:blank")
    wait(page, lambda: system.verbs().count("terminated") == 2)
    assert system.verbs().count("completed") == 1
    _, again = launch(target, system=system, number=3)
    until(again, "LapelPlayer.tracker.share() === 1")


@pytest.mark.drill
@both
def test_a_closed_tab_says_goodbye_and_the_next_session_goes_on(launch, browser, target):
    system, page = launch(target)
    play(page, rate=2)
    until(page, "v.currentTime > 4")
    victim = page.context.new_cdp_session(page)
    target_id = victim.send("Target.getTargetInfo")["targetInfo"]["targetId"]
    browser.new_browser_cdp_session().send("Target.closeTarget", {"targetId": target_id})
    _, again = launch(target, system=system, number=2)
    until(again, "LapelPlayer.tracker.share() > 0.15")


@pytest.mark.drill
@both
def test_a_killed_tab_loses_less_than_a_tenth(launch, target):
    system, page = launch(target)
    other = page.context.new_page()
    page.bring_to_front()
    play(page, rate=2)
    until(page, "v.currentTime > 4")
    with page.expect_event("crash", timeout=15000), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=4000)  # its process dies; nobody says goodbye
    assert "terminated" not in system.verbs()
    other.goto(system.launch_cmi5(number=2) if target == "cmi5" else system.launch_xapi())
    until(other, "window.LapelPlayer && LapelPlayer.player && LapelPlayer.tracker.share() > 0.15")
