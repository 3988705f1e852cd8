"""Signing in, as a user does it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    AnswerLost,
    CertificateProblem,
    KeyringMissing,
    NotAPlatform,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    StoreDamaged,
    TooManyTries,
    Unreachable,
    WrongUse,
)
from sessionconsole.services.states import Link
from sessionconsole.ui.console import SigningIn
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.signing_in.words import NO_KIND, NO_PLATFORM, UNREACHABLE
from tests.fakes.console import CODE, PASSWORD, RECOVERY_CODE, FakeConsole
from tests.robots.window import Robot

ADDRESS = "booking.example"


def _red(robot: Robot) -> list[str]:
    """The names of the fields that are marked as wrong."""
    fields = robot.window.findChildren(QLineEdit)
    return [f.accessibleName() for f in fields if f.isVisible() and f.property("level") == "alarm"]


def test_password_and_code_lead_to_the_list(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.gives_code(CODE)

    newcomer.sees("Maria Santos", "Dana Whitlock", "Harbour & Reef Tours")


def test_what_was_signed_out_without_network_is_revoked_whether_anybody_signs_in_or_not(
    newcomer: Robot,
) -> None:
    newcomer.sees("Sign in")

    assert newcomer.console.signing_in.revoking


def test_a_code_may_be_typed_with_a_space(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.gives_code(f"{CODE[:3]} {CODE[3:]}")

    newcomer.sees("Maria Santos")


def test_a_wrong_password_says_what_to_do_and_puts_the_cursor_there(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", "guess")

    newcomer.sees("User name or password is wrong. Check that Caps Lock is off, then try again.")
    newcomer.qtbot.waitUntil(newcomer.field("Password").isEnabled)
    assert newcomer.shell.sign_in.password.selectedText()
    assert newcomer.window.focusWidget() is newcomer.shell.sign_in.password


@pytest.mark.parametrize(
    ("trouble", "field", "said"),
    [
        (NotAPlatform(), "Address", NO_KIND),
        (CertificateProblem(), "Address", str(CertificateProblem())),
        (
            WrongUse("This is not a web address.", "Check it."),
            "Address",
            "This is not a web address. Check it.",
        ),
        (Unreachable(), "Address", UNREACHABLE),
        (AnswerLost(), "Address", UNREACHABLE),
        (
            AnswerLost("The booking platform did not answer.", "The program tries again."),
            "Address",
            UNREACHABLE,
        ),
        (
            AnswerLost("The booking platform has a fault of its own (status 500)."),
            "Address",
            "The booking platform has a fault of its own (status 500). Try again in a few minutes.",
        ),
        (PlatformMisbehaved(), "Address", NO_PLATFORM),
        (
            PlatformMisbehaved("The network wants to be signed in to before it lets anything through."),
            "Address",
            "The network wants to be signed in to before it lets anything through. If you are on a hotel",
        ),
        (RateLimited(), "Address", "it was asked too often. Wait a minute, then try again."),
        (
            RateLimited(retry_after=29.5),
            "Address",
            "it was asked too often. Wait 30 seconds, then try again.",
        ),
        (RateLimited(retry_after=300), "Address", "it was asked too often. Wait 5 minutes, then try again."),
        (TooManyTries(), "Password", str(TooManyTries())),
    ],
)
def test_each_trouble_has_its_own_sentence_and_field(
    newcomer: Robot, trouble: SessionConsoleError, field: str, said: str
) -> None:
    newcomer.console.signing_in.trouble = trouble

    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)

    newcomer.sees(said)
    newcomer.qtbot.waitUntil(newcomer.field(field).isEnabled)
    assert newcomer.window.focusWidget() is newcomer.field(field)
    assert _red(newcomer) == [field]


def test_what_is_wrong_now_is_marked_and_not_what_was_wrong_before(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", "guess")
    newcomer.sees("User name or password is wrong.")
    newcomer.console.signing_in.trouble = NotAPlatform()
    newcomer.presses("Sign in")

    newcomer.sees(NO_KIND)
    assert _red(newcomer) == ["Address"]


def test_what_is_missing_is_asked_for_before_anything_is_sent(newcomer: Robot) -> None:
    newcomer.types("Address", ADDRESS)
    newcomer.presses("Sign in")

    newcomer.sees("Enter your user name.")
    assert newcomer.console.signing_in.asked == []


def test_while_it_is_under_way_nothing_can_be_pressed_twice(newcomer: Robot) -> None:
    newcomer.console.signing_in.gate.clear()
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)

    newcomer.sees("Signing in…")
    assert not newcomer.button("Sign in").isEnabled()

    newcomer.console.signing_in.gate.set()
    newcomer.sees("One more step")
    assert newcomer.console.signing_in.asked == [ADDRESS]


def test_a_recovery_code_opens_too(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.sees("One more step")
    newcomer.presses("Use a recovery code")
    newcomer.types("Code", RECOVERY_CODE)
    newcomer.presses("Sign in")

    newcomer.sees("Maria Santos")


def test_a_code_is_sent_to_whoever_asks_for_it(newcomer: Robot) -> None:
    newcomer.console.signing_in.methods = (FactorMethod.TOTP, FactorMethod.MAILED_CODE)
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.sees("Enter the 6-digit code from your authenticator app.")
    assert newcomer.console.signing_in.sent == []
    newcomer.presses("Have a code sent")
    newcomer.sees("Enter the code that the booking platform has sent you.")
    newcomer.sees("Use the authenticator app")
    newcomer.types("Code", CODE)
    newcomer.presses("Sign in")

    newcomer.sees("Maria Santos")
    assert newcomer.console.signing_in.sent == [FactorMethod.MAILED_CODE]


def test_a_code_that_did_not_come_is_sent_again(newcomer: Robot) -> None:
    newcomer.console.signing_in.methods = (FactorMethod.MAILED_CODE,)
    newcomer.console.signing_in.sent.append(FactorMethod.MAILED_CODE)  # at once, where no other is taken
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.sees("Enter the code that the booking platform has sent you.")
    newcomer.presses("Send it again")

    newcomer.sees("Enter the code that comes now")
    assert newcomer.focus is newcomer.field("Code")
    newcomer.qtbot.waitUntil(lambda: len(newcomer.console.signing_in.sent) == 2)


def test_a_code_that_is_not_sent_is_told(newcomer: Robot) -> None:
    newcomer.console.signing_in.methods = (FactorMethod.RECOVERY_CODE, FactorMethod.MAILED_CODE)
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.sees("Enter one of your recovery codes.")
    newcomer.console.signing_in.trouble = TooManyTries()
    newcomer.presses("Have a code sent")
    newcomer.sees("There were too many failed tries")


def test_another_kind_of_code_begins_without_the_red_of_the_one_before(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.gives_code("12345")
    newcomer.sees("The code has 6 digits.")
    assert _red(newcomer) == ["Code"]

    newcomer.presses("Use a recovery code")
    newcomer.does_not_see("The code has 6 digits.")
    assert _red(newcomer) == []


def test_a_refused_code_says_so_and_a_short_one_is_not_sent(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.gives_code("12345")
    newcomer.sees("The code has 6 digits.")

    newcomer.types("Code", "000000")
    newcomer.presses("Sign in")
    newcomer.sees("The code was not accepted.")


def test_back_returns_with_address_and_name_but_no_password(newcomer: Robot) -> None:
    newcomer.signs_in(ADDRESS, "dana.whitlock", PASSWORD)
    newcomer.sees("One more step")
    newcomer.presses("Back")

    newcomer.sees("Use your account on the booking platform.")
    assert newcomer.field("Address").text() == ADDRESS
    assert newcomer.field("User name").text() == "dana.whitlock"
    assert newcomer.field("Password").text() == ""


def test_signing_out_leads_back_with_the_name_and_an_empty_password(robot: Robot) -> None:
    robot.sees("Maria Santos")
    robot.shell.list.rail.sign_out.trigger()

    robot.sees("Your password is never stored.")
    assert robot.field("User name").text() == "dana.whitlock"
    assert robot.field("Password").text() == ""


def test_what_is_amiss_with_the_computer_is_said_before_anybody_signs_in(newcomer: Robot) -> None:
    newcomer.console.notices.set((KeyringMissing(),))
    newcomer.sees(str(KeyringMissing()))
    newcomer.console.notices.set((KeyringMissing(), StoreDamaged()))
    newcomer.sees(str(KeyringMissing()), str(StoreDamaged()))
    newcomer.console.notices.set(())
    newcomer.does_not_see(KeyringMissing.default_message)


def test_what_was_amiss_from_the_start_is_said_at_the_sign_in_too(
    qtbot: QtBot, loop: Loop, theme: Theme
) -> None:
    console = FakeConsole(signed_in=False)
    console.notices.set((StoreDamaged(),))
    robot = Robot(qtbot, theme, console)

    robot.sees("Sign in", str(StoreDamaged()))
    robot.leaves()


def test_who_ended_this_very_console_is_told_so_where_they_sign_in(robot: Robot) -> None:
    robot.tasks.start("the end of it", robot.console.signing_in.leave)
    robot.sees("This console's session is gone. You are signed out.")

    robot.console.signing_in.enter()
    robot.settles()
    robot.shell.list.rail.sign_out.trigger()
    robot.sees("Your password is never stored.")
    robot.does_not_see("This console's session is gone.")


def test_who_signed_in_by_a_command_finds_the_list_when_coming_back_to_the_window(newcomer: Robot) -> None:
    newcomer.types("Password", PASSWORD)
    newcomer.comes_back()
    assert newcomer.field("Password").text() == PASSWORD, "nothing has happened meanwhile"

    newcomer.console.signing_in.command_signed_in = True
    newcomer.comes_back()

    newcomer.sees("All sessions", "Maria Santos")
    assert not newcomer.shell.sign_in.password.text()


def test_who_was_asked_to_sign_in_again_and_did_so_by_a_command_is_shown_the_list(robot: Robot) -> None:
    watching = robot.console.watching
    watching.state.set(replace(watching.state.value, link=Link.SIGN_IN_NEEDED))
    robot.presses("Sign in")
    robot.sees("Your password is never stored.")

    watching.show()

    robot.sees("All sessions", "Maria Santos")


def test_caps_lock_is_told_from_what_is_typed(newcomer: Robot) -> None:
    newcomer.types("Password", "a")
    newcomer.does_not_see("Caps Lock is on.")
    password = newcomer.shell.sign_in.password
    password.caps_lock.emit(True)

    newcomer.sees("Caps Lock is on.")


def test_the_fake_keeps_the_shape_of_the_real_one(newcomer: Robot) -> None:
    signing_in: SigningIn = newcomer.console.signing_in
    assert signing_in is newcomer.console.signing_in
