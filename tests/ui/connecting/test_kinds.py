"""Choosing of which kind a platform is, at the sign-in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit

from sessionconsole.domain.errors import NotAPlatform, WrongUse
from sessionconsole.services.signing_in import SignInState, Stage
from tests.fakes.connecting import REEF_PASS
from tests.fakes.console import PASSWORD
from tests.robots.window import Robot

ADDRESS = "booking.example"
KIND = "Kind of platform"
REEF_PASS_ITEM = "Reef Pass (your file)"


def test_an_address_alone_is_enough_and_nobody_is_asked_for_the_kind(newcomer: Robot) -> None:
    newcomer.does_not_see(KIND)
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)

    newcomer.sees("One more step")
    assert newcomer.console.signing_in.chosen == [(None, {})]


def test_the_kind_is_offered_where_nothing_that_is_known_answers(newcomer: Robot) -> None:
    newcomer.console.signing_in.trouble = NotAPlatform()
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)

    newcomer.sees("Check the address, or choose the kind of platform below it.", KIND)
    newcomer.console.signing_in.trouble = None
    newcomer.chooses(KIND, "Synapse (Matrix)")
    newcomer.presses("Sign in")

    newcomer.sees("One more step")
    assert newcomer.console.signing_in.chosen[-1] == ("synapse", {})


def test_a_chosen_kind_shows_its_labels_its_help_and_what_it_asks_for(newcomer: Robot) -> None:
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)

    newcomer.sees("E-mail address", "PIN", "Ask the head office", "It stands in the address.")
    assert newcomer.field("Short name of the organizer").placeholderText() == "harbour"
    assert newcomer.field("Key of the organizer").echoMode() is QLineEdit.EchoMode.Password
    newcomer.types("Short name of the organizer", "reef")
    newcomer.types("Key of the organizer", "k-1")
    newcomer.signs_in(ADDRESS, "dana@example.com", PASSWORD)

    newcomer.sees("One more step")
    assert newcomer.console.signing_in.chosen == [("reef-pass", {"organizer": "reef", "key": "k-1"})]


def test_what_is_asked_for_and_left_empty_is_said(newcomer: Robot) -> None:
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)
    newcomer.signs_in(ADDRESS, "dana@example.com", PASSWORD)

    newcomer.sees("Enter Short name of the organizer, such as harbour.")
    assert newcomer.focus is newcomer.field("Short name of the organizer")
    assert newcomer.console.signing_in.asked == []


def test_what_the_file_does_not_take_is_marked_in_its_own_field(newcomer: Robot) -> None:
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)
    newcomer.types("Short name of the organizer", "not so")
    newcomer.types("Key of the organizer", "k-1")
    newcomer.console.signing_in.trouble = WrongUse("Short name of the organizer is not as it should be.")
    newcomer.signs_in(ADDRESS, "dana@example.com", PASSWORD)

    newcomer.sees("is not as it should be")
    newcomer.qtbot.waitUntil(newcomer.field("Short name of the organizer").isEnabled)
    assert newcomer.focus is newcomer.field("Short name of the organizer")


def test_who_chooses_again_that_the_address_tells_it_is_asked_for_nothing_more(newcomer: Robot) -> None:
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)
    newcomer.chooses(KIND, "Found by its address")

    newcomer.does_not_see("Short name of the organizer")
    newcomer.sees("User name", "Password")


def test_a_label_that_is_the_name_of_another_field_does_not_take_its_place(newcomer: Robot) -> None:
    first, *_ = REEF_PASS.asks
    posing = replace(REEF_PASS, asks=(replace(first, label="Password"),))
    newcomer.console.connecting.known = [posing]
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)

    assert newcomer.field("Password") is newcomer.shell.sign_in.password
    assert newcomer.field("Password (organizer)").isVisible()


def test_a_password_that_has_to_be_kept_is_said_to_be_kept(newcomer: Robot) -> None:
    newcomer.console.connecting.known = [replace(REEF_PASS, keeps_password=True)]
    newcomer.sees("Your password is never stored.")
    newcomer.presses("Another kind of platform…")
    newcomer.chooses(KIND, REEF_PASS_ITEM)

    newcomer.sees("it is kept, in this computer's password store")
    newcomer.does_not_see("Your password is never stored.")


@pytest.mark.parametrize("found", [True, False])
def test_after_signing_out_the_kind_is_there_where_the_address_does_not_tell_it(
    robot: Robot, *, found: bool
) -> None:
    robot.console.connecting.known = [replace(REEF_PASS, found_by_address=found)]
    robot.console.signing_in.state.set(
        SignInState(
            Stage.SIGNED_OUT,
            last_address=ADDRESS,
            last_username="dana@example.com",
            last_connector="reef-pass",
            last_variables={"organizer": "reef"},
        )
    )
    robot.sees("Sign in", ADDRESS)
    robot.settles()

    if found:
        robot.does_not_see(KIND)
        return
    robot.sees(KIND, "reef")
    robot.types("Key of the organizer", "k-1")
    robot.types("Password", PASSWORD)
    robot.presses("Sign in")
    robot.qtbot.waitUntil(lambda: bool(robot.console.signing_in.chosen))
    assert robot.console.signing_in.chosen == [("reef-pass", {"organizer": "reef", "key": "k-1"})]
