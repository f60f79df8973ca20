"""Measure the fast cut against encoding anew, MoviePy and plain key-frame copy, in one run.

Run ``python -m bench.cut``: a take of ``--minutes`` (5) of 1080p30, with 5 and with 25 ranges of it kept,
some 20 minutes of processor; ``--short``, 2 minutes with 5 ranges, takes 5. Figures are printed as they come.
The fast cut is the first and pays for loading what others share. For MoviePy, make its environment before (it
wants an older pillow than Lapel, so it never enters Lapel's lock):
``uv venv /tmp/peers && uv pip install --python /tmp/peers/bin/python -r bench/peers/requirements.txt``, then
``--moviepy /tmp/peers/bin/python``.

A frame is exact if, among the nine camera frames around the one the cut list names, it is likest to that one
where the camera's frame number is burnt in.
The sound of each span is sought in the lapel track around where the cut list says it is.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import resource as system
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import assets
from capture.ffmpeg import file_name, run
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor.audio import RATE_HZ, read_sound
from editor.cutlist import place
from editor.model import CutList, Resource, Span
from editor.render import Rendered, render
from editor.working_copy import COPY_FILE, make_working_copy

RATE = Fraction(30)
SAMPLE = "7-levels"
LOOP_S = 20
SHOWN = (1280, 720)
NUMBER = (slice(676, 702), slice(1160, 1210))  # rows and columns of the burnt-in number
AROUND = 4
LOOKED_FOR_S, SLACK_S = 0.4, 0.01
KEPT_SHARE = 0.85


def a_take(folder: Path, *, minutes: int) -> Take:
    """Write a take as a 1080p30 webcam with a hissing sensor makes it, and the lapel track.

    Where they are there, they are taken as they are.
    """
    camera, lapel = assets.SAMPLE / f"{SAMPLE}.camera.mp4", assets.SAMPLE / f"{SAMPLE}.flac"
    once, duration_us = folder / "once.mp4", minutes * 60_000_000
    picture = ["-vf", "scale=1920:1080,noise=alls=4:allf=t", "-c:v", "libx264", "-preset", "ultrafast"]
    rate = ["-g", "30", "-b:v", "40M", "-maxrate", "45M", "-bufsize", "80M", "-an", "-t", str(LOOP_S)]
    kept = ((once, "camera-001.mp4", "copy"), (lapel, "mic-001.wav", "pcm_s24le"))
    if not all((folder / name).exists() for _, name, _ in kept):
        run(["-i", file_name(camera), *picture, *rate], out=once, work=Work())
        for source, name, codec in kept:
            again = ["-stream_loop", "-1", "-i", file_name(source), "-t", str(minutes * 60), "-c", codec]
            run(again, out=folder / name, work=Work())
        once.unlink()
    segments = (
        Segment("mic", "mic-001.wav", 0, duration_us),
        Segment("camera", "camera-001.mp4", 0, duration_us),
    )
    asked = TakePrompt("p", "question", "?", "?")
    return Take(
        *("t", "r", "", asked, 1, "safe", "", duration_us, segments), has_picture=True, picture_rate="30"
    )


def ranges(take: Take, count: int) -> CutList:
    """Return a cut list of so many spans that keep most of a take, none of them on a whole second."""
    step_us = take.duration_us / count
    random = np.random.default_rng(count)
    spans = []
    for n in range(count):
        begin_us = step_us * n + random.uniform(0, step_us * (1 - KEPT_SHARE))
        spans.append(Span(take.id, "p", round(begin_us), round(begin_us + step_us * KEPT_SHARE)))
    return place(spans, rate=RATE)


# Judging ------------------------------------------------------------------------------------------------


def numbers(path: Path) -> Iterator[NDArray[np.int16]]:
    """Yield the corner of each frame where the camera's frame number is burnt in."""
    import av

    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            shown = frame.reformat(*SHOWN, format="gray", interpolation="AREA")
            yield np.asarray(shown.to_ndarray()[NUMBER], np.int16)


