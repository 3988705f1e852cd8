"""Forgetting one person while the list is on screen: what the platform lists now stays, all else of them goes."""

from __future__ import annotations

import pytest

from sessionconsole.domain.errors import KeyringLocked, StoreNotWritable, Unreachable
from sessionconsole.domain.sessions import Person
from sessionconsole.services.console import Console
from sessionconsole.services.forgetting import Stored
from sessionconsole.services.states import Link
from tests.fakes.platform import ABOUT, DANA, MARIA, SAM, session
from tests.services.desk import Desk, link, play, row, settle, shown

PC, LEFT, SAMS = session("pc"), session("left"), session("sams", person=SAM)


def of(person: Person) -> Stored:
    return Stored(ABOUT.name, person)


async def accounts(desk: Desk) -> set[str]:
    return {person.account for person in (await desk.store.people.stored()).get(ABOUT.name, ())}


async def at_the_list(desk: Desk) -> Console:
    """One of Maria's two sessions was there before and is gone by itself."""
    console = await desk.signed_in()
    await console.watching.refresh()
    del desk.operator.sessions[LEFT.handle]
    await console.watching.refresh()
    assert shown(console) >= {"pc", "left", "sams"}
    return console


def test_who_is_still_logged_in_stays_on_screen_and_is_stored_again_with_the_next_reading() -> None:
    async def story() -> None:
        desk = Desk(PC, LEFT, SAMS)
        console = await at_the_list(desk)

        forgotten = await console.forgetting.forget(of(MARIA))

        assert forgotten.lists == 2
        assert await accounts(desk) == {DANA.account, SAM.account}
        assert shown(console) >= {"pc", "sams"}
        assert "left" not in shown(console), "nobody lists that one any more"
        assert link(console) is Link.LIVE
        await console.watching.refresh()
        assert await accounts(desk) == {DANA.account, SAM.account, MARIA.account}

    play(story())


def test_without_network_they_are_off_the_list_at_once() -> None:
    async def story() -> None:
        desk = Desk(PC, LEFT, SAMS)
        console = await at_the_list(desk)
        desk.operator.fail("list_sessions", Unreachable(), times=100)
        await console.watching.refresh()

        await console.forgetting.forget(of(MARIA))

        assert link(console) is Link.OFFLINE
        assert not {"pc", "left"} & shown(console)
        assert "sams" in shown(console)

    play(story())


def test_what_was_said_of_them_counts_no_more() -> None:
    async def story() -> None:
        desk = Desk(PC, SAMS)
        console = await desk.signed_in()
        await console.watching.refresh()
        for handle in (PC.handle, SAMS.handle):
            await console.reviewing.say_ours(handle)
        assert row(console, PC.handle).ours

        await console.forgetting.forget(of(MARIA))

        assert not row(console, PC.handle).ours
        assert row(console, SAMS.handle).ours
        assert await desk.store.lists.judged(ABOUT.name) == {}, "what is thought of them is not stored anew"

    play(story())


def test_orders_about_them_that_are_done_are_off_the_screen_with_the_next_look() -> None:
    async def story() -> None:
        desk = Desk(PC, SAMS, undo_seconds=0)
        async with desk.at_work() as console:
            await console.ending.order([PC.handle])
            await desk.live(5)
            assert console.ending.state.value.of(PC.handle) is not None

            await console.forgetting.forget(of(MARIA))
            await desk.live(5)
            await settle()

            assert console.ending.state.value.of(PC.handle) is None
            assert "pc" not in shown(console)

    play(story())


def test_somebody_of_another_platform_changes_nothing_on_screen() -> None:
    async def story() -> None:
        desk = Desk(PC, LEFT, SAMS)
        console = await at_the_list(desk)
        await console.forgetting.forget(Stored("another", MARIA))
        assert shown(console) >= {"pc", "left", "sams"}
        assert MARIA.account in await accounts(desk)

    play(story())


def test_where_the_true_store_is_out_of_reach_nothing_is_claimed() -> None:
    async def story() -> None:
        desk = Desk(PC, SAMS)
        desk.vault.kept = False
        desk.vault.problem = KeyringLocked()
        console = desk.a_console()
        await console.start()
        with pytest.raises(KeyringLocked):
            await console.forgetting.forget(of(MARIA))

    play(story())


def test_a_full_disk_is_said_and_the_list_stays() -> None:
    async def story() -> None:
        desk = Desk(PC, LEFT, SAMS)
        console = await at_the_list(desk)
        desk.store.break_with(StoreNotWritable())
        with pytest.raises(StoreNotWritable):
            await console.forgetting.forget(of(MARIA))
        assert shown(console) >= {"pc", "left", "sams"}

    play(story())
