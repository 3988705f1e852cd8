"""How long reading the list from a platform holds the window, from the question to the paint.

    python benchmarks/reading.py [--sessions 2000 100000] [--runs 5] [--where] [--xvfb]

Everything is real: the window, the services behind it, the encrypted store, and the demo platform in a process of its
own; only the keyring is a file. A timer wants its turn every millisecond: the longest that it had to wait, from the
moment the list is asked for until two seconds after it is on the screen, is how long the window answered nobody. The
rival is the same window in the same time with nothing to do. Both take turns (A B A B ...). `--where` tells what the
window's thread did in each wait over 20 ms; to look costs time itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from displays import xvfb
from figures import line
from file_vault import FileVault

from sessionconsole.demo.totp import STEP, code_at
from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.settings import Appearance, Settings
from sessionconsole.wiring import open_console

AFTER = 2.0  # seconds
NEVER = 3600  # seconds between two readings that nobody asked for
LONG = 0.020  # seconds
MINUTES = {"nothing changed": 0, "two minutes later": 2, "an hour later": 60}


class Pulse:
    """A timer that wants its turn every millisecond, and a memory of the longest that it had to wait."""

    def __init__(self, *, where: bool) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.places: Counter[str] = Counter()
        self._last, self._longest = time.perf_counter(), 0.0
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._take_turn)
        self._beat.start(1)
        self._over = threading.Event()
        self._watched = threading.get_ident()
        if where:
            threading.Thread(target=self._look, daemon=True).start()

    def begin(self) -> None:
        """Count from now."""
        self._last, self._longest = time.perf_counter(), 0.0

    @property
    def held(self) -> float:
        """The longest wait in ms."""
        return self._longest * 1000

    def stop(self) -> None:
        """Want no more turns."""
        self._beat.stop()
        self._over.set()

    def _take_turn(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now

    def _look(self) -> None:
        found: tuple[float, str] | None = None
        while not self._over.wait(0.004):
            last = self._last
            if found is not None and found[0] != last:
                self.places[f"{found[1]} ({(last - found[0]) * 1000:,.0f} ms)"] += 1
                found = None
            elif found is None and time.perf_counter() - last > LONG:
                found = (last, self._places_now())

    def _places_now(self) -> str:
        """Where the window's thread is, and those that are at work and may be what it waits for."""
        frames = sys._current_frames()  # noqa: SLF001 - there is no other way
        told = [_place(frames.pop(self._watched))]
        frames.pop(threading.get_ident(), None)
        others = [_place(frame) for frame in frames.values() if frame.f_code.co_name not in _IDLE]
        return "; beside ".join([*told, *others])


_IDLE = ("wait", "_worker", "accept")


def _place(frame: FrameType | None) -> str:
    names = []
    while frame is not None and len(names) < 4:
        names.append(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)


@contextmanager
def platform(sessions: int) -> Iterator[dict[str, str]]:
    """A demo platform that stands still unless it is told to go on; what it says when it is ready."""
    options = ["--sessions", str(sessions), "--time-scale", "0", "--rate-limit", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sessionconsole.demo", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": sys.path[0], "PATH": ""},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


async def measure(made: Any, theme: Any, ready: dict[str, str], runs: int, *, where: bool) -> int:
    from sessionconsole.ui.shell.presenter import Shell
    from sessionconsole.ui.tasks import Tasks

    with tempfile.TemporaryDirectory() as home:
        folders = Folders.for_home({"SESSIONCONSOLE_HOME": home})
        console = await open_console(folders, FileVault(Path(home) / "vault.json"))
        console.settings_file.save(Settings(refresh_seconds=NEVER))
        tasks = Tasks()
        shell = Shell(console, tasks, theme, made)
        pulse, shown, read = Pulse(where=where), asyncio.Event(), asyncio.Event()
        await console.start()

        async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
            """The longest wait in ms, and the seconds until the list is on the screen."""
            shown.clear()
            pulse.places.clear()
            pulse.begin()
            started = time.perf_counter()
            await work()
            await shown.wait()
            took = time.perf_counter() - started
            await asyncio.sleep(AFTER)
            return pulse.held, took

        def tell_places() -> None:
            for place, times in sorted(pulse.places.items(), key=lambda each: -each[1]):
                print(f"      {times} x {place}")

        async def sign_in() -> None:
            asked = await console.signing_in.begin(ready["url"], ready["username"], ready["password"])
            if isinstance(asked, SecondFactorAsked):
                code = code_at(ready["totp_secret"], int(time.time() // STEP))
                await console.signing_in.answer(FactorMethod.TOTP, code)
            stop = console.watching.state.subscribe(lambda state: state.taken_at and read.set())
            await read.wait()
            stop()

        shell.listing.shown.connect(shown.set)
        held, took = await timed(sign_in)
        print(f"\n{len(console.watching.state.value.rows):,} sessions; ", end="")
        print(f"shown first: {held:,.0f} ms held, {took:.1f} s until it is there")
        tell_places()
        tasks.cancel(
            "watch"
        )  # nobody else reads: neither after its time nor because of what the platform says
        for name, minutes in MINUTES.items():
            all_held, rest, all_took = [], [], []
            for _ in range(runs):
                await asyncio.to_thread(advance, ready["url"], minutes * 60)
                await asyncio.sleep(1)
                held, took = await timed(console.watching.read_now)
                tell_places()
                all_held.append(held)
                all_took.append(took)
                pulse.begin()
                await asyncio.sleep(took + AFTER)
                rest.append(pulse.held)
            print(line(f"  {name}: nothing to do", rest, rest))
            print(line(f"  {name}: a reading", all_held, rest))
            print(f"      on the screen after {sorted(all_took)[len(all_took) // 2]:.1f} s")
        pulse.stop()
        shell.close()
        await tasks.close()
        await console.close()
    return 0


def advance(url: str, seconds: int) -> None:
    """Let the platform's world go on by so much."""
    import httpx2 as httpx

    httpx.post(f"{url}/demo/advance", json={"seconds": seconds}, timeout=120, trust_env=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, nargs="+", default=[2000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--where", action="store_true")
    parser.add_argument("--xvfb", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        os.environ |= stack.enter_context(xvfb()) if asked.xvfb else {"QT_QPA_PLATFORM": "offscreen"}
        from PySide6.QtWidgets import QApplication

        from sessionconsole.ui.look.theme import apply
        from sessionconsole.ui.program import run_behind
        from sessionconsole.ui.shell.window import MainWindow

        app = QApplication([])
        theme = apply(app, Appearance.LIGHT)
        for count in asked.sessions:
            with platform(count) as ready:
                window = MainWindow(theme)
                window.resize(1366, 768)
                window.show()
                run_behind(app, window, partial(measure, window, theme, ready, asked.runs, where=asked.where))
                window.hide()
        app.quit()


if __name__ == "__main__":
    main()
