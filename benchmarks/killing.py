"""kill -9 at each boundary of an order, with window and command line at work on one home: nothing lost or doubled.

    python benchmarks/killing.py [--rounds 200] [--seed 1] [--latency 20]

Every process is a real one on a real home: the encrypted store, the locks of the operating system, HTTP to the demo
platform in a process of its own. A "window" runs the loops of the real window on it; it orders one to four sessions
and is killed from outside while it stands at the boundary: held, queued, sent (no answer yet), accepted (no proof yet),
settled, or at any moment. In half of the rounds the command line (`end`, or `outbox send`) works on the same home at
the same time, and in some it is killed too. In some an order is taken back before the window is killed. Then another
window takes over until no order is open.

The judge is the platform's own count of what took effect: as many as the orders that say "gone", none twice, none for
what was taken back. The journal has to be whole at the end, with one result for each order. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

# Everything that is imported late elsewhere: the processes below are forks of this one, and start at once.
import httpx2  # noqa: F401
from file_vault import FileVault

import sessionconsole.familiarity.interface
import sessionconsole.platform.opening  # noqa: F401
from sessionconsole.cli.main import main as command
from sessionconsole.cli.terminal import Terminal
from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.services.console import Console
from sessionconsole.services.states import OrdersState
from sessionconsole.wiring import HomeSurroundings, open_console
from tests.servers import STILL, DemoServer

PATIENCE = 60.0
"""Seconds until a round that does not come to its end is a fault."""

BOUNDARIES: dict[str, Callable[[Order], bool]] = {
    "held": lambda order: order.state is OrderState.HELD,
    "queued": lambda order: order.state is OrderState.QUEUED,
    "sent": lambda order: order.state is OrderState.SENT and order.accepted_at is None,
    "accepted": lambda order: order.state is OrderState.SENT and order.accepted_at is not None,
    "settled": lambda order: order.state is OrderState.SETTLED,
    "any moment": lambda _: False,
}

Tell = Callable[[object], None]


class Child:
    """A process of this home; `lines` gives what it tells, and it is gone when the block ends."""

    def __init__(self, work: Callable[[Tell], None]) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            code = 1
            try:
                work(lambda told: _write_line(writing, told))
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        self._reading = reading
        self._read = b""
        self.code: int | None = None

    def until(self, what: str, seconds: float = PATIENCE) -> Any:
        """The next of what it tells under that word; None where it ended before."""
        deadline = time.monotonic() + seconds
        while True:
            line, end, rest = self._read.partition(b"\n")
            if end:
                self._read = rest
                told = json.loads(line)
                if what in told:
                    return told[what]
                continue
            if not select.select([self._reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
                break
            more = os.read(self._reading, 65536)
            if not more:
                return None
            self._read += more
        raise TimeoutError(f"no {what!r} in {seconds:.0f} s")

    def kill(self) -> None:
        """As by a power cut."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> int:
        """Until it has ended by itself."""
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._reading)
        return self.code


def _write_line(pipe: int, told: object) -> None:
    os.write(pipe, json.dumps(told).encode() + b"\n")


@dataclass(slots=True)
class Home:
    """The home in that folder, and what is known to have been said in it."""

    folder: Path
    promised: set[str] = field(default_factory=set)
    """Orders whose click has returned."""
    taken_back: set[str] = field(default_factory=set)

    @property
    def folders(self) -> Folders:
        """Where it keeps its files."""
        return Folders.for_home({"SESSIONCONSOLE_HOME": str(self.folder)})

    @property
    def vault(self) -> FileVault:
        """Its keyring."""
        return FileVault(self.folder / "vault.json")

    def child(self, work: Callable[[Console, Tell], Coroutine[Any, Any, None]]) -> Child:
        """A process with a console that does this."""

        async def opened(tell: Tell) -> None:
            console = await open_console(self.folders, self.vault)
            await console.start()
            try:
                await work(console, tell)
            finally:
                await console.close()

        return Child(lambda tell: asyncio.run(opened(tell)))

    def command(self, *words: str) -> Child:
        """A process with the command line; its exit code is told."""

        def work(tell: Tell) -> None:
            streams = Terminal(io.StringIO(), io.StringIO(), io.StringIO(), False, lambda _: "")
            tell({"exit": command(list(words), HomeSurroundings(self.folders, self.vault), streams)})

        return Child(work)


