"""Edit: make it short and clear by editing words (DESIGN.md 2.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QStackedWidget, QWidget

from app import messages
from app.desk import Desk, ScreenName, Spot
from app.screens import edit_presenter as presenter
from app.screens.edit_parts.captions_tab import CaptionsTab
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_parts.layout import EditLayout
from app.screens.edit_parts.outlines import Outline, read_outlines
from app.screens.edit_parts.review_dialog import ReviewDialog
from app.screens.edit_presenter import EditState, TidyUp
from app.screens.screen import Action, BaseScreen
from app.shell.shortcuts import Scope
from capture.errors import UserError
from capture.work import Work
from editor import chapters, review, selection, tasks
from editor.model import Edit, Take
from editor.playback import PlayState
from editor.review import Candidate
from editor.selection import Block, Selection
from editor.speech import Levels
from editor.viewing import Shown

_BEFORE_US = 1_000_000
_LIMIT_REST_MS = 250


class EditScreen(BaseScreen):
    """Transcript, picture and timeline of one resource, over one selection."""

    name: ClassVar[ScreenName] = "edit"

    _outlined = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.resource_id = ""
        self.state_now: EditState | None = None
        self.levels: dict[str, Levels] = {}
        self.tidy: TidyUp | None = None
        self.player = DeskPlayer(desk.jobs)
        self.view = EditLayout()
        self.captions = CaptionsTab(desk, self.player)
        self.tabs = QStackedWidget()
        for tab in (self.view, self.captions):
            self.tabs.addWidget(tab)
        self.content.addWidget(self.tabs)
        self._stretch: tuple[str, int, int] | None = None
        self._marks: tuple[int | None, int | None] = (None, None)
        self._stills: dict[str, Path] = {}
        self._spot: Spot | None = None
        self._hits: tuple[int, ...] = ()
        self._captioned = ""
        self._captioning = False
        self._outlining = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_LIMIT_REST_MS)
        self._rest.timeout.connect(self._read_tidy)
        self._connect()

    def _connect(self) -> None:
        view, player = self.view, self.player
        self._outlined.connect(self._on_outline)
        self.desk.holder.changed.connect(self._on_changed)
        player.shown.connect(self._on_shown)
        player.changed.connect(self._on_state)
        player.silent.connect(view.transport.show_silent)
        view.video.clicked.connect(self.toggle_play)
        for surface in (view.video, self.captions.video):
            surface.resized.connect(self._on_surface)
        for choice in (view.parts, self.captions.parts):
            choice.chosen.connect(self.show_part)
        self.captions.wanted_captions.connect(self._write_captions)
        transport = view.transport
        transport.toggled.connect(self.toggle_play)
        transport.stepped.connect(self.step)
        transport.jumped.connect(lambda way: self.go(0 if way < 0 else self.length_us))
        transport.pace_chosen.connect(self._set_pace)
        transport.captions_toggled.connect(lambda _: self._show_caption())
        text = view.transcript
        text.word_clicked.connect(self._go_to_word)
        text.selected.connect(self._on_words)
        text.moved.connect(self._place_bar)
        bar = view.bar
        bar.cut.connect(self.cut)
        bar.play.connect(self.play_selection)
        bar.fix.connect(self.fix_words)
        bar.fixed.connect(self._fix)
        timeline = view.timeline
        timeline.went.connect(self._go_on_timeline)
        timeline.stretch_chosen.connect(self._on_stretch)
        timeline.edge_dragged.connect(self._drag_edge)
        timeline.restored.connect(self._restore)
        view.takes.swapped.connect(self._swap)
        tidy = view.tidy
        tidy.silences_asked.connect(lambda: self._take_out("silence"))
        tidy.fillers_asked.connect(lambda: self._take_out("filler"))
        tidy.review_asked.connect(self.review)
        tidy.limit_changed.connect(self._on_limit)
        parts = view.chapters
        parts.went.connect(self.go)
        parts.added.connect(self.add_chapter)
        parts.renamed.connect(self._rename_chapter)
        parts.removed.connect(self._remove_chapter)
        view.on_tools(self)
        view.search.searched.connect(self._search)
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
            self.captions.show_state(self.state_now, writing=self._captioning)
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
            self.resource_id, self.state_now, self.levels, self.tidy = resource_id, None, {}, None
            self._stretch, self._marks = None, (None, None)
            self._stills.clear()
            self.show_loading(messages.text("edit.reading"))
        self._spot = spot
        self._read()

    def _on_changed(self, resource_id: str) -> None:
        if resource_id in ("", self.resource_id) and self.resource_id and self.isVisible():
            self._read()

    def _read(self) -> None:
        resource_id = self.resource_id
        self.read(lambda library, *, work: presenter.read_state(library, resource_id, work=work), self._show)

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
        self.view.show_state(state)
        self._load(before, state)
        if before is None and self._spot is not None:
            self.show_part(self._spot.part)
        if self.in_captions:
            self.captions.show_state(state, writing=self._captioning)
        self._show_place()
        self._show_chosen()
        self._start_captions(state)
        self._start_outlines(state)
        self._read_tidy()
        if self._spot is not None:
            self._go_to_spot(self._spot)

    def _load(self, before: EditState | None, state: EditState) -> None:
        if before is None or self.player.player is None:
            self.player.load(state.programme, at_us=0)
        elif before.cut_list != state.cut_list or before.takes != state.takes:
            at_us = self.player.at_us
            if before.cut_list.frames and state.cut_list.frames:
                place = selection.lane_at(before.lanes, before.timeline_of_result(at_us))
                kept = selection.nearest_result_us(state.cut_list, *place) if place is not None else None
                at_us = kept if kept is not None else at_us
            self.player.load(state.programme, at_us=at_us)

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
            self.go(at_us)
        if spot.words:
            self.view.open_search(spot.words)

    def _start_captions(self, state: EditState) -> None:
        heard = {each.take_id for each in state.transcripts}
        open_takes = [lane for lane in state.lanes if lane.take_id not in heard | set(state.missing)]
        if not open_takes or self._captioned == self.resource_id:
            return
        self._captioned = self.resource_id
        self._captioning = True
        settings, resource_id = self.desk.settings.now, self.resource_id
        library = self.desk.holder.for_job()

        def write(*, work: Work) -> object:
            language = settings.caption_language
            return tasks.caption(library, resource_id, model=settings.model, language=language, work=work)

        def done(*_: object) -> None:
            self._captioning = False
            self.captions.show_writing(writing=False)

        def failed(error: UserError) -> None:
            done()
            self._say(error)

        self.desk.jobs.start("jobs.captions", write, on_done=done, on_error=failed)

    def _write_captions(self) -> None:
        """Write captions again for takes that have none, as the person wishes."""
        self._captioned = ""
        if self.state_now is not None:
            self._start_captions(self.state_now)
        self.captions.show_writing(writing=self._captioning)

    def _start_outlines(self, state: EditState) -> None:
        wanted = [lane.take_id for lane in state.lanes if lane.take_id not in self.levels]
        if self._outlining or not set(wanted) - set(state.missing):
            return
        self._outlining = True
        resource_id = self.resource_id

        def outline(*, work: Work) -> dict[str, Levels]:
            return read_outlines(state, self.levels, tell=self._outlined.emit, work=work)

        def done(levels: dict[str, Levels]) -> None:
            self._outlining = False
            if resource_id == self.resource_id:
                self.levels = levels
                self._read_tidy()

        def failed(error: UserError) -> None:
            self._outlining = False
            self._say(error)

        self.desk.jobs.start("jobs.outlines", outline, on_done=done, on_error=failed)

    def _on_outline(self, outline: Outline) -> None:
        if self.state_now is None or outline.take_id not in self.state_now.folders:
            return
        if outline.peaks is not None:
            self.view.timeline.show_peaks({outline.take_id: outline.peaks})
            self.captions.timeline.show_peaks({outline.take_id: outline.peaks})
        if outline.stills:
            self.view.timeline.show_stills({outline.take_id: outline.stills})
            self._stills[outline.take_id] = outline.stills[len(outline.stills) // 3].path
            self._show_place()

    def _on_limit(self) -> None:
        """Offer nothing for the old limit while the new one is looked for."""
        self.tidy = None
        self.view.tidy.show_tidy(None)
        self._rest.start()

    def _read_tidy(self) -> None:
        state, levels = self.state_now, dict(self.levels)
        if state is None:
            return
        if not levels:
            self.view.tidy.show_tidy(None)
            return
        limit_us = self.view.tidy.longer_than_us

        def read(*, work: Work) -> TidyUp:
            return presenter.tidy_up(state, levels, longer_than_us=limit_us, work=work)

        def show(tidy: TidyUp) -> None:
            if state is self.state_now:
                self.tidy = tidy
                self.view.tidy.show_tidy(tidy)

        self.desk.jobs.read(read, on_done=show, on_error=self._say)

    # Playing ------------------------------------------------------------------------------------------

    @property
    def length_us(self) -> int:
        """How long the result is."""
        return self.state_now.cut_list.duration_us if self.state_now is not None else 0

    def _on_shown(self, shown: Shown) -> None:
        (self.captions.video if self.in_captions else self.view.video).show_pixels(shown.pixels)
        self._show_place()

    def _on_state(self, state: PlayState) -> None:
        for play in (self.view.transport.play, self.captions.play):
            play.show_playing(playing=state.speed != 0)
        if state.problem is not None:
            self._say(state.problem)

    def _show_place(self) -> None:
        state, at_us = self.state_now, self.player.at_us
        if state is None or not state.lanes:
            return
        timeline_us = state.timeline_of_result(at_us)
        place = selection.lane_at(state.lanes, timeline_us)
        if self.in_captions:
            missing = place is not None and place[0] in state.missing
            self.captions.video.show_words(messages.text("edit.take_missing") if missing else "")
            self.captions.show_place()
            return
        part = state.part_at(at_us)
        self.view.transport.show_time(at_us, self.length_us)
        self.view.timeline.show_playhead(timeline_us, follow_it=self.player.playing)
        self.view.timeline.show_part(part)
        self.view.chapters.show_state(state, part)
        self.view.transcript.show_played(state.word_of_result(at_us))
        lane = next((each for each in state.lanes if place is not None and each.take_id == place[0]), None)
        if lane is not None:
            self.view.takes.show_prompt(state, lane.prompt_id, self._stills)
            missing = lane.take_id in state.missing
            self.view.video.show_words(messages.text("edit.take_missing") if missing else "")
        self._show_caption()

    def _show_caption(self) -> None:
        state = self.state_now
        wanted = state is not None and self.view.transport.captions.isChecked()
        self.view.video.show_caption(
            state.caption_at(self.player.at_us) if wanted and state is not None else ()
        )

    def go(self, at_us: int) -> None:
        """Go to a moment of the result."""
        self.player.seek(min(max(at_us, 0), max(self.length_us - 1, 0)))

    def toggle_play(self) -> None:
        """Play or rest."""
        if self.player.player is not None:
            self.player.player.end_loop()
            self.player.player.toggle()

    def step(self, frames: int) -> None:
        """Rest some frames on or back."""
        if self.player.player is not None:
            self.player.player.step(frames)

    def _shuttle(self, direction: int) -> None:
        player = self.player.player
        if player is not None:
            player.pause() if direction == 0 else player.shuttle(direction)

    def _set_pace(self, pace: float) -> None:
        if self.player.player is not None:
            self.player.player.set_pace(pace)
            self.view.transport.show_pace(pace)

    def _go_to_word(self, place: int) -> None:
        state = self.state_now
        if state is None:
            return
        word = state.text[place]
        at_us = selection.nearest_result_us(state.cut_list, word.take_id, word.word.start_us)
        if at_us is not None:
            self.go(at_us)

    def _go_on_timeline(self, timeline_us: int) -> None:
        at_us = self.state_now.result_of_timeline(timeline_us) if self.state_now is not None else None
        if at_us is not None:
            self.go(at_us)

    def _stride(self, us: int) -> None:
        self.go(self.player.at_us + us)

    def _to_cut(self, direction: int) -> None:
        state = self.state_now
        if state is None:
            return
        rate = state.cut_list.rate
        starts = [round(each.result_frame * 1_000_000 / rate) for each in state.cut_list.placed]
        now = self.player.at_us
        found = [at for at in starts if (at - now) * direction > 1000]
        if found:
            self.go(found[0] if direction > 0 else found[-1])

    # The one selection -----------------------------------------------------------------------------------

    def _on_words(self, chosen: Selection | None) -> None:
        self._stretch = None
        self._show_chosen()

    def _on_stretch(self, take_id: str, in_us: int, out_us: int) -> None:
        state = self.state_now
        if state is None:
            return
        words = selection.select_stretch(state.text, take_id, in_us=in_us, out_us=out_us)
        if words is not None and self.view.snap.isChecked():
            self._stretch = None
            self.view.transcript.choose(words, reveal=True)
        else:
            self._stretch = (take_id, in_us, out_us)
            self.view.transcript.choose(None)
        self._show_chosen()

    def _show_chosen(self) -> None:
        state, chosen = self.state_now, self.view.transcript.chosen
        stretches: list[tuple[int, int]] = []
        if state is not None and chosen is not None:
            for run in selection.runs(state.text, chosen):
                start = state.timeline_of(run.take_id, run.in_us)
                if start is not None:
                    stretches.append((start, start + run.out_us - run.in_us))
        elif state is not None and self._stretch is not None:
            take_id, in_us, out_us = self._stretch
            start = state.timeline_of(take_id, in_us)
            if start is not None:
                stretches.append((start, start + out_us - in_us))
        self.view.timeline.choose(tuple(stretches))
        self.view.show_selected(selected=bool(stretches))
        self._place_bar()

    def _place_bar(self) -> None:
        state, chosen = self.state_now, self.view.transcript.chosen
        where = self.view.transcript.rect_of(chosen) if chosen is not None else None
        room = self.view.transcript.viewport().rect()
        if state is None or chosen is None or where is None or not where.intersects(room):
            self.view.bar.hide()
            return
        self.view.bar.show_at(where, struck=selection.all_struck(state.text, chosen))

    def _clear_selection(self) -> None:
        self._stretch, self._marks = None, (None, None)
        self.view.timeline.mark(None, None)
        self.view.transcript.choose(None)
        self._show_chosen()

    # Decisions --------------------------------------------------------------------------------------------

    def _decide(self, decide: Callable[[EditState], Edit], label: str) -> None:
        state = self.state_now
        if state is None:
            return
        try:
            edit = decide(state)
            if edit != state.resource.edit:
                self.desk.holder.save(replace(state.resource, edit=edit), label=label)
        except UserError as error:
            self._say(error)
        else:
            self.view.line.say_nothing()

    def cut(self) -> None:
        """Cut what is selected; what is cut already comes back."""
        state, chosen = self.state_now, self.view.transcript.chosen
        if state is None:
            return
        if chosen is not None:
            label = presenter.words_label(state, chosen)
            self._decide(lambda now: presenter.toggle_words(now, chosen, self.levels), label)
            self._clear_selection()
        elif self._stretch is not None:
            take_id, in_us, out_us = self._stretch
            self._decide(lambda now: presenter.cut_stretch(now, take_id, in_us, out_us), "cut")
            self._clear_selection()

    def _restore(self, block: Block) -> None:
        self._decide(lambda state: presenter.restore_block(state, block), "restore")

    def _drag_edge(self, take_id: str, edge_us: int, to_us: int) -> None:
        snap = self.view.snap.isChecked()
        self._decide(
            lambda state: presenter.drag_edge(
                state, self.levels, take_id, edge_us=edge_us, to_us=to_us, snap=snap
            ),
            "edge",
        )

    def split(self) -> None:
        """Divide at the playhead."""
        at_us = self.player.at_us
        self._decide(
            lambda state: presenter.split_here(state, state.timeline_of_result(at_us)), "split_point"
        )

    def add_chapter(self) -> None:
        """Start a chapter at the playhead."""
        at_us = self.player.at_us
        self._decide(
            lambda state: presenter.chapter_here(state, state.timeline_of_result(at_us)), "chapter_add"
        )

    def _rename_chapter(self, number: int) -> None:
        state = self.state_now
        if state is None or number >= len(state.parts):
            return
        part = state.parts[number]
        words = messages.text("edit.chapter_rename")
        title, wanted = QInputDialog.getText(
            self, words, messages.text("edit.chapter_title"), text=part.title
        )
        if wanted:
            self._decide(
                lambda now: chapters.rename_chapter(now.resource, part, title=title), "chapter_rename"
            )

    def _remove_chapter(self, number: int) -> None:
        self._decide(lambda now: chapters.remove_chapter(now.resource, now.parts[number]), "chapter_remove")

    def _swap(self, take: Take) -> None:
        self._decide(lambda state: presenter.choose_take(state, take), "choose")

    def _take_out(self, kind: Literal["silence", "filler"]) -> None:
        tidy = self.tidy
        if tidy is None:
            return
        gone = tidy.open_silences if kind == "silence" else tidy.open_fillers
        label = presenter.removed_label(kind, len(gone))
        self._decide(lambda state: review.take_out(state.resource.edit, gone), label)

    def review(self) -> None:
        """Look at every filler and silence and decide about each, as one undo step."""
        if self.tidy is None:
            return
        candidates = sorted((*self.tidy.fillers, *self.tidy.silences), key=self._place_of)
        dialog = ReviewDialog(self, candidates)
        dialog.heard.connect(self._hear)
        if dialog.exec():

            def decide(state: EditState) -> Edit:
                back = [each for each in dialog.unwanted if each.done]
                edit = review.put_back(state.resource.edit, back)
                return review.take_out(edit, [each for each in dialog.wanted if not each.done])

            self._decide(decide, "edit")

    def _place_of(self, candidate: Candidate) -> tuple[int, int]:
        assert self.state_now is not None
        lane = self.state_now.timeline_of(candidate.take_id, candidate.cut.in_us)
        return (lane or 0, candidate.cut.out_us)

    def _hear(self, candidate: Candidate) -> None:
        self._play_stretch(candidate.take_id, candidate.cut.in_us, candidate.cut.out_us)

    def play_selection(self) -> None:
        """Play what is selected with a second before and after."""
        state, chosen = self.state_now, self.view.transcript.chosen
        if state is not None and chosen is not None:
            runs = selection.runs(state.text, chosen)
            self._play_stretch(runs[0].take_id, runs[0].in_us, runs[-1].out_us, to=runs[-1].take_id)
        elif self._stretch is not None:
            self._play_stretch(*self._stretch)

    def _play_stretch(self, take_id: str, in_us: int, out_us: int, *, to: str = "") -> None:
        state, player = self.state_now, self.player.player
        if state is None or player is None:
            return
        first = selection.nearest_result_us(state.cut_list, take_id, in_us)
        last = selection.nearest_result_us(state.cut_list, to or take_id, out_us)
        if first is not None and last is not None:
            player.loop(max(first - _BEFORE_US, 0), max(last, first) + _BEFORE_US)

    def fix_words(self) -> None:
        """Let the person correct what is written of the selected words."""
        state, chosen = self.state_now, self.view.transcript.chosen
        if state is None:
            return
        if chosen is None and state.text:
            place = self.view.transcript.caret
            chosen = Selection(place, place)
            self.view.transcript.choose(chosen, reveal=True)
            self._show_chosen()
        if chosen is not None:
            self.view.bar.start_fixing(selection.plain_text(state.text, chosen))

    def _fix(self, text: str) -> None:
        chosen = self.view.transcript.chosen
        if chosen is not None:
            self._decide(lambda state: presenter.fix_words(state, chosen, text), "correct")
            self._clear_selection()
            self.view.transcript.setFocus()

    def _mark(self, *, is_in: bool) -> None:
        state = self.state_now
        if state is None:
            return
        now = state.timeline_of_result(self.player.at_us)
        self._marks = (now, self._marks[1]) if is_in else (self._marks[0], now)
        self.view.timeline.mark(*self._marks)
        first, last = self._marks
        if first is not None and last is not None and first < last:
            place = selection.lane_at(state.lanes, first)
            if place is not None:
                self._on_stretch(place[0], place[1], place[1] + last - first)

    # Searching --------------------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        state = self.state_now
        hits = presenter.find_words(state, typed) if state is not None else ()
        self.view.transcript.show_hits(hits, len(typed.split()))
        self.view.show_hits(len(hits), typed)
        self._hits = hits

    def _next_hit(self, direction: int) -> None:
        hits = self._hits
        if hits:
            now = self.view.transcript.caret
            after = [hit for hit in hits if (hit - now) * direction > 0]
            place = (after[0] if direction > 0 else after[-1]) if after else hits[0 if direction > 0 else -1]
            self.view.transcript.choose(Selection(place, place), reveal=True)
            self.view.transcript.choose(None)
            self._go_to_word(place)

    # What the shell asks ----------------------------------------------------------------------------------

    def _say(self, error: UserError) -> None:
        if self.in_captions:
            self.captions.say(error)
            return
        self.view.line.say(messages.sentence(error), kind="warn")

    def leave(self) -> None:
        """Rest, and let the loudspeaker go."""
        self.captions.list.keep()
        self._clear_selection()
        self.player.close()

    def scope(self) -> Scope:
        """Return the keys of the tab that is open."""
        return "captions" if self.in_captions else "edit"

    def bindings(self) -> Mapping[str, Action]:
        """Return what the keys of the open tab do."""
        if self.in_captions:
            return self.captions.bindings()
        timeline = self.view.timeline
        return {
            "play": self.toggle_play,
            "shuttle_back": lambda: self._shuttle(-1),
            "shuttle_stop": lambda: self._shuttle(0),
            "shuttle_on": lambda: self._shuttle(1),
            "frame_back": lambda: self.step(-1),
            "frame_on": lambda: self.step(1),
            "step_back": lambda: self.step(-1),
            "step_on": lambda: self.step(1),
            "stride_back": lambda: self._stride(-1_000_000),
            "stride_on": lambda: self._stride(1_000_000),
            "cut_previous": lambda: self._to_cut(-1),
            "cut_next": lambda: self._to_cut(1),
            "go_start": lambda: self.go(0),
            "go_end": lambda: self.go(self.length_us),
            "set_in": lambda: self._mark(is_in=True),
            "set_out": lambda: self._mark(is_in=False),
            "cut": self.cut,
            "split": self.split,
            "chapter": self.add_chapter,
            "play_selection": self.play_selection,
            "fix_words": self.fix_words,
            "show_cuts": self.view.cuts_shown.toggle,
            "zoom_in": lambda: timeline.zoom(1.5),
            "zoom_out": lambda: timeline.zoom(1 / 1.5),
            "zoom_fit": timeline.fit,
            "find": lambda: self.view.open_search(""),
            "find_next": lambda: self._next_hit(1),
            "find_previous": lambda: self._next_hit(-1),
            "leave": self._clear_selection,
        }

    def primary(self) -> QAbstractButton | None:
        """Return Continue to Details."""
        return self.captions.primary if self.in_captions else self.view.primary

    def panels(self) -> Sequence[QWidget]:
        """Return transcript, picture, tidy-up and timeline; or captions, picture and timeline."""
        if self.in_captions:
            return (self.captions.list_panel, self.captions.side, self.captions.bottom)
        return (self.view.text_panel, self.view.centre, self.view.side, self.view.bottom)
