"""What a screen reader is told: of every page, menu and question the names, roles, descriptions and the way of Tab."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QContextMenuEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSpinBox,
    QTableView,
    QWidget,
)

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.settings import Appearance
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Link
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.look.theme import Theme
from tests.fakes.console import sample_rows
from tests.robots.window import Robot
from tests.ui.accessible_tree import Role, Told, controls, name_of, popup, tab_order, told
from tests.ui.connecting.test_connecting import FILE, LISTED, MISTAKES, SIGNED_IN, tries
from tests.ui.journal.acts import the_acts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, on the screen that is none

Page = Callable[[Robot], QWidget]

# ----------------------------------------------------------------------------------- every page there is


def the_list(robot: Robot) -> QWidget:
    robot.picks("Maria Santos")
    return robot.window


def a_narrow_list(robot: Robot) -> QWidget:
    robot.window.resize(1024, 700)
    robot.picks("Maria Santos")
    QApplication.processEvents()  # the filters take the room that is left
    return robot.window


def an_order_to_undo(robot: Robot) -> QWidget:
    robot.ends("Maria Santos", "Windows 10 PC")
    robot.says("Ending Maria Santos")
    return robot.window


def an_old_list(robot: Robot) -> QWidget:
    robot.console.watching.lose_network()
    robot.sees("Try now")
    return robot.window


def an_old_list_that_is_being_read_anew(robot: Robot) -> QWidget:
    state = robot.console.watching.state
    state.set(replace(state.value, link=Link.CONNECTING))
    robot.sees("Connecting")
    return robot.window


def a_search_without_result(robot: Robot) -> QWidget:
    robot.types("Search", "nobody")
    robot.sees("Clear search")
    return robot.window


def only_what_needs_a_look(robot: Robot) -> QWidget:
    robot.presses("Needs a look")
    robot.picks("Ruby Costello")
    return robot.window


def the_journal(robot: Robot) -> QWidget:
    robot.console.journaling.happens(*the_acts())
    robot.presses("Journal")
    robot.sees("Sound since")
    return robot.window


def an_empty_journal(robot: Robot) -> QWidget:
    robot.presses("Journal")
    robot.sees("Nothing has been written down yet")
    return robot.window


def several_picked(robot: Robot) -> QWidget:
    robot.picks("Maria Santos")
    robot.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, on=robot.shell.list.table)
    robot.sees("2 selected")
    return robot.window


def many_under_way(robot: Robot) -> QWidget:
    everybody = [row.session.handle for row in robot.console.watching.state.value.rows]
    robot.shell.ending.several.ask_picked(everybody)
    robot.presses("End 11 sessions")
    robot.says("Ending 11 sessions")
    orders = robot.console.ending.state.value.orders
    robot.console.ending.become_all(list(orders), OrderState.QUEUED)
    robot.picks("Maria Santos")
    robot.says("Ending 0 of 11")
    return robot.window


def the_preview_of_all_others(robot: Robot) -> QWidget:
    robot.console.watching.show(
        [
            replace(row, spared=Spared.YES if row.session.device.type == "program" else Spared.NO)
            for row in sample_rows()
        ]
    )
    robot.settles()
    robot.shell.ending.several.ask_others()
    robot.waits_for_question("End all others?")
    assert robot.dialog is not None
    return robot.dialog


def the_preview_of_idle_ones(robot: Robot) -> QWidget:
    robot.shell.ending.several.ask_idle()
    robot.waits_for_question("Not used for more than")
    assert robot.dialog is not None
    return robot.dialog


def what_did_not_go(robot: Robot) -> QWidget:
    many_under_way(robot)
    orders = list(robot.console.ending.state.value.orders)
    robot.console.ending.become_all(orders[:3], OrderState.SETTLED, Outcome.REFUSED)
    robot.console.ending.become_all(orders[3:], OrderState.SETTLED, Outcome.PROVED_GONE)
    robot.presses("Show the rest")
    robot.waits_for_question("3 sessions are not proved gone")
    assert robot.dialog is not None
    return robot.dialog


def the_sign_in(robot: Robot) -> QWidget:
    robot.console.signing_in.trouble = None
    robot.tasks.start("leave", robot.console.signing_in.sign_out)
    robot.sees("Use your account on the booking platform.")
    robot.types("Address", "")
    robot.types("User name", "")
    robot.presses("Sign in")
    robot.sees("Enter the address of the booking platform.")
    return robot.window


def the_code(robot: Robot) -> QWidget:
    the_sign_in(robot)
    robot.signs_in("booking.example", "dana.whitlock", "correct horse")
    robot.sees("One more step")
    robot.presses("Sign in")
    robot.sees("Enter the code first.")
    return robot.window


def the_kinds_of_platform(robot: Robot) -> QWidget:
    the_sign_in(robot)
    robot.presses("Another kind of platform…")
    robot.chooses("Kind of platform", "Reef Pass (your file)")
    robot.sees("Short name of the organizer")
    return robot.window


def where_a_file_is_asked_for(robot: Robot) -> QWidget:
    the_kinds_of_platform(robot)
    robot.presses("Connect another platform…")
    return robot.window


def the_mistakes_of_a_file(robot: Robot) -> QWidget:
    where_a_file_is_asked_for(robot)
    robot.console.connecting.says = MISTAKES
    robot.drops(FILE)
    robot.sees("2 mistakes")
    return robot.window


def a_file_to_try(robot: Robot) -> QWidget:
    where_a_file_is_asked_for(robot)
    robot.drops(FILE)
    robot.presses("Try it")
    robot.sees("Enter the address of the booking platform.")
    return robot.window


def a_dry_run(robot: Robot) -> QWidget:
    where_a_file_is_asked_for(robot)
    tries(robot)
    robot.console.connecting.tell(SIGNED_IN, LISTED)
    robot.console.connecting.ask(FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
    robot.sees("Go on without", "12 sessions")
    return robot.window


def the_end_of_a_dry_run(robot: Robot) -> QWidget:
    where_a_file_is_asked_for(robot)
    tries(robot)
    robot.console.connecting.tell(SIGNED_IN, LISTED)
    robot.console.connecting.end(good=False)
    robot.sees("Use this platform")
    return robot.window


def what_the_platform_cannot_do(robot: Robot) -> QWidget:
    state = robot.console.watching.state
    assert state.value.about is not None
    about = replace(
        state.value.about,
        security_page="https://booking.example/security",
        notes=tuple(f"{number}. note. {'Words. ' * 20}" for number in range(12)),
    )
    state.set(replace(state.value, about=about))
    robot.presses("This platform")
    robot.waits_for_question("Close")
    return _dialog(robot)


def the_question_before_the_own_end(robot: Robot) -> QWidget:
    robot.ends("Dana Whitlock")
    robot.waits_for_question("End this console?")
    return _dialog(robot)


def the_question_about_an_old_order(robot: Robot) -> QWidget:
    handle = robot.console.handle_of("Priya Nair")
    robot.console.ending.wait_since(handle, timedelta(hours=20), ask=True)
    robot.waits_for_question("Send it now?")
    return _dialog(robot)


def the_question_whether_it_is_you(robot: Robot) -> QWidget:
    robot.console.ending.want_reauthentication(FactorMethod.TOTP, FactorMethod.PASSWORD)
    robot.waits_for_question("Go on")
    robot.presses("Go on")
    robot.sees("Enter the code first.")
    return _dialog(robot)


def the_account_menu(robot: Robot) -> QWidget:
    robot.presses("Dana Whitlock")
    return popup()


def the_menu_of_more_filters(robot: Robot) -> QWidget:
    robot.window.resize(1024, 700)
    robot.presses("More filters")
    return popup()


def the_menu_of_a_row(robot: Robot) -> QWidget:
    robot.picks("Maria Santos")
    table = robot.shell.list.table
    spot = table.viewport().rect().center()
    QApplication.sendEvent(
        table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, spot, table.mapToGlobal(spot))
    )
    return popup()


def _dialog(robot: Robot) -> QWidget:
    assert robot.dialog is not None
    return robot.dialog


PAGES = (
    the_list,
    a_narrow_list,
    an_order_to_undo,
    an_old_list,
    an_old_list_that_is_being_read_anew,
    a_search_without_result,
    only_what_needs_a_look,
    several_picked,
    many_under_way,
    the_sign_in,
    the_code,
    the_kinds_of_platform,
    where_a_file_is_asked_for,
    the_mistakes_of_a_file,
    a_file_to_try,
    a_dry_run,
    the_end_of_a_dry_run,
)
QUESTIONS = (
    the_preview_of_all_others,
    the_preview_of_idle_ones,
    what_did_not_go,
    what_the_platform_cannot_do,
    the_question_before_the_own_end,
    the_question_about_an_old_order,
    the_question_whether_it_is_you,
)
MENUS = (the_account_menu, the_menu_of_more_filters, the_menu_of_a_row)


def _words(page: Page) -> str:
    return page.__name__.replace("_", " ")


@pytest.fixture(params=(*PAGES, *QUESTIONS, *MENUS), ids=_words)
def anywhere(request: pytest.FixtureRequest, robot: Robot) -> Iterator[QWidget]:
    shown = request.param(robot)
    yield shown
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    if robot.dialog is not None:
        robot.dialog.reject()
    robot.settles()


# --------------------------------------------------------------------------------------- names and roles


def test_everything_that_can_be_used_has_a_name(anywhere: QWidget) -> None:
    used = controls(anywhere)

    assert used
    assert [each for each in used if not each.name.strip()] == []


def test_everything_that_can_be_used_has_its_role(anywhere: QWidget) -> None:
    def expected(each: Told) -> tuple[QAccessible.Role, ...]:
        match each.widget:
            case QAbstractButton() as button if button.isCheckable():
                return (Role.RadioButton if button.autoExclusive() else Role.CheckBox,)
            case QAbstractButton():
                return (Role.Button,)
            case QComboBox():
                return (Role.ComboBox,)
            case QLineEdit():
                return (Role.EditableText,)
            case QSpinBox():
                return (Role.SpinBox,)
            case QProgressBar():
                return (Role.ProgressBar,)
            case QTableView():
                return (Role.Table,)
            case QScrollArea():
                return (Role.Client,)
            case _:  # cells, headers, menu items, and labels whose text can be selected
                return (Role.Cell, Role.ColumnHeader, Role.RowHeader, Role.MenuItem, Role.StaticText)

    wrong = [each for each in controls(anywhere) if each.role not in expected(each)]

    assert wrong == []


def test_no_markup_is_read_out(anywhere: QWidget) -> None:
    assert [each for each in told(anywhere) if "<" in each.name + each.description] == []


def test_no_name_stands_for_two_things_of_one_role(anywhere: QWidget) -> None:
    names = [(each.role, each.name) for each in controls(anywhere) if isinstance(each.widget, QWidget)]
    twice = {each for each in names if names.count(each) > 1}

    assert twice <= {(Role.Button, "Undo"), (Role.StaticText, "Not provided")}


@pytest.mark.parametrize("name", ["Address", "User name", "Password", "Sign in"])
def test_the_names_of_the_sign_in_are_fixed(newcomer: Robot, name: str) -> None:
    assert name in [each.name for each in controls(newcomer.window)]


@pytest.mark.parametrize(
    "name", ["Sessions", "Search", "End", "That's ours", "End several", "Never end in bulk"]
)
def test_the_names_of_the_list_are_fixed(robot: Robot, name: str) -> None:
    assert name in [each.name for each in controls(robot.window)]


def test_buttons_without_words_tell_them_in_the_tooltip(anywhere: QWidget) -> None:
    silent = [
        name_of(button)
        for button in anywhere.findChildren(QAbstractButton)
        if button.isVisible() and not button.text().strip() and not button.toolTip()
        if not name_of(button).startswith("Filter:")  # a chip paints its words itself
    ]

    assert silent == []


# ------------------------------------------------------------------------------------------- what is said


def test_undo_and_status_are_there_once_something_was_ordered(robot: Robot) -> None:
    an_order_to_undo(robot)

    assert robot.button("Undo").isVisible()
    assert name_of(robot.shell.list.bar.words) == "Status"


def test_the_end_button_names_person_and_device(robot: Robot) -> None:
    robot.picks("Maria Santos", "Reservations PC")

    assert robot.button("End").accessibleDescription() == "Maria Santos, Reservations PC, Chrome"


def test_every_cell_of_the_table_can_be_read(robot: Robot) -> None:
    cells = [each for each in told(robot.window) if each.role is Role.Cell]

    assert len(cells) > 40
    assert [cell for cell in cells if not cell.name] == []


def test_the_columns_have_names_and_the_sorted_one_says_so(robot: Robot) -> None:
    robot.shell.list.table.horizontalHeader().sectionClicked.emit(1)
    headers = [each.name for each in told(robot.window) if each.role is Role.ColumnHeader]

    assert "" not in headers
    assert "Person, sorted" in headers


@pytest.mark.parametrize(
    ("person", "described"),
    [
        (
            "Maria Santos",
            (
                "Alarm: first time from Brazil, too far, too fast. Windows 10 PC, Firefox. Active. "
                "Account maria.santos."
            ),
        ),
        ("Dana Whitlock", "Familiar. This console. Office PC, Edge. Active. Account dana.whitlock."),
    ],
)
def test_a_row_is_described_in_a_breath(robot: Robot, person: str, described: str) -> None:
    robot.picks(person)
    index = robot.shell.list.table.currentIndex()

    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == described


def test_a_row_whose_session_is_gone_says_that_instead_of_its_alarm(robot: Robot) -> None:
    robot.ends("Maria Santos", "Windows 10 PC")
    handle = robot.console.handle_of("Maria Santos", "Windows 10 PC")
    robot.console.ending.settle(handle, Outcome.PROVED_GONE)
    robot.says("Ended")
    index = robot.shell.list.table.currentIndex()

    described = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described.startswith("Windows 10 PC, Firefox. Ended, gone at ")


def test_who_comes_into_the_details_is_told_whose_they_are_and_why_in_full(robot: Robot) -> None:
    robot.picks("Maria Santos")
    pane = next(each for each in told(robot.window) if each.widget is robot.shell.list.details)

    assert pane.name == "Details of Maria Santos, Windows 10 PC, Firefox"
    assert pane.description.startswith("Alarm. First time from Brazil.")
    assert pane.description.endswith("12 minutes earlier, 15,300 km away.")


def test_the_counts_of_the_filters_are_spoken(robot: Robot) -> None:
    chips = {each.name: each.description for each in controls(robot.window)}

    assert chips["Filter: Needs a look"] == "2 sessions"


def test_a_countdown_is_not_read_every_second(robot: Robot) -> None:
    def said() -> list[tuple[str, str]]:
        parts = (robot.shell.list.bar, robot.shell.list.details.foot)
        return [(each.name, each.description) for part in parts for each in told(part)]

    an_order_to_undo(robot)
    before = said()
    robot.waits(1)

    assert "in 4 seconds" in robot.status
    assert said() == before


def test_that_the_list_is_old_is_said_once(robot: Robot, announced: list[str]) -> None:
    an_old_list(robot)
    robot.waits(30)
    announce(robot.window, "All is said.")
    robot.qtbot.waitUntil(lambda: "All is said." in announced)

    assert len([text for text in announced if "As of" in text]) == 1


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Qt is asked to have read out."""
    heard: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            heard.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return heard


