"""Measure rendering: time, size, frames exactly as the cut list says, quality, loudness, memory.

Run ``python -m bench.render`` for the sample interview, synchronised and tidied as ``lapel make`` would, and
``--long MINUTES`` for one take of that length and a span every five seconds. ``--json`` prints one document.

A frame is exact if, among the nine camera frames around the one the truth names, it is likest to that one
where the camera's frame number is burnt in. Quality is SSIM and VMAF against the same cut kept without loss.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource as system
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import assets
from capture.ffmpeg import file_name, run
from capture.probe import probe
from capture.sync import sync_take
from capture.take import Segment, Take, TakePrompt
from capture.work import Work
from editor import cutlist, tidy
from editor.film import Film
from editor.loudness import measure_loudness
from editor.model import Brief, Cut, CutList, Edit, Expert, Prompt, Resource
from editor.render import Rendered, render
from editor.speech import take_levels

RATE = Fraction(30)
NUMBER = (slice(676, 702), slice(1160, 1210))  # rows and columns of the burnt-in number
AROUND = 4
GOAL_BYTES_A_MINUTE = 8_000_000
LONGER_THAN_US = 700_000


# Material -----------------------------------------------------------------------------------------------


def sample_takes(folder: Path) -> tuple[Resource, list[Take], dict[str, Path]]:
    """Return the sample interview as a resource with synchronised takes."""
    takes: list[Take] = []
    prompts: list[Prompt] = []
    folders: dict[str, Path] = {}
    for lapel in sorted(assets.SAMPLE.glob("*.flac")):
        name = lapel.stem
        folders[name] = folder / name
        folders[name].mkdir()
        segments = []
        for track, source in (("mic", lapel), ("camera", lapel.with_suffix(".camera.mp4"))):
            file = f"{track}-001{source.suffix}"
            shutil.copy(source, folders[name] / file)
            segments.append(
                Segment("mic" if track == "mic" else "camera", file, 0, probe(source).duration_us)
            )
        prompts.append(Prompt(name, "question", f"{name}?", name))
        asked = TakePrompt(name, "question", f"{name}?", name)
        take = Take(
            name, "r", "", asked, 1, "safe", "", segments[0].duration_us, tuple(segments), has_picture=True
        )
        takes.append(sync_take(folders[name], take, work=Work()))
    brief = Brief(prompts=tuple(prompts), expert=Expert("Amara Osei", "Regional Sales Lead"))
    return Resource("r", "Sample", brief=brief), takes, folders


def long_take(folder: Path, *, minutes: int) -> tuple[Resource, list[Take], dict[str, Path]]:
    """Return one take made of the sample played again and again, with a fifth of it cut."""
    name = "7-levels"
    for source in (assets.SAMPLE / f"{name}.flac", assets.SAMPLE / f"{name}.camera.mp4"):
        loop = ["-stream_loop", "-1", "-i", file_name(source), "-t", str(minutes * 60), "-c", "copy"]
        run(loop, out=folder / f"{source.name.split('.')[-2]}{source.suffix}", work=Work())
    duration_us = minutes * 60_000_000
    segments = tuple(
        Segment("mic" if path.suffix == ".flac" else "camera", path.name, 0, duration_us)
        for path in sorted(folder.iterdir())
    )
    asked = TakePrompt(name, "question", name, name)
    take = Take(name, "r", "", asked, 1, "safe", "", duration_us, segments, has_picture=True)
    cuts = tuple(Cut(at, at + 1_000_000, "hand") for at in range(4_000_000, duration_us, 5_000_000))
    edit = cutlist.with_cuts(Edit(), name, cuts)
    prompts = (Prompt(name, "question", name, name),)
    return Resource("r", "Long", brief=Brief(prompts=prompts), edit=edit), [take], {name: folder}


def tidied(resource: Resource, takes: list[Take], folders: dict[str, Path]) -> Resource:
    """Return the resource trimmed and without long silences, by level alone."""
    edit = resource.edit
    for take in takes:
        levels = take_levels(folders[take.id], take, work=Work())
        edit = tidy.trim_ends(edit, take, levels)
        edit = tidy.remove_silences(edit, take, levels, longer_than_us=LONGER_THAN_US)
    return replace(resource, edit=edit)


# Judging ------------------------------------------------------------------------------------------------


def numbers(path: Path) -> Iterator[NDArray[np.float32]]:
    """Yield the corner of each frame where the camera's frame number is burnt in."""
    import av

    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            light = np.asarray(frame.to_ndarray(format="gray"))
            yield light[NUMBER].astype(np.float32)


