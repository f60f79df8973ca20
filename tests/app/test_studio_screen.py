"""A producer records an expert: one take after the other, nothing lost, whatever happens to the window."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest

from app.screens.studio import StudioScreen
from app.screens.studio_parts.meter import LevelMeter, share_of
from app.screens.studio_parts.picture import dot_opacity
from app.screens.studio_parts.prompt_list import PromptButton
from app.screens.studio_parts.readying import Readying
from app.screens.studio_presenter import BYTES_A_MINUTE, level_words, minutes_left, next_take
from app.theme import current
from capture.device_check import CheckedDevice
from capture.device_watch import Change
from capture.errors import UserError
from editor import resources
from editor.audio import RATE_HZ
from tests.app.studio_kit import enters, keeps, records, sample_devices, takes_of, why
from tests.app.window_kit import Producer, clipped, controls, nameless, spoken_name

_PREPARE = Readying.start


def is_filled(star):
    """Whether a star is seen as filled: its middle has the colour of its edge, and a reader is told so."""
    seen = star.grab().toImage().pixelColor(star.width() // 2, star.height() // 2)
    return seen.name() == current().colour("accent-text").name() and star.isChecked()


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

    def test_the_star_of_the_best_take_is_filled_and_a_press_does_not_empty_it(self, producer, studio):
        records(producer, studio)
        producer.presses("T", on=studio)
        producer.wait(lambda: studio.take is not None and studio.at_us > 1.2e6, timeout=30_000)
        producer.presses("R", on=studio)
        keeps(producer, studio, 2)
        assert [is_filled(producer.finds(f"Take {n} is the best")) for n in (1, 2)] == [False, True]
        producer.clicks("Take 2 is the best")
        producer.rest()
        assert is_filled(producer.finds("Take 2 is the best"))
        producer.clicks("Take 1 is the best")
        producer.wait(lambda: is_filled(producer.finds("Take 1 is the best")))
        assert not is_filled(producer.finds("Take 2 is the best"))

    def test_a_press_on_another_prompt_is_answered_and_changes_nothing(self, producer, studio):
        records(producer, studio)
        other = f"2, {studio.state_now.rows[1].prompt.text}"
        button = next(each for each in controls(studio, PromptButton) if each.number == 2)
        assert spoken_name(button).startswith(other)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert producer.window.door.toasts.text.text() == "Not while a take is recorded"
        assert [each.isChecked() for each in controls(studio, PromptButton)][:2] == [True, False]
        assert studio.row == 0

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
        producer.presses("Down", on=studio)
        producer.presses("Space", on=studio)
        producer.wait(lambda: studio.player.playing and studio.player.at_us > 300_000, timeout=30_000)
        producer.presses("Space", on=studio)
        producer.wait(lambda: not studio.player.playing, timeout=30_000)
        rested_us = studio.player.at_us
        producer.presses("Space", on=studio)
        producer.wait(lambda: studio.player.playing, timeout=30_000)
        assert studio.player.at_us >= rested_us, "it goes on where it rested"
        producer.wait(lambda: not studio.player.playing, timeout=30_000)


class TestChoosingDevices:
    """The picker shows what is recorded from: another device is opened as soon as that can be."""

    def test_right_after_stop(self, producer, studio):
        records(producer, studio)
        producer.presses("R", on=studio)
        mic = studio.view.devices.mic
        QTest.keyClick(mic, Qt.Key.Key_End)
        assert mic.currentData() == "none"
        producer.wait(lambda: studio.recorder.session.state.mic is None, timeout=30_000)
        assert not studio.view.line.isVisible(), studio.view.line.text.text()
        keeps(producer, studio, 1)
        assert takes_of(studio)[0].devices.mic_name
        records(producer, studio)
        producer.presses("R", on=studio)
        keeps(producer, studio, 2)
        assert [take.devices.mic_name for take in takes_of(studio)][1] == ""

    def test_what_is_plugged_in_is_offered_and_what_is_pulled_out_keeps_its_name(self, producer, studio):
        studio.recorder._watch.close()  # what is really plugged in here is not the matter
        producer.rest()
        mic, lapel = studio.view.devices.mic, CheckedDevice("mic", "none-such", "Lapel mic (USB)")
        studio.recorder.devices_changed.emit(Change((lapel,), came=(lapel,)))
        assert producer.window.door.toasts.text.text() == "Lapel mic (USB) is there now"
        mic.setCurrentIndex(mic.findData(lapel.id))
        mic.activated.emit(mic.currentIndex())
        studio.recorder.devices_changed.emit(Change((), went=(lapel,)))
        assert mic.currentText() == "Lapel mic (USB), not plugged in"
        producer.wait(lambda: studio.view.devices.mic_line.isVisible(), timeout=30_000)

    def test_while_others_are_being_opened(self, producer, studio, sample):
        first, second = (f"file:{sample / name}" for name in ("1-what.flac", "2-why.flac"))
        studio.recorder.let_go()
        studio.devices.use(mic=first)
        assert studio.recorder.session is None
        studio.devices.use(mic=second)
        producer.wait(lambda: studio.recorder.session is not None, timeout=30_000)
        session = studio.recorder.session
        producer.wait(lambda: session.state.mic and session.state.mic.source == second, timeout=30_000)
        assert studio.view.devices.mic.currentData() == second

    def test_during_the_test_which_is_given_up(self, producer, studio):
        producer.clicks("5-second test")
        producer.wait(lambda: studio.trying.left_s < 5, timeout=30_000)
        QTest.keyClick(studio.view.devices.mic, Qt.Key.Key_End)
        producer.wait(lambda: studio.recorder.session.state.mic is None, timeout=30_000)
        assert studio.trying.stage == ""
        assert not studio.view.line.isVisible(), studio.view.line.text.text()

    def test_what_the_recorder_refuses_is_said_and_the_picker_goes_back(self, producer, studio):
        take, _ = next_take(studio.desk.holder.library, studio.state_now, 0)
        unknown = replace(take, id="unknown", resource_id="another")  # begun by somebody else
        studio.recorder.session.record(studio.desk.folder / "media" / "another" / "unknown", unknown)
        producer.wait(lambda: studio.recorder.session.state.state == "recording", timeout=30_000)
        mic = studio.view.devices.mic
        before = mic.currentData()
        QTest.keyClick(mic, Qt.Key.Key_End)
        producer.wait(lambda: mic.currentData() == before, timeout=30_000)
        assert "nothing was changed" in studio.view.line.text.text()
        assert studio.desk.settings.now.mic == before


class TestCountIn:
    def test_three_two_one_and_a_second_press_calls_it_off(self, producer, studio):
        producer.window.desk.settings.change(countdown_s=3)
        producer.presses("R", on=studio)
        assert studio.view.video.count == 3
        producer.presses("R", on=studio)
        assert studio.view.video.count == 0
        assert studio.take is None


class Loudspeaker:
    """Keeps what it is given to play."""

    def __init__(self):
        self.heard, self.closed = [], False

    def start(self, take):
        self.heard.append(take(RATE_HZ))

    def close(self):
        self.closed = True


class TestTick:
    """Whoever turned it on hears a short tick just before the take; it is not in the take, nor waited for."""

    @pytest.fixture
    def loudspeaker(self, studio, monkeypatch):
        made = Loudspeaker()
        monkeypatch.setattr(studio.tick, "_open_output", lambda: made)
        return made

    def turn_on(self, producer, seconds):
        with producer.dialog(producer.window.show_settings) as dialog:
            producer.clicks("Short tick when a take is about to start", within=dialog)
        producer.window.desk.settings.change(countdown_s=seconds)

    def test_it_is_heard_once_before_the_take_begins(self, producer, studio, loudspeaker):
        self.turn_on(producer, 3)
        producer.clicks("Record")
        producer.wait(lambda: loudspeaker.heard, timeout=30_000)
        assert studio.take is None
        producer.wait(lambda: studio.take is not None, timeout=30_000)
        producer.wait(lambda: loudspeaker.closed, timeout=30_000)
        (tick,) = loudspeaker.heard
        assert 0.1 < abs(tick).max() < 0.5
        assert len(tick) < RATE_HZ / 10

    def test_it_is_off_at_first_and_silent_when_called_off(self, producer, studio, loudspeaker):
        records(producer, studio)
        producer.presses("R", on=studio)
        self.turn_on(producer, 3)
        producer.clicks("Record")
        producer.rest()
        producer.clicks("Record")
        producer.wait(lambda: loudspeaker.closed, timeout=30_000)
        assert loudspeaker.heard == []
        assert studio.take is None

    def test_a_take_starts_without_a_loudspeaker(self, producer, studio, monkeypatch):
        def refuse():
            raise UserError("play.no_speaker")

        monkeypatch.setattr(studio.tick, "_open_output", refuse)
        self.turn_on(producer, 0)
        producer.clicks("Record")
        producer.wait(lambda: studio.take is not None and studio.at_us > 500_000, timeout=30_000)


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

    def test_the_prompter_leaves_the_keyboard_to_studio_and_covers_another_screen(
        self, producer, studio, monkeypatch
    ):
        covered = []
        second = SimpleNamespace(geometry=lambda: covered.append("second") or QRect(0, 0, 320, 200))
        monkeypatch.setattr(QGuiApplication, "screens", lambda: [second, studio.screen()])
        producer.presses("P", on=studio)
        assert covered == ["second"], "the one that Studio is not on, whichever comes first"
        shown = studio.prompting.window
        assert shown.isFullScreen()
        assert (
            shown.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
        )  # Qt would warn if it asked for it
        assert shown.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        studio.open_prompter()
        assert not studio.prompting.shown

    @pytest.mark.parametrize(
        ("words", "px", "lines"),
        [
            ("Why?", 52, 1),
            ("What do you say first when a customer calls back later?", 44, 2),
            ("What do you say first when a customer calls back, and what do you never say then?", 36, 2),
        ],
    )
    def test_the_question_is_as_large_as_fits_into_two_lines(self, producer, studio, words, px, lines):
        first, *rest = studio.state_now.rows
        asked = replace(first, prompt=replace(first.prompt, text=words))
        studio.state_now = replace(studio.state_now, rows=(asked, *rest))
        studio._show()
        producer.rest()
        font = studio.view.question.font()
        assert font.pixelSize() == px
        assert studio.view.question.height() <= lines * QFontMetrics(font).lineSpacing() + 4

    def test_a_microphone_that_is_not_there_has_no_level(self, producer, studio):
        meter = studio.view.devices.meter
        producer.wait(lambda: meter.held_db > -60, timeout=20_000)
        studio.devices.use(mic="none")
        producer.wait(lambda: meter.held_db == -60, timeout=20_000)
        assert studio.view.devices.level_line.text.text() == "No sound yet"

    def test_what_is_disabled_says_why(self, producer, studio):
        assert studio.view.edit.toolTip() == "There is no take to edit yet"
        records(producer, studio)
        for each in (studio.view.edit, studio.view.devices.camera, studio.view.devices.mic):
            assert not each.isEnabled()
            assert each.toolTip() == "Not while a take is recorded"
        bar = producer.window.bar
        for each in (bar.undo, bar.redo, bar.buttons["edit"], bar.back):
            assert not each.isEnabled()
            assert each.toolTip() == "Not while a take is recorded"
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        assert bar.buttons["edit"].isEnabled()
        assert bar.undo.toolTip() != "Not while a take is recorded"

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

    def test_it_says_how_the_level_is_and_space_is_as_good_as_a_click(self, qtbot):
        meter = LevelMeter()
        qtbot.addWidget(meter)
        meter.show_level(-9.0)
        assert meter.accessibleName() == "Microphone level, Good level, held peak minus 9 decibels"
        meter.show_level(0.0)
        assert "clipped" in meter.accessibleName()
        QTest.keyClick(meter, Qt.Key.Key_Space)
        assert not meter.clipped

    def test_the_record_dot_goes_from_all_of_it_to_55_percent_once_a_second(self):
        assert [round(dot_opacity(at_s), 2) for at_s in (0, 0.25, 0.5, 1)] == [1, 0.78, 0.55, 1]

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
        assert minutes_left(2_000_000_000, 50_000_000) == ("40 min left", "text")

    def test_once_it_is_known_how_fast_the_disk_fills_that_is_what_counts(self, producer, studio):
        before = studio.view.devices.left.text()
        records(producer, studio, seconds=5.2)
        written = studio.takes.bytes_a_minute()
        assert 0 < written < BYTES_A_MINUTE / 2, "a drawn camera takes little room"
        producer.wait(lambda: studio.view.devices.left.text() != before, timeout=20_000)
        producer.presses("R", on=studio)
        keeps(producer, studio, 1)
        assert studio.view.devices.left.text() != before, "the next take will be like this one"
        assert studio.view.devices.used.value() > 0


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
        studio.prompting.window.setWindowState(Qt.WindowState.WindowFullScreen)
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
