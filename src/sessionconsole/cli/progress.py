"""Telling how far many orders have come, while a command waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.orders import GONE, OrderState, Outcome
from sessionconsole.services.console import Console
from sessionconsole.services.states import OrdersState

FEW = 20
"""So many orders are done before anybody wonders."""

STEPS = 10
"""Lines that are told on the way, at most, of the sending and of the proof each."""


@contextmanager
def telling_progress(console: Console, terminal: Terminal, ids: Sequence[str]) -> Iterator[None]:
    """Tell on standard error how many were sent and how many are gone, where they are more than a few."""
    if len(ids) <= FEW:
        yield
        return
    stop = console.ending.state.subscribe(_Teller(terminal, ids).hear)
    try:
        yield
    finally:
        stop()


class _Teller:
    def __init__(self, terminal: Terminal, ids: Sequence[str]) -> None:
        self._terminal, self._ids = terminal, ids
        self._told = (0, 0)

    def hear(self, state: OrdersState) -> None:
        orders = [order for order_id in self._ids if (order := state.orders.get(order_id)) is not None]
        waiting = sum(order.state in (OrderState.HELD, OrderState.QUEUED) for order in orders)
        outcomes = Counter(order.outcome for order in orders if not order.is_open)
        sent = len(orders) - waiting - outcomes[Outcome.WITHDRAWN]
        gone = sum(outcomes[outcome] for outcome in GONE)
        steps = STEPS * sent // len(self._ids), STEPS * gone // len(self._ids)
        if steps == self._told:
            return
        self._told = steps
        refused = f"; {outcomes[Outcome.REFUSED]:,} refused" if outcomes[Outcome.REFUSED] else ""
        of = f"{len(self._ids):,}"
        told = f"{gone:,} of {of} seen to be gone" if gone else f"{sent:,} of {of} sent"
        self._terminal.say(f"{told}{refused}")
