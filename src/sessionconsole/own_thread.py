"""One daemon thread for a library that blocks, so that it can stop neither the window nor the end of the program."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class StillBusy(Exception):
    """The call did not return within its limit, or one before it has not returned yet."""


class OwnThread:
    """Runs calls one after the other on a thread of its own; from any event loop of the process.

    A `ThreadPoolExecutor` would be waited for at exit, however long its call hangs; this thread is not.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._counting = threading.Lock()
        self._overdue = 0

    async def call(self, function: Callable[..., T], *args: Any, limit: float | None = None) -> T:
        """Run it there and return what it returned, or raise what it raised.

        limit is in seconds; None waits for ever. Raises `StillBusy` where the limit passed, and at once while an
        earlier call is over its limit: the answer of an overdue call is thrown away when it comes.
        """
        if self._closed:
            raise RuntimeError(f"{self._name} was closed before this call")
        if self._overdue:
            raise StillBusy
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        job = _Job()

        def run() -> None:
            if not answer.cancelled():
                outcome = _attempt(function, args)
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_settle, answer, *outcome)
            with self._counting:
                job.finished = True
                self._overdue -= job.overdue

        self._jobs.put(run)
        self._start()
        try:
            return await asyncio.wait_for(answer, limit)
        except TimeoutError:
            if not answer.cancelled():
                raise  # the function's own, well within the limit
        with self._counting:
            if not job.finished:
                job.overdue = True
                self._overdue += 1
        raise StillBusy

    def close(self, wait: float = 2.0) -> None:
        """Let the thread end after what it has in hand, waiting at most that many seconds."""
        self._closed = True
        self._jobs.put(None)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(wait)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class _Job:
    finished = False
    overdue = False


def _attempt(function: Callable[..., T], args: tuple[object, ...]) -> tuple[T | None, BaseException | None]:
    try:
        return function(*args), None
    except BaseException as problem:  # noqa: BLE001 - it is raised where the call was made
        return None, problem


def _settle(answer: asyncio.Future[Any], result: object, problem: BaseException | None) -> None:
    if answer.done():
        return
    if problem is None:
        answer.set_result(result)
    else:
        answer.set_exception(problem)
