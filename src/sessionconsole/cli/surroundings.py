"""What the commands need of the program around them; `wiring` gives it, so that nothing concrete is named here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from sessionconsole.domain.conformance import Finding
from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.trials import Trial, TrialWish
from sessionconsole.services.console import Console

CodeFor = Callable[[Sequence[FactorMethod]], tuple[FactorMethod, str] | None]
"""Gives a method and a code that was not used yet, None where there is none."""

ProofFor = Callable[[Sequence[FactorMethod]], Awaitable[tuple[FactorMethod, str] | None]]
"""The same, where asking takes its time."""


class Connectors(Protocol):
    """The connector files that come with the program, and the user's own."""

    def names(self) -> Sequence[str]:
        """All, the built-in ones first."""
        ...

    def about(self, name: str) -> AboutConnector:
        """What there is to say of one; raises `WrongUse` where there is none."""
        ...

    def text(self, name: str) -> str:
        """The file itself; raises `WrongUse`."""
        ...

    def add(self, path: Path) -> str:
        """Check a file and keep it for later starts; its name. Raises `ConnectorMistakes`, `WrongUse`."""
        ...

    def check(self, path: Path) -> AboutConnector:
        """What a file says; raises `ConnectorMistakes` with all mistakes in it."""
        ...

    def schema(self) -> str:
        """The JSON Schema of the format, as text."""
        ...


class Surroundings(Protocol):
    """One home, opened only by the command that needs it."""

    @property
    def places(self) -> Mapping[str, Path]:
        """Where this home keeps its files, by name: "settings", "store", "logs", "cache" and the like."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The time zone of this computer."""
        ...

    @property
    def connectors(self) -> Connectors:
        """The connectors that this home knows."""
        ...

    async def open_console(self) -> Console:
        """The services of this home."""
        ...

    async def open_unkept(self) -> Console:
        """The services for one call: no keyring is asked, and nothing is there any more afterwards."""
        ...

    async def forget_home(self) -> None:
        """Remove everything of this home, keyring entries included; raises `KeyringProblem`, `StoreNotWritable`."""
        ...

    def logging(self) -> AbstractContextManager[object]:
        """Write the log of this home while the block runs; raises `OSError` where it cannot be opened."""
        ...

    async def examine(
        self, address: str, username: str, password: str, code_for: CodeFor, tell: Callable[[Finding], None]
    ) -> None:
        """Tell, check by check, whether the platform there keeps the contract of the Console API.

        Raises `Unreachable`, `CertificateProblem`, `WrongUse`, and `SignInNeeded` where the sign-in fails.
        """
        ...

    async def try_connector(
        self, source: str, wish: TrialWish, code_for: ProofFor, tell: Callable[[Trial], None]
    ) -> bool:
        """Make a dry run of the connector of that name or file; whether nothing was wrong.

        Raises `ConnectorMistakes` and `WrongUse` where there is none; what goes wrong on the way is told.
        """
        ...

    def serve_demo(self, argv: Sequence[str]) -> int:
        """Run the demo platform alone; the exit code."""
        ...

    def run_demo_window(self, argv: Sequence[str]) -> int:
        """Run the window on a demo platform of its own; the exit code."""
        ...
