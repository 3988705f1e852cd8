"""`outbox`: showing, sending and taking back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessionconsole.domain.errors import KeyringLocked, Unreachable
from sessionconsole.domain.orders import OrderState
from sessionconsole.vault.memory_vault import MemoryVault
from tests.cli.desk import Desk
from tests.fakes.platform import session
from tests.helpers import run

STRANGER = session("stranger").handle
SAM = session("sam").handle


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """Two orders were given without network; the network is back."""
    desk.run("list")
    desk.operator.fail("open", Unreachable())
    assert desk.run("end", STRANGER, SAM, "--yes", "--offline-queue").code == 4
    return desk


def test_an_empty_outbox(desk: Desk) -> None:
    ran = desk.run("outbox", "--json")

    assert (ran.code, ran.json) == (0, {"orders": []})
    assert desk.run("outbox").out == "No orders.\n"


def test_an_order_as_json_has_the_promised_shape(waiting: Desk) -> None:
    order = waiting.run("outbox", "--json").json["orders"][0]

    assert order.pop("order")
    assert order == {
        "session": STRANGER,
        "platform": "harbour",
        "person": {"account": "maria.santos", "name": "Maria Santos"},
        "device": {"type": "desktop", "os": "Windows 11", "browser": "Chrome", "app": None, "name": None},
        "ordered_at": "2026-11-24T09:00:00Z",
        "state": "queued",
        "outcome": None,
        "code": None,
        "detail": None,
    }


def test_sending_gives_the_results_and_asks_no_second_time_for_old_orders(waiting: Desk) -> None:
    waiting.clock.advance(3600)

    ran = waiting.run("outbox", "send", "--yes", "--json")

    assert (ran.code, ran.outcomes) == (0, ["proved-gone", "proved-gone"])
    assert waiting.operator.effects == {STRANGER: 1, SAM: 1}


def test_sending_asks_people_first(waiting: Desk) -> None:
    assert waiting.run("outbox", "send", person=["n"]).code == 1
    assert waiting.operator.effects == {}
    assert waiting.run("outbox", "send").code == 2
    assert waiting.run("outbox", "send", person=["y"]).code == 0


def test_sending_without_network_leaves_the_orders_queued(waiting: Desk) -> None:
    waiting.operator.fail("open", Unreachable(), times=9)

    ran = waiting.run("outbox", "send", "--yes", "--json")

    assert (ran.code, ran.outcomes) == (4, ["queued", "queued"])


def test_sending_lets_go_what_a_window_left_held(waiting: Desk) -> None:
    for order in list(run(waiting.store.outbox.orders())):
        run(waiting.store.outbox.change(replace(order, state=OrderState.HELD), expected=OrderState.QUEUED))

    assert waiting.run("outbox", "send", "--yes", "--json").outcomes == ["proved-gone", "proved-gone"]


def test_orders_of_another_sign_in_are_left_alone(waiting: Desk) -> None:
    for order in list(run(waiting.store.outbox.orders())):
        run(waiting.store.outbox.change(replace(order, account="somebody.else"), expected=order.state))

    ran = waiting.run("outbox", "send", "--yes", "--json")

    assert (ran.code, ran.json) == (0, {"results": []})
    assert "2 of the orders that wait were given under another sign-in" in ran.err
    assert waiting.operator.effects == {}


def test_sending_needs_a_sign_in() -> None:
    assert Desk().run("outbox", "send", "--yes").code == 3


def test_an_order_is_taken_back(waiting: Desk) -> None:
    first, second = (order["order"] for order in waiting.run("outbox", "--json").json["orders"])

    ran = waiting.run("outbox", "withdraw", first, "--json")

    assert ran.code == 0
    assert [(order["order"], order["state"], order["outcome"]) for order in ran.json["orders"]] == [
        (first, "withdrawn", "withdrawn")
    ]
    assert waiting.run("outbox", "send", "--yes", "--json").outcomes == ["proved-gone"]
    late = waiting.run("outbox", "withdraw", first, second)
    assert late.code == 5
    assert "cannot be taken back" in late.err
    assert waiting.run("outbox", "withdraw", second).code == 1


def test_an_order_that_does_not_exist_is_exit_2(waiting: Desk) -> None:
    ran = waiting.run("outbox", "withdraw", "nonsense", "--json")

    assert ran.code == 2
    assert ran.json["error"]["code"] == "usage"


def test_an_outbox_that_cannot_be_read_is_not_called_empty() -> None:
    desk = Desk(vault=MemoryVault())
    desk.notices = (KeyringLocked(),)

    ran = desk.run("outbox", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "keyring-locked"
