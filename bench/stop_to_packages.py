"""Measure the headline: from the last Stop to checked packages, for a 10-minute interview in 6 takes.

Run ``python -m bench.stop_to_packages`` (12 minutes, as it records at the speed of life), or with ``--short``
for takes of 20 s instead of 100 s (3 minutes: shows that the steps work together, not what 10 minutes cost).
Six takes of 1080p30 with a lapel are recorded through file devices, one after the other; each gets captions
and working copy while the next is recorded, as with ``lapel record``. The answers are those of the sample
interview, repeated to length; every camera file holds the lapel's sound 0.2 s late, as a camera's own
microphone would. The wait starts when the recorder says that the last take was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile

import assets
from capture.recorder_messages import FromRecorder, State
from capture.work import Work
from editor import resources, tasks
from editor.audio import RATE_HZ, read_sound
from editor.library import Library
from editor.preparing import Preparing, standard_steps
from editor.working_copy import working_copy
from export import make, registry

TAKES = 6
_LATE_S = 0.2
_LOOK_S = 0.1


@dataclass(slots=True)
class Marks:
    """When the last Stop was, and what was ready when, in seconds of one clock."""

    stop_s: float = 0.0
    steps_s: dict[str, float] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)

    def on_message(self, message: FromRecorder) -> None:
        """Note each Stop once: from then on the recorder only finishes and verifies the take."""
        if isinstance(message, State) and not self.stopped.issuperset(message.verifying):
            self.stopped.update(message.verifying)
            self.stop_s = time.monotonic()

    def note(self, name: str) -> None:
        """Note how long after the Stop something is ready."""
        self.steps_s[name] = round(time.monotonic() - self.stop_s, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=100.0, help="length of each take")
    parser.add_argument("--short", action="store_const", dest="seconds", const=20.0, help="takes of 20 s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lapel-bench-") as temporary:
        folder = Path(temporary)
        sources = build(folder / "sources", seconds=options.seconds)
        with Library.open(folder / "library", write=True) as library:
            document = measure(library, sources, out=folder / "out", seconds=options.seconds)
    print(json.dumps(document, indent=1))


def build(folder: Path, *, seconds: float) -> list[tuple[Path, Path]]:
    """Return lapel and camera file of each take."""
    folder.mkdir(parents=True)
    picture = folder / "picture.mp4"
    answers = sorted(assets.SAMPLE.glob("*.flac"))
    sizes = ["-vf", "scale=1920:1080", "-r", "30", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "26"]
    loop = ["-stream_loop", "-1", "-i", str(answers[0].with_suffix(".camera.mp4"))]
    _ffmpeg(*loop, "-t", str(seconds), "-an", *sizes, str(picture))
    made = []
    for n in range(TAKES):
        sounds = [
            read_sound(answers[(n + k) % len(answers)], rate_hz=RATE_HZ, work=Work())
            for k in range(len(answers))
        ]
        sound = np.resize(np.concatenate(sounds), round(seconds * RATE_HZ))
        lapel, camera = folder / f"{n + 1}.wav", folder / f"{n + 1}.mp4"
        soundfile.write(lapel, sound, RATE_HZ)
        late = ["-i", str(picture), "-itsoffset", str(_LATE_S), "-i", str(lapel)]
        _ffmpeg(*late, "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", str(camera))
        made.append((lapel, camera))
    return made


def measure(
    library: Library, sources: list[tuple[Path, Path]], *, out: Path, seconds: float
) -> dict[str, object]:
    """Record, prepare and publish; return how long after the last Stop each was done."""
    started = resources.new_resource(library, title="Ten minutes in six takes", expert="Amara Osei, Sales")
    resources.consent(library, started.id, shown_to="nobody")
    marks, timings = Marks(), make.Timings()
    before, load = children_s(), os.getloadavg()
    with Preparing(library, standard_steps()) as preparing:
        for number, (lapel, camera) in enumerate(sources, start=1):
            take = tasks.record(
                library,
                started.id,
                prompt=number,
                camera=f"file:{camera}",
                mic=f"file:{lapel}",
                seconds=seconds,
                on_message=marks.on_message,
                work=Work(),
            )
            if number == TAKES:
                marks.note("last take safe")
                preparing.keep()
                early = {
                    "captions": captioned(library, started.id),
                    "working copies": copied(library, started.id),
                }
            preparing.add(take)
        while captioned(library, started.id) < TAKES and not preparing.failed:
            preparing.keep()
            time.sleep(_LOOK_S)
        marks.note("captions of all takes")
        preparing.finish(work=Work())
        marks.note("working copies of all takes")
        failed = [f"{each.note}: {each.error.message_key}" for each in preparing.failed]
    made = make.finish(library, started.id, targets=registry.BUILT, out=out, timings=timings, work=Work())
    marks.note("packages checked")
    rendered = made.published.rendered
    return {
        "takes": TAKES,
        "seconds of each": seconds,
        "ready when the last take was safe": early,
        "seconds after the last Stop": marks.steps_s,
        "of these, publishing": made.timings_s,
        "result": {
            "seconds": made.published.duration_us / 1e6,
            "pictures": rendered.frames if rendered is not None else 0,
            "pictures copied": rendered.copied_frames if rendered is not None else 0,
        },
        "packages": [each.target for each in made.published.packages],
        "failed": failed + [f"{name}: {error.message_key}" for name, error in made.published.failed],
        "events": [each.text for take in library.takes(started.id) for each in take.events],
        "processor seconds of the children": round(children_s() - before, 1),
        "load before, after": (load, os.getloadavg()),
    }


def captioned(library: Library, resource_id: str) -> int:
    """Return how many takes have their captions."""
    return sum(library.transcript(each.id) is not None for each in library.takes(resource_id))


def copied(library: Library, resource_id: str) -> int:
    """Return how many takes have their working copy."""
    takes = library.takes(resource_id)
    return sum(working_copy(each, library.take_folder(each)) is not None for each in takes)


def children_s() -> float:
    """Return how many seconds of processor the processes that ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ffmpeg(*arguments: str) -> None:
    binary = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([binary, "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
