"""Runs inside a private D-Bus session: GNOME Keyring for real, started and stopped here. Prints what it saw as JSON.

Usage: gnome_keyring_story.py story | read     (`read` is the second process)
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import secretstorage

from sessionconsole.desktop.remembered_keyring import RememberedKeyring
from sessionconsole.domain.errors import KeyringMissing, KeyringProblem
from sessionconsole.services.ports import VAULT_NAMES
from sessionconsole.vault.opening import open_vault

LONG = "".join(chr(33 + number * 7 % 90) for number in range(20_000))
HOME_ID = "f00d" * 8
MEMORY = RememberedKeyring(Path(os.environ["STORY_HOME"]) / "keyring")


@contextmanager
def gnome_keyring() -> Iterator[None]:
    with subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        assert daemon.stdin
        daemon.stdin.write(b"a password")
        daemon.stdin.close()
        try:
            yield
        finally:
            daemon.terminate()
            daemon.wait(10)


async def story() -> dict[str, object]:
    seen: dict[str, object] = {}
    vault = open_vault(HOME_ID, MEMORY)
    try:
        await vault.read("sign-in")
    except KeyringMissing:
        seen["before the daemon runs"] = "KeyringMissing"
    with gnome_keyring():
        await _answering()
        await vault.write("sign-in", LONG)
        await vault.write("store-key", "short")
        seen["title"] = vault.title
        seen["read back"] = await vault.read("sign-in") == LONG
        seen["another process"] = await asyncio.to_thread(_another_process)

        _collection().lock()
        try:
            await vault.read("sign-in")
        except KeyringProblem as problem:
            seen["locked"] = type(problem).__name__
    with gnome_keyring():  # unlocked again, as at the next login of the user
        await _answering()
        seen["after a new login"] = await vault.read("sign-in") == LONG
        await vault.forget_everything()
        seen["forgotten"] = [await vault.read(name) for name in VAULT_NAMES]
        seen["entries left"] = len(list(_collection().get_all_items()))
    return seen


async def read() -> str:
    return "the same" if await open_vault(HOME_ID, MEMORY).read("sign-in") == LONG else "another"


async def _answering() -> None:
    """Wait until the daemon has taken its name on the bus."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            await open_vault(HOME_ID, MEMORY).read("sign-in")
        except KeyringProblem:
            await asyncio.sleep(0.02)
        else:
            return
    raise TimeoutError("GNOME Keyring did not answer")


def _another_process() -> str:
    return subprocess.check_output([sys.executable, __file__, "read"], text=True, timeout=20).strip()


def _collection() -> secretstorage.Collection:
    return secretstorage.get_default_collection(secretstorage.dbus_init())


if __name__ == "__main__":
    # Not under pytest, so here and only here the environment must be the private one.
    assert os.environ["HOME"].startswith(os.environ["STORY_HOME"])
    told = asyncio.run(read()) if sys.argv[1] == "read" else json.dumps(asyncio.run(story()))
    sys.stdout.write(told + "\n")
