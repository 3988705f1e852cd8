"""Somebody without a mouse: every wish of the window by keys alone, as docs/accessible-names.md lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.orders import Outcome
from sessionconsole.domain.settings import Appearance
from sessionconsole.domain.trials import TriedList
from sessionconsole.ui.sessions.columns import Col
from tests.fakes.console import CODE, PASSWORD, RECOVERY_CODE
from tests.robots.window import Robot
from tests.ui.accessible_tree import name_of, popup

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, on the screen that is none


class Hands:
    """Type where the focus is, and never touch a widget; the robot only watches."""

    def __init__(self, robot: Robot) -> None:
        self.robot = robot
        self._back_to_front()

    @property
    def at(self) -> QWidget:
        """Where the next key goes."""
        if QApplication.activePopupWidget() is None and QApplication.focusWidget() is None:
            self._back_to_front()
        focus = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert focus is not None, "the focus is lost"
        return focus

    def press(self, *keys: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.at, key, modifier)
            self.robot.settles()

    def write(self, text: str) -> None:
        QTest.keyClicks(self.at, text)

    def go_to(self, name: str) -> None:
        """By Tab, until it has the focus."""
        for _ in range(40):
            if name_of(self.at) == name:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab does not come to {name}")

    def choose(self, *words: str) -> None:
        """From the menu that is open, by the arrow keys."""
        for word in words:
            menu = popup()
            wanted = next(action for action in menu.actions() if action.text() == word)
            for _ in menu.actions():
                if menu.activeAction() is wanted:  # type: ignore[attr-defined]
                    break
                self.press(Key.Key_Down)
            self.press(Key.Key_Return)

    def _back_to_front(self) -> None:
        """As a window manager does, which is not there, once a menu or a question is closed."""
        front = self.robot.dialog or self.robot.window
        front.activateWindow()
        self.robot.qtbot.waitUntil(front.isActiveWindow)


@pytest.fixture
def hands(robot: Robot) -> Iterator[Hands]:
    yield Hands(robot)
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def test_the_whole_story(newcomer: Robot) -> None:
    hands = Hands(newcomer)
    hands.write("booking.example")
    hands.press(Key.Key_Tab)
    hands.write("dana.whitlock")
    hands.press(Key.Key_Tab)
    hands.write(PASSWORD)
    hands.press(Key.Key_Return)
    newcomer.sees("One more step")

    hands.go_to("Use a recovery code")
    hands.press(Key.Key_Return)
    newcomer.sees("Enter one of your recovery codes.")
    hands.go_to("Code")
    hands.write(RECOVERY_CODE)
    hands.press(Key.Key_Return)
    newcomer.sees("Maria Santos")
    newcomer.settles()

    assert name_of(hands.at) == "Sessions"
    hands.press(Key.Key_Delete)
    newcomer.says("Ending Maria Santos, Windows 10 PC")
    hands.press(Key.Key_Delete)
    newcomer.sees_in_row("Maria Santos", "Active", device="Windows 10 PC")
    hands.press(Key.Key_Delete)
    console = newcomer.console
    console.ending.settle(console.handle_of("Maria Santos", "Windows 10 PC"), Outcome.PROVED_GONE)
    newcomer.says("Ended: Maria Santos")

    hands.press(Key.Key_Down)
    hands.go_to("That's ours")
    hands.press(Key.Key_Space)
    newcomer.sees_in_row("Ruby Costello", "Familiar")

    hands.go_to("Dana Whitlock")
    hands.press(Key.Key_Space)
    hands.choose("Sign out")
    newcomer.sees("Use your account on the booking platform.")
    assert name_of(hands.at) == "Password"


def test_a_kind_is_chosen_a_file_is_tried_and_the_platform_is_used(newcomer: Robot) -> None:
    hands = Hands(newcomer)
    hands.go_to("Another kind of platform…")
    hands.press(Key.Key_Return)
    assert newcomer.shell.sign_in.kinds.box is hands.at
    hands.press(Key.Key_Down, Key.Key_Down)
    newcomer.sees("Short name of the organizer")
    hands.go_to("Connect another platform…")
    hands.press(Key.Key_Return)
    assert name_of(hands.at) == "Choose a file…"

    newcomer.drops(Path("/somewhere/reef-pass.toml"))  # the system's own dialog has keys of its own
    newcomer.sees("Try it")
    assert name_of(hands.at) == "Address"
    for typed in ("booking.example", "reef", "k-1", "dana@example.com", PASSWORD):
        hands.write(typed)
        hands.press(Key.Key_Tab)
    hands.press(Key.Key_Space)
    hands.go_to("Try it")
    hands.press(Key.Key_Return)
    connecting = newcomer.console.connecting
    newcomer.qtbot.waitUntil(lambda: connecting.running)
    assert connecting.wishes[0].end_own_test_session
    assert name_of(hands.at) == "Cancel"

    connecting.ask(FactorMethod.TOTP)
    newcomer.sees("Enter the 6-digit code")
    hands.write(CODE)
    hands.press(Key.Key_Return)
    newcomer.does_not_see("Enter the 6-digit code")
    hands.go_to("What was seen")
    connecting.tell(TriedList((), 0))
    connecting.end()
    newcomer.sees("Nothing is wrong with it")
    assert name_of(hands.at) == "Use this platform"
    hands.press(Key.Key_Return)
    newcomer.sees("Kind of platform")
    newcomer.settles()
    assert name_of(hands.at) == "Password"


def test_what_the_platform_cannot_do(hands: Hands) -> None:
    hands.go_to("This platform")
    hands.press(Key.Key_Return)
    hands.robot.waits_for_question("Close")
    hands.robot.qtbot.waitUntil(lambda: name_of(hands.at) == "Close")
    hands.press(Key.Key_Escape)
    hands.robot.qtbot.waitUntil(lambda: hands.robot.dialog is None)


def test_the_table_is_walked_and_a_row_is_left_and_entered(hands: Hands) -> None:
    robot = hands.robot
    hands.press(Key.Key_Down)
    assert robot.shell.list.details.name.full_text == "Ruby Costello"
    hands.press(Key.Key_End)
    hands.press(Key.Key_Home)

    hands.press(Key.Key_Down, Key.Key_Escape)
    assert not robot.shell.list.details.isVisible()
    assert name_of(hands.at) == "Sessions"
    hands.press(Key.Key_Return)
    assert robot.shell.list.details.isVisible()
    assert robot.shell.list.details.isAncestorOf(hands.at)
    hands.press(Key.Key_Escape)
    assert name_of(hands.at) == "Sessions"


def test_end_and_undo_in_the_details(hands: Hands) -> None:
    hands.go_to("End")
    hands.press(Key.Key_Return)
    hands.robot.says("Ending Maria Santos")
    assert name_of(hands.at) == "Undo"
    hands.press(Key.Key_Return)
    hands.robot.sees_in_row("Maria Santos", "Active", device="Windows 10 PC")
    assert name_of(hands.at) == "End"


def test_a_key_that_is_held_down_does_not_undo_what_it_did(hands: Hands) -> None:
    hands.go_to("End")
    for repeated in (False, True, True):
        _held(hands.at, Key.Key_Return, repeated=repeated)
    hands.robot.settles()

    hands.robot.says("Ending Maria Santos")


def test_undo_at_the_bottom(hands: Hands) -> None:
    hands.press(Key.Key_Delete, Key.Key_Tab)
    assert hands.robot.shell.list.bar.isAncestorOf(hands.at)
    hands.press(Key.Key_Space)

    hands.robot.sees_in_row("Maria Santos", "Active", device="Windows 10 PC")
    assert name_of(hands.at) == "Sessions"


def test_where_a_button_goes_away_the_table_has_the_focus(hands: Hands) -> None:
    console = hands.robot.console
    hands.go_to("End")
    hands.press(Key.Key_Space)
    console.ending.settle(console.handle_of("Maria Santos", "Windows 10 PC"), Outcome.PROVED_GONE)

    hands.robot.says("Ended")
    assert name_of(hands.at) == "Sessions"


def test_what_was_said_to_be_ours_can_be_taken_back_at_the_same_place(hands: Hands) -> None:
    hands.go_to("That's ours")
    hands.press(Key.Key_Space)
    assert name_of(hands.at) == "Not ours after all"
    hands.press(Key.Key_Space)
    assert name_of(hands.at) == "That's ours"


def test_search_and_back(hands: Hands) -> None:
    hands.press(Key.Key_F, modifier=CTRL)
    assert name_of(hands.at) == "Search"
    hands.write("ruby")
    assert hands.robot.people() == ["Ruby Costello"]
    hands.press(Key.Key_Escape)
    assert len(hands.robot.people()) == 12

    hands.write("nobody")
    hands.go_to("Clear search")
    hands.press(Key.Key_Return)
    assert len(hands.robot.people()) == 12
    assert name_of(hands.at) == "Sessions"


def test_filters_also_those_that_found_no_room(hands: Hands) -> None:
    robot = hands.robot
    hands.go_to("Filter: Needs a look")
    hands.press(Key.Key_Space)
    assert len(robot.people()) == 2
    hands.press(Key.Key_Return)
    assert len(robot.people()) == 12

    robot.window.resize(1024, 700)
    hands.go_to("More filters")
    hands.press(Key.Key_Return)
    hands.choose(next(action.text() for action in popup().actions() if action.text().startswith("Phones")))
    assert len(robot.people()) == 7


def test_refresh(hands: Hands) -> None:
    hands.press(Key.Key_F5)

    assert hands.robot.console.watching.refreshed == 1


def test_sorting_and_sorting_the_other_way_round(hands: Hands) -> None:
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        _menu_key(hands)
        hands.choose("Sort by", "Person")
        assert hands.robot.shell.list.model.sort_column == (Col.PERSON, order)


def test_a_person_is_forgotten_from_the_menu_of_a_row_and_from_the_details(hands: Hands) -> None:
    _menu_key(hands)
    hands.choose("Forget this person…")
    hands.robot.waits_for_question("Forget Maria Santos (maria.santos)?")
    assert name_of(hands.at) == "Cancel", "a key too many forgets nobody"
    hands.go_to("Forget")
    hands.press(Key.Key_Return)
    hands.robot.says("Removed what was stored of Maria Santos")

    hands.go_to("Forget this person")
    hands.press(Key.Key_Space)
    hands.robot.waits_for_question("Forget Maria Santos (maria.santos)?")
    hands.press(Key.Key_Escape)
    hands.robot.qtbot.waitUntil(lambda: hands.robot.dialog is None)
    assert len(hands.robot.console.forgetting.gone) == 1


def test_the_menu_of_a_row_ends_and_copies(hands: Hands) -> None:
    _menu_key(hands)
    hands.choose("Copy IP address")
    assert QApplication.clipboard().text() == "198.51.100.77"

    _menu_key(hands)
    hands.choose("End")
    hands.robot.says("Ending Maria Santos")
    _menu_key(hands)
    hands.choose("Undo")
    hands.robot.sees_in_row("Maria Santos", "Active", device="Windows 10 PC")


def test_pages(hands: Hands) -> None:
    hands.go_to("Needs a look")
    hands.press(Key.Key_Return)
    assert hands.robot.people() == ["Maria Santos", "Ruby Costello"]
    hands.go_to("All sessions")
    hands.press(Key.Key_Space)
    assert len(hands.robot.people()) == 12


def test_appearance(hands: Hands) -> None:
    hands.go_to("Dana Whitlock")
    hands.press(Key.Key_Return)
    hands.choose("Appearance", "Dark")

    assert hands.robot.console.settings_file.kept.appearance is Appearance.DARK


def test_the_question_before_this_console_is_ended(hands: Hands) -> None:
    robot = hands.robot
    hands.press(Key.Key_Down, Key.Key_Down, Key.Key_Delete)
    robot.waits_for_question("End this console?")
    assert name_of(hands.at) == "Cancel"
    hands.press(Key.Key_Return)
    assert robot.dialog is None

    hands.press(Key.Key_Delete)
    robot.waits_for_question("End this console?")
    hands.press(Key.Key_Escape)
    assert robot.dialog is None
    assert robot.console.ending.state.value.orders == {}

    hands.press(Key.Key_Delete)
    robot.waits_for_question("End this console?")
    hands.go_to("End this console")
    hands.press(Key.Key_Return)
    robot.says("Ending Dana Whitlock")


@pytest.mark.parametrize(("answer", "confirmed"), [("Send", ["order-1"]), ("Withdraw", [])])
def test_the_question_about_an_old_order(hands: Hands, answer: str, confirmed: list[str]) -> None:
    console = hands.robot.console
    console.ending.wait_since(console.handle_of("Priya Nair"), timedelta(hours=20), ask=True)
    hands.robot.waits_for_question("Send it now?")
    hands.go_to(answer)
    hands.press(Key.Key_Return)

    hands.robot.qtbot.waitUntil(lambda: not console.ending.state.value.asks)
    assert console.ending.confirmed == confirmed


def test_the_question_whether_it_is_you(hands: Hands) -> None:
    ending = hands.robot.console.ending
    ending.want_reauthentication(FactorMethod.PASSWORD, FactorMethod.TOTP)
    hands.robot.waits_for_question("Go on")
    hands.go_to("Use the code instead")
    hands.press(Key.Key_Return)
    assert name_of(hands.at) == "Code"
    hands.write(CODE)
    hands.press(Key.Key_Return)

    hands.robot.qtbot.waitUntil(lambda: hands.robot.dialog is None)
    assert ending.said == [FactorMethod.TOTP]


def test_an_old_list_is_tried_anew(hands: Hands) -> None:
    hands.robot.console.watching.lose_network()
    hands.go_to("Try now")
    hands.press(Key.Key_Return)

    assert hands.robot.console.watching.refreshed == 1


def _menu_key(hands: Hands) -> None:
    """The key or Shift+F10 as the operating system turns it into an event; Qt's tests cannot press it."""
    table = hands.at
    assert name_of(table) == "Sessions"
    spot = table.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, spot, table.mapToGlobal(spot))
    QApplication.sendEvent(hands.robot.shell.list.table.viewport(), event)


