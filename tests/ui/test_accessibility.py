"""Names for screen readers, the order of the keys, and the way without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.fakes.console import CODE, PASSWORD
from tests.robots.window import Robot


def _focusable(root: QWidget) -> list[QWidget]:
    return [
        child
        for child in root.findChildren(QWidget)
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def test_everything_that_takes_the_focus_has_a_name(robot: Robot) -> None:
    robot.picks("Maria Santos")
    nameless = [type(widget).__name__ for widget in _focusable(robot.window) if not _name(widget)]

    assert nameless == []


@pytest.mark.parametrize("name", ["Address", "User name", "Password", "Sign in"])
def test_the_names_of_the_sign_in_are_fixed(newcomer: Robot, name: str) -> None:
    assert name in [_name(widget) for widget in _focusable(newcomer.window)]


@pytest.mark.parametrize("name", ["Sessions", "Search", "End", "That's ours"])
def test_the_names_of_the_list_are_fixed(robot: Robot, name: str) -> None:
    assert name in [_name(widget) for widget in _focusable(robot.window)]


def test_undo_and_status_are_there_once_something_was_ordered(robot: Robot) -> None:
    robot.ends("Maria Santos", "Windows 10 PC")
    robot.says("Ending Maria Santos")

    assert robot.button("Undo").isVisible()
    words = robot.shell.list.bar.words
    assert _name(words) == "Status"
    assert words.accessibleDescription() == "Ending Maria Santos, Windows 10 PC. Undo is possible."
    robot.waits(1)
    assert words.accessibleDescription() == "Ending Maria Santos, Windows 10 PC. Undo is possible."


def test_the_end_button_names_person_and_device(robot: Robot) -> None:
    robot.picks("Maria Santos", "Reservations PC")

    assert robot.button("End").accessibleDescription() == "Maria Santos, Reservations PC, Chrome"


def test_tab_walks_the_sign_in_from_top_to_bottom(newcomer: Robot) -> None:
    walked = []
    newcomer.field("Address").setFocus()
    for _ in range(4):
        focus = newcomer.window.focusWidget()
        assert focus is not None
        walked.append(_name(focus))
        newcomer.key(Qt.Key.Key_Tab, on=focus)

    assert walked == ["Address", "User name", "Password", "Sign in"]


def test_tab_reaches_every_control_of_the_list_and_comes_round(robot: Robot) -> None:
    robot.picks("Maria Santos")
    reachable = {_name(widget) for widget in _focusable(robot.window)}
    walked: list[str] = []
    start = robot.window.focusWidget()
    assert start is not None
    focus = start
    for _ in range(60):
        walked.append(_name(focus))
        robot.key(Qt.Key.Key_Tab, on=focus)
        following = robot.window.focusWidget()
        assert following is not None
        focus = following
        if focus is start:
            break

    assert focus is start, walked
    assert set(walked) >= reachable - {"", "Code", "Address", "User name", "Password", "Sign in"}


def test_the_whole_story_by_keyboard(newcomer: Robot) -> None:
    newcomer.types("Address", "booking.example")
    newcomer.types("User name", "dana.whitlock")
    newcomer.types("Password", PASSWORD)
    newcomer.key(Qt.Key.Key_Return, on=newcomer.field("Password"))
    newcomer.sees("One more step")
    newcomer.types("Code", CODE)
    newcomer.key(Qt.Key.Key_Return, on=newcomer.field("Code"))
    newcomer.sees("Maria Santos")
    newcomer.settles()

    table = newcomer.shell.list.table
    assert newcomer.window.focusWidget() is table
    newcomer.key(Qt.Key.Key_Delete, on=table)
    newcomer.settles()
    newcomer.says("Ending Maria Santos, Windows 10 PC")
    newcomer.key(Qt.Key.Key_Delete, on=table)
    newcomer.settles()
    newcomer.sees_in_row("Maria Santos", "Active", device="Windows 10 PC")


def test_find_puts_the_cursor_into_the_search(robot: Robot) -> None:
    robot.window.activateWindow()
    robot.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    robot.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier, on=robot.shell.list.table)

    assert _name(robot.focus) == "Search"


def test_buttons_without_words_tell_them_in_the_tooltip(robot: Robot) -> None:
    robot.window.resize(1024, 700)
    robot.picks("Maria Santos")
    silent = [
        _name(button)
        for button in robot.window.findChildren(QAbstractButton)
        if button.isVisible() and not button.text().strip() and not button.toolTip() and _name(button)
        if not _name(button).startswith("Filter:")  # a chip paints its words itself
    ]

    assert silent == []
