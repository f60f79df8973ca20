"""Cut: transcript, picture and timeline over one selection, and what the keys do there (DESIGN.md 2.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal

from app import messages
from app.desk import Desk
from app.screens import edit_presenter as presenter
from app.screens.edit_parts.cut_decisions import CutDecisions
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_parts.layout import EditLayout
from app.screens.edit_parts.review_dialog import ReviewDialog
from app.screens.edit_parts.tidy_presenter import TidyUp
from app.screens.edit_presenter import EditState
from app.screens.screen import Action
from capture.errors import UserError
from editor import glossary, selection
from editor.model import CleanSound
from editor.playback import PlayState
from editor.review import Candidate
from editor.selection import Selection

_BEFORE_US = 1_000_000


class CutTab(EditLayout):
    """The Cut tab of one resource, over the player of Edit. ``original_wanted`` asks to hear the original."""

    original_wanted = Signal(bool)

    def __init__(self, desk: Desk, player: DeskPlayer) -> None:
        super().__init__()
        self.desk, self.player = desk, player
        self.tidy_up: TidyUp | None = None
        self.decisions = CutDecisions(desk.holder, self.say)
        self.stills: dict[str, Path] = {}
        self._stretch: tuple[str, int, int] | None = None
        self._marks: tuple[int | None, int | None] = (None, None)
        self._hits: tuple[int, ...] = ()
        self._connect()

    def _connect(self) -> None:
        player, transport, decisions = self.player, self.transport, self.decisions
        player.silent.connect(transport.show_silent)
        self.video.clicked.connect(self.toggle_play)
        transport.toggled.connect(self.toggle_play)
        transport.stepped.connect(self.step)
        transport.jumped.connect(lambda way: self.go(0 if way < 0 else self.length_us))
        transport.pace_chosen.connect(self._set_pace)
        transport.captions_toggled.connect(lambda _: self._show_caption())
        text = self.transcript
        text.word_clicked.connect(self._go_to_word)
        text.selected.connect(lambda _: self._on_words())
        text.moved.connect(self._place_bar)
        text.stepped.connect(self._say_word)
        self.bar.cut.connect(self.cut)
        self.bar.play.connect(self.play_selection)
        self.bar.fix.connect(self.fix_words)
        self.bar.fixed.connect(self._fix)
        timeline = self.timeline
        timeline.went.connect(self._go_on_timeline)
        timeline.stretch_chosen.connect(self._on_stretch)
        timeline.edge_dragged.connect(
            lambda take_id, edge_us, to_us: decisions.drag_edge(
                take_id, edge_us, to_us, snap=self.snap.isChecked()
            )
        )
        timeline.restored.connect(decisions.restore)
        self.takes.swapped.connect(decisions.swap)
        self.tidy.silences_asked.connect(lambda: decisions.take_out(self.tidy_up, "silence"))
        self.tidy.fillers_asked.connect(lambda: decisions.take_out(self.tidy_up, "filler"))
        self.tidy.review_asked.connect(self.review)
        self.sound.strength_chosen.connect(self._on_strength)
        self.sound.original_asked.connect(self.original_wanted)
        parts = self.chapters
        parts.went.connect(self.go)
        parts.added.connect(lambda: decisions.add_chapter(player.at_us))
        parts.renamed.connect(decisions.rename_chapter)
        parts.removed.connect(decisions.remove_chapter)
        parts.moved_here.connect(lambda part: decisions.move_chapter(part, player.at_us))
        parts.moved_by.connect(decisions.move_answer)
        self.search.searched.connect(self._search)
        for name, act in (
            ("split", lambda: decisions.split(player.at_us)),
            ("set_in", lambda: self._mark_end(is_in=True)),
            ("set_out", lambda: self._mark_end(is_in=False)),
            ("cut_selection", self.cut),
        ):
            self.tools[name].clicked.connect(act)

    # What is shown --------------------------------------------------------------------------------------

    @property
    def state(self) -> EditState | None:
        """What is shown."""
        return self.decisions.state

    @property
    def length_us(self) -> int:
        """How long the result is."""
        return self.state.cut_list.duration_us if self.state is not None else 0

    def show_state(self, state: EditState) -> None:
        """Show a resource."""
        self.decisions.state = state
        super().show_state(state)
        self.sound.show_strength(state.resource.edit.clean_sound)
        self.show_place()
        self.show_chosen()

    def forget(self) -> None:
        """Begin anew: another resource is shown."""
        self.decisions.state, self.decisions.levels, self.tidy_up = None, {}, None
        self._stretch, self._marks = None, (None, None)
        self.stills = {}

    def show_tidy(self, tidy: TidyUp | None) -> None:
        """Show what could be tidied; None while that is being heard."""
        self.tidy_up = tidy
        self.tidy.show_tidy(tidy)

    def show_playing(self, state: PlayState) -> None:
        """Show whether it plays."""
        self.transport.play.show_playing(playing=state.speed != 0)

    def show_place(self) -> None:
        """Show where playing is: time, playhead, word, chapter, takes, caption."""
        state, at_us = self.state, self.player.at_us
        if state is None or not state.lanes:
            return
        timeline_us = state.timeline_of_result(at_us)
        place = selection.lane_at(state.lanes, timeline_us)
        part = state.part_at(at_us)
        self.transport.show_time(at_us, self.length_us)
        self.timeline.show_playhead(timeline_us, follow_it=self.player.playing)
        self.timeline.show_part(part)
        self.chapters.show_state(state, part)
        self.transcript.show_played(state.word_of_result(at_us))
        lane = next((each for each in state.lanes if place is not None and each.take_id == place[0]), None)
        if lane is not None:
            self.takes.show_prompt(state, lane.prompt_id, self.stills)
            missing = lane.take_id in state.missing
            self.video.show_words(messages.text("edit.gone_here") if missing else "")
        self._show_caption()

    def _show_caption(self) -> None:
        state = self.state
        wanted = state is not None and self.transport.captions.isChecked()
        self.video.show_caption(state.caption_at(self.player.at_us) if wanted and state is not None else ())

    def say(self, error: UserError | None) -> None:
        """Say above the picture why something cannot be done, or take that back."""
        if error is None:
            self.line.say_nothing()
        else:
            self.line.say(messages.sentence(error), kind="warn")

    # Playing --------------------------------------------------------------------------------------------

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
            self.transport.show_pace(pace)

    def _go_to_word(self, place: int) -> None:
        state = self.state
        if state is None:
            return
        word = state.text[place]
        at_us = selection.nearest_result_us(state.cut_list, word.take_id, word.word.start_us)
        if at_us is not None:
            self.go(at_us)

    def _say_word(self, place: int) -> None:
        if self.state is not None:
            self.desk.door.announce(presenter.spoken_word(self.state.text, place))

    def _go_on_timeline(self, timeline_us: int) -> None:
        at_us = self.state.result_of_timeline(timeline_us) if self.state is not None else None
        if at_us is not None:
            self.go(at_us)

    def _to_cut(self, direction: int) -> None:
        state = self.state
        if state is None:
            return
        found = presenter.cut_beside(state.cut_list, self.player.at_us, direction)
        if found is not None:
            self.go(found)

    def play_selection(self) -> None:
        """Play what is selected with a second before and after."""
        state, chosen = self.state, self.transcript.chosen
        if state is not None and chosen is not None:
            runs = selection.runs(state.text, chosen)
            self._play_stretch(runs[0].take_id, runs[0].in_us, runs[-1].out_us, to=runs[-1].take_id)
        elif self._stretch is not None:
            self._play_stretch(*self._stretch)

    def _play_stretch(self, take_id: str, in_us: int, out_us: int, *, to: str = "") -> None:
        state, player = self.state, self.player.player
        if state is None or player is None:
            return
        first = selection.nearest_result_us(state.cut_list, take_id, in_us)
        last = selection.nearest_result_us(state.cut_list, to or take_id, out_us)
        if first is not None and last is not None:
            player.loop(max(first - _BEFORE_US, 0), max(last, first) + _BEFORE_US)

    # The one selection ----------------------------------------------------------------------------------

    def _on_words(self) -> None:
        self._stretch = None
        self.show_chosen()

    def _on_stretch(self, first_us: int, last_us: int) -> None:
        state = self.state
        if state is None:
            return
        words = presenter.words_between(state, first_us, last_us) if self.snap.isChecked() else None
        self._stretch = presenter.stretch_between(state, first_us, last_us) if words is None else None
        self.transcript.choose(words, reveal=True)
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show on the timeline, and with the bar, what is selected."""
        state, words = self.state, self.transcript.chosen
        stretches = presenter.stretches(state, words, self._stretch) if state is not None else ()
        self.timeline.choose(stretches)
        self.show_selected(selected=bool(stretches))
        self._place_bar()

    def _place_bar(self) -> None:
        state, chosen = self.state, self.transcript.chosen
        where = self.transcript.rect_of(chosen) if chosen is not None else None
        room = self.transcript.viewport().rect()
        if state is None or chosen is None or where is None or not where.intersects(room):
            self.bar.hide()
            return
        self.bar.show_at(where, struck=selection.all_struck(state.text, chosen))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._stretch, self._marks = None, (None, None)
        self.timeline.mark(None, None)
        self.transcript.choose(None)
        self.show_chosen()

    def step_out(self) -> None:
        """Put the search away, else select nothing."""
        if self.search_row.isVisible():
            self.close_search()
        else:
            self.clear_selection()

    def _mark_end(self, *, is_in: bool) -> None:
        state = self.state
        if state is None:
            return
        now = state.timeline_of_result(self.player.at_us)
        self._marks = (now, self._marks[1]) if is_in else (self._marks[0], now)
        self.timeline.mark(*self._marks)
        first, last = self._marks
        if first is not None and last is not None and first < last:
            self._on_stretch(first, last)

    # Decisions ------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Cut what is selected; what is cut already comes back."""
        chosen, stretch = self.transcript.chosen, self._stretch
        if chosen is not None:
            self.decisions.toggle_words(chosen)
            self.clear_selection()
        elif stretch is not None and self.state is not None:
            block = selection.block_at(self.state.blocks, *stretch[:2])
            if block is not None and block.cut and stretch[2] <= block.out_us:
                self.decisions.restore(block)
            else:
                self.decisions.cut_stretch(*stretch)
            self.clear_selection()

    def fix_words(self) -> None:
        """Let the person correct what is written of the selected words."""
        state, chosen = self.state, self.transcript.chosen
        if state is None:
            return
        if chosen is None and state.text:
            place = self.transcript.caret
            chosen = Selection(place, place)
            self.transcript.choose(chosen, reveal=True)
            self.show_chosen()
        if chosen is not None:
            self.bar.start_fixing(selection.plain_text(state.text, chosen))

    def _fix(self, text: str) -> None:
        state, chosen = self.state, self.transcript.chosen
        if state is not None and chosen is not None:
            heard = selection.plain_text(state.text, chosen)
            self.decisions.fix_words(chosen, text)
            self.clear_selection()
            self.transcript.setFocus()
            if glossary.is_rule(heard, text):
                words = messages.text("edit.fixed", heard=heard, write=text)
                always = messages.text("edit.fix_always"), lambda: self.decisions.learn(heard, text)
                self.desk.door.toast(words, offers=[always])

    def _on_strength(self, strength: str) -> None:
        self.sound.show_strength(cast("CleanSound", strength))
        self.decisions.clean_sound(cast("CleanSound", strength))

    def review(self) -> None:
        """Look at every filler and silence and decide about each, as one undo step."""
        if self.tidy_up is None:
            return
        candidates = sorted((*self.tidy_up.fillers, *self.tidy_up.silences), key=self._place_of)
        dialog = ReviewDialog(self, candidates)
        dialog.heard.connect(lambda each: self._play_stretch(each.take_id, each.cut.in_us, each.cut.out_us))
        if dialog.exec():
            self.decisions.reviewed(out=dialog.wanted, back=dialog.unwanted)

    def _place_of(self, candidate: Candidate) -> tuple[int, int]:
        assert self.state is not None
        lane = self.state.timeline_of(candidate.take_id, candidate.cut.in_us)
        return (lane or 0, candidate.cut.out_us)

    # Searching ------------------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        hits = presenter.find_words(self.state, typed) if self.state is not None else ()
        self.transcript.show_hits(hits, len(typed.split()))
        self.show_hits(len(hits), typed)
        self._hits = hits

    def _next_hit(self, direction: int) -> None:
        hits = self._hits
        if hits:
            now = self.transcript.caret
            after = [hit for hit in hits if (hit - now) * direction > 0]
            place = (after[0] if direction > 0 else after[-1]) if after else hits[0 if direction > 0 else -1]
            self.transcript.choose(Selection(place, place), reveal=True)
            self.transcript.choose(None)
            self._go_to_word(place)

    def bindings(self) -> Mapping[str, Action]:
        """Return what the keys of Cut do."""
        timeline, player, decisions = self.timeline, self.player, self.decisions
        keys: dict[str, Callable[[], None]] = {
            "play": self.toggle_play,
            "shuttle_back": lambda: self._shuttle(-1),
            "shuttle_stop": lambda: self._shuttle(0),
            "shuttle_on": lambda: self._shuttle(1),
            "frame_back": lambda: self.step(-1),
            "frame_on": lambda: self.step(1),
            "step_back": lambda: self.step(-1),
            "step_on": lambda: self.step(1),
            "stride_back": lambda: self.go(player.at_us - 1_000_000),
            "stride_on": lambda: self.go(player.at_us + 1_000_000),
            "cut_previous": lambda: self._to_cut(-1),
            "cut_next": lambda: self._to_cut(1),
            "go_start": lambda: self.go(0),
            "go_end": lambda: self.go(self.length_us),
            "set_in": lambda: self._mark_end(is_in=True),
            "set_out": lambda: self._mark_end(is_in=False),
            "cut": self.cut,
            "split": lambda: decisions.split(player.at_us),
            "chapter": lambda: decisions.add_chapter(player.at_us),
            "mark": lambda: decisions.mark(player.at_us),
            "play_selection": self.play_selection,
            "fix_words": self.fix_words,
            "show_cuts": self.cuts_shown.toggle,
            "hear_original": self.sound.original.click,
            "zoom_in": lambda: timeline.zoom(1.5),
            "zoom_out": lambda: timeline.zoom(1 / 1.5),
            "zoom_fit": timeline.fit,
            "find": self.open_search,
            "find_next": lambda: self._next_hit(1),
            "find_previous": lambda: self._next_hit(-1),
            "leave": self.step_out,
        }
        return keys
