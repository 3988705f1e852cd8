"""The model: rows come, change and go by their handle, and nothing else is disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.platforms import Capabilities, Field
from sessionconsole.domain.sessions import Handle, Person
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import COLUMNS, Col
from sessionconsole.ui.sessions.columns_build import Table, build
from sessionconsole.ui.sessions.model import Role, SessionTableModel
from sessionconsole.ui.sessions.orders import Action, ShownOrder
from sessionconsole.ui.sessions.passage import Passage, passage
from tests.builders import NOW, a_handle, a_row, a_session, an_about, an_order

ZONE = ZoneInfo("Australia/Brisbane")
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Watched:
    """A model under Qt's own tester, with a record of what it told its views."""

    def __init__(self) -> None:
        self.model = SessionTableModel(ZONE)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.told: list[tuple[object, ...]] = []
        self.model.dataChanged.connect(
            lambda a, b: self.told.append(("changed", a.row(), b.row(), a.column(), b.column()))
        )
        self.model.rowsInserted.connect(lambda _p, a, b: self.told.append(("inserted", a, b)))
        self.model.rowsRemoved.connect(lambda _p, a, b: self.told.append(("removed", a, b)))
        self.model.layoutChanged.connect(lambda *_: self.told.append(("moved",)))
        self.model.modelReset.connect(lambda: self.told.append(("reset",)))

    def show(self, *rows: Row) -> None:
        self.told.clear()
        self.model.show(prepared(*rows), NOW)

    @property
    def handles(self) -> list[Handle]:
        return [self.model.handle_at(row) for row in range(self.model.rowCount())]


def prepared(*rows: Row) -> Table:
    return build(rows, an_about(), ZONE, passes=lambda row: frozenset({row.assessment.level.value}))


def numbered(*numbers: int) -> list[Row]:
    return [a_row(a_session(n, last_active_at=NOW - timedelta(minutes=n))) for n in numbers]


def handles(*numbers: int) -> list[Handle]:
    return [a_handle(n) for n in numbers]


@pytest.fixture
def watched(qapp: QApplication) -> Iterator[Watched]:
    kept = Watched()
    yield kept
    assert ("reset",) not in kept.told


