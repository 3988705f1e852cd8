"""Opening the store: a missing file is begun, a damaged one set aside, one from the future left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import StoreDamaged, StoreNotWritable, StoreProblem
from sessionconsole.own_thread import OwnThread
from sessionconsole.services.ports import (
    Clock,
    DeviceCache,
    Journal,
    Lists,
    Outbox,
    People,
    SparedDevices,
    Verdicts,
)
from sessionconsole.store.connecting import connect, in_memory
from sessionconsole.store.database import Database, damage_mark
from sessionconsole.store.devices import SqliteDeviceCache
from sessionconsole.store.files import begin, identity, set_aside, side_file
from sessionconsole.store.journal import SqliteJournal
from sessionconsole.store.keeping import KEEP_DAYS
from sessionconsole.store.lists import SqliteLists
from sessionconsole.store.outbox import SqliteOutbox
from sessionconsole.store.people import SqlitePeople
from sessionconsole.store.problems import in_our_words
from sessionconsole.store.spared import SqliteSparedDevices
from sessionconsole.store.verdicts import SqliteVerdicts

if TYPE_CHECKING:
    import apsw

KEY_SIZE = 32
"""Bytes of the key."""

_SMALLEST = 512  # bytes: SQLite takes anything shorter for a new and empty file
_TRIES = 4


class SqliteStore:
    """`ports.Store` in one file, encrypted with ChaCha20-Poly1305 (SQLite3 Multiple Ciphers)."""

    def __init__(
        self, database: Database, clock: Clock, keep_days: Callable[[], int] = lambda: KEEP_DAYS
    ) -> None:
        self._database = database
        self.outbox: Outbox = SqliteOutbox(database, clock)
        self.lists: Lists = SqliteLists(database, clock, keep_days)
        self.verdicts: Verdicts = SqliteVerdicts(database)
        self.spared: SparedDevices = SqliteSparedDevices(database)
        self.devices: DeviceCache = SqliteDeviceCache(database)
        self.people: People = SqlitePeople(database)
        self.journal: Journal = SqliteJournal(database)

    async def close(self) -> None:
        """Write what is open and let go of the file; waits at most a few seconds."""
        await self._database.close()


async def open_store(
    path: Path, key: bytes, clock: Clock, keep_days: Callable[[], int] = lambda: KEEP_DAYS
) -> tuple[SqliteStore, StoreProblem | None]:
    """The store in that file, and what the user must know of it.

    key is 32 random bytes; `keep_days` says for how long earlier lists are all kept. The second value is a
    `StoreDamaged` where the file could not be read with that key: it then lies beside the new one as
    `console-damaged-<UTC time>.db`. Raises `StoreTooNew` and `StoreNotWritable`.
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
    return SqliteStore(Database(thread, connection, path), clock, keep_days), notice


async def memory_store(clock: Clock, file: Path | None = None, key: bytes = b"") -> SqliteStore:
    """A store that lasts as long as the program: for a sign-in that nothing may be kept of.

    It begins with the lists and verdicts of that file, where they can be read although nothing can be written.
    """
    thread = OwnThread("store")
    return SqliteStore(Database(thread, await thread.call(in_memory, file, key), None), clock)


def _open(path: Path, key: bytes, now: datetime) -> tuple[apsw.Connection, StoreProblem | None]:
    notice: StoreProblem | None = None
    with in_our_words():
        for _ in range(_TRIES):
            file = identity(path)
            damaged = damage_mark(path).exists()
            if file is None and side_file(path, "-wal").exists():
                damaged = True  # what was written last is there, what it belongs to is not
            if file is None and not damaged:
                begin(path, key)
                continue
            try:
                if damaged or path.stat().st_size < _SMALLEST:
                    raise StoreDamaged
                with in_our_words():
                    return connect(path, key), notice
            except StoreDamaged:
                if set_aside(path, file, now):
                    notice = StoreDamaged()
            except FileNotFoundError:
                continue  # another process set it aside between two of our lines
    raise StoreNotWritable
