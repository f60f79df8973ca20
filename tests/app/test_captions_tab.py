"""A producer reads captions, mends what is hard to read, and takes it back."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from app.desk import Spot
from app.screens.edit_parts import captions_presenter as presenter
from app.theme import current
from editor.library import Library
from editor.model import Flag, Term, Transcript
from tests.app.window_kit import clipped, nameless

S = 1_000_000


@pytest.fixture
def tab(producer, resource_id):
    producer.opens()
    screen = producer.goes_to("edit", resource_id, spot=Spot(part="captions"))
    producer.wait(lambda: screen.captions.state is not None and screen.player.player is not None)
    producer.wait(lambda: screen.captions.video.has_picture, timeout=60_000)
    producer.rest()
    yield screen.captions
    producer.leave()


def saved(producer, resource_id):
    return producer.window.desk.holder.library.resource(resource_id)


def steps(producer, resource_id):
    return len(saved(producer, resource_id).edit.cue_overrides)


def texts(tab):
    return [" ".join(each.cue.lines) for each in tab.state.captions]


def types(producer, tab, text):
    tab.list.edit_text()
    tab.list.row.field.selectAll()
    QTest.keyClicks(tab.list.row.field, text)


def first_answer(library: Library, resource_id: str) -> Transcript:
    """What was heard in the answer to "what"."""
    take = next(each for each in library.takes(resource_id) if each.prompt.key == "what")
    return library.transcript(take.id)


class TestReading:
    def test_it_opens_from_elsewhere_and_by_its_part(self, producer, tab):
        screen = producer.window.screens["edit"]
        assert screen.scope() == "captions"
        screen.captions.parts.parts["cut"].click()
        assert screen.scope() == "edit"
        assert screen.view.parts.value == "cut"
        screen.view.parts.parts["captions"].click()
        assert screen.scope() == "captions"

    def test_every_caption_is_a_row_with_times_text_and_speed(self, tab):
        model = tab.list.model_now
        assert model.rowCount() == len(tab.state.captions) > 3
        said = model.data(model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole)
        assert "char/s" in said
        assert texts(tab)[0] in said

    def test_arrows_go_to_the_caption_and_its_moment(self, producer, tab):
        tab.list.setFocus()
        producer.presses("Down")
        assert tab.list.index == 1
        producer.wait(lambda: abs(tab.player.at_us - tab.state.captions[1].cue.start_us) < 40_000)

    def test_playing_goes_along_the_captions(self, producer, tab):
        tab.player.seek(tab.state.captions[2].cue.start_us)
        producer.wait(lambda: tab.player.at_us >= tab.state.captions[2].cue.start_us - 40_000)
        producer.presses("Space", on=tab.list)
        producer.wait(lambda: tab.list.index == 2)
        producer.presses("Space", on=tab.list)
        producer.wait(lambda: not tab.player.playing)


class TestGlossary:
    @pytest.fixture(autouse=True)
    def term(self, producer, resource_id):
        """A term that sounds like a word of the first answer; it is there before ``tab`` opens."""
        with producer.library() as library:
            heard = first_answer(library, resource_id)
            words = tuple(
                replace(w, text="vexitron", confidence=0.3) if n == 4 else w
                for n, w in enumerate(heard.words)
            )
            library.save_transcript(replace(heard, words=words))
            library.keep_glossary([Term("Vexatron")])

    def test_a_term_that_may_have_been_meant_is_written_with_one_click(self, producer, tab, resource_id):
        assert any("vexitron" in text for text in texts(tab))
        assert nameless(tab.glossary) == clipped(tab.glossary) == []
        producer.clicks("Write “Vexatron” for “vexitron”", within=tab.glossary)
        producer.wait(lambda: any("Vexatron" in text for text in texts(tab)))
        producer.rest()
        assert not tab.glossary._meant.isVisible()
        producer.presses("Ctrl+Z")
        producer.wait(lambda: any("vexitron" in text for text in texts(tab)))


class TestWhatNobodyWroteDown:
    @pytest.fixture(autouse=True)
    def gap(self, producer, resource_id):
        """Words between 3 and 7 s of the first answer were not understood; they lie before `tab` opens."""
        with producer.library() as library:
            heard = first_answer(library, resource_id)
            words = tuple(word for word in heard.words if not 3 * S < word.end_us < 7 * S)
            flag = Flag(heard.take_id, 3 * S, 7 * S, "no_words")
            library.save_transcript(replace(heard, words=words, flags=(flag,)))
        return flag

    def test_it_is_said_with_its_time_heard_and_written(self, producer, gap, tab, resource_id):
        line = tab.gaps_line
        assert line.isVisible()
        assert line.text.text().startswith("0:03 to 0:07 of “")
        assert nameless(line) == clipped(line) == []
        producer.clicks("Play it", within=line)
        producer.wait(lambda: tab.player.playing and tab.player.at_us >= gap.start_us)
        tab.toggle_play()
        producer.clicks("Write it", within=line)
        producer.rest()
        producer.wait(lambda: tab.list.is_typing)
        assert tab.list.row.field.textCursor().selectedText() == "[inaudible]"
        QTest.keyClicks(tab.list.row.field, "Ring them first.")
        producer.presses("Return", on=tab.list.row.field)
        assert "Ring them first." in texts(tab)
        assert not line.isVisible()
        (own,) = saved(producer, resource_id).edit.cue_overrides
        assert gap.start_us <= own.in_us < own.out_us <= gap.end_us
        assert not any(
            finding.problem.rule == "changed" for each in tab.state.findings.values() for finding in each
        )


class TestWriting:
    def test_enter_keeps_and_goes_on_and_is_one_undo_step(self, producer, tab, resource_id):
        before = saved(producer, resource_id).edit
        types(producer, tab, "One <b>thing")
        producer.presses("Shift+Return", on=tab.list.row.field)
        QTest.keyClicks(tab.list.row.field, "& another")
        producer.presses("Return", on=tab.list.row.field)
        assert tab.state.captions[0].cue.lines == ("One <b>thing", "& another")
        assert tab.list.index == 1
        assert tab.list.is_typing
        producer.presses("Ctrl+Z", on=tab.list)
        producer.wait(lambda: saved(producer, resource_id).edit == before)

    def test_esc_takes_back_what_was_typed(self, producer, tab, resource_id):
        before, text = saved(producer, resource_id).edit, texts(tab)[0]
        types(producer, tab, "Never mind")
        producer.presses("Esc", on=tab.list.row.field)
        assert saved(producer, resource_id).edit == before
        assert texts(tab)[0] == text

    def test_what_was_typed_is_kept_when_the_screen_is_left(self, producer, tab, resource_id):
        types(producer, tab, "Kept all the same")
        producer.window.to("library")
        producer.rest()
        kept = saved(producer, resource_id).edit.cue_overrides
        assert [own.lines for own in kept] == [("Kept all the same",)]

    def test_split_at_the_caret_and_join_again(self, producer, tab):
        count, text = len(tab.state.captions), texts(tab)[0]
        tab.list.edit_text()
        cursor = tab.list.row.field.textCursor()
        cursor.setPosition(len(text.split()[0]) + 1)
        tab.list.row.field.setTextCursor(cursor)
        producer.presses("Ctrl+K", on=tab.list.row.field)
        producer.wait(lambda: texts(tab)[0] == text.split()[0])
        producer.presses("Ctrl+J", on=tab.list)
        producer.wait(lambda: texts(tab)[0] == text)
        assert len(tab.state.captions) >= count - 1

    def test_what_is_typed_is_split_with_the_rest_in_one_step(self, producer, tab, resource_id):
        before = saved(producer, resource_id).edit
        types(producer, tab, "Quite another text")
        producer.presses("Ctrl+K", on=tab.list.row.field)
        producer.rest()
        assert " ".join(texts(tab)[:2]) == "Quite another text"
        tab.list.setFocus()
        producer.presses("Ctrl+Z")
        producer.wait(lambda: saved(producer, resource_id).edit == before)


class TestTimes:
    def test_a_frame_later_as_often_as_the_key_is_pressed(self, producer, tab):
        last = len(tab.state.captions) - 1
        tab.list.choose(last)
        cue, frame_us = tab.state.captions[last].cue, tab.state.frame_us
        tab.player.seek(cue.end_us - 1_000_000)
        producer.wait(lambda: abs(tab.player.at_us - cue.end_us + 1_000_000) < 40_000)
        tab.set_out()
        for _ in range(3):
            tab.nudge(1)
        producer.rest()
        moved = tab.state.captions[last].cue
        assert abs(moved.start_us - cue.start_us - 3 * frame_us) <= 2
        for _ in range(60):
            tab.nudge(1)
            producer.application.processEvents()  # a key comes when the window listens
        assert "no room" in tab.line.text.text()

    def test_a_caption_that_would_end_before_it_starts_stays_as_it_was(self, producer, tab):
        tab.list.choose(1)
        producer.wait(lambda: abs(tab.player.at_us - tab.state.captions[1].cue.start_us) < 40_000)
        producer.presses("O", on=tab.list)
        assert "end before it starts" in tab.line.text.text()

    def test_in_and_out_are_set_at_the_playhead(self, producer, tab):
        tab.list.choose(1)
        producer.rest()
        cue = tab.state.captions[1].cue
        wanted = cue.start_us + 300_000
        tab.player.seek(wanted)
        producer.wait(lambda: abs(tab.player.at_us - wanted) < 40_000)
        producer.presses("I", on=tab.list)
        assert abs(tab.state.captions[1].cue.start_us - wanted) < 40_000

    def test_all_are_shifted_and_no_number_is_refused(self, producer, tab):
        starts = tab.state.starts_us
        tab.seconds.setText("soon")
        tab.shift_times()
        assert "no time to shift by" in tab.line.text.text()
        tab.seconds.setText("0,4")
        tab.shift_times()
        producer.rest()
        assert abs(tab.state.starts_us[1] - starts[1] - 400_000) <= 2 * tab.state.frame_us


class TestChecking:
    @pytest.fixture
    def hurried(self, producer, tab):
        types(producer, tab, "A caption with so many words in it that nobody alive could read it in its time")
        producer.presses("Return", on=tab.list.row.field)
        producer.wait(lambda: 0 in tab.state.to_check)
        tab.list.setFocus()
        return tab

    def test_f8_goes_there_and_the_filter_lists_only_those(self, producer, hurried):
        producer.presses("F8", on=hurried.list)
        assert hurried.list.index in hurried.state.to_check
        hurried.check.click()
        producer.rest()
        assert list(hurried.list.model_now.listed) == list(hurried.state.to_check)
        assert hurried.list.row.isVisible()

    def test_a_fix_is_one_press(self, producer, hurried):
        hurried.list.choose(0)
        producer.rest()
        finding = hurried.state.findings[0]
        offered = [fix for each in finding for fix in each.fixes]
        assert offered
        producer.clicks(presenter.fix_words(hurried.state, 0, offered[0]), within=hurried.list)
        producer.rest()
        assert hurried.state.findings.get(0) != finding


class TestManyAtOnce:
    def test_find_and_replace_is_one_step(self, producer, tab, resource_id):
        before = saved(producer, resource_id).edit
        word = next(each for each in texts(tab)[1].split() if each.isalpha())
        producer.presses("Ctrl+F", on=tab.list)
        tab.search.edit.setText(word)
        producer.wait(lambda: bool(tab.finding.hits))
        tab.by.setText("“Zebra”")
        producer.clicks("Replace all")
        producer.rest()
        assert any("“Zebra”" in each for each in texts(tab))
        tab.list.setFocus()
        producer.presses("Ctrl+Z")
        producer.wait(lambda: saved(producer, resource_id).edit == before)

    def test_a_saved_file_comes_back_as_it_was(self, producer, tab, tmp_path):
        before = texts(tab)
        tab.file_acts.write_file(tmp_path / "a file.srt", "srt")
        tab.file_acts.write_file(tmp_path / "no folder" / "x" / "a file.vtt", "vtt")
        tab.file_acts.take_over(tmp_path / "a file.srt")
        producer.rest()
        assert texts(tab) == before
        (tmp_path / "bad.vtt").write_bytes(b"\xff\xfe nothing")
        tab.file_acts.take_over(tmp_path / "bad.vtt")
        producer.rest()
        assert "nothing was changed" in tab.line.text.text()

    def test_terms_are_added_and_old_captions_follow_when_asked(self, producer, tab, resource_id):
        word = next(each for each in texts(tab)[1].split() if each.isalpha())
        producer.clicks("Add term")
        producer.types(word, tab.glossary.heard)
        producer.types("Acme Care", tab.glossary.write)
        producer.presses("Return", on=tab.glossary.write)
        producer.wait(lambda: any(term == Term("Acme Care", word) for term, _ in tab.state.terms))
        producer.clicks("Apply again")
        producer.rest()
        assert any("Acme Care" in each for each in texts(tab))
        assert producer.finds("once", within=tab.glossary)
        producer.clicks("Change “Acme Care” in the glossary")
        tab.glossary.write.clear()
        producer.types("Acme Cares", tab.glossary.write)
        producer.presses("Return", on=tab.glossary.write)
        producer.wait(lambda: [term for term, _ in tab.state.terms] == [Term("Acme Cares", word)])
        assert not tab.glossary.form.isVisible()
        producer.clicks("Remove “Acme Cares” from the glossary")
        producer.rest()
        assert tab.state.terms == ()


def place(widget, within):
    """Where a part stands in another one."""
    return QRect(widget.mapTo(within, QPoint(0, 0)), widget.size())


class TestWhereThingsStand:
    """The buttons that go on are at the right edge, find and replace are one row (captions.png)."""

    def test_the_way_on_is_bottom_right_and_what_looks_at_all_captions_top_right(self, tab):
        edge = tab.side.width() - 16
        assert abs(place(tab.primary, tab.side).right() - edge) <= 2
        assert place(tab.count, tab.side).left() <= 18
        assert abs(place(tab.files, tab.list_panel).right() - (tab.list_panel.width() - 16)) <= 2

    def test_find_and_replace_are_one_row(self, producer, tab):
        producer.presses("Ctrl+F", on=tab.list)
        parts = (tab.search, tab.by, tab.replace)
        middles = {place(part, tab.find_row).center().y() // 4 for part in parts}
        assert len(middles) == 1

    def test_what_is_to_check_has_its_sign_also_while_it_is_edited(self, producer, tab):
        types(producer, tab, "A line that is much too long to be read in the time that there is for it here")
        tab.list.keep()
        producer.rest()
        tab.list.choose(0)
        assert tab.list.row.words.text()
        assert tab.list.row.sign.isVisible()


def test_without_captions_it_offers_to_write_or_to_import(producer, resource_id):
    with Library.open(producer.folder, write=True) as library:
        for take in library.takes(resource_id):
            heard = library.transcript(take.id)
            library.save_transcript(type(heard)(take.id, "en", "base", ()))
    producer.opens()
    screen = producer.goes_to("edit", resource_id, spot=Spot(part="captions"))
    producer.wait(lambda: screen.captions.state is not None)
    producer.rest()
    assert screen.captions.words.title.text() == "No captions yet"
    assert [each.text() for each in screen.captions.words.buttons] == [
        "Write captions (about 15 s)",
        "Import file",
    ]
    producer.leave()


def test_every_control_has_a_name_and_nothing_is_clipped_at_twice_the_size(producer, tab):
    tab.shift.click()
    tab.find_button.click()
    tab.glossary.add.click()
    assert nameless(tab) == []
    producer.window.desk.settings.change(text_percent=200)
    producer.rest()
    assert clipped(tab) == []
    current_row = tab.list.currentIndex().row()
    metrics = QFontMetrics(current().font("body"))
    for row, caption in enumerate(tab.state.captions):
        room = QRect(0, 0, tab.list.columnWidth(2) - 8, 10_000)
        wrapped = [metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text) for text in caption.cue.lines]
        if row != current_row:
            assert sum(each.height() for each in wrapped) <= tab.list.rowHeight(row), (
                "it wraps, it is not cut"
            )
