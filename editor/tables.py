"""What each part of the library needs of its database, without knowing which database it is."""

from __future__ import annotations

import abc
import datetime
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from capture.work import Work

Row = Mapping[str, Any]


class Tables(abc.ABC):
    """A library folder and the tables of its database; ``editor.library`` fills in how they are reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: Resources whose status and search text no longer fit what is stored; the transaction mends them.
        self._stale: set[str] = set()

    @property
    def media(self) -> Path:
        """Where take folders are."""
        return self.folder / "media"

    @property
    def exports(self) -> Path:
        """Where packages go."""
        return self.folder / "exports"

    @abc.abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Make several changes as one: all of them are kept, or none."""

    @abc.abstractmethod
    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query."""

    @abc.abstractmethod
    def _run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Make a change; only inside ``transaction``."""

    @abc.abstractmethod
    def _wipe(self, *, work: Work) -> None:
        """Leave nothing of what was deleted readable in the files of the database."""

    def _row(self, sql: str, values: Sequence[object] = ()) -> dict[str, Any] | None:
        """Return the first row of a query."""
        return next(iter(self._rows(sql, values)), None)

    def _number(self, sql: str, values: Sequence[object] = ()) -> int:
        """Return the first column of the first row of a query, 0 where it is empty."""
        return int(next(iter(self._rows(sql, values)[0].values())) or 0)

    def _put(self, table: str, row: Row, *, key: Iterable[str]) -> None:
        """Add a row, or change the one with the same key."""
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        changes = ", ".join(f"{column} = excluded.{column}" for column in row)
        self._run(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}",
            list(row.values()),
        )


def now() -> str:
    """Return the time as ISO 8601 in UTC, so that times sort as text."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
