"""A thread for libraries that block."""

from __future__ import annotations

import asyncio
import threading

import pytest

from sessionconsole.own_thread import OwnThread, StillBusy
from tests.helpers import run, until


def test_calls_run_one_after_the_other_on_one_other_thread() -> None:
    async def story() -> None:
        thread, ran = OwnThread("test"), []

        def note(number: int) -> int:
            ran.append((number, threading.current_thread().name))
            return number * 2

        assert await asyncio.gather(*(thread.call(note, number) for number in range(5))) == [0, 2, 4, 6, 8]
        assert ran == [(number, "test") for number in range(5)]
        thread.close()

    run(story())


def test_what_the_call_raises_is_raised_where_it_was_made() -> None:
    async def story() -> None:
        thread = OwnThread("test")
        with pytest.raises(ZeroDivisionError):
            await thread.call(divmod, 1, 0)
        # Its own TimeoutError is no StillBusy.
        with pytest.raises(TimeoutError):
            await thread.call(_time_out, limit=5)
        assert await thread.call(divmod, 7, 2) == (3, 1)
        thread.close()

    run(story())


def test_a_call_over_its_limit_is_given_up_and_its_late_answer_loses() -> None:
    async def story() -> None:
        thread, let_go = OwnThread("test"), threading.Event()
        with pytest.raises(StillBusy):
            await thread.call(let_go.wait, limit=0.02)
        with pytest.raises(StillBusy):
            await thread.call(divmod, 7, 2, limit=0.02)
        let_go.set()
        await until(lambda: not thread._overdue)
        assert await thread.call(divmod, 7, 2, limit=5) == (3, 1)
        thread.close()

    run(story())


def test_a_call_that_nobody_waits_for_any_more_is_not_begun() -> None:
    async def story() -> None:
        thread, let_go = OwnThread("test"), threading.Event()
        ran: list[int] = []
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(thread.call(let_go.wait))
            second = tasks.create_task(thread.call(ran.append, 2))
            await asyncio.sleep(0)
            second.cancel()
            await asyncio.sleep(0)
            let_go.set()
            assert await first
        await thread.call(ran.append, 3)
        assert ran == [3]
        thread.close()

    run(story())


def test_closing_waits_for_what_is_in_hand_but_not_for_ever() -> None:
    async def story() -> None:
        thread, let_go = OwnThread("test"), threading.Event()
        with pytest.raises(StillBusy):
            await thread.call(let_go.wait, limit=0.02)
        thread.close(0.02)
        with pytest.raises(RuntimeError, match="closed"):
            await thread.call(divmod, 7, 2)
        let_go.set()

    run(story())


def _time_out() -> None:
    raise TimeoutError
