"""Where somebody speaks and nothing was written down: said above the captions, to be heard and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import messages
from app.desk import Offer, Spot
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_presenter import CaptionsState
from capture.work import Work
from editor import tasks
from editor.fillers import primary
from editor.unheard import Unheard

if TYPE_CHECKING:
    from app.screens.edit_parts.captions_tab import CaptionsTab


class CaptionGaps:
    """Says one of them at a time above the list of a tab."""

    def __init__(self, tab: CaptionsTab) -> None:
        self._tab = tab
        self._at = 0

    @property
    def _now(self) -> Unheard | None:
        state = self._tab.state
        return state.unheard[self._at % len(state.unheard)] if state is not None and state.unheard else None

    def show(self) -> None:
        """Say the current one, or nothing where nothing is missing."""
        tab, now, state = self._tab, self._now, self._tab.state
        if now is None or state is None:
            tab.gaps_line.say_nothing()
            return
        offers: list[Offer] = [(messages.text("captions.gap_play"), self.play)]
        if now.can_be_written:
            offers.append((messages.text("captions.gap_write"), self.write))
        elif now.flag.reason in ("unsure_language", "unsure_words"):
            offers.append(self._language_offer(state, now))
        if len(state.unheard) > 1:
            offers.append((messages.text("captions.gap_next", count=len(state.unheard)), self.next))
        tab.gaps_line.say(presenter.unheard_words(state, now), kind="warn", offers=offers, closable=False)

    def _language_offer(self, state: CaptionsState, now: Unheard) -> Offer:
        """Offer to say which language is spoken; once that is another than was heard, to write it again."""
        resource = self._tab.resource
        told = resource.tags.language if resource is not None else ""
        heard = next(each.language for each in state.transcripts if each.take_id == now.flag.take_id)
        if told and (primary(told) != primary(heard) or now.flag.reason == "unsure_language"):
            words = messages.text("captions.write_again", language=messages.language(told))
            return words, self.write_again
        return messages.text("captions.choose_language"), self.choose_language

    def choose_language(self) -> None:
        """Go where the language of the resource is said."""
        if self._tab.resource is not None:
            self._tab.desk.ways.to("details", self._tab.resource.id, spot=Spot(part="language"))

    def write_again(self) -> None:
        """Write the captions of the take anew, in the language of the resource."""
        desk, resource, now = self._tab.desk, self._tab.resource, self._now
        if resource is None or now is None:
            return
        library, resource_id, language = desk.holder.for_job(), resource.id, resource.tags.language
        model, take_id = desk.settings.now.model, now.flag.take_id

        def write(*, work: Work) -> object:
            asked = {"model": model, "language": language, "take_id": take_id}
            return tasks.caption(library, resource_id, **asked, again=True, work=work)

        desk.jobs.start("jobs.captions", write, on_error=self._tab.say)

    def next(self) -> None:
        """Say the next one."""
        self._at += 1
        self.show()

    def play(self) -> None:
        """Let it be heard."""
        if self._now is not None:
            self._tab.player.seek(self._now.start_us)
            if not self._tab.player.playing:
                self._tab.toggle_play()

    def write(self) -> None:
        """Make a caption there, and put the caret into it."""
        tab, now = self._tab, self._now
        if now is None:
            return
        tab.list.keep()
        tab.check.setChecked(False)
        tab.decisions.decide(lambda state, edit: presenter.write_gap(state, edit, now), "caption")
        tab.decisions.when_laid_out(lambda: self._type(now))

    def _type(self, gap: Unheard) -> None:
        state = self._tab.state
        index = None if state is None else presenter.caption_in(state, gap)
        if index is not None:
            self._tab.list.choose(index)
            self._tab.list.edit_text()
            self._tab.list.row.field.selectAll()
