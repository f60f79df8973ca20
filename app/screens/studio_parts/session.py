"""The recorder as the window meets it: opened and closed off its thread, what it says as Qt signals."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.jobs import Jobs
from capture.device_watch import Change, DeviceWatch
from capture.devices import NONE
from capture.errors import UserError
from capture.preview_ring import PreviewFrame
from capture.studio import FromStudio, StudioSession, studio_folder
from capture.take import Take
from capture.work import Work

_PREVIEW_MS = 50


class StudioDesk(QObject):
    """Keeps a session with the recorder while Studio is shown.

    ``told`` passes on what the recorder says, ``previewed`` each new picture, ``devices_changed`` what is
    plugged in, ``failed`` why there is no session.
    """

    told = Signal(object)
    previewed = Signal(object)
    devices_changed = Signal(object)
    failed = Signal(object)
    opened = Signal()
    _message = Signal(object)
    _change = Signal(object)

    def __init__(self, jobs: Jobs, media: Path) -> None:
        super().__init__()
        self._jobs = jobs
        self._folder = studio_folder(media)
        self.session: StudioSession | None = None
        self._opening = False
        self._closing: Future[None] | None = None
        self._wanted: tuple[str, str] | None = None
        self._watch: DeviceWatch | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_PREVIEW_MS)
        self._timer.timeout.connect(self._look)
        self._message.connect(self.told, Qt.ConnectionType.QueuedConnection)
        self._change.connect(self.devices_changed, Qt.ConnectionType.QueuedConnection)

    def watch(self) -> None:
        """Look for devices from now on."""
        if self._watch is None:
            self._watch = DeviceWatch(self._on_change)
            self._watch.start()

    def open(self, *, camera: str, mic: str) -> None:
        """Open these devices, or change to them."""
        self._wanted = (camera, mic)
        if self.session is not None and (camera, mic) == (NONE, NONE):
            self.let_go()
        elif self.session is not None:
            self.session.use(camera=camera, mic=mic)
        elif not self._opening and (camera, mic) != (NONE, NONE):
            self._opening = True
            closing = self._closing

            def start(*, work: Work) -> StudioSession:
                if closing is not None:  # the one before has the devices still
                    closing.result()
                return StudioSession.open(self._folder, camera=camera, mic=mic, on_message=self._on_message)

            self._jobs.read(
                start,
                on_done=lambda session: self._started(session, opened=(camera, mic)),
                on_error=self._on_failed,
            )

    def record(self, folder: Path, take: Take, *, seconds: float | None = None) -> None:
        """Record a take from now on, perhaps for so long.

        Raises:
            UserError: There is no room, or no session.
        """
        if self.session is None:
            raise UserError("studio.not_open")
        self.session.record(folder, take, seconds=seconds)

    def stop(self) -> None:
        """Stop the take."""
        if self.session is not None:
            self.session.stop()

    def mark(self) -> None:
        """Remember this moment."""
        if self.session is not None:
            self.session.mark()

    def let_go(self) -> None:
        """Let the devices go, but look for some all the same."""
        self._timer.stop()
        session, self.session = self.session, None
        if session is not None:
            self._closing = self._jobs.finish(session.close)

    def close(self) -> None:
        """Let the devices go."""
        self._wanted = None
        self.let_go()
        watch, self._watch = self._watch, None
        if watch is not None:
            self._jobs.finish(watch.close)

    def _on_message(self, message: FromStudio) -> None:
        self._message.emit(message)

    def _on_change(self, change: Change) -> None:
        self._change.emit(change)

    def _started(self, session: StudioSession, *, opened: tuple[str, str]) -> None:
        self._opening = False
        if self._wanted in (None, (NONE, NONE)):  # left meanwhile, or neither is wanted
            self._closing = self._jobs.finish(session.close)
            return
        self.session = session
        if self._wanted is not None and self._wanted != opened:  # others were chosen meanwhile
            camera, mic = self._wanted
            session.use(camera=camera, mic=mic)
        self._timer.start()
        self.opened.emit()

    def _on_failed(self, error: UserError) -> None:
        self._opening = False
        self.failed.emit(error)

    def _look(self) -> None:
        frame = self.session.preview() if self.session is not None else None
        if isinstance(frame, PreviewFrame):
            self.previewed.emit(frame)
