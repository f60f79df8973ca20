"""A note on a take: in its own folder first, so that it outlives the database."""

from dataclasses import replace

import pytest

from capture.errors import BadInputError, UserError
from capture.take import Segment, Take, read_take, write_take
from capture.work import Work
from editor import resources, tasks
from editor.library import Library


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", write=True) as opened:
        yield opened


@pytest.fixture
def take(library) -> Take:
    resource = resources.new_resource(library, title="T", guide="local-expert")
    fresh = resources.next_take(library, resource, prompt=resources.find_prompt(resource, 1))
    made = replace(
        fresh, state="safe", duration_us=1_000_000, segments=(Segment("mic", "mic-001.wav", 0, 1),)
    )
    folder = library.take_folder(made)
    folder.mkdir(parents=True)
    write_take(folder, made)
    return library.adopt(made, folder)


def test_a_note_is_kept_in_both_places_and_can_be_taken_away(library, take):
    noted = tasks.note_take(library, take.id, note=" the one with the good ending ")
    assert noted.note == "the one with the good ending"
    assert library.take(take.id) == read_take(library.take_folder(take)) == noted
    assert tasks.note_take(library, take.id, note="") == take


def test_a_note_survives_a_lost_database(library, take):
    tasks.note_take(library, take.id, note="best")
    folder = library.take_folder(take)
    assert resources.recover(library, work=Work()) is not None
    assert read_take(folder).note == library.take(take.id).note == "best"


def test_what_cannot_be_noted_changes_nothing(library, take):
    with pytest.raises(BadInputError) as caught:
        tasks.note_take(library, take.id, note="x" * 2001)
    assert caught.value.message_key == "resource.long_note"
    with pytest.raises(BadInputError):
        tasks.note_take(library, "nothing", note="x")
    (library.take_folder(take) / "take.json").unlink()
    with pytest.raises(UserError) as gone:
        tasks.note_take(library, take.id, note="x")
    assert gone.value.message_key == "resource.note_not_kept"
    assert library.take(take.id).note == ""
