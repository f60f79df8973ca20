"""Measure a whole interview at the window: last Stop to six checked packages, longest stall, memory.

Run ``python -m bench.interview`` (15 minutes, as it records at the speed of life), or with ``--short`` for
takes of 15 s (4 minutes: shows that the steps work together, not what 10 minutes cost). The real window runs
offscreen and is driven by its own buttons and keys; camera and microphone are files, as in
``bench.stop_to_packages``, whose sources it uses.

1. Six takes in Studio, Next prompt after each; captions and working copies of earlier takes are made
   meanwhile. The clock starts with the last Stop; when nothing is being made ready any more, all targets are
   ticked in Publish and its button is pressed.
2. Then Edit is driven for half a minute (cut, undo, zoom, step) while a recorder records with its preview
   looked at as in Studio, and captions are written again in the background.

The longest stall of the event loop is told for each part, with the stack that kept it.
"""

import argparse
import functools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench.stop_to_packages import TAKES, build

BUSY_S = 30.0
STALL_S = 0.05
_LONGEST_S = 1800.0
US = 1_000_000


def tell(words: str) -> None:
    """Say on standard error how far it is: the figures stand alone on standard output."""
    sys.stderr.write(words + "\n")


def most_mb() -> int:
    """Return how much memory the window held at most since the last call."""
    held = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # proc(5): begins the peak anew
    return int(held) // 1024


