"""Locks of one process, and another process as far as a test needs one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeLocks:
    """`ports.Locks` in memory; a name in `held_elsewhere` is another process's until the test takes it out.

    It waits by yielding to the other tasks: a timeout above 0 gives them `TURNS` rounds, whatever a clock says.
    """

    TURNS = 200

    def __init__(self) -> None:
        self.held_elsewhere: set[str] = set()
        self._held: set[str] = set()

    @asynccontextmanager
    async def exclusive(self, name: str, timeout: float) -> AsyncIterator[bool]:
        turns = self.TURNS if timeout > 0 else 0
        while self._taken(name) and turns:
            await asyncio.sleep(0)
            turns -= 1
        if self._taken(name):
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)

    def _taken(self, name: str) -> bool:
        return name in self._held or name in self.held_elsewhere
