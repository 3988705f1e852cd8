"""The page of the list, as a user sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sessionconsole.domain.assessments import Assessment, Level
from sessionconsole.domain.errors import (
    CertificateProblem,
    KeyringMissing,
    SessionConsoleError,
    SignInExpired,
    StoreDamaged,
    StoreNotWritable,
    Unreachable,
)
from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.states import Link, ListState, Presence, Row
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.look.tokens import DARK
from sessionconsole.ui.loop import Loop
from tests.fakes.console import FakeConsole, sample_rows
from tests.robots.window import Robot

STRANGER = ("Maria Santos", "Windows 10 PC")


def test_the_list_shows_who_is_logged_in_with_the_marked_ones_first(robot: Robot) -> None:
    assert robot.people()[:3] == ["Maria Santos", "Ruby Costello", "Dana Whitlock"]
    robot.sees("Alarm: first time from Brazil", "Check: new device, at night", "This console")
    robot.sees("Live, checked 0 s ago")
    robot.says("12 sessions, 10 people, 1 program.")


def test_the_words_follow_the_time(robot: Robot) -> None:
    robot.waits(12)

    robot.sees("Live, checked 12 s ago")


def test_the_first_row_is_picked_and_explained(robot: Robot) -> None:
    robot.sees("Is this yours?", "Ask Maria now. If nobody knows it, end it and change the password.")
    robot.sees("Why it is marked", "What speaks for it", "Maria has used Firefox before, in March.")


def test_searching_leaves_what_matches_and_escape_brings_all_back(robot: Robot) -> None:
    robot.types("Search", "sao paulo")
    assert robot.people() == ["Maria Santos"]

    robot.key(Qt.Key.Key_Escape, on=robot.field("Search"))
    assert len(robot.people()) == 12


def test_a_search_without_a_hit_says_so_and_can_be_cleared(robot: Robot) -> None:
    robot.types("Search", "brasil")
    robot.sees("No session matches “brasil”.")
    robot.presses("Clear search")

    assert len(robot.people()) == 12


def test_each_filter_leaves_as_many_rows_as_it_says(robot: Robot) -> None:
    chips = robot.shell.list.top.chips
    for chip in [button.chip for button in chips._buttons.values()]:
        chips.toggle(chip.key)
        assert len(robot.people()) == chip.count, chip.words
        chips.toggle(chip.key)


def test_filters_that_find_no_room_go_under_more(robot: Robot) -> None:
    robot.window.resize(800, 700)
    robot.sees("More")
    hidden = [action.data() for action in robot.shell.list.top.chips._menu.actions()]
    shown = [button.chip.key for button in robot.shell.list.top.chips._buttons.values() if button.isVisible()]

    assert set(hidden).isdisjoint(shown)
    assert {*hidden, *shown} >= {"Needs a look", "Outside our offices"}


def test_outside_our_offices_is_only_offered_where_the_platform_tells_them(robot: Robot) -> None:
    watching = robot.console.watching
    about = watching.state.value.about
    assert about is not None
    watching.state.set(replace(watching.state.value, about=replace(about, offices=())))
    robot.settles()

    assert "Outside our offices" not in robot.shell.list.top.chips._buttons


def test_needs_a_look_shows_the_marked_ones_only(robot: Robot) -> None:
    robot.presses("Needs a look")

    assert robot.people() == ["Maria Santos", "Ruby Costello"]
    assert robot.shell.list.rail.needs_a_look.count == 2


def test_what_is_ours_is_not_marked_any_more(robot: Robot) -> None:
    robot.presses("Needs a look")
    for name in ("Maria Santos", "Ruby Costello"):
        robot.picks(name)
        robot.presses("That's ours")

    robot.sees("Everything looks familiar")
    assert robot.shell.list.rail.needs_a_look.count == 0


def test_what_was_marked_as_ours_can_be_undone_for_ten_seconds(robot: Robot) -> None:
    robot.picks(*STRANGER)
    robot.presses("That's ours")
    robot.says("Marked as ours: Maria Santos, Windows 10 PC.")
    assert robot.shell.list.rail.needs_a_look.count == 1
    robot.clicks(robot.shell.list.bar.button)
    robot.says("Not marked as ours any more: Maria Santos, Windows 10 PC.")
    assert robot.shell.list.rail.needs_a_look.count == 2

    robot.presses("That's ours")
    robot.says("Marked as ours")
    robot.waits(9)
    robot.says("Marked as ours")
    robot.waits(1)
    robot.says("12 sessions")


def test_not_ours_after_all_stands_where_thats_ours_was_and_keeps_the_focus(robot: Robot) -> None:
    robot.picks(*STRANGER)
    robot.window.activateWindow()
    robot.button("That's ours").setFocus()
    place = robot.button("That's ours").geometry()
    robot.key(Qt.Key.Key_Space, on=robot.button("That's ours"))
    robot.sees("Not ours after all")
    assert robot.focus is robot.button("Not ours after all")
    assert robot.focus.geometry() == place
    robot.waits(20)

    robot.key(Qt.Key.Key_Space)
    robot.sees("Is this yours?")
    assert robot.focus is robot.button("That's ours")
    assert robot.console.reviewing.ours == {}


def _arrivals(robot: Robot, *names: str) -> list[Row]:
    rows = sample_rows()
    return [
        replace(
            rows[place],
            session=replace(
                rows[place].session,
                handle=Handle(f"harbour-reef:new-{name}"),
                person=replace(rows[place].session.person, name=name, account=name),
            ),
            presence=Presence.NEW,
            presence_at=robot.console.clock.now(),
        )
        for place, name in enumerate(names)
    ]


def test_a_new_alarm_is_told_and_shown(robot: Robot) -> None:
    robot.picks("Priya Nair")
    robot.console.watching.show([*sample_rows(), *_arrivals(robot, "Nobody Known")])
    robot.settles()
    robot.says("New: Nobody Known, Windows 10 PC. Alarm: first time from Brazil.")
    robot.waits(60)
    robot.console.watching.show()
    robot.settles()
    robot.says("New: Nobody Known")

    robot.types("Search", "priya")
    robot.presses("Show")
    robot.sees("Nobody Known")
    handle = Handle("harbour-reef:new-Nobody Known")
    assert robot.shell.list.table.current_handle() == handle
    assert robot.focus is robot.shell.list.table
    robot.says("13 sessions")


def test_several_new_ones_are_counted_and_forgotten_when_they_go(robot: Robot) -> None:
    news = _arrivals(robot, "Nobody Known", "Somebody Else")
    robot.console.watching.show([*sample_rows(), *news])
    robot.settles()
    robot.says("2 new sessions need a look.")

    robot.console.watching.show([*sample_rows(), news[1]])
    robot.settles()
    robot.says("New: Somebody Else, iPad. Check: new device, at night.")
    robot.console.watching.show(sample_rows())
    robot.settles()
    robot.says("12 sessions")


def _become(robot: Robot, person: str, level: Level) -> None:
    """A later reading thinks otherwise of the session of that person."""
    why = next(row for row in sample_rows() if row.assessment.level is Level.ALARM).assessment.reasons
    rows = robot.console.watching.state.value.rows
    robot.console.watching.show(
        [
            replace(row, assessment=Assessment(level, 0.9, why if level is not Level.FAMILIAR else ()))
            if row.session.person.name == person
            else row
            for row in rows
        ]
    )
    robot.settles()


def test_a_known_session_that_becomes_an_alarm_is_told_and_shown(robot: Robot) -> None:
    robot.picks("Priya Nair")
    _become(robot, "Sam Okafor", Level.CHECK)
    robot.says("12 sessions")
    _become(robot, "Sam Okafor", Level.ALARM)
    robot.says("Now an alarm: Sam Okafor, Sam’s phone. Alarm: first time from Brazil.")
    robot.console.watching.show()
    robot.settles()
    robot.says("Now an alarm: Sam Okafor")
    _become(robot, "Lani Kepa", Level.ALARM)
    robot.says("2 sessions need a look now.")

    robot.presses("Show")
    assert robot.shell.list.table.current_handle() == robot.console.handle_of("Sam Okafor")
    robot.says("12 sessions")
    _become(robot, "Sam Okafor", Level.FAMILIAR)
    _become(robot, "Sam Okafor", Level.CHECK)
    robot.says("12 sessions")


def test_an_alarm_that_is_none_any_more_is_told_no_more(robot: Robot) -> None:
    _become(robot, "Sam Okafor", Level.ALARM)
    robot.says("Now an alarm: Sam Okafor")
    _become(robot, "Sam Okafor", Level.FAMILIAR)
    robot.says("12 sessions")


def test_what_follows_from_ones_own_word_is_no_news(robot: Robot) -> None:
    robot.picks("Maria Santos", "Windows 10 PC")
    robot.presses("That's ours")
    robot.says("Marked as ours")
    robot.presses("Not ours after all")
    robot.says("Not marked as ours any more")
    robot.waits(11)
    robot.says("12 sessions")


def test_what_the_user_does_next_takes_the_place_of_the_news(robot: Robot) -> None:
    robot.console.watching.show([*sample_rows(), *_arrivals(robot, "Nobody Known")])
    robot.settles()
    robot.says("New: Nobody Known")
    robot.ends("Priya Nair")

    robot.says("Ending Priya Nair")
    robot.presses("Undo")
    robot.says("13 sessions")


def test_the_first_list_is_no_news(robot: Robot) -> None:
    robot.shell.list.rail.sign_out.trigger()
    robot.settles()
    robot.console.watching.state.set(ListState())
    robot.settles()
    robot.console.signing_in.enter()
    robot.settles()

    robot.says("12 sessions")


def test_a_refresh_keeps_the_picked_row_and_the_focus(robot: Robot) -> None:
    robot.picks("Priya Nair")
    robot.console.watching.show(list(reversed(sample_rows())))
    robot.settles()

    assert robot.shell.list.table.current_handle() == robot.console.handle_of("Priya Nair")
    assert robot.window.focusWidget() is robot.shell.list.table
    robot.sees("priya.nair")


def test_of_two_lists_on_their_way_the_newer_one_is_shown(robot: Robot) -> None:
    rows = sample_rows()
    robot.console.watching.show(rows)
    robot.console.watching.show(rows[:3])
    robot.settles()

    assert len(robot.people()) == 3


def test_refreshing_by_button_and_key(robot: Robot) -> None:
    robot.presses("Check now")
    robot.qtbot.waitUntil(lambda: robot.console.watching.refreshed == 1)
    robot.key(Qt.Key.Key_F5)

    robot.qtbot.waitUntil(lambda: robot.console.watching.refreshed == 2)


def test_offline_the_list_is_marked_as_old_once(robot: Robot) -> None:
    robot.console.watching.lose_network()
    robot.settles()

    robot.sees("As of Sun 09:00, 2 days ago", "The booking platform cannot be reached.", "Was active")
    robot.sees("As of Sun 09:00. It may have changed.")
    robot.presses("Try now")
    robot.qtbot.waitUntil(lambda: robot.console.watching.refreshed == 1)


def test_back_online_the_mark_is_gone(robot: Robot) -> None:
    robot.console.watching.lose_network()
    robot.settles()
    robot.console.watching.show()
    robot.settles()

    robot.does_not_see("As of")
    robot.sees("Live, checked 0 s ago")


def test_while_connecting_the_stored_list_reads_as_of_then(robot: Robot) -> None:
    robot.console.watching.connect()
    robot.settles()

    robot.sees("As of Sun 09:00, 2 days ago", "Connecting to the booking platform…", "Was active")
    robot.sees("As of Sun 09:00. It may have changed.")
    assert "Active" not in robot.texts()
    robot.does_not_see("Try now")
    robot.does_not_see("Live, checked 0 s ago")


def test_a_sign_in_that_ended_asks_for_a_new_one(robot: Robot) -> None:
    state = robot.console.watching.state
    state.set(replace(state.value, link=Link.SIGN_IN_NEEDED, problem=SignInExpired()))
    robot.settles()
    robot.sees("Your sign-in has ended on the booking platform. Orders that wait are kept.")
    robot.presses("Sign in")

    assert robot.field("Address").text() == "https://booking.example"


def test_nothing_stored_and_no_network_is_said_with_a_way_on(qtbot: QtBot, loop: Loop, theme: Theme) -> None:
    console = FakeConsole(rows=[])
    robot = Robot(qtbot, theme, console)
    state = console.watching.state
    state.set(replace(state.value, link=Link.OFFLINE, taken_at=None))
    robot.settles()

    robot.sees("The list cannot be read", "No list was saved on this computer yet.")
    robot.says("The list could not be read yet.")
    robot.presses("Try now")
    qtbot.waitUntil(lambda: console.watching.refreshed == 1)
    robot.leaves()


def test_a_notice_stands_at_the_bottom_until_it_is_hidden(robot: Robot) -> None:
    robot.console.notices.set((KeyringMissing(),))
    robot.says("This computer has no password store")
    robot.presses("Hide")

    robot.says("12 sessions")


@pytest.mark.parametrize(("width", "lines"), [(1366, 2), (1024, 3), (720, 7)])
@pytest.mark.parametrize("problem", [CertificateProblem(), KeyringMissing(), StoreDamaged()])
def test_a_long_message_breaks_so_that_its_advice_is_not_cut(
    robot: Robot, problem: SessionConsoleError, width: int, lines: int
) -> None:
    robot.window.resize(width, 700)
    low = robot.shell.list.bar.height()
    robot.shell.listing.tell(problem)
    words = robot.shell.list.bar.words
    robot.qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))

    assert words.text().replace("\u200b", "") == str(problem)
    # Some fonts round each line up.
    assert words.heightForWidth(words.width()) <= lines * (words.fontMetrics().lineSpacing() + 1) + 2
    assert robot.shell.list.bar.height() >= low
    robot.presses("Hide")
    robot.qtbot.waitUntil(lambda: robot.shell.list.bar.height() == low)


def test_the_appearance_is_worn_and_kept(robot: Robot, theme: Theme) -> None:
    actions = robot.shell.list.rail._appearances
    actions[Appearance.DARK].trigger()

    assert theme.tokens is DARK
    assert robot.console.settings_file.kept.appearance is Appearance.DARK


def test_an_appearance_that_cannot_be_kept_is_worn_and_said(robot: Robot, theme: Theme) -> None:
    robot.console.settings_file.problem = StoreNotWritable()
    robot.shell.list.rail._appearances[Appearance.DARK].trigger()

    assert theme.tokens is DARK
    robot.says("Nothing can be saved, because the disk is full or the folder is read-only.")


def test_narrow_windows_show_details_only_when_a_row_is_picked(
    qtbot: QtBot, loop: Loop, theme: Theme
) -> None:
    robot = Robot(qtbot, theme, FakeConsole(), (1024, 700))
    assert not robot.shell.list.details.isVisible()
    robot.picks("Ruby Costello")
    assert robot.shell.list.details.isVisible()
    robot.presses("Close details")

    assert not robot.shell.list.details.isVisible()
    robot.leaves()


@pytest.fixture
def very_narrow(qtbot: QtBot, loop: Loop, theme: Theme) -> Iterator[Robot]:
    """As small as 1024 x 700 is at 200 %, or as the screen of the test lets a window be."""
    robot = Robot(qtbot, theme, FakeConsole(), (512, 350))
    assert robot.shell.list.is_very_narrow
    yield robot
    robot.leaves()


def test_in_a_very_narrow_window_the_details_take_the_place_of_the_list(very_narrow: Robot) -> None:
    page = very_narrow.shell.list
    very_narrow.picks("Ruby Costello")
    assert (page.table.isVisible(), page.details.isVisible()) == (False, True)
    assert page.details.width() == page.width() - page.rail.width() - 1
    assert page.details.isAncestorOf(very_narrow.focus)
    very_narrow.key(Qt.Key.Key_Escape)

    assert (page.table.isVisible(), page.details.isVisible()) == (True, False)
    assert very_narrow.focus is page.table


def test_in_a_very_narrow_window_the_keys_go_through_the_list_and_enter_into_the_details(
    very_narrow: Robot,
) -> None:
    page = very_narrow.shell.list
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
        very_narrow.key(key, on=page.table)
    assert page.table.isVisible()
    very_narrow.key(Qt.Key.Key_Return, on=page.table)
    assert page.details.isAncestorOf(very_narrow.focus)
    very_narrow.key(Qt.Key.Key_Return)

    assert page.table.isVisible()
    assert very_narrow.focus is page.table


def test_in_a_very_narrow_window_end_is_pressed_without_leaving_the_list(very_narrow: Robot) -> None:
    very_narrow.ends(*STRANGER)

    assert very_narrow.shell.list.table.isVisible()
    very_narrow.says("Ending Maria Santos")


def test_in_a_very_narrow_window_a_session_that_goes_brings_the_list_back(very_narrow: Robot) -> None:
    very_narrow.picks("Ruby Costello")
    rows = [row for row in sample_rows() if row.session.person.shown != "Ruby Costello"]
    very_narrow.console.watching.show(rows)
    very_narrow.settles()

    assert very_narrow.shell.list.table.isVisible()
    assert very_narrow.focus is very_narrow.shell.list.table


def test_the_details_stand_beside_the_list_again_when_the_window_grows(very_narrow: Robot) -> None:
    very_narrow.picks("Ruby Costello")
    very_narrow.window.resize(1024, 700)
    page = very_narrow.shell.list

    very_narrow.qtbot.waitUntil(lambda: page.table.isVisible() and page.details.isVisible())


def test_search_and_pages_bring_the_list_back_in_a_very_narrow_window(very_narrow: Robot) -> None:
    page = very_narrow.shell.list
    very_narrow.picks("Ruby Costello")
    very_narrow.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.table.isVisible()
    assert very_narrow.window.focusWidget() is page.top.search

    very_narrow.picks("Ruby Costello")
    very_narrow.presses("Needs a look")
    assert page.table.isVisible()


def test_who_stands_in_the_details_stands_in_the_list_when_the_window_becomes_very_narrow(
    robot: Robot,
) -> None:
    page = robot.shell.list
    page.details.take_focus()
    robot.window.setMinimumSize(0, 0)
    robot.window.resize(600, 500)
    robot.qtbot.waitUntil(lambda: not page.details.isVisible())

    assert robot.window.focusWidget() is page.table


def test_the_title_tells_how_many_of_all_are_left(robot: Robot) -> None:
    robot.types("Search", "sao paulo")
    robot.sees("1 of 12")
    robot.key(Qt.Key.Key_Escape, on=robot.field("Search"))

    robot.sees("12")


def test_who_stood_in_the_list_goes_on_at_what_can_be_done_where_it_is_empty(robot: Robot) -> None:
    page = robot.shell.list
    page.table.setFocus()
    for name in ("Phones", "Needs a look"):
        page.top.chips.toggle(name)
    assert robot.window.focusWidget() is page.empty.button
    robot.presses("Clear filters")
    assert robot.window.focusWidget() is page.table

    robot.console.watching.show([])
    robot.settles()
    assert robot.window.focusWidget() is page.rail.all_sessions


def test_each_reason_to_wait_is_told_above_the_button(robot: Robot) -> None:
    state = robot.console.watching.state
    note = robot.shell.list.details.foot.note
    for link, problem, told in (
        (
            Link.OFFLINE,
            Unreachable(),
            "The platform cannot be reached. What you end now waits and is sent later.",
        ),
        (
            Link.OFFLINE,
            CertificateProblem(),
            "Nothing can be sent now. What you end now waits and is sent later.",
        ),
        (Link.SIGN_IN_NEEDED, SignInExpired(), "What you end now waits until you have signed in again."),
    ):
        state.set(replace(state.value, link=link, problem=problem))
        robot.settles()
        assert note.full_text == told


def test_watching_runs_while_signed_in_only(robot: Robot) -> None:
    robot.qtbot.waitUntil(lambda: robot.console.watching.running)
    robot.shell.list.rail.sign_out.trigger()

    robot.qtbot.waitUntil(lambda: not robot.console.watching.running)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 700)])
def test_enter_goes_into_the_details_and_orders_nothing(
    qtbot: QtBot, loop: Loop, theme: Theme, size: tuple[int, int]
) -> None:
    robot = Robot(qtbot, theme, FakeConsole(), size)
    robot.picks("Ruby Costello")
    robot.presses("Close details")
    assert robot.focus is robot.shell.list.table
    robot.key(Qt.Key.Key_Return, on=robot.shell.list.table)

    assert robot.shell.list.details.isVisible()
    assert robot.shell.list.details.isAncestorOf(robot.focus)
    assert robot.console.ending.state.value.orders == {}
    robot.key(Qt.Key.Key_Return)
    assert robot.focus is robot.shell.list.table
    assert robot.console.ending.state.value.orders == {}
    robot.leaves()


def test_the_ring_of_a_filter_is_not_cut(robot: Robot) -> None:
    chip = robot.button("Filter: Needs a look")
    robot.window.activateWindow()
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    ring = robot.window.findChild(QWidget, "focus-ring")
    assert isinstance(ring, QWidget)

    assert ring.visibleRegion().boundingRect().size() == ring.size()
    assert ring.size() == chip.size() + QSize(8, 8)


def test_end_and_thats_ours_stand_apart(robot: Robot) -> None:
    end, ours = robot.button("End"), robot.button("That's ours")

    assert ours.mapToGlobal(QPoint(0, 0)).y() - end.mapToGlobal(QPoint(0, end.height())).y() == 16


def test_nothing_in_a_name_is_taken_for_markup(robot: Robot) -> None:
    rows = sample_rows()
    person = replace(rows[0].session.person, name='<img src="file:///etc/passwd"><b>Maria</b>')
    robot.console.watching.show(
        [replace(rows[0], session=replace(rows[0].session, person=person)), *rows[1:]]
    )
    robot.settles()

    robot.sees('<img src="file:///etc/passwd"><b>Maria</b>')
    assert robot.shell.list.details.name.textFormat() is Qt.TextFormat.PlainText
