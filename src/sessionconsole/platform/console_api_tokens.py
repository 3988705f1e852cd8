"""Being signed in to a Console API: a short access token, and a refresh token that is used once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import PlatformMisbehaved, RateLimited, SignInExpired
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.console_api_reading import LONGEST_TOKEN, code_of
from sessionconsole.platform.http import SMALL, Answer, Http, Take
from sessionconsole.platform.renewing import NotUsedUp, Renewing, Spend
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

    def is_fresh(self, now: float) -> bool:
        """Whether the access token is good for another while."""
        return now < self.expires_at - _RENEW_BEFORE

    def without_refresh(self) -> Pair:
        """The access token alone."""
        return replace(self, refresh=None)

    def credential(self) -> Credential:
        """The pair as it is stored."""
        values = {"access_token": self.access, "expires_at": f"{self.expires_at:.0f}"}
        return Credential(values if self.refresh is None else {**values, "refresh_token": self.refresh})


class SignedIn:
    """Sends requests as the signed-in account, and renews its tokens so that each refresh token is sent once."""

    def __init__(
        self, http: Http, token_link: str, document: str, now: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._token_link = token_link
        self._document = document
        self._now = now
        self._renewing = Renewing(Pair.kept, self._exchange, now)

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the tokens from there from now on."""
        self._renewing.use(keeper)

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
        pair = await self._renewing.current()
        answer = await ask(_signed(pair))
        if not _is_about_tokens(answer):
            return answer
        # Refused before anything was done, so that even an end may be sent again. Twice, because a pair that another
        # process renewed may be as old as this one by the platform's clock.
        for _ in range(2):
            pair = await self._renewing.renewed(pair, is_over=code_of(answer.body) in _ENDED)
            answer = await ask(_signed(pair))
            if not _is_about_tokens(answer):
                return answer
        raise SignInExpired

    async def settle(self, timeout: float) -> None:
        """Give a renewal under way so many seconds to end."""
        await self._renewing.settle(timeout)

    async def _exchange(self, pair: Pair, spend: Spend) -> Pair:
        asked_at = self._now()
        answer = await self._http.send(
            "POST",
            self._token_link,
            document=self._document,
            body={"refresh_token": pair.refresh},
            about_to_send=spend,
        )
        if answer.status == 429:
            raise NotUsedUp(RateLimited(retry_after=answer.retry_after))
        if answer.status in (400, 401, 403) and code_of(answer.body) is not None:
            raise SignInExpired
        if answer.status != 200:
            raise NotUsedUp(PlatformMisbehaved())
        return Pair.given(answer.body, asked_at)


def _signed(pair: Pair) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair.access}"}


def _is_about_tokens(answer: Answer) -> bool:
    return answer.status == 401 and code_of(answer.body) not in (None, *_NOT_ABOUT_TOKENS)
