"""Faults on purpose: the recorder killed, the window killed, the terminal closed, the disk full.

Each drill has a twin with the guard switched off, which must then lose something.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import soundfile

from capture.boxes import read_boxes
from capture.errors import BadInputError, UserError
from capture.probe import probe
from capture.recorder_messages import RESERVE_BYTES, Done, Open, Position, Record, State, Unfinished
from capture.recording import FLOOR_BYTES, reattach, record_take, repair
from capture.rendezvous import RENDEZVOUS_FILE, is_reachable, listening
from capture.session import Session
from capture.take import Take, read_take
from capture.video_file import GROWING_MP4
from capture.work import Work

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(os.name == "nt", reason="kills and small disks as on Linux and macOS"),
]
US = 1_000_000
PROMISED_US = 500_000
REPO = Path(__file__).resolve().parents[2]


def wait_until(true, *, within_s: float = 20) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s, "waited too long"
        time.sleep(0.02)


@contextlib.contextmanager
def running(script: str, *args: object) -> Iterator[subprocess.Popen]:
    """Run a Python script in a process group of its own; whatever is left of it is killed."""
    command = [sys.executable, "-c", script, *(str(each) for each in args)]
    with subprocess.Popen(command, cwd=REPO, start_new_session=True) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def folder(media: Path, take: Take) -> Path:
    return media / take.resource_id / take.id


def recorder_pid(folder: Path) -> int:
    return msgspec.json.decode((folder / RENDEZVOUS_FILE).read_bytes())["pid"]


# The recorder is killed ---------------------------------------------------------------------------


@pytest.mark.parametrize("picture", ["moving", "still"])
def test_a_killed_recorder_loses_less_than_half_a_second(
    media, folder, take, long_clip, still_clip, long_tone, picture
):
    captured_us = []

    # The head of the sound file is rewritten every second: this is when it is most out of date.
    def kill_just_before_the_fourth_second(message):
        if isinstance(message, Position) and message.at_us > 3_800_000 and not captured_us:
            os.kill(recorder_pid(folder), signal.SIGKILL)
            captured_us.append(message.at_us)

    made = record_take(
        media=media,
        take=take,
        camera=f"file:{long_clip if picture == 'moving' else still_clip}",
        mic=f"file:{long_tone}",
        on_message=kill_just_before_the_fourth_second,
        work=Work(),
    )
    lost_us = {segment.track: captured_us[0] - segment.duration_us for segment in made.segments}
    print(f"recorder killed, {picture} picture: lost", {k: f"{v / US:.3f} s" for k, v in lost_us.items()})
    assert set(lost_us) == {"camera", "mic"}
    assert max(lost_us.values()) < PROMISED_US
    assert made == read_take(folder)
    assert (made.state, [event.text for event in made.events]) == ("safe", ["recorder.killed"])
    assert "moof" not in read_boxes(folder / "camera-001.mp4").kinds, "made whole"
    heard_s = soundfile.info(folder / "mic-001.wav").frames / 48_000
    assert heard_s == pytest.approx(made.duration_us / US, abs=0.001)
    assert sorted(each.name for each in folder.iterdir()) == ["camera-001.mp4", "mic-001.wav", "take.json"]


WRITE_A_FILE = """
import json, sys, time
from pathlib import Path
from capture.file_device import FileCamera
from capture.video_file import VideoFile
source, path, options, told = sys.argv[1:]
camera = FileCamera(Path(source), paced=True)
file = VideoFile(Path(path), camera.open(), container_options=json.loads(options))
for packet in camera.packets(time.monotonic_ns() // 1000):
    captured_us = round((packet.pts + packet.duration) * packet.time_base * 1_000_000)
    file.write(packet)
    if captured_us > 2_500_000:
        Path(told).write_text(str(captured_us))
        time.sleep(60)
"""


@pytest.mark.parametrize(
    "without",
    [
        {},
        {"flush_packets": "0"},
        {"movflags": "use_metadata_tags", "frag_duration": "0"},
        {"frag_duration": "60000000"},
    ],
    ids=["all guards", "not flushed", "not fragmented", "rarely fragmented"],
)
def test_every_guard_of_the_growing_camera_file_is_needed(tmp_path, still_clip, without):
    path, told = tmp_path / "camera-001.mp4", tmp_path / "told"
    options = msgspec.json.encode({**GROWING_MP4, **without}).decode()
    with running(WRITE_A_FILE, still_clip, path, options, told) as process:
        wait_until(lambda: told.exists() and told.read_text())
        process.kill()
    try:
        kept_us = probe(path).duration_us
    except BadInputError:
        kept_us = 0
    lost_us = int(told.read_text()) - kept_us
    print(f"camera file with {without or 'all guards'}: lost {lost_us / US:.3f} s")
    assert (lost_us < PROMISED_US) == (not without)


def test_a_take_that_was_killed_twice_is_mended_all_the_same(media, folder, take, long_tone):
    """Nobody followed the recorder; and whoever mended first was killed in the middle."""
    with running(RECORD, media, "none", f"file:{long_tone}", 60) as process:
        wait_until(lambda: is_reachable(folder) and (folder / "mic-001.wav").exists())
        time.sleep(1)
        pid = recorder_pid(folder)
        process.kill()
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_reachable(folder))
    assert read_take(folder).state == "recording"
    (folder / ".mic-001.wav.1234.part.wav").write_bytes(b"half")
    made = repair(folder)
    assert made.state == "safe"
    assert made.duration_us > 200_000
    assert repair(folder) == made
    assert sorted(each.name for each in folder.iterdir()) == ["mic-001.wav", "take.json"]


def test_a_recorder_killed_before_it_began_leaves_nothing(media, folder, take, tone):
    def kill(message):
        if message == State(None):
            os.kill(recorder_pid(folder), signal.SIGKILL)

    with pytest.raises(UserError) as caught:
        record_take(media=media, take=take, camera="none", mic=f"file:{tone}", on_message=kill, work=Work())
    assert caught.value.message_key == "record.recorder_died"
    assert not media.exists()


# The power is cut ---------------------------------------------------------------------------------

POWER_PROMISED_US = 1_500_000


@pytest.mark.parametrize("picture", ["moving", "still"])
def test_a_power_cut_loses_no_more_than_a_second_and_a_half(
    tmp_path, ext4, take, long_clip, still_clip, long_tone, picture
):
    """What has reached the disk below a mounted file system is all that a power cut leaves of it."""
    image, after = tmp_path / "disk.img", tmp_path / "after.img"
    disk = ext4(image, tmp_path / "disk")
    captured_us: list[int] = []
    work = Work()

    def cut_after_five_seconds(message):
        if isinstance(message, Position) and message.at_us > 5_200_000 and not captured_us:
            captured_us.append(message.at_us)
            after.write_bytes(image.read_bytes())
            work.cancel()

    record_take(
        media=disk / "media",
        take=take,
        camera=f"file:{long_clip if picture == 'moving' else still_clip}",
        mic=f"file:{long_tone}",
        floor_bytes=0,
        on_message=cut_after_five_seconds,
        work=work,
    )
    restored = ext4(after, tmp_path / "after") / "media" / take.resource_id / take.id
    assert read_take(restored).state == "recording"
    made = repair(restored)
    lost_us = {segment.track: captured_us[0] - segment.duration_us for segment in made.segments}
    print(f"power cut, {picture} picture: lost", {k: f"{v / US:.3f} s" for k, v in lost_us.items()})
    assert set(lost_us) == {"camera", "mic"}
    assert max(lost_us.values()) <= POWER_PROMISED_US
    assert made.state == "safe"


# The window is killed -----------------------------------------------------------------------------

RECORD = """
import sys
from pathlib import Path
from capture.recording import record_take
from capture.take import Take, TakePrompt
from capture.work import Work
media, camera, mic, alone_s = sys.argv[1:]
prompt = TakePrompt(id="p1", key="what", text="What do you know?", title="What")
take = Take("take-1", "resource-1", "Reading a gauge", prompt, 1, "recording", "2026-05-04T10:00:00+02:00")
record_take(media=Path(media), take=take, camera=camera, mic=mic, alone_s=float(alone_s), work=Work())
"""


def test_when_the_window_is_killed_the_recorder_goes_on_and_finishes_by_itself(
    media, folder, long_clip, long_tone
):
    with running(RECORD, media, f"file:{long_clip}", f"file:{long_tone}", 1.5) as process:
        wait_until(lambda: is_reachable(folder) and (folder / "mic-001.wav").exists())
        time.sleep(1)
        os.killpg(process.pid, signal.SIGKILL)  # the terminal and all in it
        heard_bytes = (folder / "mic-001.wav").stat().st_size
        wait_until(lambda: read_take(folder).state != "recording")
    made = read_take(folder)
    assert (made.state, made.events) == ("safe", ())
    alone_us = made.duration_us - heard_bytes * US // 144_000
    assert US < alone_us < 8 * US, "it went on for about as long as it was told"
    wait_until(lambda: not (folder / RENDEZVOUS_FILE).exists())


def test_a_restarted_window_takes_the_recorder_over(media, folder, long_clip, long_tone):
    """The twin of the drill above: told to go on for long, the recorder does not end by itself."""
    with running(RECORD, media, f"file:{long_clip}", f"file:{long_tone}", 120) as process:
        wait_until(lambda: is_reachable(folder) and (folder / "mic-001.wav").exists())
        os.killpg(process.pid, signal.SIGKILL)
        time.sleep(2.5)
        assert read_take(folder).state == "recording"
        work = Work()
        told = []

        def stop_after_three(message):
            told.append(message)
            if len(told) == 3:
                work.cancel()

        made = reattach(folder, on_message=stop_after_three, work=work)
    assert made == read_take(folder)
    assert (made.state, made.events) == ("safe", ())
    assert made.duration_us > 2 * US


START_BOTH = """
import sys, time
from pathlib import Path
from capture.launch import start_child
for own in (True, False):
    child = start_child("timeit", ["-n1", "-r1", "__import__('time').sleep(60)"], own_session=own)
    print(child.pid, flush=True)
time.sleep(60)
"""


def test_only_a_session_of_its_own_outlives_the_terminal():
    """The guard of the drills above: a child without it goes with the terminal."""
    command = [sys.executable, "-c", START_BOTH]
    with subprocess.Popen(command, cwd=REPO, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        own, not_own = (int(process.stdout.readline()) for _ in range(2))
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not alive(not_own))
    assert alive(own)
    os.kill(own, signal.SIGKILL)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# The disk is full ---------------------------------------------------------------------------------


@contextlib.contextmanager
def session_in(
    folder: Path, take: Take, sample: Path, *, tell=lambda message: None, **more
) -> Iterator[Session]:
    """A recorder's session in this process, which records an answer of the sample as fast as it can."""
    record = Record(take=take, folder=str(folder), limit_us=None, floor_bytes=0, **more)
    camera, mic = f"file:{sample / '2-why.camera.mp4'}", f"file:{sample / '2-why.flac'}"
    order = Open(camera, mic, alone_s=60, idle_s=60, preview=False, take=record, paced=False)
    with listening(folder) as meeting:
        session = Session(order, meeting, tell=tell)
        session.open()
        yield session
        session.close()


def until(session: Session, reached) -> None:
    while not reached(session.state()):
        session.tick()
        time.sleep(0.01)


def is_over(state: State) -> bool:
    return state.state is None and not state.verifying


def test_a_disk_that_becomes_full_ends_the_take_and_keeps_what_was_recorded(make_disk, take, sample):
    disk = make_disk(size_kb=2000)  # the sound alone would take 3700
    with session_in(disk, take, sample) as session:
        until(session, is_over)
    made = read_take(disk)
    assert made.state == "damaged"
    assert "disk.full" in [event.text for event in made.events]
    assert made.duration_us > 5 * US
    assert soundfile.info(disk / "mic-001.wav").frames == pytest.approx(made.duration_us * 48_000 / US, abs=2)
    for segment in made.segments:
        assert abs(probe(disk / segment.file).duration_us - segment.duration_us) < PROMISED_US, "it plays"


@pytest.mark.parametrize("reserve_bytes", [RESERVE_BYTES, 0], ids=["reserve", "no reserve"])
def test_on_a_full_disk_there_is_room_left_to_write_down_the_take(make_disk, take, sample, reserve_bytes):
    disk = make_disk(size_kb=8000)
    told = []
    with session_in(disk, take, sample, tell=told.append, reserve_bytes=reserve_bytes) as session:
        wait_until(lambda: not session._recording.running)
        fill(disk / "something else")
        until(session, is_over)
    if reserve_bytes:
        assert Done(read_take(disk)) in told
        return
    assert Unfinished(take.id) in told
    # Even so nothing is lost: what was recorded becomes a take as soon as there is room.
    (disk / "something else").unlink()
    made = repair(disk)
    assert made.state == "safe"
    assert made.duration_us > 25 * US


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as other, contextlib.suppress(OSError):
        while True:
            other.write(bytes(512))


@pytest.mark.parametrize("floor_bytes", [20 << 20, 0], ids=["floor", "no floor"])
def test_the_recorder_stops_before_the_disk_is_full(make_disk, take, long_clip, long_tone, floor_bytes):
    disk = make_disk(size_kb=22_000)
    with (disk / "something else").open("wb") as other:
        other.write(bytes(1 << 20))
    made = record_take(
        media=disk / "media",
        take=take,
        camera=f"file:{long_clip}",
        mic=f"file:{long_tone}",
        seconds=6,
        floor_bytes=floor_bytes,
        work=Work(),
    )
    assert (made.state == "damaged") == (floor_bytes > 0)
    assert [event.text for event in made.events] == (["disk.full"] if floor_bytes else [])
    assert (made.duration_us < 5 * US) == (floor_bytes > 0)


def test_too_little_room_is_noticed_before_the_start(make_disk, take, long_tone):
    disk = make_disk(size_kb=FLOOR_BYTES // 1024 - 1000)
    with pytest.raises(BadInputError) as caught:
        record_take(media=disk / "media", take=take, camera="none", mic=f"file:{long_tone}", work=Work())
    assert caught.value.message_key == "record.disk_full"
    assert list(disk.iterdir()) == []


def test_a_read_only_library_is_refused(make_disk, take, long_tone):
    disk = make_disk(size_kb=100_000, options="ro")
    with pytest.raises(BadInputError) as caught:
        record_take(media=disk / "media", take=take, camera="none", mic=f"file:{long_tone}", work=Work())
    assert caught.value.message_key == "record.not_writable"


# The computer shuts down --------------------------------------------------------------------------


def test_told_to_end_the_recorder_finishes_the_take(media, folder, take, long_tone):
    ended = []

    def end_after_one_second(message):
        if isinstance(message, Position) and message.at_us > US and not ended:
            for each in (signal.SIGINT, signal.SIGHUP):  # the terminal's: it must not even notice
                os.kill(recorder_pid(folder), each)
            os.kill(recorder_pid(folder), signal.SIGTERM)
            ended.append(message.at_us)

    made = record_take(
        media=media,
        take=take,
        camera="none",
        mic=f"file:{long_tone}",
        on_message=end_after_one_second,
        work=Work(),
    )
    assert (made.state, made.events) == ("safe", ())
    assert ended[0] <= made.duration_us < 8 * US
    assert made == read_take(folder)
