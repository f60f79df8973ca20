"""Record one answer after the other in a terminal: Space for the next question, M for a marker."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from app import messages
from app.keys import keys_pressed
from app.recording_view import RecordingView
from app.terminal import Terminal, clock
from capture.devices import NONE
from capture.recorder_messages import Done, Failed, State, Unfinished
from capture.recording import RecorderDiedError, device_error, log_tail, settled, user_error
from capture.studio import FromStudio, Gone, StudioSession, studio_folder
from capture.take import Take
from capture.work import Work
from editor import resources
from editor.library import Library

_POLL_S = 0.05
_Key = Literal["next", "mark"]


def record_answers(
    terminal: Terminal,
    library: Library,
    resource_id: str,
    *,
    prompt: int,
    camera: str,
    mic: str,
    seconds: float | None,
    on_take: Callable[[Take], None],
) -> None:
    """Record a take for a prompt, and for each Space one for the next open prompt.

    Nobody waits: the devices stay open, and the next take begins where the last one ends.

    Args:
        terminal: Where it is shown.
        library: Where takes are kept.
        resource_id: What they are for.
        prompt: The first to be answered, from 1.
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        seconds: Stop by itself after so long.
        on_take: Told each take as soon as it is safe.

    Raises:
        UserError: A device cannot be used, or a take cannot be begun; takes told of before are safe.
    """
    first = resources.find_prompt(library.resource(resource_id), prompt)
    resources.next_take(library, library.resource(resource_id), prompt=first)  # refused before any lamp is on
    told: queue.SimpleQueue[FromStudio | _Key] = queue.SimpleQueue()
    view = RecordingView(tell=terminal.tell)
    with contextlib.ExitStack() as opened:
        work = opened.enter_context(terminal.work(messages.text("cli.recording"), beside=view.line))
        heard = opened.enter_context(
            keys_pressed({" ": lambda: told.put("next"), "m": lambda: told.put("mark")})
        )
        answers = _Answers(
            _opened(library, camera=camera, mic=mic, on_message=told.put),
            told,
            library,
            resource_id,
            terminal=terminal,
            view=view,
            on_take=on_take,
            seconds=seconds,
            tells_keys=heard,
            work=work,
        )
        opened.callback(answers.end)
        answers.wait_for_devices(camera=camera, mic=mic)
        answers.begin(prompt)
        answers.follow()


def _opened(
    library: Library, *, camera: str, mic: str, on_message: Callable[[FromStudio], None]
) -> StudioSession:
    """Return a session with these devices; one that a dead window left is ended, its take finished."""
    folder = studio_folder(library.media)
    left = StudioSession.reattach(folder, on_message=lambda _: None)
    if left is not None:
        left.close()
    return StudioSession.open(folder, camera=camera, mic=mic, preview=False, idle_s=0, on_message=on_message)


class _Answers:
    """Answers on their way into the library; everything here happens in one thread."""

    def __init__(
        self,
        session: StudioSession,
        told: queue.SimpleQueue[FromStudio | _Key],
        library: Library,
        resource_id: str,
        *,
        terminal: Terminal,
        view: RecordingView,
        on_take: Callable[[Take], None],
        seconds: float | None,
        tells_keys: bool,
        work: Work,
    ) -> None:
        self._session = session
        self._told = told
        self._library = library
        self._resource_id = resource_id
        self._terminal = terminal
        self._view = view
        self._on_take = on_take
        self._seconds = seconds
        self._tells_keys = tells_keys
        self._work = work
        self._asked: list[int] = []
        self._folders: dict[str, Path] = {}  # of the takes that are not safe yet
        self._recorded = ""
        self._stopped = False

    def wait_for_devices(self, *, camera: str, mic: str) -> None:
        """Return when all that were asked for are there.

        Raises:
            UserError: One of them cannot be used.
            Cancelled: The person did not wait for them.
        """
        while not self._are_live(camera=camera, mic=mic):
            self._work.checkpoint()
            message = self._next_message()
            if isinstance(message, Failed):
                raise user_error(message)
            if isinstance(message, Gone):
                raise self._recorder_died()
            for device in (self._session.state.camera, self._session.state.mic):
                error = device_error(device) if device is not None else None
                if error is not None:
                    raise error

    def begin(self, number: int) -> None:
        """Record the answer to a prompt; the one that is being recorded ends where this one begins.

        Raises:
            UserError: There is no room.
        """
        resource = self._library.resource(self._resource_id)
        asked = resources.find_prompt(resource, number)
        take = resources.next_take(self._library, resource, prompt=asked)
        folder = self._library.take_folder(take)
        self._session.record(folder, take, seconds=self._seconds, follows=True)
        self._asked.append(number)
        self._folders[take.id] = folder
        self._recorded = take.id
        self._view.begin()
        if self._tells_keys:
            self._terminal.tell(messages.text("cli.record_keys", prompt=asked.text))

    def follow(self) -> None:
        """Return when every take is in the library.

        Raises:
            UserError: A take could not be begun, or not be finished.
        """
        while self._folders:
            if self._work.cancelled:
                self._stop()
            message = self._next_message()
            if message == "next":
                self._go_on()
            elif message == "mark":
                self._mark()
            elif message is not None:
                self._view.on_message(message)
                self._report()
                self._heed(message)

    def end(self) -> None:
        """Let the devices go, and keep what was not kept yet, whatever has happened."""
        self._session.close()
        while self._folders and (message := self._next_message()) is not None:
            if not isinstance(message, str):
                self._heed(message)

    def _next_message(self) -> FromStudio | _Key | None:
        try:
            return self._told.get(timeout=_POLL_S)
        except queue.Empty:
            return None

    def _are_live(self, *, camera: str, mic: str) -> bool:
        state = self._session.state
        devices = [device for source, device in ((camera, state.camera), (mic, state.mic)) if source != NONE]
        return bool(devices) and all(each is not None and each.standing == "live" for each in devices)

    def _go_on(self) -> None:
        if self._stopped:
            return
        last = self._asked[-1]
        number = resources.next_open(self._library, self._resource_id, after=last, asked=self._asked)
        if number is None:
            self._stop()
        else:
            self.begin(number)

    def _stop(self) -> None:
        if not self._stopped:
            self._stopped, self._recorded = True, ""
            self._session.stop()

    def _mark(self) -> None:
        if self._recorded:
            self._session.mark()
            self._terminal.tell(messages.text("cli.marked", at=clock(self._view.at_us / 1e6)))

    def _report(self) -> None:
        state, at_us = self._session.state, self._view.at_us
        if state.state == "recording":
            fraction = at_us / state.length_us if state.length_us else None
            self._work.report(fraction, "record.recording")
        elif state.verifying:
            self._work.report(None, "record.verifying")

    def _heed(self, message: FromStudio) -> None:
        if isinstance(message, State):
            if self._recorded in message.verifying:
                self._recorded = ""
        elif isinstance(message, Done):
            self._keep(message.take.id, message.take)
        elif isinstance(message, Unfinished):
            self._keep(message.take, None)
        elif isinstance(message, Failed):
            self._folders.pop(message.take, None)
            raise user_error(message)
        elif isinstance(message, Gone):
            self._keep_what_is_left(message)

    def _keep(self, take_id: str, finished: Take | None) -> None:
        """Take a take into the library, mended if its recorder could not finish it."""
        folder = self._folders.pop(take_id, None)
        if folder is None:  # of a session before this one, which took its time to end
            return
        take = self._library.adopt(settled(folder, finished), folder)
        self._on_take(take)

    def _keep_what_is_left(self, gone: Gone) -> None:
        """Mend what the recorder had not finished when it ended.

        Raises:
            RecorderDiedError: It had captured nothing yet.
        """
        for take_id, folder in list(self._folders.items()):
            if folder not in gone.unfinished:
                self._folders.pop(take_id)
                raise self._recorder_died()
            self._keep(take_id, None)

    def _recorder_died(self) -> RecorderDiedError:
        return RecorderDiedError(details=log_tail(studio_folder(self._library.media)))
