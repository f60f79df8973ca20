"""Packages: ASCII names for any title, the same bytes every time, and nothing read into memory whole."""

import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.work import Cancelled, Work
from export.package import Entry, clean, size_bytes, stem_of, write_folder, write_zip


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Turn a web enquiry into a booked call", "turn-a-web-enquiry-into-a-booked-call"),
        ("Überfällige Prüfungen: wie geht’s?", "uberfallige-prufungen-wie-gehts"),
        ("../../etc/passwd", "etc-passwd"),
        ('<script>alert("x")</script>', "script-alert-x-script"),
        ("👋👋", "resource-rk7"),
        ("كيف نرد على العملاء", "resource-rk7"),
        ("", "resource-rk7"),
        ("con", "resource-rk7"),
    ],
)
def test_a_title_becomes_an_ascii_name(title, stem):
    assert stem_of(title, otherwise="rk7") == stem


@given(st.text(max_size=400))
def test_no_title_makes_a_name_that_a_disk_refuses(title):
    stem = stem_of(title, otherwise="rk7wz3")
    assert 0 < len(stem) <= 60
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.text())
def test_cleaned_text_is_what_xml_can_hold(text):
    from lxml import etree

    element = etree.Element("a")
    element.text = clean(text)  # raises ValueError otherwise


def test_the_same_entries_give_the_same_bytes(tmp_path):
    (tmp_path / "video.mp4").write_bytes(b"film" * 1000)
    entries = [Entry("index.html", b"<p>"), Entry("video.mp4", tmp_path / "video.mp4")]
    for name in ("one.zip", "two.zip"):
        write_zip(tmp_path / name, entries, work=Work())
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.html", "video.mp4"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_memory_stays_flat(tmp_path):
    video = tmp_path / "video.mp4"
    with video.open("wb") as file:
        file.truncate(300 << 20)  # sparse: no disk is used
    tracemalloc.start()
    write_zip(tmp_path / "big.zip", [Entry("video.mp4", video)], work=Work())
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size_bytes(tmp_path / "big.zip") > 300 << 20
    assert peak_bytes < 8 << 20


def test_stopping_leaves_no_file(tmp_path):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        write_zip(tmp_path / "one.zip", [Entry("index.html", b"<p>")], work=work)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a\\b", "é.html", "a/../b", ""])
def test_a_strange_name_is_a_bug(tmp_path, name):
    with pytest.raises(ValueError, match="plain ASCII"):
        write_folder(tmp_path / "web", [Entry(name, b"")], work=Work())


def test_two_names_that_differ_in_case_only_are_a_bug(tmp_path):
    with pytest.raises(ValueError, match="distinct"):
        write_zip(tmp_path / "x.zip", [Entry("a.txt", b""), Entry("A.txt", b"")], work=Work())
