"""Sorting, searching, updating and refreshing the session table, against a QSortFilterProxyModel.

    python benchmarks/table.py [--rows 2000 100000] [--runs 5] [--xvfb]

Ours is the real SessionTable with its model, 1366 x 768. The rival is a QTableView on a QSortFilterProxyModel with a
precomputed sort role and one folded search text per row, over a Python model that answers from prepared texts. Each
figure is how long the GUI thread is busy with one wish, the view's own work and one full repaint of each included:
while it lasts, the window answers nobody. What ours prepares on another thread is told apart as "prepared behind",
and refresh.py measures how a whole refresh is felt, that thread and the garbage collector included.
Ours and the rival take turns (A B A B ...). A rival that needs more than 4 seconds is asked once.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from displays import xvfb
from figures import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contestants import Contestant

PATIENCE = 4.0  # seconds


def wishes(ours: Contestant, rival: Contestant, count: int) -> dict[str, Callable[[Contestant], None]]:
    """What is asked of both, by name; each call asks for something that is not shown yet."""
    turn = {ours: 0, rival: 0}

    def other(contestant: Contestant) -> int:
        turn[contestant] += 1
        return turn[contestant]

    return {
        "sort by person": lambda it: it.sort("person", descending=other(it) % 2 == 0),
        "sort by last active": lambda it: it.sort("last active", descending=other(it) % 2 == 0),
        "search: one letter": lambda it: it.search("abcdefghij"[other(it) % 10]),
        "search: a rare word": lambda it: it.search(f"number{other(it) % 400}"),
        "search: cleared": lambda it: it.search(""),
        "100 rows change": lambda it: it.refresh(changed=100, turn=other(it)),
        "100 new, 100 gone": lambda it: it.refresh(moved=100, turn=other(it)),
        "all rows change": lambda it: it.refresh(changed=count, turn=other(it)),
    }


def race(count: int, runs: int) -> None:
    from contestants import Ours, Rival

    ours, rival = Ours(count), Rival(count)
    print(f"\n{count:,} rows; shown first: ours {ours.first:,.0f} ms, the rival {rival.first:,.0f} ms")
    for name, wish in wishes(ours, rival, count).items():
        times: dict[object, list[float]] = {ours: [], rival: []}
        ours.behind.clear()
        for run in range(runs + 1):
            for it in (ours, rival):
                if it is rival and times[rival] and times[rival][0] > PATIENCE * 1000:
                    times[rival].append(times[rival][0])
                    continue
                if name == "search: cleared":
                    it.search("number7")
                it.get_ready(name)
                gc.collect()
                gc.disable()
                started = time.perf_counter()
                wish(it)
                it.paint()
                took = (time.perf_counter() - started - it.not_counted) * 1000
                gc.enable()
                if run or (it is rival and took > PATIENCE * 1000):  # the first round warms up
                    times[it].append(took)
        theirs = times[rival][:runs]
        once = "  (rival asked once)" if theirs[0] > PATIENCE * 1000 else ""
        print(line(f"  {name}: rival", theirs, theirs) + once)
        print(line(f"  {name}: ours", times[ours][:runs], theirs))
        if ours.behind:
            behind = sorted(ours.behind)
            print(f"      prepared behind, on another thread: {behind[len(behind) // 2] * 1000:,.0f} ms")
    ours.close()
    rival.close()


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

        app = QApplication([])
        for count in asked.rows:
            race(count, asked.runs)
        app.quit()


if __name__ == "__main__":
    main()
