"""A console in a process of its own that does what it is asked, a JSON line each, and tells when it is done.

["sign-in", URL, USERNAME, PASSWORD, CODE]   ["sign-out"]   ["refresh"]
["order", ACCOUNT]   orders the end of that person's first session, queued at once
["look"]             reads the outbox        ["work-off", SECONDS]   sends what waits, and waits so long for its turn
["hold-renewal"]     holds the lock that a renewal is under, and does nothing
["run"]              does what an open window does, and tells what changes
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from typing import Any

from sessionconsole.desktop.folders import Folders
from sessionconsole.desktop.locks import FileLocks
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.services.console import Console
from sessionconsole.services.signing_in import SignInState, Stage
from sessionconsole.services.states import ListState, OrdersState
from sessionconsole.wiring import open_console


def tell(**facts: object) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Twin:
    """One open console."""

    def __init__(self, console: Console, group: asyncio.TaskGroup) -> None:
        self.console, self._group = console, group
        self._locks, self._held = FileLocks(Folders.for_home().locks), AsyncExitStack()

    async def do(self, what: str, *words: str) -> dict[str, Any]:
        """Do it; what is to be told of it."""
        match what:
            case "sign-in":
                return await self._sign_in(*words)
            case "sign-out":
                return {"revoked": await self.console.signing_in.sign_out()}
            case "refresh":
                await self.console.watching.refresh()
                return listed(self.console.watching.state.value)
            case "order":
                return await self._order(*words)
            case "look":
                await self.console.ending.load(hold_again=False)
                return {"open": open_orders(self.console.ending.state.value)}
            case "work-off":
                problem = await self.console.ending.work_off(wait=float(words[0]))
                return {"problem": problem and problem.code, **settled(self.console.ending.state.value)}
            case "hold-renewal":
                await self._held.enter_async_context(self._locks.exclusive("renewal", 5))
                return {}
            case "run":
                self._run()
                return {}
        raise ValueError(what)

    async def _sign_in(self, url: str, username: str, password: str, code: str) -> dict[str, Any]:
        asked = await self.console.signing_in.begin(url, username, password)
        if isinstance(asked, SecondFactorAsked):
            await self.console.signing_in.answer(FactorMethod.RECOVERY_CODE, code)
        return {}

    async def _order(self, account: str) -> dict[str, Any]:
        rows = [row.session for row in self.console.watching.state.value.rows]
        chosen = next(session for session in rows if session.person.account == account)
        await self.console.ending.order([chosen.handle], hold=False)
        return {"handle": chosen.handle}

    def _run(self) -> None:
        self.console.ending.state.subscribe(lambda state: tell(orders=open_orders(state), **settled(state)))
        self.console.watching.state.subscribe(lambda state: tell(**listed(state)))
        self.console.signing_in.state.subscribe(self._stage)
        self._group.create_task(self.console.ending.run())
        self._group.create_task(self.console.watching.run())

    def _stage(self, state: SignInState) -> None:
        tell(stage=state.stage)


def listed(state: ListState) -> dict[str, Any]:
    """What the list page would show."""
    return {
        "link": state.link,
        "rows": len(state.rows),
        "problem": state.problem and state.problem.code,
        "message": state.problem and state.problem.message,
    }


def open_orders(state: OrdersState) -> int:
    """How many orders something may still happen to."""
    return sum(order.is_open for order in state.orders.values())


def settled(state: OrdersState) -> dict[str, Any]:
    """What became of the others."""
    return {"outcomes": [order.outcome for order in state.orders.values() if not order.is_open]}


async def main() -> None:
    console = await open_console(Folders.for_home())
    assert console.notices.value == (), console.notices.value
    await console.start(hold_again=False)
    signed_in = console.signing_in.state.value.stage is Stage.SIGNED_IN
    try:
        async with asyncio.TaskGroup() as group:
            twin = Twin(console, group)
            tell(did="start", signed_in=signed_in)
            while line := await asyncio.to_thread(sys.stdin.readline):
                what, *words = json.loads(line)
                try:
                    facts = await twin.do(what, *words)
                except SessionConsoleError as problem:
                    facts = {"error": problem.code, "message": problem.message}
                tell(did=what, **facts)
    finally:
        await console.close()


if __name__ == "__main__":
    asyncio.run(main())
