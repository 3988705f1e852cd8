"""Keyrings in every weather: each has its sentence, and costs no list, no frozen window and no file in clear."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keyring.errors
import pytest
import secretstorage.exceptions
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.remembered_keyring import RememberedKeyring
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    KeyringForgets,
    KeyringFull,
    KeyringHangs,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringReplaced,
    StoreKeyGone,
)
from sessionconsole.services.console import Console
from sessionconsole.services.states import Link
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.program import Program
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.vault.backends import Backend, Chosen
from sessionconsole.vault.keyring_vault import KeyringVault
from sessionconsole.wiring import open_console
from tests.end_to_end.private_keyring import Terminal, private_keyring
from tests.helpers import run
from tests.robots.window import Robot
from tests.servers import STILL, DemoServer
from tests.vault.backends import (
    FakeKeyring,
    ForgetfulKeyring,
    HangingKeyring,
    RaisingKeyring,
    RefusingKeyring,
)


class Full(Exception):
    """As Windows says it."""

    winerror = 8


def absent(remembered: str | None) -> Chosen:
    raise KeyringMissing


def another(remembered: str | None) -> Chosen:
    return Chosen(FakeKeyring(), "kwallet", "KDE Wallet", remembered and "Secret Service")


def always(backend: Backend) -> Callable[[str | None], Chosen]:
    return lambda _: Chosen(backend, "secret-service", "Secret Service")


@dataclass(frozen=True)
class Weather:
    """A keyring that misbehaves from now on, and what is said of it."""

    choose: Callable[[], Callable[[str | None], Chosen]]
    told: type[KeyringProblem]
    words: str


WEATHERS = {
    "absent": Weather(lambda: absent, KeyringMissing, "has no password store"),
    "locked": Weather(
        lambda: always(RaisingKeyring(keyring.errors.KeyringLocked())), KeyringLocked, "is locked"
    ),
    "dismissed": Weather(
        lambda: always(RaisingKeyring(secretstorage.exceptions.PromptDismissedException())),
        KeyringLocked,
        "is locked",
    ),
    "full": Weather(lambda: always(RefusingKeyring(Full())), KeyringFull, "is full"),
    "hanging": Weather(lambda: always(HangingKeyring()), KeyringHangs, "does not answer"),
    "another": Weather(lambda: another, KeyringReplaced, "KDE Wallet is in use instead"),
    "forgetful": Weather(lambda: always(ForgetfulKeyring()), KeyringForgets, "did not keep"),
    "broken": Weather(
        lambda: always(RaisingKeyring(OSError("a secret"))), KeyringProblem, "cannot be used (OSError)"
    ),
}


class Home:
    """One home with a good keyring, in which a list was stored on a better day."""

    def __init__(self, folder: Path, server: DemoServer) -> None:
        self.folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)})
        self.good = FakeKeyring()
        self.server = server

    def vault(self, choose: Callable[[str | None], Chosen] | None = None) -> KeyringVault:
        memory = RememberedKeyring(self.folders.keyring)
        return KeyringVault("home", memory, choose or always(self.good), limit=0.2)

    async def sign_in(self, console: Console) -> None:
        """Sign in and read the list."""
        begun = await console.signing_in.begin(self.server.url, self.server.username, self.server.password)
        assert isinstance(begun, SecondFactorAsked)
        await console.signing_in.answer(FactorMethod.RECOVERY_CODE, self.server.recovery_code())
        await console.watching.refresh()
        assert console.watching.state.value.link is Link.LIVE

    async def a_better_day(self) -> None:
        """Sign in and store a list."""
        console = await open_console(self.folders, self.vault())
        await console.start()
        await self.sign_in(console)
        await console.close()

    async def stored_rows(self) -> int:
        """What a good day shows without network."""
        console = await open_console(self.folders, self.vault())
        await console.start()
        try:
            return len(console.watching.state.value.rows)
        finally:
            await console.close()

    def files(self) -> dict[str, bytes]:
        """Everything below the home but locks and logs."""
        return {
            path.name: path.read_bytes()
            for path in self.folders.data.rglob("*")
            if path.is_file() and path.suffix not in (".lock", ".log", ".db-shm", ".db-wal")
        }


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, server: DemoServer) -> Home:
    return Home(tmp_path / "home", server)


@pytest.mark.parametrize("name", WEATHERS)
def test_it_has_its_sentence_and_costs_neither_list_nor_sign_in(name: str, home: Home) -> None:
    weather = WEATHERS[name]

    async def story() -> None:
        await home.a_better_day()
        before = home.files()

        console = await open_console(home.folders, home.vault(weather.choose()))
        await console.start()
        assert [type(notice) for notice in console.notices.value] == [weather.told]
        assert weather.words in console.notices.value[0].message
        assert console.notices.value[0].advice
        assert not console.vault.kept
        await home.sign_in(console)
        await console.close()

        assert home.files() == before, "nothing was written, set aside or put into a plain file"
        assert await home.stored_rows() > 0

    run(story(), timeout=60)


def test_a_key_that_is_gone_for_sure_is_told_and_the_old_store_set_aside(home: Home) -> None:
    async def story() -> None:
        await home.a_better_day()
        old = home.files()["console.db"]
        home.good.entries.clear()

        console = await open_console(home.folders, home.vault())
        await console.start()
        assert [type(notice) for notice in console.notices.value] == [StoreKeyGone]
        assert console.connection.record is None, "one signs in again"
        assert old in home.files().values(), "set aside, not removed"
        await home.sign_in(console)
        await console.close()
        assert await home.stored_rows() > 0

    run(story(), timeout=60)


def test_a_keyring_that_is_locked_while_one_is_signed_in_costs_no_more_than_the_time_until_it_is_open(
    home: Home,
) -> None:
    async def story() -> None:
        await home.a_better_day()
        now: list[Backend] = [home.good]

        class Changing(FakeKeyring):
            def get_password(self, service: str, username: str, /) -> str | None:
                return now[0].get_password(service, username)

            def set_password(self, service: str, username: str, password: str, /) -> None:
                now[0].set_password(service, username, password)

        console = await open_console(home.folders, home.vault(always(Changing())))
        await console.start()
        await console.watching.refresh()
        renewed = home.server.effects()["refreshes"]
        now[0] = RaisingKeyring(keyring.errors.KeyringLocked())
        await console.watching.refresh()
        assert console.watching.state.value.link is Link.LIVE, (
            "what is in memory is good for as long as it lives"
        )
        for _ in range(2):
            home.server.advance(301)  # the token is too old and has to be renewed and kept
            await console.watching.refresh()
            state = console.watching.state.value
            assert (state.link, type(state.problem)) == (Link.OFFLINE, KeyringLocked)
        assert home.server.effects()["refreshes"] == renewed, "another process may have used it up"
        now[0] = home.good
        await console.watching.refresh()
        assert console.watching.state.value.link is Link.LIVE
        assert console.notices.value == ()
        await console.close()

    run(story(), timeout=60)


# --------------------------------------------------------------------------------------------- window


class Heart:
    """Beats as long as the window does not freeze; `longest` is the longest time between two beats."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.beats, self.longest, self._last = 0, 0.0, loop.time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def _beat(self) -> None:
        now = self._loop.time()
        self.beats, self.longest, self._last = self.beats + 1, max(self.longest, now - self._last), now

    def stops(self) -> None:
        self._timer.stop()


