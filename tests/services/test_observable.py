"""A value tells whoever watches it, and everybody ends with the newest."""

from __future__ import annotations

from sessionconsole.domain.orders import OrderState
from sessionconsole.services.observable import Observable
from sessionconsole.services.states import OrdersState
from tests.builders import NOW, a_session, an_order


def test_each_new_value_is_told_and_the_same_one_is_not() -> None:
    value = Observable(1)
    told: list[int] = []
    stop = value.subscribe(told.append)
    for number in (1, 2, 2, 3):
        value.set(number)
    stop()
    stop()
    value.set(4)

    assert told == [2, 3]
    assert value.value == 4


def test_a_watcher_that_sets_a_value_leaves_nobody_with_an_old_one() -> None:
    value = Observable(0)
    second: list[int] = []
    value.subscribe(lambda number: value.set(10) if number == 1 else None)
    value.subscribe(second.append)

    value.set(1)

    assert second[-1] == 10


def test_the_open_order_of_a_session_is_the_one_that_counts() -> None:
    session = a_session()
    settled = an_order(session, OrderState.SETTLED, id="a", ordered_at=NOW)
    earlier_but_open = an_order(session, OrderState.QUEUED, id="b", ordered_at=NOW.replace(hour=1))
    withdrawn = an_order(session, OrderState.WITHDRAWN, id="c", ordered_at=NOW.replace(hour=23))
    state = OrdersState({order.id: order for order in (settled, earlier_but_open, withdrawn)})

    assert state.of(session.handle) == earlier_but_open
    assert OrdersState({"c": withdrawn}).of(session.handle) is None
    assert OrdersState().of(session.handle) is None
