"""Orders to end sessions: a click is an order, and only Undo or Withdraw takes it back."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sessionconsole.domain.credentials import FactorMethod, SignInRecord
from sessionconsole.domain.errors import (
    RateLimited,
    ReauthenticationNeeded,
    SessionConsoleError,
    SignInNeeded,
    StoreProblem,
)
from sessionconsole.domain.orders import GONE, MAY_BE_WITHDRAWN, Order, OrderState, Outcome, SessionFacts
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.services.connection import Connection
from sessionconsole.services.observable import Observable
from sessionconsole.services.ports import Clock, Locks, Outbox
from sessionconsole.services.returning import Returning
from sessionconsole.services.sending import Sender
from sessionconsole.services.states import OrdersState
from sessionconsole.services.waiting import wait_for_wake
from sessionconsole.services.watching import Watching

SENDING = "sending"
"""The lock that lets one process of a home send at a time."""

LOOK_SECONDS = 2.0
"""How often the outbox is looked at for what another process did."""

RETRY_SECONDS = (2.0, 5.0, 10.0, 30.0, 60.0)
"""Waits between tries while orders cannot be sent; the last one repeats."""

JITTER = 0.25
"""How much longer such a wait may be, as a share of it."""

LONGEST_WAIT = 900.0
"""Seconds: whatever a platform asks for, an order never waits longer for its next try."""

ORPHANED = timedelta(minutes=1)
"""A held order this old has lost the process that counted for it: no undo time is longer than ten seconds."""


class Ending:
    """Holds orders for the undo time, sends them, and proves what became of them."""

    def __init__(
        self,
        state: Observable[OrdersState],
        outbox: Outbox,
        connection: Connection,
        watching: Watching,
        locks: Locks,
        clock: Clock,
        undo_seconds: Callable[[], int],
        own_session_ended: Callable[[], Awaitable[None]],
        jitter: Callable[[], float] = lambda: random.uniform(0, JITTER),  # noqa: S311 - nothing secret hangs on it
    ) -> None:
        self.state = state
        self._outbox = outbox
        self._connection = connection
        self._watching = watching
        self._sender = Sender(outbox, connection, watching, clock, self._show)
        self._returning = Returning(outbox, watching, clock)
        self._locks = locks
        self._clock = clock
        self._undo_seconds = undo_seconds
        self._own_session_ended = own_session_ended
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._failures = 0
        self._wait_until = 0.0
        self._paused: SignInNeeded | None = None
        self._revision: int | None = None
        self._ordering = asyncio.Lock()
        self._shown = 0

    async def order(
        self, handles: Iterable[Handle], *, hold: bool = True, pass_over_gone: bool = False
    ) -> tuple[Order, ...]:
        """Write an order for each listed session before anything else; one with an open order gets no second.

        All of them with one write to the disk. Held for the undo time, or queued at once without `hold`. Raises
        `SignInNeeded`, `StoreNotWritable`, and `WrongUse` where a session is not on the list any more; then nothing was
        ordered. With `pass_over_gone` such a one is passed over, for of many some may have gone by themselves.
        """
        record = self._connection.record
        if record is None:
            raise SignInNeeded
        async with self._ordering:
            await self._look_for_changes()
            wanted = dict.fromkeys(handles)
            if pass_over_gone:
                shown = {row.session.handle for row in self._watching.state.value.rows}
                wanted = {handle: None for handle in wanted if handle in shown}
            sessions = self._watching.sessions(wanted)
            orders = [
                self._new(record, session, hold=hold)
                for session in sessions
                if self._may_order(record, session)
            ]
            if orders:
                await self._outbox.add(*orders)
                due = self._clock.monotonic() + self._undo_seconds()
                self._show(orders, due=due if hold else None)
        if isinstance(self._paused, ReauthenticationNeeded):
            # The question may have been put away: a new order asks it again.
            self._paused = None
        self._wake.set()
        return tuple(orders)

    def _may_order(self, record: SignInRecord, session: LoginSession) -> bool:
        earlier = self.state.value.of(session.handle)
        # One of another account may wait for days until that signs in again.
        return earlier is None or not earlier.is_open or earlier.identity != record.identity

    def _new(self, record: SignInRecord, session: LoginSession, *, hold: bool) -> Order:
        return Order(
            id=secrets.token_hex(16),
            address=record.address,
            platform=record.platform,
            account=record.account,
            handle=session.handle,
            facts=SessionFacts.of(session),
            ordered_at=self._clock.now(),
            state=OrderState.HELD if hold else OrderState.QUEUED,
        )

    async def undo(self, order_id: str) -> bool:
        """Take a held order back; False where it was too late."""
        return await self._withdraw(order_id)

    async def withdraw(self, order_id: str) -> bool:
        """Take an order back that was not sent yet; False where it was too late."""
        return await self._withdraw(order_id)

    async def take_back(self, order_ids: Collection[str]) -> int:
        """Take back all of these that were not sent yet, with one write to the disk for each state; how many."""
        taken = 0
        waiting = self._not_sent(order_ids)
        while waiting:
            done: list[Order] = []
            for state in MAY_BE_WITHDRAWN:
                alike = [self._withdrawn(order) for order in waiting if order.state is state]
                done += await self._outbox.change_all(alike, expected=state) if alike else ()
            if done:
                self._show(done)
            taken += len(done)
            if len(done) == len(waiting):
                break
            # Some were let go in this very moment: what waits to be sent can still be taken back.
            await self._read_outbox()
            before, waiting = waiting, self._not_sent(order_ids)
            if waiting == before:
                break
        return taken

    def _not_sent(self, order_ids: Collection[str]) -> list[Order]:
        known = self.state.value.orders
        orders = [known[order_id] for order_id in order_ids if order_id in known]
        return [order for order in orders if order.state in MAY_BE_WITHDRAWN]

    def _withdrawn(self, order: Order) -> Order:
        return replace(
            order, state=OrderState.WITHDRAWN, outcome=Outcome.WITHDRAWN, settled_at=self._clock.now()
        )

    async def release(self, order_id: str) -> bool:
        """Let a held order go without waiting for the undo time; False where it was not held any more."""
        order = self.state.value.orders.get(order_id)
        if order is None or order.state is not OrderState.HELD:
            return False
        queued = replace(order, state=OrderState.QUEUED)
        if not await self._outbox.change(queued, expected=OrderState.HELD):
            await self._read_outbox()
            return False
        self._show([queued])
        self._wake.set()
        return True

    async def confirm(self, order_id: str) -> None:
        """Say yes to sending an order that waited for long."""
        order = self.state.value.orders.get(order_id)
        if order is None or order.state is not OrderState.QUEUED:
            return
        confirmed = replace(order, confirmed=True)
        if await self._outbox.change(confirmed, expected=OrderState.QUEUED):
            self._show([confirmed])
        else:
            await self._read_outbox()
        self._go_on()

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof and go on; raises `BadCredentials`, `SecondFactorRefused`, `TooManyTries`."""
        async with self._connection.use() as platform:
            await platform.reauthenticate(method, secret)
        self.try_now()

    def try_now(self) -> None:
        """Go on at once: somebody signed in, or gave the proof that was asked for."""
        self._paused = None
        self._set(reauthentication=None, problem=None)
        self._go_on()

    def network_is_back(self) -> None:
        """Go on at once, unless the platform waits for a fresh proof: that question stays."""
        if not isinstance(self._paused, ReauthenticationNeeded):
            self._paused = None
            self._set(problem=None)
        self._go_on()

    def _go_on(self) -> None:
        self._failures = 0
        self._wait_until = 0.0
        self._wake.set()

    async def load(self, *, hold_again: bool) -> None:
        """Take over what an earlier run left: a held order shows a fresh Undo and is then sent."""
        await self._read_outbox()
        if not hold_again:
            return
        due = self._clock.monotonic() + self._undo_seconds()
        held = [o for o in self.state.value.orders.values() if o.state is OrderState.HELD]
        self._set(due={order.id: due for order in held})

    async def run(self) -> None:
        """Release, send and prove until cancelled."""
        while True:
            try:
                await self._look_for_changes()
                await self._release_due()
                if self._to_send(None) and self._may_send():
                    await self.work_off()
                await self._look_once_more()
                pause = self._pause()
            except SessionConsoleError as problem:
                self._stopped_by(problem)
                pause = LOOK_SECONDS
            await wait_for_wake(self._wake, self._clock, pause)

    async def work_off(
        self, only: Collection[str] | None = None, *, wait: float = 0.0
    ) -> SessionConsoleError | None:
        """Take every order that may go as far as it goes now; gives what stopped the queue, None where nothing did.

        `only` limits it to these order ids; `wait` is how many seconds to wait for another process that sends.
        """
        async with self._locks.exclusive(SENDING, wait) as mine:
            if not mine:
                return None
            await self._read_outbox()
            began_under = self._connection.record
            try:
                await self._carry_out(self._to_send(only))
            except SessionConsoleError as problem:
                await self._read_outbox()
                if self._connection.record in (None, began_under):
                    # Else somebody has signed in meanwhile, whose orders this does not stop.
                    self._stopped_by(problem)
                return problem
            self._failures = 0
            self._set(problem=None, reauthentication=None)
            return None

    async def _carry_out(self, orders: Sequence[Order]) -> None:
        if not orders:
            return
        await self._sender.carry_out(orders)
        # Where somebody else was faster, the outbox knows better.
        await self._read_outbox()
        for order in orders:
            done = self.state.value.orders.get(order.id)
            if done is not None and done.outcome in GONE and self._sender.is_own(done):
                await self._own_session_ended()

    async def _look_once_more(self) -> None:
        """Whether what was proved gone is listed again."""
        record = self._connection.record
        if record is not None:
            back = await self._returning.look(self.state.value, record.identity)
            if back:
                self._show(back)

    def _to_send(self, only: Collection[str] | None) -> Sequence[Order]:
        record = self._connection.record
        if record is None:
            self._set(asks=())
            return ()
        now = self._clock.now()
        orders = [
            order
            for order in self.state.value.orders.values()
            if (only is None or order.id in only)
            and order.identity == record.identity
            and order.state in (OrderState.QUEUED, OrderState.SENT, OrderState.UNKNOWN)
        ]
        waiting = tuple(o for o in orders if o.state is OrderState.QUEUED and o.must_ask(now))
        if only is None:
            self._set(asks=waiting)
        return [order for order in orders if order not in waiting]

    async def _release_due(self) -> None:
        self._adopt_orphans()
        now = self._clock.monotonic()
        held, left = self._due_now(now)
        if left:
            self._set(due={key: due for key, due in self.state.value.due.items() if key not in left})
        if not held:
            return
        queued = [replace(order, state=OrderState.QUEUED) for order in held]
        released = await self._outbox.change_all(queued, expected=OrderState.HELD)
        self._show(released)
        if len(released) < len(queued):
            await self._read_outbox()

    def _due_now(self, now: float) -> tuple[list[Order], set[str]]:
        """Held orders whose undo time is over, and the ids of those that are not held any more."""
        held: list[Order] = []
        left: set[str] = set()
        for order_id, due in self.state.value.due.items():
            order = self.state.value.orders.get(order_id)
            if order is None or order.state is not OrderState.HELD:
                left.add(order_id)
            elif due <= now:
                held.append(order)
        return held, left

    def _adopt_orphans(self) -> None:
        """Count for held orders of a process that is gone."""
        now = self._clock.now()
        due = dict(self.state.value.due)
        for order in self.state.value.orders.values():
            if (
                order.state is OrderState.HELD
                and order.id not in due
                and abs(now - order.ordered_at) > ORPHANED
            ):
                due[order.id] = self._clock.monotonic() + self._undo_seconds()
        self._set(due=due)

    async def _withdraw(self, order_id: str) -> bool:
        while True:
            order = self.state.value.orders.get(order_id)
            if order is None or order.state not in MAY_BE_WITHDRAWN:
                return False
            withdrawn = self._withdrawn(order)
            if await self._outbox.change(withdrawn, expected=order.state):
                self._show([withdrawn])
                return True
            # It was let go in this very moment: what waits to be sent can still be taken back.
            await self._read_outbox()
            if self.state.value.orders.get(order_id) == order:
                return False

    async def _look_for_changes(self) -> None:
        revision = await self._outbox.revision()
        if revision != self._revision:
            await self._read_outbox()
            self._revision = revision

    async def _read_outbox(self) -> None:
        while True:
            shown = self._shown
            orders = {order.id: order for order in await self._outbox.orders()}
            if shown == self._shown:
                self._set(orders=orders)
                return
            # An order was written meanwhile: what was read may not have it yet.

    def _may_send(self) -> bool:
        return self._paused is None and self._clock.monotonic() >= self._wait_until

    def _stopped_by(self, problem: SessionConsoleError) -> None:
        if isinstance(problem, StoreProblem):
            # Nothing went out, and a disk is looked at as often as the outbox: no platform has to be spared.
            wait = LOOK_SECONDS
        else:
            self._failures += 1
            wait = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS)) - 1]
        # Not at the same moment as every other desk of a platform that was down.
        wait *= 1 + self._jitter()
        if isinstance(problem, RateLimited) and problem.retry_after is not None:
            wait = min(max(wait, problem.retry_after), LONGEST_WAIT)
        self._wait_until = self._clock.monotonic() + wait
        if isinstance(problem, SignInNeeded):
            self._paused = problem
        asked = problem if isinstance(problem, ReauthenticationNeeded) else None
        told = self.state.value.problem
        if asked is None and told is not None and str(told) == str(problem):
            # The same trouble as before is no news: whoever watches would say it again and again.
            problem = told
        self._set(problem=problem, reauthentication=asked)

    def _pause(self) -> float:
        now = self._clock.monotonic()
        waits = [LOOK_SECONDS, *(due - now for due in self.state.value.due.values())]
        if self._wait_until > now:
            waits.append(self._wait_until - now)
        return max(0.05, min(waits))

    def _show(self, orders: Sequence[Order], *, due: float | None = None) -> None:
        self._shown += 1
        state = self.state.value
        shown = {order.id: order for order in orders}
        dues = {key: value for key, value in state.due.items() if key not in shown}
        self._set(
            orders={**state.orders, **shown},
            due=dues if due is None else dues | dict.fromkeys(shown, due),
            asks=tuple(asked for asked in state.asks if asked.id not in shown),
        )

    def _set(self, **changes: object) -> None:
        self.state.set(replace(self.state.value, **changes))  # type: ignore[arg-type]
