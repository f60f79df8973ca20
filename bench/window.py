"""The window: first paint, colours changed at once, longest stall in each job, memory, search.

    python -m bench.window [RESOURCES]

Wall time is of this computer as busy as it is; processor time is told beside it where it says more. Each part
that needs a window has a process of its own: ``python -m bench.window PART FOLDER``.
"""

import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SAMPLE = Path(__file__).resolve().parent.parent / "assets" / "sample"
SCREENS = ("library", "brief", "studio", "edit", "details", "publish")
SEARCHES = ("price", "stock", "answer 77", "pri", "lead")
FIRST_PAINT = """
import time, os
start = time.perf_counter()
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.shell.crash import Faults
from app.window import make_window
application = QApplication([])
window = make_window(application, Path({folder!r}), settings=Path({settings!r}), faults=Faults(Path("log")))
window.show()
application.processEvents()
window.grab()
print(time.perf_counter() - start, time.process_time())
os._exit(0)
"""


def first_paint(folder: Path) -> tuple[float, ...]:
    """Return the best of five warm starts, from the first import to the first picture: wall and processor."""
    code = FIRST_PAINT.format(folder=str(folder), settings=str(folder / "settings"))
    found = []
    for _ in range(5):
        made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found.append(tuple(map(float, made.stdout.split())))
    return min(found)


def fill(folder: Path, count: int) -> None:
    from editor import resources
    from editor.library import Library

    with Library.open(folder, write=True) as library, library.transaction():
        for number in range(count):
            made = resources.new_resource(
                library,
                title=f"Answer {number} about {'price' if number % 7 == 0 else 'stock'}",
                expert=f"Expert {number % 40}, Lead",
                priority=f"Priority {number % 9}",
            )
            resources.tag(library, made.id, level="beginner", roles=[f"Role {number % 25}"])


class Bench:
    """A window that is used as a person would, and watched."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from app.shell.crash import Faults
        from app.window import make_window

        self.application = QApplication([])
        faults = Faults(folder / "log")
        self.window = make_window(self.application, folder, settings=folder / "settings", faults=faults)
        self.window.desk.settings.change(first_run_done=True, dark_in_studio_and_edit=False)
        self.window.door.ask = lambda *words, **more: True  # type: ignore[method-assign]
        self.window.resize(1440, 900)
        self.window.show()
        self.window.start()
        self.until(lambda: self.window.screen_name == "library")

    def until(self, condition: Callable[[], bool]) -> float:
        """Let the window live until something holds; return how long that took."""
        start_s = time.perf_counter()
        while not condition():
            self.application.processEvents()
            time.sleep(0.001)
        return time.perf_counter() - start_s

    def rest(self) -> float:
        """Wait until nothing is being read or done."""
        self.application.processEvents()
        return self.until(lambda: not self.window.desk.jobs.running)

    def watched(self, what: str, act: Callable[[], object]) -> None:
        """Print how long the window did not listen at most while something was done."""
        from app.shell.watchdog import Watchdog

        watchdog = Watchdog(longest_s=0.05)
        watchdog.start()
        start_s = time.perf_counter()
        act()
        self.rest()
        took_s = time.perf_counter() - start_s
        watchdog.stop()
        print(f"longest stall, {what}: {watchdog.longest_s * 1000:.0f} ms (in {took_s:.1f} s)")
        for stall in watchdog.stalls[:1]:
            print("\n".join(stall.stack.splitlines()[-6:]))

    def show(self, name: str, resource_id: str) -> Any:
        """Show a screen and return it."""
        self.window.to(name, resource_id)  # type: ignore[arg-type]
        self.until(lambda: self.window.screen_name == name)
        self.rest()
        return self.window.screens[name]  # type: ignore[index]


def resident_mb() -> float:
    """Return how much memory this process has now, where the system tells it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def shelf(folder: Path) -> None:
    """List, scroll and search a large library."""
    bench = Bench(folder)
    screen: Any = bench.window.screens["library"]
    print(f"library shown: {bench.until(lambda: bool(screen.model.rows)):.2f} s")
    bench.rest()
    search_alone(bench)
    screen.search._rest.setInterval(0)
    times = []

    def search() -> None:
        for words in SEARCHES:
            screen.search.edit.setText(words)
            times.append(bench.until(functools.partial(_shows, screen, words)))
            bench.rest()

    bench.watched("searching", search)
    print(f"search, slowest of {len(times)}, from the last key to rows on the screen: {max(times):.3f} s")
    screen.search.edit.clear()
    bench.until(lambda: not screen.model.words)
    bar = screen.list.verticalScrollBar()

    def scroll() -> None:
        for _ in range(6):
            bar.setValue(bar.maximum())
            bench.rest()

    bench.watched("scrolling", scroll)
    print(f"memory with that library open: {resident_mb():.0f} MB")
    bench.window.close()


