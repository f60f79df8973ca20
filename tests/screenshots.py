"""Render every screen and state in both themes, at 100 % and 200 % text, into docs/screenshots.

    python -m tests.screenshots [NAME…]

A screen adds its states to ``STATES``: a name, and a function that brings the window there. They are given a
window on a fresh library and a ``Stage`` that helps to fill and wait; what that has ``grabbed`` is taken in
place of the window.
"""

import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LAPEL_REDUCED_MOTION"] = "1"

from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QWidget

from app import messages
from app.desk import Spot
from app.screens.publish import Run
from app.screens.publish_parts.store_dialog import StoreDialog
from app.shell.crash import CrashDialog, Faults, Safety
from app.shell.door import Question
from app.shell.key_sheet import KeySheet
from app.shell.main_window import MainWindow
from app.shell.settings_dialog import AboutDialog, SettingsDialog
from app.shell.sweep import Sweep
from app.window import make_window
from capture.errors import BadInputError, UserError
from capture.phone_network import Network
from capture.take import Marker, write_take
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import Flag, Term, Transcript, Word
from editor.selection import Selection
from export.steps import Steps
from tests.app.window_kit import say
from tests.capture.phone_kit import Client

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "docs" / "screenshots" / "window"
SAMPLE = HERE / "assets" / "sample"
LOOKS = (("light", 100), ("dark", 100), ("light", 200), ("dark", 200))


class Stage:
    """Fills a library and waits for the window."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.application, self.folder = application, folder
        self.window: MainWindow | None = None
        self.grabbed: QWidget | None = None  # another window than the main one
        self.kept: list[Any] = []
        self.other: Library | None = None  # somebody else's, closed at the end

    def library(self) -> Library:
        """The library: the window's own while it is open."""
        if self.window is not None and self.window.desk.holder.is_open:
            return self.window.desk.holder.library
        return Library.open(self.folder, write=True)

    def settle(self, seconds: float = 0.2) -> None:
        """Let the window read and paint."""
        end = time.monotonic() + seconds
        while time.monotonic() < end or any(not job.shown for job in self.window.desk.jobs.running):
            self.application.processEvents()
            time.sleep(0.005)

    def gap(self) -> str:
        """Make a resource for a gap, whose guide has both tabs, and return its id."""
        return resources.new_resource(
            self.library(),
            title="Give feedback the same day it happens",
            expert="Tomasz Wieczorek, Shift Manager",
            gap="First-line managers struggle to give feedback",
            questions=QUESTIONS,
        ).id

    def interview(
        self, *, takes: int = 2, title: str = "Turn a web enquiry into a booked call", words: bool = False
    ) -> str:
        """Make a resource with takes of the sample interview, perhaps with their words, and return its id."""
        library = self.library()
        made = resources.new_resource(
            library, title=title, expert="Amara Osei, Regional Sales Lead", priority="Grow digital sales"
        )
        for path in sorted(SAMPLE.glob("*.camera.mp4"))[:takes]:
            sound = path.with_name(path.name.replace(".camera.mp4", ".flac"))
            take = tasks.import_file(library, made.id, path, mic=sound, work=Work())
            if words:
                say(library, take, sound.stem)
        return made.id

    def shelf(self) -> list[str]:
        """Fill the library with resources of every status."""
        library = self.library()
        made = [self.interview(words=True)]
        for title, expert, priority, level, roles in SHELF:
            each = resources.new_resource(library, title=title, expert=expert, priority=priority)
            resources.tag(library, each.id, level=level, roles=roles, kind=["skill"])
            made.append(each.id)
        resources.tag(
            library, made[0], level="intermediate", roles=["Inside sales adviser", "Branch adviser"]
        )
        return made


SHELF = (
    (
        "Answer “I found it cheaper online”",
        "Sofia Marques, Store Lead",
        "Grow digital sales",
        "beginner",
        ["Store adviser"],
    ),
    (
        "Read a basket report before a store visit",
        "Imran Qureshi, Category Analyst",
        "Protect margin",
        "beginner",
        ["Area manager"],
    ),
    (
        "Set a price floor before you negotiate",
        "Henrik Dahl, Key Account Manager",
        "Protect margin",
        "advanced",
        ["Account manager"],
    ),
    (
        "Check stock before you promise a date",
        "Noor Haddad, Order Desk Lead",
        "Safer loading bays",
        "beginner",
        ["Branch adviser"],
    ),
)
State = Callable[[MainWindow, Stage], None]


