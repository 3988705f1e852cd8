"""Connecting a platform by a file: its mistakes, what it says, the dry run, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from sessionconsole.domain.connectors import ConnectorMistakes, FileMistake
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import StoreNotWritable, Unreachable
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.domain.trials import Remark, TrialRemark, TriedCall, TriedList
from tests.fakes.console import CODE, PASSWORD
from tests.robots.window import Robot

FILE = Path("/somewhere/reef-pass.toml")
MISTAKES = ConnectorMistakes(
    "reef-pass.toml",
    [
        FileMistake("sign_in.steps[0].call.path", "password is secret, and would stand in a URL"),
        FileMistake("", "it is not TOML", line=12),
    ],
)
SIGNED_IN = TriedCall(
    call="sign_in.steps[0].call",
    request="POST https://booking.example/login",
    status=200,
    word="ok",
    row=2,
    common=False,
    why="status 200",
    taken={"token": "•••"},
    answer='{"token": "•••"}',
    problem=None,
)
LISTED = TriedList(
    (LoginSession(Handle("reef:1"), Person("maria.santos", "Maria Santos"), ip="203.0.113.7"),),
    12,
    {"ip": 12, "place": 0},
)


@pytest.fixture
def it(newcomer: Robot) -> Iterator[Robot]:
    """The person who has the file, where it is asked for."""
    newcomer.presses("Another kind of platform…")
    newcomer.presses("Connect another platform…")
    newcomer.sees("Connect another platform", "Choose a file…")
    yield newcomer
    newcomer.shell.connecting.stop()


def fills_in(robot: Robot, *, measure: bool = False) -> None:
    robot.types("Address", "booking.example")
    robot.types("Short name of the organizer", "reef")
    robot.types("Key of the organizer", "k-1")
    robot.types("User name", "dana@example.com")
    robot.types("Password", PASSWORD)
    if measure:
        robot.presses("End a test session of my own to measure")


def tries(robot: Robot, *, measure: bool = False) -> None:
    robot.drops(FILE)
    robot.sees("Reef Pass")
    fills_in(robot, measure=measure)
    robot.presses("Try it")
    robot.qtbot.waitUntil(lambda: robot.console.connecting.running)


def test_a_file_is_chosen_in_a_dialog_that_nothing_waits_for(it: Robot, tmp_path: Path) -> None:
    chosen = tmp_path / "reef-pass.toml"
    chosen.write_text("")
    it.presses("Choose a file…")
    dialog = it.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(chosen))
    dialog.reject()

    it.sees("Reef Pass", "reef-pass.toml has no mistakes.")


def test_every_mistake_is_shown_with_its_place_and_can_be_mended_meanwhile(it: Robot) -> None:
    good = it.console.connecting.says
    it.console.connecting.says = MISTAKES
    it.drops(FILE)

    it.sees("2 mistakes in reef-pass.toml", "sign_in.steps[0].call.path", "Line 12", "it is not TOML")
    it.sees("password is secret, and would stand in a URL")

    it.console.connecting.says = good
    it.presses("Check again")
    it.sees("Reef Pass", "Try it")
    it.does_not_see("2 mistakes")


def test_a_good_file_says_what_it_is_and_what_the_platform_cannot_do(it: Robot) -> None:
    it.drops(FILE)

    it.sees(
        "Reef Pass",
        "written from the maker's published specification",
        "An ended session may still work for up to 5 minutes.",
        "It does not tell the place, the network",
        "Sessions of the mobile app are not on the list.",
        "E-mail address",
        "PIN",
    )
    assert it.field("Key of the organizer").echoMode() is QLineEdit.EchoMode.Password


def test_the_dry_run_is_shown_call_by_call_and_the_file_is_kept_and_used(it: Robot) -> None:
    tries(it, measure=True)
    (wish,) = it.console.connecting.wishes
    assert (wish.address, wish.username, wish.password) == ("booking.example", "dana@example.com", PASSWORD)
    assert wish.variables == {"organizer": "reef", "key": "k-1"}
    assert wish.end_own_test_session
    it.console.connecting.tell(SIGNED_IN)
    it.sees(
        "sign_in.steps[0].call", "200: ok", "Row 2 of its outcomes matched: status 200.", "Took token = •••"
    )
    it.console.connecting.tell(SIGNED_IN, SIGNED_IN)
    it.sees("3 times")
    it.console.connecting.tell(LISTED, TrialRemark(Remark.NOTE, "No session tells its device.", "Map it."))
    it.sees("12 sessions. Of these tell: IP address 12, place 0.", "Maria Santos", "203.0.113.7")
    it.sees("Note: No session tells its device.", "Map it.", "Cancel")

    it.console.connecting.end()
    it.sees("Nothing is wrong with it, as far as this run can tell.")
    it.presses("Use this platform")

    it.sees("Sign in", "Kind of platform")
    assert it.console.connecting.kept == [FILE]
    assert it.field("Address").text() == "booking.example"
    assert it.field("User name").text() == "dana@example.com"
    assert it.field("Short name of the organizer").text() == "reef"
    assert it.field("Password").text() == ""
    it.types("Password", PASSWORD)
    it.presses("Sign in")
    it.sees("One more step")
    assert it.console.signing_in.chosen == [("reef-pass", {"organizer": "reef", "key": "k-1"})]


def test_what_is_wrong_is_told_with_what_to_do_and_tried_again_with_the_mended_file(it: Robot) -> None:
    tries(it)
    empty = TrialRemark(Remark.WRONG, "The list is empty.", "Look at list.items.")
    it.console.connecting.tell(LISTED, empty)
    it.console.connecting.end(good=False)
    it.sees("Wrong: The list is empty.", "Look at list.items.", "Something is wrong")
    assert it.focus is it.button("Try again")

    it.presses("Try again")
    it.qtbot.waitUntil(lambda: len(it.console.connecting.wishes) == 2)
    it.does_not_see("Wrong: The list is empty.")


def test_a_file_that_was_broken_meanwhile_shows_its_mistakes(it: Robot) -> None:
    tries(it)
    it.console.connecting.end(good=False)
    it.console.connecting.says = MISTAKES
    it.presses("Try again")

    it.sees("2 mistakes in reef-pass.toml")
    assert len(it.console.connecting.wishes) == 1


def test_what_could_not_even_be_listed_is_not_offered(it: Robot) -> None:
    tries(it)
    it.console.connecting.tell(SIGNED_IN)
    it.console.connecting.end(good=False)

    it.sees("Something is wrong", "Try again")
    it.does_not_see("Use this platform")


def test_cancel_breaks_it_off_and_leads_back_to_the_fields(it: Robot) -> None:
    tries(it)
    it.presses("Cancel")

    it.sees("Try it")
    it.qtbot.waitUntil(lambda: it.console.connecting.broken_off)
    assert it.field("Password").text() == PASSWORD


def test_a_code_is_asked_for_in_its_place(it: Robot) -> None:
    tries(it)
    it.console.connecting.ask(FactorMethod.TOTP, FactorMethod.RECOVERY_CODE, FactorMethod.MAILED_CODE)
    it.sees("Enter the 6-digit code from your authenticator app.")
    assert it.focus is it.field("Code")
    it.types("Code", f"{CODE[:3]} {CODE[3:]}")
    it.presses("Go on")
    it.does_not_see("Enter the 6-digit code")

    it.console.connecting.ask(FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
    it.sees("Each code works once")
    it.presses("Use a recovery code")
    it.types("Code", "aaaa-bbbb")
    it.presses("Go on")
    it.console.connecting.ask(FactorMethod.MAILED_CODE)
    it.sees("Enter the code that the booking platform has sent you.")
    it.presses("Go on without")

    it.qtbot.waitUntil(lambda: len(it.console.connecting.codes) == 3)
    assert it.console.connecting.codes == [
        (FactorMethod.TOTP, CODE),
        (FactorMethod.RECOVERY_CODE, "aaaa-bbbb"),
        None,
    ]


def test_a_platform_that_cannot_be_reached_leads_back_with_the_reason(it: Robot) -> None:
    it.drops(FILE)
    fills_in(it)
    it.console.connecting.trouble = Unreachable()
    it.presses("Try it")

    it.sees(Unreachable.default_message, "Try it")


def test_a_file_that_cannot_be_kept_says_why(it: Robot) -> None:
    tries(it)
    it.console.connecting.tell(LISTED)
    it.console.connecting.end()
    it.console.connecting.trouble = StoreNotWritable()
    it.presses("Use this platform")

    it.sees(StoreNotWritable.default_message)


def test_what_is_missing_is_asked_for_before_anything_is_tried(it: Robot) -> None:
    it.drops(FILE)
    it.types("Address", "booking.example")
    it.presses("Try it")

    it.sees("Enter Short name of the organizer, such as harbour.")
    assert it.console.connecting.wishes == []


def test_back_keeps_nothing_that_was_typed(it: Robot) -> None:
    it.drops(FILE)
    fills_in(it)
    it.presses("Back")

    it.sees("Use your account on the booking platform.")
    assert it.shell.connecting.file.password.text() == ""


def test_a_file_may_be_dropped_on_the_sign_in_and_nothing_else(newcomer: Robot) -> None:
    newcomer.drops(Path("/somewhere/holiday.jpg"))
    newcomer.sees("Use your account on the booking platform.")
    newcomer.drops(FILE)

    newcomer.sees("reef-pass.toml has no mistakes.")
    newcomer.shell.connecting.stop()
