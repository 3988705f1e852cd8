"""Frees a long list that is not shown any more without anybody waiting for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns_build import Table

_SLICE = 1000


def let_go(last: list[Table | Sequence[Row]]) -> None:
    """Free what is in `last`, which should have the only references to it; runs off the GUI thread.

    Dropping the last reference to 100,000 sessions frees them all in one go, on whichever thread, and meanwhile no
    other thread can run. So each part is taken over by a list of its own, which is then cut short slice by slice.
    """
    parts = [part for each in last for part in _parts(each)]
    last.clear()
    while parts:
        rest = list(parts.pop())
        while rest:
            del rest[-_SLICE:]


def _parts(each: Table | Sequence[Row]) -> Iterator[Collection[object]]:
    if not isinstance(each, Table):
        yield each
        return
    yield from (each.rows, each.handles, each.place_of.values(), each.default_order, each.passed)
    for column in each.columns:
        yield from (column.codes, column.ranks, column.needles)
    yield from each.orders.values()
