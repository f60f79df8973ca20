"""Measure the headline: from the last Stop to checked packages, for a 10-minute interview in 6 takes.

Run ``python -m bench.stop_to_packages`` (12 minutes, as it records at the speed of life; ``--seconds 20`` for
a short look). Six takes of 1080p30 with a lapel are recorded through file devices, one after the other; each
is made ready while the next is recorded. The answers are those of the sample interview, repeated to length;
every camera file holds the lapel's sound 0.2 s late, as a camera's own microphone would.
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
from export import make, registry

TAKES = 6
_LATE_S = 0.2


@dataclass(slots=True)
class Marks:
    """When the last Stop was, and what was ready when, in seconds of one clock."""

    stop_s: float = 0.0
    ready_before_stop: int = 0
    steps_s: dict[str, float] = field(default_factory=dict)

    def on_message(self, message: FromRecorder) -> None:
        """Note the Stop: from then on the recorder only finishes and verifies the take."""
        if isinstance(message, State) and message.verifying:
            self.stop_s = time.monotonic()

    def note(self, name: str) -> None:
        """Note how long after the Stop something is ready."""
        self.steps_s[name] = round(time.monotonic() - self.stop_s, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=100.0, help="length of each take")
    parser.add_argument("--json", action="store_true")
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
    marks = Marks()
    before, load = _processor_s(), os.getloadavg()
    timings = make.Timings()
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
            preparing.add(take)
        marks.note("last take safe")
        marks.ready_before_stop = sum(
            library.transcript(each.id) is not None for each in library.takes(started.id)
        )
        preparing.finish(work=Work())
        marks.note("takes ready (captions)")
        failed = [f"{each.note}: {each.error.message_key}" for each in preparing.failed]
    made = make.finish(library, started.id, targets=registry.BUILT, out=out, timings=timings, work=Work())
    marks.note("packages checked")
    return {
        "takes": TAKES,
        "seconds": seconds,
        "captioned before the last Stop": marks.ready_before_stop,
        "after the last Stop": marks.steps_s,
        "steps": made.timings_s,
        "packages": [each.target for each in made.published.packages],
        "failed": failed,
        "processor seconds of the children": round(_processor_s() - before, 1),
        "load": load,
    }


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ffmpeg(*arguments: str) -> None:
    binary = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([binary, "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
