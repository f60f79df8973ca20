"""Let a phone in as the camera, from a terminal: show the code, wait until it is there, record with it."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app import messages
from app.keys import keys_pressed
from app.recording_view import RecordingView
from app.terminal import Terminal, clock
from capture.errors import UserError
from capture.marking import mark_moment
from capture.phone_network import networks
from capture.phone_server import PhoneServer
from capture.phone_words import Prompt
from capture.take import Take
from capture.work import Work
from editor import resources, tasks
from editor.library import Library

#: What ``lapel record --camera`` calls it.
PHONE = "phone"
CHECK_S = 0.2


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


def record_by_phone(
    terminal: Terminal,
    library: Library,
    resource_id: str,
    *,
    prompt: int,
    mic: str,
    seconds: float | None,
    address: str | None,
    on_take: Callable[[Take], None],
) -> None:
    """Record a take for a prompt with a phone as the camera, and for each Space one for the next.

    A take is whole before the next one begins: only then has the phone sent what it holds.

    Args:
        terminal: Where it is shown.
        library: Where takes are kept.
        resource_id: What they are for.
        prompt: The first to be answered, from 1.
        mic: Source as in ``lapel record --mic``.
        seconds: Stop by itself after so long.
        address: As for ``paired_phone``.
        on_take: Told each take as soon as it is safe.

    Raises:
        UserError: A device cannot be used; takes told of before are safe.
        Cancelled: The person did not wait for the phone.
    """
    number: int | None = prompt
    while number is not None:
        view = RecordingView(tell=terminal.tell)
        with contextlib.ExitStack() as opened:
            work = opened.enter_context(terminal.work(messages.text("cli.recording"), beside=view.line))
            answer = _Answer(terminal, view, work)
            resource = library.resource(resource_id)
            asked = resources.find_prompt(resource, number)
            if opened.enter_context(keys_pressed({" ": answer.next, "m": answer.mark})):
                terminal.tell(messages.text("cli.record_keys", prompt=asked.text))
            take_number = library.next_number(resource.id, asked.id)
            shown = Prompt(asked.text, number, len(resource.brief.prompts), take_number)
            phone = paired_phone(library.folder, address=address, prompt=shown, terminal=terminal, work=work)
            take = tasks.capture(
                library,
                resource_id,
                prompt=number,
                camera=PHONE,
                mic=mic,
                seconds=seconds,
                phone=opened.enter_context(phone),
                on_folder=answer.begins,
                on_message=view.on_message,
                work=work,
            )
        on_take(take)
        number = resources.next_open(library, resource_id, after=number) if answer.goes_on else None


@contextlib.contextmanager
def paired_phone(
    folder: Path, *, address: str | None, prompt: Prompt, terminal: Terminal, work: Work
) -> Iterator[PhoneServer]:
    """Yield a server with a phone let in; it is up for as long as the block.

    Args:
        folder: Of the library; certificate and pairing are kept in it.
        address: Of this laptop on the network to use; None takes the most dependable one.
        prompt: What the phone shows.

    Raises:
        UserError: There is no network that a phone could share.
        Cancelled: The person did not wait for it.
    """
    chosen = address or _best_address(terminal)
    with PhoneServer(folder / "phone", address=chosen, laptop=socket.gethostname()) as server:
        server.show(prompt)
        invitation = server.invite()
        terminal.tell(_code(invitation.url))
        terminal.tell(messages.text("cli.phone_scan", url=invitation.url, fingerprint=invitation.fingerprint))
        while not server.present:
            work.checkpoint()
            time.sleep(CHECK_S)
        terminal.tell(messages.text("cli.phone_there"))
        yield server


def _best_address(terminal: Terminal) -> str:
    known = networks()
    if not known:
        raise UserError("phone.no_network")
    for each in known:
        terminal.tell(f"{each.address}  {each.name}: {messages.text(f'phone.network.{each.kind}')}")
    return known[0].address


def _code(url: str) -> str:
    import segno

    picture = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(picture, compact=True)
    return picture.getvalue()
