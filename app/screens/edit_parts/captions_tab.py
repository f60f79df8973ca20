"""Captions of the result: read, corrected, timed and checked beside the picture (DESIGN.md 2.6)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from app import messages
from app.desk import Desk
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_decisions import CaptionDecisions
from app.screens.edit_parts.captions_files import CaptionFiles, CaptionTerms
from app.screens.edit_parts.captions_find import CaptionFind
from app.screens.edit_parts.captions_gaps import CaptionGaps
from app.screens.edit_parts.captions_layout import CaptionsLayout
from app.screens.edit_parts.captions_presenter import CaptionsState, Typed
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_presenter import EditState, clock
from app.screens.screen import Action
from app.widgets.message import Step
from capture.errors import UserError
from capture.work import Work
from editor.captions import Caption
from editor.cue_report import Finding, Fix
from editor.model import Edit, Resource


class CaptionsTab(CaptionsLayout):
    """The captions of one resource, over the player of Edit; ``wanted_captions`` asks to write them."""

    wanted_captions = Signal()

    def __init__(self, desk: Desk, player: DeskPlayer) -> None:
        super().__init__()
        self.desk, self.player = desk, player
        self.decisions = CaptionDecisions(
            desk.holder, show=self._show_changed, refuse=self._refuse, made=self.line.say_nothing
        )
        self.file_acts, self.terms, self.finding = CaptionFiles(self), CaptionTerms(self), CaptionFind(self)
        self.gaps = CaptionGaps(self)
        self._edit_state: EditState | None = None
        self._asked = 0
        self._writing = False
        self._problem: UserError | None = None
        self._connect()

    def _connect(self) -> None:
        self.desk.holder.changed.connect(self._on_changed)
        rows = self.list
        rows.went.connect(self._on_went)
        rows.typed.connect(self.decisions.write)
        rows.entered.connect(self.go_on)
        rows.mended.connect(self.mend)
        self.join.clicked.connect(self.join_next)
        self.split.clicked.connect(self.split_here)
        self.shift.toggled.connect(self._on_shift_row)
        self.shift_now.clicked.connect(self.shift_times)
        self.seconds.returnPressed.connect(self.shift_times)
        self.check.toggled.connect(lambda _: self._list())
        self.play.clicked.connect(self.toggle_play)
        self.video.clicked.connect(self.toggle_play)
        self.repeat.toggled.connect(self._on_repeat)
        self.timeline.went.connect(self.player.seek)
        self.timeline.chosen.connect(lambda index: self.list.choose(index))
        self.next.clicked.connect(lambda: self.check_next(1))

    # Reading --------------------------------------------------------------------------------------------

    @property
    def state(self) -> CaptionsState | None:
        """The captions as they are shown."""
        return self.decisions.state

    @property
    def resource(self) -> Resource | None:
        """Whose captions they are."""
        return self.decisions.resource

    def show_state(self, state: EditState, *, writing: bool) -> None:
        """Show a resource; ``writing``: whether its words are being recognised."""
        if self.decisions.begin(state.resource):
            self.check.setChecked(False)
            self.line.say_nothing()
        self._edit_state, self._writing = state, writing
        self._read()

    def show_writing(self, *, writing: bool) -> None:
        """Say that words are being recognised, or no more."""
        self._writing = writing
        if writing:
            self._problem = None
        self._show_which()

    def show_problem(self, error: UserError) -> None:
        """Say why captions could not be written."""
        self._problem = error
        self._show_which()

    def _on_changed(self, resource_id: str) -> None:
        if self.resource is not None and resource_id in ("", self.resource.id):
            self._asked += 1
            self.decisions.changed_elsewhere()

    def _read(self) -> None:
        state = self._edit_state
        if state is None:
            return
        self._asked += 1
        asked = self._asked

        def read(*, work: Work) -> CaptionsState:
            with self.desk.holder.read() as library:
                return presenter.read_captions(state, library, work=work)

        def show(found: CaptionsState) -> None:
            if asked == self._asked:
                self._show(found)

        self.desk.jobs.read(read, on_done=show, on_error=self.say)

    def _show(self, state: CaptionsState) -> None:
        self.decisions.state = state
        self._list()
        self.timeline.show_state(state)
        self.timeline.show_current(self.list.index)
        self.glossary.show_terms(state.terms)
        self.glossary.show_places(state.meant)
        self.finding.look_again()
        self.gaps.show()
        self.show_place()
        self.decisions.laid_out()

    def _show_changed(self, state: CaptionsState) -> None:
        self.list.show_lines(state)
        self.show_place()

    def _list(self) -> None:
        state = self.state
        if state is None:
            return
        count = len(state.to_check)
        self.check.setText(messages.text("captions.to_check", count=count))
        self.check.setEnabled(bool(count) or self.check.isChecked())
        self.next.setEnabled(bool(count))
        self.count.setText(messages.counted("captions.count", len(state.captions), to_check=count))
        self.check.updateGeometry()
        self.list.show_state(state, only=state.to_check if self.check.isChecked() else None)
        self._show_which()
        self._show_offers()

    def _show_which(self) -> None:
        """Show the list, or say why there is none."""
        state = self.state
        if state is None or (state.captions and self.list.model_now.listed):
            self.states.setCurrentWidget(self.list)
            return
        if state.captions:
            self.words.say(messages.text("captions.all_checked"), icon="circle-check", tint="ok")
        elif self._writing:
            title, text = messages.text("captions.writing"), messages.text("captions.writing_text")
            self.words.say(title, text, icon="captions")
        else:
            self._say_empty()
        self.states.setCurrentWidget(self.words)

    def _say_empty(self) -> None:
        """Offer captions: written here, got from a file, or first of all the model that writes them."""
        words = messages.text("captions.import_file")
        read: Step = (words, "import", "plain", self.file_acts.import_file)
        if self._problem is not None and self._problem.message_key.startswith("models."):
            title, text = messages.text("captions.no_model"), messages.sentence(self._problem)
            words = messages.text("captions.get_model")
            get: Step = (words, "languages", "standard", lambda: self.desk.ways.to("first-run"))
        else:
            title, text = messages.text("captions.empty"), messages.text("captions.empty_text")
            words = messages.text("captions.write_captions", seconds=presenter.writing_s(self._edit_state))
            get = (words, "captions", "standard", self.wanted_captions.emit)
        self.words.say(title, text, icon="captions", actions=(get, read))

    def _show_offers(self) -> None:
        state, index = self.state, self.list.index
        some = state is not None and index is not None
        self.split.setEnabled(some)
        self.repeat.setEnabled(some)
        self.join.setEnabled(some and index + 1 < len(state.captions))  # type: ignore[operator, union-attr]

    # Playing --------------------------------------------------------------------------------------------

    def show_place(self) -> None:
        """Show where playing is, and the caption there."""
        state, at_us = self.state, self.player.at_us
        playing = self.player.playing
        self.play.show_playing(playing=playing)
        self.time.setText(clock(at_us, hundredths=True))
        if state is None:
            return
        self.length.setText(f"/ {clock(state.cut_list.duration_us)}")
        self.timeline.show_playhead(at_us, follow_it=playing)
        index = state.at(at_us)
        shown = index is not None and at_us < state.captions[index].cue.end_us
        self.video.show_caption(state.captions[index].cue.lines if shown and index is not None else ())
        goes_along = playing and shown and not self.list.is_typing and not self.repeat.isChecked()
        if goes_along and index is not None and index != self.list.index:
            self.list.choose(index, tell=False)
            self.timeline.show_current(index)
            self._show_offers()

    def toggle_play(self) -> None:
        """Play or rest."""
        player = self.player.player
        if player is not None:
            if not self.repeat.isChecked():
                player.end_loop()
            player.toggle()

    def play_typing(self) -> None:
        """Play the caption that is being typed, or rest."""
        if self.player.playing or not self.list.is_typing:
            self.toggle_play()
        elif self.state is not None and self.list.index is not None:
            self.player.seek(self.state.captions[self.list.index].cue.start_us)
            self.toggle_play()

    def _on_repeat(self, on: bool) -> None:
        player, state, index = self.player.player, self.state, self.list.index
        if player is None or state is None or index is None:
            return
        if on:
            cue = state.captions[index].cue
            player.loop(cue.start_us, cue.end_us)
        else:
            player.end_loop()

    def _on_went(self, index: int) -> None:
        if self.state is None:
            return
        self.timeline.show_current(index)
        self._show_offers()
        if self.repeat.isChecked():
            self._on_repeat(True)
        elif not self.player.playing or self.list.is_typing:
            self.player.seek(self.state.captions[index].cue.start_us)

    # Decisions ------------------------------------------------------------------------------------------

    def _refuse(self, error: UserError, now: Typed | None) -> None:
        """Say why not, and leave what was typed to be kept later."""
        self.say(error)
        if now is not None and now.lines is not None and now.index == self.list.index:
            self.list.row.field.document().setModified(True)

    def go_on(self) -> None:
        """Keep what was typed and edit the next caption."""
        self.list.keep()
        index, listed = self.list.index, self.list.model_now.listed
        if index is None:
            return
        if index + 1 <= listed[-1]:
            self.list.choose(index + 1)
        self.list.edit_text()

    def start_typing(self) -> None:
        """Put the caret into the current caption."""
        self.list.edit_text()

    def _now(self) -> Typed | None:
        """Return the current caption with what was typed, which is kept with the next decision."""
        now = self.list.now
        if now is not None:
            self.list.row.field.document().setModified(False)
        return now

    def join_next(self) -> None:
        """Make one of the current caption and the next."""
        now = self._now()
        if now is not None:
            self.decisions.decide(
                lambda state, edit: presenter.join(state, edit, now), "caption_join", now=now
            )

    def split_here(self) -> None:
        """Make two of the current caption, at the caret or where it reads best."""
        caret = self.list.caret
        now = self._now()
        if now is not None:
            self.decisions.decide(
                lambda state, edit: presenter.split(state, edit, now, at_column=caret),
                "caption_split",
                now=now,
            )

    def mend(self, finding: Finding, fix: Fix) -> None:
        """Make a fix of the current caption."""
        now = self._now()
        if now is not None:
            label = {"split": "caption_split", "join_next": "caption_join", "join_before": "caption_join"}
            self.decisions.decide(
                lambda state, edit: presenter.mend(state, edit, now, finding, fix),
                label.get(fix, "caption"),
                now=now,
            )

    def nudge(self, frames: int) -> None:
        """Show the current caption some frames later, or earlier."""
        self.decisions.time(
            self._now, lambda state, edit, now: presenter.nudge(state, edit, now, frames=frames)
        )

    def set_in(self) -> None:
        """Let the current caption begin at the playhead."""
        at_us = self.player.at_us

        def decide(state: CaptionsState, edit: Edit, now: Typed) -> tuple[Edit, Caption]:
            end_us = state.captions[now.index].cue.end_us
            return presenter.move(state, edit, now, start_us=at_us, end_us=end_us)

        self.decisions.time(self._now, decide)

    def set_out(self) -> None:
        """Let the current caption end at the playhead."""
        at_us = self.player.at_us

        def decide(state: CaptionsState, edit: Edit, now: Typed) -> tuple[Edit, Caption]:
            start_us = state.captions[now.index].cue.start_us
            return presenter.move(state, edit, now, start_us=start_us, end_us=at_us)

        self.decisions.time(self._now, decide)

    # Many captions --------------------------------------------------------------------------------------

    def check_next(self, direction: int) -> None:
        """Go to the next caption to check, or the one before."""
        state = self.state
        if state is None:
            return
        self.list.keep()
        found = presenter.next_of(
            state.to_check, -1 if self.list.index is None else self.list.index, direction
        )
        if found is not None:
            self.list.choose(found)
            self.list.setFocus()

    def _on_shift_row(self, on: bool) -> None:
        self.shift_row.setVisible(on)
        if on:
            self.seconds.setFocus()
            self.seconds.selectAll()

    def shift_times(self) -> None:
        """Show all captions later or earlier, or those from the current one on."""
        self.list.keep()
        seconds = self.seconds.text()
        here = self.list.index if self.shift_from.value == "here" else 0
        self.decisions.decide(
            lambda state, edit: presenter.shift(state, edit, seconds=seconds, from_index=here or 0),
            "caption_shift",
        )

    # What the screen asks -------------------------------------------------------------------------------

    def say(self, error: UserError) -> None:
        """Say what went wrong, above the list."""
        self.line.say(messages.sentence(error), kind="warn")

    def step_out(self) -> None:
        """Leave the field, or the row of find or of shifting."""
        if self.list.is_typing:
            self.list.forget()
        elif self.find_button.isChecked():
            self.find_button.setChecked(False)
        else:
            self.shift.setChecked(False)
            self.list.setFocus()

    def bindings(self) -> Mapping[str, Action]:
        """Return what the keys of captions do."""
        return {
            "play": self.toggle_play,
            "play_typing": self.play_typing,
            "caption_edit": self.start_typing,
            "set_in": self.set_in,
            "set_out": self.set_out,
            "caption_join": self.join_next,
            "caption_split": self.split_here,
            "caption_earlier": lambda: self.nudge(-1),
            "caption_later": lambda: self.nudge(1),
            "check_next": lambda: self.check_next(1),
            "check_previous": lambda: self.check_next(-1),
            "find": self.finding.open,
            "find_next": lambda: self.finding.next_hit(1),
            "find_previous": lambda: self.finding.next_hit(-1),
            "leave": self.step_out,
        }
