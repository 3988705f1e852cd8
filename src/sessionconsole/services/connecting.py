"""Connecting a booking platform of a kind that is chosen, or that a file describes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.domain.trials import Trial, TrialWish

if TYPE_CHECKING:
    from sessionconsole.services.trying import CodeFor

TryConnector = Callable[
    [str, TrialWish, "CodeFor", Callable[[Trial], None]],
    Awaitable[bool],
]
"""Makes a dry run of a file, tells what it sees, and says whether nothing was wrong."""


class Connectors(Protocol):
    """The connector files that come with the program, and the user's own; all of it reads files."""

    def names(self) -> Sequence[str]:
        """All, the built-in ones first."""
        ...

    def about(self, name: str) -> AboutConnector:
        """What there is to say of one; a broken one says what is wrong with it."""
        ...

    def check(self, path: Path) -> AboutConnector:
        """What a file says; raises `ConnectorMistakes` with all mistakes in it."""
        ...

    def must_be_free(self, name: str) -> None:
        """Raises `WrongUse` where no file may have that name."""
        ...

    def add(self, path: Path) -> str:
        """Keep a copy of a file for later starts; its name. Raises `ConnectorMistakes`, `WrongUse`, `StoreProblem`."""
        ...


class Connecting:
    """Chooses, checks, tries and keeps; nothing of a trial is kept."""

    def __init__(self, connectors: Connectors, try_connector: TryConnector) -> None:
        self._connectors = connectors
        self._try = try_connector
        self.kept: Callable[[str], Awaitable[None]] | None = None
        """Told the name of each file that is kept."""

    async def kinds(self) -> tuple[AboutConnector, ...]:
        """Every kind of platform that one can sign in to; broken files are left out."""
        return await asyncio.to_thread(self._kinds)

    async def check(self, path: Path) -> AboutConnector:
        """What a file says of its platform; raises `ConnectorMistakes`, and `WrongUse` where it cannot be kept."""
        return await asyncio.to_thread(self._checked, path)

    async def try_file(
        self, path: Path, wish: TrialWish, code_for: CodeFor, tell: Callable[[Trial], None]
    ) -> bool:
        """Make a dry run of the file; whether nothing was wrong.

        Raises `ConnectorMistakes`, `WrongUse`, `Unreachable`, `CertificateProblem`; all else that goes wrong is told.
        """
        return await self._try(str(path), wish, code_for, tell)

    async def keep(self, path: Path) -> str:
        """Keep a copy of the file for later starts; the name by which one signs in with it. Raises as `check`."""
        name = await asyncio.to_thread(self._connectors.add, path)
        if self.kept is not None:
            await self.kept(name)
        return name

    def _kinds(self) -> tuple[AboutConnector, ...]:
        every = (self._connectors.about(name) for name in self._connectors.names())
        return tuple(about for about in every if about.problem is None)

    def _checked(self, path: Path) -> AboutConnector:
        about = self._connectors.check(path)
        self._connectors.must_be_free(about.name)
        return about
