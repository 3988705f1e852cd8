"""Somebody who sees nothing of the window: the whole story through AT-SPI, on a bus and a display of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sessionconsole.desktop.folders import Folders
from tests.end_to_end.private_keyring import private_keyring
from tests.end_to_end.test_demo_command import virtual_display
from tests.servers import STILL, DemoServer

SYSTEM_PYTHON = "/usr/bin/python3"
REGISTRY = "/usr/libexec/at-spi2-registryd"
READER = Path(__file__).with_name("at_spi_reader.py")
MARIA = "Maria Santos, Windows PC, Firefox"

pytestmark = pytest.mark.needs(
    "Xvfb", "dbus-daemon", "gnome-keyring-daemon", "xdotool", SYSTEM_PYTHON, REGISTRY
)


class ScreenReader:
    """A person behind a screen reader; the verbs are those of at_spi_reader.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        return lambda *arguments: self._does(verb, *arguments)

    def _does(self, *words: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["ok"]


@contextmanager
def started(*command: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A program that is asked to end when the block is left, and has to."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture
def platform() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as server:
        yield server


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody's desktop: display, bus, keyring, accessibility, and an own home."""
    probe = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        reason = "no AT-SPI bindings (python3 run.py test names the packages)"
        pytest.fail(reason, pytrace=False) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with private_keyring(tmp_path) as environment, virtual_display() as display, ExitStack() as stack:
        environment |= {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            # one bus for all: without a launcher, everything that is started here is ended here
            "AT_SPI_BUS_ADDRESS": environment["DBUS_SESSION_BUS_ADDRESS"],
        }
        settings = Folders.for_home(environment).settings
        settings.parent.mkdir(parents=True)
        settings.write_text('{"undo_seconds": 3}')
        stack.enter_context(started(REGISTRY, environment=environment))
        yield environment


@pytest.fixture
def reader(desktop: dict[str, str], platform: DemoServer) -> Iterator[ScreenReader]:
    """Somebody at the window; the platform is there for longer than it."""
    bindings = {name: value for name, value in desktop.items() if name != "PYTHONPATH"}
    with (
        started(sys.executable, "-m", "sessionconsole", environment=desktop),
        started(SYSTEM_PYTHON, str(READER), environment=bindings) as process,
    ):
        yield ScreenReader(process)


def sign_in(reader: ScreenReader, platform: DemoServer) -> None:
    reader.types("text", "Address", platform.url)
    reader.types("text", "User name", platform.username)
    reader.types("password text", "Password", platform.password)
    reader.presses("Sign in")
    reader.types("text", "Code", platform.totp_code())
    reader.presses("Sign in")
    reader.waits_for("table", "Sessions")


def test_a_screen_reader_signs_in_ends_the_session_and_hears_that_it_is_gone(
    reader: ScreenReader, platform: DemoServer
) -> None:
    sign_in(reader, platform)

    reader.picks("Sessions", "Maria Santos", "Alarm")
    reader.presses("End", MARIA)
    reader.hears("Undo is possible")
    reader.presses("Undo", MARIA)
    reader.waits_for("push button", "End")

    reader.presses("End", MARIA)
    told = reader.hears("Ended: Maria Santos, Windows PC")

    spoken = [each["text"] for each in told if each["event"] == "announcement"]
    assert "Ending Maria Santos, Windows PC. Undo is possible." in spoken
    assert not [text for text in spoken if "second" in text], "a countdown is not for the ear"


def test_who_walks_the_rows_by_keys_hears_of_each_why_it_is_marked(
    reader: ScreenReader, platform: DemoServer, desktop: dict[str, str]
) -> None:
    sign_in(reader, platform)
    reader.waits_for("push button", "End")

    types_keys(desktop, "Down")
    reader.hears("Ruby Costello, Check: ", "focus")
    types_keys(desktop, "Up")
    maria = reader.hears("Maria Santos, Alarm: ", "focus")[-1]
    assert "Windows PC, Firefox. Active. Account maria.santos." in maria["text"]

    types_keys(desktop, "Delete")
    reader.hears("Ending Maria Santos, Windows PC. Undo is possible.")
    types_keys(desktop, "Delete")
    reader.waits_for("push button", "End")


def types_keys(desktop: dict[str, str], *keys: str) -> None:
    """Press keys at the window, which has to be told that it has the focus: there is no window manager."""
    front = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Harbour & Reef Tours", "windowfocus"]
    for command in (front, ["xdotool", "key", *keys]):
        subprocess.run(command, env=desktop, check=True, timeout=20)
