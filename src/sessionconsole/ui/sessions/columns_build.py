"""Prepares a list for the table: sorted and searched values, column by column; runs off the GUI thread."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import chain
from typing import Any

from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import COLUMNS, Col, Column, Value, fold

MISSING = -1
_NONE: frozenset[str] = frozenset()

_PIECE = 5000

SHORT = 5000
"""Rows of which a column is prepared within a few milliseconds, so that it can wait until somebody asks for it."""

_FEW = 4
"""So many times more rows than distinct values make a column one of few values."""


@dataclass(frozen=True, slots=True)
class ColumnData:
    """One column of all rows: `codes[row]` is an index into `ranks` and `needles`, both per distinct value.

    `ranks` are 0, 1, 2, ... in ascending order, MISSING for what is not provided; `needles` are folded search texts,
    empty where the column is not searched.
    """

    codes: Sequence[int]
    ranks: Sequence[int]
    needles: Sequence[str]


class Columns:
    """The columns of some rows, each prepared when it is first sorted by or searched."""

    def __init__(self, rows: tuple[Row, ...] = (), about: PlatformAbout | None = None) -> None:
        self._rows, self._about = rows, about
        self._ready: dict[Col, ColumnData] = {}

    def __getitem__(self, column: Col) -> ColumnData:
        ready = self._ready.get(column)
        if ready is None:
            ready = self._ready[column] = _column(COLUMNS[column], self._rows, self._about)
        return ready

    def __iter__(self) -> Iterator[ColumnData]:
        """Those that are prepared."""
        return iter(tuple(self._ready.values()))

    def searched(self) -> Iterator[ColumnData]:
        """Those that a search looks into."""
        return (self[column.id] for column in COLUMNS if column.search)

    def prepare(self) -> None:
        """Prepare them all, for a list so long that nobody should wait for one of them."""
        for column in COLUMNS:
            self[column.id]


@dataclass(frozen=True, slots=True)
class Table:
    """A prepared list: handles are unique, `place_of` says where each stands in `rows`.

    `passed` has for each row the names of the filters that leave it.
    """

    rows: tuple[Row, ...] = ()
    about: PlatformAbout | None = None
    zone: tzinfo | None = None
    offline: bool = False
    as_of: datetime | None = None
    handles: tuple[Handle, ...] = ()
    place_of: dict[Handle, int] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns, compare=False, repr=False)
    default_order: Sequence[int] = ()
    passed: Sequence[frozenset[str]] = ()
    orders: dict[tuple[Col, bool], list[int]] = field(default_factory=dict, compare=False, repr=False)
    """What `sorted` gave before, by column and whether descending: a search must not sort anew."""

    def sorted(self, column: Col, *, descending: bool = False) -> list[int]:
        """The rows in the order of a column; ties as in "needs a look first", what is not provided always last."""
        if not self.rows:
            return []
        known = self.orders.get((column, descending))
        if known is None:
            known = self.orders[column, descending] = self._sort(self.columns[column], descending)
        return known

    def _sort(self, data: ColumnData, descending: bool) -> list[int]:
        ranks, codes = data.ranks, data.codes
        if len(ranks) * _FEW < len(codes):
            # Many rows say the same: laying them on heaps takes a third of the time of sorting them.
            heaps: list[list[int]] = [[] for _ in range(len(ranks) + 1)]
            heap_of = [heaps[rank] for rank in ranks]  # MISSING is the last one
            for row in self.default_order:
                heap_of[codes[row]].append(row)
            told = heaps[-2::-1] if descending else heaps[:-1]
            return list(chain.from_iterable((*told, heaps[-1])))
        rank_of = [ranks[code] for code in codes]
        ordered = sorted(self.default_order, key=rank_of.__getitem__, reverse=descending)
        untold = rank_of.count(MISSING)
        if untold and not descending:
            return ordered[untold:] + ordered[:untold]
        return ordered

    def matching(self, text: str) -> set[int] | None:
        """The rows that have every word of the text in some column; None where the text is empty, so all match."""
        found: set[int] | None = None
        for word in fold(text).split():
            hits = self._holding(word)
            found = hits if found is None else found & hits
        return found

    def _holding(self, word: str) -> set[int]:
        hits: set[int] = set()
        for data in self.columns.searched():
            matches = {code for code, needle in enumerate(data.needles) if word in needle}
            if matches:
                hits.update(row for row, code in enumerate(data.codes) if code in matches)
        return hits


def build(
    rows: Sequence[Row],
    about: PlatformAbout | None,
    zone: tzinfo,
    *,
    offline: bool = False,
    as_of: datetime | None = None,
    before: Table | None = None,
    order: tuple[Col, bool] = (Col.MARK, False),
    passes: Callable[[Row], frozenset[str]] = lambda _row: _NONE,
) -> Table:
    """Prepare the rows; of two rows with the same handle the first one is kept.

    Rows that say the same as in the table `before` are its very objects, so that whoever compares the two later is
    quick. `order` is the column that the table will be sorted by, and whether it is descending; `passes` names the
    filters that leave a row.

    `zone` is the zone of the reviewing computer; `offline` where the list is an old one, last vouched for at `as_of`.
    """
    unique: dict[Handle, Row] = {}
    for row in rows:
        unique.setdefault(row.session.handle, row)
    kept = tuple(unique.values() if before is None else _with_known(unique, before))
    handles = tuple(unique)
    columns = Columns(kept, about)
    if len(kept) > SHORT:
        columns.prepare()
    table = Table(
        rows=kept,
        about=about,
        zone=zone,
        offline=offline,
        as_of=as_of,
        handles=handles,
        place_of={handle: place for place, handle in enumerate(handles)},
        columns=columns,
        default_order=_default_order(columns[Col.MARK]),
        passed=_passed(kept, passes),
    )
    table.sorted(order[0], descending=order[1])
    return table


def _with_known(unique: dict[Handle, Row], before: Table) -> Iterator[Row]:
    for handle, row in unique.items():
        place = before.place_of.get(handle)
        known = row if place is None else before.rows[place]
        yield known if known == row else row


def _passed(rows: Sequence[Row], passes: Callable[[Row], frozenset[str]]) -> Sequence[frozenset[str]]:
    few: dict[frozenset[str], frozenset[str]] = {}  # one object for all rows with the same filters
    return [few.setdefault(names, names) for names in map(passes, rows)]


def _default_order(mark: ColumnData) -> list[int]:
    return sorted(range(len(mark.codes)), key=lambda row: mark.ranks[mark.codes[row]])


def _column(column: Column, rows: tuple[Row, ...], about: PlatformAbout | None) -> ColumnData:
    code_of: dict[Value, int] = {}
    codes = [code_of.setdefault(column.value(row, about), len(code_of)) for row in rows]
    distinct = list(code_of)
    ranks = [MISSING] * len(distinct)
    told = [(column.key(value), code) for code, value in enumerate(distinct) if value is not None]
    rank, before = MISSING, None
    for key, code in _in_order(told):
        if key != before:
            rank, before = rank + 1, key
        ranks[code] = rank
    needles = (
        [column.search(value) if value is not None else "" for value in distinct] if column.search else []
    )
    return ColumnData(codes, ranks, needles)


def _in_order(items: list[Any]) -> Iterator[Any]:
    """The items from the least to the greatest, each let go of as it goes; the list is emptied.

    One sort of 100,000 tuples lets no other thread run for 50 to 130 ms, even where it only merges pieces, and freeing
    them for 20 more.
    """
    pieces = [sorted(items[start : start + _PIECE], reverse=True) for start in range(0, len(items), _PIECE)]
    items.clear()
    return heapq.merge(*map(_used_up, pieces))


def _used_up(piece: list[Any]) -> Iterator[Any]:
    while piece:
        yield piece.pop()
