"""The page as text: nothing remote, nothing inline, nothing of what people typed taken for code."""

import json
import re

import pytest
from lxml import html

from capture.work import Work
from editor.model import ChapterMark, Cue, Expert, Tags
from export import player
from export.scorm12 import Scorm12
from export.web import Web

S = 1_000_000
HOSTILE = (
    "<script>window.HACKED = 1</script>",
    '"><img src=x onerror=window.HACKED=1>',
    "'; window.HACKED = 1; //",
    "</script><svg onload=window.HACKED=1>",
    "{{ 7 * 7 }} ${7 * 7} {placeholder} %s",
    "\u2028\u2029]]>--!><!--",
    "\u202eعربي عکس \u200f👋🏽 e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "&lt;b&gt; &amp; <b>bold</b> <v Roger> <00:01.000>",
    "a\x00b\x1bc\x7f\ud83d",
    "x" * 300,
)


def hostile_changes(text):
    return {
        "title": text,
        "summary": text,
        "expert": Expert(text, text),
        "tags": Tags("advanced", (text, f"{text} 2"), ("skill",), (text,), text, (text,), "ar"),
        "cues": (Cue(0, 8 * S, (text[:42], text[42:84])), Cue(8 * S, 16 * S, (text,))),
        "chapters": (ChapterMark(0, text), ChapterMark(8 * S, text)),
    }


def data_of(edition):
    entry = next(each for each in player.page(edition, adapter="web") if each.name == "data.js")
    return json.loads(entry.source.decode().partition("window.LAPEL=")[2].rstrip(";\n"))


def test_nothing_is_remote_and_nothing_is_inline(edition):
    entries = {each.name: each for each in player.page(edition(), adapter="web")}
    page = html.fromstring(entries["index.html"].source)
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        for name in ("src", "href", "poster"):
            assert element.get(name, "data:,") in {*entries, "data:,"}
    assert [script.text for script in page.iter("script")] == [None] * 3
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    own = b"".join(entries[name].source for name in ("index.html", "data.js", "player.js"))
    assert not re.search(rb"https?://", own)
    assert b"url(http" not in entries["player.css"].source.read_bytes()


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_stays_text_in_the_page_and_its_data(edition, text):
    made = edition(**hostile_changes(text))
    page = html.fromstring(next(e for e in player.page(made, adapter="web")).source.decode())
    assert len(page.xpath("//script")) == 3
    assert not page.xpath("//body//*[@onerror or @onload]")
    assert data_of(made)["title"] == text
    raw = next(e for e in player.page(made, adapter="web") if e.name == "data.js").source
    assert raw.isascii()
    assert not set(b"<>&") & set(raw)


@pytest.mark.parametrize("shift", [0, 3, 6])
@pytest.mark.parametrize("target", [Web(), Scorm12()], ids=lambda target: target.name)
def test_typed_text_runs_nothing_in_a_browser(
    edition, tmp_path, open_page, serve_package, play, shift, target
):
    texts = [HOSTILE[(index + shift) % len(HOSTILE)] for index in range(len(HOSTILE))]
    changes = {
        "title": texts[0],
        "summary": texts[1],
        "expert": Expert(texts[2], texts[3]),
        "tags": Tags("advanced", (texts[4], texts[5]), ("skill",), (texts[6],), texts[7], (texts[8],), "ar"),
        "cues": (Cue(0, 8 * S, tuple(texts)), Cue(8 * S, 16 * S, (texts[9], texts[0]))),
        "chapters": tuple(ChapterMark(index * S, text) for index, text in enumerate(texts)),
    }
    path = target.build(edition(**changes), tmp_path, work=Work())
    page = open_page(serve_package(path, target=target.name) + "package/index.html")
    play(page, at_s=9.5)
    page.wait_for_function("() => document.querySelector('#caption-lines').textContent")
    shown = page.evaluate("() => document.querySelector('#caption-lines').textContent")
    assert shown == f"{texts[9]}\n{texts[0]}".replace("\ud83d", "\ufffd")
    page.keyboard.press("/")
    page.keyboard.type(texts[0][:20].replace("\n", " "))
    page.click("#comment")
    page.fill("#comment-text", texts[1].replace("\ud83d", ""))
    page.click("#comment-form button")
    assert page.evaluate("() => window.HACKED") is None
    assert page.locator("#about img, #lines img, #caption img, #chapters svg[onload]").count() == 0


def test_the_transcript_reads_as_sentences(edition):
    version = edition().version
    lines = player.transcript_lines(version.cues, version.chapters)
    assert [line.lines[0] for line in lines] == [
        "This is how we turn a web enquiry into a call.",
        "An enquiry goes cold fast.",
        "If we rang inside the hour, one in three booked a visit.",
        "The only thing that changed was when we rang and what we said first.",
        "Any time one lands, ring.",
    ]


def test_a_sentence_that_starts_inside_a_cue_starts_a_line():
    cues = (Cue(0, 4 * S, ("It goes cold.", "Then Dr. Osei")), Cue(4 * S, 5 * S, ("rings.",)))
    first, second = player.transcript_lines(cues, ())
    assert (first.lines[0], second.lines[0]) == ("It goes cold.", "Then Dr. Osei rings.")
    assert second.start_us == pytest.approx(2 * S, abs=S / 4)


def test_words_without_spaces_between_them_stay_together():
    cues = (Cue(0, S, ("一时间内", "打电话。")), Cue(S, 2 * S, ("很好。",)))
    assert player.transcript_lines(cues, ())[0].lines == ("一时间内打电话。",)


def test_a_chapter_starts_a_line_of_its_own():
    cues = (Cue(0, S, ("and so on",)), Cue(S, 2 * S, ("Next thing",)))
    lines = player.transcript_lines(cues, (ChapterMark(0, "a"), ChapterMark(S, "b")))
    assert [line.start_us for line in lines] == [0, S]


def test_speech_without_full_stops_still_ends_its_lines():
    cues = tuple(Cue(i * S, (i + 1) * S, ("so and then we rang them all",)) for i in range(40))
    assert all(len(line.lines[0]) <= player.LINE_LENGTH for line in player.transcript_lines(cues, ()))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (43.9, "0:43"), (217, "3:37"), (3683, "1:01:23")]
)
def test_times_read_as_people_write_them(seconds, shown):
    assert player.clock(seconds) == shown


def test_a_bare_resource_makes_a_page_too(edition, tmp_path, open_page):
    bare = edition(summary="", expert=Expert(), tags=Tags(), cues=(), chapters=(), feedback=False)
    page = open_page((Web().build(bare, tmp_path, work=Work()) / "index.html").as_uri())
    assert page.locator("#captions, #feedback, #chapters").count() == 0
    assert "no captions" in page.inner_text("#transcript")
