"""Who did what is written down, once, whatever happens in between; and it shows where something is missing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionconsole.domain.errors import JournalBroken, KeyringLocked, StoreNotWritable, WrongUse
from sessionconsole.domain.journal import Act, Kind, read_line
from sessionconsole.domain.journal_proof import Fault
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Person
from sessionconsole.services.console import Console
from sessionconsole.services.forgetting import Stored
from sessionconsole.services.journaling import HEAD
from tests.services.desk import ADDRESS, MARIA, STRANGER, Desk, play, settle


def acts(desk: Desk) -> list[Act]:
    """What is in the journal."""
    return [read_line(line).act for line in desk.store.journal.kept]


def kinds(desk: Desk) -> list[Kind]:
    return [act.kind for act in acts(desk)]


async def ended(desk: Desk, console: Console) -> None:
    """Order the stranger's session to end, and wait for the proof."""
    await console.watching.refresh()
    await console.ending.order([STRANGER.handle], hold=False)
    await console.ending.work_off()


def test_a_day_in_the_order_in_which_it_happened() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        await console.reviewing.say_ours(MARIA.handle)
        await console.reviewing.take_back(MARIA.handle)
        await ended(desk, console)
        await console.journaling.start()
        await console.signing_in.sign_out()

        assert kinds(desk) == [
            Kind.SIGN_IN,
            Kind.VERDICT,
            Kind.VERDICT_TAKEN_BACK,
            Kind.ORDER,
            Kind.RESULT,
            Kind.SIGN_OUT,
        ]
        signed_in, said, _, order, result, _ = acts(desk)
        assert signed_in.by is not None
        assert (signed_in.by.account, signed_in.by.user) == (desk.operator.me.account, "frontdesk")
        assert said.session == MARIA.handle
        assert said.about is not None
        assert said.about.account == MARIA.person.account
        assert (order.session, order.order) == (STRANGER.handle, result.order)
        assert result.outcome is Outcome.PROVED_GONE
        assert not any(act.late for act in acts(desk))
        await console.close()

    play(story())


def test_a_crash_between_order_and_entry_leaves_none_out_and_doubles_none() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await ended(desk, console)
        assert kinds(desk) == [Kind.SIGN_IN]  # it is killed here: nothing is closed

        desk.clock.advance(3600)
        for _ in range(2):
            await desk.a_console().start()

        assert kinds(desk) == [Kind.SIGN_IN, Kind.ORDER, Kind.RESULT]
        assert [act.late for act in acts(desk)] == [False, True, True]

    play(story())


def test_two_processes_write_each_act_once() -> None:
    async def story() -> None:
        desk = Desk()
        window, command = await desk.signed_in(), await desk.signed_in()
        await ended(desk, command)
        async with desk.at_work(window):
            await desk.live(5)
            await command.close()

        assert kinds(desk) == [Kind.SIGN_IN, Kind.ORDER, Kind.RESULT]

    play(story())


def test_an_order_that_was_taken_back_is_in_it_too() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        (order,) = await console.ending.order([STRANGER.handle])
        await console.ending.undo(order.id)
        await console.close()

        assert [(act.kind, act.outcome) for act in acts(desk)][1:] == [
            (Kind.ORDER, None),
            (Kind.RESULT, Outcome.WITHDRAWN),
        ]

    play(story())


def test_the_head_is_kept_apart_once_it_is_quiet_and_at_the_end() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        async with desk.at_work(console):
            assert await desk.vault.read(HEAD) is None
            await desk.live(3)
            assert '"number": 1' in str(await desk.vault.read(HEAD))
        await console.watching.refresh()
        await console.reviewing.say_ours(MARIA.handle)
        await console.close()
        assert '"number": 2' in str(await desk.vault.read(HEAD))

        assert (await desk.a_console().journaling.check()).proof.is_sound

    play(story())


def test_a_head_that_is_one_behind_is_no_fault() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.close()
        again = await desk.signed_in()
        await again.watching.refresh()
        await again.reviewing.say_ours(MARIA.handle)  # killed before the head is written

        checked = await desk.a_console().journaling.check()

        assert checked.proof.is_sound
        assert checked.proof.head is not None
        assert (checked.proof.head.number, checked.proof.count) == (1, 2)

    play(story())


def test_a_file_that_was_put_back_is_told_and_the_proof_of_it_stays() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        old = list(desk.store.journal.kept)
        await ended(desk, console)
        await console.close()
        desk.store.journal.kept = old

        later = await desk.signed_in()
        async with desk.at_work(later):
            await later.watching.refresh()
            await later.reviewing.say_ours(MARIA.handle)
            await desk.live(5)
            assert any(isinstance(notice, JournalBroken) for notice in later.notices.value)
        await later.close()

        # The orders of the lost entries are still in the outbox, so they are written again, under other hashes.
        proof = (await desk.a_console().journaling.check()).proof
        assert proof.fault in (Fault.CUT, Fault.ANOTHER)
        assert '"number": 3' in str(await desk.vault.read(HEAD))

    play(story())


