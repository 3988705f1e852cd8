"""A front desk: one home, one fickle booking platform, and a console that can be started, killed and started again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC
from typing import Any, TypeVar

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import Order
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession
from sessionconsole.domain.settings import Settings
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened
from sessionconsole.services.states import Link, Row
from tests.fakes.clock import FakeClock
from tests.fakes.connecting import no_connecting
from tests.fakes.locks import FakeLocks
from tests.fakes.platform import FakeOperator, FakePlatforms, session
from tests.fakes.settings import FakeSettingsFile
from tests.fakes.store import FakeStore
from tests.fakes.vault import FakeVault
from tests.helpers import run

T = TypeVar("T")

ADDRESS = "booking.example"
TURNS = 80
STEP = 0.5

MARIA = session("maria")
SAM = session("sam")
STRANGER = session("stranger", ip="198.51.100.77")


class FakeAgents:
    """`ports.UserAgents` that knows a PC from an iPad, and counts how often it is asked."""

    version = "1"

    def __init__(self) -> None:
        self.parsed: list[str] = []

    def parse(self, user_agent: str) -> Device:
        self.parsed.append(user_agent)
        if "iPad" in user_agent:
            return Device(DeviceType.TABLET, "iPadOS 18", "Safari", model="iPad")
        return Device(DeviceType.DESKTOP, "Windows", "Chrome")


class Threads(ThreadPoolExecutor):
    """Runs what is meant for a thread at once, so that a story has one order of events only.

    After `hold(n)` the next n pieces of work are done as ever, and the one after them waits for `let_go`.
    """

    def __init__(self) -> None:
        super().__init__(1)
        self._before: int | None = None
        self._held: list[Callable[[], None]] = []

    def hold(self, after: int = 0) -> None:
        """Make a piece of work last."""
        self._before = after

    @property
    def is_holding(self) -> bool:
        """Whether such a piece of work is under way."""
        return bool(self._held)

    def let_go(self) -> None:
        """Do what waits."""
        held, self._held = self._held, []
        for work in held:
            work()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as problem:  # noqa: BLE001 -- a thread hands on whatever happens in it
                future.set_exception(problem)

        if self._before == 0:
            self._held.append(work)
        else:
            work()
        if self._before is not None:
            self._before = self._before - 1 if self._before else None
        return future


class Desk:
    """What outlives a console: clock, platform, keyring, store and settings."""

    def __init__(self, *sessions: LoginSession, undo_seconds: int = 5) -> None:
        self.clock = FakeClock()
        self.operator = FakeOperator(*(sessions or (MARIA, STRANGER)))
        self.operator.factors = ()
        self.platforms = FakePlatforms(self.operator)
        self.vault = FakeVault()
        self.store = FakeStore(self.clock)
        self.locks = FakeLocks()
        self.agents = FakeAgents()
        self.settings = FakeSettingsFile(Settings(undo_seconds=undo_seconds))

    def a_console(self) -> Console:
        """A new process on this home."""
        return Console(
            Opened(self.vault, self.store),
            self.platforms,
            self.agents,
            SimpleAssessor(),
            self.locks,
            self.clock,
            UTC,
            self.settings,
            no_connecting(),
            "frontdesk",
        )

    async def signed_in(self) -> Console:
        """A console that has signed in; nothing runs in its background yet."""
        console = self.a_console()
        await console.start()
        if console.connection.record is None:
            await console.signing_in.begin(ADDRESS, self.operator.username, self.operator.password)
        return console

    @asynccontextmanager
    async def at_work(
        self, console: Console | None = None, *, network: bool = True
    ) -> AsyncIterator[Console]:
        """A console with its loops, killed at the end: nothing is closed in order."""
        console = console or await self.signed_in()
        async with asyncio.TaskGroup() as group:
            loops = [
                group.create_task(loop)
                for loop in (
                    console.watching.run(),
                    console.ending.run(),
                    console.signing_in.run(),
                    console.journaling.run(),
                )
            ]
            await settle()
            yield console
            assert not any(loop.done() for loop in loops), "nothing ends a loop but its cancellation"
            for loop in loops:
                loop.cancel()

    async def live(self, seconds: float) -> None:
        """Let time pass as it does, a little at a time."""
        while seconds > 0:
            self.clock.advance(min(STEP, seconds))
            seconds -= STEP
            await settle()

    async def jump(self, seconds: float) -> None:
        """Let a long time pass in one leap, as of a computer that was asleep."""
        self.clock.advance(seconds)
        await settle()


async def settle() -> None:
    """Let everybody do what can be done without time passing."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def play(story: Coroutine[Any, Any, T], threads: Threads | None = None) -> T:
    """Run a story on a loop without threads."""

    async def played() -> T:
        asyncio.get_running_loop().set_default_executor(threads or Threads())
        return await story

    return run(played())


def row(console: Console, handle: Handle) -> Row:
    """The line of that session on screen."""
    return next(row for row in console.watching.state.value.rows if row.session.handle == handle)


def shown(console: Console) -> set[str]:
    """Who is on screen, by the end of the handle."""
    return {row.session.handle.split(":")[1] for row in console.watching.state.value.rows}


def link(console: Console) -> Link:
    """How the platform stands to the console."""
    return console.watching.state.value.link


def trouble(console: Console) -> SessionConsoleError | None:
    """What keeps orders from being sent."""
    return console.ending.state.value.problem


def the_order(console: Console, handle: Handle = STRANGER.handle) -> Order:
    """The order for that session as the console shows it, withdrawn or not."""
    return max(
        (order for order in console.ending.state.value.orders.values() if order.handle == handle),
        key=lambda order: order.ordered_at,
    )


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Kill a task and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
