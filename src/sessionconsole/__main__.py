"""The window without arguments, a command with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        from sessionconsole.desktop.display import NO_DISPLAY, can_open_window

        if not can_open_window():
            sys.stderr.write(f"{NO_DISPLAY}\n")
            return 1
        from sessionconsole.window import open_window

        return open_window()
    from sessionconsole.cli.main import main as command
    from sessionconsole.desktop.folders import Folders, keep_new_files_private
    from sessionconsole.wiring import HomeSurroundings

    keep_new_files_private()
    return command(words, HomeSurroundings(Folders.for_home(), show_demo=_show_demo))


def _show_demo(arguments: Sequence[str]) -> int:
    from sessionconsole.demo_window import show

    return show(arguments)


if __name__ == "__main__":
    sys.exit(main())
