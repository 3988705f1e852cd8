"""The page of the journal: what was done, what a search leaves, whether it is sound, and a file of it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QFileDialog

from sessionconsole.domain.errors import StoreDamaged
from sessionconsole.domain.journal import About
from sessionconsole.domain.orders import OrderState
from sessionconsole.ui.journal.page import JournalPage
from tests.robots.window import Robot
from tests.ui.journal.acts import the_acts


@pytest.fixture
def page(robot: Robot) -> JournalPage:
    """The journal of a morning is open."""
    robot.console.journaling.happens(*the_acts())
    robot.presses("Journal")
    robot.sees("Sound since")
    shown: JournalPage = robot.shell.journal.page
    QAbstractItemModelTester(shown.model, QAbstractItemModelTester.FailureReportingMode.Fatal, shown)
    return shown


def rows(page: JournalPage) -> list[list[str]]:
    """All words in the table."""
    model = page.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_newest_stands_first_with_who_did_it(page: JournalPage) -> None:
    assert rows(page)[0][1:] == [
        "Refused by the platform",
        "tom.breuer",
        "Android phone",
        "dana.whitlock (frontdesk)",
    ]
    assert [row[1] for row in rows(page)] == [
        "Refused by the platform",
        "Ordered to end",
        "Gone, proved",
        "Ordered to end",
        "Said: that’s ours",
        "Signed in",
    ]
    assert page.count.text() == "6"


def test_what_happens_meanwhile_comes_on_top_and_the_current_row_stays(
    robot: Robot, page: JournalPage
) -> None:
    page.table.selectRow(1)
    last = the_acts()[-1]

    robot.console.journaling.happens(replace(last, about=About("ruby.costello", "iPad")))

    robot.qtbot.waitUntil(lambda: page.model.rowCount() == 7)
    assert rows(page)[0][2] == "ruby.costello"
    assert page.table.currentIndex().row() == 2


def test_search_and_filters_leave_what_is_meant(robot: Robot, page: JournalPage) -> None:
    robot.types("Search", "maria windows")
    assert [row[1] for row in rows(page)] == ["Gone, proved", "Ordered to end"]
    assert page.count.text() == "2 of 6"

    robot.presses("Filter: Results")
    assert [row[1] for row in rows(page)] == ["Gone, proved"]

    robot.types("Search", "nobody")
    robot.sees("No entry is like that")
    robot.presses("Clear search")
    assert len(rows(page)) == 6
    assert not page.chips.chosen


def test_ctrl_f_goes_to_the_search_of_the_page_that_is_shown(robot: Robot, page: JournalPage) -> None:
    page.table.setFocus()
    QTest.keyClick(robot.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    assert robot.focus is page.search


def test_a_journal_that_was_torn_says_where(robot: Robot, page: JournalPage) -> None:
    robot.console.journaling.torn = frozenset({3})
    robot.presses("All sessions")
    robot.presses("Journal")

    robot.sees("This journal is not as it was written. Entry 3 is missing.")


def test_who_knows_why_the_end_is_missing_goes_on(robot: Robot, page: JournalPage) -> None:
    robot.console.journaling.torn = frozenset({5, 6})
    robot.presses("Journal")
    robot.sees("Entry 5 and what followed it are missing")

    robot.presses("Go on…")
    robot.waits_for_question("Go on with this journal?")
    robot.presses("Cancel")
    robot.sees("Entry 5 and what followed it are missing")

    robot.presses("Go on…")
    robot.waits_for_question("Go on with this journal?")
    robot.presses("Go on")
    robot.sees("Sound since")
    assert not page.accept.isVisible()


def test_without_a_head_it_says_what_cannot_be_told(robot: Robot, page: JournalPage) -> None:
    robot.console.journaling.keeps_head = False
    robot.presses("Journal")

    robot.sees("Whether the last ones are missing cannot be told")


def test_a_journal_that_cannot_be_read_says_why(robot: Robot) -> None:
    robot.console.journaling.problem = StoreDamaged()

    robot.presses("Journal")

    robot.sees("The journal cannot be read", "set aside")


def test_the_list_comes_back_as_it_was(robot: Robot, page: JournalPage) -> None:
    assert not robot.shell.list.table.isVisible()

    robot.presses("All sessions")

    assert robot.shell.list.table.isVisible()
    assert not page.isVisible()
    assert robot.shell.list.top.title.full_text == "All sessions"


def test_text_from_elsewhere_is_shown_and_never_obeyed(robot: Robot, page: JournalPage) -> None:
    robot.console.journaling.happens(
        replace(the_acts()[-1], about=About("<b>x</b>\u202e", "<img src=file:///x>"))
    )
    robot.qtbot.waitUntil(lambda: page.model.rowCount() == 7)

    assert rows(page)[0][2:4] == ["<b>x</b>[U+202E]", "<img src=file:///x>"]
    assert "&lt;b&gt;" in str(page.model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole))
    told = str(page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert told.startswith("Refused by the platform, <b>x</b>")


def test_all_of_it_can_be_written_to_a_file(robot: Robot, page: JournalPage, tmp_path: Path) -> None:
    robot.types("Search", "maria")

    robot.shell.journal.export_to(str(tmp_path / "journal.csv"))
    robot.sees("Wrote 6 entries to journal.csv.")
    robot.shell.journal.export_to(str(tmp_path / "journal.json"))
    robot.sees("Wrote 6 entries to journal.json.")

    table = list(csv.DictReader((tmp_path / "journal.csv").read_text(encoding="utf-8").splitlines()))
    document = json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))
    assert [row["kind"] for row in table] == [entry["kind"] for entry in document["entries"]]
    assert document["head"]["number"] == 6


def test_a_file_that_cannot_be_written_is_told(robot: Robot, page: JournalPage, tmp_path: Path) -> None:
    robot.shell.journal.export_to(str(tmp_path / "nowhere" / "journal.csv"))

    robot.sees("The journal could not be written to journal.csv")


def test_export_asks_for_a_file_without_stopping_the_window(robot: Robot, page: JournalPage) -> None:
    robot.presses("Export…")

    robot.qtbot.waitUntil(lambda: any(map(_is_open, page.findChildren(QFileDialog))))
    dialog = next(filter(_is_open, page.findChildren(QFileDialog)))
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.reject()
    robot.qtbot.waitUntil(lambda: not page.findChildren(QFileDialog))


def test_the_window_writes_down_what_happens(robot: Robot) -> None:
    assert robot.console.journaling.writing


def test_what_is_told_at_the_bottom_is_told_here_too(robot: Robot, page: JournalPage) -> None:
    robot.presses("All sessions")
    robot.ends("Maria Santos")
    robot.presses("Journal")
    robot.says("Ending")

    robot.presses("Undo")

    (order,) = robot.console.ending.state.value.orders.values()
    assert order.state is OrderState.WITHDRAWN


def test_signing_out_leads_back_to_the_list(robot: Robot, page: JournalPage) -> None:
    robot.shell.list.rail.sign_out.trigger()
    robot.settles()
    assert robot.shell.list.rail.current is robot.shell.list.rail.all_sessions
    assert not robot.shell.list.is_elsewhere


def _is_open(dialog: QDialog) -> bool:
    return dialog.isVisible()
