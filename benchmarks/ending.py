"""Ending 1,000 sessions with outbox and proof, against a bare HTTP client at the same concurrency.

    python benchmarks/ending.py [--sessions 1000] [--latency 20] [--runs 5]

The platform is the demo platform in a process of its own, with that many milliseconds before each answer. The rival
is httpx2 alone: so many DELETEs, 10 at a time, no list read before or after, nothing written down. Ours is the whole
service: orders written to the encrypted store, the list read, each order written before and after it is sent, 10
requests at a time, the list read again until all are proved gone. "one by one" speaks through a connector that can only
end one session at a time; "together" is the Console API, which ends many by one request. They take turns
(A B C A B C ...), each on a platform that was started for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import httpx2 as httpx
from figures import line
from file_vault import FileVault

from sessionconsole.demo.totp import STEP, code_at
from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.orders import GONE
from sessionconsole.wiring import open_console

CONCURRENT = 10
CONNECTOR = Path(__file__).with_name("one-by-one.toml")


def main() -> None:
    """Let them take turns, and tell."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sessions", type=int, default=1000)
    options.add_argument("--latency", type=int, default=20, metavar="MS")
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    contestants: dict[str, Callable[[dict[str, str]], Any]] = {
        "a bare client": bare,
        "ours, one by one": lambda ready: ours(ready, one_by_one=True),
        "ours, together": lambda ready: ours(ready, one_by_one=False),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(chosen.runs):
        for name, contestant in contestants.items():
            with platform(chosen.sessions, chosen.latency) as ready:
                times[name].append(asyncio.run(contestant(ready)) * 1000)
    print(f"{chosen.sessions:,} sessions, {chosen.latency} ms before each answer, {CONCURRENT} at a time")
    for name, found in times.items():
        print(line(name, found, times["a bare client"]))


@contextmanager
def platform(sessions: int, latency: int) -> Iterator[dict[str, str]]:
    """A fresh demo platform; what it says when it is ready."""
    arguments = ["--sessions", str(sessions + 50), "--latency", str(latency), "--time-scale", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sessionconsole.demo", *arguments, "--reauth-after", "86400"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": sys.path[0], "PATH": ""},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        yield ready | {"count": str(sessions)}
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


async def bare(ready: dict[str, str]) -> float:
    """Seconds that a client needs which does nothing but send."""
    limits = httpx.Limits(max_connections=CONCURRENT, max_keepalive_connections=CONCURRENT)
    async with httpx.AsyncClient(base_url=ready["url"], limits=limits, trust_env=False) as client:
        asked = await client.post(
            "/v1/sign-in", json={"username": ready["username"], "password": ready["password"]}
        )
        code = {"challenge": asked.json()["challenge"], "method": "totp", "code": code_of(ready)}
        answer = await client.post("/v1/sign-in/second-factor", json=code)
        signed = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        ids: list[str] = []
        link: str | None = "/v1/sessions?limit=1000"
        while link:
            page = (await client.get(link, headers=signed)).json()
            ids += [each["id"] for each in page["sessions"] if not each["is_current"]]
            link = page["next"] and str(httpx.URL("/v1/sessions").join(page["next"]))
        waiting = iter(ids[: int(ready["count"])])

        async def work() -> None:
            for native in waiting:
                ended = await client.delete(f"/v1/sessions/{native}", headers=signed)
                assert ended.status_code in (200, 204), ended

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENT):
                group.create_task(work())
        return time.perf_counter() - began


async def ours(ready: dict[str, str], *, one_by_one: bool) -> float:
    """Seconds from the orders to the last proof."""
    with tempfile.TemporaryDirectory() as home:
        folders = Folders.for_home({"SESSIONCONSOLE_HOME": home})
        folders.create()
        folders.connectors.mkdir(exist_ok=True)
        shutil.copy(CONNECTOR, folders.connectors)
        console = await open_console(folders, FileVault(Path(home) / "vault.json"))
        try:
            await console.start()
            asked = await console.signing_in.begin(
                ready["url"], ready["username"], ready["password"], CONNECTOR.stem if one_by_one else None
            )
            if isinstance(asked, SecondFactorAsked):
                await console.signing_in.answer(FactorMethod.TOTP, code_of(ready))
            await console.watching.refresh()
            rows = [row.session for row in console.watching.state.value.rows if not row.session.is_current]
            handles = [session.handle for session in rows][: int(ready["count"])]
            began = time.perf_counter()
            orders = await console.ending.order(handles, hold=False)
            problem = await console.ending.work_off()
            took = time.perf_counter() - began
            done = [console.ending.state.value.orders[order.id] for order in orders]
            assert problem is None, problem
            assert len(done) == int(ready["count"]), (
                len(done),
                len(rows),
                console.watching.state.value.problem,
            )
            assert all(order.outcome in GONE for order in done)
            return took
        finally:
            await console.close()


def code_of(ready: dict[str, str]) -> str:
    """The code of now."""
    return code_at(ready["totp_secret"], int(time.time() // STEP))


if __name__ == "__main__":
    main()
