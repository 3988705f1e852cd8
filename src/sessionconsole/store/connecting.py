"""Connections to the file: how it is unlocked, and what holds for each of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreTooNew
from sessionconsole.store.migrations import STEPS, migrate, version_of

if TYPE_CHECKING:
    import apsw

_BUSY = 5000  # milliseconds that one process waits for another's write
_MOST_COPIED = 500  # earlier lists


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


def in_memory(file: Path | None = None, key: bytes = b"") -> apsw.Connection:
    """A store that is nowhere on the disk: empty, or with the lists and verdicts of a file that can only be read.

    Orders are not taken over: one that was withdrawn or sent here would still wait in the file.
    """
    import apsw

    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(":memory:", flags=flags)
    follow_habits(connection)
    migrate(connection)
    if file is not None:
        with suppress(apsw.Error, OSError):  # then it is empty
            _take_over(connection, file, key)
    return connection


def _take_over(connection: apsw.Connection, file: Path, key: bytes) -> None:
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size:
        return  # the file alone is not the whole of it, and the log cannot be read without writing
    connection.execute(
        "ATTACH ? AS stored KEY ?", (f"{file.absolute().as_uri()}?immutable=1", f"raw:{key.hex()}")
    )
    try:
        if connection.pragma("user_version", schema="stored") == len(STEPS):
            with connection:
                connection.execute("INSERT INTO newest SELECT * FROM stored.newest")
                connection.execute("INSERT INTO verdicts SELECT * FROM stored.verdicts")
                connection.execute("INSERT INTO devices SELECT * FROM stored.devices")
                connection.execute(
                    "INSERT INTO earlier SELECT * FROM stored.earlier ORDER BY taken_at DESC LIMIT ?",
                    (_MOST_COPIED,),
                )
    finally:
        connection.execute("DETACH stored")
