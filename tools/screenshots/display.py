"""A virtual X display of a given size."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def virtual_display(size: tuple[int, int]) -> Iterator[str]:
    """An X server on a display that is free, `size` in px; it ends with the block."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def give_keyboard(window_id: int) -> None:
    """Without a window manager nobody gives a window the keyboard, so fields would show no focus."""
    if shutil.which("xdotool"):
        subprocess.run(["xdotool", "windowfocus", str(window_id)], check=False)
