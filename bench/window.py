"""The window: first paint, longest stall of its event loop, memory, search in 10,000 resources.

    python -m bench.window [RESOURCES]

Wall time is of this computer as busy as it is; processor time is told beside it where it says more.
"""

import functools
import os
import resource as system
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

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


def use(folder: Path) -> dict[str, float]:
    """Open the window on the library, list, scroll and search; return seconds and the longest stall."""
    from PySide6.QtWidgets import QApplication

    from app.shell.crash import Faults
    from app.shell.watchdog import Watchdog
    from app.window import make_window

    application = QApplication([])
    window = make_window(application, folder, settings=folder / "settings", faults=Faults(folder / "log"))
    window.desk.settings.change(first_run_done=True)
    window.resize(1440, 900)
    window.show()
    window.start()

    def until(condition: Callable[[], bool]) -> float:
        start_s = time.perf_counter()
        while not condition():
            application.processEvents()
            time.sleep(0.001)
        return time.perf_counter() - start_s

    until(lambda: window.screen_name == "library")
    screen: Any = window.screens["library"]
    found = {"library shown": until(lambda: bool(screen.model.rows))}
    until(lambda: not window.desk.jobs.running)
    watchdog = Watchdog(longest_s=0.05)
    watchdog.start()
    screen.search._rest.setInterval(0)
    times = []
    for words in ("price", "stock", "answer 77", "pri", "lead"):
        screen.search.edit.setText(words)
        times.append(until(functools.partial(_shows, screen, words)))
        until(lambda: not window.desk.jobs.running)
    found["search, slowest of five, to rows on the screen"] = max(times)
    screen.search.edit.clear()
    until(lambda: not screen.model.words)
    bar = screen.list.verticalScrollBar()
    for _ in range(6):
        bar.setValue(bar.maximum())
        until(lambda: not window.desk.jobs.running)
    watchdog.stop()
    found["longest stall while searching and scrolling"] = watchdog.longest_s
    found["memory, MB"] = system.getrusage(system.RUSAGE_SELF).ru_maxrss / 1024
    window.close()
    return found


def _shows(screen: Any, words: str) -> bool:
    return bool(screen.model.words == words)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        wall_s, processor_s = first_paint(folder)
        print(f"first paint: {wall_s:.2f} s ({processor_s:.2f} s of processor)")
        fill(folder, count)
        print(f"{count} resources, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for what, value in use(folder).items():
            print(f"{what}: {value:.3f}" if "MB" not in what else f"{what}: {value:.0f}")


if __name__ == "__main__":
    main()
