"""Measure a studio: 1080p30 motion JPEG over HTTP and a microphone, with a window that looks at the preview.

Run ``python -m bench.recording --seconds 60``; ``--minutes 30`` is the long one. The camera is an answer of
the sample, enlarged and with a sensor's noise, served by FFmpeg on loopback without encoding; the microphone
is a file played at the speed of life. ``--gray`` serves a picture that does not move instead.

Counted are the pictures in the file against the time it lasts: one that was dropped, late by more than half a
picture, shows as a gap. What the *sender* does not get off on a busy machine counts as well.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec

import assets
from capture.ffmpeg import ffmpeg_path, run
from capture.probe import open_media, picture_stream
from capture.recorder_messages import Done, State
from capture.rendezvous import RENDEZVOUS_FILE
from capture.studio import StudioSession
from capture.take import Take, TakePrompt
from capture.work import Work

US = 1_000_000
RATE = 30
TICKS_A_S = os.sysconf("SC_CLK_TCK")
LOOK_S = 1 / 30


@dataclass
class Figures:
    """What was measured."""

    seconds: float = 0.0
    state: str = ""
    events: list[str] = field(default_factory=list)
    frames: int = 0
    gaps: int = 0
    longest_gap_ms: float = 0.0
    idle_core_share: float = 0.0
    core_share: float = 0.0
    cpu_ms_per_frame: float = 0.0
    memory_mb: list[float] = field(default_factory=list)
    previews: int = 0
    preview_age_ms: float = 0.0
    mb_a_minute: float = 0.0
    load: float = 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--gray", action="store_true", help="a picture that does not move")
    parser.add_argument("--no-preview", action="store_true")
    parser.add_argument("--keep", type=Path, help="where to leave the take")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    seconds = args.minutes * 60 if args.minutes else args.seconds
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(args.keep or Path(folder), seconds, gray=args.gray, preview=not args.no_preview)
    if args.json:
        print(json.dumps(asdict(figures)))
        return
    memory = figures.memory_mb
    print(f"{figures.seconds:.2f} s, {figures.frames} frames, {figures.state}, events {figures.events}")
    print(f"gaps {figures.gaps}, longest between two pictures {figures.longest_gap_ms:.0f} ms")
    print(f"core: {figures.core_share:.2f} recording, {figures.idle_core_share:.2f} showing only")
    print(f"{figures.cpu_ms_per_frame:.1f} ms of processor a frame; load of the machine {figures.load:.1f}")
    print(f"memory {memory[0]:.0f} MB at first, {memory[-1]:.0f} at last, {max(memory):.0f} at most")
    print(f"previews {figures.previews}, {figures.preview_age_ms:.0f} ms old when seen (median)")
    print(f"{figures.mb_a_minute:.0f} MB a minute")


def measure(folder: Path, seconds: float, *, gray: bool, preview: bool) -> Figures:
    """Record for so long and return what it took."""
    camera, sound = folder / "camera.avi", folder / "lapel.wav"
    _make_sources(camera, sound, seconds=seconds, gray=gray)
    figures = Figures()
    port = _free_port()
    done: list[Take] = []

    def on_message(message: Any) -> None:
        if isinstance(message, Done):
            done.append(message.take)

    with _serving(camera, port):
        studio = StudioSession.open(
            folder / "studio",
            camera=f"http://127.0.0.1:{port}",
            mic=f"file:{sound}",
            preview=preview,
            on_message=on_message,
        )
        _wait(lambda: _is_live(studio.state))
        pid = msgspec.json.decode((folder / "studio" / RENDEZVOUS_FILE).read_bytes())["pid"]
        with _looking(studio, figures) as ages_ms:
            before_s, before_cpu_s = time.monotonic(), _cpu_s(pid)
            time.sleep(min(10.0, seconds / 6))
            figures.idle_core_share = (_cpu_s(pid) - before_cpu_s) / (time.monotonic() - before_s)
            ages_ms.clear()
            take_folder = folder / "media" / "take"
            studio.record(take_folder, _take(), seconds=seconds)
            _wait(lambda: studio.state.state == "recording")
            before_s, before_cpu_s = time.monotonic(), _cpu_s(pid)
            while time.monotonic() - before_s < seconds - 0.5:
                figures.memory_mb.append(_memory_mb(pid))
                time.sleep(min(10.0, seconds / 10))
            cpu_s = _cpu_s(pid) - before_cpu_s
            figures.core_share = cpu_s / (time.monotonic() - before_s)
            figures.load = os.getloadavg()[2 if seconds > 600 else 0]
        _wait(lambda: done, within_s=180)
        studio.close()
    _read(take_folder / "camera-001.mp4", done[0], figures)
    figures.cpu_ms_per_frame = 1000 * figures.core_share * figures.seconds / max(1, figures.frames)
    return figures


def _make_sources(camera: Path, sound: Path, *, seconds: float, gray: bool) -> None:
    sample = assets.ROOT / "assets" / "sample"
    picture = ["-f", "lavfi", "-i", "color=gray:size=1920x1080:rate=30"]
    if not gray:
        picture = ["-i", str(sample / "2-why.camera.mp4"), "-vf", "scale=1920:1080,noise=alls=6:allf=t"]
    length = str(min(10.0, seconds / 6))  # played over and over
    run([*picture, "-t", length, "-r", "30", "-an", "-c:v", "mjpeg", "-q:v", "4"], out=camera, work=Work())
    voice = ["-stream_loop", "-1", "-i", str(sample / "2-why.flac"), "-t", str(seconds + 30), "-ar", "48000"]
    run(voice, out=sound, work=Work())


@contextlib.contextmanager
def _serving(camera: Path, port: int) -> Iterator[None]:
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"]
    command += ["-i", str(camera), "-c", "copy", "-f", "mpjpeg", "-listen", "1", f"http://127.0.0.1:{port}"]
    with subprocess.Popen(command) as sender:
        time.sleep(1)
        try:
            yield
        finally:
            sender.kill()


@contextlib.contextmanager
def _looking(studio: StudioSession, figures: Figures) -> Iterator[list[float]]:
    """Look at the preview as a window does."""
    ages_ms: list[float] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(LOOK_S):
            frame = studio.preview()
            if frame is not None:
                ages_ms.append((time.monotonic_ns() // 1000 - frame.at_us) / 1000)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield ages_ms
    finally:
        stop.set()
        thread.join()
        figures.previews = len(ages_ms)
        figures.preview_age_ms = statistics.median(ages_ms) if ages_ms else 0.0


def _read(path: Path, take: Take, figures: Figures) -> None:
    figures.seconds = take.duration_us / US
    figures.state = take.state
    figures.events = [each.text for each in take.events]
    with open_media(path) as container:
        stream = picture_stream(container)
        if stream is None:
            raise ValueError("no picture")
        tick = float(stream.time_base or 0)
        shown = sorted(packet.pts * tick for packet in container.demux(stream) if packet.pts is not None)
    steps = [b - a for a, b in itertools.pairwise(shown)]
    figures.frames = len(shown)
    figures.gaps = sum(step > 1.5 / RATE for step in steps)
    figures.longest_gap_ms = max(steps, default=0.0) * 1000
    figures.mb_a_minute = path.stat().st_size / 1e6 / (figures.seconds / 60)


def _take() -> Take:
    prompt = TakePrompt(id="p1", key="what", text="What do you know?", title="What")
    return Take("take", "resource", "Measured", prompt, 1, "recording", "2026-05-04T10:00:00+02:00")


def _is_live(state: State) -> bool:
    return all(each is not None and each.standing == "live" for each in (state.camera, state.mic))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_S


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def _wait(true: Any, *, within_s: float = 30) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
