"""Studio: record good takes without the producer or the expert thinking about the tool (DESIGN.md 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QAbstractButton, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import studio_presenter as presenter
from app.screens.edit_presenter import clock
from app.screens.screen import Action, BaseScreen
from app.screens.studio_parts.alerting import Alerting
from app.screens.studio_parts.choosing import Choosing
from app.screens.studio_parts.coaching import Coaching
from app.screens.studio_parts.counting import CountIn
from app.screens.studio_parts.devices import StudioDevices
from app.screens.studio_parts.layout import StudioLayout
from app.screens.studio_parts.phone import PhoneDesk
from app.screens.studio_parts.prompting import Prompting
from app.screens.studio_parts.session import StudioDesk
from app.screens.studio_parts.takes import TakeDesk
from app.screens.studio_parts.ticking import StartTick
from app.screens.studio_parts.trying import Trying
from app.screens.studio_presenter import StudioState
from capture.coach import Advice
from capture.errors import UserError
from capture.preview_ring import PreviewFrame
from capture.recorder_messages import Done, Event, Failed, Level, Position, State, Unfinished
from capture.studio import FromStudio, Gone
from capture.take import Take
from capture.trial import TRIAL_ID


class StudioScreen(BaseScreen):
    """Prompts, picture, devices; one session with the recorder while it is shown."""

    name: ClassVar[ScreenName] = "studio"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: StudioState | None = None
        self.row = 0
        self.view = StudioLayout()
        self.content.addWidget(self.view)
        self.recorder = self.own(StudioDesk(desk.jobs, desk.folder / "media"))
        self.phone = self.own(PhoneDesk(desk.jobs, desk.folder / "phone"))
        self.takes = self.own(TakeDesk(desk, self.recorder, self.phone))
        devices = StudioDevices(desk, self.view, self.recorder, self.phone, self.takes)
        self.devices = self.own(devices)
        self.alerts = Alerting(desk.door, self.view)
        self.choosing = Choosing(desk, self.view)
        self.player = self.choosing.player
        self.coaching = Coaching(desk.jobs)
        self.trying = self.own(Trying(desk.jobs, self.recorder))
        self.prompting = Prompting(desk.settings, self.view)
        self.count_in = self.own(CountIn(self.view.video))
        self.tick = self.own(StartTick(desk.jobs))
        self._connect_view()
        self._connect_parts()

    def _connect_view(self) -> None:
        view = self.view
        view.prompts.prompt_chosen.connect(self.go_to)
        view.prompts.played.connect(self.play)
        view.tabs.chosen.connect(lambda _: self._show())
        view.record.clicked.connect(self.record)
        view.mark.clicked.connect(self.mark)
        view.again.clicked.connect(self.new_take)
        view.following.clicked.connect(lambda: self.next_prompt(1))
        view.prompter.clicked.connect(self.open_prompter)
        view.edit.clicked.connect(lambda: self.desk.ways.to("edit", self.resource_id))
        view.devices.checks.test_wanted.connect(self.trying.start)

    def _connect_parts(self) -> None:
        self.desk.holder.changed.connect(self._on_changed)
        self.recorder.told.connect(self._on_told)
        self.recorder.previewed.connect(self._on_preview)
        self.recorder.opened.connect(self._show)
        self.phone.opened.connect(self._show)
        self.phone.looked.connect(self._on_preview)
        self.phone.asked.connect(self._on_asked)
        self.phone.changed.connect(self._on_phone)
        self.phone.told.connect(lambda news: self.alerts.alert(f"phone.{news.what}"))
        self.takes.changed.connect(self._show)
        self.takes.locked.connect(self.lock_changed)
        self.takes.troubled.connect(self.alerts.trouble)
        self.takes.taken_over.connect(self._on_taken_over)
        self.devices.settled.connect(lambda: self.takes.bring_back(self.resource_id))
        self.devices.changing.connect(self.trying.give_up)
        self.devices.changed.connect(self._on_device_changed)
        self.devices.alerted.connect(self.alerts.alert)
        self.coaching.advised.connect(self._on_advice)
        self.trying.changed.connect(self._show)
        self.trying.tried.connect(self.choosing.show_trial)
        self.choosing.changed.connect(self._show)
        self.player.ended.connect(self.devices.show_picture)
        self.count_in.nearly.connect(self.tick.tick)
        self.count_in.over.connect(self._begin)
        self.recorder.failed.connect(self.alerts.say)
        for part in (self.takes, self.devices, self.trying, self.choosing, self.tick):
            part.said.connect(self.alerts.say)

    @property
    def take(self) -> Take | None:
        """The take that is recorded."""
        return self.takes.now

    @property
    def at_us(self) -> int:
        """How far it is."""
        return self.takes.at_us

    # Reading ------------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource and open the devices."""
        fresh = resource_id != self.resource_id
        self.resource_id = resource_id
        if fresh:
            self.state_now = self.choosing.state = self.choosing.take = None
            self.alerts.forget()
            self.show_loading(messages.text("studio.reading"))
        self.devices.open(resource_id)
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read()

    def _read(self) -> None:
        resource_id = self.resource_id
        self.read(
            lambda library, *, work: presenter.read_studio(library, resource_id, work=work), self._on_read
        )

    def _on_read(self, state: StudioState) -> None:
        fresh = self.state_now is None
        self.state_now = self.choosing.state = state
        self.view.show_tabs(state)
        if not state.rows:
            go = (
                messages.text("studio.open_brief"),
                "pencil",
                "primary",
                lambda: self.desk.ways.to("brief", self.resource_id),
            )
            title, text = messages.text("studio.empty_title"), messages.text("studio.empty_text")
            self.show_empty(title, text, icon="video", actions=[go])  # type: ignore[list-item]
            return
        if fresh:
            self.row = state.row_of(self.take) if self.take is not None else state.first_open()
            self.view.tabs.choose(state.rows[self.row].tab)
        self.row = min(self.row, len(state.rows) - 1)
        self.show_content()
        self._show()

    # What is told ---------------------------------------------------------------------------------------

    def _on_told(self, message: FromStudio) -> None:
        if self.trying.takes(message):
            return
        if isinstance(message, Level):
            self.view.devices.show_level(message.peak_db, message.rms_db)
        elif isinstance(message, Position):
            self.takes.at_us = message.at_us
            self.view.devices.show_level(message.peak_db, message.rms_db)
            self._show_time()
        elif isinstance(message, State):
            self.devices.on_state(message, playing=self.player.playing)
            if message.take != TRIAL_ID:
                self.takes.on_state(message, self.resource_id)
            self._show()
        elif isinstance(message, Event):
            self.alerts.alert(message.key)
        elif isinstance(message, Done):
            self.takes.on_done(message)
        elif isinstance(message, Unfinished):
            self.takes.on_unfinished(message)
        elif isinstance(message, Failed):
            self.takes.on_failed(message)
            if not message.take:
                self.devices.take_back()
        elif isinstance(message, Gone):
            self._on_gone(message)

    def _on_gone(self, message: Gone) -> None:
        self.trying.give_up()
        if self.recorder.session is None:
            return  # we closed it
        self.recorder.let_go()
        self.takes.on_gone(message)
        again = (messages.text("studio.try_again"), lambda: self.open(self.resource_id, None))
        self.alerts.tell(messages.text("studio.gone"), offers=[again])

    def _on_taken_over(self, take: Take) -> None:
        if self.state_now is not None:
            self.row = self.state_now.row_of(take)
        for event in take.events:
            self.alerts.alert(event.text)
        self.desk.door.toast(messages.text("studio.taken_over"))

    def _on_asked(self, what: str) -> None:
        """Do what the button on the phone asks for."""
        if what == "start" and self.take is None and not self.count_in.running:
            self.record()
        elif what == "stop" and self.take is not None and self.takes.by_phone:
            self.stop()

    def _on_phone(self) -> None:
        self.takes.on_phone()
        self.devices.show_phone(playing=self.player.playing)
        if self.takes.alone and self.take is not None:
            self._show_time()

    def _on_device_changed(self, kind: str) -> None:
        self.alerts.forget(kind)
        if kind == "camera":
            self.alerts.forget("phone")
            self.coaching.forget()
            self.view.devices.checks.show_no_picture()
            self.view.video.advice = ""
        else:
            self.view.devices.forget_level()
        self._show()

    # Recording ------------------------------------------------------------------------------------------

    def record(self) -> None:
        """Start a take after the count-in, or stop the one that is recorded."""
        if self.count_in.running:
            self._call_off()
        elif self.take is not None:
            self.stop()
        elif self._may_start():
            self.player.rest()
            self.devices.end_pairing()
            if self.desk.settings.now.start_tick:
                self.tick.get_ready()
            self.count_in.start(self.desk.settings.now.countdown_s)

    def _call_off(self) -> None:
        self.count_in.call_off()
        self.tick.put_away()

    def _may_start(self) -> bool:
        try:
            self.takes.check()
        except UserError as error:
            self.alerts.say(error)
            return False
        return self.state_now is not None

    def _begin(self) -> None:
        if self.state_now is None:
            return
        self.trying.give_up()
        self.alerts.begin()
        try:
            self.takes.begin(self.state_now, self.row)
        except UserError as error:
            self.alerts.say(error)

    def stop(self) -> None:
        """Stop and keep the take."""
        self.takes.stop()

    def new_take(self) -> None:
        """Stop and keep this take, and begin the next one of the same prompt at once."""
        if self.take is not None:
            self.stop()
            self._begin()
        else:
            self.record()

    def next_prompt(self, step: int) -> None:
        """Stop and keep, and show another prompt, ready to record."""
        self.stop()
        rows = len(self.state_now.rows) if self.state_now is not None else 0
        if step > 0 and self.row + 1 >= rows:
            self.desk.ways.to("edit", self.resource_id)
            return
        self.go_to(min(max(self.row + step, 0), max(rows - 1, 0)))

    def go_to(self, row: int) -> None:
        """Ask another prompt; not while a take is recorded."""
        if self.take is not None:
            self.desk.door.toast(messages.text("studio.locked"))
        elif self.state_now is not None:
            self._call_off()
            self.row = row
            self.choosing.take = None
            self.view.tabs.choose(self.state_now.rows[row].tab)
            self._show()

    def mark(self) -> None:
        """Remember this moment of the take."""
        if self.take is not None:
            self.takes.mark()
            self.desk.door.toast(messages.text("studio.marked", at=clock(self.at_us)))

    def play(self, take: Take | None) -> None:
        """Play a take in the place of the picture; again: rest. Not while one is recorded."""
        if take is not None and self.take is None:
            self.choosing.play(take)

    # What is shown ----------------------------------------------------------------------------------------

    def _on_preview(self, frame: PreviewFrame) -> None:
        if not self.player.playing:
            self.view.video.show_preview(frame)
            self.coaching.look(frame)

    def _on_advice(self, advice: Sequence[Advice]) -> None:
        self.view.devices.checks.show_advice(advice)
        worst = next((each for each in advice if not each.good), None)
        self.view.video.advice = messages.text(f"coach.{worst.key}") if worst is not None else ""

    def _show(self) -> None:
        state = self.state_now
        if state is None or not state.rows:
            return
        view, take = self.view, self.take
        self.takes.ask(state, self.row)
        view.show_prompt(self.row + 1, len(state.rows), state.rows[self.row])
        view.prompts.show_state(
            state,
            tab=presenter.tab_shown(state, view.tabs.value),
            current_row=self.row,
            words=self.takes.words(),
            unknown=self.takes.unknown(state),
            chosen=self.choosing.take_id,
        )
        view.show_recording(recording=take is not None, number=take.number if take is not None else 0)
        reason = messages.text("studio.locked") if take is not None else ""
        view.devices.lock(locked=take is not None, reason=reason)
        nothing = "" if self.recorder.session is not None else messages.text("studio.nothing_to_test")
        view.devices.checks.lock(reason=reason or nothing)
        view.devices.checks.show_stage(self.trying.stage, left_s=self.trying.left_s)
        view.edit.setEnabled(take is None and state.recorded_us > 0)
        view.edit.setToolTip(reason or ("" if state.recorded_us else messages.text("studio.nothing_yet")))
        view.show_last(last=self.row + 1 == len(state.rows))
        self._show_time()

    def _show_time(self) -> None:
        time = clock(self.at_us if self.take is not None else 0)
        self.view.time.setText(time)
        self.view.prompts.show_time(time)
        if self.state_now is not None:
            self.view.show_recorded(self.state_now.recorded_us + (self.at_us if self.take is not None else 0))
            self.prompting.follow(self.state_now, self.row, time=time, recording=self.take is not None)

    def open_prompter(self) -> None:
        """Open or close the expert's window."""
        self.prompting.toggle()
        self._show_time()

    # What the shell asks ------------------------------------------------------------------------------------

    def may_leave(self) -> bool:
        """Ask whether to stop while a take is recorded."""
        if self.take is None:
            return True
        wanted = self.desk.door.ask(
            messages.text("studio.leave_title", number=self.take.number),
            messages.text("studio.leave_text"),
            yes=messages.text("studio.leave_yes"),
            no=messages.text("studio.leave_no"),
        )
        if wanted:
            self.stop()
        return wanted

    def leave(self) -> None:
        """Let the devices go; a take that is still being checked is adopted when Studio is shown again."""
        self._call_off()
        self.trying.give_up()
        self.player.close()
        self.devices.close()
        self.prompting.close()

    def locked(self) -> str:
        """Return that a take is recorded."""
        return messages.text("studio.locked") if self.take is not None else ""

    def bindings(self) -> Mapping[str, Action]:
        """Return what Studio's keys do."""
        panel = self.view.devices
        return {
            "record": self.record,
            "prompt_next": lambda: self.next_prompt(1),
            "prompt_previous": lambda: self.next_prompt(-1),
            "take_new": self.new_take,
            "mark": self.mark,
            "take_best": lambda: self.choosing.star(self.choosing.take),
            "take_play": lambda: self.play(self.choosing.take),
            "grid": panel.grid.toggle,
            "mirror": panel.mirror.toggle,
            "prompter": self.open_prompter,
            "take_up": lambda: self.choosing.step(-1),
            "take_down": lambda: self.choosing.step(1),
        }

    def primary(self) -> QAbstractButton | None:
        """Return Next prompt."""
        return self.view.following

    def panels(self) -> Sequence[QWidget]:
        """Return prompts, picture and devices."""
        return (self.view.left, self.view.centre, self.view.right)
