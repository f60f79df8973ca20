"""A producer takes noise out of the result, sees what that did, and hears it against the original."""

import pytest

from app import messages


@pytest.fixture
def sound(producer, edit):
    """The sound of the result, made."""
    producer.wait(lambda: edit.sound.sound is not None, timeout=60_000)
    producer.rest()
    return edit.sound


def heard(edit):
    """What the player plays from."""
    return edit.player.player._programme.sound


def test_loudness_and_peak_are_told_before_and_after(producer, edit, sound):
    panel = edit.view.sound
    assert sound.sound.before.integrated_lufs < -18
    assert (
        panel.loudness.before.text() == f"{messages.number(sound.sound.before.integrated_lufs, decimals=1)} →"
    )
    assert (
        panel.loudness.after.text()
        == f"{messages.number(sound.sound.after.integrated_lufs, decimals=1)} LUFS"
    )
    assert panel.peak.after.text().endswith("dBTP")
    assert abs(sound.sound.after.integrated_lufs + 16) < 1
    producer.wait(lambda: heard(edit) == sound.sound.published)
    assert not panel.original.isEnabled()  # nothing is cleaned, so there is nothing to compare


def test_noise_goes_by_a_switch_and_undo_brings_it_back(producer, edit, sound, resource_id):
    library = producer.window.desk.holder.library
    edit.view.sound.less.click()
    assert library.resource(resource_id).edit.clean_sound == "mid"
    edit.view.sound.strength.parts["high"].click()
    assert library.resource(resource_id).edit.clean_sound == "high"
    producer.rest()
    producer.presses("Ctrl+Z")
    producer.wait(lambda: edit.view.sound.strength.value == "mid")
    producer.presses("Ctrl+Z")
    producer.wait(lambda: not edit.view.sound.less.isChecked())
    assert not edit.view.sound.strength.isEnabled()


def test_x_plays_the_original_as_loud_and_x_again_the_cleaned(producer, edit, sound):
    edit.view.sound.less.click()
    producer.wait(lambda: edit.sound.sound is None)
    producer.wait(lambda: edit.sound.sound is not None, timeout=60_000)
    producer.wait(lambda: heard(edit) == edit.sound.sound.published)
    made = edit.sound.sound
    assert made.strength == "mid"
    producer.presses("X", on=edit.view.transcript)
    producer.wait(lambda: heard(edit) == made.original)
    assert edit.view.sound.original.isChecked()
    producer.presses("X", on=edit.view.transcript)
    producer.wait(lambda: heard(edit) == made.published)
    assert not edit.view.sound.original.isChecked()


def test_an_edit_is_heard_at_once_about_as_loud_and_then_as_it_will_be(producer, edit, sound):
    before = sound.sound
    edit.view.timeline.stretch_chosen.emit(0, 2_000_000)
    edit.view.cut()
    producer.wait(lambda: edit.sound.sound is None)
    producer.wait(lambda: heard(edit) is None)
    assert edit.player.player._programme.gain_db == before.gain_db
    producer.wait(lambda: edit.sound.sound is not None, timeout=60_000)
    assert not before.published.exists()


def test_its_files_go_when_the_screen_is_left(producer, edit, sound):
    folder = sound.sound.published.parent
    assert folder.is_dir()
    producer.window.to("library")
    assert not folder.exists()
