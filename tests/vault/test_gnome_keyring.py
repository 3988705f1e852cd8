"""GNOME Keyring for real, on a D-Bus of its own and in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sessionconsole.services.ports import VAULT_NAMES
from tests.end_to_end.private_keyring import BUS

ROOT = Path(__file__).parents[2]
STORY = Path(__file__).with_name("gnome_keyring_story.py")


@pytest.mark.needs("dbus-run-session", "gnome-keyring-daemon")
def test_a_long_secret_lives_in_gnome_keyring(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("home", "data", "config", "cache", "runtime")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    (tmp_path / "bus.conf").write_text(BUS)

    ended = subprocess.run(
        [
            "dbus-run-session",
            f"--config-file={tmp_path / 'bus.conf'}",
            "--",
            sys.executable,
            str(STORY),
            "story",
        ],
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "STORY_HOME": str(tmp_path),
            "HOME": str(folders["home"]),
            "XDG_DATA_HOME": str(folders["data"]),
            "XDG_CONFIG_HOME": str(folders["config"]),
            "XDG_CACHE_HOME": str(folders["cache"]),
            "XDG_RUNTIME_DIR": str(folders["runtime"]),
            # Must not matter.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {
        "before the daemon runs": "KeyringMissing",
        "title": "Secret Service (GNOME Keyring or alike)",
        "read back": True,
        "another process": "the same",
        "locked": "KeyringLocked",
        "after a new login": True,
        "forgotten": [None] * len(VAULT_NAMES),
        "entries left": 0,
    }
