"""The whole story at the real window, on the real demo platform, with the real store."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.desktop.folders import Folders
from sessionconsole.services.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.wiring import open_console
from tests.fakes.vault import FakeVault
from tests.robots.window import Robot
from tests.servers import STILL, DemoServer

TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
LOST = "Lost tablet"


class Office:
    """One home on one computer: its windows come and go, its files and its keyring stay."""

    def __init__(self, qtbot: QtBot, loop: Loop, theme: Theme, folder: Path) -> None:
        self._qtbot, self._loop, self._theme = qtbot, loop, theme
        self._folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)})
        self._folders.create()
        self._folders.settings.write_text('{"undo_seconds": 1}')
        self._keyring = FakeVault()
        self._open: list[tuple[Robot, Console]] = []

    def opens_the_window(self) -> Robot:
        console = self._done(open_console(self._folders, self._keyring))
        robot = Robot(self._qtbot, self._theme, console)
        self._open.append((robot, console))
        return robot

    def closes_the_window(self) -> None:
        robot, console = self._open.pop()
        robot.leaves()
        self._done(console.close())

    def goes_home(self) -> None:
        while self._open:
            self.closes_the_window()

    def _done(self, work: Any) -> Any:
        task = self._loop.create_task(work)
        self._qtbot.waitUntil(task.done, timeout=10_000)
        return task.result()


@pytest.fixture
def office(qtbot: QtBot, loop: Loop, theme: Theme, tmp_path: Path) -> Iterator[Office]:
    made = Office(qtbot, loop, theme, tmp_path / "home")
    yield made
    made.goes_home()


def status_of(server: DemoServer, client: dict[str, str]) -> int:
    """What the platform answers to the ended client's own token."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    try:
        connection.request("GET", "/v1/me", headers={"Authorization": f"Bearer {client['access_token']}"})
        answer = connection.getresponse()
        json.loads(answer.read())
        return answer.status
    finally:
        connection.close()


def sign_in(robot: Robot, server: DemoServer) -> None:
    robot.signs_in(server.url, server.username, server.password)
    robot.gives_code(server.totp_code())
    robot.sees("All sessions")


def test_from_the_sign_in_to_the_proof_and_on_without_network(office: Office) -> None:
    with DemoServer(*STILL) as server:
        lost = server.client("tom.breuer", user_agent=TABLET, ip="198.51.100.99", device_name=LOST)
        robot = office.opens_the_window()
        sign_in(robot, server)

        robot.sees_in_row("Maria Santos", "Alarm: from Brazil", device="Windows PC")
        robot.picks("Maria Santos", "Windows PC")
        robot.sees("Is this yours?", "Why it is marked")

        assert status_of(server, lost) == 200
        robot.ends("Tom Breuer", LOST)
        robot.sees_in_row("Tom Breuer", "Ending…", device=LOST)
        robot.sees_in_row("Tom Breuer", "Ended", "gone at", device=LOST)
        assert status_of(server, lost) == 401
        assert list(server.effects()["ended"].values()) == [1]

        robot.ends("Maria Santos", "Windows PC")
        robot.presses("Undo")
        robot.sees_in_row("Maria Santos", "Active", device="Windows PC")
        assert len(server.effects()["ended"]) == 1, "undone in time is never sent"

        server.stop()
        robot.presses("Check now")
        robot.sees("As of", "The booking platform cannot be reached.")
        robot.ends("Maria Santos", "Windows PC")
        robot.sees_in_row("Maria Santos", "Not sent yet", "waits for network", device="Windows PC")
        office.closes_the_window()

        robot = office.opens_the_window()
        robot.sees("As of", "The booking platform cannot be reached.")
        robot.sees_in_row("Maria Santos", "Not sent yet", device="Windows PC")
        robot.types("Search", "brazil")
        assert robot.people() == ["Maria Santos"]
        robot.presses("Withdraw")
        robot.sees_in_row("Maria Santos", "Was active", device="Windows PC")


def test_a_start_without_any_list_says_so_and_does_not_look_empty(office: Office) -> None:
    with DemoServer(*STILL) as server:
        robot = office.opens_the_window()
        robot.sees("Sign in")
        server.stop()
        robot.signs_in(server.url, server.username, server.password)
        robot.sees(
            "The booking platform cannot be reached. Check the address and the network, then try again."
        )


def test_who_was_forgotten_is_on_no_stored_list(office: Office) -> None:
    with DemoServer(*STILL) as server:
        robot = office.opens_the_window()
        sign_in(robot, server)
        robot.sees_in_row("Maria Santos", "Alarm: from Brazil", device="Windows PC")
        server.stop()
        robot.presses("Check now")
        robot.sees("As of", "The booking platform cannot be reached.")

        robot.picks("Maria Santos", "Windows PC")
        robot.presses("Forget this person")
        robot.waits_for_question("Forget Maria Santos (maria.santos)?")
        robot.presses("Forget")
        robot.says("Removed what was stored of Maria Santos: from 1 list")
        robot.does_not_see("Alarm: from Brazil")
        assert "Maria Santos" not in robot.people()
        office.closes_the_window()

        robot = office.opens_the_window()
        robot.sees("As of", "The booking platform cannot be reached.", "Tom Breuer")
        assert "Maria Santos" not in robot.people()
