"""Waiting that can be cut short."""

from __future__ import annotations

import asyncio

from sessionconsole.services.ports import Clock


async def wait_for_wake(wake: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Return when `wake` is set, which is then cleared, or after `seconds` on the clock."""
    async with asyncio.TaskGroup() as group:
        waits = {group.create_task(wake.wait()), group.create_task(clock.sleep(seconds))}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    wake.clear()
