"""The clock of the computer, and the one that tests move."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sessionconsole.desktop.clock import SystemClock
from tests.fakes.clock import FakeClock
from tests.helpers import run, until


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_sleeping_takes_its_time() -> None:
    clock = SystemClock()
    before = clock.monotonic()

    run(clock.sleep(0.02))

    assert clock.monotonic() - before >= 0.019


def test_the_fake_wakes_who_is_due_and_nobody_else() -> None:
    async def story() -> None:
        clock, woken = FakeClock(), []

        async def sleeper(seconds: float) -> None:
            await clock.sleep(seconds)
            woken.append(seconds)

        async with asyncio.TaskGroup() as tasks:
            for seconds in (30, 5):
                tasks.create_task(sleeper(seconds))
            await until(lambda: clock.sleepers == 2)
            clock.advance(5)
            await until(lambda: woken)
            assert woken == [5]
            clock.set_back()
            clock.advance(25)
        assert woken == [5, 30]

    run(story())


def test_the_fake_lets_a_loop_turn_as_often_as_it_would() -> None:
    async def story() -> None:
        clock, ticks = FakeClock(), []

        async def every_thirty_seconds() -> None:
            while True:
                await clock.sleep(30)
                ticks.append(clock.monotonic())

        async with asyncio.TaskGroup() as tasks:
            loop = tasks.create_task(every_thirty_seconds())
            await clock.live(100)
            loop.cancel()
        assert ticks == [30, 60, 90]
        assert clock.monotonic() == 100

    run(story())
