"""A change that the platform tells of is read at once; what it tells is never taken for the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessionconsole.domain.errors import (
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    Unreachable,
)
from sessionconsole.domain.platforms import Capabilities
from sessionconsole.services.states import Link
from tests.fakes.platform import ABOUT
from tests.services.desk import MARIA, SAM, Desk, link, play, settle, shown


def a_desk() -> Desk:
    """A desk whose platform has live events."""
    desk = Desk()
    desk.operator.about = replace(ABOUT, capabilities=Capabilities(live_events=True))
    return desk


def count(desk: Desk, call: str) -> int:
    return desk.operator.calls.count(call)


def test_a_change_is_seen_long_before_the_next_turn() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            desk.operator.appear(SAM)
            desk.operator.announce()
            await settle()
            assert "sam" in shown(console)

    play(story())


def test_with_live_events_the_list_is_read_less_often_and_still_read() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            before = count(desk, "list_sessions")
            desk.operator.appear(SAM)
            await desk.live(110)
            assert count(desk, "list_sessions") == before, "nothing was told, and it is not yet time"
            await desk.live(15)
            assert "sam" in shown(console), "whatever a platform forgets to tell is found all the same"

    play(story())


def test_an_event_proves_nothing() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            before = console.watching.state.value.rows
            desk.operator.announce()
            await settle()
            assert console.watching.state.value.rows == before

    play(story())


def test_many_changes_are_few_readings() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work():
            await desk.live(5)
            before = count(desk, "list_sessions")
            for _ in range(20):
                desk.operator.announce()
                await desk.live(0.5)
            assert 4 <= count(desk, "list_sessions") - before <= 6

    play(story())


def test_nobody_has_to_wait_for_the_events() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            assert desk.operator.listeners == 1
            await console.ending.order([MARIA.handle])
            await desk.live(10)
            assert "maria" not in {h.split(":")[1] for h in desk.operator.sessions}

    play(story())


def test_a_platform_without_events_is_never_asked_for_them() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work():
            await desk.live(200)
            assert count(desk, "listen") == 0

    play(story())


def test_events_that_end_are_opened_anew_and_what_was_missed_is_read() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(90)
            desk.operator.end_events()
            desk.operator.appear(SAM)
            await settle()
            assert "sam" in shown(console)
            assert count(desk, "listen") == 1
            await desk.live(4.5)
            assert (count(desk, "listen"), desk.operator.listeners) == (2, 1)

    play(story())


@pytest.mark.parametrize(
    ("error", "within", "tries"),
    [
        (Unreachable(), 600, (6, 12)),
        (RateLimited(retry_after=100), 599, (6, 6)),
        (NotAllowed(), 600, (3, 5)),
        (PlatformMisbehaved(), 600, (3, 5)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_events_that_fail_are_tried_less_and_less_often(
    error: SessionConsoleError, within: float, tries: tuple[int, int]
) -> None:
    async def story() -> None:
        desk = a_desk()
        desk.operator.fail("listen", error, times=1000)
        async with desk.at_work() as console:
            await desk.live(within)
            assert tries[0] <= count(desk, "listen") <= tries[1]
            assert link(console) is Link.LIVE, "the list is read as before"
            assert 19 <= count(desk, "list_sessions") <= 21

    play(story())


def test_events_that_flap_do_not_hammer_the_platform() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work():
            for _ in range(600):
                desk.operator.end_events()
                await desk.live(0.5)
            assert count(desk, "listen") <= 12
            assert count(desk, "list_sessions") <= 40

    play(story())


def test_an_ended_sign_in_is_noticed_at_once_and_nothing_is_heard_until_the_next() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            desk.operator.end_sign_ins()
            desk.operator.end_events()
            await settle()
            assert link(console) is Link.SIGN_IN_NEEDED
            calls = count(desk, "listen")
            await desk.live(300)
            assert count(desk, "listen") <= calls + 1

    play(story())


def test_signing_out_ends_the_events() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work() as console:
            await desk.live(5)
            await console.signing_in.sign_out()
            await desk.live(5)
            assert desk.operator.listeners == 0
            assert link(console) is Link.SIGNED_OUT
            await console.signing_in.begin("booking.example", desk.operator.username, desk.operator.password)
            await desk.live(10)
            assert desk.operator.listeners == 1

    play(story())


def test_while_offline_the_events_are_left_alone() -> None:
    async def story() -> None:
        desk = a_desk()
        async with desk.at_work():
            await desk.live(5)
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            desk.operator.end_events()
            await desk.live(200)
            assert count(desk, "listen") == 1
            desk.operator.no_faults()
            await desk.live(61)
            assert desk.operator.listeners == 1

    play(story())
