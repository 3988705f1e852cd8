"""Any mixture of clicks, crashes and bad weather: each order that ends gone had one effect, a withdrawn one none."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    Unreachable,
)
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.domain.platforms import EndAnswer
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.services.console import Console
from sessionconsole.services.order_steps import ANOTHER_SESSION, LIST_INCOMPLETE
from tests.fakes.platform import DANA, SAM, FakeOperator, Fate, session
from tests.fakes.store import FakeOutbox
from tests.services.desk import ADDRESS, Desk, Threads, settle

T = TypeVar("T")
Key = tuple[Handle, str]
"""A session: who holds which id."""

GUESTS = [session(f"guest{number}") for number in range(6)]
HANDLES = [guest.handle for guest in GUESTS]
HEIR = Person("heir", "Somebody Else")
COLLEAGUE = SAM
WEATHER = st.sampled_from(
    [
        ("end", AnswerLost(), True),
        ("end", AnswerLost(), False),
        ("end", PlatformMisbehaved(), True),
        ("end", Unreachable(), False),
        ("end", RateLimited(retry_after=3), False),
        ("end", RateLimited(), False),
        ("end", NotAllowed(), False),
        ("list_sessions", Unreachable(), False),
        ("list_sessions", AnswerLost(), True),
        ("list_sessions", RateLimited(retry_after=40), False),
        ("open", Unreachable(), False),
    ]
)


class Judge(FakeOperator):
    """A platform that counts what really happened to whom; a call takes its time, so that a crash finds it there."""

    def __init__(self, *sessions: LoginSession) -> None:
        super().__init__(*sessions)
        self.done: Counter[Key] = Counter()
        self.left_alone: set[Key] = set()
        """Sessions that went without an order."""
        self.listed_at_most: int | None = None

    def end(self, handle: Handle) -> EndAnswer:
        if handle in self.sessions:
            self.done[self.key(handle)] += 1
        return super().end(handle)

    def key(self, handle: Handle) -> Key:
        return handle, self.sessions[handle].person.account

    def listed(self) -> Sequence[LoginSession]:
        return tuple(self.sessions.values())[-(self.listed_at_most or 0) :]

    async def part(self, call: str) -> None:
        await asyncio.sleep(0)
        await super().part(call)
        await asyncio.sleep(0)


class SlowOutbox(FakeOutbox):
    """A disk that takes its time: whoever is killed meanwhile has written, or has not."""

    async def add(self, *orders: Order) -> None:
        await asyncio.sleep(0)
        await super().add(*orders)
        await asyncio.sleep(0)

    async def change(self, order: Order, *, expected: OrderState) -> bool:
        await asyncio.sleep(0)
        changed = await super().change(order, expected=expected)
        await asyncio.sleep(0)
        return changed

    async def change_all(self, orders: Sequence[Order], *, expected: OrderState) -> Sequence[Order]:
        await asyncio.sleep(0)
        changed = await super().change_all(orders, expected=expected)
        await asyncio.sleep(0)
        return changed


class Orders(RuleBasedStateMachine):
    """One home, one or two consoles on it, and a platform that counts what really happened."""

    steps: ClassVar[Counter[str]] = Counter()
    """How often each thing was done, over all runs."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(Threads())
        self.desk = Desk(*GUESTS)
        self.operator = self.desk.operator = self.desk.platforms.operator = Judge(*GUESTS)
        self.operator.factors = ()
        self.outbox = self.desk.store.outbox = SlowOutbox(self.desk.clock)
        self.withdrawn: set[str] = set()
        self.consoles: list[tuple[Console, list[asyncio.Task[None]]]] = []
        self.do(self._start())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        self.steps["steps"] += 1
        return self.loop.run_until_complete(work)

    async def _start(self) -> None:
        console = self.desk.a_console()
        await console.start()
        if console.connection.record is None:
            with suppress(SessionConsoleError):
                await console.signing_in.begin(ADDRESS, self.operator.username, self.operator.password)
        loops = [self.loop.create_task(each) for each in (console.watching.run(), console.ending.run())]
        self.consoles.append((console, loops))
        await settle()

    @property
    def console(self) -> Console:
        return self.consoles[0][0]

    def known(self) -> list[Order]:
        return list(self.console.ending.state.value.orders.values())

    # ------------------------------------------------------------------------------------- the user

    @rule(handles=st.sets(st.sampled_from(HANDLES), min_size=1), which=st.integers(0, 1), hold=st.booleans())
    def click_on_end(self, handles: set[Handle], which: int, hold: bool) -> None:
        console = self.consoles[which % len(self.consoles)][0]
        if console.connection.record is not None:
            self.do(self._order(console, handles, hold=hold))

    async def _order(self, console: Console, handles: set[Handle], *, hold: bool) -> None:
        await console.ending.order(sorted(handles), hold=hold, pass_over_gone=True)

    @precondition(lambda self: self.known())
    @rule(data=st.data())
    def take_it_back(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.known(), key=lambda order: order.ordered_at)))
        if self.do(self.console.ending.undo(order.id)):
            self.withdrawn.add(order.id)

    @precondition(lambda self: self.known())
    @rule()
    def take_all_back(self) -> None:
        self.do(self._take_all_back())

    async def _take_all_back(self) -> None:
        await self.console.ending.take_back([order.id for order in self.known()])
        self.withdrawn |= {o.id for o in await self._stored() if o.state is OrderState.WITHDRAWN}

    @rule()
    def answer_what_is_asked(self) -> None:
        self.do(self._answer())

    @rule(person=st.sampled_from([DANA, COLLEAGUE]))
    def sign_out_and_in(self, person: Person) -> None:
        self.do(self._sign_in(person))

    # -------------------------------------------------------------------------------------- the time

    @rule(seconds=st.sampled_from([0.5, 2, 6, 12]))
    def time_passes(self, seconds: float) -> None:
        self.do(self.desk.live(seconds))

    @rule(minutes=st.sampled_from([20, 3 * 24 * 60]))
    def the_computer_sleeps(self, minutes: int) -> None:
        self.do(self.desk.jump(60 * minutes))

    # ---------------------------------------------------------------------------------- the platform

    @rule(weather=WEATHER, times=st.integers(1, 3))
    def bad_weather(self, weather: Any, times: int) -> None:
        call, error, after = weather
        self.operator.fail(call, error, after=after, times=times)

    @rule(fates=st.lists(st.sampled_from(Fate), min_size=1, max_size=6))
    def each_fares_differently(self, fates: list[Fate]) -> None:
        self.operator.fates[:] = fates

    @rule(handle=st.sampled_from(HANDLES))
    def one_spoils_it_for_all(self, handle: Handle) -> None:
        self.operator.spoilers ^= {handle}

    @rule()
    def the_platform_wants_proof(self) -> None:
        self.operator.reauthentication = (FactorMethod.TOTP,)

    @rule(most=st.sampled_from([None, None, 2, 4]))
    def the_list_is_cut(self, most: int | None) -> None:
        self.operator.listed_at_most, self.operator.complete = most, most is None

    @rule(handle=st.sampled_from(HANDLES), heir=st.booleans())
    def one_leaves(self, handle: Handle, heir: bool) -> None:
        if handle not in self.operator.sessions:
            return
        if heir:
            # Between a look and the order that follows it no client can notice, so that is no fault of this one.
            heir = not self.operator._gates
            self.do(self._finish_what_is_under_way())
            if handle not in self.operator.sessions:
                return
        self.operator.left_alone.add(self.operator.key(handle))
        self.operator.vanish(handle)
        if heir and not self.operator.done[handle, HEIR.account]:
            self.operator.left_alone.discard((handle, HEIR.account))
            self.operator.appear(session(handle.split(":")[1], HEIR))

    async def _finish_what_is_under_way(self) -> None:
        for _ in range(6):
            await settle()

    @rule(call=st.sampled_from(["end", "list_sessions"]))
    def answers_hang(self, call: str) -> None:
        self.operator.hold(call)
        self.do(settle())

    @rule(hanging=st.sampled_from(["end", "list_sessions"]))
    def answers_come(self, hanging: str) -> None:
        self.operator.let_go(hanging)
        self.do(settle())

    # ----------------------------------------------------------------------------------- the computer

    @rule(
        turns=st.integers(0, 60), handles=st.sets(st.sampled_from(HANDLES)), seconds=st.sampled_from([0, 2])
    )
    def crash_at_any_moment(self, turns: int, handles: set[Handle], seconds: float) -> None:
        """Some turns of the loop after a click, wherever everybody is then."""
        self.do(self._crash_after(turns, handles, seconds))

    async def _crash_after(self, turns: int, handles: set[Handle], seconds: float) -> None:
        console, loops = self.consoles.pop(0)
        if handles and console.connection.record is not None:
            loops.append(self.loop.create_task(self._order(console, handles, hold=False)))
        self.desk.clock.advance(seconds)
        for _ in range(turns):
            await asyncio.sleep(0)
        await self._crash(loops)
        if not self.consoles:
            await self._start()

    @precondition(lambda self: len(self.consoles) < 2)
    @rule()
    def open_another(self) -> None:
        self.do(self._start())

    # -------------------------------------------------------------------------------------- the judge

    @invariant()
    def nothing_ends_a_loop(self) -> None:
        assert not any(loop.done() for _, loops in self.consoles for loop in loops)

    @invariant()
    def no_session_is_ended_twice(self) -> None:
        assert all(count == 1 for count in self.operator.done.values()), self.operator.done

    @invariant()
    def no_click_is_lost_from_sight(self) -> None:
        stored = {order.id: order for order in self.outbox.written}
        for console, _ in self.consoles:
            assert set(console.ending.state.value.due) <= set(stored)
        assert all(stored[order_id].state is OrderState.WITHDRAWN for order_id in self.withdrawn)

    def teardown(self) -> None:
        try:
            self.do(self._fair_weather())
            self._judge()
        finally:
            for _, loops in self.consoles:
                self.do(self._crash(loops))
            self.loop.close()

    async def _fair_weather(self) -> None:
        self._good_again()
        for person in (COLLEAGUE, DANA):
            await self._sign_in(person)
            for _ in range(15):
                await self._answer()
                await self.desk.live(20)
                if not any(o.is_open and o.account == person.account for o in await self._stored()):
                    break

    def _good_again(self) -> None:
        self.operator.no_faults()
        self.operator.fates.clear()
        self.operator.spoilers.clear()
        self.operator.listed_at_most, self.operator.complete = None, True
        for call in ("end", "list_sessions"):
            self.operator.let_go(call)

    def _judge(self) -> None:
        by_session: defaultdict[Key, list[Order]] = defaultdict(list)
        # All that were ever given: weeks may have passed, and what is settled is listed for thirty days only.
        for order in {order.id: order for order in self.outbox.written}.values():
            assert not order.is_open, f"in fair weather everything comes to its end: {order}"
            by_session[order.handle, order.facts.person.account].append(order)
        for key in {*by_session, *self.operator.done}:
            self._judge_one(key, by_session[key])

    def _judge_one(self, key: Key, orders: list[Order]) -> None:
        said = [(order.outcome, order.code, order.attempts) for order in orders]
        effects = self.operator.done[key]
        self.steps["sessions with an effect"] += effects
        listed = key[0] in self.operator.sessions and self.operator.key(key[0]) == key
        carried_out = [order for order in orders if order.outcome is not Outcome.WITHDRAWN]
        assert effects <= len(carried_out), f"withdrawn, and ended all the same: {key} {said}"
        assert effects <= sum(order.attempts > 0 for order in carried_out), f"never sent: {key} {said}"
        if any(order.outcome in GONE for order in orders):
            assert not listed, said
            assert effects == 1 or key in self.operator.left_alone, said
        if any(order.outcome is Outcome.STILL_LISTED for order in orders) and len(carried_out) == 1:
            assert (effects, listed) == (0, True) or key in self.operator.left_alone, said
        if [order.outcome for order in carried_out] == [Outcome.ALREADY_GONE]:
            assert effects == 0, f"ended by us, and not said so: {key} {said}"
        for order in orders:
            if order.outcome is Outcome.REFUSED and order.code == ANOTHER_SESSION:
                assert key in self.operator.left_alone, said
            if order.outcome is Outcome.UNKNOWN:
                assert order.code == LIST_INCOMPLETE, said

    async def _stored(self) -> list[Order]:
        return list(await self.desk.store.outbox.orders())

    async def _answer(self) -> None:
        for console, _ in self.consoles:
            for asked in console.ending.state.value.asks:
                await console.ending.confirm(asked.id)
            if (
                console.ending.state.value.reauthentication is not None
                and not self.operator._gates
                and self.operator.reauthentication
            ):
                with suppress(SessionConsoleError):
                    await console.ending.reauthenticate(FactorMethod.TOTP, self.operator.code)
            elif console.ending.state.value.reauthentication is not None and not self.operator._gates:
                console.ending.try_now()

    async def _sign_in(self, person: Person) -> None:
        """One console is left, and signed in as that person."""
        while len(self.consoles) > 1:
            await self._crash(self.consoles.pop()[1])
        for call in ("end", "list_sessions"):
            self.operator.let_go(call)
        await settle()
        with suppress(SessionConsoleError):
            await self.console.signing_in.sign_out()
        self.operator.me, self.operator.username = person, person.account
        with suppress(SessionConsoleError):
            await self.console.signing_in.begin(ADDRESS, person.account, self.operator.password)
        await settle()

    async def _crash(self, loops: list[asyncio.Task[None]]) -> None:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


TestOrders = Orders.TestCase
TestOrders.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    derandomize=True,
)
