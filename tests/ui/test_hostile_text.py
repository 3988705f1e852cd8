"""The window with text that wants to be obeyed in every field: it is shown as what it is, and nothing is loaded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sessionconsole.ui.look.labels import PlainLabel, show_tooltip, tooltip
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.sessions.columns import Col
from tests.fakes.console import FakeConsole, sample_rows
from tests.hostile import BIDI, BROKEN, CONTROL, HOSTILE, HUGE, MARKS, in_every_field
from tests.robots.window import Robot

MAGENTA = QColor("#FF00FF")
OUR_OWN = frozenset("\u200b\u2068\u2069")
"""Places to break long words, and what keeps a name written from right to left apart."""


@pytest.fixture
def bait(tmp_path: Path) -> str:
    """Markup for a picture that exists and cannot be overlooked."""
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(MAGENTA)
    path = tmp_path / "bait.png"
    assert picture.save(str(path))
    return f'<img src="{path.as_uri()}">'


@pytest.fixture
def opened(qtbot: QtBot, loop: Loop, theme: Theme) -> Iterator[list[Robot]]:
    made: list[Robot] = []
    yield made
    for robot in made:
        robot.leaves()


def window_full_of(text: str, opened: list[Robot], qtbot: QtBot, theme: Theme) -> Robot:
    """Everything that a platform, or the person who signs in, can say is that text."""
    console = FakeConsole([in_every_field(row, text) for row in sample_rows()])
    robot = Robot(qtbot, theme, console)
    opened.append(robot)
    state = console.watching.state.value
    assert state.about is not None
    assert state.me is not None
    about = replace(state.about, title=text, offices=())
    console.watching.state.set(replace(state, about=about, me=replace(state.me, name=text)))
    robot.settles()
    robot.shell.list.table.selectRow(0)
    return robot


def orders_something(robot: Robot) -> None:
    """One order is held and names the session at the bottom."""
    robot.shell.list.details.foot.end.click()
    robot.settles()


def is_seen(colour: QColor, widget: QWidget) -> bool:
    image = widget.grab().toImage()
    return any(
        image.pixelColor(x, y) == colour
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    )


def tips() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if widget.inherits("QTipLabel")]


def told_by(root: QWidget) -> Iterator[str]:
    """Every text on the screen and every text that a screen reader may say."""
    for widget in [root, *root.findChildren(QWidget)]:
        yield widget.accessibleName()
        yield widget.accessibleDescription()
        if isinstance(widget, QLabel):
            yield widget.text().replace("\n", " ")  # the lines of one that is cut at its second line


def invisible(text: str) -> set[str]:
    hidden = {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return hidden - OUR_OWN


# ------------------------------------------------------------------------------------- nothing is loaded


def test_the_bait_is_taken_where_markup_is_obeyed(qtbot: QtBot, bait: str) -> None:
    careless = QLabel(bait)
    qtbot.addWidget(careless)

    assert is_seen(MAGENTA, careless)


def test_no_field_of_the_window_takes_the_bait(
    opened: list[Robot], qtbot: QtBot, theme: Theme, bait: str
) -> None:
    robot = window_full_of(bait, opened, qtbot, theme)
    orders_something(robot)

    assert not is_seen(MAGENTA, robot.window)
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText for label in robot.window.findChildren(PlainLabel)
    )
    formats = [
        one
        for document in robot.window.findChildren(QTextDocument)
        for one in document.allFormats()
        if one.isImageFormat() or one.toCharFormat().isAnchor()
    ]
    assert formats == []


@pytest.mark.qt_log_ignore("does not support raise")  # by the off-screen display
def test_no_tooltip_takes_the_bait(opened: list[Robot], qtbot: QtBot, theme: Theme, bait: str) -> None:
    robot = window_full_of(bait, opened, qtbot, theme)
    orders_something(robot)
    words = {widget.toolTip() for widget in robot.window.findChildren(QWidget)}
    model = robot.shell.list.model
    words |= {str(model.index(0, col).data(Qt.ItemDataRole.ToolTipRole) or "") for col in Col}
    assert any("bait.png" in text for text in words), "no tooltip tells what was cut"
    for text in words - {""}:
        assert "<img" not in text
    show_tooltip(robot.window.mapToGlobal(QPoint(9, 9)), tooltip(bait), robot.window)
    qtbot.waitUntil(lambda: bool(tips()))

    assert not any(is_seen(MAGENTA, tip) for tip in tips())
    for tip in tips():
        tip.close()


def test_no_question_takes_the_bait(opened: list[Robot], qtbot: QtBot, theme: Theme, bait: str) -> None:
    robot = window_full_of(bait, opened, qtbot, theme)
    handle = robot.shell.list.table.current_handle()
    assert handle is not None
    robot.console.ending.wait_since(handle, timedelta(minutes=20), ask=True)
    qtbot.waitUntil(lambda: robot.dialog is not None)
    dialog = robot.dialog
    assert dialog is not None

    assert any("bait.png" in text for text in told_by(dialog))
    assert not is_seen(MAGENTA, dialog)
    dialog.reject()
    robot.settles()


# -------------------------------------------------------------------------------------- nothing is hidden


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_invisible_is_written_out_and_bounded(
    text: str, opened: list[Robot], qtbot: QtBot, theme: Theme
) -> None:
    robot = window_full_of(text, opened, qtbot, theme)
    orders_something(robot)
    model = robot.shell.list.model
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
    cells = [str(model.index(0, col).data(role) or "") for col in Col for role in roles]
    texts = [*told_by(robot.window), *cells, robot.window.windowTitle()]

    assert {char for told in texts for char in invisible(told)} == set()
    assert max(len(told) for told in texts) < 5000
    assert max(told.count("\u0301") for told in texts) < 200


@pytest.mark.parametrize(
    ("text", "seen"),
    [(BIDI, "[U+202E]"), (CONTROL, "[U+0000]"), (BROKEN, "[U+000A]")],
    ids=["bidi", "control", "line break"],
)
def test_the_name_in_list_and_details_shows_what_is_in_it(
    text: str, seen: str, opened: list[Robot], qtbot: QtBot, theme: Theme
) -> None:
    robot = window_full_of(text, opened, qtbot, theme)

    assert seen in str(robot.shell.list.model.index(0, Col.PERSON).data())
    assert seen in robot.shell.list.details.name.full_text


@pytest.mark.parametrize("text", [HUGE, MARKS], ids=["a million letters", "marks"])
def test_no_text_moves_anything_off_the_window(
    text: str, opened: list[Robot], qtbot: QtBot, theme: Theme
) -> None:
    robot = window_full_of(text, opened, qtbot, theme)
    details = robot.shell.list.details

    assert robot.window.size().width() == 1366
    assert details.mapTo(robot.window, QPoint(details.width(), 0)).x() == 1366
    for label in details.findChildren(QLabel):
        if label.isVisible():
            assert label.mapTo(details, QPoint(label.width(), 0)).x() <= details.width()


# ----------------------------------------------------------------------------- what is cut can be reached


LONG = "Maximiliane Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Younger of Port Douglas"


def test_a_long_name_is_cut_in_the_list_and_whole_in_tooltip_and_details(
    opened: list[Robot], qtbot: QtBot, theme: Theme
) -> None:
    robot = window_full_of(LONG, opened, qtbot, theme)
    page = robot.shell.list
    width = page.table.columnWidth(Col.PERSON)
    delegate = page.table.itemDelegate()

    assert LONG in delegate.help_text(0, Col.PERSON, width)  # type: ignore[attr-defined]
    assert page.details.name.text().endswith("…")
    assert page.details.name.toolTip() == f"<qt>{LONG}</qt>"
    whole = {label.accessibleName() or label.text() for label in page.details.facts.findChildren(QLabel)}
    assert LONG in whole


def test_an_address_that_is_broken_over_two_lines_is_copied_in_one_piece(qtbot: QtBot) -> None:
    address = "2001:0db8:85a3:0000:0000:8a2e:0370:7334"
    label = PlainLabel(address, wrap=True)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.resize(120, 60)
    label.show()
    assert label.minimumSizeHint().width() < 120
    label.setSelection(0, len(label.text()))
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QApplication.clipboard().text() == address


def test_a_sentence_keeps_its_order_around_a_name_from_right_to_left(
    opened: list[Robot], qtbot: QtBot, theme: Theme
) -> None:
    robot = window_full_of("خالد", opened, qtbot, theme)
    orders_something(robot)

    assert robot.shell.list.bar.words.full_text.startswith("Ending \u2068خالد\u2069, \u2068خالد\u2069, in ")


def test_a_notice_of_two_lines_is_shown_whole(qtbot: QtBot) -> None:
    notice = "This computer has no password store. You can sign in, but will be asked again."
    label = PlainLabel(notice, elide=2)
    qtbot.addWidget(label)
    label.resize(label.fontMetrics().horizontalAdvance(notice) * 2 // 3, 60)
    label.show()
    assert label.text().replace("\n", " ") == notice
    assert label.toolTip() == ""
    label.resize(label.width() // 2, 60)
    assert label.text().endswith("…")
    assert label.toolTip() == f"<qt>{notice}</qt>"
