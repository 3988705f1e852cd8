"""The one door from Qt to asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from sessionconsole.domain.errors import SessionConsoleError


class Tasks(QObject):
    """Starts work by key and keeps it until it is done.

    An error that the program knows comes out as `failed(key, error)`; any other goes to the loop's exception handler,
    because it is a bug. `changed(key)` is told when the work of a key begins and ends.
    """

    failed = Signal(str, object)
    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[str, asyncio.Task[object]] = {}
        self._leaving: set[asyncio.Task[object]] = set()
        self._to_finish: set[asyncio.Task[object]] = set()
        self._closed = False

    def start(
        self,
        key: str,
        function: Callable[[], Coroutine[Any, Any, object]],
        *,
        if_idle: bool = False,
        finish: bool = False,
    ) -> bool:
        """Start the work; older work of the same key is cancelled, or keeps its place with `if_idle`.

        Work with `finish`, such as writing an order, is waited for when the program ends.
        """
        if self._closed or (if_idle and key in self._running):
            return False
        self.cancel(key)
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(function(), name=key)
        self._running[key] = task
        if finish:
            self._to_finish.add(task)
        task.add_done_callback(partial(self._done, key))
        self.changed.emit(key)
        return True

    def cancel(self, key: str) -> None:
        """Stop the work of that key, if there is any; what it would have said is not heard any more."""
        task = self._running.pop(key, None)
        if task is not None:
            self._leaving.add(task)
            task.cancel()

    def is_running(self, key: str) -> bool:
        """Whether work of that key is under way."""
        return key in self._running

    @property
    def running(self) -> tuple[str, ...]:
        """The keys of all work under way."""
        return tuple(self._running)

    async def close(self, timeout: float = 2.0) -> None:
        """Take no new work, wait for what must be finished, cancel the rest; at most `timeout` seconds in all."""
        self._closed = True
        await self.stop(timeout=timeout)

    async def stop(self, *, but: str = "", timeout: float = 2.0) -> None:
        """Wait for what must be finished and cancel the rest, `but` the work of that key; so many seconds at most."""
        if self._to_finish:
            await asyncio.wait(self._to_finish, timeout=timeout / 2)
        for key in tuple(self._running):
            if key != but:
                self.cancel(key)
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=timeout / 2)

    def _done(self, key: str, task: asyncio.Task[object]) -> None:
        self._leaving.discard(task)
        self._to_finish.discard(task)
        replaced = self._running.get(key) is not task
        if not replaced:
            del self._running[key]
            self.changed.emit(key)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, SessionConsoleError):
            if not replaced:
                self.failed.emit(key, error)
        elif error is not None:
            task.get_loop().call_exception_handler(
                {"message": f"the work {key!r} failed", "exception": error, "task": task}
            )
