"""What is finished of a long take outlives the worker that wrote it."""

from pathlib import Path

import pytest

from editor.caption_part import PART_FILE, PartFile
from editor.hearing import Part
from editor.model import Word
from editor.voice import Region

PARTS = [
    Part(100, "en", 0.9, (Word(0, 10, "So,", 0.8),), (), 10),
    Part(220, "en", 0.9, (Word(20, 30, "um,", 0.4),), (Region(40, 50),), 20),
]


def opened(folder: Path, *, asked: bytes = b"t1") -> PartFile:
    return PartFile(folder, model="base", asked=asked)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a take with two finished parts."""
    kept = opened(tmp_path)
    for part in PARTS:
        kept.add(part)
    return tmp_path


def test_finished_parts_are_found_again(folder: Path):
    assert opened(folder).parts == tuple(PARTS)


def test_a_half_written_part_is_left_out_and_written_anew(folder: Path):
    file = folder / PART_FILE
    file.write_bytes(file.read_bytes()[:-9])
    again = opened(folder)
    assert again.parts == (PARTS[0],)
    again.add(PARTS[1])
    assert opened(folder).parts == tuple(PARTS)


def test_parts_of_another_question_are_thrown_away(folder: Path):
    assert opened(folder, asked=b"t1 in German").parts == ()
    assert not (folder / PART_FILE).exists()


@pytest.mark.parametrize("junk", [b"", b"\n", b"\xff\xfe", b"{}\n{}\n"])
def test_a_file_that_is_none_of_ours_is_thrown_away(tmp_path: Path, junk: bytes):
    (tmp_path / PART_FILE).write_bytes(junk)
    assert opened(tmp_path).parts == ()


def test_a_take_that_is_done_leaves_nothing(folder: Path):
    opened(folder).remove()
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_gone_keeps_nothing_and_harms_nothing(tmp_path: Path):
    kept = opened(tmp_path / "gone")
    kept.add(PARTS[0])
    assert kept.parts == ()
