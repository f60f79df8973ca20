"""What learners get is the producer's decision, in every package; each gives the same bytes every time."""

import re
import zipfile

import pytest
from lxml import html

from capture.work import Work
from export import player
from export.registry import TARGETS

PAGES = [target for target in TARGETS if target.name != "video"]
SAID = "An enquiry goes cold fast."
by_name = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
pages_by_name = pytest.mark.parametrize("target", PAGES, ids=lambda target: target.name)


def files_of(package):
    if package.is_dir():
        return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*.*")}
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def build(target, edition, folder, **changes):
    folder.mkdir()
    return files_of(target.build(edition(**changes), folder, work=Work()))


def page_of(files):
    return html.fromstring(files["index.html"].decode())


@by_name
def test_a_decision_gives_the_same_bytes_each_time_and_others_than_its_opposite(edition, tmp_path, target):
    for name, changes in (("plain", {}), ("less", {"transcript": False}), ("more", {"download": True})):
        first = build(target, edition, tmp_path / f"{name}-1", **changes)
        assert build(target, edition, tmp_path / f"{name}-2", **changes) == first
        if name != "plain" and (target.name, name) != ("video", "more"):  # that one is the download
            assert first != build(target, edition, tmp_path / f"{name}-3")


@pages_by_name
def test_a_page_without_a_transcript_holds_captions_but_no_text_to_read(edition, tmp_path, target):
    files = build(target, edition, tmp_path / "less", transcript=False)
    page = page_of(files)
    assert (
        page.xpath("//*[@id='transcript' or @id='find' or @id='tab-transcript' or @class='row line']") == []
    )
    assert SAID not in page.text_content()
    assert SAID in files["captions.vtt"].decode()
    assert "Search the transcript" not in page.text_content()
    assert SAID in page_of(build(target, edition, tmp_path / "plain")).text_content()


def test_the_plain_video_without_a_transcript_keeps_its_captions_and_chapters(edition, tmp_path):
    target = next(each for each in TARGETS if each.name == "video")
    plain = build(target, edition, tmp_path / "plain")
    less = build(target, edition, tmp_path / "less", transcript=False)
    assert {name for name in plain if "-transcript." in name} == set(plain) - set(less) != set()
    assert {name.rpartition(".")[2] for name in less} >= {"mp4", "vtt", "srt", "jpg"}


@pages_by_name
def test_the_video_is_offered_as_a_file_only_where_that_was_decided(edition, tmp_path, target):
    offered = page_of(build(target, edition, tmp_path / "more", download=True)).xpath("//a[@id='keep-video']")
    assert [(link.get("href"), link.get("download")) for link in offered] == [
        (player.VIDEO, "turn-a-web-enquiry-into-a-booked-call.mp4")
    ]
    assert page_of(build(target, edition, tmp_path / "plain")).xpath("//a[@id='keep-video']") == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("changes", [{}, {"chapters": ()}, {"chapters": (), "feedback": False}])
def test_a_page_without_a_transcript_works_in_a_browser(edition, tmp_path, open_page, width, changes):
    target = next(each for each in TARGETS if each.name == "web")
    made = edition(transcript=False, download=True, **changes)
    folder = target.build(made, tmp_path, work=Work())
    page = open_page((folder / "index.html").as_uri(), width=width)
    page.keyboard.press("/")  # searches the transcript where there is one
    assert page.locator("#keep-video").is_visible() or page.locator("#tab-about").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width > 720:
        side = page.locator(".side")
        assert side.is_visible() == bool(made.version.chapters or made.version.feedback)
    else:
        assert re.search("is-open", page.locator(".part.is-open").first.get_attribute("class"))
