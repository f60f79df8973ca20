"""A producer makes an interview short by striking words, and takes it back; text and timeline are one."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from app.desk import Spot
from app.screens.edit import EditScreen
from app.screens.edit_parts.review_dialog import ReviewDialog
from app.screens.edit_parts.takes_strip import TakeCard
from capture.work import Work
from editor import cutlist, resources, tasks
from editor.selection import Selection
from tests.app.window_kit import Producer, clipped, controls, nameless, say

S = 1_000_000


def saved(producer: Producer, resource_id: str):
    return producer.window.desk.holder.library.resource(resource_id)


def text_of(screen: EditScreen) -> str:
    return screen.view.transcript.toPlainText()


def point_of(screen: EditScreen, place: int) -> QPoint:
    """Where a word of the transcript is on the screen."""
    view = screen.view.transcript
    at = view._text.place_of(place)
    cursor = QTextCursor(view.document())
    cursor.setPosition(at.first + 1)
    return view.cursorRect(cursor).center()


class TestWords:
    def test_the_words_of_all_answers_are_one_text_with_their_prompts(self, edit):
        assert "What is the expertise?" in text_of(edit)
        assert "Someone" in text_of(edit)
        assert text_of(edit).index("expertise?") < text_of(edit).index("Why should others")

    def test_dragging_over_words_selects_them_in_text_and_timeline(self, producer, edit):
        view = edit.view.transcript.viewport()
        first, last = point_of(edit, 3), point_of(edit, 6)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
        QTest.mouseMove(view, last)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)
        assert edit.view.transcript.chosen == Selection(3, 6)
        (stretch,) = edit.view.timeline._chosen
        words = edit.state_now.text
        assert stretch == (words[3].word.start_us, words[6].word.end_us)
        assert edit.view.bar.isVisible()

    def test_delete_strikes_and_delete_on_struck_words_restores(self, producer, edit, resource_id):
        length_us = edit.view.length_us
        edit.view.transcript.choose(Selection(14, 17))
        producer.presses("Del")
        struck = [word.word.text for word in edit.state_now.text if word.struck]
        assert struck == ["usually", "the", "same", "morning."]
        assert edit.view.length_us < length_us
        edit.view.transcript.choose(Selection(14, 17))
        producer.presses("Del")
        assert not any(word.struck for word in edit.state_now.text)
        assert edit.view.length_us == length_us

    def test_undo_takes_it_back_also_after_a_restart(self, producer, edit, resource_id):
        edit.view.transcript.choose(Selection(3, 6))
        producer.presses("Del")
        assert any(word.struck for word in edit.state_now.text)
        producer.leave()
        producer.opens()
        again = producer.goes_to("edit", resource_id)
        producer.wait(lambda: again.state_now is not None)
        assert any(word.struck for word in again.state_now.text)
        producer.presses("Ctrl+Z")
        producer.wait(lambda: not any(word.struck for word in again.state_now.text))

    def test_shift_and_arrows_extend_the_selection_word_by_word(self, producer, edit):
        view = edit.view.transcript
        view.setFocus()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(edit, 5))
        for _ in range(3):
            QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        assert view.chosen == Selection(5, 7)
        QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert view.chosen == Selection(5, 6)

    def test_shift_and_a_click_select_from_where_one_was(self, producer, edit):
        view = edit.view.transcript
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(edit, 3))
        shift = Qt.KeyboardModifier.ShiftModifier
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, shift, point_of(edit, 6))
        assert view.chosen == Selection(3, 6)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, shift, point_of(edit, 1))
        assert view.chosen == Selection(3, 1)

    def test_fixed_words_read_otherwise_and_sound_as_before(self, producer, edit, resource_id):
        length_us = edit.view.length_us
        edit.view.transcript.choose(Selection(7, 8))
        edit.view.show_chosen()
        producer.presses("F2")
        assert edit.view.bar.fixing
        edit.view.bar.field.setText("an “enquiry” <b>now</b>")
        producer.presses("Return", on=edit.view.bar.field)
        assert "an “enquiry” <b>now</b>" in text_of(edit)
        assert edit.view.length_us == length_us

    def test_a_fixed_word_goes_into_the_glossary_with_one_click(self, producer, edit, resource_id):
        heard = edit.state_now.text[7].word.text
        edit.view.transcript.choose(Selection(7, 7))
        edit.view.show_chosen()
        producer.presses("F2")
        edit.view.bar.field.setText("Vexatron")
        producer.presses("Return", on=edit.view.bar.field)
        producer.clicks("Always write it so", within=producer.window.door.toasts)
        (term,) = producer.window.desk.holder.library.glossary()
        assert term.write == "Vexatron"
        assert term.heard in heard

    def test_what_came_in_the_background_stays_when_words_are_struck(self, producer, edit, resource_id):
        library = producer.window.desk.holder.library
        now = library.resource(resource_id)
        library.save(replace(now, tags=replace(now.tags, language="cy")), label="language")
        edit.view.decisions.toggle_words(Selection(3, 4))
        kept = saved(producer, resource_id)
        assert kept.tags.language == "cy"
        assert kept.edit != now.edit

    def test_esc_leaves_the_words_as_they_are(self, producer, edit, resource_id):
        before = saved(producer, resource_id).edit
        edit.view.transcript.choose(Selection(7, 8))
        edit.view.show_chosen()
        producer.presses("F2")
        producer.presses("Esc", on=edit.view.bar.field)
        assert not edit.view.bar.fixing
        assert saved(producer, resource_id).edit == before

    def test_a_click_on_a_word_plays_from_there(self, producer, edit):
        QTest.mouseClick(edit.view.transcript.viewport(), Qt.MouseButton.LeftButton, pos=point_of(edit, 9))
        wanted = edit.state_now.text[9].word.start_us
        producer.wait(lambda: abs(edit.player.at_us - wanted) < 40_000)

    def test_hidden_cuts_leave_the_text_as_it_is_heard(self, producer, edit):
        edit.view.transcript.choose(Selection(0, 1))
        producer.presses("Del")
        gone = edit.state_now.text[0].word.text
        assert text_of(edit).split("\n")[1].startswith(gone)
        edit.view.cuts_shown.setChecked(False)
        assert not text_of(edit).split("\n")[1].startswith(gone)

    def test_finding_words_marks_them(self, producer, edit):
        producer.presses("Ctrl+F")
        edit.view.search.edit.setText("the one thing")
        producer.wait(lambda: len(edit.view._hits) == 1)
        producer.presses("F3", on=edit.view.transcript)
        producer.presses("Ctrl+F", on=edit.view.transcript)
        assert producer.window.focusWidget() is edit.view.search.edit, "the keys lead back into the field"
        producer.presses("Esc", on=edit.view.search.edit)
        assert edit.view.search.edit.text() == ""
        producer.presses("Esc", on=edit.view.search.edit)
        assert not edit.view.search_row.isVisible()


class TestTimeline:
    def test_an_edge_is_dragged_and_a_double_click_restores(self, producer, edit, resource_id):
        edit.view.transcript.choose(Selection(10, 14))
        producer.presses("Del")
        timeline = edit.view.timeline
        block = next(each for each in edit.state_now.blocks if each.cut)
        y = timeline.rows().voice.center().y()
        x = 96 + timeline.view.x(block.out_us)
        QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(round(x), y))
        QTest.mouseMove(timeline, QPoint(round(x) + 60, y))
        QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(round(x) + 60, y))
        producer.rest()
        longer = next(each for each in edit.state_now.blocks if each.cut)
        assert longer.out_us > block.out_us
        middle = 96 + timeline.view.x((longer.in_us + longer.out_us) // 2)
        QTest.mouseDClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(round(middle), y))
        producer.rest()
        assert not any(each.cut for each in edit.state_now.blocks)

    def test_in_and_out_and_delete_cut_a_stretch(self, producer, edit):
        edit.view.snap.setChecked(False)
        edit.view.go(4 * S)
        producer.wait(lambda: edit.player.at_us == 4 * S)
        producer.presses("I")
        edit.view.go(6 * S)
        producer.wait(lambda: edit.player.at_us == 6 * S)
        producer.presses("O")
        producer.presses("Del")
        (cut,) = [each for each in edit.state_now.blocks if each.cut]
        assert (cut.in_us, cut.out_us) == (4 * S, 6 * S)

    def test_ctrl_and_wheel_zoom_at_the_pointer(self, edit):
        timeline = edit.view.timeline
        x = 400.0
        before = timeline.view.at(x)
        timeline._set_view(timeline.view.zoomed(timeline.view.px_s * 4, around_x=x))
        assert abs(timeline.view.at(x) - before) < 20_000
        timeline.fit()
        assert timeline.view.first_us == 0

    def test_the_playhead_is_a_slider_to_screen_readers(self, producer, edit):
        edit.view.go(5 * S)
        producer.wait(lambda: edit.player.at_us == 5 * S)
        assert edit.view.timeline.value() == 5000
        assert edit.view.timeline.maximum() == sum(lane.duration_us for lane in edit.state_now.lanes) // 1000
        edit.view.timeline.setValue(9000)  # as a screen reader does
        producer.wait(lambda: edit.player.at_us == 9 * S)

    def test_what_is_cut_is_told_in_words(self, producer, edit):
        assert edit.view.cut_words.text() == "Nothing cut yet"
        edit.view.transcript.choose(Selection(3, 6))
        producer.presses("Del")
        assert edit.view.cut_words.text().endswith(" s cut in 1 place")

    def test_split_in_a_cut_is_refused_in_words(self, producer, edit):
        edit.view.transcript.choose(Selection(0, len(edit.state_now.text) - 1))
        timeline_us = edit.state_now.timeline_us // 4
        edit.view.decisions.decide(
            lambda state: cutlist.strike(state.resource.edit, *_all_of_first(state)), "cut"
        )
        producer.rest()
        from app.screens import edit_presenter

        edit.view.decisions.decide(lambda state: edit_presenter.split_here(state, timeline_us), "split_point")
        assert "nothing to divide" in edit.view.line.text.text()


def _all_of_first(state):
    take_id = state.lanes[0].take_id
    return take_id, [each.word for each in state.text if each.take_id == take_id]


class TestTidyUp:
    def test_silences_go_in_one_step_and_come_back_in_one(self, producer, edit):
        edit.view.tidy.limit.setValue(4)
        producer.wait(
            lambda: edit.view.tidy_up is not None and bool(edit.view.tidy_up.open_silences), timeout=20_000
        )
        producer.rest()
        before = edit.view.length_us
        count = len(edit.view.tidy_up.open_silences)
        QTest.mouseClick(edit.view.tidy.silences.remove, Qt.MouseButton.LeftButton)
        producer.rest()
        producer.wait(lambda: not edit.view.tidy_up.open_silences)
        assert edit.view.length_us < before
        assert sum(each.cut for each in edit.state_now.blocks) >= count - 1
        producer.presses("Ctrl+Z")
        producer.wait(lambda: edit.view.length_us == before)

    def test_each_filler_is_reviewed_and_the_kept_one_stays(self, producer, edit):
        assert len(edit.view.tidy_up.fillers) >= 2
        seen = []

        def answer(dialog: ReviewDialog) -> int:
            seen.append(dialog)
            for candidate, box in dialog.boxes:
                box.setChecked(candidate.kind == "filler")
            first = next(box for candidate, box in dialog.boxes if candidate.kind == "filler")
            first.setChecked(False)
            assert nameless(dialog) == []
            return 1

        before = ReviewDialog.exec
        ReviewDialog.exec = answer
        try:
            edit.view.review()
        finally:
            ReviewDialog.exec = before
        producer.rest()
        fillers = [word for word in edit.state_now.text if word.word.filler]
        assert [word.struck for word in fillers].count(False) >= 1
        assert any(word.struck for word in fillers)
        assert seen


class TestTakesAndChapters:
    def test_another_take_is_swapped_in_and_the_cuts_of_both_are_kept(
        self, producer, edit, resource_id, sample
    ):
        edit.view.transcript.choose(Selection(0, 1))
        producer.presses("Del")
        library = producer.window.desk.holder.library
        producer.watchdog.stop()  # this is not the window's doing
        take = tasks.import_file(library, resource_id, sample / "4-who.camera.mp4", prompt=1, work=Work())
        producer.watchdog.start()
        say(library, take, "4-who")
        producer.window.desk.holder.tell(resource_id)
        producer.wait(lambda: len(edit.state_now.takes) == 3)
        producer.rest()
        other = next(t for t in edit.state_now.takes_of(take.prompt.id) if t.number == 1)
        edit.view.decisions.swap(other)
        producer.rest()
        assert edit.state_now.lanes[0].take_id == other.id
        assert [word.struck for word in edit.state_now.text[:3]] == [True, True, False]

    def test_every_take_can_be_swapped_in_however_many_there_are(self, producer, edit):
        state, strip = edit.state_now, edit.view.takes
        (first, *_) = state.takes_of(state.lanes[0].prompt_id)
        more = [replace(first, id=f"take-{n}", number=n) for n in range(2, 9)]
        swapped = []
        strip.swapped.disconnect()
        strip.swapped.connect(swapped.append)
        strip.show_prompt(replace(state, takes=(*state.takes, *more)), first.prompt.id, {})
        producer.rest()
        cards = controls(strip, TakeCard)
        assert [card.take.number for card in cards] == list(range(1, 9))
        assert all(card.width() >= card.minimumSizeHint().width() for card in cards)
        (used,) = [card for card in cards if card.isChecked()]
        assert not used.visibleRegion().isEmpty()
        for card in (cards[0], cards[-1]):
            card.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(card, Qt.Key.Key_Space)
        assert [take.number for take in swapped] == [1, 8]
        assert used.isChecked(), "until the library says otherwise"

    def test_a_chapter_at_the_playhead_is_added_renamed_and_removed(self, producer, edit):
        edit.view.go(8 * S)
        producer.wait(lambda: edit.player.at_us == 8 * S)
        producer.presses("C")
        assert len(edit.state_now.parts) == 3
        edit.view.decisions.remove_chapter(edit.state_now.parts[1])
        producer.rest()
        assert len(edit.state_now.parts) == 2


class TestPlaying:
    def test_space_plays_and_rests_and_the_word_that_is_said_is_marked(self, producer, edit):
        edit.view.go(3 * S)
        producer.wait(lambda: edit.player.at_us == 3 * S)
        producer.presses("Space", on=edit.view.transcript)
        producer.wait(lambda: edit.player.playing)
        producer.wait(lambda: edit.player.at_us > 3 * S + 300_000)
        assert edit.view.transcript._played is not None
        producer.presses("Space", on=edit.view.transcript)
        producer.wait(lambda: not edit.player.playing)

    def test_it_shows_name_and_role_as_the_video_will(self, producer, edit, resource_id):
        def again() -> None:
            producer.goes_to("details", resource_id)
            producer.goes_to("edit", resource_id)
            edit.view.go(3 * S)

        def picture() -> bytes:
            return bytes(edit.view.video.grab().toImage().constBits())

        again()
        producer.wait(lambda: edit.player.at_us == 3 * S)
        producer.rest()
        plain = picture()
        producer.window.desk.settings.change(lower_third=True)
        again()
        producer.wait(lambda: picture() != plain)
        producer.window.desk.settings.change(lower_third=False)
        again()
        producer.wait(lambda: picture() == plain)

    def test_comma_and_point_step_by_a_frame(self, producer, edit):
        edit.view.go(3 * S)
        producer.wait(lambda: edit.player.at_us == 3 * S)
        producer.presses(".")
        producer.wait(lambda: edit.player.at_us == 3_033_333)
        producer.presses(",")
        producer.wait(lambda: edit.player.at_us == 3 * S)


class TestStates:
    def test_without_takes_it_says_which_stage_supplies_them(self, producer):
        with producer.library() as library:
            made = resources.new_resource(library, title="Nothing yet")
        producer.opens()
        screen = producer.goes_to("edit", made.id)
        producer.wait(lambda: screen.state == "words")
        assert screen.words.title.text() == "No takes yet"
        producer.leave()

    def test_a_take_that_is_gone_is_said_and_the_other_plays_on(self, producer, resource_id):
        with producer.library() as library:
            take = library.takes(resource_id)[0]
            picture = next(each.file for each in take.segments if each.track != "mic")
            (library.take_folder(take) / picture).unlink()
        producer.opens()
        screen = producer.goes_to("edit", resource_id)
        producer.wait(lambda: screen.state_now is not None)
        assert screen.state_now.missing == (take.id,)
        assert "not where it belongs" in text_of(screen)
        assert "Because" in text_of(screen)
        producer.rest()
        producer.leave()

    def test_it_opens_at_a_moment_that_was_searched_for(self, producer, resource_id):
        producer.opens()
        with producer.window.desk.holder.read() as library:
            take = library.takes(resource_id)[1]
        screen = producer.goes_to("edit", resource_id, spot=Spot(take_id=take.id, at_us=4 * S, words="Leeds"))
        producer.wait(lambda: screen.player.at_us > 15 * S, timeout=30_000)
        assert screen.view._hits
        producer.leave()

    def test_every_control_has_a_name_and_nothing_is_clipped_at_twice_the_size(self, producer, edit):
        assert nameless(edit) == []
        producer.window.desk.settings.change(text_percent=200)
        producer.rest()
        assert clipped(edit) == []


def test_the_view_keeps_what_is_under_the_pointer():
    from app.screens.edit_parts.timeline_view import View

    view = View(1000, 600 * S, 1000 / 600)
    closer = view.zoomed(50, around_x=500)
    assert abs(closer.at(500) - view.at(500)) < 25_000
    assert replace(closer, first_us=0).revealing(300 * S).first_us > 250 * S
    assert QPointF(closer.x(closer.at(10)), 0).x() == pytest.approx(10, abs=0.1)
