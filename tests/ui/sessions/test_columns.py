"""Which columns fit, and how a list is prepared for sorting and searching."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Device, DeviceType, Network, Person, Place
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import COLUMNS, Col, layout
from sessionconsole.ui.sessions.columns_build import Table, build
from tests.builders import NOW, a_handle, a_row, a_session, an_about

ZONE = ZoneInfo("Australia/Brisbane")
LEAST = {column.id: column.least for column in COLUMNS}


def prepared(*rows: Row) -> Table:
    return build(rows, an_about(), ZONE)


def order(table: Table, column: Col, *, descending: bool = False) -> list[str]:
    return [table.handles[row].split(":")[1] for row in table.sorted(column, descending=descending)]


def found(table: Table, text: str) -> set[str]:
    rows = table.matching(text)
    assert rows is not None
    return {table.handles[row].split(":")[1] for row in rows}


# ------------------------------------------------------------------------------------------ widths


@pytest.mark.parametrize(
    ("width", "gone"),
    [
        (1360, set()),
        (1100, {Col.SIGNED_IN, Col.EXPIRES}),
        (868, {Col.SIGNED_IN, Col.EXPIRES, Col.NETWORK}),
        (740, {Col.SIGNED_IN, Col.EXPIRES, Col.NETWORK, Col.STATE}),
        (600, {Col.SIGNED_IN, Col.EXPIRES, Col.NETWORK, Col.STATE, Col.PLACE}),
        (500, {Col.SIGNED_IN, Col.EXPIRES, Col.NETWORK, Col.STATE, Col.PLACE}),
        (446, {Col.SIGNED_IN, Col.EXPIRES, Col.NETWORK, Col.STATE, Col.PLACE, Col.DEVICE}),
    ],
)
def test_columns_give_way_in_their_order(width: int, gone: set[Col]) -> None:
    assert set(Col) - set(layout(width, LEAST)) == gone


@pytest.mark.parametrize("width", range(590, 4000, 29))
def test_the_width_is_used_to_the_last_pixel_and_no_column_is_too_narrow(width: int) -> None:
    widths = layout(width, LEAST)
    assert sum(widths.values()) == width
    assert all(widths[col] >= LEAST[col] for col in widths)


def test_on_a_very_wide_screen_the_columns_stay_near_each_other() -> None:
    widths = layout(3280, LEAST)
    assert sum(widths.values()) == 3280
    assert widths[Col.PERSON] < 2 * widths[Col.LAST_ACTIVE] + LEAST[Col.PERSON]
    assert (widths[Col.MARK], widths[Col.END]) == (LEAST[Col.MARK], LEAST[Col.END])


def test_what_does_not_fit_at_all_keeps_its_least_widths() -> None:
    assert sum(layout(100, LEAST).values()) > 100


def test_an_order_s_words_get_room_where_the_state_column_is_gone() -> None:
    widths = layout(740, {**LEAST, Col.STATE: 150})
    assert Col.STATE not in widths
    assert widths[Col.LAST_ACTIVE] == 150


# ----------------------------------------------------------------------------------------- sorting


def test_by_default_what_needs_a_look_comes_first_then_the_newest() -> None:
    table = prepared(
        a_row(a_session("old", last_active_at=NOW - timedelta(hours=3))),
        a_row(a_session("new", last_active_at=NOW)),
        a_row(a_session("never", last_active_at=None)),
        a_row(a_session("own", is_current=True)),
        a_row(a_session("check"), Level.CHECK),
        a_row(a_session("alarm", last_active_at=NOW - timedelta(days=3)), Level.ALARM),
    )
    assert order(table, Col.MARK) == ["alarm", "check", "own", "new", "old", "never"]


def test_names_are_sorted_without_case_and_accents() -> None:
    names = ["Émile", "adam", "Zoë", "Eve"]
    table = prepared(*(a_row(a_session(name, person=Person(name, name))) for name in names))
    assert order(table, Col.PERSON) == ["adam", "Émile", "Eve", "Zoë"]


def test_equal_rows_keep_their_default_order_both_ways() -> None:
    rows = [a_row(a_session(n, last_active_at=NOW - timedelta(minutes=n))) for n in (3, 1, 2)]
    table = prepared(*rows)
    assert order(table, Col.PERSON) == ["1", "2", "3"]
    assert order(table, Col.PERSON, descending=True) == ["1", "2", "3"]


def test_what_is_not_provided_comes_last_both_ways() -> None:
    table = prepared(
        a_row(a_session("none", last_active_at=None)),
        a_row(a_session("old", last_active_at=NOW - timedelta(hours=1))),
        a_row(a_session("new", last_active_at=NOW)),
    )
    assert order(table, Col.LAST_ACTIVE) == ["old", "new", "none"]
    assert order(table, Col.LAST_ACTIVE, descending=True) == ["new", "old", "none"]


@pytest.mark.parametrize("column", list(Col))
def test_every_column_sorts_every_list(column: Col) -> None:
    bare = a_session("bare", device=Device(), ip=None, place=None, network=None, signed_in_at=None,
                     last_active_at=None, idle_expires_at=None, expires_at=None, is_current=None)  # fmt: skip
    table = prepared(a_row(bare), a_row(a_session("full")), a_row(a_session("marked"), Level.CHECK))
    for descending in (False, True):
        assert sorted(table.sorted(column, descending=descending)) == [0, 1, 2]


def test_an_empty_list_can_be_sorted_and_searched() -> None:
    assert Table().sorted(Col.PERSON) == []
    assert Table().matching("maria") == set()


def test_of_two_sessions_with_one_handle_the_first_is_kept() -> None:
    table = prepared(a_row(a_session(1)), a_row(a_session(1, ip="198.51.100.1")))
    assert [row.session.ip for row in table.rows] == ["203.0.113.10"]


# --------------------------------------------------------------------------------------- searching


@pytest.fixture
def four() -> Table:
    return prepared(
        a_row(
            a_session("brazil", place=Place("São Paulo", "BR"), ip="198.51.100.77"),
            Level.ALARM,
            short="first time from Brazil",
        ),
        a_row(a_session("ipad", device=Device(DeviceType.TABLET, "iPadOS 18", "Safari", model="iPad"))),
        a_row(
            a_session(
                "tom", person=Person("tom.breuer", "Tom Breuer", "Guide"), place=None, ip="203.0.113.29"
            )
        ),
        a_row(a_session("optus", network=Network(1, "Optus", "mobile"), ip="203.0.113.88")),
    )


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("MARIA", {"brazil", "ipad", "optus"}),
        ("sao paulo", {"brazil"}),
        ("brazil", {"brazil"}),
        ("ipados", {"ipad"}),
        ("198.51", {"brazil"}),
        ("guide", {"tom"}),
        ("cairns office", {"ipad"}),
        ("maria optus", {"optus"}),
        ("maria guide", set()),
        ("reservations optus", {"optus"}),
        ("brasil", set()),
    ],
)
def test_every_word_must_be_found_somewhere(four: Table, text: str, handles: set[str]) -> None:
    assert found(four, text) == handles


def test_a_marked_person_is_still_found_by_the_job(four: Table) -> None:
    assert "brazil" in found(four, "reservations")


def test_no_text_is_no_search(four: Table) -> None:
    assert four.matching("  ") is None


def test_a_hundred_thousand_sessions_can_be_prepared_sorted_and_searched() -> None:
    rng = random.Random(7)
    people = [Person(f"p{n}", f"Person {n}", "Guide") for n in range(2000)]
    template = a_session()
    sessions = [
        replace(
            template,
            handle=a_handle(n),
            person=rng.choice(people),
            last_active_at=NOW - timedelta(seconds=n),
        )
        for n in range(100_000)
    ]
    table = prepared(*(Row(session) for session in sessions))
    names = [table.rows[row].session.person.shown.casefold() for row in table.sorted(Col.PERSON)]
    assert names == sorted(names)
    wanted = {s.handle.split(":")[1] for s in sessions if s.person is people[1999]}
    assert found(table, "person 1999") == wanted
