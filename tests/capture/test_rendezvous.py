"""A window finds its recorder by the take's folder; strangers and hanging windows do no harm."""

import queue
import threading
import time
from multiprocessing.connection import Client
from pathlib import Path

import msgspec
import pytest

from capture.clients import Clients
from capture.recorder_messages import Event, Mark, Position, State, Stop, receive_from_recorder, send
from capture.rendezvous import RENDEZVOUS_FILE, is_reachable, listening, reach, sweep


@pytest.fixture
def said() -> queue.Queue:
    return queue.Queue()


@pytest.fixture
def clients(tmp_path, said):
    with listening(tmp_path) as meeting:
        yield Clients(meeting.listener, greet=lambda: State("recording", at_us=7), on_message=said.put)


def test_a_window_is_greeted_told_and_heard(tmp_path, clients, said):
    connection = reach(tmp_path)
    assert connection is not None
    with connection:
        assert receive_from_recorder(connection) == State("recording", at_us=7)
        clients.tell(Event(5, "mic.silent"))
        assert receive_from_recorder(connection) == Event(5, "mic.silent")
        send(connection, Mark("here"))
        assert said.get(timeout=5) == Mark("here")
        assert clients.alone_s == 0
    wait_until(lambda: clients.alone_s > 0.05)


def test_several_windows_hear_the_same(tmp_path, clients):
    first, second = reach(tmp_path), reach(tmp_path)
    assert first is not None
    assert second is not None
    with first, second:
        for each in (first, second):
            receive_from_recorder(each)
        clients.tell(Position(3))
        assert receive_from_recorder(first) == receive_from_recorder(second) == Position(3)


def test_nonsense_is_passed_over(tmp_path, clients, said):
    connection = reach(tmp_path)
    assert connection is not None
    with connection:
        for nonsense in (b"", b"{}", b'{"type":"Format","disk":"C:"}', b"\x80\x04."):
            connection.send_bytes(nonsense)
        send(connection, Stop())
        assert said.get(timeout=5) == Stop()


def test_nobody_gets_in_without_the_key(tmp_path, clients):
    found = msgspec.json.decode((tmp_path / RENDEZVOUS_FILE).read_bytes())
    with pytest.raises(Exception, match="digest"):
        Client(found["address"], authkey=b"guessed")
    assert is_reachable(tmp_path), "and it goes on for those with the key"


def test_the_key_is_for_its_owner_only(tmp_path, clients):
    assert (tmp_path / RENDEZVOUS_FILE).stat().st_mode & 0o077 == 0
    address = Path(msgspec.json.decode((tmp_path / RENDEZVOUS_FILE).read_bytes())["address"])
    assert address.parent.stat().st_mode & 0o077 == 0


def test_a_window_that_hangs_never_makes_the_recorder_wait(tmp_path, clients):
    connection = reach(tmp_path)
    assert connection is not None
    with connection:
        wait_until(lambda: clients.alone_s == 0)
        started_s = time.monotonic()
        for number in range(20_000):
            clients.tell(Position(number))
        assert time.monotonic() - started_s < 2


def test_the_last_word_is_sent_before_the_recorder_goes_and_nobody_has_to_hang_up_first(tmp_path, clients):
    connection = reach(tmp_path)
    assert connection is not None
    with connection:
        assert receive_from_recorder(connection) == State("recording", at_us=7)
        clients.tell(Event(5, "mic.silent"))
        clients.say_goodbye(20)
        assert connection.poll(0)
        assert receive_from_recorder(connection) == Event(5, "mic.silent")
        assert clients.alone_s == 0, "it is still there"


def test_when_the_recorder_has_gone_nothing_is_left(tmp_path):
    with listening(tmp_path):
        home = Path(msgspec.json.decode((tmp_path / RENDEZVOUS_FILE).read_bytes())["address"]).parent
    assert reach(tmp_path) is None
    assert not home.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_recorder_left_can_be_swept(tmp_path):
    with listening(tmp_path):
        data = (tmp_path / RENDEZVOUS_FILE).read_bytes()
    home = Path(msgspec.json.decode(data)["address"]).parent
    home.mkdir()
    (tmp_path / RENDEZVOUS_FILE).write_bytes(data)
    assert not is_reachable(tmp_path)
    sweep(tmp_path)
    assert not home.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_forged_rendezvous_cannot_have_anything_else_removed(tmp_path):
    precious = tmp_path / "lapel-precious"
    precious.mkdir()
    forged = {"address": str(precious / "x"), "key": "", "pid": 1}
    (tmp_path / RENDEZVOUS_FILE).write_bytes(msgspec.json.encode(forged))
    sweep(tmp_path)
    assert precious.exists()


def wait_until(true) -> None:
    end_s = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_no_thread_of_a_closed_connection_stays(tmp_path, clients):
    before = threading.active_count()
    for _ in range(5):
        assert is_reachable(tmp_path)
    wait_until(lambda: threading.active_count() <= before)
