"""Bring the database of a library to the shape this version knows, and tell when it cannot.

Each function below is one named step of sqlite-utils' migration set; its name is kept in the database. A step
that has been released is never changed: a later version adds another.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

_STEPS = Migrations("lapel")


@_STEPS()
def first_tables(db: Database) -> None:
    """Resources with their takes, words, versions and undo steps."""
    db.executescript(
        """
        CREATE TABLE resources (
            no INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            title_order TEXT NOT NULL,
            summary TEXT NOT NULL,
            expert TEXT NOT NULL,
            priority TEXT NOT NULL,
            level TEXT NOT NULL,
            status TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            binned_at TEXT NOT NULL,
            undo_number INTEGER NOT NULL DEFAULT 0,
            brief TEXT NOT NULL,
            tags TEXT NOT NULL,
            edit TEXT NOT NULL
        );
        CREATE INDEX resources_changed ON resources (binned_at, changed_at);
        CREATE TABLE resource_tags (
            resource_no INTEGER NOT NULL REFERENCES resources (no) ON DELETE CASCADE,
            field TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (resource_no, field, value)
        ) WITHOUT ROWID;
        CREATE INDEX resource_tags_value ON resource_tags (field, value);
        CREATE TABLE takes (
            id TEXT NOT NULL PRIMARY KEY,
            resource_id TEXT NOT NULL,
            state TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            duration_us INTEGER NOT NULL,
            take TEXT NOT NULL
        );
        CREATE TABLE resource_takes (
            resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
            take_id TEXT NOT NULL REFERENCES takes (id) ON DELETE CASCADE,
            prompt_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL,
            binned_at TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (resource_id, take_id)
        );
        CREATE INDEX resource_takes_take ON resource_takes (take_id);
        CREATE TABLE transcripts (
            take_id TEXT NOT NULL PRIMARY KEY REFERENCES takes (id) ON DELETE CASCADE,
            language TEXT NOT NULL,
            model TEXT NOT NULL,
            transcript TEXT NOT NULL
        );
        CREATE TABLE versions (
            resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            published_at TEXT NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (resource_id, number)
        );
        CREATE TABLE undo_steps (
            resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            label TEXT NOT NULL,
            before BLOB NOT NULL,
            after BLOB NOT NULL,
            PRIMARY KEY (resource_id, number)
        );
        """
    )


@_STEPS()
def search_tables(db: Database) -> None:
    """Full-text rows: one for a resource, with all that is said in it, and one for a sentence of a take."""
    # A resource's row decides which resources match and in which order, a sentence's row where in them. The
    # take's id is indexed too: a query names the takes of the resources on the page, so that a word as common
    # as "the" costs no more than a rare one (figures: bench/library.py). Prefix indexes are for typing.
    db.executescript(
        """
        CREATE VIRTUAL TABLE resource_words USING fts5 (
            title, summary, tags, expert, spoken,
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
        );
        INSERT INTO resource_words (resource_words, rank) VALUES ('rank', 'bm25(10.0, 4.0, 6.0, 6.0, 1.0)');
        CREATE VIRTUAL TABLE sentence_words USING fts5 (
            take_id, start_us UNINDEXED, end_us UNINDEXED, text,
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
        );
        """
    )


@_STEPS()
def glossary_table(db: Database) -> None:
    """Words of the company, for every resource of the library; those of one resource are in its brief."""
    db.executescript(
        """
        CREATE TABLE glossary (
            heard TEXT NOT NULL,
            write TEXT NOT NULL,
            PRIMARY KEY (heard, write)
        ) WITHOUT ROWID;
        """
    )


@_STEPS()
def feedback_table(db: Database) -> None:
    """Keep what workers said; ``who`` is the name a browser drew, so that an answer can be changed."""
    db.executescript(
        """
        CREATE TABLE feedback (
            resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
            who TEXT NOT NULL,
            number INTEGER NOT NULL,
            version INTEGER NOT NULL,
            said_at TEXT NOT NULL,
            helped INTEGER,
            comment TEXT NOT NULL,
            at_us INTEGER,
            PRIMARY KEY (resource_id, who, number)
        );
        """
    )


def migrate(db: Database) -> None:
    """Apply the steps that the database lacks, each in a transaction of its own."""
    _STEPS.apply(db)


def lacks_steps(db: Database) -> bool:
    """Return whether the database is older than this version."""
    return bool(_STEPS.pending(db))


def unknown_steps(db: Database) -> tuple[str, ...]:
    """Return the names of the steps that a newer version made; reads only."""
    table = db.table(_STEPS.migrations_table)
    if not table.exists():
        return ()
    with Database(memory=True) as empty:
        known = {(_STEPS.name, step.name) for step in _STEPS.pending(empty)}
    return tuple(row["name"] for row in table.rows if (row["migration_set"], row["name"]) not in known)


def is_foreign(db: Database) -> bool:
    """Return whether the database holds tables but none of our steps: it belongs to another program."""
    return bool(db.table_names()) and not db.table(_STEPS.migrations_table).exists()
