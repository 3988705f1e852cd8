"""kill -9 while an order is on its way: nothing is lost, and the platform counts one effect."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.private_keyring import private_keyring
from tests.servers import DemoServer

SCRIPT = Path(__file__).with_name("console_process.py")
PERSON = "maria.santos"

Line = dict[str, Any]

pytestmark = pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")


class Process:
    """One console process; `until` reads what it tells."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(SCRIPT), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def until(self, condition: Callable[[Line], bool]) -> Line:
        """The first line that it tells of that kind."""
        assert self._process.stdout is not None
        for text in self._process.stdout:
            line: Line = json.loads(text)
            if condition(line):
                return line
        _, errors = self._process.communicate(timeout=30)
        raise AssertionError(f"it ended without that:\n{errors}")

    def killed(self) -> None:
        """As by a power cut."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate(timeout=30)
        assert self._process.returncode == -signal.SIGKILL

    def ends(self) -> None:
        """It ends by itself, and without a word of complaint."""
        _, errors = self._process.communicate(timeout=30)
        assert (self._process.returncode, errors) == (0, "")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    with private_keyring(tmp_path) as environment:
        settings = Path(environment["SESSIONCONSOLE_HOME"]) / "settings.json"
        settings.parent.mkdir(mode=0o700)
        settings.write_text('{"undo_seconds": 1}')
        yield environment


def signed_in(home: dict[str, str], server: DemoServer) -> None:
    Process(home, "sign-in", server.url, server.username, server.password, server.recovery_code()).ends()


def effects(server: DemoServer) -> list[int]:
    """How often each ended session was ended, by the platform's own count."""
    return list(server.effects()["ended"].values())


BOUNDARIES: dict[str, Callable[[Line], bool]] = {
    "held": lambda line: line["state"] == "held",
    "queued": lambda line: line["state"] == "queued",
    "sent": lambda line: line["state"] == "sent",
    "accepted": lambda line: line["accepted"],
}


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_killed_at_each_boundary_the_order_has_one_effect(home: dict[str, str], boundary: str) -> None:
    with DemoServer("--latency", "150") as server:
        signed_in(home, server)
        first = Process(home, "end", PERSON)
        killed_at = first.until(BOUNDARIES[boundary])
        first.killed()

        second = Process(home, "go-on")
        settled = second.until(lambda line: line["state"] == "settled")
        second.ends()

        assert settled["order"] == killed_at["order"]
        assert settled["outcome"] in ("proved-gone", "already-gone")
        assert effects(server) == [1]


def test_a_held_order_shows_a_fresh_undo_after_the_crash(home: dict[str, str]) -> None:
    with DemoServer() as server:
        signed_in(home, server)
        first = Process(home, "end", PERSON)
        first.until(BOUNDARIES["held"])
        first.killed()

        second = Process(home, "go-on")
        again = second.until(lambda _: True)
        assert (again["state"], again["undo"]) == ("held", True)
        second.until(lambda line: line["outcome"] == "proved-gone")
        second.ends()
        assert effects(server) == [1]


def test_killed_while_the_answer_drips_the_list_is_read_and_nothing_is_sent_again(
    home: dict[str, str],
) -> None:
    with DemoServer() as server:
        signed_in(home, server)
        server.fault("DELETE /v1/sessions", "slow-drip")
        first = Process(home, "end", PERSON)
        first.until(BOUNDARIES["sent"])
        while not effects(server):
            pass  # the platform has done it, and its answer is still on the way
        first.killed()

        second = Process(home, "go-on")
        settled = second.until(lambda line: line["state"] == "settled")
        second.ends()

        assert settled["outcome"] == "proved-gone"
        assert effects(server) == [1]
        assert server.effects()["end_requests"] == 1
