"""A list that is prepared while the user goes on: what they did meanwhile holds for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

import pytest
from PySide6.QtCore import Qt

from sessionconsole.domain.assessments import Assessment, Level
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns import Col
from tests.fakes.console import ABOUT, sample_rows
from tests.robots.window import Robot

PATIENCE = 3  # seconds


class Gate:
    """Until it is open nobody gets through; whether somebody waits there can be seen."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def pass_through(self) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)


@dataclass(frozen=True, slots=True)
class Gated(PlatformAbout):
    """A platform whose offices are known only once the gate is open: until then no list of it is prepared."""

    gate: Gate = field(default_factory=Gate, compare=False)

    def office_of(self, ip: str | None) -> str | None:
        self.gate.pass_through()
        return PlatformAbout.office_of(self, ip)


@pytest.fixture
def gate(robot: Robot) -> Iterator[Gate]:
    """Where a list with one more session in it is just being prepared for the robot's window."""
    state = robot.console.watching.state
    about = Gated(**{each.name: getattr(ABOUT, each.name) for each in fields(ABOUT)})
    state.set(replace(state.value, about=about, rows=(*state.value.rows, newcomer())))
    robot.qtbot.waitUntil(about.gate.reached.is_set)
    yield about.gate
    about.gate.opened.set()


def newcomer() -> Row:
    row = sample_rows()[5]
    session = replace(
        row.session, handle=Handle("harbour-reef:099"), person=replace(row.session.person, name="Ada")
    )
    return replace(row, session=session, assessment=Assessment(Level.FAMILIAR))


def open_gate(robot: Robot, gate: Gate) -> None:
    gate.opened.set()
    robot.settles()


def test_who_sorts_meanwhile_gets_the_new_list_sorted(robot: Robot, gate: Gate) -> None:
    robot.shell.list.model.sort(Col.PERSON, Qt.SortOrder.DescendingOrder)

    open_gate(robot, gate)

    assert robot.people() == sorted(robot.people(), reverse=True)
    assert robot.people()[-1] == "Ada"


def test_who_searches_meanwhile_finds_the_new_one(robot: Robot, gate: Gate) -> None:
    robot.types("Search", "ada")
    assert robot.people() == []

    open_gate(robot, gate)

    assert robot.people() == ["Ada"]


def test_who_picks_a_row_and_scrolls_meanwhile_stays_there(robot: Robot, gate: Gate) -> None:
    table = robot.shell.list.table
    robot.window.resize(1366, 400)
    last = robot.shell.list.model.handle_at(robot.shell.list.model.rowCount() - 1)
    table.pick(last)
    table.setFocus()
    table.scrollToBottom()
    top = table.rowAt(0)
    seen = robot.shell.list.model.handle_at(top), table.rowViewportPosition(top)

    open_gate(robot, gate)

    assert "Ada" in robot.people()
    assert table.current_handle() == last
    assert table.hasFocus()
    top = table.rowAt(0)
    assert (robot.shell.list.model.handle_at(top), table.rowViewportPosition(top)) == seen


def test_the_counts_are_those_of_the_new_list(robot: Robot, gate: Gate) -> None:
    robot.says("12 sessions, 10 people, 1 program.")

    open_gate(robot, gate)

    robot.says("13 sessions, 10 people, 1 program.")
