"""Listening to live events for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.platform.conformance.visitor import Broken, expect
from sessionconsole.platform.console_api_reading import DISCOVERY
from sessionconsole.platform.event_stream import EventReader
from sessionconsole.platform.http import Http

PATIENCE = 10.0
"""Seconds in which the first event must come, which is due at once."""


async def hear_what_is_newest(http: Http, link: str, token: str) -> None:
    """Open the stream and wait for its first `changed`; raises `Broken`, and what `Http.stream` raises."""
    reader = EventReader()
    changed = asyncio.Event()

    async def take(chunk: bytes) -> None:
        for event in reader.feed(chunk):
            if event.name == "changed":
                if event.id is None:
                    raise Broken("the event changed has no id")
                changed.set()

    async with asyncio.TaskGroup() as group:
        listening = group.create_task(_listen(http, link, token, take))
        waiting = group.create_task(changed.wait())
        await asyncio.wait({listening, waiting}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        problem = listening.result() if listening.done() else None
        listening.cancel()
        waiting.cancel()
    if changed.is_set():
        return
    raise problem or Broken(f"no event changed came within {PATIENCE:.0f} seconds of opening")


async def _listen(
    http: Http, link: str, token: str, take: Callable[[bytes], Awaitable[None]]
) -> Broken | SessionConsoleError:
    """Why the stream ended; it should not."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        expect(await http.stream(link, take, document=DISCOVERY, headers=headers), 200)
    except (Broken, SessionConsoleError) as problem:
        return problem
    return Broken("the platform ended the stream at once")
