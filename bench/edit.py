"""Edit through the window: scrub and step a 1080p30 take, and an hour with 500 cuts zoomed, struck, undone.

    python -m bench.edit [--short]

Times are from the person's wish to the picture painted. ``--short`` is a quick look with a tenth of it.
"""

from __future__ import annotations

import os
import random
import resource as system
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench.playback import a_take, ms, write_lapel
from capture.take import Segment, Take, TakePrompt, write_take
from capture.work import Work
from editor import resources
from editor.library import Library
from editor.model import Cut, Edit, Prompt, Resource, TakeEdit, Transcript, Word
from editor.preparing import Outlines, WorkingCopies, plan_take, prepare_take

S = 1_000_000
CUTS = 500
TAKES = 6
WORDS_S = 2.5  # what people say in a second


def keep(library: Library, made: Resource, prompt: Prompt, take: Take, source: Path) -> Take:
    """Put a take into the library, its files linked rather than copied."""
    asked = TakePrompt(prompt.id, prompt.key, prompt.text, prompt.title)
    take = replace(take, id=f"{take.id}-{prompt.id}", resource_id=made.id, prompt=asked)
    folder = library.media / made.id / take.id
    folder.mkdir(parents=True)
    for each in take.segments:
        os.link(source / each.file, folder / each.file)
    write_take(folder, take)
    return library.adopt(take, folder)


def words_of(take: Take, chance: random.Random) -> Transcript:
    """Words as people say them, with a pause every ten."""
    words: list[Word] = []
    at_us = 0
    while at_us < take.duration_us - 2 * S:
        length_us = round(S / WORDS_S * chance.uniform(0.5, 1.2))
        text = chance.choice(("people", "ring", "the", "enquiry,", "hour.", "because", "um,"))
        words.append(Word(at_us, at_us + length_us, text, chance.uniform(0.3, 1), filler=text == "um,"))
        at_us += length_us + (chance.randrange(500_000, 1_500_000) if chance.random() < 0.1 else 20_000)
    return Transcript(take.id, "en", "base", tuple(words))


