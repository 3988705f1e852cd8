"""Calls with a credential that wears out, is renewed, or dies, and answers that nobody expects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    TryLater,
)
from sessionconsole.platform.http import PlatformFails
from tests.helpers import run
from tests.platform.connectors.door import BEARER, LIST, LOGIN, Door, door, sent
from tests.platform.faults import FaultServer, Request, Wire, drop, respond

EMPTY = respond({"items": []})
DEAD = respond({"message": "gone"}, 401)
FILE = BEARER + LOGIN + LIST
IN = respond({"token": "t-0001"})

END = """
[end.one]
method = "DELETE"
path = "sessions/{session.id}"
outcomes = [{ status = 204, is = "ok" }, { status = 503, is = "try-later" }, { status = 504, is = "not-known" }]
"""

REFRESH = """
[refresh]
token = "renewal"
expires_in = "life"

[refresh.call]
method = "POST"
path = "token"
credential = "none"
json = { renewal = "{renewal}" }
take = { life = "body:life" }
take_secret = { token = "body:token", renewal = "body:renewal" }
outcomes = [{ status = 200, path = "token", exists = true, is = "ok" }, { status = 400, is = "dead" }]
"""
RENEWED = (
    BEARER
    + LOGIN.replace(
        'take_secret = { token = "body:token" }',
        'take_secret = { token = "body:token", renewal = "body:renewal" }\ntake = { life = "body:life" }',
    )
    + LIST
    + REFRESH
)


class Shared:
    """The keyring of two processes, with the lock between them."""

    def __init__(self, credential: Credential) -> None:
        self.stored: Credential | None = credential
        self._lock = asyncio.Lock()

    async def load(self) -> Credential | None:
        return self.stored

    async def save(self, credential: Credential) -> None:
        self.stored = credential

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        async with self._lock:
            yield


class Issuer:
    """A platform whose access tokens live for 60 seconds and whose refresh tokens work once."""

    def __init__(self) -> None:
        self.number = 0
        self.renewals = 0

    def tokens(self) -> bytes:
        self.number += 1
        return respond({"token": f"t-{self.number}", "renewal": f"r-{self.number}", "life": 60})

    async def __call__(self, request: Request, wire: Wire) -> None:
        if request.target == "/login":
            wire.send(self.tokens())
        elif request.target == "/token":
            self.renewals += 1
            good = sent(request) == {"renewal": f"r-{self.number}"}
            wire.send(self.tokens() if good else respond({}, 400))
        else:
            good = request.headers.get("authorization") == f"Bearer t-{self.number}"
            wire.send(EMPTY if good else DEAD)


def test_a_token_is_renewed_before_it_wears_out_and_each_refresh_token_is_used_once() -> None:
    async def story() -> None:
        async with door(RENEWED, Issuer()) as at:
            await at.enter()
            for _ in range(3):
                await at.caller.send(at.list_call)
                at.clock.time += 50
            assert [sent(r)["renewal"] for r in at.server.requests if r.target == "/token"] == ["r-1", "r-2"]

    run(story())


def test_a_token_that_died_early_is_renewed_once_and_the_call_repeated() -> None:
    async def story() -> None:
        given = [respond({"token": f"t-{n}", "renewal": f"r-{n}", "life": 600}) for n in range(3)]
        answers = (given[0], DEAD, given[1], EMPTY, DEAD, given[2], DEAD, respond({}, 400))
        async with door(RENEWED, *answers) as at:
            await at.enter()
            await at.caller.send(at.list_call)
            assert at.asked[1:] == ["GET /sessions", "POST /token", "GET /sessions"]
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)
            assert at.asked[4:] == ["GET /sessions", "POST /token", "GET /sessions", "POST /token"]

    run(story())


def test_without_refresh_token_nothing_is_asked_twice() -> None:
    async def story() -> None:
        async with door(RENEWED, IN, DEAD) as at:
            await at.enter()
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)
            assert at.asked == ["POST /login", "GET /sessions"]

    run(story())


def test_two_processes_renew_one_after_the_other_and_never_with_the_same_token() -> None:
    async def story() -> None:
        issuer = Issuer()
        async with FaultServer(issuer) as server:
            one, two = Door(RENEWED, server), Door(RENEWED, server)
            keeper = Shared(await one.sign_in())
            one.caller.use(keeper)
            two.caller.use(keeper)
            await two.caller.send(two.list_call)
            for each in (one, two):
                each.clock.time += 50
            await asyncio.gather(one.caller.send(one.list_call), two.caller.send(two.list_call))
            assert issuer.renewals == 1
            for each in (one, two):
                await each.caller.close()

    run(story())


def test_a_lost_answer_to_a_renewal_costs_the_refresh_token_and_not_the_sign_in() -> None:
    async def story() -> None:
        first = respond({"token": "t-0001", "renewal": "r-0001", "life": 60})
        async with door(RENEWED, first, drop, EMPTY, DEAD) as at:
            keeper = await at.enter()
            at.clock.time += 50
            await at.caller.send(at.list_call)
            assert "r-0001" not in str(dict(keeper.credential.values))
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)
            assert at.asked.count("POST /token") == 1

    run(story())


def test_a_refresh_token_that_does_not_rotate_is_used_again_and_again() -> None:
    async def story() -> None:
        file = RENEWED.replace(
            'token = "renewal"\nexpires_in', 'token = "renewal"\nrotates = false\nexpires_in'
        )
        first = respond({"token": "t-0001", "renewal": "r-0001", "life": 60})
        new = respond({"token": "t-0002", "life": 60})
        async with door(file, first, drop, new, EMPTY, new, EMPTY) as at:
            keeper = await at.enter()
            at.clock.time += 50
            with pytest.raises(AnswerLost):
                await at.caller.send(at.list_call)
            for _ in range(2):
                await at.caller.send(at.list_call)
                at.clock.time += 50
            assert [sent(r)["renewal"] for r in at.server.requests if r.target == "/token"] == ["r-0001"] * 3
            assert "r-0001" in keeper.credential.values["secrets"]

    run(story())


def test_a_refusal_to_renew_for_now_leaves_the_refresh_token_good() -> None:
    async def story() -> None:
        file = RENEWED.replace(
            '{ status = 400, is = "dead" }',
            '{ status = 400, is = "dead" }, { status = 429, is = "rate-limited" }',
        )
        first = respond({"token": "t-0001", "renewal": "r-0001", "life": 60})
        new = respond({"token": "t-0002", "renewal": "r-0002", "life": 60})
        busy = respond({}, 429, Retry_After="3")
        async with door(file, first, busy, respond({}, 500), new, EMPTY) as at:
            keeper = await at.enter()
            at.clock.time += 50
            with pytest.raises(RateLimited) as met:
                await at.caller.send(at.list_call)
            assert met.value.retry_after == 3
            with pytest.raises(PlatformFails):
                await at.caller.send(at.list_call)
            assert "r-0001" in keeper.credential.values["secrets"]
            await at.caller.send(at.list_call)
            assert "r-0002" in keeper.credential.values["secrets"]

    run(story())


def test_a_refresh_token_is_gone_from_the_keyring_before_it_is_sent() -> None:
    async def story() -> None:
        kept: list[str] = []
        first = respond({"token": "t-0001", "renewal": "r-0001", "life": 60})

        async def look(_: Request, wire: Wire) -> None:
            kept.append(str(keeper.stored and dict(keeper.stored.values)))
            wire.send(respond({"token": "t-2", "renewal": "r-2", "life": 60}))

        async with door(RENEWED, first, look, EMPTY) as at:
            keeper = Shared(await at.sign_in())
            at.caller.use(keeper)
            at.clock.time += 50
            await at.caller.send(at.list_call)
            assert "t-0001" in kept[0]
            assert "r-0001" not in kept[0]
            assert keeper.stored is not None
            assert "r-2" in str(dict(keeper.stored.values))

    run(story())


def test_a_credential_that_another_process_put_in_is_taken_after_the_old_one_died() -> None:
    async def story() -> None:
        async with door(FILE, IN, respond({"token": "t-0002"}), DEAD, EMPTY, DEAD) as at:
            keeper = Shared(await at.sign_in())
            at.caller.use(keeper)
            keeper_later = await at.sign_in()
            await at.caller.held()
            keeper.stored = keeper_later
            await at.caller.send(at.list_call)
            assert at.last.headers["authorization"] == "Bearer t-0002"
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)
            keeper.stored = None
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)

    run(story())


def test_nobody_is_signed_in_without_a_credential() -> None:
    async def story() -> None:
        async with door(FILE, EMPTY) as at:
            with pytest.raises(SignInNeeded):
                await at.caller.send(at.list_call)
            assert at.server.requests == []

    run(story())


@pytest.mark.parametrize(
    ("limit", "answer", "seconds"),
    [
        ("", respond({}, 429), None),
        ("", respond({}, 429, Retry_After="7"), 7),
        (
            "",
            respond(
                {}, 429, Date="Wed, 25 Nov 2026 01:00:00 GMT", Retry_After="Wed, 25 Nov 2026 01:00:09 GMT"
            ),
            9,
        ),
        ('header = "X-Retry-After"', respond({}, 429, X_Retry_After="11"), 11),
        ('header = "X-Wait"\nunit = "ms"', respond({}, 429, X_Wait="2500"), 2.5),
        (
            'header = "X-RateLimit-Reset"\nunit = "epoch-s"',
            respond({}, 429, X_RateLimit_Reset="1795510830", Date="Tue, 24 Nov 2026 09:00:00 GMT"),
            30,
        ),
        ('path = "error.wait_ms"\nunit = "ms"', respond({"error": {"wait_ms": 1500}}, 429), 1.5),
        ('path = "wait"\ndefault_s = 60', respond({"wait": "soon"}, 429), 60),
        ('path = "wait"', respond({"wait": -5}, 429), None),
        ('path = "wait"', respond({"wait": 1e11}, 429), 24 * 3600),
    ],
)
def test_how_long_to_wait_is_told_in_many_ways(limit: str, answer: bytes, seconds: float | None) -> None:
    async def story() -> None:
        file = f"\n[rate_limit]\n{limit}\n" if limit else ""
        async with door(FILE + file, IN, answer) as at:
            await at.enter()
            with pytest.raises(RateLimited) as met:
                await at.caller.send(at.list_call)
            assert met.value.retry_after == seconds

    run(story())


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            respond(b"<html>Welcome to the Grand Hotel", kind="text/html"),
            PlatformMisbehaved,
            "makes no sense",
        ),
        (respond(None, 302, Location="https://evil.example/"), PlatformMisbehaved, "sends nothing"),
        (respond({}, 418), PlatformMisbehaved, "status 418"),
        (respond({"message": "a\u202etrick"}, 404), PlatformMisbehaved, r"a\[U\+202E\]trick"),
        (respond({"message": "not for t-0001"}, 403), NotAllowed, "not for •••"),
        (respond({}, 500), PlatformFails, "fault of its own"),
        (respond({}, 503), TryLater, "just now"),
        (respond({"items": ["x" * 2_000_000]}), PlatformMisbehaved, "far more"),
        (respond(b'{"items": NaN}'), PlatformMisbehaved, "makes no sense"),
        (drop, AnswerLost, "did not answer"),
    ],
)
def test_hostile_and_broken_answers(answer: bytes, error: type[SessionConsoleError], words: str) -> None:
    async def story() -> None:
        async with door(FILE, IN, answer) as at:
            await at.enter()
            with pytest.raises(error, match=words) as met:
                await at.caller.send(at.list_call)
            assert "t-0001" not in str(met.value)
            assert all("t-0001" not in repr(each) for each in at.seen)

    run(story())


def test_the_credential_goes_to_no_other_origin() -> None:
    async def story() -> None:
        async with (
            FaultServer(EMPTY) as evil,
            door(FILE, IN, respond(None, 307, Location=evil.address)) as at,
        ):
            await at.enter()
            with pytest.raises(PlatformMisbehaved):
                await at.caller.send(at.list_call)
            for link in (evil.address + "/next", "//evil.example/x", "https://evil.example", "/x\r\nHost: y"):
                with pytest.raises(PlatformMisbehaved):
                    await at.caller.send(at.list_call, link=link)
            assert evil.requests == []
            assert len(at.server.requests) == 2

    run(story())


def test_paging_asks_with_other_parameters_or_a_link_of_the_platform() -> None:
    async def story() -> None:
        async with door(FILE, IN, EMPTY) as at:
            await at.enter()
            await at.caller.send(
                at.list_call, query={"page": 2, "q": 'a "b"', "none": None, "where": {"a": [1]}}
            )
            await at.caller.send(at.list_call, link=f"{at.server.address}/sessions?after=x%20y")
            assert at.asked[1:] == [
                "GET /sessions?page=2&q=a%20%22b%22&where=%7B%22a%22%3A%20%5B1%5D%7D",
                "GET /sessions?after=x%20y",
            ]

    run(story())


def test_an_end_whose_fate_is_not_known_is_a_lost_answer() -> None:
    async def story() -> None:
        answers = (IN, respond({}, 503), respond({}, 504), respond(None, 204))
        async with door(FILE + END, *answers) as at:
            await at.enter()
            for _ in range(2):
                with pytest.raises(AnswerLost):
                    await at.caller.send(at.end_call(), lambda known: known.with_session({"id": "a/../b"}))
            await at.caller.send(at.end_call(), lambda known: known.with_session({"id": "a/../b"}))
            assert at.last.target == "/sessions/a%2F..%2Fb"

    run(story())


WHOAMI = """
[whoami]
path = "me"
session = "session"
outcomes = [{ status = 200, is = "ok" }, { status = 403, is = "dead" }]

