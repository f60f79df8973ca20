"""A producer records an expert: one take after the other, nothing lost, whatever happens to the window."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.screens.studio import StudioScreen
from app.screens.studio_parts.meter import LevelMeter, share_of
from app.screens.studio_parts.readying import Readying
from app.screens.studio_presenter import level_words, minutes_left
from editor import resources
from tests.app.studio_kit import enters, keeps, records, sample_devices, takes_of, why
from tests.app.window_kit import Producer, clipped, nameless

_PREPARE = Readying.start


@pytest.fixture
def studio(producer: Producer, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StudioScreen]:
    with producer.library() as library:
        made = resources.new_resource(library, title="Ring back", expert="Amara Osei, Sales Lead")
    # What is done with a safe take in the background has tests of its own; a model would take its time here.
    monkeypatch.setattr(Readying, "start", lambda self, take: None)
    yield enters(producer, made.id, **sample_devices(sample))
    producer.leave()


class TestRecording:
    def test_what_the_camera_sees_and_the_microphone_hears_is_shown_before_record(self, producer, studio):
        producer.wait(lambda: studio.view.devices.meter.held_db > -60, timeout=20_000)
        assert studio.view.video.device
        assert studio.view.question.text() == "What is the expertise?"

    def test_takes_follow_one_another_and_the_starred_one_is_best(self, producer, studio):
        records(producer, studio)
        assert studio.locked()
        assert not studio.view.devices.camera.isEnabled()
        producer.presses("M", on=studio)
        producer.presses("T", on=studio)  # stops, keeps, and goes on with the next
        producer.wait(lambda: studio.take is not None and studio.take.number == 2, timeout=30_000)
        producer.wait(lambda: studio.at_us > 1.2e6, timeout=30_000)
        studio.next_prompt(1)
        keeps(producer, studio, 2)
        first, second = takes_of(studio)
        assert (first.number, second.number) == (1, 2)
        assert {first.state, second.state} == {"safe"}, why([first, second])
        assert len(first.markers) == 1
        assert studio.row == 1
        studio.choosing.star(first)
        producer.wait(lambda: studio.state_now.rows[0].best == first.id)
        producer.window.undo()
        producer.wait(lambda: studio.state_now.rows[0].best == second.id)

    def test_a_safe_take_gets_its_second_copy(self, producer, studio, tmp_path, monkeypatch):
        monkeypatch.setattr(Readying, "start", _PREPARE)
        stick = tmp_path / "stick"
        studio.desk.settings.change(second_copy=str(stick), model="not-there")
        assert studio.takes.readying.copy_place() is None, "said, and no reason not to record"
        assert "second copy" in studio.view.line.text.text()
        stick.mkdir()
        records(producer, studio)
        producer.presses("R", on=studio)
        producer.wait(lambda: any(stick.glob("*/*/take.json")), timeout=60_000)
        keeps(producer, studio, 1)

    def test_leaving_while_recording_asks_and_keeps_the_take(self, producer, studio):
        records(producer, studio)
        producer.window.to("library")
        assert producer.answers[-1][0] == "Stop and keep take 1?"
        producer.rest()
        again = producer.goes_to("studio", studio.resource_id)
        keeps(producer, again, 1)
        assert takes_of(again)[0].state == "safe", why(takes_of(again))

    def test_a_window_that_dies_loses_nothing_and_the_next_one_goes_on(self, producer, studio, sample, voice):
        devices = {**sample_devices(sample), "mic": f"file:{voice}"}
        studio.devices.use(**devices)
        producer.wait(lambda: studio.recorder.session.state.mic.name == voice.name, timeout=30_000)
        records(producer, studio)
        take = studio.take
        session, studio.recorder.session, studio.takes.now = studio.recorder.session, None, None
        session.leave()  # as if the window had been killed: nobody said stop
        producer.leave()
        again = enters(producer, studio.resource_id, **devices)
        producer.wait(lambda: again.take is not None and again.take.id == take.id, timeout=30_000)
        before = again.at_us
        producer.wait(lambda: again.at_us > before, timeout=30_000)
        producer.presses("R", on=again)
        keeps(producer, again, 1)
        assert takes_of(again)[0].state == "safe", why(takes_of(again))
        assert takes_of(again)[0].duration_us > 1_200_000

    def test_a_take_plays_in_the_place_of_the_picture(self, producer, studio):
        records(producer, studio, seconds=2)
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        studio.play(takes_of(studio)[0])
        producer.wait(lambda: studio.player.playing, timeout=30_000)
        producer.wait(lambda: not studio.player.playing, timeout=30_000)


class TestCountIn:
    def test_three_two_one_and_a_second_press_calls_it_off(self, producer, studio):
        producer.window.desk.settings.change(countdown_s=3)
        producer.presses("R", on=studio)
        assert studio.view.video.count == 3
        producer.presses("R", on=studio)
        assert studio.view.video.count == 0
        assert studio.take is None


class TestStates:
    def test_without_a_camera_sound_is_recorded_all_the_same(self, producer, studio):
        studio.devices.use(camera="none")
        producer.wait(lambda: "No camera" in studio.view.video._words, timeout=20_000)
        records(producer, studio)
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        assert not takes_of(studio)[0].has_picture

    def test_a_camera_that_is_not_there_is_said_where_it_is_chosen(self, producer, studio):
        studio.devices.use(camera="http://127.0.0.1:9/nothing.mjpg")
        producer.wait(lambda: studio.view.devices.camera_line.isVisible(), timeout=30_000)
        assert studio.view.devices.camera_line.text.text()

    def test_a_brief_without_questions_says_where_they_come_from(self, producer):
        with producer.library() as library:
            made = resources.new_resource(library, title="Nothing asked")
            left_out = tuple(replace(each, included=False) for each in made.brief.prompts)
            library.save(replace(made, brief=replace(made.brief, prompts=left_out)), label="brief")
        producer.opens()
        screen = producer.goes_to("studio", made.id)
        producer.wait(lambda: screen.state == "words")
        assert screen.words.title.text() == "No prompts yet"
        producer.leave()

    def test_the_prompter_follows_studio(self, producer, studio):
        producer.presses("P", on=studio)
        producer.wait(lambda: studio.prompting.shown)
        assert studio.prompting.window.asked.prompt == "What is the expertise?"
        studio.go_to(2)
        producer.wait(lambda: studio.prompting.window.asked.prompt == studio.state_now.rows[2].prompt.text)
        QTest.keyClick(studio.prompting.window, Qt.Key.Key_Escape)
        assert not studio.prompting.shown

    def test_every_control_has_a_name_and_nothing_is_clipped_at_twice_the_size(self, producer, studio):
        assert nameless(studio) == []
        producer.window.desk.settings.change(text_percent=200)
        producer.rest()
        assert clipped(studio) == []


class TestMeter:
    def test_the_peak_is_held_and_clipping_stays_until_it_is_clicked(self, qtbot):
        meter = LevelMeter()
        qtbot.addWidget(meter)
        meter.show_level(-9.0)
        meter.show_level(-30.0)
        assert meter.held_db == -9.0
        meter.show_level(0.0)
        time.sleep(1.6)
        meter.show_level(-30.0)
        assert meter.clipped
        assert meter.held_db == -30.0
        QTest.mouseClick(meter, Qt.MouseButton.LeftButton)
        assert not meter.clipped

    def test_the_scale_gives_the_upper_20_db_half_of_its_length(self):
        assert [share_of(db) for db in (-90, -60, -40, -20, -10, 0, 3)] == [0, 0, 0.25, 0.5, 0.75, 1, 1]

    @pytest.mark.parametrize(
        ("peak_db", "key"),
        [(None, "none"), (-0.1, "clipping"), (-3, "loud"), (-9, "good"), (-25, "quiet"), (-55, "silent")],
    )
    def test_a_level_is_said_in_words(self, peak_db, key):
        assert level_words(peak_db, peak_db)[0] == f"studio.level_{key}"

    def test_the_disk_is_told_in_time(self):
        assert minutes_left(84_000_000_000)[0] == "11 h 40 min left"
        assert minutes_left(2_000_000_000) == ("16 min left", "warn")
        assert minutes_left(400_000_000) == ("3 min left", "record")


class TestBesideRecording:
    def test_the_test_says_how_it_was_and_plays(self, producer, studio):
        producer.clicks("5-second test")
        producer.wait(lambda: studio.trying.stage == "recording")
        verdict = studio.view.devices.checks.verdict
        producer.wait(verdict.isVisible, timeout=60_000)
        assert verdict.said
        assert "Room noise" in verdict.levels.text()
        assert takes_of(studio) == [], "nothing is kept"
        producer.clicks("Play the test")
        producer.wait(lambda: studio.player.playing, timeout=30_000)
        records(producer, studio)
        assert not studio.player.playing
        assert not studio.view.devices.checks.test.isEnabled()

    def test_a_take_that_is_wanted_ends_the_test(self, producer, studio):
        producer.clicks("5-second test")
        producer.wait(lambda: studio.trying.left_s < 5, timeout=30_000)
        records(producer, studio)
        assert studio.trying.stage == ""
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        assert takes_of(studio)[0].state == "safe", why(takes_of(studio))

    def test_a_note_stands_below_its_take(self, producer, studio):
        records(producer, studio)
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        producer.clicks("Write a note on Take 1")
        field = producer.finds("Note on this take")
        producer.types("The better ending", on=field)
        producer.presses("Return", on=field)
        producer.wait(lambda: takes_of(studio)[0].note == "The better ending")
        assert producer.finds("The better ending", within=studio.view.prompts)

    def test_the_prompter_is_as_large_as_was_chosen_and_closes_with_its_screen(self, producer, studio):
        actions = {each.text(): each for each in studio.prompting.menu().actions()}
        actions["Mirrored, for prompter glass"].trigger()
        actions["Text 150 %"].trigger()
        actions["Show the time"].trigger()
        producer.presses("P", on=studio)
        look = studio.prompting.window.look
        assert (look.mirror, look.percent, look.time) == (True, 150, False)
        asked = studio.prompting.window.asked
        assert (asked.number, asked.of, len(asked.done)) == (1, 7, 7)
        studio.prompting.window.showFullScreen()
        studio.prompting.window.on_screen_gone(studio.prompting.window.screen())
        assert not studio.prompting.shown

    def test_questions_that_people_ask_have_a_tab_of_their_own(self, producer, sample):
        with producer.library() as library:
            made = resources.new_resource(
                library, title="Feedback", gap="Managers struggle", questions=["What do I say first?"]
            )
        screen = enters(producer, made.id, **sample_devices(sample))
        tabs, last = screen.view.tabs, len(screen.state_now.rows) - 1
        assert tabs.isVisible() == (len(screen.state_now.tabs) > 1)
        screen.go_to(last)
        assert tabs.value == "questions"
        assert screen.view.question.text() == "What do I say first?"
        producer.leave()
