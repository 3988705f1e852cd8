"""When a column is prepared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from sessionconsole.domain.sessions import Person
from sessionconsole.ui.sessions.columns import COLUMNS, Col
from sessionconsole.ui.sessions.columns_build import SHORT, Table, build
from tests.builders import a_row, a_session


def a_table(names: Iterable[str]) -> Table:
    rows = [a_row(a_session(number, person=Person(name))) for number, name in enumerate(names)]
    return build(rows, None, UTC)


def test_of_a_short_list_only_what_it_is_sorted_by_is_prepared_at_once() -> None:
    table = a_table("zyx")
    assert len(list(table.columns)) == 1

    assert table.sorted(Col.PERSON) == [2, 1, 0]
    assert table.matching("y") == {1}

    assert len(list(table.columns)) == sum(column.search is not None for column in COLUMNS) + 1


def test_a_long_list_is_sorted_as_a_short_one() -> None:
    names = [f"{number * 7919 % 10_007:05}" for number in range(10_007)]
    table = a_table(names)

    assert [names[row] for row in table.sorted(Col.PERSON)] == sorted(names)


def test_of_a_long_list_every_column_is_prepared_at_once() -> None:
    table = a_table(str(number) for number in range(SHORT + 1))

    assert len(list(table.columns)) == len(COLUMNS)
