"""A producer puts a version to use: what stands in the way, six targets, progress, cancel, versions."""

import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app import messages
from app.desk import Spot
from app.screens import publish_presenter as presenter
from capture.work import Cancelled, Work
from editor import resources, tasks
from editor.model import Rendition
from export import package_check, preflight
from export.checks import Check, text
from export.registry import BUILT
from export.steps import Steps
from tests.app.window_kit import clipped, nameless
from tests.editor.library_values import a_version


@pytest.fixture
def ready(producer, clip):
    """A resource with one take, and the window at its Publish."""
    with producer.library() as library:
        made = resources.new_resource(library, title="How we greet", expert="Amara Osei, Sales Lead")
        resources.tag(library, made.id, level="beginner", roles=["Adviser"])
        tasks.import_file(library, made.id, clip, work=Work())
    producer.id = made.id
    return producer


def publish(producer):
    producer.opens()
    screen = producer.goes_to("publish", producer.id)
    producer.wait(lambda: screen.shown is not None)
    return screen


def choose(screen, *targets):
    for target, card in screen.targets.cards.items():
        if card.isChecked() != (target in targets):
            card.click()


def line_of(screen, key):
    return next(each for each in screen.side.lines if each.check.key == key)


def test_without_a_recording_nothing_can_be_published_and_the_way_to_the_studio_is_offered(producer):
    with producer.library() as library:
        producer.id = resources.new_resource(library, title="How we greet").id
    screen = publish(producer)
    assert not screen.band.go.isEnabled()
    assert screen.band.verdict.text() == messages.counted("publish.blocked", 1)
    gone = []
    producer.window.desk.ways.to = lambda name, resource_id="", spot=None: gone.append((name, resource_id))
    producer.presses("F8", on=producer.window)
    assert gone == [("studio", producer.id)]


def test_six_packages_are_made_and_shown_as_a_version(ready):
    screen = publish(ready)
    choose(screen, *BUILT)
    ready.rest()
    ready.types("Shorter by half", screen.rules.note)
    ready.presses("Ctrl+Return", on=ready.window)
    ready.wait(lambda: screen.done is not None, timeout=120_000)
    ready.rest()
    version = ready.window.desk.holder.library.versions(ready.id)[0]
    assert {made.target for made in version.targets} == set(BUILT)
    assert (version.note, version.completion_percent, version.feedback) == ("Shorter by half", 80, True)
    assert screen.band.verdict.text() == messages.counted("publish.made", 6)
    assert screen.primary() is screen.band.show_folder
    scorm = next(made.path for made in version.targets if made.target == "scorm12")
    assert "imsmanifest.xml" in zipfile.ZipFile(scorm).namelist()
    assert messages.text("stage.version", number=1) == ready.window.bar.badge.text


def test_the_completion_rule_is_the_same_in_slider_and_field_and_is_remembered(ready):
    screen = publish(ready)
    screen.rules.slider.setValue(0)
    assert screen.rules.percent.value() == 0
    assert screen.rules.watched.text() == messages.text("publish.when_opened")
    screen.rules.percent.setValue(60)
    assert screen.rules.slider.value() == 60
    assert ready.window.desk.settings.now.completion_percent == 60


def test_cancelling_leaves_no_version(ready):
    screen = publish(ready)
    screen.publish()
    screen.cancel_all()
    ready.wait(lambda: screen.run is None)
    ready.rest()
    assert ready.window.desk.holder.library.versions(ready.id) == ()
    assert not list((ready.folder / "exports").glob("*/v*/*.zip"))
    assert screen.band.go.isEnabled()


def test_targets_and_rules_are_closed_while_publishing(ready):
    screen = publish(ready)
    choose(screen, "web", "scorm12")
    screen.publish()
    assert not screen.rules.isEnabled()
    assert all(card.locked for card in screen.targets.cards.values())
    assert screen.primary() is None
    ready.window.to("library")
    ready.window.to("publish", ready.id)
    assert screen.busy
    ready.wait(lambda: screen.run is None, timeout=60_000)


def test_without_a_target_there_is_nothing_to_publish(ready):
    screen = publish(ready)
    choose(screen)
    ready.wait(lambda: not screen.band.go.isEnabled())
    assert screen.band.verdict.text() == messages.text("publish.no_target")


