"""On the first start a producer sees and hears camera and microphone; all of it can be skipped."""

import pytest

from app import messages
from app.screens import first_run_presenter as presenter
from app.screens.first_run_presenter import Listening
from app.screens.studio_presenter import NOTHING, PHONE
from app.settings import SettingsFile
from app.shell.settings_dialog import SettingsDialog
from capture.device_check import CheckedDevice
from capture.errors import UserError
from capture.recorder_messages import DeviceState
from tests.app.window_kit import Producer, clipped, nameless
from tests.conftest import REPO

SAMPLE = REPO / "assets" / "sample"
CAMERA = CheckedDevice("camera", "/dev/video0", "Webcam")
WEIGHT = 300 << 20  # a model that is not set up before anybody can cancel


@pytest.fixture
def devices(producer: Producer):
    """A camera and a microphone that play the sample, chosen before."""
    camera, mic = SAMPLE / "1-what.camera.mp4", SAMPLE / "1-what.flac"
    SettingsFile(producer.settings).change(camera=f"file:{camera}", mic=f"file:{mic}")


@pytest.fixture
def screen(producer: Producer, devices):
    producer.opens(first_run=True)
    producer.rest()
    return producer.window.screens["first-run"]


@pytest.fixture
def bare(producer: Producer):
    """First run on a computer where nothing is plugged in."""
    producer.opens(first_run=True)
    made = producer.window.screens["first-run"]
    producer.wait(lambda: made._known, timeout=60_000)
    return made


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder with what looks like a large model that nobody knows; no other is here."""
    monkeypatch.setenv("LAPEL_MODELS", str(tmp_path / "models"))
    folder = tmp_path / "house-model"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_text("{}")
    with (folder / "model.bin").open("wb") as file:
        file.write(b"\x06\0\0\0\x0c\0WhisperSpec\0")
        file.truncate(WEIGHT)
    return folder


# Camera and microphone --------------------------------------------------------------------------------


def test_the_picture_is_live_and_the_voice_moves_the_meter(producer, screen):
    producer.wait(lambda: screen.camera.picture.has_picture, timeout=60_000)
    producer.wait(lambda: screen.mic.badge.text == "Ready", timeout=60_000)
    assert screen.camera.badge.text == "Ready"
    assert screen.mic.meter.held_db > -40
    assert screen.mic.said.text.text() == messages.text("first_run.heard")
    assert "dB" in screen.mic.level.value.text()
    assert list(producer.folder.glob("media/**/*.mp4")) == []


def test_devices_are_let_go_when_it_is_left(producer, screen):
    producer.wait(lambda: screen.recorder.session is not None, timeout=60_000)
    producer.clicks("Skip the checks")
    producer.rest()
    assert producer.window.screen_name == "library"
    assert screen.recorder.session is None


def test_a_device_that_cannot_be_opened_says_why_and_is_tried_again(producer, screen, tmp_path):
    source = tmp_path / "late.mp4"
    producer.window.desk.settings.change(camera=f"file:{source}")
    screen._show_choices()
    screen.look()
    producer.wait(lambda: screen.camera.badge.text == "See below", timeout=60_000)
    assert "late.mp4" in screen.camera.said.text.text()
    assert not screen.camera.picture.has_picture
    source.write_bytes((SAMPLE / "1-what.camera.mp4").read_bytes())
    producer.clicks("Check again: Camera")
    producer.wait(lambda: screen.camera.badge.text == "Ready", timeout=60_000)


def test_what_is_chosen_here_is_used_in_studio(producer, screen):
    screen.camera.choice.choose(NOTHING)
    screen.camera.choice.activated.emit(screen.camera.choice.currentIndex())
    assert producer.window.desk.settings.now.camera == NOTHING
    assert screen.camera.badge.text == "See below"


def test_without_any_device_a_brief_can_be_started_and_the_checks_do_not_come_back(producer, bare):
    assert {bare.camera.badge.text, bare.mic.badge.text} == {"See below"}
    assert bare.begin.isEnabled()
    producer.presses("Ctrl+Return")
    assert producer.window.screen_name == "brief"
    assert producer.window.desk.settings.now.first_run_done


def test_settings_lead_back_to_it(producer):
    window = producer.opens()
    dialog = SettingsDialog(window, window.desk)
    dialog.show()
    producer.clicks(messages.text("settings.checks"), dialog)
    producer.wait(lambda: window.screen_name == "first-run", timeout=60_000)
    assert not dialog.isVisible()
    dialog.deleteLater()
    producer.clicks("Skip the checks")
    producer.rest()


def test_everything_has_a_name_and_nothing_is_cut_at_double_text(producer, bare):
    producer.window.desk.settings.change(text_percent=200)
    producer.rest()
    assert nameless(producer.window) == []
    producer.wait(lambda: not clipped(producer.window))
    producer.window.desk.settings.change(text_percent=100)


# What is said of them ---------------------------------------------------------------------------------


def verdict(kind, *, standing="live", trouble="", chosen="/dev/video0", devices=(), platform="linux", **more):
    state = DeviceState(chosen, chosen, "Webcam", standing, trouble, {"name": "Webcam", "reason": "no"})
    return presenter.device_verdict(kind, state, chosen=chosen, devices=devices, platform=platform, **more)


@pytest.mark.parametrize(
    ("platform", "kind", "words", "setting"),
    [
        ("darwin", "camera", "Privacy & Security, Camera", "Privacy_Camera"),
        ("darwin", "mic", "Privacy & Security, Microphone", "Privacy_Microphone"),
        ("win32", "camera", "Let desktop apps access your camera", "ms-settings:privacy-webcam"),
        ("win32", "mic", "Let desktop apps access your microphone", "ms-settings:privacy-microphone"),
        ("linux", "camera", "the group video", ""),
    ],
)
def test_a_refused_permission_names_the_exact_setting_and_opens_it(platform, kind, words, setting):
    trouble = f"device.{kind}_refused"
    found = verdict(kind, trouble=trouble, platform=platform)
    assert found.look == "see"
    assert words in found.words
    assert found.settings.endswith(setting)
    assert bool(found.settings) == bool(setting)


def test_another_trouble_does_not_send_people_to_the_privacy_settings():
    found = verdict("camera", trouble="device.camera_mute", platform="darwin")
    assert (found.look, found.settings) == ("see", "")
    assert "Privacy" not in found.words


def test_a_device_is_opened_lives_and_can_be_lost():
    assert verdict("camera", standing="opening").look == "looking"
    assert verdict("camera").look == "ready"
    assert verdict("mic").look == "listening"
    assert "Webcam" in verdict("camera", standing="lost").words


def test_the_phone_as_a_camera_is_connected_in_studio():
    assert "Studio" in verdict("camera", chosen=PHONE).words


def test_to_do_without_a_camera_is_a_choice_where_there_is_one():
    assert "Connect a camera" in verdict("camera", chosen=NOTHING).words
    assert "sound is recorded" in verdict("camera", chosen=NOTHING, devices=(CAMERA,)).words


def test_sound_that_cannot_be_reached_at_all_says_what_is_missing():
    found = verdict("mic", chosen=NOTHING, trouble="", devices=())
    assert "Connect a microphone" in found.words
    error = presenter.refused("mic", UserError("device.no_portaudio"))
    assert "libportaudio2" in error.words


def listening(*levels):
    made = Listening()
    for peak_db, rms_db in levels:
        made.add(peak_db, rms_db)
    return made


def test_a_voice_that_was_heard_once_is_enough():
    voice = listening((-70, -80), (-12, -24), *[(-70, -80)] * 50)
    assert voice.verdict().look == "ready"
    assert voice.level()[0] == messages.text("studio.level_silent")


def test_a_microphone_that_stays_digitally_silent_is_told():
    assert listening(*[(-120, -120)] * 10).verdict().look == "listening"
    assert "unmute" in listening(*[(-120, -120)] * 50).verdict().words


@pytest.mark.parametrize(("quiet_db", "tint"), [(-62, "ok"), (-40, "warn")])
def test_the_room_is_judged_between_the_words(quiet_db, tint):
    talk = listening(*[(-12, -24), (quiet_db + 10, quiet_db)] * 50)
    words, found = talk.noise()
    assert found == tint
    assert f"−{-quiet_db} dB" in words
    assert listening((-12, -24)).noise()[1] == "muted"


# The model -------------------------------------------------------------------------------------------


def test_a_model_that_is_here_says_so_and_captions_can_be_told_their_language(producer, bare):
    producer.wait(lambda: bare.model.badge.text == "Ready")
    assert "GB free" in bare.model.room.value.text()
    bare.model.choice.choose("de")
    bare.model.choice.activated.emit(bare.model.choice.currentIndex())
    assert producer.window.desk.settings.now.caption_language == "de"


def test_a_folder_that_holds_no_model_is_refused_in_words(producer, bare, tmp_path):
    bare.model.add(tmp_path)
    producer.wait(lambda: str(tmp_path) in bare.model.said.text.text())
    assert bare.model.badge.text == "See below"


def test_setting_a_model_up_tells_how_far_it_is_and_can_be_cancelled(producer, model, bare, tmp_path):
    bare.model.add(model)
    assert bare.model.badge.text == "Looking"
    producer.clicks(messages.text("statusbar.cancel_what", what=messages.text("jobs.model")), bare.model)
    producer.wait(lambda: bare.model._job is None)
    producer.rest()
    assert not bare.model.progress.isVisible()
    assert list((tmp_path / "models").glob("*")) == []
    assert producer.window.desk.settings.now.model == "base"


def test_a_model_of_ones_own_is_used_from_then_on(producer, model, bare):
    with (model / "model.bin").open("r+b") as file:
        file.truncate(1 << 20)
    bare.model.add(model)
    producer.wait(lambda: bare.model.badge.text == "Ready", timeout=60_000)
    assert producer.window.desk.settings.now.model == "house-model"
    assert bare.model.title.text() == "house-model"


def test_a_full_disk_while_a_model_is_set_up_is_explained(producer, model, bare, make_disk, monkeypatch):
    monkeypatch.setenv("LAPEL_MODELS", str(make_disk(size_kb=500) / "models"))
    bare.model.add(model)
    producer.wait(lambda: "No space left" in bare.model.said.text.text(), timeout=60_000)
    assert bare.begin.isEnabled()


def test_closing_the_window_while_a_model_is_set_up_asks_and_leaves_nothing_half(
    producer, model, bare, tmp_path
):
    bare.model.add(model)
    producer.watchdog.stop()
    producer.window.close()
    assert producer.answers[0][0] == messages.text("window.close_title")
    assert list((tmp_path / "models").glob("*")) == []
