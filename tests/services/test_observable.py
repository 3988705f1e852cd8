"""A value tells whoever watches it, and everybody ends with the newest."""

from __future__ import annotations

from datetime import timedelta

from sessionconsole.domain.orders import OrderState
from sessionconsole.services.observable import Observable
from sessionconsole.services.states import Link, ListState, OrdersState, Row
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


def test_two_readings_are_told_apart_without_comparing_their_rows() -> None:
    class Uncomparable(tuple[Row, ...]):
        __slots__ = ()
        __hash__ = tuple.__hash__

        def __eq__(self, other: object) -> bool:
            raise AssertionError("a hundred thousand rows were compared while the window waited")

    one, two = (
        ListState(Link.LIVE, rows=Uncomparable(), taken_at=at) for at in (NOW, NOW + timedelta(seconds=1))
    )

    assert one != two
