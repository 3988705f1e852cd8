"""Being signed in to a Console API: a short access token, and a refresh token that is used once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import (
    AnswerLost,
    PlatformMisbehaved,
    RateLimited,
    SignInExpired,
    SignInNeeded,
)
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.console_api_reading import LONGEST_TOKEN, code_of
from sessionconsole.platform.http import SMALL, Answer, Http, PlatformFails, Take
from sessionconsole.services.ports import CredentialKeeper

_RENEW_BEFORE = 20.0
"""Seconds of life left from which an access token is renewed, so that none dies on its way."""
_LONGEST_LIFE = 365 * 24 * 3600.0

_ENDED = frozenset({"session-ended", "token-reused"})
_NOT_ABOUT_TOKENS = frozenset({"bad-credentials", "second-factor-refused"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Access and refresh token; `expires_at` is in seconds since 1970, `refresh` is None once it may be used up."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: float

    @classmethod
    def given(cls, body: object, now: float) -> Pair:
        """The pair that the platform gave out at that time; raises `PlatformMisbehaved` where it is none."""
        found = read.must_be_object(body)
        access = read.raw_text(found.get("access_token"), LONGEST_TOKEN)
        refresh = read.raw_text(found.get("refresh_token"), LONGEST_TOKEN)
        life = read.number(found.get("expires_in"), 0, _LONGEST_LIFE)
        if access is None or refresh is None or life is None:
            raise PlatformMisbehaved("The booking platform let you in, but its answer is incomplete.")
        return cls(access, refresh, now + life)

    @classmethod
    def kept(cls, credential: Credential) -> Pair:
        """The pair of a stored credential; raises `SignInExpired` where it is none of ours."""
        values = credential.values
        try:
            return cls(values["access_token"], values.get("refresh_token"), float(values["expires_at"]))
        except (KeyError, ValueError):
            pass
        raise SignInExpired

    def credential(self) -> Credential:
        """The pair as it is stored."""
        values = {"access_token": self.access, "expires_at": f"{self.expires_at:.0f}"}
        return Credential(values if self.refresh is None else {**values, "refresh_token": self.refresh})


class SignedIn:
    """Sends requests as the signed-in account, and renews its tokens so that each refresh token is sent once.

    A refresh token is used under the lock between processes, after the stored one was read again, and the new pair
    is stored before it is used; a platform ends a session whose refresh token comes twice. A renewal that began is
    brought to its end also when its caller is cancelled.
    """

    def __init__(
        self, http: Http, token_link: str, document: str, now: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._token_link = token_link
        self._document = document
        self._now = now
        self._keeper: CredentialKeeper | None = None
        self._pair: Pair | None = None
        self._spent: str | None = None
        self._renewal: asyncio.Task[Pair] | None = None

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the tokens from there from now on."""
        self._keeper = keeper
        self._pair = None

    def given(self, body: object) -> Pair:
        """The pair that was given out just now."""
        return Pair.given(body, self._now())

    async def send(
        self,
        method: str,
        link: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        largest: int = SMALL,
    ) -> Answer:
        """Send a request with a good access token; a 401 that it returns is not about tokens.

        Raises `SignInNeeded`, `SignInExpired`, and what `Http.send` raises.
        """

        return await self._asked(
            lambda signed: self._http.send(
                method,
                link,
                document=self._document,
                body=body,
                headers={**(headers or {}), **signed},
                largest=largest,
            )
        )

    async def stream(self, link: str, take: Take, *, headers: Mapping[str, str] | None = None) -> Answer:
        """`Http.stream` with a good access token; may run beside other requests. Raises as `send`."""
        return await self._asked(
            lambda signed: self._http.stream(
                link, take, document=self._document, headers={**(headers or {}), **signed}
            )
        )

    async def _asked(self, ask: Callable[[Mapping[str, str]], Awaitable[Answer]]) -> Answer:
        pair = await self._current()
        answer = await ask(_signed(pair))
        if not _is_about_tokens(answer):
            return answer
        # Refused before anything was done, so that even an end may be sent again. Twice, because a pair that another
        # process renewed may be as old as this one by the platform's clock.
        for _ in range(2):
            pair = await self._renewed(pair, refused_as=code_of(answer.body))
            answer = await ask(_signed(pair))
            if not _is_about_tokens(answer):
                return answer
        raise SignInExpired

    async def settle(self, timeout: float) -> None:
        """Give a renewal under way so many seconds to end."""
        if self._renewal is not None:
            await asyncio.wait({self._renewal}, timeout=timeout)

    async def _current(self) -> Pair:
        if self._keeper is None:
            raise SignInNeeded
        if self._pair is None:
            stored = await self._keeper.load()
            if stored is None:
                raise SignInNeeded
            self._pair = Pair.kept(stored)
        if self._is_fresh(self._pair) or self._pair.refresh is None:
            return self._pair  # without refresh token, the platform says whether the access token still works
        return await self._renewed(self._pair)

    def _is_fresh(self, pair: Pair) -> bool:
        return self._now() < pair.expires_at - _RENEW_BEFORE

    async def _renewed(self, stale: Pair, *, refused_as: str | None = None) -> Pair:
        if self._keeper is None:
            raise SignInNeeded
        if self._renewal is None:
            renewal = asyncio.get_running_loop().create_task(self._renew(self._keeper, stale, refused_as))
            renewal.add_done_callback(self._renewal_ended)
            self._renewal = renewal
        return await asyncio.shield(self._renewal)

    def _renewal_ended(self, renewal: asyncio.Task[Pair]) -> None:
        self._renewal = None
        if not renewal.cancelled():
            renewal.exception()  # whoever waits hears it; nobody waits where the caller was cancelled

    async def _renew(self, keeper: CredentialKeeper, stale: Pair, refused_as: str | None) -> Pair:
        async with keeper.exclusive():
            stored = await keeper.load()
            if stored is None:
                raise SignInExpired
            pair = Pair.kept(stored)
            if pair.refresh is not None and pair.refresh == self._spent:
                pair = stale  # the store has forgotten what it was given
            changed = pair.access != stale.access
            if changed and (self._is_fresh(pair) or pair.refresh is None):
                return self._took(keeper, pair)  # another process renewed it
            if pair.refresh is None or (refused_as in _ENDED and not changed):
                raise SignInExpired
            return await self._exchange(keeper, pair, pair.refresh)

    async def _exchange(self, keeper: CredentialKeeper, pair: Pair, refresh: str) -> Pair:
        asked_at = self._now()

        async def spend() -> None:
            # From here on the platform may use it up. Whoever comes after a process that is killed now must not send
            # it again, so it is gone from the store before it goes out.
            self._spent = refresh
            await keeper.save(Pair(pair.access, None, pair.expires_at).credential())

        try:
            answer = await self._http.send(
                "POST",
                self._token_link,
                document=self._document,
                body={"refresh_token": refresh},
                about_to_send=spend,
            )
        except PlatformFails as failure:
            if failure.may_be_done:
                return await self._without_refresh(keeper, pair)
            await self._unspend(keeper, pair)
            raise
        except (AnswerLost, PlatformMisbehaved):
            return await self._without_refresh(keeper, pair)
        if answer.status == 429:
            await self._unspend(keeper, pair)
            raise RateLimited(retry_after=answer.retry_after)
        if answer.status in (400, 401, 403) and code_of(answer.body) is not None:
            raise SignInExpired
        if answer.status != 200:
            await self._unspend(keeper, pair)
            raise PlatformMisbehaved
        renewed = self._took(keeper, Pair.given(answer.body, asked_at))
        await keeper.save(renewed.credential())
        return renewed

    async def _unspend(self, keeper: CredentialKeeper, pair: Pair) -> None:
        """The platform did not take the refresh token, so it is good for another try."""
        self._spent = None
        await keeper.save(pair.credential())

    async def _without_refresh(self, keeper: CredentialKeeper, pair: Pair) -> Pair:
        """Give up a refresh token that may be used up, for every process: using it twice would end the session."""
        left = self._took(keeper, Pair(pair.access, None, pair.expires_at))
        await keeper.save(left.credential())
        return left

    def _took(self, keeper: CredentialKeeper, pair: Pair) -> Pair:
        if keeper is self._keeper:
            self._pair = pair
        return pair


def _signed(pair: Pair) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair.access}"}


def _is_about_tokens(answer: Answer) -> bool:
    return answer.status == 401 and code_of(answer.body) not in (None, *_NOT_ABOUT_TOKENS)
