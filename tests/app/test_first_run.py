"""On the first start Lapel looks at camera, microphone and captions model; all of it can be skipped."""

import pytest

from app.screens import first_run
from capture.device_check import CheckedDevice, Look
from tests.app.window_kit import Producer, clipped, nameless

CAMERA = CheckedDevice("camera", "cam", "Webcam", tried=True, width_px=1920, height_px=1080, rate="30")
BROKEN = CheckedDevice("mic", "usb", "Lapel mic", tried=True, peak_db=-120.0)
SPOKEN = CheckedDevice("mic", "line", "Desk mic", tried=True, peak_db=-18.0)


@pytest.fixture
def looks(monkeypatch) -> list[Look]:
    """What looking finds."""
    found = [Look((CAMERA, BROKEN))]
    monkeypatch.setattr(first_run, "check_devices", lambda *, work: found[0])
    return found


@pytest.fixture
def screen(producer: Producer, looks):
    producer.opens(first_run=True)
    producer.rest()
    return producer.window.screens["first-run"]


def test_each_card_says_what_works_and_what_to_do_where_not(producer, screen, looks):
    assert producer.window.screen_name == "first-run"
    assert screen.camera.badge.text == "Ready"
    assert "1920" in screen.camera.devices.currentText()
    assert screen.mic.badge.text == "See below"
    assert screen.mic.said.text()
    looks[0] = Look((CAMERA, BROKEN, SPOKEN))
    producer.clicks("Check again: Microphone")
    producer.rest()
    assert screen.mic.badge.text == "Ready"
    assert "Desk mic" in screen.mic.devices.currentText()


def test_without_any_device_a_brief_can_be_started_and_the_checks_do_not_come_back(producer, screen, looks):
    looks[0] = Look(())
    screen.look()
    producer.rest()
    assert screen.camera.said.text()
    producer.presses("Ctrl+Return")
    assert producer.window.screen_name == "brief"
    assert producer.window.desk.settings.now.first_run_done


def test_a_folder_that_holds_no_model_is_refused_in_words(producer, screen, tmp_path):
    screen.add_model(tmp_path)
    producer.rest()
    assert screen.model.badge.text == "See below"
    assert str(tmp_path) in screen.model.said.text()
    producer.clicks("Skip the checks")
    assert producer.window.screen_name == "library"


def test_everything_has_a_name_and_nothing_is_cut_at_double_text(producer, screen):
    producer.window.desk.settings.change(text_percent=200)
    producer.rest()
    assert nameless(producer.window) == []
    assert clipped(producer.window) == []