def test_a_gap_can_be_accepted_and_that_is_written_down() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        await console.reviewing.say_ours(MARIA.handle)
        await console.close()
        del desk.store.journal.kept[1:]

        later = await desk.signed_in()
        assert (await later.journaling.check()).proof.fault is Fault.CUT
        await later.journaling.accept_gap()

        assert kinds(desk) == [Kind.SIGN_IN, Kind.GAP_ACCEPTED]
        assert str(acts(desk)[-1].code).startswith("2.")
        assert (await later.journaling.check()).proof.is_sound
        with pytest.raises(WrongUse):
            await later.journaling.accept_gap()

    play(story())


def test_a_keyring_that_fails_stops_no_work() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.vault.problem = KeyringLocked()
        async with desk.at_work(console):
            await ended(desk, console)
            await desk.live(5)
            checked = await console.journaling.check()

            assert kinds(desk) == [Kind.SIGN_IN, Kind.ORDER, Kind.RESULT]
            assert checked.proof.is_sound
            assert isinstance(checked.unasked, KeyringLocked)

            desk.vault.problem = None
            await console.reviewing.say_ours(MARIA.handle)
            await desk.live(3)
            assert '"number": 4' in str(await desk.vault.read(HEAD))

    play(story())


def test_what_could_not_be_written_is_written_as_soon_as_it_can() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        async with desk.at_work(console):
            await console.watching.refresh()
            desk.store.journal.problem = StoreNotWritable()
            await console.reviewing.say_ours(MARIA.handle)
            await desk.live(3)
            assert kinds(desk) == [Kind.SIGN_IN]

            desk.store.journal.problem = None
            await desk.live(3)
            assert kinds(desk) == [Kind.SIGN_IN, Kind.VERDICT]

    play(story())


def test_whoever_is_forgotten_leaves_the_journal_and_it_holds() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await ended(desk, console)
        await console.journaling.start()
        account = STRANGER.person.account

        stored = await console.forgetting.find(account)
        forgotten = await console.forgetting.forget(stored)

        assert forgotten.entries == 2
        assert all(act.about is None for act in acts(desk))
        assert all(act.by is not None for act in acts(desk))
        assert (acts(desk)[-1].kind, acts(desk)[-1].erased) == (Kind.PERSON_FORGOTTEN, "2-3")
        assert (await console.journaling.check()).proof.is_sound
        await console.close()

    play(story())


def test_who_is_in_the_journal_only_can_be_forgotten_too() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        record = console.connection.record
        assert record is not None
        await console.signing_in.sign_out()

        stored = await console.forgetting.find(record.account)
        assert stored == Stored(record.platform, Person(record.account))
        assert (await console.forgetting.forget(stored)).entries == 2

        assert all(act.by is None or act.by.account is None for act in acts(desk))
        assert (await console.journaling.check()).proof.is_sound

    play(story())


def test_a_connector_that_was_added_is_in_it() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.journaling.connector_added("mattermost")

        assert (acts(desk)[-1].kind, acts(desk)[-1].code) == (Kind.CONNECTOR_ADDED, "mattermost")

    play(story())


def test_a_session_that_came_back_is_in_it_after_its_proof() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await ended(desk, console)
        await console.journaling.start()
        (order,) = await desk.store.outbox.orders()
        back = replace(order, outcome=Outcome.STILL_LISTED, came_back_at=desk.clock.now())
        assert await desk.store.outbox.change(back, expected=OrderState.SETTLED)
        for _ in range(2):
            await desk.a_console().start()

        assert [(act.kind, act.outcome) for act in acts(desk)][1:] == [
            (Kind.ORDER, None),
            (Kind.RESULT, Outcome.PROVED_GONE),
            (Kind.CAME_BACK, None),
        ]

    play(story())


@given(
    secret=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=12, max_size=40).map(
        "Reef!".__add__
    )
)
@settings(max_examples=15, deadline=None)
def test_no_secret_is_in_it(secret: str) -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.password = secret
        console = desk.a_console()
        await console.start()
        await console.signing_in.begin(ADDRESS, desk.operator.username, secret)
        credential = await console.connection.credential()
        await ended(desk, console)
        await console.signing_in.sign_out()
        await console.close()

        kept = repr(desk.store.journal.kept)
        assert secret not in kept
        assert len(acts(desk)) == 4
        assert credential is not None
        assert credential.values
        assert not any(value in kept for value in credential.values.values())

    play(story())


def test_who_stops_waiting_while_it_is_written_down_does_not_have_it_written_twice() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        desk.store.journal.gate = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            saying = group.create_task(console.reviewing.say_ours(MARIA.handle))
            await settle()
            assert kinds(desk) == [Kind.SIGN_IN, Kind.VERDICT]
            saying.cancel()
        desk.store.journal.gate = None
        await console.journaling.start()
        assert kinds(desk) == [Kind.SIGN_IN, Kind.VERDICT]

    play(story())


def test_who_is_signed_in_elsewhere_is_not_written_down_under_the_platform_of_the_forgotten() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.journaling.forget("island", "tom.breuer", signed_in=False)
        act = acts(desk)[-1]
        assert (act.kind, act.platform, act.address) == (Kind.PERSON_FORGOTTEN, "island", None)
        assert act.by is not None
        assert (act.by.account, act.by.user) == (None, "frontdesk")
        assert await console.journaling.people() == {"harbour": {desk.operator.me.account}}

    play(story())
