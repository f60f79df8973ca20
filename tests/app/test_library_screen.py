"""A producer finds, judges and reopens resources, and brings recordings in, all in Library."""

import shutil

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app import messages
from app.screens import library_presenter as presenter
from app.screens.library_cards import card_columns
from app.screens.library_paint import FACTS_ROLE
from capture.work import Work
from editor import resources, tasks
from editor.model import Transcript
from editor.search import Filter
from tests.app.window_kit import clipped, nameless
from tests.editor.library_values import a_resource, a_take, words

TITLES = ("Turn a web enquiry into a call", "Set a price floor", "Read a basket report")

EXPERTS = ("Amara Osei", "Henrik Dahl", "Imran Qureshi")
PRIORITIES = ("Grow digital sales", "Protect margin", "Protect margin")


@pytest.fixture
def shelf(producer):
    """A library of three, of which one says something at 12 seconds."""
    with producer.library() as library:
        made = [
            resources.new_resource(
                library, title=TITLES[0], expert="Amara Osei", priority="Grow digital sales"
            ),
            resources.new_resource(library, title=TITLES[1], expert="Henrik Dahl", priority="Protect margin"),
            resources.new_resource(
                library, title=TITLES[2], expert="Imran Qureshi", priority="Protect margin"
            ),
        ]
        resources.tag(library, made[1].id, level="advanced", roles=["Account manager"])
        resources.tag(library, made[2].id, level="beginner", roles=["Account manager", "Area manager"])
        take = a_take(library, made[1], seconds=60)
        said = words("I never defend the discount first.", start_us=12_000_000)
        library.save_transcript(Transcript(take.id, "en", "base", said))
        producer.ids = [each.id for each in made]
    return producer


def titles(screen):
    return [row.resource.title for row in screen.model.rows]


def show(producer):
    producer.opens()
    producer.rest()
    return producer.window.screens["library"]


def test_ticks_within_a_group_mean_or_and_groups_mean_and(shelf):
    screen = show(shelf)
    screen.filters.groups["priority"].rows["Protect margin"].click()
    shelf.rest()
    assert set(titles(screen)) == set(TITLES[1:])
    screen.filters.groups["level"].rows["beginner"].click()
    shelf.rest()
    assert titles(screen) == [TITLES[2]]
    screen.filters.groups["level"].rows["advanced"].click()
    shelf.rest()
    assert set(titles(screen)) == set(TITLES[1:])


def test_counts_follow_the_other_groups(shelf):
    screen = show(shelf)
    screen.filters.groups["level"].rows["beginner"].click()
    shelf.rest()
    roles = screen.filters.groups["role"].rows
    assert {value: row.count for value, row in roles.items()} == {"Account manager": 1, "Area manager": 1}
    assert screen.filters.groups["level"].rows["advanced"].count == 1


def test_an_active_filter_is_a_chip_and_clear_removes_all(shelf):
    screen = show(shelf)
    screen.filters.groups["priority"].rows["Protect margin"].click()
    shelf.rest()
    shelf.clicks(messages.text("widgets.remove", what="Protect margin"))
    shelf.rest()
    assert len(titles(screen)) == 3
    screen.filters.groups["priority"].rows["Protect margin"].click()
    shelf.rest()
    shelf.clicks(messages.text("library.clear"))
    shelf.rest()
    assert len(titles(screen)) == 3


def test_a_search_finds_what_was_said_and_opens_at_that_second(shelf):
    screen = show(shelf)
    shelf.presses("Ctrl+F", on=shelf.window)
    assert screen.search.edit.hasFocus()
    shelf.types("discount", screen.search.edit)
    shelf.wait(lambda: titles(screen) == [TITLES[1]])
    assert "1 place in 1 of 3" in screen.count.text()
    gone = []
    shelf.window.desk.ways.to = lambda name, resource_id="", spot=None: gone.append((name, resource_id, spot))
    screen.open_row(screen.model.index(0))
    name, resource_id, spot = gone[0]
    assert (name, resource_id, spot.words) == ("edit", shelf.ids[1], "discount")
    assert spot.at_us == 12_000_000