def exact_frames(path: Path, source: list[NDArray[np.int16]], result: CutList) -> tuple[int, int]:
    """Return how many frames of a result are those of the cut list, and how many it has.

    Args:
        path: The result.
        source: The corners of the camera's frames, of one loop.
        result: What it should be.
    """
    wanted = [each.take_frame + n for each in result.placed for n in range(each.frames)]
    exact = count = 0
    for count, shown in enumerate(numbers(path), 1):
        if count <= len(wanted):
            near = range(wanted[count - 1] - AROUND, wanted[count - 1] + AROUND + 1)
            away = [int(np.abs(source[k % len(source)] - shown).sum()) for k in near]
            exact += int(np.argmin(away)) == AROUND
    return exact, count


def sound_offsets(path: Path, lapel: NDArray[np.float32], result: CutList) -> list[int]:
    """Return by how many samples the sound of each span is off, at its start and at its end.

    Where it is likest to the lapel's counts, each stretch set against its own loudness: else a louder one
    beside a pause would win.
    """
    from scipy import signal

    heard = read_sound(path, work=Work())
    length, slack = round(LOOKED_FOR_S * RATE_HZ), round(SLACK_S * RATE_HZ)
    found = []
    for each in result.placed:
        samples = RATE_HZ // RATE
        first, last = int(each.result_frame * samples), int((each.result_frame + each.frames) * samples)
        shift = int(each.take_frame * samples) - first
        for at in (first + slack, last - length - slack):
            part = heard[at : at + length]
            around = lapel[at + shift - slack : at + shift + length + slack]
            alike = signal.correlate(around, part, "valid")
            loudness = np.convolve(np.square(around), np.ones(length, np.float32), "valid")
            found.append(int(np.argmax(alike / np.sqrt(np.maximum(loudness, 1e-12)))) - slack)
    return found


# Ways to cut --------------------------------------------------------------------------------------------


