"""Renewing a credential so that each refresh token is sent once, by one task of one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, Self, TypeVar

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import (
    AnswerLost,
    PlatformMisbehaved,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
)
from sessionconsole.platform.http import PlatformFails
from sessionconsole.services.ports import CredentialKeeper


class Renewable(Protocol):
    """What is signed in with: something that wears out, and perhaps a token by which it is renewed."""

    @property
    def access(self) -> str:
        """What is another one after each renewal."""
        ...

    @property
    def refresh(self) -> str | None:
        """The token to renew it with; None where there is none, or it may be used up."""
        ...

    def is_fresh(self, now: float) -> bool:
        """Whether it is good for another while; `now` is in seconds since 1970."""
        ...

    def without_refresh(self) -> Self:
        """The same with its refresh token given up."""
        ...

    def credential(self) -> Credential:
        """The same as it is stored."""
        ...


R = TypeVar("R", bound=Renewable)

Spend = Callable[[], Awaitable[None]]
"""To be awaited when the connection is there and before anything of the request goes out."""


class NotUsedUp(Exception):
    """The platform did not take the refresh token, so it is good for another try; `error` is told to the caller."""

    def __init__(self, error: SessionConsoleError) -> None:
        super().__init__()
        self.error = error


class Renewing(Generic[R]):
    """What one account is signed in with now; `exchange` trades it for a new one.

    A refresh token is used under the lock between processes, after the stored one was read again, and the new one is
    stored before it is used; a platform ends a session whose refresh token comes twice. A renewal that began is
    brought to its end also when its caller is cancelled. One that does not rotate (`rotates`) stays in the store.

    `kept` reads a stored credential and may raise `SignInExpired`; `exchange` raises `NotUsedUp`, `SignInExpired`, and
    what `Http.send` raises.
    """

    def __init__(
        self,
        kept: Callable[[Credential], R],
        exchange: Callable[[R, Spend], Awaitable[R]],
        now: Callable[[], float] = time.time,
        *,
        rotates: bool = True,
    ) -> None:
        self._kept = kept
        self._exchange = exchange
        self._now = now
        self._rotates = rotates
        self._keeper: CredentialKeeper | None = None
        self._held: R | None = None
        self._spent: str | None = None
        self._renewal: asyncio.Task[R] | None = None

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on."""
        self._keeper = keeper
        self._held = None

    async def current(self) -> R:
        """What is signed in with, renewed where it is about to wear out; raises `SignInNeeded`, `SignInExpired`."""
        if self._held is None:
            stored = await self._must_keep().load()
            if stored is None:
                raise SignInNeeded
            self._held = self._kept(stored)
        if self._held.is_fresh(self._now()) or self._held.refresh is None:
            return self._held  # without refresh token, the platform says whether it still works
        return await self.renewed(self._held)

    async def stored(self) -> R | None:
        """What the store has now, also where another process changed it; None where nobody is signed in any more."""
        stored = await self._must_keep().load()
        return None if stored is None else self._kept(stored)

    def replace(self, held: R) -> None:
        """Sign in with that from now on; not stored."""
        self._held = held

    async def keep(self, held: R) -> None:
        """Sign in with that from now on, in every process."""
        self._held = held
        await self._must_keep().save(held.credential())

    async def renewed(self, stale: R, *, is_over: bool = False) -> R:
        """Another one than that; `is_over` where the platform said that no renewal helps.

        Raises `SignInExpired` where there is none, and what `exchange` raises.
        """
        if self._renewal is None:
            task = asyncio.get_running_loop().create_task(self._renew(self._must_keep(), stale, is_over))
            task.add_done_callback(self._renewal_ended)
            self._renewal = task
        return await asyncio.shield(self._renewal)

    async def settle(self, timeout: float) -> None:
        """Give a renewal under way so many seconds to end."""
        if self._renewal is not None:
            await asyncio.wait({self._renewal}, timeout=timeout)

    def _must_keep(self) -> CredentialKeeper:
        if self._keeper is None:
            raise SignInNeeded
        return self._keeper

    def _renewal_ended(self, renewal: asyncio.Task[R]) -> None:
        self._renewal = None
        if not renewal.cancelled():
            renewal.exception()  # whoever waits hears it; nobody waits where the caller was cancelled

    async def _renew(self, keeper: CredentialKeeper, stale: R, is_over: bool) -> R:
        async with keeper.exclusive():
            stored = await keeper.load()
            if stored is None:
                raise SignInExpired
            held = self._kept(stored)
            if held.refresh is not None and held.refresh == self._spent:
                held = stale  # the store has forgotten what it was given
            changed = held.access != stale.access
            if changed and (held.is_fresh(self._now()) or held.refresh is None):
                return self._took(keeper, held)  # another process renewed it
            if held.refresh is None or (is_over and not changed):
                raise SignInExpired
            return await self._traded(keeper, held, held.refresh)

    async def _traded(self, keeper: CredentialKeeper, held: R, refresh: str) -> R:
        async def spend() -> None:
            # From here on the platform may use it up. Whoever comes after a process that is killed now must not send
            # it again, so it is gone from the store before it goes out.
            if self._rotates:
                self._spent = refresh
                await keeper.save(held.without_refresh().credential())

        try:
            renewed = await self._exchange(held, spend)
        except NotUsedUp as refusal:
            await self._unspend(keeper, held)
            raise refusal.error from None
        except (AnswerLost, PlatformMisbehaved) as failure:
            may_be_done = not isinstance(failure, PlatformFails) or failure.may_be_done
            if self._rotates and may_be_done:
                return await self._without_refresh(keeper, held)
            await self._unspend(keeper, held)
            raise
        self._took(keeper, renewed)
        await keeper.save(renewed.credential())
        return renewed

    async def _unspend(self, keeper: CredentialKeeper, held: R) -> None:
        if self._rotates:
            self._spent = None
            await keeper.save(held.credential())

    async def _without_refresh(self, keeper: CredentialKeeper, held: R) -> R:
        """Give up a refresh token that may be used up, for every process: using it twice would end the session."""
        left = self._took(keeper, held.without_refresh())
        await keeper.save(left.credential())
        return left

    def _took(self, keeper: CredentialKeeper, held: R) -> R:
        if keeper is self._keeper:
            self._held = held
        return held
