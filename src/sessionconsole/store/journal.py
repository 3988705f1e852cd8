"""The journal: lines that are only ever added, and beside them the names that can be erased."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sessionconsole.domain.journal import (
    BEGINNING,
    Act,
    Head,
    Line,
    names_of,
    numbers_text,
    write_line,
)
from sessionconsole.store.database import Database

if TYPE_CHECKING:
    import apsw

_SALT = 16  # bytes


class SqliteJournal:
    """`ports.Journal`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, acts: Sequence[Act]) -> Head | None:
        """Write down what is not there yet, all or none; the last line then, None where there is none."""
        return await self._database.write(_append, acts)

    async def forget(self, platform: str, account: str, act: Act, *, signed_in: bool) -> int:
        """Erase the names of that person, and write down of which lines, together; how many those were."""
        return await self._database.write(_forget, platform, account, act, signed_in)

    async def lines(self) -> Sequence[Line]:
        """All lines in the order in which they stand."""
        return await self._database.read(_lines)

    async def known(self) -> Collection[str]:
        """What can be written down only once and is there."""
        return await self._database.read(_known)

    async def head(self) -> Head | None:
        """The last line, None where there is none."""
        return await self._database.read(_head)

    async def holds(self, head: Head) -> bool:
        """Whether that line is in the chain."""
        return await self._database.read(_holds, head)


def _append(connection: apsw.Connection, acts: Sequence[Act]) -> Head | None:
    head = _head(connection)
    for act in acts:
        if act.once is None or not _is_known(connection, act.once):
            head = _write(connection, act, head)
    return head


def _write(connection: apsw.Connection, act: Act, head: Head | None) -> Head:
    number, before = (head.number + 1, head.hash) if head else (1, BEGINNING)
    line = write_line(act, number, before, lambda: secrets.token_hex(_SALT))
    connection.execute(
        "INSERT INTO journal (number, once, text, hash) VALUES (?, ?, ?, ?)",
        (line.number, act.once, line.text, line.hash),
    )
    connection.executemany(
        "INSERT INTO journal_names (number, part, names) VALUES (?, ?, ?)",
        [(number, part, names) for part, names in (("by", line.by), ("about", line.about)) if names],
    )
    return Head(line.number, line.hash)


def _forget(connection: apsw.Connection, platform: str, account: str, act: Act, signed_in: bool) -> int:
    parts = ("about",) if signed_in else ("about", "by")
    theirs = [
        (line.number, part)
        for line in _lines(connection)
        for part in parts
        if names_of(line, part, account, platform)
    ]
    connection.executemany("DELETE FROM journal_names WHERE number = ? AND part = ?", theirs)
    numbers = {number for number, _ in theirs}
    _write(connection, replace(act, erased=numbers_text(numbers) or None), _head(connection))
    return len(numbers)


def _lines(connection: apsw.Connection) -> list[Line]:
    return list(_read(connection))


def _read(connection: apsw.Connection) -> Iterator[Line]:
    rows = connection.execute(
        "SELECT number, text, hash,"
        " (SELECT names FROM journal_names AS n WHERE n.number = j.number AND part = 'by'),"
        " (SELECT names FROM journal_names AS n WHERE n.number = j.number AND part = 'about')"
        " FROM journal AS j ORDER BY number"
    )
    for number, text, digest, by, about in rows:
        yield Line(int(number), str(text), str(digest), by, about)


def _known(connection: apsw.Connection) -> frozenset[str]:
    rows = connection.execute("SELECT once FROM journal WHERE once IS NOT NULL")
    return frozenset(str(once) for (once,) in rows)


def _is_known(connection: apsw.Connection, once: str) -> bool:
    return connection.execute("SELECT 1 FROM journal WHERE once = ?", (once,)).fetchone() is not None


def _head(connection: apsw.Connection) -> Head | None:
    for number, digest in connection.execute("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1"):
        return Head(int(number), str(digest))
    return None


def _holds(connection: apsw.Connection, head: Head) -> bool:
    found = connection.execute(
        "SELECT 1 FROM journal WHERE number = ? AND hash = ?", (head.number, head.hash)
    ).fetchone()
    return found is not None
