"""Edit: make it short and clear by editing words (DESIGN.md 2.5), and its captions readable (2.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QStackedWidget, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import edit_presenter as presenter
from app.screens.edit_parts.captions_tab import CaptionsTab
from app.screens.edit_parts.cut_tab import CutTab
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_parts.new_resource_dialog import NewResourceDialog
from app.screens.edit_parts.sound_desk import SoundDesk
from app.screens.edit_parts.take_work import TakeWork
from app.screens.edit_parts.tidy_presenter import TidyUp, tidy_up
from app.screens.edit_presenter import EditState
from app.screens.screen import Action, BaseScreen
from app.shell.shortcuts import Scope
from capture.errors import UserError
from capture.work import Work
from editor import missing, resources, selection
from editor.library import Library
from editor.model import Expert, Resource, Word
from editor.playback import PlayState
from editor.preparing import Outline
from editor.result_sound import ResultSound
from editor.speech import Levels
from editor.viewing import Shown

_LIMIT_REST_MS = 250


class EditScreen(BaseScreen):
    """The tabs Cut and Captions of one resource, over one player and one selection."""

    name: ClassVar[ScreenName] = "edit"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: EditState | None = None
        self.levels: dict[str, Levels] = {}
        self.player = self.own(DeskPlayer(desk.jobs))
        self.work = self.own(TakeWork(desk))
        self.sound = self.own(SoundDesk(desk.jobs, self.player))
        self.view = CutTab(desk, self.player)
        self.captions = CaptionsTab(desk, self.player)
        self.tabs = QStackedWidget()
        for tab in (self.view, self.captions):
            self.tabs.addWidget(tab)
        self.content.addWidget(self.tabs)
        self._so_far: dict[str, tuple[Word, ...]] = {}
        self._spot: Spot | None = None
        self._named: Expert | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_LIMIT_REST_MS)
        self._rest.timeout.connect(self._read_tidy)
        self._connect()

    def _connect(self) -> None:
        view, player = self.view, self.player
        self.desk.holder.changed.connect(self._on_changed)
        player.shown.connect(self._on_shown)
        player.changed.connect(self._on_state)
        for surface in (view.video, self.captions.video):
            surface.resized.connect(self._on_surface)
        for choice in (view.parts, self.captions.parts):
            choice.chosen.connect(self.show_part)
        self.captions.wanted_captions.connect(self.work.try_again)
        view.tidy.limit_changed.connect(lambda _: self._on_limit())
        view.chapters.taken_out.connect(self.new_from_chapters)
        view.located.connect(self.locate)
        work, sound = self.work, self.sound
        work.outlined.connect(self._on_outline)
        work.levels_known.connect(self._on_levels)
        work.words_came.connect(self._on_words)
        work.copied.connect(player.refresh)
        work.writing_changed.connect(lambda: self.captions.show_writing(writing=work.writing))
        work.failed.connect(self._on_failed)
        sound.failed.connect(self._say)
        sound.made.connect(self._on_sound)
        view.original_wanted.connect(lambda on: sound.compare(original=on))
        for primary in (view.primary, self.captions.primary):
            primary.clicked.connect(lambda: self.desk.ways.to("details", self.resource_id))

    # Cut or captions ----------------------------------------------------------------------------------

    @property
    def in_captions(self) -> bool:
        """Whether the Captions tab is open."""
        return self.tabs.currentWidget() is self.captions

    def show_part(self, part: str) -> None:
        """Open Cut or Captions."""
        wanted = self.captions if part == "captions" else self.view
        for parts in (self.view.parts, self.captions.parts):
            parts.choose("captions" if wanted is self.captions else "cut")
        if self.tabs.currentWidget() is wanted:
            return
        self.captions.list.keep()
        if self.player.player is not None:
            self.player.player.end_loop()
            self.player.player.pause()
        self.tabs.setCurrentWidget(wanted)
        self._on_surface()
        if self.state_now is not None:
            self.captions.show_state(self.state_now, writing=self.work.writing)
            self._show_place()
        (self.captions.list if self.in_captions else self.view.transcript).setFocus()
        self.scope_changed.emit()

    def _on_surface(self) -> None:
        """Make pictures as large as they are shown."""
        surface = self.captions.video if self.in_captions else self.view.video
        ratio = surface.devicePixelRatioF()
        self.player.resize(round(surface.width() * ratio), round(surface.height() * ratio))

    # Reading ----------------------------------------------------------------------------------------

    def open(self, resource_id: str, spot: Spot | None) -> None:
        """Show a resource, perhaps at a moment."""
        if resource_id != self.resource_id:
            self.resource_id, self.state_now, self.levels = resource_id, None, {}
            self._so_far = {}
            self.view.forget()
            self.work.forget()
            self.show_loading(messages.text("edit.reading"))
        self._spot = spot
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read()

    def _read(self) -> None:
        resource_id, so_far = self.resource_id, dict(self._so_far)

        def read(library: Library, *, work: Work) -> EditState:
            return presenter.read_state(library, resource_id, so_far=so_far, work=work)

        self.read(read, self._show)

    def _show(self, state: EditState) -> None:
        before, self.state_now = self.state_now, state
        if not state.lanes:
            self.player.close()
            studio = messages.text("edit.open_studio")
            go = [(studio, "video", "primary", lambda: self.desk.ways.to("studio", self.resource_id))]
            self.show_empty(
                messages.text("edit.empty_title"),
                messages.text("edit.empty_text"),
                icon="scissors",
                actions=go,  # type: ignore[arg-type]
            )
            return
        self.show_content()
        self._load(before, state)
        self.view.show_state(state)
        self.view.show_missing(state)
        if before is None and self._spot is not None:
            self.show_part(self._spot.part)
        if self.in_captions:
            self.captions.show_state(state, writing=self.work.writing)
            self._show_place()
        self.work.start(state)
        self.sound.show(state)
        self._read_tidy()
        if self._spot is not None:
            self._go_to_spot(self._spot)

    def _load(self, before: EditState | None, state: EditState) -> None:
        named = state.resource.brief.expert if self.desk.settings.now.lower_third else None
        other_name, self._named = named != self._named, named
        programme = replace(state.programme, named=named)
        if before is None or self.player.player is None:
            self.player.load(programme, at_us=0)
        elif other_name or _played(before) != _played(state):
            at_us = self.player.at_us
            if before.cut_list.frames and state.cut_list.frames:
                place = selection.lane_at(before.lanes, before.timeline_of_result(at_us))
                kept = selection.nearest_result_us(state.cut_list, *place) if place is not None else None
                at_us = kept if kept is not None else at_us
            self.player.load(programme, at_us=at_us)

    def _go_to_spot(self, spot: Spot) -> None:
        self._spot = None
        self.show_part(spot.part)
        state = self.state_now
        if state is None or spot.at_us is None:
            return
        at_us: int | None = spot.at_us
        if spot.take_id:
            at_us = selection.nearest_result_us(state.cut_list, spot.take_id, spot.at_us)
        if at_us is not None:
            self.view.go(at_us)
        if spot.words:
            self.view.open_search(spot.words)

    # What comes from the background -----------------------------------------------------------------------

    def _on_outline(self, outline: Outline) -> None:
        if self.state_now is None or outline.take_id not in self.state_now.folders:
            return
        if outline.peaks is not None:
            for timeline in (self.view.timeline, self.captions.timeline):
                timeline.show_peaks({outline.take_id: outline.peaks})
        if outline.stills:
            self.view.timeline.show_stills({outline.take_id: outline.stills})
            self.view.stills[outline.take_id] = outline.stills[len(outline.stills) // 3].path
            self._show_place()

    def _on_levels(self, take_id: str, levels: Levels) -> None:
        if self.state_now is not None and take_id in self.state_now.folders:
            self.levels = {**self.levels, take_id: levels}
            self.view.decisions.levels = self.levels
            self._read_tidy()

    def _on_words(self, take_id: str, words: tuple[Word, ...]) -> None:
        if self.state_now is not None and take_id in self.state_now.folders:
            self._so_far[take_id] = words
            self._read()

    def _on_failed(self, error: UserError) -> None:
        self.captions.show_problem(error)
        self._say(error)

    def _on_sound(self, sound: ResultSound | None) -> None:
        self.view.sound.show_measured(sound)

    def _on_limit(self) -> None:
        """Offer nothing for the old limit while the new one is looked for."""
        self.view.show_tidy(None)
        self._rest.start()

    def _read_tidy(self) -> None:
        state, levels = self.state_now, self.levels
        if state is None:
            return
        if not levels:
            self.view.show_tidy(None)
            return
        limit_us = self.view.tidy.longer_than_us

        def read(*, work: Work) -> TidyUp:
            return tidy_up(state, levels, longer_than_us=limit_us, work=work)

        def show(tidy: TidyUp) -> None:
            if state is self.state_now:
                self.view.show_tidy(tidy)

        self.desk.jobs.read(read, on_done=show, on_error=self._say)

    # Playing ------------------------------------------------------------------------------------------

    def _on_shown(self, shown: Shown) -> None:
        (self.captions.video if self.in_captions else self.view.video).show_pixels(shown.pixels)
        self._show_place()

    def _on_state(self, state: PlayState) -> None:
        self.view.show_playing(state)
        self.captions.play.show_playing(playing=state.speed != 0)
        if state.problem is not None:
            self._say(state.problem)

    def _show_place(self) -> None:
        if not self.in_captions:
            self.view.show_place()
            return
        state = self.state_now
        if state is not None and state.lanes:
            place = selection.lane_at(state.lanes, state.timeline_of_result(self.player.at_us))
            is_gone = place is not None and place[0] in state.missing
            self.captions.video.show_words(messages.text("edit.gone_here") if is_gone else "")
            self.captions.show_place()

    # Beyond this result ---------------------------------------------------------------------------------

    def locate(self) -> None:
        """Ask where the files of missing takes are now, and take them back."""
        folder = QFileDialog.getExistingDirectory(self, messages.text("edit.locate_title"))
        if folder:
            self.take_back(Path(folder))

    def take_back(self, folder: Path) -> None:
        """Copy the files of missing takes back from a folder that has them."""
        state = self.state_now
        if state is None:
            return
        library, gone = self.desk.holder.for_job(), state.missing

        def take_back(*, work: Work) -> None:
            for n, take_id in enumerate(gone):
                missing.relocate(library, take_id, folder, work=work.part(n / len(gone), (n + 1) / len(gone)))

        self.desk.jobs.start("jobs.locating", take_back, on_done=lambda _: self._read(), on_error=self._say)

    def new_from_chapters(self) -> None:
        """Make a new resource from some chapters, and open it."""
        state = self.state_now
        if state is None:
            return
        dialog = NewResourceDialog(self, state.parts, playing=state.part_at(self.player.at_us))
        if dialog.exec():
            self.take_out(dialog.numbers, dialog.title)

    def take_out(self, numbers: Sequence[int], title: str) -> None:
        """Make a new resource from chapters, which shares their takes, and open it."""
        library, resource_id = self.desk.holder.for_job(), self.resource_id

        def split(*, work: Work) -> Resource:
            return resources.split(library, resource_id, chapters=numbers, title=title)

        def done(made: Resource) -> None:
            self.desk.ways.to("edit", made.id)
            self.desk.door.toast(messages.text("edit.new_made", title=made.title))

        self.desk.jobs.start("jobs.new_resource", split, on_done=done, on_error=self._say)

    # What the shell asks ----------------------------------------------------------------------------------

    def _say(self, error: UserError) -> None:
        (self.captions if self.in_captions else self.view).say(error)

    def leave(self) -> None:
        """Rest, and let the loudspeaker go."""
        self.captions.list.keep()
        self.view.clear_selection()
        self.sound.close()
        self.player.close()

    def scope(self) -> Scope:
        """Return the keys of the tab that is open."""
        return "captions" if self.in_captions else "edit"

    def bindings(self) -> Mapping[str, Action]:
        """Return what the keys of the open tab do."""
        return (self.captions if self.in_captions else self.view).bindings()

    def primary(self) -> QAbstractButton | None:
        """Return Continue to Details."""
        return self.captions.primary if self.in_captions else self.view.primary

    def panels(self) -> Sequence[QWidget]:
        """Return transcript, picture, tidy-up and timeline; or captions, picture and timeline."""
        if self.in_captions:
            return (self.captions.list_panel, self.captions.side, self.captions.bottom)
        return (self.view.text_panel, self.view.centre, self.view.side, self.view.bottom)


def _played(state: EditState) -> tuple[object, ...]:
    """Return what is played of a resource."""
    return (state.cut_list, state.takes, state.missing)
