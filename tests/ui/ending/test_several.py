"""Ending several at once, as a user does it: pick, look at the preview, agree, watch, take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Link, Row
from sessionconsole.ui.ending.progress import going_spoken, progress
from tests.fakes.console import sample_rows
from tests.robots.window import Robot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, on the screen that is none

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def table_of(robot: Robot, name: str) -> QTableView:
    """A table of the dialog."""
    assert robot.dialog is not None
    return next(each for each in robot.dialog.findChildren(QTableView) if each.accessibleName() == name)


def rows_of(robot: Robot, name: str, column: int = 0) -> list[str]:
    """What a table of the dialog says in one column."""
    model = table_of(robot, name).model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def shown(robot: Robot, *rows: Row) -> None:
    """The platform lists these now."""
    robot.console.watching.show(rows)
    robot.settles()


def asks_for(robot: Robot, words: str) -> None:
    """Choose from the menu of the button."""
    button = robot.shell.list.top.several
    robot.clicks(button)
    action = next(each for each in button.menu_of_many.actions() if words in each.text())
    assert action.isEnabled(), words
    button.menu_of_many.close()
    action.trigger()
    robot.waits_for_question()


def states(robot: Robot) -> set[OrderState]:
    return {order.state for order in robot.console.ending.state.value.orders.values()}


def agrees(robot: Robot) -> list[str]:
    """Press the button with the number; the ids of the orders."""
    before = set(robot.console.ending.state.value.orders)
    assert robot.dialog is not None
    robot.presses(next(each for each in robot.texts() if each.startswith("End ") and each[4:5].isdigit()))
    robot.qtbot.waitUntil(lambda: set(robot.console.ending.state.value.orders) > before)
    robot.settles()
    return [key for key in robot.console.ending.state.value.orders if key not in before]


# ------------------------------------------------------------------------------------------- picking


def test_several_are_picked_with_shift_and_control_and_the_details_follow_the_current_one(
    robot: Robot,
) -> None:
    table = robot.shell.list.table
    robot.picks("Ruby Costello")
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    robot.sees("3 selected")
    assert robot.shell.list.details.name.full_text == robot.people()[3]

    robot.presses("Clear selection")
    robot.does_not_see("selected")
    assert len(table.picked()) == 1
    assert robot.shell.list.details.name.full_text == robot.people()[3]


def test_all_are_picked_by_one_key_and_escape_picks_none(robot: Robot) -> None:
    table = robot.shell.list.table
    robot.key(Qt.Key.Key_A, CTRL, on=table)
    robot.sees("12 selected")
    robot.key(Qt.Key.Key_Escape, on=table)
    robot.does_not_see("selected")
    assert table.picked() == []


def test_what_is_picked_stays_picked_when_the_rows_change_places(robot: Robot) -> None:
    table, model = robot.shell.list.table, robot.shell.list.model
    robot.picks("Ruby Costello")
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    before, current = set(table.picked()), table.current_handle()
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert set(table.picked()) == before
    assert table.current_handle() == current
    shown(robot, *reversed(sample_rows()))
    assert set(table.picked()) == before


def test_a_picked_session_that_goes_is_picked_no_more_and_the_others_stay(robot: Robot) -> None:
    table = robot.shell.list.table
    robot.picks("Ruby Costello")
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    gone = table.current_handle()
    shown(robot, *(row for row in sample_rows() if row.session.handle != gone))
    robot.sees("2 selected")
    assert gone not in table.picked()
    assert table.current_handle() is None, "nobody else takes its place under the key that ends"


def test_the_button_of_a_row_ends_that_one_only(robot: Robot) -> None:
    robot.key(Qt.Key.Key_A, CTRL, on=robot.shell.list.table)
    robot.ends("Sam Okafor")
    orders = list(robot.console.ending.state.value.orders.values())
    assert [order.facts.person.name for order in orders] == ["Sam Okafor"]


def test_delete_with_several_picked_asks_before_anything_is_ordered(robot: Robot) -> None:
    table = robot.shell.list.table
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.key(Qt.Key.Key_Down, SHIFT, on=table)
    robot.key(Qt.Key.Key_Delete, on=table)
    robot.waits_for_question("End the selected sessions?", "2 sessions end.")
    assert not robot.console.ending.state.value.orders


# ----------------------------------------------------------------------------------------- the preview


def test_all_others_shows_exactly_which_go_and_which_stay_and_why(robot: Robot) -> None:
    rows = [
        replace(row, spared=Spared.YES if row.session.person.name == "Tom Breuer" else Spared.NO)
        for row in sample_rows()
    ]
    shown(robot, *rows)
    asks_for(robot, "End all others")
    robot.sees(
        "End all others?",
        "10 sessions end, 2 stay.",
        "2 stay. This console’s own session: 1. Never ended in bulk: 1.",
    )
    assert rows_of(robot, "Sessions that stay") == ["Dana Whitlock", "Tom Breuer"]
    assert rows_of(robot, "Sessions that stay", 4) == ["This console’s own session", "Never ended in bulk"]
    assert "Dana Whitlock" not in rows_of(robot, "Sessions that end")
    assert rows_of(robot, "Sessions that end", 2)[0] == "São Paulo, Brazil"
    assert robot.dialog is not None
    assert robot.dialog.focusWidget() is robot.button("Cancel")

    robot.presses("Cancel")
    robot.qtbot.waitUntil(lambda: robot.dialog is None)
    assert not robot.console.ending.state.value.orders


def test_the_days_are_chosen_in_the_preview_and_what_is_not_told_stays(robot: Robot) -> None:
    untold = [
        replace(row, session=replace(row.session, last_active_at=None))
        if row.session.person.name == "Sam Okafor"
        else row
        for row in sample_rows()
    ]
    shown(robot, *untold)
    asks_for(robot, "End idle longer than")
    robot.sees("1 session ends, 1 stays.", "Last use is not told: 1.")
    assert rows_of(robot, "Sessions that end") == ["Tom Breuer"]
    days = robot.dialog.days  # type: ignore[union-attr]
    days.setValue(45)
    robot.sees("Nothing would be ended.")
    assert not robot.button("End 0 sessions").isEnabled()
    days.setValue(10)
    robot.presses("End 1 session")
    robot.says("Ending Tom Breuer")


def test_who_may_only_look_is_told_so_for_each_row(robot: Robot) -> None:
    state = robot.console.watching.state
    state.set(replace(state.value, may_end=False))
    robot.settles()
    asks_for(robot, "End all others")
    robot.sees("Nothing would be ended.", "Your account may not end sessions: 11.")


def test_one_that_may_be_spared_is_ended_only_with_a_note(robot: Robot) -> None:
    rows = [
        replace(row, spared=Spared.MAYBE if row.session.person.name == "Tom Breuer" else Spared.NO)
        for row in sample_rows()
    ]
    shown(robot, *rows)
    asks_for(robot, "End all others")
    notes = dict(
        zip(rows_of(robot, "Sessions that end"), rows_of(robot, "Sessions that end", 4), strict=True)
    )
    assert notes["Tom Breuer"] == "May be a device that you never end in bulk"
    assert notes["Sam Okafor"] == ""


def test_of_an_old_list_the_preview_says_of_when_it_is(robot: Robot) -> None:
    robot.console.watching.lose_network(timedelta(hours=3))
    robot.settles()
    asks_for(robot, "End idle longer than")
    robot.sees("The list is as of", "Nobody has seen what was used since.")


def test_what_has_changed_since_the_preview_is_not_ended(robot: Robot) -> None:
    asks_for(robot, "End all others")
    rows = sample_rows()
    gone, another, spared = rows[0], rows[1], rows[4]
    changed = replace(
        another, session=replace(another.session, person=replace(another.session.person, account="other"))
    )
    shown(robot, changed, *rows[2:4], replace(spared, spared=Spared.YES), *rows[5:])
    ordered = [robot.console.ending.state.value.orders[key].handle for key in agrees(robot)]
    assert len(ordered) == 8
    assert not {gone.session.handle, another.session.handle, spared.session.handle} & set(ordered)


def test_where_nothing_can_be_written_it_is_said_and_nothing_is_ordered(robot: Robot) -> None:
    robot.console.ending.problem = StoreNotWritable()
    asks_for(robot, "End all others")
    robot.presses("End 11 sessions")
    robot.says(StoreNotWritable.default_message)
    assert not robot.console.ending.state.value.orders


# ---------------------------------------------------------------------------------------- under way


def test_one_click_takes_back_all_that_is_held(robot: Robot) -> None:
    asks_for(robot, "End all others")
    agrees(robot)
    robot.says("Ending 11 sessions, in 5 seconds")
    robot.clicks(robot.shell.list.bar.button)
    robot.says("Taken back: 11 sessions stay as they are.")
    assert states(robot) == {OrderState.WITHDRAWN}
    robot.presses("Hide")
    robot.says("12 sessions")


def test_a_single_end_after_it_is_told_and_taken_back_by_itself(robot: Robot) -> None:
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.key(Qt.Key.Key_Down, SHIFT, on=robot.shell.list.table)
    robot.presses("End selected")
    robot.waits_for_question("End the selected sessions?")
    agrees(robot)
    robot.says("Ending 2 sessions")
    robot.console.clock.advance(1)
    robot.ends("Sam Okafor")
    robot.says("Ending Sam Okafor")
    robot.presses("Undo")
    robot.says("Ending 2 sessions, in 4 seconds")


def test_a_summary_makes_way_for_what_is_done_next(robot: Robot) -> None:
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.key(Qt.Key.Key_Down, SHIFT, on=robot.shell.list.table)
    robot.presses("End selected")
    robot.waits_for_question("End the selected sessions?")
    robot.console.ending.become_all(agrees(robot), OrderState.SETTLED, Outcome.REFUSED)
    robot.says("2 refused.")
    robot.waits(1)
    robot.ends("Sam Okafor")
    robot.console.ending.settle(robot.console.handle_of("Sam Okafor"), Outcome.PROVED_GONE)
    robot.says("Ended: Sam Okafor")


def test_numbers_are_told_while_it_goes_on_and_cancel_takes_back_what_was_not_sent(robot: Robot) -> None:
    asks_for(robot, "End all others")
    orders, ending = agrees(robot), robot.console.ending
    ending.become_all(orders[4:], OrderState.QUEUED)
    ending.become_all(orders[1:4], OrderState.SENT)
    ending.become_all(orders[:1], OrderState.SETTLED, Outcome.REFUSED)
    robot.says("Ending 4 of 11; 1 refused")
    assert robot.shell.list.bar.progress.isVisible()

    robot.presses("Cancel")
    robot.says("4 sent, 0 seen to be gone so far; 1 refused")
    assert ending.state.value.orders[orders[-1]].state is OrderState.WITHDRAWN
    ending.become_all(orders[1:4], OrderState.SETTLED, Outcome.PROVED_GONE)
    robot.says("3 proved gone, 1 refused, 7 taken back.")


def test_the_summary_claims_no_more_than_was_seen_and_lists_what_did_not_go(robot: Robot) -> None:
    asks_for(robot, "End all others")
    orders, ending = agrees(robot), robot.console.ending
    for outcome, some in (
        (Outcome.PROVED_GONE, orders[:5]),
        (Outcome.ALREADY_GONE, orders[5:7]),
        (Outcome.STILL_LISTED, orders[7:8]),
        (Outcome.REFUSED, orders[8:10]),
        (Outcome.UNKNOWN, orders[10:]),
    ):
        ending.become_all(some, OrderState.SETTLED, outcome)
    robot.says("5 proved gone, 2 gone already, 1 still listed, 2 refused, 1 not known yet.")
    robot.waits(30)
    robot.says("5 proved gone")

    robot.presses("Show the rest")
    robot.waits_for_question("4 sessions are not proved gone")
    assert len(rows_of(robot, "Sessions that are not proved gone")) == 4
    assert "Refused. The platform gave no reason." in rows_of(robot, "Sessions that are not proved gone", 2)
    robot.presses("Close")
    robot.says("5 sessions")


def test_many_orders_that_a_command_has_given_are_a_work_that_can_be_stopped(robot: Robot) -> None:
    many = [
        replace(row, session=replace(row.session, handle=Handle(f"{row.session.handle}-{number}")))
        for number in range(3)
        for row in sample_rows()[3:]
    ]
    shown(robot, *many)
    ending = robot.console.ending
    robot.tasks.start("wish of a command", partial(ending.order, [row.session.handle for row in many]))
    robot.settles()
    ending.become_all(list(ending.state.value.orders), OrderState.QUEUED)
    robot.console.watching.lose_network()
    robot.says("27 of 27 are not sent yet")
    robot.presses("Cancel")
    robot.says("Taken back: 27 sessions")


def test_the_ear_is_told_of_a_long_work_in_a_few_words_only(robot: Robot) -> None:
    asks_for(robot, "End all others")
    orders, ending = agrees(robot), robot.console.ending
    ending.become_all(orders, OrderState.QUEUED)
    said = set()
    for order in orders:
        ending.become(order, OrderState.SENT)
        said.add(going_spoken(progress(orders, ending.state.value, 0.0)))
    assert len(said) == 5


# ------------------------------------------------------------------------------------ never in bulk


def test_a_device_is_marked_in_the_details_and_its_row_says_so(robot: Robot) -> None:
    robot.picks("Tom Breuer")
    robot.presses("Never end in bulk")
    robot.says("Never ended in bulk: Tom Breuer")
    robot.sees_in_row("Tom Breuer", "Never in bulk")
    assert robot.shell.list.model.lines(robot._row("Tom Breuer", None), 2).second_icon == "spared"
    robot.presses("Never end in bulk")
    robot.says("Ended in bulk like any other: Tom Breuer")
    assert "Never in bulk" not in " ".join(robot.row("Tom Breuer"))


def test_what_cannot_be_kept_is_not_shown_as_kept(robot: Robot) -> None:
    robot.console.sparing.problem = StoreNotWritable()
    robot.picks("Tom Breuer")
    robot.presses("Never end in bulk")
    robot.says(StoreNotWritable.default_message)
    assert not robot.shell.list.details.spare.isChecked()


@pytest.mark.parametrize("spared", [Spared.MAYBE, Spared.YES])
def test_the_details_say_what_is_known_of_it(robot: Robot, spared: Spared) -> None:
    shown(robot, *(replace(row, spared=spared) for row in sample_rows()))
    robot.picks("Tom Breuer")
    robot.sees("so it is not marked" if spared is Spared.MAYBE else "this one stays")
    assert robot.shell.list.details.spare.isChecked() is (spared is Spared.YES)


def test_offline_it_can_be_marked_as_well(robot: Robot) -> None:
    robot.console.watching.lose_network()
    robot.settles()
    assert robot.console.watching.state.value.link is Link.OFFLINE
    robot.picks("Tom Breuer")
    assert robot.button("Never end in bulk").isEnabled()
