"""Captions of the result: read, corrected, timed and checked beside the picture (DESIGN.md 2.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu

from app import messages
from app.desk import Desk
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_layout import CaptionsLayout
from app.screens.edit_parts.captions_presenter import CaptionsState, Typed
from app.screens.edit_parts.desk_player import DeskPlayer
from app.screens.edit_presenter import EditState, clock
from app.screens.screen import Action
from capture.errors import BadInputError, UserError
from capture.work import Work
from editor import caption_files, cue_edits, glossary, tasks
from editor.captions import Caption
from editor.cue_report import Finding, Fix
from editor.model import Edit, Resource, Term

Decide = Callable[[CaptionsState, Edit], Edit]


class CaptionsTab(CaptionsLayout):
    """The captions of one resource, over the player of Edit.

    What is typed and when a caption is shown are seen at once; other decisions wait until the captions are
    laid out again, in order, so that none is made about captions that are no more.
    """

    wanted_captions = Signal()

    def __init__(self, desk: Desk, player: DeskPlayer) -> None:
        super().__init__()
        self.desk, self.player = desk, player
        self.state: CaptionsState | None = None
        self._edit_state: EditState | None = None
        self._resource: Resource | None = None
        self._asked = 0
        self._stale = True
        self._saving = False
        self._writing = False
        self._waiting: list[Callable[[], None]] = []
        self._hits: tuple[int, ...] = ()
        self._connect()

    def _connect(self) -> None:
        self.desk.holder.changed.connect(self._on_changed)
        rows = self.list
        rows.went.connect(self._on_went)
        rows.typed.connect(self._on_typed)
        rows.entered.connect(self.go_on)
        rows.mended.connect(self.mend)
        self.join.clicked.connect(self.join_next)
        self.split.clicked.connect(self.split_here)
        self.shift.toggled.connect(self._on_shift_row)
        self.shift_now.clicked.connect(self.shift_times)
        self.seconds.returnPressed.connect(self.shift_times)
        self.check.toggled.connect(lambda _: self._list())
        self.find_button.toggled.connect(self._on_find_row)
        self.search.searched.connect(self._on_search)
        self.search.edit.returnPressed.connect(lambda: self.next_hit(1))
        self.replace.clicked.connect(self.replace_all)
        self.by.returnPressed.connect(self.replace_all)
        self.files.clicked.connect(self._open_files)
        self.play.clicked.connect(self.toggle_play)
        self.video.clicked.connect(self.toggle_play)
        self.repeat.toggled.connect(self._on_repeat)
        self.timeline.went.connect(self.player.seek)
        self.timeline.chosen.connect(lambda index: self.list.choose(index))
        self.next.clicked.connect(lambda: self.check_next(1))
        self.glossary.added.connect(self._add_term)
        self.glossary.removed.connect(self._drop_term)
        self.glossary.applied.connect(self._apply_terms)

    # Reading --------------------------------------------------------------------------------------------

    def show_state(self, state: EditState, *, writing: bool) -> None:
        """Show a resource; ``writing``: whether its words are being recognised."""
        if self._resource is None or self._resource.id != state.resource.id:
            self.state, self._waiting = None, []
            self.check.setChecked(False)
            self.line.say_nothing()
        self._edit_state, self._resource, self._writing = state, state.resource, writing
        self._stale = True
        self._read()

    def show_writing(self, *, writing: bool) -> None:
        """Say that words are being recognised, or no more."""
        self._writing = writing
        self._show_which()

    def _on_changed(self, resource_id: str) -> None:
        """Wait for the captions as they are after a change that was made elsewhere."""
        if self._resource is not None and resource_id in ("", self._resource.id):
            self._asked += 1
            self._stale = self._stale or not self._saving

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
        self.state = state
        self._list()
        self.timeline.show_state(state)
        self.timeline.show_current(self.list.index)
        self.glossary.show_terms(state.terms)
        self._hits = cue_edits.find(state.captions, self.search.text)
        self.show_place()
        self._stale = False
        while self._waiting and not self._stale:
            self._waiting.pop(0)()

    def _list(self) -> None:
        state = self.state
        if state is None:
            return
        count = len(state.to_check)
        self.check.setText(messages.text("captions.to_check", count=count))
        self.check.setEnabled(bool(count) or self.check.isChecked())
        self.next.setEnabled(bool(count))
        self.count.setText(messages.text("captions.count", count=len(state.captions), to_check=count))
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
            write = messages.text("captions.write_captions")
            read = messages.text("captions.import_file")
            self.words.say(
                messages.text("captions.empty"),
                messages.text("captions.empty_text"),
                icon="captions",
                actions=(
                    (write, "captions", "standard", self.wanted_captions.emit),
                    (read, "import", "plain", self.import_file),
                ),
            )
        self.states.setCurrentWidget(self.words)

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

    def _keep(self, edit: Edit, label: str) -> None:
        """Keep an edit as one undo step."""
        if self._resource is None or edit == self._resource.edit:
            return
        self._saving = True
        try:
            self._resource = self.desk.holder.save(replace(self._resource, edit=edit), label=label)
        finally:
            self._saving = False

    def _decide(self, decide: Decide, label: str, *, now: Typed | None = None) -> None:
        """Make a decision about the captions as they are, now or as soon as they are laid out.

        What was typed (``now``) is kept with it, or stays to be kept where the decision is refused.
        """
        if self._stale:
            self._waiting.append(lambda: self._decide(decide, label, now=now))
            return
        state, resource = self.state, self._resource
        if state is None or resource is None:
            return
        try:
            edit = decide(state, resource.edit)
            if edit != resource.edit:
                self._keep(edit, label)
                self._stale = True
        except UserError as error:
            self._refuse(error, now)
        else:
            self.line.say_nothing()

    def _refuse(self, error: UserError, now: Typed | None) -> None:
        """Say why not, and leave what was typed to be kept later."""
        self.say(error)
        if now is not None and now.lines is not None and now.index == self.list.index:
            self.list.row.field.document().setModified(True)

    def _show_at_once(self, index: int, edit: Edit, caption: Caption) -> None:
        """Keep an edit of one caption and show it before everything is laid out again."""
        assert self.state is not None
        self._keep(edit, "caption")
        captions = (*self.state.captions[:index], caption, *self.state.captions[index + 1 :])
        self.state = replace(self.state, captions=captions)
        self.list.show_lines(self.state)

    def _on_typed(self, typed: Typed) -> None:
        if self._stale:
            self._waiting.append(lambda: self._on_typed(typed))
            return
        state, resource = self.state, self._resource
        if state is None or resource is None or typed.index >= len(state.captions):
            return
        edit, captions = presenter.keep(state, resource.edit, typed)
        if edit != resource.edit:
            self._show_at_once(typed.index, edit, captions[typed.index])
            self.show_place()

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
            self._decide(lambda state, edit: presenter.join(state, edit, now), "caption_join", now=now)

    def split_here(self) -> None:
        """Make two of the current caption, at the caret or where it reads best."""
        caret = self.list.caret
        now = self._now()
        if now is not None:
            self._decide(
                lambda state, edit: presenter.split(state, edit, now, at_column=caret),
                "caption_split",
                now=now,
            )

    def mend(self, finding: Finding, fix: Fix) -> None:
        """Make a fix of the current caption."""
        now = self._now()
        if now is not None:
            label = {"split": "caption_split", "join_next": "caption_join", "join_before": "caption_join"}
            self._decide(
                lambda state, edit: presenter.mend(state, edit, now, finding, fix),
                label.get(fix, "caption"),
                now=now,
            )

    def _time(self, decide: Callable[[CaptionsState, Edit, Typed], tuple[Edit, Caption]]) -> None:
        """Show the current caption from and to elsewhere, at once."""
        if self._stale:
            self._waiting.append(lambda: self._time(decide))
            return
        state, resource, now = self.state, self._resource, self._now()
        if state is None or resource is None or now is None:
            return
        try:
            edit, caption = decide(state, resource.edit, now)
        except BadInputError as error:
            self._refuse(error, now)
        else:
            self.line.say_nothing()
            self._show_at_once(now.index, edit, caption)

    def nudge(self, frames: int) -> None:
        """Show the current caption some frames later, or earlier."""
        self._time(lambda state, edit, now: presenter.nudge(state, edit, now, frames=frames))

    def set_in(self) -> None:
        """Let the current caption begin at the playhead."""
        at_us = self.player.at_us

        def decide(state: CaptionsState, edit: Edit, now: Typed) -> tuple[Edit, Caption]:
            end_us = state.captions[now.index].cue.end_us
            return presenter.move(state, edit, now, start_us=at_us, end_us=end_us)

        self._time(decide)

    def set_out(self) -> None:
        """Let the current caption end at the playhead."""
        at_us = self.player.at_us

        def decide(state: CaptionsState, edit: Edit, now: Typed) -> tuple[Edit, Caption]:
            start_us = state.captions[now.index].cue.start_us
            return presenter.move(state, edit, now, start_us=start_us, end_us=at_us)

        self._time(decide)

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
        self._decide(
            lambda state, edit: presenter.shift(state, edit, seconds=seconds, from_index=here or 0),
            "caption_shift",
        )

    def open_find(self, *, toggle: bool = True) -> None:
        """Show find and replace."""
        self.find_button.setChecked(not self.find_button.isChecked() if toggle else True)

    def _on_find_row(self, on: bool) -> None:
        self.find_row.setVisible(on)
        if on:
            self.search.setFocus()
        else:
            self.search.edit.clear()
            self.list.setFocus()

    def _on_search(self, typed: str) -> None:
        self._hits = cue_edits.find(self.state.captions, typed) if self.state is not None else ()
        self.found.setText(messages.text("edit.found", count=len(self._hits)) if typed.strip() else "")
        if self._hits and typed.strip() and self.list.index not in self._hits:
            self.list.choose(self._hits[0])

    def next_hit(self, direction: int) -> None:
        """Go to the next caption that has the text, or the one before."""
        now = -1 if self.list.index is None else self.list.index
        found = presenter.next_of(self._hits, now, direction)
        if found is not None:
            self.list.choose(found)

    def replace_all(self) -> None:
        """Write another text wherever the one that is looked for stands."""
        self.list.keep()
        text, by = self.search.text, self.by.text()
        if self._stale:
            self._waiting.append(self.replace_all)
            return
        state, resource = self.state, self._resource
        if state is None or resource is None or not text.strip():
            return

        def find(*, work: Work) -> tuple[Edit, int]:
            return presenter.replace_all(state, resource.edit, text=text, by=by)

        def done(found: tuple[Edit, int]) -> None:
            edit, count = found
            if resource is self._resource:  # else something was decided meanwhile: press again
                self._decide(lambda *_: edit, "caption")
                self.found.setText(messages.text("captions.replaced", count=count))

        self.desk.jobs.read(find, on_done=done, on_error=self.say)

    # Files ----------------------------------------------------------------------------------------------

    def _open_files(self) -> None:
        menu = QMenu(self)
        menu.addAction(messages.text("captions.import_file")).triggered.connect(self.import_file)
        for kind in ("vtt", "srt"):
            save = menu.addAction(messages.text(f"captions.save_{kind}"))
            save.setEnabled(self.state is not None and bool(self.state.captions))
            save.triggered.connect(lambda _=False, kind=kind: self.save_file(kind))
        menu.popup(self.files.mapToGlobal(self.files.rect().bottomLeft()))

    def import_file(self) -> None:
        """Take the captions of a file over."""
        title, kinds = messages.text("captions.import_file"), messages.text("captions.file_kinds")
        path, _ = QFileDialog.getOpenFileName(self, title, "", f"{kinds} (*.vtt *.srt)")
        if path:
            self.take_over(Path(path))

    def take_over(self, file: Path) -> None:
        """Take the captions of a file over, as one undo step."""
        self.list.keep()
        resource, library = self._resource, self.desk.holder.for_job()
        if resource is None:
            return
        resource_id = resource.id

        def read(*, work: Work) -> object:
            return tasks.read_captions(library, resource_id, file)

        self.desk.jobs.start("jobs.captions_file", read, on_error=self.say)

    def save_file(self, kind: str) -> None:
        """Save the captions as a file."""
        resource = self._resource
        if resource is None:
            return
        name = "".join(each for each in resource.title if each.isalnum() or each in " -_").strip()
        title = messages.text(f"captions.save_{kind}")
        path, _ = QFileDialog.getSaveFileName(self, title, f"{name or kind}.{kind}", f"*.{kind}")
        if path:
            self.write_file(Path(path), kind)

    def write_file(self, file: Path, kind: str) -> None:
        """Write the captions as WebVTT or SubRip."""
        state = self.state
        if state is None:
            return
        self.list.keep()
        cues = [each.cue for each in state.captions]
        try:
            (caption_files.write_vtt if kind == "vtt" else caption_files.write_srt)(cues, file)
        except OSError as error:
            reason = error.strerror or str(error)
            self.say(UserError("captions.cannot_write", folder=str(file.parent), reason=reason))
        else:
            self.desk.door.toast(messages.text("captions.saved", file=file.name))

    # Glossary -------------------------------------------------------------------------------------------

    def _add_term(self, heard: str, write: str) -> None:
        given = f"{heard}={write}" if heard.strip() else write
        if self._change_terms(lambda: (glossary.parse_term(given),), ()):
            self.glossary.say_nothing()

    def _drop_term(self, term: Term) -> None:
        self._change_terms(lambda: (), (term,))

    def _change_terms(self, add: Callable[[], tuple[Term, ...]], remove: tuple[Term, ...]) -> bool:
        library, resource = self.desk.holder.library, self._resource
        if resource is None:
            return False
        own = any(term in resource.brief.glossary for term in remove)
        try:
            glossary.change(library, resource.id if own else "", add=add(), remove=remove)
        except UserError as error:
            self.say(error)
            return False
        self.line.say_nothing()
        self.desk.holder.tell(resource.id)
        return True

    def _apply_terms(self) -> None:
        self.list.keep()
        resource, library = self._resource, self.desk.holder.for_job()
        if resource is None:
            return
        resource_id = resource.id

        def apply(*, work: Work) -> object:
            return glossary.follow_rules(library, resource_id)

        self.desk.jobs.start("jobs.glossary", apply, on_error=self.say)

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
            "find": self.open_find,
            "find_next": lambda: self.next_hit(1),
            "find_previous": lambda: self.next_hit(-1),
            "leave": self.step_out,
        }
