"""How far many orders have come: counted from what the outbox tells, and put into words. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sessionconsole.domain.orders import GONE, MAY_BE_WITHDRAWN, Order, OrderState, Outcome
from sessionconsole.services.states import OrdersState

_SAID = {
    Outcome.PROVED_GONE: "proved gone",
    Outcome.ALREADY_GONE: "gone already",
    Outcome.GONE_LINGERING: "gone from the list, may still work for a while",
    Outcome.HIDDEN_ONLY: "only hidden",
    Outcome.STILL_LISTED: "still listed",
    Outcome.REFUSED: "refused",
    Outcome.UNKNOWN: "not known yet",
    Outcome.WITHDRAWN: "taken back",
}
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Of `total` orders: `held`, `waiting` to be sent, `under_way`, and what became of the others."""

    total: int = 0
    held: int = 0
    waiting: int = 0
    under_way: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    seconds_left: int | None = None
    is_newest: bool = False
    """Whether nothing was ordered by itself after it, and can still be taken back."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to any of them."""
        return not (self.held or self.waiting or self.under_way)

    @property
    def meant(self) -> int:
        """How many were not taken back."""
        return self.total - self.outcomes.get(Outcome.WITHDRAWN, 0)

    @property
    def sent(self) -> int:
        """How many went out."""
        return self.meant - self.held - self.waiting

    @property
    def gone(self) -> int:
        """How many were seen to be gone."""
        return sum(self.outcomes.get(outcome, 0) for outcome in GONE)

    @property
    def settled(self) -> int:
        """How many were sent and have an outcome."""
        return self.sent - self.under_way

    @property
    def share(self) -> float:
        """How much is done, 0 to 1: half of the way is the sending, half the proof."""
        return (self.sent + self.settled) / (2 * self.meant) if self.meant else 1.0

    @property
    def not_gone(self) -> int:
        """How many were not seen to be gone, now that it is over."""
        return self.total - self.gone


def progress(ids: Collection[str], state: OrdersState, monotonic: float) -> Progress:
    """How far these orders have come; `monotonic` is the clock's, in seconds."""
    known = [order for order_id in ids if (order := state.orders.get(order_id)) is not None]
    states = Counter(order.state for order in known)
    closed = (order for order in known if not order.is_open)
    outcomes = Counter(order.outcome or Outcome.UNKNOWN for order in closed)
    due = [at for order in known if order.state is OrderState.HELD and (at := state.due.get(order.id))]
    return Progress(
        total=len(known),
        held=states[OrderState.HELD],
        waiting=states[OrderState.QUEUED],
        under_way=states[OrderState.SENT] + states[OrderState.UNKNOWN],
        outcomes=outcomes,
        seconds_left=max(0, math.ceil(max(due) - monotonic)) if due else None,
        is_newest=_is_newest(ids, state),
    )


def _is_newest(ids: Collection[str], state: OrdersState) -> bool:
    held = [order for order in state.orders.values() if order.state is OrderState.HELD]
    return bool(held) and max(held, key=lambda order: order.ordered_at).id in ids


def may_be_taken_back(ids: Collection[str], state: OrdersState) -> list[str]:
    """Those that were not sent yet."""
    known = (state.orders.get(order_id) for order_id in ids)
    return [order.id for order in known if order is not None and order.state in MAY_BE_WITHDRAWN]


def did_not_go(ids: Collection[str], state: OrdersState) -> list[Order]:
    """Those whose session was not seen to be gone, what can be done again first."""
    known = (state.orders.get(order_id) for order_id in ids)
    left = [order for order in known if order is not None and order.outcome not in GONE]
    return sorted(left, key=lambda order: (order.state is OrderState.WITHDRAWN, order.facts.person.shown))


def holding_words(done: Progress) -> str:
    """While all of it can be taken back."""
    seconds = done.seconds_left
    when = "" if seconds is None else f", in {seconds} {'second' if seconds == 1 else 'seconds'}"
    return f"Ending {done.held:,} sessions{when}"


def going_words(done: Progress, *, waits: bool = False) -> str:
    """While it goes on; `waits` where nothing can be sent now."""
    refused = done.outcomes.get(Outcome.REFUSED, 0)
    but = f"; {refused:,} refused" if refused else ""
    if done.waiting and waits:
        return f"{done.waiting:,} of {done.meant:,} are not sent yet{but}"
    if done.waiting:
        return f"Ending {done.sent:,} of {done.meant:,}{but}"
    return f"{done.sent:,} sent, {done.gone:,} seen to be gone so far{but}. The list is being read"


def going_spoken(done: Progress, *, waits: bool = False) -> str:
    """The same for the ear: news four times on the way, not with every number."""
    if done.waiting and waits:
        return f"{done.meant:,} sessions: some are not sent yet"
    if done.waiting:
        quarters = 4 * done.sent // done.meant
        return f"Ending {done.meant:,} sessions" + (f", {25 * quarters} percent sent" if quarters else "")
    return f"{done.sent:,} sent. The list is being read"


def summary(done: Progress) -> str:
    """What was seen of them in the end, and never more."""
    if done.total and done.outcomes.get(Outcome.WITHDRAWN, 0) == done.total:
        return f"Taken back: {done.total:,} sessions stay as they are."
    parts = [f"{count:,} {words}" for how, words in _SAID.items() if (count := done.outcomes.get(how, 0))]
    return f"{', '.join(parts)}."
