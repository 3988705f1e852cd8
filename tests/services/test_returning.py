"""Five minutes after a proof the list is looked at once more: what came back is an alarm, and never just "ended"."""

from __future__ import annotations

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import Unreachable
from sessionconsole.domain.journal import Kind, read_line
from sessionconsole.domain.orders import CAME_BACK, GONE, Order, Outcome
from sessionconsole.domain.sessions import Person
from sessionconsole.domain.settings import Settings
from sessionconsole.services.console import Console
from tests.fakes.platform import session
from tests.services.desk import MARIA, SAM, STRANGER, Desk, play, row, settle, the_order

QUIET = 3600
"""Seconds between two readings of the list, so that only the look reads it."""

GUESTS = [session(f"guest{number}") for number in range(30)]


def quiet(desk: Desk) -> Desk:
    desk.settings.save(Settings(undo_seconds=0, refresh_seconds=QUIET))
    return desk


async def ended(desk: Desk, console: Console, *handles: str) -> None:
    await console.ending.order(handles or (STRANGER.handle,), hold=False)  # type: ignore[arg-type]
    await desk.live(3)
    assert all(order.outcome in GONE for order in console.ending.state.value.orders.values())


async def kinds(desk: Desk) -> list[Kind]:
    return [read_line(line).act.kind for line in await desk.store.journal.lines()]


def is_back(order: Order) -> bool:
    return (order.outcome, order.code) == (Outcome.STILL_LISTED, CAME_BACK)


def test_a_session_that_came_back_is_an_alarm_and_can_be_ended_again() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
            desk.operator.appear(STRANGER)
            await desk.live(290)
            assert the_order(console).outcome in GONE, "nobody has looked yet"
            await desk.live(15)

            order = the_order(console)
            assert is_back(order)
            assert order.detail is not None
            assert "listed again" in order.detail
            assert order.settled_at is not None
            assert order.came_back_at is not None
            assert order.came_back_at > order.settled_at, "when it was proved stays known"
            shown = row(console, STRANGER.handle).assessment
            assert (shown.level, shown.reasons[0].code) == (Level.ALARM, "came-back")
            await console.journaling.check()
            assert (await kinds(desk))[-3:] == [Kind.ORDER, Kind.RESULT, Kind.CAME_BACK]

            again = await console.ending.order([STRANGER.handle], hold=False)
            await desk.live(3)
            assert console.ending.state.value.orders[again[0].id].outcome in GONE
            assert desk.operator.effects[STRANGER.handle] == 2, "ordered twice, ended twice"

    play(story())


def test_what_stays_gone_costs_one_look_and_no_more() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
            before = desk.operator.calls.count("list_sessions")
            await desk.live(900)
            assert desk.operator.calls.count("list_sessions") == before + 1
            assert the_order(console).outcome in GONE

    play(story())


def test_of_a_batch_all_that_came_back_are_told_after_one_look() -> None:
    async def story() -> None:
        desk = quiet(Desk(*GUESTS))
        async with desk.at_work() as console:
            await ended(desk, console, *(each.handle for each in GUESTS))
            for guest in GUESTS[:7]:
                desk.operator.appear(guest)
            before = desk.operator.calls.count("list_sessions")
            await desk.live(310)
            told = console.ending.state.value
            assert [is_back(the_order(console, each.handle)) for each in GUESTS] == [True] * 7 + [False] * 23
            assert all(is_back(order) or order.outcome in GONE for order in told.orders.values())
            # The look, and one more so that the rows show it.
            assert desk.operator.calls.count("list_sessions") <= before + 2

    play(story())


def test_a_restart_forgets_no_look() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
        desk.operator.appear(STRANGER)
        await desk.jump(3 * 24 * 3600)
        async with desk.at_work() as later:
            await desk.live(5)
            assert is_back(the_order(later))

    play(story())


def test_while_the_platform_cannot_be_reached_nothing_is_asked_and_the_first_list_is_the_look() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
            desk.operator.appear(STRANGER)
            desk.operator.fail("list_sessions", Unreachable(), times=10_000)
            await desk.live(400)
            assert the_order(console).outcome in GONE
            desk.operator.no_faults()
            await desk.live(70)
            assert is_back(the_order(console))

    play(story())


def test_a_list_that_lags_behind_its_own_proof_is_no_alarm() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
            desk.operator.appear(STRANGER)
            await console.watching.refresh()
            desk.operator.vanish(STRANGER.handle)
            await desk.live(400)
            assert the_order(console).outcome in GONE

    play(story())


def test_an_id_that_was_given_to_somebody_else_is_no_session_that_came_back() -> None:
    async def story() -> None:
        desk = quiet(Desk())
        async with desk.at_work() as console:
            await ended(desk, console)
            desk.operator.appear(session("stranger", Person("else", "Somebody Else")))
            await desk.live(400)
            assert the_order(console).outcome in GONE
            assert row(console, STRANGER.handle).assessment.level is not Level.ALARM

    play(story())


def test_what_came_back_long_after_the_look_is_told_with_the_next_list() -> None:
    async def story() -> None:
        desk = Desk(MARIA, SAM, STRANGER, undo_seconds=0)
        async with desk.at_work() as console:
            await ended(desk, console)
            await desk.live(1200)
            desk.operator.appear(STRANGER)
            await desk.live(70)
            await settle()
            assert is_back(the_order(console))

    play(story())
