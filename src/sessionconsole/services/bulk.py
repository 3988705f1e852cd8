"""Which rows of the list a wish to end many is about: the pure rules of `domain.bulk`, given what is on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sessionconsole.domain.bulk import Bulk, Candidate, Wish, choose, still_meant
from sessionconsole.domain.orders import SessionFacts
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import ListState, OrdersState, Presence, Row


def candidates(rows: Iterable[Row], orders: OrdersState) -> list[Candidate]:
    """The rows as the rules want them."""
    return [
        Candidate(
            session=row.session,
            spared=row.spared,
            ending=(order := orders.of(row.session.handle)) is not None and order.is_open,
            listed=row.presence is not Presence.DEPARTED,
        )
        for row in rows
    ]


def chosen(state: ListState, orders: OrdersState, wish: Wish, own_account: str) -> Bulk:
    """What the wish comes to on the list as it is now; nothing where there is no list. Slow with thousands of rows."""
    if state.taken_at is None:
        return Bulk()
    rows = candidates(state.rows, orders)
    return choose(rows, wish, state.taken_at, own_account=own_account, may_end=state.may_end)


def agreed(
    seen: Bulk, state: ListState, orders: OrdersState, wish: Wish, own_account: str
) -> Sequence[Handle]:
    """Of what was seen and agreed to, what would still be ended, and is still the session that was seen."""
    listed = {row.session.handle: row.session for row in state.rows}
    same = {
        row.session.handle
        for row in seen.to_end
        if (session := listed.get(row.session.handle)) is not None
        and SessionFacts.of(row.session).match(session)
    }
    return still_meant(seen, chosen(state, orders, wish, own_account), same)
