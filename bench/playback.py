"""How quickly the window shows what a person asks for: scrubbing, steps, joins, outlines, small pictures.

``python -m bench.playback``: a 2-minute 1080p30 take of the sample's pictures, by its working copy and by the
camera's own file. Wall time, so the figures of a busy machine are upper bounds.
"""

from __future__ import annotations

import contextlib
import functools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

import assets
from capture.ffmpeg import file_name, run
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor import peaks, stills
from editor.audio import RATE_HZ
from editor.cutlist import frame_us, place
from editor.fit import Size
from editor.model import Span
from editor.play_clock import SteadyClock
from editor.play_sound import Silence
from editor.playback import Player, Programme
from editor.take_frames import camera_frames, open_take_frames
from editor.viewing import OpenFrames, Shown, Viewer
from editor.working_copy import make_working_copy

S = 1_000_000
ROOM = Size(632, 356)
TAKE_S = 120
RATE = Fraction(30)


def a_take(folder: Path) -> Take:
    """A 1080p30 take as the recorder would have written it, with a lapel track."""
    source = file_name(assets.SAMPLE / "1-what.camera.mp4")
    picture = ["-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-an"]
    loop = ["-stream_loop", "-1", "-i", source, "-t", str(TAKE_S), "-r", "30"]
    run([*loop, *picture, "-y", str(folder / "camera-001.mp4")], work=Work())
    write_lapel(folder / "mic-001.wav", TAKE_S)
    segments = tuple(
        Segment(track, file, 0, TAKE_S * S)  # type: ignore[arg-type]
        for track, file in (("mic", "mic-001.wav"), ("camera", "camera-001.mp4"))
    )
    asked = TakePrompt("p", "question", "", "")
    take = Take("t", "r", "", asked, 1, "safe", "", TAKE_S * S, segments)
    return replace(take, has_picture=True, picture_rate="30")


def write_lapel(path: Path, seconds: int) -> None:
    with soundfile.SoundFile(path, "w", RATE_HZ, 1, "PCM_24") as file:
        noise = np.random.default_rng(1)
        for _ in range(seconds):
            file.write((noise.standard_normal(RATE_HZ) * 0.1).astype(np.float32))


def ms(values: list[float]) -> str:
    ordered = sorted(values)
    at = [ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10], ordered[-1]]
    return " / ".join(f"{1000 * each:.0f}" for each in at) + " ms (median / nine of ten / worst)"


def timed(act: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    act()
    return time.perf_counter() - start_s


def scrub(take: Take, folder: Path, open_frames: OpenFrames) -> Iterator[str]:
    whole = place([Span("t", "p", 0, TAKE_S * S)], rate=RATE)
    chance = random.Random(1)
    for name, frames in (
        ("scrub to anywhere", [chance.randrange(whole.frames) for _ in range(80)]),
        ("drag forward, 7 frames at a time", list(range(1000, 1700, 7))),
        ("drag back, 7 frames at a time", list(range(3000, 2300, -7))),
        ("step on", list(range(2000, 2100))),
        ("step back", list(range(3300, 3200, -1))),
    ):
        viewer = Viewer({"t": take}, {"t": folder}, whole, size=ROOM, open_frames=open_frames)
        viewer.shown(frames[0])
        yield f"  {name}: {ms([timed(functools.partial(viewer.shown, frame)) for frame in frames[1:]])}"
        viewer.close()


def joins(take: Take, folder: Path) -> str:
    """Play 25 spans of a second each and look how far apart pictures come, and whether any is missed."""
    chance = random.Random(2)
    starts = [chance.randrange(0, TAKE_S - 2) * S for _ in range(25)]
    result = place([Span("t", "p", at, at + S) for at in starts], rate=RATE)
    came: list[tuple[float, int]] = []

    def on_frame(shown: Shown) -> None:
        came.append((time.perf_counter(), shown.frame))

    player = Player(
        Programme(result, {"t": take}, {"t": folder}),
        size=ROOM,
        output=Silence(),
        open_frames=open_take_frames,
        on_frame=on_frame,
        silent_clock=SteadyClock(),
    )
    player.play()
    time.sleep(result.duration_us / S + 1)
    player.close()
    frames = [frame for _, frame in came]
    missed = sorted(set(range(result.frames)) - set(frames))
    gaps_ms = np.diff([at for at, _ in came[1:]]) * 1000
    late = [1000 * (at - came[1][0]) - frame_us(frame, RATE) / 1000 for at, frame in came[1:]]
    return (
        f"{result.frames} frames over 24 joins: {len(missed)} not shown; longest time between two pictures"
        f" {gaps_ms.max():.0f} ms; latest picture {max(late):.0f} ms after it was due"
    )


def hour(folder: Path) -> Iterator[str]:
    write_lapel(folder / "mic-001.wav", 3600)
    asked = TakePrompt("p", "question", "", "")
    take = Take("h", "r", "", asked, 1, "safe", "", 3600 * S, (Segment("mic", "mic-001.wav", 0, 3600 * S),))
    for name in ("first time", "from beside the take"):
        busy_s = time.process_time()
        wall_s = timed(lambda: peaks.take_peaks(folder, take, work=Work()))
        busy_s = time.process_time() - busy_s
        yield f"  outline of 60 minutes, {name}: {wall_s:.2f} s, {busy_s:.2f} s of processor"
    outline = peaks.take_peaks(folder, take, work=Work())
    columns = [timed(lambda: outline.columns(0, 3600 * S, 1400)) for _ in range(50)]
    yield f"  1,400 columns of it: {ms(columns)}"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        take = a_take(folder)
        print("by the camera's own file, 1080p30 x264 ultrafast, a key frame a second:")
        for line in scrub(take, folder, lambda *_: camera_frames(take, folder, RATE, work=Work())):
            print(line)
        print(f"working copy made in {timed(lambda: make_working_copy(take, folder, work=Work())):.0f} s")
        print("by the working copy, 720p30:")
        for line in scrub(take, folder, open_take_frames):
            print(line)
        print(joins(take, folder))
        made_s = timed(lambda: stills.take_stills(folder, take, open_frames=open_take_frames, work=Work()))
        print(f"small pictures of 2 minutes: {made_s:.1f} s")
    with tempfile.TemporaryDirectory() as name:
        for line in hour(Path(name)):
            print(line)


if __name__ == "__main__":
    main()
