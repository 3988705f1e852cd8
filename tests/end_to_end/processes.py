"""Console processes on one home with a keyring of its own, for tests that kill one or run two at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.end_to_end.private_keyring import private_keyring
from tests.servers import DemoServer

HERE = Path(__file__).parent
SCRIPT = HERE / "console_process.py"
PATIENCE = 45  # seconds, on a busy machine
TWIN = HERE / "twin_process.py"

Line = dict[str, Any]


class Process:
    """One console process; `until` reads what it tells."""

    def __init__(self, environment: dict[str, str], *arguments: str, script: Path = SCRIPT) -> None:
        self.told: list[Line] = []
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def until(self, condition: Callable[[Line], bool]) -> Line:
        """The first line that it tells of that kind from now on."""
        assert self._process.stdout is not None
        impatience = threading.Timer(PATIENCE, self._process.kill)  # silence must end too
        impatience.start()
        try:
            for text in self._process.stdout:
                line: Line = json.loads(text)
                self.told.append(line)
                if condition(line):
                    return line
        finally:
            impatience.cancel()
        _, errors = self._process.communicate(timeout=30)
        raise AssertionError(f"it ended without that:\n{errors}")

    def killed(self) -> None:
        """As by a power cut."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate(timeout=30)
        assert self._process.returncode == -signal.SIGKILL

    def ends(self) -> None:
        """It ends by itself, and without a word of complaint."""
        _, errors = self._process.communicate(timeout=30)
        assert (self._process.returncode, errors) == (0, "")

    def asked(self, *words: str) -> None:
        """Ask a twin for something, without waiting for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def done(self, what: str) -> Line:
        """What the twin tells when it has done that."""
        return self.until(lambda line: line.get("did") == what)

    def does(self, *words: str) -> Line:
        """Ask a twin for something, and wait until it is done."""
        self.asked(*words)
        return self.done(words[0])

    def gone(self) -> None:
        """Whatever it does, it is not there any more after this: for the end of a test."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate(timeout=30)


@contextmanager
def home_with_keyring(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a home that lets an order go after one second."""
    with private_keyring(folder) as environment:
        settings = Path(environment["SESSIONCONSOLE_HOME"]) / "settings.json"
        settings.parent.mkdir(mode=0o700)
        settings.write_text('{"undo_seconds": 1}')
        yield environment


@contextmanager
def twins(home: dict[str, str], number: int = 2) -> Iterator[list[Process]]:
    """So many consoles on that home, open and waiting for their tasks."""
    made: list[Process] = []
    try:
        made += [Process(home, script=TWIN) for _ in range(number)]
        for each in made:
            each.done("start")
        yield made
    finally:
        for each in made:
            each.gone()


def signed_in(home: dict[str, str], server: DemoServer) -> None:
    """Sign the home in, in a process that ends then."""
    Process(home, "sign-in", server.url, server.username, server.password, server.recovery_code()).ends()


def journal_of(home: dict[str, str]) -> list[str]:
    """What was written down, as `journal` shows it, once `journal verify` has found it sound."""
    command = [sys.executable, "-W", "error", "-m", "sessionconsole", "journal"]
    proved = subprocess.run([*command, "verify"], env=home, capture_output=True, text=True, check=False)
    assert (proved.returncode, proved.stderr) == (0, ""), proved.stderr
    shown = subprocess.run([*command, "--json"], env=home, capture_output=True, text=True, check=True)
    return [entry["kind"] for entry in json.loads(shown.stdout)["entries"]]


def effects(server: DemoServer) -> list[int]:
    """How often each ended session was ended, by the platform's own count."""
    return list(server.effects()["ended"].values())
