"""The demo platform as a process: bound to loopback, ready with one line, gone when its standard input closes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn

from sessionconsole.demo.accounts import MANAGER
from sessionconsole.demo.application import application
from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.operator import Operator
from sessionconsole.demo.options import Options, read
from sessionconsole.demo.wire import Connections, protocol_that_knows

HOST = "127.0.0.1"
BACKLOG = 256
TICK = 0.5
"""Seconds between two looks at what the world has missed while nobody asked."""
LAST_ANSWERS = 1.0
"""Seconds for answers that are under way when the platform ends."""


def serve(argv: Sequence[str]) -> int:
    """Run the platform until SIGTERM, Ctrl+C, or the end of standard input; the exit code."""
    options = read(argv)
    clock = WorldClock(time.time() if options.start is None else options.start, options.time_scale)
    operator = Operator(options, clock)
    try:
        listener = _listen(options)
    except OSError as problem:
        sys.stderr.write(f"Port {options.port} of {HOST} cannot be used: {problem.strerror}.\n")
        return 1
    connections = Connections()
    config = uvicorn.Config(
        application(operator, connections),
        http=protocol_that_knows(connections),
        ws="none",
        lifespan="off",
        loop="asyncio",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )
    server = _Server(config, _ready_line(operator, listener), connections, operator)
    asyncio.run(server.serve(sockets=[listener]))
    return 0


class _Server(uvicorn.Server):
    """uvicorn that says when it is ready, and ends with 0, and at once, when it is told to."""

    def __init__(
        self, config: uvicorn.Config, ready_line: str, connections: Connections, operator: Operator
    ) -> None:
        super().__init__(config)
        self._ready_line = ready_line
        self._connections = connections
        self._operator = operator

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        threading.Thread(target=_watch_stdin, args=(lambda: self._end(loop),), daemon=True).start()
        sys.stdout.write(f"{self._ready_line}\n")
        sys.stdout.flush()

    async def main_loop(self) -> None:
        async with asyncio.TaskGroup() as group:
            living = group.create_task(self._live())
            await self._connections.ending.wait()
            living.cancel()

    async def _live(self) -> None:
        # Its own look at the end: wait_for of Python 3.11 may lose a cancellation (python/cpython#86296).
        while not self._connections.ending.is_set():
            await self._operator.live_on()
            await self._connections.pause(TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._connections.none_open.wait(), LAST_ANSWERS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def stop(_: int, __: FrameType | None) -> None:
            self._end(loop)

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(self._connections.ending.set)


def _listen(options: Options) -> socket.socket:
    return socket.create_server((HOST, options.port), backlog=BACKLOG)


def _ready_line(operator: Operator, listener: socket.socket) -> str:
    manager = operator.accounts[MANAGER]
    return json.dumps(
        {
            "url": f"http://{HOST}:{listener.getsockname()[1]}",
            "username": MANAGER,
            "password": manager.password,
            "totp_secret": manager.totp_secret,
        }
    )


def _watch_stdin(ended: Callable[[], None]) -> None:
    """Wait for the end of standard input; unbuffered, because a buffer's lock would block the interpreter's end."""
    with suppress(OSError, ValueError, AttributeError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    ended()
