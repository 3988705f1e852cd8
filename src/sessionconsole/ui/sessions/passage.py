"""How the table on screen becomes the next one: pure, so that it can be prepared off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sessionconsole.domain.sessions import Handle
from sessionconsole.ui.sessions.columns import Col, group
from sessionconsole.ui.sessions.columns_build import Table
from sessionconsole.ui.sessions.transition import Transition, in_known_order, rearrangement, transition


@dataclass(frozen=True, slots=True)
class Wish:
    """How the user wants the rows: sorted by what, and only those with every word and through all filters.

    While `held_still`, a refresh moves no row that is shown.
    """

    column: Col = Col.MARK
    descending: bool = False
    text: str = ""
    filters: frozenset[str] = frozenset()
    held_still: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """What a table shows, from top to bottom."""

    table: Table = Table()
    wish: Wish = Wish()
    visible: tuple[Handle, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """From `start` to `end`: it may be followed only while the table still shows `start` itself.

    `steps` is None where the same rows stay in the same order; `changed` are the rows of `end` that say something
    else than before, None where all do.
    """

    start: Showing
    end: Showing
    steps: Transition | None
    changed: Sequence[int] | None


def passage(
    start: Showing, table: Table | None = None, wish: Wish | None = None, *, held: bool | None = None
) -> Passage:
    """The way to another table or another wish; None is the same one.

    `held` says whether rows that are shown keep their places; without it the wish does.
    """
    table, wish = table or start.table, wish or start.wish
    visible = _wanted(table, wish)
    if wish.held_still if held is None else held:
        visible = in_known_order(visible, _unmoved(start, table))
    end = Showing(table, wish, visible)
    return Passage(start, end, _steps(start, end), _changed(start.table, end))


def _wanted(table: Table, wish: Wish) -> tuple[Handle, ...]:
    rows: Iterable[int] = table.sorted(wish.column, descending=wish.descending)
    matching = table.matching(wish.text)
    if matching is not None:
        rows = [row for row in rows if row in matching]
    if wish.filters:
        rows = [row for row in rows if wish.filters <= table.passed[row]]
    handles = table.handles
    return tuple([handles[row] for row in rows])


def _unmoved(start: Showing, table: Table) -> Sequence[Handle]:
    """What was shown, but for what wants more or less of a look now."""
    if table is start.table:
        return start.visible
    before, after, was_at, is_at = start.table.rows, table.rows, start.table.place_of, table.place_of
    return [
        handle
        for handle in start.visible
        if (place := is_at.get(handle)) is not None
        and ((old := before[was_at[handle]]) is (new := after[place]) or group(old) == group(new))
    ]


def _steps(start: Showing, end: Showing) -> Transition | None:
    if start.visible == end.visible:
        return None
    asked, now = start.wish, end.wish
    if start.table is end.table and (asked.text, asked.filters) == (now.text, now.filters):
        return rearrangement(start.visible, end.visible)
    return transition(start.visible, end.visible)


def _changed(before: Table, end: Showing) -> Sequence[int] | None:
    after = end.table
    if before is after:
        return ()
    if (before.about, before.offline, before.zone) != (after.about, after.offline, after.zone):
        return None
    rows, was_at, is_at = before.rows, before.place_of, after.place_of
    return [
        row
        for row, handle in enumerate(end.visible)
        if (place := was_at.get(handle)) is not None
        and (old := rows[place]) is not (new := after.rows[is_at[handle]])
        and old != new
    ]
