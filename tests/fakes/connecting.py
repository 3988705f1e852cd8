"""Connector files that are what a test says, and dry runs that go as a test lets them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from sessionconsole.domain.connectors import AboutConnector, AskedVariable
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import SessionConsoleError, WrongUse
from sessionconsole.domain.platforms import Capabilities, Field
from sessionconsole.domain.trials import Trial, TrialWish
from sessionconsole.services.connecting import Connecting
from sessionconsole.services.trying import CodeFor

SYNAPSE = AboutConnector("synapse", own=False, title="Synapse (Matrix)", verified="real-server")
REEF_PASS = AboutConnector(
    "reef-pass",
    own=True,
    title="Reef Pass",
    written_from=("the manual of its API, version 3",),
    verified="specification",
    capabilities=Capabilities(
        provides=frozenset({Field.SIGNED_IN, Field.LAST_ACTIVE}),
        revocation_delay=timedelta(minutes=5),
        last_active_note="within the last hour",
    ),
    ends=("one",),
    tells_own_session=True,
    notes=("Sessions of the mobile app are not on the list.",),
    asks=(
        AskedVariable("organizer", "Short name of the organizer", "It stands in the address.", "harbour"),
        AskedVariable("key", "Key of the organizer", secret=True),
    ),
    username_label="E-mail address",
    password_label="PIN",
    help="Ask the head office for an account with the right to see sessions.",
)


class FakeConnecting:
    """`services.Connecting` by hand: `says` what a file is, and a dry run goes on when a test tells it something."""

    def __init__(self) -> None:
        self.known: list[AboutConnector] = [SYNAPSE, REEF_PASS]
        self.says: AboutConnector | SessionConsoleError = REEF_PASS
        self.wishes: list[TrialWish] = []
        self.kept: list[Path] = []
        self.trouble: SessionConsoleError | None = None
        self.running = False
        self.broken_off = False
        self.codes: list[tuple[FactorMethod, str] | None] = []
        self._tell: Callable[[Trial], None] | None = None
        self._code_for: CodeFor | None = None
        self._ended: asyncio.Future[bool] | None = None
        self._asks: asyncio.Queue[tuple[FactorMethod, ...]] = asyncio.Queue()

    async def kinds(self) -> Sequence[AboutConnector]:
        """What a test has put there."""
        return tuple(self.known)

    async def check(self, path: Path) -> AboutConnector:
        """What a test says of every file."""
        if isinstance(self.says, SessionConsoleError):
            raise self.says
        return self.says

    async def try_file(
        self, path: Path, wish: TrialWish, code_for: CodeFor, tell: Callable[[Trial], None]
    ) -> bool:
        """Until a test ends it; codes are asked for as the test wants."""
        self.wishes.append(wish)
        if self.trouble is not None:
            raise self.trouble
        self._tell, self.running, self.broken_off = tell, True, False
        ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._ended = ended
        try:
            async with asyncio.TaskGroup() as group:
                asking = group.create_task(self._ask(code_for))
                good = await ended
                asking.cancel()
        except asyncio.CancelledError:
            self.broken_off = True
            raise
        finally:
            self.running = False
        return good

    async def keep(self, path: Path) -> str:
        """Remember it, unless there is a problem."""
        if self.trouble is not None:
            raise self.trouble
        self.kept.append(path)
        about = await self.check(path)
        if about not in self.known:
            self.known.append(about)
        return about.name

    # ------------------------------------------------------------------------------ what a test does

    def tell(self, *trials: Trial) -> None:
        """The dry run sees this."""
        assert self._tell is not None, "nothing is tried"
        for trial in trials:
            self._tell(trial)

    def ask(self, *methods: FactorMethod) -> None:
        """The dry run wants a code."""
        self._asks.put_nowait(methods)

    def end(self, *, good: bool = True) -> None:
        """The dry run is over."""
        assert self._ended is not None, "nothing is tried"
        self._ended.set_result(good)

    async def _ask(self, code_for: CodeFor) -> None:
        while True:
            self.codes.append(await code_for(await self._asks.get()))


class NoConnectors:
    """`services.connecting.Connectors` without any."""

    def names(self) -> Sequence[str]:
        return ()

    def about(self, name: str) -> AboutConnector:
        raise WrongUse(f"There is no connector of the name {name}.")

    def check(self, path: Path) -> AboutConnector:
        raise WrongUse(f"Nothing is read from {path.name} here.")

    def must_be_free(self, name: str) -> None:
        """Every name is."""

    def add(self, path: Path) -> str:
        raise WrongUse(f"Nothing is read from {path.name} here.")


def no_connecting() -> Connecting:
    """The use case where no platform is connected by a file."""

    async def try_nothing(*_: object) -> bool:
        raise WrongUse("Nothing can be tried here.")

    return Connecting(NoConnectors(), try_nothing)
