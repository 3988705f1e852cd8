"""A second start raises the window that is there; a killed window is in nobody's way."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.processes import HERE, Process
from tests.servers import ROOT

WINDOW = HERE / "window_process.py"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    # A socket's path may have about 100 characters, and the folders of tests are deep.
    with tempfile.TemporaryDirectory(prefix="sc-") as short:
        yield environment(tmp_path, short)


def environment(tmp_path: Path, short: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "SESSIONCONSOLE_HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": short,
        "TMPDIR": short,
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
    }


@contextmanager
def window(home: dict[str, str]) -> Iterator[Process]:
    """A window that is open and put away."""
    process = Process(home, script=WINDOW)
    try:
        assert process.until(lambda line: "minimized" in line) == {"minimized": True}
        yield process
    finally:
        process.gone()


def start_again(home: dict[str, str]) -> tuple[int, str]:
    """Start the program as a user does; the exit code and what it says."""
    command = [sys.executable, "-W", "error", "-m", "sessionconsole"]
    ended = subprocess.run(command, env=home, capture_output=True, text=True, timeout=30, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the offscreen window of these tests is of X11 and alike")
def test_a_second_start_brings_the_first_window_forward(home: dict[str, str]) -> None:
    with window(home) as first:
        assert start_again(home) == (0, "")
        assert first.until(lambda _: True) == {"minimized": False}

        assert start_again(home) == (0, "")  # and as often as one likes


@pytest.mark.skipif(sys.platform == "win32", reason="the offscreen window of these tests is of X11 and alike")
def test_after_kill_9_the_next_start_is_the_window_and_can_be_raised(home: dict[str, str]) -> None:
    with window(home) as killed:
        killed.killed()

        with window(home) as started_again:
            assert start_again(home) == (0, "")
            assert started_again.until(lambda _: True) == {"minimized": False}
