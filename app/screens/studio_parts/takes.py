"""Takes from Record until they are safe, in the library, and made ready in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app import messages
from app.desk import Desk
from app.screens import studio_presenter as presenter
from app.screens.studio_alerts import trouble_of
from app.screens.studio_parts.phone import Awaited, PhoneDesk
from app.screens.studio_parts.readying import Readying
from app.screens.studio_parts.session import StudioDesk
from app.screens.studio_presenter import StudioState
from capture.errors import UserError
from capture.phone_take import DEVICE_ID, is_left_out, take_what_is_here, with_phone
from capture.phone_words import Prompt
from capture.recorder_messages import Done, Failed, State, Unfinished
from capture.recording import FLOOR_BYTES, make_folder, repair, user_error
from capture.studio import Gone
from capture.take import Marker, Take, read_take, write_take
from capture.work import Work
from editor.recovery import Recovered, recover

PHONE = presenter.PHONE
NOTHING = presenter.NOTHING
_RATE_FROM_US = 5_000_000  # before, there is no rate worth believing


class TakeDesk(QObject):
    """What becomes of the takes of Studio.

    ``changed`` tells that there may be something new to show, ``locked`` that a take began or ended,
    ``said`` an error, ``troubled`` a take with which something is wrong, ``taken_over`` a take that a window
    before this one began.

    Args:
        desk: What every screen works with.
        recorder: Records camera and microphone.
        phone: The phone, where that is the camera.
    """

    changed = Signal()
    locked = Signal()
    said = Signal(object)
    troubled = Signal(object)
    taken_over = Signal(object)

    def __init__(self, desk: Desk, recorder: StudioDesk, phone: PhoneDesk) -> None:
        super().__init__()
        self._desk, self._recorder, self._phone = desk, recorder, phone
        self.camera, self.mic = desk.settings.now.camera, desk.settings.now.mic
        self.now: Take | None = None
        self.at_us = 0
        self._folders: dict[str, Path] = {}
        self._words: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._stopped: dict[str, Take] = {}
        self._of_phone: set[str] = set()
        self._broken: set[str] = set()
        self.readying = Readying(desk)
        self.readying.said.connect(self.said)
        self.readying.troubled.connect(self.troubled)
        phone.arrived.connect(self._on_arrived)

    # What is shown -----------------------------------------------------------------------------------

    @property
    def by_phone(self) -> bool:
        """Whether the phone is the camera."""
        return self.camera == PHONE

    @property
    def alone(self) -> bool:
        """Whether the phone records its own sound too: there is no recorder then."""
        return self.by_phone and self.mic == NOTHING

    def words(self) -> dict[str, str]:
        """Return what is said of takes, by id."""
        now = {self.now.id: messages.text("studio.recording_now")} if self.now is not None else {}
        return {**self._words, **now}

    def unknown(self, state: StudioState) -> tuple[Take, ...]:
        """Return the takes of a resource that its library does not know yet."""
        known = {take.id for row in state.rows for take in row.takes}
        for take_id in known & self._stopped.keys():
            del self._stopped[take_id]
        own = [*self._stopped.values(), *([self.now] if self.now is not None else [])]
        return tuple(each for each in own if each.resource_id == state.resource.id and each.id not in known)

    # From Record to Stop -----------------------------------------------------------------------------

    def check(self) -> None:
        """See whether a take can begin.

        Raises:
            UserError: There is no session, or no phone.
        """
        if self.by_phone and not (self._phone.present or (self._phone.paired and not self.alone)):
            raise UserError("studio.no_phone")
        if self._recorder.session is None and not self.alone:
            raise UserError("studio.not_open")

    def ask(self, state: StudioState, row: int) -> None:
        """Show on the phone what is asked."""
        prompt = state.rows[row].prompt
        number = self.now.number if self.now is not None else self._number(prompt.id, state.rows[row].takes)
        self._phone.show(Prompt(prompt.text, row + 1, len(state.rows), number))

    def _number(self, prompt_id: str, takes: Sequence[Take]) -> int:
        """Return the number of the next take; one that is still being checked is not in the library yet."""
        return max([self._numbers.get(prompt_id, 0), *(take.number for take in takes)]) + 1

    def begin(self, state: StudioState, row: int) -> None:
        """Record a take of a prompt from now on.

        Raises:
            UserError: There is no room, no session, or no phone.
        """
        self.check()
        take, folder = presenter.next_take(self._desk.holder.library, state, row)
        take = replace(take, number=max(take.number, self._number(take.prompt.id, ())))
        if self.alone:
            make_folder(folder, floor_bytes=FLOOR_BYTES)
            take = replace(take, devices=replace(take.devices, camera_id=DEVICE_ID))
            write_take(folder, take)
        else:
            self._recorder.record(folder, take)
        if self.by_phone:
            self._of_phone.add(take.id)
            self._phone.record(take.id, folder)
        self._numbers[take.prompt.id] = take.number
        self._folders[take.id] = folder
        self.now, self.at_us = take, 0
        self._desk.door.announce(messages.text("studio.recording", number=take.number))
        self.locked.emit()
        self.changed.emit()

    def stop(self) -> None:
        """Stop and keep the take."""
        take = self.now
        if take is None:
            return
        self._words[take.id] = messages.text("studio.checking")
        self._note_stopped(take)
        self.now = None
        if take.id in self._of_phone:
            self._phone.stop()
        if take.id in self._of_phone and not self._is_recorded(take):
            self._wait_for_phone(take)
        else:
            self._recorder.stop()
        self._desk.door.announce(messages.text("studio.stopped", number=take.number))
        self.locked.emit()
        self.changed.emit()

    def bytes_a_minute(self) -> int:
        """Return what a minute of what is recorded takes on the disk; 0 while nobody can tell."""
        if self.now is None or self.at_us < _RATE_FROM_US:
            return 0
        try:
            files = list(self._folders[self.now.id].iterdir())
            return sum(each.stat().st_size for each in files) * 60_000_000 // self.at_us
        except OSError:
            return 0

    def mark(self) -> None:
        """Remember this moment of the take."""
        if self.now is None:
            return
        if self._is_recorded(self.now):
            self._recorder.mark()
        else:
            self.now = replace(self.now, markers=(*self.now.markers, Marker(self.at_us, "")))

    def _is_recorded(self, take: Take) -> bool:
        """Whether the recorder has a part in a take."""
        return take.devices.camera_id != DEVICE_ID

    def take_over(self, folder: Path, resource_id: str) -> None:
        """Go on with a take that a window before this one began."""
        take = _readable(folder)
        if take is None or take.resource_id != resource_id:
            return
        self.now, self._folders[take.id] = take, folder
        if take.id in self._phone.expects():
            self._of_phone.add(take.id)
        self.taken_over.emit(take)
        self.locked.emit()

    def bring_back(self, resource_id: str) -> None:
        """Take in what was recorded when nobody was there to do it: the window was closed or killed."""
        self._take_over_phone(resource_id)
        library, sending = self._desk.holder.for_job(), self._phone.expects()

        def done(found: Recovered) -> None:
            if found.takes:
                self._desk.door.toast(messages.text("studio.brought_back", count=found.takes))

        def bring(*, work: Work) -> Recovered:
            with self._desk.holder.mending:
                return recover(library, only=resource_id, but=sending, work=work)

        self._desk.jobs.read(bring, on_done=done, on_error=self.said.emit)

    def _take_over_phone(self, resource_id: str) -> None:
        """Go on with what the phone was told before this window was opened, or is still sending."""
        server = self._phone.server
        if server is None:
            return
        for take_id, folder in server.expected.items():
            if self.now is not None and take_id == self.now.id:
                self._of_phone.add(take_id)
            elif take_id not in self._folders and folder.parent.name == resource_id:
                self._take_up(take_id, folder, recording=server.recording == take_id)
        if server.recording and (self.now is None or server.recording != self.now.id):
            server.stop_recording()

    def _take_up(self, take_id: str, folder: Path, *, recording: bool) -> None:
        take = _readable(folder)
        if take is None or (take.state in ("safe", "damaged") and not is_left_out(folder, take)):
            self._phone.forget(take_id)
            return
        self._folders[take_id] = folder
        self._of_phone.add(take_id)
        if recording and not self._is_recorded(take):
            self.now = take
            self.taken_over.emit(take)
            self.locked.emit()
            return
        self._broken.add(take_id)
        self._stopped[take_id] = take
        self._wait_for_phone(take)

    # What the recorder says ----------------------------------------------------------------------------

    def on_state(self, state: State, resource_id: str) -> None:
        """Notice a take that ended by itself, or one that is recorded and was not begun here."""
        if self.now is not None and self.now.id in state.verifying:
            self.stop()
        begun_here = state.take in self._folders  # also one that was told to stop a moment ago
        if state.state == "recording" and self.now is None and state.folder and not begun_here:
            self.take_over(Path(state.folder), resource_id)

    def on_done(self, message: Done) -> None:
        """Keep a take that is safe, or wait for what the phone has of it."""
        take = message.take
        if take.id not in self._of_phone:
            self._keep(take)
            return
        self._ended(take.id)
        folder = self._folders[take.id]
        self._stopped.setdefault(take.id, take)
        try:  # should this window end now, the phone's part must not be forgotten
            write_take(folder, replace(take, state="unfinished"))
        except OSError as error:
            self.said.emit(UserError("record.not_writable", path=folder, reason=error.strerror or ""))
        self._wait_for_phone(take)

    def on_unfinished(self, message: Unfinished) -> None:
        """Mend a take that the recorder could not finish."""
        folder = self._folders.get(message.take)
        self._ended(message.take)
        if folder is not None:
            self._mend(folder)

    def on_failed(self, message: Failed) -> None:
        """Say why an order was not obeyed."""
        if message.take:
            self._words.pop(message.take, None)
            self._stopped.pop(message.take, None)
            if message.take in self._of_phone:
                self._phone.stop()
                self._phone.forget(message.take)
            self._ended(message.take)
        self.said.emit(user_error(message))

    def on_gone(self, message: Gone) -> None:
        """Mend what a recorder left that has ended by itself."""
        if self.now is not None and self._is_recorded(self.now):
            self._ended(self.now.id)
        for folder in message.unfinished:
            self._mend(folder)

    def _mend(self, folder: Path) -> None:
        take_id = folder.name
        if take_id not in self._of_phone:
            self._repair(folder)
            return
        self._phone.stop()
        self._broken.add(take_id)
        take = self._stopped.get(take_id) or _readable(folder)
        if take is not None:
            self._wait_for_phone(take)

    def _repair(self, folder: Path) -> None:
        self._desk.jobs.start(
            "jobs.repairing",
            lambda *, work: repair(folder, work=work),
            on_done=self._keep,
            on_error=self.said.emit,
        )

    def _note_stopped(self, take: Take) -> None:
        """Keep a take in the list until the library knows it."""
        self._stopped[take.id] = replace(take, state="unfinished", duration_us=self.at_us)

    def _ended(self, take_id: str) -> None:
        if self.now is not None and self.now.id == take_id:
            self._note_stopped(self.now)
            self.now = None
            self.locked.emit()
        self.changed.emit()

    # What the phone sends ------------------------------------------------------------------------------

    def on_phone(self) -> None:
        """Follow what the phone says of itself, where it records alone."""
        state = self._phone.state
        now = self.now
        if now is not None and state is not None and state.take == now.id and not self._is_recorded(now):
            self.at_us = state.recorded_us

    def do_without_rest(self) -> None:
        """Make takes of what is here: the phone will not send the rest."""
        for awaited in tuple(self._phone.awaited.values()):
            self._phone.forget(awaited.take.id)
            self._lay(awaited, as_it_is=True)

    def _wait_for_phone(self, take: Take) -> None:
        self._words[take.id] = messages.text("studio.phone_sends")
        self._phone.wait_for(take, self._folders[take.id])
        self.changed.emit()

    def _on_arrived(self, awaited: Awaited) -> None:
        self._lay(awaited, as_it_is=False)

    def _lay(self, awaited: Awaited, *, as_it_is: bool) -> None:
        """Lay what the phone sent against the lapel, and keep the take."""
        take, folder = awaited.take, awaited.folder
        broken = take.id in self._broken
        self._words[take.id] = messages.text("studio.checking")

        def lay(*, work: Work) -> Take:
            if as_it_is:
                take_what_is_here(folder)
            return repair(folder, work=work) if broken else with_phone(folder, take, work=work)

        def done(laid: Take) -> None:
            self._phone.forget(laid.id)
            self._keep(laid)

        def failed(error: UserError) -> None:  # it is brought back when Studio is shown the next time
            self._phone.forget(take.id)
            self.said.emit(error)

        params = {"number": take.number, "prompt": take.prompt.title or take.prompt.text}
        self._desk.jobs.start("jobs.phone", lay, on_done=done, on_error=failed, params=params)
        self.changed.emit()

    # Keeping -------------------------------------------------------------------------------------------

    def _keep(self, take: Take) -> None:
        """Take it into the library, and make it ready."""
        if not self._desk.holder.is_open:  # the window is closing: it is brought back the next time
            return
        folder = self._folders.get(take.id) or self._desk.holder.library.take_folder(take)
        self._stopped[take.id] = take
        self._ended(take.id)
        if take.state == "safe":
            self._words.pop(take.id, None)
        else:
            self._words[take.id] = messages.text("studio.check_take")
        if trouble_of(take):
            self.troubled.emit(take)
        try:
            self._desk.holder.library.adopt(take, folder)
        except UserError as error:
            self.said.emit(error)
            return
        self._desk.holder.tell(take.resource_id)
        self._desk.door.announce(messages.text("studio.kept", number=take.number))
        self.readying.start(take)


def _readable(folder: Path) -> Take | None:
    """Return the take of a folder, or None where there is none to read."""
    try:
        return read_take(folder)
    except (OSError, ValueError):
        return None
