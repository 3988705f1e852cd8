"""Builds each scene in a window of its own and photographs the display."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.theme import Theme, apply
from sessionconsole.ui.program import run_behind
from sessionconsole.ui.shell.presenter import Shell
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.tasks import Tasks
from tests.fakes.console import FakeConsole
from tools.screenshots.display import give_keyboard
from tools.screenshots.every_scene import EVERY
from tools.screenshots.sheets import SHEETS, Sheet, is_wanted, scenes_of

FAR_TOO_LONG = 20.0
"""Seconds for any one thing to appear."""

_QUICK = (
    "prepare",
    "refresh",
    "start",
    "wish",
    "say ours",
    "sign out",
    "sign-in",
    "second-factor",
    "kinds",
    "check a",
)


class Set:
    """One window on one fake console, for a scene to play in."""

    def __init__(self, theme: Theme, console: FakeConsole, size: tuple[int, int]) -> None:
        self.theme, self.console = theme, console
        self.window = MainWindow(theme)
        self.window.resize(*size)
        self.tasks = Tasks(self.window)
        self.window.show()
        self.shell = Shell(console, self.tasks, theme, self.window)

    async def begin(self) -> None:
        """As at the second start of a home, or at the first one."""
        self.tasks.start("start", self.console.start)
        await self.settles()

    async def settles(self) -> None:
        """Let the window finish what it was told."""
        await asyncio.sleep(0.02)
        await self.until(lambda: not any(key.startswith(_QUICK) for key in self.tasks.running))
        await asyncio.sleep(0.02)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to appear."""
        deadline = time.monotonic() + FAR_TOO_LONG
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not come to show what was expected")
            await asyncio.sleep(0.02)

    @property
    def dialog(self) -> QDialog | None:
        """The question that is open."""
        return next((child for child in self.window.findChildren(QDialog) if child.isVisible()), None)

    async def end(self) -> None:
        """Take the set down."""
        self.window.hide()
        self.shell.close()
        await self.tasks.close(1.0)
        self.window.deleteLater()
        await asyncio.sleep(0.02)


def take_sheet(name: str, folder: Path, words: Sequence[str]) -> int:
    """All wanted pictures of one sheet, on the display that this process was given."""
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    app = QApplication(["sessionconsole"])
    app.setQuitOnLastWindowClosed(False)
    if sheet.mirrored:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    font = app.font()
    font.setPointSizeF(font.pointSizeF() * sheet.text)
    app.setFont(font)
    theme = apply(app, Appearance.LIGHT)
    anchor = MainWindow(theme)
    return run_behind(app, anchor, lambda: _Camera(app, theme, sheet, folder).take(words))


class _Camera:
    def __init__(self, app: QApplication, theme: Theme, sheet: Sheet, folder: Path) -> None:
        self._app, self._theme, self._sheet, self._folder = app, theme, sheet, folder

    async def take(self, words: Sequence[str]) -> int:
        for scene in scenes_of(self._sheet, list(EVERY)):
            looks = [look for look in self._sheet.looks if is_wanted(self._sheet.picture(scene, look), words)]
            if looks:
                await self._take_scene(scene, looks)
        return 0

    async def _take_scene(self, scene: str, looks: Sequence[str]) -> None:
        self._theme.wear(Appearance(looks[0]))
        made = EVERY[scene]
        width, height = self._sheet.size
        size = (round(width / self._sheet.scale), round(height / self._sheet.scale))
        stage = Set(self._theme, made.console(), size)
        try:
            await stage.begin()
            await made.play(stage)
            for look in looks:
                self._theme.wear(Appearance(look))
                give_keyboard(int((self._app.activePopupWidget() or stage.dialog or stage.window).winId()))
                await asyncio.sleep(0.15)  # Qt paints in between
                await self._take(self._sheet.picture(scene, look))
        finally:
            await stage.end()

    async def _take(self, name: str) -> None:
        picture = self._app.primaryScreen().grabWindow(0)
        await asyncio.to_thread(picture.toImage().save, str(self._folder / f"{name}.png"))
        sys.stdout.write(f"screenshots: {name}.png\n")
        sys.stdout.flush()
