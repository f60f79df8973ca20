"""The phone is the camera of Studio: let in by its code, started and stopped with the take, waited for."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.screens.studio_parts.readying import Readying
from editor import resources
from tests.app.studio_kit import PhoneBeside, enters, keeps, lets_in, sample_devices, takes_of, why
from tests.capture.phone_kit import CHROMIUM, journal

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed")


@pytest.fixture
def studio(producer, sample, monkeypatch):
    monkeypatch.setattr(Readying, "start", lambda self, take: None)
    with producer.library() as library:
        made = resources.new_resource(library, title="Ring back", expert="Amara Osei, Sales Lead")
    yield enters(producer, made.id, **sample_devices(sample))
    producer.leave()


@pytest.fixture
def beside(producer, studio, tmp_path):
    made = PhoneBeside(producer, tmp_path / "profile")
    yield made
    made.close()


def read_code(widget):
    """Return what a phone's camera reads from the screen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(rows[:, : image.width()]))[0]


def records(producer, studio, *, seconds=2.5):
    producer.presses("R", on=studio)
    recorded = lambda: studio.phone.state.take == studio.take.id and studio.phone.state.recorded_us  # noqa: E731
    producer.wait(lambda: studio.take is not None and recorded() > seconds * 1e6, timeout=30_000)


def test_the_code_on_the_screen_lets_a_phone_in_and_shows_what_it_sees(producer, studio, beside):
    studio.phone.find_networks = lambda: ()
    studio.devices.use(camera="phone")
    producer.wait(studio.view.line.isVisible)
    assert "no network" in studio.view.line.text.text()
    lets_in(producer, studio, beside)
    producer.wait(lambda: studio.view.video.isVisible() and studio.view.video.has_picture, timeout=30_000)
    card = studio.view.devices.phone
    producer.wait(lambda: card.link.text() == "Phone connected")
    assert card.values["battery"].text() == "100 %"
    assert beside.does(lambda page: page.inner_text("#prompt-text")) == "What is the expertise?"
    producer.clicks("QR code", within=card)
    producer.wait(lambda: studio.phone.invitation is not None)
    assert read_code(studio.view.pairing.code) == studio.phone.invitation.url
    producer.clicks("Back to the picture")
    assert studio.phone.invitation is None


def test_phone_and_lapel_are_one_take(producer, studio, beside):
    lets_in(producer, studio, beside)
    records(producer, studio)
    producer.presses("R", on=studio)
    keeps(producer, studio, 1)
    (take,) = takes_of(studio)
    assert take.state == "safe", why([take])
    assert [each.track for each in take.segments] == ["mic", "phone"]
    assert take.has_picture
    assert studio.phone.expects() == frozenset()
    # Chromium's own microphone hears beeps: said with the take, and no reason to lose it.
    assert "The phone heard something else" in studio.view.line.text.text()


def test_the_phones_own_button_starts_and_stops_a_take_without_a_lapel(producer, studio, beside):
    studio.devices.use(mic="none")
    lets_in(producer, studio, beside)
    assert studio.recorder.session is None
    producer.wait(lambda: studio.phone.state.camera == "ready")
    beside.does(lambda page: page.click("#record"))
    producer.wait(lambda: studio.take is not None and studio.at_us > 2e6, timeout=30_000)
    producer.presses("M", on=studio)
    beside.does(lambda page: page.click("#record"))
    producer.wait(lambda: studio.take is None, timeout=30_000)
    keeps(producer, studio, 1)
    (take,) = takes_of(studio)
    assert (take.state, len(take.markers)) == ("safe", 1), why([take])
    assert take.duration_us > 1_500_000


@pytest.mark.drill
def test_a_lost_link_is_said_on_the_picture_and_the_phone_goes_on(producer, studio, beside):
    lets_in(producer, studio, beside)
    records(producer, studio)
    beside.is_out_of_reach(away=True)
    producer.wait(lambda: studio.alerts.keys == ("phone.away",), timeout=30_000)
    assert studio.take is not None
    (line,) = studio.view.video.alerts.lines
    assert "goes on recording" in line.text.text()
    producer.presses("R", on=studio)
    producer.wait(lambda: "Phone sends" in studio.takes.words().values(), timeout=30_000)
    beside.is_out_of_reach(away=False)
    keeps(producer, studio, 1)
    (take,) = takes_of(studio)
    assert take.state == "safe", why([take])
    (phone,) = [each for each in take.segments if each.track == "phone"]
    assert phone.duration_us > 5_000_000, "what it recorded while it was away is here"
    assert studio.alerts.keys == ()


@pytest.mark.drill
def test_a_phone_that_has_something_to_send_is_waited_for_after_studio_was_left(producer, studio, beside):
    lets_in(producer, studio, beside)
    records(producer, studio)
    beside.is_out_of_reach(away=True)
    producer.presses("R", on=studio)
    producer.wait(lambda: studio.phone.awaited, timeout=30_000)
    producer.goes_to("library")
    assert studio.phone.server is not None
    beside.is_out_of_reach(away=False)
    producer.wait(lambda: studio.phone.server is None, timeout=60_000)
    producer.rest()
    again = producer.goes_to("studio", studio.resource_id)
    keeps(producer, again, 1)
    assert takes_of(again)[0].has_picture


@pytest.mark.drill
def test_what_a_phone_sent_is_a_take_even_where_the_rest_never_comes(producer, studio, beside):
    lets_in(producer, studio, beside)
    records(producer, studio)
    folder = studio.phone.server.expected[studio.take.id]
    producer.wait(lambda: len(journal(folder)) >= 2, timeout=30_000)
    beside.dies()
    producer.presses("R", on=studio)
    producer.wait(lambda: studio.view.devices.phone.rest.isVisible(), timeout=30_000)
    producer.clicks("Do without the rest")
    keeps(producer, studio, 1)
    assert [each.track for each in takes_of(studio)[0].segments] == ["mic", "phone"], why(takes_of(studio))


@pytest.mark.drill
def test_a_window_that_is_opened_anew_goes_on_with_the_phone(producer, studio, beside, voice):
    studio.devices.use(mic=f"file:{voice}")
    lets_in(producer, studio, beside)
    records(producer, studio)
    take = studio.take
    session, studio.recorder.session, studio.takes.now = studio.recorder.session, None, None
    session.leave()  # as if the window had been killed: nobody said stop
    studio.phone.server.close()
    producer.leave()
    again = enters(producer, studio.resource_id, camera="phone", mic=studio.takes.mic, picture=False)
    producer.wait(lambda: again.take is not None and again.take.id == take.id, timeout=30_000)
    producer.wait(lambda: again.phone.present, timeout=30_000)
    producer.presses("R", on=again)
    keeps(producer, again, 1)
    assert [each.track for each in takes_of(again)[0].segments] == ["mic", "phone"]
