"""The pinned PySide6 leaves the reference counts of None, True and False alone (docs/decisions/pyside6-pin.md).

A PySide6 that takes one reference too many per signal aborts the window after some hundred clicks, while a short
test suite stays green: so it is measured here, in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CANARY = Path(__file__).with_name("canary.py")
PER_CALL = 0.25  # references; a real fault is a whole one, and something else may take a few over 200 calls


@pytest.fixture(scope="module")
def canary() -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, CANARY], capture_output=True, text=True, timeout=30, check=False)


def test_qt_survives_thousands_of_signals_and_timers(canary: subprocess.CompletedProcess[str]) -> None:
    assert canary.returncode == 0, canary.stderr
    assert canary.stdout.splitlines()[-1] == "survived"


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None, True and False are immortal from Python 3.12 on"
)
def test_no_qt_operation_takes_or_leaves_a_reference(canary: subprocess.CompletedProcess[str]) -> None:
    measured = [line.rsplit(":", 1) for line in canary.stdout.splitlines() if ":" in line]
    drifting = [
        name for name, drift in measured if any(abs(float(count)) > PER_CALL for count in drift.split())
    ]

    assert len(measured) == 20
    assert drifting == []
