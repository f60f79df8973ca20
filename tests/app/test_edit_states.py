"""What Edit shows besides a finished interview: words arriving, files gone, marks, keys, a new resource."""

import contextlib
import shutil
import sqlite3
import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from app import messages
from app.screens.edit_parts.new_resource_dialog import NewResourceDialog
from app.shell.shortcuts import shortcuts_of
from capture.errors import UserError
from editor.model import Mark, Word
from editor.selection import Selection
from tests.app.window_kit import clipped, nameless, names

S = 1_000_000
#: Keys of Captions that the field takes itself, while something is typed.
OF_THE_FIELD = {"caption_line"}


def text_of(screen):
    return screen.view.transcript.toPlainText()


def saved(producer, resource_id):
    return producer.window.desk.holder.library.resource(resource_id)


class TestWordsArriving:
    @pytest.fixture
    def unheard(self, producer, resource_id):
        """The interview, of which one take was never written down, and no model is there."""
        with producer.library() as library:
            second = library.takes(resource_id)[1]
        with contextlib.closing(sqlite3.connect(producer.folder / "library.db")) as database, database:
            database.execute("DELETE FROM transcripts WHERE take_id = ?", [second.id])
        producer.opens()
        producer.window.desk.settings.change(model="nobody has this")
        screen = producer.goes_to("edit", resource_id)
        producer.wait(lambda: screen.state_now is not None)
        producer.rest()
        return screen, second

    def test_words_stand_there_as_they_come_and_can_be_struck(self, producer, unheard, resource_id):
        screen, second = unheard
        assert messages.text("edit.words_coming") in text_of(screen)
        words = tuple(
            Word(n * S, n * S + 900_000, text, 0.9) for n, text in enumerate(("Because", "it", "is"))
        )
        screen.work.words_came.emit(second.id, words)
        producer.wait(lambda: "Because it is" in text_of(screen))
        assert messages.text("edit.words_more") in text_of(screen)
        place = next(n for n, word in enumerate(screen.state_now.text) if word.take_id == second.id)
        screen.view.transcript.choose(Selection(place, place))
        screen.view.cut()
        producer.wait(lambda: screen.state_now.text[place].struck)
        assert [each.take_id for each in saved(producer, resource_id).edit.takes] == [second.id]

    def test_why_they_do_not_come_is_said_and_captions_offer_the_model(self, producer, unheard):
        screen, _ = unheard
        assert "nobody has this" in screen.view.line.text.text()
        screen.captions.show_problem(UserError("models.missing", name="base", install="x", source="y"))
        screen.captions.decisions.state = None
        words = screen.captions._say_empty() or screen.captions.words
        offered = [each.text() for each in words.buttons]
        assert offered == [messages.text("captions.get_model"), messages.text("captions.import_file")]


def test_takes_are_got_ready_after_studio_has_done_its_part(producer, resource_id):
    producer.opens()
    jobs, over = producer.window.desk.jobs, threading.Event()
    jobs.start("jobs.preparing", lambda *, work: over.wait(30), params={"number": 1, "prompt": "What"})
    producer.window.to("edit", resource_id)
    producer.wait(lambda: producer.window.screens.get("edit") and producer.window.screens["edit"].state_now)
    screen = producer.window.screens["edit"]
    assert [job.label for job in jobs.running if job.shown] == ["jobs.preparing"]
    over.set()
    producer.wait(lambda: len(screen.levels) == 2)


