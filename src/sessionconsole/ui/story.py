"""The demo on a computer without display: the same window, used off screen from the list to the proof."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.orders import Outcome
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.states import Link, Row
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import apply
from sessionconsole.ui.program import Program, run_behind
from sessionconsole.ui.shell.presenter import Shell
from sessionconsole.ui.shell.window import MainWindow

_SIZE = (1366, 768)
_PATIENCE = 30.0
"""Seconds for any one thing to appear."""

_TURN = 0.05

Say = Callable[[str], None]


def tell(open_console: Callable[[], Awaitable[Console]], picture: Path, say: Say) -> int:
    """Find the login that does not belong, end it, and say what was seen; 0 only where it is proved gone."""
    app = QApplication.instance() or QApplication(["sessionconsole"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow(apply(app, Appearance.LIGHT))
    window.resize(*_SIZE)
    window.show()
    return run_behind(app, window, lambda: _told(Program(window, open_console), window, picture, say))


async def _told(program: Program, window: MainWindow, picture: Path, say: Say) -> int:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(program.run())
        try:
            await _until(lambda: program.shell is not None)
            assert program.shell is not None
            assert program.console is not None
            return await _story(program.shell, program.console, window, picture, say)
        finally:
            program.close()
            await running


async def _story(shell: Shell, console: Console, window: MainWindow, picture: Path, say: Say) -> int:
    state = console.watching.state
    await _until(lambda: state.value.link is Link.LIVE and shell.list.model.rowCount() > 0)
    title = state.value.about.title if state.value.about else "the platform"
    say(f"Signed in to {title}: {len(state.value.rows)} sessions.")
    alarms = [row for row in state.value.rows if row.assessment.level is Level.ALARM]
    if not alarms:
        say("Nothing looks unfamiliar, so nothing was ended.")
        return 0
    row = alarms[0]
    who = f"{row.session.person.shown}, {row.session.device.shown}"
    say(f"Alarm: {who}. {_reasons(row)}")
    shell.list.table.pick(row.session.handle)
    shell.list.details.foot.end.click()
    orders = console.ending.state
    await _until(lambda: orders.value.of(row.session.handle) is not None)
    say("End was pressed. Undo is offered, then the platform is asked, then the list is read again.")
    await _until(lambda: _outcome(console, row) is not None)
    outcome = _outcome(console, row)
    await _until(lambda: outcome is None or "Ended" in shell.list.bar.words.full_text)
    say(shell.list.bar.words.full_text)
    window.grab().save(str(picture))
    say(f"The window was photographed: {picture}")
    return 0 if outcome is Outcome.PROVED_GONE else 1


def _outcome(console: Console, row: Row) -> Outcome | None:
    order = console.ending.state.value.of(row.session.handle)
    return order.outcome if order is not None and not order.is_open else None


def _reasons(row: Row) -> str:
    return " ".join(reason.text for reason in row.assessment.reasons)


async def _until(condition: Callable[[], object]) -> None:
    """Wait until the window has come so far; TimeoutError where it never does."""
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - a window has many states and no event for each
            await asyncio.sleep(_TURN)
