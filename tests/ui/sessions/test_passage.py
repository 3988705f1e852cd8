"""The way from one list to the next, prepared before it is walked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.sessions.columns_build import Table, build
from sessionconsole.ui.sessions.passage import Showing, Wish, passage
from tests.builders import NOW, a_handle, a_row, a_session, an_about


def listed(*numbers: int, level: Level = Level.FAMILIAR, before: Table | None = None) -> Table:
    rows = [a_row(a_session(n, last_active_at=NOW - timedelta(minutes=n)), level) for n in numbers]
    return prepared(*rows, before=before)


def prepared(*rows: Row, before: Table | None = None) -> Table:
    return build(
        rows, an_about(), UTC, before=before, passes=lambda row: frozenset({row.assessment.level.value})
    )


def shown(table: Table, wish: Wish = Wish()) -> Showing:
    return passage(Showing(), table, wish).end


def handles(*numbers: int) -> tuple[Handle, ...]:
    return tuple(a_handle(n) for n in numbers)


def test_a_list_without_news_takes_no_step() -> None:
    first = listed(1, 2, 3)
    way = passage(shown(first), listed(1, 2, 3))
    assert way.steps is None
    assert way.changed == []


def test_only_rows_that_say_something_else_are_told() -> None:
    first = listed(1, 2, 3)
    other = [replace(row, ours=row.session.handle == a_handle(2)) for row in first.rows]
    assert passage(shown(first), prepared(*other, before=first)).changed == [1]


def test_another_platform_tells_all_rows() -> None:
    first = listed(1, 2)
    assert passage(shown(first), build(first.rows, None, UTC)).changed is None


def test_a_new_row_is_no_changed_row() -> None:
    way = passage(shown(listed(1, 3)), listed(1, 2, 3))
    assert way.end.visible == handles(1, 2, 3)
    assert way.steps is not None
    assert way.steps.inserted == ((1, 1),)
    assert way.changed == []


def test_the_wish_holds_for_the_next_list() -> None:
    wish = Wish(Col.LAST_ACTIVE, descending=True, filters=frozenset({"familiar"}))
    start = shown(listed(2, 1), wish)
    alarming = a_row(a_session(9), Level.ALARM)
    assert passage(start, prepared(alarming, *listed(3, 1, 2).rows)).end.visible == handles(1, 2, 3)


def test_another_order_of_the_same_list_is_one_rearrangement() -> None:
    start = shown(listed(1, 2, 3))
    way = passage(start, wish=Wish(Col.LAST_ACTIVE))
    assert way.end.visible == handles(3, 2, 1)
    assert way.steps is not None
    assert (way.steps.removed, way.steps.inserted) == ((), ())
    assert way.steps.gathered == way.steps.kept == start.visible


def test_held_rows_keep_their_places_unless_the_caller_lets_them_go() -> None:
    wish = Wish(held_still=True)
    start, late = shown(listed(1, 2, 3), wish), listed(1, 2)
    busy = prepared(*late.rows, a_row(a_session(3, last_active_at=NOW)))
    assert passage(start, busy).end.visible == handles(1, 2, 3)
    assert passage(start, busy, held=False).end.visible == handles(3, 1, 2)