class Producer:
    """The window, and what a producer waits for."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from app.shell.crash import Faults
        from app.window import make_window

        self.application = QApplication([])
        self.bugs: list[BaseException] = []
        bugs = self.bugs

        class Kept(Faults):
            """Keeps bugs instead of asking a person to look at them."""

            def show(self, bug: BaseException) -> None:
                bugs.append(bug)

        self.window: Any = make_window(
            self.application,
            folder / "library",
            settings=folder / "settings",
            faults=Kept(folder / "lapel.log"),
        )
        self.window.desk.settings.change(first_run_done=True, countdown_s=0, camera="none", mic="none")
        self.window.door.ask = lambda *words, **more: True  # type: ignore[method-assign]
        self.window.resize(1440, 900)
        self.window.show()
        self.window.start()
        self.until(lambda: self.window.screen_name)

    def until(self, condition: Callable[[], object]) -> None:
        end_s = time.monotonic() + _LONGEST_S
        while not condition():
            self.application.processEvents()
            time.sleep(0.002)
            if time.monotonic() > end_s:
                raise TimeoutError(condition)

    def rest(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end_s)

    def goes_to(self, screen: str, resource_id: str) -> Any:
        self.window.to(screen, resource_id)
        self.until(lambda: self.window.screen_name == screen)
        self.until(lambda: self.window.screens[screen].state == "content")
        return self.window.screens[screen]

    @property
    def busy(self) -> bool:
        return any(job.shown for job in self.window.desk.jobs.running)


def record(
    producer: Producer, resource_id: str, sources: list[tuple[Path, Path]], *, seconds: float
) -> float:
    """Record a take for each source through Studio; return when the last Stop was pressed."""
    studio = producer.goes_to("studio", resource_id)
    stop_s = 0.0
    for number, (lapel, camera) in enumerate(sources, start=1):
        producer.until(functools.partial(_is_free, studio))
        studio.devices.use(camera=f"file:{camera}", mic=f"file:{lapel}")
        producer.until(functools.partial(_is_open, studio, str(camera)))
        studio.view.record.click()
        producer.until(lambda: studio.take is not None and studio.at_us >= seconds * US)
        stop_s = time.monotonic()
        tell(f"take {number} recorded")
        if number < len(sources):
            studio.view.following.click()
        else:
            studio.view.record.click()
        producer.until(lambda: studio.take is None)
    return stop_s


def _is_free(studio: Any) -> bool:
    """Whether the recorder is done with the take before, and devices can be changed."""
    session = studio.recorder.session
    return session is None or session.state.state is None


def _is_open(studio: Any, camera: str) -> bool:
    session = studio.recorder.session
    return session is not None and _live(session.state, camera)


def _live(state: Any, camera: str) -> bool:
    devices = (state.camera, state.mic)
    return (
        all(each is not None and each.standing == "live" for each in devices) and camera in devices[0].source
    )


def publish(producer: Producer, resource_id: str, stop_s: float) -> dict[str, Any]:
    """Wait until all is ready, publish to every target, and return how long each step took after the Stop."""
    library = producer.window.desk.holder.library
    steps: dict[str, float] = {}

    def note(name: str) -> None:
        steps[name] = round(time.monotonic() - stop_s, 1)
        tell(f"{name}: {steps[name]} s after the last Stop")

    def safe() -> bool:
        takes = library.takes(resource_id)
        return len(takes) == TAKES and all(each.state == "safe" for each in takes)

    producer.until(safe)
    note("last take safe")
    producer.until(lambda: not producer.busy)
    note("captions and working copies of all takes")
    screen = producer.goes_to("publish", resource_id)
    for card in screen.targets.cards.values():
        card.setChecked(True)
    go = screen.band.go
    producer.until(lambda: screen.shown is not None and not screen.shown.blocked and go.isEnabled())
    go.click()
    producer.until(lambda: screen.run is not None)
    producer.until(lambda: screen.run is None)
    note("packages checked")
    done = screen.done
    return {
        "seconds after the last Stop": steps,
        "packages": [each.target for each in done.packages] if done is not None else [],
        "failed": [f"{name}: {error.message_key}" for name, error in done.failed] if done is not None else [],
        "result s": done.duration_us / US if done is not None else 0,
        "captions of takes": sum(
            library.transcript(each.id) is not None for each in library.takes(resource_id)
        ),
    }


def edit_meanwhile(
    producer: Producer, resource_id: str, source: tuple[Path, Path], *, folder: Path
) -> dict[str, Any]:
    """Cut, undo, zoom and step in Edit while a recorder records and captions are written."""
    from PySide6.QtCore import QTimer

    from capture.recorder_messages import Done
    from capture.studio import StudioSession, studio_folder
    from capture.take import Take, TakePrompt
    from editor import tasks
    from editor.selection import Selection

    lapel, camera = source
    told: list[Any] = []
    session = StudioSession.open(
        studio_folder(folder / "media"), camera=f"file:{camera}", mic=f"file:{lapel}", on_message=told.append
    )
    producer.until(lambda: _live(session.state, str(camera)))
    prompt = TakePrompt("p1", "why", "Why?", "Why")
    take = Take("busy", "bench", "Bench", prompt, 1, "recording", "2026-11-26T10:00:00+00:00")
    session.record(folder / "media" / "bench" / "busy", take)
    screen = producer.goes_to("edit", resource_id)
    producer.until(lambda: screen.view.tidy_up is not None)
    library = producer.window.desk.holder.for_job()
    captions = producer.window.desk.jobs.start(
        "jobs.captions", lambda *, work: tasks.caption(library, resource_id, again=True, work=work)
    )
    look = QTimer()
    look.timeout.connect(session.preview)
    look.start(50)
    words, acts = 0, 0
    end_s = time.monotonic() + BUSY_S
    while time.monotonic() < end_s:
        screen.view.transcript.choose(Selection(words % 40, words % 40 + 2))
        screen.bindings()["cut"]()
        producer.rest(0.4)
        producer.window.undo()
        producer.rest(0.4)
        screen.bindings()["zoom_in" if words % 8 < 4 else "zoom_out"]()
        screen.bindings()["frame_on"]()
        producer.rest(0.1)
        words, acts = words + 3, acts + 4
    writing = captions.state
    look.stop()
    captions.cancel()
    session.stop()
    producer.until(lambda: any(isinstance(each, Done) for each in told))
    session.close()
    made = next(each.take for each in told if isinstance(each, Done))
    return {"acts": acts, "captions at the end": writing, "take": made.state, "its events": len(made.events)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=100.0, help="length of each take")
    parser.add_argument("--short", action="store_const", dest="seconds", const=15.0, help="takes of 15 s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lapel-bench-") as temporary:
        print(json.dumps(measure(Path(temporary), seconds=options.seconds), indent=1))


def measure(folder: Path, *, seconds: float) -> dict[str, Any]:
    """Drive the window through both parts and return what was measured."""
    from app.shell.watchdog import Watchdog
    from editor import resources

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:  # its memory is not the window's
        sources = beside.submit(build, folder / "sources", seconds=seconds + 20).result()
    producer = Producer(folder)
    producer.until(lambda: producer.window.screen_name == "library")
    library = producer.window.desk.holder.library
    made = resources.new_resource(library, title="Ten minutes in six takes", expert="Amara Osei, Sales")
    resources.consent(library, made.id, shown_to="nobody")
    resources.tag(library, made.id, level="beginner", roles=["Adviser"], kind=["skill"])
    load = os.getloadavg()
    first = Watchdog(longest_s=STALL_S)
    first.start()
    most_mb()
    stop_s = record(producer, made.id, sources, seconds=seconds)
    memory = {"Studio": most_mb()}
    published = publish(producer, made.id, stop_s)
    memory["Publish, rendering in it"] = most_mb()
    first.stop()
    second = Watchdog(longest_s=STALL_S)
    second.start()
    busy = edit_meanwhile(producer, made.id, sources[0], folder=folder / "busy")
    second.stop()
    memory["Edit"] = most_mb()
    producer.window.close()
    return {
        "takes": TAKES,
        "seconds of each": seconds,
        **published,
        "longest stall s, Studio to packages": round(first.longest_s, 3),
        "stalls over 50 ms": len(first.stalls),
        "recording, captioning and editing at once": busy,
        "longest stall s, all at once": round(second.longest_s, 3),
        "stalls over 50 ms, all at once": len(second.stalls),
        "stack of the longest": max(
            (*first.stalls, *second.stalls), key=lambda each: each.seconds, default=None
        ).__repr__(),
        "memory of the window, most in each part, MB": memory,
        "bugs": [repr(each) for each in producer.bugs],
        "load before, after": (load, os.getloadavg()),
    }


if __name__ == "__main__":
    main()
