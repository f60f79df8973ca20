"""Play a take in the place of the camera's picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.studio_parts.picture import StudioPicture
from capture.take import Take
from editor.cutlist import place, result_rate
from editor.model import Span
from editor.playback import PlayState, Programme
from editor.viewing import Shown

_OVER_US = 300_000


class TakePlayer(QObject):
    """Plays one take at a time; ``said`` tells why one cannot be played, ``ended`` that it rests."""

    said = Signal(object)
    ended = Signal()

    def __init__(self, jobs: Jobs, video: StudioPicture) -> None:
        super().__init__()
        self._video = video
        self._desk = DeskPlayer(jobs)
        self._wanted = False
        self.take_id = ""
        self._desk.shown.connect(self._on_shown)
        self._desk.changed.connect(self._on_changed)
        self._desk.made.connect(self._play)
        video.resized.connect(self._desk.resize)

    @property
    def playing(self) -> bool:
        """Whether a take plays."""
        return self._desk.playing

    @property
    def at_us(self) -> int:
        """Where it plays or rests."""
        return self._desk.at_us

    def play(self, take: Take, folder: Path) -> None:
        """Play a take; the one that plays rests, the one that rests goes on unless it was over."""
        player = self._desk.player
        if take.id == self.take_id and player is not None:
            if self.playing:
                player.pause()
                return
            if 0 < self.at_us < take.duration_us - _OVER_US:
                player.play()
                return
        self.take_id, self._wanted = take.id, True
        spans = [Span(take.id, take.prompt.id, 0, take.duration_us)]
        programme = Programme(place(spans, rate=result_rate([])), {take.id: take}, {take.id: folder})
        self._desk.load(programme, at_us=0)
        self._play()

    def rest(self) -> None:
        """Play no more; the next time it begins anew."""
        self._wanted, self.take_id = False, ""
        if self._desk.player is not None:
            self._desk.player.pause()

    def close(self) -> None:
        """Let files and loudspeaker go."""
        self._wanted, self.take_id = False, ""
        self._desk.close()

    def _play(self) -> None:
        if self._wanted and self._desk.player is not None:
            self._wanted = False
            self._desk.player.play()

    def _on_shown(self, shown: Shown) -> None:
        if self.playing:
            self._video.show_words("")
            self._video.show_pixels(shown.pixels)

    def _on_changed(self, state: PlayState) -> None:
        if state.problem is not None:
            self.said.emit(state.problem)
        if state.speed == 0:
            self.ended.emit()