def exact_frames(done: Rendered, takes: list[Take], folders: dict[str, Path], result: CutList) -> int:
    """Return how many frames of the result are exactly those that the sync puts there."""
    syncs = {take.id: take.sync for take in takes}
    shown = numbers(done.path)
    exact = 0
    for each in result.placed:
        sync = syncs[each.span.take_id]
        if sync is None:
            raise ValueError(each.span.take_id)
        source = list(numbers(folders[each.span.take_id] / "camera-001.mp4"))
        for n in range(each.take_frame, each.take_frame + each.frames):
            in_file_s = float(n / RATE) / (1 + sync.drift_ppm / 1e6) + sync.offset_us / 1e6
            wanted = min(max(round(in_file_s * float(RATE)), 0), len(source) - 1)
            near = range(max(0, wanted - AROUND), min(len(source), wanted + AROUND + 1))
            frame = next(shown)
            exact += min(near, key=lambda k: float(np.abs(source[k] - frame).mean())) == wanted
    return exact


def quality(
    resource: Resource, takes: list[Take], folders: dict[str, Path], done: Rendered, result: CutList
) -> dict[str, float]:
    """Return SSIM and VMAF of the result against its own frames kept without loss."""
    import av

    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "kept.mkv"
        film = Film(resource, {t.id: t for t in takes}, folders, result, limit_px=720, work=Work())
        with av.open(str(kept), "w") as container:
            stream = container.add_stream("ffv1", rate=RATE)
            stream.width, stream.height, stream.pix_fmt = film.size.width_px, film.size.height_px, "yuv420p"
            for number, frame in enumerate(film.frames(0, result.frames)):
                frame.pts, frame.time_base, frame.pict_type = number, 1 / RATE, 0
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        film.close()
        log = Path(scratch) / "vmaf.json"
        graph = (
            f"[0:v]settb=1/30,setpts=N,split[a][c];[1:v]settb=1/30,setpts=N,split[b][d];[a][b]ssim[s];"
            f"[c][d]libvmaf=n_threads=2:n_subsample=5:log_fmt=json:log_path={log}[v]"
        )
        inputs = ["-i", file_name(done.path), "-i", file_name(kept)]
        sinks = ["-map", "[s]", "-f", "null", "-", "-map", "[v]", "-f", "null", "-"]
        printed = run([*inputs, "-filter_complex", graph, *sinks], work=Work())
        ssim = float(printed[printed.rindex("All:") + 4 :].split()[0])
        vmaf = json.loads(log.read_text())["pooled_metrics"]["vmaf"]
        return {"ssim": ssim, "vmaf_mean": round(vmaf["mean"], 2), "vmaf_min": round(vmaf["min"], 2)}


def measure(resource: Resource, takes: list[Take], folders: dict[str, Path], *, out: Path) -> dict[str, Any]:
    """Render a resource and return the figures that need no truth."""
    result = cutlist.cut_list(resource, takes, rate=RATE)
    start_s, start_cpu_s = time.monotonic(), time.process_time()
    done = render(resource, takes, folders, result, out=out, work=Work())
    seconds, cpu_s = time.monotonic() - start_s, time.process_time() - start_cpu_s
    return {
        "result_s": result.duration_us / 1e6,
        "spans": len(result.placed),
        "frames": done.frames,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_s, 2),
        "seconds_a_minute": round(seconds * 60e6 / result.duration_us, 2),
        "cpu_seconds_a_minute": round(cpu_s * 60e6 / result.duration_us, 2),
        "mb_a_minute": round(done.bytes_a_minute / 1e6, 2),
        "crf": done.crf,
        "lufs_before": done.sound.before.integrated_lufs,
        "loudness": asdict(measure_loudness(out, work=Work())),
        "peak_memory_mb": system.getrusage(system.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Measure, print, and return 1 where a goal was missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--long", type=int, metavar="MINUTES", help="one long take of many spans instead")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name) / "takes", Path(name) / "out.mp4"
        folder.mkdir()
        if chosen.long:
            figures = measure(*long_take(folder, minutes=chosen.long), out=out)
        else:
            resource, takes, folders = sample_takes(folder)
            resource = tidied(resource, takes, folders)
            figures = measure(resource, takes, folders, out=out)
            result = cutlist.cut_list(resource, takes, rate=RATE)
            first = hashlib.sha256(out.read_bytes()).digest()
            done = render(resource, takes, folders, result, out=out, work=Work())
            figures["same_bytes_again"] = hashlib.sha256(out.read_bytes()).digest() == first
            figures["exact"] = exact_frames(done, takes, folders, result)
            figures |= quality(resource, takes, folders, done, result)
    print(json.dumps(figures) if chosen.json else "\n".join(f"{k:22} {v}" for k, v in figures.items()))
    return int(
        figures["mb_a_minute"] * 1e6 > GOAL_BYTES_A_MINUTE
        or figures.get("exact", figures["frames"]) != figures["frames"]
        or not figures.get("same_bytes_again", True)
    )


if __name__ == "__main__":
    sys.exit(main())
