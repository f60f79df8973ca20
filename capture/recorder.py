"""Own camera, microphone and files in a process of its own, so that no crash of the window can end a take.

Started as ``python -m capture.recorder FOLDER`` by ``capture.recording``. It ignores the terminal, goes on
when every window has gone, and then finishes the take cleanly.
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
from capture.errors import UserError
from capture.recorder_messages import Done, Failed, FromRecorder, Mark, Record, State, Stop, ToRecorder
from capture.rendezvous import listening
from capture.take_recording import TakeRecording
from capture.work import Work

TICK_S = 0.02
ORDER_WITHIN_S = 20.0
GOODBYE_S = 3.0

log = logging.getLogger(__name__)


class Recorder:
    """Records the take that its first window orders, and obeys every window until it is done.

    Args:
        folder: The folder of the take.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._orders: queue.Queue[ToRecorder] = queue.Queue()
        self._recording: TakeRecording | None = None
        self._told_to_end = False

    def run(self) -> None:
        """Record one take from the first order to the last goodbye."""
        with listening(self._folder) as listener:
            clients = Clients(listener, greet=self._state, on_message=self._orders.put)
            order = self._await_order(clients)
            if order is not None:
                clients.tell(self._record(order, clients))
                clients.wait_until_gone(GOODBYE_S)

    def end(self) -> None:
        """Finish the take because the computer is shutting down."""
        self._told_to_end = True

    def _state(self) -> FromRecorder:
        return self._recording.state() if self._recording is not None else State(None)

    def _await_order(self, clients: Clients) -> Record | None:
        while clients.alone_s < ORDER_WITHIN_S and not self._told_to_end:
            with contextlib.suppress(queue.Empty):
                order = self._orders.get(timeout=TICK_S)
                if isinstance(order, Record):
                    return order
        return None

    def _record(self, order: Record, clients: Clients) -> Done | Failed:
        try:
            recording = TakeRecording(self._folder, order, tell=clients.tell)
        except UserError as error:
            params = {key: str(value) for key, value in error.params.items()}
            return Failed(error.message_key, params, error.exit_code)
        self._recording = recording
        recording.start()
        while recording.running:
            self._obey(recording)
            recording.tick()
            if self._told_to_end or clients.alone_s > order.alone_s:
                recording.stop()
        return Done(recording.finish(work=Work()))

    def _obey(self, recording: TakeRecording) -> None:
        try:
            message = self._orders.get(timeout=TICK_S)
        except queue.Empty:
            return
        if isinstance(message, Stop):
            recording.stop()
        elif isinstance(message, Mark):
            recording.mark(message.text)


def main(folder: Path) -> None:
    """Be the recorder of one take."""
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
