"""The part of the library that erases for good: rows, search words, media and packages, nothing left over."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from capture.take import write_take
from capture.work import Work
from editor import folders, rows, undo
from editor.kept_glossary import KeptGlossary
from editor.model import TAKE_PARTS, Edit, Resource, Take
from editor.typed import expert_line

BIN_DAYS = 30


class Erasing(KeptGlossary):
    """Erasing for good. Media go first: a take whose folder stays could be recovered once its row is gone."""

    def erase(self, resource_id: str, *, work: Work | None = None) -> None:
        """Erase a resource: its edits, versions, packages, and the takes that no other resource shares.

        A shared take is handed over to the resource that shares it. Killed half-way, the resource is still in
        the library and can be erased again.

        Raises:
            BadInputError: No such resource.
            UserError: A file of it is open elsewhere; the rest can be erased later.
        """
        self._erase(self.resource(resource_id))
        self._wipe(work=work or Work())

    def erase_take(self, resource_id: str, take_id: str, *, work: Work | None = None) -> None:
        """Erase a take from a resource, with all that its edits and undo steps say about it.

        Versions already published keep their captions. Another resource that shares the take keeps it.

        Raises:
            BadInputError: No such resource, or no such take of it.
        """
        self._find_link(resource_id, take_id)
        self._erase_take(self.resource(resource_id), self.take(take_id))
        self._wipe(work=work or Work())

    def purge(self, *, before: datetime.datetime | None = None, work: Work) -> int:
        """Erase what was put in the bin before a time (``BIN_DAYS`` ago), and return how many things."""
        limit = before or datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=BIN_DAYS)
        text = limit.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        old = "binned_at <> '' AND binned_at < ?"
        resources = self._rows(f"SELECT id FROM resources WHERE {old}", [text])
        for row in resources:
            work.checkpoint()
            self._erase(self.resource(row["id"]))
        takes = self._rows(f"SELECT resource_id, take_id FROM resource_takes WHERE {old}", [text])
        for row in takes:
            work.checkpoint()
            self._erase_take(self.resource(row["resource_id"]), self.take(row["take_id"]))
        if resources or takes:
            self._wipe(work=work)
        return len(resources) + len(takes)

    def _erase(self, resource: Resource) -> None:
        takes = (*self.takes(resource.id), *self.takes(resource.id, binned=True))
        shared = {take.id for take in takes if self._part_with(resource, self.take(take.id))}
        folders.remove_folder(self.media / resource.id)
        folders.remove_folder(self.exports / resource.id)
        with self.transaction():
            no = self._number("SELECT no FROM resources WHERE id = ?", [resource.id])
            self._run("DELETE FROM resource_words WHERE rowid = ?", [no])
            self._run("DELETE FROM resources WHERE id = ?", [resource.id])
            for take in takes:
                if take.id not in shared:
                    self._forget_take(take.id)

    def _erase_take(self, resource: Resource, take: Take) -> None:
        shared = self._part_with(resource, take)
        with self.transaction():
            self._run(
                "DELETE FROM resource_takes WHERE resource_id = ? AND take_id = ?", [resource.id, take.id]
            )
            if not shared:
                self._forget_take(take.id)
            self._write(resource, replace(resource, edit=_without_take(resource.edit, take.id)))
            for step in self._rows("SELECT * FROM undo_steps WHERE resource_id = ?", [resource.id]):
                sides = [undo.without_take(step[side], take.id) for side in ("before", "after")]
                self._run(
                    "UPDATE undo_steps SET before = ?, after = ? WHERE resource_id = ? AND number = ?",
                    [*sides, resource.id, step["number"]],
                )

    def _part_with(self, resource: Resource, take: Take) -> bool:
        """Remove the folder of a take, or hand it over; return whether another resource uses the take."""
        heirs = [each for each in self.resources_with(take.id) if each != resource.id]
        if not heirs:
            folders.remove_folder(self.take_folder(take))
        elif take.resource_id == resource.id:
            self._hand_over(take, self.resource(heirs[0]))
        return bool(heirs)

    def _hand_over(self, take: Take, heir: Resource) -> None:
        handed = replace(
            take, resource_id=heir.id, resource_title=heir.title, expert=expert_line(heir.brief.expert)
        )
        folder = self.take_folder(handed)
        if self.take_folder(take).exists():
            folders.move_folder(self.take_folder(take), folder)
            write_take(folder, handed)
        with self.transaction():
            self._put("takes", rows.take_row(handed), key=["id"])

    def _forget_take(self, take_id: str) -> None:
        self._forget_sentences(take_id)
        self._run("DELETE FROM takes WHERE id = ?", [take_id])


def _without_take(edit: Edit, take_id: str) -> Edit:
    parts: dict[str, Any] = {
        part: tuple(each for each in getattr(edit, part) if each.take_id != take_id) for part in TAKE_PARTS
    }
    return replace(edit, **parts)
