"""Accept connections for the phone's server, so many at a time, and leave none behind when it closes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import weakref
from collections.abc import Callable

HANDSHAKE_S = 10.0
GOODBYE_S = 5.0
MOST_GREETINGS = 64  # connections that have not said who they are, not even in TLS
SETTLE_S = 0.05


class Door:
    """Takes connections from a listening socket.

    Args:
        listening: Closed with the door.
        context: Whom we say we are.
        factory: Makes what speaks on a new connection.
    """

    def __init__(
        self, listening: socket.socket, context: ssl.SSLContext, factory: Callable[[], asyncio.BaseProtocol]
    ) -> None:
        self._listening = listening
        self._context = context
        self._factory = factory
        self._greetings: dict[asyncio.Task[None], None] = {}
        self._open: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()

    async def serve(self) -> None:
        """Take connections until cancelled."""
        loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        while True:
            try:
                near, _ = await loop.sock_accept(self._listening)
            except OSError:  # it was gone before it was taken, or there are no file handles left
                await asyncio.sleep(SETTLE_S)
                continue
            if len(self._greetings) >= MOST_GREETINGS:
                # Whoever has kept silent longest makes room: the phone greets at once.
                next(iter(self._greetings)).cancel()
            greeting = asyncio.create_task(self._greet(near))
            self._greetings[greeting] = None
            greeting.add_done_callback(lambda done: self._greetings.pop(done, None))
            await asyncio.sleep(0)  # a task that never ran would not close its socket when cancelled

    async def close(self) -> None:
        """Break off whatever is left."""
        self._listening.close()
        greetings = tuple(self._greetings)
        for greeting in greetings:
            greeting.cancel()
        await asyncio.gather(*greetings, return_exceptions=True)
        for transport in self._open:
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await asyncio.sleep(SETTLE_S)  # the loop closes their sockets in its next rounds

    async def _greet(self, near: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):  # no TLS, or too slow: SSLError and timeouts are such, too
            transport, _ = await loop.connect_accepted_socket(
                self._factory,
                near,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=GOODBYE_S,
            )
            self._open.add(transport)
