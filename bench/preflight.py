"""Time preflight and preview: reading the schemas, checking a built package, the first answer of a preview.

Run ``python -m bench.preflight``. Processor seconds stand beside the clock, because the machine is shared.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from capture.work import Work
from editor.model import ChapterMark, Cue, Expert, Tags, Version
from export import preview, registry
from export.package_check import MANIFESTS, check_package
from export.target import Edition

RUNS = 7
SECONDS = 600
S = 1_000_000
VERSION = Version(
    resource_id="rbench",
    number=1,
    published_at="2026-11-25T10:00:00+01:00",
    title="Ten minutes of an expert",
    summary="What a resource of usual length comes to.",
    expert=Expert("Amara Osei", "Lead"),
    tags=Tags(level="beginner", roles=("Adviser",), keywords=("phone",), language="en"),
    priority="",
    cut_list=(),
    cues=tuple(
        Cue(at * S, (at + 3) * S, ("What is said in three", "seconds, now.")) for at in range(0, 597, 3)
    ),
    chapters=tuple(ChapterMark(at * S, f"Chapter {at}") for at in range(0, SECONDS, 60)),
    duration_us=SECONDS * S,
)


def timed(what: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the clock and of the processor."""
    start_s, used_s = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - start_s, time.process_time() - used_s


def told(name: str, measured: list[tuple[float, float]]) -> None:
    clock_s, used_s = (statistics.median(column) for column in zip(*measured, strict=True))
    print(f"{name:40} {clock_s * 1000:7.0f} ms, processor {used_s * 1000:6.0f} ms")


def first_answer(package: Path, target: str) -> None:
    ready, work, address = threading.Event(), Work(), list[str]()

    def on_ready(url: str) -> None:
        address.append(url)
        ready.set()

    thread = threading.Thread(
        target=preview.serve, args=(package,), kwargs={"target": target, "on_ready": on_ready, "work": work}
    )
    thread.start()
    ready.wait(60)
    urllib.request.urlopen(address[0]).read()
    work.cancel()
    thread.join()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "video.mp4").write_bytes(bytes(1 << 20))
        (folder / "poster.jpg").write_bytes(b"\xff\xd8\xff\xd9")
        edition = Edition(VERSION, folder / "video.mp4", folder / "poster.jpg", "bench")
        for target in registry.TARGETS:
            if target.name not in MANIFESTS:
                continue
            (folder / target.name).mkdir()
            package = target.build(edition, folder / target.name, work=Work())
            check = lambda package=package, target=target: check_package(package, target=target.name)  # noqa: E731
            told(f"{target.name}: first check, schemas read", [timed(check)])
            told(f"{target.name}: check", [timed(check) for _ in range(RUNS)])
            show = lambda package=package, target=target: first_answer(package, target.name)  # noqa: E731
            told(f"{target.name}: preview, start to page and end", [timed(show) for _ in range(3)])


if __name__ == "__main__":
    main()
