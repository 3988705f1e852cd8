"""Many orders at once: given together, taken back together, and each settled for itself."""

from __future__ import annotations

from collections import Counter

from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.services.sending import AT_ONCE
from tests.fakes.platform import Fate, session
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


def test_one_that_may_not_be_ended_is_refused_and_the_others_are_ended_all_the_same() -> None:
    async def story() -> None:
        desk = Desk(*CROWD[:5])
        kiosk = HANDLES[2]
        desk.operator.spoilers.add(kiosk)
        async with desk.at_work() as console:
            await console.ending.order(HANDLES[:5], hold=False)
            await desk.live(5)
            outcomes = {order.handle: order.outcome for order in console.ending.state.value.orders.values()}
            assert outcomes.pop(kiosk) is Outcome.REFUSED
            assert set(outcomes.values()) == {Outcome.PROVED_GONE}
            assert [desk.operator.effects[handle] for handle in HANDLES[:5]] == [1, 1, 0, 1, 1]

    play(story())


def test_of_a_partial_answer_each_ends_in_its_own_word_and_what_was_not_sent_follows() -> None:
    async def story() -> None:
        desk = Desk(*CROWD[:6])
        async with desk.at_work() as console:
            desk.operator.fates = [
                Fate.DONE,
                Fate.DONE_AND_ANSWER_LOST,
                Fate.LOST_ON_THE_WAY,
                Fate.REFUSED,
                Fate.UNSENT,
                Fate.UNSENT,
            ]
            await console.ending.order(HANDLES[:6], hold=False)
            await desk.live(10)
            orders = {order.handle: order for order in console.ending.state.value.orders.values()}
            said = [(orders[handle].outcome, orders[handle].attempts) for handle in HANDLES[:6]]
            gone = Outcome.PROVED_GONE
            assert said == [(gone, 1), (gone, 1), (gone, 2), (Outcome.REFUSED, 1), (gone, 1), (gone, 1)]
            assert [desk.operator.effects[handle] for handle in HANDLES[:6]] == [1, 1, 1, 0, 1, 1]

    play(story())
