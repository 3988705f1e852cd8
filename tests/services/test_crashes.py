"""Whatever moment a console dies in, the next one finishes what was ordered, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from sessionconsole.domain.errors import AnswerLost, StoreNotWritable, Unreachable
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.services.console import Console
from tests.fakes.store import FakeOutbox
from tests.services.desk import MARIA, STRANGER, Desk, cancelled, play, settle, the_order, trouble


class MortalOutbox(FakeOutbox):
    """An outbox in which the process dies at one write: just before it, or when it is on the disk."""

    dies_at: int | None = None
    written_first = False

    async def add(self, *orders: Order) -> None:
        await self._perhaps_die(before=True)
        await super().add(*orders)
        await self._perhaps_die(before=False)

    async def change(self, order: Order, *, expected: OrderState) -> bool:
        await self._perhaps_die(before=True)
        changed = await super().change(order, expected=expected)
        await self._perhaps_die(before=False)
        return changed

    async def change_all(self, orders: Sequence[Order], *, expected: OrderState) -> Sequence[Order]:
        await self._perhaps_die(before=True)
        changed = await super().change_all(orders, expected=expected)
        await self._perhaps_die(before=False)
        return changed

    async def _perhaps_die(self, *, before: bool) -> None:
        at = None if self.dies_at is None else self.dies_at + (0 if before else 1)
        if at == len(self.written) and self.written_first is not before:
            await asyncio.Event().wait()


def a_mortal_desk() -> tuple[Desk, MortalOutbox]:
    desk = Desk()
    outbox = MortalOutbox(desk.clock)
    desk.store.outbox = outbox
    return desk, outbox


@pytest.mark.parametrize("written_first", [False, True], ids=["before-writing", "after-writing"])
@pytest.mark.parametrize("write", range(1, 5), ids=["queued", "sent", "accepted", "settled"])
def test_a_crash_at_any_write_is_made_good_by_the_next_start(write: int, written_first: bool) -> None:
    async def story() -> None:
        desk, outbox = a_mortal_desk()
        outbox.dies_at, outbox.written_first = write, written_first
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(8)
            assert len(outbox.written) == write + written_first, "it died there"
        outbox.dies_at = None

        async with desk.at_work() as console:
            await desk.live(20)
            done = the_order(console)
            assert (done.state, done.outcome) == (OrderState.SETTLED, Outcome.PROVED_GONE)
            assert desk.operator.effects[STRANGER.handle] == 1
            assert len(console.ending.state.value.orders) == 1

    play(story())


@pytest.mark.parametrize("written_first", [False, True], ids=["before-writing", "after-writing"])
def test_a_crash_at_the_click(written_first: bool) -> None:
    async def story() -> None:
        desk, outbox = a_mortal_desk()
        outbox.dies_at, outbox.written_first = 0, written_first
        async with desk.at_work() as console:
            click = asyncio.get_running_loop().create_task(console.ending.order([STRANGER.handle]))
            await settle()
            assert not click.done()
            await cancelled(click)
        outbox.dies_at = None

        async with desk.at_work() as console:
            await desk.live(8)
            assert desk.operator.effects[STRANGER.handle] == written_first

    play(story())


def test_a_held_order_shows_a_fresh_undo_after_a_crash() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            (order,) = await console.ending.order([STRANGER.handle])
            await desk.live(4)

        console = desk.a_console()
        await console.start()
        assert console.ending.state.value.due[order.id] - desk.clock.monotonic() == 5
        async with desk.at_work(console):
            await desk.live(4)
            assert the_order(console).state is OrderState.HELD
            assert await console.ending.undo(order.id)
            await desk.live(5)
            assert desk.operator.effects.total() == 0

    play(story())


def test_a_command_that_starts_meanwhile_leaves_held_orders_to_the_window() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as window:
            await window.ending.order([STRANGER.handle])
            command = desk.a_console()
            await command.start(hold_again=False)
            assert command.ending.state.value.due == {}
            await command.ending.work_off()
            assert the_order(window).state is OrderState.HELD

    play(story())


def test_a_held_order_whose_process_died_is_counted_for_by_whoever_is_left() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as left:
            other = desk.a_console()
            await other.start()
            await other.watching.refresh()
            await other.ending.order([STRANGER.handle])
            await desk.live(30)
            assert the_order(left).state is OrderState.HELD, "the other one may be alive"
            await desk.live(60)
            assert the_order(left).outcome is Outcome.PROVED_GONE

    play(story())


@pytest.mark.parametrize("done", [True, False])
def test_a_crash_while_the_order_is_on_its_way_looks_before_it_sends_again(done: bool) -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.hold("end")
            await desk.live(6)
            assert the_order(console).state is OrderState.SENT
        desk.operator.let_go("end")
        if not done:
            desk.operator.appear(STRANGER)
            desk.operator.effects.clear()
        (stored,) = await desk.store.outbox.orders()
        assert stored.state is OrderState.SENT, "a cancellation changes nothing"
        before = len(desk.operator.calls)

        async with desk.at_work() as console:
            await desk.live(20)
            since = desk.operator.calls[before:]
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert desk.operator.effects[STRANGER.handle] == 1
            assert since.count("end") == (0 if done else 1)
            assert "end" not in since[: since.index("list_sessions") + 1]

    play(story())


def test_two_consoles_on_one_store_send_one_order_once() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as one, desk.at_work() as two:
            await one.ending.order([STRANGER.handle])
            await two.ending.order([MARIA.handle])
            await desk.live(12)
            assert desk.operator.effects == {STRANGER.handle: 1, MARIA.handle: 1}
            assert desk.operator.calls.count("end") == 2
            for console in (one, two):
                assert {order.outcome for order in orders(console)} == {Outcome.PROVED_GONE}

    play(story())


def test_a_second_console_does_not_order_what_the_first_has_ordered() -> None:
    async def story() -> None:
        desk = Desk()
        one, two = await desk.signed_in(), await desk.signed_in()
        for console in (one, two):
            await console.watching.refresh()
        await one.ending.order([STRANGER.handle])
        assert await two.ending.order([STRANGER.handle]) == ()

    play(story())


def test_what_another_console_withdrew_is_shown_so() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as one, desk.at_work() as two:
            (order,) = await one.ending.order([STRANGER.handle])
            await desk.live(2.5)
            assert await two.ending.withdraw(order.id)
            await desk.live(10)
            assert the_order(one).state is OrderState.WITHDRAWN
            assert not await one.ending.undo(order.id)
            assert desk.operator.effects.total() == 0

    play(story())


def test_while_another_process_sends_this_one_waits() -> None:
    async def story() -> None:
        desk = Desk()
        desk.locks.held_elsewhere.add("sending")
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(10)
            assert the_order(console).state is OrderState.QUEUED
            desk.locks.held_elsewhere.clear()
            await desk.live(3)
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_a_disk_that_fills_after_the_order_went_out_does_not_send_it_again() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.hold("end")
            await desk.live(6)
            desk.store.break_with(StoreNotWritable())
            desk.operator.let_go("end")
            await desk.live(20)
            assert isinstance(trouble(console), StoreNotWritable)
            desk.store.break_with(None)
            await desk.live(10)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert desk.operator.calls.count("end") == 1

    play(story())


def test_a_clock_that_is_set_back_makes_an_order_ask() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", Unreachable(), times=3)
            await console.ending.order([STRANGER.handle])
            await desk.live(6)
            desk.clock.set_back(timedelta(hours=2))
            await desk.live(40)
            assert len(console.ending.state.value.asks) == 1
            assert desk.operator.effects.total() == 0

    play(story())


def test_an_order_written_while_the_outbox_is_read_is_not_lost_from_sight() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        read, gate = desk.store.outbox.orders, asyncio.Event()

        async def slowly() -> object:
            found = await read()
            await gate.wait()
            return found

        desk.store.outbox.orders = slowly  # type: ignore[method-assign, assignment]
        reading = asyncio.get_running_loop().create_task(console.ending._read_outbox())
        await settle()
        console.ending._revision = await desk.store.outbox.revision()
        (order,) = await console.ending.order([STRANGER.handle])
        gate.set()
        await reading
        assert console.ending.state.value.orders[order.id] == order
        assert order.id in console.ending.state.value.due

    play(story())


def test_a_click_that_is_given_twice_at_once_is_one_order() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        add = desk.store.outbox.add

        async def slowly(*orders: Order) -> None:
            await asyncio.sleep(0)
            await add(*orders)

        desk.store.outbox.add = slowly  # type: ignore[method-assign]
        clicks = [console.ending.order([STRANGER.handle]) for _ in range(3)]
        ordered = await asyncio.gather(*clicks)
        assert sum(map(len, ordered)) == 1

    play(story())


def test_settled_orders_of_long_ago_do_not_pile_up() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(8)
            assert len(orders(console)) == 1
            await desk.jump(timedelta(days=31).total_seconds())
            await console.watching.refresh()
            await console.ending.order([MARIA.handle])
            await desk.live(8)
            assert {order.handle for order in orders(console)} == {MARIA.handle}
            assert console.ending.state.value.due == {}

    play(story())


def test_a_command_carries_out_its_own_orders_only_and_tells_what_stopped_it() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        (mine,) = await console.ending.order([STRANGER.handle], hold=False)
        (other,) = await console.ending.order([MARIA.handle], hold=False)
        desk.operator.fail("list_sessions", Unreachable())

        assert isinstance(await console.ending.work_off(only=[mine.id]), Unreachable)
        assert await console.ending.work_off(only=[mine.id]) is None

        assert the_order(console).outcome in GONE
        assert the_order(console, MARIA.handle) == other

    play(story())


def test_a_lost_answer_before_a_crash_counts_as_a_try() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost(), times=100)
        for _ in range(4):
            async with desk.at_work() as console:
                if not orders(console):
                    await console.ending.order([STRANGER.handle])
                await desk.live(14)
        assert desk.operator.calls.count("end") == 3

    play(story())


def orders(console: Console) -> list[Order]:
    return list(console.ending.state.value.orders.values())