def library_empty(window: MainWindow, stage: Stage) -> None:
    window.to("library")


def library(window: MainWindow, stage: Stage) -> None:
    stage.shelf()
    window.to("library")
    stage.settle(1.5)


def library_search(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    window.screens["library"].search.edit.setText("the call")
    stage.settle(1)


def library_list(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    screen = window.screens["library"]
    screen.view.choose("list")
    screen.list.show_as("list")


def library_nothing(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    window.screens["library"].search.edit.setText("helicopter")
    stage.settle(1)


def library_filtered(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    screen = window.screens["library"]
    screen._on_toggle("level", "beginner")
    screen._on_toggle("priority", "Protect margin")
    stage.settle(0.5)


def library_gone(window: MainWindow, stage: Stage) -> None:
    made = stage.shelf()
    held = stage.library()
    shutil.rmtree(held.take_folder(held.takes(made[0])[0]))
    window.to("library")
    stage.settle(1)


def library_bin(window: MainWindow, stage: Stage) -> None:
    made = stage.shelf()
    for each in made[1:3]:
        stage.library().bin(each)
    window.to("library")
    stage.settle(0.5)
    screen = window.screens["library"]
    screen.show_bin()
    stage.settle(0.5)
    screen.open_row(screen.model.index(0))


def library_binned(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    screen = window.screens["library"]
    screen.list.setCurrentIndex(screen.model.index(2))
    screen.bin_current()
    stage.settle(0.3)


def library_refused(window: MainWindow, stage: Stage) -> None:
    library(window, stage)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.mp4"
        notes.write_text("These are my notes.")
        window.screens["library"].bring_in([notes])
        until(stage, lambda: not window.desk.jobs.running)


def library_held(window: MainWindow, stage: Stage) -> None:
    """Another program writes to the library."""
    window.desk.holder.close()
    stage.other = Library.open(stage.folder, write=True, holder="lapel make")
    window.stack.removeWidget(window.screens.pop("library"))
    window._open_library()
    until(stage, window.shut.isVisible)


def settings(window: MainWindow, stage: Stage) -> None:
    show_dialog(stage, SettingsDialog(window, window.desk))


def about(window: MainWindow, stage: Stage) -> None:
    show_dialog(stage, AboutDialog(window))


def keys(window: MainWindow, stage: Stage) -> None:
    show_dialog(stage, KeySheet(window, window.desk.settings, "library"))


def question(window: MainWindow, stage: Stage) -> None:
    words = {"yes": messages.text("library.erase"), "no": messages.text("library.keep")}
    title = messages.text("library.erase_title")
    text = messages.text("library.erase_text", title=SHELF[0][0])
    show_dialog(stage, Question(window, title, text, **words, danger=True))


def crash(window: MainWindow, stage: Stage) -> None:
    made = CrashDialog(ValueError("a fault"), log_file=Path("/home/mara/.local/state/lapel/lapel.log"))
    made.show_safety(Safety(7, ()))
    show_dialog(stage, made)


def show_dialog(stage: Stage, dialog: QDialog) -> None:
    stage.grabbed = dialog
    dialog.show()
    stage.settle(0.3)


def publish(window: MainWindow, stage: Stage) -> None:
    window.to("publish", stage.shelf()[0])
    stage.settle(3)


def publish_busy(window: MainWindow, stage: Stage) -> None:
    publish(window, stage)
    screen = window.screens["publish"]
    for card in screen.targets.cards.values():
        card.setChecked(True)
    steps = Steps(screen.targets.chosen)
    steps.tell("scorm12", "done", 1.0)
    steps.tell("scorm2004", "building", 0.4)
    job = window.desk.jobs.start("jobs.publish", slowly, params={"number": 1})
    screen.run = Run(screen.resource_id, 1, job, steps)
    screen._tick.start()
    screen._show_band()
    stage.settle(1)


def publish_failed(window: MainWindow, stage: Stage) -> None:
    publish(window, stage)
    screen = window.screens["publish"]
    screen.out = Path("/proc/lapel")
    screen.publish()
    until(stage, lambda: screen.run is None)


def publish_large(window: MainWindow, stage: Stage) -> None:
    """Half an hour at 1080 lines, which is too large for many systems."""
    made = stage.interview(takes=1)
    library = stage.library()
    (take,) = library.takes(made)
    long = replace(take, duration_us=30 * 60_000_000)
    library.adopt(long, library.take_folder(take))
    window.desk.settings.change(height_px=1080)
    window.to("publish", made)
    stage.settle(3)


def record_store(window: MainWindow, stage: Stage) -> None:
    publish(window, stage)
    dialog = StoreDialog(window.screens["publish"], window.desk)
    dialog.address.setText("https://lrs.example.com/xapi")
    dialog.user.setText("lapel")
    dialog.says.say(messages.text("errors.store.key_refused"), kind="error")
    dialog.show()
    stage.grabbed = dialog


def publish_done(window: MainWindow, stage: Stage) -> None:
    publish(window, stage)
    screen = window.screens["publish"]
    screen.publish()
    end = time.monotonic() + 120
    while screen.done is None and time.monotonic() < end:
        stage.settle(0.1)
    stage.settle(1)
    window.door.toasts.hide()


def publish_blocked(window: MainWindow, stage: Stage) -> None:
    window.to("publish", stage.shelf()[1])
    stage.settle(2)


def brief(window: MainWindow, stage: Stage) -> None:
    stage.shelf()
    made = stage.interview(takes=0)
    window.to("brief", made)
    stage.settle(0.5)
    form = window.screens["brief"].form
    form.outcome.setPlainText(OUTCOME)
    form.outcome.left.emit()
    form.roles.show_values(["Inside sales adviser", "Branch adviser"])
    form.roles.changed.emit()


def brief_gap(window: MainWindow, stage: Stage) -> None:
    window.to("brief", stage.gap())
    stage.settle(0.5)
    window.screens["brief"].guide.tabs.parts["questions"].click()


def brief_new(window: MainWindow, stage: Stage) -> None:
    window.new_resource()
    stage.settle(0.5)
    screen = window.screens["brief"]
    screen.form.left.emit("expert")
    screen.bindings()["prompt_edit"]()


def brief_agreed(window: MainWindow, stage: Stage) -> None:
    brief(window, stage)
    form = window.screens["brief"].form
    form.agreed.click()
    form.shown_to.setText("Inside the company, on the learning system")
    form.left.emit("shown_to")
    stage.settle(0.5)
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "questions.toml"
        wrong.write_text("title = 3")
        window.screens["brief"].take_guide(wrong)


def details(window: MainWindow, stage: Stage) -> None:
    window.to("details", stage.shelf()[0])
    stage.settle(0.5)
    until(stage, lambda: not window.desk.jobs.running)


def details_chosen(window: MainWindow, stage: Stage) -> None:
    details(window, stage)
    screen = window.screens["details"]
    screen.accept_all()
    screen.poster.buttons[1][1].click()
    stage.settle(1)


def details_refused(window: MainWindow, stage: Stage) -> None:
    details(window, stage)
    screen = window.screens["details"]
    screen.form.title.clear()
    screen.form.left.emit("title")
    screen.form.language.setText("klingon!")
    screen.form.left.emit("language")
    small = {"file": "logo.png", "width": 640, "height": 360, "least_width": 1280, "least_height": 720}
    screen.poster.say(BadInputError("poster.small", **small))


def details_sound(window: MainWindow, stage: Stage) -> None:
    held = stage.library()
    made = resources.new_resource(held, title="Ring back", expert="Amara Osei, Regional Sales Lead")
    take = tasks.import_file(held, made.id, SAMPLE / "1-what.flac", work=Work())
    say(held, take, "1-what")
    window.to("details", made.id)
    stage.settle(1)


def details_empty(window: MainWindow, stage: Stage) -> None:
    window.new_resource()
    window.to("details", window.resource_id)
    stage.settle(0.5)


def first_run(window: MainWindow, stage: Stage) -> None:
    files = {"camera": "1-what.camera.mp4", "mic": "1-what.flac"}
    window.desk.settings.change(**{kind: f"file:{SAMPLE / name}" for kind, name in files.items()})
    window.to("first-run")
    until(stage, lambda: "first-run" in window.screens)
    screen = window.screens["first-run"]
    until(stage, lambda: screen.camera.picture.has_picture)
    stage.settle(6)


def first_run_nothing(window: MainWindow, stage: Stage) -> None:
    window.to("first-run")
    until(stage, lambda: "first-run" in window.screens)
    until(stage, lambda: window.screens["first-run"].camera.badge.text == "See below")
    stage.settle(0.5)


def first_run_model(window: MainWindow, stage: Stage) -> None:
    """The model is being set up."""
    first_run(window, stage)
    card = window.screens["first-run"].model
    card._start(lambda work: slowly(work=work))
    stage.settle(2)


def slowly(*, work: Work) -> Path:
    for n in range(2000):
        work.checkpoint()
        work.report(0.46 + n / 200_000)
        time.sleep(0.01)
    return Path()


COMING = "Because an enquiry goes cold fast. Last quarter, we looked at our own numbers in Leeds."
OUTCOME = "Ring a web enquiry inside the hour, open with what worries the customer, and end on a booked date."
QUESTIONS = (
    "What do I say first when someone is upset?",
    "How soon after a mistake should I talk to them?",
    "Do I write it down?",
    "What if they do not agree?",
    "How do I say something good without it sounding fake?",
)


def edit(window: MainWindow, stage: Stage) -> None:
    window.to("edit", stage.shelf()[0])
    until(stage, lambda: "edit" in window.screens and window.screens["edit"].view.tidy_up is not None)
    made(window, stage)
    window.screens["edit"].view.go(12_000_000)
    stage.settle(1)


def made(window: MainWindow, stage: Stage) -> None:
    """Wait until the sound is made, which comes last."""
    until(stage, lambda: window.screens["edit"].sound.sound is not None)
    stage.settle(0.3)


def edit_selection(window: MainWindow, stage: Stage) -> None:
    edit(window, stage)
    view = window.screens["edit"].view
    for chosen in (Selection(0, 1), Selection(22, 25)):
        view.transcript.choose(chosen)
        view.cut()
        stage.settle(0.6)
    view.decisions.mark(9_000_000)
    made(window, stage)
    view.transcript.choose(Selection(52, 58))
    view.show_chosen()


def edit_sound(window: MainWindow, stage: Stage) -> None:
    edit(window, stage)
    window.screens["edit"].view.sound.less.click()
    stage.settle(0.3)
    made(window, stage)
    window.screens["edit"].view.sound.original.click()


def edit_words(window: MainWindow, stage: Stage) -> None:
    """Words of the first answer are there, some of the second have come, of the third none."""
    library, resource_id = stage.library(), stage.interview(takes=3)
    first, second, _ = library.takes(resource_id)
    say(library, first, "1-what")
    window.desk.settings.change(model="being fetched")
    window.to("edit", resource_id)
    until(stage, lambda: "edit" in window.screens and window.screens["edit"].view.tidy_up is not None)
    made(window, stage)
    screen = window.screens["edit"]
    screen.view.line.say_nothing()
    words = [Word(n * 500_000, n * 500_000 + 300_000, text, 0.9) for n, text in enumerate(COMING.split())]
    screen.work.words_came.emit(second.id, tuple(words))


def edit_missing(window: MainWindow, stage: Stage) -> None:
    edit(window, stage)
    screen, library = window.screens["edit"], stage.library()
    take = library.takes(screen.resource_id)[1]
    for each in take.segments:
        (library.take_folder(take) / each.file).unlink()
    window.desk.holder.tell(screen.resource_id)
    stage.settle(0.5)
    made(window, stage)
    screen.view.go(screen.state_now.lanes[0].duration_us + 5_000_000)
    screen.view.line.say_nothing()


def edit_empty(window: MainWindow, stage: Stage) -> None:
    window.to("edit", stage.shelf()[1])
    stage.settle(1)


def studio(window: MainWindow, stage: Stage) -> None:
    files = {"camera": "1-what.camera.mp4", "mic": "1-what.flac"}
    window.desk.settings.change(
        **{kind: f"file:{SAMPLE / name}" for kind, name in files.items()}, countdown_s=0
    )
    window.to("studio", stage.interview(takes=0))
    until(stage, lambda: "studio" in window.screens and window.screens["studio"].view.video.has_picture)
    stage.settle(4)


def studio_recording(window: MainWindow, stage: Stage) -> None:
    studio(window, stage)
    screen = window.screens["studio"]
    screen.takes.readying.start = lambda take: None
    for seconds in (4, 5):
        screen.record()
        stage.settle(seconds)
        screen.stop()
        stage.settle(2)
    screen.next_prompt(1)
    screen.view.devices.grid.setChecked(True)
    screen.record()
    stage.settle(4)
    window.door.toasts.hide()


def studio_count(window: MainWindow, stage: Stage) -> None:
    studio(window, stage)
    window.desk.settings.change(countdown_s=5)
    window.screens["studio"].record()
    stage.settle(0.2)


def studio_warning(window: MainWindow, stage: Stage) -> None:
    studio_recording(window, stage)
    for key in ("battery.low", "mic.stalled"):
        window.screens["studio"].alerts.alert(key)


def studio_damaged(window: MainWindow, stage: Stage) -> None:
    """A take with a fault and a note, and the guide's two tabs."""
    library, made = stage.library(), stage.gap()
    first = tasks.import_file(
        library, made, SAMPLE / "1-what.camera.mp4", mic=SAMPLE / "1-what.flac", work=Work()
    )
    damaged = replace(
        first, state="damaged", note="The better ending", events=(Marker(9_000_000, "mic.stalled"),)
    )
    write_take(library.take_folder(first), damaged)
    library.adopt(damaged, library.take_folder(first))
    window.desk.settings.change(camera="none", mic=f"file:{SAMPLE / '1-what.flac'}", countdown_s=0)
    window.to("studio", made)
    until(stage, lambda: "studio" in window.screens and window.screens["studio"].recorder.session is not None)
    stage.settle(3)
    window.screens["studio"].go_to(0)


def studio_opening(window: MainWindow, stage: Stage) -> None:
    """A camera that does not answer."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/camera.mjpg"
    window.desk.settings.change(camera=address, mic=f"file:{SAMPLE / '1-what.flac'}", countdown_s=0)
    window.to("studio", stage.interview(takes=0))
    until(stage, lambda: "studio" in window.screens and window.screens["studio"].recorder.session is not None)
    stage.settle(2.5)
    stage.kept.append(listening)


def studio_test(window: MainWindow, stage: Stage) -> None:
    studio(window, stage)
    screen = window.screens["studio"]
    screen.trying.start()
    until(stage, lambda: screen.view.devices.checks.verdict.isVisible())
    stage.settle(0.5)
    scroll_to(screen.view.devices.checks.verdict)


def studio_pairing(window: MainWindow, stage: Stage) -> None:
    studio(window, stage)
    screen = window.screens["studio"]
    screen.phone.find_networks = lambda: (
        Network("wlp3s0", "127.0.0.1", "wifi"),
        Network("usb0", "127.0.0.2", "usb"),
    )
    screen.devices.use(camera="phone")
    until(stage, lambda: screen.phone.invitation is not None)
    stage.settle(0.5)


def studio_phone(window: MainWindow, stage: Stage) -> None:
    """A phone that says of itself what a phone says, through the real server."""
    studio_pairing(window, stage)
    screen = window.screens["studio"]
    stage.kept.append(Caller(screen.phone.invitation.url))
    until(stage, lambda: screen.phone.present and screen.view.video.has_picture)
    stage.settle(1)
    window.door.toasts.hide()


def studio_phone_lost(window: MainWindow, stage: Stage) -> None:
    studio_phone(window, stage)
    screen = window.screens["studio"]
    screen.record()
    stage.settle(2)
    stage.kept[-1].hangs_up()
    until(stage, lambda: "phone.away" in screen.alerts.keys)
    stage.settle(1)


class Caller:
    """Calls the phone's server as its page does, until it hangs up."""

    def __init__(self, url: str) -> None:
        self._ended = threading.Event()
        self._url = urlsplit(url)
        self._thread = threading.Thread(target=self._call, daemon=True)
        self._thread.start()

    def hangs_up(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def _call(self) -> None:
        import av

        client = Client(self._url.port, host=self._url.hostname)
        assert client.pair_url(self._url.path) == 303
        with av.open(str(SAMPLE / "1-what.camera.mp4")) as media:
            picture = next(media.decode(video=0))
            codec = av.CodecContext.create("mjpeg", "w")
            codec.width, codec.height, codec.pix_fmt = 640, 360, "yuvj420p"
            codec.time_base = Fraction(1, 25)
            small = picture.reformat(width=640, height=360, format="yuvj420p")
            jpeg = b"".join(bytes(packet) for packet in (*codec.encode(small), *codec.encode(None)))
        said = {
            "camera": "ready",
            "battery_percent": 78,
            "charging": False,
            "free_bytes": 41_000_000_000,
            "recorded_bytes": 50_000_000,
            "unsent_bytes": 3_000_000,
            "unsent_parts": 2,
            "width_px": 1920,
            "height_px": 1080,
        }
        with contextlib.suppress(OSError):  # the window was closed
            while not self._ended.wait(0.5):
                client.send("POST", "state", json.dumps(said).encode())
                client.send("POST", "preview", jpeg)


def prompter(window: MainWindow, stage: Stage) -> None:
    studio_recording(window, stage)
    screen = window.screens["studio"]
    screen.open_prompter()
    screen.prompting.window.resize(1440, 900)
    stage.settle(0.5)
    stage.grabbed = screen.prompting.window


def scroll_to(widget: QWidget) -> None:
    """Bring a part of a panel into sight."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        area.ensureWidgetVisible(widget)


def until(stage: Stage, true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        stage.settle(0.1)


def captions(window: MainWindow, stage: Stage) -> None:
    window.to("edit", stage.interview(takes=3, words=True), spot=Spot(part="captions"))
    stage.settle(3)
    tab = window.screens["edit"].captions
    tab.terms.add("account care", "Account Care")
    tab.terms.add("", "Leeds")
    tab.list.choose(4)
    stage.settle(0.5)
    tab.list.edit_text()
    tab.list.row.field.setPlainText(
        "If we rang inside the hour, about one in three\nbooked a visit and many more"
    )
    tab.list.row.field.document().setModified(True)
    tab.list.keep()
    stage.settle(1.5)


def captions_find(window: MainWindow, stage: Stage) -> None:
    captions(window, stage)
    tab = window.screens["edit"].captions
    tab.finding.open()
    tab.search.edit.setText("booked")
    stage.settle(1)


def captions_unheard(window: MainWindow, stage: Stage) -> None:
    made, library = stage.interview(takes=3, words=True), stage.library()
    take, other, _ = library.takes(made)
    for each, in_s, out_s in ((take, 3, 7), (other, 2, 4)):
        heard = library.transcript(each.id)
        assert heard is not None
        in_us, out_us = in_s * 1_000_000, out_s * 1_000_000
        words = tuple(word for word in heard.words if not in_us < word.end_us < out_us)
        words = (*words[:-2], replace(words[-2], text="Vexitron,", confidence=0.3), words[-1])
        flag = Flag(each.id, in_us, out_us, "no_words")
        library.save_transcript(replace(heard, words=words, flags=(flag,)))
    library.keep_glossary([Term("Vexatron"), Term("Account Care", "account care")])
    window.to("edit", made, spot=Spot(part="captions"))
    stage.settle(3)


def captions_writing(window: MainWindow, stage: Stage) -> None:
    captions_empty(window, stage)
    window.screens["edit"].captions.show_writing(writing=True)


def captions_no_model(window: MainWindow, stage: Stage) -> None:
    captions_empty(window, stage)
    source = "https://huggingface.co/Systran/faster-whisper-base"
    missing = UserError("models.missing", name="base", install="lapel-model-base", source=source)
    window.screens["edit"].captions.show_problem(missing)


def captions_empty(window: MainWindow, stage: Stage) -> None:
    made = stage.interview(takes=1)
    library = stage.library()
    for take in library.takes(made):
        library.save_transcript(Transcript(take.id, "en", "base", ()))
    window.to("edit", made, spot=Spot(part="captions"))
    stage.settle(2)


#: Name of the picture, and how to get there. Each starts with a fresh library.
STATES: dict[str, State] = {
    "library-empty": library_empty,
    "library": library,
    "library-search": library_search,
    "library-list": library_list,
    "library-nothing": library_nothing,
    "library-filtered": library_filtered,
    "library-gone": library_gone,
    "library-bin": library_bin,
    "library-binned": library_binned,
    "library-refused": library_refused,
    "library-held": library_held,
    "settings": settings,
    "about": about,
    "keys": keys,
    "question": question,
    "crash": crash,
    "publish": publish,
    "publish-busy": publish_busy,
    "publish-done": publish_done,
    "publish-failed": publish_failed,
    "publish-large": publish_large,
    "record-store": record_store,
    "publish-blocked": publish_blocked,
    "edit": edit,
    "edit-selection": edit_selection,
    "edit-empty": edit_empty,
    "edit-sound": edit_sound,
    "edit-words": edit_words,
    "edit-missing": edit_missing,
    "studio": studio,
    "studio-recording": studio_recording,
    "studio-count": studio_count,
    "studio-warning": studio_warning,
    "studio-damaged": studio_damaged,
    "studio-opening": studio_opening,
    "studio-test": studio_test,
    "studio-pairing": studio_pairing,
    "studio-phone": studio_phone,
    "studio-phone-lost": studio_phone_lost,
    "prompter": prompter,
    "brief": brief,
    "brief-gap": brief_gap,
    "brief-new": brief_new,
    "brief-agreed": brief_agreed,
    "details": details,
    "first-run": first_run,
    "first-run-nothing": first_run_nothing,
    "first-run-model": first_run_model,
    "details-chosen": details_chosen,
    "details-refused": details_refused,
    "details-sound": details_sound,
    "details-empty": details_empty,
    "captions": captions,
    "captions-find": captions_find,
    "captions-unheard": captions_unheard,
    "captions-writing": captions_writing,
    "captions-no-model": captions_no_model,
    "captions-empty": captions_empty,
}


def take(name: str, application: QApplication) -> list[Path]:
    """Bring the window to a state and take its pictures."""
    made = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stage = Stage(application, folder / "library")
        window = make_window(
            application, stage.folder, settings=folder / "settings", faults=Faults(folder / "lapel.log")
        )
        stage.window = window
        window.desk.settings.change(first_run_done=True, theme="light", dark_in_studio_and_edit=False)
        window.resize(1440, 900)
        window.show()
        window.start()
        stage.settle()
        STATES[name](window, stage)
        stage.settle(0.5)
        for scheme, percent in LOOKS:
            window.desk.settings.change(theme=scheme, text_percent=percent)
            if isinstance(stage.grabbed, QDialog):  # is opened anew at each size of text
                stage.grabbed.close()
                STATES[name](window, stage)
            stage.settle(0.3)
            path = OUT / f"{name}-{scheme}{'-200' if percent == 200 else ''}.png"
            (stage.grabbed or window).grab().save(str(path))
            made.append(path)
        for job in window.desk.jobs.running:
            job.cancel()
        window.door.ask = lambda *words, **more: True
        if stage.grabbed is not None:
            stage.grabbed.close()
        window.close()
        if stage.other is not None:
            stage.other.close()
    return made


def main(names: list[str]) -> None:
    if names == ["--list"]:
        print(*STATES)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    Sweep(application)
    for name in names or STATES:
        for path in take(name, application):
            print(path.relative_to(HERE))


if __name__ == "__main__":
    main(sys.argv[1:])
