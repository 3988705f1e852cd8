"""The examination of one platform: it ends nothing but sessions that it signed in itself."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from math import ceil
from typing import Any

from sessionconsole.domain.conformance import Conforms, Finding
from sessionconsole.domain.errors import CertificateProblem, SessionConsoleError, SignInNeeded, Unreachable
from sessionconsole.platform import console_api_reading as reading
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.conformance.hearing import hear_what_is_newest
from sessionconsole.platform.conformance.visitor import (
    Broken,
    CodeFor,
    Guest,
    NotTried,
    Visitor,
    expect,
    guest_in,
    list_in,
    text_in,
)
from sessionconsole.platform.http import Http

DISCOVERY, SIGNING_IN, RENEWAL = "Discovery", "Signing in", "Renewal"
THE_LIST, ENDING, EVENTS, PEOPLE = "The list", "Ending", "Live events", "People"

_PAGE = 200
_MOST_PAGES = 1000
_FEW_PAGES = 20
_LONGEST_DELAY = 30.0
_TURN = 0.5
_TIMES = ("signed_in_at", "last_active_at", "idle_expires_at", "expires_at")
_REFUSED = ("session-ended", "token-invalid", "token-reused", "token-expired")

Tell = Callable[[Finding], None]


async def examine(address: str, username: str, password: str, code_for: CodeFor, tell: Tell) -> None:
    """Tell what is found, check by check.

    Raises `Unreachable`, `CertificateProblem`, and `SignInNeeded` where the first sign-in fails for want of a secret.
    """
    http = Http(read_address(address))
    try:
        await _Examination(Visitor(http), username, password, code_for, tell).run()
    finally:
        await http.close()


class _Examination:
    def __init__(self, visitor: Visitor, username: str, password: str, code_for: CodeFor, tell: Tell) -> None:
        self._visitor = visitor
        self._username = username
        self._password = password
        self._code_for = code_for
        self._tell = tell
        self._delay = 0.0
        self._me: dict[str, Any] = {}
        self._rows: list[dict[str, Any]] = []
        self._guest: Guest | None = None
        self._second: Guest | None = None
        self._second_id = ""
        self._etag_before: str | None = None

    async def run(self) -> None:
        """All checks in an order in which each can rely on those before."""
        await self._check(DISCOVERY, "the document is complete", self._discovery)
        if not self._visitor.links:
            return
        await self._check(SIGNING_IN, "a wrong password is refused", self._wrong_password)
        await self._check(SIGNING_IN, "a call without a token is refused", self._no_token)
        await self._check(SIGNING_IN, "a call with a strange token is refused", self._strange_token)
        await self._check(SIGNING_IN, "a senseless request is refused", self._senseless)
        await self._check(SIGNING_IN, "the account signs in", self._sign_in)
        if self._guest is None:
            return
        try:
            await self._check(SIGNING_IN, "who-am-I tells account, rights and session", self._who_am_i)
            await self._check(THE_LIST, "it has what is required, and marks the caller's own", self._list)
            await self._check(THE_LIST, "times are UTC, and unknown is null", self._facts)
            await self._check(THE_LIST, "an id is no credential", self._ids)
            await self._check(THE_LIST, "an unchanged list is a 304", self._etag)
            await self._check(THE_LIST, "pages hold together", self._paging)
            await self._check(THE_LIST, "a senseless page is refused", self._senseless_page)
            await self._check(PEOPLE, "everybody is there, with as many sessions as are listed", self._people)
            await self._check(EVENTS, "the stream is open and says what is newest", self._events)
            await self._check(RENEWAL, "a refresh token gives a new pair", self._renew)
            await self._end_a_session_of_our_own()
            await self._check(RENEWAL, "a refresh token that is used twice ends the session", self._reuse)
        finally:
            await self._leave()

    async def _end_a_session_of_our_own(self) -> None:
        await self._check(ENDING, "a second session of our own signs in", self._sign_in_second)
        await self._check(ENDING, "what is not there is not found", self._end_unknown)
        await self._check(ENDING, "the second session is ended", self._end_second)
        await self._check(ENDING, "it is missing from the next list, whose ETag is another", self._missing)
        await self._check(ENDING, "its access token is refused", self._access_refused)
        await self._check(ENDING, "its refresh token is refused", self._refresh_refused)
        await self._check(ENDING, "ending it again says that it is gone", self._end_again)

    async def _check(self, section: str, check: str, body: Callable[[], Awaitable[None]]) -> None:
        try:
            await body()
        except Broken as how:
            self._tell(Finding(section, check, Conforms.FAIL, str(how)))
        except NotTried as why:
            self._tell(Finding(section, check, Conforms.SKIP, str(why)))
        except (SignInNeeded, Unreachable, CertificateProblem):
            raise  # nothing can be said of the platform then
        except SessionConsoleError as problem:
            self._tell(Finding(section, check, Conforms.FAIL, problem.message))
        else:
            self._tell(Finding(section, check, Conforms.PASS))

    async def _discovery(self) -> None:
        answer = await self._visitor.send("GET", reading.DISCOVERY)
        expect(answer, 200)
        body = answer.body
        if not isinstance(body, dict) or body.get("api_version") != "1":
            raise Broken('api_version is not "1"')
        links = body.get("links")
        if not isinstance(links, dict):
            raise Broken("links is missing")
        missing = [name for name in reading.LINKS if not isinstance(links.get(name), str)]
        if missing:
            raise Broken(f"links has no {', '.join(missing)}")
        if "{id}" not in links["end_session"]:
            raise Broken("the link end_session has no place {id}")
        given = {name: link for name, link in links.items() if isinstance(link, str)}
        for link in given.values():
            self._visitor.http.address.target(link, reading.DISCOVERY)
        self._visitor.links = given
        text_in(body, "name")
        delay = body.get("revocation_delay")
        if isinstance(delay, bool) or not isinstance(delay, int | float) or delay < 0:
            raise Broken("revocation_delay is missing, or no number of seconds from 0")
        self._delay = float(delay)
        if not isinstance(body.get("provides"), list):
            raise Broken("provides is missing")

    async def _wrong_password(self) -> None:
        body = {"username": self._username, "password": f"{self._password} - not"}
        expect(await self._visitor.send("POST", self._link("sign_in"), body=body), 401, "bad-credentials")

    async def _no_token(self) -> None:
        expect(await self._visitor.send("GET", self._link("sessions")), 401, "token-missing")

    async def _strange_token(self) -> None:
        answer = await self._visitor.send("GET", self._link("sessions"), "no-token-of-this-platform")
        expect(answer, 401, *_REFUSED)

    async def _senseless(self) -> None:
        answer = await self._visitor.send("POST", self._link("sign_in"), body=["senseless"])
        expect(answer, 400, "invalid-request")

    async def _sign_in(self) -> None:
        self._guest = await self._visitor.sign_in(
            self._username, self._password, self._code_for, "Conformance check 1"
        )

    async def _who_am_i(self) -> None:
        answer = await self._visitor.send("GET", self._link("me"), self._token)
        expect(answer, 200)
        text_in(answer.body, "account")
        text_in(answer.body, "session_id")
        self._me = answer.body
        if not isinstance(self._me.get("may_end"), bool):
            raise Broken("may_end is missing, or neither true nor false")
        _utc(text_in(self._me, "authenticated_at"), "authenticated_at")

    async def _list(self) -> None:
        self._rows = await self._visitor.pages(self._token, _PAGE, _MOST_PAGES)
        for row in self._rows:
            text_in(row, "account")
            if not re.fullmatch(r"[A-Za-z0-9._~-]{1,200}", text_in(row, "id")):
                raise Broken("an id has characters that do not fit a link, or is longer than 200")
        current = [row["id"] for row in self._rows if row.get("is_current") is True]
        if current != [self._me.get("session_id")]:
            raise Broken(f"{len(current)} sessions are marked is_current; it must be the caller's own alone")

    async def _facts(self) -> None:
        for row in self._listed():
            for name in _TIMES:
                if row.get(name) is not None:
                    _utc(row[name], name)
            empty = [name for name, value in row.items() if value in ("", 0) and value is not False]
            if empty:
                raise Broken(f"{empty[0]} is empty or 0 where it should be null")

    async def _ids(self) -> None:
        own = text_in(self._me, "session_id")
        assert self._guest is not None
        if own in (self._guest.access, self._guest.refresh):
            raise Broken("the id of a session is its token: whoever sees the list could be anybody on it")
        answer = await self._visitor.send("GET", self._link("me"), own)
        expect(answer, 401, *_REFUSED)

    async def _etag(self) -> None:
        for _ in range(3):  # a list that is alive may change between the two
            first = await self._visitor.send("GET", self._link("sessions"), self._token)
            expect(first, 200)
            etag = first.headers.get("etag")
            if not etag:
                raise Broken("the first page has no ETag")
            headers = {"If-None-Match": etag}
            again = await self._visitor.send("GET", self._link("sessions"), self._token, headers=headers)
            if again.status == 304:
                return
            expect(again, 200)
        raise Broken("the list was never the same for two calls in a row; round last_active_at down")

    async def _paging(self) -> None:
        rows = self._listed()
        small = max(1, ceil(len(rows) / 5))
        found = await self._visitor.pages(self._token, small, _FEW_PAGES)
        ids = [row.get("id") for row in found]
        if len(set(ids)) != len(ids):
            raise Broken("a session is on two pages")
        lost = {row.get("id") for row in rows} - set(ids)
        if len(lost) > len(rows) // 10:
            raise Broken(f"{len(lost)} of {len(rows)} sessions are missing from pages of {small}")

    async def _senseless_page(self) -> None:
        for query in ("limit=0", "cursor=no-cursor-of-this-platform"):
            link = self._link("sessions")
            answer = await self._visitor.send(
                "GET", f"{link}{'&' if '?' in link else '?'}{query}", self._token
            )
            expect(answer, 400, "invalid-request")

    async def _people(self) -> None:
        answer = await self._visitor.send("GET", self._link("people"), self._token)
        expect(answer, 200)
        for person in list_in(answer.body, "people"):
            text_in(person, "account")
            if not isinstance(person.get("session_count"), int):
                raise Broken("session_count is missing, or no number")

    async def _events(self) -> None:
        await hear_what_is_newest(self._visitor.http, self._link("events"), self._token)

    async def _renew(self) -> None:
        assert self._guest is not None
        self._guest = await self._renewed(self._guest.refresh)
        expect(await self._visitor.send("GET", self._link("me"), self._token), 200)

    async def _sign_in_second(self) -> None:
        try:
            second = await self._visitor.sign_in(
                self._username, self._password, self._code_for, "Conformance check 2"
            )
        except SignInNeeded as problem:
            raise NotTried(
                f"a second sign-in is needed, with a code of its own: {problem.message} "
                "Give another code as the next line of standard input."
            ) from None
        answer = await self._visitor.send("GET", self._link("me"), second.access)
        expect(answer, 200)
        self._second, self._second_id = second, text_in(answer.body, "session_id")
        if self._second_id == self._me.get("session_id"):
            raise Broken("two sign-ins are one session")

    async def _end_unknown(self) -> None:
        if not self._me.get("may_end"):
            raise NotTried("this account may not end sessions")
        link = self._link("end_session", id="no-session-of-this-platform")
        expect(await self._visitor.send("DELETE", link, self._token), 404, "not-found")

    async def _end_second(self) -> None:
        second = self._ended()
        token = self._token if self._me.get("may_end") else second.access
        before = await self._visitor.send("GET", self._link("sessions"), self._token)
        self._etag_before = before.headers.get("etag")
        link = self._link("end_session", id=self._second_id)
        expect(await self._visitor.send("DELETE", link, token), 204)

    async def _missing(self) -> None:
        self._ended()
        rows = await self._visitor.pages(self._token, _PAGE, _MOST_PAGES)
        if any(row.get("id") == self._second_id for row in rows):
            raise Broken("the ended session is still on the list")
        after = await self._visitor.send("GET", self._link("sessions"), self._token)
        if after.headers.get("etag") == self._etag_before:
            raise Broken("the list has changed, and its ETag has not: no console would see it")

    async def _access_refused(self) -> None:
        second = self._ended()
        give_up = time.monotonic() + self._delay + 1
        while True:
            answer = await self._visitor.send("GET", self._link("me"), second.access)
            if answer.status == 401:
                expect(answer, 401, *_REFUSED)
                return
            if self._delay > _LONGEST_DELAY:
                raise NotTried(f"it may work for {self._delay:.0f} seconds, as the discovery document says")
            if self._delay == 0 or time.monotonic() > give_up:
                raise Broken(f"it works although the session was ended; revocation_delay is {self._delay:g}")
            await asyncio.sleep(_TURN)

    async def _refresh_refused(self) -> None:
        body = {"refresh_token": self._ended().refresh}
        expect(await self._visitor.send("POST", self._link("token"), body=body), 401, *_REFUSED)

    async def _end_again(self) -> None:
        self._ended()
        if not self._me.get("may_end"):
            raise NotTried("this account may not end sessions")
        link = self._link("end_session", id=self._second_id)
        expect(await self._visitor.send("DELETE", link, self._token), 404, "not-found")
        body = {"ids": [self._second_id]}
        answer = await self._visitor.send("POST", self._link("end_sessions"), self._token, body=body)
        expect(answer, 200)
        results = [(item.get("id"), item.get("status")) for item in list_in(answer.body, "results")]
        if results != [(self._second_id, "not-found")]:
            raise Broken("ending several does not say not-found of what is gone")

    async def _reuse(self) -> None:
        assert self._guest is not None
        used = self._guest.refresh
        self._guest = await self._renewed(used)
        body = {"refresh_token": used}
        expect(await self._visitor.send("POST", self._link("token"), body=body), 401, *_REFUSED)
        answer = await self._visitor.send("GET", self._link("me"), self._token)
        if self._delay == 0 and answer.status != 401:
            raise Broken("the session lives on although two parties hold its refresh token")

    async def _renewed(self, refresh: str) -> Guest:
        answer = await self._visitor.send("POST", self._link("token"), body={"refresh_token": refresh})
        renewed = guest_in(answer)
        if renewed.refresh == refresh:
            raise Broken("the refresh token stays the same")
        if "no-store" not in answer.headers.get("cache-control", ""):
            raise Broken("tokens come without Cache-Control: no-store")
        return renewed

    async def _leave(self) -> None:
        """Leave no session of ours behind, whatever happened."""
        for guest in (self._second, self._guest):
            if guest is not None:
                with suppress(SessionConsoleError, Broken, NotTried):
                    await self._visitor.send("DELETE", self._link("session"), guest.access)

    @property
    def _token(self) -> str:
        assert self._guest is not None
        return self._guest.access

    def _link(self, name: str, **places: str) -> str:
        return self._visitor.link(name, **places)

    def _listed(self) -> list[dict[str, Any]]:
        if not self._rows:
            raise NotTried("the list could not be read")
        return self._rows

    def _ended(self) -> Guest:
        if self._second is None:
            raise NotTried("there is no second session")
        return self._second


def _utc(value: object, name: str) -> None:
    try:
        fits = isinstance(value, str) and value.endswith("Z") and bool(datetime.fromisoformat(value))
    except ValueError:
        fits = False
    if not fits:
        raise Broken(f"{name} is not ISO 8601 in UTC with a Z")
