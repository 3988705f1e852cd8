"""What is done with a long list beside the event loop comes late, and what comes late loses."""

from __future__ import annotations

import asyncio
import threading
import weakref
from dataclasses import replace

import pytest

from sessionconsole.domain.errors import SignInNeeded, Unreachable
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.services.console import Console
from sessionconsole.services.forgetting import Stored
from sessionconsole.services.off_the_loop import MANY, let_go, off_the_loop
from sessionconsole.services.states import Link, ListState, Presence
from tests.fakes.platform import ABOUT, SAM, session
from tests.fakes.platform import MARIA as MARIA_HERSELF
from tests.helpers import run
from tests.services.desk import ADDRESS, MARIA, STRANGER, Desk, Threads, link, play, row, settle, shown

CROWD = tuple(session(f"guest{number}", person=SAM) for number in range(MANY))
ELSEWHERE = replace(CROWD[1], ip="198.51.100.9")
NEWCOMER = session("newcomer")

each_step = pytest.mark.parametrize("step", range(6))
"""Which piece of a reading lasts: devices (twice), the comparison, the judgement, the rows, letting the old list go."""


async def at_a_long_list(*others: LoginSession) -> tuple[Desk, Console]:
    """The list was read; since then one has come, one has gone and one has moved."""
    desk = Desk(MARIA, STRANGER, *CROWD, *others)
    console = await desk.signed_in()
    await console.watching.refresh()
    desk.operator.vanish(CROWD[0].handle)
    desk.operator.appear(ELSEWHERE)
    desk.operator.appear(NEWCOMER)
    return desk, console


@each_step
def test_whatever_is_under_way_when_they_leave_is_not_shown(step: int) -> None:
    threads = Threads()

    async def story() -> None:
        _, console = await at_a_long_list()
        threads.hold(after=step)
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        assert threads.is_holding
        await console.signing_in.leave()
        assert console.watching.state.value == ListState()
        threads.let_go()
        await reading

        assert console.watching.state.value == ListState()

    play(story(), threads)


@each_step
def test_whatever_is_under_way_when_somebody_else_signs_in_is_not_shown_to_them(step: int) -> None:
    threads = Threads()

    async def story() -> None:
        desk, console = await at_a_long_list()
        threads.hold(after=step)
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        assert threads.is_holding
        await console.signing_in.leave()
        desk.operator.me = replace(desk.operator.me, account="somebody.else")
        await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
        threads.let_go()
        await reading

        assert console.watching.state.value.rows == ()
        assert link(console) is not Link.LIVE

    play(story(), threads)


def test_who_asked_for_a_list_that_came_too_late_is_told_so() -> None:
    threads = Threads()

    async def story() -> None:
        _, console = await at_a_long_list()
        threads.hold(after=4)
        reading = asyncio.get_running_loop().create_task(console.watching.read_now())
        await settle()
        await console.signing_in.leave()
        threads.let_go()
        with pytest.raises(SignInNeeded):
            await reading

    play(story(), threads)


@each_step
def test_what_is_said_while_a_list_is_read_is_shown_with_that_list(step: int) -> None:
    threads = Threads()

    async def story() -> None:
        desk, console = await at_a_long_list()
        desk.operator.fail("list_sessions", Unreachable())
        await console.watching.refresh()
        assert link(console) is Link.OFFLINE
        threads.hold(after=step)
        loop = asyncio.get_running_loop()
        reading = loop.create_task(console.watching.refresh())
        await settle()
        assert threads.is_holding
        saying = loop.create_task(console.reviewing.say_ours(STRANGER.handle))
        await settle()
        threads.let_go()
        await asyncio.gather(reading, saying)

        assert link(console) is Link.LIVE
        assert row(console, STRANGER.handle).ours
        assert row(console, NEWCOMER.handle).presence is Presence.NEW
        assert row(console, ELSEWHERE.handle).presence is Presence.CHANGED
        assert row(console, CROWD[0].handle).presence is Presence.DEPARTED

    play(story(), threads)


@each_step
def test_who_is_forgotten_while_a_list_is_read_does_not_come_back_with_it(step: int) -> None:
    threads = Threads()

    async def story() -> None:
        left = session("left")
        desk, console = await at_a_long_list(left)
        desk.operator.vanish(left.handle)
        await console.watching.refresh()
        assert row(console, left.handle).presence is Presence.DEPARTED
        desk.operator.appear(CROWD[0])
        threads.hold(after=step)
        loop = asyncio.get_running_loop()
        reading = loop.create_task(console.watching.refresh())
        await settle()
        assert threads.is_holding
        forgetting = loop.create_task(console.forgetting.forget(Stored(ABOUT.name, MARIA_HERSELF)))
        await settle()
        threads.let_go()
        await asyncio.gather(reading, forgetting)

        assert "left" not in shown(console)
        assert row(console, CROWD[0].handle).presence is Presence.NEW

    play(story(), threads)


def test_what_did_not_change_is_the_very_same_as_before() -> None:
    async def story() -> None:
        _, console = await at_a_long_list()
        before = {each.session.handle: each for each in console.watching.state.value.rows}
        await console.watching.read_now()

        after = {each.session.handle: each for each in console.watching.state.value.rows}
        assert after[MARIA.handle] is before[MARIA.handle]
        assert after[ELSEWHERE.handle] is not before[ELSEWHERE.handle]
        assert after[ELSEWHERE.handle].session == replace(before[ELSEWHERE.handle].session, ip="198.51.100.9")

    play(story())


def test_only_what_takes_long_leaves_the_loop() -> None:
    async def story() -> None:
        assert await off_the_loop(MANY - 1, threading.get_ident) == threading.get_ident()
        assert await off_the_loop(MANY, threading.get_ident) != threading.get_ident()

    run(story())


@pytest.mark.parametrize("count", [3, 3 * MANY])
def test_an_old_list_is_let_go_of_whole(count: int) -> None:
    class Thing:
        """Something that tells when it is gone."""

    async def story() -> None:
        things = tuple(Thing() for _ in range(count))
        seen = [weakref.ref(thing) for thing in things]
        last: list[tuple[object, ...]] = [things, ()]
        del things
        await let_go(last)  # type: ignore[arg-type]
        assert last == []
        assert not any(thing() for thing in seen)

    run(story())
