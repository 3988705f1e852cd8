"""The levers of the fake platform that its contract does not pull."""

from __future__ import annotations

import asyncio

import pytest

from sessionconsole.domain.errors import NotAllowed, Unreachable
from sessionconsole.domain.platforms import EndStatus
from sessionconsole.services.credentials import MemoryKeeper
from tests.fakes.platform import FakeOperator, FakePlatform, session
from tests.helpers import run, until


def signed_in(operator: FakeOperator) -> FakePlatform:
    platform = FakePlatform(operator)
    platform.use(MemoryKeeper(operator.admit()))
    return platform


def test_an_answer_can_be_held_after_the_deed_is_done() -> None:
    async def story() -> None:
        operator = FakeOperator(session("a"))
        platform = signed_in(operator)
        await platform.list_sessions()
        operator.hold("end")
        async with asyncio.TaskGroup() as group:
            handle = session("a").handle
            ending = group.create_task(platform.end([handle]))
            await until(lambda: operator.effects[handle] == 1)
            assert not ending.done()
            operator.let_go("end")
        assert ending.result()[handle].status is EndStatus.ACCEPTED

    run(story())


def test_faults_come_as_often_as_they_were_ordered_and_calls_are_counted() -> None:
    async def story() -> None:
        operator = FakeOperator(session("a"))
        platform = signed_in(operator)
        operator.fail("list_sessions", Unreachable(), times=2)
        for _ in range(2):
            with pytest.raises(Unreachable):
                await platform.list_sessions()
        assert await platform.list_sessions() is not None
        assert operator.calls == ["list_sessions"] * 3

    run(story())


def test_one_may_be_refused_and_another_may_stay_listed() -> None:
    async def story() -> None:
        operator = FakeOperator(session("a"), session("b"), session("c"))
        a, b, c = (session(name).handle for name in "abc")
        operator.refused.add(a)
        operator.never_gone.add(b)
        platform = signed_in(operator)
        await platform.list_sessions()
        with pytest.raises(NotAllowed):
            await platform.end([a])
        statuses = {handle: answer.status for handle, answer in (await platform.end([a, b, c])).items()}
        assert statuses == {a: EndStatus.REFUSED, b: EndStatus.ACCEPTED, c: EndStatus.ACCEPTED}
        listing = await platform.list_sessions()
        assert listing is not None
        assert {a, b} <= {each.handle for each in listing.sessions}

    run(story())
