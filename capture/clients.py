"""Keep the recorder in touch with its windows without ever waiting for one of them."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener

import msgspec

from capture.recorder_messages import FromRecorder, ToRecorder, receive_by_recorder, send

_MOST_WAITING = 1000  # a window that hangs misses the rest; what counts is in take.json too

log = logging.getLogger(__name__)


class Clients:
    """The windows that are connected.

    Args:
        listener: Where they come in; left open.
        greet: Asked for the first message to a new one.
        on_message: Told what any of them says, in a thread of its own.
    """

    def __init__(
        self,
        listener: Listener,
        *,
        greet: Callable[[], FromRecorder],
        on_message: Callable[[ToRecorder], None],
    ) -> None:
        self._listener = listener
        self._greet = greet
        self._on_message = on_message
        self._lock = threading.Lock()
        self._waiting: dict[Connection, queue.Queue[FromRecorder | None]] = {}
        self._writers: dict[Connection, threading.Thread] = {}
        self._last_seen_s = time.monotonic()
        # A daemon: accepting cannot be interrupted, and must not keep the process alive.
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    @property
    def alone_s(self) -> float:
        """For how long nobody has been connected."""
        with self._lock:
            return 0.0 if self._waiting else time.monotonic() - self._last_seen_s

    def tell(self, message: FromRecorder) -> None:
        """Send a message to all; never waits."""
        with self._lock:
            for waiting in self._waiting.values():
                with contextlib.suppress(queue.Full):
                    waiting.put_nowait(message)

    def say_goodbye(self, patience_s: float) -> None:
        """Send what is still to be sent, but take no more time than this; nothing is sent after it."""
        end_s = time.monotonic() + patience_s
        with self._lock:
            writers = list(self._writers.values())
            for waiting in self._waiting.values():
                with contextlib.suppress(queue.Full):
                    waiting.put_nowait(None)
        for each in writers:
            each.join(max(0.0, end_s - time.monotonic()))

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue  # someone without the key, or gone already
            except OSError:  # the listener is closed
                return
            # Daemons likewise: a window that hangs must not keep the recorder from ending.
            threading.Thread(target=self._serve, args=(connection,), name="window", daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        waiting: queue.Queue[FromRecorder | None] = queue.Queue(_MOST_WAITING)
        waiting.put_nowait(self._greet())
        writer = threading.Thread(target=_write, args=(connection, waiting), name="to window", daemon=True)
        with self._lock:
            self._waiting[connection], self._writers[connection] = waiting, writer
            writer.start()
        self._read(connection)
        with self._lock:
            del self._waiting[connection], self._writers[connection]
            self._last_seen_s = time.monotonic()
        with contextlib.suppress(queue.Full):
            waiting.put_nowait(None)
        writer.join()  # ends at None, or because the other side is gone
        connection.close()

    def _read(self, connection: Connection) -> None:
        while True:
            try:
                message = receive_by_recorder(connection)
            except msgspec.DecodeError:
                log.warning("a window said something unknown", exc_info=True)
            except (EOFError, OSError):
                return
            else:
                self._on_message(message)


def _write(connection: Connection, waiting: queue.Queue[FromRecorder | None]) -> None:
    while (message := waiting.get()) is not None:
        try:
            send(connection, message)
        except OSError:
            return
