"""The computer stays awake while a take is recorded, and a recording never fails for that."""

import sys
import time

import pytest

from capture.awake import Awake, slept_us
from capture.recorder_messages import Position
from capture.recording import record_take
from capture.work import Work

if not sys.platform.startswith("linux"):
    pytest.skip("logind is of Linux", allow_module_level=True)

from tests.capture.system_bus import Logind, private_bus


@pytest.fixture
def address(tmp_path, monkeypatch):
    """A system bus of our own, and no session bus."""
    with private_bus(tmp_path) as made:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
        yield made


def wait_until(true, *, within_s: float = 5) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.01)


def test_logind_holds_the_lock_until_it_is_let_go(address):
    logind = Logind(address)
    awake = Awake()
    awake.start()
    assert awake.wait() == "logind"
    assert logind.asked == [("sleep:idle:handle-lid-switch", "Lapel", "Recording a take", "block")]
    assert logind.held == 1
    awake.stop()
    awake.join()
    wait_until(lambda: logind.held == 0)
    logind.close()


def test_a_lid_that_may_not_be_held_does_not_keep_the_rest_from_being_held(address):
    logind = Logind(address, refuse=("sleep:idle:handle-lid-switch",))
    awake = Awake()
    awake.start()
    assert awake.wait() == "logind"
    assert [what for what, *_ in logind.asked] == ["sleep:idle:handle-lid-switch", "sleep:idle"]
    awake.stop()
    awake.join()
    logind.close()


@pytest.mark.parametrize("trouble", ["no bus", "no logind", "refused"])
def test_without_anybody_to_ask_nothing_fails(address, monkeypatch, tmp_path, trouble):
    logind = (
        Logind(address, refuse=("sleep:idle:handle-lid-switch", "sleep:idle"))
        if trouble == "refused"
        else None
    )
    if trouble == "no bus":
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    awake = Awake()
    awake.start()
    assert awake.wait() == ""
    awake.stop()
    awake.join()
    if logind is not None:
        logind.close()


def test_a_service_that_hangs_holds_up_nobody(address):
    logind = Logind(address, hang=True)
    awake = Awake()
    started_s = time.monotonic()
    awake.start()
    awake.stop()
    assert time.monotonic() - started_s < 1
    logind.close()


def test_a_take_is_recorded_awake_and_no_longer(address, long_tone, media, take):
    logind = Logind(address)
    work = Work()

    def on_message(message):
        if isinstance(message, Position) and message.at_us > 500_000 and logind.held:
            work.cancel()

    made = record_take(
        media=media,
        take=take,
        camera="none",
        mic=f"file:{long_tone}",
        on_message=on_message,
        work=work,
    )
    assert made.state == "safe"
    assert work.cancelled, "held while recording"
    wait_until(lambda: logind.held == 0)
    logind.close()


def test_this_computer_can_say_how_long_it_slept():
    assert slept_us() is not None
    assert slept_us() > -1_000_000