def fill(library: Library, folder: Path, *, seconds: int) -> tuple[str, str]:
    """Make a resource of one filmed take, and one of an hour of voice with its cuts; return their ids."""
    filmed = resources.new_resource(library, title="Two minutes of 1080p")
    source = folder / "filmed"
    source.mkdir()
    take = keep(library, filmed, filmed.brief.prompts[0], a_take(source), source)
    library.save_transcript(words_of(take, random.Random(1)))
    prepare_take(plan_take((WorkingCopies(), Outlines()), library, take), work=Work())
    long = resources.new_resource(library, title="An hour")
    source = folder / "long"
    source.mkdir()
    length_us = seconds * S // TAKES
    write_lapel(source / "mic-001.wav", seconds // TAKES)
    edits: list[TakeEdit] = []
    for n, prompt in enumerate(long.brief.prompts[:TAKES]):
        segment = Segment("mic", "mic-001.wav", 0, length_us)
        voice = Take("t", "r", "", TakePrompt("p", "question", "", ""), 1, "safe", "", length_us, (segment,))
        voice = keep(library, long, prompt, voice, source)
        library.save_transcript(words_of(voice, random.Random(n)))
        prepare_take(plan_take((Outlines(),), library, voice), work=Work())
        step_us = length_us * TAKES // CUTS
        cuts = (
            Cut(at, at + step_us // 4, "hand") for at in range(step_us // 2, length_us - step_us, step_us)
        )
        edits.append(TakeEdit(voice.id, tuple(cuts)))
    library.save(replace(library.resource(long.id), edit=Edit(takes=tuple(edits))), label="cut")
    return filmed.id, long.id


class Person:
    """Somebody at the window."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from app.shell.crash import Faults
        from app.window import make_window

        self.application: Any = QApplication([])
        self.window: Any = make_window(
            self.application,
            folder,
            settings=folder.parent / "settings",
            faults=Faults(folder.parent / "log"),
        )
        self.window.desk.settings.change(first_run_done=True)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.start()
        self.until(lambda: self.window.screen_name is not None)

    def until(self, true: Callable[[], bool]) -> float:
        """Return how long it took until something was so."""
        start_s = time.perf_counter()
        while not true():
            self.application.processEvents()
        return time.perf_counter() - start_s

    def rest(self) -> None:
        self.until(lambda: not self.window.desk.jobs.running)

    def opens(self, resource_id: str) -> Any:
        self.window.to("edit", resource_id)
        self.until(lambda: "edit" in self.window.screens)
        screen = self.window.screens["edit"]
        self.until(lambda: screen.state_now is not None and screen.resource_id == resource_id)
        self.until(lambda: screen.view.tidy_up is not None and screen.player.player is not None)
        self.until(lambda: screen.sound.sound is not None)
        self.rest()
        return screen


def scrub(person: Person, screen: Any, *, count: int) -> Iterator[str]:
    """Ask for frames as dragging and keys do, and wait until each is painted."""
    painted: list[int] = []
    surface, player = screen.view.video, screen.player
    surface_paint = type(surface).paintEvent

    class Seen(type(surface)):  # type: ignore[misc]
        def paintEvent(self, event: Any) -> None:
            surface_paint(self, event)
            painted.append(player.at_us)

    surface.__class__ = Seen
    chance = random.Random(1)

    def wish(act: Callable[[], object], wanted_us: int) -> float:
        painted.clear()
        act()
        return person.until(lambda: wanted_us in painted)

    rate = screen.state_now.cut_list.rate
    at = [round(frame * S / rate) for frame in range(screen.state_now.cut_list.frames)]
    random_frames = [chance.randrange(len(at)) for _ in range(count)]
    first = len(at) // 2
    for name, frames in (
        ("scrub to anywhere", random_frames),
        ("drag forward, 7 frames at a time", range(first, first + 7 * count, 7)),
        ("drag back, 7 frames at a time", range(first, first - 7 * count, -7)),
    ):
        times = [wish(lambda frame=frame: screen.view.go(at[frame]), at[frame]) for frame in frames]  # type: ignore[misc]
        yield f"  {name}: {ms(times[1:])}"
    for name, way in (("step on", 1), ("step back", -1)):
        person.rest()
        now = min(range(len(at)), key=lambda n: abs(at[n] - player.at_us))
        times = [
            wish(lambda: screen.view.step(way), at[frame])  # noqa: B023 - called before the next turn
            for frame in range(now + way, now + way * count, way)
        ]
        yield f"  {name}: {ms(times)}"


def long(person: Person, screen: Any, *, count: int) -> Iterator[str]:
    """Zoom, scroll, strike and undo in an hour."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent

    from app.shell.watchdog import Watchdog
    from editor.selection import Selection

    timeline, state = screen.view.timeline, screen.state_now
    yield (
        f"  {state.timeline_us / S:.0f} s, {len(state.text)} words, {state.cuts} cuts; "
        f"timeline {timeline.width()} × {timeline.height()} px"
    )
    watchdog = Watchdog(longest_s=0.05)
    watchdog.start()

    def turn(delta: int, modifiers: Qt.KeyboardModifier) -> float:
        at = QPointF(timeline.width() * 0.6, timeline.height() * 0.6)
        wheel = QWheelEvent(
            at,
            QPointF(timeline.mapToGlobal(at.toPoint())),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        start_s = time.perf_counter()
        person.application.sendEvent(timeline, wheel)
        timeline.repaint()
        took_s = time.perf_counter() - start_s
        person.application.processEvents()
        return took_s

    ctrl, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    for name, turns, keys in (
        ("zoom in and out at the pointer", [60] * count + [-60] * count, ctrl),
        ("scroll at the closest zoom", [], none),
    ):
        if not turns:
            timeline.zoom(1000)
            turns = [-120] * count
        times = [turn(each, keys) for each in turns]
        yield f"  {name}: {len(times) / sum(times):.0f} frames a second; a frame {ms(times)}"
    timeline.fit()
    strikes: list[float] = []
    undone: list[float] = []
    for n in range(10):
        chosen = Selection(100 + 40 * n, 104 + 40 * n)
        was = screen.state_now
        screen.view.transcript.choose(chosen)
        screen.view.show_chosen()
        screen.view.cut()
        strikes.append(person.until(lambda: screen.state_now is not was))  # noqa: B023
        was = screen.state_now
        person.window.undo()
        undone.append(person.until(lambda: screen.state_now is not was))  # noqa: B023
    yield f"  five words struck, until text and timeline show it: {ms(strikes)}"
    yield f"  undone: {ms(undone)}"
    watchdog.stop()
    yield f"  longest stall of the event loop meanwhile: {1000 * watchdog.longest_s:.0f} ms"
    for each in watchdog.stalls[:3]:
        yield f"    {1000 * each.seconds:.0f} ms\n{each.stack}"
    yield f"  memory at most: {system.getrusage(system.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> None:
    short = "--short" in sys.argv
    folder = Path(tempfile.mkdtemp())
    try:
        with Library.open(folder / "library", write=True) as library:
            filmed, hour = fill(library, folder, seconds=360 if short else 3600)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        person = Person(folder / "library")
        screen = person.opens(filmed)
        print("2 minutes of 1080p30, by the working copy:")
        for line in scrub(person, screen, count=10 if short else 80):
            print(line)
        screen = person.opens(hour)
        print("an hour:")
        for line in long(person, screen, count=12 if short else 60):
            print(line)
        person.window.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
