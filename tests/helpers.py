"""What every test may need: run a coroutine, wait for a condition, find a free port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_TURN = 0.005  # seconds between two looks at a condition


def run(coro: Coroutine[Any, Any, T], timeout: float = 20) -> T:
    """Run a coroutine on a loop of its own and return what it returns.

    timeout is in seconds. Raises TimeoutError when it takes longer, and AssertionError when anything
    went wrong in the background that nobody awaited: such an error would be lost otherwise.
    """
    unheard: list[str] = []

    async def bounded() -> T:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: unheard.append(_told(context))
        )
        return await asyncio.wait_for(coro, timeout)

    with asyncio.Runner(debug=False) as runner:
        result = runner.run(bounded())
    assert not unheard, "errors that nobody awaited:\n" + "\n".join(unheard)
    return result


async def until(condition: Callable[[], object], timeout: float = 5, what: str = "") -> None:
    """Wait until the condition holds, looking every few milliseconds; AssertionError after timeout seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not condition():
        assert loop.time() < deadline, f"did not come true within {timeout:g} s: {what or condition}"
        await asyncio.sleep(_TURN)


def free_port() -> int:
    """A loopback TCP port that was free a moment ago; better let a server choose (port 0) where it can."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _told(context: dict[str, Any]) -> str:
    return f"{context['message']}: {context.get('exception')!r}"
