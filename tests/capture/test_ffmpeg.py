"""The one way to run FFmpeg: progress, a clean stop, errors in words, nothing half-written."""

import threading
import time
from pathlib import Path

import pytest

from capture.errors import UserError
from capture.ffmpeg import FfmpegError, command, ffmpeg_path, file_name, run
from capture.work import Cancelled, Work

TONE = ["-f", "lavfi", "-i", "sine=duration=2"]
ENDLESS = ["-re", "-f", "lavfi", "-i", "sine=duration=600"]


def test_a_command_line_shows_progress_and_never_asks():
    assert command(["-i", "x"]) == [
        ffmpeg_path(), "-hide_banner", "-nostats", "-progress", "pipe:1", "-y", "-i", "x"
    ]  # fmt: skip


def test_names_with_colons_and_dashes_are_only_names(tmp_path):
    out = tmp_path / "-a:b «ü» .wav"
    run(TONE, out=out, work=Work())
    text = run(["-i", file_name(out), "-f", "null", "-"], work=Work())
    assert "Duration: 00:00:02.00" in text


def test_progress_grows_to_one(tmp_path):
    seen = []
    work = Work(lambda fraction, note: seen.append((fraction, note)))
    run(TONE, out=tmp_path / "a.flac", duration_us=2_000_000, note="export.render", work=work)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {note for _, note in seen} == {"export.render"}


def test_a_failure_keeps_the_last_lines_and_the_file_that_was_there(tmp_path):
    out = tmp_path / "a.wav"
    out.write_bytes(b"before")
    with pytest.raises(FfmpegError) as caught:
        run(["-i", str(tmp_path / "missing.mp4")], out=out, work=Work())
    assert caught.value.message_key == "ffmpeg.failed"
    assert "No such file" in str(caught.value.params["details"])
    assert out.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.wav"]


def test_cancelling_stops_it_at_once_and_leaves_nothing(tmp_path):
    work = Work()
    threading.Timer(0.3, work.cancel).start()
    started_s = time.monotonic()
    with pytest.raises(Cancelled):
        run(ENDLESS, out=tmp_path / "a.wav", work=work)
    assert time.monotonic() - started_s < 2.5
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_started_for_a_job_that_was_cancelled_before(tmp_path):
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        run(TONE, out=tmp_path / "a.wav", work=work)


def test_a_stop_while_waiting_ends_the_process_too(tmp_path):
    class Interrupted(Exception):
        pass

    def interrupt(fraction, note):
        if fraction:
            raise Interrupted

    with pytest.raises(Interrupted):
        run(ENDLESS, out=tmp_path / "a.wav", duration_us=10_000_000, work=Work(interrupt))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.drill
@pytest.mark.parametrize(("options", "key"), [("rw", "ffmpeg.disk_full"), ("ro", "ffmpeg.not_writable")])
def test_a_bad_disk_is_named_and_nothing_is_left(make_disk, options, key):
    disk: Path = make_disk(size_kb=64, options=options)
    with pytest.raises(UserError) as caught:
        run(["-f", "lavfi", "-i", "sine=duration=60"], out=disk / "a.wav", work=Work())
    assert caught.value.message_key == key
    assert list(disk.iterdir()) == []
