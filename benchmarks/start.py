"""From process start to paint: the window, and a list of 2,000 stored sessions, against an empty QMainWindow.

    python benchmarks/start.py [--runs 7] [--sessions 2000]

Each child process is started in turn (A B A B ...); the parent's clock is CLOCK_MONOTONIC, which is one for all
processes on Linux. No network: the list comes from the encrypted store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNREACHABLE = "http://127.0.0.1:9"


def told(what: str) -> None:
    """One line for the parent, and a word for when it was."""
    print(json.dumps({"what": what, "at": time.monotonic()}), flush=True)


def empty_window() -> None:
    """The rival: what any Qt program in Python has to do."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Empty(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            super().paintEvent(event)
            told("window")
            QTimer.singleShot(0, QApplication.quit)

    app = QApplication([])
    window = Empty()
    window.resize(1366, 768)
    window.show()
    app.exec()


def console_window(folder: Path) -> None:
    """Ours, by the same steps as `sessionconsole.ui.start`."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    from sessionconsole.desktop.folders import Folders
    from sessionconsole.domain.settings import Appearance
    from sessionconsole.ui.look.theme import apply
    from sessionconsole.ui.shell.window import MainWindow

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow(apply(app, Appearance.LIGHT))
    window.painted.connect(lambda: told("window"))
    window.show()

    from sessionconsole.services.console import Console
    from sessionconsole.ui.program import Program, run_behind

    def open_console() -> Awaitable[Console]:
        from sessionconsole import wiring

        return wiring.open_console(
            Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)}), filled_vault(folder)
        )

    class ListOnScreen(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            shell = program.shell
            if (
                event.type() is QEvent.Type.Paint
                and shell is not None
                and watched is shell.list.table.viewport()
                and shell.list.model.rowCount() > 0
            ):
                told("list")
                app.removeEventFilter(self)
                program.close()
            return False

    async def live() -> int:
        nonlocal program
        program = Program(window, open_console)
        app.installEventFilter(watcher)
        return await program.run()

    program: Program
    watcher = ListOnScreen()
    run_behind(app, window, live)


def filled_vault(folder: Path):  # type: ignore[no-untyped-def]
    """The keyring of the home, as a file: for this measurement only, the entries are not secret."""
    from sessionconsole.vault.memory_vault import MemoryVault

    class FileVault(MemoryVault):
        kept = True

        async def read(self, name: str) -> str | None:
            return json.loads((folder / "vault.json").read_text()).get(name)

    return FileVault()


async def prepare(folder: Path, sessions: int) -> None:
    """A home that is signed in, with a stored list of so many sessions."""
    from datetime import UTC, datetime, timedelta

    from sessionconsole.desktop.clock import SystemClock
    from sessionconsole.desktop.folders import Folders
    from sessionconsole.domain.credentials import Credential, SignInRecord
    from sessionconsole.domain.platforms import PlatformAbout
    from sessionconsole.domain.sessions import (
        Device,
        DeviceType,
        Handle,
        LoginSession,
        Network,
        Person,
        Place,
        Snapshot,
    )
    from sessionconsole.services.credentials import SIGN_IN, encode_record
    from sessionconsole.services.opening import STORE_KEY
    from sessionconsole.store.opening import open_store

    key = os.urandom(32)
    record = SignInRecord(
        UNREACHABLE,
        "console-api",
        "dana",
        "bench",
        "Bench",
        "dana",
        "Dana",
        Credential({"access_token": "-"}),
    )
    (folder / "vault.json").write_text(json.dumps({STORE_KEY: key.hex(), SIGN_IN: encode_record(record)}))
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)})
    folders.create()
    now = datetime.now(UTC)
    rows = tuple(
        LoginSession(
            Handle(f"bench:{number:06}"),
            Person(f"person.{number % 400}", f"Person {number % 400}", "Guide"),
            Device(DeviceType.PHONE, "Android 14", "Chrome", None, None, f"Pixel {number % 9}"),
            f"agent {number % 60}",
            f"203.0.113.{number % 250}",
            Place("Cairns", "AU", -16.9, 145.8),
            Network(64500 + number % 12, f"Network {number % 12}", "mobile"),
            now - timedelta(days=30, seconds=number),
            now - timedelta(seconds=number * 7),
            now + timedelta(hours=12),
            now + timedelta(days=7),
            number == 0,
        )
        for number in range(sessions)
    )
    about = PlatformAbout("bench", "Bench", UNREACHABLE, "console-api")
    store, _ = await open_store(folders.store, key, SystemClock())
    await store.lists.keep(about, Snapshot("bench", "dana", now, rows))
    await store.close()


def measure(*arguments: str) -> dict[str, float]:
    """Milliseconds from the start of the process to each thing that it tells."""
    started = time.monotonic()
    child = subprocess.run(
        [sys.executable, __file__, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    return {line["what"]: (line["at"] - started) * 1000 for line in lines}


def row(name: str, times: list[float], rival: list[float]) -> str:
    """Median, spread, and the ratio pair by pair."""
    ratios = sorted(ours / theirs for ours, theirs in zip(times, rival, strict=True))
    return (
        f"{name:<34}{statistics.median(times):8.0f} ms  ({min(times):.0f} to {max(times):.0f})"
        f"   ratio {statistics.median(ratios):.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--child", choices=("empty", "console"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child: Callable[[], None] = (
            empty_window if asked.child == "empty" else partial(console_window, asked.folder)
        )
        return child()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(prepare(Path(folder), asked.sessions))
        empty, ours = [], []
        for run in range(asked.runs + 1):
            pair = measure("--child", "empty"), measure("--child", "console", "--folder", folder)
            if run:  # the first warms the file cache
                empty.append(pair[0])
                ours.append(pair[1])
    rival = [times["window"] for times in empty]
    print(row("empty QMainWindow, first paint", rival, rival))
    print(row("sessionconsole, first paint", [times["window"] for times in ours], rival))
    print(row(f"sessionconsole, {asked.sessions:,} rows painted", [times["list"] for times in ours], rival))
    return None


if __name__ == "__main__":
    main()
