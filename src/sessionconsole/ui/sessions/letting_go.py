"""Frees a long list that is not shown any more without anybody waiting for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sessionconsole.services.off_the_loop import free
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns_build import Table


def let_go(last: list[Table | Sequence[Row]]) -> None:
    """Free what is in `last`, which should have the only references to it; runs off the GUI thread.

    Dropping the last reference to a table of 100,000 sessions frees them all in one go, on whichever thread, and
    meanwhile no other thread can run. So it is taken apart before its parts are freed slice by slice.
    """
    parts = [part for each in last for part in _parts(each)]
    last.clear()
    free(parts)


def _parts(each: Table | Sequence[Row]) -> Iterator[Collection[object]]:
    if not isinstance(each, Table):
        yield each
        return
    yield from (each.rows, each.handles, each.place_of.values(), each.default_order, each.passed)
    for column in each.columns:
        yield from (column.codes, column.ranks, column.needles)
    yield from each.orders.values()
