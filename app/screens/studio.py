"""Studio: record good takes without the producer or the expert thinking about the tool (DESIGN.md 2.4)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import studio_presenter as presenter
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_presenter import clock
from app.screens.screen import Action, BaseScreen
from app.screens.studio_parts.layout import StudioLayout
from app.screens.studio_parts.prompter import Prompter
from app.screens.studio_parts.session import StudioDesk
from app.screens.studio_presenter import StudioState
from capture.coach import Advice, Coach, open_coach
from capture.device_check import CheckedDevice
from capture.device_watch import Change
from capture.errors import UserError
from capture.preview_ring import PreviewFrame
from capture.recorder_messages import DeviceState, Done, Event, Failed, Level, Position, State, Unfinished
from capture.recording import repair, user_error
from capture.second_copy import CopyPlace, copy_place
from capture.studio import FromStudio, Gone
from capture.take import Take, read_take
from capture.work import Work
from editor import tasks
from editor.cutlist import place, result_rate
from editor.model import Span
from editor.playback import PlayState, Programme
from editor.preparing import plan_take, prepare_take, standard_steps
from editor.recovery import Recovered, recover
from editor.viewing import Shown

_DISK_MS = 5000
_SECOND_MS = 1000


class StudioScreen(BaseScreen):
    """Prompts, picture, devices; one session with the recorder while it is shown."""

    name: ClassVar[ScreenName] = "studio"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: StudioState | None = None
        self.row = 0
        self.take: Take | None = None
        self.at_us = 0
        self.camera, self.mic = desk.settings.now.camera, desk.settings.now.mic
        self._devices: tuple[CheckedDevice, ...] = ()
        self._folders: dict[str, Path] = {}
        self._said_of: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._copy_places: dict[str, CopyPlace] = {}
        self._chosen: Take | None = None
        self._stopping: Take | None = None
        self._coach: Coach | None = None
        self._looking = False
        self.recorder = StudioDesk(desk.jobs, desk.folder / "media")
        self.player = DeskPlayer(desk.jobs)
        self.prompter: Prompter | None = None
        self.view = StudioLayout()
        self.content.addWidget(self.view)
        self._count = QTimer(self)
        self._count.setInterval(_SECOND_MS)
        self._count.timeout.connect(self._on_count)
        self._disk = QTimer(self)
        self._disk.setInterval(_DISK_MS)
        self._disk.timeout.connect(self._show_disk)
        self._connect()

    def _connect(self) -> None:
        view, recorder = self.view, self.recorder
        self.desk.holder.changed.connect(self._on_changed)
        recorder.told.connect(self._on_told)
        recorder.previewed.connect(self._on_preview)
        recorder.devices_changed.connect(self._on_devices)
        recorder.failed.connect(self._say)
        recorder.opened.connect(self._show)
        self.player.shown.connect(self._on_shown)
        self.player.changed.connect(self._on_played)
        view.video.resized.connect(self.player.resize)
        view.prompts.prompt_chosen.connect(self.go_to)
        view.prompts.take_chosen.connect(self._choose)
        view.prompts.starred.connect(self.star)
        view.prompts.played.connect(self.play)
        view.record.clicked.connect(self.record)
        view.mark.clicked.connect(self.mark)
        view.again.clicked.connect(self.new_take)
        view.following.clicked.connect(lambda: self.next_prompt(1))
        view.prompter.clicked.connect(self.open_prompter)
        view.edit.clicked.connect(lambda: self.desk.ways.to("edit", self.resource_id))
        panel = view.devices
        panel.camera_chosen.connect(lambda source: self.use(camera=source))
        panel.mic_chosen.connect(lambda source: self.use(mic=source))
        panel.grid.toggled.connect(self._show_grid)
        panel.mirror.toggled.connect(lambda on: view.video.mirror(on=on))

    # Reading ------------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource and open the devices."""
        fresh = resource_id != self.resource_id
        self.resource_id = resource_id
        if fresh:
            self.state_now, self._said_of, self._numbers, self._chosen = None, {}, {}, None
            self.show_loading(messages.text("studio.reading"))
        self.recorder.watch()
        if self.camera and self.mic:
            self.recorder.open(camera=self.camera, mic=self.mic)
        self._disk.start()
        self._show_disk()
        self._bring_back()
        self._read(fresh=fresh)

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read(fresh=False)

    def _read(self, *, fresh: bool) -> None:
        resource_id = self.resource_id

        def show(state: StudioState) -> None:
            self.state_now = state
            if fresh:
                self.row = state.first_open()
            if not state.rows:
                go = (messages.text("studio.open_brief"), "pencil", "primary", self._to_brief)
                title, text = messages.text("studio.empty_title"), messages.text("studio.empty_text")
                self.show_empty(title, text, icon="video", actions=[go])  # type: ignore[list-item]
                return
            self.row = min(self.row, len(state.rows) - 1)
            self.show_content()
            self._show()

        self.read(lambda library, *, work: presenter.read_studio(library, resource_id, work=work), show)

    def _bring_back(self) -> None:
        """Take in what was recorded when nobody was there to do it: the window was closed or killed."""
        library, resource_id = self.desk.holder.for_job(), self.resource_id

        def done(found: Recovered) -> None:
            if found.takes:
                self.desk.door.toast(messages.text("studio.brought_back", count=found.takes))

        self.desk.jobs.read(
            lambda *, work: recover(library, only=resource_id, work=work), on_done=done, on_error=self._say
        )

    def _to_brief(self) -> None:
        self.desk.ways.to("brief", self.resource_id)

    # Devices ------------------------------------------------------------------------------------------

    def _on_devices(self, change: Change) -> None:
        self._devices = change.devices
        came, went = ", ".join(d.name for d in change.came), ", ".join(d.name for d in change.went)
        if came and self.camera:
            self.desk.door.toast(messages.text("studio.came", names=came))
        if went:
            self.desk.door.toast(messages.text("studio.went", names=went))
        if not self.camera or not self.mic:
            self.use(
                camera=self.camera or presenter.usual(self._devices, "camera"),
                mic=self.mic or presenter.usual(self._devices, "mic"),
            )
        self._show_choices()

    def use(self, *, camera: str = "", mic: str = "") -> None:
        """Record from other devices from now on; not while a take is recorded."""
        if self.take is not None:
            return
        self.camera, self.mic = camera or self.camera, mic or self.mic
        self.desk.settings.change(camera=self.camera, mic=self.mic)
        if self.camera and self.mic and self.resource_id:
            self.recorder.open(camera=self.camera, mic=self.mic)
        self._show_choices()

    def _show_choices(self) -> None:
        panel = self.view.devices
        panel.show_choices(
            panel.camera, presenter.choices_of(self._devices, "camera", self.camera), self.camera
        )
        panel.show_choices(panel.mic, presenter.choices_of(self._devices, "mic", self.mic), self.mic)

    # What the recorder says -----------------------------------------------------------------------------

    def _on_told(self, message: FromStudio) -> None:
        if isinstance(message, Level):
            self.view.devices.show_level(message.peak_db, message.rms_db)
        elif isinstance(message, Position):
            self.at_us = message.at_us
            self.view.devices.show_level(message.peak_db, message.rms_db)
            self._show_time()
        elif isinstance(message, State):
            self._on_state(message)
        elif isinstance(message, Event):
            self._warn(
                messages.text(f"events.{message.key}"), bad=not message.key.endswith((".back", "enough"))
            )
        elif isinstance(message, Done):
            self._on_done(message.take)
        elif isinstance(message, Unfinished):
            self._mend(message.take)
        elif isinstance(message, Failed):
            self._on_failed(message)
        elif isinstance(message, Gone):
            self._on_gone(message)

    def _on_state(self, state: State) -> None:
        self._show_device(self.view.devices.camera_line, state.camera)
        self._show_device(self.view.devices.mic_line, state.mic)
        camera = state.camera
        open_camera = camera is not None and not camera.trouble and self.camera != presenter.NOTHING
        self.view.video.device = camera.name if camera is not None and open_camera else ""
        if not open_camera and not self.player.playing:
            why = self._trouble(camera) if camera is not None and camera.trouble else ""
            self.view.video.show_words(why or messages.text("studio.sound_only"))
        elif not self.player.playing:
            self.view.video.show_words("")
        begun_here = state.take in self._folders  # also one that was told to stop a moment ago
        if state.state == "recording" and self.take is None and state.folder and not begun_here:
            self._take_over(Path(state.folder))
        self._show()

    def _show_device(self, line: QWidget, device: DeviceState | None) -> None:
        trouble = self._trouble(device) if device is not None else ""
        line.setVisible(bool(trouble))
        if trouble:
            line.say(trouble, "warn")  # type: ignore[attr-defined]

    def _trouble(self, device: DeviceState) -> str:
        if not device.trouble:
            return ""
        return messages.sentence(UserError(device.trouble, **device.params))

    def _take_over(self, folder: Path) -> None:
        """Go on with a take that a window before this one began."""
        try:
            take = read_take(folder)
        except (OSError, ValueError):
            return
        if take.resource_id != self.resource_id:
            return
        self.take, self._folders[take.id] = take, folder
        rows = self.state_now.rows if self.state_now is not None else ()
        self.row = next((n for n, row in enumerate(rows) if row.prompt.id == take.prompt.id), self.row)
        self.desk.door.toast(messages.text("studio.taken_over"))
        self.lock_changed.emit()

    def _on_done(self, take: Take) -> None:
        if not self.desk.holder.is_open:  # the window is closing: it is brought back the next time
            return
        folder = self._folders.get(take.id) or self.desk.holder.library.take_folder(take)
        self._ended(take.id)
        if take.state == "safe":
            self._said_of.pop(take.id, None)
        else:
            self._said_of[take.id] = messages.text("studio.check_take")
            self._warn(messages.text("studio.damaged"), bad=True)
        try:
            self.desk.holder.library.adopt(take, folder)
        except UserError as error:
            self._say(error)
            return
        self.desk.holder.tell(take.resource_id)
        self.desk.door.announce(messages.text("studio.kept", number=take.number))
        self._prepare(take)

    def _prepare(self, take: Take) -> None:
        """Lay lips and voice together, write captions, make the copy: while the next is recorded."""
        library, model = self.desk.holder.for_job(), self.desk.settings.now.model
        second_copy = self._copy_place()

        def prepare(*, work: Work) -> None:
            done = tasks.complete(library, take, second_copy=second_copy, work=work.part(0, 0.1))
            steps = standard_steps(model=model)
            try:
                plans = plan_take(steps, library, done)
                for keep in prepare_take(plans, work=work.part(0.1, 1)) if plans else ():
                    keep(library)
            finally:
                for step in steps:
                    step.close()

        params = {"number": take.number, "prompt": take.prompt.title or take.prompt.text}
        self.desk.jobs.start("jobs.preparing", prepare, on_error=self._say, params=params)

    def _copy_place(self) -> CopyPlace | None:
        """Return where second copies go: the stick of the first take, not what is below a pulled one."""
        chosen = self.desk.settings.now.second_copy
        if chosen and chosen not in self._copy_places:
            try:
                self._copy_places[chosen] = copy_place(Path(chosen))
            except UserError as error:
                self._say(error)
        return self._copy_places.get(chosen)

    def _mend(self, take_id: str) -> None:
        folder = self._folders.get(take_id)
        self._ended(take_id)
        if folder is not None:
            self._repair(folder)

    def _repair(self, folder: Path) -> None:
        self.desk.jobs.start(
            "jobs.repairing",
            lambda *, work: repair(folder, work=work),
            on_done=self._on_done,
            on_error=self._say,
        )

    def _on_failed(self, message: Failed) -> None:
        if message.take:
            self._said_of.pop(message.take, None)
            self._ended(message.take)
        self._say(user_error(message))

    def _on_gone(self, message: Gone) -> None:
        taken = self.take
        if taken is not None:
            self._ended(taken.id)
        if self.recorder.session is None:
            return  # we closed it
        self.recorder.close()
        for folder in message.unfinished:
            self._repair(folder)
        again = (messages.text("studio.try_again"), lambda: self.open(self.resource_id, None))
        self.view.line.say(messages.text("studio.gone"), kind="warn", offers=[again])

    def _ended(self, take_id: str) -> None:
        if self.take is not None and self.take.id == take_id:
            self.take = None
            self.lock_changed.emit()
        self._show()

    # Recording ------------------------------------------------------------------------------------------

    def record(self) -> None:
        """Start a take after the count-in, or stop the one that is recorded."""
        if self._count.isActive():
            self._end_count()
        elif self.take is not None:
            self.stop()
        elif self._may_start():
            self._stop_playing()
            self.view.video.count = self.desk.settings.now.countdown_s
            if self.view.video.count:
                self._count.start()
                self.view.video.update()
            else:
                self._begin()

    def _may_start(self) -> bool:
        if self.recorder.session is None or self.state_now is None:
            self._say(UserError("studio.not_open"))
            return False
        return True

    def _on_count(self) -> None:
        self.view.video.count -= 1
        self.view.video.update()
        if self.view.video.count <= 0:
            self._end_count()
            self._begin()

    def _end_count(self) -> None:
        self._count.stop()
        self.view.video.count = 0
        self.view.video.update()

    def _begin(self) -> None:
        state = self.state_now
        if state is None:
            return
        try:
            take, folder = presenter.next_take(self.desk.holder.library, state, self.row)
            # One that is still being checked is not in the library yet.
            number = max(take.number, self._numbers.get(take.prompt.id, 0) + 1)
            take = replace(take, number=number)
            self.recorder.record(folder, take)
        except UserError as error:
            self._say(error)
            return
        self._numbers[take.prompt.id] = take.number
        self._folders[take.id] = folder
        self.take, self.at_us = take, 0
        self.view.line.say_nothing()
        self.view.video.warning = ""
        self.desk.door.announce(messages.text("studio.recording", number=take.number))
        self.lock_changed.emit()
        self._show()

    def stop(self) -> None:
        """Stop and keep the take."""
        if self.take is None:
            return
        self.recorder.stop()
        self._said_of[self.take.id] = messages.text("studio.checking")
        self._stopping = self.take
        self.take = None
        self.lock_changed.emit()
        self._show()

    def new_take(self) -> None:
        """Stop and keep this take, and begin the next one of the same prompt at once."""
        if self.take is not None:
            self.stop()
            self._begin()
        else:
            self.record()

    def next_prompt(self, step: int) -> None:
        """Stop and keep, and show another prompt, ready to record."""
        if self.take is not None:
            self.stop()
        rows = len(self.state_now.rows) if self.state_now is not None else 0
        if step > 0 and self.row + 1 >= rows:
            self.desk.ways.to("edit", self.resource_id)
            return
        self.go_to(min(max(self.row + step, 0), max(rows - 1, 0)))

    def go_to(self, row: int) -> None:
        """Ask another prompt; not while a take is recorded."""
        if self.take is None:
            self.row = row
            self._chosen = None
            self._show()

    def mark(self) -> None:
        """Remember this moment of the take."""
        if self.take is not None:
            self.recorder.mark()
            self.desk.door.toast(messages.text("studio.marked", at=clock(self.at_us)))

    # Takes ----------------------------------------------------------------------------------------------

    def _choose(self, take: Take) -> None:
        self._chosen = take
        self._show()

    def _step_take(self, step: int) -> None:
        takes = (
            [take for row in self.state_now.rows for take in row.takes] if self.state_now is not None else []
        )
        if takes:
            ids = [take.id for take in takes]
            now = ids.index(self._chosen.id) if self._chosen is not None and self._chosen.id in ids else -1
            self._choose(takes[min(max(now + step, 0), len(takes) - 1)])

    def star(self, take: Take | None) -> None:
        """Make a take the best of its prompt."""
        if take is not None and self.state_now is not None:
            try:
                self.desk.holder.save(presenter.with_star(self.state_now.resource, take), label="choose")
            except UserError as error:
                self._say(error)

    def play(self, take: Take | None) -> None:
        """Play a take in the place of the picture; again: rest. Not while one is recorded."""
        if take is None or self.take is not None:
            return
        if self.player.playing and self._chosen is not None and take.id == self._chosen.id:
            self._stop_playing()
            return
        self._chosen = take
        rate = result_rate([])
        spans = [Span(take.id, take.prompt.id, 0, take.duration_us)]
        folder = self.desk.holder.library.take_folder(take)
        self.player.load(Programme(place(spans, rate=rate), {take.id: take}, {take.id: folder}), at_us=0)
        if self.player.player is not None:
            self.player.player.play()
        else:
            self.player.made.connect(self._play_now)

    def _play_now(self) -> None:
        self.player.made.disconnect(self._play_now)
        if self.player.player is not None:
            self.player.player.play()

    def _stop_playing(self) -> None:
        if self.player.player is not None:
            self.player.player.pause()

    def _on_shown(self, shown: Shown) -> None:
        if self.player.playing:
            self.view.video.show_words("")
            self.view.video.show_pixels(shown.pixels)

    def _on_played(self, state: PlayState) -> None:
        if state.problem is not None:
            self._say(state.problem)

    # What is shown ----------------------------------------------------------------------------------------

    def _on_preview(self, frame: PreviewFrame) -> None:
        if self.player.playing:
            return
        self.view.video.show_preview(frame)
        self._look(frame)

    def _look(self, frame: PreviewFrame) -> None:
        """Let the coach look, beside the window's thread, one picture at a time."""
        if self._looking or (self._coach is not None and not self._coach.is_due(frame.at_us)):
            return
        self._looking = True
        coach = self._coach

        def look(*, work: Work) -> tuple[Coach, tuple[Advice, ...]]:
            found = coach or open_coach()
            rgb = np.frombuffer(frame.rgb, np.uint8).reshape(frame.height_px, frame.width_px, 3)
            return found, found.look(rgb, at_us=frame.at_us)

        def show(found: tuple[Coach, tuple[Advice, ...]]) -> None:
            self._looking = False
            self._coach, advice = found
            self.view.devices.show_advice(advice)
            worst = next((each for each in advice if not each.good), None)
            self.view.video.advice = messages.text(f"coach.{worst.key}") if worst is not None else ""

        def failed(_: UserError) -> None:
            self._looking = False

        self.desk.jobs.read(look, on_done=show, on_error=failed)

    def _show(self) -> None:
        state = self.state_now
        if state is None or not state.rows:
            return
        view, recording = self.view, self.take is not None
        row = state.rows[self.row]
        view.show_prompt(self.row + 1, len(state.rows), row.prompt)
        known = {take.id for each in state.rows for take in each.takes}
        extra = self.take or self._stopping
        if extra is not None and extra.id in known:
            extra = None
        states = dict(self._said_of)
        if self.take is not None:
            states[self.take.id] = messages.text("studio.recording_now")
        chosen = self._chosen.id if self._chosen is not None else ""
        view.prompts.show_state(state, current_row=self.row, states=states, extra=extra, chosen=chosen)
        view.show_recording(recording=recording, number=self.take.number if self.take is not None else 0)
        view.show_recorded(state.recorded_us + (self.at_us if recording else 0))
        reason = messages.text("studio.locked")
        view.devices.lock(locked=recording, reason=reason)
        view.edit.setEnabled(not recording and state.recorded_us > 0)
        view.edit.setToolTip(reason if recording else "")
        view.show_last(last=self.row + 1 == len(state.rows))
        self._show_time()

    def _show_time(self) -> None:
        at_us = self.at_us if self.take is not None else 0
        self.view.time.setText(clock(at_us))
        if self.prompter is not None and self.prompter.isVisible() and self.state_now is not None:
            row = self.state_now.rows[self.row]
            after = self.state_now.rows[self.row + 1 :][:1]
            self.prompter.tell(
                prompt=row.prompt.text,
                hint=row.prompt.hint,
                time=clock(at_us),
                following=after[0].prompt.text if after else "",
                recording=self.take is not None,
            )

    def _show_disk(self) -> None:
        try:
            free = shutil.disk_usage(self.desk.folder).free
        except OSError:
            return
        words, tint = presenter.minutes_left(free)
        self.view.devices.left.setText(words)
        self.view.devices.left.set_tint(tint)
        gigabytes = f"{free / 1e9:.0f}"
        self.view.devices.free.setText(
            messages.text("studio.free", free=gigabytes, folder=self.desk.folder.name)
        )

    def _show_grid(self, on: bool) -> None:
        self.view.video.grid = on
        self.view.video.update()

    def _warn(self, text: str, *, bad: bool) -> None:
        self.view.video.warning = text if bad else ""
        self.view.video.update()
        self.desk.door.announce(text)
        if not bad:
            self.desk.door.toast(text)

    def _say(self, error: UserError) -> None:
        self.view.line.say(messages.sentence(error), kind="warn")

    def open_prompter(self) -> None:
        """Open or close the expert's window."""
        if self.prompter is not None and self.prompter.isVisible():
            self.prompter.close()
            return
        self.prompter = self.prompter or Prompter()
        self.prompter.open()
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
        self._end_count()
        self._disk.stop()
        self.player.close()
        self.recorder.close()
        if self.prompter is not None:
            self.prompter.close()

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
            "take_best": lambda: self.star(self._chosen),
            "take_play": lambda: self.play(self._chosen),
            "grid": panel.grid.toggle,
            "mirror": panel.mirror.toggle,
            "prompter": self.open_prompter,
            "take_up": lambda: self._step_take(-1),
            "take_down": lambda: self._step_take(1),
        }

    def primary(self) -> QAbstractButton | None:
        """Return Next prompt."""
        return self.view.following

    def panels(self) -> Sequence[QWidget]:
        """Return prompts, picture and devices."""
        return (self.view.left, self.view.centre, self.view.right)
