"""From process start to paint: the window, and a list of 2,000 stored sessions, against an empty QMainWindow.

    python benchmarks/start.py [--xvfb] [--runs 11] [--sessions 2000] [--days 7]

Ours (start_ours.py) is the real program: `open_window` with folders, log, settings, single instance, theme, locks and
the encrypted store, on a home that is signed in and has a list of each of the days before; only the keyring is a file.
The rival (start_rival.py) imports QtWidgets and shows an empty QMainWindow. Processes are started in turn (A B A B ...)
on a warm file cache and tell when they painted; the clock is CLOCK_MONOTONIC, one for all processes on Linux.
`--xvfb` shows both on a real X server instead of Qt's "offscreen".
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"


def measure(script: str, *arguments: str, display: dict[str, str]) -> dict[str, float]:
    """Milliseconds from the start of the process to each thing that it tells."""
    environment = {**os.environ, **display, "PYTHONPATH": str(SOURCE)}
    started = time.monotonic()
    child = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
    )
    told = (line.split() for line in child.stdout.splitlines())
    return {what: (float(at) - started) * 1000 for what, at in told}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--xvfb", action="store_true")
    asked = parser.parse_args()
    sys.path.insert(0, str(SOURCE))
    from displays import xvfb
    from figures import line
    from homes import fill

    offscreen = nullcontext({"QT_QPA_PLATFORM": "offscreen"})
    with tempfile.TemporaryDirectory() as folder, xvfb() if asked.xvfb else offscreen as display:
        asyncio.run(fill(Path(folder), asked.sessions, asked.days))
        rival: list[float] = []
        ours: list[dict[str, float]] = []
        for run in range(asked.runs + 1):
            empty = measure("start_rival.py", display=display)
            real = measure("start_ours.py", folder, display=display)
            if run:  # the first warms the file cache
                rival.append(empty["window"])
                ours.append(real)
    print(line("empty QMainWindow, first paint", rival, rival))
    print(line("sessionconsole, first paint", [times["window"] for times in ours], rival))
    print(line(f"sessionconsole, {asked.sessions:,} rows painted", [times["list"] for times in ours], rival))


if __name__ == "__main__":
    main()
