"""The page as a learner has it: opened by double click in a real browser."""

import io

import pytest
from PIL import Image

from capture.work import Work
from editor.model import ChapterMark, Cue
from export.web import Web

NOW = "() => document.querySelector('video').currentTime"
SAID = "() => Array.from(document.querySelector('video').textTracks[0].activeCues, (cue) => cue.text)"


@pytest.fixture
def page_url(edition, tmp_path):
    def build(**changes):
        return (Web().build(edition(**changes), tmp_path, work=Work()) / "index.html").as_uri()

    return build


def until(page, condition, timeout_ms=6000):
    page.wait_for_function(condition, timeout=timeout_ms)


def test_captions_are_on_screen_while_it_plays(page_url, open_page, play):
    page = open_page(page_url())
    play(page, at_s=5.5)
    until(page, "() => !document.querySelector('#caption').hidden")

    assert page.evaluate(SAID) == ["If we rang inside the hour,\none in three booked a visit."]
    assert page.evaluate("() => document.querySelector('video').textTracks[0].mode") == "showing"
    assert page.inner_text("#caption-lines") == "If we rang inside the hour,\none in three booked a visit."
    # The plate is really painted: near-black behind white letters.
    shot = Image.open(io.BytesIO(page.locator("#caption-lines").screenshot())).convert("L")
    shades = shot.histogram()
    assert sum(shades[:24]) > 0.5 * shot.width * shot.height
    assert sum(shades[230:]) > 0.02 * shot.width * shot.height


def test_captions_can_be_switched_off_and_stay_off(page_url, open_page, play):
    page = open_page(page_url())
    play(page, at_s=5.5)
    page.click("#captions")
    assert page.get_attribute("#captions", "aria-pressed") == "false"
    assert page.is_hidden("#caption")
    page.reload()
    play(page, at_s=5.5)
    page.wait_for_timeout(300)
    assert page.is_hidden("#caption")


def test_caption_size_and_colour_can_be_chosen(page_url, open_page, play):
    page = open_page(page_url())
    play(page, at_s=5.5)
    until(page, "() => !document.querySelector('#caption').hidden")
    style = (
        "() => { const s = getComputedStyle(document.querySelector('#caption-lines'));"
        " return [parseFloat(s.fontSize), s.color, s.backgroundColor] }"
    )
    before = page.evaluate(style)
    page.click("#look")
    page.click("#look-panel >> text=Largest")
    page.click("#look-panel >> text=Black on white")
    after = page.evaluate(style)
    assert after[0] > 1.5 * before[0]
    assert (before[1], after[1]) == (after[2], before[2])


def test_a_chapter_jumps_and_plays(page_url, open_page):
    page = open_page(page_url())
    page.evaluate("() => { document.querySelector('video').muted = true }")
    page.click("#chapters >> text=When to use it")
    until(page, "() => document.querySelector('video').currentTime > 10.1")
    assert page.evaluate(NOW) < 12
    assert page.get_attribute(".chapter:nth-child(1)[aria-current]", "data-start") == "10.0"
    assert page.inner_text("#chapter-now") == "When to use it"


def test_a_line_of_the_transcript_seeks_and_the_list_follows(page_url, open_page):
    page = open_page(page_url())
    page.evaluate("() => { document.querySelector('video').muted = true }")
    page.click(".line >> text=If we rang inside the hour")
    until(page, "() => document.querySelector('video').currentTime > 5")
    assert page.evaluate(NOW) < 6.5
    until(page, "() => document.querySelector('.line[aria-current]').innerText.includes('The only thing')")


def test_the_transcript_can_be_searched(page_url, open_page):
    page = open_page(page_url())
    page.keyboard.press("/")
    page.keyboard.type("RANG")
    assert page.inner_text("#found") == "1 of 2"
    assert page.locator("mark").all_inner_texts() == ["rang", "rang"]
    page.keyboard.press("Enter")
    assert page.inner_text("#found") == "2 of 2"
    page.keyboard.press("Escape")
    assert page.locator("mark").count() == 0
    page.keyboard.type("nobody says this.*")
    assert page.inner_text("#found") == "Not said"


