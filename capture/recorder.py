"""Own camera, microphone and files in a process of its own, so that no crash of the window can end a take.

Started as ``python -m capture.recorder FOLDER``, by ``capture.recording`` for one take and by
``capture.studio`` for as many as there are. It ignores the terminal, goes on when every window has gone,
and then finishes the take cleanly.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import sys
from pathlib import Path

from capture.clients import Clients
from capture.recorder_messages import FromRecorder, Open, State, ToRecorder
from capture.rendezvous import listening
from capture.session import Session

TICK_S = 0.02
ORDER_WITHIN_S = 20.0
GOODBYE_S = 3.0

log = logging.getLogger(__name__)


class Recorder:
    """Opens the devices that its first window asks for, and obeys every window until it is done.

    Args:
        folder: Through which windows find it: a take's, or the one of a session.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._orders: queue.Queue[ToRecorder] = queue.Queue()
        self._session: Session | None = None
        self._told_to_end = False

    def run(self) -> None:
        """Record from the first order to the last goodbye."""
        with listening(self._folder) as meeting:
            clients = Clients(meeting.listener, greet=self._state, on_message=self._orders.put)
            order = self._await_order(clients)
            if order is not None:
                self._session = Session(order, meeting, tell=clients.tell)
                self._serve(self._session, clients)
                clients.say_goodbye(GOODBYE_S)

    def end(self) -> None:
        """Finish the take because the computer is shutting down."""
        self._told_to_end = True

    def _state(self) -> FromRecorder:
        return self._session.state() if self._session is not None else State(None)

    def _await_order(self, clients: Clients) -> Open | None:
        while clients.alone_s < ORDER_WITHIN_S and not self._told_to_end:
            with contextlib.suppress(queue.Empty):
                order = self._orders.get(timeout=TICK_S)
                if isinstance(order, Open):
                    return order
        return None

    def _serve(self, session: Session, clients: Clients) -> None:
        session.open()
        while not session.over:
            with contextlib.suppress(queue.Empty):
                session.obey(self._orders.get(timeout=TICK_S))
            session.tick()
            if self._told_to_end or clients.alone_s > session.patience_s:
                session.end()
        session.close()


def main(folder: Path) -> None:
    """Be the recorder that is found through this folder."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    recorder = Recorder(folder)
    for name in ("SIGINT", "SIGHUP"):  # the terminal's, or the window's: not ours to end by
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: recorder.end())
    recorder.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    logging.shutdown()
    # A driver that hangs, which Python would wait for, must not keep the process: the take is finished.
    os._exit(0)
