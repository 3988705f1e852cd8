"""Looking once more at what was proved gone: a session that came back is an alarm, never silently "ended"."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from sessionconsole.domain.credentials import Identity
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import GONE, Order, OrderState
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.services import order_steps as steps
from sessionconsole.services.ports import Clock, Outbox
from sessionconsole.services.states import Link, ListState, OrdersState, Presence
from sessionconsole.services.watching import Watching

LOOK_ONCE_MORE = timedelta(minutes=5)
"""So long after a proof the list is looked at once more."""

LAGGING = timedelta(seconds=30)
"""A list this much newer than the proof that has the session again is believed: no copy of a list is so far behind."""


class Returning:
    """Compares every later list with what was proved gone, and asks for one where none came by itself.

    Nothing is remembered but the proof itself, so a restart forgets nothing: the first list after it is the look.
    """

    def __init__(self, outbox: Outbox, watching: Watching, clock: Clock) -> None:
        self._outbox = outbox
        self._watching = watching
        self._clock = clock
        self._compared_at: datetime | None = None

    async def look(self, state: OrdersState, identity: Identity) -> Sequence[Order]:
        """The orders whose session came back; raises `StoreNotWritable`.

        While the platform cannot be reached nothing is asked: the first list afterwards is the look.
        """
        proved = [
            (order, order.settled_at)
            for order in state.orders.values()
            if _is_proved(order, state, identity) and order.settled_at is not None
        ]
        shown = self._watching.state.value
        if not proved or shown.link is not Link.LIVE or shown.taken_at is None:
            return ()
        now = self._clock.now()
        if any(shown.taken_at < settled_at + LOOK_ONCE_MORE <= now for _, settled_at in proved):
            try:
                await self._watching.read_now()
            except SessionConsoleError:
                # Tried again at the pace of a platform that cannot be reached, not at that of a quiet list.
                self._watching.wake()
                return ()
        return await self._compare(proved, self._watching.state.value)

    async def _compare(self, proved: Sequence[tuple[Order, datetime]], shown: ListState) -> Sequence[Order]:
        taken_at = shown.taken_at
        if shown.link is not Link.LIVE or taken_at is None or taken_at == self._compared_at:
            return ()
        listed = _listed(shown, {order.handle for order, _ in proved})
        back = [
            steps.came_back(order, taken_at)
            for order, settled_at in proved
            if taken_at > settled_at + LAGGING and _is_listed(order, listed)
        ]
        written = await self._outbox.change_all(back, expected=OrderState.SETTLED) if back else ()
        self._compared_at = taken_at
        if written:
            # Their rows are alarms now.
            self._watching.wake()
        return written


def _is_proved(order: Order, state: OrdersState, identity: Identity) -> bool:
    """Whether it was proved gone under this sign-in, and nobody ordered anything for that session since."""
    return (
        order.state is OrderState.SETTLED
        and order.outcome in GONE
        and order.identity == identity
        and state.of(order.handle) is order
    )


def _listed(shown: ListState, wanted: Set[Handle]) -> dict[Handle, LoginSession]:
    """Those of the wanted ones that are there; of a hundred thousand rows nothing else is touched."""
    rows = (row for row in shown.rows if row.session.handle in wanted)
    return {row.session.handle: row.session for row in rows if row.presence is not Presence.DEPARTED}


def _is_listed(order: Order, listed: dict[Handle, LoginSession]) -> bool:
    """Whether that very session is there; this console's own is not, it has just signed in again."""
    session = listed.get(order.handle)
    return session is not None and not session.is_current and order.facts.match(session)
