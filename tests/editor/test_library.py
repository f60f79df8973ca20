"""The library keeps what producers make, tells how far it is, and refuses what it must not touch."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from capture.errors import BadInputError, UserError
from capture.take import Sync
from editor.library import DATABASE, Filter, Library
from editor.model import Choice, Edit, Resource, Tags
from editor.resources import choose, consent, tag
from tests.editor.library_values import SECOND_US, a_resource, a_take, a_version, foreign_take, say


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", write=True, holder="a test") as opened:
        yield opened


def reopened(library: Library) -> Library:
    library.close()
    return Library.open(library.folder, write=True)


HOSTILE = [
    "Emoji 🎤🧑🏽‍🏭 and flags 🇵🇹",
    "مرحبا بالعالم",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE resources;--",
    "x" * 300,
    '"NEAR" AND (OR) *',
]


@pytest.mark.parametrize("title", HOSTILE, ids=["emoji", "rtl", "script", "sql", "long", "operators"])
def test_any_title_is_kept_as_it_was_typed_and_found(library, title):
    made = a_resource(library, title=title)
    with reopened(library) as again:
        assert again.resource(made.id).title == title
        assert [hit.resource_id for hit in again.search(title)] == [made.id]


def test_everything_about_a_resource_survives_a_restart(library):
    made = a_resource(library, questions=["What if they say no?"])
    tag(library, made.id, level="advanced", roles=["Buyer"], kind=["skill", "theory"], language="pt-br")
    consent(library, made.id, shown_to="everybody")
    take = a_take(library, made)
    said = say(library, take, "So, um, ring them.")
    library.add_version(a_version(made))
    before = library.resource(made.id)
    with reopened(library) as again:
        assert again.resource(made.id) == before
        assert again.takes(made.id) == (take,)
        assert again.transcript(take.id) == said
        assert again.versions(made.id) == (a_version(made),)


def test_status_follows_what_there_is(library):
    made = a_resource(library)
    assert library.resource(made.id).status == "draft"
    first = a_take(library, made)
    assert library.resource(made.id).status == "recorded"
    say(library, first, "So.")
    assert library.resource(made.id).status == "captioned"
    second = a_take(library, made, seconds=9)  # newer, so it is the chosen one, and nobody wrote its words
    assert library.resource(made.id).status == "recorded"
    choose(library, made.id, take_id=first.id)
    assert library.resource(made.id).status == "captioned"
    library.bin_take(made.id, first.id)
    library.bin_take(made.id, second.id)
    assert library.resource(made.id).status == "draft"
    library.restore_take(made.id, first.id)
    assert library.resource(made.id).status == "captioned"
    library.add_version(a_version(made))
    assert (library.resource(made.id).status, library.resource(made.id).version) == ("published", 1)


def test_nobody_can_claim_a_status_or_a_version(library):
    made = a_resource(library)
    claimed = replace(made, status="published", version=7, binned_at="2020", created_at="1999", title="Other")
    kept = library.save(claimed, label="title")
    assert replace(kept, title=made.title, changed_at="") == replace(made, changed_at="")


def test_adopting_a_take_twice_does_no_harm_and_brings_it_up_to_date(library):
    made = a_resource(library)
    take = a_take(library, made)
    library.adopt(take, library.take_folder(take))
    synced = replace(take, sync=Sync(120_000, 3.5, 0.98))
    library.adopt(synced, library.take_folder(take))
    assert library.takes(made.id) == (synced,)
    library.bin_take(made.id, take.id)
    library.adopt(synced, library.take_folder(take))
    assert library.takes(made.id) == ()
    assert library.takes(made.id, binned=True) == (synced,)


def test_a_take_of_no_resource_and_a_folder_elsewhere_are_refused(library, tmp_path):
    orphan = foreign_take("rnobody")
    with pytest.raises(BadInputError) as refused:
        library.adopt(orphan, library.take_folder(orphan))
    assert refused.value.message_key == "resource.unknown"
    take = a_take(library, a_resource(library))
    with pytest.raises(ValueError, match="folder"):
        library.adopt(take, tmp_path)
    with pytest.raises(ValueError, match="ids"):
        library.take_folder(replace(take, id="../../etc"))


def test_take_numbers_count_within_a_prompt_and_the_bin_keeps_its_own(library):
    made = a_resource(library)
    assert [a_take(library, made, prompt=n).number for n in (1, 2, 1)] == [1, 1, 2]
    library.bin_take(made.id, library.takes(made.id)[-1].id)
    assert a_take(library, made, prompt=1).number == 3


def test_an_unknown_id_names_the_one_that_was_meant(library):
    made = a_resource(library, title="Greet a guest")
    for asked in (made.id[:-1], "greet a GUEST"):
        with pytest.raises(BadInputError) as refused:
            library.resource(asked)
        assert refused.value.message_key == "resource.unknown_close"
        assert refused.value.params["close"] == made.id
    with pytest.raises(BadInputError) as refused:
        library.resource("no-such-thing")
    assert refused.value.message_key == "resource.unknown"
    for method in (library.bin, library.restore, library.undo, library.redo, library.erase):
        with pytest.raises(BadInputError):
            method("no-such-thing")


def test_the_bin_hides_a_resource_until_it_is_restored(library):
    made = a_resource(library)
    library.bin(made.id)
    first_time = library.resource(made.id).binned_at
    library.bin(made.id)
    assert library.resource(made.id).binned_at == first_time != ""
    assert library.resources() == ()
    assert library.search("price") == ()
    assert [each.id for each in library.resources(Filter(binned=True))] == [made.id]
    library.restore(made.id)
    assert [each.id for each in library.resources()] == [made.id]
    assert [hit.resource_id for hit in library.search("price")] == [made.id]


def test_a_version_is_frozen_but_may_get_further_targets(library):
    made = a_resource(library)
    version = a_version(made)
    library.add_version(version)
    library.add_version(replace(version, targets=(*version.targets, *version.targets)))
    assert len(library.versions(made.id)[0].targets) == 2
    with pytest.raises(ValueError, match="frozen"):
        library.add_version(replace(version, note="other"))
    library.add_version(a_version(made, number=2))
    assert library.resource(made.id).version == 2


def test_several_changes_are_kept_together_or_not_at_all(library):
    made = a_resource(library)

    def fail_half_way():
        with library.transaction():
            tag(library, made.id, roles=["Buyer"])
            a_take(library, a_resource(library, title="Never kept"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert library.resources() == (made,)
    assert library.search("Never") == ()
    assert library.next_undo(made.id) is None


def test_lists_come_sorted_and_page_by_page(library):
    titles = ["éclair", "Apple", "zebra", "Éclat"]
    levels = ["advanced", "beginner", None, "intermediate"]
    for title, level in zip(titles, levels, strict=True):
        made = a_resource(library, title=title)
        library.save(replace(made, tags=Tags(level=level)), label="tags")
    assert [r.title for r in library.resources()] == ["Éclat", "zebra", "Apple", "éclair"]
    assert [r.title for r in library.resources(sort="title")] == ["Apple", "éclair", "Éclat", "zebra"]
    assert [r.title for r in library.resources(sort="level")] == ["Apple", "Éclat", "éclair", "zebra"]
    assert [r.title for r in library.resources(sort="title", limit=2, offset=1)] == ["éclair", "Éclat"]


def test_filters_mean_or_within_a_group_and_and_between_groups_and_counts_follow_the_others(library):
    for level, role in [("beginner", "Buyer"), ("beginner", "Seller"), ("advanced", "Buyer")]:
        tag(library, a_resource(library).id, level=level, roles=[role], kind=["skill"])
    wanted = Filter(levels=("beginner",), roles=("Buyer", "Seller"))
    assert library.count(wanted) == len(library.resources(wanted)) == 2
    assert library.count(replace(wanted, roles=("Seller",))) == 1
    counts = library.counts(wanted)
    assert counts["level"] == {"beginner": 2, "advanced": 1}  # its own ticks do not narrow it
    assert counts["role"] == {"Buyer": 1, "Seller": 1}
    assert counts["kind"] == {"skill": 2}
    assert counts["status"] == {"draft": 2}
    assert library.counts(Filter(words="nowhere"))["level"] == {}


# What must not be touched ----------------------------------------------------------------------------


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def made_newer(folder: Path) -> None:
    db = Database(sqlite3.connect(folder / DATABASE, isolation_level=None))
    row = {"migration_set": "lapel", "name": "tables_of_the_future", "applied_at": "2031-01-01"}
    db.table("_sqlite_migrations").insert(row)
    db.close()


@pytest.mark.parametrize("write", [True, False])
def test_a_library_of_a_newer_version_is_refused_and_not_one_byte_changes(library, write):
    a_resource(library)
    library.close()
    made_newer(library.folder)
    before, names = files_of(library.folder), sorted(os.listdir(library.folder))
    with pytest.raises(BadInputError) as refused:
        Library.open(library.folder, write=write)
    assert refused.value.message_key == "library.newer"
    assert files_of(library.folder) == before
    assert sorted(os.listdir(library.folder)) == names


def test_a_newer_version_is_noticed_even_where_it_was_killed_and_its_change_is_only_in_the_log(
    library, tmp_path
):
    a_resource(library)
    library.close()
    connection = sqlite3.connect(library.folder / DATABASE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('x', 'y', 'z')"
    )
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in (DATABASE, f"{DATABASE}-wal"):
        (killed / name).write_bytes((library.folder / name).read_bytes())
    connection.close()
    before = {name: data for name, data in files_of(killed).items()}
    with pytest.raises(BadInputError) as refused:
        Library.open(killed, write=True)
    assert refused.value.message_key == "library.newer"
    after = files_of(killed)
    assert {name: after[name] for name in before} == before


def test_a_database_of_another_program_is_not_touched(tmp_path):
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("CREATE TABLE books (title)")
    connection.close()
    before = files_of(tmp_path)
    with pytest.raises(BadInputError) as refused:
        Library.open(tmp_path, write=True)
    assert refused.value.message_key == "library.foreign"
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to have a header" * 99, b"\0" * 5000]
)
def test_a_damaged_database_is_told_and_kept(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(UserError) as refused:
        Library.open(tmp_path, write=True)
    assert refused.value.message_key == "library.damaged"
    assert (tmp_path / DATABASE).read_bytes() == content


def test_an_older_library_is_brought_up_to_date_also_to_read(library, tmp_path):
    made = a_resource(library)
    library.close()
    old = tmp_path / "old"
    old.mkdir()
    with sqlite3.connect(library.folder / DATABASE) as new, sqlite3.connect(old / DATABASE) as first:
        new.backup(first)
        first.execute("DROP TABLE resource_words")
        first.execute("DROP TABLE sentence_words")
        first.execute("DELETE FROM _sqlite_migrations WHERE name = 'search_tables'")
    new.close()
    first.close()
    with Library.open(old, write=False) as again:
        assert [each.id for each in again.resources()] == [made.id]
        assert again.search("price") == ()


def test_places_that_cannot_be_a_library_are_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    for place in (file, file / "below"):
        with pytest.raises(BadInputError) as refused:
            Library.open(place, write=True)
        assert refused.value.message_key in {"library.not_folder", "library.unwritable"}
    with pytest.raises(BadInputError) as refused:
        Library.open(Path("/proc/lapel"), write=True)
    assert refused.value.message_key == "library.unwritable"


def test_looking_at_a_library_that_is_not_there_makes_none(tmp_path):
    with Library.open(tmp_path / "typo", write=False) as empty:
        assert empty.resources() == ()
        assert empty.search("x") == ()
        with pytest.raises(BadInputError):
            empty.resource("r1")
    assert not (tmp_path / "typo").exists()


def test_who_opened_to_read_cannot_write(library):
    made = a_resource(library)
    with Library.open(library.folder, write=False) as reader, pytest.raises(RuntimeError):
        reader.save(replace(made, title="Other"), label="title")


def test_what_was_half_unpacked_by_a_killed_program_is_cleared_away(library):
    take = a_take(library, a_resource(library))
    (library.media / ".lapel-0123" / "t1").mkdir(parents=True)
    with reopened(library) as again:
        assert [each.name for each in again.media.iterdir()] == [take.resource_id]


def test_a_save_needs_an_id_that_can_name_a_folder(library):
    for id in ("", "..", "a/b", "CON", "x" * 99, "a b"):
        with pytest.raises(ValueError, match="id"):
            library.save(Resource(id=id, title="T"), label="new")
    assert library.resources() == ()


def test_a_star_on_a_short_take_counts_for_the_status(library):
    made = a_resource(library)
    take = a_take(library, made, seconds=1)
    starred = replace(made, edit=Edit(choices=(Choice(take.prompt.id, take.id),)))
    assert library.save(starred, label="choose").status == "recorded"
    assert take.duration_us == SECOND_US


def test_a_full_disk_loses_only_the_change_that_did_not_fit_and_says_so(library):
    made = a_resource(library)
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    library._db.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then fails as it does on a full disk
    with pytest.raises(UserError) as refused:
        library.save(replace(made, summary="x" * 1_000_000), label="summary")
    assert refused.value.message_key == "library.full"
    assert library.resource(made.id) == made
    assert library.next_undo(made.id) is None
    library._db.execute("PRAGMA max_page_count = 1000000")
    assert len(library.save(replace(made, summary="x" * 1_000_000), label="summary").summary) == 1_000_000


@pytest.mark.parametrize(
    "name", ["100% sure", "a#b?c=d&e", "Vidéos ü 🎤", "with 'quotes\" and \\ more", "file:x?mode=memory"]
)
def test_the_folder_may_have_any_name(tmp_path, name):
    with Library.open(tmp_path / name, write=True) as library:
        made = a_resource(library)
    assert (tmp_path / name / DATABASE).exists()
    with Library.open(tmp_path / name, write=False) as reader:
        assert reader.resources() == (made,)
