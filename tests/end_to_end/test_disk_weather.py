"""A disk that is full and a home that is read-only: a sentence, nothing lost that was kept, never a traceback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.desktop.folders import Folders
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.wiring import open_console
from tests.end_to_end.disks import Disk, small_disk
from tests.end_to_end.private_keyring import Terminal, private_keyring
from tests.fakes.vault import FakeVault
from tests.robots.window import Robot
from tests.servers import STILL, DemoServer

Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def terminal(disk: Disk, tmp_path: Path) -> Iterator[Terminal]:
    with private_keyring(tmp_path / "desk") as environment:
        yield Terminal(environment | {"SESSIONCONSOLE_HOME": str(disk.path / "home")})


def sign_in(terminal: Terminal, server: DemoServer) -> Ran:
    return terminal.types(
        *("sign-in", "--url", server.url, "--username", server.username, "--password-stdin"),
        *("--otp", server.recovery_code()),
        lines=f"{server.password}\n",
    )


def says(ran: Ran, code: int, *words: str) -> None:
    """It ended like that, said so, and is no traceback."""
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    for word in words:
        assert word in ran.stderr


@pytest.mark.slow
@pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")
def test_on_a_full_disk_the_stored_list_is_there_and_nothing_is_lost(terminal: Terminal, disk: Disk) -> None:
    with DemoServer(*STILL) as server:
        says(sign_in(terminal, server), 0)
        says(terminal.types("list"), 0)
        disk.fill()

        stored = terminal.types("list", "--offline")
        says(stored, 0, "the disk is full")
        assert "Maria Santos" in stored.stdout
        says(terminal.types("list"), 0, "the disk is full")
        says(terminal.types("outbox"), 1, "the disk is full")
        says(terminal.types("doctor"), 0)

        disk.make_room()
        says(terminal.types("list", "--offline"), 0)
        says(terminal.types("end", "--person", "maria.santos", "--yes"), 0)
        assert set(server.effects()["ended"].values()) == {1}


@pytest.mark.slow
@pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")
def test_a_disk_that_is_full_from_the_beginning_is_told(terminal: Terminal, disk: Disk) -> None:
    with DemoServer(*STILL) as server:
        disk.fill()
        says(sign_in(terminal, server), 1, "No space left")

        disk.make_room()
        says(sign_in(terminal, server), 0)


@pytest.mark.slow
@pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")
def test_a_home_that_is_read_only_is_told_and_left_as_it_is(terminal: Terminal, disk: Disk) -> None:
    with DemoServer(*STILL) as server:
        says(sign_in(terminal, server), 0)
        says(terminal.types("list"), 0)
        before = {path.name: path.read_bytes() for path in (disk.path / "home").glob("*.db*")}
        disk.writable(False)

        for command in (("list", "--offline"), ("outbox",)):
            says(terminal.types(*command), 1, "Read-only file system")
        says(terminal.types("doctor"), 0)
        assert {path.name: path.read_bytes() for path in (disk.path / "home").glob("*.db*")} == before
        assert server.effects()["ended"] == {}

        disk.writable(True)
        says(terminal.types("list", "--offline"), 0)


@pytest.mark.parametrize("weather", ["full", "read-only"])
def test_the_window_says_it_and_lists_all_the_same(
    qtbot: QtBot, loop: Loop, theme: Theme, disk: Disk, weather: str
) -> None:
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(disk.path / "home")})
    if weather == "full":
        disk.fill()
    else:
        disk.writable(False)
    opening = loop.create_task(open_console(folders, FakeVault()))
    qtbot.waitUntil(opening.done, timeout=10_000)
    robot = Robot(qtbot, theme, opening.result())
    try:
        with DemoServer(*STILL) as server:
            robot.sees("No space left" if weather == "full" else "Read-only file system")
            robot.signs_in(server.url, server.username, server.password)
            robot.gives_code(server.totp_code())
            robot.sees("All sessions")
            robot.sees_in_row("Maria Santos", "Active")
    finally:
        robot.leaves()
        closing = loop.create_task(opening.result().close())
        qtbot.waitUntil(closing.done, timeout=10_000)