def test_it_resumes_where_it_was_left(page_url, open_page, play):
    url = page_url()
    page = open_page(url)
    play(page, at_s=7)
    until(page, "() => document.querySelector('video').currentTime > 7.8")
    page.evaluate("() => document.querySelector('video').pause()")
    left = page.evaluate(NOW)
    page.reload()
    until(page, "() => document.querySelector('video').currentTime > 7")
    assert page.evaluate(NOW) == pytest.approx(left, abs=0.2)
    assert page.evaluate("() => document.querySelector('video').paused")


def test_keys_do_what_the_list_of_keys_says(page_url, open_page, play):
    page = open_page(page_url())
    play(page, at_s=1)
    for key, condition in (
        ("k", "v.paused"),
        (" ", "!v.paused"),
        ("l", "v.currentTime > 10.5"),
        ("j", "v.currentTime < 4"),
        ("ArrowRight", "v.currentTime > 5.5"),
        ("ArrowLeft", "v.currentTime < 4.5"),
        ("Shift+>", "v.playbackRate === 1.25"),
        ("Shift+<", "v.playbackRate === 1"),
        ("m", "!v.muted"),
        ("m", "v.muted"),
        ("c", "v.textTracks[0].mode === 'hidden'"),
    ):
        page.keyboard.press(key)
        until(page, f"() => {{ const v = document.querySelector('video'); return {condition} }}")
    page.keyboard.press("f")
    until(page, "() => document.fullscreenElement && document.fullscreenElement.querySelector('.bar')")
    page.keyboard.press("f")
    until(page, "() => !document.fullscreenElement")


def test_single_keys_can_be_switched_off(page_url, open_page):
    page = open_page(page_url())
    page.keyboard.press("?")
    page.uncheck("#single-keys")
    page.click("#keys-dialog button")
    page.keyboard.press("c")
    assert page.get_attribute("#captions", "aria-pressed") == "true"


def test_every_control_can_be_reached_and_seen_by_keyboard(page_url, open_page):
    page = open_page(page_url())
    bar = ["seek", "play", "back", "speed", "look", "captions", "sound", "full"]
    wanted = [*bar, "keys", "find", "yes", "not-yet", "comment"]
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e.closest('.find') || e);"
            " const ring = parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none';"
            " return [e.id, e === document.body || e.id === 'seek' || ring] }"
        )
        assert found[1], f"{found[0]} shows no focus, after {reached}"
        reached.append(found[0])
    assert list(dict.fromkeys(each for each in reached if each in wanted)) == wanted


def test_answers_and_comments_are_kept_and_can_be_saved_as_a_file(page_url, open_page, play):
    page = open_page(page_url())
    play(page, at_s=6)
    page.evaluate("() => document.querySelector('video').pause()")
    page.click("#yes")
    page.click("#not-yet")
    page.click("#comment")
    page.fill("#comment-text", "What if “nobody” answers? <b>👋</b>")
    page.click("#comment-form >> text=Send")
    page.reload()
    assert page.get_attribute("#not-yet", "aria-pressed") == "true"
    assert page.get_attribute("#yes", "aria-pressed") == "false"
    with page.expect_download() as download:
        page.click("#keep")
    said = download.value.path().read_text()
    assert '"helped": false' in said
    assert "What if “nobody” answers? <b>👋</b>" in said
    assert '"at_s": 6' in said


@pytest.mark.drill
def test_answers_go_to_the_producers_address_and_wait_for_the_network(page_url, open_page, play):
    page = open_page(page_url(feedback_url="https://feedback.example.com/lapel"), quiet=False)
    arrived = []
    page.route(
        "https://feedback.example.com/**",
        lambda route: (arrived.append(route.request.post_data_json), route.fulfill(status=204)),
    )
    page.context.set_offline(True)
    page.click("#yes")
    page.wait_for_timeout(300)
    assert "the people who made this" in page.inner_text("#thanks")
    page.reload()
    page.context.set_offline(False)
    page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.endsWith(':unsent'))")
    assert [each["helped"] for each in arrived][-1:] == [True]
    assert len(arrived) == 1


