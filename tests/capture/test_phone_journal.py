"""What a phone sent is on disk once, in order, whatever happens in between."""

import hashlib
import os
import signal
import subprocess
import sys

import pytest

from capture.phone_journal import (
    DamagedPartsError,
    DifferentPartError,
    OutOfOrderError,
    SegmentEnd,
    SegmentStore,
    WrongHashError,
    read_end,
    segments_in,
)
from tests.capture.phone_kit import REPO, journal, stored_hashes

HEAD = b"\0\0\0\x20ftypiso5" + bytes(20)
PARTS = [HEAD, b"second" * 100, b"third" * 1000]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def add(store, seq, data):
    return store.add(seq, data, sha256=sha256(data))


@pytest.fixture
def open_store(tmp_path):
    stores = []

    def open_store(segment=1):
        stores.append(SegmentStore(tmp_path, segment))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


def filled(open_store):
    store = open_store()
    assert [add(store, seq, data) for seq, data in enumerate(PARTS)] == [True] * 3
    return store


def test_parts_are_appended_and_journalled(open_store, tmp_path):
    filled(open_store)
    assert (tmp_path / "phone-001.part").read_bytes() == b"".join(PARTS)
    assert [(p.seq, p.length, p.sha256) for p in journal(tmp_path)] == [
        (seq, len(data), sha256(data)) for seq, data in enumerate(PARTS)
    ]


def test_a_part_that_comes_again_is_taken_once(open_store, tmp_path):
    store = filled(open_store)
    assert add(store, 1, PARTS[1]) is False
    assert (tmp_path / "phone-001.part").read_bytes() == b"".join(PARTS)


def test_another_part_of_the_same_number_is_refused(open_store):
    store = filled(open_store)
    with pytest.raises(DifferentPartError):
        add(store, 1, b"something else")


def test_a_gap_is_refused_with_what_is_expected(open_store):
    store = open_store()
    add(store, 0, HEAD)
    with pytest.raises(OutOfOrderError) as refused:
        add(store, 2, b"third")
    assert refused.value.expected == 1


def test_bytes_that_changed_on_the_way_are_refused(open_store, tmp_path):
    with pytest.raises(WrongHashError):
        open_store().add(0, b"changed", sha256=sha256(b"sent"))
    assert journal(tmp_path) == []


def test_it_goes_on_where_it_was(open_store, tmp_path):
    filled(open_store).close()
    store = open_store()
    assert (store.next_seq, store.length) == (3, sum(map(len, PARTS)))
    assert add(store, 3, b"fourth")
    assert (tmp_path / "phone-001.part").read_bytes() == b"".join([*PARTS, b"fourth"])


def test_a_finished_segment_has_its_name_and_its_end(open_store, tmp_path):
    store = filled(open_store)
    end = SegmentEnd(parts=3, length=store.length, started_us=17, why="stopped")
    assert store.finish(end) == tmp_path / "phone-001.mp4"
    assert stored_hashes(tmp_path / "phone-001.mp4", journal(tmp_path)) == [sha256(p) for p in PARTS]
    assert not (tmp_path / "phone-001.part").exists()
    assert read_end(tmp_path, 1) == end
    assert segments_in(tmp_path) == (1,)


def test_finishing_twice_is_finishing_once(open_store):
    store = filled(open_store)
    end = SegmentEnd(3, store.length)
    assert store.finish(end) == store.finish(end) == open_store().finish(end)


def test_a_part_that_comes_again_after_the_end_is_a_duplicate_still(open_store):
    store = filled(open_store)
    store.finish(SegmentEnd(3, store.length))
    assert add(open_store(), 2, PARTS[2]) is False


def test_webm_is_recognised_by_its_first_bytes(open_store, tmp_path):
    store = open_store()
    data = b"\x1a\x45\xdf\xa3" + bytes(20)
    add(store, 0, data)
    assert store.finish(SegmentEnd(1, len(data))) == tmp_path / "phone-001.webm"


def test_what_is_no_video_gets_no_name(open_store, tmp_path):
    store = open_store()
    add(store, 0, b"<html>" + bytes(20))
    with pytest.raises(DamagedPartsError):
        store.finish(SegmentEnd(1, 26))
    assert (tmp_path / "phone-001.part").exists()


def test_missing_parts_are_asked_for_at_the_end(open_store):
    store = filled(open_store)
    with pytest.raises(OutOfOrderError) as refused:
        store.finish(SegmentEnd(5, 99999))
    assert refused.value.expected == 3


def test_a_disk_that_changed_a_byte_is_found_out(open_store, tmp_path):
    store = filled(open_store)
    data = bytearray((tmp_path / "phone-001.part").read_bytes())
    data[50] ^= 1
    (tmp_path / "phone-001.part").write_bytes(data)
    with pytest.raises(DamagedPartsError):
        store.finish(SegmentEnd(3, store.length))
    assert (tmp_path / "phone-001.part").read_bytes() == bytes(data)


@pytest.mark.drill
def test_cut_at_any_byte_it_goes_on_without_loss_or_doubling(tmp_path):
    """Every state that a kill can leave: file and journal each end anywhere in the last part."""
    parts = [HEAD, b"two-two", b"three"]
    whole = tmp_path / "whole"
    whole.mkdir()
    store = SegmentStore(whole, 1)
    for seq, data in enumerate(parts):
        add(store, seq, data)
    store.close()
    data, lines = (whole / "phone-001.part").read_bytes(), (whole / "phone-001.jsonl").read_bytes()
    acknowledged = len(data) - len(parts[-1])
    line_start = lines.rstrip(b"\n").rfind(b"\n") + 1
    states = [(size, line_start) for size in range(acknowledged, len(data) + 1)]
    states += [(len(data), size) for size in range(line_start, len(lines) + 1)]
    for number, (data_bytes, line_bytes) in enumerate(states):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "phone-001.part").write_bytes(data[:data_bytes])
        (folder / "phone-001.jsonl").write_bytes(lines[:line_bytes])
        store = SegmentStore(folder, 1)
        assert store.next_seq == (3 if line_bytes == len(lines) else 2)
        for seq, part in list(enumerate(parts))[store.next_seq - 1 :]:  # the phone repeats one
            add(store, seq, part)
        store.close()
        store = SegmentStore(folder, 1)  # and a second kill finds nothing amiss
        assert store.finish(SegmentEnd(3, len(data))).read_bytes() == data


WRITER = """
import sys, hashlib
from pathlib import Path
from capture.phone_journal import SegmentStore
store = SegmentStore(Path(sys.argv[1]), 1)
for seq in range(store.next_seq, 100000):
    data = (b"\\0\\0\\0\\x20ftyp" if seq == 0 else b"") + bytes([seq % 251]) * (seq * 7919 % 200000 + 1)
    store.add(seq, data, sha256=hashlib.sha256(data).hexdigest())
    print(seq, len(data), flush=True)
"""


@pytest.mark.drill
def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path):
    acknowledged = 0
    for kill_after in (3, 17, 8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(REPO)}, text=True,
        )  # fmt: skip
        for _ in range(kill_after):
            acknowledged = int(writer.stdout.readline().split()[0]) + 1
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split("\n")
        acknowledged += sum(1 for line in rest if line.count(" ") == 1)
        writer.stdout.close()
        writer.wait(10)
    store = SegmentStore(tmp_path, 1)
    assert store.next_seq >= acknowledged
    end = SegmentEnd(store.next_seq, store.length)
    file = store.finish(end)
    assert stored_hashes(file, journal(tmp_path)) == [part.sha256 for part in journal(tmp_path)]
