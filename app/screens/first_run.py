"""First run: camera, microphone and captions model, ready in two minutes (DESIGN.md 2.12)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QFileDialog, QHBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.jobs import JobHandle
from app.screens import first_run_presenter as presenter
from app.screens.first_run_presenter import DeviceCard, ModelCard
from app.screens.screen import BaseScreen
from app.theme import current, follow
from app.widgets.boxes import Card, column, row, scrolled
from app.widgets.buttons import Button
from app.widgets.fields import ComboBox
from app.widgets.marks import Badge
from app.widgets.measures import Progress
from app.widgets.message import Icon
from app.widgets.text import Heading, Label
from capture.device_check import Look, check_devices
from capture.errors import UserError
from capture.work import Work
from editor import models

_CARD_PX = (368, 456)
_LARGE_PERCENT = 130


class CheckCard(Card):
    """One check: what it is, a well, what was found, and what to do about it."""

    def __init__(self, title: str, *, icon: str, about: str) -> None:
        super().__init__(margins=20, spacing=12)
        head = QHBoxLayout()
        self.badge = Badge()
        head.addWidget(Heading(title, "title-small"), 1)
        head.addWidget(self.badge)
        self.column.addLayout(head)
        self.well, inside = column(margins=(20, 20, 20, 20), spacing=12)
        self.well.setProperty("ground", "sunken")
        self.well.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside.addWidget(Icon(icon, "accent-text", size=24))
        self.about = Label(about, "body", wrap=True)
        inside.addWidget(self.about)
        inside.addStretch(1)
        self.inside = inside
        self.column.addWidget(self.well)
        self.devices = ComboBox(name=title, icon=icon)
        self.column.addWidget(self.devices)
        line = QHBoxLayout()
        self.mark = Icon("clock", "text-muted")
        self.said = Label("", wrap=True)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.said, 1)
        self.column.addLayout(line)
        self.column.addStretch(1)
        buttons, self.buttons = row()
        self.column.addWidget(buttons)
        self.buttons.addStretch(1)
        follow(self._take_size)

    def _take_size(self) -> None:
        wide, high = _CARD_PX
        self.setFixedWidth(current().text(wide))
        self.setMinimumHeight(high if current().text_percent <= _LARGE_PERCENT else 0)
        self.well.setMinimumHeight(current().text(140))

    def say(self, text: str, *, ready: bool, checking: bool = False) -> None:
        """Say what was found."""
        kind = "neutral" if checking else "ok" if ready else "warn"
        self.badge.say(presenter.badge(ready=ready, checking=checking), kind=kind)  # type: ignore[arg-type]
        icon, tint = (
            ("clock", "text-muted")
            if checking
            else (("circle-check", "ok") if ready else ("triangle-alert", "warn"))
        )
        self.mark.show_icon(icon, tint)
        self.said.setText(text)


class FirstRunScreen(BaseScreen):
    """Three cards in any order; all can be skipped."""

    name: ClassVar[ScreenName] = "first-run"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        body, inside = column(margins=(32, 40, 32, 24), spacing=8)
        title = Heading(messages.text("first_run.title"), "display")
        about = Label(messages.text("first_run.about"), "title-small", tint="muted", wrap=True)
        for label in (title, about):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(label)
        inside.addSpacing(20)
        self.camera = self._card("camera", icon="camera")
        self.mic = self._card("mic", icon="mic")
        self.model = self._card("model", icon="captions")
        self.model.devices.hide()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(24)
        self._row.addStretch(1)
        for card in (self.camera, self.mic, self.model):
            self._row.addWidget(card)
        self._row.addStretch(1)
        inside.addLayout(self._row)
        inside.addSpacing(20)
        inside.addLayout(self._end())
        inside.addStretch(1)
        self.content.addWidget(scrolled(body, name=messages.text("stage.first-run")))
        self._model_buttons()
        self._found: dict[CheckCard, DeviceCard] = {}
        self._looking: JobHandle | None = None
        self.desk.jobs.changed.connect(self._end_look)
        follow(self._turn)

    def _card(self, key: str, *, icon: str) -> CheckCard:
        card = CheckCard(
            messages.text(f"first_run.{key}"), icon=icon, about=messages.text(f"first_run.{key}_about")
        )
        if key != "model":
            again = Button(messages.text("first_run.again"), icon="rotate-ccw")
            again.setAccessibleName(
                messages.text("first_run.again_what", what=messages.text(f"first_run.{key}"))
            )
            again.clicked.connect(self.look)
            card.buttons.insertWidget(0, again)
            card.devices.activated.connect(lambda _: self._show_device(card))
        return card

    def _model_buttons(self) -> None:
        self.progress = Progress(messages.text("first_run.model"))
        self.progress.hide()
        self.model.inside.addWidget(self.progress)
        self.get = Button(messages.text("first_run.get"), icon="check")
        self.use = Button(messages.text("first_run.use"), icon="folder-open")
        self.get.clicked.connect(self._get_model)
        self.use.clicked.connect(self._choose_model)
        self.model.buttons.insertWidget(0, self.get)
        self.model.buttons.insertWidget(1, self.use)

    def _end(self) -> QBoxLayout:
        line = QHBoxLayout()
        self.skip = Button(messages.text("first_run.skip"), size="large")
        self.begin = Button(
            messages.text("first_run.begin"), after="arrow-right", kind="primary", size="large"
        )
        self.skip.clicked.connect(lambda: self._finish(begin=False))
        self.begin.clicked.connect(lambda: self._finish(begin=True))
        line.addStretch(1)
        line.addWidget(self.skip)
        line.addWidget(self.begin)
        line.addStretch(1)
        return line

    def _turn(self) -> None:
        large = current().text_percent > _LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)

    # Devices ------------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Look at everything again."""
        self.show_content()
        self.look()
        self._show_model(presenter.model_card(self.desk.settings.now.model))

    def look(self) -> None:
        """Look for cameras and microphones, and try each for a moment."""
        if self._looking is not None and self._looking.state == "running":
            return
        for card in (self.camera, self.mic):
            card.say(messages.text("first_run.looking"), ready=False, checking=True)
            card.devices.setEnabled(False)
        self._looking = self.desk.jobs.start(
            "jobs.devices", lambda *, work: check_devices(work=work), on_done=self._show_look
        )

    def _end_look(self) -> None:
        """Say so if the person cancelled looking."""
        if self._looking is not None and self._looking.state == "cancelled":
            for card in (self.camera, self.mic):
                card.say(messages.text("first_run.stopped"), ready=False)

    def _show_look(self, look: Look) -> None:
        for card, key in ((self.camera, "camera"), (self.mic, "microphone")):
            self._found[card] = presenter.device_card(look, key)  # type: ignore[arg-type]
            names = self._found[card].names
            card.devices.clear()
            card.devices.addItems(names)
            card.devices.setEnabled(bool(names))
            self._show_device(card)

    def _show_device(self, card: CheckCard) -> None:
        findings = self._found[card].findings
        chosen = card.devices.currentText()
        found = next((each for each in findings if each.detail == chosen), findings[0] if findings else None)
        if found is not None:
            card.say(found.fix or messages.text("first_run.works"), ready=found.ok)

    # Model ---------------------------------------------------------------------------------------------

    def _show_model(self, found: ModelCard) -> None:
        size = messages.size(found.size_bytes)
        words = messages.text(f"first_run.model_{found.state}", title=found.title, size=size)
        self.model.say(words, ready=found.state == "ready")
        self.progress.hide()
        self.get.setVisible(found.state == "at_hand")
        self.use.setVisible(found.state != "ready")

    def _get_model(self) -> None:
        name = self.desk.settings.now.model
        self._start(lambda work: models.get_model(name, work=work))

    def _choose_model(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, messages.text("first_run.use"), str(Path.home()))
        if chosen:
            self.add_model(Path(chosen))

    def add_model(self, folder: Path) -> None:
        """Take a model from a folder, checked before it is used."""
        self._start(lambda work: models.add_model(folder, work=work))

    def _start(self, fetch: object) -> None:
        def run(*, work: Work) -> object:
            return fetch(work)  # type: ignore[operator]

        self.model.say(messages.text("first_run.setting_up"), ready=False, checking=True)
        self.progress.show_fraction(None)
        self.progress.show()
        for button in (self.get, self.use):
            button.hide()
        again = presenter.model_card

        def failed(error: UserError) -> None:
            self._show_model(again(self.desk.settings.now.model))
            self.model.say(messages.sentence(error), ready=False)

        job = self.desk.jobs.start(
            "jobs.model",
            run,
            on_done=lambda _: self._show_model(again(self.desk.settings.now.model)),
            on_error=failed,
        )
        self.desk.jobs.changed.connect(lambda: self._follow(job))

    def _follow(self, job: JobHandle) -> None:
        if job.state == "running":
            self.progress.show_fraction(job.fraction)
        elif job.state == "cancelled" and self.progress.isVisibleTo(self):
            self._show_model(presenter.model_card(self.desk.settings.now.model))

    # Going on --------------------------------------------------------------------------------------------

    def _finish(self, *, begin: bool) -> None:
        self.desk.settings.change(first_run_done=True)
        if begin:
            self.desk.ways.new_resource()
        else:
            self.desk.ways.to("library")

    def leave(self) -> None:
        """Stop looking: a camera's lamp must not stay on."""
        if self._looking is not None:
            self._looking.cancel()

    def primary(self) -> QAbstractButton | None:
        """Return Start your first brief."""
        return self.begin

    def panels(self) -> Sequence[QWidget]:
        """Return the three cards."""
        return (self.camera, self.mic, self.model)
