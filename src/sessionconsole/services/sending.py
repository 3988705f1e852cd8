"""Carrying out orders: look, send, look again. Whatever happens, the outbox knows how far each of them came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
)
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.platforms import Capabilities, EndAnswer, EndStatus, Listing
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.services import order_steps as steps
from sessionconsole.services.connection import Connection
from sessionconsole.services.ports import Clock, Outbox
from sessionconsole.services.watching import Watching

LOOK_AGAIN = 1.0
"""Seconds between two looks at the list while a session is not off it yet."""

AT_ONCE = 200
"""Orders that are handed to the platform together; between two such batches, what waits can still be withdrawn."""


class Sender:
    """Takes orders as far as they go now.

    Each is written before each step that cannot be taken back, so that after a crash at any point the list is read
    before anything is sent again. The caller holds the lock that lets one process at a time send.
    """

    def __init__(
        self,
        outbox: Outbox,
        connection: Connection,
        watching: Watching,
        clock: Clock,
        changed: Callable[[Sequence[Order]], None],
    ) -> None:
        self._outbox = outbox
        self._connection = connection
        self._watching = watching
        self._clock = clock
        self._changed = changed

    async def carry_out(self, orders: Sequence[Order]) -> None:
        """Raises `TryLater`, `SignInNeeded` and the like with every order safe in the outbox.

        An order that another process or the user has changed meanwhile is left as it is.
        """
        to_send = [order for order in orders if order.state is OrderState.QUEUED]
        unproved = [order for order in orders if order.state in (OrderState.SENT, OrderState.UNKNOWN)]
        to_send += await self._prove(unproved)
        while to_send:
            meant = await self._still_meant(to_send)
            # This console's own session goes last: after it nothing else could be sent or proved.
            own = [order for order in meant if self.is_own(order)]
            to_send = await self._send_and_prove([order for order in meant if order not in own])
            to_send += await self._send_and_prove(own)

    def is_own(self, order: Order) -> bool:
        """Whether the order is for the session of this very console, not of an earlier sign-in of it."""
        return bool(order.facts.is_current) and self._watching.own_handle in (None, order.handle)

    async def _send_and_prove(self, orders: Sequence[Order]) -> list[Order]:
        """Those that have to be sent again."""
        sent: list[Order] = []
        try:
            for start in range(0, len(orders), AT_ONCE):
                sent += await self._send(orders[start : start + AT_ONCE])
        except SessionConsoleError:
            # What went out before the trouble is proved all the same, where the list can still be read.
            await self._prove(sent)
            raise
        return await self._prove(sent)

    async def _still_meant(self, orders: Sequence[Order]) -> list[Order]:
        """Those whose session is listed and still the one that was meant; the others are settled."""
        listing = await self._watching.read_now()
        self._refuse_others(orders)
        listed = _by_handle(listing)
        now = self._clock.now()
        meant: list[Order] = []
        done: list[Order] = []
        for order in orders:
            session = listed.get(order.handle)
            if session is not None and order.facts.match(session):
                meant.append(order)
            elif session is not None:
                done.append(steps.another(order, now))
            elif not listing.complete and order.attempts:
                # It was sent before and its answer was lost: nobody can see whether it is gone since.
                done.append(steps.cannot_be_seen(order, now))
            elif not listing.complete:
                done.append(steps.not_among_the_listed(order, now))
            elif order.attempts:
                # It was sent before and its answer was lost: what is gone now went by this order.
                done.append(steps.gone(order, now, await self._capabilities()))
            else:
                done.append(steps.settled(order, now, Outcome.ALREADY_GONE))
        await self._write(done, orders)
        return meant

    async def _send(self, queued: Sequence[Order]) -> list[Order]:
        """Those that went out and wait for their proof."""
        now = self._clock.now()
        going = await self._write([steps.sent(order, now) for order in queued], queued)
        if not going:
            return []
        try:
            async with self._connection.use() as platform:
                self._refuse_others(going)
                answers = await platform.end([order.handle for order in going])
                if not answers:
                    raise PlatformMisbehaved
        except (AnswerLost, PlatformMisbehaved) as problem:
            return await self._write([steps.lost(order, problem) for order in going], going)
        except NotAllowed as refusal:
            if len(going) > 1:
                return await self._one_by_one(await self._give_back(going, queued))
            detail = f"{refusal.message} {refusal.advice}"
            now = self._clock.now()
            await self._write(
                [steps.settled(order, now, Outcome.REFUSED, refusal.code, detail) for order in going], going
            )
            return []
        except SessionConsoleError:
            # None of the others was processed by the platform: the orders wait as before.
            await self._give_back(going, queued)
            raise
        return await self._answered(going, queued, answers)

    async def _one_by_one(self, queued: Sequence[Order]) -> list[Order]:
        """Nothing was ended, because one of them may not be: which one, only each by itself can tell."""
        sent: list[Order] = []
        for order in queued:
            sent += await self._send([order])
        return sent

    async def _answered(
        self, going: Sequence[Order], queued: Sequence[Order], answers: Mapping[Handle, EndAnswer]
    ) -> list[Order]:
        now = self._clock.now()
        told: list[Order] = []
        unsent: list[Order] = []
        for order in going:
            match answers.get(order.handle):
                case None:
                    unsent.append(order)
                case EndAnswer(status=EndStatus.LOST):
                    told.append(steps.lost(order, AnswerLost()))
                case EndAnswer(status=EndStatus.REFUSED) as answer:
                    told.append(steps.settled(order, now, Outcome.REFUSED, answer.code, answer.detail))
                case answer:
                    told.append(steps.accepted(order, now, answer))
        written = await self._write(told, going)
        await self._give_back(unsent, queued)
        return [order for order in written if order.is_open]

    async def _give_back(self, going: Sequence[Order], queued: Sequence[Order]) -> list[Order]:
        """Let them wait as they did."""
        ids = {order.id for order in going}
        return await self._write([order for order in queued if order.id in ids], going)

    async def _prove(self, orders: Sequence[Order]) -> list[Order]:
        """Read the list until they are off it, or the time that the platform may take has passed.

        Those that have to be sent again are queued and returned.
        """
        waiting = list(orders)
        deadline: float | None = None
        while waiting:
            listing = await self._read_for_proof(waiting)
            if listing is None:
                return []
            waiting = await self._those_listed(waiting, listing)
            now = self._clock.monotonic()
            if deadline is None:
                deadline = now + (await self._capabilities()).verify_within.total_seconds()
            if waiting and now >= deadline:
                return await self._still_listed(waiting)
            if waiting:
                await self._clock.sleep(LOOK_AGAIN)
        return []

    async def _read_for_proof(self, waiting: Sequence[Order]) -> Listing | None:
        """The list; None where there is nothing left to be proved by it."""
        try:
            listing = await self._watching.read_now()
            self._refuse_others(waiting)
        except SignInExpired:
            own = [order for order in waiting if order.accepted_at is not None and self.is_own(order)]
            # The platform took the order and then refuses our own credential: our own session is gone. Without its
            # answer the credential may be dead for another reason, and the next sign-in sees the list.
            await self._write(
                [steps.gone(order, self._clock.now(), Capabilities()) for order in own], waiting
            )
            if len(own) < len(waiting):
                raise
            return None
        except SessionConsoleError as problem:
            await self._write([steps.lost(order, problem) for order in waiting], waiting)
            raise
        return listing

    def _refuse_others(self, orders: Sequence[Order]) -> None:
        """Raises `SignInNeeded` where somebody else has signed in meanwhile: nothing is sent or proved for them."""
        record = self._connection.record
        if record is None or any(order.identity != record.identity for order in orders):
            raise SignInNeeded

    async def _those_listed(self, waiting: Sequence[Order], listing: Listing) -> list[Order]:
        """Those that are still listed; the others are settled."""
        capabilities = await self._capabilities()
        listed = _by_handle(listing)
        now = self._clock.now()
        still: list[Order] = []
        done: list[Order] = []
        for order in waiting:
            session = listed.get(order.handle)
            if session is not None and not order.facts.certainly_another(session):
                still.append(order)
            elif session is None and not listing.complete:
                done.append(steps.cannot_be_seen(order, now))
            else:
                done.append(steps.gone(order, now, capabilities))
        await self._write(done, waiting)
        return still

    async def _still_listed(self, waiting: Sequence[Order]) -> list[Order]:
        now = self._clock.now()
        written = await self._write([steps.still_listed(order, now) for order in waiting], waiting)
        return [order for order in written if order.is_open and not order.must_ask(now)]

    async def _capabilities(self) -> Capabilities:
        async with self._connection.use() as platform:
            return platform.about.capabilities

    async def _write(self, changed: Sequence[Order], before: Sequence[Order]) -> list[Order]:
        """Those that could be written: what somebody else has changed since `before` stays as it is."""
        states = {order.id: order.state for order in before}
        written: list[Order] = []
        for state in dict.fromkeys(states[order.id] for order in changed):
            alike = [order for order in changed if states[order.id] is state]
            written += await self._outbox.change_all(alike, expected=state)
        if written:
            self._changed(written)
        return written


def _by_handle(listing: Listing) -> dict[Handle, LoginSession]:
    return {session.handle: session for session in listing.sessions}
