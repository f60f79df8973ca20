"""A take whose files are gone is named, and takes them back from where they are; nobody else's are taken."""

import shutil
from pathlib import Path

import pytest

from capture.errors import BadInputError
from capture.take import TAKE_FILE
from capture.work import Cancelled, Work
from editor.library import Library
from editor.missing import missing_media, relocate
from editor.result import read_result
from tests.editor.library_values import a_resource, a_take


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def moved_away(library: Library, to: Path, *, media: bytes = b"sound"):
    made = a_resource(library)
    take = a_take(library, made, media=media)
    to.mkdir(parents=True, exist_ok=True)
    shutil.move(library.take_folder(take), to / take.id)
    return made, take


def test_the_resource_opens_and_the_take_is_named(library, tmp_path):
    made, take = moved_away(library, tmp_path)
    assert read_result(library, made.id).takes == (take,)
    (found,) = missing_media(library, library.takes(made.id))
    assert (found.take, found.files, found.folder) == (take, ("mic-001.wav",), library.take_folder(take))


def test_files_come_back_from_a_folder_or_one_above(library, tmp_path):
    made, take = moved_away(library, tmp_path / "copy" / "media")
    assert relocate(library, take.id, tmp_path / "copy", work=Work()) == take
    assert (library.take_folder(take) / "mic-001.wav").read_bytes() == b"sound"
    assert (library.take_folder(take) / TAKE_FILE).exists()
    assert missing_media(library, library.takes(made.id)) == ()
    with pytest.raises(BadInputError) as refused:
        relocate(library, take.id, tmp_path / "copy", work=Work())
    assert refused.value.message_key == "media.nothing_missing"


def test_another_take_with_the_same_file_names_is_refused(library, tmp_path):
    _, take = moved_away(library, tmp_path / "a")
    _, other = moved_away(library, tmp_path / "b")
    for source in (tmp_path / "b", tmp_path / "none"):
        with pytest.raises(BadInputError) as refused:
            relocate(library, take.id, source, work=Work())
        assert refused.value.message_key == "media.not_there"
    # Without its take.json the length decides, and this is no sound at all.
    (tmp_path / "b" / other.id / TAKE_FILE).unlink()
    with pytest.raises(BadInputError):
        relocate(library, take.id, tmp_path / "b", work=Work())
    assert not library.take_folder(take).exists()


def test_files_without_their_take_json_are_known_by_their_length(library, tmp_path, sample):
    made = a_resource(library)
    take = a_take(library, made, seconds=23, media=b"x")
    folder = library.take_folder(take)
    (folder / "mic-001.wav").unlink()
    source = tmp_path / "stick"
    source.mkdir()
    shutil.copy(sample / "1-what.flac", source / "mic-001.wav")
    assert relocate(library, take.id, source, work=Work()) == take
    (folder / "mic-001.wav").unlink()
    shutil.copy(sample / "4-who.flac", source / "mic-001.wav")
    with pytest.raises(BadInputError):
        relocate(library, take.id, source, work=Work())


def test_stopped_half_way_nothing_is_there(library, tmp_path):
    _, take = moved_away(library, tmp_path / "a")
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        relocate(library, take.id, tmp_path / "a", work=work)
    assert not (library.take_folder(take) / "mic-001.wav").exists()