def _held(widget: QWidget, key: Key, *, repeated: bool) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, none, "", repeated))


def test_several_are_picked_looked_at_and_ended_and_taken_back(hands: Hands) -> None:
    robot = hands.robot
    hands.go_to("Sessions")
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Down, Key.Key_Down, modifier=Qt.KeyboardModifier.ShiftModifier)
    robot.sees("3 selected")
    hands.press(Key.Key_Delete)
    robot.waits_for_question("End the selected sessions?", "2 sessions end, 1 stays.")
    assert name_of(hands.at) == "Cancel"
    hands.press(Key.Key_Return)
    robot.qtbot.waitUntil(lambda: robot.dialog is None)
    assert not robot.console.ending.state.value.orders

    hands.go_to("End selected")
    hands.press(Key.Key_Return)
    robot.waits_for_question("2 sessions end, 1 stays.")
    hands.go_to("End 2 sessions")
    hands.press(Key.Key_Space)
    robot.says("Ending 2 sessions")
    hands.go_to("Undo")
    hands.press(Key.Key_Space)
    robot.says("Taken back: 2 sessions stay as they are.")


def test_all_others_and_how_many_days_are_chosen_by_keys(hands: Hands) -> None:
    robot = hands.robot
    hands.go_to("End several")
    hands.press(Key.Key_Space)
    hands.choose("End idle longer than…")
    robot.waits_for_question("Not used for more than")
    hands.go_to("Days")
    hands.press(Key.Key_A, modifier=CTRL)
    hands.write("45")
    robot.sees("No session is meant by this.")
    hands.press(Key.Key_Escape)
    robot.qtbot.waitUntil(lambda: robot.dialog is None)

    hands.go_to("End several")
    hands.press(Key.Key_Space)
    hands.choose("End all others…")
    robot.waits_for_question("End all others?")
    hands.go_to("Sessions that stay")
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Escape)
    robot.qtbot.waitUntil(lambda: robot.dialog is None)


def test_a_device_is_marked_in_the_menu_and_unmarked_in_the_details(hands: Hands) -> None:
    robot = hands.robot
    hands.go_to("Sessions")
    hands.press(Key.Key_Down)
    _menu_key(hands)
    hands.choose("Never end in bulk")
    robot.sees_in_row("Ruby Costello", "Never in bulk")
    hands.go_to("Never end in bulk")
    hands.press(Key.Key_Space)
    robot.says("Ended in bulk like any other: Ruby Costello")
