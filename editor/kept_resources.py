"""The part of the library that keeps resources: find, save, undo, redo, bin."""

from __future__ import annotations

import abc
import difflib
from dataclasses import replace

from capture.errors import BadInputError
from editor import rows, search, undo
from editor.ids import is_id
from editor.model import Resource, UndoStep
from editor.search import EVERYTHING, GROUPS, Filter, Group, Sort
from editor.tables import Tables, now


class KeptResources(Tables):
    """Resources with their undo steps."""

    def resource(self, resource_id: str) -> Resource:
        """Return a resource, in the bin or not.

        Raises:
            BadInputError: No such resource.
        """
        found = self._find(resource_id)
        if found is None:
            raise self._unknown(resource_id)
        return found

    def has_resource(self, resource_id: str) -> bool:
        """Return whether there is such a resource, in the bin or not."""
        return bool(self._rows("SELECT 1 FROM resources WHERE id = ?", [resource_id]))

    def resources(
        self, wanted: Filter = EVERYTHING, *, sort: Sort = "changed", limit: int = -1, offset: int = 0
    ) -> tuple[Resource, ...]:
        """Return the resources of a filter; a negative ``limit`` means all."""
        query = search.list_query(wanted, sort=sort, limit=limit, offset=offset)
        return tuple(rows.resource_of(row) for row in self._rows(*query))

    def count(self, wanted: Filter = EVERYTHING) -> int:
        """Return how many resources a filter has."""
        clause, values = search.where(wanted)
        return self._number(f"SELECT count(*) FROM resources WHERE {clause}", values)

    def counts(self, wanted: Filter = EVERYTHING) -> dict[Group, dict[str, int]]:
        """Return how many resources each value of each filter group has, under the other groups."""
        return {
            group: {row["value"]: row["count"] for row in self._rows(*search.count_query(wanted, group))}
            for group in GROUPS
        }

    def save(self, resource: Resource, *, label: str) -> Resource:
        """Keep a resource as one undo step, and return it as it is kept; nothing changed means no step.

        Status, version and times are the library's own business: what is given for them does not count.

        Args:
            resource: One with a new id is added, without an undo step.
            label: String key of what was done, shown by Undo.
        """
        with self.transaction():
            old = self._find(resource.id)
            if old is None:
                self._add(resource)
            elif (change := undo.difference(old, resource)) is not None:
                self._keep_step(resource.id, label, change)
                self._write(old, resource)
        return self.resource(resource.id)

    def undo(self, resource_id: str) -> Resource | None:
        """Take the last change of a resource back and return it, or None where there is none."""
        return self._step(resource_id, self.next_undo(resource_id), back=True)

    def redo(self, resource_id: str) -> Resource | None:
        """Make the change again that was taken back last, or return None where there is none."""
        return self._step(resource_id, self.next_redo(resource_id), back=False)

    def next_undo(self, resource_id: str) -> UndoStep | None:
        """Return what ``undo`` would take back."""
        return self._undo_step(resource_id, ahead=0)

    def next_redo(self, resource_id: str) -> UndoStep | None:
        """Return what ``redo`` would make again."""
        return self._undo_step(resource_id, ahead=1)

    def bin(self, resource_id: str) -> Resource:
        """Move a resource to the bin; it stays there for ``BIN_DAYS`` at least."""
        return self._set_binned(resource_id, now())

    def restore(self, resource_id: str) -> Resource:
        """Take a resource back out of the bin."""
        return self._set_binned(resource_id, "")

    def _set_binned(self, resource_id: str, when: str) -> Resource:
        with self.transaction():
            if bool(self.resource(resource_id).binned_at) != bool(when):
                self._run("UPDATE resources SET binned_at = ? WHERE id = ?", [when, resource_id])
                self._stale.add(resource_id)
        return self.resource(resource_id)

    def _find(self, resource_id: str) -> Resource | None:
        row = self._row("SELECT * FROM resources WHERE id = ?", [resource_id])
        return None if row is None else rows.resource_of(row)

    def _unknown(self, resource_id: str) -> BadInputError:
        known = {row["id"]: row["title"] for row in self._rows("SELECT id, title FROM resources")}
        close = difflib.get_close_matches(resource_id, known, n=1)
        close = close or [each for each, title in known.items() if title.casefold() == resource_id.casefold()]
        if not close:
            return BadInputError("resource.unknown", id=resource_id)
        return BadInputError("resource.unknown_close", id=resource_id, close=close[0], title=known[close[0]])

    def _add(self, resource: Resource) -> None:
        if not is_id(resource.id):
            raise ValueError(f"not an id: {resource.id!r}")
        at = now()
        fresh = replace(
            resource,
            status="draft",
            version=0,
            binned_at="",
            created_at=resource.created_at or at,
            changed_at=at,
        )
        self._put("resources", rows.resource_row(fresh), key=["id"])
        self._write_tags(fresh)
        self._stale.add(fresh.id)

    def _write(self, old: Resource, new: Resource) -> None:
        kept = replace(
            new,
            status=old.status,
            version=old.version,
            binned_at=old.binned_at,
            created_at=old.created_at,
            changed_at=now(),
        )
        self._put("resources", rows.resource_row(kept), key=["id"])
        if old.tags != new.tags:
            self._write_tags(kept)
        before, after = (
            {(each.take_id, each.corrections) for each in one.edit.takes if each.corrections}
            for one in (old, new)
        )
        for take_id in sorted({take_id for take_id, _ in before ^ after}):
            self._index_take(take_id)
        self._stale.add(new.id)

    def _write_tags(self, resource: Resource) -> None:
        no = self._number("SELECT no FROM resources WHERE id = ?", [resource.id])
        self._run("DELETE FROM resource_tags WHERE resource_no = ?", [no])
        for field, value in sorted(rows.tag_rows(resource.tags)):
            self._run("INSERT INTO resource_tags VALUES (?, ?, ?)", [no, field, value])

    def _keep_step(self, resource_id: str, label: str, change: tuple[bytes, bytes]) -> None:
        number = self._undo_number(resource_id) + 1
        # What was taken back cannot be made again after another change; the oldest steps make room.
        self._run(
            "DELETE FROM undo_steps WHERE resource_id = ? AND (number >= ? OR number <= ?)",
            [resource_id, number, number - undo.MOST_STEPS],
        )
        self._run(
            "INSERT INTO undo_steps VALUES (?, ?, ?, ?, ?, ?)", [resource_id, number, now(), label, *change]
        )
        self._run("UPDATE resources SET undo_number = ? WHERE id = ?", [number, resource_id])

    def _step(self, resource_id: str, step: UndoStep | None, *, back: bool) -> Resource | None:
        if step is None:
            return None
        with self.transaction():
            old = self.resource(resource_id)
            self._write(old, undo.apply(old, step.before if back else step.after))
            number = step.number - 1 if back else step.number
            self._run("UPDATE resources SET undo_number = ? WHERE id = ?", [number, resource_id])
        return self.resource(resource_id)

    def _undo_step(self, resource_id: str, *, ahead: int) -> UndoStep | None:
        row = self._row(
            "SELECT * FROM undo_steps WHERE resource_id = ? AND number = ?",
            [resource_id, self._undo_number(resource_id) + ahead],
        )
        return None if row is None else rows.undo_step_of(row)

    def _undo_number(self, resource_id: str) -> int:
        row = self._row("SELECT undo_number FROM resources WHERE id = ?", [resource_id])
        if row is None:
            raise self._unknown(resource_id)
        return int(row["undo_number"])

    @abc.abstractmethod
    def _index_take(self, take_id: str) -> None:
        """Let searches find what was said in a take as it is corrected now."""
