"""`sessionconsole demo`, as the README promises it: with a display, and without one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG\r\n"


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """Nobody's home but the test's, and no keyring anywhere."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "LANG": "C.UTF-8",
        **more,
    }


def test_without_a_display_it_goes_from_list_to_proof_and_saves_a_picture(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-m", "sessionconsole", "demo"],
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Alarm: Maria Santos, Windows PC. Nobody else here is signed in from Brazil." in ran.stdout
    assert re.search(r"^Ended: Maria Santos, Windows PC, gone at \d\d:\d\d:\d\d\.$", ran.stdout, re.MULTILINE)
    picture = Path(ran.stdout.split("photographed: ")[1].strip())
    assert picture.read_bytes().startswith(PNG)
    assert [path.name for path in tmp_path.iterdir()] == [picture.name], "nothing else is left behind"


def test_options_that_make_no_sense_are_refused_in_words(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sessionconsole", "demo", "--sessions", "none"],
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 2
    assert "--sessions" in ran.stderr
    assert "Traceback" not in ran.stderr


@contextmanager
def virtual_display() -> Iterator[str]:
    """An X server on a display that was free."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.needs("Xvfb", "xdotool")
def test_with_a_display_the_window_comes_and_goes_in_order(tmp_path: Path) -> None:
    with virtual_display() as display:
        home = environment(tmp_path, DISPLAY=display)
        demo = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sessionconsole", "demo"],
            env=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            subprocess.run(
                ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Harbour & Reef Tours"],
                env=home,
                check=True,
                timeout=30,
                stdout=subprocess.DEVNULL,
            )
            demo.send_signal(signal.SIGTERM)
            out, errors = demo.communicate(timeout=30)
        finally:
            demo.kill()
            demo.communicate()

    assert (demo.returncode, out, errors) == (0, "", "")
    assert list(tmp_path.iterdir()) == [], "the demo's home is gone with it"
