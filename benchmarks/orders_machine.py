"""The state machine of tests/services/test_orders_machine.py for as long as one likes.

    python benchmarks/orders_machine.py [--minutes 10] [--seed 1]

Clicks, withdrawals, crashes at any turn of the loop, bad weather, partial answers, another process, other people at the
same desk, in any order; the platform's own count of effects is the judge. Each seed plays other runs, and the same
seed the same ones. Prints the steps, and the shortest run that fails with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.test_orders_machine import Orders

RUNS_AT_ONCE = 50
"""Runs between two looks at the clock."""


def main() -> int:
    """Play until the time is up."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    rules = settings(
        max_examples=RUNS_AT_ONCE,
        stateful_step_count=80,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    began, number, code = time.monotonic(), chosen.seed * 1_000_000, 0
    while not code and time.monotonic() - began < chosen.minutes * 60:
        try:
            run_state_machine_as_test(seed(number)(Orders), settings=rules)
        except Exception:  # noqa: BLE001 -- whatever a run meets is what is looked for
            traceback.print_exc()
            code = 1
        number += 1
    steps, effects = Orders.steps["steps"], Orders.steps["sessions with an effect"]
    print(
        f"{steps:,} steps in {(time.monotonic() - began) / 60:.1f} minutes, seed {chosen.seed}: "
        f"{effects:,} sessions ended, {'a fault' if code else '0 lost, 0 doubled'}"
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
