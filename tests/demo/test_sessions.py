"""The list of sessions: what it tells, when it changes, and how its pages hold together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from tests.demo.client import Client
from tests.servers import STILL, DemoServer


def find(sessions: list[dict[str, Any]], account: str, **facts: object) -> list[dict[str, Any]]:
    return [
        session
        for session in sessions
        if session["account"] == account and all(session[name] == value for name, value in facts.items())
    ]


def test_the_first_look_finds_exactly_one_login_from_abroad(dana: Client) -> None:
    sessions = dana.sessions()

    assert len(sessions) == 24
    assert len({session["account"] for session in sessions}) == 15, "14 people and a program"
    abroad = [each for each in sessions if each["place"] and each["place"]["country"] != "AU"]
    assert [(each["account"], each["place"]["city"], each["network"]["type"]) for each in abroad] == [
        ("maria.santos", "São Paulo", "hosting")
    ]
    assert "Firefox" in abroad[0]["user_agent"]
    assert find(sessions, "maria.santos", device_name="Reservations PC", ip="203.0.113.10")


def test_what_is_unknown_is_null(graham: Client) -> None:
    sessions = graham.sessions()

    assert all(each["place"] is None for each in find(sessions, "ben.tran"))
    assert find(sessions, "sam.okafor", user_agent=None)
    program = find(sessions, "channel.manager")[0]
    assert (program["idle_expires_at"], program["expires_at"]) == (None, None)


def test_an_unchanged_list_is_not_sent_again(dana: Client, server: DemoServer) -> None:
    first = dana.call("GET", "/v1/sessions")
    etag = first.headers["etag"]
    assert etag.startswith('"')

    same = dana.call("GET", "/v1/sessions", If_None_Match=etag)
    assert (same.status, same.body) == (304, None)
    assert same.headers["etag"] == etag

    came = server.client("ben.tran")["session_id"]
    changed = dana.call("GET", "/v1/sessions", If_None_Match=etag)
    assert changed.status == 200
    assert changed.headers["etag"] != etag
    dana.end(came)
    gone = dana.call("GET", "/v1/sessions", If_None_Match=changed.headers["etag"])
    assert gone.status == 200


def test_the_same_state_is_told_in_the_same_bytes(graham: Client) -> None:
    assert graham.call("GET", "/v1/sessions") == graham.call("GET", "/v1/sessions")


def test_two_callers_have_two_marks(dana: Client, server: DemoServer) -> None:
    other = Client(server, server.client("graham.pell")["access_token"])

    answer = other.call("GET", "/v1/sessions", If_None_Match=dana.call("GET", "/v1/sessions").headers["etag"])

    assert answer.status == 200, "is_current differs, so the lists do"


def test_pages_hold_together_while_sessions_come_and_go(dana: Client, server: DemoServer) -> None:
    before = dana.ids()
    first = dana.call("GET", "/v1/sessions?limit=10").body
    leaving = {first["sessions"][4]["id"], first["sessions"][9]["id"]}
    dana.end_all(*leaving)
    coming = {server.client("ben.tran")["session_id"], server.intruder()}

    seen = [session["id"] for session in first["sessions"]]
    page = first
    path = "/v1/sessions?limit=10"
    while page["next"]:
        path = urljoin(path, page["next"])
        page = dana.call("GET", path).body
        assert len(page["sessions"]) <= 10
        seen += [session["id"] for session in page["sessions"]]

    assert len(seen) == len(set(seen)), "nobody twice"
    assert before - leaving <= set(seen), "nobody missing"
    assert set(seen) <= before | coming


def test_pages_that_follow_carry_no_mark(graham: Client) -> None:
    first = graham.call("GET", "/v1/sessions?limit=20")

    assert "etag" not in graham.call("GET", urljoin("/v1/sessions", first.body["next"])).headers


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=%C2%B2", "limit=9999999999", "cursor=x", "cursor=%F0"],
)
def test_a_senseless_page_is_a_problem(graham: Client, query: str) -> None:
    answer = graham.call("GET", f"/v1/sessions?{query}")

    assert (answer.status, answer.code) == (400, "invalid-request")


def test_staff_may_not_look_and_the_viewer_may(server: DemoServer) -> None:
    sam = Client(server, server.client("sam.okafor")["access_token"])
    assert (sam.call("GET", "/v1/sessions").status, sam.call("GET", "/v1/sessions").code) == (
        403,
        "not-allowed",
    )

    viewer = Client(server)
    viewer.password("viewer", "look-but-do-not-touch")
    assert len(viewer.sessions()) == 25
    assert viewer.me().body["may_end"] is False


def test_a_large_world_is_listed_in_full() -> None:
    with DemoServer(*STILL, "--people", "1200", "--sessions", "2000") as large:
        graham = Client(large, large.client("graham.pell")["access_token"])
        assert len(graham.ids()) == 2001


def test_discovery_tells_where_everything_is(shared: DemoServer) -> None:
    document = Client(shared).call("GET", "/.well-known/sessionconsole").body

    assert document["name"] == "Harbour & Reef Tours"
    assert document["revocation_delay"] == 0
    assert all(link.startswith("/v1/") for link in document["links"].values())
    assert [office["name"] for office in document["offices"]] == ["Cairns office", "Port Douglas office"]


def test_what_is_not_there_is_a_problem_too(graham: Client) -> None:
    assert graham.call("GET", "/v1/elsewhere").code == "not-found"
    assert graham.call("PUT", "/v1/me").code == "method-not-allowed"
