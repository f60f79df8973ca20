"""The model that writes captions: whether it is here, its language, and setting it up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app import messages
from app.desk import Desk
from app.jobs import JobHandle
from app.screens import first_run_presenter as presenter
from app.screens.first_run_parts.card import CheckCard, Fact
from app.screens.first_run_presenter import ModelCard as Found
from app.settings import caption_languages
from app.theme import current, follow
from app.widgets.boxes import column
from app.widgets.buttons import Button
from app.widgets.measures import Progress
from app.widgets.message import Icon
from app.widgets.text import Heading, Label
from capture.errors import UserError
from capture.work import Work
from editor import models


class ModelCard(CheckCard):
    """Captions wait for the model; nothing else does."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("model", 3, icon="languages")
        self._desk = desk
        self._job: JobHandle | None = None
        self._found: Found | None = None
        self._add_well()
        self.room = Fact()
        self.facts.addWidget(self.room)
        self.get = Button(messages.text("first_run.get"), icon="check")
        self.use = Button(messages.text("first_run.use"), icon="folder-open")
        self.stop = Button(messages.text("widgets.cancel"))
        self.stop.setAccessibleName(messages.text("statusbar.cancel_what", what=messages.text("jobs.model")))
        for button, act in ((self.get, self.get_it), (self.use, self._choose), (self.stop, self._stop)):
            button.clicked.connect(act)
            self.buttons.addWidget(button)
        self.choice.show_choices(caption_languages(), desk.settings.now.caption_language)
        self.choice.activated.connect(
            lambda _: desk.settings.change(caption_language=self.choice.currentData())
        )
        desk.jobs.changed.connect(self._on_jobs)

    def _add_well(self) -> None:
        ground, inside = column(margins=(20, 20, 20, 16), spacing=10)
        ground.setProperty("ground", "sunken")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Icon("captions", "accent-text", size=24))
        self.title = Heading("", "title-small")
        self.title.setWordWrap(True)
        head.addWidget(self.title, 1)
        inside.addLayout(head)
        inside.addWidget(Label(messages.text("first_run.model_about"), tint="muted", wrap=True))
        inside.addStretch(1)
        self.progress = Progress(messages.text("jobs.model"))
        self.so_far = Label("", "caption", tabular=True)
        self.left = Label("", "caption", tint="muted", tabular=True)
        below = QHBoxLayout()
        below.addWidget(self.so_far, 1)
        below.addWidget(self.left)
        inside.addWidget(self.progress)
        inside.addLayout(below)
        self._ground: QWidget = ground
        self.well.addWidget(ground)
        follow(lambda: self._ground.setMinimumHeight(current().text(186)))

    def look(self) -> None:
        """Look whether the model is here."""
        self.choice.choose(self._desk.settings.now.caption_language)
        name, folder = self._desk.settings.now.model, self._desk.folder
        self._desk.jobs.read(lambda *, work: presenter.model_card(name, folder), on_done=self._show)

    def _show(self, found: Found) -> None:
        self._found = found
        self.title.setText(found.title)
        self.room.say(*found.room)
        if self._job is None:
            self.show_look("ready" if found.state == "ready" else "see", found.words)
        self._show_parts()

    def _show_parts(self) -> None:
        busy = self._job is not None
        state = self._found.state if self._found is not None else "ready"
        for part in (self.progress, self.so_far, self.left, self.stop):
            part.setVisible(busy)
        self.get.setVisible(not busy and state == "at_hand")
        self.use.setVisible(not busy and state != "ready")

    def get_it(self) -> None:
        """Put the model together from what is on this computer."""
        name = self._desk.settings.now.model
        self._start(lambda work: models.get_model(name, work=work))

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, messages.text("first_run.use"), str(Path.home()))
        if chosen:
            self.add(Path(chosen))

    def add(self, folder: Path) -> None:
        """Take a model from a folder, checked before it is used, and use it from now on."""

        def used(path: Path) -> None:
            self._desk.settings.change(model=path.name)

        self._start(lambda work: models.add_model(folder, work=work), used=used)

    def _start(self, fetch: Callable[[Work], Path], *, used: Callable[[Path], None] = lambda _: None) -> None:
        def run(*, work: Work) -> Path:
            return fetch(work)

        def done(path: Path) -> None:
            used(path)
            self._end()

        def failed(error: UserError) -> None:
            self._job = None
            self._show_parts()
            self.show_look("see", messages.sentence(error))  # stays until something else is tried

        self._job = self._desk.jobs.start("jobs.model", run, on_done=done, on_error=failed)
        self.show_look("looking", messages.text("first_run.setting_up"))
        self._on_jobs()
        self._show_parts()

    def _end(self) -> None:
        self._job = None
        self.look()

    def _on_jobs(self) -> None:
        job = self._job
        if job is None:
            return
        if job.state == "cancelled":
            self._end()
            return
        self.progress.show_fraction(job.fraction)
        self.so_far.setText(presenter.so_far(job.fraction, self._found.size_bytes if self._found else 0))
        self.left.setText(messages.time_left(job.left_s))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
