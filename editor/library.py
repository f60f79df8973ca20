"""Keep every resource, take and transcript, find them again, and never lose an edit.

This module and ``migrations`` alone know that it is SQLite; what it does with its tables stands in
``kept_resources``, ``kept_takes`` and ``kept_erase``. Take folders stay the truth about takes: the database
repeats their ``take.json`` and can be rebuilt from it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from capture.errors import BadInputError, UserError
from capture.work import Work
from editor import folders, migrations, rows, search
from editor.holding import Hold, LibraryBusyError
from editor.kept_erase import BIN_DAYS, Erasing
from editor.place import default_folder, place_warnings
from editor.search import EVERYTHING, PAGE, Filter, Hit
from editor.status import derive_status

DATABASE = "library.db"
_PATIENCE_S = 5.0  # readers and the writer wait so long for each other, which only a checkpoint needs
_CACHE_KIB = 32_000
_ERRORS = {
    sqlite3.SQLITE_FULL: "library.full",
    sqlite3.SQLITE_CORRUPT: "library.damaged",
    sqlite3.SQLITE_NOTADB: "library.damaged",
    sqlite3.SQLITE_CANTOPEN: "library.unreachable",
    sqlite3.SQLITE_IOERR: "library.unreachable",
    sqlite3.SQLITE_READONLY: "library.unreachable",
    sqlite3.SQLITE_BUSY: "library.slow",
}


class Library(Erasing):
    """A library folder with its database; open it with ``Library.open``, and close it or use ``with``.

    Safe to use from several threads: they take turns. A change is on disk when its method returns.
    """

    def __init__(self, folder: Path, db: Database, *, hold: Hold | None) -> None:
        super().__init__(folder)
        self._db = db
        self._hold = hold
        self._turn = threading.RLock()

    @classmethod
    def open(cls, folder: Path, *, write: bool, holder: str = "") -> Library:
        """Open the library in ``folder``.

        Args:
            folder: Made when missing, if ``write``; else a missing library looks empty.
            write: Whether to change it. One program at a time may; any number may read meanwhile.
            holder: Who asks, told to others who want to write: "the Lapel window" or a verb.

        Raises:
            LibraryBusyError: Somebody else writes to it.
            BadInputError: A newer Lapel or another program made it, or the folder is none or read-only.
            UserError: The database is damaged or out of reach. Nothing was changed.
        """
        folder = folder.expanduser().absolute()
        path = folder / DATABASE
        with _explained(folder):
            _check(path)
            if not write:
                return cls(folder, _open_to_read(path), hold=None)
            _make(folder)
            hold = Hold(folder, who=holder)
            try:
                _check(path)  # somebody with a newer version may have had it until now
                for parent in (folder / "media", *(folder / "exports").glob("*")):
                    folders.clear_unfinished(parent)
                return cls(folder, _open_to_write(path), hold=hold)
            except BaseException:
                hold.release()
                raise

    def close(self) -> None:
        """Close the database and let others write; twice does no harm."""
        with self._turn:
            self._db.close()
            if self._hold is not None:
                self._hold.release()
                self._hold = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several changes as one: all of them are kept, or none."""
        if self._hold is None:
            raise RuntimeError("this library was opened to read")
        with self._turn, _explained(self.folder):
            outermost = not self._db.conn.in_transaction
            try:
                with self._db.atomic():
                    yield
                    for resource_id in sorted(self._stale) if outermost else ():
                        self._refresh(resource_id)
            finally:
                if outermost:
                    self._stale.clear()

    def search(self, words: str, *, wanted: Filter = EVERYTHING, limit: int = PAGE) -> tuple[Hit, ...]:
        """Return the resources that say all the words, the best first, with the places where they do.

        Whatever is typed is text: no character of it is an operator. Each word may be the start of one. A
        resource in the bin is not found.
        """
        query = search.match_query(replace(wanted, words=words), limit=limit)
        if query is None:
            return ()
        with self._turn:
            found = [rows.resource_of(row) for row in self._rows(*query)]
            takes = self._take_ids([each.id for each in found])
            return search.hits(words, found, takes, read=self._rows)

    def _refresh(self, resource_id: str) -> None:
        """Derive what follows from the rest: status, version, and the words a search looks through."""
        row = self._row("SELECT * FROM resources WHERE id = ?", [resource_id])
        if row is None:
            return
        resource, takes = rows.resource_of(row), self.takes(resource_id)
        version = self._number("SELECT max(number) FROM versions WHERE resource_id = ?", [resource_id])
        captioned = self._captioned(resource_id)
        status = derive_status(resource, takes, captioned=captioned, version=version)
        self._run("UPDATE resources SET status = ?, version = ? WHERE id = ?", [status, version, resource_id])
        old = self._row("SELECT * FROM resource_words WHERE rowid = ?", [row["no"]])
        new = None
        if not resource.binned_at:
            new = astuple(rows.resource_text(resource, spoken=self._spoken(resource_id)))
        if new != (None if old is None else tuple(old.values())):
            self._run("DELETE FROM resource_words WHERE rowid = ?", [row["no"]])
            if new is not None:
                columns = "rowid, title, summary, tags, expert, spoken"
                self._run(
                    f"INSERT INTO resource_words ({columns}) VALUES (?, ?, ?, ?, ?, ?)", [row["no"], *new]
                )

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        with self._turn, _explained(self.folder):
            cursor = self._db.execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _run(self, sql: str, values: Sequence[object] = ()) -> None:
        if not self._db.conn.in_transaction:
            raise RuntimeError("a change outside a transaction")
        self._db.execute(sql, values)

    def _wipe(self, *, work: Work) -> None:
        work.report(None, "library.erasing")
        with self._turn, _explained(self.folder):
            with self.transaction():
                # A deleted row leaves its words in the index until the index is merged into one piece.
                for table in ("resource_words", "sentence_words"):
                    self._db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            # What is deleted is overwritten at once (see _open_to_write), but the log still has it.
            self._rows("PRAGMA wal_checkpoint (TRUNCATE)")
        work.report(1.0)


