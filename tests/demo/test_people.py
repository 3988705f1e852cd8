"""Everybody on the platform, and what each is signed in with."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.demo.client import Client, following
from tests.servers import DemoServer


def everybody(client: Client, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path: str | None = f"/v1/people?limit={limit}"
    while path:
        page = client.call("GET", path)
        assert page.status == 200, page
        found += page.body["people"]
        path = following(path, page.body["next"])
    return found


def test_everybody_is_there_once_with_as_many_sessions_as_are_listed(graham: Client) -> None:
    listed = [session["account"] for session in graham.sessions()]

    people = everybody(graham, limit=4)

    assert len(people) == len({person["account"] for person in people}) == 16
    assert {p["account"]: p["session_count"] for p in people if p["session_count"]} == {
        account: listed.count(account) for account in set(listed)
    }


def test_the_sessions_of_one_are_those_of_the_whole_list(graham: Client) -> None:
    wanted = [session for session in graham.sessions() if session["account"] == "maria.santos"]

    found: list[dict[str, Any]] = []
    path: str | None = "/v1/people/maria.santos/sessions?limit=2"
    while path:
        page = graham.call("GET", path).body
        found += page["sessions"]
        path = following(path, page["next"])

    assert found == wanted
    assert len(found) == 3


def test_an_ended_session_is_not_counted_any_more(dana: Client, server: DemoServer) -> None:
    victim = server.intruder()
    assert len(dana.call("GET", "/v1/people/maria.santos/sessions").body["sessions"]) == 4
    dana.end(victim)
    assert len(dana.call("GET", "/v1/people/maria.santos/sessions").body["sessions"]) == 3


@pytest.mark.parametrize("account", ["nobody", "ü", "a b", ".."])
def test_nobody_of_that_name_is_a_problem(graham: Client, account: str) -> None:
    assert graham.call("GET", f"/v1/people/{quote(account)}/sessions").code == "not-found"


def test_only_who_may_look_sees_them(server: DemoServer) -> None:
    staff = Client(server, server.client("sam.okafor")["access_token"])
    assert staff.call("GET", "/v1/people").code == "not-allowed"
    assert staff.call("GET", "/v1/people/sam.okafor/sessions").code == "not-allowed"
