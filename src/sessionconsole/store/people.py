"""Whose data is stored, and removing what is stored of one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.domain.orders import Order
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.sessions import Handle, Person, Snapshot
from sessionconsole.domain.sparing import SparedDevice
from sessionconsole.store.codec import from_blob, from_text, to_blob
from sessionconsole.store.database import Database
from sessionconsole.store.thinning import seen_on

if TYPE_CHECKING:
    import apsw

_AT_ONCE = 50
"""Lists in one transaction: another process waits for it."""


@dataclass(frozen=True, slots=True)
class _Whom:
    platform: str
    account: str
    signed_in: bool


@dataclass(slots=True)
class _Found:
    """What lists and orders said of the person, and which sessions are left of others."""

    lists: int = 0
    handles: set[Handle] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    left: set[Handle] = field(default_factory=set)


class SqlitePeople:
    """`ports.People`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stored(self) -> Mapping[str, Collection[Person]]:
        """Everybody who is in a list or an order, or whose device is spared, by platform."""
        return await self._database.read(_stored)

    async def forget(self, platform: str, account: str, *, signed_in: bool) -> Forgotten:
        """Remove the person; the bytes are gone from the file when this returns.

        Broken off in between, what is left is found by the next call. Raises `StoreNotWritable`.
        """
        whom, found = _Whom(platform, account, signed_in), _Found()
        numbers = await self._database.read(_numbers, platform)
        for first in range(0, len(numbers), _AT_ONCE):
            await self._database.write(_forget_earlier, whom, numbers[first : first + _AT_ONCE], found)
        forgotten = await self._database.write(_forget_the_rest, whom, found)
        with suppress(StoreNotWritable):  # no room for a copy: what was removed is overwritten all the same
            await self._database.read(_rewrite)
        await self._database.read(_empty_the_log)
        return forgotten


def _stored(connection: apsw.Connection) -> dict[str, set[Person]]:
    people: dict[str, set[Person]] = {}
    for (body,) in connection.execute("SELECT body FROM newest UNION ALL SELECT body FROM earlier"):
        snapshot = from_blob(Snapshot, body)
        people.setdefault(snapshot.platform, set()).update(each.person for each in snapshot.sessions)
    for order in _orders(connection):
        people.setdefault(order.platform, set()).add(order.facts.person)
    for mark in _marks(connection):
        known = people.setdefault(mark.platform, set())
        if all(person.account != mark.account for person in known):
            known.add(Person(mark.account))
    return people


def _orders(connection: apsw.Connection) -> Iterator[Order]:
    rows: list[Any] = connection.execute("SELECT body FROM orders").fetchall()
    return (from_text(Order, body) for (body,) in rows)


def _marks(connection: apsw.Connection) -> list[SparedDevice]:
    rows: list[Any] = connection.execute("SELECT body FROM spared").fetchall()
    return [from_text(SparedDevice, body) for (body,) in rows]


def _numbers(connection: apsw.Connection, platform: str) -> list[int]:
    rows = connection.execute("SELECT number FROM earlier WHERE platform = ? ORDER BY number", (platform,))
    return [int(number) for (number,) in rows]


def _forget_earlier(connection: apsw.Connection, whom: _Whom, numbers: Sequence[int], found: _Found) -> None:
    for number in numbers:
        rows: list[Any] = connection.execute(
            "SELECT body FROM earlier WHERE number = ?", (number,)
        ).fetchall()
        for (body,) in rows:
            before = from_blob(Snapshot, body)
            after = _without(before, whom, found)
            if not after.sessions and before.sessions:
                connection.execute("DELETE FROM earlier WHERE number = ?", (number,))
            elif after != before:
                connection.execute(
                    "UPDATE earlier SET seen = ?, body = ? WHERE number = ?",
                    (seen_on(after), to_blob(after), number),
                )


def _forget_the_rest(connection: apsw.Connection, whom: _Whom, found: _Found) -> Forgotten:
    _forget_newest(connection, whom, found)
    orders, waiting = _forget_orders(connection, whom, found)
    verdicts = _forget_verdicts(connection, whom, found)
    _forget_spared(connection, whom)
    connection.executemany(
        "DELETE FROM devices WHERE user_agent = ?", [(json.dumps(agent),) for agent in found.agents]
    )
    return Forgotten(found.lists, orders, verdicts, waiting)


def _forget_newest(connection: apsw.Connection, whom: _Whom, found: _Found) -> None:
    rows: list[Any] = connection.execute(
        "SELECT about, taken_at, body FROM newest WHERE platform = ?", (whom.platform,)
    ).fetchall()
    for about, taken_at, body in rows:
        before = from_blob(Snapshot, body)
        after = _without(before, whom, found)
        if after != before:
            # Replaced, not changed: what was thought of the old list goes with it.
            connection.execute(
                "INSERT OR REPLACE INTO newest (platform, about, taken_at, seen, body) VALUES (?, ?, ?, ?, ?)",
                (whom.platform, about, taken_at, seen_on(after), to_blob(after)),
            )


def _without(snapshot: Snapshot, whom: _Whom, found: _Found) -> Snapshot:
    theirs = [each for each in snapshot.sessions if each.person.account == whom.account]
    others = tuple(each for each in snapshot.sessions if each.person.account != whom.account)
    found.lists += bool(theirs)
    found.handles.update(each.handle for each in theirs)
    found.agents.update(each.user_agent for each in theirs if each.user_agent)
    found.left.update(each.handle for each in others)
    reader = "" if snapshot.account == whom.account and not whom.signed_in else snapshot.account
    return replace(snapshot, account=reader, sessions=others)


def _forget_orders(connection: apsw.Connection, whom: _Whom, found: _Found) -> tuple[int, int]:
    """How many were removed, and how many still wait."""
    removed = waiting = 0
    for order in _orders(connection):
        about_them = order.facts.person.account == whom.account
        by_them = order.account == whom.account and not whom.signed_in
        if order.platform != whom.platform or not (about_them or by_them):
            continue
        if order.is_open:
            waiting += 1
            continue
        removed += 1
        if about_them:
            found.handles.add(order.handle)
            found.agents.update({order.facts.user_agent} - {None})  # type: ignore[arg-type]
        connection.execute("DELETE FROM orders WHERE id = ?", (order.id,))
    return removed, waiting


def _forget_verdicts(connection: apsw.Connection, whom: _Whom, found: _Found) -> int:
    """Those of their sessions, and those of sessions that nobody can tell any more whose they were."""
    rows: list[Any] = connection.execute("SELECT handle FROM verdicts").fetchall()
    said = {Handle(handle) for (handle,) in rows if str(handle).startswith(f"{whom.platform}:")}
    gone = {handle for handle in said if handle in found.handles or handle not in found.left}
    connection.executemany("DELETE FROM verdicts WHERE handle = ?", [(handle,) for handle in gone])
    return len(gone & found.handles)


def _forget_spared(connection: apsw.Connection, whom: _Whom) -> None:
    theirs = [
        mark for mark in _marks(connection) if (mark.platform, mark.account) == (whom.platform, whom.account)
    ]
    connection.executemany("DELETE FROM spared WHERE handle = ?", [(mark.handle,) for mark in theirs])


def _rewrite(connection: apsw.Connection) -> None:
    connection.execute("VACUUM")


def _empty_the_log(connection: apsw.Connection) -> None:
    """Bring the write-ahead log into the file and cut it off, so that no earlier page lies in it."""
    connection.pragma("wal_checkpoint", "truncate")
