"""What a producer decides on the Captions tab, in order, each about the captions as they then are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.library_holder import LibraryHolder
from app.screens.edit_parts import captions_presenter as presenter
from app.screens.edit_parts.captions_presenter import CaptionsState, Typed
from capture.errors import BadInputError, UserError
from editor.captions import Caption
from editor.model import Edit, Resource

Decide = Callable[[CaptionsState, Edit], Edit]


class CaptionDecisions:
    """Makes decisions in their order.

    What is typed and when a caption is shown are seen at once; other decisions wait until the captions are
    laid out again, so that none is made about captions that are no more.

    Args:
        holder: Where they are kept.
        show: Shows captions of which one was changed, before everything is laid out again.
        refuse: Told why a decision cannot be made, with what was typed, which stays to be kept.
        made: Told that one was made.
    """

    def __init__(
        self,
        holder: LibraryHolder,
        *,
        show: Callable[[CaptionsState], None],
        refuse: Callable[[UserError, Typed | None], None],
        made: Callable[[], None],
    ) -> None:
        self._holder, self._show, self._refuse, self._made = holder, show, refuse, made
        self.state: CaptionsState | None = None
        self.resource: Resource | None = None
        self._stale = True
        self._saving = False
        self._waiting: list[Callable[[], None]] = []

    def begin(self, resource: Resource) -> bool:
        """Wait for the captions of a resource; return whether it is another one than before."""
        is_other = self.resource is None or self.resource.id != resource.id
        if is_other:
            self.state, self._waiting = None, []
        self.resource, self._stale = resource, True
        return is_other

    def changed_elsewhere(self) -> None:
        """Wait for the captions as they are after a change that was not decided here."""
        self._stale = self._stale or not self._saving

    def laid_out(self) -> None:
        """Go on with what waited: the captions are shown as they are."""
        self._stale = False
        while self._waiting and not self._stale:
            self._waiting.pop(0)()

    def when_laid_out(self, act: Callable[[], None]) -> bool:
        """Return whether ``act`` was put off until the captions are laid out."""
        if self._stale:
            self._waiting.append(act)
        return self._stale

    def decide(self, decide: Decide, label: str, *, now: Typed | None = None) -> None:
        """Make a decision about the captions as they are, now or as soon as they are laid out.

        What was typed (``now``) is kept with it, or stays to be kept where the decision is refused.
        """
        if self.when_laid_out(lambda: self.decide(decide, label, now=now)):
            return
        state, resource = self.state, self.resource
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
            self._made()

    def write(self, typed: Typed) -> None:
        """Keep what was typed."""
        if self.when_laid_out(lambda: self.write(typed)):
            return
        state, resource = self.state, self.resource
        if state is None or resource is None or typed.index >= len(state.captions):
            return
        edit, captions = presenter.keep(state, resource.edit, typed)
        if edit != resource.edit:
            self._keep_one(typed.index, edit, captions[typed.index])

    def time(
        self,
        current: Callable[[], Typed | None],
        decide: Callable[[CaptionsState, Edit, Typed], tuple[Edit, Caption]],
    ) -> None:
        """Show the current caption from and to elsewhere, at once."""
        if self.when_laid_out(lambda: self.time(current, decide)):
            return
        state, resource, now = self.state, self.resource, current()
        if state is None or resource is None or now is None:
            return
        try:
            edit, caption = decide(state, resource.edit, now)
        except BadInputError as error:
            self._refuse(error, now)
        else:
            self._made()
            self._keep_one(now.index, edit, caption)

    def _keep(self, edit: Edit, label: str) -> None:
        """Keep an edit as one undo step."""
        if self.resource is None or edit == self.resource.edit:
            return
        self._saving = True
        try:
            self.resource = self._holder.save(replace(self.resource, edit=edit), label=label)
        finally:
            self._saving = False

    def _keep_one(self, index: int, edit: Edit, caption: Caption) -> None:
        """Keep an edit of one caption, and show it before everything is laid out again."""
        assert self.state is not None
        self._keep(edit, "caption")
        captions = (*self.state.captions[:index], caption, *self.state.captions[index + 1 :])
        self.state = replace(self.state, captions=captions)
        self._show(self.state)
