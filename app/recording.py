"""Record one answer after the other in a terminal: Space for the next question, M for a marker."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from app import messages
from app.keys import keys_pressed
from app.recording_view import RecordingView
from app.terminal import Terminal, clock
from capture.marking import mark_moment
from capture.phone_server import PhoneServer
from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.model import Take

PhoneFor = Callable[[int, Work], contextlib.AbstractContextManager[PhoneServer]]


class _Answer:
    """One answer while it is recorded, and what keys do to it."""

    def __init__(self, terminal: Terminal, view: RecordingView, work: Work) -> None:
        self.goes_on = False
        self.folder: Path | None = None
        self._terminal = terminal
        self._view = view
        self._work = work

    def next(self) -> None:
        """End this answer; the next question follows."""
        self.goes_on = True
        self._work.cancel()

    def mark(self) -> None:
        """Mark this moment."""
        at = clock(self._view.at_us / 1e6)
        if self.folder is not None and mark_moment(self.folder):
            self._terminal.tell(messages.text("cli.marked", at=at))

    def begins(self, folder: Path) -> None:
        """Take in where the take will be."""
        self.folder = folder


def record_answers(
    terminal: Terminal,
    library: Library,
    resource_id: str,
    *,
    prompt: int,
    camera: str,
    mic: str,
    seconds: float | None,
    phone_for: PhoneFor | None,
    on_take: Callable[[Take], None],
) -> None:
    """Record a take for a prompt, and for each Space one for the next open prompt.

    Args:
        terminal: Where it is shown.
        library: Where takes are kept.
        resource_id: What they are for.
        prompt: The first to be answered, from 1.
        camera: Source as in ``lapel record --camera``.
        mic: Source as in ``lapel record --mic``.
        seconds: Stop by itself after so long.
        phone_for: Lets a phone in for that prompt; it is the camera then.
        on_take: Told each take as soon as it is safe.

    Raises:
        UserError: A device cannot be used; takes told of before are safe.
    """
    number: int | None = prompt
    while number is not None:
        view = RecordingView(tell=terminal.tell)
        with contextlib.ExitStack() as opened:
            work = opened.enter_context(terminal.work(messages.text("cli.recording"), beside=view.line))
            answer = _Answer(terminal, view, work)
            actions = {" ": answer.next, "m": answer.mark}
            if opened.enter_context(keys_pressed(actions)):
                asked = resources.find_prompt(library.resource(resource_id), number)
                terminal.tell(messages.text("cli.record_keys", prompt=asked.text))
            phone = opened.enter_context(phone_for(number, work)) if phone_for is not None else None
            take = tasks.capture(
                library,
                resource_id,
                prompt=number,
                camera=camera,
                mic=mic,
                seconds=seconds,
                phone=phone,
                on_folder=answer.begins,
                on_message=view.on_message,
                work=work,
            )
        on_take(take)
        number = resources.next_open(library, resource_id, after=number) if answer.goes_on else None
