"""Find a text in the captions and write another in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from capture.work import Work
from editor import cue_edits
from editor.model import Edit

if TYPE_CHECKING:
    from app.screens.edit_parts.captions_tab import CaptionsTab


class CaptionFind:
    """Finds and replaces in a tab."""

    def __init__(self, tab: CaptionsTab) -> None:
        self._tab = tab
        self.hits: tuple[int, ...] = ()
        tab.find_button.toggled.connect(self._on_row)
        tab.search.searched.connect(self._on_search)
        tab.search.edit.returnPressed.connect(lambda: self.next_hit(1))
        tab.replace.clicked.connect(self.replace_all)
        tab.by.returnPressed.connect(self.replace_all)

    def open(self) -> None:
        """Show find and replace, or put them away."""
        self._tab.find_button.toggle()

    def look_again(self) -> None:
        """Find it in captions that were laid out again."""
        tab = self._tab
        self.hits = cue_edits.find(tab.state.captions, tab.search.text) if tab.state is not None else ()

    def _on_row(self, on: bool) -> None:
        tab = self._tab
        tab.find_row.setVisible(on)
        if on:
            tab.search.setFocus()
        else:
            tab.search.edit.clear()
            tab.list.setFocus()

    def _on_search(self, typed: str) -> None:
        tab = self._tab
        self.look_again()
        tab.found.setText(messages.text("edit.found", count=len(self.hits)) if typed.strip() else "")
        if self.hits and typed.strip() and tab.list.index not in self.hits:
            tab.list.choose(self.hits[0])

    def next_hit(self, direction: int) -> None:
        """Go to the next caption that has the text, or the one before."""
        tab = self._tab
        now = -1 if tab.list.index is None else tab.list.index
        found = presenter.next_of(self.hits, now, direction)
        if found is not None:
            tab.list.choose(found)

    def replace_all(self) -> None:
        """Write another text wherever the one that is looked for stands."""
        tab = self._tab
        tab.list.keep()
        text, by = tab.search.text, tab.by.text()
        if tab.decisions.when_laid_out(self.replace_all):
            return
        state, resource = tab.state, tab.resource
        if state is None or resource is None or not text.strip():
            return

        def find(*, work: Work) -> tuple[Edit, int]:
            return presenter.replace_all(state, resource.edit, text=text, by=by)

        def done(found: tuple[Edit, int]) -> None:
            edit, count = found
            if resource is tab.resource:  # else something was decided meanwhile: press again
                tab.decisions.decide(lambda *_: edit, "caption")
                tab.found.setText(messages.text("captions.replaced", count=count))

        tab.desk.jobs.read(find, on_done=done, on_error=tab.say)
