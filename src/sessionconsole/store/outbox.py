"""The orders, each on the disk before the call returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sessionconsole.domain.orders import KEEP_SETTLED, Order, OrderState
from sessionconsole.services.ports import Clock
from sessionconsole.store.codec import from_text, to_text
from sessionconsole.store.database import Database

if TYPE_CHECKING:
    import apsw

_REMOVED_AFTER = KEEP_SETTLED + timedelta(days=30)
"""Longer than they are listed, so that a clock that ran ahead for a day costs nothing."""


class SqliteOutbox:
    """`ports.Outbox`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, *orders: Order) -> None:
        """Write new orders, all or none; raises ValueError where one of such an id is there already."""
        removed_before = (self._clock.now() - _REMOVED_AFTER).timestamp()
        known = await self._database.write(_add, [(o, self._closed_at(o)) for o in orders], removed_before)
        if known:
            raise ValueError(f"order {known} is in the outbox already")

    async def change(self, order: Order, *, expected: OrderState) -> bool:
        """Replace the stored order of that id if its state is still `expected`; False where it was not."""
        return await self._database.write(_change, order, self._closed_at(order), expected)

    async def change_all(self, orders: Sequence[Order], *, expected: OrderState) -> Sequence[Order]:
        """The same for many at once, with one write to the disk; those of them that were replaced."""
        closed = [(order, self._closed_at(order)) for order in orders]
        changed = await self._database.write(_change_all, closed, expected)
        return [order for order in orders if order.id in changed]

    async def orders(self) -> Sequence[Order]:
        """All open orders and those settled or withdrawn in the last 30 days, oldest first."""
        since = (self._clock.now() - KEEP_SETTLED).timestamp()
        return await self._database.read(_orders, since)

    async def revision(self) -> int:
        """A number that differs when anybody, also another process, changed the file since the last call."""
        return await self._database.read(_revision)

    def _closed_at(self, order: Order) -> float | None:
        return None if order.is_open else (order.settled_at or self._clock.now()).timestamp()


def _add(
    connection: apsw.Connection, orders: Sequence[tuple[Order, float | None]], removed_before: float
) -> str | None:
    connection.execute("DELETE FROM orders WHERE closed_at < ?", (removed_before,))
    for order, _ in orders:
        if connection.execute("SELECT 1 FROM orders WHERE id = ?", (order.id,)).fetchone() is not None:
            return order.id
    connection.executemany(
        "INSERT INTO orders (id, state, closed_at, body) VALUES (?, ?, ?, ?)",
        [(order.id, str(order.state), closed_at, to_text(order)) for order, closed_at in orders],
    )
    return None


def _change(connection: apsw.Connection, order: Order, closed_at: float | None, expected: OrderState) -> bool:
    connection.execute(
        "UPDATE orders SET state = ?, closed_at = ?, body = ? WHERE id = ? AND state = ?",
        (str(order.state), closed_at, to_text(order), order.id, str(expected)),
    )
    return connection.changes() == 1


def _change_all(
    connection: apsw.Connection, orders: Sequence[tuple[Order, float | None]], expected: OrderState
) -> frozenset[str]:
    return frozenset(order.id for order, closed in orders if _change(connection, order, closed, expected))


def _orders(connection: apsw.Connection, since: float) -> list[Order]:
    rows = connection.execute(
        "SELECT body FROM orders WHERE closed_at IS NULL OR closed_at >= ? ORDER BY number", (since,)
    )
    return [from_text(Order, str(body)) for (body,) in rows]


def _revision(connection: apsw.Connection) -> int:
    # data_version tells of others only, total_changes of this connection only; both only ever grow.
    others = connection.pragma("data_version")
    assert isinstance(others, int)
    return (others << 32) + connection.total_changes()
