"""The event loop: Qt's, spoken to as asyncio's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class Loop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """qasync's loop with what it lacks on newer Pythons.

    qasync 0.28 asks on each callback what Python 3.14 warns of, lets a task run where no loop is set while it winds
    up (which 3.14 forbids, so the task never ends), drops the context of callbacks from other threads, and does not
    know the `context` that Python 3.15 hands to `_add_reader`.
    """

    def __init__(self, app: object = None, *, already_running: bool = False) -> None:
        self._doorbell = _Doorbell(self)
        super().__init__(app, already_running=already_running)
        # qasync's own pool starts ten threads at its first use.
        self.set_default_executor(ThreadPoolExecutor(4, thread_name_prefix="window"))

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Call it after `delay` seconds, counted in whole milliseconds."""
        handle: asyncio.Handle = self._add_callback(asyncio.Handle(callback, args, self, context), delay)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Call it from the loop's own thread."""
        handle = asyncio.Handle(callback, args, self, context)
        self._doorbell.rung.emit(handle)
        return handle

    @contextmanager
    def finishing_generators(self) -> Iterator[None]:
        """Have asynchronous generators that nobody exhausts closed on this loop, as asyncio's own loops do.

        Without it the collector closes them where it stands, and the cut stream of an answer complains aloud.
        """
        before = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook
        )
        try:
            yield
        finally:
            sys.set_asyncgen_hooks(*before)

    def run_forever(self) -> object:
        """Run until stopped."""
        with self.finishing_generators():
            return super().run_forever()

    def run_until_complete(self, future: Awaitable[T]) -> T:
        """Run until the future is done."""
        task = asyncio.ensure_future(future, loop=self)  # noqa: TID251 - this is the loop itself
        task.add_done_callback(self._stop_for)
        try:
            self.run_forever()
        finally:
            task.remove_done_callback(self._stop_for)
        if not task.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return task.result()

    def _stop_for(self, _task: asyncio.Future[Any]) -> None:
        self.stop()

    def _add_reader(
        self, fd: int, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> None:
        super()._add_reader(fd, _within(context, callback), *args)

    def _add_writer(
        self, fd: int, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> None:
        super()._add_writer(fd, _within(context, callback), *args)


class _Doorbell(QObject):
    """Carries a callback from any thread to the loop's."""

    rung = Signal(object)

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self._loop = loop
        self.rung.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _answer(self, handle: asyncio.Handle) -> None:
        if not self._loop.is_closed():
            self._loop._add_callback(handle)  # noqa: SLF001 - the two are one


def _within(context: Context | None, callback: Callable[..., object]) -> Callable[..., object]:
    return callback if context is None else partial(context.run, callback)
