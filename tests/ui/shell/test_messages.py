"""Which one sentence stands at the bottom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from sessionconsole.domain.errors import (
    AnswerLost,
    CertificateProblem,
    KeyringMissing,
    ReauthenticationNeeded,
    SessionConsoleError,
    StoreNotWritable,
    Unreachable,
)
from sessionconsole.domain.orders import Order, OrderState, Outcome, SessionFacts
from sessionconsole.services.states import Link, ListState, OrdersState
from sessionconsole.ui.ending.progress import Progress
from sessionconsole.ui.sessions.columns_build import build
from sessionconsole.ui.shell.census import census
from sessionconsole.ui.shell.message_bar import Message
from sessionconsole.ui.shell.messages import MANY, Moment, message
from sessionconsole.ui.shell.words import as_of, checked, why_offline
from tests.fakes.clock import START
from tests.fakes.console import sample_rows

ROWS = sample_rows()
LIVE = ListState(link=Link.LIVE, rows=tuple(ROWS), taken_at=START)
AT = Moment(START, 10.0, UTC)


def _order(state: OrderState, number: int = 1, **changes: object) -> Order:
    session = ROWS[number - 1].session
    order = Order(
        f"order-{number}", "p", "dana", session.handle, SessionFacts.of(session), START, state, address="a"
    )
    return replace(order, **changes)  # type: ignore[arg-type]


def _orders(*orders: Order, **changes: object) -> OrdersState:
    return replace(OrdersState(orders={order.id: order for order in orders}), **changes)  # type: ignore[arg-type]


def _say(orders: OrdersState, shown: ListState = LIVE, **more: object) -> Message:
    there = census(build(shown.rows, shown.about, UTC)).tally({})
    return message(shown, there, orders, AT, **more)  # type: ignore[arg-type]


def test_at_rest_it_counts() -> None:
    assert _say(_orders()).text == "12 sessions, 10 people, 1 program."
    assert _say(_orders()).resting


def test_one_of_each_is_said_as_one() -> None:
    one = replace(LIVE, rows=(ROWS[0],))

    assert _say(_orders(), one).text == "1 session, 1 person."


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (ListState(), "Reading the list…"),
        (ListState(Link.CONNECTING), "Reading the list…"),
        (ListState(Link.OFFLINE, problem=Unreachable()), "The list could not be read yet."),
        (ListState(Link.SIGN_IN_NEEDED), "The list could not be read yet."),
        (ListState(Link.LIVE, taken_at=START), "No sessions."),
    ],
)
def test_an_empty_list_is_told_from_one_that_was_never_read(shown: ListState, said: str) -> None:
    assert _say(_orders(), shown).text == said


def test_an_order_that_can_be_undone_comes_before_all_else() -> None:
    held = _order(OrderState.HELD)
    said = _say(_orders(held, _order(OrderState.QUEUED, 2), due={held.id: 11.0}))

    assert said.text == "Ending Maria Santos, Windows 10 PC, in 1 second"
    assert (said.action, said.order, said.left) == ("Undo", held.id, 1.0)


def test_a_countdown_is_read_out_once_and_not_every_second() -> None:
    held = _order(OrderState.HELD)
    spoken = {_say(_orders(held, due={held.id: due})).spoken for due in (11.0, 12.0, 13.0)}

    assert len(spoken) == 1


def test_while_many_are_sent_the_way_to_stop_comes_before_news() -> None:
    orders = _orders(_order(OrderState.SENT, 1), _order(OrderState.QUEUED, 2))
    said = _say(orders, work=Progress(total=2, waiting=1, under_way=1), news=ROWS[:2])

    assert (said.text, said.action, said.order) == ("Ending 1 of 2", "Cancel", MANY)


def test_when_all_are_sent_news_comes_before_the_rest_of_the_work() -> None:
    orders = _orders(_order(OrderState.SENT, 1), _order(OrderState.SENT, 2))
    said = _say(orders, work=Progress(total=2, under_way=2), news=ROWS[:2])

    assert (said.text, said.action) == ("2 new sessions need a look.", "Show")


def test_what_a_click_met_is_told_at_once_with_its_advice() -> None:
    said = _say(_orders(_order(OrderState.HELD)), told=StoreNotWritable())

    assert said.text == f"{StoreNotWritable().message} {StoreNotWritable().advice}"
    assert said.action == "Hide"


def test_orders_that_wait_are_counted() -> None:
    offline = replace(LIVE, link=Link.OFFLINE)
    two = _orders(_order(OrderState.QUEUED, 1), _order(OrderState.QUEUED, 2))

    assert _say(two, offline).text == (
        "2 orders are not sent yet. Before they are sent, the program checks that they are still the same sessions."
    )


def test_an_old_order_waits_for_an_answer() -> None:
    order = _order(OrderState.QUEUED)
    said = _say(_orders(order, asks=(order,)))

    assert said.text == "1 order waits for your answer, because of its age."
    assert said.action == "Answer"


def test_a_proof_of_identity_can_be_given_later() -> None:
    said = _say(_orders(_order(OrderState.QUEUED), reauthentication=ReauthenticationNeeded()))

    assert said.text == ReauthenticationNeeded.default_message
    assert said.action == "Answer"


def test_the_proof_stands_for_a_while_and_then_gives_way() -> None:
    fresh = _order(OrderState.SETTLED, outcome=Outcome.PROVED_GONE, settled_at=START)
    old = replace(fresh, settled_at=START - timedelta(minutes=1))

    assert _say(_orders(fresh)).text == "Ended: Maria Santos, Windows 10 PC, gone at 09:00:00."
    assert _say(_orders(old)).resting


def test_of_two_results_at_once_the_bad_one_is_told() -> None:
    gone = _order(OrderState.SETTLED, 1, outcome=Outcome.PROVED_GONE, settled_at=START)
    refused = _order(OrderState.SETTLED, 2, outcome=Outcome.REFUSED, settled_at=START, detail="Owners only.")

    assert _say(_orders(gone, refused)).text == "Refused: Ruby Costello, iPad. Owners only."


def test_a_lost_answer_is_said_for_what_it_is() -> None:
    assert "The list is being read" in _say(_orders(_order(OrderState.UNKNOWN))).text


def test_what_stops_the_orders_is_said_unless_the_banner_says_it() -> None:
    assert _say(_orders(problem=CertificateProblem())).text.startswith(CertificateProblem.default_message)
    assert _say(_orders(problem=Unreachable())).resting


def test_notices_come_last() -> None:
    notices = [KeyringMissing()]

    assert _say(_orders(), notices=notices).text.startswith(KeyringMissing.default_message)
    assert _say(_orders(_order(OrderState.SENT)), notices=notices).text.startswith("Ending")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (None, "The booking platform cannot be reached."),
        (Unreachable(), "The booking platform cannot be reached."),
        (AnswerLost(), "The booking platform does not answer."),
        (CertificateProblem(), str(CertificateProblem())),
    ],
)
def test_why_the_list_is_old(problem: SessionConsoleError | None, said: str) -> None:
    assert why_offline(problem) == said


def test_how_fresh_the_list_is() -> None:
    assert checked(LIVE, START + timedelta(seconds=12), UTC) == "Live, checked 12 s ago"
    assert checked(LIVE, START + timedelta(minutes=3), UTC) == "Live, checked 3 min ago"
    assert checked(LIVE, START - timedelta(hours=1), UTC) == "Live, checked 0 s ago"
    assert checked(replace(LIVE, link=Link.CONNECTING), START, UTC) == "Connecting…"
    assert as_of(LIVE, START + timedelta(days=2), UTC) == "As of Tue 09:00, 2 days ago"
    assert as_of(ListState(), START, UTC) == ""
