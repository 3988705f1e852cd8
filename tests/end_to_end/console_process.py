"""A console in a process of its own, so that a test can kill it: tells each state of its orders, a line each.

Usage: console_process.py sign-in URL USERNAME PASSWORD CODE   (then ends)
       console_process.py end ACCOUNT                          (orders the end of a session of that person, and goes on)
       console_process.py go-on                                (takes over what is there, until nothing is open)
"""

from __future__ import annotations

import asyncio
import json
import sys

from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.services.console import Console
from sessionconsole.services.states import Link, OrdersState
from sessionconsole.wiring import open_console


def tell(**facts: object) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def tell_orders(state: OrdersState) -> None:
    """Where each order stands."""
    for order in state.orders.values():
        tell(
            order=order.id,
            state=order.state,
            outcome=order.outcome,
            accepted=order.accepted_at is not None,
            undo=order.id in state.due,
            asks=order.id in {asked.id for asked in state.asks},
        )


async def sign_in(console: Console, url: str, username: str, password: str, code: str) -> None:
    """Sign in with a recovery code."""
    asked = await console.signing_in.begin(url, username, password)
    assert isinstance(asked, SecondFactorAsked)
    await console.signing_in.answer(FactorMethod.RECOVERY_CODE, code)
    await console.watching.refresh()
    assert console.watching.state.value.link is Link.LIVE
    assert console.notices.value == (), console.notices.value


async def end(console: Console, account: str) -> None:
    """Order, and run until the test kills this process."""
    console.ending.state.subscribe(tell_orders)
    await console.watching.refresh()
    rows = [r.session for r in console.watching.state.value.rows if r.session.person.account == account]
    await console.ending.order([rows[0].handle])
    await console.ending.run()


async def go_on(console: Console) -> None:
    """Run until no order is open; what nobody answers stays open and the test kills this process."""
    done = asyncio.Event()

    def look(state: OrdersState) -> None:
        tell_orders(state)
        if not any(order.is_open for order in state.orders.values()):
            done.set()

    tell_orders(console.ending.state.value)
    console.ending.state.subscribe(look)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(console.ending.run())
        await done.wait()
        running.cancel()


async def main(what: str, *words: str) -> None:
    console = await open_console(Folders.for_home())
    await console.start()
    try:
        match what:
            case "sign-in":
                await sign_in(console, *words)
            case "end":
                await end(console, *words)
            case "go-on":
                await go_on(console)
    finally:
        await console.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
