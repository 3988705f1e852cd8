"""Another process on the same store.

Usage: writer.py add FILE | change FILE queued|withdrawn
`add` writes orders for ever and prints the id of each as soon as it is kept; `change` waits for a line on standard
input, then tries to change each held order and prints those that it won.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from dataclasses import replace
from pathlib import Path

from sessionconsole.domain.orders import OrderState
from sessionconsole.store.opening import open_store
from tests.builders import NOW, an_order
from tests.fakes.clock import FakeClock

KEY = bytes(range(32))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def add(path: Path) -> None:
    store, _ = await open_store(path, KEY, FakeClock(NOW))
    for number in itertools.count():
        order = an_order(id=f"{os.getpid()}-{number}", detail="x" * (number * 97 % 3000))
        await store.outbox.add(order)
        say(order.id)


async def change(path: Path, state: OrderState) -> None:
    store, _ = await open_store(path, KEY, FakeClock(NOW))
    orders = await store.outbox.orders()
    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    for order in orders:
        if await store.outbox.change(replace(order, state=state), expected=OrderState.HELD):
            say(order.id)
    await store.close()


if __name__ == "__main__":
    if sys.argv[1] == "add":
        asyncio.run(add(Path(sys.argv[2])))
    else:
        asyncio.run(change(Path(sys.argv[2]), OrderState(sys.argv[3])))
