"""Starts the window and ends it in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.tokens import DARK, HIGH_CONTRAST, LIGHT
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.system.single_instance import SingleInstance

if TYPE_CHECKING:
    from sessionconsole.ui.console import Console

_PATIENCE = 1000
"""Milliseconds: started minimized, a window may not be painted for long."""

_LISTEN_AFTER = 500
"""Milliseconds, so that the network is imported behind the list; whoever starts a second time asks for seconds."""


def run(
    open_console: Callable[[], Awaitable[Console]], home: Path, appearance: Appearance = Appearance.SYSTEM
) -> int:
    """Show the window until it is closed; the exit code.

    `open_console` is called on another thread once the window is painted, so it may import what is heavy; what it
    returns is awaited on the window's loop. A second start on the same `home` raises the first window instead.
    """
    # Nothing here may need QtCore.Qt: its enums alone take as long as a third of an empty window.
    app = QApplication(["sessionconsole", "-style", "Fusion"])
    app.setApplicationName("sessionconsole")
    app.setApplicationDisplayName("sessionconsole")
    app.setDesktopFileName("sessionconsole")
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(home)
    if not instance.claim():
        return 0
    window = MainWindow()
    _lay_ground(app, window, appearance)
    window.show()
    try:
        _wait_for_paint(window)
        # The ground is on the screen, and imports cost nobody a blank one.
        from sessionconsole.ui.look.theme import Theme
        from sessionconsole.ui.program import live

        theme = Theme(app, in_fusion=True)
        theme.wear(appearance)
        window.dress(theme)
        instance.raise_asked.connect(window.come_forward)
        QTimer.singleShot(_LISTEN_AFTER, instance.listen)
        return live(app, window, open_console)
    finally:
        instance.release()


def _lay_ground(app: QApplication, window: MainWindow, appearance: Appearance) -> None:
    """The colour that the theme will give the window a moment later, so that nothing flashes."""
    system = DARK if app.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
    worn = {Appearance.LIGHT: LIGHT, Appearance.DARK: DARK, Appearance.HIGH_CONTRAST: HIGH_CONTRAST}
    palette = window.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(worn.get(appearance, system).window))
    window.setPalette(palette)


def _wait_for_paint(window: MainWindow) -> None:
    waiting = QEventLoop()
    window.painted.connect(waiting.quit)
    QTimer.singleShot(_PATIENCE, waiting.quit)
    waiting.exec()
