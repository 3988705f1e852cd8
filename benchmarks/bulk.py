"""How long ending many sessions at once holds the window.

    python benchmarks/bulk.py [--sessions 1000] [--latency 20] [--xvfb]

The real program with its services and an encrypted store, signed in to the demo platform, which runs in a process of
its own and answers after so many milliseconds. All others are ended from the preview on. A timer wants its turn every
millisecond: the longest that it had to wait, from the yes until the summary, is how long the window answered nobody.
The rival is the same window in the seconds before, with nothing to do. On a computer that is busy with other things
every wait is longer: how long the thread of the window really worked between two turns is told beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from displays import xvfb

REST = 5.0  # seconds
FAR_TOO_LONG = 240.0  # seconds


@contextmanager
def platform(sessions: int, latency: int) -> Iterator[dict[str, str]]:
    """The demo platform in its own process, and how to sign in there."""
    command = [sys.executable, "-m", "sessionconsole.demo", "--seed", "1", "--sessions", str(sessions)]
    command += ["--people", str(max(5, sessions // 4)), "--latency", str(latency), "--time-scale", "0"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


class Beat:
    """The longest wait of a timer that wants its turn every millisecond, by what was going on."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.longest: dict[str, tuple[float, float]] = {}
        self._phase, self._last, self._cpu = "", time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start(1)

    def begin(self, phase: str) -> None:
        """What follows is that."""
        self._turn()
        self._phase = phase

    def _turn(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        held, worked = 1000 * (now - self._last), 1000 * (cpu - self._cpu)
        self._last, self._cpu = now, cpu
        most_held, most_worked = self.longest.get(self._phase, (0.0, 0.0))
        self.longest[self._phase] = max(most_held, held), max(most_worked, worked)


async def until(condition: Callable[[], Any]) -> Any:
    """Wait for something to be there."""
    async with asyncio.timeout(FAR_TOO_LONG):
        while not (found := condition()):  # noqa: ASYNC110 -- what is waited for tells nobody
            await asyncio.sleep(0.02)
        return found


async def end_all_others(program: Any, window: Any, access: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Sign in, end them as a user does, and give the longest waits in ms."""
    from PySide6.QtWidgets import QDialog

    from sessionconsole.demo.totp import code_at

    shell = await until(lambda: program.shell)
    page, console = shell.sign_in, program.console
    await until(page.isVisible)
    page.address.setText(access["url"])
    page.username.setText(access["username"])
    page.password.setText(access["password"])
    page.send.click()
    await until(lambda: window.page is shell.code)
    shell.code.code.setText(code_at(access["totp_secret"], int(time.time() // 30)))
    shell.code.send.click()
    await until(lambda: shell.list.model.rowCount() > 1)
    await asyncio.sleep(3)
    beat = Beat()
    beat.begin("nothing to do")
    await asyncio.sleep(REST)
    beat.begin("the preview")
    shell.ending.several.ask_others()
    dialog = await until(
        lambda: next((each for each in window.findChildren(QDialog) if each.isVisible()), None)
    )
    await asyncio.sleep(1)
    started = time.perf_counter()
    beat.begin("ordered and held")
    dialog.yes.click()
    await until(lambda: console.ending.state.value.orders)
    orders = len(console.ending.state.value.orders)
    await until(lambda: (work := shell.ending.several.progress(console.ending.state.value)) and not work.held)
    beat.begin("sent and proved")
    await until(lambda: shell.ending.several.progress(console.ending.state.value).is_over)
    took = time.perf_counter() - started
    await asyncio.sleep(2)
    beat.begin("")
    print(f"  {orders:,} orders in {took:.1f} s: {shell.list.bar.words.full_text}")
    return {phase: longest for phase, longest in beat.longest.items() if phase}


def run(app: Any, access: dict[str, str]) -> dict[str, tuple[float, float]]:
    """One run in a home of its own."""
    from sessionconsole.desktop.folders import Folders
    from sessionconsole.domain.settings import Appearance
    from sessionconsole.ui.look.theme import apply
    from sessionconsole.ui.program import Program, run_behind
    from sessionconsole.ui.shell.window import MainWindow

    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as home:
        folders = Folders(Path(home), Path(home), Path(home) / "logs", Path(home) / "cache")
        folders.create()
        window = MainWindow(apply(app, Appearance.LIGHT))
        window.resize(1366, 768)
        window.show()

        def open_console() -> Awaitable[Any]:
            from sessionconsole import wiring
            from sessionconsole.vault.memory_vault import MemoryVault

            return wiring.open_console(folders, MemoryVault())

        async def work() -> int:
            program = Program(window, open_console)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(program.run())
                try:
                    found.update(await end_all_others(program, window, access))
                finally:
                    program.close()
                    await running
            return 0

        run_behind(app, window, work)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--latency", type=int, default=20)
    parser.add_argument("--xvfb", action="store_true", help="on a virtual X display instead of offscreen")
    given = parser.parse_args()
    with ExitStack() as stack:
        if given.xvfb:
            os.environ |= stack.enter_context(xvfb())
        else:
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtWidgets import QApplication

        app = QApplication(["sessionconsole"])
        app.setQuitOnLastWindowClosed(False)
        access = stack.enter_context(platform(given.sessions, given.latency))
        for phase, (held, worked) in run(app, access).items():
            print(f"  {phase}: the longest wait {held:,.0f} ms, the longest own work {worked:,.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