class TestFilesGone:
    @pytest.fixture
    def gone(self, producer, resource_id, tmp_path):
        """The interview, whose first take's files were moved elsewhere."""
        with producer.library() as library:
            take = library.takes(resource_id)[0]
            folder = library.take_folder(take)
            elsewhere = tmp_path / "on a stick"
            shutil.copytree(folder, elsewhere / take.id)
            for each in take.segments:
                (folder / each.file).unlink()
        producer.opens()
        screen = producer.goes_to("edit", resource_id)
        producer.wait(lambda: screen.state_now is not None)
        producer.rest()
        return screen, take, elsewhere

    def test_it_is_said_with_a_way_out_and_the_words_stay(self, producer, gone):
        screen, take, _ = gone
        assert screen.state_now.missing == (take.id,)
        assert screen.view.gone.isVisible()
        assert take.prompt.title in screen.view.gone.text.text()
        assert messages.text("edit.locate") in names(screen.view.gone)
        assert "Someone" in text_of(screen)

    def test_located_the_take_is_whole_again(self, producer, gone):
        screen, take, elsewhere = gone
        screen.take_back(elsewhere)
        producer.wait(lambda: screen.state_now.missing == ())
        producer.rest()
        assert not screen.view.gone.isVisible()
        assert take.id in screen.levels
        producer.wait(lambda: screen.view.video.has_picture)

    def test_a_folder_without_it_is_refused_in_words(self, producer, gone, tmp_path):
        screen, take, _ = gone
        (tmp_path / "empty").mkdir()
        screen.take_back(tmp_path / "empty")
        producer.rest()
        assert screen.view.line.isVisible()
        assert screen.state_now.missing == (take.id,)


class TestMarks:
    def test_m_marks_the_moment_in_text_and_timeline_and_undo_forgets_it(self, producer, edit, resource_id):
        edit.view.go(4 * S)
        producer.wait(lambda: edit.player.at_us == 4 * S)
        producer.presses("M", on=edit.view.transcript)
        assert saved(producer, resource_id).edit.marks == (Mark(edit.state_now.lanes[0].take_id, 4 * S),)
        producer.wait(lambda: bool(edit.state_now.marks))
        assert "\ufffc" in text_of(edit)
        producer.presses("M", on=edit.view.transcript)
        assert saved(producer, resource_id).edit.marks == ()
        producer.presses("Ctrl+Z")
        producer.wait(lambda: len(edit.state_now.marks) == 1)


class TestChapters:
    def test_a_chapter_moves_to_the_playhead_and_an_answer_comes_earlier(self, producer, edit):
        first, second = edit.state_now.lanes
        edit.view.go(first.duration_us + 5 * S)
        producer.wait(lambda: edit.player.at_us > first.duration_us)
        part = edit.state_now.parts[1]
        edit.view.chapters.moved_here.emit(part)
        producer.wait(lambda: edit.state_now.parts[1].start_us > part.start_us + 3 * S)
        assert edit.state_now.parts[1].title == part.title
        producer.presses("Ctrl+Z")
        producer.wait(lambda: edit.state_now.parts[1] == part)
        edit.view.chapters.moved_by.emit(edit.state_now.parts[1], -1)
        producer.wait(lambda: edit.state_now.lanes[0].take_id == second.take_id)

    @pytest.mark.parametrize("way", ["double click", "F2"])
    def test_another_title_is_asked_for(self, producer, edit, monkeypatch, way):
        monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Why <it> matters", True))
        row = edit.view.chapters.rows.itemAt(1).widget()
        if way == "F2":
            QTest.keyClick(row, Qt.Key.Key_F2)
            assert not edit.view.bar.fixing, "it is not the words that are meant"
        else:
            QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
        producer.wait(lambda: edit.state_now.parts[1].title == "Why <it> matters")
        menu = edit.view.chapters.rows.itemAt(1).widget().menu()
        assert [each.text() for each in menu.actions()] == [
            messages.text(f"edit.chapter_{each}") for each in ("rename", "here", "earlier", "later", "remove")
        ]

    def test_del_takes_the_mark_of_the_focused_chapter_away(self, producer, edit):
        edit.view.go(8 * S)
        producer.wait(lambda: edit.player.at_us == 8 * S)
        producer.presses("C")
        producer.wait(lambda: len(edit.state_now.parts) == 3)
        QTest.keyClick(edit.view.chapters.rows.itemAt(1).widget(), Qt.Key.Key_Delete)
        producer.wait(lambda: len(edit.state_now.parts) == 2)


