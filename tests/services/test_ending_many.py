"""Many orders at once: given together, taken back together, and each settled for itself."""

from __future__ import annotations

from collections import Counter

from sessionconsole.domain.orders import OrderState
from sessionconsole.services.sending import AT_ONCE
from tests.fakes.platform import session
from tests.services.desk import Desk, play, settle

CROWD = [session(f"guest{number}") for number in range(AT_ONCE + 30)]
HANDLES = [each.handle for each in CROWD]


def test_what_is_held_is_taken_back_with_one_write_and_never_sent() -> None:
    async def story() -> None:
        desk = Desk(*CROWD)
        async with desk.at_work() as console:
            orders = await console.ending.order(HANDLES)
            heard: list[object] = []
            stop = console.ending.state.subscribe(heard.append)
            assert await console.ending.take_back([order.id for order in orders]) == len(CROWD)
            stop()
            assert len(heard) == 1, "told once, not once for each"
            await desk.live(20)
            assert not any(desk.operator.effects[handle] for handle in HANDLES)
            assert await console.ending.take_back([order.id for order in orders]) == 0

    play(story())


def test_between_two_batches_what_was_not_sent_can_still_be_taken_back() -> None:
    async def story() -> None:
        desk = Desk(*CROWD)
        async with desk.at_work() as console:
            answer = desk.operator.hold("end")
            orders = await console.ending.order(HANDLES, hold=False)
            await settle()
            taken = await console.ending.take_back([order.id for order in orders])
            assert taken == len(CROWD) - AT_ONCE
            answer.set()
            await desk.live(10)
            states = Counter(console.ending.state.value.orders[order.id].state for order in orders)
            assert states == {OrderState.SETTLED: AT_ONCE, OrderState.WITHDRAWN: taken}
            assert sum(desk.operator.effects[handle] for handle in HANDLES) == AT_ONCE

    play(story())


def test_what_was_let_go_in_this_very_moment_and_not_sent_is_taken_back_as_well() -> None:
    async def story() -> None:
        desk = Desk(*CROWD[:3])
        console, other = await desk.signed_in(), desk.a_console()
        await other.start()
        await console.watching.refresh()
        orders = await console.ending.order(HANDLES[:3])
        await other.ending.load(hold_again=False)
        await other.ending.release(orders[0].id)
        assert await console.ending.take_back([order.id for order in orders]) == 3
        kept = await desk.store.outbox.orders()
        assert {order.state for order in kept} == {OrderState.WITHDRAWN}

    play(story())


def test_of_many_those_that_have_gone_meanwhile_are_passed_over() -> None:
    async def story() -> None:
        desk = Desk(*CROWD[:2])
        console = await desk.signed_in()
        await console.watching.refresh()
        orders = await console.ending.order(HANDLES[:3], pass_over_gone=True)
        assert [order.handle for order in orders] == HANDLES[:2]

    play(story())
