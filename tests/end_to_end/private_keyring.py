"""GNOME Keyring for real, unlocked, on a D-Bus of its own: for programs that a test starts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""Without service folders, so that nothing starts on the bus but what a test starts."""

_WAIT_UNTIL_IT_ANSWERS = """
import asyncio
from sessionconsole.domain.errors import KeyringProblem
from pathlib import Path
from sessionconsole.desktop.remembered_keyring import RememberedKeyring
from sessionconsole.vault.opening import open_vault

async def ready():
    answers = False
    while not answers:
        try:
            await open_vault("0" * 32, RememberedKeyring(Path("nowhere/keyring"))).read("sign-in")
            answers = True
        except KeyringProblem:
            pass

asyncio.run(asyncio.wait_for(ready(), 15))
"""


@contextmanager
def private_keyring(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which a program finds the keyring, and a home of its own below `folder`."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "SESSIONCONSOLE_HOME": str(folder / "console"),
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
    }
    for name, part in {
        "HOME": "home",
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_RUNTIME_DIR": "runtime",
    }.items():
        (folder / part).mkdir(mode=0o700, parents=True)
        environment[name] = str(folder / part)
    configuration = folder / "bus.conf"
    configuration.write_text(BUS)
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    daemon: subprocess.Popen[str] | None = None
    try:
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert daemon.stdin is not None
        daemon.stdin.write("for a test only")
        daemon.stdin.close()
        (folder / "keyring.pid").write_text(str(daemon.pid))  # for a test that has it hang
        subprocess.run(
            [sys.executable, "-c", _WAIT_UNTIL_IT_ANSWERS], env=environment, check=True, timeout=20
        )
        yield environment
    finally:
        for process in (daemon, bus):
            if process is not None:
                process.terminate()
                process.wait(timeout=10)
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        pipe.close()


class Terminal:
    """Somebody who types commands in that environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and leave it running; the caller ends it."""
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sessionconsole", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def types(self, *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with these lines on its standard input."""
        command = self.start(*arguments)
        out, err = command.communicate(lines, timeout=60)
        return subprocess.CompletedProcess(command.args, command.returncode, out, err)
