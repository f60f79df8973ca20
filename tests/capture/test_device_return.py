"""A device that hangs when it is opened is said to, and is still waited for."""

import threading

from capture.device_return import Return


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
