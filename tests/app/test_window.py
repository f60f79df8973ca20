"""The frame around every screen: it says what is going on, and loses nothing when it is closed."""

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

import assets
from app import messages
from app.desk import STAGES
from app.jobs import Jobs
from app.shell.crash import CrashDialog, check_takes
from app.shell.key_sheet import KeySheet
from app.shell.settings_dialog import AboutDialog, SettingsDialog
from app.shell.shortcuts import SHORTCUTS
from app.theme import current
from capture.work import Work
from editor import resources
from editor.library import Library
from tests.app.window_kit import clipped, controls, nameless, spoken_name
from tests.editor.library_values import a_resource, left_by_a_killed_recorder


def test_an_empty_library_offers_the_first_resource(producer):
    window = producer.opens()
    assert window.current.state == "words"
    assert window.current.words.title.text() == messages.text("library.empty_title")
    producer.clicks(messages.text("library.new"), within=window.current)
    producer.rest()
    assert len(window.desk.holder.library.resources()) == 1


def test_the_library_is_the_windows_as_long_as_it_is_open(producer):
    window = producer.opens()
    assert window.desk.holder.is_open
    window.close()
    with producer.library():
        pass


def test_a_library_that_another_program_writes_to_is_explained_and_can_be_tried_again(producer):
    with Library.open(producer.folder, write=True, holder="lapel export"):
        window = producer.opens()
        assert window.shut.title.text() == "Another program is using this library"
        words = window.shut.text.text()
        for each in ("lapel export", "nothing was changed", "safe", "try again"):
            assert each in words
        assert nameless(window) == []
        assert not producer.finds("New resource").isEnabled()
        producer.clicks("Try again")
        producer.wait(lambda: window.door.toasts.text.text() == "Tried again: it cannot be opened yet")
        assert window.screen_name is None
    producer.clicks("Try again")
    producer.rest()
    assert window.screen_name == "library"
    assert not window.shut.isVisible()
    assert producer.finds("New resource").isEnabled()


def test_a_folder_that_is_no_library_is_explained(producer):
    producer.folder.write_text("a file")
    window = producer.opens()
    assert window.shut.title.text() == "The library could not be opened"
    assert "Nothing was changed" in window.shut.text.text()
    assert spoken_name(window.shut.focusWidget()) == "Try again"


def test_a_take_that_nobody_took_in_is_mended_at_the_next_start(producer):
    with Library.open(producer.folder, write=True) as library:
        made = a_resource(library)
        take_id = left_by_a_killed_recorder(library, made)
    window = producer.opens()
    producer.wait(lambda: [each.id for each in window.desk.holder.library.takes(made.id)] == [take_id])
    assert window.desk.holder.library.take(take_id).state == "safe"


def test_size_and_place_are_remembered(producer):
    window = producer.opens()
    window.resize(1180, 740)
    window.close()
    assert (producer.opens().width(), window.desk.settings.now.window.geometry != "") == (1180, True)


def test_a_job_shows_its_name_its_share_and_can_be_cancelled(producer):
    window = producer.opens()
    go_on = threading.Event()

    def slow(*, work):
        work.report(0.5, "library.erasing")
        while not go_on.wait(0.01):
            work.checkpoint()

    job = window.desk.jobs.start("cli.captioning", slow)
    window.desk.jobs.start("cli.making", slow)
    producer.wait(lambda: window.status.job.percent.text() == "50 %")
    assert messages.text("cli.captioning") in window.status.job.name.text()
    assert window.status.more.text() == "1 more"
    producer.clicks(window.status.job.cancel.accessibleName())
    producer.wait(lambda: job.state == "cancelled")
    go_on.set()
    producer.rest()
    assert not window.status.job.isVisible()


