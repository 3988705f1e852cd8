"""The window on the home of this user: the one place where the window and the wiring meet."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from sessionconsole.desktop.folders import Folders, keep_new_files_private
from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.domain.errors import StoreProblem
from sessionconsole.ui.start import run

if TYPE_CHECKING:
    from sessionconsole.services.console import Console
    from sessionconsole.services.ports import Vault


def open_window(folders: Folders | None = None, make_keyring: Callable[[], Vault] | None = None) -> int:
    """Show the window on these folders, by default the user's own; the exit code.

    `make_keyring` gives another vault than the keyring of this computer, as the demo and the screenshots do.
    """
    home = folders or Folders.for_home()
    keep_new_files_private()
    # Imports leave no garbage worth the time; the window collects it later, on its own thread.
    gc.disable()

    def open_console() -> Awaitable[Console]:
        # All that is heavy; the window is painted before it.
        from sessionconsole import wiring
        from sessionconsole.desktop.log import logging_to

        with suppress(OSError):
            stack.enter_context(logging_to(home.logs))
        return wiring.open_console(home, make_keyring() if make_keyring else None)

    with ExitStack() as stack:
        with suppress(StoreProblem):  # the console says it in the window
            home.create()
        return run(open_console, home.data, JsonSettingsFile(home.settings).load().appearance)
