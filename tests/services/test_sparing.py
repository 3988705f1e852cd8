"""Devices that are never ended in bulk: marked in one sitting, known again in the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.errors import StoreDamaged, StoreNotWritable, WrongUse
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession, Person, Place
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.console import Console
from sessionconsole.services.forgetting import Stored
from tests.fakes.platform import ABOUT, SAM, START, session
from tests.services.desk import MARIA, Desk, play, row

WALL = Device(DeviceType.TABLET, "iPadOS 18", "Safari", name="Wall tablet")


def a_tablet(name: str, *, later: timedelta = -timedelta(hours=1)) -> LoginSession:
    return replace(
        session(name, person=SAM, place=Place("Cairns", "AU"), signed_in_at=START + later), device=WALL
    )


FIRST, ANEW = a_tablet("first"), a_tablet("anew", later=timedelta(hours=1))


def spared(console: Console, one: LoginSession) -> Spared:
    return row(console, one.handle).spared


async def marked(desk: Desk) -> Console:
    console = await desk.signed_in()
    await console.watching.refresh()
    await console.sparing.spare(FIRST.handle)
    return console


def test_a_marked_session_is_shown_as_such_at_once_and_at_the_next_start() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        assert spared(console, FIRST) is Spared.YES
        assert spared(console, MARIA) is Spared.NO

        again = desk.a_console()
        await again.start()
        assert spared(again, FIRST) is Spared.YES, "also of the stored list"
        await again.sparing.take_back(FIRST.handle)
        assert spared(again, FIRST) is Spared.NO
        assert not await desk.store.spared.spared()

    play(story())


def test_the_device_that_signs_in_anew_is_known_again_and_stays_so() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        desk.operator.vanish(FIRST.handle)
        desk.operator.appear(ANEW)
        desk.clock.advance(7200)
        await console.watching.refresh()
        assert spared(console, ANEW) is Spared.YES
        assert set(await desk.store.spared.spared()) == {ANEW.handle}

        twin = a_tablet("twin", later=timedelta(hours=3))
        desk.operator.appear(twin)
        desk.clock.advance(7200)
        await console.watching.refresh()
        assert (spared(console, ANEW), spared(console, twin)) == (Spared.YES, Spared.MAYBE)

        await console.sparing.take_back(ANEW.handle)
        assert (spared(console, ANEW), spared(console, twin)) == (Spared.NO, Spared.NO)

    play(story())


def test_who_is_unmarked_does_not_come_back_by_an_older_mark_of_the_same_device() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        desk.operator.appear(ANEW)
        desk.clock.advance(7200)
        await console.watching.refresh()
        assert spared(console, ANEW) is Spared.MAYBE, "while the first one is still listed"
        await console.sparing.spare(ANEW.handle)
        desk.operator.vanish(FIRST.handle)
        desk.clock.advance(7200)
        await console.watching.refresh()

        await console.sparing.take_back(ANEW.handle)
        await console.watching.refresh()
        assert spared(console, ANEW) is Spared.NO

    play(story())


def test_of_a_list_that_was_cut_no_mark_goes_over() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        desk.operator.vanish(FIRST.handle)
        desk.operator.appear(ANEW)
        desk.operator.complete = False
        await console.watching.refresh()
        assert spared(console, ANEW) is Spared.MAYBE
        assert set(await desk.store.spared.spared()) == {FIRST.handle}

    play(story())


def test_what_cannot_be_kept_is_said_and_not_shown() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await desk.signed_in()
        await console.watching.refresh()
        desk.store.break_with(StoreNotWritable())
        with pytest.raises(StoreNotWritable):
            await console.sparing.spare(FIRST.handle)
        assert spared(console, FIRST) is Spared.NO

    play(story())


def test_a_mark_that_could_not_be_carried_over_is_known_all_the_same() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        desk.store.break_with(StoreDamaged())
        desk.operator.vanish(FIRST.handle)
        desk.operator.appear(ANEW)
        desk.clock.advance(7200)
        await console.watching.refresh()
        assert spared(console, ANEW) is Spared.YES

    play(story())


def test_only_what_is_on_the_list_can_be_marked() -> None:
    async def story() -> None:
        desk = Desk(MARIA)
        console = await desk.signed_in()
        await console.watching.refresh()
        with pytest.raises(WrongUse):
            await console.sparing.spare(FIRST.handle)

    play(story())


def test_who_is_forgotten_has_no_marks_any_more() -> None:
    async def story() -> None:
        desk = Desk(MARIA, FIRST)
        console = await marked(desk)
        await console.forgetting.forget(Stored(ABOUT.name, Person(SAM.account)))
        assert not await desk.store.spared.spared()
        assert spared(console, FIRST) is Spared.NO

    play(story())