def search_alone(bench: Bench) -> None:
    """Time the search without the window around it; transcripts are the matter of bench.library."""
    from app.screens.library_presenter import MOST_HITS

    with bench.window.desk.holder.read() as library:
        library.search(SEARCHES[0])  # what it imports is no part of it
        times = []
        for words in SEARCHES * 5:
            start_s = time.perf_counter()
            library.search(words, limit=MOST_HITS)
            times.append(time.perf_counter() - start_s)
    middle_ms, most_ms = statistics.median(times) * 1000, max(times) * 1000
    print(f"search alone: {middle_ms:.1f} ms in the middle of {len(times)}, {most_ms:.1f} ms at most")


def one_open(folder: Path) -> None:
    """Bring an interview in, and do with it what the window has jobs for."""
    from editor import resources, tasks

    bench = Bench(folder)
    window, jobs = bench.window, bench.window.desk.jobs
    bench.rest()
    library: Any = window.screens["library"]
    takes = sorted(SAMPLE.glob("*.camera.mp4"))[:3]
    bench.watched("importing 3 takes", lambda: library.bring_in(takes))
    resource_id = window.desk.holder.library.resources()[0].id
    shared = window.desk.holder.for_job()

    def caption() -> None:
        jobs.start("jobs.captions", lambda *, work: tasks.caption(shared, resource_id, work=work))

    def copies() -> None:
        from editor.working_copy import make_working_copy

        def make(*, work: Any) -> None:
            for take in shared.takes(resource_id):
                make_working_copy(take, shared.take_folder(take), in_background=True, work=work.quiet())

        jobs.start("jobs.takes", make)

    bench.watched("captions", caption)
    bench.watched("working copies", copies)
    for name in SCREENS:
        bench.watched(f"opening {name} for the first time", functools.partial(bench.show, name, resource_id))
    colours(bench, resource_id)
    resources.tag(window.desk.holder.library, resource_id, level="beginner", roles=["Adviser"])
    publish: Any = bench.show("publish", resource_id)
    bench.watched("publishing to three targets", publish.publish)
    assert window.desk.holder.library.versions(resource_id)
    resource = window.desk.holder.library.resource(resource_id)
    bundle = folder.parent / "bench.lapel"
    bench.show("library", "")
    bench.watched("packing a bundle", lambda: library.write_bundle(resource, bundle))
    bench.watched("taking a bundle in", lambda: library.bring_in([bundle]))
    copy = next(each for each in window.desk.holder.library.resources() if each.id != resource_id)
    library.bin(copy)
    bench.watched("erasing", lambda: library.erase(copy))
    window.close()


def memory(folder: Path) -> None:
    """Open what is there once more, and look at the memory of the window alone."""
    bench = Bench(folder)
    bench.rest()
    resource_id = bench.window.desk.holder.library.resources()[0].id
    bench.show("edit", resource_id)
    print(f"memory with one resource open, in Edit: {resident_mb():.0f} MB")
    bench.show("details", resource_id)
    print(f"and in Details, after stills were proposed: {resident_mb():.0f} MB")
    bench.window.close()


def colours(bench: Bench, resource_id: str) -> None:
    """Change all colours at once on each screen, all of them made."""
    for name in SCREENS:
        bench.show(name, resource_id)
        times = []
        for scheme in ("dark", "light") * 3:
            start_s = time.process_time()
            bench.window.desk.settings.change(theme=scheme)
            changed_s = time.process_time() - start_s
            bench.application.processEvents()
            times.append((changed_s, time.process_time() - start_s))
            bench.rest()
        changed_ms, painted_ms = (statistics.median(each) * 1000 for each in zip(*times, strict=True))
        words = f"{changed_ms:.0f} ms of processor, {painted_ms:.0f} ms with painting"
        print(f"all colours changed at once, {name}: {words}")


def _shows(screen: Any, words: str) -> bool:
    return bool(screen.model.words == words)


def main() -> None:
    if len(sys.argv) == 3:
        {"shelf": shelf, "open": one_open, "memory": memory}[sys.argv[1]](Path(sys.argv[2]))
        os._exit(0)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        wall_s, processor_s = first_paint(folder)
        print(f"first paint: {wall_s:.2f} s ({processor_s:.2f} s of processor)")
        fill(folder, count)
        print(f"{count} resources, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        one = Path(temporary) / "one" / "library"
        for part, place in (("shelf", folder), ("open", one), ("memory", one)):
            subprocess.run([sys.executable, "-m", "bench.window", part, str(place)], check=True)


if __name__ == "__main__":
    main()
