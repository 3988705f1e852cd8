"""`connector try` on real servers: it signs in twice, ends its own second session, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.allauth_server import AllauthServer
from tests.real_servers.better_auth_server import BetterAuthServer
from tests.real_servers.jupyterhub_server import JupyterHubServer
from tests.real_servers.synapse_server import SynapseServer
from tests.servers import STILL, DemoServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds


def tried(home: Path, connector: str, url: str, username: str, *secrets: str) -> str:
    """What it printed; AssertionError where it found anything wrong."""
    words = ["connector", "try", connector, "--url", url, "--username", username, "--password-stdin"]
    done = subprocess.run(
        [sys.executable, "-m", "sessionconsole", *words, "--end-own-test-session"],
        input="".join(f"{secret}\n" for secret in secrets),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "SESSIONCONSOLE_HOME": str(home)},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is wrong with it" in done.stdout + done.stderr
    assert "The credential of the ended session was refused after 0 s." in done.stdout
    for secret in secrets:
        assert secret not in done.stdout + done.stderr
    return done.stdout


def test_django_allauth_with_a_code_for_each_sign_in(tmp_path: Path) -> None:
    with AllauthServer(rate_limits=False) as server:
        codes = [server.totp_code(), server.totp_code()]

        said = tried(tmp_path, "django-allauth", server.url, server.username, server.password, *codes)

        assert "-> second-factor" in said
        assert server.sessions_in_database() == []


def test_better_auth_with_a_code_for_each_sign_in(tmp_path: Path) -> None:
    with BetterAuthServer() as server:
        manager = server.manager
        codes = [manager.recovery_code(), manager.recovery_code()]

        said = tried(tmp_path, "better-auth", server.url, manager.email, manager.password, *codes)

        assert "took token = •••" in said
        assert server.count_sessions(manager) == 0


def test_synapse_which_asks_for_the_password_before_it_ends(tmp_path: Path) -> None:
    with SynapseServer() as server:
        desk = server.sign_in_device("Front desk")

        said = tried(tmp_path, "synapse", server.url, server.kim.username, server.kim.password)

        assert "-> reauthenticate" in said
        assert [device["display_name"] for device in server.sessions(desk)] == ["Front desk"]


def test_jupyterhub_whose_403_means_dead(tmp_path: Path) -> None:
    with JupyterHubServer() as server:
        desk = server.sign_in_device("Front desk")

        said = tried(tmp_path, "jupyterhub", server.url, "kim", server.password)

        assert "-> reauthenticate-or-dead" in said
        assert [token["note"] for token in server.sessions(desk)] == ["Front desk"]


TUTORIAL = str(ROOT / "docs" / "harbour.toml")


def test_the_example_of_the_tutorial(tmp_path: Path) -> None:
    with DemoServer(*STILL) as server:
        said = tried(tmp_path, TUTORIAL, server.url, "graham.pell", "tides-and-timetables")

        assert "ok: This program's own session is told apart." in said


def test_the_example_of_the_tutorial_with_codes_at_the_sign_in_and_before_the_end(tmp_path: Path) -> None:
    with DemoServer("--reauth-after", "1", "--latency", "300") as server:
        saved = server.ask("GET", "/demo/recovery-codes")["recovery_codes"]
        codes = [*saved[:2], server.totp_code()]

        said = tried(tmp_path, TUTORIAL, server.url, server.username, server.password, *codes)

        assert "-> reauthenticate" in said
