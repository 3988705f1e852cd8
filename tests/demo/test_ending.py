"""Ending sessions on the demo platform: one, many, refused, late, and when the line breaks."""

from __future__ import annotations

import http.client

import pytest

from tests.demo.client import Client, second_manager
from tests.servers import STILL, DemoServer


def test_an_ended_session_is_off_the_list_and_its_token_refused(dana: Client, server: DemoServer) -> None:
    intruder = server.client("maria.santos", user_agent="Firefox", ip="198.51.100.77")
    stranger = Client(server, intruder["access_token"])
    assert stranger.me().status == 200

    assert dana.end(intruder["session_id"]).status == 204

    assert intruder["session_id"] not in dana.ids()
    assert (stranger.me().status, stranger.me().code) == (401, "session-ended")
    assert stranger.refresh(intruder["refresh_token"]).code == "session-ended"
    assert server.effects()["ended"] == {intruder["session_id"]: 1}


def test_a_session_ends_once(dana: Client, server: DemoServer) -> None:
    victim = server.intruder()
    dana.end(victim)

    again = dana.end(victim)

    assert (again.status, again.code) == (404, "not-found")
    effects = server.effects()
    assert (effects["ended"], effects["end_requests"]) == ({victim: 1}, 2)


def test_several_end_with_a_result_each(dana: Client, server: DemoServer) -> None:
    first, second = server.intruder(), server.intruder()

    answer = dana.end_all(first, "ses_unknown", second)

    assert [(each["id"], each["status"]) for each in answer.body["results"]] == [
        (first, "ended"),
        ("ses_unknown", "not-found"),
        (second, "ended"),
    ]
    assert not {first, second} & dana.ids()


def test_one_of_several_can_be_refused(dana: Client, server: DemoServer) -> None:
    first, second = server.intruder(), server.intruder()
    server.fault(f"END {first}", "403")

    results = dana.end_all(first, second).body["results"]

    assert [each["status"] for each in results] == ["refused", "ended"]
    assert first in dana.ids()


@pytest.mark.parametrize("ids", [[], ["a", "a"], "a", [1], None, ["x"] * 501])
def test_a_senseless_order_ends_nothing(graham: Client, shared: DemoServer, ids: object) -> None:
    answer = graham.call("POST", "/v1/sessions/end", {"ids": ids})

    assert (answer.status, answer.code) == (400, "invalid-request")
    assert shared.effects()["ended"] == {}


def test_an_old_proof_must_be_renewed_before_anything_ends(dana: Client, server: DemoServer) -> None:
    victim = server.intruder()
    server.advance(301)
    dana.refresh()

    refused = dana.end(victim)
    assert (refused.status, refused.code) == (403, "reauthentication-required")
    assert refused.body["methods"] == ["totp", "recovery_code"]
    assert dana.end_all(victim).code == "reauthentication-required"
    assert victim in dana.ids()

    bare = dana.call("POST", "/v1/reauthenticate", {"password": server.password})
    assert bare.code == "invalid-request", (
        "the password alone is not enough for an account with a second factor"
    )
    wrong = dana.call("POST", "/v1/reauthenticate", {"method": "totp", "code": "000000x"})
    assert (wrong.status, wrong.code) == (401, "second-factor-refused")
    proof = {"method": "totp", "code": server.totp_code()}
    assert dana.call("POST", "/v1/reauthenticate", proof).status == 204
    assert dana.end(victim).status == 204


def test_how_long_a_proof_counts_can_be_set() -> None:
    with DemoServer(*STILL, "--reauth-after", "60") as strict:
        graham = second_manager(strict)
        victim = strict.intruder()
        strict.advance(61)
        assert graham.end(victim).body["methods"] == ["password"]


def test_the_own_session_can_always_be_ended(server: DemoServer) -> None:
    viewer = Client(server)
    viewer.password("viewer", "look-but-do-not-touch")
    own = viewer.me().body["session_id"]
    assert viewer.end(server.intruder()).code == "not-allowed"

    server.advance(299)
    assert viewer.end_all(own).body["results"][0]["status"] == "ended"
    assert viewer.me().code == "session-ended"


def test_the_viewer_ends_nothing(server: DemoServer) -> None:
    viewer = Client(server)
    viewer.password("viewer", "look-but-do-not-touch")
    victim = server.intruder()

    assert (viewer.end(victim).status, viewer.end_all(victim).code) == (403, "not-allowed")
    assert server.effects()["ended"] == {}


def test_with_a_declared_delay_the_token_lingers_and_then_dies() -> None:
    with DemoServer(*STILL, "--revocation-delay", "120") as slow:
        assert Client(slow).call("GET", "/.well-known/sessionconsole").body["revocation_delay"] == 120
        graham = second_manager(slow)
        intruder = slow.client("maria.santos")
        stranger = Client(slow, intruder["access_token"])
        graham.end(intruder["session_id"])

        assert intruder["session_id"] not in graham.ids(), "off the list at once"
        assert stranger.me().status == 200, "but its token still works"
        assert stranger.refresh(intruder["refresh_token"]).code == "session-ended", "without being renewed"
        slow.advance(121)
        assert stranger.me().code == "session-ended"


def test_a_line_that_breaks_before_leaves_the_session_alone(dana: Client, server: DemoServer) -> None:
    victim = server.intruder()
    server.fault("DELETE /v1/sessions", "drop-before")

    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        dana.end(victim)

    assert victim in dana.ids()
    assert server.effects()["ended"] == {}


def test_a_line_that_breaks_after_has_ended_it(dana: Client, server: DemoServer) -> None:
    victim = server.intruder()
    server.fault("DELETE /v1/sessions", "drop-after")

    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        dana.end(victim)

    assert victim not in dana.ids()
    assert server.effects()["ended"] == {victim: 1}


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("500", 500, "internal-error"), ("429", 429, "rate-limited"), ("403", 403, "not-allowed")],
)
def test_a_fault_on_order_happens_as_often_as_asked(
    dana: Client, server: DemoServer, fault: str, status: int, code: str
) -> None:
    victim = server.intruder()
    server.fault("DELETE /v1/sessions", fault, times=2)

    for _ in range(2):
        answer = dana.end(victim)
        assert (answer.status, answer.code) == (status, code)
    assert dana.end(victim).status == 204


def test_a_web_page_can_stand_in_the_way(dana: Client, server: DemoServer) -> None:
    server.fault("GET /v1/sessions", "html-200")

    page = dana.raw("GET", "/v1/sessions")

    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert dana.sessions()


def test_an_answer_can_come_drop_by_drop(dana: Client, server: DemoServer) -> None:
    server.fault("GET /v1/me", "slow-drip")
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    connection.request("GET", "/v1/me", headers={"Authorization": f"Bearer {dana.access_token}"})
    response = connection.getresponse()

    assert response.read(1) == b"{"
    server.no_faults()
    assert server.stop() == 0, "and does not keep the platform from stopping"
    connection.close()
