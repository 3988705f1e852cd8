"""Each command as a process of its own, kept together by GNOME Keyring and the store alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.private_keyring import private_keyring
from tests.servers import STILL, DemoServer


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with private_keyring(tmp_path) as found:
        yield found


@pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")
def test_signed_in_once_every_later_command_knows_who_we_are(environment: dict[str, str]) -> None:
    def command(*argv: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sessionconsole", *argv],
            input=typed,
            check=False,
            capture_output=True,
            text=True,
            timeout=30,
            env=environment,
        )

    with DemoServer(*STILL) as platform:
        who = ("--url", platform.url, "--username", platform.username, "--password-stdin")
        signed_in = command("sign-in", *who, typed=f"{platform.password}\n{platform.totp_code()}\n")
        assert signed_in.returncode == 0, signed_in.stderr

        listed = command("list", "--json")
        assert listed.returncode == 0, listed.stderr
        assert listed.stderr == ""
        handle = next(s["id"] for s in json.loads(listed.stdout)["sessions"] if not s["is_current"])

        ended = command("end", handle, "--yes", "--json")
        assert [result["outcome"] for result in json.loads(ended.stdout)["results"]] == ["proved-gone"]
        assert sum(platform.effects()["ended"].values()) == 1

        found = json.loads(command("doctor", "--json").stdout)
        assert found["keyring"] == {"back_end": "Secret Service (GNOME Keyring or alike)", "usable": True}
        assert found["encryption"]["store_is_encrypted"] is True
        assert found["problems"] == []

    stored = command("list", "--json", "--offline")
    assert stored.returncode == 0, stored.stderr
    assert handle not in [s["id"] for s in json.loads(stored.stdout)["sessions"]]

    assert command("forget", "--all", "--yes").returncode == 0
    assert not Path(environment["SESSIONCONSOLE_HOME"]).exists()
    assert command("list", "--offline").returncode == 1