def test_a_folder_that_cannot_be_written_is_explained_in_place(ready, tmp_path):
    screen = publish(ready)
    screen.out = tmp_path / "file" / "below"
    (tmp_path / "file").write_text("in the way")
    screen.publish()
    ready.wait(lambda: screen.run is None, timeout=60_000)
    assert screen.says.isVisible()
    assert ready.window.desk.holder.library.versions(ready.id) == ()


def test_the_experts_agreement_can_be_noted_here(ready):
    screen = publish(ready)
    line_of(screen, "not_approved").fix.click()
    ready.wait(lambda: any(each.check.key == "approved" for each in screen.side.lines))


def test_a_package_that_is_gone_is_told(ready):
    with ready.library() as library:
        library.add_version(a_version(library.resource(ready.id)))
    screen = publish(ready)
    assert presenter.folder_of(screen.shown.versions[0]) is None
    ready.finds(messages.text("publish.gone"), QLabel)


def test_sizes_follow_the_last_version_minute_for_minute(ready):
    with ready.library() as library:
        version = a_version(library.resource(ready.id))
    plain = Rendition()
    assert presenter.sizes(2_000_000, [version], plain)["web"] == "about 1 kB"
    assert presenter.sizes(60_000_000, [], plain)["web"] == "at most 8 MB"
    assert presenter.sizes(60_000_000, [version], Rendition(1080))["web"] == "at most 15 MB"
    assert presenter.sizes(60_000_000, [], Rendition(1080, 5_000_000))["web"] == "at most 5 MB"


@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_has_a_name_and_nothing_is_clipped(ready, percent):
    screen = publish(ready)
    ready.window.desk.settings.change(text_percent=percent)
    ready.rest()
    assert nameless(ready.window) == []
    ready.wait(lambda: not clipped(screen))  # wrapped lines are laid out one after the other
    ready.window.desk.settings.change(text_percent=100)


def test_checks_lead_to_the_place_where_they_are_mended():
    warning = Check("warning", "no_summary", "details", field="summary")
    assert presenter.place_of(warning) == ("details", Spot(part="summary"))
    assert presenter.place_of(Check("warning", "flags", "captions")) == ("edit", Spot(part="captions"))
    assert presenter.place_of(Check("warning", "large", "publish")) is None


# What learners get, and how large -----------------------------------------------------------------------


def test_switches_change_the_packages_and_are_kept_for_the_next_version(ready):
    screen = publish(ready)
    choose(screen, "web")
    ready.clicks("Searchable transcript", screen.rules)
    ready.clicks("Download for later", screen.rules)
    ready.clicks("Feedback form", screen.rules)
    ready.clicks("1080 lines", screen.rules)
    ready.clicks("Name and role at the start", screen.rules)
    ready.clicks("Captions in the video file", screen.rules)
    ready.rest()
    screen.publish()
    ready.wait(lambda: screen.done is not None, timeout=60_000)
    version = ready.window.desk.holder.library.versions(ready.id)[0]
    assert (version.transcript, version.download, version.feedback) == (False, True, False)
    assert version.rendition == Rendition(1080, lower_third=True, burnt_captions=True)
    page = (Path(version.targets[0].path) / "index.html").read_text()
    assert 'id="transcript"' not in page
    assert 'id="feedback"' not in page
    assert 'id="keep-video"' in page
    now = ready.window.desk.settings.now
    assert (now.transcript, now.download, now.feedback, now.height_px) == (False, True, False, 1080)


def test_a_package_too_large_for_many_systems_gets_a_smaller_rendition_with_one_click(ready, monkeypatch):
    monkeypatch.setattr(preflight, "LARGE_BYTES", 100_000)  # four seconds weigh more than that
    screen = publish(ready)
    assert screen.targets.cards["web"].extent == "at most 533 kB"
    ready.clicks(messages.text("publish.fix_what", what=text(line_of(screen, "large").check)), screen.side)
    ready.rest()
    assert ready.window.desk.settings.now.most_mb == presenter.USUAL_LIMIT_MB
    assert (screen.rules.limit.isChecked(), screen.rules.most.value()) == (True, presenter.USUAL_LIMIT_MB)
    screen.publish()
    ready.wait(lambda: screen.done is not None, timeout=60_000)
    version = ready.window.desk.holder.library.versions(ready.id)[0]
    assert version.rendition.most_bytes == presenter.USUAL_LIMIT_MB * 1_000_000


