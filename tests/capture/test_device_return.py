"""A device that hangs when opened is said to, and is still waited for; one that hangs when closed is left."""

import threading
from collections.abc import Iterator

import pytest

from capture import device_return
from capture.device_return import Return, let_go


class Device:
    id = name = "device"
    length_us = None

    def close(self) -> None:
        """Nothing to let go."""


def test_what_hangs_is_named_and_tried_again():
    go_on = threading.Event()
    tries = []

    def reopen() -> Device:
        tries.append(None)
        if len(tries) == 1:
            go_on.wait(20)
        return Device()

    back = Return(None, reopen, name="The desk camera", within_s=0.1, after=None)
    back.start()
    assert isinstance(back.opened.get(timeout=10), Device)
    go_on.set()
    assert back.trouble is not None
    assert (back.trouble.message_key, back.trouble.params) == ("device.hangs", {"name": "The desk camera"})


class Stuck(Device):
    """Closing it takes as long as its sound server hangs."""

    def __init__(self, go_on: threading.Event) -> None:
        self._go_on = go_on

    def close(self) -> None:
        self._go_on.wait(20)


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    go_on = threading.Event()
    yield Stuck(go_on)
    go_on.set()


def test_a_device_that_does_not_close_is_left_behind(stuck):
    left: list[bool] = []
    ending = threading.Thread(target=lambda: left.append(let_go(stuck, within_s=0.1)), daemon=True)
    ending.start()
    ending.join(10)
    assert left == [False]


def test_a_lost_device_that_does_not_close_is_opened_anew_all_the_same(stuck, monkeypatch):
    monkeypatch.setattr(device_return, "CLOSED_WITHIN_S", 0.1)
    back = Return(stuck, Device, name="The lapel", within_s=5, after=None)
    back.start()
    assert isinstance(back.opened.get(timeout=10), Device)