# ---------------------------------------------------------------------------------------- the way of Tab

RAIL = ["Needs a look", "All sessions", "Journal", "This platform", "Dana Whitlock"]
FILTERS = ["Needs a look", "Active now", "Idle over 30 days", "Phones", "Outside our offices"]
ALL_FILTERS = [f"Filter: {name}" for name in FILTERS]
WAYS: dict[Page, list[str]] = {
    the_sign_in: ["Address", "User name", "Password", "Sign in", "Another kind of platform…"],
    the_code: ["Code", "Sign in", "Use a recovery code", "Back"],
    the_list: [
        *RAIL,
        "Search",
        "End several",
        *ALL_FILTERS,
        "Check now",
        "Sessions",
        "Close details",
        "Details",
        "Never end in bulk",
        "Forget this person",
        "End",
        "That's ours",
    ],
    a_narrow_list: [
        *RAIL,
        "Search",
        "End several",
        *ALL_FILTERS[:3],
        "More filters",
        "Check now",
        "Sessions",
        "Close details",
        "Details",
        "Never end in bulk",
        "Forget this person",
        "End",
        "That's ours",
    ],
    an_order_to_undo: [
        *RAIL,
        "Search",
        "End several",
        *ALL_FILTERS,
        "Check now",
        "Sessions",
        "Undo",
        "Close details",
        "Never end in bulk",
        "Forget this person",
        "Undo",
    ],
    an_old_list: [*RAIL, "Search", "End several", *ALL_FILTERS, "Try now", "Sessions"],
    a_search_without_result: [*RAIL, "Search", "End several", *ALL_FILTERS, "Check now", "Clear search"],
    several_picked: [
        *RAIL,
        "Search",
        "End several",
        *ALL_FILTERS,
        "Check now",
        "Sessions",
        "Clear selection",
        "End selected",
        "Close details",
        "Details",
        "Never end in bulk",
        "Forget this person",
        "End",
        "That's ours",
    ],
    many_under_way: [
        *RAIL,
        "Search",
        "End several",
        *ALL_FILTERS,
        "Check now",
        "Sessions",
        "Cancel",
        "Close details",
        "Never end in bulk",
        "Forget this person",
        "Withdraw",
    ],
    the_preview_of_all_others: ["Cancel", "End 10 sessions", "Sessions that end", "Sessions that stay"],
    the_preview_of_idle_ones: ["Cancel", "End 1 session", "Days", "Sessions that end"],
    what_did_not_go: ["Close", "Sessions that are not proved gone"],
    the_kinds_of_platform: [
        "Address",
        # Qt's own box tells on Linux what is chosen, and its label beside it; elsewhere the name
        "Reef Pass (your file)" if sys.platform == "linux" else "Kind of platform",
        "Short name of the organizer",
        "Key of the organizer",
        "User name",
        "Password",
        "Sign in",
        "Connect another platform…",
    ],
    where_a_file_is_asked_for: ["Choose a file…", "Back"],
    the_mistakes_of_a_file: ["Check again", "Choose another file…", "Back"],
    a_file_to_try: [
        "Address",
        "Short name of the organizer",
        "Key of the organizer",
        "User name",
        "Password",
        "End a test session of my own to measure",
        "Try it",
        "Choose another file…",
        "Back",
    ],
    a_dry_run: ["Cancel", "What was seen", "Code", "Go on", "Go on without", "Use a recovery code"],
    the_end_of_a_dry_run: ["What was seen", "Back", "Try again", "Use this platform"],
    what_the_platform_cannot_do: ["What to know of this platform", "Password and second factor…", "Close"],
    the_journal: [
        *RAIL,
        "Search",
        "Filter: Sign-ins",
        "Filter: Orders",
        "Filter: Results",
        "Filter: Answers",
        "Export…",
        "Journal entries",
    ],
    an_empty_journal: RAIL,
    the_question_before_the_own_end: ["Cancel", "End this console"],
    the_question_about_an_old_order: ["Withdraw", "Send"],
    the_question_whether_it_is_you: ["Code", "Use the password instead", "Not now", "Go on"],
}
"""Where Tab stops on every page, from the top."""

LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


@pytest.fixture(params=[LTR, RTL], ids=["ltr", "rtl"])
def reading(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Qt.LayoutDirection]:
    qapp.setLayoutDirection(request.param)
    yield request.param
    qapp.setLayoutDirection(LTR)


def _on_any_font(names: list[str]) -> list[str]:
    """Without what hangs on the font: how many filters have room, and which of them are behind "More filters"."""
    return [
        name for name in names if name not in {"More filters", *(f"Filter: {each}" for each in FILTERS[1:])}
    ]


@pytest.mark.parametrize(("page", "way"), WAYS.items(), ids=[_words(page) for page in WAYS])
def test_tab_goes_from_the_top_to_the_end_and_comes_round(
    reading: Qt.LayoutDirection, robot: Robot, page: Page, way: list[str]
) -> None:
    root = page(robot)
    if page is an_old_list:
        robot.shell.listing.details.close_details()
    first = _called(root, way[0])

    assert _on_any_font(tab_order(first)) == _on_any_font(way)
    assert _on_any_font(tab_order(first, back=True)) == _on_any_font(way[:1] + way[:0:-1])
    if robot.dialog is not None:
        robot.dialog.reject()
        robot.settles()


def test_a_mirrored_window_begins_on_the_right(reading: Qt.LayoutDirection, robot: Robot) -> None:
    the_list(robot)
    rail, search, end = (
        _called(robot.window, name).mapToGlobal(QPoint()).x() for name in ("Needs a look", "Search", "End")
    )

    assert (rail < search < end) if reading is LTR else (end < search < rail)


