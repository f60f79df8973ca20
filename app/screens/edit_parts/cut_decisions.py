"""What a producer decides on the Cut tab, each one undo step: words, cuts, chapters, takes, marks, sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from app.library_holder import LibraryHolder
from app.screens import edit_presenter as presenter
from app.screens.edit_parts.tidy_presenter import TidyUp, removed_label
from app.screens.edit_presenter import EditState
from capture.errors import UserError
from editor import chapters, glossary, review
from editor.chapters import Part
from editor.model import CleanSound, Edit, Take
from editor.review import Candidate
from editor.selection import Block, Selection
from editor.speech import Levels


class CutDecisions:
    """Makes decisions about what is shown now, and says why one cannot be made.

    Args:
        holder: Where they are kept.
        say: Told why not, or None where the last one was made.
    """

    def __init__(self, holder: LibraryHolder, say: Callable[[UserError | None], None]) -> None:
        self._holder, self._say = holder, say
        self.state: EditState | None = None
        self.levels: Mapping[str, Levels] = {}

    def decide(self, decide: Callable[[EditState], Edit], label: str) -> None:
        """Keep what is decided as one undo step that is called ``label``."""
        state = self.state
        if state is None:
            return
        try:
            # What came in the background meanwhile, such as corrections by the glossary, stays.
            state = replace(state, resource=self._holder.library.resource(state.resource.id))
            edit = decide(state)
            if edit != state.resource.edit:
                kept = self._holder.save(replace(state.resource, edit=edit), label=label)
                # What is decided before it is read again builds on this.
                self.state = replace(state, resource=kept)
        except UserError as error:
            self._say(error)
        else:
            self._say(None)

    # Words and cuts -------------------------------------------------------------------------------------

    def toggle_words(self, chosen: Selection) -> None:
        """Strike words, or put back those that are all struck."""
        if self.state is not None:
            label = presenter.words_label(self.state, chosen)
            self.decide(lambda now: presenter.toggle_words(now, chosen, self.levels), label)

    def cut_stretch(self, take_id: str, in_us: int, out_us: int) -> None:
        """Cut a stretch of a take."""
        self.decide(lambda now: presenter.cut_stretch(now, take_id, in_us, out_us), "cut")

    def fix_words(self, chosen: Selection, text: str) -> None:
        """Let words read otherwise."""
        self.decide(lambda state: presenter.fix_words(state, chosen, text), "correct")

    def learn(self, heard: str, write: str) -> None:
        """Let new captions write these words so, in every resource."""
        if self.state is not None:
            try:
                resource_id = self.state.resource.id
                glossary.learn(self._holder.library, resource_id, heard=heard, write=write, everywhere=True)
                self._holder.tell(resource_id)
            except UserError as error:
                self._say(error)

    def restore(self, block: Block) -> None:
        """Put a cut back."""
        self.decide(lambda state: presenter.restore_block(state, block), "restore")

    def drag_edge(self, take_id: str, edge_us: int, to_us: int, *, snap: bool) -> None:
        """Let a cut begin or end elsewhere."""

        def decide(state: EditState) -> Edit:
            return presenter.drag_edge(state, self.levels, take_id, edge_us=edge_us, to_us=to_us, snap=snap)

        self.decide(decide, "edge")

    def split(self, result_us: int) -> None:
        """Divide at a moment of the result."""
        self.decide(
            lambda state: presenter.split_here(state, state.timeline_of_result(result_us)), "split_point"
        )

    def mark(self, result_us: int) -> None:
        """Mark a moment of the result, or take its mark away."""
        self.decide(lambda state: presenter.mark_here(state, state.timeline_of_result(result_us)), "mark")

    # Chapters and takes ---------------------------------------------------------------------------------

    def add_chapter(self, result_us: int) -> None:
        """Start a chapter at a moment of the result."""
        self.decide(
            lambda state: presenter.chapter_here(state, state.timeline_of_result(result_us)), "chapter_add"
        )

    def rename_chapter(self, part: Part, title: str) -> None:
        """Give a chapter another title."""
        self.decide(
            lambda state: chapters.rename_chapter(state.resource, part, title=title), "chapter_rename"
        )

    def remove_chapter(self, part: Part) -> None:
        """Take a chapter's mark away; what is said in it stays."""
        self.decide(lambda state: chapters.remove_chapter(state.resource, part), "chapter_remove")

    def move_chapter(self, part: Part, result_us: int) -> None:
        """Let a chapter start at a moment of the result."""
        self.decide(
            lambda state: presenter.move_part(state, part, state.timeline_of_result(result_us)),
            "chapter_move",
        )

    def move_answer(self, part: Part, step: int) -> None:
        """Let the answer of a chapter come earlier or later."""
        self.decide(lambda state: presenter.move_answer(state, part.prompt_id, step), "chapter_order")

    def swap(self, take: Take) -> None:
        """Let another take answer its prompt."""
        self.decide(lambda state: presenter.choose_take(state, take), "choose")

    # Tidying and sound ----------------------------------------------------------------------------------

    def take_out(self, tidy: TidyUp | None, kind: Literal["silence", "filler"]) -> None:
        """Take all long silences out, or all fillers."""
        if tidy is not None:
            gone = tidy.open_silences if kind == "silence" else tidy.open_fillers
            label = removed_label(kind, len(gone))
            self.decide(lambda state: review.take_out(state.resource.edit, gone), label)

    def reviewed(self, *, out: tuple[Candidate, ...], back: tuple[Candidate, ...]) -> None:
        """Take some silences and fillers out and put others back, as one step."""

        def decide(state: EditState) -> Edit:
            edit = review.put_back(state.resource.edit, [each for each in back if each.done])
            return review.take_out(edit, [each for each in out if not each.done])

        self.decide(decide, "edit")

    def clean_sound(self, strength: CleanSound) -> None:
        """Take so much of the noise out of the result."""
        self.decide(lambda state: replace(state.resource.edit, clean_sound=strength), "sound")
