"""Chromium as the phone: what its camera recorded is on the laptop, byte for byte, whatever broke between."""

import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import assets
from capture.phone_recording import record_with_phone
from capture.phone_server import PhoneServer
from capture.phone_words import Prompt
from capture.take import Take, TakePrompt
from capture.work import Work
from tests.capture.phone_kit import (
    CHROMIUM,
    Laptop,
    Link,
    Phone,
    decoded_frames,
    journal,
    stored_hashes,
    until,
)

TAKE = "take-1"
FRAME_RATE = 20  # of Chromium's fake camera
SAFE = "() => LapelPhone.sender.unsent.parts === 0 && !LapelPhone.recorder.take"
FRESH = Take(
    id="t1",
    resource_id="r1",
    resource_title="A title",
    prompt=TakePrompt("p1", "why", "Why?", "Why"),
    number=1,
    state="recording",
    recorded_at="2026-11-23T10:00:00+01:00",
)
PROMPT = Prompt("Why should others know about it?", 2, 7, 3)


@pytest.fixture(scope="module")
def playwright():
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def make_phone(playwright, tmp_path):
    phones = []

    def make_phone(**options):
        phones.append(Phone(playwright, tmp_path / f"profile {len(phones)}", **options))
        return phones[-1]

    yield make_phone
    for phone in phones:
        phone.close()
    assert [error for phone in phones for error in phone.errors] == []


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / TAKE
    folder.mkdir()
    return folder


@pytest.fixture
def link():
    link = Link()
    yield link
    link.close()


@pytest.fixture
def server(tmp_path, link):
    with PhoneServer(
        tmp_path / "phone", address="127.0.0.1", laptop="Priya’s laptop", seen_as=(f"127.0.0.1:{link.port}",)
    ) as server:
        link.target = server.port
        server.show(PROMPT)
        yield server


def invited(server, link):
    return server.invite().url.replace(f":{server.port}/", f":{link.port}/")


def assert_all_here(folder, witnessed, *, segments=(1,)):
    """Everything that the recorders handed out lies in the files, once and in order."""
    stored, stored_bytes = [], 0
    for segment in segments:
        file = next(folder.glob(f"phone-{segment:03}.mp4"))
        stored += stored_hashes(file, journal(folder, segment))
        stored_bytes += file.stat().st_size
    sent_bytes = sum(size for _, size in witnessed)
    assert stored == [sha256 for sha256, _ in witnessed]
    assert stored_bytes == sent_bytes
    print(f"\n{len(stored)} parts, {sent_bytes} bytes sent, {stored_bytes} stored, hashes equal")


def finished(phone, folder, *, segment=1):
    until(
        lambda: list(folder.glob(f"phone-{segment:03}.mp4")),
        every=lambda: phone.wait(0.1),
        what=f"segment {segment}",
    )
    phone.until(SAFE)
    return folder / f"phone-{segment:03}.mp4"


