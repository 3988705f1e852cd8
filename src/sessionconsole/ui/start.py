"""Starts the window and ends it in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.theme import apply
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.system.single_instance import SingleInstance

if TYPE_CHECKING:
    from sessionconsole.ui.console import Console


def run(
    open_console: Callable[[], Awaitable[Console]], home: Path, appearance: Appearance = Appearance.SYSTEM
) -> int:
    """Show the window until it is closed; the exit code.

    `open_console` is called on another thread once the window is painted, so it may import what is heavy; what it
    returns is awaited on the window's loop. A second start on the same `home` raises the first window instead.
    """
    app = QApplication(["sessionconsole"])
    app.setApplicationName("sessionconsole")
    app.setApplicationDisplayName("sessionconsole")
    app.setDesktopFileName("sessionconsole")
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(home)
    if not instance.claim():
        return 0
    window = MainWindow(apply(app, appearance))
    instance.raise_asked.connect(window.come_forward)
    window.show()
    try:
        # From here on the window's skeleton is on its way to the screen, and imports cost nobody a blank one.
        from sessionconsole.ui.program import live

        return live(app, window, open_console)
    finally:
        instance.release()
