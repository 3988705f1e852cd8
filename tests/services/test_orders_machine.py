"""Any mixture of clicks, crashes and bad weather: each order that ends gone had one effect, a withdrawn one none."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import AnswerLost, PlatformMisbehaved, RateLimited, Unreachable
from sessionconsole.domain.orders import GONE, Order, Outcome
from sessionconsole.services.console import Console
from tests.fakes.platform import session
from tests.services.desk import Desk, Threads, settle

T = TypeVar("T")

GUESTS = [session(f"guest{number}") for number in range(4)]
WEATHER = st.sampled_from(
    [
        ("end", AnswerLost(), True),
        ("end", AnswerLost(), False),
        ("end", PlatformMisbehaved(), True),
        ("end", Unreachable(), False),
        ("end", RateLimited(retry_after=3), False),
        ("list_sessions", Unreachable(), False),
        ("list_sessions", AnswerLost(), True),
        ("open", Unreachable(), False),
    ]
)


class Orders(RuleBasedStateMachine):
    """One home, one or two consoles on it, and a platform that counts what really happened."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(Threads())
        self.desk = Desk(*GUESTS)
        self.consoles: list[tuple[Console, list[asyncio.Task[None]]]] = []
        self.do(self._start())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def _start(self) -> None:
        console = await self.desk.signed_in()
        loops = [self.loop.create_task(each) for each in (console.watching.run(), console.ending.run())]
        self.consoles.append((console, loops))
        await settle()

    @property
    def console(self) -> Console:
        return self.consoles[0][0]

    def known(self) -> list[Order]:
        return list(self.console.ending.state.value.orders.values())

    @rule(guest=st.sampled_from(GUESTS), which=st.integers(0, 1))
    def click_on_end(self, guest: Any, which: int) -> None:
        console = self.consoles[which % len(self.consoles)][0]
        if any(row.session.handle == guest.handle for row in console.watching.state.value.rows):
            self.do(console.ending.order([guest.handle]))

    @precondition(lambda self: self.known())
    @rule(data=st.data())
    def take_it_back(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.known(), key=lambda order: order.ordered_at)))
        self.do(self.console.ending.undo(order.id))

    @rule(seconds=st.sampled_from([0.5, 2, 6, 12]))
    def time_passes(self, seconds: float) -> None:
        self.do(self.desk.live(seconds))

    @rule()
    def the_computer_sleeps(self) -> None:
        self.do(self.desk.jump(20 * 60))

    @rule(weather=WEATHER, times=st.integers(1, 3))
    def bad_weather(self, weather: Any, times: int) -> None:
        call, error, after = weather
        self.desk.operator.fail(call, error, after=after, times=times)

    @rule()
    def the_platform_wants_proof(self) -> None:
        self.desk.operator.reauthentication = (FactorMethod.TOTP,)

    @rule(call=st.sampled_from(["end", "list_sessions"]))
    def answers_hang(self, call: str) -> None:
        self.desk.operator.hold(call)
        self.do(settle())

    @rule(hanging=st.sampled_from(["end", "list_sessions"]))
    def answers_come(self, hanging: str) -> None:
        self.desk.operator.let_go(hanging)
        self.do(settle())

    @rule()
    def crash_and_start_again(self) -> None:
        self.do(self._crash(*self.consoles.pop(0)))
        if not self.consoles:
            self.do(self._start())

    @precondition(lambda self: len(self.consoles) < 2)
    @rule()
    def open_another(self) -> None:
        self.do(self._start())

    @rule()
    def answer_what_is_asked(self) -> None:
        self.do(self._answer())

    @invariant()
    def nothing_ends_a_loop(self) -> None:
        assert not any(loop.done() for _, loops in self.consoles for loop in loops)

    @invariant()
    def no_order_has_two_effects(self) -> None:
        assert all(count == 1 for count in self.desk.operator.effects.values()), self.desk.operator.effects

    @invariant()
    def no_click_is_lost_from_sight(self) -> None:
        stored = {order.id for order in self.do(self._stored())}
        for console, _ in self.consoles:
            assert set(console.ending.state.value.due) <= stored

    def teardown(self) -> None:
        try:
            self.do(self._fair_weather())
            self._judge()
        finally:
            for console, loops in self.consoles:
                self.do(self._crash(console, loops))
            self.loop.close()

    async def _fair_weather(self) -> None:
        self.desk.operator.no_faults()
        for call in ("end", "list_sessions"):
            self.desk.operator.let_go(call)
        for _ in range(12):
            await self._answer()
            await self.desk.live(20)
            if not any(order.is_open for order in await self._stored()):
                return

    def _judge(self) -> None:
        by_guest: dict[str, list[Order]] = {}
        for order in self.do(self._stored()):
            assert not order.is_open, "in fair weather everything comes to its end"
            by_guest.setdefault(order.handle, []).append(order)
        for guest in GUESTS:
            outcomes = {order.outcome for order in by_guest.get(guest.handle, [])}
            effects = self.desk.operator.effects[guest.handle]
            listed = guest.handle in self.desk.operator.sessions
            if outcomes & GONE:
                assert (effects, listed) == (1, False), outcomes
            elif outcomes <= {Outcome.WITHDRAWN}:
                assert (effects, listed) == (0, True), outcomes
            else:
                # What was sent three times in bad weather without a word.
                assert outcomes <= {Outcome.STILL_LISTED, Outcome.WITHDRAWN}, outcomes
                assert listed

    async def _stored(self) -> list[Order]:
        return list(await self.desk.store.outbox.orders())

    async def _answer(self) -> None:
        for console, _ in self.consoles:
            for asked in console.ending.state.value.asks:
                await console.ending.confirm(asked.id)
            if console.ending.state.value.reauthentication is not None and "list_sessions" not in (
                self.desk.operator._gates
            ):
                await console.ending.reauthenticate(FactorMethod.TOTP, self.desk.operator.code)

    async def _crash(self, _console: Console, loops: list[asyncio.Task[None]]) -> None:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


TestOrders = Orders.TestCase
TestOrders.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    derandomize=True,
)
