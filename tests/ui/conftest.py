"""What the tests of the window share: one loop that fails the test on any error nobody took, and the robot."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.collecting import Collecting
from sessionconsole.ui.look.theme import Theme, apply
from sessionconsole.ui.look.tokens import LIGHT
from sessionconsole.ui.loop import Loop
from tests.fakes.console import FakeConsole
from tests.robots.window import Robot


@pytest.fixture(scope="session")
def worn(qapp: QApplication) -> Theme:
    return apply(qapp, Appearance.LIGHT)


@pytest.fixture
def theme(worn: Theme) -> Iterator[Theme]:
    yield worn
    if worn.tokens is not LIGHT:
        worn.wear(Appearance.LIGHT)


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[Loop]:
    """The window's loop, turning whenever Qt's does; what nobody took of its errors fails the test."""
    collecting = Collecting()
    made = Loop(qapp, already_running=True)
    unheard: list[str] = []

    def hear(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        unheard.append(f"{context.get('message')}: {context.get('exception')!r}")

    made.set_exception_handler(hear)
    with made.finishing_generators():
        yield made
        made.stop()
        asyncio._set_running_loop(None)
        made.run_until_complete(_nothing_left())
        gc.collect()  # here, on this thread, what the test left
        made.run_until_complete(made.shutdown_asyncgens())
    made.close()
    collecting.stop()
    assert not unheard, "errors that nobody took:\n" + "\n".join(unheard)


async def _nothing_left() -> None:
    """Cancel what a test left running, so that it cannot reach into the next one."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture
def console() -> FakeConsole:
    return FakeConsole()


@pytest.fixture
def robot(qtbot: QtBot, loop: Loop, theme: Theme, console: FakeConsole) -> Iterator[Robot]:
    """Sits at a window whose home was signed in already."""
    made = Robot(qtbot, theme, console)
    yield made
    made.leaves()


@pytest.fixture
def newcomer(qtbot: QtBot, loop: Loop, theme: Theme) -> Iterator[Robot]:
    """Sits at a window where nobody has signed in yet."""
    made = Robot(qtbot, theme, FakeConsole(signed_in=False))
    yield made
    made.leaves()