def test_closing_during_a_job_asks_first_and_then_lets_it_clean_up(producer):
    window = producer.opens()
    cleaned, started = threading.Event(), threading.Event()

    def slow(*, work):
        try:
            started.set()
            while True:
                work.checkpoint()
        finally:
            cleaned.set()

    window.desk.jobs.start("cli.captioning", slow)
    assert started.wait(5)
    window.door.ask = lambda *words, **more: False
    window.close()
    assert window.isVisible()
    window.door.ask = lambda *words, **more: True
    window.close()
    assert cleaned.is_set()
    assert not window.isVisible()


def test_a_job_that_writes_at_the_moment_of_closing_does_not_hang_the_window(producer):
    with producer.library() as library:
        made = resources.new_resource(library, title="How we greet")
    window = producer.opens()
    shared, started, go_on = window.desk.holder.for_job(), threading.Event(), threading.Event()

    def writes(*, work):
        started.set()
        go_on.wait(5)
        resources.tag(shared, made.id, level="beginner")

    window.desk.jobs.start("cli.captioning", writes)
    assert started.wait(5)
    threading.Timer(0.1, go_on.set).start()
    window.close()
    with producer.library() as library:
        assert library.resource(made.id).tags.level == "beginner"


def test_undo_and_redo_are_one_stack_with_words(producer):
    with producer.library() as library:
        made = resources.new_resource(library, title="How we greet")
    window = producer.opens()
    window.built = frozenset()  # no stage need be there for this
    holder = window.desk.holder
    holder.save(resources.tag(holder.library, made.id, level="beginner"), label="tags")
    window.resource_id, window.screen_name = made.id, "brief"
    window._refresh_bar()
    producer.rest()
    assert messages.done("tags") in window.bar.undo.toolTip()
    window.undo()
    producer.rest()
    assert holder.library.resource(made.id).tags.level is None
    window.redo()
    assert holder.library.resource(made.id).tags.level == "beginner"
    window.screen_name = "library"


def test_dark_and_large_hold_at_once_everywhere(producer):
    window = producer.opens()
    light = window.grab().toImage().pixelColor(700, 300).lightness()
    window.desk.settings.change(theme="dark", text_percent=200)
    assert current().scheme == "dark"
    producer.rest()
    assert window.grab().toImage().pixelColor(700, 300).lightness() < light
    assert clipped(window) == []
    window.desk.settings.change(theme="light", text_percent=100)


@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_of_the_frame_has_a_name_and_none_is_clipped(producer, percent):
    with producer.library() as library:
        made = resources.new_resource(library, title="How we greet", expert="Amara Osei, Sales Lead")
    window = producer.opens()
    window.desk.settings.change(text_percent=percent)
    window.resource_id = made.id
    window.bar.show_screen("publish")
    window._refresh_bar()
    producer.rest()
    assert nameless(window) == []
    assert clipped(window) == []
    for make in (
        lambda: KeySheet(window, window.desk.settings, "edit").exec(),
        lambda: SettingsDialog(window, window.desk).exec(),
        lambda: AboutDialog(window).exec(),
    ):
        with producer.dialog(make) as dialog:
            assert nameless(dialog) == []
            assert clipped(dialog) == []
    window.desk.settings.change(text_percent=100)


def test_the_first_checks_can_be_made_again_from_the_settings(producer):
    window = producer.opens()
    with producer.dialog(window.show_settings) as settings:
        settings.checks.click()
        producer.wait(lambda: window.screen_name == "first-run")
        assert not settings.isVisible()
        window.to("library")
        producer.rest()


@pytest.mark.parametrize("percent", [100, 200])
def test_no_hint_of_a_key_is_cut_in_the_middle(producer, percent):
    with producer.library() as library:
        made = resources.new_resource(library, title="Ring back")
    window = producer.opens()
    window.resize(window.minimumSize())
    producer.goes_to("brief", made.id)
    window.status.show_hints([each for each in SHORTCUTS if each.hint])
    window.desk.settings.change(text_percent=percent)
    producer.rest()
    hints = [each for each in controls(window.status.hints, QLabel) if not each.visibleRegion().isEmpty()]
    assert hints
    assert all(each.visibleRegion().boundingRect() == each.rect() for each in hints)


