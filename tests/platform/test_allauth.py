"""The django-allauth connector, on answers that a running 65.21 gave (a real one is in tests/end_to_end)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SignInExpired,
    TooManyTries,
)
from sessionconsole.domain.platforms import EndStatus, Field
from sessionconsole.platform.connectors.calling import open_caller
from sessionconsole.platform.connectors.catalog import Catalog
from sessionconsole.platform.connectors.platform import ConnectorPlatform
from sessionconsole.services.credentials import MemoryKeeper
from tests.helpers import run
from tests.platform import faults
from tests.platform.faults import FaultServer, respond

USER = {"id": 1, "display": "Dana Whitlock", "email": "dana@example.test", "username": "dana"}
SIGNED_IN = {"user": USER, "methods": []}
WHO = respond({"status": 200, "data": SIGNED_IN, "meta": {"is_authenticated": True}})
LOGIN_FLOWS = [{"id": "login"}, {"id": "signup"}]
PENDING = {"id": "mfa_authenticate", "is_pending": True, "types": ["recovery_codes", "totp"]}


def gave(token: str | None = None, **data: object) -> bytes:
    meta = {"is_authenticated": True, **({"session_token": token} if token else {})}
    return respond({"status": 200, "data": data or SIGNED_IN, "meta": meta})


def refused(code: str) -> bytes:
    return respond({"status": 400, "errors": [{"message": "No.", "code": code, "param": "x"}]}, 400)


def unauthenticated(status: int = 401, *flows: object, known: bool | None = False, token: str = "") -> bytes:
    meta = {"is_authenticated": known, **({"session_token": token} if token else {})}
    return respond({"status": status, "data": {"flows": [*LOGIN_FLOWS, *flows]}, "meta": meta}, status)


def row(number: int, **facts: object) -> dict[str, object]:
    return {"id": number, "user_agent": "curl/8.5.0", "ip": "203.0.113.7", "created_at": 1795424507.745768,
            "is_current": False, **facts}  # fmt: skip


def sessions(*rows: object) -> bytes:
    return respond({"status": 200, "data": list(rows)})


BASE = "/_allauth/app/v1"


def kept(token: str) -> Credential:
    """What a sign-in before the test left in the keyring."""
    return Credential({"variables": "{}", "secrets": json.dumps({"token": token}), "cookies": "[]"})


def token_in(credential: Credential | SecondFactorAsked) -> str:
    assert isinstance(credential, Credential)
    token = json.loads(credential.values["secrets"])["token"]
    assert isinstance(token, str)
    return token


Story = Callable[[ConnectorPlatform, FaultServer], Awaitable[Any]]


def play(story: Story, *answers: faults.Answer, keeper: MemoryKeeper | None = None) -> Any:
    """Play a story with a client that is signed in already."""

    async def scene() -> Any:
        async with FaultServer(*answers) as server:
            caller = open_caller(Catalog().load("django-allauth"), server.address)
            platform = ConnectorPlatform(caller, b"key")
            platform.use(keeper or MemoryKeeper(kept("t0")))
            try:
                return await story(platform, server)
            finally:
                await platform.close()

    return run(scene())


@pytest.mark.parametrize(("name", "member"), [("dana", "username"), ("dana@example.test", "email")])
def test_a_name_with_an_at_is_an_e_mail_address(name: str, member: str) -> None:
    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        credential = await platform.sign_in(name, "password")
        assert token_in(credential) == "t1"
        (request,) = server.requests
        assert json.loads(request.body) == {member: name, "password": "password"}
        assert "x-session-token" not in request.headers

    play(story, gave("t1"))


def test_the_second_factor_goes_with_the_half_sign_in() -> None:
    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        asked = await platform.sign_in("dana", "password")
        assert isinstance(asked, SecondFactorAsked)
        assert asked.methods == (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
        with pytest.raises(SecondFactorRefused):
            await platform.answer_second_factor(asked, FactorMethod.TOTP, "000000")
        credential = await platform.answer_second_factor(asked, FactorMethod.RECOVERY_CODE, "40637154")
        assert token_in(credential) == "whole"
        assert server.requests[2].headers["x-session-token"] == "half"
        assert "half" not in repr(asked)
        with pytest.raises(SignInExpired):
            await platform.answer_second_factor(asked, FactorMethod.TOTP, "123456")

    play(
        story,
        unauthenticated(401, PENDING, token="half"),
        refused("incorrect_code"),
        gave("whole"),
        unauthenticated(),
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("username_password_mismatch"), BadCredentials),
        (refused("too_many_login_attempts"), TooManyTries),
        (respond({"status": 429}, 429), TooManyTries),
        (unauthenticated(401, {"id": "verify_email", "is_pending": True}, token="t"), NotAllowed),
        (respond(None, 400), PlatformMisbehaved),
        (gave(), PlatformMisbehaved),
    ],
)
def test_what_keeps_one_out_is_told(answer: bytes, error: type[Exception]) -> None:
    async def story(platform: ConnectorPlatform, _: FaultServer) -> None:
        with pytest.raises(error):
            await platform.sign_in("dana", "password")

    play(story, answer)


def test_the_list_has_the_account_and_times_in_utc() -> None:
    async def story(platform: ConnectorPlatform, _: FaultServer) -> None:
        listing = await platform.list_sessions()
        assert listing is not None
        first, own = listing.sessions
        assert (first.person.account, first.person.name) == ("dana", "Dana Whitlock")
        assert first.signed_in_at is not None
        assert first.signed_in_at.isoformat() == "2026-11-23T09:01:47.745768+00:00"
        assert (first.last_active_at, first.place, own.is_current) == (None, None, True)
        assert platform.about.capabilities.provides == {Field.SIGNED_IN, Field.LAST_ACTIVE}
        assert await platform.list_sessions(listing.etag) is None

    play(story, WHO, sessions(row(1), row(2, is_current=True)))


@pytest.mark.parametrize(
    "item", [None, {}, {**row(1), "id": ""}, {**row(1), "id": True}, {**row(1), "id": 1.5}], ids=repr
)
def test_a_session_without_id_spoils_the_list(item: object) -> None:
    async def story(platform: ConnectorPlatform, _: FaultServer) -> None:
        with pytest.raises(PlatformMisbehaved):
            await platform.list_sessions()

    play(story, WHO, sessions(row(5), item))


async def end_all(
    platform: ConnectorPlatform, server: FaultServer
) -> tuple[list[EndStatus], list[list[int]]]:
    listing = await platform.list_sessions()
    assert listing is not None
    handles = [session.handle for session in listing.sessions]
    answers = await platform.end(handles)
    sent = [json.loads(request.body)["sessions"] for request in server.requests if request.method == "DELETE"]
    return [answers[handle].status for handle in handles], sent


def test_one_that_is_gone_already_does_not_spoil_the_others() -> None:
    statuses, sent = play(
        end_all,
        WHO,
        sessions(row(1), row(2)),
        refused("invalid_choice"),
        refused("invalid_choice"),
        sessions(),
    )
    assert statuses == [EndStatus.ALREADY_GONE, EndStatus.ACCEPTED]
    assert sent == [[1, 2], [1], [2]]


def test_ones_own_session_is_ended_last_and_its_refusal_is_the_success() -> None:
    statuses, sent = play(
        end_all, WHO, sessions(row(1, is_current=True), row(2), row(3)), sessions(), unauthenticated()
    )
    assert statuses == [EndStatus.ACCEPTED] * 3
    assert sent == [[2, 3], [1]]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (unauthenticated(), SignInExpired),
        (unauthenticated(410, known=None), SignInExpired),
        (unauthenticated(401, {"id": "mfa_reauthenticate"}, known=True), ReauthenticationNeeded),
        (respond({"status": 429}, 429), RateLimited),
        (respond({"status": 403}, 403), NotAllowed),
        (respond(b"<html>Forbidden", 403, kind="text/html"), PlatformMisbehaved),
        (faults.drop, AnswerLost),
    ],
)
def test_what_comes_of_an_end_is_told_for_what_it_is(answer: faults.Answer, error: type[Exception]) -> None:
    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        with pytest.raises(error) as met:
            await end_all(platform, server)
        if isinstance(met.value, ReauthenticationNeeded):
            assert met.value.methods == (FactorMethod.TOTP,)

    play(story, WHO, sessions(row(1)), answer)


def test_after_a_part_was_done_the_rest_is_not_sent() -> None:
    async def story(platform: ConnectorPlatform, _: FaultServer) -> list[EndStatus]:
        listing = await platform.list_sessions()
        assert listing is not None
        handles = [session.handle for session in listing.sessions]
        return [answer.status for answer in (await platform.end(handles)).values()]

    answers = (WHO, sessions(row(1), row(2)), refused("invalid_choice"), sessions(), unauthenticated(410))
    assert play(story, *answers) == [EndStatus.ACCEPTED]


def test_a_fresh_proof_is_given_and_a_new_token_kept() -> None:
    keeper = MemoryKeeper(kept("t0"))

    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        with pytest.raises(BadCredentials):
            await platform.reauthenticate(FactorMethod.PASSWORD, "nope")
        await platform.reauthenticate(FactorMethod.PASSWORD, "password")
        with pytest.raises(SecondFactorRefused):
            await platform.reauthenticate(FactorMethod.TOTP, "000000")
        assert [request.headers["x-session-token"] for request in server.requests] == ["t0", "t0", "t2"]
        with pytest.raises(TooManyTries):
            await platform.reauthenticate(FactorMethod.TOTP, "000000")

    answers = (
        refused("incorrect_password"),
        gave("t2"),
        refused("incorrect_code"),
        respond({"status": 429}, 429),
    )
    play(story, *answers, keeper=keeper)
    assert token_in(keeper.credential) == "t2"


@pytest.mark.parametrize(
    "answer", [unauthenticated(), unauthenticated(410, known=None), respond({"status": 200})]
)
def test_signing_out_is_answered_in_odd_ways(answer: bytes) -> None:
    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        await platform.sign_out()
        assert [(r.method, r.target) for r in server.requests] == [("DELETE", f"{BASE}/auth/session")]

    play(story, answer)


def test_a_dead_token_has_expired() -> None:
    async def story(platform: ConnectorPlatform, _: FaultServer) -> None:
        with pytest.raises(SignInExpired):
            await platform.who_am_i()

    play(story, unauthenticated(410, known=None))
    play(story, unauthenticated(401, PENDING))


def test_where_another_process_signed_in_anew_its_token_is_taken() -> None:
    keeper = MemoryKeeper(kept("t0"))

    async def story(platform: ConnectorPlatform, server: FaultServer) -> None:
        await platform.who_am_i()
        await keeper.save(kept("t1"))
        await platform.who_am_i()
        assert [request.headers["x-session-token"] for request in server.requests] == ["t0", "t0", "t1"]

    play(story, WHO, unauthenticated(410, known=None), WHO, keeper=keeper)
