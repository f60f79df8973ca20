"""What is erased for good is gone from the disk; what somebody else still uses is not."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from capture.errors import BadInputError
from capture.take import read_take
from capture.work import Work
from editor import resources
from editor.library import Library
from editor.model import Choice, Correction, CueOverride, Edit, TakeEdit
from tests.editor.library_values import a_resource, a_take, a_version, say

SECRETS = ("Xylographica", "Quetzalcoatl", "Zwiebelkuchen", "Wolpertinger", "Vogelscheuche", "Jabberwockies")


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True) as opened:
        yield opened


def bytes_on_disk(library: Library) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(library.folder.rglob("*")) if path.is_file())


def secrets_on_disk(library: Library) -> list[str]:
    data = bytes_on_disk(library).lower()
    return [secret for secret in SECRETS if secret.lower().encode() in data]


def with_secrets(library: Library) -> str:
    """A resource that says something secret in every place that keeps text."""
    title, spoken, corrected, cue, media, undone = SECRETS
    made = a_resource(library, title=f"On {title}")
    take = a_take(library, made, media=f"RIFF {media}".encode() * 50)
    say(library, take, f"Well {spoken} it is. " * 1500)
    edit = Edit(takes=(TakeEdit(take.id, corrections=(Correction(0, 10, corrected),)),))
    library.save(replace(library.resource(made.id), edit=edit, summary=undone), label="edit")
    library.save(replace(library.resource(made.id), summary=""), label="summary")
    library.add_version(a_version(made, cue=cue, take_id=take.id))
    package = library.export_folder(made.id, 1)
    package.mkdir(parents=True)
    (package / "web.zip").write_bytes(cue.encode())
    return made.id


def test_erased_text_and_media_are_nowhere_on_the_disk_any_more(library):
    kept = a_resource(library, title="Kept")
    say(library, a_take(library, kept), "Everybody may hear this.")
    secret = with_secrets(library)
    assert secrets_on_disk(library) == list(SECRETS)
    library.erase(secret)
    assert secrets_on_disk(library) == []
    assert secret.encode() not in bytes_on_disk(library)
    assert [each.id for each in library.resources()] == [kept.id]
    assert library.search("hear")[0].resource_id == kept.id
    assert not (library.media / secret).exists()
    assert not (library.exports / secret).exists()


def test_erased_text_is_gone_after_closing_too_and_a_reader_does_not_bring_it_back(library):
    secret = with_secrets(library)
    with Library.open(library.folder, write=False) as reader:
        assert reader.resources()
        library.erase(secret)
        assert reader.resources() == ()
    library.close()
    assert secrets_on_disk(library) == []


def test_erase_asks_for_the_bin_first(library):
    made = a_resource(library)
    with pytest.raises(BadInputError) as refused:
        resources.erase(library, made.id, work=Work())
    assert refused.value.message_key == "resource.not_in_bin"
    library.bin(made.id)
    resources.erase(library, made.id, work=Work())
    assert not library.has_resource(made.id)


def split_in_two(library: Library) -> tuple[str, str]:
    made = a_resource(library, title="Both levels")
    for prompt in (1, 2):
        say(library, a_take(library, made, prompt=prompt, media=b"RIFF"), f"Rhubarb {prompt}.")
    return made.id, resources.split(library, made.id, chapters=[2], title="Advanced").id


def test_a_shared_take_is_handed_over_and_plays_on(library):
    first, second = split_in_two(library)
    (shared,) = library.takes(second)
    library.erase(first)
    (take,) = library.takes(second)
    folder = library.take_folder(take)
    assert take.id == shared.id
    assert folder == library.media / second / take.id
    assert (folder / "mic-001.wav").read_bytes() == b"RIFF"
    assert (read_take(folder).resource_id, read_take(folder).resource_title) == (second, "Advanced")
    assert not (library.media / first).exists()
    assert library.search("rhubarb")[0].resource_id == second
    assert b"Both levels" not in bytes_on_disk(library)
    library.erase(second)
    assert list(library.media.rglob("*.wav")) == []


def test_erasing_the_resource_that_borrows_leaves_the_lender_whole(library):
    first, second = split_in_two(library)
    library.erase(second)
    assert len(library.takes(first)) == 2
    assert all((library.take_folder(take) / "mic-001.wav").exists() for take in library.takes(first))


def test_a_take_erased_from_one_resource_stays_in_the_other_that_shares_it(library):
    first, second = split_in_two(library)
    (shared,) = library.takes(second)
    library.erase_take(first, shared.id)
    assert [take.prompt.key for take in library.takes(first)] == ["what"]
    (take,) = library.takes(second)
    assert (library.take_folder(take) / "mic-001.wav").exists()
    library.erase_take(second, shared.id)
    assert not library.has_take(shared.id)
    assert not library.take_folder(take).exists()


def test_erasing_a_take_removes_what_edits_and_undo_steps_say_about_it(library):
    made = a_resource(library)
    take, other = a_take(library, made), a_take(library, made)
    say(library, take, "Quetzalcoatl said so.")
    for text in ("Wolpertinger", "Zwiebelkuchen"):
        edits = tuple(TakeEdit(t.id, corrections=(Correction(0, 10, text),)) for t in (take,))
        override = CueOverride(take.id, 0, 9, (f"Jabberwockies {text}",))
        edit = Edit(choices=(Choice(take.prompt.id, take.id),), takes=edits, cue_overrides=(override,))
        library.save(replace(library.resource(made.id), edit=edit), label="edit")
    library.erase_take(made.id, take.id)
    assert library.takes(made.id) == (other,)
    assert library.resource(made.id).edit == Edit()
    assert secrets_on_disk(library) == []
    assert library.undo(made.id).edit == Edit()
    with pytest.raises(BadInputError):
        library.erase_take(made.id, take.id)


def test_purge_erases_only_what_has_been_in_the_bin_for_long(library):
    old, young = a_resource(library, title="Old"), a_resource(library, title="Young")
    take = a_take(library, young)
    for _ in range(2):
        library.bin(old.id)
        library.bin_take(young.id, take.id)
    assert library.purge(work=Work()) == 0
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    assert library.purge(before=soon, work=Work()) == 2
    assert not library.has_resource(old.id)
    assert library.has_resource(young.id)
    assert not library.has_take(take.id)


def test_an_erase_that_was_killed_half_way_can_be_done_again(library):
    made = with_secrets(library)
    (take,) = library.takes(made)
    for file in sorted(library.take_folder(take).iterdir()):  # the folder is gone, the rows are not
        file.unlink()
    library.take_folder(take).rmdir()
    library.erase(made)
    assert secrets_on_disk(library) == []


def test_media_whose_folder_vanished_do_not_stop_a_hand_over(library):
    first, second = split_in_two(library)
    (shared,) = library.takes(second)
    folder: Path = library.take_folder(shared)
    folder.rename(library.folder / "lost")
    library.erase(first)
    (take,) = library.takes(second)
    assert library.take_folder(take) == library.media / second / take.id
