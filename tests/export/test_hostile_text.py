"""Whatever is typed or said, in every place of every package: it is shown as text and never does anything."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from capture.work import Work
from export import registry
from export.package import clean
from export.package_check import MANIFESTS, check_package
from export.package_files import open_package
from export.target import Edition
from tests.export.hostile import CORPUS, hostile_version, texts

PAGES = [target for target in registry.BUILT if target != "video"]


@pytest.fixture(scope="module")
def built(media, tmp_path_factory):
    """``built(target, *texts)``: the package of a version made of these texts."""

    def make(target, *given):
        folder = tmp_path_factory.mktemp(target)
        edition = Edition(hostile_version(*given), media / "video.mp4", media / "poster.jpg", "hostile")
        return registry.find_targets([target])[0].build(edition, folder, work=Work())

    return make


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """The same without a real video, which a property test would copy a hundred times."""
    folder = tmp_path_factory.mktemp("light")
    (folder / "video.mp4").write_bytes(b"film")
    (folder / "poster.jpg").write_bytes(b"\xff\xd8\xff\xd9")

    def make(target, *given):
        place = tmp_path_factory.mktemp(target)
        edition = Edition(hostile_version(*given), folder / "video.mp4", folder / "poster.jpg", "hostile")
        return registry.find_targets([target])[0].build(edition, place, work=Work())

    return make


@pytest.mark.parametrize("target", PAGES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=texts, other=texts)
def test_every_package_of_any_text_keeps_every_rule(light, target, one, other):
    assert check_package(light(target, one, other), target=target) == ()


GROUPS = [CORPUS[at : at + 7] for at in range(0, len(CORPUS), 7)]


@pytest.mark.parametrize("target", PAGES)
def test_every_text_of_the_corpus_gives_a_good_package(light, target):
    for group in GROUPS:
        package = light(target, *group)
        found = check_package(package, target=target)
        assert found == (), (group, found)
        assert all(name.isascii() for name in open_package(package).names)


@pytest.mark.parametrize("target", [target for target in PAGES if target in MANIFESTS])
def test_what_a_manifest_says_is_what_was_typed(light, target):
    for group in GROUPS:
        with zipfile.ZipFile(light(target, *group)) as archive:
            root = etree.fromstring(archive.read(MANIFESTS[target][1]))
        version = hostile_version(*group)
        said = [re.sub(r"\W", "", each) for each in root.itertext()]
        for text in (version.title, version.summary):
            wanted = re.sub(r"\W", "", clean(text))[:50]
            assert any(each.startswith(wanted) for each in said), text


@pytest.fixture
def watched(browser):
    """``watched(url)``: open a page where running any hostile text would be heard; return what was heard."""
    contexts = []

    def visit(url):
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        heard = []
        page.expose_function("hostile", lambda *_: heard.append("a text ran as a script"))
        page.on("dialog", lambda each: (heard.append(f"dialog {each.message}"), each.dismiss()))
        page.on("console", lambda each: heard.append(each.text) if each.type == "error" else None)
        page.on("pageerror", lambda each: heard.append(str(each)))
        page.on("request", lambda each: heard.append(f"asked for {each.url}") if _leaves(each.url) else None)
        page.on(
            "framenavigated", lambda each: heard.append(f"went to {each.url}") if _leaves(each.url) else None
        )
        page.goto(url)
        return page, heard

    yield visit
    for context in contexts:
        context.close()


def _leaves(url):
    return not url.startswith(("file:", "data:,", "data:image", "blob:", "about:blank", "http://127.0.0.1:"))


@pytest.mark.parametrize("part", range(4))
def test_chromium_shows_every_text_and_runs_none(built, watched, part):
    """The page that every target shares, with a quarter of the corpus in it, and every panel opened."""
    texts_here = CORPUS[part::4]
    folder = built("web", *texts_here)
    page, heard = watched((folder / "index.html").as_uri())
    page.wait_for_function("() => window.LapelPlayer && LapelPlayer.player")
    page.evaluate(
        "async () => { const v = document.querySelector('video'); v.muted = true;"
        " for (const cue of LAPEL.cues) { v.currentTime = cue[0] + 0.2;"
        " await new Promise((done) => v.addEventListener('seeked', done, { once: true })); } }"
    )
    page.click("#keys")
    page.keyboard.press("Escape")
    page.fill("#find", "hostile")
    page.click("#comment")
    page.fill("#comment-text", " ".join(texts_here)[:600])
    page.click("#comment-form >> text=Send")
    for each in page.query_selector_all("[onerror],[onload],[onfocus],iframe,img[src=x],svg[onload]"):
        heard.append(each.inner_html())
    assert heard == []
    title = page.evaluate("() => LAPEL.title")
    assert page.inner_text("h1").split() == clean(title).replace("\ufeff", "").split() or page.inner_text(
        "h1"
    )


@pytest.mark.parametrize("target", [target for target in registry.BUILT if target not in ("web", "video")])
def test_the_preview_shows_hostile_packages_and_runs_nothing(built, watched, serve_package, target):
    page, heard = watched(serve_package(built(target, *CORPUS[:20]), target=target))
    page.wait_for_function("() => LAPEL_CALLS.length > 2")
    frame = next(each for each in page.frames if "/package/" in each.url)
    frame.wait_for_function("() => window.LapelPlayer && LapelPlayer.player")
    frame.click("#not-yet")
    frame.click("#comment")
    frame.fill("#comment-text", CORPUS[1] + CORPUS[4])
    frame.click("#comment-form >> text=Send")
    page.wait_for_function("() => document.querySelector('#log').textContent.includes('hostile()')")
    # A record store says 404 where there is no state yet; Chromium writes that down as an error.
    assert [each for each in heard if "404" not in each] == []


@pytest.mark.skipif("video" not in registry.BUILT, reason="the target is not there yet")
def test_files_of_the_plain_video_hold_the_texts_and_nothing_else(built):
    made = Path(built("video", *CORPUS))
    assert check_package(made, target="video") == ()
    names = [each.name for each in made.rglob("*")]
    assert all(name.isascii() for name in names)
    cues = next(made.rglob("*.vtt")).read_text(encoding="utf-8")
    times = [line for line in cues.splitlines() if "-->" in line]
    assert len(times) == len(hostile_version(*CORPUS).cues)


def test_the_data_of_a_page_cannot_end_its_script(light):
    for group in GROUPS:
        data = (light("web", *group) / "data.js").read_text()
        assert data.isascii()
        assert not re.search(r"[<>&]", data.partition("LAPEL=")[2])
        told = json.loads(data.partition("LAPEL=")[2].rstrip(";\n"))
        version = hostile_version(*group)
        assert told["title"] == version.title
        assert [lines for _, _, lines in told["cues"]] == [list(cue.lines) for cue in version.cues]
