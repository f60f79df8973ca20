"""The phone as Studio meets it: let in, shown, started and stopped with the take, waited for afterwards."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from app.jobs import Jobs
from capture.errors import UserError
from capture.phone_network import Network, networks
from capture.phone_server import Invitation, PhoneServer
from capture.phone_words import PhoneNews, PhoneState, Prompt
from capture.preview_ring import PreviewFrame
from capture.take import Take
from capture.work import Cancelled, Work

_LOOK_MS = 250
#: So often a phone that has nothing of a take must say so before nobody waits for it any more.
_NOTHING_TIMES = 20


@dataclass(frozen=True, slots=True)
class Awaited:
    """A take that the phone is still sending, and where it goes."""

    take: Take
    folder: Path


class PhoneDesk(QObject):
    """A server for one phone, for as long as it is paired, used, or has something to send.

    ``opened`` tells that a phone can come in, ``invited`` the code for that, ``paired_now`` that one came in,
    ``changed`` that there may be something new to show, ``looked`` what its camera sees, ``asked`` that its
    button was pressed ("start" or "stop"), ``arrived`` a take of which everything is here, ``told`` bad news,
    ``failed`` why there is no server.

    Args:
        jobs: The window's.
        folder: Keeps certificate and pairing.
        find_networks: Over which a phone can reach this laptop.
    """

    opened = Signal()
    invited = Signal(object)
    changed = Signal()
    looked = Signal(object)
    asked = Signal(str)
    arrived = Signal(object)
    told = Signal(object)
    paired_now = Signal()
    failed = Signal(object)
    _news = Signal(object)

    def __init__(
        self, jobs: Jobs, folder: Path, *, find_networks: Callable[[], Sequence[Network]] = networks
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self._folder = folder
        self.find_networks = find_networks
        self.networks: tuple[Network, ...] = ()
        self.address = ""
        self.server: PhoneServer | None = None
        self.invitation: Invitation | None = None
        self.awaited: dict[str, Awaited] = {}
        self._nothing: dict[str, int] = {}
        self._wanted = self._opening = self._inviting = False
        self._picture = b""
        self._pictures = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._news.connect(self._on_news, Qt.ConnectionType.QueuedConnection)
        jobs.closing.connect(self._end)

    # Letting it in -----------------------------------------------------------------------------------

    def open(self, *, address: str = "") -> None:
        """Serve the phone's page, over a network of this laptop or the most dependable one."""
        self._wanted = True
        if self.server is not None and address in ("", self.address):
            self._is_up()
            return
        if self._opening:
            return
        self._opening = True
        before, self.server = self.server, None
        wanted = address or self.address

        def start(*, work: Work) -> tuple[PhoneServer, tuple[Network, ...], str]:
            if before is not None:
                before.close()
            known = tuple(self.find_networks())
            server, chosen = self._start(wanted, known)
            try:
                work.checkpoint()
            except Cancelled:
                server.close()
                raise
            return server, known, chosen

        self._jobs.read(start, on_done=self._started, on_error=self._on_failed)

    def _start(self, wanted: str, known: Sequence[Network]) -> tuple[PhoneServer, str]:
        """Serve where the phone was let in last, as long as that is an address of this laptop, else anew.

        Raises:
            UserError: There is no network, or the port is taken.
        """
        for address in dict.fromkeys((wanted, *(each.address for each in known[:1]))):
            server = PhoneServer(
                self._folder, address=address, laptop=socket.gethostname(), tell=self._news.emit
            )
            try:
                if address:
                    server.start()
                    return server, address
            except UserError as error:
                if error.message_key != "phone.no_address":
                    raise
        raise UserError("phone.no_network")

    def invite(self, *, address: str = "") -> None:
        """Make a code that lets one phone in; ``invited`` tells it."""
        self._inviting = True
        self.open(address=address)

    def withdraw(self) -> None:
        """Let no new phone in: the code is shown no more."""
        self._inviting, self.invitation = False, None
        if self.server is not None:
            self.server.withdraw()

    def close(self) -> None:
        """Let the phone go, as soon as it has nothing to send any more."""
        self._wanted = False
        self.withdraw()
        if not self.awaited:
            self._end()

    def _started(self, made: tuple[PhoneServer, tuple[Network, ...], str]) -> None:
        self._opening = False
        self.server, self.networks, self.address = made
        if not self._wanted and not self.awaited:  # left meanwhile
            self._end()
            return
        self._timer.start()
        self._is_up()

    def _is_up(self) -> None:
        self.opened.emit()
        if self._inviting and self.server is not None:
            self.invitation = self.server.invite()
            self.invited.emit(self.invitation)

    def _on_failed(self, error: UserError) -> None:
        self._opening = self._inviting = False
        self.failed.emit(error)

    def _end(self) -> None:
        self._timer.stop()
        server, self.server = self.server, None
        if server is not None:
            self._jobs.finish(server.close)
        self.changed.emit()

    # How it is ---------------------------------------------------------------------------------------

    @property
    def present(self) -> bool:
        """Whether the phone was heard of a moment ago."""
        return self.server is not None and self.server.present

    @property
    def paired(self) -> bool:
        """Whether a phone was let in, be it here now or not."""
        return self.server is not None and self.server.paired

    @property
    def state(self) -> PhoneState | None:
        """What the phone last said of itself."""
        return self.server.state if self.server is not None else None

    # Recording ---------------------------------------------------------------------------------------

    def show(self, prompt: Prompt) -> None:
        """Show a prompt on the phone."""
        if self.server is not None:
            self.server.show(prompt)

    def record(self, take: str, folder: Path) -> None:
        """Let the phone record a take into its folder."""
        if self.server is not None:
            self.server.record(take, folder)

    def stop(self) -> None:
        """Let the phone stop."""
        if self.server is not None:
            self.server.stop_recording()

    def forget(self, take: str) -> None:
        """Accept nothing more of a take."""
        self.awaited.pop(take, None)
        if self.server is not None:
            self.server.dismiss(take)
        if not self._wanted and not self.awaited:
            self._end()

    def wait_for(self, take: Take, folder: Path) -> None:
        """Tell ``arrived`` when the phone has sent everything of a take that has ended."""
        self.awaited[take.id] = Awaited(take, folder)
        self._nothing[take.id] = 0

    def expects(self) -> frozenset[str]:
        """Return the takes of which the phone may still send something."""
        return frozenset(self.server.expected) if self.server is not None else frozenset()

    def _look(self) -> None:
        server = self.server
        if server is None:
            return
        for awaited in tuple(self.awaited.values()):
            if self._is_here(server, awaited):
                del self.awaited[awaited.take.id]
                self.arrived.emit(awaited)
        if server.preview != self._picture and server.present:
            self._picture = server.preview
            self._show_picture()
        self.changed.emit()

    def _is_here(self, server: PhoneServer, awaited: Awaited) -> bool:
        if server.has_all_of(awaited.folder):
            return True
        said = self._nothing[awaited.take.id] + 1 if server.has_nothing_of(awaited.folder) else 0
        self._nothing[awaited.take.id] = said
        return said >= _NOTHING_TIMES

    def _show_picture(self) -> None:
        image = QImage.fromData(self._picture).convertToFormat(QImage.Format.Format_RGB888)
        if image.isNull():
            return
        self._pictures += 1
        wide = image.width() * 3
        rows = memoryview(image.constBits()).tobytes()
        step = image.bytesPerLine()
        rgb = b"".join(rows[n * step : n * step + wide] for n in range(image.height()))
        frame = PreviewFrame(self._pictures, time.monotonic_ns() // 1000, image.width(), image.height(), rgb)
        self.looked.emit(frame)

    def _on_news(self, news: PhoneNews) -> None:
        if news.what == "asks":
            self.asked.emit(news.text)
        elif news.what == "paired":
            self.withdraw()
            self.paired_now.emit()
        elif news.what in ("disk", "damaged", "intruder"):
            self.told.emit(news)
        self.changed.emit()