def test_a_search_without_hits_says_so_and_offers_a_way_on(shelf):
    screen = show(shelf)
    shelf.types("helicopter", screen.search.edit)
    shelf.wait(lambda: not titles(screen))
    assert screen.nothing.title.text() == messages.text("library.nothing_title")
    shelf.clicks(messages.text("library.clear_filters"))
    shelf.rest()
    assert len(titles(screen)) == 3


def test_arrows_move_enter_opens_and_del_bins_with_a_way_back(shelf):
    screen = show(shelf)
    screen.list.setFocus()
    shelf.presses("Right", on=screen.list)
    chosen = screen.model.resource(screen.list.currentIndex())
    shelf.presses("Del", on=screen.list)
    shelf.wait(lambda: chosen.title not in titles(screen))
    shelf.clicks(messages.text("keys.undo"), within=shelf.window.door.toasts)
    shelf.wait(lambda: chosen.title in titles(screen))


def test_what_is_in_the_bin_can_be_restored_or_erased_for_good(shelf):
    screen = show(shelf)
    screen.bin(screen.model.rows[0].resource)
    shelf.wait(lambda: len(titles(screen)) == 2)
    screen.filters.bin.click()
    shelf.wait(lambda: screen.heading.text() == messages.text("library.bin"))
    assert len(titles(screen)) == 1
    resource = screen.model.rows[0].resource
    entries = [each.text() for each in screen.menu(resource).actions() if each.text()]
    assert entries == [messages.text("library.restore"), messages.text("library.erase")]
    screen.erase(resource)
    shelf.wait(lambda: not titles(screen))
    assert shelf.answers[0][0] == messages.text("library.erase_title")
    assert not shelf.window.desk.holder.library.has_resource(resource.id)


