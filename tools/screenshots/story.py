"""The story of the documents: the real window, used on the real demo platform in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.screenshots.display import give_keyboard, virtual_display

SIZE, NARROW = (1366, 768), (1024, 700)
FAR_TOO_LONG = 20.0  # seconds for any one thing to appear

if TYPE_CHECKING:
    from sessionconsole.services.console import Console
    from sessionconsole.ui.program import Program
    from sessionconsole.ui.shell.window import MainWindow


def main(folder: Path) -> int:
    """Take them all into that folder; the window gets a home of its own that is removed afterwards, and no keyring."""
    with virtual_display(SIZE) as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        os.environ.pop("WAYLAND_DISPLAY", None)
        with demo_platform() as (process, access), tempfile.TemporaryDirectory() as home:
            return take_all(folder, Path(home), process, access)


@contextmanager
def demo_platform() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The demo platform in its own process, and how to sign in there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sessionconsole.demo", "--seed", "1", "--time-scale", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


def take_all(folder: Path, home: Path, platform: subprocess.Popen[str], access: dict[str, str]) -> int:
    """Open the window as a user would, and photograph what is worth a picture."""
    from PySide6.QtWidgets import QApplication

    from sessionconsole.desktop.folders import Folders
    from sessionconsole.domain.settings import Appearance
    from sessionconsole.ui.look.theme import apply
    from sessionconsole.ui.program import Program, run_behind
    from sessionconsole.ui.shell.window import MainWindow

    app = QApplication(["sessionconsole"])
    app.setQuitOnLastWindowClosed(False)
    folders = Folders(home, home, home / "logs", home / "cache")
    folders.create()
    window = MainWindow(apply(app, Appearance.LIGHT))
    window.resize(*SIZE)
    window.show()

    def open_console() -> Awaitable[Console]:
        from sessionconsole import wiring
        from sessionconsole.vault.memory_vault import MemoryVault

        return wiring.open_console(folders, MemoryVault())

    async def photograph() -> int:
        program = Program(window, open_console)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(program.run())
            try:
                await Photographer(program, window, folder, platform, access).take_all()
            finally:
                program.close()
                await running
        return 0

    return run_behind(app, window, photograph)


class Photographer:
    """Uses the window by its widgets and takes a picture whenever it shows something new."""

    def __init__(
        self,
        program: Program,
        window: MainWindow,
        folder: Path,
        platform: subprocess.Popen[str],
        access: dict[str, str],
    ) -> None:
        self._program, self._window, self._folder = program, window, folder
        self._platform, self._access = platform, access

    async def take_all(self) -> None:
        """In the order of the story."""
        from sessionconsole.domain.settings import Appearance
        from sessionconsole.services.states import Link

        await self._until(lambda: self._program.shell is not None)
        shell = self._program.shell
        console = self._program.console
        assert shell is not None
        assert console is not None
        page = shell.sign_in
        await self._until(page.isVisible)
        page.address.setText(self._access["url"])
        page.username.setText(self._access["username"])
        page.password.setText(self._access["password"])
        await self._take("sign-in")

        page.send.click()
        await self._until(lambda: self._window.page is shell.code)
        code = totp(self._access["totp_secret"])
        shell.code.code.setText(f"{code[:3]} {code[3:5]}")
        await self._take("code")

        shell.code.code.setText(code)
        shell.code.send.click()
        await self._until(lambda: console.watching.state.value.link is Link.LIVE)
        await self._until(lambda: shell.list.model.rowCount() > 0)
        shell.list.table.selectRow(0)
        await self._take("main-light")
        shell.list.rail.appearance_asked.emit(Appearance.DARK)
        await self._take("main-dark")
        shell.list.rail.appearance_asked.emit(Appearance.LIGHT)
        self._window.resize(*NARROW)
        await self._take("narrow", NARROW)
        self._window.resize(*SIZE)

        handle = shell.list.table.current_handle()
        assert handle is not None
        shell.list.details.foot.end.click()
        await self._until(lambda: console.ending.state.value.of(handle) is not None)
        await self._until(lambda: "in 4 seconds" in shell.list.bar.words.full_text)  # the ring has moved
        await self._take("ending")
        await self._until(lambda: shell.list.bar.words.full_text.startswith("Ended"))
        await self._take("ended")

        self._platform.terminate()
        self._platform.wait(10)
        await console.watching.refresh()
        await self._until(shell.list.banner.isVisible)
        shell.list.table.selectRow(1)
        shell.list.details.foot.end.click()
        await self._until(lambda: "not sent yet" in shell.list.bar.words.full_text)
        shell.list.table.selectRow(2)
        await self._take("offline")

    async def _take(self, name: str, size: tuple[int, int] = SIZE) -> None:
        give_keyboard(int(self._window.winId()))
        await asyncio.sleep(0.4)  # Qt paints in between, and the pointer's hover settles
        picture = self._window.screen().grabWindow(0, 0, 0, *size)
        path = self._folder / f"{name}.png"
        picture.save(str(path))
        sys.stdout.write(f"screenshots: {path.name}\n")
        sys.stdout.flush()

    @staticmethod
    async def _until(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + FAR_TOO_LONG
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not come to show what was expected")
            await asyncio.sleep(0.05)


def totp(secret: str) -> str:
    """The code that an authenticator app would show now."""
    from sessionconsole.demo.totp import STEP, code_at

    return code_at(secret, int(time.time()) // STEP)
