"""The Console API client against a platform that keeps its contract badly."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    ReauthenticationNeeded,
    SignInExpired,
    TooManyTries,
)
from sessionconsole.domain.platforms import EndStatus, Listing
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.console_api import ConsoleApi
from sessionconsole.platform.console_api_reading import DISCOVERY, LINKS, discovery
from sessionconsole.platform.http import Http
from sessionconsole.services.credentials import MemoryKeeper
from tests.helpers import run
from tests.platform import faults
from tests.platform.faults import FaultServer, Request, Wire, respond

DESCRIPTION = {
    "api_version": "1",
    "name": "Harbour & Reef Tours",
    "links": {name: f"/v1/{name}" for name in LINKS} | {"end_session": "/v1/sessions/{id}"},
    "provides": ["ip", "signed_in_at", "a-word-of-next-year"],
    "revocation_delay": 300,
}
FRESH = Credential({"access_token": "access", "refresh_token": "refresh", "expires_at": "99999999999"})


def row(native: str, **facts: object) -> dict[str, object]:
    return {"id": native, "account": "maria.santos", "is_current": False, **facts}


def page(*rows: object, following: object = None, etag: str = "") -> bytes:
    body = {"as_of": "2026-11-24T09:00:00Z", "sessions": list(rows), "next": following}
    return respond(body, ETag=etag)


def problem(status: int, code: str, **members: object) -> bytes:
    retry = {"Retry_After": "30"} if status == 429 else {}
    body = {"type": "about:blank", "title": "No", "status": status, "code": code, **members}
    return respond(body, status, kind="application/problem+json", **retry)


Story = Callable[[ConsoleApi, FaultServer], Awaitable[Any]]


def play(story: Story, *answers: faults.Answer, credential: Credential = FRESH) -> Any:
    """Play a story with a client that is signed in already."""

    async def scene() -> Any:
        async with FaultServer(*answers) as server:
            http = Http(read_address(server.address))
            platform = ConsoleApi(http, discovery(DESCRIPTION, http.address), b"key")
            platform.use(MemoryKeeper(credential))
            try:
                return await story(platform, server)
            finally:
                await platform.close()

    return run(scene())


async def listed(platform: ConsoleApi, _: FaultServer) -> Listing:
    listing = await platform.list_sessions()
    assert listing is not None
    return listing


def test_pages_are_put_together_and_what_moved_between_them_is_there_once() -> None:
    listing = play(
        listed,
        page(row("a"), row("b"), following="?cursor=2", etag='"first"'),
        page(row("b"), row("c"), following="/v1/sessions?cursor=3", etag='"not this"'),
        page(row("d")),
    )
    assert (len(listing.sessions), listing.etag, listing.complete) == (4, '"first"', True)


def test_a_relative_next_is_resolved_against_its_own_page() -> None:
    async def story(platform: ConsoleApi, server: FaultServer) -> list[str]:
        await platform.list_sessions()
        return [request.target for request in server.requests]

    targets = play(story, page(row("a"), following="?cursor=2"), page(row("b")))
    assert targets == ["/v1/sessions?limit=500", "/v1/sessions?cursor=2"]


def test_pages_that_go_round_in_a_circle_are_no_list() -> None:
    with pytest.raises(PlatformMisbehaved):
        play(listed, page(row("a"), following="?cursor=2"))


def test_pages_without_end_are_cut_and_prove_nothing() -> None:
    async def endless(request: Request, wire: Wire) -> None:
        number = int(request.target.rpartition("=")[2])
        wire.send(page(row(f"s{number}"), following=f"?cursor={number + 1}"))

    listing = play(listed, endless)
    assert not listing.complete
    assert len(listing.sessions) == 2000


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/v1/sessions", 5, ["x"]])
def test_a_next_page_elsewhere_is_not_read(link: object) -> None:
    with pytest.raises(PlatformMisbehaved):
        play(listed, page(row("a"), following=link))


@pytest.mark.parametrize(
    "body",
    [[], {}, {"sessions": None}, {"sessions": {}}, {"sessions": [None]}, {"sessions": [{"account": "a"}]}],
    ids=json.dumps,
)
def test_a_list_that_cannot_be_read_whole_is_no_list(body: object) -> None:
    with pytest.raises(PlatformMisbehaved):
        play(listed, respond(body))


def test_not_modified_that_nobody_asked_for_makes_no_sense() -> None:
    with pytest.raises(PlatformMisbehaved):
        play(listed, respond(None, 304))


def test_an_end_names_the_session_and_is_sent_once() -> None:
    async def story(platform: ConsoleApi, server: FaultServer) -> None:
        (session,) = (await listed(platform, server)).sessions
        answers = await platform.end([session.handle, session.handle])
        assert answers[session.handle].status is EndStatus.ACCEPTED
        assert [(r.method, r.target) for r in server.requests[1:]] == [("DELETE", "/v1/sessions/a%2Fb")]

    play(story, page(row("a/b")), respond(None, 204))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(403, "not-allowed"), NotAllowed),
        (problem(403, "a-word-of-next-year"), NotAllowed),
        (problem(403, "reauthentication-required", methods=["totp"]), ReauthenticationNeeded),
        (problem(429, "too-many-attempts"), RateLimited),
        (problem(500, "internal-error"), AnswerLost),
        (problem(401, "session-ended"), SignInExpired),
        (problem(400, "invalid-request"), PlatformMisbehaved),
        (respond(b"<html>Not found", 404, kind="text/html"), PlatformMisbehaved),
        (respond(b"<html>Forbidden", 403, kind="text/html"), PlatformMisbehaved),
        (respond(b"<html>Welcome"), PlatformMisbehaved),
        (faults.drop, AnswerLost),
    ],
)
def test_what_comes_of_an_end_is_told_for_what_it_is(answer: faults.Answer, error: type[Exception]) -> None:
    async def story(platform: ConsoleApi, server: FaultServer) -> None:
        (session,) = (await listed(platform, server)).sessions
        with pytest.raises(error) as met:
            await platform.end([session.handle])
        assert sum(request.method == "DELETE" for request in server.requests) == 1
        if isinstance(met.value, ReauthenticationNeeded):
            assert met.value.methods == (FactorMethod.TOTP,)
        if isinstance(met.value, RateLimited):
            assert met.value.retry_after == 30

    play(story, page(row("a")), answer)


async def end_all(platform: ConsoleApi, server: FaultServer) -> list[EndStatus]:
    handles = [session.handle for session in (await listed(platform, server)).sessions]
    answers = await platform.end(handles)
    return [answers[handle].status for handle in handles]


def test_many_have_a_result_each() -> None:
    results = [
        {"id": "c", "status": "refused"},
        {"id": "b", "status": "not-found"},
        {"id": "a", "status": "ended"},
    ]
    statuses = play(end_all, page(row("a"), row("b"), row("c")), respond({"results": results}))
    assert statuses == [EndStatus.ACCEPTED, EndStatus.ALREADY_GONE, EndStatus.REFUSED]


@pytest.mark.parametrize(
    "results",
    [
        None,
        [],
        [{"id": "a", "status": "ended"}],
        [{"id": "a", "status": "ended"}, {"id": "b", "status": "maybe"}],
    ],
    ids=json.dumps,
)
def test_a_result_that_is_missing_or_unknown_is_as_good_as_a_lost_answer(results: object) -> None:
    with pytest.raises(PlatformMisbehaved):
        play(end_all, page(row("a"), row("b")), respond({"results": results}))


def test_very_many_are_sent_in_parts_and_trouble_with_one_part_is_told_for_it_alone() -> None:
    rows = [row(f"s{number}") for number in range(600)]

    async def some(request: Request, wire: Wire) -> None:
        ids = json.loads(request.body)["ids"]
        wire.send(respond({"results": [{"id": each, "status": "ended"} for each in ids]}))

    async def answered(platform: ConsoleApi, server: FaultServer) -> list[EndStatus]:
        handles = [session.handle for session in (await listed(platform, server)).sessions]
        return [answer.status for answer in (await platform.end(handles)).values()]

    asked_again = problem(403, "reauthentication-required", methods=["totp"])
    done = [EndStatus.ACCEPTED] * 500
    assert play(answered, page(*rows), some) == [EndStatus.ACCEPTED] * 600
    assert play(answered, page(*rows), some, asked_again) == done, "the others were not sent"
    assert play(answered, page(*rows), some, faults.drop) == done + [EndStatus.LOST] * 100
    with pytest.raises(ReauthenticationNeeded):
        play(answered, page(*rows), asked_again)


def test_ones_own_session_is_named_last() -> None:
    async def story(platform: ConsoleApi, server: FaultServer) -> list[str]:
        await end_all(platform, server)
        ids: list[str] = json.loads(server.requests[-1].body)["ids"]
        return ids

    results = [{"id": each, "status": "ended"} for each in "abc"]
    rows = page(row("a", is_current=True), row("b"), row("c"))
    assert play(story, rows, respond({"results": results})) == ["b", "c", "a"]


def test_too_many_tries_say_how_long() -> None:
    async def story(platform: ConsoleApi, _: FaultServer) -> None:
        with pytest.raises(TooManyTries) as met:
            await platform.sign_in("dana", "password")
        assert met.value.retry_after == 30
        with pytest.raises(TooManyTries):
            await platform.reauthenticate(FactorMethod.TOTP, "123456")

    play(story, problem(429, "too-many-attempts"))


@pytest.mark.parametrize(
    "body",
    [None, {}, {"access_token": "a"}, {"access_token": "a\nb", "refresh_token": "r", "expires_in": 300}],
    ids=json.dumps,
)
def test_an_incomplete_pair_of_tokens_is_no_sign_in(body: object) -> None:
    async def story(platform: ConsoleApi, _: FaultServer) -> None:
        with pytest.raises(PlatformMisbehaved):
            await platform.sign_in("dana", "password")

    play(story, respond(body))


def test_unknown_refusals_count_by_their_status() -> None:
    async def story(platform: ConsoleApi, _: FaultServer) -> None:
        with pytest.raises(BadCredentials):
            await platform.sign_in("dana", "password")

    play(story, problem(401, "a-word-of-next-year"))


def test_no_session_id_of_the_platform_is_ever_shown() -> None:
    async def story(platform: ConsoleApi, server: FaultServer) -> str:
        listing = await listed(platform, server)
        with pytest.raises(AnswerLost) as met:
            await platform.end([listing.sessions[0].handle])
        with pytest.raises(Exception, match="not in the list") as unknown:
            await platform.end([Handle("harbour:canary-1")])
        return repr(listing) + repr(platform) + repr(met.value) + repr(unknown.value)

    assert "canary-7" not in play(story, page(row("canary-7")), faults.drop)


def test_the_description_is_read_for_what_it_offers() -> None:
    about = discovery(DESCRIPTION, read_address("booking.example.com")).about
    assert (about.name, about.title) == ("harbour-reef-tours", "Harbour & Reef Tours")
    assert sorted(about.capabilities.provides) == ["signed_in_at"]
    assert about.capabilities.revocation_delay.total_seconds() == 300
    assert DISCOVERY.startswith("/")
