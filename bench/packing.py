"""Packages of a long video: time, processor and memory of each target.

``python -m bench.packing`` makes a video of 2 GB in a temporary folder, needs 7 GB there, and removes it.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.player import sample_edition
from capture import ffmpeg
from capture.work import Work
from export.package import size_bytes
from export.registry import find_targets
from export.target import Edition

CLIP_S = 8


def long_video(folder: Path, *, size: int) -> Path:
    """Return a video of at least ``size`` bytes: a noisy clip, one after the other."""
    clip, out = folder / "clip.mp4", folder / "long.mp4"
    picture = f"testsrc2=size=1920x1080:rate=25:duration={CLIP_S},noise=alls=60:allf=t"
    sound = f"sine=frequency=220:duration={CLIP_S}"
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "60M", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    ffmpeg.run(["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coding], out=clip, work=Work())
    again = -(-size // clip.stat().st_size) - 1
    ffmpeg.run(["-stream_loop", str(again), "-i", ffmpeg.file_name(clip), "-c", "copy"], out=out, work=Work())
    clip.unlink()
    return out


def pack(edition: Edition, target: str) -> None:
    """Build one package in a process of its own, so that its memory is its own, and print the figures."""
    with tempfile.TemporaryDirectory(dir=edition.video.parent) as room:
        start_s = time.monotonic()
        package = find_targets([target])[0].build(edition, Path(room), work=Work())
        took_s = time.monotonic() - start_s
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        processor_s = sum(each.ru_utime + each.ru_stime for each in used)
        own_mb, ffmpeg_mb = (each.ru_maxrss / 1000 for each in used)
        print(
            f"{target}: {size_bytes(package) / 1e9:.2f} GB in {took_s:.1f} s, {processor_s:.1f} s processor;"
            f" resident at most {own_mb:.0f} MB, ffmpeg {ffmpeg_mb:.0f} MB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--to", default="scorm2004,video", help="targets, separated by commas")
    given = parser.parse_args()
    own = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        sample = sample_edition(Path(name))
        edition = replace(sample, video=long_video(Path(name), size=int(given.gigabytes * 1e9)))
        for target in given.to.split(","):
            process = own.Process(target=pack, args=(edition, target))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
