"""Publish: put this version to use (DESIGN.md 2.8).

One strong focal point: the band on top says in one sentence whether this version can be published, holds the
one primary button, and becomes the progress while it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.jobs import JobHandle
from app.screens import publish_presenter as presenter
from app.screens.publish_parts import CheckLine, Poster, StoreDialog, TargetCard, VersionLine
from app.screens.publish_presenter import PublishState
from app.screens.screen import Action, BaseScreen
from app.shell.keys import shown
from app.theme import current, follow
from app.widgets.boxes import Card, Panel, clear, column, flow, row, rule, scrolled
from app.widgets.buttons import Button
from app.widgets.checks import Toggle
from app.widgets.fields import TextArea
from app.widgets.marks import Badge
from app.widgets.measures import Progress, Slider
from app.widgets.message import Icon, InlineMessage
from app.widgets.text import ElidedLabel, Heading, Label
from capture.errors import UserError
from capture.work import Work
from editor.library import Library
from export.checks import Check
from export.publish import Published
from export.registry import BUILT
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
    _ready_address = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.shown: PublishState | None = None
        self.run: Run | None = None
        self.done: Published | None = None
        self.out: Path | None = None
        self._lay_out()
        self._connect()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._read)
        self._tick = QTimer(self)
        self._tick.setInterval(_STEPS_MS)
        self._tick.timeout.connect(self._show_progress)

    # Building ----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        whole = QHBoxLayout()
        whole.setSpacing(0)
        main, inner = column(margins=(32, 24, 24, 24), spacing=20)
        self.says = InlineMessage()
        inner.addWidget(self._band())
        inner.addWidget(self.says)
        self._below = QHBoxLayout()
        self._below.setSpacing(24)
        self._below.addWidget(self._targets(), 11)
        self._below.addWidget(self._rules(), 10)
        inner.addLayout(self._below)
        inner.addStretch(1)
        self.main = scrolled(main, name=messages.text("stage.publish"))
        whole.addWidget(self.main, 1)
        whole.addWidget(self._side())
        self.content.addLayout(whole)

    def _band(self) -> QWidget:
        self.band = Card(margins=20)
        line = QHBoxLayout()
        line.setSpacing(24)
        self.poster = Poster()
        line.addWidget(self.poster)
        words = QVBoxLayout()
        words.setSpacing(6)
        self.headline = Heading("", "display")
        self.headline.setWordWrap(True)
        verdict, verdict_row = row(spacing=8)
        self._sign = Icon("info", "text-muted", size=20)
        self.verdict = Label("", "title-small", wrap=True)
        verdict_row.addWidget(self._sign)
        verdict_row.addWidget(self.verdict, 1)
        self.facts = Label("", tint="muted", wrap=True, tabular=True)
        words.addWidget(self.headline)
        words.addWidget(verdict)
        words.addWidget(self.facts)
        words.addStretch(1)
        words.addWidget(self._actions())
        line.addLayout(words, 1)
        self.band.column.addLayout(line)
        return self.band

    def _actions(self) -> QWidget:
        self.acts = QStackedWidget()
        ready, ready_row = flow(spacing=12)
        self.go = Button("", icon="upload", kind="primary", size="large", keys=shown("Ctrl+Return"))
        self.preview_button = Button(messages.text("library.preview"), icon="external-link", size="large")
        ready_row.addWidget(self.go)
        ready_row.addWidget(self.preview_button)
        busy, busy_row = row(spacing=12)
        self.bar = Progress(messages.text("statusbar.progress"))
        self.bar.setFixedHeight(8)
        self.share = Label("", "label", tabular=True)
        self.left = Label("", tint="muted", tabular=True)
        self.stop = Button(messages.text("publish.cancel_all"), size="large")
        for each, stretch in ((self.bar, 1), (self.share, 0), (self.left, 0), (self.stop, 0)):
            busy_row.addWidget(each, stretch)
        ended, ended_row = flow(spacing=12)
        self.show_folder = Button(
            messages.text("library.show_folder"), icon="folder-open", kind="primary", size="large"
        )
        self.copy = Button(messages.text("publish.copy_path"), icon="copy", size="large")
        self.again = Button(messages.text("publish.again"), kind="plain", size="large")
        self.see = Button(messages.text("library.preview"), icon="external-link", size="large")
        for button in (self.show_folder, self.see, self.copy, self.again):
            ended_row.addWidget(button)
        for page in (ready, busy, ended):
            self.acts.addWidget(page)
        self._ready, self._busy, self._ended = ready, busy, ended
        return self.acts

    def _targets(self) -> QWidget:
        holder, inner = column(spacing=12)
        head, line = row(spacing=8)
        line.addWidget(Heading(messages.text("publish.to"), "title-small"))
        line.addStretch(1)
        self.store = Button(messages.text("publish.store.open"), kind="link", icon="database")
        line.addWidget(self.store)
        inner.addWidget(head)
        chosen = self.desk.settings.now.targets or presenter.FIRST_TARGETS
        self.cards: dict[str, TargetCard] = {}
        self._stops: dict[str, Button] = {}
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, target in enumerate(BUILT):
            card = TargetCard(target)
            card.setChecked(target in chosen)
            self.cards[target] = card
            stop = Button(messages.text("publish.cancel_one"), kind="link", size="small")
            name = messages.text("statusbar.cancel_what", what=card.words)
            stop.setAccessibleName(name)
            stop.hide()
            self._stops[target] = stop
            grid.addWidget(card, place, 0)
            grid.addWidget(stop, place, 1)
        inner.addLayout(grid)
        inner.addStretch(1)
        self.targets_part = holder
        return holder

    def _rules(self) -> QWidget:
        self.rules, inner = column(spacing=12)
        inner.addWidget(Heading(messages.text("publish.counts"), "title-small"))
        card = Card(margins=18, spacing=10)
        head = QHBoxLayout()
        head.addWidget(Label(messages.text("publish.complete"), "label", wrap=True), 1)
        percent = self.desk.settings.now.completion_percent
        self.percent = QSpinBox()
        self.percent.setAccessibleName(messages.text("publish.complete"))
        self.percent.lineEdit().setAccessibleName(messages.text("publish.complete"))
        self.percent.setRange(0, 100)
        self.percent.setSingleStep(5)
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setSuffix(messages.text("publish.percent"))
        self.percent.setValue(percent)
        head.addWidget(self.percent)
        self.slider = Slider(messages.text("publish.complete"), value=percent)
        self.slider.setSingleStep(5)
        self.watched = Label("", "caption", tint="muted", wrap=True, tabular=True)
        card.column.addLayout(head)
        card.column.addWidget(self.slider)
        card.column.addWidget(self.watched)
        card.column.addWidget(rule())
        asks = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(messages.text("publish.feedback"), "label", wrap=True))
        words.addWidget(Label(messages.text("publish.feedback_about"), "caption", tint="muted", wrap=True))
        self.feedback = Toggle(messages.text("publish.feedback"), on=True)
        asks.addLayout(words, 1)
        asks.addWidget(self.feedback)
        card.column.addLayout(asks)
        card.column.addWidget(rule())
        self.note_label = Label("", "label")
        self.note = TextArea(name=messages.text("publish.note"), rows=2)
        self.note_label.setBuddy(self.note)
        card.column.addWidget(self.note_label)
        card.column.addWidget(self.note)
        inner.addWidget(card)
        folder, line = row(spacing=8)
        line.addWidget(Icon("folder-open", "text-muted"))
        self.folder = ElidedLabel("", tint="muted")
        self.change = Button(messages.text("publish.change_folder"), size="small")
        line.addWidget(self.folder, 1)
        line.addWidget(self.change)
        inner.addWidget(folder)
        inner.addStretch(1)
        return self.rules

    def _side(self) -> QWidget:
        self.side = Panel(name=messages.text("publish.checks"), edge="left", width=376)
        content, inner = column(margins=(24, 20, 20, 20), spacing=8)
        head, line = row(spacing=8)
        line.addWidget(Heading(messages.text("publish.checks"), "title-small"))
        line.addStretch(1)
        self.badge = Badge()
        line.addWidget(self.badge)
        inner.addWidget(head)
        checks, self._checks = column(spacing=0)
        inner.addWidget(checks)
        inner.addSpacing(8)
        inner.addWidget(rule())
        inner.addSpacing(4)
        inner.addWidget(Heading(messages.text("publish.versions"), "title-small"))
        versions, self._versions = column(spacing=0)
        inner.addWidget(versions)
        inner.addStretch(1)
        self.side.column.addWidget(scrolled(content, name=messages.text("publish.checks")))
        return self.side

    def _connect(self) -> None:
        self.go.clicked.connect(self.publish)
        self.preview_button.clicked.connect(self.preview)
        self.see.clicked.connect(self.preview)
        self.stop.clicked.connect(self.cancel_all)
        self.again.clicked.connect(self._forget_done)
        self.copy.clicked.connect(self.copy_path)
        self.show_folder.clicked.connect(self.open_folder)
        self.store.clicked.connect(lambda: StoreDialog(self, self.desk).exec())
        self.change.clicked.connect(self._choose_folder)
        self.slider.valueChanged.connect(self._on_percent)
        self.percent.valueChanged.connect(self._on_percent)
        for target, card in self.cards.items():
            card.clicked.connect(self._on_target)
            self._stops[target].clicked.connect(lambda _=False, target=target: self.cancel_one(target))
        self.desk.holder.changed.connect(self._on_changed)
        self._ready_address.connect(open_address)
        follow(self._retheme)

    def _retheme(self) -> None:
        self.percent.setFont(current().font("label", tabular=True))
        self.percent.setFixedWidth(current().text(84))
        large = current().text_percent > 125
        self._below.setDirection(
            QHBoxLayout.Direction.TopToBottom if large else QHBoxLayout.Direction.LeftToRight
        )

    # Reading -----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource; what is published of another goes on meanwhile."""
        if resource_id != self.resource_id:
            self.resource_id, self.shown, self.done, self.out = resource_id, None, None, None
            self.note.setPlainText("")
            self.says.say_nothing()
            self.show_loading(messages.text("publish.reading"))
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.isVisible():
            self._rest.start()

    def _read(self) -> None:
        resource_id = self.resource_id
        targets, percent = self.chosen, self.percent.value()

        def read(library: Library, *, work: Work) -> tuple[PublishState, QImage]:
            found = presenter.read_state(library, resource_id, targets=targets, percent=percent, work=work)
            return found, QImage(str(found.poster)) if found.poster is not None else QImage()

        self.read(read, lambda found: self._show(*found), on_error=self._on_unreadable)

    def _on_unreadable(self, error: UserError) -> None:
        self.show_error(
            error, actions=[(messages.text("window.try_again"), "rotate-ccw", "standard", self._read)]
        )

    # Showing -----------------------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[str, ...]:
        """The targets that are ticked."""
        return tuple(target for target, card in self.cards.items() if card.isChecked())

    @property
    def busy(self) -> bool:
        """Whether this resource is being published."""
        return self.run is not None and self.run.resource_id == self.resource_id

    def _show(self, state: PublishState, image: QImage) -> None:
        self.shown = state
        self.show_content()
        self.poster.show_picture(QPixmap.fromImage(image), state.resource.title)
        for target, card in self.cards.items():
            card.show_size(presenter.size_words(state, target) if state.length_us else "")
        self.watched.setText(presenter.watched(state, self.percent.value()))
        self.note_label.setText(messages.text("publish.changed", number=state.next_number))
        self.note.setPlaceholderText(messages.text("publish.note_hint") if state.versions else "")
        self._show_folder()
        self._show_checks(state)
        self._show_versions(state)
        self._show_band()

    def _show_band(self) -> None:
        state = self.shown
        if state is None:
            return
        number = self.run.number if self.busy and self.run is not None else state.next_number
        if self.done is not None:
            number = self.done.version
        key = "doing" if self.busy else "is_done" if self.done is not None else "version"
        self.headline.setText(messages.text(f"publish.{key}", number=number))
        if self.busy:
            icon, tint, words = "clock", "muted", messages.text("publish.go_on")
        elif self.done is not None:
            icon, tint, words = self._outcome(self.done)
        else:
            icon, tint, words = presenter.verdict(state, chosen=len(self.chosen))
        self._sign.show_icon(icon, {"muted": "text-muted"}.get(tint, tint))
        self.verdict.setText(words)
        self.verdict.set_tint(tint)
        self.facts.setText(presenter.facts(state))
        self.go.setText(messages.text("publish.go", number=state.next_number))
        self.go.setEnabled(not state.blocked and bool(self.chosen))
        self.go.setToolTip("" if self.go.isEnabled() else words)
        self.go.retheme()
        self.preview_button.setEnabled(bool(state.versions))
        missing = messages.text("publish.preview_first")
        self.preview_button.setToolTip("" if state.versions else missing)
        page = self._busy if self.busy else self._ended if self.done is not None else self._ready
        self.acts.setCurrentWidget(page)
        for part in (self.rules, self.store):
            part.setEnabled(not self.busy)
        self._show_steps()

    def _outcome(self, done: Published) -> tuple[str, str, str]:
        if done.failed:
            names = ", ".join(messages.text(f"publish.target.{target}.name") for target, _ in done.failed)
            return "triangle-alert", "warn", messages.text("publish.some_failed", names=names)
        return "circle-check", "ok", messages.counted("publish.made", len(done.packages))

    def _show_steps(self) -> None:
        steps = {step.target: step for step in self.run.steps.now} if self.busy and self.run else {}
        for target, card in self.cards.items():
            step = steps.get(target)
            waits = step is not None and step.state in ("waiting", "building")
            if step is None:
                card.show_step(replace(card.step, state="waiting", fraction=0.0), locked=self.busy)
            else:
                card.show_step(step, locked=True)
            self._stops[target].setVisible(waits and len(steps) > 1)

    def _show_progress(self) -> None:
        run = self.run
        if run is None:
            self._tick.stop()
            return
        self.bar.show_fraction(run.job.fraction)
        self.share.setText("" if run.job.fraction is None else messages.percent(run.job.fraction))
        self.left.setText(messages.time_left(run.job.left_s))
        if self.busy:
            step = messages.note(run.job.note)
            self.verdict.setText(step or messages.text("publish.go_on"))
            self._show_steps()

    def _show_checks(self, state: PublishState) -> None:
        clear(self._checks)
        for check in state.checks:
            go, words = self._way(check)
            self._checks.addWidget(CheckLine(check, go=go, words=words))
        count = state.to_look_at
        if state.blocked:
            self.badge.say(messages.text("publish.mend"), kind="record", icon="circle-x")
        elif count:
            self.badge.say(messages.text("publish.to_look", count=count), kind="warn", icon="triangle-alert")
        else:
            self.badge.say(messages.text("publish.all_well"), kind="ok", icon="circle-check")

    def _way(self, check: Check) -> tuple[Callable[[], None] | None, str]:
        if check.key in _APPROVALS:
            return self._approve, messages.text("publish.note_approval")
        place = presenter.place_of(check)
        if place is None:
            return None, ""
        screen, spot = place
        return (lambda: self.desk.ways.to(screen, self.resource_id, spot=spot)), ""

    def _approve(self) -> None:
        try:
            presenter.approved(self.desk.holder.library, self.resource_id)
        except UserError as error:
            self.says.say(messages.sentence(error), kind="error")
        else:
            self.desk.holder.tell(self.resource_id)

    def _show_versions(self, state: PublishState) -> None:
        clear(self._versions)
        for version in state.versions:
            folder = presenter.folder_of(version)
            go = (lambda folder=folder: open_path(folder)) if folder is not None else None
            self._versions.addWidget(VersionLine(version, go=go))
        if not state.versions:
            self._versions.addWidget(Label(messages.text("publish.no_versions"), tint="muted", wrap=True))

    def _show_folder(self) -> None:
        if self.shown is None:
            return
        home = self.desk.folder / "exports" / self.resource_id / f"v{self.shown.next_number}"
        self.folder.setText(str(self.out or home))

    # What the person does ------------------------------------------------------------------------------

    def _on_target(self) -> None:
        self.desk.settings.change(targets=self.chosen)
        self._forget_done()
        self._rest.start()

    def _on_percent(self, percent: int) -> None:
        for control in (self.slider, self.percent):
            if control.value() != percent:
                control.setValue(percent)
        if self.shown is not None:
            self.watched.setText(presenter.watched(self.shown, percent))
        if percent != self.desk.settings.now.completion_percent:
            self.desk.settings.change(completion_percent=percent)
            self._rest.start()

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
        if state is None or self.run is not None or state.blocked or not self.chosen:
            return
        self.says.say_nothing()
        self.done = None
        shared, resource_id = self.desk.holder.for_job(), self.resource_id
        steps = Steps(self.chosen)
        publishing = functools.partial(
            publish.publish,
            shared,
            resource_id,
            targets=self.chosen,
            out=self.out,
            completion_percent=self.percent.value(),
            feedback=self.feedback.isChecked(),
            note=" ".join(self.note.toPlainText().split()),
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
            self.note.setPlainText("")
            if done.failed:
                self.says.say(messages.sentence(done.failed[0][1]), kind="error")
        words = messages.text("publish.toast", number=done.version, title=done.title)
        self.desk.door.toast(words)
        self._show_band()
        self._read()

    def _on_failed(self, error: UserError) -> None:
        self._end_run()
        self.says.say(
            messages.sentence(error),
            kind="error",
            offers=[(messages.text("window.try_again"), self.publish)],
        )

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
        """Show the newest package in the browser, inside what stands in for a learning system."""
        from export import preview, publish

        state = self.shown
        if state is None or not state.versions:
            return
        made = [each.target for each in state.versions[0].targets]
        target = next((each for each in self.chosen if each in made), made[0] if made else "web")
        if target == "video":
            self.open_folder()
            return
        resource_id = self.resource_id

        def show(*, work: Work) -> None:
            with self.desk.holder.read() as library:
                package = publish.newest_package(library, resource_id, target=target)
            preview.serve(package, target=target, on_ready=self._ready_address.emit, work=work)

        self.desk.jobs.start(
            "jobs.preview",
            show,
            params={"title": state.resource.title},
            on_error=lambda error: self.says.say(messages.sentence(error), kind="error"),
        )

    # What the shell asks -----------------------------------------------------------------------------------

    def bindings(self) -> Mapping[str, Action]:
        """Return what Publish's keys do."""
        return {"preview": self.preview, "check_first": self._go_first}

    def _go_first(self) -> None:
        for place in range(self._checks.count()):
            item = self._checks.itemAt(place)
            found = item.widget() if item is not None else None
            if isinstance(found, CheckLine) and found.fix is not None:
                found.fix.click()
                return

    def primary(self) -> QAbstractButton | None:
        """Return Publish, or what comes after it."""
        if self.busy:
            return None
        return self.show_folder if self.done is not None else self.go

    def panels(self) -> Sequence[QWidget]:
        """Return the band, the targets, the rules and the checks."""
        return (self.band, self.targets_part, self.rules, self.side)


def open_path(path: Path) -> None:
    """Open a file or folder in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_address(url: str) -> None:
    """Open an address in the browser."""
    QDesktopServices.openUrl(QUrl(url))