def test_a_card_says_everything_to_a_screen_reader(shelf):
    screen = show(shelf)
    said = [screen.model.data(screen.model.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(3)]
    assert any(each.startswith("Read a basket report, Imran Qureshi, Beginner, Draft") for each in said)


def test_a_card_whose_folder_is_gone_stays_and_says_so(shelf):
    with shelf.library() as library:
        take = library.takes(shelf.ids[1])[0]
        shutil.rmtree(library.take_folder(take), ignore_errors=True)
    screen = show(shelf)
    place = screen.model.row_of(shelf.ids[1])
    shelf.wait(lambda: getattr(screen.model.data(screen.model.index(place), FACTS_ROLE), "missing", False))


def test_recordings_that_were_moved_away_are_located(producer, clip, tmp_path):
    with producer.library() as library:
        made = resources.new_resource(library, title="Ring back")
        take = tasks.import_file(library, made.id, clip, work=Work())
        shutil.move(library.take_folder(take), tmp_path / "a stick" / "answers")
    screen = show(producer)
    producer.wait(lambda: screen.model.facts(made.id) is not None)
    assert screen.model.facts(made.id).missing
    assert messages.text("library.locate") in [each.text() for each in screen.menu(made).actions()]
    empty = tmp_path / "another stick"
    empty.mkdir()
    screen.locate(made, empty)
    producer.rest()
    assert "another stick" in screen.says.text.text()
    screen.locate(made, tmp_path / "a stick")
    producer.rest()
    producer.wait(lambda: not screen.model.facts(made.id).missing)
    assert messages.text("library.locate") not in [each.text() for each in screen.menu(made).actions()]


def drop(screen, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(600, 500),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.dropEvent(event)


def test_a_dropped_recording_becomes_a_resource(producer, clip):
    producer.opens()
    screen = producer.window.screens["library"]
    drop(screen, clip)
    producer.rest()
    producer.wait(lambda: titles(screen) == ["An answer"])
    producer.wait(lambda: screen.model.rows[0].resource.status == "recorded")
    place = screen.model.index(0)
    producer.wait(lambda: getattr(screen.model.data(place, FACTS_ROLE), "poster", None) is not None)


def test_a_dropped_file_that_is_no_recording_is_explained_and_nothing_is_left(producer, tmp_path):
    bad = tmp_path / "holiday.mp4"
    bad.write_bytes(b"not a film at all" * 100)
    producer.opens()
    screen = producer.window.screens["library"]
    drop(screen, bad)
    producer.rest()
    assert "holiday.mp4" in producer.finds(producer.window.line.accessibleName()).text.text()
    with producer.window.desk.holder.read() as library:
        assert library.count() == 0


def test_recordings_can_be_added_to_a_resource_that_is_there(shelf, clip):
    screen = show(shelf)
    screen.bring_in([clip], into=screen.model.rows[0].resource)
    wanted = screen.model.rows[0].resource.id
    shelf.rest()
    assert len(shelf.window.desk.holder.library.takes(wanted)) >= 1


def test_a_resource_travels_as_one_file(producer, clip, tmp_path):
    producer.opens()
    screen = producer.window.screens["library"]
    screen.bring_in([clip])
    producer.rest()
    producer.wait(lambda: len(titles(screen)) == 1)
    file = tmp_path / "carried.lapel"
    screen.write_bundle(screen.model.rows[0].resource, file)
    producer.rest()
    screen.bring_in([file])
    producer.rest()
    producer.wait(lambda: len(titles(screen)) == 2)


def test_cancelling_an_import_leaves_nothing(producer, clip):
    producer.opens()
    screen = producer.window.screens["library"]
    screen.bring_in([clip] * 3)
    for job in producer.window.desk.jobs.running:
        job.cancel()
    producer.rest()
    assert producer.window.desk.holder.library.count() == 0


@pytest.mark.parametrize("view", ["cards", "list"])
@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_has_a_name_and_nothing_is_clipped(shelf, view, percent):
    screen = show(shelf)
    shelf.window.desk.settings.change(text_percent=percent)
    screen.view.choose(view)
    screen.list.show_as(view)
    shelf.rest()
    shelf.window.grab()
    assert nameless(shelf.window) == []
    assert clipped(shelf.window) == []
    shelf.window.desk.settings.change(text_percent=100)


def test_a_long_library_is_read_page_by_page(producer):
    with producer.library() as library, library.transaction():
        for number in range(150):
            a_resource(library, title=f"Answer {number:03}")
    screen = show(producer)
    assert len(screen.model.rows) == presenter.PAGE_ROWS
    assert "150" in screen.count.text()
    screen.list.verticalScrollBar().setValue(screen.list.verticalScrollBar().maximum())
    QTest.qWait(50)
    producer.wait(lambda: len(screen.model.rows) > presenter.PAGE_ROWS)


def test_four_cards_stand_in_a_row_three_below_1300_five_above_1700():
    assert [card_columns(px, 100) for px in (1180, 1440, 1900)] == [3, 4, 5]
    assert card_columns(1440, 200) == 2


def test_dropped_files_are_sorted_as_people_count(tmp_path):
    files = [tmp_path / name for name in ("10-kind.mp4", "9-who.mp4", "notes.docx", "old.lapel")]
    found = presenter.sort_dropped(files)
    assert [each.name for each in found.media] == ["9-who.mp4", "10-kind.mp4"]
    assert [each.name for each in found.others] == ["notes.docx"]
    assert [each.name for each in found.bundles] == ["old.lapel"]


def test_a_filter_forgets_nothing_when_it_is_toggled():
    one = presenter.toggled(Filter(words="x"), "role", "Adviser")
    assert presenter.ticked(one) == (("role", "Adviser"),)
    assert presenter.toggled(one, "role", "Adviser") == Filter(words="x")
