"""Which camera and microphone Studio records from: pickers, hot-plug, the phone and its code."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app import messages
from app.desk import Desk
from app.screens import studio_presenter as presenter
from app.screens.studio_parts.layout import StudioLayout
from app.screens.studio_parts.line import Line
from app.screens.studio_parts.phone import PhoneDesk
from app.screens.studio_parts.session import StudioDesk
from app.screens.studio_parts.takes import TakeDesk
from app.screens.studio_presenter import NOTHING, PHONE
from app.sound_settings import open_sound_settings
from capture.device_check import CheckedDevice
from capture.device_watch import Change
from capture.errors import UserError
from capture.recorder_messages import DeviceState, State

_DISK_MS = 5000


class StudioDevices(QObject):
    """Opens what is chosen, and says how it is.

    ``settled`` tells that what was going on before this window is known, ``changing`` that others are opened
    now, ``changed`` that another "camera" or "mic" is used, ``alerted`` what happened to the phone's link,
    ``said`` an error.
    """

    settled = Signal()
    changing = Signal()
    changed = Signal(str)
    alerted = Signal(str)
    said = Signal(object)

    def __init__(
        self, desk: Desk, view: StudioLayout, recorder: StudioDesk, phone: PhoneDesk, takes: TakeDesk
    ) -> None:
        super().__init__()
        self._desk, self._view, self._recorder, self._phone, self._takes = desk, view, recorder, phone, takes
        self._known: tuple[CheckedDevice, ...] = ()
        self._names: dict[str, str] = {}
        self._resource_id = ""
        self._awaits: set[str] = set()
        self._was_present = False
        self._camera: DeviceState | None = None
        self._state: State | None = None
        self._is_open = False
        self._opened_s = 0.0
        self._bytes_a_minute = presenter.BYTES_A_MINUTE
        self._opening = QTimer(self)
        self._opening.setInterval(1000)
        self._opening.timeout.connect(self._on_opening)
        self._disk = QTimer(self)
        self._disk.setInterval(_DISK_MS)
        self._disk.timeout.connect(self._show_disk)
        recorder.devices_changed.connect(self._on_devices)
        recorder.failed.connect(lambda _: self._is_settled("recorder"))
        phone.opened.connect(self._on_phone_opened)
        phone.failed.connect(self._on_phone_failed)
        phone.invited.connect(self._on_invited)
        phone.paired_now.connect(self._on_paired)
        panel = view.devices
        panel.camera_chosen.connect(lambda source: self.use(camera=source))
        panel.mic_chosen.connect(lambda source: self.use(mic=source))
        panel.settings_wanted.connect(self._open_settings)
        panel.grid.toggled.connect(lambda on: view.video.show_grid(on=on))
        panel.mirror.toggled.connect(lambda on: view.video.mirror(on=on))
        panel.phone.code_wanted.connect(self.pair)
        panel.phone.rest_unwanted.connect(takes.do_without_rest)
        view.try_again.clicked.connect(self._open_chosen_again)
        view.use_phone.clicked.connect(lambda: self.use(camera=PHONE))
        view.go_without.clicked.connect(lambda: self.use(camera=NOTHING))
        view.pairing.closed.connect(self.end_pairing)
        view.pairing.again.connect(self.pair)
        view.pairing.network_chosen.connect(lambda address: self.pair(address=address))

    # Opening -----------------------------------------------------------------------------------------

    def open(self, resource_id: str) -> None:
        """Open what was chosen last; ``settled`` follows."""
        self._resource_id, self._is_open = resource_id, True
        takes = self._takes
        self._recorder.watch()
        self._disk.start()
        self._show_disk()
        self._awaits = set()
        if takes.camera and takes.mic:
            if takes.by_phone or self._phone.awaited:
                self._awaits.add("phone")
            if not takes.alone:
                self._awaits.add("recorder")
            self._open_chosen()
        if not self._awaits:
            self.settled.emit()

    def _open_chosen(self) -> None:
        takes = self._takes
        camera = NOTHING if takes.by_phone else takes.camera
        self._recorder.open(camera=camera, mic=takes.mic)
        if takes.by_phone or self._phone.awaited:
            self._phone.open(address=self._desk.settings.now.phone_address)
        else:
            self._phone.close()
        if takes.alone:
            self._view.video.device = ""
            self._show_phone_picture()

    def _open_chosen_again(self) -> None:
        """Look for a camera anew: the usual one where none was wanted."""
        camera = self._takes.camera
        if camera == NOTHING:
            camera = presenter.usual(self._known, "camera")
        self.use(camera=camera)

    def close(self) -> None:
        """Let the devices go; a phone that has something to send goes on."""
        self._is_open = False
        self.end_pairing()
        self._opening.stop()
        self._disk.stop()
        self._recorder.close()
        self._phone.close()

    def _is_settled(self, what: str) -> None:
        if what in self._awaits:
            self._awaits.discard(what)
            if not self._awaits:
                self.settled.emit()

    # Choosing ----------------------------------------------------------------------------------------

    def use(self, *, camera: str = "", mic: str = "") -> None:
        """Record from other devices from now on; not while a take is recorded."""
        takes = self._takes
        if takes.now is not None:
            self._show_choices()
            return
        before = (takes.camera, takes.mic)
        self._choose(camera or takes.camera, mic or takes.mic)
        self.changing.emit()
        if takes.camera and takes.mic and self._resource_id:
            self._open_chosen()
        self._show_choices()
        if takes.camera != before[0]:
            self.changed.emit("camera")
        if takes.mic != before[1]:
            self.changed.emit("mic")
        if camera == PHONE and not self._phone.present:
            self.pair()

    def take_back(self) -> None:
        """Choose what is open: the recorder refused to open others."""
        state = self._state
        if state is not None:
            other = PHONE if self._takes.by_phone else NOTHING
            camera = state.camera.source if state.camera is not None else other
            self._choose(camera, state.mic.source if state.mic is not None else NOTHING)
            self._show_choices()

    def _choose(self, camera: str, mic: str) -> None:
        self._takes.camera, self._takes.mic = camera, mic
        self._desk.settings.change(camera=camera, mic=mic)

    def _on_devices(self, change: Change) -> None:
        self._known = change.devices
        self._names |= {each.id: each.name for each in change.devices}
        came, went = ", ".join(d.name for d in change.came), ", ".join(d.name for d in change.went)
        takes = self._takes
        if came and takes.camera:
            self._desk.door.toast(messages.text("studio.came", names=came))
        if went:
            self._desk.door.toast(messages.text("studio.went", names=went))
        if not takes.camera or not takes.mic:
            self.use(
                camera=takes.camera or presenter.usual(self._known, "camera"),
                mic=takes.mic or presenter.usual(self._known, "mic"),
            )
        self._show_choices()

    def _show_choices(self) -> None:
        panel, takes = self._view.devices, self._takes
        for which, kind, wanted in ((panel.camera, "camera", takes.camera), (panel.mic, "mic", takes.mic)):
            choices = presenter.choices_of(self._known, kind, wanted, names=self._names)
            panel.show_choices(which, choices, wanted)

    def _show_disk(self) -> None:
        try:
            usage = shutil.disk_usage(self._desk.folder)
        except OSError:
            return
        self._bytes_a_minute = self._takes.bytes_a_minute() or self._bytes_a_minute
        name, rate = self._desk.folder.name, self._bytes_a_minute
        self._view.devices.show_disk(usage.free, usage.total, name, bytes_a_minute=rate)

    def _open_settings(self) -> None:
        if not open_sound_settings():
            self.said.emit(UserError("studio.no_sound_settings"))

    # What the recorder says of them --------------------------------------------------------------------

    def show_picture(self) -> None:
        """Show what the camera sees again: nothing plays any more."""
        if self._state is not None:
            self.on_state(self._state, playing=False)

    def on_state(self, state: State, *, playing: bool) -> None:
        """Show how camera and microphone are."""
        if not self._is_open:  # a last word of those that were let go
            return
        self._state = state
        self._is_settled("recorder")
        panel, video = self._view.devices, self._view.video
        self._show_device(panel.camera_line, state.camera)
        self._show_device(panel.mic_line, state.mic)
        if state.mic is None or state.mic.standing != "live":
            panel.show_level(None, None)
        if self._takes.by_phone:
            self._opening.stop()
            self._view.show_no_camera(missing=False, opening=False)
            if not playing:
                self._show_phone_picture()
            return
        camera = state.camera
        there = camera is not None and not camera.trouble and self._takes.camera != NOTHING
        video.device = camera.name if camera is not None and there else ""
        video.device_icon = "video"
        if playing:
            return
        words = ""
        if not there:
            words = _trouble(camera) if camera is not None else ""
            words = words or messages.text("studio.sound_only")
        elif camera is not None and camera.standing == "opening":
            words = self._opening_words(camera)
        if not words or not there:
            self._opening.stop()
        video.show_words(words)
        self._view.show_no_camera(missing=not there, opening=self._opening.isActive())

    def _opening_words(self, camera: DeviceState) -> str:
        """Say what is opened, and for how long already."""
        if not self._opening.isActive():
            self._opened_s, self._camera = time.monotonic(), camera
            self._opening.start()
        name = next((each.name for each in self._known if each.id == camera.source), "") or camera.name
        passed = round(time.monotonic() - self._opened_s)
        return messages.text("studio.opening", name=name or Path(camera.source).name, seconds=passed)

    def _on_opening(self) -> None:
        if self._camera is not None:
            self._view.video.show_words(self._opening_words(self._camera))

    def _show_device(self, line: Line, device: DeviceState | None) -> None:
        trouble = _trouble(device) if device is not None else ""
        line.setVisible(bool(trouble))
        if trouble:
            line.say(trouble, "warn")

    # The phone -----------------------------------------------------------------------------------------

    def pair(self, *, address: str = "") -> None:
        """Show a code that lets a phone in; not while a take is recorded."""
        if self._takes.now is not None:
            return
        self._view.pairing.show_waiting()
        self._view.show_pairing(shown=True)
        self._phone.invite(address=address or self._desk.settings.now.phone_address)

    def end_pairing(self) -> None:
        """Show the picture again; the code is good no more."""
        if self._view.pairing.isVisibleTo(self._view):
            self._view.show_pairing(shown=False)
            self._phone.withdraw()

    def _on_invited(self, invitation: object) -> None:
        self._view.pairing.show_invitation(
            invitation,  # type: ignore[arg-type]
            self._phone.networks,
            self._phone.address,
        )

    def _on_phone_opened(self) -> None:
        self._is_settled("phone")
        if self._desk.settings.now.phone_address != self._phone.address:
            self._desk.settings.change(phone_address=self._phone.address)
        self.show_phone(playing=False)

    def _on_phone_failed(self, error: UserError) -> None:
        self._is_settled("phone")
        self.end_pairing()
        self.said.emit(error)

    def _on_paired(self) -> None:
        self._view.show_pairing(shown=False)
        self._desk.door.toast(messages.text("studio.phone_is_here"))

    def show_phone(self, *, playing: bool) -> None:
        """Show how the phone is; tell when its link is lost or back."""
        phone, takes = self._phone, self._takes
        look = presenter.phone_look(
            phone.state, paired=phone.paired, present=phone.present, awaited=bool(phone.awaited)
        )
        self._view.devices.phone.show_phone(look)
        if not takes.by_phone:
            return
        if not playing:
            self._show_phone_picture()
        present = phone.present
        if present and not self._was_present:
            self.end_pairing()
        if self._was_present and not present and (takes.now is not None or phone.awaited):
            self.alerted.emit("phone.away")
        elif present and not self._was_present:
            self.alerted.emit("phone.back")
        self._was_present = present

    def _show_phone_picture(self) -> None:
        phone, video = self._phone, self._view.video
        there = phone.present or phone.state is not None
        video.device = presenter.phone_name(phone.state) if there else ""
        video.device_icon = "smartphone"
        if not there:
            video.show_words(messages.text("studio.phone_none_yet"))
        else:
            video.show_words("")


def _trouble(device: DeviceState) -> str:
    return messages.sentence(UserError(device.trouble, **device.params)) if device.trouble else ""
