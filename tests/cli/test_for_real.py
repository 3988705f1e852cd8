"""The commands against a live demo platform, with the real encrypted store; only the keyring is in memory."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sessionconsole.cli.main import main
from sessionconsole.cli.terminal import Terminal
from sessionconsole.desktop.folders import Folders
from sessionconsole.wiring import HomeSurroundings
from tests.allauth_server import AllauthServer
from tests.cli.desk import Ran
from tests.fakes.vault import FakeVault
from tests.servers import STILL, DemoServer

ROOT = Path(__file__).parents[2]


class Home:
    """One real home; its keyring outlives the commands, as the operating system's does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)})
        self.keyring = FakeVault()

    def run(self, *argv: str, stdin: str = "") -> Ran:
        """Type a command."""
        out, err = io.StringIO(), io.StringIO()
        terminal = Terminal(out, err, io.StringIO(stdin), False, str)
        code = main(argv, HomeSurroundings(self.folders, self.keyring), terminal)
        return Ran(code, out.getvalue(), err.getvalue())

    def sign_in(self, platform: DemoServer) -> Ran:
        """As the manager."""
        who = ("--url", platform.url, "--username", platform.username, "--password-stdin")
        return self.run("sign-in", *who, "--otp", platform.totp_code(), stdin=f"{platform.password}\n")


@pytest.fixture(scope="module")
def platform() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_the_intruder_is_seen_ended_and_proved_gone(platform: DemoServer, home: Home) -> None:
    platform.advance(60)
    assert home.sign_in(platform).code == 0
    home.run("list")
    stranger = platform.intruder()

    alarms = [s for s in home.run("list", "--json", "--unfamiliar").json["sessions"] if _alarms(s)]
    newest = max(alarms, key=lambda session: session["signed_in_at"])
    assert (newest["person"]["account"], newest["place"]["country"]) == ("maria.santos", "BR")
    ended = home.run("end", newest["id"], "--yes", "--json")

    assert (ended.code, ended.outcomes) == (0, ["proved-gone"])
    assert platform.effects()["ended"][stranger] == 1
    ids = [s["id"] for s in home.run("list", "--json").json["sessions"]]
    assert newest["id"] not in ids
    assert home.run("outbox", "--json").json["orders"][0]["outcome"] == "proved-gone"
    assert home.run("doctor").code == 0
    assert home.run("sign-out").code == 0


def test_five_minutes_later_the_platform_wants_a_code_again(platform: DemoServer, home: Home) -> None:
    platform.advance(60)
    signed_in = home.sign_in(platform)
    assert signed_in.code == 0, signed_in.err
    platform.advance(600)
    listed = home.run("list", "--json", "--person", "tom.breuer")
    assert listed.code == 0, listed.err
    handle = listed.json["sessions"][0]["id"]

    refused = home.run("end", handle, "--yes", "--json")
    ended = home.run("end", handle, "--yes", "--json", "--otp", platform.totp_code())

    assert (refused.code, refused.json["error"]["code"]) == (3, "reauthentication-needed")
    assert (ended.code, ended.outcomes) == (0, ["proved-gone"])


def test_with_the_cable_pulled_orders_wait_and_are_sent_later(home: Home) -> None:
    with DemoServer(*STILL) as platform:
        port = platform.url.rpartition(":")[2]
        home.sign_in(platform)
        fresh = home.run("list", "--json").json
    handle = next(s["id"] for s in fresh["sessions"] if not s["is_current"])

    stored = home.run("list", "--json")
    assert stored.code == 4
    assert stored.json["offline"] is True
    assert [s["id"] for s in stored.json["sessions"]] == [s["id"] for s in fresh["sessions"]]
    assert home.run("list", "--offline").code == 0
    assert (home.run("end", handle, "--yes").code) == 4
    queued = home.run("end", handle, "--yes", "--json", "--offline-queue")
    assert (queued.code, queued.outcomes) == (4, ["queued"])

    with DemoServer(*STILL, "--port", port) as again:
        # The platform was set up anew under the same address, so it knows neither the sign-in nor the session.
        refused = home.run("outbox", "send", "--yes", "--json")
        assert refused.code in (3, 4)
        assert again.effects()["ended"] == {}
    assert [order["state"] for order in home.run("outbox", "--json").json["orders"]] == [
        "withdrawn",
        "queued",
    ]