def test_f6_goes_round_the_panels(producer):
    window = producer.opens()
    seen = set()
    for _ in range(4):
        producer.presses("F6", on=window)
        seen.add(QApplication.focusWidget())
    assert len(seen) >= 2
    assert any(window.bar.isAncestorOf(each) for each in seen)


def test_f1_shows_the_keys_and_lets_them_be_changed(producer):
    window = producer.opens()
    with producer.dialog(window.show_keys) as sheet:
        button = producer.finds(
            messages.text("keys.change_what", what=messages.text("keys.library_bin")), within=sheet
        )
        button.click()
        producer.presses("F7", on=button)
        assert window.desk.settings.now.keys == {"library.library_bin": "F7"}
        button = producer.finds(
            messages.text("keys.change_what", what=messages.text("keys.library_open")), within=sheet
        )
        button.click()
        producer.presses("F7", on=button)
        assert messages.text("keys.library_bin") in sheet.says.text()
        assert "library.library_open" not in window.desk.settings.now.keys


def test_a_fault_tells_where_the_log_is_and_that_takes_are_safe_only_once_they_were_looked_at(
    producer, qtbot, tmp_path
):
    window = producer.opens()
    dialog = CrashDialog(ValueError("ours"), log_file=tmp_path / "lapel.log", parent=window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "safe" not in dialog.takes.text.text()
    dialog.check(window.desk.jobs, producer.folder)
    producer.rest()
    assert dialog.takes.text.text() == messages.text("window.takes_safe", count=0)
    assert "ValueError: ours" in dialog.details


def test_a_take_without_its_files_is_not_called_safe(lapel, resource, clip):
    lapel.json("import", resource, clip)
    assert check_takes(lapel.folder, work=Work()).broken == ()
    with Library.open(lapel.folder, write=False) as library:
        take = library.takes(resource)[0]
        folder = library.take_folder(take)
    (folder / take.segments[0].file).unlink()
    assert check_takes(lapel.folder, work=Work()).broken == (folder,)


def test_stages_that_are_not_built_yet_are_closed(producer):
    window = producer.opens()
    for stage in STAGES:
        assert window.bar.buttons[stage].isEnabled() == (stage in window.built)


def test_short_reads_do_not_wait_behind_long_jobs(qtbot):
    jobs = Jobs(lambda bug: None, lanes=1)
    go_on, seen = threading.Event(), []
    jobs.start("cli.making", lambda *, work: go_on.wait(10))
    jobs.read(lambda *, work: 42, on_done=seen.append)
    qtbot.waitUntil(lambda: seen == [42])
    go_on.set()
    jobs.close()


def test_focus_is_seen_around_the_control_that_has_it(producer):
    window = producer.opens()
    window.bar.new_button.setFocus(Qt.FocusReason.TabFocusReason)
    producer.rest()
    assert window.ring.isVisible()
    button = window.bar.new_button
    assert window.ring.geometry().contains(
        button.rect().translated(button.mapTo(window, button.rect().topLeft()))
    )


def test_heavy_things_do_not_delay_the_first_paint():
    heavy = ("numpy", "av", "cv2", "aiohttp")
    code = f"import sys; import app.window; print([name for name in {heavy} if name in sys.modules])"
    run = [sys.executable, "-c", code]
    made = subprocess.run(run, capture_output=True, text=True, check=True, cwd=assets.ROOT)
    assert made.stdout.strip() == "[]"


def test_colours_and_size_of_text_change_again_and_again(producer):
    """Text that was measured in the middle of it ended the program: the old font was gone."""
    window = producer.opens()
    window.new_resource()
    producer.goes_to("details", window.resource_id)
    for number in range(16):
        theme, percent = ("light", "dark")[number % 2], (100, 100, 200, 200)[number % 4]
        window.desk.settings.change(theme=theme, text_percent=percent)
        producer.rest()
    assert window.screens["details"].isVisible()
