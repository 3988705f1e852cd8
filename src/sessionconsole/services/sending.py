"""Carrying out one order: look, send, look again. Whatever happens, the outbox knows how far it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    SessionConsoleError,
    SignInExpired,
)
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.platforms import Capabilities, EndAnswer, EndStatus, Listing
from sessionconsole.services.connection import Connection
from sessionconsole.services.ports import Clock, Outbox
from sessionconsole.services.watching import Watching

MAX_ATTEMPTS = 3
"""How often an order whose answer was lost, and whose session is still listed, is sent at most."""

LOOK_AGAIN = 1.0
"""Seconds between two looks at the list while a session is not off it yet."""

ANOTHER_SESSION = "another-session"
ANOTHER_SESSION_DETAIL = (
    "The platform now lists another session under this id, so it was left alone. Look at it and order again."
)
LIST_INCOMPLETE = "list-incomplete"
_ACCEPTED_UNSEEN = (
    "The booking platform took the order, but its list could not be read since, so it is not known yet whether "
    "the session is gone."
)
ALREADY_GONE = "already-gone"


class Sender:
    """Takes one order as far as it goes now.

    The order is written before each step that cannot be taken back, so that after a crash at any point the list is read
    before anything is sent again. The caller holds the lock that lets one process at a time send.
    """

    def __init__(
        self,
        outbox: Outbox,
        connection: Connection,
        watching: Watching,
        clock: Clock,
        changed: Callable[[Order], None],
    ) -> None:
        self._outbox = outbox
        self._connection = connection
        self._watching = watching
        self._clock = clock
        self._changed = changed

    async def carry_out(self, order: Order) -> Order:
        """Raises `TryLater`, `SignInNeeded` and the like with the order safe in the outbox.

        Gives the order as this call left it; where another process or the user was faster, as it was before.
        """
        if order.state in (OrderState.SENT, OrderState.UNKNOWN):
            return await self._prove(order)
        listing = await self._watching.read_now()
        session = listing.find(order.handle)
        if session is None and listing.complete:
            if order.attempts:
                # It was sent before and its answer was lost: what is gone now went by this order.
                return await self._gone(order, await self._capabilities())
            return await self._settle(order, Outcome.ALREADY_GONE)
        if session is None:
            return await self._settle(
                order,
                Outcome.REFUSED,
                LIST_INCOMPLETE,
                "The platform lists more sessions than can be read, and this one was not among them.",
            )
        if not order.facts.match(session):
            return await self._settle(
                order,
                Outcome.REFUSED,
                ANOTHER_SESSION,
                ANOTHER_SESSION_DETAIL,
            )
        return await self._send(order)

    async def _send(self, order: Order) -> Order:
        queued = order
        order = replace(order, state=OrderState.SENT, sent_at=self._clock.now(), attempts=order.attempts + 1)
        if not await self._write(order, expected=OrderState.QUEUED):
            return queued
        try:
            async with self._connection.use() as platform:
                answer = (await platform.end([order.handle])).get(order.handle)
                if answer is None:
                    raise PlatformMisbehaved
        except (AnswerLost, PlatformMisbehaved) as lost:
            return await self._prove(await self._unknown(order, lost))
        except NotAllowed as refusal:
            return await self._settle(
                order, Outcome.REFUSED, refusal.code, f"{refusal.message} {refusal.advice}"
            )
        except SessionConsoleError:
            # None of the others was processed by the platform: the order waits as before.
            await self._write(queued, expected=OrderState.SENT)
            raise
        return await self._answered(order, answer)

    async def _answered(self, order: Order, answer: EndAnswer) -> Order:
        if answer.status is EndStatus.REFUSED:
            return await self._settle(order, Outcome.REFUSED, answer.code, answer.detail)
        code = ALREADY_GONE if answer.status is EndStatus.ALREADY_GONE and order.attempts == 1 else None
        accepted = replace(order, accepted_at=self._clock.now(), code=code, detail=None)
        await self._write(accepted, expected=order.state)
        return await self._prove(accepted)

    async def _prove(self, order: Order) -> Order:
        """Read the list until the session is off it, or the time that the platform may take has passed."""
        deadline: float | None = None
        while True:
            try:
                listing = await self._watching.read_now()
            except SignInExpired:
                if order.accepted_at is not None and self.is_own(order):
                    # The platform took the order and then refuses our own credential: our own session is gone. Without
                    # its answer the credential may be dead for another reason, and the next sign-in sees the list.
                    return await self._gone(order, Capabilities())
                raise
            except SessionConsoleError as problem:
                await self._unknown(order, problem)
                raise
            capabilities = await self._capabilities()
            if self._is_gone(order, listing):
                return await self._gone(order, capabilities)
            if not listing.complete and listing.find(order.handle) is None:
                return await self._settle(
                    order,
                    Outcome.UNKNOWN,
                    LIST_INCOMPLETE,
                    "The platform lists more sessions than can be read, so it cannot be seen whether it is gone.",
                )
            now = self._clock.monotonic()
            if deadline is None:
                deadline = now + capabilities.verify_within.total_seconds()
            if now >= deadline:
                return await self._still_listed(order)
            await self._clock.sleep(LOOK_AGAIN)

    async def _still_listed(self, order: Order) -> Order:
        if order.accepted_at is None and order.attempts < MAX_ATTEMPTS:
            # The answer was lost and the session lives on: it is safe to send again, once the list said so.
            queued = replace(order, state=OrderState.QUEUED, outcome=None, code=None, detail=None)
            if await self._write(queued, expected=order.state):
                if queued.must_ask(self._clock.now()):
                    return queued
                return await self.carry_out(queued)
        return await self._settle(order, Outcome.STILL_LISTED, "still-listed")

    async def _capabilities(self) -> Capabilities:
        async with self._connection.use() as platform:
            return platform.about.capabilities

    @staticmethod
    def _is_gone(order: Order, listing: Listing) -> bool:
        session = listing.find(order.handle)
        if session is None:
            return listing.complete
        return order.facts.certainly_another(session)

    def is_own(self, order: Order) -> bool:
        """Whether the order is for the session of this very console, not of an earlier sign-in of it."""
        return bool(order.facts.is_current) and self._watching.own_handle in (None, order.handle)

    async def _gone(self, order: Order, capabilities: Capabilities) -> Order:
        now = self._clock.now()
        if order.code == ALREADY_GONE:
            return await self._settle(order, Outcome.ALREADY_GONE)
        if capabilities.hides_only:
            return await self._settle(
                order,
                Outcome.HIDDEN_ONLY,
                "hidden-only",
                "The platform only hides the session. Change the password of this account.",
            )
        # Where the answer was lost nobody knows when it was done: counting from now never claims too much.
        until = (order.accepted_at or now) + capabilities.revocation_delay
        if until > now:
            return await self._settle(
                replace(order, may_work_until=until), Outcome.GONE_LINGERING, "gone-lingering"
            )
        return await self._settle(order, Outcome.PROVED_GONE)

    async def _unknown(self, order: Order, problem: SessionConsoleError) -> Order:
        unknown = replace(
            order,
            state=OrderState.UNKNOWN,
            outcome=Outcome.UNKNOWN,
            code=order.code or problem.code,
            detail=_ACCEPTED_UNSEEN if order.accepted_at else AnswerLost.default_message,
        )
        return unknown if await self._write(unknown, expected=order.state) else order

    async def _write(self, order: Order, *, expected: OrderState) -> bool:
        if not await self._outbox.change(order, expected=expected):
            return False
        self._changed(order)
        return True

    async def _settle(
        self, order: Order, outcome: Outcome, code: str | None = None, detail: str | None = None
    ) -> Order:
        settled = replace(
            order,
            state=OrderState.SETTLED,
            outcome=outcome,
            settled_at=self._clock.now(),
            code=code,
            detail=detail,
        )
        return settled if await self._write(settled, expected=order.state) else order
