"""Ending a session: one click, the way back, and the proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import AnswerLost
from sessionconsole.domain.orders import OrderState, Outcome
from tests.fakes.console import CODE, PASSWORD
from tests.robots.window import Robot

STRANGER = ("Maria Santos", "Windows 10 PC")


def test_one_click_is_an_order_that_counts_down_and_is_proved(robot: Robot) -> None:
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    robot.says("Ending Maria Santos, Windows 10 PC, in 5 seconds")
    robot.sees_in_row(STRANGER[0], "Ending…", "in 5 s", device=STRANGER[1])

    robot.waits(1)
    robot.says("Ending Maria Santos, Windows 10 PC, in 4 seconds")
    robot.sees("Ending in 4 seconds")

    robot.console.ending.become(robot.console.ending.order_for(handle).id, OrderState.SENT)
    robot.sees_in_row(STRANGER[0], "asking the platform", device=STRANGER[1])

    robot.console.ending.settle(handle, Outcome.PROVED_GONE)
    robot.console.watching.drop(handle)
    robot.settles()
    robot.sees_in_row(STRANGER[0], "Ended", "gone at 09:00:01", device=STRANGER[1])
    robot.says("Ended: Maria Santos, Windows 10 PC, gone at 09:00:01.")


def test_after_the_proof_the_details_are_calm_and_keep_the_reasons(robot: Robot) -> None:
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    robot.console.ending.settle(handle, Outcome.PROVED_GONE)
    robot.console.watching.drop(handle)
    robot.settles()

    robot.sees("The list was read at 09:00:00, and it is not on it any more.")
    robot.sees("First time from Brazil. Everyone else here is in Queensland.")
    robot.does_not_see("Is this yours?")
    assert robot.shell.list.details.level.level.full_text == "Ended"


def test_who_went_without_an_order_is_not_asked_about(robot: Robot) -> None:
    robot.picks(*STRANGER)
    robot.console.watching.drop(robot.console.handle_of(*STRANGER))
    robot.settles()

    robot.sees_in_row(STRANGER[0], "Gone", "since 09:00", device=STRANGER[1])
    robot.does_not_see("Is this yours?")


@pytest.mark.parametrize("in_front", [True, False])
def test_after_the_proof_who_stood_on_undo_goes_on_at_the_list(robot: Robot, in_front: bool) -> None:
    if in_front:
        robot.window.activateWindow()
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    robot.shell.list.details.foot.end.setFocus()
    robot.console.ending.settle(handle, Outcome.PROVED_GONE)
    robot.settles()

    assert robot.focus is robot.shell.list.table


def test_the_count_drops_at_the_proof_and_not_at_the_click(robot: Robot) -> None:
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    assert robot.shell.list.rail.needs_a_look.count == 2

    robot.console.ending.settle(handle, Outcome.PROVED_GONE)
    assert robot.shell.list.rail.needs_a_look.count == 1
    robot.waits(20)
    robot.says("11 sessions")


def test_undo_takes_it_back_from_the_bottom_or_the_row(robot: Robot) -> None:
    robot.ends(*STRANGER)
    robot.clicks(robot.shell.list.bar.button)
    robot.sees_in_row(STRANGER[0], "Active", device=STRANGER[1])

    robot.ends(*STRANGER)
    robot.sees_in_row(STRANGER[0], "Ending…", device=STRANGER[1])
    robot.ends(*STRANGER)

    robot.sees_in_row(STRANGER[0], "Active", device=STRANGER[1])
    assert all(o.state is OrderState.WITHDRAWN for o in robot.console.ending.state.value.orders.values())


def test_the_button_in_the_details_is_the_twin_of_the_row(robot: Robot) -> None:
    robot.picks("Priya Nair")
    assert robot.button("End").accessibleDescription() == "Priya Nair, Priya’s phone, Safari"
    robot.presses("End")
    robot.sees_in_row("Priya Nair", "Ending…")

    robot.shell.list.details.foot.end.click()
    robot.sees_in_row("Priya Nair", "Active")


@pytest.mark.parametrize(
    ("outcome", "in_row", "below"),
    [
        (Outcome.STILL_LISTED, "Still listed", "Still listed: Maria Santos"),
        (Outcome.REFUSED, "Refused", "Only an owner may end this."),
        (Outcome.UNKNOWN, "Not known", "It is not known whether this was ended"),
        (Outcome.GONE_LINGERING, "may work until 09:08", "may work until 09:08"),
        (Outcome.ALREADY_GONE, "was gone already", "was gone already"),
        (Outcome.HIDDEN_ONLY, "Off the list", "it may still work"),
    ],
)
def test_each_outcome_is_said_for_what_it_is(robot: Robot, outcome: Outcome, in_row: str, below: str) -> None:
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    until = robot.console.clock.now() + timedelta(minutes=8)
    robot.console.ending.settle(handle, outcome, detail="Only an owner may end this.", may_work_until=until)

    robot.sees_in_row(STRANGER[0], in_row, device=STRANGER[1])
    robot.says(below)


def test_a_refused_one_can_be_ended_again(robot: Robot) -> None:
    handle = robot.console.handle_of(*STRANGER)
    robot.ends(*STRANGER)
    robot.console.ending.settle(handle, Outcome.REFUSED, detail="Only an owner may end this.")
    robot.presses("End again")

    robot.sees_in_row(STRANGER[0], "Ending…", device=STRANGER[1])


def test_this_console_asks_first_and_cancel_orders_nothing(robot: Robot) -> None:
    robot.ends("Dana Whitlock")
    robot.waits_for_question("End this console?", "You will be signed out here.")
    robot.presses("Cancel")
    assert robot.dialog is None
    assert robot.console.ending.state.value.orders == {}

    robot.ends("Dana Whitlock")
    robot.presses("End this console")
    robot.sees_in_row("Dana Whitlock", "Ending…")


def test_offline_an_order_waits_and_can_be_withdrawn(robot: Robot) -> None:
    robot.console.watching.lose_network()
    robot.settles()
    robot.sees("The platform cannot be reached. What you end now waits and is sent later.")
    robot.ends("Ruby Costello")
    order = robot.console.ending.order_for(robot.console.handle_of("Ruby Costello"))
    robot.console.ending.become(order.id, OrderState.QUEUED)
    robot.sees_in_row("Ruby Costello", "Not sent yet", "waits for network")
    robot.says(
        "1 order is not sent yet. Before it is sent, the program checks that it is still the same session."
    )

    robot.presses("Withdraw")
    robot.sees_in_row("Ruby Costello", "Was active")


def test_an_order_that_only_waits_for_the_platform_does_not_blame_the_network(robot: Robot) -> None:
    robot.console.watching.lose_network(problem=AnswerLost())
    robot.settles()
    robot.console.ending.wait_since(robot.console.handle_of("Ruby Costello"), timedelta(minutes=1))

    robot.sees_in_row("Ruby Costello", "Not sent yet", "waits for the platform")


def test_an_old_order_asks_once_and_is_sent_on_yes(robot: Robot) -> None:
    order = robot.console.ending.wait_since(
        robot.console.handle_of("Ruby Costello"), timedelta(minutes=40), ask=True
    )
    robot.waits_for_question(
        "This order is from today 08:20. Send it now?", "End Ruby Costello, iPad, Safari."
    )
    robot.presses("Send")

    robot.qtbot.waitUntil(lambda: robot.console.ending.confirmed == [order.id])
    assert robot.dialog is None


def test_an_old_order_is_withdrawn_on_no(robot: Robot) -> None:
    handle = robot.console.handle_of("Ruby Costello")
    order = robot.console.ending.wait_since(handle, timedelta(hours=20), ask=True)
    robot.waits_for_question("Send it now?")
    robot.presses("Withdraw")

    robot.qtbot.waitUntil(
        lambda: robot.console.ending.state.value.orders[order.id].state is OrderState.WITHDRAWN
    )
    assert robot.console.ending.confirmed == []


def test_a_question_that_was_closed_is_put_off_and_can_be_answered_later(robot: Robot) -> None:
    robot.console.ending.wait_since(robot.console.handle_of("Ruby Costello"), timedelta(hours=20), ask=True)
    robot.waits_for_question("Send it now?")
    assert robot.dialog is not None
    robot.dialog.reject()
    robot.settles()
    robot.says("1 order waits for your answer")

    robot.presses("Answer")
    robot.waits_for_question("Send it now?")
    robot.presses("Send")


def test_a_fresh_proof_is_asked_for_until_it_is_right(robot: Robot) -> None:
    robot.console.ending.want_reauthentication(FactorMethod.TOTP, FactorMethod.PASSWORD)
    robot.waits_for_question("The booking platform wants to be sure that it is you before it ends a session.")
    robot.types("Code", "000000")
    robot.presses("Go on")
    robot.sees("The code was not accepted.")

    robot.types("Code", CODE)
    robot.presses("Go on")
    robot.qtbot.waitUntil(lambda: robot.dialog is None)


def test_another_kind_of_proof_begins_without_the_red_of_the_one_before(robot: Robot) -> None:
    robot.console.ending.want_reauthentication(FactorMethod.TOTP, FactorMethod.PASSWORD)
    robot.waits_for_question("wants to be sure that it is you")
    robot.types("Code", "000000")
    robot.presses("Go on")
    robot.sees("The code was not accepted.")
    assert robot.field("Code").property("level") == "alarm"

    robot.presses("Use the password instead")
    assert robot.field("Password").property("level") == ""


def test_the_proof_may_be_the_password(robot: Robot) -> None:
    robot.console.ending.want_reauthentication(FactorMethod.TOTP, FactorMethod.PASSWORD)
    robot.waits_for_question("wants to be sure that it is you")
    robot.presses("Use the password instead")
    robot.types("Password", PASSWORD)
    robot.presses("Go on")

    robot.qtbot.waitUntil(lambda: robot.console.ending.said == [FactorMethod.PASSWORD])


def test_a_code_may_be_wanted_after_the_password(robot: Robot) -> None:
    robot.console.ending.more_proofs = [FactorMethod.TOTP]
    robot.console.ending.want_reauthentication(FactorMethod.PASSWORD)
    robot.waits_for_question("wants to be sure that it is you")
    robot.types("Password", PASSWORD)
    robot.presses("Go on")
    robot.sees("The booking platform wants a code as well.")
    robot.types("Code", CODE)
    robot.presses("Go on")

    robot.qtbot.waitUntil(lambda: robot.dialog is None)
    assert robot.console.ending.said == [FactorMethod.PASSWORD, FactorMethod.TOTP]


def test_a_proof_that_is_put_off_waits_below(robot: Robot) -> None:
    robot.console.ending.want_reauthentication(FactorMethod.TOTP)
    robot.waits_for_question("wants to be sure that it is you")
    robot.presses("Not now")
    assert robot.dialog is None

    robot.says("The booking platform wants to be sure that it is you")
    robot.presses("Answer")
    robot.qtbot.waitUntil(lambda: robot.dialog is not None)
    robot.presses("Not now")


def test_who_may_not_end_is_told_so(robot: Robot) -> None:
    state = robot.console.watching.state
    state.set(replace(state.value, may_end=False))
    robot.settles()

    robot.sees("Your account may see sessions but not end them.")
    assert not robot.button("End").isEnabled()