def test_a_refresh_without_news_tells_nothing(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.show(*numbered(1, 2, 3))
    assert watched.told == []


def test_one_new_row_is_told_alone(watched: Watched) -> None:
    watched.show(*numbered(1, 3))
    watched.show(*numbered(1, 2, 3))
    assert watched.told == [("inserted", 1, 1)]
    assert watched.handles == handles(1, 2, 3)


def test_one_gone_row_is_told_alone(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.show(*numbered(1, 3))
    assert watched.told == [("removed", 1, 1)]


def test_one_changed_row_is_told_alone(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    rows = numbered(1, 2, 3)
    rows[1] = a_row(a_session(2, last_active_at=NOW - timedelta(minutes=2), ip="198.51.100.1"))
    watched.show(*rows)
    assert watched.told == [("changed", 1, 1, 0, len(COLUMNS) - 1)]
    index = watched.model.index(1, Col.PLACE)
    assert index.data(Role.LINES).second == "198.51.100.1"


def test_going_offline_tells_every_row(watched: Watched) -> None:
    watched.show(*numbered(1, 2))
    watched.told.clear()
    watched.model.show(
        build(numbered(1, 2), an_about(), ZONE, offline=True, as_of=NOW), NOW + timedelta(hours=2)
    )
    assert watched.told == [("changed", 0, 1, 0, len(COLUMNS) - 1)]
    assert watched.model.lines(0, Col.STATE).first == "Was active"


def test_roles_speak_of_the_session_and_never_of_colours(watched: Watched) -> None:
    own = a_session(2, is_current=True)
    watched.show(a_row(a_session(1), Level.ALARM), a_row(own))
    first, second = watched.model.index(0, Col.PERSON), watched.model.index(1, Col.END)
    assert first.data() == "Maria Santos"
    assert first.data(Role.HANDLE) == a_handle(1)
    assert first.data(Role.ROW).session.handle == a_handle(1)
    assert first.data(Role.LEVEL) == Level.ALARM
    assert first.data(Role.ACTION) == Action.END
    assert first.data(Role.ORDER) is None
    assert second.data(Role.ACTION) == Action.END_THIS_CONSOLE
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "Maria Santos, Alarm: first time from Brazil"
    assert second.data(Qt.ItemDataRole.AccessibleTextRole) == "End…, Maria Santos, Reservations PC, Chrome"
    assert watched.model.index(0, Col.MARK).data(Qt.ItemDataRole.AccessibleTextRole) == "Alarm"
    assert first.data(Qt.ItemDataRole.ForegroundRole) is None
    assert first.data(Qt.ItemDataRole.BackgroundRole) is None


def test_the_header_tells_what_a_platform_does_not(watched: Watched) -> None:
    provides = frozenset(Field) - {Field.NETWORK}
    about = an_about(capabilities=Capabilities(provides=provides, last_active_note="As of the last sign-in."))
    watched.model.show(build(numbered(1), about, ZONE), NOW)

    def help_on(column: Col) -> object:
        return watched.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)

    assert help_on(Col.NETWORK) == "<qt>Harbour &amp; Reef Tours does not tell this.</qt>"
    assert help_on(Col.LAST_ACTIVE) == "<qt>As of the last sign-in.</qt>"
    assert help_on(Col.MARK) == "<qt>Needs a look</qt>"
    assert help_on(Col.PERSON) == ""


def test_a_tooltip_is_never_markup(watched: Watched) -> None:
    watched.show(a_row(a_session(user_agent="<img src=//203.0.113.9/x.png>")))
    told = watched.model.index(0, Col.DEVICE).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in told


# ----------------------------------------------------------------------------------------- orders


def test_an_order_touches_its_own_row_only(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.told.clear()
    held = ShownOrder(an_order(a_session(2)), seconds_left=4)
    watched.model.show_orders({a_handle(2): held})
    assert watched.told == [("changed", 1, 1, 0, len(COLUMNS) - 1)]
    assert watched.model.lines(1, Col.STATE).spoken == "Ending…, in 4 s"
    assert watched.model.look(1).action is Action.UNDO
    watched.told.clear()
    watched.model.show_orders({a_handle(2): held})
    assert watched.told == []
    watched.model.show_orders({})
    assert watched.model.look(1).action is Action.END


def test_a_proved_row_is_green_and_dimmed_and_stays_where_it_was(watched: Watched) -> None:
    rows = [a_row(a_session(1), Level.ALARM), *numbered(2, 3)]
    watched.show(*rows)
    proved = an_order(a_session(1), OrderState.SETTLED, outcome=Outcome.PROVED_GONE, settled_at=NOW)
    watched.model.show_orders({a_handle(1): ShownOrder(proved)})
    look = watched.model.look(0)
    assert (look.gone, look.dimmed, look.mark, look.level) == (True, True, "done", Level.FAMILIAR)
    watched.show(*rows)
    assert watched.handles == handles(1, 2, 3)


def test_where_the_state_column_has_no_room_its_words_stand_in_last_active(watched: Watched) -> None:
    watched.show(*numbered(1, 2))
    watched.model.show_orders({a_handle(1): ShownOrder(an_order(a_session(1)), 4)})
    watched.model.set_state_in_last_active(True)
    assert watched.model.lines(0, Col.LAST_ACTIVE).first == "Ending…"
    assert watched.model.lines(1, Col.LAST_ACTIVE).first == "2 min ago"
    watched.model.set_state_in_last_active(False)
    assert watched.model.lines(0, Col.LAST_ACTIVE).first == "Active now"


def test_who_may_not_end_sees_so(watched: Watched) -> None:
    watched.show(*numbered(1))
    watched.model.set_may_end(False)
    assert not watched.model.look(0).may_end
    assert watched.told[-1] == ("changed", 0, 0, Col.END, Col.END)


def test_time_passes_in_the_columns_that_tell_it(watched: Watched) -> None:
    watched.show(*numbered(3))
    assert watched.model.lines(0, Col.LAST_ACTIVE).first == "3 min ago"
    watched.told.clear()
    watched.model.tick(NOW + timedelta(minutes=2))
    assert watched.model.lines(0, Col.LAST_ACTIVE).first == "5 min ago"
    assert watched.told == [("changed", 0, 0, Col.LAST_ACTIVE, Col.STATE)]


# ------------------------------------------------------------------------------- sorting, filtering


def test_a_sort_asked_for_while_the_list_was_prepared_holds_for_it(watched: Watched) -> None:
    late = prepared(*numbered(1, 2, 3))
    watched.model.sort(Col.LAST_ACTIVE, UP)
    watched.model.show(late, NOW)
    assert watched.handles == handles(3, 2, 1)


def test_a_search_typed_while_the_list_was_prepared_holds_for_it(watched: Watched) -> None:
    tom = a_row(a_session(9, person=Person("tom", "Tom Breuer")))
    watched.show(*numbered(1, 2))
    late = prepared(*numbered(1, 2), tom)
    watched.model.set_filter("breuer")
    assert watched.handles == []
    watched.model.show(late, NOW)
    assert watched.handles == handles(9)
    watched.model.set_filter("")
    assert len(watched.handles) == 3


def test_search_and_filters_must_both_hold(watched: Watched) -> None:
    watched.show(a_row(a_session(1), Level.ALARM), *numbered(2, 3))
    watched.model.set_filter("maria", frozenset({"alarm"}))
    assert watched.handles == handles(1)
    watched.model.set_filter("tom", frozenset({"alarm"}))
    assert watched.handles == []


def test_rows_stand_still_while_the_pointer_is_among_them(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.model.hold_still(True)
    busy = a_row(a_session(3, last_active_at=NOW))
    newest = a_row(a_session(7, last_active_at=NOW + timedelta(seconds=1)))
    watched.show(*numbered(1, 2), busy, newest)
    assert [h for h in watched.handles if h != a_handle(7)] == handles(1, 2, 3)
    watched.model.hold_still(False)
    assert watched.handles == handles(7, 3, 1, 2)


def test_a_filter_that_is_set_anew_does_not_move_them_either(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.model.hold_still(True)
    watched.show(*numbered(1, 2), a_row(a_session(3, last_active_at=NOW)))
    watched.model.set_filter("maria", frozenset({"familiar"}))
    assert watched.handles == handles(1, 2, 3)


def test_what_begins_to_want_a_look_moves_up_even_then(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.model.hold_still(True)
    alarming = a_row(a_session(3, last_active_at=NOW - timedelta(minutes=3)), Level.ALARM)
    watched.show(*numbered(1, 2), alarming)
    assert watched.handles == handles(3, 1, 2)


def test_who_sorts_while_the_rows_stand_still_gets_them_sorted(watched: Watched) -> None:
    watched.show(*numbered(1, 2, 3))
    watched.model.hold_still(True)
    watched.model.sort(Col.LAST_ACTIVE, UP)
    assert watched.handles == handles(3, 2, 1)


# --------------------------------------------------------------------- against a naive list, at random

lists = st.lists(st.integers(0, 30), unique=True, max_size=25)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("show"), lists),
        st.tuples(st.just("prepare"), lists),
        st.tuples(st.just("follow")),
        st.tuples(st.just("sort"), st.sampled_from([Col.PERSON, Col.LAST_ACTIVE, Col.MARK]), st.booleans()),
        st.tuples(st.just("filter"), st.sampled_from(["", "odd", "even"])),
    ),
    max_size=12,
)


def varied(number: int) -> Row:
    kind = "odd" if number % 2 else "even"
    person = Person(f"p{number}", f"{kind} {number:02}")
    session = a_session(number, person=person, last_active_at=NOW - timedelta(minutes=number * 7 % 31))
    return a_row(session, Level.CHECK if number % 10 == 3 else Level.FAMILIAR)


def naive(numbers: list[int], column: Col, descending: bool, kind: str) -> list[Handle]:
    def mark(number: int) -> tuple[int, int]:
        return (0 if number % 10 == 3 else 1, number * 7 % 31)

    keys = {
        Col.PERSON: lambda number: ("odd" if number % 2 else "even", number),
        Col.LAST_ACTIVE: lambda number: -(number * 7 % 31),
        Col.MARK: mark,
    }
    shown = [n for n in numbers if not kind or (n % 2 == 1) == (kind == "odd")]
    shown.sort(key=mark)
    shown.sort(key=keys[column], reverse=descending)
    return [a_handle(n) for n in shown]


@given(steps)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_refreshes_sorts_and_searches_keeps_current_and_selected(
    qapp: QApplication, sequence: list[tuple[object, ...]]
) -> None:
    watched = Watched()
    model = watched.model
    selection = QItemSelectionModel(model)
    numbers, column, descending, kind = [3, 8, 11, 14], Col.MARK, False, ""
    watched.show(*map(varied, numbers))
    selection.setCurrentIndex(
        model.index(1, 0),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    chosen: Handle | None = model.handle_at(1)
    held = {h: QPersistentModelIndex(model.index(r, 2)) for r, h in enumerate(watched.handles)}
    ways: list[tuple[list[int], Passage]] = []
    for step in sequence:
        match step:
            case ("show", list() as wanted):
                numbers = wanted
                watched.show(*map(varied, numbers))
            case ("prepare", list() as wanted):
                ways.append((wanted, passage(model.showing, prepared(*map(varied, wanted)))))
            case ("follow",) if ways:
                numbers, way = ways.pop()
                model.follow(way, NOW)
            case ("sort", Col() as by, bool() as down):
                column, descending = by, down
                model.sort(by, DOWN if down else UP)
            case ("filter", str() as text):
                kind = text
                model.set_filter(text)
        expected = naive(numbers, column, descending, kind)
        assert watched.handles == expected
        for handle, index in list(held.items()):
            if handle not in expected:
                assert not index.isValid()
                del held[handle]
            else:
                assert expected[index.row()] == handle
        if chosen not in expected:
            chosen = None
        if chosen is not None:
            assert watched.handles[selection.currentIndex().row()] == chosen
            assert [watched.handles[i.row()] for i in selection.selectedRows()] == [chosen]
    assert ("reset",) not in watched.told
