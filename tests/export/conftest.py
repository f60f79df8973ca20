"""A small real video, an edition of it, and one browser for all tests of packages."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import ChapterMark, Cue, Expert, Tags, Transcript, Version, Word
from editor.working_copy import make_working_copy
from export import preview
from export.record_store import RecordStore
from export.target import Edition

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"),
    "--force-color-profile=srgb",
]
READY = "() => !document.querySelector('[data-vjs-player]') || (window.LapelPlayer && LapelPlayer.player)"
S = 1_000_000
LENGTH_S = 16
WORDS = ["If", "we", "rang", "inside", "the", "hour", "about", "one", "in", "three", "booked", "a", "visit."]

VERSION = Version(
    resource_id="rk7wz3m2xq",
    number=3,
    published_at="2025-11-23T10:00:00+01:00",
    title="Turn a web enquiry into a booked call",
    summary="How the Leeds branch rings back within the hour, and what it says first.",
    expert=Expert("Amara Osei", "Regional Sales Lead"),
    tags=Tags(
        level="intermediate",
        roles=("Inside sales adviser", "Branch adviser"),
        kind=("skill", "strategy"),
        prerequisites=("Read an enquiry in the CRM",),
        when_to_use="A web enquiry lands with a phone number in it.\nMonday morning, for the weekend list.",
        keywords=("phone", "enquiry"),
        language="en",
    ),
    priority="Answer every enquiry within the hour",
    cut_list=(),
    cues=(
        Cue(0, 3 * S, ("This is how we turn", "a web enquiry into a call.")),
        Cue(3 * S, 5 * S, ("An enquiry goes cold fast.",)),
        Cue(5 * S, 8 * S, ("If we rang inside the hour,", "one in three booked a visit.")),
        Cue(8 * S, 11 * S, ("The only thing that changed", "was when we rang")),
        Cue(11 * S, 13 * S, ("and what we said first.",)),
        Cue(13 * S, 15 * S, ("Any time one lands, ring.",)),
    ),
    chapters=(
        ChapterMark(0, "What it is"),
        ChapterMark(4 * S, "Why it matters"),
        ChapterMark(10 * S, "When to use it"),
    ),
    duration_us=LENGTH_S * S,
)


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a 16 s video with sound and its poster."""
    folder = tmp_path_factory.mktemp("media")
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    picture = f"testsrc2=size=320x180:rate=25:duration={LENGTH_S}"
    sound = f"sine=frequency=220:duration={LENGTH_S}"
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac"]
    sources = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    subprocess.run(
        [*ffmpeg, *sources, *codecs, "-movflags", "+faststart", str(folder / "video.mp4")], check=True
    )
    poster = ["-i", str(folder / "video.mp4"), "-frames:v", "1", str(folder / "poster.jpg")]
    subprocess.run([*ffmpeg, *poster], check=True)
    return folder


@pytest.fixture
def edition(media: Path) -> Callable[..., Edition]:
    """``edition(title=…, tags=…)``: the version above with these changes, and the small video."""

    def make(**changes: object) -> Edition:
        version = replace(VERSION, **changes)  # type: ignore[arg-type]
        return Edition(version, media / "video.mp4", media / "poster.jpg", "turn-a-web-enquiry")

    return make


@pytest.fixture(scope="session")
def recorded(media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library with one resource that has one take and its words."""
    folder = tmp_path_factory.mktemp("recorded") / "library"
    with Library.open(folder, write=True) as library:
        made = resources.new_resource(library, title="Ring within the hour", expert="Amara Osei, Sales Lead")
        take = tasks.import_file(library, made.id, media / "video.mp4", prompt=1, work=Work())
        make_working_copy(take, library.take_folder(take), in_background=False, work=Work())
        words = [Word(i * S, i * S + 800_000, text, 0.9) for i, text in enumerate(WORDS)]
        library.save_transcript(Transcript(take.id, "en", "base", tuple(words)))
        resources.tag(library, made.id, level="beginner", roles=("Adviser",), language="en")
    return folder, made.id


@pytest.fixture
def library(recorded: tuple[Path, str], tmp_path: Path) -> Iterator[Library]:
    """That library, for one test to change."""
    shutil.copytree(recorded[0], tmp_path / "library")
    with Library.open(tmp_path / "library", write=True) as library:
        yield library


@pytest.fixture
def resource_id(recorded: tuple[Path, str]) -> str:
    """The resource in it."""
    return recorded[1]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Its event loop lives until the last test of this folder."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(url, width=…)``: a page of its own; if it writes an error or calls out, the test fails."""
    contexts = []
    faults: list[str] = []

    def open_page(
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        quiet: bool = True,
        ready: str = READY,
        **options: object,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        if quiet:
            page.on(
                "console", lambda message: faults.append(message.text) if message.type == "error" else None
            )
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
            page.on("request", lambda request: _check_local(request.url, faults))
        page.goto(url)
        page.wait_for_function(ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _check_local(url: str, faults: list[str]) -> None:
    if not url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:")):
        faults.append(f"called out to {url}")


@pytest.fixture
def serve_package() -> Iterator[Callable[..., str]]:
    """``serve_package(path, target=…)``: the address of a preview that runs until the test ends."""
    running: list[tuple[Work, threading.Thread]] = []

    def start(path: Path, *, target: str, store: RecordStore | None = None) -> str:
        work, ready = Work(), threading.Event()
        address: list[str] = []

        def told(url: str) -> None:
            address.append(url)
            ready.set()

        given = {"target": target, "on_ready": told, "work": work, "store": store}
        thread = threading.Thread(target=preview.serve, args=(path,), kwargs=given)
        thread.start()
        running.append((work, thread))
        assert ready.wait(10)
        return address[0]

    yield start
    for work, thread in running:
        work.cancel()
        thread.join(10)
        assert not thread.is_alive()


PLAYING = "() => { const v = document.querySelector('video'); return v.currentTime > 0.2 && !v.paused }"


@pytest.fixture
def play() -> Callable[..., None]:
    """``play(page, at_s=…)``: let the video run, silently, from a second on."""

    def start(page: Page, *, at_s: float | None = None) -> None:
        page.wait_for_function("() => document.querySelector('video').readyState >= 1")
        page.evaluate(
            "(at) => { const v = document.querySelector('video'); v.muted = true;"
            " if (at !== null) v.currentTime = at; return v.play() }",
            at_s,
        )
        page.wait_for_function(PLAYING)

    return start
