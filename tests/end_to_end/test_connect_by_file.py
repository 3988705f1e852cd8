"""An operator whose platform nobody has heard of: by a file at the real window, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.resources import resource_path
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from tests.allauth_server import AllauthServer
from tests.end_to_end.test_demo_story import Office
from tests.robots.window import Robot

PATIENCE = 30_000  # milliseconds for a dry run on a busy machine


@pytest.fixture
def office(qtbot: QtBot, loop: Loop, theme: Theme, tmp_path: Path) -> Iterator[Office]:
    made = Office(qtbot, loop, theme, tmp_path / "home")
    yield made
    made.goes_home()


def waits_for(robot: Robot, *texts: str) -> None:
    robot.qtbot.waitUntil(lambda: any(map(robot.can_see, texts)), timeout=PATIENCE)


def gives_codes_until_the_end(robot: Robot, server: AllauthServer) -> None:
    while True:
        waits_for(robot, "Enter the 6-digit code", "Try again")
        if robot.can_see("Try again"):
            return
        robot.types("Code", server.totp_code())
        robot.presses("Go on")
        robot.does_not_see("Enter the 6-digit code")


def test_a_file_is_mended_tried_kept_and_used_also_after_signing_out(office: Office, tmp_path: Path) -> None:
    text = resource_path("connectors", "django-allauth.toml").read_text()
    text = text.replace('name = "django-allauth"', 'name = "our-bookings"')
    text = re.sub(r'(?m)^title = ".*"$', 'title = "Our bookings"', text, count=1)
    file = tmp_path / "our-bookings.toml"
    file.write_text(text.replace("[whoami]", "[who]"))

    with AllauthServer() as server:
        phone = server.login_as_client("BookingApp/4.12.0 (Android 14; Pixel 8)", "192.0.2.144")
        robot = office.opens_the_window()
        robot.drops(file)
        waits_for(robot, "in our-bookings.toml")
        robot.sees("who", "unknown key")
        file.write_text(text)
        robot.presses("Check again")
        robot.sees("Our bookings", "our-bookings.toml has no mistakes.", "It does not tell the place")

        robot.types("Address", server.url)
        robot.types("User name", server.username)
        robot.types("Password", server.password)
        robot.presses("End a test session of my own to measure")
        robot.presses("Try it")
        gives_codes_until_the_end(robot, server)
        robot.sees(
            "Nothing is wrong with it, as far as this run can tell.",
            "2 sessions. Of these tell:",
            "Pixel 8",
            "The credential of the ended session was refused after 0 s.",
            "Took half_token = •••",
        )
        assert server.password not in " ".join(robot.texts())
        assert len(server.sessions_in_database()) == 1, "the dry run has left a session behind"

        robot.presses("Use this platform")
        robot.qtbot.waitUntil(lambda: robot.shell.sign_in.kinds.kind is not None)
        robot.types("Password", server.password)
        robot.presses("Sign in")
        waits_for(robot, "One more step")
        robot.presses("Use a recovery code")
        robot.types("Code", server.recovery_code())
        robot.presses("Sign in")
        waits_for(robot, "Pixel 8")
        robot.presses("This platform")
        robot.waits_for_question("It does not tell the place", "spoken to as our-bookings")
        robot.presses("Close")
        robot.qtbot.waitUntil(lambda: robot.dialog is None)

        robot.shell.list.rail.sign_out.trigger()
        robot.sees("Your password is never stored.", "Kind of platform")
        kinds = robot.shell.sign_in.kinds
        robot.qtbot.waitUntil(lambda: kinds.kind is not None and kinds.kind.title == "Our bookings")
        assert phone.works()
