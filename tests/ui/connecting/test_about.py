"""What the window says of the platform that one is signed in to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QUrl

from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.domain.platforms import Capabilities, Field, PlatformAbout
from sessionconsole.ui.connecting.about import AboutPlatform, security_page
from sessionconsole.ui.connecting.words import (
    NOTHING_MISSING,
    duration,
    limits_of_file,
    limits_of_platform,
)
from tests.robots.window import Robot

PAGE = "https://booking.example/account/security"


def about(robot: Robot, **facts: object) -> None:
    state = robot.console.watching.state
    assert state.value.about is not None
    changed: PlatformAbout = replace(state.value.about, **facts)  # type: ignore[arg-type]
    state.set(replace(state.value, about=changed))
    robot.settles()


def test_a_file_that_sends_what_is_entered_elsewhere_says_so_first() -> None:
    file = AboutConnector("shop", own=True, elsewhere=("https://accounts.example",), ends=("one",))
    assert limits_of_file(file)[0] == (
        "Whatever address you type, what you enter may be sent to https://accounts.example."
    )


def test_a_platform_that_can_everything_says_so(robot: Robot) -> None:
    robot.presses("This platform")

    robot.waits_for_question("Harbour & Reef Tours", "https://booking.example", NOTHING_MISSING)
    robot.presses("Close")
    robot.qtbot.waitUntil(lambda: robot.dialog is None)


def test_what_it_cannot_do_is_said_in_one_place(robot: Robot) -> None:
    can = Capabilities(
        provides=frozenset(Field) - {Field.PLACE, Field.EXPIRES},
        revocation_delay=timedelta(minutes=5),
        verify_within=timedelta(seconds=30),
        last_active_note="to the day",
    )
    about(robot, capabilities=can, notes=("Sessions of the app are not on the list.",))
    state = robot.console.watching.state
    rows = [
        replace(row, session=replace(row.session, is_current=None))
        for row in robot.console.watching.state.value.rows
    ]
    state.set(replace(state.value, may_end=False, rows=tuple(rows)))
    robot.presses("This platform")

    robot.waits_for_question(
        "Your account may look, and not end sessions.",
        "An ended session may still work for up to 5 minutes.",
        "An ended session may stay on its list for up to 30 seconds.",
        "It does not tell the place, when a session expires at the latest or which session is this program's own.",
        "The last use is told to the day.",
        "Sessions of the app are not on the list.",
    )
    robot.presses("Close")


def test_that_an_end_only_hides_is_said_instead_of_how_long_it_takes(robot: Robot) -> None:
    about(robot, capabilities=Capabilities(hides_only=True, revocation_delay=timedelta(hours=1)))
    (limit,) = limits_of_platform(robot.console.watching.state.value)

    assert "only takes it off the list" in limit


def test_the_page_for_password_and_second_factor_opens_in_the_browser(robot: Robot) -> None:
    opened: list[QUrl] = []
    about(robot, security_page=PAGE)

    def browse(page: QUrl) -> bool:
        opened.append(page)
        return len(opened) == 1

    state = robot.console.watching.state.value
    sheet = AboutPlatform(robot.window.theme, robot.window, state, open_page=browse)
    sheet.open()
    robot.presses("Password and second factor…")
    assert [url.toString() for url in opened] == [PAGE]

    robot.presses("Password and second factor…")
    robot.sees(f"No browser could be opened. The page is {PAGE}")
    sheet.reject()
    sheet.deleteLater()


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        (PAGE, True),
        ("http://127.0.0.1:8000/security", True),
        ("http://localhost/security", True),
        ("http://booking.example/security", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("https://booking.example@evil.example/", False),
        ("https://", False),
        ("not an address", False),
        (None, False),
    ],
)
def test_only_a_page_over_https_or_on_this_computer_is_opened(address: str | None, *, opened: bool) -> None:
    assert (security_page(address) is not None) is opened


def test_many_notes_scroll_instead_of_growing_out_of_the_window(robot: Robot) -> None:
    about(robot, notes=tuple(f"{number}. note: {'words ' * 25}" for number in range(20)))
    robot.presses("This platform")
    robot.waits_for_question("19. note")

    assert robot.dialog is not None
    assert robot.dialog.height() < robot.window.height()
    robot.presses("Close")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.5, "1 second"), (1, "1 second"), (45, "45 seconds"), (60, "1 minute"), (90, "90 seconds"),
     (300, "5 minutes"), (3600, "1 hour"), (5400, "90 minutes"), (7200, "2 hours"), (172800, "2 days")],
)  # fmt: skip
def test_durations_are_said_as_one_says_them(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words
