"""A server on a raw socket that answers byte for byte as it is told, so that every fault can be had."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.helpers import until


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass(slots=True)
class Wire:
    """One connection of the server, for faults."""

    writer: asyncio.StreamWriter
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def cut(self) -> None:
        """Close it whatever is missing."""
        self.writer.close()


Behaviour = Callable[[Request, Wire], Awaitable[None]]
Answer = bytes | Behaviour


def respond(
    body: object = None, status: int = 200, *, kind: str = "application/json", **headers: str
) -> bytes:
    """A whole response; anything but bytes is sent as JSON. Header names have _ for -."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def drop(_: Request, wire: Wire) -> None:
    """Say nothing and hang up."""
    wire.cut()


async def cut_short(_: Request, wire: Wire) -> None:
    """Promise more than is sent."""
    wire.send(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"sess')
    wire.cut()


async def say_nothing(_: Request, wire: Wire) -> None:
    """Keep the client waiting until the server is stopped."""
    await wire.released.wait()


async def drip(_: Request, wire: Wire) -> None:
    """Begin an answer and never come to its end, though something arrives all the time."""
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    while not wire.released.is_set():
        try:
            async with asyncio.timeout(0.01):
                await wire.released.wait()
        except TimeoutError:
            wire.send(b" ")


class FaultServer:
    """Gives the answers one after the other, the last one for ever; `requests` has what came in."""

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self._tls = tls
        self._wires: list[Wire] = []
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.address = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for wire in self._wires:
            wire.released.set()
            wire.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arrived(self, requests: int) -> None:
        """Wait until so many requests have come in."""
        await until(lambda: len(self.requests) >= requests, what=f"{requests} requests")

    async def all_gone(self) -> None:
        """Wait until every client has hung up."""
        await until(lambda: all(task.done() for task in self._tasks), what="every client hung up")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._connections += 1
        number = self._connections
        wire = Wire(writer)
        self._wires.append(wire)
        try:
            while not writer.is_closing():
                request = await self._read(reader, number)
                self.requests.append(request)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(request, wire)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, number: int) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, target, headers, body, number)
