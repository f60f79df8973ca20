"""A lost database is rebuilt from the take folders, and nothing in them is lost or changed by it."""

import shutil
import threading
from dataclasses import replace

import pytest

from capture import rendezvous
from capture.take import TAKE_FILE, read_take, write_take
from capture.work import Cancelled, Work
from editor import resources
from editor.library import DATABASE, Library
from editor.recovery import Recovered, left_behind, recover_from
from tests.editor.library_values import a_resource, a_take, foreign_take, left_by_a_killed_recorder


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def without_database(library: Library) -> Library:
    library.close()
    for file in library.folder.glob(f"{DATABASE}*"):
        file.unlink()
    return Library.open(library.folder, write=True)


def test_takes_and_their_resources_come_back(library):
    made = a_resource(library, title="Set a price floor 🎤")
    first, second = a_take(library, made, prompt=1), a_take(library, made, prompt=4)
    with without_database(library) as again:
        found = resources.recover(again, work=Work())
        assert (found.resources, found.takes, found.repaired, found.unreadable) == (1, 2, 0, ())
        rebuilt = again.resource(made.id)
        assert again.takes(made.id) == (first, second)
    assert rebuilt.title == made.title
    assert rebuilt.brief.expert == made.brief.expert
    assert rebuilt.status == "recorded"
    assert [each.key for each in rebuilt.brief.prompts] == [each.key for each in made.brief.prompts]
    answered = {made.brief.prompts[0].id, made.brief.prompts[3].id}
    assert answered <= {each.id for each in rebuilt.brief.prompts}


def test_recovering_twice_brings_nothing_twice(library):
    made = a_resource(library)
    a_take(library, made)
    with without_database(library) as again:
        resources.recover(again, work=Work())
        before = again.resource(made.id)
        found = resources.recover(again, work=Work())
        assert (found.resources, found.takes) == (0, 0)
        assert again.resource(made.id) == before
        assert again.next_undo(made.id) is None


def test_answers_to_common_questions_come_back_as_they_were_asked(library):
    made = resources.new_resource(
        library, title="T", guide="common-questions", questions=["How?", "Why not?"]
    )
    a_take(library, made, prompt=2)
    with without_database(library) as again:
        resources.recover(again, work=Work())
        assert [each.text for each in again.resource(made.id).brief.prompts] == ["Why not?"]


def test_a_take_that_an_older_copy_of_the_database_does_not_know_is_added(library):
    made = a_resource(library)
    known, lost = a_take(library, made), a_take(library, made, prompt=2)
    library.bin_take(made.id, known.id)
    library.erase_take(made.id, lost.id)
    stranger = replace(foreign_take(made.id, prompt_id="p9", key="question"), number=2)
    for take in (lost, stranger):
        library.take_folder(take).mkdir(parents=True)
        write_take(library.take_folder(take), take)
    found = resources.recover(library, work=Work())
    assert (found.resources, found.takes) == (0, 2)
    assert {take.id for take in library.takes(made.id)} == {lost.id, stranger.id}
    assert [take.id for take in library.takes(made.id, binned=True)] == [known.id]
    assert "p9" in {each.id for each in library.resource(made.id).brief.prompts}


@pytest.mark.drill
def test_a_take_whose_recorder_was_killed_is_repaired(library):
    made = a_resource(library)
    take_id = left_by_a_killed_recorder(library, made)
    found = resources.recover(library, work=Work())
    assert (found.takes, found.repaired) == (1, 1)
    (take,) = library.takes(made.id)
    assert (take.id, take.state) == (take_id, "safe")
    assert take.duration_us == pytest.approx(2_000_000, abs=50_000)
    assert library.resource(made.id).status == "recorded"


def test_only_takes_that_nobody_took_in_and_no_phone_still_sends_are_left_behind(library):
    made = a_resource(library)
    a_take(library, made)
    (library.media / "no-resource" / "t1").mkdir(parents=True)
    (library.media / "no-resource" / "t1" / TAKE_FILE).write_bytes(b"{}")
    assert left_behind(library) == ()
    folder, sent = (library.media / made.id / left_by_a_killed_recorder(library, made) for _ in range(2))
    (sent / "phone-001.jsonl").write_bytes(b"")
    assert left_behind(library) == (folder,)
    recover_from(library, [folder], work=Work())
    assert left_behind(library) == ()
    assert read_take(sent).state == "recording", "the rest of it may still come"


def test_a_take_that_is_being_recorded_is_left_alone(library):
    made = a_resource(library)
    take_id = left_by_a_killed_recorder(library, made)
    folder = library.media / made.id / take_id
    with rendezvous.listening(folder) as recorder:
        answering = threading.Thread(target=lambda: recorder.listener.accept().close())
        answering.start()
        assert resources.recover(library, work=Work()) == Recovered()
        answering.join()
    assert read_take(folder).state == "recording"


def test_a_take_whose_recorder_is_too_busy_to_answer_is_left_alone(library, monkeypatch):
    made = a_resource(library)
    folder = library.media / made.id / left_by_a_killed_recorder(library, made)
    monkeypatch.setattr(rendezvous, "ANSWER_S", 0.2)
    with rendezvous.listening(folder):
        assert resources.recover(library, work=Work()) == Recovered()
        assert rendezvous.reach(folder) is None
    assert read_take(folder).state == "recording"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 1}', b"\xff" * 50])
def test_a_folder_that_makes_no_sense_is_named_and_kept(library, content):
    made = a_resource(library)
    good, bad = a_take(library, made), a_take(library, made)
    file = library.take_folder(bad) / TAKE_FILE
    file.write_bytes(content)
    with without_database(library) as again:
        found = resources.recover(again, work=Work())
        assert found.takes == 1
        assert found.unreadable == (str(file.parent),)
        assert again.takes(made.id) == (good,)
    assert file.read_bytes() == content


def test_a_copied_folder_and_a_hostile_one_count_for_nothing(library):
    made = a_resource(library)
    take = a_take(library, made)
    shutil.copytree(library.take_folder(take), library.media / made.id / "copy")
    hostile = library.media / made.id / "t666"
    hostile.mkdir()
    write_take(hostile, replace(take, id="../../../etc", resource_id=".."))
    found = resources.recover(library, work=Work())
    assert (found.takes, len(found.unreadable)) == (0, 2)
    assert library.takes(made.id) == (take,)


def test_recovery_can_be_stopped(library):
    a_take(library, a_resource(library))
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        resources.recover(library, work=work)
