"""The table as a user meets it: pressing, keys, staying put, painting."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Device, DeviceType, Handle, Person
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.sessions.columns_build import build
from sessionconsole.ui.sessions.model import SessionTableModel
from sessionconsole.ui.sessions.orders import Action, ShownOrder
from sessionconsole.ui.sessions.view import SessionTable
from tests.builders import NOW, a_handle, a_row, a_session, an_about, an_order

ZONE = ZoneInfo("Australia/Brisbane")
LEFT = Qt.MouseButton.LeftButton
Asked = list[tuple[Handle, Action]]


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> SessionTable:
    view = SessionTable(theme, SessionTableModel(ZONE))
    qtbot.addWidget(view)
    view.resize(868, 400)
    view.show()
    show(view, *range(1, 31))
    return view


@pytest.fixture
def asked(table: SessionTable) -> Asked:
    heard: Asked = []
    table.action_asked.connect(lambda handle, action: heard.append((handle, action)))
    return heard


def numbered(*numbers: int) -> list[Row]:
    return [a_row(a_session(n, last_active_at=NOW - timedelta(minutes=n))) for n in numbers]


def show(view: SessionTable, *numbers: int) -> None:
    show_rows(view, *numbered(*numbers))


def show_rows(view: SessionTable, *rows: Row) -> None:
    view.show_table(build(rows, an_about(), ZONE), NOW)


def hold(view: SessionTable, number: int) -> None:
    view.sessions.show_orders({a_handle(number): ShownOrder(an_order(a_session(number)), 4)})


def click(view: SessionTable, at: QPoint) -> None:
    QTest.mouseClick(view.viewport(), LEFT, pos=at)


def button(view: SessionTable, row: int) -> QPoint:
    return view.button_rect(row).center()


def top_row(view: SessionTable) -> tuple[Handle, int]:
    row = view.rowAt(0)
    return view.sessions.handle_at(row), view.rowViewportPosition(row)


# ---------------------------------------------------------------------------------------- pressing


def test_its_name_is_a_promise(table: SessionTable) -> None:
    assert table.accessibleName() == "Sessions"


def test_a_click_on_a_painted_button_asks_and_picks_the_row(table: SessionTable, asked: Asked) -> None:
    click(table, button(table, 2))
    assert asked == [(a_handle(3), Action.END)]
    assert table.current_handle() == a_handle(3)


@pytest.mark.parametrize("dx", [-4, 4])
def test_a_click_beside_the_button_only_picks_the_row(table: SessionTable, asked: Asked, dx: int) -> None:
    rect = table.button_rect(2)
    x = rect.left() + dx if dx < 0 else rect.right() + dx
    click(table, QPoint(x, rect.center().y()))
    assert asked == []
    assert table.current_handle() == a_handle(3)


def test_the_whole_button_is_hit_and_nothing_more(table: SessionTable, asked: Asked) -> None:
    rect = table.button_rect(0)
    for corner in (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight()):
        click(table, corner)
    assert len(asked) == 4
    click(table, rect.topLeft() - QPoint(0, 1))
    click(table, rect.bottomLeft() + QPoint(0, 1))
    assert len(asked) == 4


def test_a_press_that_leaves_the_button_asks_nothing(table: SessionTable, asked: Asked) -> None:
    QTest.mousePress(table.viewport(), LEFT, pos=button(table, 2))
    QTest.mouseRelease(table.viewport(), LEFT, pos=button(table, 3))
    assert asked == []


def test_a_row_that_moved_under_a_pressed_button_is_not_ended(table: SessionTable, asked: Asked) -> None:
    at = button(table, 0)
    QTest.mousePress(table.viewport(), LEFT, pos=at)
    show(table, *range(2, 31))
    QTest.mouseRelease(table.viewport(), LEFT, pos=at)
    assert asked == []


def test_a_double_click_on_end_does_not_undo_it_again(table: SessionTable, asked: Asked) -> None:
    at = button(table, 0)
    click(table, at)
    hold(table, 1)
    QTest.mouseDClick(table.viewport(), LEFT, pos=at)
    assert asked == [(a_handle(1), Action.END)]


def test_what_the_user_saw_on_the_button_is_told(table: SessionTable, asked: Asked) -> None:
    hold(table, 1)
    click(table, button(table, 0))
    assert asked == [(a_handle(1), Action.UNDO)]


def test_delete_presses_the_button_of_the_current_row(table: SessionTable, asked: Asked) -> None:
    table.pick(a_handle(5))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert asked == [(a_handle(5), Action.END)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_asks_for_the_details_and_ends_nothing(
    table: SessionTable, asked: Asked, key: Qt.Key, qtbot: QtBot
) -> None:
    table.pick(a_handle(5))
    with qtbot.waitSignal(table.details_asked):
        QTest.keyClick(table, key)
    assert asked == []


def test_a_key_that_is_held_down_presses_once(table: SessionTable, asked: Asked) -> None:
    table.pick(a_handle(5))
    nothing = Qt.KeyboardModifier.NoModifier
    QTest.keyPress(table, Qt.Key.Key_Delete)
    QApplication.sendEvent(table, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Delete, nothing, "", True))
    assert len(asked) == 1


def test_keys_ask_nothing_before_a_row_was_picked(table: SessionTable, asked: Asked) -> None:
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert table.current_handle() is None
    assert asked == []


def test_a_row_without_a_button_asks_nothing(table: SessionTable, asked: Asked) -> None:
    gone = an_order(a_session(1), OrderState.SETTLED, outcome=Outcome.PROVED_GONE, settled_at=NOW)
    at = button(table, 0)
    table.sessions.show_orders({a_handle(1): ShownOrder(gone)})
    assert table.button_rect(0).isEmpty()
    click(table, at)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert asked == []


def test_who_may_not_end_can_still_take_an_order_back(table: SessionTable, asked: Asked) -> None:
    table.sessions.set_may_end(False)
    click(table, button(table, 0))
    assert asked == []
    hold(table, 1)
    click(table, button(table, 0))
    assert asked == [(a_handle(1), Action.UNDO)]


def test_tab_leaves_the_table(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    view, after = SessionTable(theme, SessionTableModel(ZONE)), QPushButton("after")
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(after)
    show(view, 1, 2, 3)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert after.hasFocus()


# ------------------------------------------------------------------------------------- staying put


def test_a_refresh_keeps_the_current_row_and_where_the_list_was_scrolled(table: SessionTable) -> None:
    table.pick(a_handle(15))
    table.verticalScrollBar().setValue(487)
    before = top_row(table)
    show(table, 0, *range(1, 5), *range(7, 31), 40)
    assert top_row(table) == before
    assert table.current_handle() == a_handle(15)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [
        table.sessions.row_of(a_handle(15))
    ]


def test_at_the_very_top_a_new_row_is_seen(table: SessionTable) -> None:
    show(table, 0, *range(1, 31))
    assert top_row(table) == (a_handle(0), 0)


def test_a_row_can_be_picked_in_a_mirrored_window_too(table: SessionTable) -> None:
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    table.selectRow(3)
    assert table.current_handle() == a_handle(4)


def test_the_scroll_bar_keeps_its_room_but_shows_only_what_can_be_scrolled(
    table: SessionTable, qtbot: QtBot
) -> None:
    bar, room = table.verticalScrollBar(), table.viewport().width()
    qtbot.waitUntil(bar.isEnabled)
    show(table, 1, 2, 3)
    qtbot.waitUntil(lambda: not bar.isEnabled())
    assert table.viewport().width() == room


def point_at(table: SessionTable, at: QPoint) -> None:
    centre = QPointF(at)
    QApplication.sendEvent(table, QEnterEvent(centre, centre, centre))
    QTest.mouseMove(table.viewport(), at)


def test_the_row_under_the_pointer_stays_under_it(table: SessionTable) -> None:
    table.verticalScrollBar().setValue(96)
    at = QPoint(100, table.rowViewportPosition(4) + 5)
    point_at(table, at)
    show(table, -1, 0, *range(1, 31))
    assert table.sessions.handle_at(table.indexAt(at).row()) == a_handle(5)


def test_at_the_very_top_a_new_row_is_seen_also_with_the_pointer_and_the_picked_row_below(
    table: SessionTable,
) -> None:
    table.pick(a_handle(6))
    point_at(table, QPoint(100, table.rowViewportPosition(5) + 5))
    show_rows(table, a_row(a_session(50), Level.ALARM), *numbered(*range(1, 31)))
    assert top_row(table) == (a_handle(50), 0)
    assert table.current_handle() == a_handle(6)


def test_no_other_button_slips_under_a_pointer_that_is_on_one(table: SessionTable) -> None:
    at = button(table, 2)
    point_at(table, at)
    show_rows(table, a_row(a_session(50), Level.ALARM), *numbered(*range(1, 31)))
    assert table.sessions.handle_at(table.indexAt(at).row()) == a_handle(3)


def test_the_current_session_is_told_when_it_changes_or_goes(table: SessionTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.current_changed) as told:
        table.pick(a_handle(4))
    assert told.args == [a_handle(4)]
    with qtbot.waitSignal(table.current_changed) as told:
        show(table, 1, 2, 3)
    assert told.args == [None], "the neighbour must not be picked in its place"


def test_when_the_picked_session_goes_the_next_key_hits_nobody_else(
    table: SessionTable, asked: Asked
) -> None:
    table.pick(a_handle(4))
    show(table, 1, 2, 3, 5, 6)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert asked == []
    assert table.current_handle() is None


# ---------------------------------------------------------------------------------- header, columns


def test_a_click_on_the_header_sorts_and_another_turns_it_round(table: SessionTable) -> None:
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(Col.LAST_ACTIVE) + 10, 10)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)
    assert table.sessions.handle_at(0) == a_handle(1), "times sort newest first"
    QTest.mouseClick(header.viewport(), LEFT, pos=at)
    assert table.sessions.handle_at(0) == a_handle(30)


def test_columns_follow_the_width_and_fill_it(table: SessionTable) -> None:
    for width in (560, 868, 1400):
        table.resize(width, 400)
        shown = [col for col in Col if not table.isColumnHidden(col)]
        assert {Col.MARK, Col.PERSON, Col.DEVICE, Col.LAST_ACTIVE, Col.END} <= set(shown)
        total = sum(table.columnWidth(col) for col in shown)
        assert total == table.viewport().width() or width == 500
    assert table.isColumnHidden(Col.NETWORK) is False


def test_a_cut_text_stands_in_full_in_the_tooltip_and_is_never_markup(table: SessionTable) -> None:
    name = "<b>Noah</b> Fitzgerald-Abernathy the Third of Port Douglas"
    show_rows(table, a_row(a_session(person=Person("noah", name, "Guide"))))
    told = table.itemDelegate().help_text(0, Col.PERSON, table.columnWidth(Col.PERSON))  # type: ignore[attr-defined]
    assert "&lt;b&gt;Noah&lt;/b&gt; Fitzgerald-Abernathy the Third of Port Douglas" in told
    assert "<b>" not in told


# ---------------------------------------------------------------------------------------- painting


def all_kinds() -> list[Row]:
    devices = [Device(kind) for kind in DeviceType]
    rows = [a_row(a_session(f"device-{n}", device=device)) for n, device in enumerate(devices)]
    rows += [
        a_row(a_session("alarm"), Level.ALARM),
        a_row(a_session("check"), Level.CHECK),
        a_row(a_session("own", is_current=True)),
        a_row(a_session("bare", person=Person("x"), ip=None, place=None, network=None, last_active_at=None)),
        a_row(a_session("hebrew", person=Person("sara", "שרה כהן", "מדריכה"))),
        a_row(a_session("long", person=Person("n", "Noah " * 40, "Guide " * 40))),
    ]
    rows += [a_row(a_session(p), presence=p, presence_at=NOW) for p in Presence]
    rows += [
        a_row(s, order=an_order(s, OrderState.SETTLED, outcome=outcome, settled_at=NOW))
        for outcome in Outcome
        for s in [a_session(outcome)]
    ]
    return rows


def picture(view: SessionTable, ratio: float) -> QImage:
    image = QImage(view.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    view.render(painter, QPoint())
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK, Appearance.HIGH_CONTRAST])
@pytest.mark.parametrize("mirrored", [False, True], ids=["usual", "mirrored"])
def test_every_kind_of_row_is_painted(
    table: SessionTable, theme: Theme, appearance: Appearance, ratio: float, mirrored: bool
) -> None:
    if mirrored:
        table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    theme.wear(appearance)
    table.resize(1400, 2000)
    show_rows(table, *all_kinds())
    hold(table, 1)
    table.pick(a_handle("alarm"))
    image = picture(table, ratio)
    row = table.sessions.row_of(a_handle("alarm"))
    assert row is not None
    y = round((table.viewport().y() + table.rowViewportPosition(row) + 3) * ratio)
    ground = image.pixelColor(image.width() // 2, y).name().upper()
    assert ground == theme.tokens.alarm_row_selected


def test_the_bar_of_the_selected_row_and_the_button_change_sides_when_mirrored(
    table: SessionTable, theme: Theme
) -> None:
    table.pick(a_handle(1))

    def bar(image: QImage, x: int) -> bool:
        y = table.viewport().y() + 10
        return image.pixelColor(x, y).name().upper() == theme.tokens.accent

    usual = picture(table, 1.0)
    assert bar(usual, 1)
    assert table.button_rect(0).center().x() > 700
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = picture(table, 1.0)
    assert bar(mirrored, table.width() - 2)
    assert table.button_rect(0).center().x() < 100


def test_the_focus_ring_is_for_who_goes_by_keys(table: SessionTable, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitActive(table):
        table.activateWindow()
    theme.wear(Appearance.HIGH_CONTRAST)
    table.setFocus(Qt.FocusReason.TabFocusReason)

    def ring() -> bool:
        y = table.viewport().y() + table.rowViewportPosition(table.currentIndex().row()) + 1
        return picture(table, 1.0).pixelColor(400, y).name().upper() == theme.tokens.focus

    QTest.keyClick(table, Qt.Key.Key_Down)
    assert ring()
    click(table, QPoint(400, table.rowViewportPosition(3) + 10))
    assert not ring()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert ring()


def test_a_change_of_theme_reaches_the_rows(table: SessionTable, theme: Theme) -> None:
    light = picture(table, 1.0)
    theme.wear(Appearance.DARK)
    dark = picture(table, 1.0)
    at = (400, table.viewport().y() + 10)
    assert light.pixelColor(*at).lightness() > 200
    assert dark.pixelColor(*at).lightness() < 60


def test_the_ring_goes_round_the_whole_row_when_the_focus_comes_and_goes(
    theme: Theme, qtbot: QtBot, table: SessionTable
) -> None:
    other = QPushButton("other", table.window())
    table.pick(a_handle(3))
    with qtbot.waitActive(table):
        table.activateWindow()
    painted: list[int] = []
    watcher = _PaintWatcher(painted)
    table.viewport().installEventFilter(watcher)
    other.show()
    for widget in (other, table, other):
        QApplication.processEvents()
        painted.clear()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: max(painted, default=0) == table.viewport().width())


class _PaintWatcher(QObject):
    def __init__(self, painted: list[int]) -> None:
        super().__init__()
        self._painted = painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._painted.append(event.region().boundingRect().width())
        return False


# ------------------------------------------------------------------------------------ several picked


def picked_rows(view: SessionTable) -> list[int]:
    return [row for handle in view.picked() if (row := view.sessions.row_of(handle)) is not None]


def test_a_click_with_control_adds_a_row_and_one_with_shift_all_between(table: SessionTable) -> None:
    click(table, person(table, 1))
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, person(table, 3))
    assert picked_rows(table) == [1, 3]
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, person(table, 5))
    assert picked_rows(table) == [1, 3, 4, 5]
    assert table.current_handle() == table.sessions.handle_at(5)
    click(table, person(table, 2))
    assert picked_rows(table) == [2]


def test_how_many_are_picked_is_told_once_for_each_change(table: SessionTable) -> None:
    told: list[int] = []
    table.selection_changed.connect(told.append)
    table.selectRow(0)
    table.selectAll()
    table.selectAll()
    table.clearSelection()
    assert told == [1, 30, 0]


def test_all_of_ten_thousand_stay_picked_and_current_through_a_refresh_and_another_order(
    table: SessionTable,
) -> None:
    show(table, *range(1, 10_001))
    table.selectRow(3)
    table.selectAll()
    current = table.current_handle()
    told: list[int] = []
    table.selection_changed.connect(told.append)
    table.sessions.sort(Col.LAST_ACTIVE, Qt.SortOrder.AscendingOrder)
    show(table, *range(2, 10_001))
    assert len(table.picked()) == 9_999
    assert table.current_handle() == current
    assert told == [9_999]


def test_where_the_rows_change_places_the_view_stays_where_it_was(table: SessionTable) -> None:
    table.selectRow(2)
    table.selectAll()
    table.verticalScrollBar().setValue(500)
    shown = table.sessions.handle_at(table.rowAt(0))
    show(table, *range(31))
    assert table.sessions.handle_at(table.rowAt(0)) == shown


def test_the_menu_on_one_of_several_picked_rows_leaves_them_picked(table: SessionTable) -> None:
    click(table, person(table, 1))
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, person(table, 3))
    table._pick_for_menu(table.sessions.index(2, Col.PERSON))
    assert picked_rows(table) == [1, 2, 3]
    assert table.current_handle() == table.sessions.handle_at(2)
    table._pick_for_menu(table.sessions.index(6, Col.PERSON))
    assert picked_rows(table) == [6]


def person(view: SessionTable, row: int) -> QPoint:
    return view.visualRect(view.sessions.index(row, Col.PERSON)).center()
