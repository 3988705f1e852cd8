"""A terminal on a home in memory, for tests to type commands into."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from sessionconsole.cli.main import main
from sessionconsole.cli.surroundings import CodeFor, ProofFor
from sessionconsole.cli.terminal import Terminal
from sessionconsole.desktop.files import write_whole
from sessionconsole.domain.conformance import Finding
from sessionconsole.domain.errors import NotAPlatform, SessionConsoleError
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession
from sessionconsole.domain.trials import Trial, TrialWish
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.platform.connectors.catalog import Catalog
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened
from sessionconsole.services.ports import Vault
from sessionconsole.vault.memory_vault import MemoryVault
from sessionconsole.wiring import try_connector
from tests.fakes.clock import FakeClock
from tests.fakes.connecting import no_connecting
from tests.fakes.locks import FakeLocks
from tests.fakes.platform import ABOUT, FakeOperator, FakePlatforms
from tests.fakes.settings import FakeSettingsFile
from tests.fakes.store import FakeStore
from tests.fakes.vault import FakeVault


class HurriedClock(FakeClock):
    """A clock that is there as soon as anybody waits, so that a command that waits takes no time."""

    async def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))
        await super().sleep(0)


class Log(logging.Handler):
    """The log of a home, as long as it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def __enter__(self) -> None:
        logging.getLogger("sessionconsole").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("sessionconsole").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class _OnePc:
    version = "1"

    def parse(self, user_agent: str) -> Device:
        return Device(DeviceType.DESKTOP, "Windows 11", "Chrome")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output; nothing else may be there."""
        return json.loads(self.out)

    @property
    def outcomes(self) -> list[str]:
        """Of `end --json`."""
        return [result["outcome"] for result in self.json["results"]]


class Desk:
    """One home, whose commands come one after the other; `sam` and `maria` are at work on the platform."""

    def __init__(self, *sessions: LoginSession, vault: Vault | None = None) -> None:
        self.clock = HurriedClock()
        self.operator = FakeOperator(*sessions)
        self.vault = vault or FakeVault()
        self.store = FakeStore(self.clock)
        self.locks = FakeLocks()
        self.notices: tuple[SessionConsoleError, ...] = ()
        self.forgotten = False
        self.log = Log()
        self.demo: list[tuple[str, list[str]]] = []
        self.asked: list[str] = []
        self.own_connectors: Path | None = None
        self.places: Mapping[str, Path] = {"store": Path("nowhere") / "console.db"}

    def run(self, *argv: str, stdin: str = "", person: Sequence[str] | None = None) -> Ran:
        """Type a command; `person` answers what is asked, None where no person sits there."""
        out, err = io.StringIO(), io.StringIO()
        typed = "".join(f"{answer}\n" for answer in person or ())
        answers = io.StringIO(typed if person is not None else stdin)

        def hidden(question: str) -> str:
            self.asked.append(question)
            return answers.readline().rstrip("\n")

        terminal = Terminal(out, err, answers, person is not None, hidden)
        return Ran(main(argv, self, terminal), out.getvalue(), err.getvalue())

    def sign_in(self) -> None:
        """Be signed in as Dana."""
        ran = self.run(
            "sign-in",
            "--url",
            ABOUT.address,
            "--username",
            self.operator.username,
            "--password-stdin",
            "--otp",
            self.operator.code,
            stdin=f"{self.operator.password}\n",
        )
        assert ran.code == 0, ran.err

    @property
    def zone(self) -> tzinfo:
        return UTC

    @property
    def connectors(self) -> Catalog:
        return Catalog(self.own_connectors, write_whole)

    async def open_console(self) -> Console:
        return self._console(Opened(self.vault, self.store, self.notices))

    async def open_unkept(self) -> Console:
        return self._console(Opened(MemoryVault(), FakeStore(self.clock)))

    async def forget_home(self) -> None:
        self.forgotten = True

    def logging(self) -> AbstractContextManager[object]:
        return self.log

    async def examine(
        self, address: str, username: str, password: str, code_for: CodeFor, tell: Callable[[Finding], None]
    ) -> None:
        raise NotAPlatform

    async def try_connector(
        self, source: str, wish: TrialWish, code_for: ProofFor, tell: Callable[[Trial], None]
    ) -> bool:
        return await try_connector(self.connectors, source, wish, code_for, tell)

    def serve_demo(self, argv: Sequence[str]) -> int:
        self.demo.append(("serve", list(argv)))
        return 0

    def run_demo_window(self, argv: Sequence[str]) -> int:
        self.demo.append(("window", list(argv)))
        return 0

    def _console(self, opened: Opened) -> Console:
        return Console(
            opened,
            FakePlatforms(self.operator),
            _OnePc(),
            SimpleAssessor(),
            self.locks,
            self.clock,
            UTC,
            FakeSettingsFile(),
            no_connecting(),
            "frontdesk",
        )
