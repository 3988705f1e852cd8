"""The journal: a long one, one that was searched, an empty one, and one that somebody tore an entry out of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from sessionconsole.domain.journal import About, Act, By, Kind
from tests.fakes.console import FakeConsole
from tests.ui.journal.acts import the_acts
from tools.screenshots import people
from tools.screenshots.scenes import Scene

if TYPE_CHECKING:
    from tools.screenshots.camera import Set

Play = Callable[["Set"], Awaitable[None]]

SCENES: dict[str, Scene] = {}


def _written() -> FakeConsole:
    console = FakeConsole(people.morning())
    for days in range(6, -1, -1):
        console.journaling.acts += [replace(act, at=act.at - timedelta(days=days)) for act in the_acts()]
    last = console.journaling.acts[-1]
    console.journaling.acts += [
        Act(Kind.CONNECTOR_ADDED, last.at, by=By(user="frontdesk"), code="reef-pass"),
        Act(Kind.CAME_BACK, last.at, last.platform, last.address, last.by, last.about, last.session, "o"),
    ]
    return console


def _hostile() -> FakeConsole:
    console = _written()
    last = console.journaling.acts[-1]
    about = About("\u202e<b>=cmd()</b>", "<img src=file:///x>")
    console.journaling.acts.append(
        replace(last, about=about, by=By("dana.whitlock", "frontdesk", "Dana W."), order=None)
    )
    return console


def _scene(name: str, console: Callable[[], FakeConsole] = _written) -> Callable[[Play], Play]:
    def keep(play: Play) -> Play:
        SCENES[name] = Scene(play, console)
        return play

    return keep


@_scene("journal")
async def _journal(stage: Set) -> None:
    stage.shell.list.rail.journal.click()
    await stage.settles()
    stage.shell.journal.page.table.selectRow(2)
    stage.shell.journal.page.table.setFocus(Qt.FocusReason.TabFocusReason)


@_scene("journal-search")
async def _journal_search(stage: Set) -> None:
    await _journal(stage)
    stage.shell.journal.page.search.setText("maria")
    stage.shell.journal.page.chips.toggle("Results")
    await stage.settles()


@_scene("journal-hostile", _hostile)
async def _journal_hostile(stage: Set) -> None:
    await _journal(stage)


@_scene("journal-torn")
async def _journal_torn(stage: Set) -> None:
    stage.console.journaling.torn = frozenset({5})
    await _journal(stage)


@_scene("journal-empty", lambda: FakeConsole(people.morning()))
async def _journal_empty(stage: Set) -> None:
    stage.shell.list.rail.journal.click()
    await stage.settles()
