"""What surrounds every answer: the world's date, latency, and the faults that were ordered."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.utils import formatdate

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sessionconsole.demo import problems
from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.faults import Fault, FaultPlan

DRIP_SECONDS = 0.5
_CAPTIVE_PORTAL = (
    "<!doctype html><title>Guest Wi-Fi</title><h1>Welcome</h1><p>Please sign in to the guest Wi-Fi.</p>"
)


class Connections:
    """The connections that are open, by the client's address; and whether the platform is about to end."""

    def __init__(self) -> None:
        self.ending = asyncio.Event()
        self.none_open = asyncio.Event()
        self.none_open.set()
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, peer: tuple[str, int], transport: asyncio.Transport) -> None:
        """A client came."""
        self._open[peer] = transport
        self.none_open.clear()

    def closed(self, peer: tuple[str, int]) -> None:
        """A client went."""
        self._open.pop(peer, None)
        if not self._open:
            self.none_open.set()

    async def drop(self, scope: Scope, receive: Receive) -> None:
        """Close the connection of a request, whatever it still waits for."""
        self._open[tuple(scope["client"])].close()
        while (await receive())["type"] != "http.disconnect":
            pass

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until the platform is about to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ending.wait(), seconds)


def protocol_that_knows(connections: Connections) -> type[H11Protocol]:
    """The HTTP protocol of uvicorn, which tells no application its connection; this one keeps it at hand."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._peer = tuple(transport.get_extra_info("peername")[:2])
            connections.opened(self._peer, transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self._peer)
            super().connection_lost(exc)

    return Protocol


class Wire:
    """The outermost layer of the application."""

    def __init__(
        self, app: ASGIApp, clock: WorldClock, faults: FaultPlan, connections: Connections, latency: float
    ) -> None:
        self._app = app
        self._clock = clock
        self._faults = faults
        self._connections = connections
        self._latency = latency

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._latency:
            await self._connections.pause(self._latency)
        line = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        fault = None if scope["path"].startswith("/demo/") else self._faults.take(line)
        if line.startswith("POST /v1/sessions/end"):
            scope.setdefault("state", {})["refused"] = self._faults.refused_ids()
        await self._answer(fault, scope, receive, self._dated(send))

    async def _answer(self, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        match fault:
            case None:
                await self._app(scope, receive, send)
            case Fault.DROP_BEFORE:
                await self._connections.drop(scope, receive)
            case Fault.DROP_AFTER:
                await self._app(scope, receive, _swallow)
                await self._connections.drop(scope, receive)
            case Fault.SERVER_ERROR:
                await problems.internal_error().response()(scope, receive, send)
            case Fault.BUSY:
                await problems.rate_limited(1).response()(scope, receive, send)
            case Fault.REFUSED:
                await problems.not_allowed("This one may not be ended.").response()(scope, receive, send)
            case Fault.WEB_PAGE:
                await HTMLResponse(_CAPTIVE_PORTAL)(scope, receive, send)
            case Fault.SLOW_DRIP:
                await self._drip(scope, receive, send)

    async def _drip(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def drip(message: Message) -> None:
            body: bytes = message.get("body", b"")
            for index in range(len(body)):
                await self._connections.pause(DRIP_SECONDS)
                if self._connections.ending.is_set():
                    return
                await send({**message, "body": body[index : index + 1], "more_body": True})
            if not body or not message.get("more_body"):
                await send({**message, "body": b""} if body else message)

        await self._app(scope, receive, drip)
        if self._connections.ending.is_set():
            await self._connections.drop(scope, receive)

    def _dated(self, send: Send) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["Date"] = formatdate(self._clock.now(), usegmt=True)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return dated


async def _swallow(message: Message) -> None:
    """Let the answer go nowhere."""
