"""`forget --person`: asks, matches as `end --person` does, and says what was removed and what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sessionconsole.domain.errors import KeyringReplaced, StoreNotWritable
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Person
from tests.builders import NOW, an_order
from tests.cli.desk import Desk
from tests.helpers import run

MARIA = Person("maria.santos", "Maria Santos")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A list is stored, and of Maria an order that is done and one that waits."""
    desk.run("list")
    latest = run(desk.store.lists.latest(desk_platform(desk)))
    assert latest is not None
    theirs = next(each for each in latest[1].sessions if each.person.account == MARIA.account)
    done = an_order(theirs, OrderState.SETTLED, settled_at=desk.clock.now(), outcome=Outcome.PROVED_GONE)
    waiting = an_order(theirs, OrderState.QUEUED, id="waiting")
    for order in (done, waiting):
        run(desk.store.outbox.add(replace(order, platform=latest[1].platform, ordered_at=NOW)))
    return desk


def desk_platform(desk: Desk) -> str:
    (platform,) = run(desk.store.people.stored())
    return platform


def accounts(desk: Desk) -> set[str]:
    return {person.account for person in run(desk.store.people.stored())[desk_platform(desk)]}


def test_what_is_stored_of_a_person_is_removed_and_told(desk: Desk) -> None:
    ran = desk.run("forget", "--person", "maria santos", "--yes")

    assert ran.code == 0
    assert "What was stored of Maria Santos was removed: from 1 list, with 1 order and 0 answers." in ran.err
    assert "1 order that waits is kept" in ran.err
    assert "A list that is read from the platform again shows whoever is logged in there" in ran.err
    assert MARIA.account not in {
        person["person"]["account"] for person in desk.run("list", "--offline", "--json").json["sessions"]
    }
    assert [order["order"] for order in desk.run("outbox", "--json").json["orders"]] == ["waiting"]


def test_the_next_list_shows_them_again(desk: Desk) -> None:
    desk.run("forget", "--person", "maria.santos", "--yes")

    assert "Maria Santos" in desk.run("list").out


def test_it_asks_first(desk: Desk) -> None:
    assert desk.run("forget", "--person", "maria.santos").code == 2
    ran = desk.run("forget", "--person", "maria.santos", person=["n"])

    assert ran.code == 1
    assert "Remove what is stored of Maria Santos (maria.santos, " in ran.err
    assert MARIA.account in accounts(desk)
    assert desk.run("forget", "--person", "maria.santos", person=["y"]).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--person", "nobody", "--yes"),
        ("--person", "maria.santos", "--platform", "another", "--yes"),
        ("--person", "maria.santos", "--all", "--yes"),
        ("--yes",),
    ],
)
def test_what_is_not_clear_removes_nothing(desk: Desk, words: tuple[str, ...]) -> None:
    before = accounts(desk)

    assert desk.run("forget", *words).code == 2
    assert accounts(desk) == before
    assert not desk.forgotten


def test_the_same_account_on_two_platforms_wants_the_platform(desk: Desk) -> None:
    run(desk.store.outbox.add(an_order(platform="another", id="elsewhere")))

    ran = desk.run("forget", "--person", "maria.santos", "--yes")
    assert ran.code == 2
    assert "Give --platform" in ran.err
    assert desk.run("forget", "--person", "maria.santos", "--platform", "another", "--yes").code == 0


@pytest.mark.parametrize("problem", [KeyringReplaced(), StoreNotWritable()])
def test_where_the_store_cannot_be_used_that_is_said(desk: Desk, problem: Exception) -> None:
    desk.notices = (problem,)  # type: ignore[assignment]
    desk.vault.kept = False  # type: ignore[misc]

    assert desk.run("forget", "--person", "maria.santos", "--yes").code == 1


def test_files_that_were_set_aside_are_named(desk: Desk, tmp_path: Path) -> None:
    desk.places = {"store": tmp_path / "console.db"}
    (tmp_path / "console-damaged-20261125T040310Z.db").touch()

    ran = desk.run("forget", "--person", "maria.santos", "--yes")

    assert "not searched" in ran.err
    assert "console-damaged-20261125T040310Z.db" in ran.err