def test_tab_reaches_everything_that_can_be_used(robot: Robot) -> None:
    a_narrow_list(robot)
    used = [each.name for each in controls(robot.window) if isinstance(each.widget, QWidget)]
    texts = {each.name for each in controls(robot.window) if each.role is Role.StaticText}

    assert set(_on_any_font([*set(used) - texts])) == set(_on_any_font(WAYS[a_narrow_list]))


def _called(root: QWidget, name: str) -> QWidget:
    found = [each.widget for each in controls(root) if each.name == name]
    assert isinstance(found[0], QWidget)
    return found[0]


# ---------------------------------------------------------------------------------------- where one stands


@pytest.fixture(params=list(Appearance)[1:], ids=str)
def dressed(request: pytest.FixtureRequest, theme: Theme) -> Appearance:
    theme.wear(request.param)
    return Appearance(request.param)


@pytest.mark.parametrize(
    "page", [a_narrow_list, an_order_to_undo, a_search_without_result, the_code, the_sign_in]
)
def test_who_goes_by_keys_sees_where_they_stand(dressed: Appearance, robot: Robot, page: Page) -> None:
    root = page(robot)
    robot.window.activateWindow()
    robot.qtbot.waitUntil(robot.window.isActiveWindow)
    stops = _on_any_font(WAYS[page])
    unmarked = [name for name in stops if _marked_pixels(root, _called(root, name)) < MARK]

    assert unmarked == []


MARK = 150
"""So many pixels at least change where the focus comes: a line around the smallest button is more."""


def _marked_pixels(root: QWidget, widget: QWidget) -> int:
    stops = [*root.findChildren(QLineEdit), *root.findChildren(QAbstractButton)]
    elsewhere = next(each for each in stops if each is not widget and each.isVisible())
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    before = root.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    after = root.grab().toImage()
    around = QRect(widget.mapTo(root, QPoint()), widget.size()).adjusted(-6, -6, 6, 6) & root.rect()
    return sum(
        before.pixel(x, y) != after.pixel(x, y)
        for x in range(around.left(), around.right() + 1)
        for y in range(around.top(), around.bottom() + 1)
    )
