"""The player page: how heavy it is, how soon it shows a picture, and what it looks like.

``python -m bench.player`` measures; ``--screenshots DIR`` also takes pictures of five widths in both themes.
"""

import argparse
import re
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import assets
from capture import ffmpeg
from capture.work import Work
from editor import guides, poster
from editor.model import ChapterMark, Cue, Expert, Tags, Version
from export import preview
from export.target import Edition
from export.web import Web

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--force-color-profile=srgb"]
WIDTHS = ((320, 640), (390, 844), (768, 1024), (1280, 800), (1920, 1080))
RUNS = 7
FIRST_FRAME = """() => new Promise((done) => {
  const video = document.querySelector('video');
  const told = () => done(performance.now());
  if (video.readyState >= 2) told(); else video.addEventListener('loadeddata', told, { once: true });
  video.preload = 'auto';
})"""


def sample_edition(folder: Path) -> Edition:
    """Return the sample interview as an edition; captions are laid out evenly, which is enough to look at."""
    clips = sorted(assets.SAMPLE.glob("*.camera.mp4"))
    video, still = folder / "video.mp4", folder / "poster.jpg"
    inputs = [part for clip in clips for part in ("-i", ffmpeg.file_name(clip))]
    streams = "".join(f"[{n}:v][{n}:a]" for n in range(len(clips)))
    graph = f"{streams}concat=n={len(clips)}:v=1:a=1[v][a]"
    coding = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    joined = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-movflags", "+faststart"]
    ffmpeg.run([*inputs, *joined, *coding], out=video, work=Work())
    poster.poster_frame(video, out=still, work=Work())
    return Edition(_version(clips), video, still, "sample")


def _version(clips: list[Path]) -> Version:
    titles = [prompt.title for prompt in guides.find_guide(guides.LOCAL_EXPERT).prompts]
    cues: list[Cue] = []
    marks = []
    at_us = 0
    for clip, title in zip(clips, titles, strict=False):
        length_us = _length_us(clip)
        marks.append(ChapterMark(at_us, title))
        text = clip.with_name(clip.name.replace(".camera.mp4", ".txt")).read_text().strip()
        lines = re.findall(r"\S.{0,76}(?=\s|$)", text)
        for number, line in enumerate(lines):
            start, end = (at_us + length_us * n // len(lines) for n in (number, number + 1))
            cut = line.rfind(" ", 0, 42) if len(line) > 42 else -1
            cues.append(Cue(start, end, (line[:cut], line[cut + 1 :]) if cut > 0 else (line,)))
        at_us += length_us
    return Version(
        resource_id="sample",
        number=3,
        published_at="2026-11-23T10:00:00+01:00",
        title="Turn a web enquiry into a booked call",
        summary="How the Leeds branch rings back within the hour, and what it says first.",
        expert=Expert("Amara Osei", "Regional Sales Lead"),
        tags=Tags(
            "intermediate",
            ("Inside sales adviser", "Branch adviser"),
            ("skill", "strategy"),
            ("Read an enquiry in the CRM",),
            "A web enquiry lands with a phone number in it. Monday morning, for the weekend list.",
            language="en",
        ),
        priority="",
        cut_list=(),
        cues=tuple(cues),
        chapters=tuple(marks),
        duration_us=at_us,
    )


def _length_us(clip: Path) -> int:
    import av

    with av.open(str(clip)) as film:
        return int(film.duration or 0)


def weight(folder: Path) -> None:
    """Print how many bytes a learner fetches before the video, and how many lie in the package."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".mp4"]
    fetched = [path for path in files if "ext" not in path.name and "LICENSE" not in path.name]
    fetched = [path for path in fetched if path.suffix != ".woff2" or path.name == "inter-latin.woff2"]
    print(f"in the package without video: {sum(p.stat().st_size for p in files) / 1000:.0f} KB")
    print(f"fetched for English: {sum(p.stat().st_size for p in fetched) / 1000:.0f} KB")


def first_frame(browser: Browser, url: str) -> float:
    """Return the median milliseconds from asking for the page to the first picture, each in a new profile."""
    found = []
    for _ in range(RUNS):
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        found.append(float(page.evaluate(FIRST_FRAME)))
        context.close()
    return statistics.median(found)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of the page on this computer."""
    work, address, ready = Work(), [""], threading.Event()

    def told(url: str) -> None:
        address[0] = url
        ready.set()

    thread = threading.Thread(
        target=preview.serve, args=(folder,), kwargs={"target": "web", "on_ready": told, "work": work}
    )
    thread.start()
    ready.wait(20)
    yield f"{address[0]}package/index.html"
    work.cancel()
    thread.join()


def screenshots(browser: Browser, url: str, out: Path) -> None:
    """Take pictures as a learner sees the page in the middle of the second chapter."""
    out.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS:
        for theme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                device_scale_factor=1,
            )
            page = context.new_page()
            page.goto(url)
            _show(page)
            page.screenshot(path=str(out / f"player-{width}-{theme}.png"))
            context.close()


def _show(page: Page) -> None:
    page.wait_for_function("() => window.LapelPlayer && LapelPlayer.player")
    page.evaluate(
        "() => { LapelPlayer.tracker.watch(0, 30); document.querySelector('video').currentTime = 33.5 }"
    )
    page.wait_for_function(
        "() => { const v = document.querySelector('video'); return !v.seeking && v.readyState >= 2 }"
    )
    if page.locator("#find").is_visible():
        page.fill("#find", "rang")
    page.wait_for_timeout(300)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", type=Path, metavar="DIR")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Web().build(sample_edition(Path(name)), Path(name), work=Work())
        weight(folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        url = (folder / "index.html").as_uri()
        if given.screenshots:
            screenshots(browser, url, given.screenshots)
        else:
            print(f"first picture from file://: {first_frame(browser, url):.0f} ms (median of {RUNS})")
            with served(folder) as address:
                print(
                    f"first picture from a server: {first_frame(browser, address):.0f} ms (median of {RUNS})"
                )
        browser.close()


if __name__ == "__main__":
    main()
