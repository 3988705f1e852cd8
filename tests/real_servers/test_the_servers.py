"""Each real server signs devices in, ends one by its own interface, and refuses its credential from then on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.real_servers.better_auth_server import BetterAuthServer
from tests.real_servers.jupyterhub_server import JupyterHubServer
from tests.real_servers.synapse_server import SynapseServer

HERE = Path(__file__).parent
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"


@pytest.mark.slow
def test_better_auth_refuses_a_device_that_was_ended() -> None:
    with BetterAuthServer() as server:
        laptop = server.sign_in_device(LAPTOP, "198.51.100.23")
        phone = server.sign_in_device(PHONE, "192.0.2.144")
        listed = {session["token"]: session for session in server.sessions(laptop)}
        assert set(listed) == {laptop.session, phone.session}
        assert listed[phone.session]["userAgent"] == PHONE
        assert listed[phone.session]["ipAddress"] == "192.0.2.144"
        assert phone.works()

        answer = server.end(laptop, phone.session)

        assert (answer.status, answer.body) == (200, {"status": True})
        assert not phone.works()
        assert laptop.works()


@pytest.mark.slow
def test_better_auth_can_be_strict() -> None:
    with BetterAuthServer(fresh_age=1, cookie_cache=20, rate_limits=True) as server:
        laptop = server.sign_in_device(LAPTOP, person=server.clerk)
        wrong = {"email": server.clerk.email, "password": "wrong"}

        refused = [server.ask("POST", "sign-in/email", wrong).status for _ in range(4)]

        assert refused == [401, 401, 401, 429]
        assert laptop.works()


@pytest.mark.slow
def test_synapse_refuses_a_device_that_was_ended() -> None:
    with SynapseServer() as server:
        laptop = server.sign_in_device(LAPTOP)
        phone = server.sign_in_device("Pixel 8")
        listed = {session["device_id"]: session for session in server.sessions(laptop)}
        assert set(listed) == {laptop.session, phone.session}
        assert listed[phone.session]["display_name"] == "Pixel 8"
        assert phone.works()

        answer = server.end(laptop, phone.session)

        assert answer.status == 200
        assert not phone.works()
        assert laptop.works()


@pytest.mark.slow
def test_jupyterhub_refuses_a_device_that_was_ended() -> None:
    with JupyterHubServer() as server:
        laptop = server.sign_in_device(LAPTOP)
        phone = server.sign_in_device(PHONE)
        listed = {session["id"]: session for session in server.sessions(laptop)}
        assert set(listed) == {laptop.session, phone.session}
        assert listed[phone.session]["note"] == PHONE
        assert phone.works()

        answer = server.end(laptop, phone.session)

        assert answer.status == 204
        assert not phone.works()
        assert laptop.works()


@pytest.mark.parametrize(
    "lock", sorted(HERE.glob("*_site/requirements.lock")), ids=lambda lock: lock.parent.name
)
def test_the_locks_of_the_servers_are_hashed_and_name_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if "==" in line.split(" ;")[0]]

    assert pinned
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_lock_of_the_npm_packages_is_hashed_and_names_no_registry() -> None:
    lock = json.loads((HERE / "better_auth_site" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    addresses = re.findall(r"https?://([^/\"]+)", json.dumps(packages))
    assert not [host for host in addresses if "registry" in host or "npm" in host]
