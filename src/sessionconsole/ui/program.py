"""The running program: opens the console behind the painted window, and closes it when the window is closed."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.ui.bugs import Bugs
from sessionconsole.ui.collecting import Collecting
from sessionconsole.ui.console import Console
from sessionconsole.ui.loop import Loop
from sessionconsole.ui.shell.presenter import Shell
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.tasks import Tasks

PATIENCE = 3.0
"""Seconds that closing may take."""

_OPEN, _AGAIN = "open the console", "open the console again"

_TURN = 0.0005
"""Seconds that a thread which prepares a list may go on while the window waits; Python's own 5 ms add up to a tenth
of a second in a single paint, which waits for each cell anew."""


def live(app: QApplication, window: MainWindow, open_console: Callable[[], Awaitable[Console]]) -> int:
    """Run until the window is closed; the exit code."""
    return run_behind(app, window, lambda: Program(window, open_console).run())


def run_behind(app: QApplication, window: MainWindow, work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run the work on the window's loop, with garbage collected where Qt's objects live; what it returns."""
    collecting = Collecting(window)
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        with asyncio.Runner(loop_factory=partial(Loop, app)) as runner:
            return runner.run(work())
    finally:
        sys.setswitchinterval(turn)
        collecting.stop()


class Program(QObject):
    """What is open, from the first paint to the last."""

    def __init__(
        self,
        window: MainWindow,
        open_console: Callable[[], Awaitable[Console]],
        patience: float = PATIENCE,
    ) -> None:
        super().__init__()
        self._patience = patience
        self._window, self._open_console = window, open_console
        self._closing = asyncio.Event()
        self._painted = asyncio.Event()
        self.tasks = Tasks(self)
        self.bugs = Bugs(self)
        self.console: Console | None = None
        self.shell: Shell | None = None
        window.close_asked.connect(self.close)
        window.painted.connect(self._painted.set)
        self.tasks.failed.connect(self._failed)
        self.bugs.found.connect(self._tell)

    async def run(self) -> int:
        """Open, wait for the end, close."""
        loop = asyncio.get_running_loop()
        self.bugs.watch(loop)
        for name in ("SIGTERM", "SIGINT"):
            with suppress(NotImplementedError, AttributeError, RuntimeError):
                loop.add_signal_handler(getattr(signal, name), self.close)
        self.tasks.start(_OPEN, self._open)
        await self._closing.wait()
        await self._end()
        return 0

    @Slot()
    def close(self) -> None:
        """Begin the end."""
        self._closing.set()

    async def _open(self) -> None:
        if not self._window.is_painted:
            with suppress(TimeoutError):  # minimized at its start, it may not be painted for long
                await asyncio.wait_for(self._painted.wait(), 1.0)
        await self._show_console()

    async def _show_console(self) -> Shell:
        console = self.console = await (await asyncio.to_thread(self._open_console))
        shell = self.shell = Shell(console, self.tasks, self._window.theme, self._window)
        shell.open_again_asked.connect(self._open_again)
        await console.start()
        return shell

    @Slot()
    def _open_again(self) -> None:
        self.tasks.start(_AGAIN, self._begin_anew, if_idle=True)

    async def _begin_anew(self) -> None:
        """Nobody is signed in, and what kept the keyring or the store from being opened may be mended."""
        assert self.shell is not None
        assert self.console is not None
        shell, console, self.shell, self.console = self.shell, self.console, None, None
        typed = shell.sign_in.typed
        self._window.tell_opening("Opening…")
        shell.make_room()
        await self.tasks.stop(but=_AGAIN)
        await console.close()
        (await self._show_console()).offer_again(*typed)

    async def _end(self) -> None:
        self._window.hide()
        if self.shell is not None:
            self.shell.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await self.tasks.close(self._patience * 2 / 3)
                if self.console is not None:
                    await self.console.close()

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key in (_OPEN, _AGAIN):
            self._window.tell_opening(f"{error.message} {error.advice}")

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        if self.shell is not None:
            self.shell.listing.tell(sentence)
        else:
            self._window.tell_opening(sentence)
