"""What a phone sent becomes part of the take, and its picture lies where the lapel heard the voice."""

import hashlib
import json
from dataclasses import replace

import pytest
import soundfile

import assets
from capture.phone_journal import SegmentEnd, SegmentStore
from capture.phone_take import complete, is_left_out, take_what_is_here, with_phone
from capture.recording import repair
from capture.take import Devices, Segment, Take, TakePrompt, read_take, write_take
from capture.work import Work

US = 1_000_000
TAKE = Take(
    id="t1",
    resource_id="r1",
    resource_title="A title",
    prompt=TakePrompt("p1", "why", "Why?", "Why"),
    number=1,
    state="safe",
    recorded_at="2026-11-23T10:00:00+01:00",
)


def send(folder, file, *, segment=1, started_us=0):
    """Send a file as a phone would."""
    store = SegmentStore(folder, segment)
    data = file.read_bytes()
    pieces = [data[at : at + 200_000] for at in range(0, len(data), 200_000)]
    for seq, piece in enumerate(pieces):
        store.add(seq, piece, sha256=hashlib.sha256(piece).hexdigest())
    store.finish(SegmentEnd(len(pieces), len(data), started_us))


@pytest.fixture
def lapel_take(tmp_path):
    def make(key):
        samples, rate_hz = soundfile.read(assets.SAMPLE / f"{key}.flac")
        soundfile.write(tmp_path / "mic-001.wav", samples, rate_hz, subtype="PCM_24")
        length_us = round(len(samples) * US / rate_hz)
        return replace(
            TAKE,
            duration_us=length_us,
            segments=(Segment("mic", "mic-001.wav", 0, length_us),),
            devices=Devices(mic_id="m", mic_name="Lapel"),
        )

    return make


def test_its_picture_is_laid_against_the_lapel(tmp_path, lapel_take):
    key = "3-when"
    truth = json.loads((assets.SAMPLE / "truth.json").read_text())[key]
    take = lapel_take(key)
    send(tmp_path, assets.SAMPLE / f"{key}.camera.mp4", started_us=123)
    assert complete(tmp_path)

    done = with_phone(tmp_path, take, name="Priya’s phone", work=Work())
    assert done.state == "safe"
    assert [each.track for each in done.segments] == ["mic", "phone"]
    assert done.has_picture
    assert done.picture_rate in ("24", "25", "30")
    assert done.devices.camera_name == "Priya’s phone"
    assert done.duration_us == take.duration_us
    assert done.sync.offset_us == pytest.approx(truth["offset_s"] * US, abs=10_000)
    assert read_take(tmp_path) == done
    print(f"offset {done.sync.offset_us / US:.4f} s, truth {truth['offset_s']} s")


def test_a_phone_that_heard_something_else_is_kept_but_not_laid(tmp_path, lapel_take):
    send(tmp_path, assets.SAMPLE / "1-what.camera.mp4")
    done = with_phone(tmp_path, lapel_take("3-when"), work=Work())
    assert done.sync is None
    assert "phone.unrelated" in [each.text for each in done.events]
    assert (tmp_path / "phone-001.mp4").exists()


def test_a_phone_alone_is_a_take(tmp_path, clip):
    send(tmp_path, clip)
    done = with_phone(tmp_path, TAKE, work=Work())
    assert (done.state, done.picture_rate, len(done.segments)) == ("safe", "30", 1)
    assert done.duration_us == pytest.approx(2 * US, abs=50_000)


def test_a_second_part_lies_where_the_phones_clock_says(tmp_path, clip):
    send(tmp_path, clip, started_us=50 * US)
    send(tmp_path, clip, segment=2, started_us=55 * US)
    done = with_phone(tmp_path, TAKE, work=Work())
    assert [each.start_us for each in done.segments] == [0, 5 * US]
    assert done.duration_us == pytest.approx(7 * US, abs=50_000)


def test_asked_again_it_says_the_same(tmp_path, clip):
    send(tmp_path, clip)
    once = with_phone(tmp_path, TAKE, work=Work())
    assert with_phone(tmp_path, once, work=Work()) == once


def test_a_file_that_is_still_coming_is_not_complete_and_not_taken(tmp_path, clip):
    send(tmp_path, clip)
    store = SegmentStore(tmp_path, 2)
    store.add(0, b"more", sha256=hashlib.sha256(b"more").hexdigest())
    store.close()
    assert not complete(tmp_path)
    assert len(with_phone(tmp_path, TAKE, work=Work()).segments) == 1


@pytest.mark.parametrize(("parts", "state"), [(1, "safe"), (2, "damaged")])
def test_a_part_that_cannot_be_read_damages_the_take_unless_it_is_only_a_head(tmp_path, clip, parts, state):
    send(tmp_path, clip)
    store = SegmentStore(tmp_path, 2)
    data = b"\0\0\0\x20ftypiso5" + bytes(500)
    for seq in range(parts):
        store.add(seq, data, sha256=hashlib.sha256(data).hexdigest())
    store.finish(SegmentEnd(parts, parts * len(data)))
    done = with_phone(tmp_path, TAKE, work=Work())
    assert (done.state, len(done.segments)) == (state, 1)


def test_what_a_lost_phone_had_sent_can_be_taken(tmp_path, clip):
    data = clip.read_bytes()
    store = SegmentStore(tmp_path, 1)
    store.add(0, data, sha256=hashlib.sha256(data).hexdigest())
    store.close()
    assert with_phone(tmp_path, TAKE, work=Work()).state == "damaged"
    take_what_is_here(tmp_path)
    assert with_phone(tmp_path, TAKE, work=Work()).state == "safe"


def test_without_a_phone_there_is_nothing_to_wait_for(tmp_path):
    assert not complete(tmp_path)


def test_repair_takes_what_a_phone_had_sent_when_the_laptop_was_killed(tmp_path, lapel_take):
    key = "4-who"
    write_take(tmp_path, replace(lapel_take(key), state="recording"))
    data = (assets.SAMPLE / f"{key}.camera.mp4").read_bytes()
    store = SegmentStore(tmp_path, 1)
    store.add(0, data, sha256=hashlib.sha256(data).hexdigest())
    store.close()
    done = repair(tmp_path)
    assert done.state == "safe"
    assert [each.track for each in done.segments] == ["mic", "phone"]
    assert read_take(tmp_path) == done


def test_repair_takes_what_a_phone_sent_to_a_take_that_its_recorder_finished_alone(tmp_path, lapel_take):
    key = "4-who"
    write_take(tmp_path, lapel_take(key))
    send(tmp_path, assets.SAMPLE / f"{key}.camera.mp4")
    assert is_left_out(tmp_path, read_take(tmp_path))
    done = repair(tmp_path)
    assert (done.state, [each.track for each in done.segments]) == ("safe", ["mic", "phone"])
    assert "recorder.killed" not in [each.text for each in done.events]
    assert not is_left_out(tmp_path, done)
    assert repair(tmp_path) == done
