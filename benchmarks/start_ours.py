"""The program of start.py: `open_window` as `sessionconsole` calls it, on the home that is named; ends after the list.

Everything of the real start is there: folders, log, settings, single instance, theme, event loop, store, locks. Only
the keyring is another one, a file: what a keyring takes to answer is its own affair and differs by computer. The list
counts as painted once its paint event is over and the event loop has come round again.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from sessionconsole.desktop.folders import Folders
from sessionconsole.ui import start
from sessionconsole.window import open_window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject

    from sessionconsole.services.ports import Vault


def tell(what: str) -> None:
    """One line for the parent; its clock is the same on Linux (CLOCK_MONOTONIC)."""
    sys.stdout.write(f"{what} {time.monotonic()}\n")


class Watched(start.MainWindow):
    """The window, told of when it and its list were painted; it closes itself then."""

    def __init__(self) -> None:
        super().__init__()
        self.painted.connect(lambda: tell("window"))
        self._table: QObject | None = None

    def show_page(self, page):  # type: ignore[no-untyped-def]
        super().show_page(page)
        table = getattr(page, "table", None)
        if table is not None and self._table is None:
            self._table = table
            table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is event.Type.Paint and self._table.model().rowCount() > 0:  # type: ignore[union-attr]
            watched.removeEventFilter(self)
            # What is asked for now is done after this paint.
            QTimer.singleShot(0, self._done)
        return False

    def _done(self) -> None:
        tell("list")
        self.close()


def file_vault(folder: Path) -> Vault:
    """The keyring of this home; made once the window is painted, as the real one is."""
    from file_vault import FileVault

    return FileVault(folder / "vault.json")


if __name__ == "__main__":
    home = Path(sys.argv[1])
    start.MainWindow = Watched  # type: ignore[misc]
    open_window(Folders.for_home({"SESSIONCONSOLE_HOME": str(home)}), partial(file_vault, home))
