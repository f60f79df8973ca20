"""The plain video: captions, chapters and title inside and beside it, whatever people typed."""

import hashlib
import json
from pathlib import Path

import av
import pytest

from capture.work import Cancelled, Work
from editor import caption_files
from editor.language import three_letters
from editor.model import ChapterMark, Cue, Expert, Tags
from export import transcript_files
from export.video import Video, chapter_list

GOLDEN = Path(__file__).parent / "golden" / "video.json"
S = 1_000_000
STEM = "turn-a-web-enquiry"


@pytest.fixture
def build(edition, tmp_path):
    def make(name="built", **changes):
        (tmp_path / name).mkdir()
        return Video().build(edition(**changes), tmp_path / name, work=Work())

    return make


def told(path):
    """What another program reads in the MP4."""
    with av.open(str(path)) as film:
        streams = [[each.type, each.language] for each in film.streams if each.type != "data"]
        chapters = [
            [
                float(each["start"] * each["time_base"]),
                float(each["end"] * each["time_base"]),
                each["metadata"]["title"],
            ]
            for each in film.chapters()
        ]
        return {"metadata": dict(film.metadata), "streams": streams, "chapters": chapters}


def test_the_folder_and_what_players_read_are_the_golden_ones(build):
    """Look at the difference; if it is meant, write the new text to the golden file."""
    folder = build()
    files = sorted(path.name for path in folder.iterdir())
    assert {"files": files, **told(folder / f"{STEM}.mp4")} == json.loads(GOLDEN.read_text())


def test_nothing_else_is_left_behind(build, tmp_path):
    build()
    assert [path.name for path in (tmp_path / "built").iterdir()] == [f"{STEM}-video"]


def test_picture_and_sound_are_copied_untouched(build, media):
    def packets(path):
        with av.open(str(path)) as film:
            chosen = film.streams.video[0], film.streams.audio[0]
            return [(p.stream_index, p.pts, hashlib.sha256(bytes(p)).digest()) for p in film.demux(*chosen)]

    assert packets(build() / f"{STEM}.mp4") == packets(media / "video.mp4")


def test_the_captions_inside_say_what_the_files_beside_it_say(build):
    folder = build()
    with av.open(str(folder / f"{STEM}.mp4")) as film:
        texts = [bytes(p)[2:].decode() for p in film.demux(film.streams.subtitles[0]) if p.size > 2]
    beside = [caption_files.read_cues(folder / f"{STEM}.{kind}") for kind in ("srt", "vtt")]
    assert beside[0][1:] == beside[1][1:]
    assert beside[0][0].lines[0].startswith("Amara Osei: ")
    assert texts == ["\n".join(cue.lines) for cue in beside[0]]


def test_it_is_bit_identical_when_built_again(build):
    one, other = build("one"), build("two")
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes()


def test_what_people_typed_stays_text(build):
    hostile = "[CHAPTER]\nSTART=0;#=\\ \x00\ud800 {\\an8}<b>👋 \u202e--> </title><script>"
    folder = build(
        title=hostile,
        summary=hostile,
        expert=Expert(hostile, hostile),
        tags=Tags(roles=(hostile,), keywords=(hostile,), when_to_use=hostile),
        cues=(Cue(0, S, (hostile,)), Cue(2 * S, 3 * S, (hostile, hostile))),
        chapters=(ChapterMark(0, hostile), ChapterMark(2 * S, hostile)),
    )
    found = told(folder / f"{STEM}.mp4")
    assert len(found["chapters"]) == 2
    assert found["chapters"][0][2] == found["metadata"]["title"]
    assert found["metadata"]["title"].startswith("[CHAPTER] START=0;#=\\")
    page = (folder / f"{STEM}-transcript.html").read_text()
    assert "<script>" not in page
    assert "\\[CHAPTER\\]" in (folder / f"{STEM}-transcript.md").read_text()


def test_a_bare_resource_makes_a_video_too(build):
    folder = build(summary="", expert=Expert(), tags=Tags(), cues=(), chapters=())
    assert sorted(path.name for path in folder.iterdir()) == [
        *(f"{STEM}-transcript.{kind}" for kind in ("html", "md", "txt")),
        *(f"{STEM}.{kind}" for kind in ("jpg", "mp4")),
    ]


def test_stopping_is_heard(edition, tmp_path):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        Video().build(edition(), tmp_path, work=work)


def test_the_chapter_list_is_what_video_sites_take():
    marks = (ChapterMark(0, "What it is"), ChapterMark(3_683 * S, "Later\non"))
    assert chapter_list(marks) == "0:00 What it is\n1:01:23 Later on\n"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "eng"), ("en-GB", "eng"), ("de", "deu"), ("haw", "haw"), ("", "und"), ("qq", "und")],
)
def test_languages_in_three_letters(tag, code):
    assert three_letters(tag) == code


def test_the_transcript_goes_chapter_by_chapter(edition):
    version = edition().version
    found = transcript_files.parts(version)
    assert [part.title for part in found] == ["What it is", "Why it matters", "When to use it"]
    assert [len(part.lines) for part in found] == [2, 2, 1]
    page = transcript_files.html_file(version, video="a.mp4")
    assert '<a href="a.mp4#t=5.0">0:05</a> If we rang inside the hour' in page


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("1. First", "1\\. First"),
        ("# no heading", "\\# no heading"),
        ("a_b *c*", "a\\_b \\*c\\*"),
        ("One. Two", "One. Two"),
    ],
)
def test_markdown_takes_nothing_for_markup(edition, line, written):
    version = edition(summary=line).version
    assert transcript_files.markdown_file(version).split("\n\n")[2] == written
