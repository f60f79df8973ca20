"""Whatever works in the background pauses while a recorder loses frames."""

import os
import time
from pathlib import Path

import pytest

from capture.giving_way import HOLD_S, SIGN_FILE, ask_for_room, is_room_asked_for, wait_for_room


def age(media: Path, seconds: float) -> None:
    then_s = time.time() - seconds
    os.utime(media / SIGN_FILE, (then_s, then_s))


def test_nobody_asks_at_first(tmp_path: Path):
    assert not is_room_asked_for(tmp_path)
    wait_for_room(tmp_path)


def test_a_recorder_that_asks_is_heard_for_a_while(tmp_path: Path):
    ask_for_room(tmp_path)
    assert is_room_asked_for(tmp_path)
    age(tmp_path, HOLD_S + 1)
    assert not is_room_asked_for(tmp_path)
    ask_for_room(tmp_path)
    assert is_room_asked_for(tmp_path)


def test_a_sign_from_the_future_is_forgotten_too(tmp_path: Path):
    ask_for_room(tmp_path)
    age(tmp_path, -3600)
    assert not is_room_asked_for(tmp_path)


def test_asking_never_fails(tmp_path: Path):
    ask_for_room(tmp_path / "gone")


def test_waiting_ends_with_the_sign(tmp_path: Path):
    ask_for_room(tmp_path)
    waited: list[int] = []

    def waiting() -> None:
        waited.append(1)
        (tmp_path / SIGN_FILE).unlink(missing_ok=True)

    wait_for_room(tmp_path, waiting=waiting)
    assert waited == [1]


def test_waiting_can_be_ended(tmp_path: Path):
    def waiting() -> None:
        raise KeyboardInterrupt

    ask_for_room(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        wait_for_room(tmp_path, waiting=waiting)
