"""A click on End is an order: held, sent, proved, and never lost, doubled or misreported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    RateLimited,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    StoreNotWritable,
    Unreachable,
    WrongUse,
)
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.platforms import Capabilities
from sessionconsole.services.signing_in import Stage
from sessionconsole.services.states import OrdersState
from tests.fakes.platform import ABOUT, IPAD, START, session
from tests.fakes.platform import SAM as SAM_TRAN
from tests.services.desk import ADDRESS, MARIA, STRANGER, Desk, play, row, settle, the_order, trouble

OWN = session("own1").handle


def test_it_is_held_then_sent_then_proved() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            (order,) = await console.ending.order([STRANGER.handle])
            assert order.state is OrderState.HELD
            await desk.live(4.5)
            assert desk.operator.effects[STRANGER.handle] == 0, "Undo is still there"
            await desk.live(2)
            done = the_order(console)
            assert (done.state, done.outcome) == (OrderState.SETTLED, Outcome.PROVED_GONE)
            assert done.settled_at is not None
            assert desk.operator.effects[STRANGER.handle] == 1
            assert [o.state for o in desk.store.outbox.written] == [
                "held",
                "queued",
                "sent",
                "sent",
                "settled",
            ]
            await desk.live(30)
            assert row(console, STRANGER.handle).order == done, "the row still tells of its end"

    play(story())


def test_undo_in_time_takes_it_back() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            (order,) = await console.ending.order([STRANGER.handle])
            await desk.live(4)
            assert await console.ending.undo(order.id)
            await desk.live(10)
            assert the_order(console).state is OrderState.WITHDRAWN
            assert desk.operator.effects.total() == 0
            (second,) = await console.ending.order([STRANGER.handle])
            assert second.id != order.id, "it may be ordered anew"

    play(story())


def test_undo_that_comes_too_late_says_so() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            (order,) = await console.ending.order([STRANGER.handle])
            await desk.live(6)
            assert not await console.ending.undo(order.id)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert not await console.ending.undo("no such order")

    play(story())


def test_undo_in_the_moment_of_release_still_takes_back_what_was_not_sent() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        (order,) = await console.ending.order([STRANGER.handle])
        await desk.store.outbox.change(replace(order, state=OrderState.QUEUED), expected=OrderState.HELD)

        assert await console.ending.undo(order.id)
        assert the_order(console).state is OrderState.WITHDRAWN

    play(story())


def test_what_is_gone_already_was_not_ended_by_us() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.vanish(STRANGER.handle)
            await desk.live(6)
            assert the_order(console).outcome is Outcome.ALREADY_GONE
            assert "end" not in desk.operator.calls

    play(story())


def test_what_went_between_the_look_and_the_order_was_not_ended_by_us_either() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            answers = desk.operator.hold("list_sessions")
            await desk.live(5.5)
            desk.operator.vanish(STRANGER.handle)
            desk.operator.let_go("list_sessions")
            assert answers.is_set()
            await desk.live(2)
            assert desk.operator.calls.count("end") == 1
            assert the_order(console).outcome is Outcome.ALREADY_GONE

    play(story())


def test_a_declared_delay_is_told_as_until_when_it_may_work() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.about = replace(ABOUT, capabilities=Capabilities(revocation_delay=timedelta(minutes=5)))
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(6)
            done = the_order(console)
            assert done.outcome is Outcome.GONE_LINGERING
            assert done.accepted_at is not None
            assert done.may_work_until == done.accepted_at + timedelta(minutes=5)

    play(story())


def test_a_platform_that_only_hides_is_not_believed() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.about = replace(ABOUT, capabilities=Capabilities(hides_only=True))
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(6)
            assert the_order(console).outcome is Outcome.HIDDEN_ONLY
            assert the_order(console).detail

    play(story())


def test_what_is_still_listed_after_the_window_is_called_so() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.never_gone.add(STRANGER.handle)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(9)
            assert the_order(console).is_open, "the platform is given its six seconds"
            await desk.live(5)
            assert the_order(console).outcome is Outcome.STILL_LISTED
            assert desk.operator.effects[STRANGER.handle] == 1, "what was accepted is not sent again"

    play(story())


def test_a_platform_that_takes_a_while_is_waited_for() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.never_gone.add(STRANGER.handle)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(8)
            desk.operator.vanish(STRANGER.handle)
            await desk.live(3)
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_a_refusal_is_shown_for_what_it_is() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.refused.add(STRANGER.handle)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(6)
            done = the_order(console)
            assert (done.outcome, done.code) == (Outcome.REFUSED, NotAllowed.code)
            assert done.detail

    play(story())


def test_one_who_may_only_look_is_told_and_the_next_order_goes_on() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.may_end = False
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle, MARIA.handle])
            await desk.live(7)
            assert {the_order(console, h).outcome for h in (STRANGER.handle, MARIA.handle)} == {
                Outcome.REFUSED
            }
            assert trouble(console) is None

    play(story())


@pytest.mark.parametrize("after", [True, False], ids=["done", "not-done"])
def test_a_lost_answer_has_exactly_one_effect(after: bool) -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost(), after=after)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(15)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert desk.operator.effects[STRANGER.handle] == 1
            assert desk.operator.calls.count("end") == (1 if after else 2)

    play(story())


def test_it_is_sent_three_times_at_most() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost(), times=10)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(60)
            assert the_order(console).outcome is Outcome.STILL_LISTED
            assert desk.operator.calls.count("end") == 3

    play(story())


def test_a_lost_answer_and_an_unreadable_list_are_not_known_until_it_can_be_read() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost(), after=True)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(4.5)
            answers = desk.operator.hold("end")
            await desk.live(1)
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            desk.operator.let_go("end")
            assert answers.is_set()
            await desk.live(30)
            lost = the_order(console)
            assert (lost.state, lost.outcome, lost.code) == ("unknown", "unknown", AnswerLost.code)
            assert lost.detail == AnswerLost.default_message, 'not "nothing was sent"'
            assert not await console.ending.withdraw(lost.id), "it may have been done"
            desk.operator.no_faults()
            await desk.live(61)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert desk.operator.calls.count("end") == 1

    play(story())


def test_what_was_accepted_but_not_seen_does_not_say_that_nothing_was_sent() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.hold("end")
            await desk.live(6)
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            desk.operator.let_go("end")
            await desk.live(3)
            unseen = the_order(console)
            assert unseen.state is OrderState.UNKNOWN
            assert unseen.detail is not None
            assert "Nothing was sent" not in unseen.detail

    play(story())


def test_what_is_found_gone_before_a_second_try_went_by_the_first() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost())
        async with desk.at_work() as console:

            def it_was_done_late(state: OrdersState) -> None:
                order = state.of(STRANGER.handle)
                if order is not None and order.state is OrderState.QUEUED and order.attempts:
                    desk.operator.vanish(STRANGER.handle)

            console.ending.state.subscribe(it_was_done_late)
            await console.ending.order([STRANGER.handle])
            await desk.live(15)
            assert the_order(console).outcome is Outcome.PROVED_GONE, "not gone already"
            assert desk.operator.calls.count("end") == 1

    play(story())


def test_without_network_it_waits_and_is_sent_when_the_platform_is_back() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            for call in ("list_sessions", "end", "who_am_i", "open"):
                desk.operator.fail(call, Unreachable(), times=1000)
            await console.ending.order([STRANGER.handle])
            await desk.live(120)
            waiting = the_order(console)
            assert (waiting.state, waiting.outcome) == (OrderState.QUEUED, None)
            assert isinstance(trouble(console), Unreachable)
            desk.operator.no_faults()
            await desk.live(62)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert trouble(console) is None
            assert desk.operator.effects[STRANGER.handle] == 1

    play(story())


def test_what_waits_can_be_withdrawn() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            (order,) = await console.ending.order([STRANGER.handle])
            await desk.live(30)
            assert await console.ending.withdraw(order.id)
            desk.operator.no_faults()
            await desk.live(70)
            assert the_order(console).state is OrderState.WITHDRAWN
            assert desk.operator.effects.total() == 0

    play(story())


def test_a_withdrawal_while_the_list_is_read_counts() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            (order,) = await console.ending.order([STRANGER.handle])
            desk.operator.hold("list_sessions")
            await desk.live(6)
            assert the_order(console).state is OrderState.QUEUED
            assert await console.ending.withdraw(order.id)
            desk.operator.let_go("list_sessions")
            await settle()
            assert the_order(console).state is OrderState.WITHDRAWN
            await desk.live(5)
            assert desk.operator.effects.total() == 0

    play(story())


@pytest.mark.parametrize(
    "other",
    [
        replace(STRANGER, person=SAM_TRAN),
        replace(STRANGER, signed_in_at=START),
        replace(STRANGER, user_agent=IPAD),
    ],
    ids=["another person", "a later sign-in", "another device"],
)
def test_another_session_under_the_same_id_is_left_alone(other: object) -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.appear(other)  # type: ignore[arg-type]
            await desk.live(7)
            done = the_order(console)
            assert (done.outcome, done.code) == (Outcome.REFUSED, "another-session")
            assert desk.operator.effects.total() == 0

    play(story())


def test_a_session_that_changes_its_device_after_the_order_is_not_called_gone() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.never_gone.add(STRANGER.handle)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(6)
            desk.operator.appear(replace(STRANGER, user_agent=IPAD))
            await desk.live(10)
            assert the_order(console).outcome is Outcome.STILL_LISTED

    play(story())


def test_an_order_that_waited_long_asks_once() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            (order,) = await console.ending.order([STRANGER.handle])
            await desk.live(10)
            await desk.jump(16 * 60)
            desk.operator.no_faults()
            await desk.live(70)
            assert [asked.id for asked in console.ending.state.value.asks] == [order.id]
            assert desk.operator.effects.total() == 0
            await console.ending.confirm(order.id)
            await desk.live(3)
            assert console.ending.state.value.asks == ()
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_a_question_that_is_open_costs_nothing() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            await console.ending.order([STRANGER.handle])
            await desk.live(10)
            await desk.jump(16 * 60)
            desk.operator.no_faults()
            await desk.live(70)
            locked = 0
            exclusive = desk.locks.exclusive

            def counted(name: str, timeout: float) -> object:
                nonlocal locked
                locked += 1
                return exclusive(name, timeout)

            desk.locks.exclusive = counted  # type: ignore[method-assign, assignment]
            states: list[object] = []
            console.ending.state.subscribe(states.append)
            await desk.live(60)
            assert (locked, states) == (0, [])

    play(story())


def test_an_unknown_order_that_is_found_undone_days_later_asks_before_it_is_sent_again() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", AnswerLost())
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.hold("end")
            await desk.live(6)
            desk.operator.fail("list_sessions", Unreachable(), times=1000)
            desk.operator.let_go("end")
            await desk.jump(2 * 24 * 3600)
            desk.operator.no_faults()
            await desk.live(80)
            assert len(console.ending.state.value.asks) == 1
            assert desk.operator.effects.total() == 0

    play(story())


def test_the_proof_of_identity_is_asked_once_then_all_go_on() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.reauthentication = (FactorMethod.TOTP,)
        questions: list[SessionConsoleError] = []
        async with desk.at_work() as console:
            console.ending.state.subscribe(
                lambda state: questions.append(state.reauthentication) if state.reauthentication else None
            )
            await console.ending.order([STRANGER.handle, MARIA.handle])
            await desk.live(30)
            asked = console.ending.state.value.reauthentication
            assert isinstance(asked, ReauthenticationNeeded)
            assert asked.methods == (FactorMethod.TOTP,)
            assert len(set(map(id, questions))) == 1
            assert the_order(console).state is OrderState.QUEUED
            with pytest.raises(SecondFactorRefused):
                await console.ending.reauthenticate(FactorMethod.TOTP, "000000")
            assert console.ending.state.value.reauthentication is asked
            await console.ending.reauthenticate(FactorMethod.TOTP, "123456")
            await desk.live(3)
            assert (
                the_order(console).outcome is the_order(console, MARIA.handle).outcome is Outcome.PROVED_GONE
            )
            assert console.ending.state.value.reauthentication is None

    play(story())


def test_a_network_that_comes_and_goes_leaves_the_question_open() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.reauthentication = (FactorMethod.TOTP,)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(7)
            asked = console.ending.state.value.reauthentication
            desk.operator.fail("list_sessions", Unreachable(), times=2)
            await desk.live(60)
            assert console.watching.state.value.link == "live"
            assert console.ending.state.value.reauthentication is asked
            assert asked is not None

    play(story())


def test_an_order_given_after_the_question_was_put_away_asks_again() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.reauthentication = (FactorMethod.TOTP,)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(7)
            first = console.ending.state.value.reauthentication
            await console.ending.order([MARIA.handle])
            await desk.live(7)
            second = console.ending.state.value.reauthentication
            assert second is not None
            assert second is not first

    play(story())


def test_a_sign_in_that_has_ended_pauses_and_signing_in_goes_on() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.end_sign_ins()
            await desk.live(20)
            assert isinstance(trouble(console), SignInExpired)
            assert the_order(console).state is OrderState.QUEUED
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            await desk.live(3)
            assert the_order(console).outcome is Outcome.PROVED_GONE
            assert console.signing_in.state.value.stage is Stage.SIGNED_IN

    play(story())


def test_signing_in_from_another_process_goes_on_too() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.end_sign_ins()
            await desk.live(40)
            assert isinstance(trouble(console), SignInExpired)
            other = desk.a_console()
            await other.start()
            await other.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            await console.connection.close()  # so that the fake asks the keyring again, as the real one does
            await desk.live(35)
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_ending_its_own_session_is_signing_out() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            assert row(console, OWN).session.is_current
            await console.ending.order([OWN, STRANGER.handle])
            await desk.live(8)
            assert the_order(console, OWN).outcome is Outcome.PROVED_GONE
            assert the_order(console).outcome is Outcome.PROVED_GONE, "the others go first"
            assert console.signing_in.state.value.stage is Stage.SIGNED_OUT
            assert console.watching.state.value.rows == ()
            assert await desk.vault.read("sign-in") is None

    play(story())


def test_a_dead_sign_in_is_no_proof_of_an_end_that_was_never_answered() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.never_gone.add(OWN)
            desk.operator.hold("end")
            await console.ending.order([OWN])
            await desk.live(7)
            desk.operator.fail("end", AnswerLost(), after=True)
            desk.operator.fail("list_sessions", SignInExpired(), times=1000)
            desk.operator.let_go("end")
            await desk.live(20)
            assert OWN in desk.operator.sessions
            assert the_order(console, OWN).is_open

            desk.operator.no_faults()
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            await desk.live(60)
            assert the_order(console, OWN).outcome is Outcome.PROVED_GONE, "now the list was read"

    play(story())


def test_an_order_for_an_earlier_sign_in_of_this_console_does_not_sign_it_out() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("end", Unreachable(), times=1000)
            await console.ending.order([OWN])
            await desk.live(7)
            old = row(console, OWN).session
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            desk.operator.appear(old)
            desk.operator.no_faults()
            await desk.live(70)
            assert the_order(console, OWN).outcome in (Outcome.PROVED_GONE, Outcome.ALREADY_GONE)
            assert console.signing_in.state.value.stage is Stage.SIGNED_IN

    play(story())


def test_a_platform_that_asks_to_wait_is_left_in_peace_so_long() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.fail("end", RateLimited(retry_after=45))
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            await desk.live(45)
            assert desk.operator.calls.count("end") == 1
            await desk.live(10)
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_a_full_disk_at_the_click_orders_nothing_and_says_so() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.store.break_with(StoreNotWritable())
            with pytest.raises(StoreNotWritable):
                await console.ending.order([STRANGER.handle])
            await desk.live(10)
            desk.store.break_with(None)
            await desk.live(10)
            assert console.ending.state.value.orders == {}
            assert desk.operator.effects.total() == 0

    play(story())


def test_orders_are_written_all_or_none() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.store.break_with(StoreNotWritable())
            with pytest.raises(StoreNotWritable):
                await console.ending.order([STRANGER.handle, MARIA.handle])
            desk.store.break_with(None)
            await desk.live(10)
            assert not console.ending.state.value.orders
            assert desk.operator.effects.total() == 0

    play(story())


def test_a_disk_that_fills_while_orders_wait_is_no_hot_loop_and_nothing_is_sent() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.store.break_with(StoreNotWritable())
            told: list[object] = []
            console.ending.state.subscribe(lambda state: told.append(state.problem))
            await desk.live(60)
            assert isinstance(trouble(console), StoreNotWritable)
            assert len(told) == 1, "said once, not every two seconds"
            assert desk.operator.effects.total() == 0
            desk.store.break_with(None)
            await desk.live(15)
            assert the_order(console).outcome is Outcome.PROVED_GONE

    play(story())


def test_nobody_orders_twice() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            first = await console.ending.order([STRANGER.handle, STRANGER.handle])
            assert len(first) == 1
            assert await console.ending.order([STRANGER.handle]) == ()
            await desk.live(7)
            assert desk.operator.calls.count("end") == 1

    play(story())


def test_what_is_not_on_the_list_cannot_be_ordered() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            with pytest.raises(WrongUse):
                await console.ending.order([STRANGER.handle, session("nobody").handle])
            assert console.ending.state.value.orders == {}
            await console.signing_in.sign_out()
            with pytest.raises(SignInNeeded):
                await console.ending.order([STRANGER.handle])

    play(story())


def test_a_list_that_was_cut_proves_nothing() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle])
            desk.operator.complete = False
            await desk.live(7)
            done = the_order(console)
            assert (done.outcome, done.code) == (Outcome.UNKNOWN, "list-incomplete")
            assert desk.operator.effects[STRANGER.handle] == 1

    play(story())


def test_orders_of_another_account_stay_where_they_are() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        (order,) = await console.ending.order([STRANGER.handle], hold=False)
        await desk.store.outbox.change(replace(order, account="somebody.else"), expected=OrderState.QUEUED)
        async with desk.at_work(console):
            await desk.live(10)
            assert desk.operator.effects.total() == 0
            assert the_order(console).state is OrderState.QUEUED

    play(story())


def test_the_list_of_whoever_signs_in_next_proves_nothing_of_earlier_orders() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.about = replace(ABOUT, capabilities=Capabilities(verify_within=timedelta(seconds=60)))
        desk.operator.never_gone.add(STRANGER.handle)
        async with desk.at_work() as console:
            await console.ending.order([STRANGER.handle], hold=False)
            await desk.live(4)
            assert the_order(console).state is OrderState.SENT
            await console.signing_in.sign_out()
            desk.operator.me = SAM_TRAN
            desk.operator.vanish(STRANGER.handle)
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
            await desk.live(10)
            assert the_order(console).outcome is Outcome.UNKNOWN, (
                "this account may see less than the other one"
            )
            assert the_order(console).is_open
            await console.ending.order([MARIA.handle])
            await desk.live(10)
            assert the_order(console, MARIA.handle).outcome is Outcome.PROVED_GONE, (
                "its own orders do not wait for that"
            )

    play(story())


def test_an_order_that_waits_for_another_account_keeps_nobody_else_from_ending_that_session() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        (order,) = await console.ending.order([STRANGER.handle], hold=False)
        theirs = replace(order, account="somebody.else")
        await desk.store.outbox.change(theirs, expected=OrderState.QUEUED)
        async with desk.at_work(console):
            (mine,) = await console.ending.order([STRANGER.handle], hold=False)
            await desk.live(10)
            orders = console.ending.state.value.orders
            assert orders[mine.id].outcome is Outcome.PROVED_GONE
            assert orders[theirs.id] == theirs

    play(story())