class TestNewResource:
    def test_ticked_chapters_become_a_resource_that_opens(self, producer, edit, resource_id):
        with producer.dialog(edit.new_from_chapters) as dialog:
            assert isinstance(dialog, NewResourceDialog)
            assert nameless(dialog) == []
            assert dialog.numbers == (1,)  # the chapter that plays
            assert not dialog.make.isEnabled()
            dialog.boxes[0].click()
            dialog.boxes[1].click()
            dialog.field.setText("  For beginners ")
            assert dialog.make.isEnabled()
            numbers, title = dialog.numbers, dialog.title
        edit.take_out(numbers, title)
        producer.wait(lambda: edit.resource_id != resource_id)
        producer.wait(lambda: edit.state_now is not None and bool(edit.state_now.lanes))
        made = saved(producer, edit.resource_id)
        assert made.title == "For beginners"
        assert len(edit.state_now.lanes) == 1
        assert "Because" in text_of(edit)
        assert saved(producer, resource_id).edit.chapters == ()

    def test_the_dialog_is_readable_at_twice_the_size(self, producer, edit):
        producer.window.desk.settings.change(text_percent=200)
        with producer.dialog(edit.new_from_chapters) as dialog:
            assert clipped(dialog) == []


class TestKeys:
    @pytest.mark.parametrize("part", ["cut", "captions"])
    def test_every_key_of_the_design_does_something_and_is_on_the_sheet(self, producer, edit, part):
        edit.show_part(part)
        producer.rest()
        own = [each for each in shortcuts_of(edit.scope()) if "everywhere" not in each.scopes]
        assert {each.action for each in own} - edit.bindings().keys() - OF_THE_FIELD == set()
        with producer.dialog(producer.window.show_keys) as sheet:
            said = names(sheet)
            assert [each.action for each in own if messages.text(f"keys.{each.action}") not in said] == []

    def test_screen_readers_hear_what_the_arrows_come_to(self, producer, edit):
        said = []
        edit.view.desk.door.announce = said.append
        edit.view.transcript.setFocus()
        edit.view.transcript.choose(Selection(0, 1))
        producer.presses("Del", on=edit.view.transcript)
        producer.presses("Right", on=edit.view.transcript)
        assert said
        assert said[-1].startswith("cut, ") or said[-1] == edit.state_now.text[2].word.text


def test_text_and_timeline_select_the_same_and_line_up(producer, edit):
    """What is dragged on the timeline is selected in the text, and is drawn around its words."""
    first, last = (edit.state_now.text[n].word for n in (4, 8))
    edit.view.timeline.stretch_chosen.emit(first.start_us, last.end_us)
    assert edit.view.transcript.chosen == Selection(4, 8)
    assert edit.view.timeline._chosen == ((first.start_us, last.end_us),)
    edit.view.snap.setChecked(False)
    edit.view.timeline.stretch_chosen.emit(first.start_us, last.end_us)
    assert edit.view.transcript.chosen is None
    assert edit.view.timeline._chosen == ((first.start_us, last.end_us),)


def test_what_is_dragged_over_two_answers_is_selected_in_both(producer, edit):
    state, timeline = edit.state_now, edit.view.timeline
    first, second = state.lanes
    words = [n for n, word in enumerate(state.text) if word.take_id == first.take_id]
    begin = state.text[words[-2]].word.start_us
    end = second.start_us + state.text[words[-1] + 2].word.end_us
    y = timeline.rows().voice.center().y()
    ends = [
        QPoint(round(timeline.rows().picture.left() + timeline.view.x(at_us)), y) for at_us in (begin, end)
    ]
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(timeline, ends[1])
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=ends[1])
    chosen = edit.view.transcript.chosen
    assert chosen.first <= words[-1] < chosen.last
    assert len(timeline._chosen) == 2
    edit.view.snap.setChecked(False)
    timeline.stretch_chosen.emit(begin, end)
    ((_, last_us),) = timeline._chosen
    assert last_us == second.start_us, "a stretch without words ends with its take, where the cut would"
