"""Real servers for tests: started on loopback in a process of their own, and stopped by their handle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sessionconsole.demo.totp import STEP, code_at

ROOT = Path(__file__).parent.parent
PATIENCE = 20  # seconds to start or stop, on a busy machine
STILL = ("--time-scale", "0")
"""Options of a world that moves only when a test says `advance`."""


class DemoServer:
    """The demo platform in its own process; the arguments are those of `sessionconsole demo --serve`.

    Use it in a `with`. The world lives in real time unless STILL is among the arguments.
    """

    def __init__(self, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sessionconsole.demo", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self.errors = ""
        self._advanced = 0.0
        self._given: set[int] = set()
        ready = self._first_line()
        self.url: str = ready["url"]
        self.username: str = ready["username"]
        self.password: str = ready["password"]
        self.totp_secret: str = ready["totp_secret"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> int:
        """Close its standard input and wait for its end; the exit code. What it wrote is in `errors`."""
        if self.process.poll() is not None and self.process.stdin is not None and self.process.stdin.closed:
            return self.process.returncode
        try:
            _, errors = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, errors = self.process.communicate()
        self.errors += errors
        return self.process.returncode

    def kill(self) -> None:
        """End it as a power cut would: nothing is said to anybody."""
        self.process.kill()
        self.stop()

    def totp_code(self) -> str:
        """A code that was not given out before. Three fit into 30 seconds; `advance(30)` makes room for more."""
        now = int((time.time() + self._advanced) // STEP)
        # The oldest comes last: it is too old as soon as the next 30 seconds begin, on its way to the platform.
        left = [counter for counter in (now, now + 1, now - 1) if counter not in self._given]
        assert left, "three codes in 30 seconds: advance(30), or take a recovery_code()"
        self._given.add(left[0])
        return code_at(self.totp_secret, left[0])

    def recovery_code(self) -> str:
        """One of the manager's recovery codes that are still good."""
        codes: list[str] = self.ask("GET", "/demo/recovery-codes")["recovery_codes"]
        return codes[0]

    def effects(self) -> dict[str, Any]:
        """`{"ended": {id: times it took effect}, "end_requests": n, "refreshes": n}`."""
        return self.ask("GET", "/demo/effects")

    def fault(self, match: str, fault: str, times: int = 1) -> None:
        """The next requests that begin like "DELETE /v1/sessions" go wrong; see demo/faults.py for the kinds."""
        self.ask("POST", "/demo/faults", {"next": [{"match": match, "fault": fault, "times": times}]})

    def no_faults(self) -> None:
        """Forget the faults that have not happened yet."""
        self.ask("POST", "/demo/faults", {"next": []})

    def breach(self, *breaches: str) -> None:
        """Break the contract in these ways from now on; see demo/breaches.py for them."""
        self.ask("POST", "/demo/breaches", {"breaches": list(breaches)})

    def client(self, account: str, **facts: str) -> dict[str, str]:
        """Sign another client in (facts: user_agent, ip, device_name, app): session_id, access_token, refresh_token."""
        return self.ask("POST", "/demo/clients", {"account": account, **facts})

    def intruder(self) -> str:
        """Maria's well-known intruder appears now; the id of the session."""
        session_id: str = self.ask("POST", "/demo/intruder", {})["session_id"]
        return session_id

    def advance(self, seconds: float) -> None:
        """Move the world's clock on."""
        self._advanced += seconds
        self.ask("POST", "/demo/advance", {"seconds": seconds})

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Knock at one of the demo's own doors."""
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Connection": "close"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=PATIENCE) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    def _first_line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        impatience = threading.Timer(PATIENCE, self.process.kill)
        impatience.start()
        line = self.process.stdout.readline()
        impatience.cancel()
        if not line:
            self.stop()
            raise AssertionError(f"the demo platform did not start:\n{self.errors}")
        ready: dict[str, Any] = json.loads(line)
        return ready
