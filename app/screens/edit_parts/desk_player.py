"""The player as the window meets it: made off the window's thread, its pictures and states as Qt signals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app import messages
from app.jobs import Jobs
from capture.errors import UserError
from capture.work import Work
from editor.fit import Size
from editor.play_sound import Output, Silence, Speaker
from editor.playback import Player, PlayState, Programme
from editor.take_frames import open_take_frames
from editor.viewing import Shown


class DeskPlayer(QObject):
    """Plays a programme and says so by signals.

    ``shown`` tells each picture, ``changed`` how it stands, ``silent`` why it is not heard, ``made`` that the
    player is there.

    Wishes made before the player is there are kept: the last place, the last programme.
    """

    shown = Signal(object)
    changed = Signal(object)
    silent = Signal(str)
    made = Signal()
    _came = Signal(object)
    _told = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._player: Player | None = None
        self._making = False
        self._programme: Programme | None = None
        self._at_us = 0
        self._size = Size(632, 356)
        self.gain_db = 0.0
        self._came.connect(self._on_shown, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._on_state, Qt.ConnectionType.QueuedConnection)
        self.state = PlayState(0, 0, 0.0)
        self.at_us = 0

    @property
    def player(self) -> Player | None:
        """The player, once it is there."""
        return self._player

    @property
    def playing(self) -> bool:
        """Whether it plays, whichever way."""
        return self.state.speed != 0

    def load(self, programme: Programme, *, at_us: int) -> None:
        """Play another programme from a moment on, as loud as the last one was made."""
        self._programme = replace(programme, gain_db=self.gain_db)
        self._at_us = self.at_us = at_us
        if self._player is not None:
            self._player.load(self._programme, at_us=at_us)
        elif not self._making:
            self._making = True
            self._jobs.read(self._make, on_done=self._on_made, on_error=self._failed)

    def hear(self, sound: Path | None, *, gain_db: float) -> None:
        """Let the programme sound as a file has it, or as its takes do with so much gain."""
        self.gain_db = gain_db
        if self._programme is not None:
            self._programme = replace(self._programme, sound=sound, gain_db=gain_db)
        if self._player is not None:
            self._player.hear(sound, gain_db=gain_db)

    def refresh(self, take_id: str) -> None:
        """Take up what has changed in a take's folder."""
        if self._player is not None:
            self._player.refresh(take_id)

    def resize(self, width_px: int, height_px: int) -> None:
        """Make pictures of another size."""
        self._size = Size(max(width_px, 2), max(height_px, 2))
        if self._player is not None:
            self._player.resize(self._size)

    def seek(self, at_us: int) -> None:
        """Go to a moment."""
        self._at_us = at_us
        if self._player is not None:
            self._player.seek(at_us)

    def close(self) -> None:
        """Let files and loudspeaker go, off the window's thread."""
        player, self._player = self._player, None
        self._programme = None
        if player is not None:
            self.state = PlayState(0, 0, 0.0)
            self._jobs.finish(player.close)

    def _make(self, *, work: Work) -> tuple[Player, str]:
        output: Output
        reason = ""
        try:
            output = Speaker()
        except UserError as error:
            output, reason = Silence(), messages.sentence(error)
        assert self._programme is not None
        player = Player(
            self._programme,
            size=self._size,
            output=output,
            open_frames=open_take_frames,
            on_frame=self._came.emit,
            on_state=self._told.emit,
        )
        return player, reason

    def _on_made(self, made: tuple[Player, str]) -> None:
        self._making = False
        player, reason = made
        if self._programme is None:  # left meanwhile
            self._jobs.finish(player.close)
            return
        self._player = player
        player.load(self._programme, at_us=self._at_us)
        player.resize(self._size)
        self.made.emit()
        if reason:
            self.silent.emit(reason)

    def _failed(self, error: UserError) -> None:
        self._making = False
        self.silent.emit(messages.sentence(error))

    def _on_shown(self, shown: Shown) -> None:
        self.at_us = self._at_us = shown.at_us
        self.shown.emit(shown)

    def _on_state(self, state: PlayState) -> None:
        self.state = state
        self.changed.emit(state)
