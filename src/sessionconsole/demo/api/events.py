"""Live events: a stream that says that the list has changed, and never how."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sessionconsole.demo.api.requests import operator_of, token_of
from sessionconsole.demo.api.sessions import looking_caller_of, mark_of
from sessionconsole.demo.operator import AT_ONCE, Caller, Operator
from sessionconsole.demo.wire import Connections

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = 15.0
"""Seconds of silence after which a comment tells that the stream still lives."""
APART = 1.0
"""Seconds between two events, at least: what changes meanwhile is told in one."""
TICK = 1.0
"""Seconds between two looks at the token and the world."""


async def events(request: Request) -> Response:
    """The stream, for as long as the access token that opened it is good."""
    caller = looking_caller_of(request)
    if request.method == "HEAD":
        return Response(media_type=MEDIA_TYPE)
    connections: Connections = request.app.state.connections
    stream = told(
        operator_of(request),
        caller,
        token_of(request) or "",
        request.headers.get("last-event-id"),
        connections,
    )
    return StreamingResponse(stream, media_type=MEDIA_TYPE)


async def told(
    operator: Operator,
    caller: Caller,
    token: str,
    last_id: str | None,
    connections: Connections,
    heartbeat: float = HEARTBEAT,
) -> AsyncIterator[str]:
    """What this caller is told; the first event comes at once unless `last_id` is the newest already."""
    with operator.bell.heard() as ear:
        yield ": welcome\n\n"
        spoken = time.monotonic()
        while operator.knows(token) and not connections.ending.is_set():
            operator.catch_up(AT_ONCE)
            ear.clear()
            newest = f"{operator.born}-{operator.register.revision}"
            if newest != last_id:
                last_id, spoken = newest, time.monotonic()
                yield _event("changed", newest, {"etag": mark_of(operator, caller)})
                await connections.pause(APART)
                continue
            if time.monotonic() - spoken >= heartbeat:
                spoken = time.monotonic()
                yield ": still here\n\n"
            await _first_of(ear, connections.ending, min(TICK, heartbeat))


async def _first_of(ear: asyncio.Event, ending: asyncio.Event, seconds: float) -> None:
    async with asyncio.TaskGroup() as group:
        waits = {group.create_task(ear.wait()), group.create_task(ending.wait())}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


def _event(name: str, event_id: str, data: dict[str, str]) -> str:
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(data)}\n\n"


ROUTES = [Route("/v1/events", events, methods=["GET"])]
