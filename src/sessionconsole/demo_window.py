"""`sessionconsole demo`: the window on a demo platform of its own, in a home of its own, without any keyring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.desktop.display import has_display
from sessionconsole.desktop.folders import Folders, keep_new_files_private
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked

if TYPE_CHECKING:
    from sessionconsole.services.console import Console

_PATIENCE = 10.0
"""Seconds that the platform may take to end."""

_FAILED = 1


def show(argv: Sequence[str]) -> int:
    """Show the window until it is closed, or without a display tell its story; the exit code.

    `argv` are the options of `demo --serve`.
    """
    keep_new_files_private()
    with tempfile.TemporaryDirectory(prefix="sessionconsole-demo-", ignore_cleanup_errors=True) as folder:
        home = Folders.for_home({"SESSIONCONSOLE_HOME": folder})
        with _platform(argv) as (process, access):
            if access is None:
                return process.wait(_PATIENCE) or _FAILED
            open_console = partial(_signed_in, home, access)
            return _window(open_console, home) if has_display() else _story(open_console)


@contextmanager
def _platform(argv: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, str] | None]]:
    """The platform in a process of its own, and how to sign in there; None where it did not start and said why."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "sessionconsole.demo", *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        yield process, json.loads(ready) if ready else None
    finally:
        process.stdin.close()  # by which it ends, also where this process is killed
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


async def _signed_in(home: Folders, access: dict[str, str]) -> Console:
    from sessionconsole import wiring
    from sessionconsole.demo.totp import STEP, code_at
    from sessionconsole.vault.memory_vault import MemoryVault

    console = await wiring.open_console(home, MemoryVault())
    asked = await console.signing_in.begin(access["url"], access["username"], access["password"])
    if isinstance(asked, SecondFactorAsked):
        code = code_at(access["totp_secret"], int(time.time()) // STEP)
        await console.signing_in.answer(FactorMethod.TOTP, code)
    return console


def _window(open_console: Callable[[], Awaitable[Console]], home: Folders) -> int:
    from sessionconsole.ui.start import run

    home.create()
    return run(open_console, home.data)


def _story(open_console: Callable[[], Awaitable[Console]]) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from sessionconsole.ui.story import tell

    handle, picture = tempfile.mkstemp(prefix="sessionconsole-demo-", suffix=".png")
    os.close(handle)

    def say(sentence: str) -> None:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()

    return tell(open_console, Path(picture), say)
