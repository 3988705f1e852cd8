"""The one door from Qt to asyncio."""

from __future__ import annotations

import asyncio

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.domain.errors import SessionConsoleError, Unreachable
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.tasks import Tasks


@pytest.fixture
def tasks(loop: Loop) -> Tasks:
    return Tasks()


def test_newer_work_of_the_same_key_replaces_the_older(qtbot: QtBot, tasks: Tasks) -> None:
    told: list[str] = []
    gate = asyncio.Event()

    async def say(what: str) -> None:
        await gate.wait()
        told.append(what)

    tasks.start("list", lambda: say("old"))
    tasks.start("list", lambda: say("new"))
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_running("list"))

    assert told == ["new"]


def test_work_that_may_wait_does_not_disturb_what_is_under_way(qtbot: QtBot, tasks: Tasks) -> None:
    gate = asyncio.Event()

    assert tasks.start("refresh", gate.wait)
    assert not tasks.start("refresh", gate.wait, if_idle=True)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_running("refresh"))


def test_an_error_of_the_tree_becomes_a_message(qtbot: QtBot, tasks: Tasks) -> None:
    error = Unreachable()

    async def fail() -> None:
        raise error

    with qtbot.waitSignal(tasks.failed) as failed:
        tasks.start("send", fail)

    assert failed.args == ["send", error]


def test_what_is_not_of_the_tree_is_a_bug_and_goes_to_the_loop(
    qtbot: QtBot, loop: Loop, tasks: Tasks
) -> None:
    heard: list[object] = []
    loop.set_exception_handler(lambda _loop, context: heard.append(context["exception"]))

    async def stumble() -> None:
        raise ZeroDivisionError

    tasks.start("sum", stumble)
    qtbot.waitUntil(lambda: bool(heard))

    assert isinstance(heard[0], ZeroDivisionError)


def test_a_replaced_one_is_not_heard_any_more(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[SessionConsoleError] = []
    tasks.failed.connect(lambda _key, error: heard.append(error))
    gate = asyncio.Event()

    async def stubborn() -> None:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            raise Unreachable from None

    async def short() -> None:
        return None

    tasks.start("list", stubborn)
    asyncio.get_running_loop().call_soon(lambda: tasks.start("list", short))
    qtbot.waitUntil(lambda: not tasks.running and not tasks._leaving)

    assert heard == []


def test_at_the_end_an_order_is_still_written_and_the_rest_is_cancelled(
    qtbot: QtBot, loop: Loop, tasks: Tasks
) -> None:
    written: list[str] = []

    async def write() -> None:
        await asyncio.sleep(0.05)
        written.append("order")

    tasks.start("wish", write, finish=True)
    tasks.start("watch", asyncio.Event().wait)
    closing = loop.create_task(tasks.close())
    qtbot.waitUntil(closing.done)

    assert written == ["order"]
    assert tasks.running == ()
    assert not tasks.start("more", asyncio.Event().wait)