def test_without_an_address_the_page_may_speak_to_nobody(page_url, open_page):
    page = open_page(page_url(), quiet=False)
    blocked = page.evaluate(
        "() => new Promise((resolve) => { document.addEventListener('securitypolicyviolation',"
        " (event) => resolve(event.effectiveDirective)); fetch('https://a.example/').catch(() => {}) })"
    )
    assert blocked == "connect-src"


def test_a_video_that_cannot_play_leaves_the_transcript_and_a_link(page_url, open_page, tmp_path):
    url = page_url()
    (tmp_path / "turn-a-web-enquiry-web" / "video.mp4").write_bytes(b"not a video")
    page = open_page(url, quiet=False)
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.get_attribute("#trouble a", "href") == "video.mp4"
    assert page.is_visible(".line >> text=If we rang inside the hour")


def test_below_720_px_the_parts_are_tabs(page_url, open_page):
    page = open_page(page_url(), width=390, height=844)
    assert page.get_attribute("#tab-transcript", "aria-selected") == "true"
    assert page.is_hidden("#chapters")
    page.focus("#tab-transcript")
    page.keyboard.press("ArrowLeft")
    assert page.is_visible("#chapters")
    page.keyboard.press("End")
    assert page.is_visible("#about")
    assert page.is_visible("#yes")


@pytest.mark.parametrize("width", [320, 390, 719, 720, 1024, 1280, 1920])
def test_nothing_is_wider_than_the_window(page_url, open_page, width):
    page = open_page(page_url(title="Donaudampfschifffahrtsgesellschaftskapitänsmütze " * 3), width=width)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    outside = page.evaluate(
        "() => Array.from(document.querySelectorAll('button, input, a, textarea'))"
        ".map((e) => [e.id, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && (r.left < -0.5 || r.right > innerWidth + 0.5)).map(([id]) => id)"
    )
    assert outside == []


@pytest.mark.drill
def test_two_tabs_at_once_lose_nothing_of_each_other(page_url, open_page):
    url = page_url()
    one = open_page(url)
    other = one.context.new_page()
    other.goto(url)
    other.wait_for_function("() => window.LapelPlayer && LapelPlayer.player")
    one.evaluate("() => { LapelPlayer.tracker.watch(0, 4); LapelPlayer.tracker.flush() }")
    other.evaluate("() => { LapelPlayer.tracker.watch(8, 12); LapelPlayer.tracker.flush() }")
    one.evaluate("() => { LapelPlayer.tracker.watch(4, 5); LapelPlayer.tracker.flush() }")
    one.reload()
    one.wait_for_function("() => window.LapelPlayer && LapelPlayer.player")
    assert one.evaluate("() => LapelPlayer.tracker.state.segments") == [[0, 50], [80, 120]]


@pytest.mark.drill
def test_500_chapters_and_10_000_cues_stay_usable(page_url, open_page, play):
    cues = tuple(
        Cue(i * 1600, (i + 1) * 1600, (f"Sentence number {i}, with some words in it.",))
        for i in range(10_000)
    )
    chapters = tuple(ChapterMark(i * 32_000, f"Chapter {i}") for i in range(500))
    page = open_page(page_url(cues=cues, chapters=chapters))
    play(page, at_s=8)
    page.keyboard.press("/")
    page.keyboard.type("number")
    assert page.inner_text("#found") == "1 of 10000"
    assert page.locator("mark").count() <= 400
    page.keyboard.type(" 9999")
    assert page.inner_text("#found") == "1 of 1"
    page.keyboard.press("Enter")
    assert page.is_visible("text=Sentence number 9999")
    at_s = page.evaluate(NOW)
    until(page, f"() => document.querySelector('video').currentTime > {at_s + 0.5}")
