"""How long a refresh of the list holds the window.

    python benchmarks/refresh.py [--rows 2000 100000] [--runs 5] [--xvfb]

The real window with its pages, presenters, event loop and garbage collector, 1366 x 768; only the services behind it
are made up, and hand over one list after the other. A timer wants its turn every millisecond: the longest that it had
to wait, from the moment a list is handed over until two seconds after it is on the screen, is how long the window
answered nobody. The rival is the same window in the same time with nothing to do. Both take turns (A B A B ...).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from displays import xvfb
from figures import line

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.desktop.settings_file import JsonSettingsFile
from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.domain.settings import Appearance
from sessionconsole.services.observable import Observable
from sessionconsole.services.signing_in import SignInState, Stage
from sessionconsole.services.states import Link, ListState, OrdersState, Row

AFTER = 2.0  # seconds
REFRESHES = {
    "nothing changed": (0, 0),
    "100 rows change": (100, 0),
    "100 new, 100 gone": (0, 100),
    "all rows change": (sys.maxsize, 0),
}


@dataclass
class Service:
    """What stands behind the window and never does anything by itself."""

    state: Observable[Any]

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.Event().wait()


@dataclass
class MadeUp:
    """`ui.console.Console`: signed in, with whatever list it is told to hand over."""

    settings_file: JsonSettingsFile
    clock: SystemClock = field(default_factory=SystemClock)
    zone: tzinfo = UTC
    signing_in: Service = field(default_factory=lambda: Service(Observable(SignInState(Stage.SIGNED_IN))))
    watching: Service = field(default_factory=lambda: Service(Observable(ListState())))
    ending: Service = field(default_factory=lambda: Service(Observable(OrdersState())))
    reviewing: object = None
    notices: Observable[Any] = field(default_factory=lambda: Observable(()))


def listed(sessions: Sequence[LoginSession], at: Any) -> ListState:
    """A list as it was just read: nothing in it is an object of the list before."""
    from contestants import ABOUT

    rows = tuple(Row(replace(session), Assessment()) for session in sessions)
    return ListState(link=Link.LIVE, about=ABOUT, rows=rows, taken_at=at)


class Window:
    """The real one, on a console that is made up."""

    def __init__(self, window: Any, theme: Any, folder: str, count: int) -> None:
        from contestants import People
        from PySide6.QtCore import Qt, QTimer

        from sessionconsole.ui.shell.presenter import Shell
        from sessionconsole.ui.tasks import Tasks

        self._people, self._count, self._turn = People(count), count, 0
        self._console = MadeUp(JsonSettingsFile(Path(folder) / "settings.json"))
        self.tasks = Tasks()
        self.shell = Shell(self._console, self.tasks, theme, window)
        self._shown = asyncio.Event()
        self.shell.listing.shown.connect(self._shown.set)
        self._last, self._longest = time.perf_counter(), 0.0
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._take_turn)
        self._beat.start(1)

    def _take_turn(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now

    async def refresh(self, changed: int, moved: int) -> tuple[float, float]:
        """The longest wait in ms, and the seconds until the list was on the screen."""
        self._turn += 1
        self._people.pass_by(self._turn, min(changed, self._count), moved)
        state = await asyncio.to_thread(listed, self._people.sessions, self._console.clock.now())
        await asyncio.sleep(0.5)
        self._shown.clear()
        started = self._begin()
        self._console.watching.state.set(state)
        del state
        await self._shown.wait()
        took = time.perf_counter() - started
        await asyncio.sleep(AFTER)
        return self._longest * 1000, took

    async def rest(self, seconds: float) -> float:
        """The longest wait in ms while nothing happens."""
        self._begin()
        await asyncio.sleep(seconds)
        return self._longest * 1000

    def _begin(self) -> float:
        self._last, self._longest = time.perf_counter(), 0.0
        return self._last


async def measure(made: Any, theme: Any, count: int, runs: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        window = Window(made, theme, folder, count)
        first, took = await window.refresh(0, 0)
        print(f"\n{count:,} rows; shown first: {first:,.0f} ms held, {took:.1f} s until it is there")
        for name, (changed, moved) in REFRESHES.items():
            held, rest, tooks = [], [], []
            for _ in range(runs):
                longest, took = await window.refresh(changed, moved)
                held.append(longest)
                tooks.append(took)
                rest.append(await window.rest(took + AFTER))
            print(line(f"  {name}: nothing to do", rest, rest))
            print(line(f"  {name}: a refresh", held, rest))
            print(f"      on the screen after {sorted(tooks)[len(tooks) // 2]:.1f} s")
        window.shell.close()
        await window.tasks.close()
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[2000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
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
        for count in asked.rows:
            window = MainWindow(theme)
            window.resize(1366, 768)
            window.show()
            run_behind(app, window, partial(measure, window, theme, count, asked.runs))
            window.hide()
        app.quit()


if __name__ == "__main__":
    main()
