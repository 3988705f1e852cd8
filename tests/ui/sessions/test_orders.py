"""What becomes of an order, in its row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sessionconsole.domain.errors import AnswerLost, RateLimited, SessionConsoleError, Unreachable
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.services.states import Link, OrdersState, Presence
from sessionconsole.ui.sessions.orders import (
    Action,
    ShownOrder,
    WaitsFor,
    action_of,
    order_of,
    order_words,
    shown_orders,
)
from sessionconsole.ui.sessions.wording import Setting, Tone
from tests.builders import NOW, a_handle, a_row, a_session, an_order

SETTING = Setting(NOW, ZoneInfo("Australia/Brisbane"))
HELD, QUEUED, SENT = OrderState.HELD, OrderState.QUEUED, OrderState.SENT
UNKNOWN, SETTLED = OrderState.UNKNOWN, OrderState.SETTLED

CASES: list[tuple[OrderState, dict[str, Any], str, str, Tone, Action]] = [
    (HELD, {}, "Ending…", "in 4 s", Tone.TEXT, Action.UNDO),
    (QUEUED, {}, "Not sent yet", "waits for the platform", Tone.CHECK, Action.WITHDRAW),
    (SENT, {}, "Ending…", "asking the platform", Tone.TEXT, Action.NONE),
    (SENT, {"accepted_at": NOW}, "Ending…", "checking the list", Tone.TEXT, Action.NONE),
    (UNKNOWN, {}, "Not known yet", "checking the list", Tone.CHECK, Action.NONE),
    (SETTLED, {"outcome": Outcome.PROVED_GONE}, "Ended", "gone at 14:03:12", Tone.GOOD, Action.NONE),
    (SETTLED, {"outcome": Outcome.ALREADY_GONE}, "Ended", "was gone already", Tone.GOOD, Action.NONE),
    (SETTLED, {"outcome": Outcome.GONE_LINGERING}, "Ended", "may work until 14:08", Tone.GOOD, Action.NONE),
    (
        SETTLED,
        {"outcome": Outcome.STILL_LISTED},
        "Still listed",
        "checked 14:03:12",
        Tone.ALARM,
        Action.END_AGAIN,
    ),
    (
        SETTLED,
        {"outcome": Outcome.STILL_LISTED, "came_back_at": NOW + timedelta(minutes=5)},
        "Came back",
        "listed again at 14:08:10",
        Tone.ALARM,
        Action.END_AGAIN,
    ),
    (SETTLED, {"outcome": Outcome.REFUSED}, "Refused", "see details", Tone.ALARM, Action.END_AGAIN),
    (SETTLED, {"outcome": Outcome.UNKNOWN}, "Not known", "see details", Tone.CHECK, Action.END_AGAIN),
    (SETTLED, {"outcome": Outcome.HIDDEN_ONLY}, "Off the list", "may still work", Tone.CHECK, Action.NONE),
]


@pytest.mark.parametrize(("state", "changes", "first", "second", "tone", "action"), CASES)
def test_each_state_has_its_words_and_its_button(
    state: OrderState, changes: dict[str, Any], first: str, second: str, tone: Tone, action: Action
) -> None:
    order = an_order(
        state=state,
        settled_at=NOW + timedelta(seconds=2),
        may_work_until=NOW + timedelta(minutes=5),
        **changes,
    )
    shown = ShownOrder(order, seconds_left=4)
    lines = order_words(shown, SETTING)
    assert (lines.first, lines.second, lines.first_tone, lines.strong) == (first, second, tone, True)
    assert action_of(a_row(), shown) is action


def test_without_an_order_a_row_offers_end_and_the_own_one_asks_first() -> None:
    assert action_of(a_row(), None) is Action.END
    assert action_of(a_row(a_session(is_current=True)), None) is Action.END_THIS_CONSOLE
    assert action_of(a_row(presence=Presence.DEPARTED), None) is Action.NONE


def test_a_session_that_has_the_id_of_one_that_is_gone_can_be_ended_as_any_other() -> None:
    gone = an_order(state=SETTLED, outcome=Outcome.PROVED_GONE, settled_at=NOW)
    orders = {gone.handle: ShownOrder(gone)}
    signed_in_at = (gone.facts.signed_in_at or NOW) + timedelta(hours=1)
    another = a_session(handle=gone.handle, signed_in_at=signed_in_at)
    assert order_of(a_row(another), orders) is None
    assert order_of(a_row(another, presence=Presence.DEPARTED), orders) is orders[gone.handle]


def test_a_proof_of_another_day_names_the_day() -> None:
    order = an_order(state=SETTLED, outcome=Outcome.PROVED_GONE, settled_at=NOW - timedelta(days=1))
    assert order_words(ShownOrder(order), SETTING).second == "gone at Tue 14:03"


def test_the_seconds_left_are_counted_up_to_the_next_full_one() -> None:
    order = an_order()
    state = OrdersState({order.id: order}, due={order.id: 104.2})
    assert shown_orders(state, 100.0)[order.handle].seconds_left == 5
    assert shown_orders(state, 104.0)[order.handle].seconds_left == 1
    assert shown_orders(state, 110.0)[order.handle].seconds_left == 0


def test_the_newest_order_of_a_session_is_told_and_what_was_taken_back_is_not() -> None:
    first = an_order(id="first", state=SETTLED, outcome=Outcome.STILL_LISTED)
    second = an_order(id="second", ordered_at=NOW + timedelta(seconds=9))
    both = {order.id: order for order in (second, first)}
    assert shown_orders(OrdersState(both), 0)[a_handle()].order is second
    undone = both | {
        "second": an_order(id="second", ordered_at=second.ordered_at, state=OrderState.WITHDRAWN)
    }
    assert shown_orders(OrdersState(undone), 0)[a_handle()].order is first


@pytest.mark.parametrize(
    ("link", "asks", "wants", "waits"),
    [
        (Link.OFFLINE, False, False, WaitsFor.NETWORK),
        (Link.OFFLINE, True, False, WaitsFor.ANSWER),
        (Link.SIGN_IN_NEEDED, False, False, WaitsFor.SIGN_IN),
        (Link.LIVE, False, True, WaitsFor.SIGN_IN),
    ],
)
def test_a_queued_order_says_what_it_waits_for(link: Link, asks: bool, wants: bool, waits: WaitsFor) -> None:
    order = an_order(state=QUEUED)
    problem = SessionConsoleError("Sign in again.") if wants else None
    state = OrdersState({order.id: order}, asks=(order,) if asks else (), reauthentication=problem)
    assert shown_orders(state, 0, link, Unreachable())[order.handle].waits_for is waits


@pytest.mark.parametrize("why", [None, AnswerLost(), RateLimited()])
def test_only_a_platform_that_cannot_be_reached_is_a_matter_of_the_network(
    why: SessionConsoleError | None,
) -> None:
    order = an_order(state=QUEUED)
    shown = shown_orders(OrdersState({order.id: order}, problem=why), 0, Link.OFFLINE, why)
    assert shown[order.handle].waits_for is WaitsFor.PLATFORM


def test_the_outbox_knows_better_than_a_row_that_was_prepared_earlier() -> None:
    held, proved = an_order(), an_order(state=SETTLED, outcome=Outcome.PROVED_GONE)
    row = a_row(order=held)
    assert order_of(row, {row.session.handle: ShownOrder(proved)}) == ShownOrder(proved)
    assert order_of(row, {}) is None, "it was undone meanwhile"
    assert order_of(row, None) == ShownOrder(held)
    assert order_of(a_row(order=proved), {}) == ShownOrder(proved)
