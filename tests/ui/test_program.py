"""From the first paint to the last."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from sessionconsole.domain.errors import (
    KeyringLocked,
    SessionConsoleError,
    StoreDamaged,
    StoreNotWritable,
    StoreTooNew,
)
from sessionconsole.ui.console import Console
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.program import Program
from sessionconsole.ui.shell.list_page import ListPage
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.signing_in.sign_in_page import SignInPage
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


def test_where_the_keyring_was_out_of_reach_one_tries_again_without_a_new_start(
    qtbot: QtBot, loop: Loop, window: MainWindow
) -> None:
    locked, still_locked, mended = (FakeConsole(signed_in=kept) for kept in (False, False, True))
    for console in (locked, still_locked):
        console.notices.set((KeyringLocked(),))
    waiting = iter((locked, still_locked, mended))

    async def ready() -> Console:
        return next(waiting)

    program = Program(window, ready)
    window.show()
    running = loop.create_task(program.run())

    def signing_in() -> SignInPage:
        assert program.shell is not None
        return program.shell.sign_in

    qtbot.waitUntil(lambda: program.shell is not None and signing_in().notes.again.isVisible())
    signing_in().address.setText("booking.example")
    signing_in().notes.again.click()

    qtbot.waitUntil(lambda: program.console is still_locked and signing_in().notes.again.isVisible())
    assert locked.closed
    assert not locked.signing_in.revoking
    assert signing_in().typed[0] == "booking.example", "nothing has to be typed twice"
    signing_in().notes.again.click()

    qtbot.waitUntil(lambda: program.shell is not None and window.page is program.shell.list)
    qtbot.waitUntil(lambda: mended.watching.running)
    assert still_locked.closed
    assert len(window.findChildren(ListPage)) == 1, "nothing is left of the others"

    program.close()
    qtbot.waitUntil(running.done)
    assert mended.closed


@pytest.mark.parametrize("notice", [None, StoreDamaged(), StoreTooNew()])
def test_nobody_is_asked_to_try_again_what_stays_as_it_is(
    qtbot: QtBot, loop: Loop, window: MainWindow, notice: SessionConsoleError | None
) -> None:
    console = FakeConsole(signed_in=False)
    console.notices.set((notice,) if notice else ())

    async def ready() -> Console:
        return console

    program = Program(window, ready)
    window.show()
    running = loop.create_task(program.run())
    qtbot.waitUntil(lambda: program.shell is not None and window.page is program.shell.sign_in)

    assert program.shell is not None
    assert not program.shell.sign_in.notes.again.isVisible()
    program.close()
    qtbot.waitUntil(running.done)