async def sign_in(console: Console, server: DemoServer, tell: Tell) -> None:
    """Sign in, and tell all handles but the own."""
    asked = await console.signing_in.begin(server.url, server.username, server.password)
    assert isinstance(asked, SecondFactorAsked)
    await console.signing_in.answer(FactorMethod.RECOVERY_CODE, server.recovery_code())
    await console.watching.refresh()
    assert console.notices.value == (), console.notices.value
    rows = [row.session for row in console.watching.state.value.rows]
    tell({"handles": [session.handle for session in rows if not session.is_current]})


async def window(console: Console, tell: Tell, handles: Sequence[Any], boundary: str, back: int) -> None:
    """Order, take some of it back, and go on as an open window does, until it stands at the boundary."""

    def look(state: OrdersState) -> None:
        if any(BOUNDARIES[boundary](order) for order in state.orders.values() if order.handle in handles):
            tell({"at": boundary})
            signal.pause()  # until it is killed

    await console.watching.refresh()
    if boundary == "held":
        console.ending.state.subscribe(look)
    orders = await console.ending.order(handles)
    tell({"ordered": [order.id for order in orders]})
    ids = [order.id for order in orders[:back]]
    if ids:
        assert await console.ending.take_back(ids) == len(ids)
    tell({"back": ids})
    if boundary != "held":
        console.ending.state.subscribe(look)
    await both_loops(console)


async def both_loops(console: Console) -> None:
    """What runs behind an open window."""
    async with asyncio.TaskGroup() as group:
        group.create_task(console.ending.run())
        group.create_task(console.watching.run())
        group.create_task(console.journaling.run())


async def take_over(console: Console, tell: Tell) -> None:
    """The window of the next start: until no order is open; tells what became of all."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(both_loops(console))
        # Whichever process settles it.
        while any(order.is_open for order in await console.store.outbox.orders()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        running.cancel()
    orders = await console.store.outbox.orders()
    tell({"orders": [[order.id, order.state, order.outcome] for order in orders]})


async def look_at_journal(console: Console, tell: Tell) -> None:
    """Whether it is whole, and how many results it has."""
    checked = await console.journaling.check()
    results = Counter(entry.act.order for entry in checked.entries if entry.act.kind == "result")
    tell({"journal": [checked.proof.fault, len(results), max(results.values(), default=0)]})


@dataclass(slots=True)
class Tally:
    """What was counted."""

    rounds: Counter[str] = field(default_factory=Counter)
    commands: int = 0
    killed: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)


def one_round(
    home: Home, server: DemoServer, chance: random.Random, left: Iterator[str], tally: Tally
) -> None:
    """Order, kill, take over, and compare with the platform's own count."""
    boundary = list(BOUNDARIES)[sum(tally.rounds.values()) % len(BOUNDARIES)]
    tally.rounds[boundary] += 1
    handles = [next(left) for _ in range(chance.randint(1, 4))]
    back = chance.randint(0, 1) if len(handles) > 1 and boundary != "held" else 0
    first = home.child(lambda console, tell: window(console, tell, handles, boundary, back))
    beside: Child | None = None
    try:
        if chance.random() < 0.5:
            words = (
                ["end", next(left), "--yes", "--json"]
                if chance.random() < 0.5
                else ["outbox", "send", "--yes"]
            )
            beside = home.command(*words)
            tally.commands += 1
        if boundary == "held":
            first.until("at")
        else:
            home.promised.update(first.until("ordered") or ())
            home.taken_back.update(first.until("back") or ())
            if boundary == "any moment":
                time.sleep(chance.uniform(0, 0.3))  # noqa: TID251 - a moment that nobody foresees
            else:
                # The command beside may be faster, and then the window never stands there.
                first.until("at", PATIENCE if beside is None else 3.0)
    except TimeoutError as problem:
        if beside is None:
            tally.faults.append(f"{boundary}: {problem}")
    first.kill()
    tally.killed += 1
    if beside is not None and chance.random() < 0.3:
        time.sleep(chance.uniform(0, 0.2))  # noqa: TID251 - the same
        beside.kill()
        tally.killed += 1
    following = home.child(take_over)
    orders = following.until("orders")
    following.wait()
    if beside is not None:
        beside.wait()
        following = home.child(take_over)
        orders = following.until("orders")
        following.wait()
    judge(home, server, orders or [], tally)


