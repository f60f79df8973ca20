"""axe-core finds nothing, in both themes, at every width, with every panel open.

The pages are not ``quiet`` here: axe itself tries to fetch the style sheet, which the page's policy refuses.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from capture.work import Work
from export.web import Web

#: WCAG 2.2 AA and axe's own best practices: everything axe knows.
OPTIONS: dict[str, object] = {}


def findings(page):
    results = Axe().run(page, options=OPTIONS).response
    assert len(results["passes"]) > 20  # it did look
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in results["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800, 1280])
def test_axe_finds_nothing(edition, tmp_path, open_page, play, theme, width):
    index = Web().build(edition(), tmp_path, work=Work()) / "index.html"
    page = open_page(index.as_uri(), width=width, color_scheme=theme, quiet=False)
    play(page, at_s=5.5)
    page.evaluate("() => document.querySelector('video').pause()")
    page.keyboard.press("/")
    page.keyboard.type("rang")
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(edition, tmp_path, open_page, theme):
    index = Web().build(edition(), tmp_path, work=Work()) / "index.html"
    page = open_page(index.as_uri(), color_scheme=theme, quiet=False)
    page.click("#yes")
    page.click("#comment")
    page.click("#look")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.click("#speed")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.click("#keys")
    assert findings(page) == []


def test_axe_finds_nothing_in_each_tab(edition, tmp_path, open_page):
    index = Web().build(edition(), tmp_path, work=Work()) / "index.html"
    page = open_page(index.as_uri(), width=390, height=844, quiet=False)
    for tab in ("chapters", "transcript", "about"):
        page.click(f"#tab-{tab}")
        assert findings(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("changes", [{}, {"chapters": (), "feedback": False}])
def test_axe_finds_nothing_where_the_transcript_is_left_out_and_the_video_offered(
    edition, tmp_path, open_page, width, changes
):
    made = edition(transcript=False, download=True, **changes)
    index = Web().build(made, tmp_path, work=Work()) / "index.html"
    page = open_page(index.as_uri(), width=width, quiet=False)
    if width < 720:
        page.click("#tab-about")
    assert findings(page) == []
