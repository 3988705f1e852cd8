"""What a wish to end many comes to on the list as it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sessionconsole.domain.bulk import IdleLonger, Left, Others
from sessionconsole.domain.orders import OrderState
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.bulk import agreed, chosen
from sessionconsole.services.states import ListState, OrdersState, Presence, Row
from tests.builders import DANA, MARIA, NOW, a_handle, a_row, a_session, an_order

OWN = a_row(a_session("own", person=DANA, is_current=True))
MARIAS, SECOND = a_row(a_session("first")), a_row(a_session("second"))
NO_ORDERS = OrdersState()


def listed(*rows: Row, later: timedelta = timedelta(0)) -> ListState:
    return ListState(taken_at=NOW + later, rows=(OWN, *rows))


def test_the_rows_are_taken_as_they_are_shown() -> None:
    spared, gone = replace(SECOND, spared=Spared.YES), a_row(a_session("gone"), presence=Presence.DEPARTED)
    open_order = an_order(a_session("third"), OrderState.QUEUED)
    state = listed(MARIAS, spared, gone, a_row(a_session("third")))
    bulk = chosen(state, OrdersState({open_order.id: open_order}), Others(), DANA.account)
    assert [row.session.handle for row in bulk.to_end] == [a_handle("first")]
    assert [why for _, why in bulk.left] == [Left.THIS_CONSOLE, Left.NEVER_IN_BULK, Left.ALREADY_ENDING]


def test_days_without_use_are_counted_to_when_the_list_was_read() -> None:
    used = a_row(a_session("old", last_active_at=NOW - timedelta(days=29)))
    for later, ends in ((timedelta(0), 0), (timedelta(days=2), 1)):
        bulk = chosen(ListState(taken_at=NOW + later, rows=(used,)), NO_ORDERS, IdleLonger(30), DANA.account)
        assert len(bulk.to_end) == ends


def test_where_there_is_no_list_nothing_is_meant() -> None:
    bulk = chosen(ListState(rows=(OWN, MARIAS)), NO_ORDERS, Others(), DANA.account)
    assert not bulk.to_end
    assert not bulk.left


def test_an_id_that_means_another_session_now_is_not_what_was_agreed_to() -> None:
    seen = chosen(listed(MARIAS, SECOND), NO_ORDERS, Others(), DANA.account)
    somebody = replace(SECOND.session, person=replace(MARIA, account="somebody"))
    now = listed(MARIAS, replace(SECOND, session=somebody), a_row(a_session("came")))
    assert agreed(seen, now, NO_ORDERS, Others(), DANA.account) == [a_handle("first")]
