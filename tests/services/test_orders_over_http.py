"""Orders on a real encrypted disk, sent over real HTTP to a platform that has every bad day there is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sessionconsole.domain.orders import GONE, Outcome
from tests.helpers import run
from tests.platform.faults import Answer, cut_short, drop, respond
from tests.services.booking_server import PORTAL, Bookings, Day, by_id, real_home

GONE_BY_US = (Outcome.PROVED_GONE, None, 1)
WORDS: dict[Day, tuple[Outcome, str | None, int, int]] = {
    # what the row says, its code, the effects, and the requests that were needed
    Day.GOOD: (*GONE_BY_US, 1),
    Day.WENT_JUST_NOW: (Outcome.ALREADY_GONE, None, 0, 1),
    Day.REFUSED: (Outcome.REFUSED, "protected", 0, 1),
    Day.BUSY: (*GONE_BY_US, 2),
    Day.BUSY_SECONDS: (*GONE_BY_US, 2),
    Day.BUSY_DATE: (*GONE_BY_US, 2),
    Day.OOPS: (*GONE_BY_US, 2),
    Day.OOPS_DONE: (*GONE_BY_US, 1),
    Day.LATER: (*GONE_BY_US, 1),
    Day.NEVER: (Outcome.STILL_LISTED, "still-listed", 0, 1),
    Day.RESET: (*GONE_BY_US, 1),
    Day.LOST: (*GONE_BY_US, 1),
    Day.NOT_ARRIVED: (*GONE_BY_US, 2),
    Day.DRIP: (*GONE_BY_US, 1),
    Day.PORTAL: (*GONE_BY_US, 2),
    Day.REDIRECT: (*GONE_BY_US, 2),
}
SILENT = (Day.OOPS, Day.NOT_ARRIVED, Day.PORTAL, Day.REDIRECT)
LISTS: dict[str, Answer] = {
    "hung up": drop,
    "cut short": cut_short,
    "portal": PORTAL,
    "oops": respond(status=500),
    "busy": respond(status=429, Retry_After="3"),
    "redirect": respond(status=302, Location="/welcome"),
}


@pytest.mark.parametrize("day", Day)
def test_each_bad_day_ends_in_its_word(tmp_path: Path, day: Day) -> None:
    async def story() -> None:
        bookings = Bookings("0", "1")
        async with real_home(tmp_path, bookings) as home:
            console = await home.open()
            bookings.days = [day]
            await console.ending.order([by_id(console)["0"]], hold=False)
            await home.come_to_an_end(console)
            (order,) = await home.orders()
            said = (order.outcome, order.code, bookings.effects["0"], bookings.requests["0"])
            assert said == WORDS[day]
            assert "1" in bookings.there

    run(story())


@pytest.mark.parametrize("day", SILENT)
def test_what_is_never_answered_and_never_done_is_sent_three_times_and_called_still_listed(
    tmp_path: Path, day: Day
) -> None:
    async def story() -> None:
        bookings = Bookings("0")
        async with real_home(tmp_path, bookings) as home:
            console = await home.open()
            bookings.days = [day] * 9
            await console.ending.order([by_id(console)["0"]], hold=False)
            await home.come_to_an_end(console)
            (order,) = await home.orders()
            assert (order.outcome, bookings.requests["0"]) == (Outcome.STILL_LISTED, 3)

    run(story())


@pytest.mark.parametrize("answer", LISTS.values(), ids=LISTS)
def test_a_list_that_cannot_be_read_is_no_proof_and_nothing_is_sent_again(
    tmp_path: Path, answer: Answer
) -> None:
    async def story() -> None:
        bookings = Bookings("0")
        async with real_home(tmp_path, bookings) as home:
            console = await home.open()
            await console.ending.order([by_id(console)["0"]], hold=False)
            bookings.lists = [respond({"items": [{"id": "0"}]}), answer, answer]
            await console.ending.work_off()
            (order,) = await home.orders()
            assert (order.is_open, order.outcome) == (True, Outcome.UNKNOWN)
            await home.come_to_an_end(console)
            (order,) = await home.orders()
            assert (order.outcome, bookings.effects["0"], bookings.requests["0"]) == (*GONE_BY_US[::2], 1)

    run(story())


ACTS = st.one_of(
    st.tuples(st.just("order"), st.sets(st.sampled_from("012345"), min_size=1)),
    st.tuples(
        st.just("days"), st.lists(st.sampled_from([day for day in Day if day is not Day.DRIP]), max_size=5)
    ),
    st.tuples(st.just("lists"), st.lists(st.sampled_from(list(LISTS)), max_size=2)),
    st.tuples(st.just("send"), st.none()),
    st.tuples(st.just("crash"), st.integers(0, 400)),
    st.tuples(st.just("take back"), st.none()),
)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=4, max_size=16))
def test_no_sequence_of_them_loses_or_doubles_an_end(tmp_path: Path, acts: list[tuple[str, Any]]) -> None:
    run(played(tmp_path, acts))


async def played(folder: Path, acts: list[tuple[str, Any]]) -> None:
    """Play it, let the weather be fair, and compare what is said with what was done."""
    bookings = Bookings(*"012345")
    async with real_home(folder, bookings) as home:
        console = await home.open()
        handles = by_id(console)
        for what, facts in acts:
            match what:
                case "order":
                    chosen = [handles[native] for native in sorted(facts)]
                    await console.ending.order(chosen, hold=False, pass_over_gone=True)
                case "days":
                    bookings.days = list(facts)
                case "lists":
                    bookings.lists = [LISTS[name] for name in facts]
                case "send":
                    await console.ending.work_off()
                    home.clock.advance(20)
                case "crash":
                    async with asyncio.TaskGroup() as group:
                        sending = group.create_task(console.ending.work_off())
                        for _ in range(facts):
                            await asyncio.sleep(0)
                        sending.cancel()
                    bookings.lists = []
                    console = await home.open()
                case "take back":
                    await console.ending.take_back(list(console.ending.state.value.orders))
        bookings.days, bookings.lists = [], []
        # A new process: this one would leave a platform in peace that asked for it, by a clock of its own.
        await home.come_to_an_end(await home.open())
        for native, handle in handles.items():
            orders = [order for order in await home.orders() if order.handle == handle]
            said = [(order.state, order.outcome, order.attempts) for order in orders]
            assert not any(order.is_open for order in orders), said
            effects = bookings.effects[native]
            carried_out = [order for order in orders if order.outcome is not Outcome.WITHDRAWN]
            assert effects <= min(1, len(carried_out)), said
            if any(order.outcome in GONE for order in orders):
                assert effects == 1 or native in bookings.left, said
                assert native not in bookings.there, said
