"""When orders are tried again: later and later, not before a platform asks for it, and after a question only once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import RateLimited, SessionConsoleError, SignInExpired, Unreachable
from sessionconsole.domain.orders import GONE, OrderState
from sessionconsole.services.console import Console
from sessionconsole.services.ending import JITTER, LONGEST_WAIT, LOOK_SECONDS, RETRY_SECONDS
from tests.fakes.platform import Fate, session
from tests.services.desk import ADDRESS, STEP, STRANGER, Desk, play, the_order

CROWD = [session(f"guest{number}") for number in range(12)]
HANDLES = [each.handle for each in CROWD]


async def tries(desk: Desk, seconds: float) -> list[float]:
    """When the platform was asked to end something, in seconds of the clock."""
    found: list[float] = []
    known = desk.operator.calls.count("end")
    end = desk.clock.monotonic() + seconds
    while desk.clock.monotonic() < end:
        await desk.live(STEP)
        now = desk.operator.calls.count("end")
        found += [desk.clock.monotonic()] * (now - known)
        known = now
    return found


def states(console: Console) -> set[OrderState]:
    return {order.state for order in console.ending.state.value.orders.values()}


@pytest.mark.parametrize(
    "problem", [Unreachable(), RateLimited()], ids=["unreachable", "no word of how long"]
)
def test_it_is_tried_later_and_later_up_to_a_minute_and_never_in_step_with_other_desks(
    problem: SessionConsoleError,
) -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", problem, times=1000)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle], hold=False)
            gaps = [later - earlier for earlier, later in pairwise(await tries(desk, 400))]
            expected = [*RETRY_SECONDS, RETRY_SECONDS[-1]]
            assert len(gaps) >= len(expected)
            for gap, wait in zip(gaps, expected, strict=False):
                assert wait <= gap <= wait * (1 + JITTER) + LOOK_SECONDS + STEP

    play(story())


@pytest.mark.parametrize(("asked", "waited"), [(45.0, 45.0), (7200.0, LONGEST_WAIT), (0.0, RETRY_SECONDS[0])])
def test_a_platform_is_left_in_peace_as_long_as_it_asks_for_up_to_a_quarter_of_an_hour(
    asked: float, waited: float
) -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", RateLimited(retry_after=asked))
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle], hold=False)
            first, *more = await tries(desk, waited - 2 * STEP)
            assert more == []
            for _ in range(4):  # a quarter of an hour later it asks first, which is another story
                for question in console.ending.state.value.asks:
                    await console.ending.confirm(question.id)
                await desk.live(LOOK_SECONDS)
            assert desk.operator.calls.count("end") == 2
            assert first <= desk.clock.monotonic() - waited
            assert the_order(console).outcome in GONE

    play(story())


def test_of_many_one_proof_of_identity_is_enough_also_where_it_is_asked_for_in_their_middle() -> None:
    async def story() -> None:
        desk = Desk(*CROWD)
        questions: set[int] = set()
        async with desk.at_work() as console:
            console.ending.state.subscribe(
                lambda state: questions.add(id(state.reauthentication)) if state.reauthentication else None
            )
            desk.operator.fates = [*[Fate.DONE] * 4, *[Fate.UNSENT] * 8]
            answer = desk.operator.hold("end")
            await console.ending.order(HANDLES, hold=False)
            await desk.live(1)
            desk.operator.reauthentication = (FactorMethod.TOTP,)
            answer.set()
            desk.operator.let_go("end")
            await desk.live(120)
            assert sum(desk.operator.effects.values()) == 4
            assert states(console) == {OrderState.SETTLED, OrderState.QUEUED}
            await console.ending.reauthenticate(FactorMethod.TOTP, desk.operator.code)
            await desk.live(5)
            assert states(console) == {OrderState.SETTLED}
            assert (len(questions), desk.operator.calls.count("reauthenticate")) == (1, 1)
            assert [desk.operator.effects[handle] for handle in HANDLES] == [1] * 12

    play(story())


def test_a_sign_in_that_has_ended_pauses_all_of_them_and_the_next_one_lets_them_go() -> None:
    async def story() -> None:
        desk = Desk(*CROWD)
        async with desk.at_work() as console:
            await desk.live(1)
            desk.operator.fail("end", SignInExpired())
            await console.ending.order(HANDLES, hold=False)
            await desk.live(3)
            assert isinstance(console.ending.state.value.problem, SignInExpired)
            desk.operator.end_sign_ins()
            assert await tries(desk, 600) == [], "nobody knocks with a sign-in that is dead"
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            await desk.live(5)
            assert [desk.operator.effects[handle] for handle in HANDLES] == [1] * 12

    play(story())


def test_offline_for_days_all_of_them_ask_once_and_are_sent_once() -> None:
    async def story() -> None:
        desk = Desk(*CROWD)
        async with desk.at_work() as console:
            for call in ("open", "list_sessions", "end"):
                desk.operator.fail(call, Unreachable(), times=100_000)
            await console.ending.order(HANDLES, hold=False)
            await desk.live(30)
            await desk.jump(3 * 24 * 3600)
            desk.operator.no_faults()
            await desk.live(90)
            asks = console.ending.state.value.asks
            assert sorted(order.handle for order in asks) == sorted(HANDLES)
            assert desk.operator.effects.total() == 0, "nothing goes out before somebody said yes"
            for order in asks[:7]:
                await console.ending.confirm(order.id)
            await desk.live(90)
            assert len(console.ending.state.value.asks) == 5, "whoever was not answered for still waits"
            assert desk.operator.effects.total() == 7
            assert set(desk.operator.effects.values()) == {1}

    play(story())
