"""Giving orders and seeing them through within the time of one command."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import (
    RateLimited,
    ReauthenticationNeeded,
    SessionConsoleError,
    SignInNeeded,
    TryLater,
)
from sessionconsole.domain.orders import MAY_BE_WITHDRAWN, Order, OrderState
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.console import Console

_PAUSE = 1.0
"""Seconds between two tries while an answer is missing."""
_MOST_PROOFS = 3
"""Such as a password and then a code."""


class Work:
    """One command's orders; without `keep_queued` those of its own that could not be sent are taken back at the end.

    An order that was there before belongs to whoever gave it, so only what this command wrote is ever taken back.
    """

    def __init__(self, console: Console, secrets: Secrets, terminal: Terminal, *, keep_queued: bool) -> None:
        self._ending = console.ending
        self._connection = console.connection
        self._clock = console.clock
        self._secrets = secrets
        self._terminal = terminal
        self._keep_queued = keep_queued
        self._proof_given = False
        self._written: set[str] = set()

    async def order(self, handles: Sequence[Handle], *, to_send: bool) -> list[str]:
        """One order for each of these sessions; an earlier one that is still open is let go at once.

        Without `to_send` nobody sends them: a window that runs beside this command leaves held orders alone.
        """
        await self._ending.load(hold_again=False)
        if to_send:
            await self._let_go(handles)
        self._written |= {order.id for order in await self._ending.order(handles, hold=not to_send)}
        orders = [self._ending.state.value.of(handle) for handle in handles]
        return [order.id for order in orders if order is not None]

    async def _let_go(self, handles: Sequence[Handle]) -> None:
        record = self._connection.record
        for order in [self._ending.state.value.of(handle) for handle in handles]:
            if order is None or record is None or order.identity != record.identity:
                continue  # whoever gave it says yes to it, nobody else
            if order.state is OrderState.HELD:
                await self._ending.release(order.id)
            elif order.state is OrderState.QUEUED:
                await self._ending.confirm(order.id)

    async def send(self, ids: Sequence[str], seconds: float) -> SessionConsoleError | None:
        """Send and prove for at most that long; what stopped it, None where nothing did but the time."""
        deadline = self._clock.monotonic() + seconds
        while self._open(ids) and (left := deadline - self._clock.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    problem = await self._ending.work_off(only=ids, wait=left)
            except TimeoutError:
                # An order that was cut short counts as sent: the list is read before it is ever sent again.
                problem = None
            await self._ending.load(hold_again=False)
            if isinstance(problem, ReauthenticationNeeded) and not self._proof_given:
                asked_at = self._clock.monotonic()
                if (refused := await self._prove(problem)) is not None:
                    return refused
                deadline += self._clock.monotonic() - asked_at
                continue
            pause = self._pause(ids, problem)
            if problem is not None and (pause is None or pause >= deadline - self._clock.monotonic()):
                return problem
            if pause is not None and self._open(ids):
                await self._clock.sleep(pause)
        return None

    async def leave(self, ids: Sequence[str], problem: SessionConsoleError | None) -> list[Order]:
        """The orders as this command leaves them behind."""
        if not (self._keep_queued and isinstance(problem, TryLater)):
            waiting = [order.id for order in self._orders(ids) if order.state in MAY_BE_WITHDRAWN]
            await self._ending.take_back([order_id for order_id in waiting if order_id in self._written])
        return self._orders(ids)

    async def _prove(self, asked: ReauthenticationNeeded) -> SessionConsoleError | None:
        self._proof_given = True
        for _ in range(_MOST_PROOFS):
            if self._terminal.interactive:
                self._terminal.say(asked.message)
            proof = self._secrets.proof(asked.methods)
            if proof is None:
                return asked
            try:
                await self._ending.reauthenticate(*proof)
            except ReauthenticationNeeded as more:
                asked = more
            except (SignInNeeded, TryLater) as refused:
                return refused
            else:
                return None
        return asked

    def _pause(self, ids: Sequence[str], problem: SessionConsoleError | None) -> float | None:
        """Seconds until it is worth another try within this command; None where it is not."""
        if isinstance(problem, RateLimited):
            return max(_PAUSE, problem.retry_after or 0.0)
        if problem is None:
            return _PAUSE  # another process has it in hand
        sent = any(order.state in (OrderState.SENT, OrderState.UNKNOWN) for order in self._orders(ids))
        return _PAUSE if sent and isinstance(problem, TryLater) else None

    def _open(self, ids: Sequence[str]) -> bool:
        return any(order.is_open for order in self._orders(ids))

    def _orders(self, ids: Sequence[str]) -> list[Order]:
        orders = self._ending.state.value.orders
        return [orders[order_id] for order_id in ids if order_id in orders]
