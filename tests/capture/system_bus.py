"""A system bus of the test's own, with a logind on it that hands out locks or refuses to."""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""


@contextlib.contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """Run a bus and yield its address; skips where there is no dbus-daemon."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon here")
    (folder / "bus.conf").write_text(_CONFIG.format(path=folder / "bus"))
    command = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


class Logind:
    """Answers ``Inhibit`` as logind does: with one end of a pipe, and holds the lock until that is closed."""

    def __init__(self, address: str, *, refuse: tuple[str, ...] = (), hang: bool = False) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.locks: list[socket.socket] = []
        self._refuse = refuse
        self._hang = hang
        self._bus = open_dbus_connection(bus=address, enable_fds=True)
        self._bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1"))
        self._thread = threading.Thread(target=self._serve, name="logind", daemon=True)
        self._thread.start()

    @property
    def held(self) -> int:
        """How many locks are held now."""
        return sum(not self._is_closed(each) for each in self.locks)

    def close(self) -> None:
        """End, as when the service is stopped."""
        self._bus.close()
        for each in self.locks:
            each.close()

    @staticmethod
    def _is_closed(lock: socket.socket) -> bool:
        with contextlib.suppress(BlockingIOError):
            return lock.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
        return False

    def _serve(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                message = self._bus.receive()
                is_call = message.header.message_type == MessageType.method_call
                if not is_call or message.header.fields.get(HeaderFields.member) != "Inhibit":
                    continue
                self.asked.append(tuple(message.body))
                if self._hang:
                    continue
                if message.body[0] in self._refuse:
                    name = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
                    self._bus.send(new_error(message, name, "s", ("not allowed",)))
                    continue
                ours, theirs = socket.socketpair()
                self.locks.append(ours)
                self._bus.send(new_method_return(message, "h", (theirs,)))
                os.close(theirs.detach())
