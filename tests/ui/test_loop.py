"""The loop does what asyncio promises, also where qasync lags behind."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import AsyncIterator
from contextvars import ContextVar, copy_context

from PySide6.QtWidgets import QApplication

from sessionconsole.ui.loop import Loop
from tests.helpers import until

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


def _run(app: QApplication, coro: object) -> object:
    with asyncio.Runner(loop_factory=lambda: Loop(app)) as runner:
        return runner.run(coro)  # type: ignore[arg-type]


def test_a_callback_from_another_thread_comes_with_its_context_and_a_handle(qapp: QApplication) -> None:
    async def story() -> tuple[str, bool]:
        loop, heard = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        handles: list[asyncio.Handle] = []

        def ring() -> None:
            WHO.set("the other thread")
            handles.append(loop.call_soon_threadsafe(lambda: heard.set_result(WHO.get())))

        thread = threading.Thread(target=ring)
        thread.start()
        who = await heard
        thread.join()
        return who, isinstance(handles[0], asyncio.Handle)

    assert _run(qapp, story()) == ("the other thread", True)


def test_a_generator_that_nobody_exhausts_is_closed_on_the_loop(qapp: QApplication) -> None:
    closed: list[bool] = []

    async def chunks() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)  # as a connection that is given back
            closed.append(True)

    async def story() -> None:
        async for _ in chunks():
            break
        gc.collect()
        await until(lambda: closed)

    _run(qapp, story())
    assert closed == [True]


def test_a_callback_from_another_thread_can_be_cancelled(qapp: QApplication) -> None:
    async def story() -> list[str]:
        loop = asyncio.get_running_loop()
        heard: list[str] = []
        loop.call_soon_threadsafe(heard.append, "cancelled").cancel()
        last = loop.create_future()
        loop.call_soon_threadsafe(last.set_result, None)
        await last
        return heard

    assert _run(qapp, story()) == []


def test_the_end_does_not_wait_for_a_task_that_is_ready(qapp: QApplication) -> None:
    async def never() -> None:
        while True:  # noqa: ASYNC110 - always ready, that is the point
            await asyncio.sleep(0)

    left: list[asyncio.Task[None]] = []

    async def story() -> str:
        left.append(asyncio.get_running_loop().create_task(never()))
        await asyncio.sleep(0)
        return "over"

    assert _run(qapp, story()) == "over"
    assert left[0].cancelled()


def test_a_reader_takes_the_context_that_newer_pythons_hand_over(qapp: QApplication) -> None:
    async def story() -> str:
        loop = asyncio.get_running_loop()
        near, far = socket.socketpair()
        with near, far:
            near.setblocking(False)
            WHO.set("the reader")
            context = copy_context()
            WHO.set("somebody else")
            read = loop.create_future()

            def take() -> None:
                if not read.done():
                    read.set_result(WHO.get())

            loop._add_reader(near.fileno(), take, context=context)  # type: ignore[attr-defined]
            far.send(b"x")
            who = await read
            loop.remove_reader(near.fileno())
            return str(who)

    assert _run(qapp, story()) == "the reader"


def test_work_off_the_gui_thread_comes_back(qapp: QApplication) -> None:
    async def story() -> bool:
        return await asyncio.to_thread(threading.current_thread) is not threading.main_thread()

    assert _run(qapp, story()) is True
