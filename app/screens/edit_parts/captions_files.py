"""Captions in and out as WebVTT or SubRip, and the company's words in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMenu

from app import messages
from app.screens.edit_parts import captions_presenter as presenter
from capture.errors import UserError
from capture.work import Work
from editor import caption_files, glossary, tasks
from editor.glossary import Misheard
from editor.library import Library
from editor.model import Term

if TYPE_CHECKING:
    from app.screens.edit_parts.captions_tab import CaptionsTab


class CaptionFiles:
    """Brings captions in and out of a tab."""

    def __init__(self, tab: CaptionsTab) -> None:
        self._tab = tab
        tab.files.clicked.connect(self._open_menu)

    def _open_menu(self) -> None:
        tab = self._tab
        menu = QMenu(tab)
        menu.addAction(messages.text("captions.import_file")).triggered.connect(self.import_file)
        for kind in ("vtt", "srt"):
            save = menu.addAction(messages.text(f"captions.save_{kind}"))
            save.setEnabled(tab.state is not None and bool(tab.state.captions))
            save.triggered.connect(lambda _=False, kind=kind: self.save_file(kind))
        menu.popup(tab.files.mapToGlobal(tab.files.rect().bottomLeft()))

    def import_file(self) -> None:
        """Take the captions of a file over."""
        title, kinds = messages.text("captions.import_file"), messages.text("captions.file_kinds")
        path, _ = QFileDialog.getOpenFileName(self._tab, title, "", f"{kinds} (*.vtt *.srt)")
        if path:
            self.take_over(Path(path))

    def take_over(self, file: Path) -> None:
        """Take the captions of a file over, as one undo step."""
        _in_background(
            self._tab, "jobs.captions_file", lambda library, id: tasks.read_captions(library, id, file)
        )

    def save_file(self, kind: str) -> None:
        """Save the captions as a file."""
        resource = self._tab.resource
        if resource is None:
            return
        name = "".join(each for each in resource.title if each.isalnum() or each in " -_").strip()
        title = messages.text(f"captions.save_{kind}")
        path, _ = QFileDialog.getSaveFileName(self._tab, title, f"{name or kind}.{kind}", f"*.{kind}")
        if path:
            self.write_file(Path(path), kind)

    def write_file(self, file: Path, kind: str) -> None:
        """Write the captions as WebVTT or SubRip."""
        tab = self._tab
        if tab.state is None:
            return
        tab.list.keep()
        cues = [each.cue for each in tab.state.captions]
        try:
            (caption_files.write_vtt if kind == "vtt" else caption_files.write_srt)(cues, file)
        except OSError as error:
            reason = error.strerror or str(error)
            tab.say(UserError("captions.cannot_write", folder=str(file.parent), reason=reason))
        else:
            tab.desk.door.toast(messages.text("captions.saved", file=file.name))


class CaptionTerms:
    """Changes the glossary of a tab, and writes captions anew by it."""

    def __init__(self, tab: CaptionsTab) -> None:
        self._tab = tab
        tab.glossary.added.connect(self.add)
        tab.glossary.removed.connect(self._drop)
        tab.glossary.applied.connect(self._apply)
        tab.glossary.taken.connect(self._take)
        tab.glossary.went.connect(tab.player.seek)

    def add(self, heard: str, write: str, before: Term | None = None) -> None:
        """Add a term, perhaps in the place of another."""
        given = f"{heard}={write}" if heard.strip() else write
        if self._change(lambda: (glossary.parse_term(given),), () if before is None else (before,)):
            self._tab.glossary.say_nothing()

    def _drop(self, term: Term) -> None:
        self._change(lambda: (), (term,))

    def _change(self, add: Callable[[], tuple[Term, ...]], remove: tuple[Term, ...]) -> bool:
        tab = self._tab
        library, resource = tab.desk.holder.library, tab.resource
        if resource is None:
            return False
        own = any(term in resource.brief.glossary for term in remove)
        try:
            glossary.change(library, resource.id if own else "", add=add(), remove=remove)
        except UserError as error:
            tab.say(error)
            return False
        tab.line.say_nothing()
        tab.desk.holder.tell(resource.id)
        return True

    def _take(self, place: Misheard) -> None:
        self._tab.list.keep()
        self._tab.decisions.decide(lambda _, edit: presenter.write_term(edit, place), "glossary")

    def _apply(self) -> None:
        _in_background(self._tab, "jobs.glossary", glossary.follow_rules)


def _in_background(tab: CaptionsTab, label: str, change: Callable[[Library, str], object]) -> None:
    """Change the captions of the resource that is shown, after what is being typed was kept."""
    tab.list.keep()
    resource, library = tab.resource, tab.desk.holder.for_job()
    if resource is None:
        return
    resource_id = resource.id

    def do(*, work: Work) -> object:
        return change(library, resource_id)

    tab.desk.jobs.start(label, do, on_error=tab.say)
