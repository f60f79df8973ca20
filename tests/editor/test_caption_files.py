"""Caption files open everywhere, and hostile words in them stay words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
from capture.errors import BadInputError
from editor.caption_files import plain_text, read_cues, srt_text, vtt_text, write_srt, write_vtt
from editor.model import ChapterMark, Cue

S = 1_000_000
CUES = (
    Cue(500_000, 2_000_400, ("Ring within the hour,", "and open with their words.")),
    Cue(2_080_000, 3_661_000_000, ("اتصل خلال ساعة", "für Übung: 電話")),
)
HOSTILE = (
    "<script>alert(1)</script>",
    "--> 00:00:09.000",
    "a & b < c > d",
    "{\\an8}up here",
    "WEBVTT",
    "NOTE this",
    "1",
    "&lt;b&gt;",
    "line\u2028break\x00\x07",
)


def test_webvtt_as_the_standard_has_it():
    assert vtt_text(CUES[:1]) == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nRing within the hour,\nand open with their words.\n"
    )


def test_subrip_has_numbers_and_commas():
    assert srt_text(CUES[:1]) == (
        "1\n00:00:00,500 --> 00:00:02,000\nRing within the hour,\nand open with their words.\n"
    )


def test_files_are_utf8_without_a_byte_order_mark(tmp_path: Path):
    write_vtt(CUES, tmp_path / "a.vtt")
    write_srt(CUES, tmp_path / "a.srt")
    assert (tmp_path / "a.vtt").read_bytes().startswith(b"WEBVTT\n")
    assert (tmp_path / "a.srt").read_bytes().startswith(b"1\n")
    assert "電話".encode() in (tmp_path / "a.vtt").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.srt", "a.vtt"]


@pytest.mark.parametrize("name", ["a.vtt", "a.srt"])
def test_what_was_written_is_read_again(tmp_path: Path, name: str):
    (write_vtt if name == "a.vtt" else write_srt)(CUES, tmp_path / name)
    assert read_cues(tmp_path / name) == (Cue(500_000, 2_000_000, CUES[0].lines), CUES[1])


def test_no_captions_make_an_empty_file():
    assert vtt_text(()) == "WEBVTT\n"
    assert srt_text(()) == ""


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_are_words(tmp_path: Path, word: str):
    cues = (Cue(0, S, ("before", word)), Cue(2 * S, 3 * S, (word, "after")))
    text = vtt_text(cues)
    assert text.count("-->") == 2
    assert "<" not in text
    assert srt_text(cues).count("-->") == 2
    assert "<" not in srt_text(cues)
    assert "{\\" not in srt_text(cues)
    for write, name in ((write_vtt, "a.vtt"), (write_srt, "a.srt")):
        write(cues, tmp_path / name)
        again = read_cues(tmp_path / name)
        assert [(cue.start_us, cue.end_us, len(cue.lines)) for cue in again] == [(0, S, 2), (2 * S, 3 * S, 2)]
    assert read_cues(tmp_path / "a.vtt")[0].lines[1] == word.replace("\u2028", " ").rstrip("\x00\x07")


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=3))
def test_any_text_makes_files_with_exactly_its_captions(lines: list[str]):
    cues = (Cue(0, S, tuple(lines)), Cue(2 * S, 3 * S, ("end",)))
    assert vtt_text(cues).count("-->") == 2
    assert srt_text(cues).count("-->") == 2


def test_files_of_others_are_read(tmp_path: Path):
    (tmp_path / "a.vtt").write_text(
        "\ufeffWEBVTT - made elsewhere\n\nNOTE by hand\n\nid-1\n00:01.000 --> 00:02.500 line:0\n"
        "<v Amara>Ring &amp; <b>wait</b>\n"
    )
    (tmp_path / "a.srt").write_bytes(
        b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,500\r\nRing & <i>wait</i>\r\n"
    )
    expected = (Cue(S, 2_500_000, ("Ring & wait",)),)
    assert read_cues(tmp_path / "a.vtt") == expected
    assert read_cues(tmp_path / "a.srt") == expected


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "captions.unreadable"),
        (b"no captions at all", "captions.unreadable"),
        (b"\xff\xfe\x00binary", "captions.unreadable"),
        (b"WEBVTT\n\n00:00:xx.000 --> 00:00:02.000\nhello\n", "captions.unreadable"),
        (b"1\n00:00:01,000 --> later\nhello\n", "captions.unreadable"),
        (b"WEBVTT\n", "captions.unreadable"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:03.000 -> 00:04.000\nb\n", "captions.unreadable"),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,000 -> 00:00:04,000\nb\n",
            "captions.unreadable",
        ),
        (b"WEBVTT\n\n00:00:03.000 --> 00:00:02.000\nhello\n", "captions.broken_time"),
        (
            b"WEBVTT\n\n00:00:05.000 --> 00:00:06.000\na\n\n00:00:01.000 --> 00:00:02.000\nb\n",
            "captions.broken_time",
        ),
    ],
)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, content: bytes, key: str):
    (tmp_path / "a.srt").write_bytes(content)
    with pytest.raises(BadInputError) as error:
        read_cues(tmp_path / "a.srt")
    assert error.value.message_key == key
    assert "\n" not in assets.text(f"errors.{key}", **error.value.params)


def test_what_reads_like_a_tag_in_subrip_is_text(tmp_path: Path):
    (tmp_path / "a.srt").write_text(
        '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color="#fff">if a < b</font> and <i>c</i> > d\n'
    )
    assert read_cues(tmp_path / "a.srt")[0].lines == ("if a < b and c > d",)


def test_captions_without_text_are_left_out(tmp_path: Path):
    for name, text in {
        "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nWait -> then ring.\n",
        "a.vtt": "WEBVTT\n\nNOTE 1 -> 2\n\n00:01.000 --> 00:02.000\n<i></i>\n\n00:03.000 --> 00:04.000\n"
        "Wait -&gt; then ring.\n",
    }.items():
        (tmp_path / name).write_text(text)
        assert read_cues(tmp_path / name) == (Cue(3 * S, 4 * S, ("Wait -> then ring.",)),)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(BadInputError):
        read_cues(tmp_path / "none.vtt")


def test_the_transcript_has_a_paragraph_for_each_chapter_below_its_title():
    cues = (
        Cue(0, S, ("Ring within", "the hour.")),
        Cue(S, 2 * S, ("Then wait.",)),
        Cue(5 * S, 6 * S, ("It goes cold.",)),
    )
    chapters = (ChapterMark(0, "What it is"), ChapterMark(4 * S, "Why it matters"))
    assert plain_text(cues, chapters) == (
        "What it is\n\nRing within the hour. Then wait.\n\nWhy it matters\n\nIt goes cold.\n"
    )


def test_a_name_that_ends_in_hyphens_makes_no_arrow(tmp_path: Path):
    write_vtt([Cue(0, 2_000_000, ("Ring.",))], tmp_path / "a.vtt", speaker="Amara --")
    assert read_cues(tmp_path / "a.vtt")[0].lines == ("Ring.",)


def test_the_first_caption_names_the_speaker(tmp_path: Path):
    cues = (Cue(0, S, ("So, what I do is turn", "a web enquiry into a call.")), CUES[1])
    assert "<v Amara Osei>So, what I do is turn\n" in vtt_text(cues, speaker="Amara Osei")
    assert vtt_text(cues, speaker="Amara Osei").count("Amara") == 1
    named = srt_text(cues, speaker="Amara Osei")
    assert "\nAmara Osei: So, what I do is\nturn a web enquiry into a call.\n" in named
    write_vtt(cues, tmp_path / "a.vtt", speaker="Amara Osei")
    assert read_cues(tmp_path / "a.vtt")[0].lines == cues[0].lines
    full = (Cue(0, S, ("x" * 40, "y" * 40)),)
    assert "\nAmara Osei:\n" in srt_text(full, speaker="Amara Osei")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str):
    for text in (vtt_text(CUES, speaker=name), srt_text(CUES, speaker=name)):
        assert text.count("-->") == 2
        assert "<script" not in text
