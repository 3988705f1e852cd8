"""Keeps the event loop, which is the window's too, free of work that takes long with many sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import TypeVar

T = TypeVar("T")

MANY = 500
"""Sessions of which every step is done within a few milliseconds, so that going to a thread would only take longer."""

_SLICE = 1000


async def off_the_loop(sessions: int, work: Callable[[], T]) -> T:
    """What the work returns, which takes time with that many sessions; with few of them it is done at once.

    The work may look at nothing that another task could change meanwhile.
    """
    return work() if sessions < MANY else await asyncio.to_thread(work)


async def let_go(last: list[Collection[object]]) -> None:
    """Free what is in `last`, which should have the only references to it, without anybody waiting for it.

    Dropping the last reference to 100,000 sessions frees them all in one go, and meanwhile no thread can run.
    """
    await off_the_loop(sum(map(len, last)), lambda: free(last))


def free(last: list[Collection[object]]) -> None:
    """The same where one is in a thread already."""
    while last:
        rest = list(last.pop())
        while rest:
            del rest[-_SLICE:]
