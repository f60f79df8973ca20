"""A producer puts a version to use: what stands in the way, six targets, progress, cancel, versions."""

import threading
import zipfile

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordSetError
from PySide6.QtWidgets import QLabel

from app import messages
from app.desk import Spot
from app.screens import publish_presenter as presenter
from app.screens.publish_parts import StoreDialog
from capture.work import Cancelled, Work
from editor import resources, tasks
from export.checks import Check
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
    for target, card in screen.cards.items():
        if card.isChecked() != (target in targets):
            card.click()


def lines(screen):
    return [screen._checks.itemAt(n).widget() for n in range(screen._checks.count())]


def test_without_a_recording_nothing_can_be_published_and_the_way_to_the_studio_is_offered(producer):
    with producer.library() as library:
        producer.id = resources.new_resource(library, title="How we greet").id
    screen = publish(producer)
    assert not screen.go.isEnabled()
    assert screen.verdict.text() == messages.counted("publish.blocked", 1)
    gone = []
    producer.window.desk.ways.to = lambda name, resource_id="", spot=None: gone.append((name, resource_id))
    producer.presses("F8", on=producer.window)
    assert gone == [("studio", producer.id)]


def test_six_packages_are_made_and_shown_as_a_version(ready):
    screen = publish(ready)
    choose(screen, *BUILT)
    ready.rest()
    ready.types("Shorter by half", screen.note)
    ready.presses("Ctrl+Return", on=ready.window)
    ready.wait(lambda: screen.done is not None, timeout=120_000)
    ready.rest()
    version = ready.window.desk.holder.library.versions(ready.id)[0]
    assert {made.target for made in version.targets} == set(BUILT)
    assert (version.note, version.completion_percent, version.feedback) == ("Shorter by half", 80, True)
    assert screen.verdict.text() == messages.counted("publish.made", 6)
    assert screen.primary() is screen.show_folder
    scorm = next(made.path for made in version.targets if made.target == "scorm12")
    assert "imsmanifest.xml" in zipfile.ZipFile(scorm).namelist()
    assert messages.text("stage.version", number=1) == ready.window.bar.badge.text


def test_the_completion_rule_is_the_same_in_slider_and_field_and_is_remembered(ready):
    screen = publish(ready)
    screen.slider.setValue(0)
    assert screen.percent.value() == 0
    assert screen.watched.text() == messages.text("publish.when_opened")
    screen.percent.setValue(60)
    assert screen.slider.value() == 60
    assert ready.window.desk.settings.now.completion_percent == 60


def test_cancelling_leaves_no_version(ready):
    screen = publish(ready)
    screen.publish()
    screen.cancel_all()
    ready.wait(lambda: screen.run is None)
    ready.rest()
    assert ready.window.desk.holder.library.versions(ready.id) == ()
    assert not list((ready.folder / "exports").glob("*/v*/*.zip"))
    assert screen.go.isEnabled()


def test_targets_and_rules_are_closed_while_publishing(ready):
    screen = publish(ready)
    choose(screen, "web", "scorm12")
    screen.publish()
    assert not screen.rules.isEnabled()
    assert all(card.locked for card in screen.cards.values())
    assert screen.primary() is None
    ready.window.to("library")
    ready.window.to("publish", ready.id)
    assert screen.busy
    ready.wait(lambda: screen.run is None, timeout=60_000)


def test_without_a_target_there_is_nothing_to_publish(ready):
    screen = publish(ready)
    choose(screen)
    ready.wait(lambda: not screen.go.isEnabled())
    assert screen.verdict.text() == messages.text("publish.no_target")


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
    line = next(each for each in lines(screen) if each.check.key == "not_approved")
    line.fix.click()
    ready.wait(lambda: any(each.check.key == "approved" for each in lines(screen)))


def test_a_package_that_is_gone_is_told(ready):
    with ready.library() as library:
        library.add_version(a_version(library.resource(ready.id)))
    screen = publish(ready)
    assert presenter.folder_of(screen.shown.versions[0]) is None
    ready.finds(messages.text("publish.gone"), QLabel)


def test_sizes_follow_the_last_version_minute_for_minute(ready):
    with ready.library() as library:
        version = a_version(library.resource(ready.id))
    assert presenter.sizes(2_000_000, [version])["web"] == 20
    assert presenter.sizes(60_000_000, [])["web"] == 8_000_000


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


# Record store ---------------------------------------------------------------------------------------


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self, *, locked=False):
        super().__init__()
        self.kept, self.locked = {}, locked

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.locked:
            raise PasswordSetError("locked")
        self.kept[service, username] = password


@pytest.fixture
def drawer():
    before = keyring.get_keyring()
    made = Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_stores_key_goes_to_the_keyring_and_nowhere_else(ready, drawer):
    screen = publish(ready)
    dialog = StoreDialog(screen, ready.window.desk)
    dialog.address.setText("https://lrs.example/xapi")
    dialog.user.setText("lapel")
    dialog.key.setText("very secret")
    dialog.save()
    assert "very secret" in drawer.kept.values()
    written = "".join(path.read_text() for path in ready.settings.rglob("*.json"))
    assert "https://lrs.example/xapi" in written
    assert "very secret" not in written
    dialog.deleteLater()


def test_a_wrong_address_and_a_locked_keyring_are_told_in_the_dialog(ready, drawer):
    screen = publish(ready)
    dialog = StoreDialog(screen, ready.window.desk)
    dialog.address.setText("http://lrs.example")
    dialog.save()
    assert dialog.where.below.text() == messages.text("publish.store.bad_address")
    drawer.locked = True
    dialog.address.setText("https://lrs.example")
    dialog.key.setText("very secret")
    dialog.save()
    assert dialog.says.text.text() == messages.text("publish.store.no_keyring")
    dialog.deleteLater()


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://lrs.example/xapi", True),
        ("http://localhost:8080/", True),
        ("http://lrs.example", False),
        ("lrs.example", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_addresses_of_record_stores(address, good):
    assert presenter.is_address(address) is good


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
