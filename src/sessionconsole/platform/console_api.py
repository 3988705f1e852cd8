"""A booking platform that speaks the Console API v1 (docs/console-api-v1.yaml)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    TooManyTries,
    WrongUse,
)
from sessionconsole.domain.platforms import EndAnswer, EndStatus, Listing, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.platform import console_api_reading as reading
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.console_api_tokens import SignedIn
from sessionconsole.platform.event_stream import EventReader
from sessionconsole.platform.handles import Handles
from sessionconsole.platform.http import LARGE, Answer, Http
from sessionconsole.services.ports import CredentialKeeper

_PAGE = 500
_MOST_PAGES = 2000
_MOST_SESSIONS = 1_000_000
_AT_ONCE = 500
_OFF_THE_LOOP = 100  # sessions of a page from which on it is read in a thread
_LONGEST_ETAG = 500
_CLOSING = 2.0  # seconds for a renewal under way

_STATUSES = {
    "ended": EndStatus.ACCEPTED,
    "not-found": EndStatus.ALREADY_GONE,
    "refused": EndStatus.REFUSED,
}


class ConsoleApi:
    """`ports.Platform` over the Console API v1."""

    def __init__(self, http: Http, discovery: reading.Discovery, handle_key: bytes) -> None:
        self._http = http
        self._about = discovery.about
        self._links = discovery.links
        self._handles = Handles(discovery.about.name, handle_key)
        self._signed_in = SignedIn(http, discovery.links["token"], reading.DISCOVERY)
        self._own: Handle | None = None
        self._has_listed = False
        self._last_event: str | None = None

    @property
    def about(self) -> PlatformAbout:
        """What it is and can do."""
        return self._about

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there."""
        self._signed_in.use(keeper)

    async def sign_in(self, username: str, password: str) -> Credential | SecondFactorAsked:
        """Prove who one is."""
        answer = await self._anonymous("sign_in", {"username": username, "password": password})
        if answer.status == 401 and reading.code_of(answer.body) == "second-factor-required":
            challenge = read.raw_text(answer.body.get("challenge"), reading.LONGEST_TOKEN)
            methods = reading.methods(answer.body)
            if challenge is None or not methods:
                raise PlatformMisbehaved
            return SecondFactorAsked(methods, {"challenge": challenge})
        return self._credential_in(answer, BadCredentials())

    async def send_code(self, asked: SecondFactorAsked, method: FactorMethod) -> SecondFactorAsked:  # noqa: ARG002
        """The contract has no codes that are sent."""
        return asked

    async def answer_second_factor(
        self, asked: SecondFactorAsked, method: FactorMethod, code: str
    ) -> Credential:
        """The second step."""
        body = {"challenge": asked.challenge["challenge"], "method": method.value, "code": code}
        answer = await self._anonymous("second_factor", body)
        if answer.status == 410:
            raise SignInExpired(
                "The sign-in took too long, so the platform has forgotten its first half.",
                "Enter your password once more.",
            )
        return self._credential_in(answer, SecondFactorRefused())

    async def who_am_i(self) -> WhoAmI:
        """The account signed in as."""
        return reading.who(_expect(await self._signed_in.send("GET", self._links["me"]), 200))

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        """The whole list, page after page, or None where nothing changed since `etag`."""
        link: str | None = self._first_page()
        found: dict[Handle, LoginSession] = {}
        new_etag: str | None = None
        own: Handle | None = None
        visited: set[str] = set()
        while link is not None:
            if len(visited) >= _MOST_PAGES or len(found) >= _MOST_SESSIONS:
                return Listing(tuple(found.values()), complete=False)
            first = not visited
            visited.add(link)
            # An ETag of an earlier opening would leave the handles of the list unknown here.
            conditional = first and self._has_listed
            headers = {"If-None-Match": etag} if etag is not None and conditional else None
            answer = await self._signed_in.send("GET", link, headers=headers, largest=LARGE)
            if answer.status == 304 and headers:
                return None
            page = read.must_be_object(_expect(answer, 200))
            if first:
                new_etag = read.raw_text(answer.headers.get("etag"), _LONGEST_ETAG)
            for session in await self._sessions_in(page):
                found.setdefault(session.handle, session)
                own = session.handle if session.is_current and own is None else own
            link = self._next_page(page, link, visited)
        self._has_listed = True
        self._own = own
        return Listing(tuple(found.values()), new_etag)

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """End sessions of the last list; the console's own comes last."""
        wanted = sorted(dict.fromkeys(handles), key=lambda handle: handle == self._own)
        natives = {handle: self._native(handle) for handle in wanted}
        if len(wanted) == 1:
            return {wanted[0]: await self._end_one(wanted[0], natives[wanted[0]])}
        answers: dict[Handle, EndAnswer] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            try:
                answers |= await self._end_some(some, natives)
            except (AnswerLost, PlatformMisbehaved):
                if not answers:
                    raise
                return answers | {handle: EndAnswer(handle, EndStatus.LOST) for handle in some}
            except SessionConsoleError:
                if not answers:
                    raise
                return answers
        return answers

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof that was asked for."""
        by_password = method is FactorMethod.PASSWORD
        body = {"password": secret} if by_password else {"method": method.value, "code": secret}
        answer = await self._signed_in.send("POST", self._links["reauthenticate"], body=body)
        refused = BadCredentials("The password is wrong.") if by_password else SecondFactorRefused()
        if answer.status in (400, 401):
            raise refused
        if answer.status == 429 and reading.code_of(answer.body) != "rate-limited":
            raise TooManyTries(retry_after=answer.retry_after)
        _expect(answer, 204, 200)

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """Hear that the list has changed, until the platform ends the stream; it does when the access token is old."""
        link = self._links.get("events")
        if link is None:
            return
        reader = EventReader()

        async def take(chunk: bytes) -> None:
            events = reader.feed(chunk)
            if events:
                self._last_event = events[-1].id
            # The opening counts too: what changed before it was told to nobody.
            if not chunk or any(event.name == "changed" for event in events):
                await heard()

        resumed = {} if self._last_event is None else {"Last-Event-ID": self._last_event}
        _expect(await self._signed_in.stream(link, take, headers=resumed), 200)

    async def sign_out(self) -> None:
        """Revoke the credential on the platform; one that is dead already is a success."""
        try:
            _expect(await self._signed_in.send("DELETE", self._links["session"]), 204, 200)
        except SignInNeeded:
            return

    async def close(self) -> None:
        """Let go of all connections."""
        await self._signed_in.settle(_CLOSING)
        await self._http.close()

    async def _anonymous(self, link: str, body: Mapping[str, str]) -> Answer:
        return await self._http.send("POST", self._links[link], document=reading.DISCOVERY, body=body)

    def _credential_in(self, answer: Answer, refused: SessionConsoleError) -> Credential:
        if answer.status in (400, 401) and reading.code_of(answer.body) is not None:
            raise refused
        if answer.status == 429 and reading.code_of(answer.body) != "rate-limited":
            raise TooManyTries(retry_after=answer.retry_after)
        return self._signed_in.given(_expect(answer, 200)).credential()

    def _first_page(self) -> str:
        link = self._http.address.target(self._links["sessions"], reading.DISCOVERY)
        return f"{link}{'&' if '?' in link else '?'}{urlencode({'limit': _PAGE})}"

    def _next_page(self, page: read.JsonObject, link: str, visited: set[str]) -> str | None:
        following = page.get("next")
        if following is None:
            return None
        target = self._http.address.target(following, link) if isinstance(following, str) else link
        if target in visited:
            raise PlatformMisbehaved("The pages of the list do not come to an end.")
        return target

    async def _sessions_in(self, page: read.JsonObject) -> list[LoginSession]:
        items = read.must_be_list(page.get("sessions"))

        def read_all() -> list[LoginSession]:
            return [reading.session(item, self._handles.of) for item in items]

        return read_all() if len(items) < _OFF_THE_LOOP else await asyncio.to_thread(read_all)

    def _native(self, handle: Handle) -> str:
        native = self._handles.native(handle)
        if native is None:
            raise WrongUse("This session is not in the list that was read last.", "Read the list again.")
        return native

    async def _end_one(self, handle: Handle, native: str) -> EndAnswer:
        link = self._links["end_session"].replace("{id}", quote(native, safe=""))
        answer = await self._signed_in.send("DELETE", link)
        code = reading.code_of(answer.body)
        if answer.status == 404 and code is not None:
            return EndAnswer(handle, EndStatus.ALREADY_GONE, code, read.text(answer.body.get("detail")))
        _expect(answer, 204, 200)
        return EndAnswer(handle, EndStatus.ACCEPTED)

    async def _end_some(
        self, handles: Sequence[Handle], natives: Mapping[Handle, str]
    ) -> dict[Handle, EndAnswer]:
        body = {"ids": [natives[handle] for handle in handles]}
        answer = await self._signed_in.send("POST", self._links["end_sessions"], body=body)
        page = read.must_be_object(_expect(answer, 200))
        results = {
            item["id"]: item
            for item in read.must_be_list(page.get("results"))
            if read.is_object(item) and isinstance(item.get("id"), str)
        }
        return {handle: _end_answer(handle, results.get(natives[handle])) for handle in handles}


def _end_answer(handle: Handle, result: read.JsonObject | None) -> EndAnswer:
    status = _STATUSES.get(str(result.get("status"))) if result is not None else None
    if result is None or status is None:
        raise PlatformMisbehaved
    return EndAnswer(handle, status, read.text(result.get("code"), 60), read.text(result.get("detail")))


def _expect(answer: Answer, *wanted: int) -> Any:
    """The body of an answer of a wanted status, or the error that any other stands for."""
    if answer.status in wanted:
        return answer.body
    code = reading.code_of(answer.body)
    if answer.status == 429:
        raise RateLimited(retry_after=answer.retry_after)
    if answer.status == 403 and code == "reauthentication-required":
        methods = reading.methods(answer.body)
        raise ReauthenticationNeeded(methods=methods or (FactorMethod.PASSWORD,))
    if answer.status == 403 and code is not None:
        raise NotAllowed
    raise PlatformMisbehaved