def test_six_seconds_are_on_the_laptop_byte_for_byte(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    assert page.inner_text("#prompt-text") == PROMPT.text
    assert page.inner_text("#prompt-place") == "Prompt 2 of 7, take 3"
    server.record(TAKE, folder)
    phone.wait(6.5)
    assert page.get_attribute("#record", "aria-label") == "Stop recording"
    assert page.inner_text("#time").startswith("0:0")
    assert server.present
    assert (server.state.take, server.state.battery_percent) == (TAKE, 100)
    assert server.preview.startswith(b"\xff\xd8\xff")
    server.stop_recording()
    file = finished(phone, folder)

    assert_all_here(folder, phone.witnessed)
    frames, span_s = decoded_frames(file)
    assert span_s > 5
    assert frames > 5 * FRAME_RATE * 0.8
    assert page.evaluate("LapelPhone.store.segments()") == []


def test_the_phones_own_button_asks_for_a_take_and_stops_it(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    page.click("#record")
    until(lambda: server.state is not None and server.state.asks == "start", every=lambda: phone.wait(0.05))
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 1.5")
    page.click("#record")
    finished(phone, folder)
    assert server.recording == ""
    assert_all_here(folder, phone.witnessed)


def test_a_camera_that_is_taken_away_starts_a_new_part_and_says_so(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 2")
    # Chromium fires no event when the page itself stops a track: fire what a phone call would.
    page.evaluate(
        "() => { const track = LapelPhone.camera.stream.getVideoTracks()[0];"
        " track.stop(); track.dispatchEvent(new Event('ended')) }"
    )
    phone.until("() => LapelPhone.recorder.segment === 2 && LapelPhone.recorder.recorded_s() > 4")
    assert "a new part began" in page.inner_text("#note")
    assert "a new part began" in page.inner_text("#say")
    server.stop_recording()
    finished(phone, folder, segment=2)
    assert_all_here(folder, phone.witnessed, segments=(1, 2))
    for segment in (1, 2):
        assert decoded_frames(folder / f"phone-{segment:03}.mp4")[0] > 10


def test_leaving_the_page_asks_while_parts_are_unsent(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    page.click("#grid")  # browsers ask nobody who never touched the page
    leaving = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(leaving) is False
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 1")
    assert page.evaluate(leaving) is True
    server.stop_recording()
    finished(phone, folder)
    assert page.evaluate(leaving) is False


def test_a_refused_camera_is_explained_step_by_step(server, link, playwright, tmp_path):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 320, "height": 568})
    page = context.new_page()
    # Without the fake dialog headless Chromium finds no camera at all; the page is told what a phone would.
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))"
    )
    page.goto(invited(server, link))
    page.wait_for_selector("#refused")
    assert page.locator("#steps li").count() == 3
    assert page.is_disabled("#record")
    assert findings(page) == []
    browser.close()


def test_a_second_tab_waits_until_the_first_is_closed(server, link, make_phone, folder):
    """Two would end each other's segments."""
    phone = make_phone()
    first = phone.open(invited(server, link))
    second = phone.context.new_page()
    second.goto(first.url)
    second.wait_for_function("() => !document.querySelector('#note').hidden")
    assert "another tab" in second.inner_text("#note")
    assert second.evaluate("LapelPhone.camera.stream") is None
    first.close()
    second.wait_for_function("() => LapelPhone.camera.state === 'ready'")
    assert second.is_hidden("#note")


