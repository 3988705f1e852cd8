"""An old list is freed, but only what nobody else has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC

from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.sessions.columns_build import Table, build
from sessionconsole.ui.sessions.letting_go import let_go
from tests.builders import a_row, a_session, an_about

NUMBERS = range(2500)  # more than two slices


def test_nothing_of_the_old_list_is_held_any_more() -> None:
    sessions = [a_session(number) for number in NUMBERS]
    at_first = sys.getrefcount(sessions[0])
    rows = tuple(a_row(session) for session in sessions)
    last: list[Table | Sequence[Row]] = [build(rows, an_about(), UTC), rows]
    del rows
    assert sys.getrefcount(sessions[0]) > at_first

    let_go(last)

    assert {sys.getrefcount(sessions[number]) for number in NUMBERS} == {at_first}


def test_a_list_that_is_still_shown_stays_whole() -> None:
    rows = tuple(a_row(a_session(number)) for number in NUMBERS)
    table = build(rows, an_about(), UTC)
    order = list(table.sorted(Col.LAST_ACTIVE))

    let_go([table, rows])

    assert len(rows) == len(table.rows) == len(table.place_of) == len(NUMBERS)
    assert table.sorted(Col.LAST_ACTIVE) == order
    assert table.sorted(Col.PERSON, descending=True) != []