[sign_out]
method = "DELETE"
path = "sessions/{whoami.session}"
outcomes = [{ status = 204, is = "ok" }]
"""


def test_whoami_decides_whether_a_refusal_means_that_the_credential_is_dead() -> None:
    unsure = FILE.replace(
        '{ status = 403, is = "not-allowed" }', '{ status = 403, is = "reauthenticate-or-dead" }'
    )

    async def story() -> None:
        refused, me = respond({"message": "no"}, 403), respond({"session": "s-1"})
        async with door(unsure + WHOAMI, IN, refused, me, refused, refused) as at:
            await at.enter()
            with pytest.raises(NotAllowed):
                await at.caller.send(at.list_call)
            with pytest.raises(SignInExpired):
                await at.caller.send(at.list_call)
            assert at.asked[1:] == ["GET /sessions", "GET /me", "GET /sessions", "GET /me"]

    run(story())


def test_a_page_to_sign_in_with_200_may_say_that_the_sign_in_has_ended_but_nothing_is_done_by_it() -> None:
    page = respond(b"<html><form action=/login>", 200, kind="text/html")
    dead = FILE.replace(
        '{ status = 401, is = "dead" }',
        '{ status = 200, header = "content-type", matches = "^text/html", is = "dead" }',
    ).replace('{ status = 200, path = "items", exists = true, is = "ok" }', '{ status = 201, is = "ok" }')
    any_is_ok = FILE.replace('path = "items", exists = true, ', "")

    async def story(file: str) -> None:
        async with door(file, IN, page) as at:
            await at.enter()
            await at.caller.send(at.list_call)

    with pytest.raises(SignInExpired):
        run(story(dead))
    with pytest.raises(PlatformMisbehaved, match="Wi-Fi"):
        run(story(any_is_ok))


def test_a_call_that_needs_an_answer_of_whoami_asks_it_first() -> None:
    async def story() -> None:
        async with door(FILE + WHOAMI, IN, respond({"session": "s-1"}), respond(None, 204)) as at:
            await at.enter()
            sign_out = at.caller.connector.sign_out
            assert sign_out is not None
            await at.caller.send(at.caller.compiled(sign_out, "sign_out"))
            assert at.asked[1:] == ["GET /me", "DELETE /sessions/s-1"]

    run(story())


def test_whoever_watches_sees_no_token_that_nobody_took_and_no_key_that_may_be_one() -> None:
    keyed = FILE.replace("[list.fields]", "keyed = true\nid_is_secret = true\n\n[list.fields]").replace(
        'id = "id"', 'id = "@key"'
    )
    token = "qwertyuiopasdfghjklzxcvbnm"

    async def story() -> None:
        listed = respond({"items": {"k3y-of-a-session": {"token": token, "device": "Kim's phone"}}})
        async with door(keyed, IN, listed) as at:
            await at.enter()
            await at.caller.send(at.list_call)
            assert "k3y-of-a-session" not in repr(at.seen)
            assert token not in repr(at.seen)
            assert "Kim's phone" in at.seen[-1].answer

    run(story())


def test_whoever_watches_sees_every_call_and_no_secret() -> None:
    async def story() -> None:
        async with door(FILE, IN, respond({"items": [], "echo": "t-0001", "n": 3}), respond({}, 418)) as at:
            await at.enter("the-password")
            await at.caller.send(at.list_call)
            with pytest.raises(PlatformMisbehaved):
                await at.caller.send(at.list_call)
            login, listed, strange = at.seen
            assert (login.call, login.request) == ("sign_in.steps[0].call", f"POST {at.server.address}/login")
            assert (login.status, login.word, login.row, login.common) == (200, "ok", 0, False)
            assert login.taken == {"token": "•••"}
            assert listed.answer == '{"items": [], "echo": "<text of 6 characters>", "n": 3}'
            assert (strange.word, strange.problem is not None) == (None, True)
            assert "the-password" not in repr(at.seen)
            assert "t-0001" not in repr(at.seen)

    run(story())
