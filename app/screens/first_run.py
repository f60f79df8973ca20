"""First run: camera, microphone and captions model, ready in two minutes (DESIGN.md 2.12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import first_run_presenter as presenter
from app.screens.first_run_parts.card import LARGE_PERCENT
from app.screens.first_run_parts.device_cards import CameraCard, MicCard
from app.screens.first_run_parts.model_card import ModelCard
from app.screens.screen import BaseScreen
from app.screens.studio_parts.coaching import Coaching
from app.screens.studio_parts.session import StudioDesk
from app.screens.studio_presenter import NOTHING, PHONE, choices_of, usual
from app.theme import current, follow
from app.widgets.boxes import column, scrolled
from app.widgets.buttons import Button
from app.widgets.text import Heading, Label
from capture.device_check import CheckedDevice
from capture.device_watch import Change
from capture.errors import UserError
from capture.preview_ring import PreviewFrame
from capture.recorder_messages import Failed, Level, State
from capture.recording import user_error
from capture.studio import FromStudio, Gone


class FirstRunScreen(BaseScreen):
    """Three cards in any order; all can be skipped, and be looked at again from Settings.

    Camera and microphone are open while it is shown, with the recorder that Studio uses: nothing is kept.
    """

    name: ClassVar[ScreenName] = "first-run"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.recorder = self.own(StudioDesk(desk.jobs, desk.folder / "media"))
        self.coaching = Coaching(desk.jobs)
        self._devices: tuple[CheckedDevice, ...] = ()
        self._known, self._trouble = False, ""
        self._state: State | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        body, inside = column(margins=(32, 40, 32, 24), spacing=8)
        title = Heading(messages.text("first_run.title"), "display")
        about = Label(messages.text("first_run.about"), "title-small", tint="muted", wrap=True)
        for label in (title, about):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(label)
        inside.addSpacing(20)
        self.camera, self.mic, self.model = CameraCard(), MicCard(), ModelCard(self.desk)
        cards = QWidget()  # as wide as they are: their height follows from their own width, not the window's
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, cards)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(24)
        for card in (self.camera, self.mic, self.model):
            self._row.addWidget(card)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(cards)
        centred.addStretch(1)
        inside.addLayout(centred)
        inside.addSpacing(20)
        inside.addLayout(self._end())
        note = Label(messages.text("first_run.note"), tint="muted", wrap=True)
        note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(note)
        inside.addStretch(1)
        self.content.addWidget(scrolled(body, name=messages.text("stage.first-run")))
        follow(self._turn)

    def _end(self) -> QBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        self.skip = Button(messages.text("first_run.skip"), size="large")
        words = messages.text("first_run.begin")
        self.begin = Button(words, after="arrow-right", kind="primary", size="large")
        self.skip.clicked.connect(lambda: self._finish(begin=False))
        self.begin.clicked.connect(lambda: self._finish(begin=True))
        line.addStretch(1)
        line.addWidget(self.skip)
        line.addWidget(self.begin)
        line.addStretch(1)
        return line

    def _connect(self) -> None:
        recorder = self.recorder
        recorder.told.connect(self._on_told)
        recorder.previewed.connect(self._on_preview)
        recorder.devices_changed.connect(self._on_devices)
        recorder.failed.connect(self._on_failed)
        self.coaching.advised.connect(self.camera.show_advice)
        for card in (self.camera, self.mic):
            card.choice.activated.connect(lambda _: self.choose())
            card.again.clicked.connect(self.look)

    def _turn(self) -> None:
        large = current().text_percent > LARGE_PERCENT
        way = QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)

    # Devices ------------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Look at everything anew."""
        self.show_content()
        self._known = False
        self._show_choices()
        self.look()
        self.model.look()

    def look(self) -> None:
        """Open what is chosen, again where it was refused before."""
        self._state = None
        self.recorder.watch()
        self.mic.forget()
        self.coaching.forget()
        camera, mic = self.camera.source, self.mic.source
        if camera and mic:
            self.recorder.open(camera=NOTHING if camera == PHONE else camera, mic=mic)
        self._show_devices()

    def choose(self) -> None:
        """Use what the person has chosen, from now on and in Studio."""
        self.desk.settings.change(camera=self.camera.source, mic=self.mic.source)
        self.look()

    def _on_devices(self, change: Change) -> None:
        before = (self.camera.source, self.mic.source)
        self._devices, self._known, self._trouble = change.devices, True, change.trouble
        self._show_choices()
        if (self.camera.source, self.mic.source) != before:
            self.look()
        else:
            self._show_devices()

    def _show_choices(self) -> None:
        now = self.desk.settings.now
        for card, kind, wanted in ((self.camera, "camera", now.camera), (self.mic, "mic", now.mic)):
            if wanted or self._known:
                choices = choices_of(self._devices, kind, wanted)
                card.choice.show_choices(choices, wanted or usual(self._devices, kind))
            card.choice.setEnabled(bool(wanted or self._known))

    def _show_devices(self) -> None:
        state = self._state
        camera = presenter.device_verdict(
            "camera",
            state.camera if state is not None else None,
            chosen=self.camera.source,
            devices=self._devices,
        )
        mic = presenter.device_verdict(
            "mic",
            state.mic if state is not None else None,
            chosen=self.mic.source,
            devices=self._devices,
            trouble=self._trouble,
        )
        self.camera.show_verdict(camera)
        self.mic.show_verdict(mic)

    def _on_told(self, message: FromStudio) -> None:
        if isinstance(message, Level):
            self.mic.hear(message.peak_db, message.rms_db)
        elif isinstance(message, State):
            self._state = message
            self._show_devices()
        elif isinstance(message, Failed):
            self._on_failed(user_error(message))
        elif isinstance(message, Gone) and self.recorder.session is not None:
            self.recorder.close()
            self._on_failed(UserError("first_run.gone"))

    def _on_failed(self, error: UserError) -> None:
        self.camera.show_verdict(presenter.refused("camera", error))
        self.mic.show_verdict(presenter.refused("mic", error))

    def _on_preview(self, frame: PreviewFrame) -> None:
        self.camera.show_picture(frame)
        self.coaching.look(frame)

    # Going on --------------------------------------------------------------------------------------------

    def _finish(self, *, begin: bool) -> None:
        self.desk.settings.change(first_run_done=True)
        if begin:
            self.desk.ways.new_resource()
        else:
            self.desk.ways.to("library")

    def leave(self) -> None:
        """Let camera and microphone go: a camera's lamp must not stay on."""
        self.recorder.close()

    def primary(self) -> QAbstractButton | None:
        """Return Start your first brief."""
        return self.begin

    def panels(self) -> Sequence[QWidget]:
        """Return the three cards."""
        return (self.camera, self.mic, self.model)
