"""Make the result's sound as learners will hear it, in the background, and let it be heard and compared."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import JobHandle, Jobs
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_presenter import EditState
from capture.errors import UserError
from capture.work import Work
from editor.result_sound import ResultSound, write_result_sound

_REST_MS = 1200


class SoundDesk(QObject):
    """Keeps the sound of the result that is shown.

    While it is made anew after an edit, the takes' own sound is played, about as loud. ``made`` tells the
    ``ResultSound``, or None while there is none; ``failed`` why it could not be made.
    """

    made = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, player: DeskPlayer) -> None:
        super().__init__()
        self._jobs, self._player = jobs, player
        self._state: EditState | None = None
        self._job: JobHandle | None = None
        self._folder: Path | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._make)
        self.sound: ResultSound | None = None
        self.hears_original = False

    def show(self, state: EditState) -> None:
        """Keep the sound of this result, once nobody edits and nothing else is being done."""
        if self._state is not None and _key(self._state) == _key(state):
            self._state = state
            return
        self._state = state
        self._stop()
        self.hears_original = False
        self.sound = None
        self._play()
        self.made.emit(None)
        if state.cut_list.frames:
            self._rest.start()

    def compare(self, *, original: bool) -> None:
        """Let the original be heard, or the result again, from where it plays."""
        if self.sound is not None and original != self.hears_original:
            self.hears_original = original
            self._play()

    def close(self) -> None:
        """Let the files go."""
        self._stop()
        self._state = self.sound = None
        self.hears_original = False
        self._player.hear(None, gain_db=0.0)
        self._keep(None)

    def _stop(self) -> None:
        self._rest.stop()
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _play(self) -> None:
        sound = self.sound
        if sound is None:
            self._player.hear(None, gain_db=self._player.gain_db)
        else:
            heard = sound.original if self.hears_original else sound.published
            self._player.hear(heard, gain_db=sound.gain_db)

    def _make(self) -> None:
        state = self._state
        if state is None:
            return
        if any(job.shown for job in self._jobs.running):  # words and pictures first
            self._rest.start()
            return
        programme = state.programme.without(state.missing)
        strength = state.resource.edit.clean_sound

        def make(*, work: Work) -> ResultSound:
            folder = Path(tempfile.mkdtemp(prefix="lapel-sound-"))
            try:
                return write_result_sound(
                    programme.cut_list,
                    programme.takes,
                    programme.folders,
                    strength=strength,
                    into=folder,
                    work=work,
                )
            except BaseException:
                _remove(folder)
                raise

        def done(sound: ResultSound) -> None:
            if self._job is not job:  # something was decided meanwhile
                _remove(sound.published.parent)
                return
            self._job = None
            self.sound = sound
            self._play()
            self._keep(sound.published.parent)
            self.made.emit(sound)

        def failed(error: UserError) -> None:
            if self._job is job:
                self._job = None
                self.failed.emit(error)

        job = self._job = self._jobs.start("jobs.sound", make, on_done=done, on_error=failed)

    def _keep(self, folder: Path | None) -> None:
        """Keep the files in a folder, and no others."""
        before, self._folder = self._folder, folder
        if before is not None:
            _remove(before)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _key(state: EditState) -> tuple[object, ...]:
    """Return what the sound of a result follows from."""
    return (state.cut_list, state.resource.edit.clean_sound, state.missing, state.takes)
