"""The tables, step by step: a step that was ever released is never changed, only followed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreTooNew

if TYPE_CHECKING:
    import apsw

STEPS: tuple[str, ...] = (
    # 1: what the first release keeps. Times are seconds since 1970 in UTC; bodies as in codec.py.
    """
    CREATE TABLE orders (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        closed_at REAL,
        body TEXT NOT NULL
    );
    CREATE INDEX orders_by_end ON orders (closed_at);
    CREATE TABLE newest (
        platform TEXT PRIMARY KEY,
        about TEXT NOT NULL,
        taken_at REAL NOT NULL,
        seen BLOB NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE earlier (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        taken_at REAL NOT NULL,
        seen BLOB NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX earlier_by_platform ON earlier (platform, taken_at);
    CREATE TABLE verdicts (handle TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE devices (version TEXT NOT NULL, user_agent TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (version, user_agent));
    """,
    # 2: what was thought of the newest list, so that it can be shown before it is weighed again.
    "ALTER TABLE newest ADD COLUMN judged BLOB",
    # 3: nothing but the number: lists are written column by column, which earlier programs would take for damage.
    "-- column by column",
    # 4: the journal. A mistake of the program cannot change it; that nobody else did, its hashes tell.
    """
    CREATE TABLE journal (
        number INTEGER PRIMARY KEY,
        once TEXT UNIQUE,
        text TEXT NOT NULL,
        hash TEXT NOT NULL
    );
    CREATE TABLE journal_names (number INTEGER NOT NULL, part TEXT NOT NULL, names TEXT NOT NULL,
        PRIMARY KEY (number, part));
    CREATE TRIGGER journal_goes_on BEFORE INSERT ON journal
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM journal)
        BEGIN SELECT raise(ABORT, 'the journal goes on where it ends'); END;
    CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
        BEGIN SELECT raise(ABORT, 'the journal is only added to'); END;
    CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON journal
        BEGIN SELECT raise(ABORT, 'the journal is only added to'); END;
    CREATE TRIGGER journal_names_are_not_changed BEFORE UPDATE ON journal_names
        BEGIN SELECT raise(ABORT, 'names are erased, never changed'); END;
    """,
    # 5: devices that are never ended in bulk.
    "CREATE TABLE spared (handle TEXT PRIMARY KEY, body TEXT NOT NULL)",
)


def version_of(connection: apsw.Connection) -> int:
    """The number of steps that the file has gone; reading it also proves the key."""
    version = connection.pragma("user_version")
    assert isinstance(version, int)
    return version


def migrate(connection: apsw.Connection, steps: tuple[str, ...] = STEPS) -> None:
    """Take the file to the last step, each step whole or not at all; raises `StoreTooNew` and changes nothing."""
    if version_of(connection) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again: another process may have migrated while this one waited.
        version = version_of(connection)
        if version > len(steps):
            raise StoreTooNew
        for step in steps[version:]:
            connection.execute(step)
        connection.pragma("user_version", len(steps))
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has taken it back already: to do so again would hide what happened.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
