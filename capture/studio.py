"""Let a window see and hear the devices before Record, and record one take after the other without waiting.

A window opens a session once and keeps it for as long as the studio is shown::

    studio = StudioSession.open(studio_folder(library.media), camera=…, mic=…, on_message=signal.emit)
    studio.preview()                         # newest picture, for a timer; levels come as Level, Position
    studio.record(folder, take)              # begins with the next picture
    studio.mark("gauge"); studio.stop()      # Done(take) follows when that is safe; meanwhile:
    studio.record(next_folder, next_take)    # or, without the stop, with follows=True
    studio.close()

``on_message`` is called in a thread of the session: a window passes messages on to its own thread and does
not wait in it. What it may be told is in ``capture.recorder_messages``:

- ``State``: first of all, and whenever a device came or went, or a take began, was stopped, or became safe.
  Its ``camera`` and ``mic`` say how each device is, and why (``errors.…``) one cannot be opened.
- ``Level`` ten times a second while no take is recorded, ``Position`` while one is.
- ``Event``: something went wrong, or right again (``events.…``); ``take`` is empty while none is recorded.
- ``Done``: a take is verified and on disk. ``Unfinished``: call ``capture.recording.repair`` for it.
- ``Failed``: an order could not be obeyed; ``user_error`` of ``capture.recording`` makes an error of it.
- ``Gone``: the recorder has ended. After ``close`` that is as it should be; otherwise repair what is in
  ``unfinished``, and open a new session.

When the window is killed, a take goes on for two minutes and is then finished; a session without a take ends
after some seconds. A window that was restarted in time takes the session over: ``open`` and ``reattach``.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from capture.launch import Child, start_child
from capture.preview_ring import PreviewFrame, PreviewReader
from capture.recorder_messages import (
    Close,
    Done,
    Failed,
    FromRecorder,
    Mark,
    Open,
    State,
    Stop,
    ToRecorder,
    Unfinished,
    Use,
    receive_from_recorder,
    send,
)
from capture.recording import (
    ALONE_S,
    FLOOR_BYTES,
    LOG_FILE,
    absolute,
    connect,
    drop_empty_log,
    make_folder,
    remove_if_empty,
    take_order,
)
from capture.rendezvous import reach, sweep
from capture.take import Take

IDLE_S = 20.0
FOLDER = "studio"
_END_WITHIN_S = 20.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Gone:
    """The recorder has ended.

    Args:
        unfinished: Folders of takes that it had not finished, for ``capture.recording.repair``.
    """

    unfinished: tuple[Path, ...] = ()


FromStudio = FromRecorder | Gone


def studio_folder(media: Path) -> Path:
    """Return where the session of a library is found: beside its media, so that no take is near it."""
    return media.parent / FOLDER


class StudioSession:
    """A recorder with its devices open. Every method returns at once; what comes of it is told.

    To be made by ``open`` or ``reattach``.
    """

    def __init__(
        self,
        folder: Path,
        connection: Connection,
        child: Child | None,
        *,
        on_message: Callable[[FromStudio], None],
    ) -> None:
        self._folder = folder
        self._connection = connection
        self._child = child
        self._on_message = on_message
        self._state = State(None)
        self._made: dict[str, list[Path]] = {}
        self._lock = threading.Lock()
        self._reader: PreviewReader | None = None
        self._seen = 0
        self._hung_up = threading.Event()
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="studio", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        camera: str,
        mic: str,
        preview: bool = True,
        alone_s: float = ALONE_S,
        idle_s: float = IDLE_S,
        on_message: Callable[[FromStudio], None],
    ) -> StudioSession:
        """Open camera and microphone, or take over the session that is still there from before.

        A session that is taken over keeps its devices; ``use`` changes them.

        Args:
            folder: Where the session is found, see ``studio_folder``; made if it is not there.
            camera: Source as in ``lapel record --camera``.
            mic: Source as in ``lapel record --mic``.
            preview: Whether pictures are wanted.
            alone_s: How long a take goes on when this process has died.
            idle_s: How long the session stays without a take when this process has died.
            on_message: Told everything, in a thread of the session.

        Raises:
            RecorderDiedError: It could not be started.
            OSError: The folder cannot be made.
        """
        known = cls.reattach(folder, on_message=on_message)
        if known is not None:
            return known
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        child = start_child("capture.recorder", [str(folder)], own_session=True, log=folder / LOG_FILE)
        connection = connect(folder, child)
        order = Open(absolute(camera), absolute(mic), alone_s=alone_s, idle_s=idle_s, preview=preview)
        with contextlib.suppress(OSError):  # dead already: told as Gone
            send(connection, order)
        return cls(folder, connection, child, on_message=on_message)

    @classmethod
    def reattach(cls, folder: Path, *, on_message: Callable[[FromStudio], None]) -> StudioSession | None:
        """Return the session that is still running there, or None; its ``State`` is told first."""
        connection = reach(folder)
        return None if connection is None else cls(folder, connection, None, on_message=on_message)

    @property
    def state(self) -> State:
        """What was told last."""
        return self._state

    def record(
        self,
        folder: Path,
        take: Take,
        *,
        seconds: float | None = None,
        floor_bytes: int = FLOOR_BYTES,
        follows: bool = False,
    ) -> None:
        """Record a take, from this moment on.

        Args:
            folder: The take's, which must not be there: ``media/<resource>/<take>/``.
            take: A fresh take, without segments.
            seconds: Stop by itself after so long.
            floor_bytes: Stop by itself when the disk has no more than this left.
            follows: Stop the take that is being recorded, and begin where it ends.

        Raises:
            BadInputError: The folder cannot be made, or there is too little room.
            FileExistsError: A take of this id is there.
        """
        made = make_folder(folder, floor_bytes=floor_bytes)
        with self._lock:
            self._made[take.id] = made
        order = take_order(take, folder, seconds=seconds, floor_bytes=floor_bytes)
        self._say(msgspec.structs.replace(order, follows=follows))

    def stop(self) -> None:
        """Stop the take; ``Done`` is told when it is safe."""
        self._say(Stop())

    def mark(self, text: str = "") -> None:
        """Remember this moment of the take."""
        self._say(Mark(text))

    def use(self, *, camera: str | None = None, mic: str | None = None) -> None:
        """Change devices, between takes; None keeps the one that is there, ``none`` does without."""
        self._say(
            Use(
                camera=None if camera is None else absolute(camera),
                mic=None if mic is None else absolute(mic),
            )
        )

    def preview(self) -> PreviewFrame | None:
        """Return the newest picture, or None if there is none that was not returned before."""
        path = self._state.preview
        if not path:
            return None
        try:
            self._reader = self._reader or PreviewReader(Path(path))
        except (OSError, ValueError):
            return None
        frame = self._reader.newest(after=self._seen)
        self._seen = frame.seq if frame is not None else self._seen
        return frame

    def leave(self) -> None:
        """Hang up without ending anything, as if this window had died."""
        self._hang_up()
        if self._child is not None:
            self._child.leave()

    def close(self) -> None:
        """Finish the take that is recorded, let the devices go, and wait for the end of it."""
        if self._hung_up.is_set():
            return
        self._say(Close())
        self._gone.wait(_END_WITHIN_S)
        self._hang_up()
        if self._child is not None:
            self._child.wait(_END_WITHIN_S)
        drop_empty_log(self._folder)

    def _hang_up(self) -> None:
        self._hung_up.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(_END_WITHIN_S)
        self._connection.close()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _say(self, order: ToRecorder) -> None:
        with self._lock, contextlib.suppress(OSError):  # it has gone: told as Gone
            send(self._connection, order)

    def _listen(self) -> None:
        while not self._hung_up.is_set():
            try:
                if not self._connection.poll(_POLL_S):
                    continue
                message = receive_from_recorder(self._connection)
            except (EOFError, OSError):
                self._gone.set()
                self._on_message(self._what_is_left())
                return
            except msgspec.ValidationError:  # of another version
                continue
            self._note(message)
            self._on_message(message)

    def _note(self, message: FromRecorder) -> None:
        if isinstance(message, State):
            self._state = message
        elif isinstance(message, Done | Unfinished | Failed):
            take = message.take.id if isinstance(message, Done) else message.take
            with self._lock:
                made = self._made.pop(take, None)
            if isinstance(message, Failed) and made is not None:
                remove_if_empty(made)

    def _what_is_left(self) -> Gone:
        with self._lock:
            for made in self._made.values():
                remove_if_empty(made)
            mine = [made[0] for made in self._made.values()]
        taken_over = [Path(self._state.folder)] if self._state.folder else []
        return Gone(tuple(dict.fromkeys(folder for folder in (*mine, *taken_over) if folder.exists())))
