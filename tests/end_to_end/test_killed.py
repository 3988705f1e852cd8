"""kill -9 while an order is on its way: nothing is lost, and the platform counts one effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.processes import Line, Process, effects, home_with_keyring, journal_of, signed_in
from tests.servers import DemoServer

PERSON = "maria.santos"

pytestmark = pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    with home_with_keyring(tmp_path) as environment:
        yield environment


BOUNDARIES: dict[str, Callable[[Line], bool]] = {
    "held": lambda line: line["state"] == "held",
    "queued": lambda line: line["state"] == "queued",
    "sent": lambda line: line["state"] == "sent",
    "accepted": lambda line: line["accepted"],
}


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_killed_at_each_boundary_the_order_has_one_effect(home: dict[str, str], boundary: str) -> None:
    with DemoServer("--latency", "150") as server:
        signed_in(home, server)
        first = Process(home, "end", PERSON)
        killed_at = first.until(BOUNDARIES[boundary])
        first.killed()

        second = Process(home, "go-on")
        settled = second.until(lambda line: line["state"] == "settled")
        second.ends()

        assert settled["order"] == killed_at["order"]
        assert settled["outcome"] in ("proved-gone", "already-gone")
        assert effects(server) == [1]
        assert journal_of(home) == ["sign-in", "order", "result"]


def test_a_held_order_shows_a_fresh_undo_after_the_crash(home: dict[str, str]) -> None:
    with DemoServer() as server:
        signed_in(home, server)
        first = Process(home, "end", PERSON)
        first.until(BOUNDARIES["held"])
        first.killed()

        second = Process(home, "go-on")
        again = second.until(lambda _: True)
        assert (again["state"], again["undo"]) == ("held", True)
        second.until(lambda line: line["outcome"] == "proved-gone")
        second.ends()
        assert effects(server) == [1]


def test_killed_while_the_answer_drips_the_list_is_read_and_nothing_is_sent_again(
    home: dict[str, str],
) -> None:
    with DemoServer() as server:
        signed_in(home, server)
        server.fault("DELETE /v1/sessions", "slow-drip")
        first = Process(home, "end", PERSON)
        first.until(BOUNDARIES["sent"])
        while not effects(server):
            pass  # the platform has done it, and its answer is still on the way
        first.killed()

        second = Process(home, "go-on")
        settled = second.until(lambda line: line["state"] == "settled")
        second.ends()

        assert settled["outcome"] == "proved-gone"
        assert effects(server) == [1]
        assert server.effects()["end_requests"] == 1