def test_a_full_phone_closes_the_take_and_keeps_it(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 1.5")
    tell = "(bytes) => { navigator.storage.estimate = async () => ({ quota: bytes, usage: 0 });"
    tell += " return LapelPhone.health.readSpace() }"
    page.evaluate(tell, 1_500_000_000)
    assert page.is_visible("#low")
    assert page.inner_text("#space") == "1.5 GB"
    assert page.evaluate("LapelPhone.recorder.running()")
    page.evaluate(tell, 400_000_000)
    finished(phone, folder)
    assert_all_here(folder, phone.witnessed)
    assert "nearly full" in page.inner_text("#note")
    until(lambda: server.recording == "", every=lambda: phone.wait(0.1), within_s=3)
    phone.wait(1)
    assert not page.evaluate("LapelPhone.recorder.running()")


@pytest.mark.drill
def test_the_preview_gives_way_while_parts_wait(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    pictures = []
    page.on("request", lambda each: pictures.append(each) if each.url.endswith("/preview") else None)
    until(lambda: len(pictures) >= 2, every=lambda: phone.wait(0.1))
    page.route(re.compile(r"/takes/[^/]+/1/[0-9]+$"), lambda route: route.abort())
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.sender.unsent.parts > 2")
    before = len(pictures)
    phone.wait(2)
    assert len(pictures) == before
    page.unroute_all()
    server.stop_recording()
    finished(phone, folder)
    until(lambda: len(pictures) > before, every=lambda: phone.wait(0.1))


def findings(page):
    results = Axe().run(page).response
    assert len(results["passes"]) > 15  # it did look
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in results["violations"]]


def small_targets(page):
    return page.evaluate(
        "() => Array.from(document.querySelectorAll('button')).filter((each) => each.offsetParent)"
        ".map((each) => [each.id, each.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 48 || box.height < 48).map(([id]) => id)"
    )


def clipped(page):
    """Buttons that are not wholly on the screen."""
    return page.evaluate(
        "() => Array.from(document.querySelectorAll('.controls button')).filter((each) => {"
        " const box = each.getBoundingClientRect();"
        " return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;"
        "}).map((each) => each.id)"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_every_target_is_large_enough(server, link, make_phone, folder, theme):
    phone = make_phone(color_scheme=theme)
    page = phone.open(invited(server, link))
    for recording in (False, True):
        if recording:
            server.record(TAKE, folder)
            phone.until("() => LapelPhone.recorder.recorded_s() > 1")
            page.evaluate("() => LapelPhone.view.note('full')")
        for width, height in ((390, 844), (320, 568), (844, 390), (568, 320)):
            page.set_viewport_size({"width": width, "height": height})
            assert findings(page) == [], (recording, width, height)
            assert small_targets(page) == []
            assert clipped(page) == []


def aside(phone, act):
    """Do something on a thread, as a job of the window, while the browser goes on."""
    results = []
    thread = threading.Thread(target=lambda: results.append(act()))
    thread.start()
    until(lambda: not thread.is_alive(), every=lambda: phone.wait(0.1), within_s=60)
    return results[0]


@pytest.mark.drill
def test_a_take_with_lapel_and_phone_is_laid_by_sound(server, link, make_phone, tmp_path):
    """The phone's fake microphone hears the voice that the lapel hears."""
    samples, rate_hz = soundfile.read(assets.SAMPLE / "3-when.flac")
    heard = tmp_path / "heard.wav"
    soundfile.write(heard, samples, rate_hz, subtype="PCM_16")
    phone = make_phone(flags=[f"--use-file-for-fake-audio-capture={heard}%noloop"])
    phone.open(invited(server, link))
    take = aside(
        phone,
        lambda: record_with_phone(
            server,
            media=tmp_path / "media",
            take=replace(FRESH, id=TAKE),
            mic=f"file:{assets.SAMPLE / '3-when.flac'}",
            seconds=14,
            work=Work(),
        ),
    )
    assert take.state == "safe"
    assert [each.track for each in take.segments] == ["mic", "phone"]
    assert take.sync.inliers > 0.5
    assert_all_here(tmp_path / "media" / "r1" / TAKE, phone.witnessed)


def test_a_take_with_the_phone_alone(server, link, make_phone, tmp_path):
    phone = make_phone()
    phone.open(invited(server, link))
    take = aside(
        phone,
        lambda: record_with_phone(
            server, media=tmp_path / "media", take=FRESH, mic="none", seconds=3, work=Work()
        ),
    )
    assert take.state == "safe"
    assert 2_000_000 < take.duration_us < 8_000_000


# Drills


@pytest.mark.drill
def test_a_link_cut_seven_times_loses_and_doubles_nothing(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 1")
    for number in range(7):
        link.cut(0.2 + 0.3 * (number % 3))
        phone.wait(1.2)
        if number == 3:
            link.down = True
            link._drop()
            phone.until("() => document.body.classList.contains('offline')")
            phone.wait(0.5)
            assert page.inner_text("#link").startswith("Still recording on this phone, 0:")
            link.down = False
    server.stop_recording()
    file = finished(phone, folder)
    assert link.cuts == 7
    assert_all_here(folder, phone.witnessed)
    frames, span_s = decoded_frames(file)
    assert frames > span_s * FRAME_RATE * 0.8
    assert span_s > 8


@pytest.mark.drill
def test_a_part_whose_acknowledgement_is_lost_is_sent_again_and_kept_once(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    lost = []

    def lose(route):
        answer = route.fetch()  # the laptop has it, the phone never hears of it
        if len(lost) < 3:
            lost.append(answer.status)
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route(re.compile(r"/takes/[^/]+/1/[0-9]+$"), lose)
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 4")
    server.stop_recording()
    finished(phone, folder)
    assert lost == [200] * 3
    assert_all_here(folder, phone.witnessed)


@pytest.mark.drill
def test_a_laptop_killed_in_mid_take_goes_on_where_it_was(make_phone, folder, tmp_path):
    laptop = Laptop(tmp_path / "phone", folder)
    phone = make_phone()
    try:
        phone.open(laptop.start()["url"])
        laptop.tell("record")
        for _ in range(2):
            before_s = phone.page.evaluate("LapelPhone.recorder.recorded_s()")
            phone.until(f"() => LapelPhone.recorder.recorded_s() > {before_s + 2}")
            laptop.kill()
            phone.wait(1.5)
            assert laptop.start()["recording"] == TAKE
        phone.until("() => LapelPhone.link.up")
        before_s = phone.page.evaluate("LapelPhone.recorder.recorded_s()")
        phone.until(f"() => LapelPhone.recorder.recorded_s() > {before_s + 1.5}")
        laptop.tell("stop")
        file = finished(phone, folder)
        assert_all_here(folder, phone.witnessed)
        frames, span_s = decoded_frames(file)
        assert span_s > 7
        assert frames > span_s * FRAME_RATE * 0.8
    finally:
        laptop.close()


@pytest.mark.drill
@pytest.mark.parametrize("comes_back_by", ["history", "new code"])
def test_a_phone_killed_in_mid_take_sends_the_rest_and_goes_on(
    server, link, make_phone, folder, comes_back_by
):
    """Browsers write a new cookie to disk within half a minute; a phone killed before needs a new code."""
    phone = make_phone()
    page = phone.open(invited(server, link))
    address = page.url
    if comes_back_by == "history":
        phone.close()
        page = phone.open(address)
    server.record(TAKE, folder)
    phone.until("() => LapelPhone.recorder.recorded_s() > 2")
    link.down = True  # so that parts are waiting when it dies
    link._drop()
    phone.until("() => LapelPhone.sender.unsent.parts >= 3")
    phone.wait(0.2)
    stored = page.evaluate("LapelPhone.store.unsent()")["parts"] + len(journal(folder))
    before = list(phone.witnessed[:stored])
    phone.kill()
    assert len(journal(folder)) < stored
    link.down = False

    phone.witnessed.clear()
    phone.open(address if comes_back_by == "history" else invited(server, link))
    phone.until("() => LapelPhone.recorder.segment === 2 && LapelPhone.recorder.recorded_s() > 2")
    server.stop_recording()
    finished(phone, folder, segment=2)

    # A part that was being stored when it died may have come through as well; none before it may be missing.
    first = stored_hashes(folder / "phone-001.mp4", journal(folder))
    assert first[:stored] == [sha256 for sha256, _ in before]
    assert len(first) - stored <= 1
    second = stored_hashes(folder / "phone-002.mp4", journal(folder, 2))
    assert second == [sha256 for sha256, _ in phone.witnessed]
    frames, span_s = decoded_frames(folder / "phone-001.mp4")
    assert frames > span_s * FRAME_RATE * 0.8
    print(
        f"\n{stored} parts stored on the phone before the kill, {len(first)} arrived, {span_s:.2f} s decode"
    )


@pytest.mark.drill
def test_a_reloaded_page_sends_the_rest(server, link, make_phone, folder):
    phone = make_phone()
    page = phone.open(invited(server, link))
    server.record(TAKE, folder)
    until(lambda: len(journal(folder)) >= 3, every=lambda: phone.wait(0.1))
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    phone.until("() => LapelPhone.recorder.segment === 2 && LapelPhone.recorder.recorded_s() > 1")
    server.stop_recording()
    finished(phone, folder, segment=2)
    assert decoded_frames(folder / "phone-001.mp4")[0] > 10
    assert page.evaluate("LapelPhone.store.segments()") == []
