"""A second copy on a stick: every byte read back, gone on with, and no harm when the stick fails."""

import json
import subprocess

import pytest

from capture.errors import BadInputError
from capture.recording import record_take
from capture.second_copy import CopyError, copy_place, copy_take
from capture.take import read_take
from capture.unfinished import finish_take
from capture.work import Cancelled, Work


@pytest.fixture
def made(clip, tone, media, take):
    """A safe take, and what must never be changed by copying it."""
    return record_take(
        media=media, take=take, camera=f"file:{clip}", mic=f"file:{tone}", paced=False, work=Work()
    )


@pytest.fixture
def folder(media, take):
    return media / take.resource_id / take.id


def content(folder) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def key_of(folder, made, place) -> str:
    before = content(folder)
    with pytest.raises(CopyError) as caught:
        copy_take(folder, made, place, work=Work())
    assert content(folder) == before, "the take is untouched"
    return caught.value.key


def test_a_copy_holds_every_byte_and_is_a_take_again(made, folder, tmp_path, media):
    (folder / "work.mp4").write_bytes(b"made again from the rest")
    stick = tmp_path / "stick"
    stick.mkdir()
    copy = copy_take(folder, made, copy_place(stick), work=Work())
    assert copy == stick / "resource-1" / "take-1"
    wanted = {name: data for name, data in content(folder).items() if name != "work.mp4"}
    assert content(copy) == wanted
    assert finish_take(copy, read_take(copy), work=Work()).state == "safe"


def test_twice_is_once_and_a_copy_that_rotted_is_made_again(made, folder, tmp_path):
    copy = copy_take(folder, made, copy_place(tmp_path), work=Work())
    before = (copy / "mic-001.wav").stat()
    copy_take(folder, made, copy_place(tmp_path), work=Work())
    assert (copy / "mic-001.wav").stat().st_mtime_ns == before.st_mtime_ns
    with (copy / "mic-001.wav").open("r+b") as file:
        file.seek(1000)
        file.write(b"rot")
    copy_take(folder, made, copy_place(tmp_path), work=Work())
    assert (copy / "mic-001.wav").read_bytes() == (folder / "mic-001.wav").read_bytes()


def test_a_copy_that_was_interrupted_is_gone_on_with(made, folder, tmp_path):
    place = copy_place(tmp_path)
    target = tmp_path / "resource-1" / "take-1"
    target.mkdir(parents=True)
    whole = (folder / "mic-001.wav").read_bytes()
    # As after a pulled stick: half of it, and the end of that half torn.
    (target / ".mic-001.wav.part").write_bytes(whole[:100_000] + b"torn" * 50)
    work = Work(lambda fraction, note: None)
    copy_take(folder, made, place, work=work)
    assert (target / "mic-001.wav").read_bytes() == whole
    assert not list(target.glob(".*"))
    stopped = Work()
    stopped.cancel()
    with pytest.raises(Cancelled):
        copy_take(folder, made, place, work=stopped)


def test_what_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("no folder")
    for name in ("file", "missing"):
        with pytest.raises(BadInputError) as caught:
            copy_place(tmp_path / name)
        assert caught.value.message_key == "record.no_copy_folder"


@pytest.mark.drill
def test_a_full_stick_leaves_no_half_take_and_is_gone_on_with_on_a_larger_one(made, folder, make_disk):
    stick = make_disk(size_kb=200)
    assert key_of(folder, made, copy_place(stick)) == "copy.full"
    assert not list(stick.rglob("take.json")), "without take.json it is no take"
    subprocess.run(["mount", "-o", "remount,size=4000k", str(stick)], check=True)
    copy = copy_take(folder, made, copy_place(stick), work=Work())
    assert json.loads((copy / "take.json").read_bytes())["id"] == "take-1"


@pytest.mark.drill
def test_a_stick_that_may_not_be_written_to(made, folder, make_disk):
    assert key_of(folder, made, copy_place(make_disk(size_kb=4000, options="ro"))) == "copy.read_only"


@pytest.mark.drill
def test_a_stick_that_was_pulled_does_not_fill_the_disk_below_it(made, folder, make_disk):
    stick = make_disk(size_kb=4000)
    place = copy_place(stick)
    subprocess.run(["umount", "--lazy", str(stick)], check=True)
    assert key_of(folder, made, place) == "copy.gone"
    assert list(stick.iterdir()) == []
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(stick)], check=True)  # for the fixture to unmount
