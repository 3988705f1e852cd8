"""`end` for many at once: what stays, what was not used for long, and what is told meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.sparing import SparedDevice
from tests.cli.desk import Desk
from tests.fakes.platform import ABOUT, SAM, START, session
from tests.helpers import run

TABLET = session("tablet", person=SAM)
OLD = session("old", last_active_at=START - timedelta(days=40))
UNTOLD = session("untold", last_active_at=None)


@pytest.fixture
def lobby(desk: Desk) -> Desk:
    """The desk with a tablet that is never ended in bulk, an old session, and one whose last use is not told."""
    for each in (TABLET, OLD, UNTOLD):
        desk.operator.appear(each)
    spares(desk, TABLET)
    return desk


def spares(desk: Desk, one: LoginSession) -> None:
    """Mark it, as the window does."""
    run(desk.store.spared.spare(SparedDevice.of(one, ABOUT, START)))


def ended(desk: Desk) -> set[str]:
    """What really ended on the platform."""
    return {handle.split(":")[1] for handle, count in desk.operator.effects.items() if count}


def test_others_leaves_what_is_never_ended_in_bulk_and_names_it(lobby: Desk) -> None:
    ran = lobby.run("end", "--others", "--yes", "--json")

    assert ran.code == 0
    assert ended(lobby) >= {"old", "untold"}
    assert "tablet" not in ended(lobby)
    assert "never ended in bulk" in ran.err
    assert f"({TABLET.handle})" in ran.err
    assert TABLET.handle not in {result["id"] for result in ran.json["results"]}


def test_of_a_person_it_stays_too_and_its_handle_ends_it(lobby: Desk) -> None:
    lobby.run("end", "--person", SAM.account, "--yes")
    assert "tablet" not in ended(lobby)

    assert lobby.run("end", TABLET.handle, "--yes").code == 0
    assert "tablet" in ended(lobby)


def test_a_person_of_whom_only_that_is_listed_has_nothing_to_end(desk: Desk) -> None:
    desk.operator.sessions.clear()
    desk.operator.admit()
    desk.sign_in()
    desk.operator.appear(TABLET)
    spares(desk, TABLET)
    ran = desk.run("end", "--person", SAM.account, "--yes")
    assert ran.code == 0
    assert "There is no session to end." in ran.err
    assert ended(desk) == set()


def test_idle_days_ends_what_was_not_used_for_longer_and_leaves_what_is_not_told(lobby: Desk) -> None:
    ran = lobby.run("end", "--idle-days", "30", "--yes", "--json")

    assert ran.code == 0
    assert ended(lobby) == {"old"}
    assert "does not tell when they were last used" in ran.err
    assert UNTOLD.handle in ran.err


@pytest.mark.parametrize("days", ["0", "-3", "2.5", "many", "4000"])
def test_idle_days_is_a_sensible_number(desk: Desk, days: str) -> None:
    ran = desk.run("end", f"--idle-days={days}", "--yes")
    assert ran.code == 2
    assert "whole number" in ran.err


def test_it_is_one_way_to_say_what_is_meant_of_several(desk: Desk) -> None:
    assert desk.run("end", "--others", "--idle-days", "3", "--yes").code == 2


def test_the_question_shows_what_ends_after_what_stays(lobby: Desk) -> None:
    ran = lobby.run("end", "--idle-days", "30", person=["n"])
    assert ran.err.index("These stay") < ran.err.index("This will end:")
    assert ended(lobby) == set()


def test_of_more_than_twenty_it_is_told_how_far_they_are(desk: Desk) -> None:
    crowd = [session(f"guest{number}") for number in range(40)]
    for each in crowd:
        desk.operator.appear(each)
    desk.operator.refused.add(crowd[0].handle)
    ran = desk.run("end", "--others", "--yes", "--json")

    assert ran.code == 5
    assert "seen to be gone; 1 refused" in ran.err
    assert 2 <= len(ran.err.splitlines()) <= 25, "now and then, not for each"


def test_of_a_few_nothing_is_told_on_the_way(lobby: Desk) -> None:
    assert "sent" not in lobby.run("end", OLD.handle, "--yes").err


def test_what_was_marked_in_an_earlier_sign_in_of_the_same_device_stays(desk: Desk) -> None:
    spares(desk, replace(TABLET, handle=session("gone").handle))
    desk.operator.appear(replace(TABLET, signed_in_at=START + timedelta(hours=1)))
    desk.clock.advance(7200)
    desk.run("end", "--others", "--yes")
    assert "tablet" not in ended(desk)
