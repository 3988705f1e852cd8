"""A hundred thousand sessions: all of them are paged, and the world moves on in slices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.operator import AT_ONCE, Operator
from sessionconsole.demo.options import read
from tests.demo.client import Client, following, second_manager
from tests.servers import DemoServer

MANY = 100_000


@pytest.fixture(scope="module")
def large() -> Iterator[DemoServer]:
    with DemoServer("--sessions", str(MANY)) as running:
        yield running
    assert running.errors == ""


@pytest.mark.slow
def test_all_of_them_are_paged(large: DemoServer) -> None:
    client = second_manager(large)
    found: set[str] = set()
    path: str | None = "/v1/sessions?limit=1000"
    while path:
        page = client.raw("GET", path)
        found |= {session["id"] for session in page.body["sessions"]}
        path = following(path, page.body["next"])
    assert len(found) > 0.99 * MANY, "some came and went meanwhile"


@pytest.mark.slow
def test_a_world_that_has_much_to_catch_up_answers_meanwhile(large: DemoServer) -> None:
    client = second_manager(large)
    large.advance(120)
    assert client.raw("GET", "/v1/sessions?limit=10").status == 200


def test_the_world_is_moved_on_in_slices_and_misses_nothing() -> None:
    def world() -> Operator:
        return Operator(read(["--sessions", "3000"]), WorldClock(1_795_485_780.0, scale=0))

    at_once, in_slices = world(), world()
    at_once.clock.advance(2 * 3600)
    in_slices.clock.advance(2 * 3600)
    assert at_once.catch_up()
    slices = 1
    while not in_slices.catch_up(0.0):
        slices += 1

    assert slices > 1000
    assert list(in_slices.register) == list(at_once.register)
    assert AT_ONCE < 0.1, "what a call spends on it is not noticed"


def test_the_list_of_one_person_is_found_among_many() -> None:
    with DemoServer("--time-scale", "0", "--sessions", "5000", "--people", "5") as crowded:
        client = Client(crowded, crowded.client("dana.whitlock")["access_token"])
        people = client.call("GET", "/v1/people").body["people"]
        assert sum(person["session_count"] for person in people) == 5001
