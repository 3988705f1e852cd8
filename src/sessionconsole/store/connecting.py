"""Connections to the file: how it is unlocked, and what holds for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreTooNew
from sessionconsole.store.migrations import STEPS, migrate, version_of

if TYPE_CHECKING:
    import apsw

_BUSY = 5000  # milliseconds that one process waits for another's write


def connect(path: Path, key: bytes) -> apsw.Connection:
    """The file that is there, unlocked and migrated; raises what SQLite raises, and `StoreTooNew`."""
    import apsw

    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        unlock(connection, key)
        # Before anything is written: the first page is read, which proves the key, and then the schema.
        version = version_of(connection)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        if version > len(STEPS):
            raise StoreTooNew
        connection.pragma("journal_mode", "wal")
        follow_habits(connection)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def unlock(connection: apsw.Connection, key: bytes) -> None:
    """Give the connection its key, before anything else is asked of it."""
    connection.set_busy_timeout(_BUSY)
    connection.pragma("cipher", "chacha20")
    # "raw:" takes the key as it is: it is random, so deriving it would only cost time
    # (https://utelle.github.io/SQLite3MultipleCiphers/docs/configuration/config_sql_pragmas/).
    connection.pragma("key", f"raw:{key.hex()}")


def follow_habits(connection: apsw.Connection) -> None:
    """What holds for every connection: no power cut loses what was written, and nothing is written in clear."""
    connection.pragma("synchronous", "full")
    connection.pragma("secure_delete", 1)
    connection.pragma("foreign_keys", 1)
    connection.pragma("temp_store", "memory")  # a temporary file would not be encrypted


def in_memory() -> apsw.Connection:
    """An empty store that is nowhere on the disk."""
    import apsw

    connection = apsw.Connection(":memory:")
    follow_habits(connection)
    migrate(connection)
    return connection