def timed(way: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what a function returns, and how long it took by the clock and by the processors."""

    def cpu_s() -> float:
        used = [system.getrusage(who) for who in (system.RUSAGE_SELF, system.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used)

    start_s, start_cpu_s = time.monotonic(), cpu_s()
    made = way()
    return made, {
        "seconds": round(time.monotonic() - start_s, 2),
        "cpu_seconds": round(cpu_s() - start_cpu_s, 2),
    }


def by_render(take: Take, folder: Path, result: CutList, out: Path, *, joined: bool) -> Rendered:
    """Cut as Lapel does, from the working copy or by encoding anew from the camera's file."""
    copy = make_working_copy(take, folder, in_background=False, work=Work()) if joined else None
    copies = {take.id: copy} if copy is not None else {}
    return render(
        Resource("r", "Cut"), [take], {take.id: folder}, result, out=out, copies=copies, work=Work()
    )


def by_key_frames(folder: Path, result: CutList, out: Path) -> None:
    """Copy from the key frame before each span, as lossless cutters do."""
    listed = out.with_suffix(".txt")
    lines = ["ffconcat version 1.0"]
    for each in result.placed:
        lines += [f"file 'file:{folder / 'both.mp4'}'", f"inpoint {float(each.take_frame / RATE)}"]
        lines.append(f"outpoint {float((each.take_frame + each.frames) / RATE)}")
    listed.write_text("\n".join(lines))
    run(["-f", "concat", "-safe", "0", "-i", file_name(listed), "-c", "copy"], out=out, work=Work())


def by_moviepy(python: str, folder: Path, result: CutList, out: Path) -> None:
    """Cut with MoviePy, in its own environment."""
    script = Path(__file__).parent / "peers" / "cut_with_moviepy.py"
    stretches = [
        f"{float(each.take_frame / RATE)}-{float((each.take_frame + each.frames) / RATE)}"
        for each in result.placed
    ]
    code = os.spawnv(os.P_WAIT, python, [python, str(script), str(folder / "both.mp4"), str(out), *stretches])
    if code:
        raise RuntimeError(code)


def measure(take: Take, folder: Path, *, count: int, moviepy: str) -> dict[str, Any]:
    """Cut in every way, print the figures as they come, and return them."""
    result = ranges(take, count)
    source = list(itertools.islice(numbers(folder / "camera-001.mp4"), int(LOOP_S * RATE)))
    lapel = read_sound(folder / "mic-001.wav", work=Work())
    before_mb = system.getrusage(system.RUSAGE_SELF).ru_maxrss // 1024
    # The same pictures, encoded at once out of the working copy: what a copy alone would spare.
    from_copy = replace(take, segments=(take.segments[0], replace(take.segments[1], file=COPY_FILE)))
    ways: dict[str, Callable[[Path], Any]] = {
        "fast": lambda out: by_render(take, folder, result, out, joined=True),
        "anew": lambda out: by_render(take, folder, result, out, joined=False),
        "key_frames": lambda out: by_key_frames(folder, result, out),
    }
    if moviepy:
        ways["moviepy"] = lambda out: by_moviepy(moviepy, folder, result, out)
    ways["anew_from_copy"] = lambda out: by_render(from_copy, folder, result, out, joined=False)
    figures: dict[str, Any] = {"ranges": count, "frames": result.frames}
    for name, way in ways.items():
        out = folder / f"{name}.mp4"
        made, figures[name] = timed(functools.partial(way, out))
        if name == "fast":
            figures[name] |= {"copied": made.copied_frames, "why": made.why}
            figures[name]["memory_mb"] = system.getrusage(system.RUSAGE_SELF).ru_maxrss // 1024 - before_mb
        figures[name]["exact"], figures[name]["frames"] = exact_frames(out, source, result)
        if name in ("fast", "anew"):
            offsets = sound_offsets(out, lapel, result)
            figures[name]["sound_off_samples"] = [min(offsets), max(offsets)]
            figures[name]["mb_a_minute"] = round(made.bytes_a_minute / 1e6, 2)
        for key, slower in (("seconds", "slower"), ("cpu_seconds", "slower_cpu")):
            figures[name][slower] = round(figures[name][key] / figures["fast"][key], 1)
        print(json.dumps({name: figures[name]}), flush=True)
    return figures


def main() -> int:
    """Measure, print, and return 1 where a frame is not exact."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=int, default=5)
    options.add_argument("--ranges", type=int, nargs="+", default=[5, 25])
    options.add_argument("--short", action="store_true", help="2 minutes with 5 ranges")
    options.add_argument("--folder", type=Path, help="where the take is kept for another run as long")
    options.add_argument("--moviepy", default="", metavar="PYTHON")
    chosen = options.parse_args()
    if chosen.short:
        chosen.minutes, chosen.ranges = 2, [5]
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        folder.mkdir(exist_ok=True)
        take = a_take(folder, minutes=chosen.minutes)
        both = ["-i", file_name(folder / "camera-001.mp4"), "-i", file_name(folder / "mic-001.wav")]
        run([*both, "-c:v", "copy", "-c:a", "aac"], out=folder / "both.mp4", work=Work())
        copy, figures["working_copy"] = timed(
            lambda: make_working_copy(take, folder, in_background=False, work=Work())
        )
        figures["working_copy"]["mb_a_minute"] = round(copy.bytes / 1e6 / chosen.minutes, 2)
        figures["cuts"] = [
            measure(take, folder, count=count, moviepy=chosen.moviepy) for count in chosen.ranges
        ]
    print(json.dumps(figures, indent=1))
    return int(any(each["fast"]["exact"] != each["frames"] for each in figures["cuts"]))


if __name__ == "__main__":
    sys.exit(main())