def judge(home: Home, server: DemoServer, orders: Sequence[Sequence[str]], tally: Tally) -> None:
    """By the platform's count, over all rounds so far."""
    effects: dict[str, int] = server.effects()["ended"]
    outcomes = {order_id: outcome for order_id, _, outcome in orders}
    gone = sum(outcome in GONE for outcome in outcomes.values())
    withdrawn = {order_id for order_id, outcome in outcomes.items() if outcome == Outcome.WITHDRAWN}
    missing = home.promised - outcomes.keys()
    not_gone = outcomes.keys() - withdrawn - {key for key, outcome in outcomes.items() if outcome in GONE}
    tally.lost = len(missing) + len(not_gone) + max(0, gone - len(effects))
    tally.doubled = sum(effects.values()) - len(effects) + max(0, len(effects) - gone)
    if withdrawn - home.taken_back or home.taken_back - withdrawn:
        tally.faults.append(f"taken back {len(home.taken_back)}, withdrawn {len(withdrawn)}")
    home.promised |= outcomes.keys()


@contextmanager
def signed_in(home: Home, server: DemoServer) -> Iterator[list[str]]:
    """The handles of the platform, in a home that is signed in."""
    home.folder.mkdir(mode=0o700)
    (home.folder / "settings.json").write_text('{"undo_seconds": 0}')
    first = home.child(lambda console, tell: sign_in(console, server, tell))
    handles = first.until("handles")
    assert first.wait() == 0
    yield handles


def main() -> int:
    """Play the rounds, and tell."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--latency", type=int, default=20, metavar="MS")
    chosen = options.parse_args()
    chance, tally = random.Random(chosen.seed), Tally()  # noqa: S311 - nothing secret hangs on it
    began = time.monotonic()
    sessions = str(chosen.rounds * 5 + 100)
    arguments = ("--latency", str(chosen.latency), "--sessions", sessions, "--reauth-after", "8640000")
    with tempfile.TemporaryDirectory() as folder, DemoServer(*arguments, *STILL) as server:
        home = Home(Path(folder) / "home")
        with signed_in(home, server) as handles:
            chance.shuffle(handles)
            left = iter(handles)
            for _ in range(chosen.rounds):
                one_round(home, server, chance, left, tally)
                if tally.lost or tally.doubled or tally.faults:
                    break
        witness = home.child(look_at_journal)
        fault, results, most = witness.until("journal")
        witness.wait()
        requests = server.effects()["end_requests"]
    told = len(home.promised)
    if fault is not None or results != told or most != 1:
        tally.faults.append(
            f"journal: {fault or 'whole'}, {results} results for {told} orders, at most {most}"
        )
    parts = ", ".join(f"{name} {count}" for name, count in tally.rounds.items())
    print(
        f"{sum(tally.rounds.values())} rounds ({parts}) in {time.monotonic() - began:.0f} s, seed {chosen.seed}"
    )
    print(f"{tally.killed} processes killed, {tally.commands} commands at work beside the window")
    print(
        f"{told} orders, {len(home.taken_back)} taken back, {requests} requests to end; journal whole, one result each"
    )
    print(f"lost {tally.lost}, doubled {tally.doubled}")
    for each in tally.faults:
        print(f"fault: {each}")
    return 1 if tally.lost or tally.doubled or tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
