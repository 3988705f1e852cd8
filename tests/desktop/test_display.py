"""Whether a window can be shown is known before Qt aborts over it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.display import NO_DISPLAY, has_display

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("env", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"QT_QPA_PLATFORM": "vnc:size=1366x768"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_display(env: dict[str, str], platform: str, there: bool) -> None:
    assert has_display(env, platform) is there


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_the_window_says_that_there_is_no_display(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sessionconsole"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (1, "", NO_DISPLAY)
    assert list(tmp_path.iterdir()) == []
