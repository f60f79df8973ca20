"""Make a phone the camera of a take, over whatever network there is, with nothing to install on it.

One HTTPS page, served only while a phone is being paired or used, on one address only. The server runs on
a thread of its own; whoever starts it closes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from capture.errors import UserError
from capture.phone_certificate import Certificate, certificate_for
from capture.phone_desk import Desk
from capture.phone_door import Door
from capture.phone_guard import Guard, QuietHandler
from capture.phone_journal import segments_in
from capture.phone_page import page_files
from capture.phone_pairing import PAIRING_S, Pairing
from capture.phone_routes import MOST_PART_BYTES, Routes
from capture.phone_take import complete, was_stopped
from capture.phone_words import PhoneNews, PhoneState, Prompt
from capture.work import Work

CLOSE_S = 10.0
CHECK_S = 0.1
QR_BORDER = 4  # modules; less and some phones see nothing


@dataclass(frozen=True, slots=True)
class Invitation:
    """What to show so that a phone can come in.

    Args:
        url: What the code says; good once.
        qr_svg: The code as a picture.
        fingerprint: Of the certificate, to be compared by eye.
        ends_at: Seconds since 1970.
    """

    url: str
    qr_svg: bytes
    fingerprint: str
    ends_at: float


class PhoneServer:
    """The laptop's side of a phone.

    Args:
        folder: Keeps certificate and pairing over a restart; only this person should be able to read it.
        address: IP address of this laptop to serve on, one of ``capture.phone_network.networks()``.
        laptop: What people call this computer; shown on the phone.
        port: 0 takes the one used before, or any free one.
        seen_as: Further ``host:port`` under which a phone reaches it, where a port is forwarded
            (``adb reverse``).
        tell: Told what the window should know; called on the server's thread, must not wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        address: str,
        laptop: str,
        port: int = 0,
        seen_as: tuple[str, ...] = (),
        tell: Callable[[PhoneNews], None] = lambda _: None,
    ) -> None:
        self._address = address
        self._wanted_port = port
        self._seen_as = seen_as
        self._laptop = laptop
        self._folder = folder
        self._tell = tell
        self._pairing = Pairing(folder)
        self._desk = Desk(self._pairing, tell=tell)
        self._certificate: Certificate | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        # A daemon: whatever was acknowledged is on disk, and a window that ends must not wait for a phone.
        self._thread = threading.Thread(target=self._run, name="phone", daemon=True)
        self.port = 0

    def start(self) -> None:
        """Begin to serve.

        Raises:
            UserError: The address or port cannot be used.
        """
        self._certificate = certificate_for(self._folder, self._address)
        listening = self._listen()
        self.port = listening.getsockname()[1]
        self._pairing.kept.port = self.port
        self._pairing.keep()
        self._socket = listening
        self._thread.start()
        self._ready.wait(CLOSE_S)
        if self._failed is not None:
            self._thread.join(CLOSE_S)
            raise self._failed

    def close(self) -> None:
        """Stop serving; every part that was acknowledged is on disk. May be called again."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it ended at this moment
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(CLOSE_S)

    def __enter__(self) -> PhoneServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def invite(self, *, valid_s: float = PAIRING_S) -> Invitation:
        """Return a code that lets one phone in; the code before no longer works."""
        import segno

        token = self._pairing.offer(valid_s=valid_s)
        url = f"https://{self._address}:{self.port}/{token}/"
        picture = io.BytesIO()
        segno.make(url, error="m", micro=False).save(picture, kind="svg", border=QR_BORDER, scale=4)
        assert self._certificate is not None
        return Invitation(url, picture.getvalue(), self._certificate.fingerprint, time.time() + valid_s)

    def withdraw(self) -> None:
        """Let no new phone in; to be called when the code is no longer shown."""
        self._pairing.withdraw()

    def unpair(self) -> None:
        """Send the phone away."""
        self._pairing.forget()

    @property
    def paired(self) -> bool:
        """Whether a phone was let in."""
        return self._pairing.paired

    @property
    def present(self) -> bool:
        """Whether the phone was heard of in the last seconds."""
        return self._desk.present

    @property
    def state(self) -> PhoneState | None:
        """What the phone last said of itself; None if it has not said anything since the start."""
        return self._desk.state

    @property
    def preview(self) -> bytes:
        """The latest small JPEG; empty before the first."""
        return self._desk.preview

    @property
    def recording(self) -> str:
        """The take that the phone is to record, also over a restart; empty for none."""
        return self._desk.wish.take

    def show(self, prompt: Prompt) -> None:
        """Show a prompt on the phone."""
        self._desk.change(prompt=prompt)

    def record(self, take: str, folder: Path) -> None:
        """Let the phone record a take into its folder, from now on, or as soon as it is there."""
        self._desk.expect(take, folder)
        self._desk.change(take=take)

    def stop_recording(self) -> None:
        """Let the phone stop; what it has not sent yet is still accepted."""
        self._desk.change(take="")

    def dismiss(self, take: str) -> None:
        """Accept nothing more of a take: all of it is here, or it is not wanted."""
        self._desk.dismiss(take)

    @property
    def expected(self) -> dict[str, Path]:
        """The takes of which the phone may still send something, also over a restart, and their folders."""
        return self._desk.expected

    def has_all_of(self, folder: Path) -> bool:
        """Whether the phone has ended a take and everything that it has of it is here."""
        state = self.state
        if not complete(folder):
            return False
        if state is None:  # it was not heard of since the start, and need not be
            return was_stopped(folder)
        return state.take != folder.name and not state.unsent_parts

    def has_nothing_of(self, folder: Path) -> bool:
        """Whether the phone, which is here, says that it neither records a take nor has anything of it."""
        state = self.state
        idle = state is not None and state.take != folder.name and not state.unsent_parts
        return idle and self.present and not segments_in(folder)

    def wait_for(self, folder: Path, *, work: Work) -> None:
        """Wait until everything that the phone has of a take is here.

        Raises:
            Cancelled: The person does not want to wait; the phone sends the rest when it next can.
        """
        while True:
            work.checkpoint()
            if self.has_all_of(folder):
                return
            state = self.state
            total = state.recorded_bytes if state is not None else 0
            left = state.unsent_bytes if state is not None else 0
            work.report(1 - left / total if total else None, "phone.sending")
            time.sleep(CHECK_S)

    def _listen(self) -> socket.socket:
        """Return the socket to serve on; a paired phone only knows the port from before."""
        wanted = self._wanted_port or self._pairing.kept.port
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        try:
            return socket.create_server((self._address, wanted), family=family)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise UserError("phone.no_address", address=self._address) from error
            if self._wanted_port or self._pairing.paired:
                raise UserError("phone.port_taken", port=wanted) from error
        return socket.create_server((self._address, 0), family=family)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 (start() raises it on the caller's thread)
            self._failed = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        assert self._certificate is not None
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._desk.attach(self._loop)
        guard = Guard(
            self._pairing,
            hosts=frozenset({f"{self._address}:{self.port}", *self._seen_as}),
            on_paired=lambda: self._tell(PhoneNews("paired")),
            on_intruder=lambda: self._tell(PhoneNews("intruder")),
        )
        files = page_files(laptop=self._laptop, most_part_bytes=MOST_PART_BYTES)
        app = Routes(self._desk, files).application(guard)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        server = runner.server
        assert server is not None
        loop = self._loop
        door = Door(
            self._socket,
            self._certificate.context(),
            # None is what the runner passes too: nobody's address is written anywhere.
            lambda: QuietHandler(server, loop=loop, access_log=None, lingering_time=0),  # type: ignore[arg-type]
        )
        serving = asyncio.create_task(door.serve())
        watch = asyncio.create_task(guard.watch(lambda: server.connections))
        self._ready.set()
        try:
            await self._stop.wait()
        finally:
            watch.cancel()
            serving.cancel()
            await asyncio.gather(watch, serving, return_exceptions=True)
            self._desk.closing = True
            self._desk.wake()
            await runner.cleanup()
            await door.close()
            self._desk.close_files()
