"""Let a phone in as the camera, from a terminal: show the code, wait until it is there."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from app import messages
from app.terminal import Terminal
from capture.errors import UserError
from capture.phone_network import networks
from capture.phone_server import PhoneServer
from capture.phone_words import Prompt
from capture.work import Work

#: What ``lapel record --camera`` calls it.
PHONE = "phone"
CHECK_S = 0.2


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
