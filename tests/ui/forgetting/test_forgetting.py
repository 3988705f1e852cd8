"""Forgetting a person, as a user does it: from the row's menu and from the details, after a question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.sessions import Person
from sessionconsole.ui.console import Forgetting
from sessionconsole.ui.forgetting.words import forgotten, title, what_happens
from tests.fakes.console import ABOUT
from tests.robots.window import Robot

MARIA = Person("maria.santos", "Maria Santos")


def test_the_details_offer_it_and_the_question_says_what_goes_and_what_stays(robot: Robot) -> None:
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.presses("Forget this person")

    robot.waits_for_question(
        "Forget Maria Santos (maria.santos)?",
        "Removed from this computer: their sessions in the newest and all earlier lists, orders about them",
        "Not removed: orders that still wait",
        "No session is ended.",
        "Maria Santos has 2 sessions on the list now. What is listed then is stored again with the next reading.",
    )
    assert not robot.console.forgetting.gone, "nothing before the yes"
    robot.presses("Forget")

    robot.says("Removed what was stored of Maria Santos: from 3 lists, 1 order.")
    robot.says("Still on the list, so the next reading stores them again.")
    assert robot.console.forgetting.gone == [(ABOUT.name, "maria.santos")]


@pytest.mark.parametrize("no", ["Cancel", "Escape"])
def test_who_thinks_better_of_it_removes_nothing(robot: Robot, no: str) -> None:
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.presses("Forget this person")
    robot.waits_for_question("Forget Maria Santos")
    if no == "Cancel":
        robot.presses(no)
    else:
        robot.key(Qt.Key.Key_Escape, on=robot.dialog)

    robot.qtbot.waitUntil(lambda: robot.dialog is None)
    robot.settles()
    assert not robot.console.forgetting.gone
    assert "Removed" not in robot.status


def test_what_cannot_be_removed_is_said(robot: Robot) -> None:
    robot.console.forgetting.problem = StoreNotWritable()
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.presses("Forget this person")
    robot.waits_for_question("Forget Maria Santos")
    robot.presses("Forget")

    robot.says(StoreNotWritable.default_message)


def test_the_session_that_is_gone_meanwhile_is_no_reason_not_to_forget(robot: Robot) -> None:
    robot.picks("Sam Okafor")
    robot.presses("Forget this person")
    robot.waits_for_question("Forget Sam Okafor")
    watching = robot.console.watching
    watching.show([row for row in watching.state.value.rows if row.session.person.account != "sam.okafor"])
    robot.presses("Forget")

    robot.says("Removed what was stored of Sam Okafor: from 3 lists, 1 order.")
    assert "Still on the list" not in robot.status


def test_the_words_for_oneself_for_somebody_gone_and_for_what_waits() -> None:
    assert title(Person("bot", None)) == "Forget bot?"
    assert "You are signed in with this account" in " ".join(what_happens(MARIA, listed=1, is_me=True))
    assert "Maria Santos has 1 session on the list now." in what_happens(MARIA, listed=1, is_me=False)[-1]
    assert what_happens(MARIA, listed=0, is_me=False)[-1].startswith("Should they be on the list again")
    assert forgotten(MARIA, Forgotten(), listed=0).text == (
        "Removed what was stored of Maria Santos: there was nothing."
    )
    told = forgotten(MARIA, Forgotten(lists=1, orders=2, verdicts=1, waiting=2), listed=0).text
    assert told == (
        "Removed what was stored of Maria Santos: from 1 list, 2 orders, 1 answer. 2 orders that wait are kept."
    )


def test_a_name_that_turns_its_neighbours_around_turns_nothing() -> None:
    hostile = replace(MARIA, name="\u202eadmin\u202c")
    for text in (title(hostile), *what_happens(hostile, listed=1, is_me=False)):
        assert "\u202e" not in text


def test_the_fake_keeps_the_shape_of_the_real_one(robot: Robot) -> None:
    forgetting: Forgetting = robot.console.forgetting
    assert forgetting is robot.console.forgetting
