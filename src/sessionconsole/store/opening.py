"""Opening the store: a missing file is begun, a damaged one set aside, one from the future left alone."""

from __future__ import annotations

import errno
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreDamaged, StoreNotWritable, StoreProblem, StoreTooNew
from sessionconsole.own_thread import OwnThread
from sessionconsole.services.ports import Clock, DeviceCache, Lists, Outbox, Verdicts
from sessionconsole.store.database import Database, damage_mark
from sessionconsole.store.devices import SqliteDeviceCache
from sessionconsole.store.lists import SqliteLists
from sessionconsole.store.migrations import STEPS, migrate, version_of
from sessionconsole.store.outbox import SqliteOutbox
from sessionconsole.store.problems import in_our_words
from sessionconsole.store.verdicts import SqliteVerdicts

if TYPE_CHECKING:
    import apsw

KEY_SIZE = 32
"""Bytes of the key."""

_BUSY = 5000  # milliseconds that one process waits for another's write
_SMALLEST = 512  # bytes: SQLite takes anything shorter for a new and empty file
_TRIES = 4
_SIDE_FILES = ("-wal", "-shm", "-journal")


class SqliteStore:
    """`ports.Store` in one file, encrypted with ChaCha20-Poly1305 (SQLite3 Multiple Ciphers)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self.outbox: Outbox = SqliteOutbox(database, clock)
        self.lists: Lists = SqliteLists(database, clock)
        self.verdicts: Verdicts = SqliteVerdicts(database)
        self.devices: DeviceCache = SqliteDeviceCache(database)

    async def close(self) -> None:
        """Write what is open and let go of the file; waits at most a few seconds."""
        await self._database.close()


async def open_store(path: Path, key: bytes, clock: Clock) -> tuple[SqliteStore, StoreProblem | None]:
    """The store in that file, and what the user must know of it.

    key is 32 random bytes. The second value is a `StoreDamaged` where the file could not be read with that key: it
    then lies beside the new one as `console-damaged-<UTC time>.db`. Raises `StoreTooNew` and `StoreNotWritable`.
    The caller holds a lock between processes meanwhile, so that two never set aside at once.
    """
    if len(key) != KEY_SIZE:
        raise ValueError(f"the key has {len(key)} bytes, not {KEY_SIZE}")
    thread = OwnThread("store")
    try:
        connection, notice = await thread.call(_open, path, key, clock.now())
    except BaseException:
        thread.close(0)
        raise
    return SqliteStore(Database(thread, connection, path), clock), notice


async def memory_store(clock: Clock) -> SqliteStore:
    """A store that lasts as long as the program: for a sign-in that nothing may be kept of."""
    thread = OwnThread("store")
    return SqliteStore(Database(thread, await thread.call(_in_memory), None), clock)


def _open(path: Path, key: bytes, now: datetime) -> tuple[apsw.Connection, StoreProblem | None]:
    notice: StoreProblem | None = None
    with in_our_words():
        for _ in range(_TRIES):
            file = _identity(path)
            damaged = damage_mark(path).exists()
            if file is None and _side_file(path, "-wal").exists():
                damaged = True  # what was written last is there, what it belongs to is not
            if file is None and not damaged:
                _begin(path, key)
                continue
            try:
                if damaged or path.stat().st_size < _SMALLEST:
                    raise StoreDamaged
                with in_our_words():
                    return _connect(path, key), notice
            except StoreDamaged:
                if _set_aside(path, file, now):
                    notice = StoreDamaged()
            except FileNotFoundError:
                continue  # another process set it aside between two of our lines
    raise StoreNotWritable


def _connect(path: Path, key: bytes) -> apsw.Connection:
    import apsw

    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _unlock(connection, key)
        # Before anything is written: the first page is read, which proves the key, and then the schema.
        version = version_of(connection)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        if version > len(STEPS):
            raise StoreTooNew
        connection.pragma("journal_mode", "wal")
        _habits(connection)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _unlock(connection: apsw.Connection, key: bytes) -> None:
    connection.set_busy_timeout(_BUSY)
    connection.pragma("cipher", "chacha20")
    # "raw:" takes the key as it is: it is random, so deriving it would only cost time
    # (https://utelle.github.io/SQLite3MultipleCiphers/docs/configuration/config_sql_pragmas/).
    connection.pragma("key", f"raw:{key.hex()}")


def _habits(connection: apsw.Connection) -> None:
    connection.pragma("synchronous", "full")
    connection.pragma("secure_delete", 1)
    connection.pragma("foreign_keys", 1)
    connection.pragma("temp_store", "memory")  # a temporary file would not be encrypted


def _in_memory() -> apsw.Connection:
    import apsw

    connection = apsw.Connection(":memory:")
    _habits(connection)
    migrate(connection)
    return connection


def _begin(path: Path, key: bytes) -> None:
    """Make a whole new file under another name, then give it its name unless another process was first.

    So a file of that name is never half made, and one that is empty can only be damaged.
    """
    import apsw

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection = apsw.Connection(str(fresh), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            _unlock(connection, key)
            _habits(connection)
            migrate(connection)
        finally:
            connection.close()
        _claim(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _claim(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError as problem:
        if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
        if not path.exists():  # no hard links here; Windows' rename never replaces a file
            fresh.rename(path)


def _set_aside(path: Path, file: tuple[int, int] | None, now: datetime) -> bool:
    """Rename the damaged file and what belongs to it; False where another process did so already."""
    if _identity(path) != file:
        return False  # the caller's lock ran out
    aside = _free_name(path, now)
    try:
        for suffix in ("", *_SIDE_FILES):
            if _side_file(path, suffix).exists():
                _side_file(path, suffix).rename(_side_file(aside, suffix))
    except PermissionError as problem:
        raise StoreNotWritable(
            "The file with the saved lists is damaged, and another program holds it.",
            "Close other windows of this program, then start it again.",
        ) from problem
    damage_mark(path).unlink(missing_ok=True)
    return True


def _free_name(path: Path, now: datetime) -> Path:
    stem = f"{path.stem}-damaged-{now:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{path.suffix}" for number in range(1, 1000))
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())


def _side_file(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino
