"""From the first paint to the last."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.domain.errors import StoreNotWritable
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.program import Program
from sessionconsole.ui.shell.window import MainWindow
from tests.fakes.console import FakeConsole


@pytest.fixture
def window(qtbot: QtBot, loop: Loop, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the program puts its own there
    made = MainWindow(theme)
    yield made
    made.hide()
    made.deleteLater()


def test_the_window_is_painted_before_the_console_is_opened(
    qtbot: QtBot, loop: Loop, window: MainWindow
) -> None:
    order: list[str] = []
    window.painted.connect(lambda: order.append("painted"))
    console = FakeConsole()

    async def ready() -> Console:
        return console

    def open_console() -> object:
        order.append("opened")
        return ready()

    program = Program(window, open_console)  # type: ignore[arg-type]
    window.show()
    running = loop.create_task(program.run())
    qtbot.waitUntil(lambda: program.shell is not None and window.page is program.shell.list)
    assert order[:2] == ["painted", "opened"]

    window.close()
    qtbot.waitUntil(running.done)
    assert running.result() == 0
    assert not window.isVisible()
    assert console.closed
    assert not console.watching.running


def test_what_keeps_the_console_from_opening_is_said_in_the_window(
    qtbot: QtBot, loop: Loop, window: MainWindow
) -> None:
    async def refused() -> Console:
        raise StoreNotWritable

    program = Program(window, refused)
    window.show()
    running = loop.create_task(program.run())
    qtbot.waitUntil(lambda: "disk is full" in window.opening.words.full_text)

    program.close()
    qtbot.waitUntil(running.done)


def test_a_bug_while_opening_is_said_and_logged(
    qtbot: QtBot, loop: Loop, window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> Console:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        program = Program(window, broken)
        window.show()
        running = loop.create_task(program.run())
        qtbot.waitUntil(lambda: "went wrong" in window.opening.words.full_text)
        program.close()
        qtbot.waitUntil(running.done)

    assert "bug: ZeroDivisionError" in caplog.text


def test_a_console_that_hangs_at_the_end_does_not_keep_the_window(
    qtbot: QtBot, loop: Loop, window: MainWindow
) -> None:
    class Hanging(FakeConsole):
        async def close(self) -> None:
            await asyncio.Event().wait()

    console = Hanging()

    async def ready() -> Console:
        return console

    program = Program(window, ready, patience=0.3)
    window.show()
    running = loop.create_task(program.run())
    qtbot.waitUntil(lambda: program.shell is not None)
    program.close()

    qtbot.waitUntil(running.done, timeout=2000)
