"""The console on the demo platform: what it hears at once, and what it says where it may only look."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sessionconsole.cli.main import main
from sessionconsole.cli.terminal import Terminal
from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.errors import NotAllowed
from sessionconsole.services.console import Console
from sessionconsole.services.states import Link
from sessionconsole.wiring import HomeSurroundings, open_console
from tests.demo.client import Client, second_manager
from tests.fakes.vault import FakeVault
from tests.helpers import run, until
from tests.servers import PATIENCE, DemoServer

GRAHAM = ("graham.pell", "tides-and-timetables")
VIEWER = ("viewer", "look-but-do-not-touch")


@asynccontextmanager
async def signed_in(server: DemoServer, who: tuple[str, str], home: Path) -> AsyncIterator[Console]:
    """A console with its loops, signed in."""
    console = await open_console(Folders.for_home({"SESSIONCONSOLE_HOME": str(home)}), FakeVault())
    try:
        await console.start()
        await console.signing_in.begin(server.url, *who)
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(loop) for loop in (console.watching.run(), console.ending.run())]
            await until(lambda: console.watching.state.value.link is Link.LIVE, timeout=PATIENCE)
            yield console
            for loop in loops:
                loop.cancel()
    finally:
        await console.close()


def accounts(console: Console) -> list[str]:
    return [row.session.person.account for row in console.watching.state.value.rows]


def test_a_login_that_does_not_belong_is_on_screen_within_seconds(server: DemoServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with signed_in(server, GRAHAM, tmp_path) as console:
            await until(lambda: console.watching._listening.is_live, timeout=PATIENCE)
            before = accounts(console).count("maria.santos")
            began = time.monotonic()
            await asyncio.to_thread(server.intruder)
            await until(lambda: accounts(console).count("maria.santos") == before + 1, timeout=PATIENCE)
            assert time.monotonic() - began < 15, "the next turn would have been in 30 seconds, or 120"

    run(story(), timeout=60)


def test_a_sign_in_that_is_ended_elsewhere_is_told_within_seconds(server: DemoServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with signed_in(server, GRAHAM, tmp_path) as console:
            await until(lambda: console.watching._listening.is_live, timeout=PATIENCE)
            state = console.watching.state
            await asyncio.to_thread(_end_all_of_graham, server)
            await until(lambda: state.value.link is Link.SIGN_IN_NEEDED, timeout=PATIENCE)

    run(story(), timeout=60)


def test_the_stream_survives_the_end_of_its_token(server: DemoServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with signed_in(server, GRAHAM, tmp_path) as console:
            listening = console.watching._listening
            await until(lambda: listening.is_live, timeout=PATIENCE)
            await asyncio.to_thread(server.advance, 301)
            await until(lambda: not listening.is_live, timeout=PATIENCE)
            await until(lambda: listening.is_live, timeout=PATIENCE)
            assert (await asyncio.to_thread(server.effects))["refreshes"] == 1

    run(story(), timeout=60)


def test_who_may_only_look_is_told_so_before_and_after(server: DemoServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with signed_in(server, VIEWER, tmp_path) as console:
            state = console.watching.state.value
            assert not state.may_end, "so that the window greys out what cannot be done"
            victim = next(row.session.handle for row in state.rows if not row.session.is_current)
            async with console.connection.use() as platform:
                with pytest.raises(NotAllowed) as refused:
                    await platform.end([victim])
            assert refused.value.message == "Your account may see sessions but not end this one."
            assert (await asyncio.to_thread(server.effects))["ended"] == {}

    run(story(), timeout=60)


def test_a_command_of_who_may_only_look_is_refused_in_words(server: DemoServer, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, io.StringIO(f"{VIEWER[1]}\n"), False, str)
    home = HomeSurroundings(Folders.for_home({"SESSIONCONSOLE_HOME": str(tmp_path)}), FakeVault())
    who = ["--url", server.url, "--username", VIEWER[0], "--password-stdin"]

    code = main(["end", "--person", "maria.santos", "--yes", *who], home, terminal)

    assert code == 1
    assert "Your account may see sessions but not end this one." in out.getvalue() + err.getvalue()
    assert len(second_manager(server).call("GET", "/v1/people/maria.santos/sessions").body["sessions"]) == 3


def _end_all_of_graham(server: DemoServer) -> None:
    other = Client(server, server.client("graham.pell")["access_token"])
    own = other.me().body["session_id"]
    for session in other.sessions():
        if session["account"] == "graham.pell" and session["id"] != own:
            other.end(session["id"])
