"""Signing in to the demo platform, staying signed in, and signing out."""

from __future__ import annotations

import pytest

from tests.demo.client import Client, second_manager
from tests.servers import DemoServer


def test_password_and_code_lead_in(server: DemoServer) -> None:
    client = Client(server, user_agent="SessionConsole/1 (Windows 11)")

    asked = client.password(server.username, server.password, device_name="Office PC")
    assert (asked.status, asked.code) == (401, "second-factor-required")
    assert asked.body["methods"] == ["totp", "recovery_code"]
    assert client.second_factor(asked.body["challenge"], server.totp_code()).status == 200

    me = client.me().body
    assert (me["account"], me["name"], me["may_end"]) == ("dana.whitlock", "Dana Whitlock", True)
    own = next(session for session in client.sessions() if session["is_current"])
    assert own["id"] == me["session_id"]
    assert (own["device_name"], own["user_agent"]) == ("Office PC", "SessionConsole/1 (Windows 11)")
    assert (own["ip"], own["place"]["city"]) == ("203.0.113.10", "Cairns")


def test_a_code_works_once(server: DemoServer) -> None:
    code = server.totp_code()
    first, second = Client(server), Client(server)
    half = first.password(server.username, server.password).body["challenge"]
    assert first.second_factor(half, code).status == 200

    half = second.password(server.username, server.password).body["challenge"]
    refused = second.second_factor(half, code)

    assert (refused.status, refused.code) == (401, "second-factor-refused")
    assert second.second_factor(half, server.totp_code()).status == 200, "the half sign-in is still good"


def test_a_recovery_code_works_once(server: DemoServer) -> None:
    code = server.recovery_code()
    client = Client(server)
    half = client.password(server.username, server.password).body["challenge"]
    assert client.second_factor(half, code, "recovery_code").status == 200

    half = client.password(server.username, server.password).body["challenge"]
    assert client.second_factor(half, code, "recovery_code").code == "second-factor-refused"


def test_a_half_sign_in_is_used_up_and_grows_old(server: DemoServer) -> None:
    client = Client(server)
    half = client.password(server.username, server.password).body["challenge"]
    client.second_factor(half, server.totp_code())
    again = client.second_factor(half, server.totp_code())
    assert (again.status, again.code) == (410, "challenge-expired")

    half = client.password(server.username, server.password).body["challenge"]
    server.advance(301)
    assert client.second_factor(half, server.totp_code()).status == 410


@pytest.mark.parametrize("username", ["dana.whitlock", "nobody.here"])
def test_after_too_many_failures_the_door_stays_shut_for_a_while(server: DemoServer, username: str) -> None:
    client = Client(server)
    for _ in range(5):
        wrong = client.password(username, "guess")
        assert (wrong.status, wrong.code) == (401, "bad-credentials")

    shut = client.password(username, server.password)
    assert (shut.status, shut.code) == (429, "too-many-attempts")
    assert shut.headers["retry-after"] == "300"

    server.advance(300)
    assert client.password(username, server.password).status == 401


def test_failed_codes_shut_the_door_too(server: DemoServer) -> None:
    client = Client(server)
    half = client.password(server.username, server.password).body["challenge"]
    for _ in range(5):
        client.password(server.username, server.password)  # a right password must not start the count anew
        assert client.second_factor(half, "000000x").code == "second-factor-refused"

    assert client.second_factor(half, server.totp_code()).status == 429


def test_refresh_tokens_rotate(server: DemoServer) -> None:
    client = second_manager(server)
    before = client.refresh_token

    assert client.refresh().status == 200

    assert client.refresh_token != before
    assert client.me().status == 200
    assert server.effects()["refreshes"] == 1


def test_a_refresh_token_used_twice_ends_the_session(server: DemoServer) -> None:
    client = second_manager(server)
    stolen = client.refresh_token
    client.refresh()

    reused = Client(server).refresh(stolen)

    assert (reused.status, reused.code) == (401, "token-reused")
    assert client.me().code == "session-ended"
    assert client.refresh().code == "session-ended"


def test_an_access_token_grows_old_and_is_renewed(server: DemoServer) -> None:
    client = second_manager(server)
    server.advance(301)

    assert (client.me().status, client.me().code) == (401, "token-expired")
    assert client.refresh().status == 200
    assert client.me().status == 200


def test_signing_out_ends_the_own_session(server: DemoServer, dana: Client) -> None:
    client = second_manager(server)
    own = client.me().body["session_id"]

    assert client.call("DELETE", "/v1/session").status == 204

    assert client.me().code == "session-ended"
    assert own not in dana.ids()


@pytest.mark.parametrize(
    ("token", "code"), [(None, "token-missing"), ("at_invented", "token-invalid"), ("é", "token-invalid")]
)
def test_without_a_good_token_nothing_is_told(shared: DemoServer, token: str | None, code: str) -> None:
    refused = Client(shared, token).call("GET", "/v1/sessions")

    assert (refused.status, refused.code) == (401, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 50_000,
        b'{"username": 1, "password": "x"}',
        b'{"username": "x"}',
        b'"text"',
        b"\xff",
    ],
)
def test_a_malformed_body_is_a_problem_not_a_failure(shared: DemoServer, body: bytes) -> None:
    answer = Client(shared).call("POST", "/v1/sign-in", body)

    assert (answer.status, answer.code) == (400, "invalid-request")


def test_a_huge_body_is_not_read(shared: DemoServer) -> None:
    answer = Client(shared).call("POST", "/v1/sign-in", b'{"username": "' + b"x" * 70_000 + b'"}')

    assert (answer.status, answer.code) == (413, "too-large")


def test_the_second_manager_proves_himself_by_password(server: DemoServer) -> None:
    client = second_manager(server)
    server.advance(299)  # the token lives, the proof is renewed at its very end
    before = client.me().body["authenticated_at"]

    assert client.call("POST", "/v1/reauthenticate", {"password": "wrong"}).code == "bad-credentials"
    assert client.call("POST", "/v1/reauthenticate", {"password": "tides-and-timetables"}).status == 204

    assert client.me().body["authenticated_at"] > before
