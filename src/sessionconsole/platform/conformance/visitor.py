"""Speaking to the platform as it is written in the contract, with every answer looked at as it came."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import BadCredentials, SecondFactorRefused, SignInNeeded
from sessionconsole.platform import console_api_reading as reading
from sessionconsole.platform.http import LARGE, Answer, Http

_LONGEST_WAIT = 60.0
_MOST_WAITS = 3

CodeFor = Callable[[Sequence[FactorMethod]], tuple[FactorMethod, str] | None]
"""Gives a method and a code that was not used yet, None where there is none."""


class Broken(Exception):
    """The platform does not keep this part of the contract; the text says how."""


class NotTried(Exception):
    """This part could not be looked at; the text says why."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One session of our own on the platform."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Visitor:
    """Sends what the checks ask for; waits where the platform asks to wait."""

    def __init__(self, http: Http, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.http = http
        self._sleep = sleep
        self.links: dict[str, str] = {}

    def link(self, name: str, **places: str) -> str:
        """The link of that name in the discovery document; raises `NotTried` where it has none."""
        if name not in self.links:
            raise NotTried(f"the discovery document has no link {name}")
        link = self.links[name]
        for place, value in places.items():
            link = link.replace(f"{{{place}}}", value)
        return link

    async def send(
        self,
        method: str,
        link: str,
        token: str | None = None,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        document: str = reading.DISCOVERY,
    ) -> Answer:
        """One request; raises what `Http.send` raises, and `Broken` where a 429 does not say how long to wait."""
        signed = {} if token is None else {"Authorization": f"Bearer {token}"}
        for _ in range(_MOST_WAITS):
            answer = await self.http.send(
                method,
                link,
                document=document,
                body=body,
                headers={**(headers or {}), **signed},
                largest=LARGE,
            )
            if answer.status != 429:
                return answer
            if answer.retry_after is None:
                raise Broken("429 without Retry-After")
            if answer.retry_after > _LONGEST_WAIT:
                raise NotTried(f"the platform asks to wait for {answer.retry_after:.0f} seconds")
            await self._sleep(answer.retry_after)
        raise NotTried("the platform goes on asking to wait")

    async def sign_in(self, username: str, password: str, code_for: CodeFor, device: str) -> Guest:
        """A session of our own; raises `SignInNeeded` and its kin where that needs something we do not have."""
        who = {"username": username, "password": password, "device_name": device}
        answer = await self.send("POST", self.link("sign_in"), body=who)
        if answer.status == 401 and reading.code_of(answer.body) == "second-factor-required":
            given = code_for(reading.methods(answer.body))
            if given is None:
                raise SignInNeeded("The booking platform asks for a code as well.", "Give it with --otp.")
            challenge = text_in(answer.body, "challenge")
            proof = {"challenge": challenge, "method": given[0].value, "code": given[1]}
            answer = await self.send("POST", self.link("second_factor"), body=proof)
            if answer.status in (400, 401):
                raise SecondFactorRefused
        if answer.status in (400, 401):
            raise BadCredentials
        return guest_in(answer)

    async def pages(self, token: str, limit: int, most: int) -> list[dict[str, Any]]:
        """Every session, page after page; raises `Broken` where there is no end of them."""
        base = self.http.address.target(self.link("sessions"), reading.DISCOVERY)
        path = f"{base}{'&' if '?' in base else '?'}limit={limit}"
        found: list[dict[str, Any]] = []
        visited: set[str] = set()
        while len(visited) < most and path not in visited:
            visited.add(path)
            answer = await self.send("GET", path, token)
            expect(answer, 200)
            page = list_in(answer.body, "sessions")
            if len(page) > limit:
                raise Broken(f"limit={limit}, and the page has {len(page)} sessions")
            found += page
            following = answer.body.get("next")
            if following is None:
                return found
            if not isinstance(following, str):
                raise Broken("next is neither null nor a link")
            path = self.http.address.target(following, path)
        raise Broken(f"the pages do not come to an end: {len(visited)} were read")


def guest_in(answer: Answer) -> Guest:
    """The tokens in an answer that gives some; raises `Broken`."""
    expect(answer, 200)
    if text_in(answer.body, "token_type").lower() != "bearer":
        raise Broken("token_type is not Bearer")
    life = answer.body.get("expires_in")
    if isinstance(life, bool) or not isinstance(life, int | float) or life <= 0:
        raise Broken("expires_in is not a number of seconds")
    return Guest(text_in(answer.body, "access_token"), text_in(answer.body, "refresh_token"))


def expect(answer: Answer, status: int, *codes: str) -> None:
    """Raises `Broken` where the status is another one, or the body is no problem with one of these codes."""
    code = reading.code_of(answer.body)
    if answer.status != status:
        raise Broken(f"expected {status}, got {answer.status}{f' ({code})' if code else ''}")
    if not codes:
        return
    if code not in codes:
        raise Broken(f"expected the code {' or '.join(codes)}, got {code or 'none'}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/problem+json":
        raise Broken(f"a problem comes as application/problem+json, not as {kind or 'nothing'}")


def text_in(body: Any, name: str) -> str:
    """A text of a JSON object; raises `Broken`."""
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not value:
        raise Broken(f"{name} is missing, or no text")
    return value


def list_in(body: Any, name: str) -> list[dict[str, Any]]:
    """A list of JSON objects in a JSON object; raises `Broken`."""
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Broken(f"{name} is missing, or no list of objects")
    return value
