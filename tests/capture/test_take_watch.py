"""What is watched beside the devices, disk, battery, sleep: told once, and again when it changes."""

import random
from pathlib import Path

import pytest

from capture.awake import slept_us
from capture.battery import BatteryWatch, read_battery
from capture.disk_left import DiskLeft
from capture.recorder_messages import Event
from capture.recording import record_take
from capture.take_watch import TakeWatch
from capture.verify import DAMAGING
from capture.work import Work

US = 1_000_000
MB = 1 << 20


class Battery:
    """The files in which the kernel tells of a battery."""

    def __init__(self, folder: Path, name: str = "BAT0") -> None:
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.put(type="Battery", capacity="80", status="Discharging")

    def put(self, **values: str) -> None:
        for name, value in values.items():
            (self.folder / name).write_text(f"{value}\n")


@pytest.fixture
def supplies(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LAPEL_POWER_SUPPLY", str(tmp_path / "power"))
    return tmp_path / "power"


def test_a_battery_that_gets_low_is_told_once_and_again_when_it_changes(supplies):
    battery, watch = Battery(supplies), BatteryWatch()
    told = []
    for percent, status in [
        *((percent, "Discharging") for percent in (50, 21, 20, 19, 21, 20, 12, 8, 7, 9, 8)),
        (8, "Charging"),
        (30, "Charging"),
        (20, "Discharging"),
    ]:
        battery.put(capacity=str(percent), status=status)
        told.append(watch.look())
    assert [each for each in told if each] == [
        "battery.low",
        "battery.very_low",
        "battery.charging",
        "battery.low",
    ]


def test_a_computer_without_a_battery_and_the_battery_of_a_mouse(supplies):
    assert read_battery() is None
    Battery(supplies, "hid-mouse").put(capacity="3", scope="Device")
    Battery(supplies, "AC").put(type="Mains")
    assert read_battery() is None
    assert BatteryWatch().look() is None


def test_two_batteries_last_together_and_one_that_says_nonsense_is_passed_over(supplies):
    Battery(supplies, "BAT0").put(capacity="4")
    Battery(supplies, "BAT1").put(capacity="90", status="Unknown")
    Battery(supplies, "BAT2").put(capacity="much")
    found = read_battery()
    assert found is not None
    assert (found.percent, found.in_use) == (47.0, True)


def test_sleep_during_the_take_is_told_each_time_and_leaves_something_missing(tmp_path):
    slept = iter([0, 0, 1_000, 3 * US, 3 * US, 60 * US])
    told = []
    watch = TakeWatch(
        tmp_path,
        floor_bytes=0,
        length_us=None,
        tell=lambda key, at_us: told.append((key, at_us)),
        slept=lambda: next(slept),
    )
    for second in range(1, 6):
        watch.look(second * US)
    assert told == [("sleep.slept", 3 * US), ("sleep.slept", 5 * US)]
    assert "sleep.slept" in DAMAGING


def test_clocks_that_say_nothing_of_sleep_are_no_sleep(tmp_path):
    told = []
    for slept in (lambda: None, slept_us):
        watch = TakeWatch(
            tmp_path, floor_bytes=0, length_us=None, tell=lambda key, at_us: told.append(key), slept=slept
        )
        for second in range(4):
            watch.look(second * US)
    assert told == []


def fill(disk: Path, watch: DiskLeft, *, mb_a_second: float, seconds: int, from_s: int = 0) -> list[str]:
    told = []
    for second in range(from_s, from_s + seconds):
        with (disk / "camera-001.mp4").open("ab") as file:
            file.write(bytes(round(mb_a_second * MB)))
        told.append(watch.look(second * US))
    return [each for each in told if each]


def test_the_rate_is_that_of_the_take_and_a_limit_is_told_once(make_disk):
    disk = make_disk(size_kb=64 * 1024)
    watch = DiskLeft(disk, floor_bytes=4 * MB)
    # 60 MB at a 30th of a MB a second are half an hour; then faster.
    assert fill(disk, watch, mb_a_second=1 / 60, seconds=20) == []
    assert watch.left_s == pytest.approx(3600, rel=0.1)
    assert fill(disk, watch, mb_a_second=1 / 20, seconds=60, from_s=20) == ["disk.low"]
    assert fill(disk, watch, mb_a_second=1 / 4, seconds=40, from_s=80) == ["disk.very_low"]
    assert fill(disk, watch, mb_a_second=1 / 2, seconds=35, from_s=120) == ["disk.ending"]
    (disk / "camera-001.mp4").write_bytes(b"")
    later = fill(disk, watch, mb_a_second=1 / 100, seconds=40, from_s=160)
    assert later[-1] == "disk.enough"


def test_what_another_program_writes_counts_too(make_disk):
    disk = make_disk(size_kb=64 * 1024)
    (disk / "take").mkdir()
    watch = DiskLeft(disk / "take", floor_bytes=0)
    told = []
    for second in range(12):
        (disk / f"other-{second}").write_bytes(bytes(MB))
        (disk / "take" / "mic-001.wav").write_bytes(bytes(8192 * (second + 1)))
        told.append(watch.look(second * US))
    assert watch.left_s == pytest.approx(52, rel=0.1)
    assert [each for each in told if each] == ["disk.very_low"], "warned of, but no reason to close the take"


def test_a_take_that_fits_is_no_reason_to_worry(make_disk):
    disk = make_disk(size_kb=64 * 1024)
    watch = DiskLeft(disk, floor_bytes=0)
    told = []
    for second in range(20):
        with (disk / "camera-001.mp4").open("ab") as file:
            file.write(bytes(MB // 2))
        told.append(watch.look(second * US, remaining_us=60 * US))
    assert set(told) == {None}


def test_about_a_limit_it_is_told_once(make_disk):
    disk = make_disk(size_kb=20 * 1024)
    (disk / "take").mkdir()
    watch = DiskLeft(disk / "take", floor_bytes=0)
    told = []
    rng = random.Random(3)
    for second in range(90):  # 290 to 310 s are left, up and down with what others write and delete
        with (disk / "take" / "camera-001.mp4").open("ab") as file:
            file.write(bytes(MB // 64))
        own = (disk / "take" / "camera-001.mp4").stat().st_size
        (disk / "other").write_bytes(bytes(round((20 - rng.uniform(290, 310) / 64) * MB) - own))
        told.append(watch.look(second * US))
    assert [each for each in told if each] == ["disk.very_low"]


@pytest.mark.drill
def test_the_take_is_closed_cleanly_while_there_is_room_for_two_more_minutes(make_media, make_disk, take):
    inputs = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration={seconds}")
    answer = make_media("ten minutes.flac", seconds=600, inputs=inputs)
    disk = make_disk(size_kb=19_400)  # 138 s of sound: 6 s to learn the rate, then past the two minutes
    told = []
    made = record_take(
        media=disk / "media",
        take=take,
        camera="none",
        mic=f"file:{answer}",
        floor_bytes=0,
        on_message=lambda message: told.append(message.key) if isinstance(message, Event) else None,
        work=Work(),
    )
    assert told == ["disk.very_low", "disk.ending"]
    assert made.state == "safe", made.events
    assert 5 * US < made.duration_us < 60 * US
    assert [each.text for each in made.events] == told


@pytest.mark.drill
def test_a_take_with_a_battery_that_gets_low_meanwhile(supplies, long_tone, media, take):
    battery = Battery(supplies)
    battery.put(capacity="15")
    told = []
    made = record_take(
        media=media,
        take=take,
        camera="none",
        mic=f"file:{long_tone}",
        seconds=3,
        on_message=lambda message: told.append(message.key) if isinstance(message, Event) else None,
        work=Work(),
    )
    assert told == ["battery.low"]
    assert made.state == "safe"
