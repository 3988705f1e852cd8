"""A window in a process of its own, put away at once: tells when it is there, and when it comes forward again."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from sessionconsole.desktop.folders import Folders
from sessionconsole.services.console import Console
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.start import run
from sessionconsole.vault.memory_vault import MemoryVault
from sessionconsole.wiring import open_console


def tell(**facts: object) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Watcher(QObject):
    """Sees the window come forward."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowStateChange and isinstance(watched, QWidget):
            tell(minimized=watched.isMinimized())
        return False


async def opened(home: Folders) -> Console:
    (window,) = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
    window.installEventFilter(Watcher(window))
    window.showMinimized()
    return await open_console(home, MemoryVault())


if __name__ == "__main__":
    folders = Folders.for_home()
    folders.create()
    sys.exit(run(lambda: opened(folders), folders.data))