def test_an_order_never_follows_its_manager_to_another_platform_of_the_same_name(home: Home) -> None:
    with DemoServer(*STILL) as platform:
        home.sign_in(platform)
        sessions = home.run("list", "--json").json["sessions"]
    handle = next(s["id"] for s in sessions if not s["is_current"])
    home.run("end", handle, "--yes", "--offline-queue")
    home.run("sign-out")

    with DemoServer(*STILL, "--seed", "77") as namesake:
        home.sign_in(namesake)
        sent = home.run("outbox", "send", "--yes", "--json")

    assert sent.json == {"results": []}, "its list proves nothing of a session elsewhere"
    assert [order["state"] for order in home.run("outbox", "--json").json["orders"]] == ["queued"]


def test_forget_leaves_nothing_behind(platform: DemoServer, home: Home) -> None:
    platform.advance(60)
    home.sign_in(platform)
    home.run("list")
    _private(home.folder)

    assert home.run("forget", "--all", "--yes").code == 0

    assert not home.folder.exists()
    assert home.keyring._secrets == {}


def test_forget_leaves_alone_what_is_not_ours(home: Home) -> None:
    home.run("list")
    (home.folder / "holiday.jpg").touch()

    home.run("forget", "--all", "--yes")

    assert [path.name for path in home.folder.iterdir()] == ["holiday.jpg"]


def test_without_a_keyring_a_process_lists_and_ends_in_one_call_each(
    platform: DemoServer, tmp_path: Path
) -> None:
    platform.advance(60)
    before = {s["id"] for s in _one_call(platform, tmp_path, "list", "--json")["sessions"]}
    mine = platform.client("ruby.costello", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/157.0")
    listed = _one_call(platform, tmp_path, "list", "--json", "--person", "ruby.costello")["sessions"]
    (fresh,) = [s["id"] for s in listed if s["id"] not in before]

    platform.advance(60)
    ended = _one_call(platform, tmp_path, "end", fresh, "--yes", "--json")

    assert [result["outcome"] for result in ended["results"]] == ["proved-gone"]
    assert platform.effects()["ended"][mine["session_id"]] == 1
    assert not (tmp_path / "console.db").exists()


def test_the_same_commands_on_a_django_allauth_server(home: Home) -> None:
    with AllauthServer() as server:
        phone = server.login_as_client(
            "Mozilla/5.0 (Windows NT 10.0; rv:157.0) Firefox/157.0", "203.0.113.77"
        )
        who = ("--url", server.url, "--username", server.username, "--password-stdin")
        signed_in = home.run("sign-in", *who, stdin=f"{server.password}\n{server.totp_code()}\n")
        assert signed_in.code == 0, signed_in.err

        sessions = home.run("list", "--json").json["sessions"]
        (stranger,) = [each for each in sessions if each["ip"] == "203.0.113.77"]
        assert stranger["place"] is None
        assert stranger["device"]["browser"] == "Firefox"
        assert [each["is_current"] for each in sessions].count(True) == 1

        ended = home.run("end", stranger["id"], "--yes", "--json")
        assert (ended.code, ended.outcomes) == (0, ["proved-gone"])
        assert phone.status() == 410
        assert home.run("end", "--others", "--yes", "--json").json == {"results": []}
        assert home.run("sign-out").code == 0


def _one_call(platform: DemoServer, home: Path, *argv: str) -> Any:
    who = ("--url", platform.url, "--username", platform.username, "--password-stdin")
    ran = subprocess.run(
        [sys.executable, "-m", "sessionconsole", *argv, *who, "--otp", platform.totp_code()],
        input=f"{platform.password}\n",
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "SESSIONCONSOLE_HOME": str(home), "PYTHONPATH": str(ROOT / "src")},
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def _alarms(session: dict[str, Any]) -> bool:
    return bool(session["assessment"]["level"] == "alarm")


def _private(folder: Path) -> None:
    if sys.platform == "win32":
        return
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path.name} {mode:o}"