@contextmanager
def at_the_window(qtbot: QtBot, loop: Loop, theme: Theme, vault: KeyringVault, home: Home) -> Iterator[Robot]:
    opening = loop.create_task(open_console(home.folders, vault))
    qtbot.waitUntil(opening.done, timeout=10_000)
    console = opening.result()
    robot = Robot(qtbot, theme, console)
    try:
        yield robot
    finally:
        robot.leaves()
        closing = loop.create_task(console.close())
        qtbot.waitUntil(closing.done, timeout=10_000)


@pytest.mark.parametrize("name", WEATHERS)
def test_the_window_says_it_and_one_signs_in_for_this_time(
    qtbot: QtBot, loop: Loop, theme: Theme, home: Home, name: str
) -> None:
    home.folders.create()
    RememberedKeyring(home.folders.keyring).keep("secret-service")
    with at_the_window(qtbot, loop, theme, home.vault(WEATHERS[name].choose()), home) as robot:
        robot.sees(WEATHERS[name].words)
        robot.signs_in(home.server.url, home.server.username, home.server.password)
        robot.gives_code(home.server.totp_code())
        robot.sees("All sessions")
        robot.sees_in_row("Maria Santos", "Active")


def test_who_answers_the_keyring_late_tries_again_and_is_signed_in_with_the_list(
    qtbot: QtBot, loop: Loop, theme: Theme, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the program puts its own there
    better_day = loop.create_task(home.a_better_day())
    qtbot.waitUntil(better_day.done, timeout=10_000)
    asking = HangingKeyring()
    now: list[Backend] = [asking]
    window = MainWindow(theme)
    program = Program(window, lambda: open_console(home.folders, home.vault(always(now[0]))))
    window.show()
    running = loop.create_task(program.run())
    try:
        qtbot.waitUntil(lambda: program.shell is not None and program.shell.sign_in.notes.again.isVisible())
        assert program.shell is not None
        shell = program.shell
        asking.mended.set()  # the password is typed, at last
        now[0] = home.good
        shell.sign_in.notes.again.click()

        qtbot.waitUntil(lambda: program.shell not in (None, shell) and window.page is program.shell.list)
        model = program.shell.list.model
        qtbot.waitUntil(lambda: model.rowCount() > 0, timeout=10_000)
        assert program.console is not None
        assert program.console.notices.value == ()
    finally:
        program.close()
        qtbot.waitUntil(running.done, timeout=10_000)
        window.deleteLater()


def test_while_the_keyring_hangs_the_window_beats_and_takes_what_is_typed(
    qtbot: QtBot, loop: Loop, theme: Theme, home: Home
) -> None:
    vault = home.vault()
    with at_the_window(qtbot, loop, theme, vault, home) as robot:
        hanging = HangingKeyring()
        vault._chosen = Chosen(hanging, "secret-service", "Secret Service")
        vault._limit = 1.0
        heart = Heart(loop)
        reading = loop.create_task(asyncio.wait_for(vault.read("sign-in"), 5))
        robot.types("Address", "booking.example")
        qtbot.waitUntil(reading.done, timeout=5000)
        heart.stops()

        assert isinstance(reading.exception(), KeyringHangs)
        assert heart.beats > 10
        assert heart.longest < 0.8, "a frozen window would have missed the whole second"
        hanging.mended.set()


# ------------------------------------------------------------------------------------ the real thing


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with private_keyring(tmp_path) as environment:
        yield Terminal(environment)


_LOCK = """
import secretstorage
connection = secretstorage.dbus_init()
for collection in secretstorage.get_all_collections(connection):
    collection.lock()
"""


@pytest.mark.slow
@pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")
def test_gnome_keyring_stopped_locked_and_out_of_reach_is_said_by_the_commands(
    terminal: Terminal, server: DemoServer, tmp_path: Path
) -> None:
    signed_in = terminal.types(
        *("sign-in", "--url", server.url, "--username", server.username, "--password-stdin"),
        *("--otp", server.recovery_code()),
        lines=f"{server.password}\n",
    )
    assert signed_in.returncode == 0, signed_in.stderr
    assert terminal.types("list").returncode == 0
    home = Path(terminal.environment["SESSIONCONSOLE_HOME"])
    assert (home / "keyring").read_text() == "secret-service\n"
    store = (home / "console.db").read_bytes()

    daemon = int((tmp_path / "keyring.pid").read_text())
    os.kill(daemon, signal.SIGSTOP)
    try:
        stopped = terminal.types("list", "--offline")
    finally:
        os.kill(daemon, signal.SIGCONT)
    assert stopped.returncode == 1
    assert "does not answer" in stopped.stderr

    nowhere = Terminal(terminal.environment | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus"})
    away = nowhere.types("list", "--offline")
    assert away.returncode == 1
    assert "has no password store" in away.stderr

    assert terminal.types("list", "--offline").returncode == 0, "and back again"
    subprocess.run([sys.executable, "-c", _LOCK], env=terminal.environment, check=True, timeout=20)
    locked = terminal.types("list", "--offline")
    assert locked.returncode == 1
    assert "is locked" in locked.stderr
    # Not of `locked`: the keyring library leaves a D-Bus connection open there, and these commands run with -W error.
    assert "Traceback" not in stopped.stderr + away.stderr
    assert (home / "console.db").read_bytes() == store
