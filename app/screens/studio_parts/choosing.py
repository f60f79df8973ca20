"""Look at takes that are there: select, star, write a note, play; the test recording too."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.desk import Desk
from app.screens import studio_presenter as presenter
from app.screens.studio_parts.layout import StudioLayout
from app.screens.studio_parts.playing import TakePlayer
from app.screens.studio_presenter import StudioState
from capture.errors import UserError
from capture.take import Take
from capture.trial import Trial
from editor import tasks


class Choosing(QObject):
    """Keeps which take is selected; ``changed`` tells that it is another, ``said`` an error."""

    changed = Signal()
    said = Signal(object)

    def __init__(self, desk: Desk, view: StudioLayout) -> None:
        super().__init__()
        self._desk, self._view = desk, view
        self.player = TakePlayer(desk.jobs, view.video)
        self.player.said.connect(self.said)
        self.state: StudioState | None = None
        self.take: Take | None = None
        self._trial: Trial | None = None
        view.prompts.take_chosen.connect(self.choose)
        view.prompts.starred.connect(self.star)
        view.prompts.noted.connect(self.note)
        view.devices.checks.verdict.played.connect(self.play_test)

    @property
    def take_id(self) -> str:
        """The selected take, or ""."""
        return self.take.id if self.take is not None else ""

    def choose(self, take: Take | None) -> None:
        """Select a take."""
        self.take = take
        self.changed.emit()

    def step(self, step: int) -> None:
        """Select the take before or after."""
        takes = [take for row in self.state.rows for take in row.takes] if self.state is not None else []
        if takes:
            ids = [take.id for take in takes]
            now = ids.index(self.take_id) if self.take_id in ids else -1
            self.choose(takes[min(max(now + step, 0), len(takes) - 1)])

    def star(self, take: Take | None) -> None:
        """Make a take the best of its prompt."""
        if take is not None and self.state is not None:
            try:
                now = self._desk.holder.library.resource(self.state.resource.id)
                self._desk.holder.save(presenter.with_star(now, take), label="choose")
            except UserError as error:
                self.said.emit(error)

    def note(self, take: Take, text: str) -> None:
        """Keep what is written about a take."""
        try:
            tasks.note_take(self._desk.holder.library, take.id, note=text)
        except UserError as error:
            self.said.emit(error)
        self._desk.holder.tell(take.resource_id)

    def play(self, take: Take) -> None:
        """Play a take in the place of the picture; again: rest."""
        self.choose(take)
        self._view.show_pairing(shown=False)
        self.player.play(take, self._desk.holder.library.take_folder(take))

    def show_trial(self, trial: Trial) -> None:
        """Say how the test went."""
        self._trial = trial
        verdict = self._view.devices.checks.verdict
        verdict.show_trial(trial)
        self._desk.door.announce(" ".join(verdict.said))

    def play_test(self) -> None:
        """Play the test recording."""
        if self._trial is not None:
            self.player.play(self._trial.take, self._trial.folder)
