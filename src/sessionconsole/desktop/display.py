"""Whether a window can be shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

NO_DISPLAY = (
    "There is no display to show a window on. Start it from a desktop, or use the commands: "
    "sessionconsole --help."
)


def can_open_window(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether Qt will start: it aborts where it finds no display, and needs none off screen."""
    return bool(env.get("QT_QPA_PLATFORM")) or has_display(env, platform)


def has_display(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether this process has a screen; Windows and macOS always do, elsewhere X11 or Wayland says so.

    A `QT_QPA_PLATFORM` that is set decides instead, because Qt follows it: offscreen is no screen to look at.
    """
    if chosen := env.get("QT_QPA_PLATFORM"):
        return chosen.partition(":")[0] not in ("offscreen", "minimal")
    return platform in ("win32", "darwin") or any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