def test_packages_that_cannot_be_so_small_are_told_of_in_place(ready):
    screen = publish(ready)
    ready.window.desk.settings.change(most_mb=1)  # less than the player alone
    screen.publish()
    ready.wait(lambda: screen.run is None, timeout=60_000)
    assert screen.says.text.text().startswith(messages.text("errors.render.cannot_fit")[:10])
    assert ready.window.desk.holder.library.versions(ready.id) == ()


def test_finished_packages_that_are_still_too_large_say_so_and_offer_the_same(ready, monkeypatch):
    monkeypatch.setattr(package_check, "LARGE_BYTES", 100_000)
    screen = publish(ready)
    choose(screen, "web")
    screen.publish()
    ready.wait(lambda: screen.done is not None, timeout=60_000)
    ready.clicks(messages.text("publish.smaller"), screen.says)
    assert screen.done is None
    assert ready.window.desk.settings.now.most_mb == presenter.USUAL_LIMIT_MB


# Preview ------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(ready):
    """The addresses that a browser was asked to open, with the screen that asked."""
    screen = publish(ready)
    found = []
    screen.previewing.ready.disconnect()
    screen.previewing.ready.connect(found.append)
    return screen, found


def test_a_version_can_be_looked_at_before_it_is_published(ready, opened):
    screen, found = opened
    choose(screen, "scorm12")
    ready.rest()
    screen.preview()
    ready.wait(lambda: len(found) == 1, timeout=60_000)
    with urllib.request.urlopen(found[0], timeout=10) as answer:
        assert b"scorm12" in answer.read()
    assert ready.window.desk.holder.library.versions(ready.id) == ()
    screen.previewing.job.cancel()
    ready.wait(lambda: screen.previewing.job.state != "running")
    assert list((ready.folder / "exports").rglob("*.zip")) == []


def test_a_second_preview_ends_the_first(ready, opened):
    screen, found = opened
    for wanted in (1, 2):
        screen.preview()
        ready.wait(lambda: len(found) == wanted, timeout=60_000)  # noqa: B023 - waited for at once
    previews = [job for job in ready.window.desk.jobs.running if job.label == "jobs.preview"]
    assert previews == [screen.previewing.job]


# Mistakes and bad luck ------------------------------------------------------------------------------------


def test_a_full_disk_leaves_nothing_half_and_is_explained(ready, make_disk):
    screen = publish(ready)
    screen.out = make_disk(size_kb=300)
    screen.publish()
    ready.wait(lambda: screen.run is None, timeout=60_000)
    assert str(screen.out) in screen.says.text.text()
    assert list(screen.out.iterdir()) == []
    assert ready.window.desk.holder.library.versions(ready.id) == ()
    assert screen.band.go.isEnabled()


def test_closing_the_window_while_publishing_asks_and_leaves_nothing_half(ready):
    screen = publish(ready)
    choose(screen, *BUILT)
    screen.publish()
    ready.wait(lambda: screen.run.job.fraction is not None)
    ready.watchdog.stop()
    ready.window.close()
    (title, _), *_ = ready.answers
    assert title == messages.text("window.close_title")
    assert list((ready.folder / "exports").rglob("*")) == []
    with ready.library() as library:
        assert library.versions(ready.id) == ()


# Steps ------------------------------------------------------------------------------------------------


def test_one_package_can_be_left_out_while_the_others_go_on():
    steps, whole = Steps(["scorm12", "web"]), Work()
    work = steps.work_of("scorm12", whole)
    work.report(0.5)
    assert [each.state for each in steps.now] == ["building", "waiting"]
    steps.leave_out("scorm12")
    with pytest.raises(Cancelled):
        work.checkpoint()
    whole.checkpoint()
    steps.leave_out("web")
    assert not steps.wants("web")


def test_cancelling_the_whole_stops_the_package_that_is_built():
    steps, whole = Steps(["web"]), Work()
    work = steps.work_of("web", whole)
    threading.Thread(target=whole.cancel).start()
    while not whole.cancelled:
        pass
    with pytest.raises(Cancelled):
        work.report(0.7)
