"""Publish: put this version to use (DESIGN.md 2.8).

One strong focal point: the band on top says in one sentence whether this version can be published, holds the
one primary button, and becomes the progress while it is.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QHBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.jobs import JobHandle
from app.screens import publish_presenter as presenter
from app.screens.publish_parts.band import Band
from app.screens.publish_parts.checks_panel import ChecksPanel, Way
from app.screens.publish_parts.previewing import Previewing, open_path
from app.screens.publish_parts.rules import Rules
from app.screens.publish_parts.store_dialog import StoreDialog
from app.screens.publish_parts.targets import Targets
from app.screens.publish_presenter import PublishState
from app.screens.screen import Action, BaseScreen
from app.theme import current, follow
from app.widgets.boxes import column, scrolled
from app.widgets.message import InlineMessage
from capture.errors import UserError
from capture.work import Work
from editor.library import Library
from export import checks
from export.checks import Check
from export.publish import Published
from export.steps import Steps

_REST_MS = 300
_STEPS_MS = 100
_APPROVALS = ("not_approved", "approval_outdated")


@dataclass(frozen=True, slots=True)
class Run:
    """A publishing that goes on, wherever the person is."""

    resource_id: str
    number: int
    job: JobHandle
    steps: Steps


class PublishScreen(BaseScreen):
    """The band, the targets, the rules; checks and versions at the side."""

    name: ClassVar[ScreenName] = "publish"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.shown: PublishState | None = None
        self.run: Run | None = None
        self.done: Published | None = None
        self.out: Path | None = None
        self.previewing = Previewing(desk, on_error=self._complain)
        self._lay_out()
        self._connect()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._read)
        self._tick = QTimer(self)
        self._tick.setInterval(_STEPS_MS)
        self._tick.timeout.connect(self._show_progress)

    def _lay_out(self) -> None:
        whole = QHBoxLayout()
        whole.setSpacing(0)
        main, inner = column(margins=(32, 24, 24, 24), spacing=20)
        self.says = InlineMessage()
        self.band = Band()
        self.targets = Targets(self.desk.settings.now.targets or presenter.FIRST_TARGETS)
        self.rules = Rules(self.desk.settings)
        inner.addWidget(self.band)
        inner.addWidget(self.says)
        self._below = QHBoxLayout()
        self._below.setSpacing(24)
        self._below.addWidget(self.targets, 11)
        self._below.addWidget(self.rules, 10)
        inner.addLayout(self._below)
        inner.addStretch(1)
        whole.addWidget(scrolled(main, name=messages.text("stage.publish")), 1)
        self.side = ChecksPanel(way_of=self._way, open_folder=open_path)
        whole.addWidget(self.side)
        self.content.addLayout(whole)

    def _connect(self) -> None:
        band = self.band
        band.go.clicked.connect(self.publish)
        band.preview.clicked.connect(self.preview)
        band.see.clicked.connect(self.preview)
        band.stop.clicked.connect(self.cancel_all)
        band.again.clicked.connect(self._forget_done)
        band.copy.clicked.connect(self.copy_path)
        band.show_folder.clicked.connect(self.open_folder)
        self.targets.chosen_changed.connect(self._on_targets)
        self.targets.left_out.connect(self.cancel_one)
        self.targets.store_asked.connect(lambda: StoreDialog(self, self.desk).exec())
        self.rules.changed.connect(lambda: self._rest.start())
        self.rules.folder_asked.connect(self._choose_folder)
        self.desk.holder.changed.connect(self._on_changed)
        follow(self._turn)

    def _turn(self) -> None:
        way = QHBoxLayout.Direction
        large = current().text_percent > 125
        self._below.setDirection(way.TopToBottom if large else way.LeftToRight)

    # Reading -----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource; what is published of another goes on meanwhile."""
        if resource_id != self.resource_id:
            self.resource_id, self.shown, self.done, self.out = resource_id, None, None, None
            self.rules.note.setPlainText("")
            self.says.say_nothing()
            self.show_loading(messages.text("publish.reading"))
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.isVisible():
            self._rest.start()

    def _read(self) -> None:
        resource_id = self.resource_id
        targets, settings = self.targets.chosen, self.desk.settings.now

        def read(library: Library, *, work: Work) -> tuple[PublishState, QImage]:
            found = presenter.read_state(library, resource_id, targets=targets, settings=settings, work=work)
            return found, QImage(str(found.poster)) if found.poster is not None else QImage()

        self.read(read, lambda found: self._show(*found), on_error=self._on_unreadable)

    def _on_unreadable(self, error: UserError) -> None:
        again = (messages.text("window.try_again"), "rotate-ccw", "standard", self._read)
        self.show_error(error, actions=[again])  # type: ignore[list-item]

    # Showing -----------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether this resource is being published."""
        return self.run is not None and self.run.resource_id == self.resource_id

    def _show(self, state: PublishState, image: QImage) -> None:
        self.shown = state
        self.show_content()
        self.band.poster.show_picture(QPixmap.fromImage(image), state.resource.title)
        self.targets.show_sizes(state.sizes)
        self.rules.show_state(state)
        self.side.show_state(state)
        self._show_folder()
        self._show_band()

    def _show_band(self) -> None:
        state = self.shown
        if state is None:
            return
        self.band.facts.setText(presenter.facts(state))
        icon, tint, verdict = presenter.verdict(state, chosen=len(self.targets.chosen))
        self.band.show_ready(
            messages.text("publish.go", number=state.next_number),
            can=not state.blocked and bool(self.targets.chosen),
            can_preview=not state.blocked,
            why=verdict,
        )
        key, number = "version", state.next_number
        if self.busy and self.run is not None:
            key, number = "doing", self.run.number
            icon, tint, verdict = "clock", "muted", messages.text("publish.go_on")
            self.band.show_busy()
        elif self.done is not None:
            key, number = "is_done", self.done.version
            icon, tint, verdict = presenter.outcome(self.done)
            self.band.show_ended()
        self.band.say(messages.text(f"publish.{key}", number=number), icon, tint, verdict)
        self.rules.setEnabled(not self.busy)
        self._show_steps()

    def _show_steps(self) -> None:
        steps = {step.target: step for step in self.run.steps.now} if self.busy and self.run else {}
        self.targets.show_steps(steps, locked=self.busy)

    def _show_progress(self) -> None:
        if self.run is None:
            self._tick.stop()
            return
        self.band.show_progress(self.run.job)
        if self.busy:
            step = messages.note(self.run.job.note)
            self.band.verdict.setText(step or messages.text("publish.go_on"))
            self._show_steps()

    def _way(self, check: Check) -> Way | None:
        if check.key in _APPROVALS:
            return self._approve, messages.text("publish.note_approval")
        if check.key == "large":
            return self.make_smaller, messages.text("publish.smaller")
        place = presenter.place_of(check)
        if place is None:
            return None
        screen, spot = place
        return (lambda: self.desk.ways.to(screen, self.resource_id, spot=spot)), ""

    def _show_folder(self) -> None:
        if self.shown is not None:
            home = self.desk.folder / "exports" / self.resource_id / f"v{self.shown.next_number}"
            self.rules.folder.setText(str(self.out or home))

    # What the person does ------------------------------------------------------------------------------

    def _on_targets(self) -> None:
        self.desk.settings.change(targets=self.targets.chosen)
        self._forget_done()
        self._rest.start()

    def _approve(self) -> None:
        try:
            presenter.approved(self.desk.holder.library, self.resource_id)
        except UserError as error:
            self._complain(error)
        else:
            self.desk.holder.tell(self.resource_id)

    def _complain(self, error: UserError) -> None:
        self.says.say(messages.sentence(error), kind="error")

    def make_smaller(self) -> None:
        """Keep the packages under what many learning systems take."""
        self.says.say_nothing()
        self._forget_done()
        self.rules.keep_under(presenter.USUAL_LIMIT_MB)

    def _choose_folder(self) -> None:
        start = str(self.out or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, messages.text("publish.change_folder"), start)
        if chosen:
            self.out = Path(chosen)
            self._show_folder()

    def publish(self) -> None:
        """Publish the next version; it goes on in the status bar if the person leaves."""
        from export import publish

        state = self.shown
        if state is None or self.run is not None or state.blocked or not self.targets.chosen:
            return
        self.says.say_nothing()
        self.done = None
        shared, resource_id = self.desk.holder.for_job(), self.resource_id
        steps = Steps(self.targets.chosen)
        publishing = functools.partial(
            publish.publish,
            shared,
            resource_id,
            targets=self.targets.chosen,
            out=self.out,
            terms=presenter.terms(
                self.desk.settings.now, published=bool(state.versions), note=self.rules.said
            ),
            steps=steps,
        )
        job = self.desk.jobs.start(
            "jobs.publish",
            publishing,
            params={"number": state.next_number},
            on_done=self._on_published,
            on_error=self._on_failed,
        )
        self.run = Run(resource_id, state.next_number, job, steps)
        self.desk.jobs.changed.connect(self._on_jobs)
        self._tick.start()
        self._show_band()

    def _on_jobs(self) -> None:
        if self.run is not None and self.run.job.state == "cancelled":
            self._end_run()
            self.desk.door.toast(messages.text("publish.cancelled"))

    def _end_run(self) -> None:
        self.run = None
        self._tick.stop()
        self.desk.jobs.changed.disconnect(self._on_jobs)
        self._show_band()

    def _on_published(self, done: Published) -> None:
        self._end_run()
        if done.resource_id == self.resource_id:
            self.done = done
            self.rules.note.setPlainText("")
            self._say_of(done)
        words = messages.text("publish.toast", number=done.version, title=done.title)
        self.desk.door.toast(words)
        self._show_band()
        self._read()

    def _say_of(self, done: Published) -> None:
        """Say what could not be built, else what the finished packages are not perfect in."""
        if done.failed:
            self.says.say(messages.sentence(done.failed[0][1]), kind="error")
            return
        words = " ".join(dict.fromkeys(map(checks.words, done.checks)))
        large = any(check.key == "large" for check in done.checks)
        offers = [(messages.text("publish.smaller"), self.make_smaller)] if large else []
        if words:
            self.says.say(words, kind="warn", offers=offers)

    def _on_failed(self, error: UserError) -> None:
        self._end_run()
        again = (messages.text("window.try_again"), self.publish)
        self.says.say(messages.sentence(error), kind="error", offers=[again])

    def cancel_all(self) -> None:
        """Stop publishing; the last version stays as it is."""
        if self.run is not None:
            self.run.job.cancel()

    def cancel_one(self, target: str) -> None:
        """Leave one package out; the others go on."""
        if self.run is not None:
            self.run.steps.leave_out(target)
            self._show_steps()

    def _forget_done(self) -> None:
        self.done = None
        self._show_band()

    def open_folder(self) -> None:
        """Show what was made in the system's file window."""
        if self.done is not None and self.done.packages:
            open_path(self.done.packages[0].path.parent)

    def copy_path(self) -> None:
        """Copy where it is."""
        if self.done is not None and self.done.packages:
            QGuiApplication.clipboard().setText(str(self.done.packages[0].path.parent))
            self.desk.door.toast(messages.text("publish.copied"))

    def preview(self) -> None:
        """Show the package in the browser, as publishing now would make it."""
        state = self.shown
        if state is not None and not state.blocked:
            self.previewing.show(
                self.resource_id,
                title=state.resource.title,
                target=presenter.preview_target(self.targets.chosen),
                terms=presenter.terms(self.desk.settings.now, published=bool(state.versions)),
            )

    # What the shell asks -----------------------------------------------------------------------------------

    def bindings(self) -> Mapping[str, Action]:
        """Return what Publish's keys do."""
        return {"preview": self.preview, "check_first": self.side.mend_first}

    def primary(self) -> QAbstractButton | None:
        """Return Publish, or what comes after it."""
        if self.busy:
            return None
        return self.band.show_folder if self.done is not None else self.band.go

    def panels(self) -> Sequence[QWidget]:
        """Return the band, the targets, the rules and the checks."""
        return (self.band, self.targets, self.rules, self.side)
