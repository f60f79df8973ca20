"""A producer gives the record store: its key goes to the keyring alone, a click tells if it works."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordSetError

from app import messages
from app.screens.publish_parts.store_dialog import StoreDialog
from tests.app.window_kit import clipped, nameless
from tests.export.store import KEY, answers, serving, statements


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept, self.locked = {}, False

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


@pytest.fixture
def dialog(producer, drawer):
    window = producer.opens()
    made = StoreDialog(window, window.desk)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    producer.rest()


def fill(dialog, address, *, key=KEY):
    dialog.address.setText(address)
    dialog.user.setText("lapel")
    dialog.key.setText(key)


def said(producer, dialog):
    producer.wait(lambda: dialog._trying is None, timeout=60_000)
    return dialog.says.text.text()


def test_the_key_goes_to_the_keyring_and_nowhere_else(producer, dialog, drawer):
    fill(dialog, "https://lrs.example/xapi", key="very secret")
    producer.clicks(messages.text("publish.store.save"), dialog)
    producer.wait(lambda: not dialog.isVisible())
    assert list(drawer.kept.values()) == ["very secret"]
    files = [path for path in producer.folder.parent.rglob("*") if path.is_file()]
    assert any(b"https://lrs.example/xapi" in path.read_bytes() for path in files)
    assert not any(b"very secret" in path.read_bytes() for path in files)


def test_a_kept_key_is_told_of_but_never_shown(producer, dialog, drawer):
    fill(dialog, "https://lrs.example/xapi")
    dialog.save()
    producer.rest()
    again = StoreDialog(producer.window, producer.window.desk)
    producer.wait(lambda: again.key.placeholderText() == messages.text("publish.store.kept"))
    assert again.key.text() == ""
    again.deleteLater()


def test_a_wrong_address_and_a_locked_keyring_are_told_in_place(producer, dialog, drawer):
    fill(dialog, "http://lrs.example")
    dialog.save()
    assert dialog.where.below.text() == messages.text("errors.store.bad_address")
    drawer.locked = True
    fill(dialog, "https://lrs.example")
    dialog.save()
    producer.wait(lambda: dialog.says.text.text() == messages.text("publish.store.no_keyring"))
    assert dialog.isVisible()


def test_the_start_of_names_is_kept_in_the_form_it_is_used(producer, dialog):
    dialog.base.setText("here")
    dialog.save()
    assert "here" in dialog.names.below.text()
    dialog.base.setText("https://learning.example.com/lapel")
    dialog.save()
    assert producer.window.desk.settings.now.base_iri == "https://learning.example.com/lapel/"


def test_a_store_that_works_says_so_and_nothing_is_kept_by_trying(producer, dialog, drawer):
    with serving(("/xapi/statements", statements)) as address:
        fill(dialog, f"{address}/xapi")
        producer.clicks(messages.text("publish.store.try"), dialog)
        assert said(producer, dialog) == messages.text("publish.store.works_as", version="1.0.3")
    assert drawer.kept == {}
    assert producer.window.desk.settings.now.record_store == ""


def test_the_key_of_the_keyring_is_tried_where_none_is_typed(producer, dialog, drawer):
    with serving(("/xapi/statements", statements)) as address:
        fill(dialog, f"{address}/xapi", key="")
        dialog.try_it()
        assert said(producer, dialog) == messages.text("errors.store.no_key")
        drawer.kept["Lapel record store", f"lapel@{address}/xapi"] = KEY
        dialog.try_it()
        assert said(producer, dialog) == messages.text("publish.store.works_as", version="1.0.3")


def test_a_wrong_key_and_a_page_that_is_no_store_are_told_apart(producer, dialog):
    page = answers(200, "<html>Welcome</html>")
    with serving(("/xapi/statements", statements), ("/statements", page)) as address:
        fill(dialog, f"{address}/xapi", key="wrong")
        dialog.try_it()
        assert said(producer, dialog) == messages.text("errors.store.key_refused")
        fill(dialog, address)
        dialog.try_it()
        assert said(producer, dialog) == messages.text("errors.store.not_a_store", address=address)


def test_trying_can_be_stopped_and_closing_the_dialog_stops_it(producer, dialog):
    with serving(("/statements", answers(200, after_s=30))) as address:
        fill(dialog, address)
        dialog.try_it()
        producer.clicks(messages.text("publish.store.stop"), dialog)
        assert said(producer, dialog) == ""
        dialog.try_it()
        job = dialog._trying
        dialog.reject()
        producer.wait(lambda: job.state == "cancelled")


def test_every_control_has_a_name_and_nothing_is_clipped(producer, dialog):
    assert nameless(dialog) == []
    assert clipped(dialog) == []
    producer.window.desk.settings.change(text_percent=200)
    producer.rest()
    large = StoreDialog(producer.window, producer.window.desk)
    large.show()
    assert large.height() <= producer.window.height()
    producer.wait(lambda: not clipped(large))
    large.close()
    large.deleteLater()
