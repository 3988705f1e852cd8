"""What is shown was seen, and when it was seen is said."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from sessionconsole.domain.assessments import Assessment, Level
from sessionconsole.domain.errors import (
    NotAPlatform,
    RateLimited,
    SignInExpired,
    SignInNeeded,
    StoreDamaged,
    StoreNotWritable,
    Unreachable,
    WrongUse,
)
from sessionconsole.domain.sessions import Handle, Place
from sessionconsole.services.states import Link, ListState, Presence
from tests.fakes.platform import IPAD, START, session
from tests.services.desk import (
    MARIA,
    SAM,
    STRANGER,
    Desk,
    cancelled,
    link,
    play,
    row,
    settle,
    shown,
    the_order,
)

FAR = session(
    "far",
    ip="198.51.100.78",
    place=Place("São Paulo", "BR", -23.55, -46.63),
    signed_in_at=START,
    user_agent=IPAD,
)


def test_the_list_is_read_again_and_again() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            assert shown(console) == {"maria", "stranger", "own1"}
            assert link(console) is Link.LIVE
            desk.operator.appear(SAM)
            await desk.live(31)
            assert "sam" in shown(console)
            assert desk.operator.calls.count("list_sessions") == 2

    play(story())


def test_a_list_that_did_not_change_is_vouched_for_again_without_work() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            before = console.watching.state.value
            await desk.live(31)
            after = console.watching.state.value
            assert after.taken_at == desk.clock.now() - timedelta(seconds=1)
            assert after.rows == before.rows
            stored = await desk.store.lists.latest("harbour")
            assert stored is not None
            assert stored[1].taken_at == after.taken_at, "and the store knows"
            assert len(desk.agents.parsed) == len(set(desk.agents.parsed)), "no string is read twice"

    play(story())


def test_who_comes_moves_and_goes_is_shown_as_such() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            assert row(console, MARIA.handle).presence is Presence.LISTED, "nobody is new at the first look"
            desk.operator.appear(SAM)
            desk.operator.appear(replace(MARIA, ip="203.0.113.99"))
            desk.operator.vanish(STRANGER.handle)
            await desk.live(30)
            assert row(console, SAM.handle).presence is Presence.NEW
            assert row(console, MARIA.handle).presence is Presence.CHANGED
            assert row(console, STRANGER.handle).presence is Presence.DEPARTED
            await desk.live(95)
            assert row(console, SAM.handle).presence is Presence.NEW
            assert row(console, MARIA.handle).presence is Presence.LISTED
            assert "stranger" not in shown(console)
            await desk.live(600)
            assert row(console, SAM.handle).presence is Presence.LISTED

    play(story())


def test_being_used_is_no_change() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.appear(replace(MARIA, last_active_at=START))
            await desk.live(30)
            assert row(console, MARIA.handle).session.last_active_at == START
            assert row(console, MARIA.handle).presence is Presence.LISTED

    play(story())


def test_who_comes_back_is_not_gone() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.vanish(MARIA.handle)
            await desk.live(30)
            desk.operator.appear(MARIA)
            await desk.live(30)
            assert row(console, MARIA.handle).presence is Presence.NEW
            assert [r.session.handle for r in console.watching.state.value.rows].count(MARIA.handle) == 1

    play(story())


def test_a_list_that_was_cut_lets_nobody_depart_and_makes_nobody_new() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.complete = False
            desk.operator.vanish(MARIA.handle)
            await desk.live(30)
            assert all(r.presence is not Presence.DEPARTED for r in console.watching.state.value.rows)
            desk.operator.complete = True
            desk.operator.appear(MARIA)
            await desk.live(30)
            assert row(console, MARIA.handle).presence is Presence.LISTED

    play(story())


def test_without_network_the_last_list_stays_and_says_of_when_it_is() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            taken = console.watching.state.value.taken_at
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            await desk.live(40)
            offline = console.watching.state.value
            assert (offline.link, offline.taken_at) == (Link.OFFLINE, taken)
            assert isinstance(offline.problem, Unreachable)
            assert "stranger" in shown(console)
            desk.operator.no_faults()
            await desk.live(60)
            assert link(console) is Link.LIVE
            assert console.watching.state.value.problem is None

    play(story())


def test_it_tries_less_and_less_often_and_at_once_when_told() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            waits: list[int] = []
            for second in range(30 + 5 + 10 + 20 + 30 + 60 + 60 + 1):
                calls = len(desk.operator.calls)
                await desk.live(1)
                if len(desk.operator.calls) > calls:
                    waits.append(second)
            assert [later - earlier for earlier, later in pairwise(waits)] == [5, 10, 20, 30, 60, 60]
            desk.operator.no_faults()
            console.watching.wake()
            await settle()
            assert link(console) is Link.LIVE
            desk.operator.fail("list_sessions", Unreachable())
            await desk.live(30)
            assert link(console) is Link.OFFLINE
            await desk.live(5)
            assert link(console) is Link.LIVE, "the patience begins anew"

    play(story())


@pytest.mark.parametrize(("asked", "waits"), [(90.0, 90), (0.0, 1), (1e9, 900)])
def test_a_platform_that_asks_to_wait_is_obeyed_within_reason(asked: float, waits: int) -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work():
            desk.operator.fail("list_sessions", RateLimited(retry_after=asked))
            await desk.live(30)
            calls = desk.operator.calls.count("list_sessions")
            await desk.live(waits - 1)
            assert desk.operator.calls.count("list_sessions") == calls
            await desk.live(1.5)
            assert desk.operator.calls.count("list_sessions") == calls + 1

    play(story())


def test_a_start_without_network_shows_the_stored_list_at_once() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        async with desk.at_work() as console:
            level = row(console, FAR.handle).assessment.level
            taken = console.watching.state.value.taken_at
        desk.operator.fail("open", Unreachable(), times=1000)
        await desk.jump(2 * 24 * 3600)
        calls = len(desk.operator.calls)

        console = desk.a_console()
        await console.start()

        assert len(desk.operator.calls) == calls, "nothing was asked of the network"
        assert shown(console) == {"maria", "far", "own1"}
        assert link(console) is Link.CONNECTING
        assert console.watching.state.value.taken_at == taken
        assert row(console, FAR.handle).assessment.level is level is Level.ALARM
        async with desk.at_work(console):
            assert link(console) is Link.OFFLINE
            assert shown(console) == {"maria", "far", "own1"}

    play(story())


def test_another_accounts_stored_list_is_never_shown() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        stored = await desk.store.lists.latest("harbour")
        assert stored is not None
        await desk.store.lists.keep(stored[0], replace(stored[1], account="somebody.else"))

        again = desk.a_console()
        await again.start()

        assert again.watching.state.value.rows == ()

    play(story())


def test_an_answer_after_the_sign_out_is_not_shown() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.hold("list_sessions")
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        await console.signing_in.leave()
        desk.operator.let_go("list_sessions")
        await reading

        assert console.watching.state.value == ListState()
        assert await desk.store.lists.latest("harbour") is None

    play(story())


def test_an_answer_to_an_earlier_sign_in_is_not_shown_under_a_later_one() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.hold("list_sessions")
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        await console.signing_in.leave()
        desk.operator.me = replace(desk.operator.me, account="somebody.else")
        await console.signing_in.begin("booking.example", desk.operator.username, desk.operator.password)
        desk.operator.let_go("list_sessions")
        await reading

        assert console.watching.state.value.rows == ()
        await console.watching.refresh()
        assert shown(console) == {"maria", "stranger", "own1", "own2"}

    play(story())


def test_an_older_list_never_replaces_a_newer_one() -> None:
    """The first answer is read slowly: whoever asks meanwhile waits for it, and so comes later."""

    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        gate, read = asyncio.Event(), console.watching._devices.read
        gates = [gate]

        async def slowly(sessions: object) -> object:
            if gates:
                await gates.pop().wait()
            return await read(sessions)  # type: ignore[arg-type]

        console.watching._devices.read = slowly  # type: ignore[method-assign, assignment]
        loop = asyncio.get_running_loop()
        older = loop.create_task(console.watching.refresh())
        await settle()
        desk.operator.vanish(STRANGER.handle)
        newer = loop.create_task(console.watching.read_now())
        await settle()
        gate.set()
        await asyncio.gather(older, newer)

        assert newer.result().find(STRANGER.handle) is None
        assert row(console, STRANGER.handle).presence is Presence.DEPARTED
        assert console.watching.own_handle == Handle("harbour:own1")

    play(story())


def test_an_older_judgement_never_replaces_a_newer_one() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        console = await desk.signed_in()
        await console.watching.refresh()
        gate, read = asyncio.Event(), desk.store.verdicts.verdicts
        gates = [gate]

        async def slowly() -> object:
            known = await read()
            if gates:
                await gates.pop().wait()
            return known

        desk.store.verdicts.verdicts = slowly  # type: ignore[method-assign, assignment]
        loop = asyncio.get_running_loop()
        older = loop.create_task(console.watching.assess_again())
        await settle()
        newer = loop.create_task(console.reviewing.say_ours(FAR.handle))
        await settle()
        gate.set()
        await asyncio.gather(older, newer)

        assert row(console, FAR.handle).assessment.level is Level.FAMILIAR

    play(story())


def test_a_list_that_is_weighed_while_somebody_else_signs_in_is_not_shown_to_them() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        gate, read = asyncio.Event(), desk.store.verdicts.verdicts

        async def slowly() -> object:
            await gate.wait()
            return await read()

        desk.store.verdicts.verdicts = slowly  # type: ignore[method-assign, assignment]
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        await console.signing_in.leave()
        desk.operator.me = replace(desk.operator.me, account="somebody.else")
        await console.signing_in.begin("booking.example", desk.operator.username, desk.operator.password)
        gate.set()
        await reading

        assert link(console) not in (Link.LIVE, Link.SIGN_IN_NEEDED)
        assert await desk.store.lists.latest("harbour") is None

    play(story())


def test_a_cancelled_read_leaves_the_next_one_free() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.hold("list_sessions")
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        await cancelled(reading)
        desk.operator.let_go("list_sessions")
        await console.watching.refresh()

        assert link(console) is Link.LIVE

    play(story())


def test_a_verdict_is_weighed_at_once() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        async with desk.at_work() as console:
            assert row(console, FAR.handle).assessment.level is Level.ALARM
            await console.reviewing.say_ours(FAR.handle)
            assert row(console, FAR.handle).assessment.level is Level.FAMILIAR
            assert [r.session.handle for r in console.watching.state.value.rows if r.ours] == [FAR.handle]
            assert link(console) is Link.LIVE
            await console.reviewing.take_back(FAR.handle)
            assert row(console, FAR.handle).assessment.level is Level.ALARM
            assert not row(console, FAR.handle).ours
            await console.reviewing.say_ours(FAR.handle)
            with pytest.raises(WrongUse):
                await console.reviewing.say_ours(session("nobody").handle)

    play(story())


def test_an_ended_session_stays_on_screen_for_an_hour_and_not_for_weeks() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(50 * 60)
            assert row(console, STRANGER.handle).order == the_order(console)
            await desk.live(12 * 60)
            assert "stranger" not in shown(console)
            assert console.watching._seen.movements.departed == {}

    play(story())


def test_weeks_of_coming_and_going_do_not_pile_up() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            for number in range(200):
                newcomer = session(f"guest{number}")
                desk.operator.appear(newcomer)
                await desk.jump(30)
                desk.operator.vanish(newcomer.handle)
                await desk.jump(30)
            await desk.jump(600)
            await desk.jump(30)
            seen = console.watching._seen
            assert len(seen.movements.presence) + len(seen.movements.departed) < 30
            assert len(seen.assessments) < 10

    play(story())


def test_a_store_that_cannot_be_written_or_read_costs_nothing_of_what_is_on_screen() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        desk.store.break_with(StoreNotWritable())

        async def unreadable(*_: object) -> None:
            raise StoreDamaged

        desk.store.lists.history = unreadable  # type: ignore[method-assign, assignment]
        desk.store.verdicts.verdicts = unreadable  # type: ignore[method-assign, assignment]
        desk.store.devices.known = unreadable  # type: ignore[method-assign, assignment]
        async with desk.at_work() as console:
            await desk.live(31)
            assert link(console) is Link.LIVE
            assert row(console, FAR.handle).assessment.level is Level.ALARM

    play(story())


def test_a_store_that_cannot_be_read_at_the_start_is_a_notice() -> None:
    async def story() -> None:
        desk = Desk()
        await (await desk.signed_in()).watching.refresh()

        async def unreadable(*_: object) -> None:
            raise StoreDamaged

        desk.store.lists.latest = unreadable  # type: ignore[method-assign, assignment]
        orders, desk.store.outbox.orders = desk.store.outbox.orders, unreadable  # type: ignore[method-assign, assignment]
        console = desk.a_console()
        await console.start()

        assert [type(notice) for notice in console.notices.value] == [StoreDamaged]
        desk.store.outbox.orders = orders  # type: ignore[method-assign]
        async with desk.at_work(console):
            assert link(console) is Link.LIVE

    play(story())


def test_signed_out_there_is_nothing_to_show_and_nothing_is_asked() -> None:
    async def story() -> None:
        desk = Desk()
        console = desk.a_console()
        await console.start()
        async with desk.at_work(console):
            await desk.live(120)
            assert console.watching.state.value == ListState()
            assert desk.operator.calls == []
            with pytest.raises(SignInNeeded):
                await console.watching.read_now()

    play(story())


def test_a_sign_in_that_has_ended_is_told_with_the_list_still_there() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.end_sign_ins()
            await desk.live(31)
            state = console.watching.state.value
            assert state.link is Link.SIGN_IN_NEEDED
            assert isinstance(state.problem, SignInExpired)
            assert "maria" in shown(console)

    play(story())


def test_a_hotel_network_is_not_the_end() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", NotAPlatform())
            await desk.live(31)
            assert link(console) is Link.OFFLINE
            await desk.live(6)
            assert link(console) is Link.LIVE

    play(story())


def test_a_start_shows_the_stored_list_as_it_was_weighed_last_until_the_next_reading() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        console = await desk.signed_in()
        await console.watching.refresh()
        assert row(console, FAR.handle).assessment.level is Level.ALARM
        thought = await desk.store.lists.judged("harbour")
        assert {MARIA.handle, FAR.handle} <= set(thought)
        remembered = Assessment(Level.CHECK, 0.5)
        await desk.store.lists.judge("harbour", {**thought, FAR.handle: remembered})

        again = desk.a_console()
        await again.start()
        assert row(again, FAR.handle).assessment == remembered
        await again.watching.refresh()
        assert row(again, FAR.handle).assessment == thought[FAR.handle]
        assert await desk.store.lists.judged("harbour") == thought

    play(story())


def test_a_stored_list_is_weighed_again_also_where_the_platform_cannot_be_reached() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        console = await desk.signed_in()
        await console.watching.refresh()
        thought = await desk.store.lists.judged("harbour")
        await desk.store.lists.judge("harbour", dict.fromkeys(thought, Assessment()))

        again = desk.a_console()
        await again.start()
        desk.operator.fail("list_sessions", Unreachable())
        await again.watching.refresh()

        assert link(again) is Link.OFFLINE
        assert row(again, FAR.handle).assessment.level is Level.ALARM

    play(story())


def test_what_was_not_weighed_is_weighed_before_it_is_shown() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FAR)
        console = await desk.signed_in()
        await console.watching.refresh()
        thought = await desk.store.lists.judged("harbour")
        await desk.store.lists.judge("harbour", {MARIA.handle: thought[MARIA.handle]})

        again = desk.a_console()
        levels: list[Level] = []
        again.watching.state.subscribe(
            lambda state: levels.extend(
                each.assessment.level for each in state.rows if each.session.handle == FAR.handle
            )
        )
        await again.start()

        assert levels == [Level.ALARM]

    play(story())