def _check(path: Path) -> None:
    """Refuse a database that is not ours to touch, without writing a byte anywhere.

    Raises:
        BadInputError: A newer Lapel or another program made it.
    """
    if path.parent.exists() and not path.parent.is_dir():
        raise BadInputError("library.not_folder", folder=path.parent)
    if not path.exists():
        return
    # Opened as immutable, SQLite makes no files beside the database; but what a killed program left in the
    # log would not be seen then.
    log = path.with_name(f"{path.name}-wal")
    sealed = not log.exists() or log.stat().st_size == 0
    with contextlib.closing(_connect(path, "mode=ro&immutable=1" if sealed else "mode=ro")) as connection:
        db = _database(connection)
        if migrations.is_foreign(db):
            raise BadInputError("library.foreign", folder=path.parent)
        if migrations.unknown_steps(db):
            raise BadInputError("library.newer", folder=path.parent)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise BadInputError("library.not_folder", folder=folder) from error
    except OSError as error:
        raise BadInputError("library.unwritable", folder=folder, reason=error.strerror) from error


def _open_to_write(path: Path) -> Database:
    connection = _connect(path, "mode=rwc")
    try:
        db = _database(connection)
        db.enable_wal()
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = FULL")  # a confirmed edit is still there after a power cut
        db.execute("PRAGMA secure_delete = ON")  # erased means overwritten, not only unlisted
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        migrations.migrate(db)
    except BaseException:
        connection.close()
        raise
    return db


def _open_to_read(path: Path) -> Database:
    if not path.exists():
        empty = _database(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
        migrations.migrate(empty)
        return empty
    db = _database(_connect_to_read(path))
    if migrations.lacks_steps(db):
        db.close()
        Library.open(path.parent, write=True).close()
        db = _database(_connect_to_read(path))
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return db


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = _connect(path, "mode=ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        # A read-only medium, where SQLite cannot make its shared memory: nobody can write there either.
        connection = _connect(path, "mode=ro&immutable=1")
    return connection


def _connect(path: Path, options: str) -> sqlite3.Connection:
    name = urllib.parse.quote(path.as_posix())
    return sqlite3.connect(
        f"file://{'' if name.startswith('/') else '/'}{name}?{options}",  # see https://sqlite.org/uri.html
        uri=True,
        timeout=_PATIENCE_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what can happen to a file on a disk into words; anything else stays a bug."""
    try:
        yield
    except sqlite3.Error as error:
        key = _ERRORS.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF)
        if key is None:
            raise
        raise UserError(key, folder=folder) from error


__all__ = [
    "BIN_DAYS",
    "DATABASE",
    "Filter",
    "Hit",
    "Library",
    "LibraryBusyError",
    "default_folder",
    "place_warnings",
]
